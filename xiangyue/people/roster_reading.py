"""Reading a filled-in roster: cells become households, residents and appointments, or problems.

Nothing here asks the database; what only it can know (numbers and logins taken, units there) is checked by
`operations.roster`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people import roster_form as form
from xiangyue.people.models import Level, Relation
from xiangyue.people.offices import Office
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, Table, read_tables
from xiangyue.sheets.refusals import EmptySheet, MissingSheet

ADULT: Final = 18
LENGTHS: Final = {
    form.NUMBER: 20,
    form.GRID: 60,
    form.GROUP: 60,
    form.NAME: 60,
    form.ADDRESS: 120,
    form.LOGIN: 60,
}
_EARLIEST: Final = 1900
_DATE: Final = re.compile(r"(\d{4})(?:年|[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?)?|(\d{4})(\d{2})(\d{2})")
_CJK: Final = "\u2e80"

T = TypeVar("T")


@dataclass(frozen=True)
class NewResident:
    """A resident to be. row: where they stand in the sheet."""

    row: Row
    name: str
    sex: str
    born: date | None
    relation: Relation | None
    is_party_member: bool

    @property
    def is_head(self) -> bool:
        return self.relation is Relation.HEAD


@dataclass(frozen=True)
class NewHousehold:
    """A household to be. unit_names: of its grid and group, as far as it has them. row: its first one."""

    row: Row
    number: str
    unit_names: tuple[str, ...]
    address: str
    residents: list[NewResident]


@dataclass(frozen=True)
class NewAppointment:
    """An appointment to be. number: of the person's household, empty for staff who are no villagers."""

    row: Row
    number: str
    name: str
    office: Office | None
    unit_name: str
    since: date | None
    login: str

    @property
    def person(self) -> tuple[str, str]:
        """Who it is, as far as a roster tells people apart."""
        return self.number, self.name


@dataclass(frozen=True)
class Roster:
    """What a file says. ignored: headers of columns that nobody asked for."""

    households: list[NewHousehold]
    appointments: list[NewAppointment]
    ignored: tuple[str, ...]


def read_roster(content: bytes, name: str, *, leaf_levels: Sequence[Level], problems: Problems) -> Roster:
    """Read a roster and note what is wrong with single cells; give what could be read.

    A file of one sheet is taken for the roster whatever that sheet's name.
    Raises: UnreadableSheet, EmptySheet, MissingSheet, MissingColumns, RepeatedColumns, StrayText.
    """
    tables = {table.sheet: table for table in read_tables(content, name)}
    residents = tables.get(form.RESIDENTS) or (next(iter(tables.values())) if len(tables) == 1 else None)
    if residents is None:
        raise MissingSheet(name=name, sheet=form.RESIDENTS)
    residents.require((form.NUMBER, form.NAME, form.RELATION))
    if not residents.rows:
        raise EmptySheet(name=residents.sheet)
    appointments = tables.get(form.APPOINTMENTS)
    if appointments:
        appointments.require((form.NAME, form.OFFICE))
    return Roster(
        [_household(rows, leaf_levels, problems) for rows in _blocks(residents.rows, problems)],
        [_appointment(row, problems) for row in appointments.rows] if appointments else [],
        _ignored(residents, appointments),
    )


def _ignored(residents: Table, appointments: Table | None) -> tuple[str, ...]:
    known = {column.header for column in form.RESIDENT_COLUMNS}
    extra = [header for header in residents.headers if header not in known]
    if appointments:
        known = {column.header for column in form.appointment_columns()}
        extra += [header for header in appointments.headers if header not in known]
    return tuple(extra)


def _blocks(rows: Iterable[Row], problems: Problems) -> list[list[Row]]:
    """Sort rows into households: those that follow one another with one number."""
    blocks: list[list[Row]] = []
    current = None
    seen: dict[str, Row] = {}
    for row in rows:
        number = _number(row)
        if not number:
            problems.add(row, form.NUMBER, "number-empty", _("没有写户号。"))
            number = "" if row.text(form.RELATION) == form.HEAD else current or ""
        if number != current or not blocks:
            blocks.append([])
            current = number
            _refuse_second_block(row, number, seen, problems)
        blocks[-1].append(row)
    return blocks


def _refuse_second_block(row: Row, number: str, seen: dict[str, Row], problems: Problems) -> None:
    if not number:
        return
    first = seen.setdefault(number, row)
    if first is not row:
        text = _("户号%(number)s在第%(line)s行已经写过了。一户的人要写在一起，两户不能同号。")
        problems.add(row, form.NUMBER, "number-repeated", text % {"number": number, "line": first.number})


def _household(rows: list[Row], leaf_levels: Sequence[Level], problems: Problems) -> NewHousehold:
    residents = [_resident(row, problems) for row in rows]
    _check_heads(residents, problems)
    _check_names(residents, problems)
    return NewHousehold(
        rows[0],
        _number(rows[0]),
        _unit_names(rows, leaf_levels, problems),
        _shared(rows, form.ADDRESS, problems),
        residents,
    )


def _resident(row: Row, problems: Problems) -> NewResident:
    _check_length(row, form.NUMBER, problems)
    name = _name(row, problems)
    return NewResident(
        row,
        name,
        sex=_optional(row, form.SEX, form.SEXES, "sex", problems) or "",
        born=_born(row, problems),
        relation=_choice(row, form.RELATION, form.RELATIONS, "relation", problems),
        is_party_member=bool(_optional(row, form.PARTY, form.YES_OR_NO, "party", problems)),
    )


def _check_heads(residents: list[NewResident], problems: Problems) -> None:
    heads = [resident for resident in residents if resident.is_head]
    readable = all(resident.row.text(form.RELATION) in form.RELATIONS for resident in residents)
    if readable and not heads:
        problems.add(residents[0].row, form.RELATION, "head-missing", _("这一户没有户主。请选一个人当户主。"))
    for second in heads[1:]:
        text = _("这一户已经有户主%(name)s了（第%(line)s行）。一户只有一个户主。")
        facts = {"name": heads[0].name, "line": heads[0].row.number}
        problems.add(second.row, form.RELATION, "head-repeated", text % facts)


def _check_names(residents: list[NewResident], problems: Problems) -> None:
    seen: dict[str, Row] = {}
    for resident in residents:
        first = seen.setdefault(resident.name, resident.row)
        if resident.name and first is not resident.row:
            text = _("%(name)s在第%(line)s行已经写过了。")
            facts = {"name": resident.name, "line": first.number}
            problems.add(resident.row, form.NAME, "name-repeated", text % facts)


def _unit_names(rows: list[Row], leaf_levels: Sequence[Level], problems: Problems) -> tuple[str, ...]:
    """Give the names of the units that a household lies in below its village, from the top down."""
    headers = (form.GRID, form.GROUP)
    names = [_shared(rows, header, problems) for header in headers]
    for header, name in list(zip(headers, names, strict=True))[len(leaf_levels) :]:
        if name:
            problems.add(_row_of(rows, header), header, "level-unused", _("本村不分这一级，请空着。"))
    if names[1] and not names[0]:
        problems.add(rows[0], form.GRID, "grid-missing", _("写了联户组，也要写是哪个网格的。"))
    return tuple(name for name in names if name)


def _shared(rows: list[Row], header: str, problems: Problems) -> str:
    """Give what all rows of a household have in a column; those left empty follow the others."""
    texts = [_one_line(row.text(header)) for row in rows]
    shared = next((text for text in texts if text), "")
    for row, text in zip(rows, texts, strict=True):
        if text:
            _check_length(row, header, problems)
        if text not in ("", shared):
            message = _("同一户前面写的是“%(shared)s”，这里要一样，或者空着。")
            problems.add(row, header, "differs-in-household", message % {"shared": shared})
    return shared


def _row_of(rows: list[Row], header: str) -> Row:
    return next(row for row in rows if row.text(header))


def _appointment(row: Row, problems: Problems) -> NewAppointment:
    name = _name(row, problems)
    _check_length(row, form.LOGIN, problems)
    return NewAppointment(
        row,
        _number(row),
        name,
        office=_choice(row, form.OFFICE, form.office_labels(), "office", problems),
        unit_name=_one_line(row.text(form.UNIT)),
        since=_since(row, problems),
        login="".join(row.text(form.LOGIN).split()) or name,
    )


def _number(row: Row) -> str:
    return "".join(unicodedata.normalize("NFKC", row.text(form.NUMBER)).split())


def _name(row: Row, problems: Problems) -> str:
    """Read a name. Forms pad names of two characters with a blank, 田　禾, which is no part of them."""
    words = row.text(form.NAME).split()
    name = "".join(words) if any(word > _CJK for word in words) else " ".join(words)
    if not name:
        problems.add(row, form.NAME, "name-empty", _("没有写姓名。"))
    _check_length(row, form.NAME, problems)
    return name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _check_length(row: Row, header: str, problems: Problems) -> None:
    if len(row.text(header)) > LENGTHS[header]:
        text = _("太长了，最多%(limit)s个字。")
        problems.add(row, header, "too-long", text % {"limit": LENGTHS[header]})


def _optional(row: Row, header: str, choices: Mapping[str, T], code: str, problems: Problems) -> T | None:
    return _choice(row, header, choices, code, problems) if row.text(header) else None


def _choice(row: Row, header: str, choices: Mapping[str, T], code: str, problems: Problems) -> T | None:
    text = row.text(header)
    if text not in choices:
        code, message = (
            (f"{code}-unknown", _("不认识。可以填：%(choices)s。"))
            if text
            else (f"{code}-empty", _("没有填。可以填：%(choices)s。"))
        )
        problems.add(row, header, code, message % {"choices": "、".join(choices)})
        return None
    return choices[text]


def _born(row: Row, problems: Problems) -> date | None:
    text = row.text(form.BORN)
    if not text:
        return None
    born = _day(text, whole=False)
    if born is None:
        message = _("看不出是哪天。请写1984-03-09，或者只写年份1984。")
        problems.add(row, form.BORN, "born-unreadable", message)
        return None
    today = clock.today()
    if born > today:
        problems.add(row, form.BORN, "born-in-future", _("出生的日子还没到。"))
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return born if age >= ADULT else born.replace(month=1, day=1)


def _since(row: Row, problems: Problems) -> date | None:
    text = row.text(form.SINCE)
    if not text:
        return clock.today()
    since = _day(text, whole=True)
    if since is None:
        problems.add(row, form.SINCE, "since-unreadable", _("看不出是哪天。请写2026-11-01这样。"))
    return since


def _day(text: str, *, whole: bool) -> date | None:
    """Read a day as people write it: 1984-3-9, 1984/03/09, 1984.3.9, 1984年3月9日, 19840309.

    Unless it has to be whole, 1984年3月 and 1984 mean the first of it. None if it is no day since 1900.
    """
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if not match:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    if whole and not day:
        return None
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return found if found.year >= _EARLIEST else None
