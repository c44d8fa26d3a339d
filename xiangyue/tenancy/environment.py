"""What the environment says: where data lies, which database, which secrets. Settings are made from it alone."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url

from xiangyue.tenancy import embedded

TENANT_ENGINE = "django_tenants.postgresql_backend"


def data_home() -> Path:
    """Give the folder for everything that is not in the database: files, backups, the embedded server."""
    return embedded.locate().home


def uses_embedded_database() -> bool:
    """Tell whether we run our own PostgreSQL: whenever DATABASE_URL does not name another."""
    return not os.environ.get("DATABASE_URL")


def database() -> dict[str, Any]:
    """Give Django's entry for the one database, without starting or asking anything."""
    if not uses_embedded_database():
        named = dj_database_url.parse(os.environ["DATABASE_URL"], engine=TENANT_ENGINE)
        return {**named, "ATOMIC_REQUESTS": False}
    dsn = embedded.locate().dsn()
    return {
        "ENGINE": TENANT_ENGINE,
        "HOST": dsn["host"],
        "PORT": dsn["port"],
        "USER": dsn["user"],
        "PASSWORD": dsn["password"],
        "NAME": dsn["dbname"],
    }


def secret_key() -> str:
    """Give the signing key: XIANGYUE_SECRET_KEY, or one made at the first start and kept beside the data."""
    named = os.environ.get("XIANGYUE_SECRET_KEY")
    if named:
        return named
    kept = data_home() / "secret-key"
    try:
        return kept.read_text()
    except FileNotFoundError:
        kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same first start was quicker
        return kept.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return kept.read_text()


def flag(name: str) -> bool:
    """Tell whether a switch is on in the environment."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}
