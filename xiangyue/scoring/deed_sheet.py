"""Deeds from a sheet: one row for one share of one deed. Its form, and how it is read.

Rows that carry the same 事项号 are one deed with several shares; without one, each row is a deed of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from django.db.models import F
from django.utils.translation import gettext as _

from xiangyue.catalogue.entry import amount_in, row_in, side_in
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import indicators_of, pick_indicator, rules_in_force, schemes_of
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.kernel import clock
from xiangyue.kernel.points import parse_points
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.scoring.facts import Given, People, people_of
from xiangyue.scoring.judging import require_possible
from xiangyue.scoring.preparing import NewDeed, NewShare
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
    Column("档次", 10, "细则分几档的，写是哪一档，例如镇级、一等奖、严重"),
    Column("加扣", 6, "有加有扣的，写加还是扣"),
    Column("理由", 20, "酌情评分的，写为什么评这么多"),
    Column("说明", 30, "在哪里，做了什么"),
)
REQUIRED = ("日期", "户号", "指标")
_T = TypeVar("_T")


@dataclass
class KnownVillage:
    """What the rows are checked against, read once for the whole sheet, and the catalogue once for each day."""

    households: dict[str, Household]
    residents: dict[tuple[int, str], Resident]
    people: People
    unit: Unit
    rules: dict[date, tuple[Catalogue, list[Indicator]]] = field(default_factory=dict)
    read: dict[tuple[Catalogue, ...], list[Indicator]] = field(default_factory=dict)
    schemes: dict[int, Scheme] = field(default_factory=dict)

    @classmethod
    def of(cls, unit: Unit) -> "KnownVillage":
        """Read the households at and below a unit, with who is and was of them."""
        living = Household.objects.filter(unit__path__startswith=unit.path, left_on=None)
        households = list(living.select_related("unit"))
        # Who has left comes before whoever of that name is there now, and is replaced by them.
        residents = Resident.objects.filter(household__in=households)
        residents = residents.order_by(F("left_on").asc(nulls_last=True))
        return cls(
            households={household.number: household for household in households},
            residents={(resident.household_id, resident.name): resident for resident in residents},
            people=people_of(households),
            unit=unit,
        )

    def rules_of(self, day: date) -> tuple[Catalogue, list[Indicator]]:
        if day not in self.rules:
            catalogues = rules_in_force(self.unit, day).catalogues
            if catalogues not in self.read:
                self.read[catalogues] = indicators_of(*catalogues)
            self.rules[day] = catalogues[0], self.read[catalogues]
        return self.rules[day]

    def scheme_of(self, indicator: Indicator) -> Scheme:
        if indicator.catalogue_id not in self.schemes:
            self.schemes |= schemes_of([indicator])
        return self.schemes[indicator.catalogue_id]


def deed_form() -> bytes:
    """Give an empty workbook for deeds, with instructions."""
    return write_workbook([SheetForm(SHEET, COLUMNS)])


def read_deeds(unit: Unit, content: bytes, name: str, *, key: str) -> list[NewDeed]:
    """Read the deeds of a judging unit from a sheet. key: makes the deeds' own keys, with the place of
    their sheet and the row's number.

    Raises: SheetRefused with every problem by sheet, row, column and value; what is no such sheet raises.
    """
    problems = Problems()
    known = KnownVillage.of(unit)
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


def _deed(row: Row, known: KnownVillage, problems: Problems, key: str) -> NewDeed | None:
    before = len(problems)
    day = _day(row, problems)
    household = read_household(row, known, problems)
    resident = read_resident(row, household, known, problems)
    indicator = _indicator(row, day, known, problems) if day else None
    proposed = _read(row, "分值", lambda text: abs(parse_points(text)), problems)
    given = _given(row, indicator.item, problems) if indicator else Given()
    if len(problems) > before or not (day and household and indicator):
        return None
    given = replace(given, proposed=proposed)
    try:
        scheme = known.scheme_of(indicator)
        require_possible(indicator, day, household, resident, given, known.people, scheme)
    except Refusal as refusal:
        problems.add(row, _column_of(refusal, given), refusal.code, str(refusal))
        return None
    share = NewShare(household, resident, given)
    return NewDeed(key=key, indicator=indicator, day=day, shares=(share,), description=row.text("说明"))


def _given(row: Row, item: Item, problems: Problems) -> Given:
    """Read what the indicator asks for beside day, household and points."""
    placed = _read(row, "档次", lambda text: row_in(item, text), problems)
    return Given(
        amount=read_amount(row, "数量", item, problems),
        level=placed.level if placed else None,
        rank=placed.rank if placed else None,
        severity=placed.severity if placed else None,
        row=placed.name if placed else "",
        side=_read(row, "加扣", lambda text: side_in(item, text), problems),
        reason=row.text("理由"),
    )


def _read(row: Row, header: str, rule: Callable[[str], _T], problems: Problems) -> _T | None:
    """Read a cell that may be empty."""
    text = row.text(header)
    try:
        return rule(text) if text else None
    except Refusal as refusal:
        problems.add(row, header, refusal.code, str(refusal))
        return None


def _column_of(refusal: Refusal, given: Given) -> str:
    """Give the column that has to change, by what a refusal names."""
    if refusal.field == "points":
        return "数量" if given.proposed is None else "分值"
    return {"row": "档次", "side": "加扣", "reason": "理由", "quantity": "数量"}.get(
        refusal.field or "", "指标"
    )


def _day(row: Row, problems: Problems) -> date | None:
    try:
        day = date.fromisoformat(row.text("日期"))
    except ValueError:
        problems.add(row, "日期", "not-a-day", _("不是日期，请写成 2026-10-05 这样"))
        return None
    if day > clock.today():
        problems.add(row, "日期", "day-in-future", _("这一天还没到"))
    return day


def read_household(row: Row, known: KnownVillage, problems: Problems) -> Household | None:
    """Find the household of a row by its number; note a problem where there is none."""
    household = known.households.get(row.text("户号"))
    if household is None:
        problems.add(row, "户号", "unknown-household", _("户册里没有这个户号"))
    return household


def read_amount(row: Row, header: str, item: Item, problems: Problems) -> int | None:
    """Read how much of what an item counts, in base units; None of an empty cell, or with a problem noted."""
    return _read(row, header, lambda text: amount_in(item, text), problems)


def read_resident(
    row: Row, household: Household | None, known: KnownVillage, problems: Problems
) -> Resident | None:
    """Find who is meant by a row; None where nobody is named, or with a problem noted."""
    name = row.text("姓名")
    if not name or household is None:
        return None
    resident = known.residents.get((household.pk, name))
    if resident is None:
        problems.add(row, "姓名", "unknown-resident", _("这一户没有这个人"))
    return resident


def _indicator(row: Row, day: date, known: KnownVillage, problems: Problems) -> Indicator | None:
    try:
        catalogue, indicators = known.rules_of(day)
        return pick_indicator(catalogue, indicators, row.text("指标"))
    except Refusal as refusal:
        problems.add(row, "指标", refusal.code, str(refusal))
        return None


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
