"""Recomputing what hangs on the board: rows against lines, and every digest against what it is over."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Found, stream
from xiangyue.kernel.ids import digest

NOTICE_MEANINGS = {
    "total-differs": _("榜上一户的分和各条加起来不一样"),
    "lines-digest-wrong": _("公示的条目被改过"),
    "sheet-digest-wrong": _("榜页被改过，校验码对不上"),
    "notice-digest-wrong": _("公示被改过，校验码对不上"),
}

SHEETS = """
    SELECT sheet.id, notice.id, notice.digest, notice.period, to_char(sheet.issued_on, 'YYYY-MM-DD'), notice.edition,
           unit.code, to_char(sheet.deadline, 'YYYY-MM-DD'), sheet.lines_digest, sheet.digest, sheet.unit_id,
           notice.unit_id, notice.special
    FROM scoring_notice notice
    LEFT JOIN scoring_noticesheet sheet ON sheet.notice_id = notice.id
    LEFT JOIN people_unit unit ON unit.id = sheet.unit_id
    ORDER BY notice.unit_id, notice.period, notice.special, notice.edition, sheet.position
"""
TOTALS = """
    SELECT number, plus, minus, honour, household_id FROM scoring_noticetotal WHERE sheet_id = %(sheet)s
"""
LINES = """
    SELECT DISTINCT ON (line.number) line.number, line.share_id, line.points,
           to_char(line.deadline, 'YYYY-MM-DD'), line.household_id
    FROM scoring_noticeline line
    JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
    JOIN scoring_notice notice ON notice.id = sheet.notice_id
    WHERE sheet.unit_id = %(unit)s AND notice.unit_id = %(of)s AND notice.period = %(period)s
      AND notice.special = %(special)s AND notice.edition <= %(edition)s
    ORDER BY line.number, notice.edition DESC
"""

Row = tuple[Any, ...]


def notice_faults() -> Iterator[Found]:
    """Give (code, subject, id, detail) for every sheet and notice that is not what its digest says.

    One sheet, with its rows and lines, is in memory at a time.
    """
    for notice_id, of_notice in groupby(stream(SHEETS), key=itemgetter(1)):
        rows = list(of_notice)
        hanging = [sheet for sheet in rows if sheet[0] is not None]  # a notice may have lost all of them
        for sheet in hanging:
            yield from _sheet_faults(sheet)
        if digest([sheet[9] for sheet in hanging]) != rows[0][2]:
            yield "notice-digest-wrong", "notice", notice_id, rows[0][2]


def _sheet_faults(sheet: Row) -> Iterator[Found]:
    sheet_id, _of, _digest, period, issued_on, edition, code, deadline, lines_digest, shown, *family = sheet
    unit, of, special = family
    totals = list(stream(TOTALS, {"sheet": sheet_id}))
    asked = {"unit": unit, "of": of, "period": period, "special": special, "edition": edition}
    lines = list(stream(LINES, asked))
    yield from _sum_faults(sheet_id, totals, lines)
    if lines_digest != digest([list(line[:4]) for line in lines]):
        yield "lines-digest-wrong", "sheet", sheet_id, lines_digest
    form = {
        "unit": code,
        "period": period,
        "issued_on": issued_on,
        "deadline": deadline,
        "totals": sorted(list(total[:4]) for total in totals),
        "lines_digest": lines_digest,
    }
    if digest(form) != shown:
        yield "sheet-digest-wrong", "sheet", sheet_id, shown


def _sum_faults(sheet_id: int, totals: list[Row], lines: list[Row]) -> Iterator[Found]:
    plus: dict[int, int] = defaultdict(int)
    minus: dict[int, int] = defaultdict(int)
    for _number, _share, points, _deadline, household in lines:
        plus[household] += max(points, 0)
        minus[household] += max(-points, 0)
    for number, shown_plus, shown_minus, _honour, household in totals:
        if (shown_plus, shown_minus) != (plus[household], minus[household]):
            yield "total-differs", "sheet", sheet_id, f"household {number}"
