"""The next edition of a notice: corrected lines, everything else as it hung (版次).

Only changed lines get a new deadline, and only their sheet a new check code: the other papers on the wall stay true.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal, ScoringRules
from xiangyue.scoring.operations.notices import BATCH, seal
from xiangyue.scoring.queries import current_lines, newest_edition

Corrections = Mapping[NoticeLine, int]


def issue_edition(noticed: Notice, corrections: Corrections) -> Notice:
    """Issue the edition after the newest one; its unit is locked. corrections: line -> signed centipoints."""
    previous = newest_edition(noticed)
    edition = Notice.objects.create(
        unit_id=previous.unit_id,
        period=previous.period,
        edition=previous.edition + 1,
        issued_on=clock.today(),
        deadline=previous.deadline,
        digest="",
    )
    sheets = previous.sheets.select_related("unit").prefetch_related("totals")
    edition.digest = digest([_copy_sheet(edition, sheet, corrections).digest for sheet in sheets])
    edition.save(update_fields=["digest"])
    return edition


def _copy_sheet(edition: Notice, sheet: NoticeSheet, corrections: Corrections) -> NoticeSheet:
    copy = NoticeSheet(
        notice=edition,
        unit=sheet.unit,
        position=sheet.position,
        issued_on=sheet.issued_on,
        deadline=sheet.deadline,
        lines_digest=sheet.lines_digest,
        digest=sheet.digest,
    )
    standing = list(current_lines(sheet.notice).filter(sheet__unit_id=sheet.unit_id))
    here = {line: corrections[line] for line in standing if line in corrections}
    totals = [_copy_total(copy, total) for total in sheet.totals.all()]
    lines: list[NoticeLine] = []
    if here:
        copy.issued_on = clock.today()
        copy.deadline = copy.issued_on + timedelta(days=ScoringRules.objects.get().notice_days - 1)
        lines = [_replacement(copy, line, points) for line, points in here.items()]
        after = [*(line for line in standing if line not in here), *lines]
        _correct_totals(totals, standing, after)
        seal(copy, totals, sorted(after, key=lambda line: line.number))
    copy.save()
    NoticeTotal.objects.bulk_create(totals, batch_size=BATCH)
    NoticeLine.objects.bulk_create(lines)
    return copy


def _copy_total(sheet: NoticeSheet, total: NoticeTotal) -> NoticeTotal:
    return NoticeTotal(
        sheet=sheet,
        household_id=total.household_id,
        rank=total.rank,
        masked_name=total.masked_name,
        number=total.number,
        plus=total.plus,
        minus=total.minus,
        honour=total.honour,
    )


def _replacement(sheet: NoticeSheet, line: NoticeLine, points: int) -> NoticeLine:
    return NoticeLine(
        sheet=sheet,
        share_id=line.share_id,
        household_id=line.household_id,
        number=line.number,
        points=points,
        deadline=sheet.deadline,
        part=0,
        replaces=line,
    )


def _correct_totals(
    totals: Sequence[NoticeTotal], before: Sequence[NoticeLine], after: Sequence[NoticeLine]
) -> None:
    old, new = _sums(before), _sums(after)
    for total in totals:
        plus, minus = new.get(total.household_id, (0, 0))
        plus_before, minus_before = old.get(total.household_id, (0, 0))
        total.honour += (plus - minus) - (plus_before - minus_before)
        total.plus, total.minus = plus, minus
    nets = sorted((total.net for total in totals), reverse=True)
    for total in totals:
        total.rank = nets.index(total.net) + 1


def _sums(lines: Iterable[NoticeLine]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for line in lines:
        plus, minus = sums.get(line.household_id, (0, 0))
        sums[line.household_id] = plus + max(line.points, 0), minus + max(-line.points, 0)
    return sums
