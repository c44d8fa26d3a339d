"""One line for each measurement: what, how many, ours, bare, ratio."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import ParamSpec

from django.db import connection

Asked = ParamSpec("Asked")


def facts() -> str:
    """Name the machine: its cores, memory and load, and the server's version and its slower commits."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = "/".join(f"{figure:.1f}" for figure in os.getloadavg())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('commit_delay')::int / 1000"
        )
        version, delay = cursor.fetchone()
    slower = f", {delay} ms more for each commit" if delay else ""
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB memory, PostgreSQL {version}{slower}, load average {load}"
    )


def rates(what: str, size: str, *, ours: Sequence[float], bare: Sequence[float]) -> None:
    """Print how many a second, ours as a part of the bare database's; more is better."""
    mine, raw = statistics.median(ours), statistics.median(bare)
    _print(what, size, f"{mine:,.0f}/s", f"{raw:,.0f}/s", f"{mine / raw:.2f} of bare")


def times(what: str, size: str, *, ours: Sequence[float], bare: Sequence[float], lines: int) -> None:
    """Print how many seconds it takes, in all and for each of the lines, ours as a multiple of bare."""
    mine, raw = statistics.median(ours), statistics.median(bare)
    _print(
        what,
        size,
        f"{mine:,.3f} s",
        f"{raw:,.3f} s",
        f"{mine / raw:.2f} x bare",
        f"{mine / lines * 1e6:,.0f} us a line",
    )


def waits(what: str, size: str, *, ours: Sequence[float], bare: Sequence[float]) -> None:
    """Print 99th percentiles in milliseconds, ours as a multiple of bare."""
    mine, raw = statistics.median(ours), statistics.median(bare)
    _print(what, size, f"{mine:,.1f} ms", f"{raw:,.1f} ms", f"{mine / raw:.2f} x bare")


def calm(*tables: str) -> None:
    """Sweep the tables and write everything out, so that no run pays for the one before it."""
    with connection.cursor() as cursor:
        if tables:
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
        cursor.execute("CHECKPOINT")


def timed(work: Callable[Asked, object], *args: Asked.args, **kwargs: Asked.kwargs) -> float:
    """Give how many seconds a call takes."""
    begun = time.perf_counter()
    work(*args, **kwargs)
    return time.perf_counter() - begun


def _print(what: str, size: str, ours: str, bare: str, *rest: str) -> None:
    print(f"{what:<46} {size:<38} {ours:>12}   bare {bare:>12}   {'   '.join(rest)}", flush=True)
