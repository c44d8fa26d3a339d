"""Rows of a local table that stand for the frame's items: other points for them, and nothing else (DOMAIN §4)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.language.report import NO_CATEGORY, Checked, Report
from xiangyue.catalogue.language.subjects import DIRECTION_WORDS
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.changes import changed, said_otherwise, same_points
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.tariffs import tariff
from xiangyue.sheets.problems import Problem

_COLUMN: Final = {
    "worth": columns.VALUE,
    "direction": columns.DIRECTION,
    "category": columns.CATEGORY,
    "family": columns.FAMILY,
    "unit": columns.UNIT,
    "limits": columns.LIMITS,
    "minimum": columns.LIMITS,
    "rivals": columns.LIMITS,
    "multipliers": columns.MULTIPLIER,
    "seasons": columns.SEASON,
    "spans": columns.SEASON,
    "validity": columns.TERM,
    "term": columns.TERM,
    "basis": columns.BASIS,
    "repair": columns.REPAIR,
    "remarks": columns.REMARKS,
    "evidence": columns.EVIDENCE,
    "median_of": columns.APPROVED_BY,
    "approved_by": columns.APPROVED_BY,
    "verified_by": columns.VERIFIED_BY,
    "brought_by": columns.BROUGHT_BY,
}  # whatever else an item says stands under 对象


def beside_frame(report: Report, frame: Iterable[Indicator]) -> dict[str, Indicator]:
    """Turn the rows that name an item of the frame, by number and title, into that item with the row's points.

    Gives which of the frame's indicators they change, by number. A row that says what the frame says is left out with
    a note; one that contradicts the frame in anything but points is a problem.
    """
    above = {(plain(each.number), plain(each.title)): each for each in frame}
    rows, changes = [], {}
    for row in report.rows:
        base = above.get((plain(row.item.number), plain(row.item.title)))
        if base is None:
            rows.append(row)
        elif problems := list(_contradictions(row, base.item)):
            for problem in problems:
                report.problems.note(problem)
        elif same_points(base.item, row.item):
            report.notes.note(
                _problem(row, columns.VALUE, "same-as-frame", _("和上面的细则一样，没有改，不用写。"))
            )
        else:
            rows.append(replace(row, item=changed(base.item, row.item)))
            changes[base.number] = base
    report.rows = rows
    return changes


def _contradictions(row: Checked, frame: Item) -> Iterator[Problem]:
    item = row.item
    blank = Item(item.number, item.title, frame.direction, frame.worth, category=NO_CATEGORY)
    headers = dict.fromkeys(_COLUMN.get(name, columns.SUBJECT) for name in said_otherwise(frame, item, blank))
    if columns.DIRECTION in headers:
        headers = {columns.DIRECTION: None}  # all else follows from it
    for header in headers:
        facts = {
            "frame": tariff(frame.worth, frame.direction, frame.unit),
            "header": header,
            "direction": DIRECTION_WORDS[frame.direction],
        }
        if header == columns.DIRECTION:
            text = _("上面的细则里这一项是“%(direction)s”，方向请照样写。") % facts
        elif header == columns.VALUE:
            text = _("上面的细则里这一项是%(frame)s，只能改分，不能改怎么算。") % facts
        else:
            text = _("上面的细则里这一项只能改分，%(header)s请空着，或者照样写。") % facts
        yield _problem(row, header, "changes-more-than-points", text)


def _problem(row: Checked, header: str, code: str, text: str) -> Problem:
    return Problem(row.sheet, row.row, "", header, "", code, text)
