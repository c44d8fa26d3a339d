"""Settlement: posting a notice to the ledger once nobody may object any more (入账).

Part by part, each in a transaction of its own: a run that is killed leaves whole parts, and the next run goes on.
A part is claimed by its settlement row, which is unique: two runs at once can't post it twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import Batch, Cause, Seal
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import Lines, Select, post_lines
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.people.models import Joining, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import require_admitted
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import HeldLine, NoticeLine
from xiangyue.scoring.queries import CONTESTED, due_parts, held_back, released_lines

SHEET: Final = """
    SELECT notice.public_id, sheet.position, unit.joining, pool.id
    FROM scoring_noticesheet sheet
    JOIN scoring_notice notice ON notice.id = sheet.notice_id
    JOIN people_unit unit ON unit.id = notice.unit_id
    LEFT JOIN ledger_account pool ON pool.holder_id = unit.holder_id AND pool.kind = 'issued'
    WHERE sheet.id = %s
"""
# What a part posts, and of whom. Written out, since a county's month has hundreds of parts to compile it for.
LINES: Final = """
    SELECT line.id, line.household_id, line.points FROM scoring_noticeline line
    WHERE line.sheet_id = %(sheet)s AND line.part = %(part)s
"""
FREE: Final = f"{LINES} AND NOT EXISTS (SELECT FROM scoring_heldline held WHERE held.line_id = line.id)"
OWNERS: Final = Select("SELECT id, holder_id FROM people_household")
LOCK: Final = f"{SHEET} FOR UPDATE OF sheet"

# A part's row, whether something may be held of it, and the sums of its lines. Nothing, if it is settled, or being
# settled. Planned once a run, since to plan it takes longer than to execute it.
CLAIM: Final = f"""
    PREPARE scoring_claim (bigint, int, timestamptz) AS
    WITH claimed AS (
        INSERT INTO scoring_settlement (sheet_id, part, settled_at) VALUES ($1, $2, $3)
        ON CONFLICT (sheet_id, part) DO NOTHING RETURNING id, sheet_id
    )
    SELECT claimed.id, {CONTESTED}, part.lines, part.points
    FROM claimed
    JOIN scoring_noticesheet sheet ON sheet.id = claimed.sheet_id
    JOIN scoring_notice notice ON notice.id = sheet.notice_id
    CROSS JOIN (
        SELECT count(*) AS lines, coalesce(sum(line.points), 0)::bigint AS points
        FROM scoring_noticeline line WHERE line.sheet_id = $1 AND line.part = $2
    ) part
"""  # noqa: S608 - put together from a constant
FINISH: Final = "UPDATE scoring_settlement SET batch_id = %s WHERE id = %s"


@dataclass
class SettlementReport:
    """What a run posted. lines, points: of this run; held: lines left out since an objection to them is open."""

    parts: int = 0
    lines: int = 0
    points: int = 0
    held: int = 0
    batches: list[int] = field(default_factory=list)


class _Sheet(NamedTuple):
    """What settling needs of a locked sheet. notice: its public id. pool_id: of the account that points come from."""

    notice: UUID
    position: int
    joining: str
    pool_id: int


class _Claimed(NamedTuple):
    """A part's settlement. contested: whether something may be held of it. lines, points: of all its lines."""

    settlement_id: int
    contested: bool
    lines: int
    points: int


@dataclass
class _Run:
    """One run of settling: who, when, and what it has done."""

    actor: Actor
    today: date
    report: SettlementReport = field(default_factory=SettlementReport)


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
    run = _Run(actor, clock.today())
    due = due_parts(unit, run.today)
    with _claim_planned() if due else nullcontext():
        for sheet_id, part in due:
            _settle_part(run, sheet_id, part)
    for sheet_id in released_lines(unit).order_by("sheet").values_list("sheet_id", flat=True).distinct():
        _settle_released(run, unit, sheet_id)
    return run.report


def seal_ledger(*, actor: Actor) -> list[Seal]:
    """Seal what waits in the whole county now, without waiting for the hour. Raises: NotAllowed."""
    actor = require(actor, Act.SETTLE, Unit.objects.get(parent=None))
    made = seal_all()
    log_act(actor=actor, act="seal", subject="seal", subject_ids=[seal.pk for seal in made])
    return made


@transaction.atomic
def _settle_part(run: _Run, sheet_id: int, part: int) -> None:
    sheet = _lock_sheet(sheet_id)
    if sheet.joining != Joining.ADMITTED:
        return
    claimed = _claim(sheet_id, part)
    if claimed is None:
        return
    held = _hold(claimed.settlement_id, sheet_id, part) if claimed.contested else []
    lines = Select(FREE if held else LINES, {"sheet": sheet_id, "part": part})
    key = f"settle:{sheet.notice}:{sheet.position}:{part}"
    batch = _post(run, sheet, key, claimed.settlement_id, lines)
    if batch:
        with connection.cursor() as cursor:
            cursor.execute(FINISH, (batch.pk, claimed.settlement_id))
    run.report.parts += 1
    run.report.held += len(held)
    left, points = claimed.lines - len(held), claimed.points - sum(held)
    _finish(run, claimed.settlement_id, batch, left, points)


@transaction.atomic
def _settle_released(run: _Run, unit: Unit, sheet_id: int) -> None:
    """Post the lines of a sheet that were held when its parts settled, and have been cleared since."""
    sheet = _lock_sheet(sheet_id)
    if sheet.joining != Joining.ADMITTED:
        return
    released = released_lines(unit).filter(sheet=sheet_id)
    found = dict(released.values_list("id", "held__settlement_id"))
    if not found:
        return
    lines = NoticeLine.objects.filter(id__in=found)
    key = f"release:{sheet.notice}:{sheet.position}:{digest(sorted(found))[:16]}"
    settlement_id = min(found.values())
    batch = _post(run, sheet, key, settlement_id, lines.values_list("id", "household_id", "points"))
    HeldLine.objects.filter(line_id__in=found).update(release=batch, released=True)
    _finish(run, settlement_id, batch, len(found), lines.aggregate(points=Sum("points"))["points"])


def _lock_sheet(sheet_id: int) -> _Sheet:
    # Lodging an objection locks the same row, so that a line is never posted while one to it is being written. What
    # is held is asked in the next statement, which sees all that was committed while this one waited.
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sheet_id])
        return _Sheet(*cursor.fetchone())


@contextmanager
def _claim_planned() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE scoring_claim")


def _claim(sheet_id: int, part: int) -> _Claimed | None:
    """Insert the settlement of a part, or give None if another run has done, or is doing, that."""
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE scoring_claim (%s, %s, %s)", (sheet_id, part, clock.now()))
        row = cursor.fetchone()
    return _Claimed(*row) if row else None


def _hold(settlement_id: int, sheet_id: int, part: int) -> list[int]:
    """Keep what is held back of a part, until it is released; give its centipoints, line by line."""
    lines = NoticeLine.objects.filter(sheet=sheet_id, part=part)
    found = list(held_back(lines).values_list("id", "points"))
    HeldLine.objects.bulk_create(
        HeldLine(settlement_id=settlement_id, line_id=line_id) for line_id, _points in found
    )
    return [points for _line_id, points in found]


def _post(run: _Run, sheet: _Sheet, key: str, settlement_id: int, lines: Lines) -> Batch | None:
    return post_lines(
        posting=Posting(key, Cause.SETTLEMENT, settlement_id, run.actor, run.today),
        pool_id=sheet.pool_id,
        lines=lines,
        owners=OWNERS,
    )


def _finish(run: _Run, settlement_id: int, batch: Batch | None, lines: int, points: int) -> None:
    run.report.lines += lines
    run.report.points += points
    run.report.batches += [batch.pk] if batch else []
    log_act(actor=run.actor, act="settle", subject="settlement", subject_ids=[settlement_id])
    posted = {"settlement": settlement_id, "batch": batch.pk if batch else None}
    send(topic="notice-settled", payload=posted)
