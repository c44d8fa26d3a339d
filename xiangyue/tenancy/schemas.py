"""Which county this connection works for. The one place that touches what django-tenants adds to a connection."""

from typing import Any, cast

from django.db import connection

from xiangyue.tenancy.models import Jurisdiction

_tenants = cast("Any", connection)


def current_schema() -> str:
    """Give the schema that is entered; everything that is kept outside the database carries its name."""
    return str(_tenants.schema_name)


def enter(jurisdiction: Jurisdiction) -> None:
    """Work for a jurisdiction from now on."""
    _tenants.set_tenant(jurisdiction)


def leave() -> None:
    """Work for no jurisdiction, in `public`."""
    _tenants.set_schema_to_public()
