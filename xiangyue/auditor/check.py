"""One thing that must hold, and how its rows are read: a few thousand at a time, so that the memory stays flat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise

from xiangyue.kernel import clock

CHUNK = 5000  # rows in memory

Found = tuple[str, str, int, str]  # code, subject, id, detail


@dataclass(frozen=True)
class Check:
    """One thing that must hold.

    query: gives (subject, id, detail) for each row that breaks it; it may name %(now)s and %(today)s. A transfer
    goes by its batch's id, a seal by its number.
    """

    code: str
    meaning: str | Promise
    query: str

    def rows(self) -> Iterator[tuple[str, int, str]]:
        """Give what breaks it."""
        yield from stream(self.query, {"now": clock.now(), "today": clock.today()})


def stream(query: str, values: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """Give a query's rows from a cursor of the server's."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while found := cursor.fetchmany(CHUNK):
            yield from found
