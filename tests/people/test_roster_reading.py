import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.people.cast import RESIDENTS, SMALL, Cells, resident
from xiangyue.kernel import clock
from xiangyue.people.models import Level
from xiangyue.people.operations.roster import LEAF_LEVELS
from xiangyue.people.roster_form import RESIDENT_COLUMNS, full_workbook, roster_workbook
from xiangyue.people.roster_reading import Reading, Scope, day_of, read_rows
from xiangyue.people.roster_values import Cells as Reader
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.stream import open_streams

VILLAGE = "440783104220"
HEAD = resident("018", "田禾生")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.as_of(date(2026, 11, 2)):
        yield


@dataclass(frozen=True)
class Read:
    """What a file was read as: rows as COPY gets them, split at their tabs."""

    reading: Reading
    residents: list[list[str]]
    homes: list[list[str]]
    problems: list[Problem]


def read(
    residents: list[Cells], levels: tuple[Level, ...] = LEAF_LEVELS, villages: tuple[str, ...] = (VILLAGE,)
) -> Read:
    return read_file(roster_workbook(residents), levels=levels, villages=villages)


def read_file(
    content: bytes,
    name: str = "户册.xlsx",
    *,
    levels: tuple[Level, ...] = LEAF_LEVELS,
    villages: tuple[str, ...] = (VILLAGE,),
    keeps_ids: bool = False,
) -> Read:
    streams = open_streams(content, name)
    stream = streams.find("户册") or streams.only()
    assert stream
    scope = Scope(frozenset(villages), villages[0] if len(villages) == 1 else "", levels)
    problems, written = Problems(), io.StringIO()
    reading = read_rows(
        stream,
        scope,
        Reader(keeps_ids=keeps_ids, day_of=day_of),
        problems,
        lambda lot: void(written.write(lot)),
    )
    return Read(reading, lines(written.getvalue()), lines(reading.homes.getvalue()), problems.in_order())


def lines(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def void(_count: int) -> None:
    pass


def found(residents: list[Cells], **given: Any) -> list[str]:
    """Give the problems as code and place."""
    return [f"{each.code} {each.column}{each.row}" for each in read(residents, **given).problems]


def test_households_are_read() -> None:
    done = read(RESIDENTS)
    assert done.problems == []
    assert list(done.reading.places) == [
        (VILLAGE, "第三网格", "第二联户组"),
        (VILLAGE, "第三网格", "第一联户组"),
        (VILLAGE, "第一网格", ""),
    ]
    assert done.homes == [
        ["1", "2", "0", "018", "三巷18号", "{}"],
        ["2", "5", "1", "004", "", "{}"],
        ["3", "6", "2", "103", "", "{}"],
    ]
    assert [row[:10] for row in done.residents[:3]] == [
        ["2", "1", "田禾生", "tianhesheng", "ths", "M", "1984-03-09", "head", "f", "f"],
        ["3", "1", "麦春芽", "maichunya", "mcy", "F", "1986-01-01", "spouse", "t", "f"],
        ["4", "1", "田豆苗", "tiandoumiao", "tdm", "", "2018-01-01", "child", "f", "f"],
    ]
    assert (done.reading.households, done.reading.residents, done.reading.party_members) == (3, 5, 2)


def test_what_forms_do_to_texts_is_undone() -> None:
    done = read(
        [
            resident("０18 ", "田　禾", address=" 三巷\n18号 "),
            resident("018", "阿依 古丽", "配偶", grid="", group=""),
            resident("018", "John  Field", "其他"),
        ]
    )
    assert done.problems == []
    assert [home[3:5] for home in done.homes] == [["018", "三巷 18号"]]
    assert [row[2] for row in done.residents] == ["田禾", "阿依古丽", "John Field"]


def test_what_copy_reads_otherwise_is_escaped() -> None:
    done = read([resident("0\\8", "田\\禾", address="三巷\\n")])
    assert done.homes[0][3:5] == ["0\\\\8", "三巷\\\\n"]
    assert done.residents[0][2] == "田\\\\禾"


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
    done = read([resident("018", "田禾生", born=text)])
    assert done.problems == []
    assert done.residents[0][6] == (born.isoformat() if born else "\\N")


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


def full(number: str, name: str, relation: str = "户主", **cells: str) -> tuple[str, ...]:
    """Give a row of all fourteen columns."""
    row = dict.fromkeys((column.header for column in RESIDENT_COLUMNS), "")
    return tuple((row | {"户号": number, "姓名": name, "与户主关系": relation} | cells).values())


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (full("018", "田禾生", 在外="有时"), ["elsewhere-unknown L2"]),
        (full("018", "田禾生", 村="440783104999"), ["village-unknown A2"]),
        (full("018", "田禾生", 标签="光荣之家、低保户"), ["tag-sensitive M2"]),
        (full("018", "田禾生", 标签="家" * 21), ["tag-too-long M2"]),
        (full("018", "田禾生", 电话="电话没有"), ["phone-characters J2"]),
        (full("018", "田禾生", 电话="12345"), ["phone-length J2"]),
        (full("018", "田禾生", 身份证号="999999198403090019"), ["id-not-kept I2"]),
        (full("018", "田?生"), ["name-unreadable E2"]),
        (full("018", "田\ue123生"), ["name-unreadable E2"]),
        (full("018", "田＊生"), ["name-unreadable E2"]),
        (full("018", "=A1"), ["name-unreadable E2"]),
    ],
)
def test_the_other_columns_are_checked(row: Cells, problems: list[str]) -> None:
    done = read_file(full_workbook([row]))
    assert [f"{each.code} {each.column}{each.row}" for each in done.problems] == problems


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("99999919840309001", "id-length"),
        ("99999919840309OO19", "id-characters"),
        ("999999198413090019", "id-birth"),
        ("999999198403090019", "id-checksum"),
        ("9.99999E+17", "id-as-number"),
    ],
)
def test_id_numbers_are_checked_where_they_are_kept(number: str, problem: str) -> None:
    done = read_file(full_workbook([full("018", "田禾生", 身份证号=number)]), keeps_ids=True)
    assert [(each.code, each.column, each.value) for each in done.problems] == [(problem, "I", number)]


def test_a_village_is_named_where_there_are_several() -> None:
    content = full_workbook([full("018", "田禾生"), full("018", "麦穗香", 村=VILLAGE)])
    done = read_file(content, villages=(VILLAGE, "440783104221"))
    assert [(each.code, each.column, each.row) for each in done.problems] == [("village-empty", "A", 2)]
    assert list(done.reading.places) == [("", "", ""), (VILLAGE, "", "")]


def test_tags_are_split_and_written_for_the_database() -> None:
    done = read_file(full_workbook([full("018", "田禾生", 标签='光荣之家、示范"户，光荣之家')]))
    assert done.problems == []
    assert done.homes[0][5] == '{"光荣之家","示范\\\\"户"}'


# One from each extension block of Unicode, and one from those beside them.
@pytest.mark.parametrize("rare", "㐂𠀀𪜀𫝀𫠠𬺰𰀀𱍐")
def test_rare_characters_are_kept(rare: str) -> None:
    done = read([resident("018", f"田{rare}生")])
    assert done.problems == []
    assert done.residents[0][2] == f"田{rare}生"


def test_one_sheet_is_the_roster_whatever_its_name() -> None:
    content = "户号,姓名,与户主关系,备注\n018,田禾生,户主,保密\n".encode("gb18030")
    done = read_file(content, "青禾村.csv")
    assert [home[3] for home in done.homes] == ["018"]
    assert done.reading.ignored == ("备注",)


def test_the_small_roster_has_no_problems() -> None:
    assert read_file(SMALL).problems == []
