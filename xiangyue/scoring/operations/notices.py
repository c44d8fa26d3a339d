"""Issuing notices: the decisions of a period, frozen, masked, with digests and a deadline (公示).

One sheet for each part of the village just below it (a grid); households without one stand on the village's own.
Nothing is queried per household: rows are read once, laid out here, and written in bulk.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest
from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.periods import Period
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import require_admitted
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_heads, units_below
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import (
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    ScoringRules,
    Share,
)
from xiangyue.scoring.queries import noticeable_shares
from xiangyue.scoring.refusals import NothingDecided, NoticeExists

HOUSEHOLDS_OF_A_PART = 250  # posted in one transaction: short enough that a till hardly waits
BATCH = 2000


@dataclass
class Row:
    """A household on a sheet while it is laid out. lines: its decided shares with their centipoints."""

    household: Household
    masked_name: str
    lines: list[tuple[Share, int]] = field(default_factory=list)
    honour_before: int = 0

    @property
    def plus(self) -> int:
        return sum(points for _share, points in self.lines if points > 0)

    @property
    def minus(self) -> int:
        return -sum(points for _share, points in self.lines if points < 0)

    @property
    def net(self) -> int:
        return self.plus - self.minus


@transaction.atomic
def issue_notice(*, actor: Actor, unit_id: int, period: Period) -> Notice:
    """Hang out what was decided for a period: the first edition of its notice.

    From then on the period is closed, and its lines can be objected to until the deadline (its last day counts).
    Raises: UnitEnded, NotAllowed, NotAdmitted, NoticeExists, NothingDecided.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.ISSUE_NOTICES, unit)
    require_admitted(unit)
    if Notice.objects.filter(unit=unit, period=str(period)).exists():
        raise NoticeExists(unit=unit.name, period=str(period))
    rows = _rows(unit, period)
    if not any(row.lines for row in rows):
        raise NothingDecided(unit=unit.name, period=str(period))
    today = clock.today()
    deadline = today + timedelta(days=ScoringRules.objects.get().notice_days - 1)
    notice = Notice(unit=unit, period=str(period), edition=1, issued_on=today, deadline=deadline, digest="")
    notice.save()
    _hang(notice, by_sheet(unit, rows), deadline)
    log_act(actor=actor, act="issue", subject="notice", subject_ids=[notice.pk])
    send(topic="notice-issued", payload={"notice": notice.pk})
    return notice


def _rows(unit: Unit, period: Period) -> list[Row]:
    """Lay out all households of the unit today, those without a line too, with what was decided for them."""
    decided = noticeable_shares(unit, period)
    here = Q(unit__path__startswith=unit.path, left_on=None) | Q(id__in=decided.values("household_id"))
    found = list(Household.objects.filter(here).select_related("unit").order_by("number"))
    heads = household_heads([household.pk for household in found])
    balances = balances_of([household.holder_id for household in found])
    rows = {
        household.pk: Row(
            household,
            mask_name(heads.get(household.pk, "")),
            honour_before=balances[household.holder_id].honour,
        )
        for household in found
    }
    for share in decided.select_related("deed").order_by("deed__day", "id"):
        rows[share.household_id].lines.append((share, share.points or 0))
    return list(rows.values())


def by_sheet(unit: Unit, rows: Iterable[Row]) -> dict[Unit, list[Row]]:
    """Sort rows to the unit whose sheet they stand on: the one just below the judging unit, or that one itself."""
    below = {child.path: child for child in units_below(unit) if child.parent_id == unit.pk}
    sheets: dict[Unit, list[Row]] = defaultdict(list)
    for row in rows:
        tail = row.household.unit.path.removeprefix(unit.path)
        sheets[below.get(unit.path + tail.split("/", 1)[0] + "/", unit)].append(row)
    return dict(sorted(sheets.items(), key=lambda item: item[0].path))


def _hang(notice: Notice, sheets: Mapping[Unit, Sequence[Row]], deadline: date) -> None:
    number = 0
    totals: list[NoticeTotal] = []
    lines: list[NoticeLine] = []
    made: list[NoticeSheet] = []
    for position, (unit, rows) in enumerate(sheets.items(), start=1):
        sheet = NoticeSheet(
            notice=notice, unit=unit, position=position, issued_on=notice.issued_on, deadline=deadline
        )
        sheet_totals = totals_of(sheet, rows)
        sheet_lines = lines_of(sheet, rows, first=number + 1, deadline=deadline)
        number += len(sheet_lines)
        seal(sheet, sheet_totals, sheet_lines)
        made.append(sheet)
        totals += sheet_totals
        lines += sheet_lines
    NoticeSheet.objects.bulk_create(made)
    NoticeTotal.objects.bulk_create(totals, batch_size=BATCH)
    NoticeLine.objects.bulk_create(lines, batch_size=BATCH)
    notice.digest = digest([sheet.digest for sheet in made])
    notice.save(update_fields=["digest"])


def totals_of(sheet: NoticeSheet, rows: Sequence[Row]) -> list[NoticeTotal]:
    """Make a sheet's rows, ranked by what the period brought; ties share a rank."""
    nets = sorted((row.net for row in rows), reverse=True)
    rank = {net: position for position, net in reversed(list(enumerate(nets, start=1)))}
    return [
        NoticeTotal(
            sheet=sheet,
            household=row.household,
            rank=rank[row.net],
            masked_name=row.masked_name,
            number=row.household.number,
            plus=row.plus,
            minus=row.minus,
            honour=row.honour_before + row.net,
        )
        for row in rows
    ]


def lines_of(sheet: NoticeSheet, rows: Sequence[Row], *, first: int, deadline: date) -> list[NoticeLine]:
    """Make a sheet's lines, numbered onwards from `first`; a household's lines all lie in one part."""
    placed = [(position, share, points) for position, row in enumerate(rows) for share, points in row.lines]
    return [
        NoticeLine(
            sheet=sheet,
            share=share,
            household_id=share.household_id,
            number=number,
            points=points,
            deadline=deadline,
            part=position // HOUSEHOLDS_OF_A_PART,
        )
        for number, (position, share, points) in enumerate(placed, start=first)
    ]


def seal(sheet: NoticeSheet, totals: Iterable[NoticeTotal], lines: Iterable[NoticeLine]) -> None:
    """Set a sheet's digests, over numbers and figures only: names can be erased later without breaking them."""
    sheet.lines_digest = digest(
        [[line.number, line.share_id, line.points, line.deadline.isoformat()] for line in lines]
    )
    sheet.digest = digest(public_form(sheet, totals))


def public_form(sheet: NoticeSheet, totals: Iterable[NoticeTotal]) -> dict[str, object]:
    """Give what a sheet's digest is over, and what anyone may download to recompute it."""
    return {
        "unit": sheet.unit.code,
        "period": sheet.notice.period,
        "issued_on": sheet.issued_on.isoformat(),
        "deadline": sheet.deadline.isoformat(),
        "totals": sorted([total.number, total.plus, total.minus, total.honour] for total in totals),
        "lines_digest": sheet.lines_digest,
    }
