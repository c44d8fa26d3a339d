"""The form for opening balances (期初积分): which columns it has, and how they are filled in.

What households had collected on paper before, or in another system. Headers are the file's own language, Chinese.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.kernel.points import MINUS, NotPoints, parse_points
from xiangyue.ledger.models import Account, AccountKind
from xiangyue.people.models import Household, Unit
from xiangyue.people.queries import household_heads
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, read_tables
from xiangyue.sheets.refusals import EmptySheet, MissingSheet
from xiangyue.sheets.write import Column, SheetForm, Value, write_workbook

OPENINGS: Final = "期初积分"

NUMBER: Final = "户号"
HEAD: Final = "户主"
HONOUR: Final = "荣誉积分"
SPENDABLE: Final = "可用积分"
REMARKS: Final = "备注"

COLUMNS: Final = (
    Column(NUMBER, 5, "户册上的户号；前面的0也要写，例如003。一户一行"),
    Column(HEAD, 6, "写了就和户册核对，免得串行；可以空着"),
    Column(HONOUR, 6, "一共得了多少分，只加不花；空着就是没有。最多两位小数", as_text=False),
    Column(SPENDABLE, 6, "现在还能兑换多少分，不能是负数；空着就是没有。最多两位小数", as_text=False),
    Column(REMARKS, 16, "给自己看的，不会存"),
)
NOTES: Final = (
    "以前记在本子上、别的系统里的分，第一次用的时候一次导入。导入以后不能再改，只能冲正。",
    "已经有积分账的户不能再导入期初。没有分的户，把两栏空着就行。",
)
_DECIMALS: Final = re.compile(r"[+-]?[\d,]*\.\d{3,}")


@dataclass(frozen=True)
class NewOpening:
    """What a household starts with, in centipoints. honour may be negative. row: where it stands in the sheet."""

    row: Row
    number: str
    head: str
    honour: int
    spendable: int

    @property
    def is_empty(self) -> bool:
        return not (self.honour or self.spendable)


@dataclass(frozen=True)
class Openings:
    """What a file says. ignored: headers of columns that nobody asked for."""

    rows: list[NewOpening]
    ignored: tuple[str, ...]


def openings_workbook(rows: Sequence[Sequence[Value]] = ()) -> bytes:
    """Write opening balances as .xlsx, rows in the order of the columns."""
    return write_workbook([SheetForm(OPENINGS, COLUMNS, rows, NOTES)])


def openings_template(village: Unit) -> bytes:
    """Write the form with the village's households in it, by number; those that were closed are left out."""
    opened = Account.objects.filter(kind=AccountKind.POINTS, closed_on=None)
    found = Household.objects.filter(village=village, left_on=None, holder__in=opened.values("holder"))
    numbers = dict(found.order_by("number").values_list("id", "number"))
    heads = household_heads(numbers)
    return openings_workbook([(number, heads.get(key, ""), "", "", "") for key, number in numbers.items()])


def read_openings(content: bytes, name: str, *, problems: Problems) -> Openings:
    """Read opening balances and note what is wrong with single cells; rows without points are left out.

    A file of one sheet is taken for them whatever that sheet's name.
    Raises: UnreadableSheet, EmptySheet, MissingSheet, MissingColumns, RepeatedColumns, StrayText.
    """
    tables = {table.sheet: table for table in read_tables(content, name)}
    table = tables.get(OPENINGS) or (next(iter(tables.values())) if len(tables) == 1 else None)
    if table is None:
        raise MissingSheet(name=name, sheet=OPENINGS)
    table.require((NUMBER, HONOUR, SPENDABLE))
    if not table.rows:
        raise EmptySheet(name=table.sheet)
    found = [_opening(row, problems) for row in table.rows]
    _check_numbers(found, problems)
    known = {column.header for column in COLUMNS}
    return Openings(found, tuple(header for header in table.headers if header not in known))


def _opening(row: Row, problems: Problems) -> NewOpening:
    spendable = _points(row, SPENDABLE, problems)
    if spendable < 0:
        text = _("可用积分不能是负数。欠的分，请写0，以后另记。")
        problems.add(row, SPENDABLE, "points-negative", text)
    return NewOpening(
        row,
        "".join(unicodedata.normalize("NFKC", row.text(NUMBER)).split()),
        "".join(row.text(HEAD).split()),
        _points(row, HONOUR, problems),
        spendable,
    )


def _points(row: Row, header: str, problems: Problems) -> int:
    text = row.text(header)
    if not text:
        return 0
    try:
        return parse_points(text)
    except NotPoints:
        plain = unicodedata.normalize("NFKC", text).replace(MINUS, "-")
        if _DECIMALS.fullmatch(plain):
            problems.add(row, header, "points-too-fine", _("最多两位小数。"))
        else:
            problems.add(row, header, "points-unreadable", _("不是分值。请写数字，例如5或0.5。"))
        return 0


def _check_numbers(found: Sequence[NewOpening], problems: Problems) -> None:
    seen: dict[str, Row] = {}
    for each in found:
        first = seen.setdefault(each.number, each.row)
        if not each.number:
            problems.add(each.row, NUMBER, "number-empty", _("没有写户号。"))
        elif first is not each.row:
            text = _("%(number)s户在第%(line)s行已经写过了，一户只写一行。")
            facts = {"number": each.number, "line": first.number}
            problems.add(each.row, NUMBER, "number-repeated", text % facts)
