"""Several jurisdictions of the demo at the same time, each in a process of its own.

A process begins here before Django is set up, so that nothing of it is imported at the top.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from typing import Final

PAUSE: Final = 0.2  # seconds between two looks at how far they are

_steps: "SynchronizedArray[int] | None" = None  # done of each jurisdiction; shared between the processes


def live_apart(
    slugs: Sequence[str], seed: int, today: date, processes: int, advance: Callable[[int], None]
) -> None:
    """Let people settle and live in founded jurisdictions (`loading.live_in`), several at the same time.

    advance: told how many steps are done in all. What one of them raises is raised here, after the others are done.
    """
    context = get_context("spawn")  # a fork would share the parent's connection to the database
    steps = context.Array("i", len(slugs))
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(steps,)) as pool:
        futures: list[Future[None]] = [
            pool.submit(_live, place, slug, seed, today) for place, slug in enumerate(slugs)
        ]
        while not all(future.done() for future in futures):
            time.sleep(PAUSE)
            advance(sum(steps[:]))
    for future in futures:
        future.result()


def _begin(steps: "SynchronizedArray[int]") -> None:
    global _steps
    _steps = steps
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.config.settings")
    import django

    django.setup()


def _live(place: int, slug: str, seed: int, today: date) -> None:
    from xiangyue.setup.demo.loading import live_in
    from xiangyue.setup.demo.places import PLACES

    def advance(step: int) -> None:
        assert _steps is not None  # `_begin` came first
        _steps[place] = step

    live_in(PLACES[slug], seed, today, advance)
