"""Work done at the same time, in threads with connections of their own, each committing for real."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, Thread
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

from django.db import connection
from django_tenants.utils import schema_context

from tests.cast import TODAY
from tests.database import copied, inside
from xiangyue.kernel import clock
from xiangyue.tenancy.models import Jurisdiction

T = TypeVar("T")
PATIENCE = 60  # seconds; only a hung test waits so long


@contextmanager
def arena(django_db_blocker: Any) -> Iterator[Jurisdiction]:
    """Inside a county with real commits, in a database of its own."""
    with django_db_blocker.unblock(), clock.as_of(TODAY), copied() as place, inside(place) as county:
        yield county


class Worker(Thread, Generic[T]):
    """Does one thing in a county, on a connection of its own. What it raises is kept for whoever asks."""

    def __init__(self, county: Jurisdiction, work: Callable[[], T], start_together: Barrier | None = None):
        super().__init__(daemon=True)
        self._county, self._work, self._together = county, work, start_together or Barrier(1)
        self.backend = 0
        self._error: Exception | None = None
        self._result: list[T] = []

    def run(self) -> None:
        try:
            # A thread begins with the machine's clock, and outside any county.
            with clock.as_of(TODAY), schema_context(self._county.schema_name):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.backend = cursor.fetchone()[0]
                self._together.wait(PATIENCE)
                self._result.append(self._work())
        except Exception as error:  # it is handed to the test
            self._error = error
        finally:
            connection.close()

    def outcome(self) -> T:
        """Wait for the end; give the result, or raise what the work raised."""
        self.join(PATIENCE)
        assert not self.is_alive(), "still working"
        if self._error:
            raise self._error
        return self._result[0]

    def is_blocked_by(self, holder: int) -> bool:
        """Wait until this worker waits for another backend's lock (True) or has ended (False)."""
        return self._waits(lambda blocking: holder in blocking)

    def is_blocked(self) -> bool:
        """Wait until this worker waits for anybody's lock (True) or has ended (False)."""
        return self._waits(lambda blocking: bool(blocking))

    def _waits(self, for_whom: Callable[[list[int]], bool]) -> bool:
        deadline = monotonic() + PATIENCE
        while self.is_alive() and monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_blocking_pids(%s)", [self.backend])
                if for_whom(cursor.fetchone()[0]):
                    return True
            sleep(0.01)
        assert not self.is_alive(), "neither blocked nor done"
        return False


def at_once(county: Jurisdiction, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do all of this at the same time; give the results, or what was raised instead, in the same order."""
    together = Barrier(len(works))
    workers = [Worker(county, work, together) for work in works]
    for worker in workers:
        worker.start()
    return [_tried(worker.outcome) for worker in workers]


@contextmanager
def after(fragment: str, meanwhile: Callable[[], object]) -> Iterator[None]:
    """Let something happen once: right after the first statement of this connection that has the fragment in it."""
    happened: list[bool] = []

    def stop(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if fragment in sql and not happened:
            happened.append(True)
            meanwhile()
        return result

    with connection.execute_wrapper(stop):
        yield
    assert happened, f"nothing was executed with {fragment!r}"


def in_the_middle(
    county: Jurisdiction,
    first: Callable[[], object],
    fragment: str,
    second: Callable[[], object],
    *,
    waits: bool,
) -> tuple[Any, Any]:
    """Do one thing here and, right after its statement with the fragment, another in a thread.

    waits: whether the other is expected to wait until the first is done; else it ends before the first goes on.
    Gives what either gave, or raised.
    """
    worker, holder = Worker(county, second), backend()

    def come_in() -> None:
        worker.start()
        assert worker.is_blocked_by(holder) == waits

    with after(fragment, come_in):
        done = _tried(first)
    return done, _tried(worker.outcome)


def _tried(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # it is handed to the test
        return error


def backend() -> int:
    """Give the number of this connection's backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def kinds(outcomes: Sequence[object]) -> Counter[str]:
    """Count outcomes by the names of their classes."""
    return Counter(type(outcome).__name__ for outcome in outcomes)
