"""A catalogue as the table that people hand in and take away (RULES "Excel and CSV form"). No database.

One indicator a row; headers in any order; columns that nobody knows are kept as remarks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.conduct import forbidden
from xiangyue.catalogue.limits import Limit, parse_limits
from xiangyue.catalogue.refusals import LimitNotUnderstood, ValueNotUnderstood
from xiangyue.catalogue.terms import Direction, Form, Subject
from xiangyue.catalogue.tokens import plain
from xiangyue.catalogue.values import PERIODS, TIME, UNIT_LENGTH, Value, parse_value
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.read import Row, Table, read_tables
from xiangyue.sheets.refusals import EmptySheet

FAMILY, CATEGORY, NUMBER, TITLE, DIRECTION = "大类", "板块", "编号", "指标", "方向"
VALUE, UNIT, LIMITS, MULTIPLIER, SUBJECT = "分值", "单位", "上限", "倍数", "对象"
SEASON, TERM, BASIS, REPAIR, REMARKS = "适用时间", "期限", "依据", "修复", "备注"
TEXTS: Final = {  # kept as written: header -> field of the indicator
    "证明材料": "evidence",
    "申报人": "brought_by",
    "核实人": "verified_by",
    "审批": "approved_by",
    TERM: "term",
    BASIS: "basis",
    REPAIR: "repair",
    REMARKS: "remarks",
}
HEADERS: Final = (
    FAMILY, CATEGORY, NUMBER, TITLE, DIRECTION, VALUE, UNIT, LIMITS, MULTIPLIER, SUBJECT,
    "证明材料", "申报人", "核实人", "审批", SEASON, TERM, BASIS, REPAIR, REMARKS,
)  # fmt: skip
GROUNDS: Final = {"basis": BASIS, "term": TERM, "repair": REPAIR}  # what a deduction must name (CONDUCT)
LENGTHS: Final = {FAMILY: 60, CATEGORY: 60, NUMBER: 20, TITLE: 200, UNIT: UNIT_LENGTH}
MOST_INDICATORS: Final = 5_000

DIRECTIONS: Final = {
    Direction.AWARD: ("加", "加分", "奖", "奖励", "+"),
    Direction.DEDUCTION: ("扣", "扣分", "减", "减分", "-", "−"),
}
SUBJECTS: Final = {
    Subject.HOUSEHOLD: ("农户", "户", "家庭", "家庭户", "每户", "以户为单位"),
    Subject.PERSON: ("村民个人", "个人", "村民", "家庭成员", "每人", "本人"),
}
_DIRECTION_OF = {word: direction for direction, words in DIRECTIONS.items() for word in words}
_SUBJECT_OF = {word: subject for subject, words in SUBJECTS.items() for word in words}
_ALWAYS = {"", "长期", "全年", "常年"}
_NO_MULTIPLIER = {"", "1", "无", "—", "-"}
_NO_CATEGORY = "未分板块"


@dataclass(frozen=True)
class Line:
    """One indicator as its row says it. texts: by field of the indicator."""

    family: str
    category: str
    number: str
    title: str
    direction: Direction
    value: Value
    unit: str
    limits: tuple[Limit, ...]
    subject: Subject
    texts: dict[str, str]


@dataclass
class Reading:
    """What a file says: the lines that are understood, the problems, and what to know before enacting it."""

    lines: list[Line] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: Problems = field(default_factory=Problems)

    @property
    def warnings(self) -> list[Problem]:
        return self.notes.in_order()

    @property
    def case_by_case(self) -> int:
        return sum(line.value.form is Form.CASE_BY_CASE for line in self.lines)


def read_catalogue(content: bytes, name: str) -> Reading:
    """Read a catalogue's file; whatever is wrong with its rows is collected in `problems`.

    Raises: what `read_tables` and `Table.require` raise for a file that is no such table; EmptySheet.
    """
    reading, tables = Reading(), read_tables(content, name)
    for table in tables:
        table.require((TITLE, VALUE))
    rows = [place for table in tables for place in _rows(table)]
    if not rows:
        raise EmptySheet(name=name)
    numbers = _Numbers(row for row, _family, _category in rows)
    for index, (row, family, category) in enumerate(rows):
        if index == MOST_INDICATORS:
            text = _("一份细则最多%(most)s项。") % {"most": MOST_INDICATORS}
            reading.problems.add(row, TITLE, "too-many-indicators", text)
            break
        _read_row(row, family, category, numbers, reading)
    return reading


def _rows(table: Table) -> Iterator[tuple[Row, str, str]]:
    """Give the rows with family and category; where both are empty, the row belongs with the one above it."""
    family, category = "", _NO_CATEGORY
    for row in table.rows:
        if row.text(FAMILY) or row.text(CATEGORY):
            family, category = _line_of(row, FAMILY), _line_of(row, CATEGORY)
            if not category:
                family, category = "", family
        yield row, family, category


class _Numbers:
    """Numbers of indicators: as written, or else the next that is free."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._written = {row.text(NUMBER) for row in rows}
        self._given: set[str] = set()
        self._next = 1

    def of(self, row: Row, problems: Problems) -> str:
        number = row.text(NUMBER)
        if number in self._given:
            text = _("编号“%(number)s”用了不止一次。") % {"number": number}
            problems.add(row, NUMBER, "number-repeated", text)
        while not number:
            if str(self._next) not in self._written:
                number = str(self._next)
            self._next += 1
        self._given.add(number)
        return number


def _read_row(row: Row, family: str, category: str, numbers: _Numbers, reading: Reading) -> None:
    problems, before = reading.problems, len(reading.problems)
    _check_texts(row, problems)
    number = numbers.of(row, problems)
    value = _value(row, problems)
    direction = _direction(row, value, problems)
    unit = _unit(row, value, problems)
    subject = _subject(row, problems)
    limits = _limits(row, subject, problems)
    if value is None or len(problems) > before:
        return
    texts = {name: row.text(header) for header, name in TEXTS.items()}
    texts["remarks"] = _remarks(row)
    line = Line(
        family, category, number, _line_of(row, TITLE), direction, value, unit, limits, subject, texts
    )
    reading.lines.append(line)
    _note(row, line, reading.notes)


def _check_texts(row: Row, problems: Problems) -> None:
    if not row.text(TITLE):
        problems.add(row, TITLE, "title-missing", _("没写指标的名称。不是指标的行请删掉。"))
    for header, most in LENGTHS.items():
        if len(row.text(header)) > most:
            problems.add(row, header, "too-long", _("最多%(most)s个字。") % {"most": most})
    if plain(row.text(MULTIPLIER)) not in _NO_MULTIPLIER:
        text = _("倍数不能施行。请直接写分值；分几种情形的，一种写一行。")
        problems.add(row, MULTIPLIER, "multiplier-not-supported", text)
    if plain(row.text(SEASON)) not in _ALWAYS:
        text = _("只在一段时间里适用的指标不能施行。全年适用的请空着，或写长期。")
        problems.add(row, SEASON, "season-not-supported", text)


def _value(row: Row, problems: Problems) -> Value | None:
    try:
        return parse_value(row.text(VALUE))
    except ValueNotUnderstood as refusal:
        if row.text(VALUE) or plain(row.text(DIRECTION)) in ("", *_DIRECTION_OF):
            problems.add(row, VALUE, refusal.code, str(refusal))
        return None  # 清零 needs no points beside it: the direction is what is refused


def _direction(row: Row, value: Value | None, problems: Problems) -> Direction:
    said = value.direction if value else None
    written = plain(row.text(DIRECTION))
    if not written:
        return said or Direction.AWARD
    direction = _DIRECTION_OF.get(written)
    if direction is None:
        text = _("方向“%(text)s”不能施行。请写加或扣；既加又扣的拆成两行，要逐件商量的写一事一议。")
        problems.add(row, DIRECTION, "direction-not-understood", text % {"text": row.text(DIRECTION)})
        return Direction.AWARD
    if said and said is not direction:
        facts = {"direction": row.text(DIRECTION), "value": row.text(VALUE)}
        text = _("方向写的是“%(direction)s”，分值写的是“%(value)s”，两样对不上。") % facts
        problems.add(row, VALUE, "direction-differs", text)
    return direction


def _unit(row: Row, value: Value | None, problems: Problems) -> str:
    written = plain(row.text(UNIT))
    per = value.per if value else ""
    if written in PERIODS:
        text = _("多久记一回要写在“上限”一栏，例如一次性、每月1次；单位写次、小时、亩。")
        problems.add(row, UNIT, "unit-is-a-period", text)
    elif per and written and per != written:
        facts = {"per": per, "unit": row.text(UNIT)}
        text = _("分值按“%(per)s”计，单位写的是“%(unit)s”，两样对不上。") % facts
        problems.add(row, UNIT, "unit-differs", text)
    return per or written or TIME


def _subject(row: Row, problems: Problems) -> Subject:
    written = plain(row.text(SUBJECT))
    if written and written not in _SUBJECT_OF:
        text = _("对象“%(text)s”不能施行。请写农户或村民个人。") % {"text": row.text(SUBJECT)}
        problems.add(row, SUBJECT, "subject-not-understood", text)
    return _SUBJECT_OF.get(written, Subject.HOUSEHOLD)


def _limits(row: Row, subject: Subject, problems: Problems) -> tuple[Limit, ...]:
    try:
        return parse_limits(row.text(LIMITS), subject)
    except LimitNotUnderstood as refusal:
        problems.add(row, LIMITS, refusal.code, str(refusal))
        return ()


def _remarks(row: Row) -> str:
    extra = (
        f"{header}：{cell.text}" for header, cell in row.cells.items() if header not in HEADERS and cell.text
    )
    return "\n".join(filter(None, (row.text(REMARKS), *extra)))


def _note(row: Row, line: Line, notes: Problems) -> None:
    if line.value.form in (Form.FIXED, Form.RANGE) and line.unit != TIME:
        facts = {"unit": line.unit}
        text = _("按一回几分算，不看有多少%(unit)s；要按%(unit)s计，分值请写成每%(unit)s几分。") % facts
        notes.add(row, UNIT, "unit-not-counted", text)
    if line.direction is Direction.DEDUCTION:
        for name, header in GROUNDS.items():
            if not line.texts[name]:
                text = _("扣分没写%(header)s，能先存成草案，补上才能施行。") % {"header": header}
                notes.add(row, header, "deduction-without-grounds", text)
    for header in (TITLE, *TEXTS):
        if found := forbidden(line.direction, [row.text(header)]):
            consequence, words = found
            facts = {"words": words, "name": str(consequence.name), "instead": str(consequence.instead)}
            text = _("写了“%(words)s”：%(name)s，不能施行。%(instead)s") % facts
            notes.add(row, header, "forbidden-consequence", text)


def _line_of(row: Row, header: str) -> str:
    """Give a cell's text as one line: people break titles to make them fit."""
    return "".join(part.strip() for part in row.text(header).splitlines())
