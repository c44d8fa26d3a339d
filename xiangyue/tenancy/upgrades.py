"""Bringing tables up to date: those that all counties share, then each county's."""

from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import get_public_schema_name, schema_context, schema_exists

from xiangyue.tenancy.models import Jurisdiction


def upgrade_shared() -> None:
    """Bring the tables that all counties share up to date; on a new database, make them."""
    call_command("migrate_schemas", shared=True, verbosity=0, interactive=False)


def upgrade_all() -> Iterator[str]:
    """Bring everything up to date, a schema in a transaction of its own; gives each schema's name when it is done."""
    upgrade_shared()
    yield get_public_schema_name()
    for schema in Jurisdiction.objects.values_list("schema_name", flat=True):
        call_command("migrate_schemas", tenant=True, schema_name=schema, verbosity=0, interactive=False)
        yield schema


def behind() -> list[str]:
    """Give the schemas that have migrations to come."""
    public = get_public_schema_name()
    schemas = [public]
    if _is_behind(public):  # then the list of jurisdictions may not be there yet
        return schemas
    schemas += Jurisdiction.objects.values_list("schema_name", flat=True)
    return [schema for schema in schemas if not schema_exists(schema) or _is_behind(schema)]


def _is_behind(schema: str) -> bool:
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
