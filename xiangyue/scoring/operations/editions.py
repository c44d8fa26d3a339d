"""The next edition of a notice: corrected lines, everything else as it hung (版次).

Only changed lines get a new deadline, and only their sheet a new check code: the other papers on the wall stay true.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import connection

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal
from xiangyue.scoring.operations.hanging import new_deadline, seal
from xiangyue.scoring.queries import current_lines, newest_edition

Corrections = Mapping[NoticeLine, int]

# The rows of sheets that a correction did not touch, onto the sheets of the next edition.
KEEP: Final = """
    INSERT INTO scoring_noticetotal (sheet_id, household_id, rank, masked_name, number, plus, minus, honour)
    SELECT kept.id, total.household_id, total.rank, total.masked_name, total.number, total.plus, total.minus,
           total.honour
    FROM scoring_noticesheet kept
    JOIN scoring_noticesheet before ON before.notice_id = %(previous)s AND before.unit_id = kept.unit_id
    JOIN scoring_noticetotal total ON total.sheet_id = before.id
    WHERE kept.notice_id = %(edition)s AND kept.unit_id <> ALL(%(changed)s)
    ORDER BY total.id
"""


def issue_edition(noticed: Notice, corrections: Corrections) -> Notice:
    """Issue the edition after the newest one; its unit is locked. corrections: line -> signed centipoints.

    In a number of queries that grows with nothing. The lines are of the notice's family.
    """
    previous = newest_edition(noticed)
    edition = Notice.objects.create(
        unit_id=previous.unit_id,
        period=previous.period,
        special=previous.special,
        reason=previous.reason,
        edition=previous.edition + 1,
        issued_on=clock.today(),
        deadline=previous.deadline,
        digest="",
    )
    changed = {line.sheet.unit_id for line in corrections}
    before = previous.sheets.select_related("unit").order_by("position")
    copies = [_copy_of(sheet, edition) for sheet in before]
    corrected = [copy for copy in copies if copy.unit_id in changed]
    totals = _totals_by_unit(previous, changed)
    standing = _lines_by_unit(previous, changed)
    lines: list[NoticeLine] = []
    for copy in corrected:
        lines += _correct(copy, totals[copy.unit_id], standing[copy.unit_id], corrections)
    NoticeSheet.objects.bulk_create(copies)
    NoticeTotal.objects.bulk_create(
        total for copy in corrected for total in _placed(totals[copy.unit_id], copy)
    )
    NoticeLine.objects.bulk_create(lines)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"edition": edition.pk, "previous": previous.pk, "changed": sorted(changed)})
    edition.digest = digest([copy.digest for copy in copies])
    edition.save(update_fields=["digest"])
    return edition


def _copy_of(sheet: NoticeSheet, edition: Notice) -> NoticeSheet:
    return NoticeSheet(
        notice=edition,
        unit=sheet.unit,
        position=sheet.position,
        issued_on=sheet.issued_on,
        deadline=sheet.deadline,
        lines_digest=sheet.lines_digest,
        digest=sheet.digest,
    )


def _totals_by_unit(notice: Notice, unit_ids: Iterable[int]) -> dict[int, list[NoticeTotal]]:
    """Read the rows of some sheets, to be written anew, by the unit of their sheet."""
    found: dict[int, list[NoticeTotal]] = defaultdict(list)
    rows = NoticeTotal.objects.filter(sheet__notice=notice, sheet__unit__in=unit_ids)
    for total in rows.select_related("sheet").order_by("id"):
        total.pk = None
        found[total.sheet.unit_id].append(total)
    return found


def _lines_by_unit(notice: Notice, unit_ids: Iterable[int]) -> dict[int, list[NoticeLine]]:
    """Read the lines that stand on some sheets, over all editions, by the unit of their sheet."""
    found: dict[int, list[NoticeLine]] = defaultdict(list)
    for line in current_lines(notice).filter(sheet__unit__in=unit_ids).select_related("sheet"):
        found[line.sheet.unit_id].append(line)
    return found


def _correct(
    sheet: NoticeSheet,
    totals: Sequence[NoticeTotal],
    standing: Sequence[NoticeLine],
    corrections: Corrections,
) -> list[NoticeLine]:
    """Correct a sheet and its rows, and seal it anew; give the lines that replace others."""
    sheet.issued_on, sheet.deadline = clock.today(), new_deadline()
    here = {line: corrections[line] for line in standing if line in corrections}
    lines = [_replacement(sheet, line, points) for line, points in here.items()]
    after = [*(line for line in standing if line not in here), *lines]
    _correct_totals(totals, standing, after)
    seal(sheet, totals, sorted(after, key=lambda line: line.number))
    return lines


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


def _placed(totals: Iterable[NoticeTotal], sheet: NoticeSheet) -> Iterable[NoticeTotal]:
    for total in totals:
        total.sheet = sheet
        yield total


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
    ranks = {net: place for place, net in reversed(list(enumerate(nets, start=1)))}
    for total in totals:
        total.rank = ranks[total.net]


def _sums(lines: Iterable[NoticeLine]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for line in lines:
        plus, minus = sums.get(line.household_id, (0, 0))
        sums[line.household_id] = plus + max(line.points, 0), minus + max(-line.points, 0)
    return sums
