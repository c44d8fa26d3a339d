"""Deeds from a sheet: one row for one share of one deed. Its form, and how it is read.

Rows that carry the same 事项号 are one deed with several shares; without one, each row is a deed of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import catalogue_in_force, indicators_of, pick_indicator
from xiangyue.kernel import clock
from xiangyue.kernel.points import parse_points
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.scoring.operations.bringing import HUNDREDTHS, NewDeed, NewShare, require_possible
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, read_tables
from xiangyue.sheets.write import Column, SheetForm, write_workbook

SHEET = "积分事项"
COLUMNS = (
    Column("事项号", 8, "几户一起做的一件事，写同一个号；一户一件的，空着"),
    Column("日期", 12, "做这件事的那一天，例如 2026-10-05"),
    Column("户号", 8, "和户册上一样"),
    Column("姓名", 10, "哪一个人做的；全家的事空着"),
    Column("指标", 22, "细则里的编号或名称"),
    Column("分值", 8, "细则写了一个幅度的，写要几分；固定分值的空着", as_text=False),
    Column("数量", 8, "按小时、按亩计分的，写几小时、几亩", as_text=False),
    Column("说明", 30, "在哪里，做了什么"),
)
REQUIRED = ("日期", "户号", "指标")


@dataclass
class _Known:
    """What the rows are checked against, read once for the whole sheet, and the catalogue once for each day."""

    households: dict[str, Household]
    residents: dict[tuple[int, str], Resident]
    unit: Unit
    rules: dict[date, tuple[Catalogue, list[Indicator]]] = field(default_factory=dict)

    def rules_of(self, day: date) -> tuple[Catalogue, list[Indicator]]:
        if day not in self.rules:
            catalogue = catalogue_in_force(self.unit, day)
            known = {found.pk: (found, indicators) for found, indicators in self.rules.values()}
            self.rules[day] = known.get(catalogue.pk) or (catalogue, indicators_of(catalogue))
        return self.rules[day]


def deed_form() -> bytes:
    """Give an empty workbook for deeds, with instructions."""
    return write_workbook([SheetForm(SHEET, COLUMNS)])


def read_deeds(unit: Unit, content: bytes, name: str, *, key: str) -> list[NewDeed]:
    """Read the deeds of a judging unit from a sheet. key: makes the deeds' own keys, with the place of
    their sheet and the row's number.

    Raises: SheetRefused with every problem by sheet, row, column and value; what is no such sheet raises.
    """
    problems = Problems()
    known = _known(unit)
    grouped: dict[str, list[tuple[Row, NewDeed]]] = {}
    for place, table in enumerate(read_tables(content, name), start=1):
        table.require(REQUIRED)
        for row in table.rows:
            deed = _deed(row, known, problems, f"{key}:{place}:{row.number}")
            if deed:
                grouped.setdefault(row.text("事项号") or deed.key, []).append((row, deed))
    deeds = [_merged(rows, problems) for rows in grouped.values()]
    problems.raise_if_any()
    return deeds


def _known(unit: Unit) -> _Known:
    households = Household.objects.filter(village=unit).select_related("unit")
    residents = Resident.objects.filter(household__village=unit)
    return _Known(
        households={household.number: household for household in households},
        residents={(resident.household_id, resident.name): resident for resident in residents},
        unit=unit,
    )


def _deed(row: Row, known: _Known, problems: Problems, key: str) -> NewDeed | None:
    before = len(problems)
    day = _day(row, problems)
    household = known.households.get(row.text("户号"))
    if household is None:
        problems.add(row, "户号", "unknown-household", _("户册里没有这个户号"))
    resident = _resident(row, household, known, problems)
    indicator = _indicator(row, day, known, problems) if day else None
    proposed, quantity = _points(row, problems), _quantity(row, problems)
    if len(problems) > before or not (day and household and indicator):
        return None
    share = NewShare(household=household, resident=resident, proposed=proposed, quantity=quantity)
    try:
        require_possible(indicator, day, share)
    except Refusal as refusal:
        meant = "分值" if refusal.field == "points" and proposed is not None else "数量"
        problems.add(row, meant, refusal.code, str(refusal))
        return None
    return NewDeed(key=key, indicator=indicator, day=day, shares=(share,), description=row.text("说明"))


def _day(row: Row, problems: Problems) -> date | None:
    try:
        day = date.fromisoformat(row.text("日期"))
    except ValueError:
        problems.add(row, "日期", "not-a-day", _("不是日期，请写成 2026-10-05 这样"))
        return None
    if day > clock.today():
        problems.add(row, "日期", "day-in-future", _("这一天还没到"))
    return day


def _resident(row: Row, household: Household | None, known: _Known, problems: Problems) -> Resident | None:
    name = row.text("姓名")
    if not name or household is None:
        return None
    resident = known.residents.get((household.pk, name))
    if resident is None:
        problems.add(row, "姓名", "unknown-resident", _("这一户没有这个人"))
    return resident


def _indicator(row: Row, day: date, known: _Known, problems: Problems) -> Indicator | None:
    try:
        catalogue, indicators = known.rules_of(day)
        return pick_indicator(catalogue, indicators, row.text("指标"))
    except Refusal as refusal:
        problems.add(row, "指标", refusal.code, str(refusal))
        return None


def _points(row: Row, problems: Problems) -> int | None:
    text = row.text("分值")
    if not text:
        return None
    try:
        return abs(parse_points(text))
    except Refusal as refusal:
        problems.add(row, "分值", refusal.code, str(refusal))
        return None


def _quantity(row: Row, problems: Problems) -> int | None:
    text = row.text("数量")
    if not text:
        return None
    try:
        hundredths = Decimal(text) * HUNDREDTHS
    except InvalidOperation:
        hundredths = Decimal("NaN")
    if not hundredths.is_finite() or hundredths <= 0 or hundredths % 1:
        problems.add(row, "数量", "not-a-quantity", _("请写大于0的数，最多两位小数"))
        return None
    return int(hundredths)


def _merged(rows: Sequence[tuple[Row, NewDeed]], problems: Problems) -> NewDeed:
    """Make one deed of the rows with one number; they must agree on what happened, and when."""
    first, *others = (deed for _row, deed in rows)
    for row, deed in rows:
        if (deed.day, deed.indicator) != (first.day, first.indicator):
            problems.add(row, "事项号", "deed-differs", _("同一个事项号，日期和指标要一样"))
    shares = [*first.shares, *(share for deed in others for share in deed.shares)]
    seen = set()
    for row, deed in rows:
        who = deed.shares[0].household.pk, deed.shares[0].resident
        if who in seen:
            problems.add(row, "户号", "share-repeated", _("同一件事里，这一户（这个人）写了两次"))
        seen.add(who)
    return NewDeed(first.key, first.indicator, first.day, tuple(shares), first.description)
