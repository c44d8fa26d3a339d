from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.people.cast import RESIDENTS, SMALL, Cells, appointment, resident
from xiangyue.kernel import clock
from xiangyue.people.models import Level
from xiangyue.people.operations.roster import LEAF_LEVELS
from xiangyue.people.roster_form import roster_workbook
from xiangyue.people.roster_reading import Roster, read_roster
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.refusals import MissingColumns, MissingSheet
from xiangyue.sheets.write import Column, SheetForm, write_workbook

HEAD = resident("018", "田禾生")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.as_of(date(2026, 11, 2)):
        yield


def read(
    residents: list[Cells], appointments: list[Cells] | None = None, levels: tuple[Level, ...] = LEAF_LEVELS
) -> tuple[Roster, list[Problem]]:
    problems = Problems()
    content = roster_workbook(residents, appointments or [])
    roster = read_roster(content, "户册.xlsx", leaf_levels=levels, problems=problems)
    return roster, problems.in_order()


def found(residents: list[Cells], appointments: list[Cells] | None = None, **given: Any) -> list[str]:
    """Give the problems as code and place."""
    return [f"{each.code} {each.column}{each.row}" for each in read(residents, appointments, **given)[1]]


def test_households_are_read() -> None:
    roster, problems = read(RESIDENTS)
    assert problems == []
    assert [(each.number, each.unit_names, each.address) for each in roster.households] == [
        ("018", ("第三网格", "第二联户组"), "三巷18号"),
        ("004", ("第三网格", "第一联户组"), ""),
        ("103", ("第一网格",), ""),
    ]
    assert [
        (one.name, one.sex, one.born, one.is_head, one.is_party_member)
        for one in roster.households[0].residents
    ] == [
        ("田禾生", "M", date(1984, 3, 9), True, False),
        ("麦春芽", "F", date(1986, 1, 1), False, True),
        ("田豆苗", "", date(2018, 1, 1), False, False),
    ]


def test_what_forms_do_to_texts_is_undone() -> None:
    roster, problems = read(
        [
            resident("０18 ", "田　禾", address=" 三巷\n18号 "),
            resident("018", "阿依 古丽", "配偶", grid="", group=""),
            resident("018", "John  Field", "其他"),
        ]
    )
    assert problems == []
    (household,) = roster.households
    assert (household.number, household.address) == ("018", "三巷 18号")
    assert [one.name for one in household.residents] == ["田禾", "阿依古丽", "John Field"]


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1984-03-09", date(1984, 3, 9)),
        ("1984/3/9", date(1984, 3, 9)),
        ("1984.3.9", date(1984, 3, 9)),
        ("1984年3月9日", date(1984, 3, 9)),
        ("19840309", date(1984, 3, 9)),
        ("１９８４年３月", date(1984, 3, 1)),
        ("1984-03", date(1984, 3, 1)),
        ("1984年", date(1984, 1, 1)),
        ("1984", date(1984, 1, 1)),
        ("2008-11-02", date(2008, 11, 2)),  # eighteen today
        ("2008-11-03", date(2008, 1, 1)),
        ("2026-11-02", date(2026, 1, 1)),
        ("", None),
    ],
)
def test_births_are_read_as_people_write_them(text: str, born: date | None) -> None:
    roster, problems = read([resident("018", "田禾生", born=text)])
    assert problems == []
    assert roster.households[0].residents[0].born == born


@pytest.mark.parametrize(
    "text", ["三月九日", "84-3-9", "1984-13-01", "1984-02-30", "30750", "1899", "3月9日"]
)
def test_births_that_are_no_days_are_refused(text: str) -> None:
    assert found([resident("018", "田禾生", born=text)]) == ["born-unreadable G2"]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([resident("", "田禾生")], ["number-empty A2"]),
        ([HEAD, resident("", "麦春芽", "配偶")], ["number-empty A3"]),
        ([resident("0" * 21, "田禾生")], ["too-long A2"]),
        ([HEAD, resident("004", "麦穗香"), resident("018", "石榴红")], ["number-repeated A4"]),
        ([HEAD, resident("018", "石榴红")], ["head-repeated E3"]),
        ([resident("018", "麦春芽", "配偶")], ["head-missing E2"]),
        ([HEAD, resident("018", "田禾生", "子女")], ["name-repeated D3"]),
        ([resident("018", "  ")], ["name-empty D2"]),
        ([resident("018", "田" * 61)], ["too-long D2"]),
        ([HEAD, resident("018", "麦春芽", "老婆")], ["relation-unknown E3"]),
        ([HEAD, resident("018", "麦春芽", "")], ["relation-empty E3"]),
        ([resident("018", "田禾生", sex="公")], ["sex-unknown F2"]),
        ([resident("018", "田禾生", party="党员")], ["party-unknown H2"]),
        ([resident("018", "田禾生", born="2026-11-03")], ["born-in-future G2"]),
        ([resident("018", "田禾生", address="巷" * 121)], ["too-long I2"]),
        ([HEAD, resident("018", "麦春芽", "配偶", grid="第一网格")], ["differs-in-household B3"]),
        ([HEAD, resident("018", "麦春芽", "配偶", group="第一联户组")], ["differs-in-household C3"]),
        ([resident("018", "田禾生", grid="")], ["grid-missing B2"]),
        ([resident("018", "", "户主人", sex="公", born="去年")], [
            "name-empty D2", "relation-unknown E2", "sex-unknown F2", "born-unreadable G2"
        ]),
    ],
)  # fmt: skip
def test_every_problem_is_named_with_its_place(rows: list[Cells], problems: list[str]) -> None:
    assert found(rows) == problems


def test_levels_that_the_scheme_leaves_out_have_to_stay_empty() -> None:
    assert found([HEAD], levels=(Level.GRID,)) == ["level-unused C2"]
    assert found([HEAD], levels=()) == ["level-unused B2", "level-unused C2"]
    assert found([resident("018", "田禾生", grid="", group="")], levels=()) == []


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (appointment("018", "田禾生", "评议委员"), []),
        (appointment("018", "", "评议委员"), ["name-empty B2"]),
        (appointment("018", "田禾生", "县太爷"), ["office-unknown C2"]),
        (appointment("018", "田禾生", ""), ["office-empty C2"]),
        (appointment("018", "田禾生", "评议委员", since="2026-11"), ["since-unreadable E2"]),
        (appointment("018", "田禾生", "评议委员", login="田" * 61), ["too-long F2"]),
    ],
)
def test_appointments_are_read(row: Cells, problems: list[str]) -> None:
    assert found([HEAD], [row]) == problems


def test_what_an_appointment_leaves_empty() -> None:
    roster, _problems = read([HEAD], [appointment("018", "田禾生", "店员", since="", login="")])
    (only,) = roster.appointments
    assert (only.since, only.login, only.unit_name) == (date(2026, 11, 2), "田禾生", "")


def test_one_sheet_is_the_roster_whatever_its_name() -> None:
    content = "户号,姓名,与户主关系,电话\n018,田禾生,户主,保密\n".encode("gb18030")
    roster = read_roster(content, "青禾村.csv", leaf_levels=LEAF_LEVELS, problems=Problems())
    assert [each.number for each in roster.households] == ["018"]
    assert roster.ignored == ("电话",)


def test_a_file_of_other_sheets_is_refused() -> None:
    columns = [Column("户号")]
    content = write_workbook([SheetForm("甲", columns, [("1",)]), SheetForm("乙", columns, [("1",)])])
    with pytest.raises(MissingSheet):
        read_roster(content, "a.xlsx", leaf_levels=LEAF_LEVELS, problems=Problems())
    with pytest.raises(MissingColumns) as refusal:
        read_roster("户号\n1".encode(), "a.csv", leaf_levels=LEAF_LEVELS, problems=Problems())
    assert refusal.value.facts["columns"] == "姓名、与户主关系"


def test_the_small_roster_has_no_problems() -> None:
    problems = Problems()
    read_roster(SMALL, "户册.xlsx", leaf_levels=LEAF_LEVELS, problems=problems)
    assert problems.in_order() == []
