"""Taking out a county's whole data: every table as CSV in one ZIP, described, with phone numbers in clear.

Against a bare COPY of the same tables into a file each: nothing compressed, opened or described.
"""

import tempfile
from pathlib import Path

from django.db import connection

from bench import report
from bench.county import County
from bench.scale import Scale
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Resident
from xiangyue.people.private import keys
from xiangyue.setup.export import export_county, exported_models
from xiangyue.tenancy.models import Jurisdiction

SECONDS = 60  # that a county may take

PHONES = """
    UPDATE people_resident SET phone = given.phone
    FROM unnest(%s::bigint[], %s::bytea[]) AS given (id, phone) WHERE people_resident.id = given.id
"""


def measure(county: County, scale: Scale) -> None:
    """Print how long an export takes."""
    jurisdiction = Jurisdiction.objects.get(schema_name=county.schema)
    _give_phones()
    tables = [model._meta.db_table for model in exported_models()]
    with tempfile.TemporaryDirectory() as folder:
        target, bare = Path(folder, "county.zip"), Path(folder, "table.csv")

        def ours() -> float:
            target.unlink(missing_ok=True)
            return report.timed(export_county, actor=SYSTEM, jurisdiction=jurisdiction, target=target)

        mine, raw = report.in_turns(scale.runs, ours, lambda: report.timed(_copy, tables, bare))
        target.unlink()
        rows = sum(export_county(actor=SYSTEM, jurisdiction=jurisdiction, target=target).rows.values())
    report.times("export", f"{county}, {rows:,} rows", ours=mine, beside=raw, lines=rows, seconds=SECONDS)


def _give_phones() -> None:
    """Everybody has one, so that every row has something to be opened."""
    own = keys()
    ids = list(Resident.objects.filter(phone=None).values_list("id", flat=True))
    sealed = [own.seal(f"199{place:08d}") for place in range(len(ids))]
    with connection.cursor() as cursor:
        cursor.execute(PHONES, [ids, sealed])
    report.calm("people_resident")


def _copy(tables: list[str], bare: Path) -> None:
    for table in tables:
        with (
            connection.cursor() as cursor,
            bare.open("wb") as file,
            cursor.copy(f"COPY {table} TO STDOUT") as rows,
        ):
            for row in rows:
                file.write(row)
