"""What the environment says: where data lies, which database, which secrets. Settings are made from it alone."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded.places import make_folder, reported_for, write_once
from xiangyue.tenancy.refusals import BadDatabaseUrl

TENANT_ENGINE = "django_tenants.postgresql_backend"
POSTGRESQL = {"postgresql", "postgres"}
# A request takes over its thread's connection, seen to be alive: opening one costs more than all that a page asks.
KEPT_OPEN = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # seconds


def data_home() -> Path:
    """Give the folder for everything that is not in the database: files, backups, the embedded server."""
    return embedded.locate().home


def uses_embedded_database() -> bool:
    """Tell whether we run our own PostgreSQL: whenever DATABASE_URL does not name another."""
    return not os.environ.get("DATABASE_URL")


def database() -> dict[str, Any]:
    """Give Django's entry for the one database, without starting or asking anything. Raises: BadDatabaseUrl."""
    if not uses_embedded_database():
        return {**_named_database(os.environ["DATABASE_URL"]), **KEPT_OPEN, "ATOMIC_REQUESTS": False}
    dsn = embedded.locate().dsn()
    return {
        "ENGINE": TENANT_ENGINE,
        "HOST": dsn["host"],
        "PORT": dsn["port"],
        "USER": dsn["user"],
        "PASSWORD": dsn["password"],
        "NAME": dsn["dbname"],
        **KEPT_OPEN,
    }


def secret_key() -> str:
    """Give the signing key: XIANGYUE_SECRET_KEY, or one made at the first start and kept beside the data.

    Raises: DataFolderUnwritable, DiskFull when it can be neither read nor made.
    """
    named = os.environ.get("XIANGYUE_SECRET_KEY")
    if named:
        return named
    kept = data_home() / "secret-key"
    with reported_for(kept):
        if not kept.exists():
            make_folder(kept.parent)
            write_once(kept, secrets.token_urlsafe(50))
        return kept.read_text()


def flag(name: str) -> bool:
    """Tell whether a switch is on in the environment."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _named_database(url: str) -> dict[str, Any]:
    try:
        if urlsplit(url).scheme not in POSTGRESQL:
            raise BadDatabaseUrl
        return {**dj_database_url.parse(url, engine=TENANT_ENGINE)}
    except ValueError:  # its words would name the password
        raise BadDatabaseUrl from None
