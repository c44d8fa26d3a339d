"""Tills that call the Python operation: as many processes as cores, the tills shared out among them as threads.

Nothing here imports the product before Django is set up, which each process does for itself.
"""

import multiprocessing
import os
import random
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

PATIENCE = 120  # seconds until all processes have read their modules


class Counter(NamedTuple):
    """Where the tills stand: holders' ids from `first` to `last` pay into the pool."""

    schema: str
    first: int
    last: int
    pool: int


def python_rate(counter: Counter, *, tills: int, seconds: int) -> float:
    """Give how many spends a second all tills make together."""
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

    from xiangyue.kernel import clock
    from xiangyue.kernel.actors import Actor
    from xiangyue.ledger.models import Cause
    from xiangyue.ledger.operations.batches import Posting
    from xiangyue.ledger.operations.spending import spend

    def sell() -> None:
        spend(
            posting=Posting(f"order:{secrets.token_hex(8)}", Cause.ORDER, 1, Actor.user(1), clock.today()),
            holder_id=random.randint(counter.first, counter.last),
            pool_id=counter.pool,
            amount=random.randint(1, 100),
        )

    sold = 0
    with schema_context(counter.schema):
        sell()  # connects
        barrier.wait(PATIENCE)
        closing = time.monotonic() + seconds
        while time.monotonic() < closing:
            sell()
            sold += 1
    connection.close()
    return sold
