"""Checking a whole catalogue: each row an item of the rules, or a refusal by name. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.cells import Place
from xiangyue.catalogue.language.rows import read_row
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.worth import CaseByCase
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.read import Row, Table, read_tables
from xiangyue.sheets.refusals import EmptySheet

NO_CATEGORY = "未分板块"


@dataclass(frozen=True, slots=True)
class Checked:
    """One row that is understood. row: as Excel shows it."""

    sheet: str
    row: int
    item: Item

    @property
    def case_by_case(self) -> bool:
        """Whether each case is decided by itself, without any bound."""
        return self.item.worth == CaseByCase()


@dataclass
class Report:
    """What a catalogue's tables say: items, what is refused and why, and what to look at."""

    rows: list[Checked] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: Problems = field(default_factory=Problems)

    @property
    def items(self) -> list[Item]:
        return [checked.item for checked in self.rows]

    @property
    def structured(self) -> int:
        """How many rows became rules that can be computed; one row may hold several of them."""
        return len(self._rows_of(self.rows)) - self.case_by_case

    @property
    def case_by_case(self) -> int:
        """How many rows leave every case open."""
        decided = self._rows_of([one for one in self.rows if not one.case_by_case])
        return len(self._rows_of([one for one in self.rows if one.case_by_case]) - decided)

    @staticmethod
    def _rows_of(several: Sequence[Checked]) -> set[tuple[str, int]]:
        return {(one.sheet, one.row) for one in several}

    @property
    def refused(self) -> int:
        """How many rows are refused; one row may be refused for several cells."""
        return len({(problem.sheet, problem.row) for problem in self.refusals})

    @property
    def refusals(self) -> list[Problem]:
        return self.problems.in_order()

    @property
    def warnings(self) -> list[Problem]:
        return self.notes.in_order()


def check_file(content: bytes, name: str) -> Report:
    """Check an .xlsx, .xls or .csv file. Raises: what read_tables and `check` raise."""
    tables = read_tables(content, name)
    report = check(tables)
    if not report.rows and not report.refusals:
        raise EmptySheet(name=name)
    return report


def check(tables: Sequence[Table]) -> Report:
    """Check a catalogue's tables, one indicator a row.

    Raises: MissingColumns, RepeatedColumns, StrayText for what is no such table.
    """
    for table in tables:
        given = columns.DIRECTION if columns.DIRECTION in table.headers else columns.VALUE
        table.require((columns.TITLE, given))
    report = Report()
    placed = [place for table in tables for place in _placed(table)]
    numbers = _Numbers([row for row, _family, _category in placed])
    for index, (row, family, category) in enumerate(placed):
        if index == columns.MOST_INDICATORS:
            text = _("一份细则最多%(most)s项。") % {"most": columns.MOST_INDICATORS}
            report.problems.add(row, columns.TITLE, "too-many-indicators", text)
            break
        place = Place(family, category, numbers.of(row, report.problems))
        repeated = (row.sheet, row.number) in numbers.repeated
        for further, item in enumerate(read_row(row, place, report.problems, report.notes)):
            if not repeated:
                mine = replace(item, number=numbers.beside(item.number)) if further else item
                report.rows.append(Checked(row.sheet, row.number, mine))
    return report


def report_as_json(report: Report) -> dict[str, Any]:
    """Give what `catalogue check --json` prints."""
    return {
        "structured": report.structured,
        "case_by_case": report.case_by_case,
        "refused": report.refused,
        "refusals": [_as_json(problem) for problem in report.refusals],
        "warnings": [_as_json(problem) for problem in report.warnings],
    }


def _as_json(problem: Problem) -> dict[str, Any]:
    facts = asdict(problem)
    facts["reason"] = facts.pop("text")
    return facts


def _placed(table: Table) -> Iterator[tuple[Row, str, str]]:
    """Give the rows with family and category; where both are empty, the row belongs with the one above it.

    A row with nothing but a family or a category is a heading, and no item.
    """
    family, category = "", NO_CATEGORY
    for row in table.rows:
        mine, own = _line(row, columns.FAMILY), _line(row, columns.CATEGORY)
        if mine or own:
            family, category = (mine, own) if own else ("", mine)
        filled = {header for header, cell in row.cells.items() if cell.text}
        if not filled <= {columns.FAMILY, columns.CATEGORY}:
            yield row, family, category


def _line(row: Row, header: str) -> str:
    return "".join(part.strip() for part in row.text(header).splitlines())


class _Numbers:
    """Numbers of indicators: as written, or else the next that is free."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._written = {row.text(columns.NUMBER) for row in rows}
        self._given: set[str] = set()
        self._next = 1
        self.repeated: set[tuple[str, int]] = set()

    def beside(self, number: str) -> str:
        """Give a number for one more item of a row: 7-2, or the next that is free."""
        count = 2
        while (own := f"{number}-{count}") in self._written | self._given:
            count += 1
        if len(own) <= columns.LENGTHS[columns.NUMBER]:
            self._given.add(own)
            return own
        return self._free()

    def of(self, row: Row, problems: Problems) -> str:
        """Give a row's number; one that is used twice is a problem."""
        number = row.text(columns.NUMBER)
        if number in self._given:
            text = _("编号“%(number)s”用了不止一次。") % {"number": number}
            problems.add(row, columns.NUMBER, "number-repeated", text)
            self.repeated.add((row.sheet, row.number))
        if not number:
            return self._free()
        self._given.add(number)
        return number

    def _free(self) -> str:
        while str(self._next) in self._written | self._given:
            self._next += 1
        self._given.add(str(self._next))
        return str(self._next)
