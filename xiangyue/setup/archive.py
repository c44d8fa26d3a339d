"""Archiving a county: every table as CSV in one ZIP, which a spreadsheet opens in fifty years, and its files."""

import json
import os
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from xiangyue import __version__
from xiangyue.kernel import clock
from xiangyue.records import storage
from xiangyue.tenancy.models import Jurisdiction

TABLES = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = %s ORDER BY tablename"


def default_archive(jurisdiction: Jurisdiction) -> Path:
    """Give the place of an archive that nobody chose a place for."""
    moment = clock.now().strftime("%Y%m%dT%H%M%SZ")
    return Path(settings.HOME) / "archives" / f"{jurisdiction.slug}-{moment}.zip"


def archive(jurisdiction: Jurisdiction, target: Path) -> None:
    """Write a county's tables and files to a ZIP. The file appears under its name only once it is whole.

    Call it inside a transaction. The tables are locked against writing until it ends: what is archived is of one
    moment, and the last one, if the county is removed in the same transaction.
    """
    tables = _tables(jurisdiction)
    with connection.cursor() as cursor:
        names = ", ".join(_name(jurisdiction, table) for table in tables)
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        unfinished.touch(mode=0o600)  # whoever reads it knows everybody in the county
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as pack:
            _fill(pack, jurisdiction, tables)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(pack: zipfile.ZipFile, jurisdiction: Jurisdiction, tables: list[str]) -> None:
    rows = {table: _write_table(pack, jurisdiction, table) for table in tables}
    for sha256 in storage.hashes_of(jurisdiction.schema_name):
        with storage.open_of(jurisdiction.schema_name, sha256) as file:
            pack.writestr(f"files/{sha256}", file.read())
    manifest = {
        "slug": jurisdiction.slug,
        "name": jurisdiction.name,
        "division": jurisdiction.division_code,
        "preset": jurisdiction.preset,
        "archived_at": clock.now().isoformat(),
        "version": __version__,
        "rows": rows,
    }
    pack.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))


def _tables(jurisdiction: Jurisdiction) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [jurisdiction.schema_name])
        return [name for (name,) in cursor.fetchall()]


def _write_table(pack: zipfile.ZipFile, jurisdiction: Jurisdiction, table: str) -> int:
    name = _name(jurisdiction, table)
    with (
        connection.cursor() as cursor,
        pack.open(f"tables/{table}.csv", "w", force_zip64=True) as file,
        cursor.copy(f"COPY {name} TO STDOUT (FORMAT csv, HEADER)") as rows,
    ):
        for block in rows:
            file.write(block)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 - both names are quoted
        return int(cursor.fetchone()[0])


def _name(jurisdiction: Jurisdiction, table: str) -> str:
    return f"{connection.ops.quote_name(jurisdiction.schema_name)}.{connection.ops.quote_name(table)}"
