import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.docs.guide import DOCS, Machine, Ran, fresh_machine
from xiangyue.catalogue.language.report import check_file
from xiangyue.kernel.periods import Period
from xiangyue.scoring.deed_sheet import SHEET
from xiangyue.setup.example import SLUG, VILLAGE, example_files
from xiangyue.setup.example.deeds import deeds_workbook
from xiangyue.setup.example.roster import roster_workbook
from xiangyue.sheets.read import read_tables


def contents(workbook: bytes) -> dict[str, bytes]:
    """Give a workbook's parts but the one that holds the hour of writing."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as pack:
        return {name: pack.read(name) for name in pack.namelist() if name != "docProps/core.xml"}


def test_the_sheets_are_the_same_every_time() -> None:
    first, second = example_files(), example_files()
    assert list(first) == ["roster.xlsx", "catalogue.csv", "minutes.txt", "deeds.xlsx"]
    for name in ("roster.xlsx", "deeds.xlsx"):
        assert contents(first[name]) == contents(second[name])


def test_the_guides_own_copies_are_these_sheets() -> None:
    files = example_files()
    assert (DOCS / "month" / "catalogue.csv").read_bytes() == files["catalogue.csv"]
    assert contents((DOCS / "month" / "roster.xlsx").read_bytes()) == contents(files["roster.xlsx"])


def test_the_catalogue_can_be_imported_whole() -> None:
    report = check_file(example_files()["catalogue.csv"], "catalogue.csv")
    assert (report.structured, report.refusals) == (28, [])


@pytest.mark.parametrize("period", [Period(2026, 10), Period(2027, 2), Period(2028, 2)], ids=str)
def test_every_deed_lies_in_its_month_and_is_for_somebody_of_the_roster(period: Period) -> None:
    roster = roster_workbook()
    people = {
        (row.text("户号"), row.text("姓名"))
        for table in read_tables(roster, "roster.xlsx")
        if table.sheet == "户册"
        for row in table.rows
    }
    (deeds,) = [
        table for table in read_tables(deeds_workbook(period, roster), "x.xlsx") if table.sheet == SHEET
    ]
    assert len(deeds.rows) > 100
    for row in deeds.rows:
        assert date.fromisoformat(row.text("日期")) in period
        assert not row.text("姓名") or (row.text("户号"), row.text("姓名")) in people


@dataclass(frozen=True)
class Loaded:
    """A machine with the example on it, on the first of March: last month is the shortest, its notice a day old."""

    machine: Machine
    first: Any

    def run(self, command: str) -> Ran:
        return self.machine.run(f"xiangyue --as-of 2027-03-01 {command}")

    def facts(self, command: str) -> Any:
        return json.loads(self.run(f"{command} --json").out)


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    with fresh_machine() as machine:
        first = Loaded(machine, None).facts("example load")
        with machine.kept_warm():
            yield Loaded(machine, first)


@pytest.mark.slow
def test_the_example_is_loaded_once(loaded: Loaded) -> None:
    assert (loaded.first["county"], loaded.first["new"]) == (SLUG, True)
    assert loaded.facts("example load") == {**loaded.first, "new": False}
    kept = loaded.machine.folder / "home" / "example-people.json"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_one_month_is_settled_and_one_is_on_notice(loaded: Loaded) -> None:
    here = f"--county {SLUG} --village {VILLAGE}"
    settled, noticed = (
        loaded.facts(f"notice show {here} --period {month}") for month in ("2027-01", "2027-02")
    )
    assert (settled["deadline"], noticed["issued_on"]) == ("2027-02-06", "2027-02-28")
    statement = loaded.facts(f"ledger statement 018 {here}")
    assert statement["pending"]
    assert statement["posted"][0]["kind"] == "spend"
    assert statement["balances"]["redeemable"] > 0
    assert loaded.facts(f"deed list {here}")["deeds"] == []  # somebody has vouched for everything


@pytest.mark.slow
def test_the_examples_books_are_right(loaded: Loaded) -> None:
    verified = loaded.run(f"ledger verify --county {SLUG}")
    assert (verified.code, verified.out, verified.err) == (0, "", "")
