"""What 单位 says beside 分值: what a row's points are for, and whose they are. Pure."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns, words
from xiangyue.catalogue.language.caps import Cap
from xiangyue.catalogue.language.cells import Cells, Refusal
from xiangyue.catalogue.language.parse import NotUnderstood, parse_value
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.language.several import is_piece
from xiangyue.catalogue.language.subjects import Counted
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.terms import Counting, Measure, Subject, Whose, Window
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    Discretion,
    Fixed,
    PerUnit,
    Range,
    StepTable,
    Unit,
    Worth,
)
from xiangyue.catalogue.rules.worth import Table as Tabled
from xiangyue.sheets.read import Row

_RATE = re.compile(
    "每(?:满|捐|捐款)?[0-9一二两三四五六七八九十百千万.]+[^0-9分]{1,4}(?:加|计|积|奖|得|记|扣|减)?[0-9.]+分"
)
_LEADING = ("带动", "吸纳", "安置", "结对", "资助", "招用", "雇用", "帮扶", "介绍")
PERSONAL = (Subject.PERSON, Subject.PARTY_MEMBER)


def with_unit(row: Row, cells: Cells, value: Value) -> tuple[Value, Subject]:
    """Let 单位 say what the points are for, where 分值 says only how many."""
    counts = isinstance(value.worth, PerUnit)
    value = _led(row, replace(value, whose=value.whose or cells.counted.whose))
    subject = cells.who.subject or _subject_of(value)
    if value.whose is Whose.HOUSEHOLD and subject is not Subject.HOUSEHOLD:
        text = _("分值是按每户写的，对象不是农户，两样对不上。")
        raise Refusal(columns.SUBJECT, "subject-differs", text)
    value = _own_head(_per_head(value, subject), subject)
    for rule in (_of_visited, _converted, _rated_by_title):
        if (found := rule(row, cells, value)) is not None:
            return found, subject
    return _of_unit(row, cells, value, subject, counts=counts), subject


def _of_unit(row: Row, cells: Cells, value: Value, subject: Subject, *, counts: bool) -> Value:
    """Give a row's points by its unit. counts: 分值 says itself what is counted. Raises: Refusal."""
    unit, counted = cells.counted.unit, cells.counted
    if unit is None:
        deed = plain(row.text(columns.UNIT)) and counted.slot is None and not _by_price(row, value.worth)
        if deed and counts and isinstance(value.worth, PerUnit):
            raise _units_differ(row, value.worth)
        return value
    if isinstance(value.worth, PerUnit | Bands | StepTable):
        mine = value.worth.unit
        if not alike(mine, unit) and not (is_piece(unit) and _by_price(row, value.worth)):
            raise _units_differ(row, value.worth)
        return value
    led = plain(row.text(columns.TITLE)).startswith(_LEADING)  # 带动周边户改厕 | 5 | 户
    if (_is_the_subject(unit.name, subject) and not led) or (is_piece(unit) and _is_chosen(value.worth)):
        return value
    if not isinstance(value.worth, Fixed):
        text = _("按量计分的，每%(unit)s只能写一个分值。") % {"unit": unit.name}
        raise Refusal(columns.UNIT, "range-per-unit", text)
    if unit.measure in words.MONEY_OR_TIME and unit.size != 60 and counted.per is None:
        text = _("看不出是每多少%(unit)s几分，请在分值里写明，例如每100%(unit)s1。") % {"unit": unit.name}
        raise Refusal(columns.UNIT, "unit-ambiguous", text)
    return replace(value, worth=_by_unit(unit, counted, value.worth))


def _of_visited(_row: Row, cells: Cells, value: Value) -> Value | None:
    """Read 照料孤寡老人 | 5 | 户/月 of a volunteer as five for every household, once a month; None for other rows.

    Whoever acts for others by what they are (volunteers, members of the party) doesn't act for their own household.
    """
    slot = cells.counted.slot
    acts = bool(cells.who.kinds) or cells.who.subject is Subject.PARTY_MEMBER
    if slot is None or slot.whose is not Whose.HOUSEHOLD or cells.who.subject not in PERSONAL or not acts:
        return None
    if not isinstance(value.worth, Fixed):
        return None
    cells.counted = replace(cells.counted, slot=replace(slot, whose=None))
    return replace(value, worth=PerUnit(Unit("户"), 100, value.worth.points, whole=False))


def _by_price(row: Row, worth: Worth) -> bool:
    """Whether what is given is turned into money: 捐物 | 折价10元1分 | 件."""
    money = isinstance(worth, PerUnit | Bands | StepTable) and worth.unit.measure is Measure.FEN
    return money and "折" in row.text(columns.VALUE) + row.text(columns.TITLE)


def _led(row: Row, value: Value) -> Value:
    """Read 带动脱贫户务工 | 2分/人/月 as two for each who is led, once a month, not as once for each person."""
    slots = [cap for cap in value.caps if cap.whose is Whose.PERSON and cap.window in words.SLOT_WINDOWS]
    if not isinstance(value.worth, Fixed) or len(slots) != 1 or value.whose is not Whose.PERSON:
        return value
    if slots[0].amount != 1 or not plain(row.text(columns.TITLE)).startswith(_LEADING):
        return value
    caps = tuple(replace(cap, whose=None) if cap in slots else cap for cap in value.caps)
    worth = PerUnit(Unit("人"), 100, value.worth.points, whole=False)
    return replace(value, worth=worth, caps=caps, whose=None)


def _by_unit(unit: Unit, counted: Counted, points: Fixed) -> PerUnit:
    return PerUnit(unit, counted.per or unit.size, points.points, counted.whole)


def _is_chosen(worth: Worth) -> bool:
    """Whether points are found for each deed by itself, so that a unit beside them only names the deed."""
    if isinstance(worth, Both):
        sides = (worth.award, worth.deduction)
        return all(isinstance(side, Fixed) or _is_chosen(side) for side in sides)
    return isinstance(worth, Range | Discretion | Tabled)


def _subject_of(value: Value) -> Subject:
    return Subject.PERSON if value.whose and value.whose.value == "person" else Subject.HOUSEHOLD


def _per_head(value: Value, subject: Subject) -> Value:
    """Read 每人每次5分 for a household as five for every person who came."""
    personal = value.whose is not None and value.whose.value == "person"
    slots = [cap for cap in value.caps if cap.whose is value.whose]
    if not personal or subject in PERSONAL or slots:
        return value
    if isinstance(value.worth, PerUnit):
        return replace(value, worth=_of_persons(value.worth))
    if not isinstance(value.worth, Fixed):
        return value
    return replace(value, worth=PerUnit(Unit("人次"), 100, value.worth.points, whole=False))


def _of_persons(worth: PerUnit) -> PerUnit:
    """Read 每人每小时1分 for a household as one for every hour of every person."""
    unit = Unit(f"人{worth.unit.name}")
    if unit.name not in words.COUNTED or worth.per != worth.unit.size or worth.over:
        text = _("分值是按每人写的，对象是农户，看不出几个人的怎么合起来算，请把对象写成村民个人。")
        raise Refusal(columns.SUBJECT, "subject-differs", text)
    return PerUnit(unit, unit.size, worth.points, worth.whole)


def _own_head(value: Value, subject: Subject) -> Value:
    """Read 每人5分 for a person, and 每户5分 for a household, as five: nobody counts how many of oneself there are."""
    worth = value.worth
    if not value.per_head or not isinstance(worth, PerUnit) or not _is_the_subject(worth.unit.name, subject):
        return value
    return replace(value, worth=Fixed(worth.points))


def _is_the_subject(name: str, subject: Subject) -> bool:
    if subject in PERSONAL:
        return name in ("人", "名", "位", "人次")
    return subject is Subject.HOUSEHOLD and name in ("户", "家", "户次")


def _units_differ(row: Row, worth: PerUnit | Bands | StepTable) -> Refusal:
    facts = {"per": worth.unit.name, "unit": row.text(columns.UNIT)}
    text = _("分值按“%(per)s”计，单位写的是“%(unit)s”，两样对不上。") % facts
    return Refusal(columns.UNIT, "unit-differs", text)


def _converted(row: Row, cells: Cells, value: Value) -> Value | None:
    """Find the rule by which an amount was turned into points in the title: 捐款1万元以上的，每1000元加1分.

    The points beside it are then the most that one deed can bring. None for units that turn nothing into points.
    """
    counted = cells.counted
    if not counted.converted:
        return None
    if counted.unit is None:
        return value
    if not isinstance(value.worth, Fixed | Range):
        return None  # cases with points of their own are not turned into points by 元(折算)
    try:
        rule = parse_value(row.text(columns.TITLE))
    except NotUnderstood:
        rule = value
    if not isinstance(rule.worth, PerUnit | Bands) or rule.worth.unit.measure is not counted.unit.measure:
        text = _("看不出按什么折算，请在分值里写明，例如每100元1，每次最高10分。")
        raise Refusal(columns.UNIT, "unit-ambiguous", text)
    most = value.worth.points if isinstance(value.worth, Fixed) else value.worth.high
    caps = (*value.caps, *rule.caps, Cap(Counting.POINTS, most, Window.TIME))
    return replace(value, worth=rule.worth, caps=caps, direction=value.direction or rule.direction)


def _rated_by_title(row: Row, cells: Cells, value: Value) -> Value | None:
    """Read 捐款100—1000元的，每100元加1分 beside +1至+10: the title's rate, between these bounds; None for other rows.

    Raises: Refusal where a figure beside the title's rate is neither that rate nor said to be the most.
    """
    counted, title = cells.counted, plain(row.text(columns.TITLE))
    if not isinstance(value.worth, Fixed | Range) or not _RATE.search(title):
        return None
    try:
        rule = parse_value(title)
    except NotUnderstood:
        return None
    if not isinstance(rule.worth, PerUnit | Bands) or (
        counted.unit is not None and not alike(rule.worth.unit, counted.unit)
    ):
        return None
    rate = rule.worth.points if isinstance(rule.worth, PerUnit) else rule.worth.bands[0].points
    if isinstance(value.worth, Fixed):
        if value.worth.points == rate:
            return replace(value, worth=rule.worth, direction=value.direction or rule.direction, kept=True)
        told = _("指标里写的是每多少几分，分值写的数和它不一样；分值请写成每100元1，最高几分写在“上限”里。")
        raise Refusal(columns.VALUE, "unit-in-title", told)
    if value.worth.low != rate:
        return None
    caps = (*value.caps, *rule.caps, Cap(Counting.POINTS, value.worth.high, Window.TIME))
    return replace(value, worth=rule.worth, caps=caps, direction=value.direction or rule.direction)


def alike(counted: Unit, named: Unit) -> bool:
    """Whether a unit is the one that points are counted by: 小时 and 分钟, 个 and 个烟头."""
    if counted.measure is not named.measure:
        return False
    return counted.measure in words.MONEY_OR_TIME or counted.name.startswith(named.name)
