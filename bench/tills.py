"""Tills that call a Python operation: as many processes as cores, the tills shared out among them as threads.

Nothing here imports the product before Django is set up, which each process does for itself.
"""

import importlib
import multiprocessing
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

PATIENCE = 120  # seconds until all processes have read their modules


class Span(NamedTuple):
    """Ids from first to last, without a gap."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def pick(self) -> int:
        return random.randint(self.first, self.last)


class Counter(NamedTuple):
    """Where the tills stand. measure: the module whose `ask` they call, for random holders and pools."""

    measure: str
    schema: str
    holders: Span
    pools: Span


def python_rate(counter: Counter, *, tills: int, seconds: int) -> float:
    """Give how many times a second all tills together are served."""
    context = multiprocessing.get_context("spawn")  # a fork would share our connection
    processes = os.cpu_count() or 1
    threads = tills // processes
    barrier = context.Barrier(processes * threads)
    counts: SimpleQueue[int] = context.SimpleQueue()
    running = [
        context.Process(target=_work, args=(counter, threads, seconds, barrier, counts))
        for _ in range(processes)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    if any(process.exitcode for process in running):
        raise RuntimeError("a till broke down")
    return sum(counts.get() for _ in running) / seconds


def _work(counter: Counter, threads: int, seconds: int, barrier: Barrier, counts: "SimpleQueue[int]") -> None:
    import django

    django.setup()
    with ThreadPoolExecutor(threads) as pool:
        tills = [pool.submit(_serve, counter, seconds, barrier) for _ in range(threads)]
        counts.put(sum(till.result() for till in tills))


def _serve(counter: Counter, seconds: int, barrier: Barrier) -> int:
    from django.db import connection
    from django_tenants.utils import schema_context

    ask = importlib.import_module(f"bench.{counter.measure}").ask
    served = 0
    with schema_context(counter.schema):
        ask(holder=counter.holders.pick(), pool=counter.pools.pick(), amount=1)  # connects
        barrier.wait(PATIENCE)
        closing = time.monotonic() + seconds
        while time.monotonic() < closing:
            ask(holder=counter.holders.pick(), pool=counter.pools.pick(), amount=random.randint(1, 100))
            served += 1
    connection.close()
    return served
