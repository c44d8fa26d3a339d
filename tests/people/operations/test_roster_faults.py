"""Rosters as they come: whatever is bad is told by sheet, row, column and value, and nothing is stored."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from tests.people.test_roster_reading import full
from tests.sheets import old_excel
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Account, Holder
from xiangyue.people.models import Household, PeopleRules, Resident, Unit
from xiangyue.people.operations.roster import Mode, RosterReport, import_rosters
from xiangyue.people.roster_form import RESIDENT_COLUMNS, full_workbook
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.sheets.problems import SheetRefused

HEADERS = [column.header for column in RESIDENT_COLUMNS]
GOOD = full("018", "田禾生")
ID = "999999198403090018"
OTHER_ID = "999999198601010023"


def take_over(
    unit: Unit, actor: Actor, content: bytes, name: str = "户册.xlsx", **given: Any
) -> RosterReport:
    return import_rosters(actor=actor, unit_id=unit.pk, content=content, name=name, **given)


def everything() -> list[int]:
    tables = (Unit, Household, Resident, Account, Holder, LoggedAct, StoredFile)
    return [table.objects.count() for table in tables]


def told(
    village: Unit, admin: Actor, content: bytes, name: str = "户册.xlsx", **given: Any
) -> list[tuple[str, ...]]:
    """Import what has to be refused; give the problems as code, sheet, place and value."""
    before = everything()
    with pytest.raises(SheetRefused) as refusal:
        take_over(village, admin, content, name, **given)
    assert everything() == before
    return [
        (each.code, each.sheet, f"{each.column}{each.row}", each.value) for each in refusal.value.problems
    ]


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    """Write a workbook by hand: the headers, one good row, and what `fill` adds to book and sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("户册")
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, GOOD)
    fill(book, sheet)
    book.close()
    return target.getvalue()


@pytest.fixture
def with_ids(village: Unit) -> None:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True)


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([full("", "田禾生")], [("number-empty", "B2", "")]),
        ([full("1" * 21, "田禾生")], [("too-long", "B2", "1" * 21)]),
        ([GOOD, full("004", "麦穗香"), full("０18", "石榴红")], [("number-repeated", "B4", "０18")]),
        ([full("018", "田禾生", 村="440783104999")], [("village-unknown", "A2", "440783104999")]),
        ([full("018", "田禾生", 村="联和村")], [("village-unknown", "A2", "联和村")]),
        ([full("018", "田禾生", 联户组="第二联户组")], [("grid-missing", "C2", "")]),
        ([GOOD, full("018", "麦春芽", "配偶", 网格="第一网格"), full("018", "田豆苗", "子女", 网格="第二网格")],
         [("differs-in-household", "C4", "第二网格")]),
        ([GOOD, full("018", "石榴红")], [("head-repeated", "F3", "户主")]),
        ([full("018", "麦春芽", "配偶")], [("head-missing", "F2", "配偶")]),
        ([GOOD, full("018", "田禾生", "子女")], [("name-repeated", "E3", "田禾生")]),
        ([full("018", "")], [("name-empty", "E2", "")]),
        ([full("018", "田" * 61)], [("too-long", "E2", "田" * 61)]),
        ([full("018", "田?生")], [("name-unreadable", "E2", "田?生")]),
        ([full("018", "田\ue001生")], [("name-unreadable", "E2", "田\ue001生")]),
        ([GOOD, full("018", "麦春芽", "老婆")], [("relation-unknown", "F3", "老婆")]),
        ([GOOD, full("018", "麦春芽", "")], [("relation-empty", "F3", "")]),
        ([full("018", "田禾生", 性别="公")], [("sex-unknown", "G2", "公")]),
        ([full("018", "田禾生", 出生="2026-11-03")], [("born-in-future", "H2", "2026-11-03")]),
        ([full("018", "田禾生", 出生="1984-02-30")], [("born-unreadable", "H2", "1984-02-30")]),
        ([full("018", "田禾生", 出生="属鼠")], [("born-unreadable", "H2", "属鼠")]),
        ([full("018", "田禾生", 出生="30750")], [("born-unreadable", "H2", "30750")]),
        ([full("018", "田禾生", 身份证号=ID)], [("id-not-kept", "I2", ID)]),
        ([full("018", "田禾生", 电话="没有")], [("phone-characters", "J2", "没有")]),
        ([full("018", "田禾生", 电话="199000")], [("phone-length", "J2", "199000")]),
        ([full("018", "田禾生", 党员="党员")], [("party-unknown", "K2", "党员")]),
        ([full("018", "田禾生", 在外="打工")], [("elsewhere-unknown", "L2", "打工")]),
        ([full("018", "田禾生", 标签="低保户")], [("tag-sensitive", "M2", "低保户")]),
        ([full("018", "田禾生", 标签="家" * 21)], [("tag-too-long", "M2", "家" * 21)]),
        ([full("018", "田禾生", 地址="巷" * 121)], [("too-long", "N2", "巷" * 121)]),
    ],
)  # fmt: skip
def test_bad_rows(village: Unit, admin: Actor, rows: list[Any], problems: list[tuple[str, ...]]) -> None:
    found = told(village, admin, full_workbook(rows))
    assert found == [(code, "户册", place, value) for code, place, value in problems]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([full("018", "田禾生", 身份证号=ID[:-1] + "2")], [("id-checksum", "I2", ID[:-1] + "2")]),
        ([full("018", "田禾生", 身份证号=ID[:-1])], [("id-length", "I2", ID[:-1])]),
        ([full("018", "田禾生", 身份证号="1.10101E+17")], [("id-as-number", "I2", "1.10101E+17")]),
        ([full("018", "田禾生", 身份证号=ID, 出生="1985-03-09")], [("born-differs-from-id", "I2", ID)]),
        (
            [full("018", "田禾生", 身份证号=ID), full("004", "麦穗香", 身份证号=ID)],
            [("id-repeated", "I3", ID)],
        ),
    ],
)
def test_bad_id_numbers(
    village: Unit, admin: Actor, with_ids: None, rows: list[Any], problems: list[tuple[str, ...]]
) -> None:
    found = told(village, admin, full_workbook(rows))
    assert found == [(code, "户册", place, value) for code, place, value in problems]


def test_an_id_number_typed_as_a_number_has_lost_its_end(village: Unit, admin: Actor, with_ids: None) -> None:
    content = workbook(lambda _book, sheet: sheet.write_number(1, HEADERS.index("身份证号"), 1e17))
    assert told(village, admin, content) == [("id-as-number", "户册", "I2", "100000000000000000")]


def test_an_id_number_of_somebody_who_lives_elsewhere(village: Unit, admin: Actor, with_ids: None) -> None:
    take_over(village, admin, full_workbook([full("018", "田禾生", 身份证号=ID)]))
    content = full_workbook([full("019", "田禾生", 身份证号=ID), full("020", "麦春芽", 身份证号=OTHER_ID)])
    for mode in Mode:
        assert told(village, admin, content, mode=mode) == [("id-taken", "户册", "I2", ID)]


def test_where_somebody_lives_is_told_to_no_other_village(
    village: Unit, admin: Actor, with_ids: None
) -> None:
    take_over(village, admin, full_workbook([full("018", "田禾生", 身份证号=ID)]))
    content = full_workbook([full("077", "田禾生", 身份证号=ID)])
    other = Unit.objects.exclude(pk=village.pk).filter(level=village.level)[0]
    for unit, is_told in ((village, True), (other, False)):
        with pytest.raises(SheetRefused) as refusal:
            take_over(unit, admin, content)
        (problem,) = refusal.value.problems
        assert problem.code == "id-taken"
        assert ("018" in problem.text, village.name in problem.text) == (is_told, is_told)


def test_merged_cells(village: Unit, admin: Actor) -> None:
    content = workbook(lambda _book, sheet: sheet.merge_range(2, 1, 3, 1, "004"))
    assert ("cells-merged", "户册", "B3", "004") in told(village, admin, content)


def test_formulas_without_a_result_and_errors(village: Unit, admin: Actor) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, HEADERS.index("地址"), "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_formula(1, HEADERS.index("电话"), "=J9", None, "")

    assert told(village, admin, workbook(fill)) == [
        ("cell-no-result", "户册", "J2", "=J9"),
        ("cell-no-result", "户册", "N2", "#N/A"),
    ]


def test_formulas_with_a_result_are_read(village: Unit, admin: Actor) -> None:
    content = workbook(
        lambda _book, sheet: sheet.write_formula(1, HEADERS.index("地址"), "=A9", None, "三巷18号")
    )
    take_over(village, admin, content)
    assert Household.objects.get(number="018").address == "三巷18号"


def test_days_as_numbers_are_no_days_and_days_as_days_are(village: Unit, admin: Actor) -> None:
    place = (1, HEADERS.index("出生"))
    assert told(village, admin, workbook(lambda _book, sheet: sheet.write_number(*place, 30750))) == [
        ("born-unreadable", "户册", "H2", "30750")
    ]
    day = datetime(1984, 3, 9)  # noqa: DTZ001 - as sheets have it
    take_over(
        village,
        admin,
        workbook(
            lambda book, sheet: sheet.write_datetime(*place, day, book.add_format({"num_format": "yyyy/m/d"}))
        ),
    )
    assert str(Resident.objects.get(name="田禾生").born) == "1984-03-09"


def test_a_stray_text_under_no_header(village: Unit, admin: Actor) -> None:
    before = everything()
    with pytest.raises(Refusal) as refusal:
        take_over(village, admin, workbook(lambda _book, sheet: sheet.write(1, 20, "备注")))
    assert (refusal.value.code, refusal.value.facts["address"]) == ("sheet-stray-text", "U2")
    assert everything() == before


def docx() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    return target.getvalue()


def with_macros() -> bytes:
    target = io.BytesIO(full_workbook([GOOD]))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\0")
    return target.getvalue()


def empty_rows(count: int) -> bytes:
    def fill(book: Any, sheet: Any) -> None:
        thin = book.add_format({"border": 1})
        for row in range(2, count):
            sheet.write_blank(row, 1, None, thin)

    return workbook(fill)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (docx(), "户册.xlsx", "sheet-unreadable"),
        (with_macros(), "户册.xlsm", "sheet-with-macros"),
        (old_excel.compound_file("EncryptedPackage", b"secret"), "户册.xlsx", "sheet-locked"),
        (b"%PDF-1.7", "户册.pdf", "sheet-unreadable"),
        (full_workbook([GOOD])[:900], "户册.xlsx", "sheet-unreadable"),
        (b"\xff\xff\xff,\x81", "户册.csv", "sheet-unreadable"),
        ("户号,姓名,与户主关系\n018,田禾生\0,户主\n".encode(), "户册.csv", "sheet-unreadable"),
        ("户号,姓名,与户主关系\n018,田禾生,户主\n".encode("utf-16"), "户册.csv", "sheet-unreadable"),
        (full_workbook([]), "户册.xlsx", "sheet-empty"),
        (b"", "户册.csv", "sheet-empty"),
        ("户号,姓名\n018,田禾生\n".encode(), "户册.csv", "sheet-columns-missing"),
        ("户号,姓名,姓 名,与户主关系\n018,田禾生,甲,户主\n".encode(), "户册.csv", "sheet-columns-repeated"),
        ("户号,姓名,与户主关系\n018,田禾生,户主,外\n".encode(), "户册.csv", "sheet-stray-text"),
    ],
)
def test_bad_files(village: Unit, admin: Actor, content: bytes, name: str, code: str) -> None:
    before = everything()
    with pytest.raises(Refusal) as refusal:
        take_over(village, admin, content, name)
    assert refusal.value.code == code
    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [
        "户号,姓名,与户主关系\n018,田禾生,户主\n".encode("gb18030"),
        "户号,姓名,与户主关系\n018,田禾生,户主\n".encode("utf-8-sig"),
        "户号,姓名,与户主关系\r018,田禾生,户主\r".encode(),
        "户号,姓名,与户主关系\r\n018,田\u200b禾\ufeff生,户主\r\n\r\n,,\r\n".encode(),
        '户号,姓名,与户主关系,电话\n０１８,"田　禾　生",户主,199 0000 0001\n'.encode(),
    ],
)
def test_what_offices_export_is_read(village: Unit, admin: Actor, content: bytes) -> None:
    take_over(village, admin, content, "户册.csv")
    household = Household.objects.get(village=village)
    assert (household.number, household.residents.get().name) == ("018", "田禾生")


def test_a_hundred_thousand_empty_rows_are_nothing(village: Unit, admin: Actor) -> None:
    report = take_over(village, admin, empty_rows(100_000))
    assert (report.households, report.residents) == (1, 1)


def test_rare_characters_of_every_block_are_stored(village: Unit, admin: Actor) -> None:
    rare = "㐂𠀀𪜀𫝀𫠠𬺰𰀀𱍐"
    rows = [full(str(number), f"田{character}生") for number, character in enumerate(rare)]
    take_over(village, admin, full_workbook(rows))
    names = Resident.objects.order_by("id").values_list("name", flat=True)
    assert list(names) == [f"田{character}生" for character in rare]


def test_problems_beyond_what_is_kept_are_counted(
    village: Unit, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_over(village, admin, full_workbook([full(f"{number:03d}", "田禾生") for number in range(30)]))
    monkeypatch.setattr("xiangyue.sheets.problems.Problems.__init__.__kwdefaults__", {"kept": 20})
    rows = [full(f"{number:03d}", "田禾生", 性别="公" if number < 15 else "") for number in range(30)]
    with pytest.raises(SheetRefused) as refusal:
        take_over(village, admin, full_workbook(rows))
    assert refusal.value.facts["count"] == 45
    assert [each.code for each in refusal.value.problems].count("number-taken") == 5
    assert len(refusal.value.problems) == 20
