"""Small catalogues for tests, written as a village writes them."""

import csv
import io
from datetime import date
from pathlib import Path

from xiangyue.catalogue.models import Catalogue
from xiangyue.catalogue.operations import enact, import_catalogue
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit

LUOYU = Path("docs/month/catalogue.csv")
LAWFUL = {"依据": "村规民约第三条", "期限": "1年", "修复": "改正后满3个月可申请"}


def sheet(*rows: dict[str, str]) -> bytes:
    """Write rows given by header as a CSV file."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def imported(actor: Actor, unit: Unit, content: bytes, *, name: str = "细则.csv") -> Catalogue:
    """Import a file as a draft."""
    report = import_catalogue(actor=actor, unit_id=unit.pk, content=content, name=name)
    assert report.catalogue_id is not None
    return Catalogue.objects.get(pk=report.catalogue_id)


def drafted(actor: Actor, unit: Unit, *rows: dict[str, str], name: str = "细则.csv") -> Catalogue:
    """Import rows as a draft."""
    return imported(actor, unit, sheet(*(rows or ({"指标": "扫雪", "分值": "5"},))), name=name)


def in_force(actor: Actor, unit: Unit, on: date, *rows: dict[str, str], name: str = "细则.csv") -> Catalogue:
    """Import rows and put them in force."""
    return enact(actor=actor, catalogue_id=drafted(actor, unit, *rows, name=name).pk, on=on)
