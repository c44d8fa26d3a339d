"""The databases of the tests: what many need is made once for the whole run, and what they work in is a copy of it.

A founding takes seconds, nearly all of them Django's, which draws its models anew for each step of each migration; a
copy of a whole database takes a tenth of one. It is PostgreSQL's own copy of the files, so nothing of a county is
lost in it. What a county keeps outside the database, its key and its files, is copied along.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from tests.cast import TODAY, found
from xiangyue.kernel import clock
from xiangyue.tenancy import embedded
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.upgrades import upgrade_shared

EMPTY = "empty"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
MAKING = 1  # advisory lock: one worker makes what all copy, the others wait for it
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A database, and the home that belongs to it."""

    name: str
    home: Path


@dataclass(frozen=True)
class Pattern:
    """What places are copied from. make: turns a copy of the base, or a new database, into it."""

    name: str
    make: Callable[[], object]
    base: "Pattern | None" = None

    @property
    def home(self) -> Path:
        return Path(os.environ["XIANGYUE_HOME"], self.name)


def _found_empty() -> None:
    with clock.as_of(TODAY):
        found(EMPTY)


SHARED = Pattern("tests_shared", upgrade_shared)
FOUNDED = Pattern("tests_founded", _found_empty, SHARED)


def make_own() -> None:
    """Make this worker's own database, without any county, and work there from now on."""
    own = Place(f"tests_{WORKER}", Path(str(settings.HOME)))
    with _server() as server:
        _require(SHARED, server)
        _copy(SHARED, own, server)
    _go_to(own)


@contextmanager
def copied() -> Iterator[Place]:
    """Make a database with an empty county, for what has to be committed, and drop it at the end."""
    name = f"tests_{WORKER}_{next(_numbers)}"
    place = Place(name, Path(str(settings.HOME), name))
    with _server() as server:
        _require(FOUNDED, server)
        _copy(FOUNDED, place, server)
    try:
        yield place
    finally:
        with _server() as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(place.name)))
        shutil.rmtree(place.home)


@contextmanager
def inside(place: Place) -> Iterator[Jurisdiction]:
    """Work in a place's empty county. Threads that begin meanwhile find themselves in the same database."""
    with _working_in(place):
        county = Jurisdiction.objects.get(slug=EMPTY)
        with schema_context(county.schema_name):
            yield county


@contextmanager
def _working_in(place: Place) -> Iterator[None]:
    before = Place(connection.settings_dict["NAME"], Path(str(settings.HOME)))
    _go_to(place)
    try:
        yield
    finally:
        _go_to(before)


def _go_to(place: Place) -> None:
    connection.close()
    connection.settings_dict["NAME"] = place.name  # of all threads' connections
    settings.HOME = place.home


def _require(pattern: Pattern, server: psycopg.Connection[Any]) -> None:
    """Wait for a pattern, or make it: aside at first, so that it is there whole or not at all."""
    server.execute("SELECT pg_advisory_lock(%s)", [MAKING])
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    if not server.execute(known, [pattern.name]).fetchone():
        draft = Place(f"{pattern.name}_draft", pattern.home)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft.name)))
        shutil.rmtree(draft.home, ignore_errors=True)
        draft.home.mkdir()
        if pattern.base:
            _require(pattern.base, server)
            _copy(pattern.base, draft, server)
        else:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft.name)))
        with _working_in(draft):
            pattern.make()
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(rename.format(sql.Identifier(draft.name), sql.Identifier(pattern.name)))
    server.execute("SELECT pg_advisory_unlock(%s)", [MAKING])


def _copy(pattern: Pattern, place: Place, server: psycopg.Connection[Any]) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    server.execute(statement.format(sql.Identifier(place.name), sql.Identifier(pattern.name)))
    shutil.copytree(pattern.home, place.home, dirs_exist_ok=True)


def _server() -> psycopg.Connection[Any]:
    """Connect to the run's server, in no database of the tests."""
    dsn = embedded.locate().dsn()
    dsn["dbname"] = "postgres"
    return psycopg.connect(**dsn, autocommit=True)
