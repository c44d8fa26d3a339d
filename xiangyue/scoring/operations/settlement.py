"""Settlement: posting a notice to the ledger once nobody may object any more (入账).

Part by part, each in a transaction of its own: a run that is killed leaves whole parts, and the next run goes on.
A part is claimed by its settlement row, which is unique: two runs at once can't post it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import AccountKind, Batch, Cause, Seal
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Household, Joining, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import require_admitted
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import HeldLine, NoticeLine, NoticeSheet, Settlement
from xiangyue.scoring.queries import due_parts, held_back, released_lines


@dataclass
class SettlementReport:
    """What a run posted. lines, points: of this run; held: lines left out since an objection to them is open."""

    parts: int = 0
    lines: int = 0
    points: int = 0
    held: int = 0
    batches: list[int] = field(default_factory=list)


def settle_due(*, actor: Actor, unit_id: int) -> SettlementReport:
    """Post everything below a unit whose deadline has passed, but what an open objection holds.

    Running it again, or twice at once, or after a crash, posts what is left and nothing twice. What lies below it
    and is not admitted to the scheme, or is suspended, issues no points: that waits until it is.
    Raises: NotAllowed; NotAdmitted, asked for such a unit itself.
    """
    unit = Unit.objects.get(id=unit_id)
    actor = require(actor, Act.SETTLE, unit)
    if unit.holder_id:  # it judges, or did; its parts and what lies above it have no state of joining
        require_admitted(unit)
    report, today = SettlementReport(), clock.today()
    for sheet_id, part in due_parts(unit, today):
        _settle_part(actor, sheet_id, part, today, report)
    for sheet_id in released_lines(unit).order_by("sheet").values_list("sheet_id", flat=True).distinct():
        _settle_released(actor, sheet_id, today, report)
    return report


def seal_ledger(*, actor: Actor) -> list[Seal]:
    """Seal what waits in the whole county now, without waiting for the hour. Raises: NotAllowed."""
    actor = require(actor, Act.SETTLE, Unit.objects.get(parent=None))
    made = seal_all()
    log_act(actor=actor, act="seal", subject="seal", subject_ids=[seal.pk for seal in made])
    return made


@transaction.atomic
def _settle_part(actor: Actor, sheet_id: int, part: int, today: date, report: SettlementReport) -> None:
    sheet = _lock_sheet(sheet_id)
    if sheet.notice.unit.joining != Joining.ADMITTED:
        return
    settlement_id = _claim(sheet_id, part)
    if settlement_id is None:
        return
    lines = NoticeLine.objects.filter(sheet=sheet, part=part)
    held = list(held_back(lines).values_list("id", flat=True))
    HeldLine.objects.bulk_create(HeldLine(settlement_id=settlement_id, line_id=line_id) for line_id in held)
    batch = _post(
        actor,
        sheet,
        f"settle:{sheet.notice.public_id}:{sheet.position}:{part}",
        settlement_id,
        lines.exclude(id__in=held),
        today,
    )
    Settlement.objects.filter(id=settlement_id).update(batch=batch)
    _finish(actor, settlement_id, lines.exclude(id__in=held), batch, report)
    report.parts += 1
    report.held += len(held)


@transaction.atomic
def _settle_released(actor: Actor, sheet_id: int, today: date, report: SettlementReport) -> None:
    """Post the lines of a sheet that were held when its parts settled, and have been cleared since."""
    sheet = _lock_sheet(sheet_id)
    if sheet.notice.unit.joining != Joining.ADMITTED:
        return
    released = released_lines(sheet.notice.unit).filter(sheet=sheet)
    found = dict(released.values_list("id", "held__settlement_id"))
    if not found:
        return
    lines = NoticeLine.objects.filter(id__in=found)
    key = f"release:{sheet.notice.public_id}:{sheet.position}:{digest(sorted(found))[:16]}"
    settlement_id = min(found.values())
    batch = _post(actor, sheet, key, settlement_id, lines, today)
    HeldLine.objects.filter(line_id__in=found).update(release=batch, released=True)
    _finish(actor, settlement_id, lines, batch, report)


def _lock_sheet(sheet_id: int) -> NoticeSheet:
    # Lodging an objection locks the same row, so that a line is never posted while one to it is being written.
    sheets = NoticeSheet.objects.select_for_update(of=("self",))
    return sheets.select_related("notice__unit").get(id=sheet_id)


def _claim(sheet_id: int, part: int) -> int | None:
    """Insert the settlement of a part, or give None if another run has done, or is doing, that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_settlement (sheet_id, part, settled_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (sheet_id, part) DO NOTHING RETURNING id",
            [sheet_id, part, clock.now()],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _post(
    actor: Actor,
    sheet: NoticeSheet,
    key: str,
    settlement_id: int,
    lines: QuerySet[NoticeLine],
    today: date,
) -> Batch | None:
    issuer_id = sheet.notice.unit.holder_id
    assert issuer_id is not None  # judging units are opened when the jurisdiction is founded
    return post_lines(
        posting=Posting(key, Cause.SETTLEMENT, settlement_id, actor, today),
        pool_id=pool_id(issuer_id, AccountKind.ISSUED),
        lines=lines.values_list("id", "household_id", "points"),
        owners=Household.objects.values_list("id", "holder_id"),
    )


def _finish(
    actor: Actor,
    settlement_id: int,
    lines: QuerySet[NoticeLine],
    batch: Batch | None,
    report: SettlementReport,
) -> None:
    points: Sequence[int] = list(lines.values_list("points", flat=True))
    report.lines += len(points)
    report.points += sum(points)
    report.batches += [batch.pk] if batch else []
    log_act(actor=actor, act="settle", subject="settlement", subject_ids=[settlement_id])
    send(topic="notice-settled", payload={"settlement": settlement_id})
