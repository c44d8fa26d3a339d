"""Small catalogues for tests, written as a village writes them."""

import csv
import io
from datetime import date
from pathlib import Path

from xiangyue.catalogue.codec import scheme_to_json
from xiangyue.catalogue.models import Catalogue
from xiangyue.catalogue.operations.deliberating import Count, record_vote
from xiangyue.catalogue.operations.enacting import enact
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit

LUOYU = Path("docs/month/catalogue.csv")
LAWFUL = {"依据": "村规民约第三条（2026年3月5日村民会议通过）", "期限": "1年", "修复": "改正后满3个月可申请"}


def sheet(*rows: dict[str, str]) -> bytes:
    """Write rows given by header as a CSV file."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def imported(
    actor: Actor, unit: Unit, content: bytes, *, name: str = "细则.csv", is_local: bool = False
) -> Catalogue:
    """Import a file as a draft."""
    report = import_catalogue(actor=actor, unit_id=unit.pk, content=content, name=name, is_local=is_local)
    assert report.catalogue_id is not None
    return Catalogue.objects.get(pk=report.catalogue_id)


def drafted(
    actor: Actor, unit: Unit, *rows: dict[str, str], name: str = "细则.csv", is_local: bool = False
) -> Catalogue:
    """Import rows as a draft."""
    content = sheet(*(rows or ({"指标": "扫雪", "分值": "5"},)))
    return imported(actor, unit, content, name=name, is_local=is_local)


def adopted(actor: Actor, catalogue: Catalogue) -> Catalogue:
    """Let a meeting vote for a draft."""
    count = Count(clock.today(), eligible=60, present=40, votes_for=38, votes_against=2)
    record_vote(actor=actor, catalogue_id=catalogue.pk, count=count, minutes=("记录.txt", "同意。".encode()))
    catalogue.refresh_from_db()
    return catalogue


def bounded(frame: Catalogue, bounds: LocalBounds) -> Catalogue:
    """Let a catalogue say what villages may add and change."""
    frame.scheme = scheme_to_json(Scheme(local=bounds))
    frame.save()
    return Catalogue.objects.get(pk=frame.pk)


def in_force(
    actor: Actor, unit: Unit, on: date, *rows: dict[str, str], name: str = "细则.csv", is_local: bool = False
) -> Catalogue:
    """Import rows, let a meeting vote for them, and put them in force."""
    draft = adopted(actor, drafted(actor, unit, *rows, name=name, is_local=is_local))
    return enact(actor=actor, catalogue_id=draft.pk, on=on)
