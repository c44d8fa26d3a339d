"""Rows as villages write them, with what each was read as by hand.

data/unseen.csv: none of them from a published catalogue. data/found.csv: a town's assessment of its villages, and
sheets of party branches, villages, communities and schools as they were really written, with rows in their manner;
the reading was written down before the program was asked. data/fresh.csv: rows of a neighbourhood, of party branches
and of villages as they stand in public (from 党建领域 to 基础分 the odd rows of a district's credit rules), and rows in
the manner of more than twenty places; each reading was looked at. In all of them the first ten columns are the row;
the others say what it means: in the canonical words that `test_parse` ties to structures, with limits in centipoints'
own writing. 读作方向 REFUSED: the row is refused, and 读作 names the column and the code. SEVERAL: 分值 holds several
rules; every row below with 板块 + is one item, 指标 being its title.
"""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.catalogue.language.forms import DATA
from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.language.parse import parse_limits, parse_multipliers, parse_value
from xiangyue.catalogue.language.report import Report, check_file
from xiangyue.catalogue.language.writing import (
    written,
    written_limits,
    written_multipliers,
    written_term,
    written_when,
)
from xiangyue.catalogue.rules.model import Item, Validity
from xiangyue.catalogue.rules.terms import Receiver
from xiangyue.catalogue.rules.worth import CaseByCase

GIVEN = 10  # columns of the row itself


def table(name: str) -> list[list[str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def sheet(rows: list[list[str]]) -> Report:
    target = io.StringIO()
    csv.writer(target).writerows(row[:GIVEN] for row in rows)
    return check_file(target.getvalue().encode(), "细则.csv")


MORE = "+"  # under 板块: one more item of the row above
HEADER, *ROWS = table("unseen")
_HEADER, *FOUND = table("found")
_HEADER, *FRESH = table("fresh")
ALL = [row for row in (*ROWS, *FOUND, *FRESH) if row[0] != MORE]


def expected() -> list[tuple[list[str], list[list[str]]]]:
    """Give every row with the titles and meanings of its items; none where it is refused."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for row in (*ROWS, *FOUND, *FRESH):
        if row[0] == MORE:
            found[-1][1].append([row[1], *row[GIVEN:]])
        else:
            single = row[GIVEN] not in ("REFUSED", "SEVERAL")
            found.append((row, [[row[1], *row[GIVEN:]]] if single else []))
    return found


def meaning(item: Item, notes: list[str]) -> list[str]:
    """One item in a reader's words."""
    unit = getattr(item.worth, "unit", None)
    receivers = "、".join(sorted(receiver.value for receiver in item.sharing.to))
    who = [
        item.subject.value,
        "、".join(sorted(item.only_kinds)),
        "" if item.sharing.to == {Receiver.DOER} else f"to={receivers}",
        "by_role" if item.sharing.roles else "",
    ]
    term = "" if item.validity == Validity() else f"期限{written_term(item.validity)}"
    return [
        item.direction.value,
        written(item.worth),
        item.unit,
        written_limits(item.limits, unit),
        written_multipliers(item.multipliers),
        " ".join(filter(None, who)),
        "；".join(filter(None, [written_when(item.spans, item.seasons), term])),
        str(item.minimum) if item.minimum else "",
        "rivals" if item.rivals else "",
        " ".join(notes),
    ]


CASES = expected()


@pytest.mark.parametrize(
    ("row", "items"), CASES, ids=[f"{number}-{row[1]}" for number, (row, _items) in enumerate(CASES, start=2)]
)
def test_a_row_is_read_as_it_was_by_hand(row: list[str], items: list[list[str]]) -> None:
    report = sheet([HEADER, row])
    if row[GIVEN] == "REFUSED":
        (problem, *_more) = report.refusals
        assert f"{problem.header} {problem.code}" == row[GIVEN + 1]
        assert report.rows == []
        return
    assert report.refusals == []
    notes = [note.code for note in report.warnings]
    assert [[item.title, *meaning(item, notes)] for item in report.items] == items


def understood(rows: list[list[str]]) -> tuple[int, int]:
    """Count the rows that became rules, and those that state points."""
    report = sheet([HEADER, *rows])
    refused = {problem.row: problem.code for problem in report.refusals}
    decided = {checked.row for checked in report.rows if checked.item.worth != CaseByCase()}
    open_ended = {checked.row for checked in report.rows} - decided
    stated = [
        number
        for number, row in enumerate(rows, start=2)
        if number not in open_ended and (any(map(str.isdigit, row[3])) or number not in refused)
    ]
    return report.structured, len(stated)


def rows_of(several: list[list[str]]) -> list[list[str]]:
    return [row for row in several if row[0] != MORE]


def test_of_the_rows_with_points_97_per_cent_are_understood() -> None:
    rows = rows_of(ROWS)
    structured, stated = understood(rows)
    assert len(rows) >= 250
    assert structured >= stated * 97 / 100


def test_of_the_rows_that_were_found_the_clear_ones_are_understood() -> None:
    """Much of it is prose with several rules in a cell: what a reader would have to guess at is refused by name."""
    rows = rows_of(FOUND)
    structured, stated = understood(rows)
    readable = [row for row in rows if row[GIVEN] != "REFUSED"]
    assert len(rows) >= 480
    assert structured >= len(readable) - 2  # two leave every case open
    assert structured >= stated * 91 / 100


def test_of_the_fresh_rows_what_the_rules_can_say_is_understood() -> None:
    """Many were picked for being hard; what is refused among them is mostly what no rule can say."""
    rows = rows_of(FRESH)
    structured, stated = understood(rows)
    assert len(rows) >= 1390
    assert structured >= stated * 92 / 100


def test_what_was_read_is_written_and_read_again() -> None:
    items = sheet([HEADER, *ALL]).items
    target = io.StringIO()
    csv.writer(target).writerows(to_rows(items))
    again = check_file(target.getvalue().encode(), "细则.csv")
    assert again.refusals == []
    assert again.items == items


POOLS = [sorted({row[column] for row in ALL}) for column in range(GIVEN)]


@settings(max_examples=300, deadline=None)
@given(st.tuples(*(st.sampled_from(pool) for pool in POOLS)))
@example(("一、加分项", "5A级党群服务中心创建", "", "30分；零彩礼50分", "元(折算)", "", "", "", "", ""))
def test_any_mixture_of_such_cells_is_refused_or_written_and_read_again(cells: tuple[str, ...]) -> None:
    report = sheet([HEADER, [*cells]])
    again = io.StringIO()
    csv.writer(again).writerows(to_rows(report.items))
    if report.items:
        assert check_file(again.getvalue().encode(), "细则.csv").items == report.items
    else:
        assert report.refusals


def test_what_the_table_says_is_what_its_words_say() -> None:
    """The words of the expected columns are read back as the same structures."""
    told = [item for _row, items in CASES for item in items]
    for (title, _side, said, _unit, limits, multipliers, *_more), checked in zip(
        told, sheet([HEADER, *ALL]).rows, strict=True
    ):
        item = checked.item
        assert parse_value(said).worth == item.worth, title
        caps = parse_limits(limits).caps
        assert tuple(cap.limit(item.limits[0].whose) for cap in caps) == item.limits
        assert parse_multipliers(multipliers) == item.multipliers
