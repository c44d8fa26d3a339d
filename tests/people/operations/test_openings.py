from collections.abc import Sequence
from typing import Any

import pytest

from tests.ledger.book import ledger_faults, lines, posting, queries_of
from tests.people.cast import resident, small_village, somebody
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import Account, AccountKind, Batch, Book, Cause, Transfer
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import Balances, balances_of, pool_balances, pool_id, statement
from xiangyue.ledger.refusals import KeyReused
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Office
from xiangyue.people.openings_form import COLUMNS, OPENINGS, openings_template, openings_workbook
from xiangyue.people.operations.openings import OpeningsReport, import_openings
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import NoOpenings, NotAVillage, UnknownUnit
from xiangyue.people.roster_form import roster_workbook
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.sheets.problems import SheetRefused
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import MissingColumns, MissingSheet
from xiangyue.sheets.write import Column, SheetForm, write_workbook

Row = tuple[str | int, ...]
ROWS: list[Row] = [
    ("018", "田禾生", "120.5", "20", "旧账本第3页"),
    ("004", "", "30", "", ""),
    ("103", "榆钱多", "", ""),
]


def cells(rows: Sequence[Row]) -> bytes:
    return openings_workbook([(*row, *[""] * (5 - len(row))) for row in rows])


@pytest.fixture
def households(village: Unit) -> dict[str, Household]:
    return small_village(village)


def take_over(village: Unit, actor: Actor, rows: Sequence[Row] = ROWS, **given: Any) -> OpeningsReport:
    content = given.pop("content", None) or cells(rows)
    return import_openings(actor=actor, village_id=village.pk, content=content, name="期初.xlsx", **given)


def refused(village: Unit, actor: Actor, rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Import what has to be refused; give the problems as code, place and value."""
    before = everything()
    with pytest.raises(SheetRefused) as refusal:
        take_over(village, actor, rows)
    assert everything() == before
    problems = refusal.value.problems
    assert {each.sheet for each in problems} == {OPENINGS}
    return [(each.code, f"{each.column}{each.row}", each.value) for each in problems]


def everything() -> list[int]:
    return [table.objects.count() for table in (Account, Batch, Transfer, LoggedAct, StoredFile)]


def balances(household: Household) -> Balances:
    return balances_of([household.holder_id])[household.holder_id]


def test_what_was_collected_before_is_there_afterwards(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    report = take_over(village, admin)
    assert balances(households["018"]) == Balances(honour=12_050, spendable=2000, redeemable=2000)
    assert balances(households["004"]) == Balances(honour=3000)
    assert balances(households["103"]) == Balances()
    assert (report.households, report.honour, report.spendable, report.dry_run) == (2, 15_050, 2000, False)
    file = StoredFile.objects.get(name="期初.xlsx")
    assert report.file == file.pk
    batches = Batch.objects.filter(cause=Cause.OPENING).order_by("id")
    assert tuple(batch.pk for batch in batches) == report.batches
    assert {batch.cause_id for batch in batches} == {file.pk}
    assert [
        (each.line, each.book, each.amount)
        for each in Transfer.objects.filter(batch__in=batches).order_by("batch_id")
    ] == [
        *sorted(
            [
                (households["018"].pk, Book.HONOUR, 12_050),
                (households["004"].pk, Book.HONOUR, 3000),
            ]
        ),
        (households["018"].pk, Book.SPENDABLE, 2000),
    ]
    logged = LoggedAct.objects.get(
        act="open", subject="unit", subject_id=village.pk, reason__startswith="file:"
    )
    assert (logged.reason, logged.actor_id) == (f"file:{file.pk}", admin.id)
    assert ledger_faults() == []


def test_it_comes_from_the_villages_own_pool(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    take_over(village, admin)
    assert village.holder_id
    pool = pool_id(village.holder_id, AccountKind.OPENING)
    assert pool_balances([pool]) == {pool: (-2000, -15_050)}


def test_a_village_that_issues_no_points_uses_the_countys_pool(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    Unit.objects.filter(pk=village.pk).update(holder=None)
    take_over(village, admin)
    (pool,) = Account.objects.filter(kind=AccountKind.OPENING)
    assert pool_balances([pool.pk])[pool.pk] == (-2000, -15_050)


def test_honour_may_have_been_lost(village: Unit, admin: Actor, households: dict[str, Household]) -> None:
    take_over(village, admin, [("018", "", "−5", "3"), ("004", "", 7, 2)])
    assert balances(households["018"]) == Balances(honour=-500, spendable=300, redeemable=300)
    assert balances(households["004"]) == Balances(honour=700, spendable=200, redeemable=200)
    assert ledger_faults() == []


def test_the_same_rows_again_post_nothing_and_answer_the_same(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    first, before = take_over(village, admin), everything()
    assert take_over(village, admin) == first
    assert take_over(village, admin, [ROWS[1], ("018", "", "１２０.50分", "20.00")]) == first
    assert everything() == before


def test_other_rows_for_the_same_household_are_refused(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    take_over(village, admin)
    assert refused(village, admin, [("103", "", 1, 1), ("018", "", "120.5", "21")]) == [
        ("household-has-postings", "A3", "018")
    ]
    take_over(village, admin, [("103", "", 1, 1), ("018", "", "", "")])
    assert balances(households["103"]).spendable == 100


def test_a_key_stands_for_one_import(village: Unit, admin: Actor, households: dict[str, Household]) -> None:
    first = take_over(village, admin, key="k1")
    assert take_over(village, admin, key="k1") == first
    for other in ([("018", "", "120.5", "21"), ROWS[1]], [("018", "", "120.5", "")], [("103", "", 1, "")]):
        with pytest.raises(KeyReused):
            take_over(village, admin, other, key="k1")
    assert Batch.objects.filter(cause=Cause.OPENING).count() == 2


def test_an_opening_comes_before_anything_else(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    (issuer,) = open_pools(count=1, kinds=[AccountKind.ISSUED])
    post_lines(
        posting=posting("before"),
        pool_id=pool_id(issuer, AccountKind.ISSUED),
        lines=lines((households["004"].holder_id, -500), (households["103"].holder_id, 500)),
    )
    rows = [("018", "", 1, 1), ("004", "麦穗香", 1, 1), ("103", "", 1, 1)]
    assert refused(village, admin, rows) == [
        ("household-has-postings", "A3", "004"),
        ("household-has-postings", "A4", "103"),
    ]


def test_every_bad_cell_is_named_and_nothing_is_stored(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    rows: list[Row] = [
        ("018", "麦穗香", "120.5", "20"),
        ("999", "", "1", "1"),
        ("", "", "1", "1"),
        ("004", "", "12.345", "-3"),
        ("004", "", "很多", "TRUE"),
        ("103", "", "1e3", "10%"),
        ("103", "", "99999999999", ""),
    ]
    assert refused(village, admin, rows) == [
        ("head-differs", "B2", "麦穗香"),
        ("household-not-found", "A3", "999"),
        ("number-empty", "A4", ""),
        ("points-too-fine", "C5", "12.345"),
        ("points-negative", "D5", "-3"),
        ("number-repeated", "A6", "004"),
        ("points-unreadable", "C6", "很多"),
        ("points-unreadable", "D6", "TRUE"),
        ("points-unreadable", "C7", "1e3"),
        ("points-unreadable", "D7", "10%"),
        ("number-repeated", "A8", "103"),
        ("points-unreadable", "C8", "99999999999"),
    ]


def test_a_closed_household_is_named(village: Unit, admin: Actor, households: dict[str, Household]) -> None:
    Account.objects.filter(holder=households["004"].holder_id).update(closed_on="2026-10-01")
    assert refused(village, admin, [("004", "", 1, 1)]) == [("household-closed", "A2", "004")]
    (table,) = read_tables(openings_template(village), "x.xlsx")
    assert [row.text("户号") for row in table.rows] == ["018", "103"]


def test_a_household_of_another_village_is_unknown_here(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    elsewhere = Unit.objects.get(code="440783104221")
    assert refused(elsewhere, admin, [("018", "", 1, 1)]) == [("household-not-found", "A2", "018")]


def test_a_trial_stores_nothing(village: Unit, admin: Actor, households: dict[str, Household]) -> None:
    before = everything()
    report = take_over(village, admin, dry_run=True)
    assert (report.households, report.honour, report.batches, report.file) == (2, 15_050, (), None)
    assert everything() == before


@pytest.mark.parametrize("rows", [[("018", "", "", "")], [("018", "", "0", "0.00"), ("004", "", "", "0")]])
def test_a_sheet_without_any_points_is_refused(
    village: Unit, admin: Actor, households: dict[str, Household], rows: list[Row]
) -> None:
    with pytest.raises(NoOpenings):
        take_over(village, admin, rows)


def test_other_sheets_are_refused_as_a_whole(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    one = [SheetForm("随便", [Column("户号"), Column("荣誉积分")], [("018", "5")])]
    with pytest.raises(MissingColumns):
        take_over(village, admin, content=write_workbook(one))
    two = [SheetForm(name, COLUMNS, [("018", "", "5", "", "")]) for name in ("甲", "乙")]
    with pytest.raises(MissingSheet):
        take_over(village, admin, content=write_workbook(two))


def test_columns_that_nobody_asked_for_are_named(
    village: Unit, admin: Actor, households: dict[str, Household]
) -> None:
    sheet = SheetForm("期初", [*COLUMNS, Column("电话")], [("018", "", "5", "", "", "无")])
    assert take_over(village, admin, content=write_workbook([sheet])).ignored == ("电话",)


def test_who_may_not_manage_people_may_not_open(village: Unit, households: dict[str, Household]) -> None:
    for office in (Office.VILLAGE_SECRETARY, Office.AUDITOR, Office.TOWN_OFFICIAL):
        with pytest.raises(NotAllowed):
            take_over(village, somebody(office, village, login=office.value))
    take_over(village, somebody(Office.ADMINISTRATOR, village))


def test_only_a_village_takes_them(village: Unit, admin: Actor) -> None:
    assert village.parent
    with pytest.raises(NotAVillage):
        take_over(village.parent, admin)
    with pytest.raises(UnknownUnit):
        import_openings(actor=admin, village_id=10**9, content=b"", name="x")


def test_the_form_holds_the_villages_households(village: Unit, households: dict[str, Household]) -> None:
    (table,) = read_tables(openings_template(village), "x.xlsx")
    assert [(row.text("户号"), row.text("户主")) for row in table.rows] == [
        ("004", "麦穗香"),
        ("018", "田禾生"),
        ("103", "榆钱多"),
    ]
    with pytest.raises(NoOpenings):
        take_over(village, SYSTEM, content=openings_template(village))


def test_a_statement_shows_both_books(village: Unit, admin: Actor, households: dict[str, Household]) -> None:
    take_over(village, admin)
    found = statement(households["018"].holder_id)
    assert [(line.cause, line.honour, line.points, line.after) for line in found] == [
        (Cause.OPENING, 0, 2000, 2000),
        (Cause.OPENING, 12_050, 0, 0),
    ]


def test_a_large_village_costs_as_many_queries_as_a_small_one(village: Unit, admin: Actor) -> None:
    names = [resident(f"{number:03d}", "禾" * 2, grid="", group="") for number in range(1, 401)]
    import_roster(actor=SYSTEM, village_id=village.pk, content=roster_workbook(names), name="户册.xlsx")
    few, many = (
        [(f"{number:03d}", "", "1", "1") for number in numbers] for numbers in (range(2, 4), range(4, 401))
    )
    take_over(village, admin, [("001", "", "1", "1")])  # opens the village's pool
    of_few = queries_of(lambda: take_over(village, admin, few))
    assert queries_of(lambda: take_over(village, admin, many)) == of_few
    assert Transfer.objects.count() == 800
