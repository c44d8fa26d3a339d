"""Reading a filled-in roster row by row: cells become what is stored, written out for COPY, or problems.

Nothing here asks the database, and nothing is held but the household that is being read; what only the database can
know (numbers and ID numbers taken, units there) is checked by `operations.roster`.
"""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, Final

from django.utils.translation import gettext as _

from xiangyue.people import roster_form as form
from xiangyue.people.models import Level, Relation
from xiangyue.people.names import pinyin_of
from xiangyue.people.roster_cells import (
    Finding,
    copied,
    name_of,
    not_offered,
    number_of,
    too_long,
    wrong_name,
)
from xiangyue.people.roster_values import NO_ID, NO_PHONE, NO_TAGS, Birth, Cells, Tags, id_as_number
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.read import cell_text, column_letter
from xiangyue.sheets.stream import Column, Stream
from xiangyue.sheets.workbooks import Area

COLUMNS: Final = tuple(column.header for column in form.RESIDENT_COLUMNS)
LENGTHS: Final = {form.NUMBER: 20, form.GRID: 60, form.GROUP: 60, form.NAME: 60, form.ADDRESS: 120}

_AT: Final = {header: place for place, header in enumerate(COLUMNS)}
_ID, _PHONE, _RELATION = _AT[form.ID_NUMBER], _AT[form.PHONE], _AT[form.RELATION]
_NOTHING_SEALED: Final = f"{NO_ID}\t{NO_PHONE}"
_LOT: Final = 500  # rows handed over at once
_EARLIEST: Final = 1900
_DATE: Final = re.compile(r"(\d{4})(?:年|[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?)?|(\d{4})(\d{2})(\d{2})")

_RELATIONS: Final = {text: relation.value for text, relation in form.RELATIONS.items()}
_SEXES: Final = {"": "", **{text: sex.value for text, sex in form.SEXES.items()}}
_YES_OR_NO: Final = {"": "f", **{text: "t" if yes else "f" for text, yes in form.YES_OR_NO.items()}}

Texts = Sequence[str]  # of a row, in the order of COLUMNS
Place = tuple[str, str, str]  # code of the village, grid, group


@dataclass(frozen=True)
class Scope:
    """Where a roster's households may live. villages: codes. only: the one village where there is but one, or "".

    levels: what the columns of grid and group stand for in this scheme.
    """

    villages: frozenset[str]
    only: str
    levels: Sequence[Level]


@dataclass
class Reading:
    """What was read. columns: headers that the file has, of those that are known; ignored: the others.

    places: where households live, numbered in the order in which they first appear. homes: the households for COPY.
    """

    sheet: str
    columns: frozenset[str]
    ignored: tuple[str, ...]
    households: int = 0
    residents: int = 0
    party_members: int = 0
    places: dict[Place, int] = field(default_factory=dict)
    homes: io.StringIO = field(default_factory=io.StringIO)


@dataclass(slots=True)
class _Home:
    """The household that is being read. line, texts: its first row. *_at: the row that said so."""

    line: int
    texts: Texts
    village: str
    number: str
    grid: str = ""
    group: str = ""
    address: str = ""
    tags: Tags = NO_TAGS
    tags_text: str = ""
    grid_at: tuple[int, Texts] | None = None
    group_at: tuple[int, Texts] | None = None
    head: str = ""
    head_line: int = 0
    is_readable: bool = True
    names: dict[str, tuple[int, str]] = field(default_factory=dict)  # -> line, ID number


def read_rows(
    stream: Stream, scope: Scope, cells: Cells, problems: Problems, write: Callable[[str], None]
) -> Reading:
    """Walk through the sheet of people; hand every resident over to `write` in COPY's text format, in lots.

    Raises: StrayText, UnreadableSheet.
    """
    return _Walk(stream, scope, cells, problems, write).run()


def day_of(text: str, *, whole: bool = False) -> date | None:
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


def one_line(text: str) -> str:
    """Join lines and runs of blanks by one blank."""
    return " ".join(text.split())


class _Walk:
    def __init__(
        self,
        stream: Stream,
        scope: Scope,
        cells: Cells,
        problems: Problems,
        write: Callable[[str], None],
    ) -> None:
        self.stream, self.scope, self.cells, self.problems = stream, scope, cells, problems
        self.write = write
        self.letters = {column.header: column.letter for column in stream.columns}
        self.reading = Reading(
            stream.sheet,
            frozenset(self.letters) & frozenset(COLUMNS),
            tuple(header for header in stream.headers if header not in _AT),
        )
        self.home: _Home | None = None

    def run(self) -> Reading:
        self._note_hidden()
        lot: list[str] = []
        for line, texts in self._filled():
            lot.append(self._resident(line, texts))
            if len(lot) == _LOT:
                self.write("".join(lot))
                lot.clear()
        self.write("".join(lot))
        self._close()
        return self.reading

    def _filled(self) -> Iterator[tuple[int, Texts]]:
        """Give the filled rows as clean texts. Nearly all rows are plain texts, and need no cleaning."""
        index = {column.header: column.index for column in self.stream.columns}
        width = max(index.values()) + 1
        take: Callable[[list[object]], tuple[Any, ...]] = itemgetter(
            *(index.get(each, -1) for each in COLUMNS)
        )
        headed = len(self.stream.columns)
        for line, values in self.stream.rows():
            if len(values) > headed:
                self.stream.refuse_stray(line, values)
            if len(values) < width:  # a short line of a .csv
                values += [""] * (width - len(values))
            values.append("")  # what a column that the sheet lacks is read from
            row = take(values)
            try:
                joined = "".join(row)
                if joined.isprintable() and " " not in joined:
                    if joined:
                        yield line, row
                    continue
            except TypeError:
                pass  # numbers, days
            texts = tuple(one_line(cell_text(value)) for value in row)
            if any(texts):
                yield line, self._without_rounded(line, row, texts)

    def _without_rounded(self, line: int, row: Sequence[object], texts: tuple[str, ...]) -> Texts:
        if texts[_ID] and self.cells.keeps_ids and not isinstance(row[_ID], str):
            self._find(line, texts, form.ID_NUMBER, id_as_number())
            texts = (*texts[:_ID], "", *texts[_ID + 1 :])
        return texts

    def _resident(self, line: int, texts: Texts) -> str:
        home = self._household(line, texts)
        _v, _n, _g, _p, name, relation, sex, born, id_number, phone, party, elsewhere, _t, _a = texts
        if " " in name:
            name = name_of(name)
        if finding := wrong_name(name, LENGTHS[form.NAME]):
            self._find(line, texts, form.NAME, finding)
        else:
            self._name(line, texts, home, name, id_number)
        role = _RELATIONS.get(relation)
        if role is None or role == Relation.HEAD:
            self._head(line, texts, home, name)
        birth = self.cells.birth(born)
        if birth.finding:
            self._find(line, texts, form.BORN, birth.finding)
        sealed = _NOTHING_SEALED
        if id_number or phone:
            sealed, birth = self._seal(line, texts, birth)
        sex_code = _SEXES.get(sex)
        if sex_code is None:
            sex_code = ""
            self._find(line, texts, form.SEX, not_offered("sex", sex, form.SEXES))
        is_member = self._yes(line, texts, form.PARTY, party, "party")
        away = self._yes(line, texts, form.ELSEWHERE, elsewhere, "elsewhere")
        self.reading.residents += 1
        self.reading.party_members += is_member == "t"
        pinyin, initials = pinyin_of(name)
        if "\\" in name:
            name = copied(name)
        return (
            f"{line}\t{self.reading.households}\t{name}\t{pinyin}\t{initials}\t{sex_code}\t{birth.copied}\t"
            f"{role or 'other'}\t{is_member}\t{away}\t{sealed}\n"
        )

    def _seal(self, line: int, texts: Texts, birth: Birth) -> tuple[str, Birth]:
        """Seal an ID number and a phone number for COPY; give the birth too, where only the ID number tells it."""
        sealed_id, sealed_phone = NO_ID, NO_PHONE
        if texts[_ID]:
            sealed_id, birth, finding = self.cells.id_number(texts[_ID], birth)
            if finding:
                self._find(line, texts, form.ID_NUMBER, finding)
        if texts[_PHONE]:
            sealed_phone, finding = self.cells.phone(texts[_PHONE])
            if finding:
                self._find(line, texts, form.PHONE, finding)
        return f"{sealed_id}\t{sealed_phone}", birth

    def _yes(self, line: int, texts: Texts, header: str, text: str, code: str) -> str:
        found = _YES_OR_NO.get(text)
        if found is None:
            self._find(line, texts, header, not_offered(code, text, form.YES_OR_NO))
            return "f"
        return found

    def _household(self, line: int, texts: Texts) -> _Home:
        """Give the household that a row belongs to: those that follow one another with one number are one."""
        village, number, grid, group = texts[:4]
        if village not in self.scope.villages:
            village = self._village(line, texts)
        home = self.home
        if home is None or number != home.number or village != home.village:
            home = self._next_household(line, texts, village, number)
        if grid and grid != home.grid:
            home.grid, home.grid_at = self._shared(line, texts, form.GRID, home.grid, home.grid_at)
        if group and group != home.group:
            home.group, home.group_at = self._shared(line, texts, form.GROUP, home.group, home.group_at)
        tags, address = texts[-2:]
        if address and address != home.address:
            home.address, _at = self._shared(line, texts, form.ADDRESS, home.address, None)
        if tags and tags != home.tags_text:
            self._tags(line, texts, home, tags)
        return home

    def _next_household(self, line: int, texts: Texts, village: str, text: str) -> _Home:
        """Give the household of a row whose number is not written like the one above: another one, or not."""
        home = self.home
        number = number_of(text)
        if not number:
            self._find(line, texts, form.NUMBER, Finding("number-empty", _("没有写户号。")))
            number = home.number if home and texts[_RELATION] != form.HEAD else ""
        elif len(number) > LENGTHS[form.NUMBER]:
            self._find(line, texts, form.NUMBER, too_long(LENGTHS[form.NUMBER]))
            number = number[: LENGTHS[form.NUMBER]]
        if home is None or number != home.number or village != home.village:
            self._close()
            home = self.home = _Home(line, texts, village, number)
            self.reading.households += 1
        return home

    def _tags(self, line: int, texts: Texts, home: _Home, tags: str) -> None:
        if not home.tags_text:
            home.tags = self.cells.tags(tags)
            for finding in home.tags.findings:
                self._find(line, texts, form.TAGS, finding)
        home.tags_text, _at = self._shared(line, texts, form.TAGS, home.tags_text, None)

    def _village(self, line: int, texts: Texts) -> str:
        """Read the code of a village that is not written as plainly as it could be, or not at all."""
        text = number_of(texts[0])
        if not text and self.scope.only:
            return self.scope.only
        if text in self.scope.villages:
            return text
        if text:
            message = _("这里没有代码是“%(code)s”的村。请写村的官方代码，12位数字。") % {"code": text}
            self._find(line, texts, form.VILLAGE, Finding("village-unknown", message))
        else:
            message = _("没有写是哪个村。请写村的官方代码，12位数字。")
            self._find(line, texts, form.VILLAGE, Finding("village-empty", message))
        return ""

    def _shared(
        self, line: int, texts: Texts, header: str, before: str, at: tuple[int, Texts] | None
    ) -> tuple[str, tuple[int, Texts] | None]:
        """Take what the rows of a household have in common; those left empty follow the others."""
        text = texts[_AT[header]]
        limit = LENGTHS.get(header)
        if limit and len(text) > limit:
            self._find(line, texts, header, too_long(limit))
            text = text[:limit]
        if before and text != before:
            message = _("同一户前面写的是“%(shared)s”，这里要一样，或者空着。") % {"shared": before}
            self._find(line, texts, header, Finding("differs-in-household", message))
        return (before, at) if before else (text, (line, texts))

    def _head(self, line: int, texts: Texts, home: _Home, name: str) -> None:
        """Note a head, or a relation that is none of those that are known, and may have been meant for one."""
        relation = texts[_RELATION]
        if relation != form.HEAD:
            home.is_readable = False
            self._find(line, texts, form.RELATION, not_offered("relation", relation, _RELATIONS))
        elif home.head_line:
            text = _("这一户已经有户主%(name)s了（第%(line)s行）。一户只有一个户主。")
            facts = {"name": home.head, "line": home.head_line}
            self._find(line, texts, form.RELATION, Finding("head-repeated", text % facts))
        else:
            home.head, home.head_line = name, line

    def _name(self, line: int, texts: Texts, home: _Home, name: str, id_number: str) -> None:
        """Refuse a name that stands twice in a household, unless two ID numbers tell who is who."""
        first, first_id = home.names.setdefault(name, (line, id_number))
        if first != line and not (id_number and first_id and id_number != first_id and self.cells.keeps_ids):
            text = _("%(name)s在第%(line)s行已经写过了。")
            self._find(line, texts, form.NAME, Finding("name-repeated", text % {"name": name, "line": first}))

    def _close(self) -> None:
        """Check the household that has been read as a whole, and write it out."""
        home = self.home
        if home is None:
            return
        if not home.head_line and home.is_readable:
            finding = Finding("head-missing", _("这一户没有户主。请选一个人当户主。"))
            self._find(home.line, home.texts, form.RELATION, finding)
        used = len(self.scope.levels)
        for depth, (header, at) in enumerate(((form.GRID, home.grid_at), (form.GROUP, home.group_at))):
            if at and depth >= used:
                self._find(*at, header, Finding("level-unused", _("本村不分这一级，请空着。")))
        if home.group and not home.grid:
            finding = Finding("grid-missing", _("写了联户组，也要写是哪个网格的。"))
            self._find(home.line, home.texts, form.GRID, finding)
        place = (home.village, home.grid, home.group)
        number = self.reading.places.setdefault(place, len(self.reading.places))
        self.reading.homes.write(
            f"{self.reading.households}\t{home.line}\t{number}\t{copied(home.number)}\t{copied(home.address)}\t"
            f"{home.tags.literal}\n"
        )

    def _note_hidden(self) -> None:
        """Note what the cells don't show: areas merged into one, errors and formulas without a result."""
        by_index = {column.index: column for column in self.stream.columns if column.header in _AT}
        for (line, index), shown in self.stream.layout.blind.items():
            if line > self.stream.heading and index in by_index:
                finding = Finding("cell-no-result", _("这一格的公式没有算出结果。请直接填上内容。"))
                self._note(line, by_index[index].header, shown, finding)
        merged = [area for area in self.stream.merged() if not by_index.keys().isdisjoint(_span(area))]
        if not merged:
            return
        tops: dict[int, list[Area]] = {}
        for area in merged:
            tops.setdefault(area[0][0] + 1, []).append(area)
        for line, values in self.stream.rows():
            for area in tops.get(line, ()):
                self._note_merged(line, values, area, by_index)

    def _note_merged(
        self, line: int, values: Sequence[object], area: Area, by_index: Mapping[int, Column]
    ) -> None:
        (top, left), (bottom, right) = area
        column = by_index[min(index for index in _span(area) if index in by_index)]
        place = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        text = _("%(area)s是合并的单元格。请取消合并，每一行都写上。") % {"area": place}
        value = cell_text(values[left]) if left < len(values) else ""
        self._note(line, column.header, value, Finding("cells-merged", text))

    def _find(self, line: int, texts: Texts, header: str, finding: Finding) -> None:
        value = texts[_AT[header]] if header in self.letters else ""
        self._note(line, header, value, finding)

    def _note(self, line: int, header: str, value: str, finding: Finding) -> None:
        problem = Problem(
            self.stream.sheet, line, self.letters.get(header, ""), header, value, finding.code, finding.text
        )
        self.problems.note(problem)


def _span(area: Area) -> range:
    return range(area[0][1], area[1][1] + 1)
