"""One line for each measurement: what, how many, ours, what stands beside it, the ratio, the goal.

Figures are medians over the runs. The ratio is the median of the runs' own ratios: what stands beside ours was
measured in the same turn, a moment before, so that a busy minute of the machine counts on both sides.
"""

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


def in_turns(runs: int, *works: Callable[[], float], warm: bool = True) -> list[list[float]]:
    """Do one work after the other, as many times as there are runs; give each work's figures.

    warm: a round before them is not counted. It fills the caches, and after its checkpoint touches the pages for
    the first time, which PostgreSQL then writes into the log whole: a county's day is hardly ever just after one.
    """
    _write_out()
    rounds = [[work() for work in works] for _ in range(runs + warm)]
    return [list(figures) for figures in zip(*rounds[warm:], strict=True)]


def rates(
    what: str,
    size: str,
    *,
    ours: Sequence[float],
    beside: Sequence[float],
    name: str = "bare",
    goal: float | None = None,
    rest: Sequence[str] = (),
) -> None:
    """Print how many a second. goal: the least that ours must be of the other. rest: more to say."""
    ratio = ratio_of(ours, beside)
    verdicts = [] if goal is None else [at_least(goal, ratio)]
    line(what, size, f"{median(ours):,.0f}/s", name, f"{median(beside):,.0f}/s", ratio, *verdicts, *rest)


def times(
    what: str,
    size: str,
    *,
    ours: Sequence[float],
    beside: Sequence[float],
    lines: int,
    goal: float | None = None,
    seconds: float | None = None,
    rest: Sequence[str] = (),
) -> None:
    """Print how many seconds it takes, in all and for each of the lines.

    goal: the most that ours may be of the other. seconds: the most that it may take. rest: more to say.
    """
    mine, ratio = median(ours), ratio_of(ours, beside)
    verdicts = [] if goal is None else [at_most(goal, ratio)]
    verdicts += [] if seconds is None else [at_most(seconds, mine, " s")]
    each = f"{mine / lines * 1e6:,.1f} us a line"
    line(what, size, f"{mine:,.3f} s", "bare", f"{median(beside):,.3f} s", ratio, each, *verdicts, *rest)


def waits(
    what: str, size: str, *, ours: Sequence[float], beside: Sequence[float], goal: float | None = None
) -> None:
    """Print 99th percentiles in milliseconds. goal: the most that ours may be."""
    mine, raw = median(ours), median(beside)
    verdicts = [] if goal is None else [at_most(goal, mine, " ms")]
    line(what, size, f"{mine:,.1f} ms", "bare", f"{raw:,.1f} ms", ratio_of(ours, beside), *verdicts)


def line(what: str, size: str, ours: str, name: str, beside: str, ratio: float, *rest: str) -> None:
    """Print one line. name: of what stands beside ours."""
    told = "   ".join([f"{ratio:.2f} x {name}", *rest])
    print(f"{what:<40} {size:<46} {ours:>10}   {name:>6} {beside:>10}   {told}", flush=True)


def ratio_of(ours: Sequence[float], beside: Sequence[float]) -> float:
    """Give the median of the ratios turn by turn."""
    return statistics.median(mine / other for mine, other in zip(ours, beside, strict=True))


def at_least(goal: float, figure: float, unit: str = "") -> str:
    """Tell whether a figure is high enough."""
    return f"goal >= {goal:g}{unit}: {'met' if figure >= goal else 'missed'}"


def at_most(goal: float, figure: float, unit: str = "") -> str:
    """Tell whether a figure is low enough."""
    return f"goal <= {goal:g}{unit}: {'met' if figure <= goal else 'missed'}"


def calm(*tables: str) -> None:
    """Sweep the tables, so that no run pays for the one before it."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


def _write_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def timed(work: Callable[Asked, object], *args: Asked.args, **kwargs: Asked.kwargs) -> float:
    """Give how many seconds a call takes."""
    begun = time.perf_counter()
    work(*args, **kwargs)
    return time.perf_counter() - begun


def median(figures: Sequence[float]) -> float:
    """Give the figure in the middle."""
    return statistics.median(figures)
