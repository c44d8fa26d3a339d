"""Two requests that meet: the first stops in the middle of its transaction until the second is done, or waits."""

import contextvars
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context

from xiangyue.tenancy.schemas import current_schema

Work = Callable[[], Any]
PATIENCE = 60  # seconds, after which a test that hangs fails


class Never(Exception):  # noqa: N818 - it stands for an exception that nobody raises
    pass


class Pause:
    """A place where the first to come stops until it is let go; those behind pass."""

    def __init__(self) -> None:
        self.reached, self.let_go = Event(), Event()

    def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.let_go.wait(PATIENCE)


def after(step: Callable[..., Any], pause: Pause) -> Callable[..., Any]:
    """Give the step with a pause behind it."""

    def paused(*args: Any, **facts: Any) -> Any:
        result = step(*args, **facts)
        pause()
        return result

    return paused


class Request(Thread):
    """Work in a thread of its own, in the county and at the time of the thread that makes it.

    outcome: what the work gave, or what it raised.
    """

    def __init__(self, work: Work) -> None:
        super().__init__(daemon=True)
        self.schema, self.work, self.clock = current_schema(), work, contextvars.copy_context()
        self.outcome: Any = None
        self.backend = 0
        self.connected = Event()

    def run(self) -> None:
        self.clock.run(self._work)

    def _work(self) -> None:
        try:
            with schema_context(self.schema):
                connection.ensure_connection()
                assert connection.connection is not None
                self.backend = connection.connection.info.backend_pid
                self.connected.set()
                self.outcome = self.work()
        except Exception as raised:
            self.outcome = raised
        finally:
            connection.close()

    def waits(self) -> bool:
        """Tell whether the database makes it wait for somebody's lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.backend])
            return bool(cursor.fetchone()[0])


def meet(first: Work, second: Work, pause: Pause) -> tuple[Any, Any]:
    """Run the first up to its pause, then the second to its end or until it waits for the first; then both to the end.

    Gives their outcomes: what each gave, or the exception that it raised.
    """
    one, two = Request(first), Request(second)
    one.start()
    assert pause.reached.wait(PATIENCE), one.outcome
    two.start()
    assert two.connected.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while two.is_alive() and not two.waits():
        assert time.monotonic() < until
        two.join(0.01)
    pause.let_go.set()
    for request in (one, two):
        request.join(PATIENCE)
        assert not request.is_alive()
    return one.outcome, two.outcome
