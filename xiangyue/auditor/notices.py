"""Recomputing what hangs on the board: rows against lines, and every digest against what it is over."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from xiangyue.kernel.ids import digest

SHEETS = """
    SELECT sheet.id, notice.id, notice.digest, notice.period, sheet.issued_on, notice.edition, unit.code,
           sheet.deadline, sheet.lines_digest, sheet.digest, sheet.unit_id, notice.unit_id
    FROM scoring_notice notice
    LEFT JOIN scoring_noticesheet sheet ON sheet.notice_id = notice.id
    LEFT JOIN people_unit unit ON unit.id = sheet.unit_id
    ORDER BY notice.unit_id, notice.period, notice.edition, sheet.position
"""
TOTALS = """
    SELECT number, plus, minus, honour, household_id FROM scoring_noticetotal WHERE sheet_id = %s
"""
LINES = """
    SELECT DISTINCT ON (line.number) line.number, line.share_id, line.points, line.deadline, line.household_id
    FROM scoring_noticeline line
    JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
    JOIN scoring_notice notice ON notice.id = sheet.notice_id
    WHERE sheet.unit_id = %s AND notice.unit_id = %s AND notice.period = %s AND notice.edition <= %s
    ORDER BY line.number, notice.edition DESC
"""

Fault = tuple[str, str, int, str]


def notice_faults() -> Iterator[Fault]:
    """Give (code, subject, id, detail) for every sheet and notice that is not what its digest says."""
    with connection.cursor() as cursor:
        cursor.execute(SHEETS)
        sheets = cursor.fetchall()
    for notice_id, of_notice in groupby(sheets, key=itemgetter(1)):
        rows = list(of_notice)
        hanging = [sheet for sheet in rows if sheet[0] is not None]  # a notice may have lost all of them
        for sheet in hanging:
            yield from _sheet_faults(sheet)
        if digest([sheet[9] for sheet in hanging]) != rows[0][2]:
            yield "notice-digest-wrong", "notice", notice_id, rows[0][2]


def _sheet_faults(sheet: Any) -> Iterator[Fault]:
    sheet_id, _of, _digest, period, issued_on, edition, code, deadline, lines_digest, shown, unit, of = sheet
    totals, lines = _rows(TOTALS, [sheet_id]), _rows(LINES, [unit, of, period, edition])
    yield from _sum_faults(sheet_id, totals, lines)
    if lines_digest != digest([[n, share, points, day.isoformat()] for n, share, points, day, _h in lines]):
        yield "lines-digest-wrong", "sheet", sheet_id, lines_digest
    form = {
        "unit": code,
        "period": period,
        "issued_on": issued_on.isoformat(),
        "deadline": deadline.isoformat(),
        "totals": sorted([number, plus, minus, honour] for number, plus, minus, honour, _h in totals),
        "lines_digest": lines_digest,
    }
    if digest(form) != shown:
        yield "sheet-digest-wrong", "sheet", sheet_id, shown


def _sum_faults(sheet_id: int, totals: Any, lines: Any) -> Iterator[Fault]:
    plus: dict[int, int] = defaultdict(int)
    minus: dict[int, int] = defaultdict(int)
    for _number, _share, points, _deadline, household in lines:
        plus[household] += max(points, 0)
        minus[household] += max(-points, 0)
    for number, shown_plus, shown_minus, _honour, household in totals:
        if (shown_plus, shown_minus) != (plus[household], minus[household]):
            yield "total-differs", "sheet", sheet_id, f"household {number}"


def _rows(query: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
