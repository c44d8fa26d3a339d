"""Statements that a connection plans once, for pages that a whole county opens in one evening."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# By the driver's connection: which statements it knows.
_prepared: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


class Prepared:
    """A statement with named parameters, planned by each connection at its first use there.

    PostgreSQL itself plans it anew when tables have changed, and when the connection goes on in another schema.
    types: of the parameters, by name, as PostgreSQL calls them.
    """

    def __init__(self, name: str, statement: str, types: Mapping[str, str]) -> None:
        places = {parameter: f"${place}" for place, parameter in enumerate(types, 1)}
        self._name = name
        self._prepare = f"PREPARE {name} ({', '.join(types.values())}) AS {statement % places}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in types)})"

    def rows(self, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it; one query, and at its first use on a connection one more."""
        with connection.cursor() as cursor:
            known = _prepared.setdefault(connection.connection, set())
            if self._name not in known:
                cursor.execute(self._prepare)
                known.add(self._name)
            cursor.execute(self._execute, dict(facts))
            return list(cursor.fetchall())
