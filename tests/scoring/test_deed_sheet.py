from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.people.cast import small_village
from tests.scoring.cast import bring, capped, household, leave_outside, two_people
from xiangyue.catalogue.rules.terms import Trait
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Resident, Unit
from xiangyue.people.queries import resident_named
from xiangyue.scoring.deed_sheet import COLUMNS, REQUIRED, SHEET, deed_form, read_deeds
from xiangyue.scoring.facts import Given
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.operations.bringing import NewDeed
from xiangyue.sheets.problems import Problem, SheetRefused
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import EmptySheet, MissingColumns, UnreadableSheet
from xiangyue.sheets.write import SheetForm, write_workbook

HEADERS = [column.header for column in COLUMNS]
LETTERS = dict(zip(HEADERS, "ABCDEFGHIJK", strict=True))
GOOD = {"日期": "2026-10-05", "户号": "018", "指标": "参加公共劳动"}


def workbook(*rows: dict[str, str], name: str = SHEET) -> bytes:
    """Rows by header, on the form's own sheet; the first of them is row 2."""
    cells = [[row.get(header, "") for header in HEADERS] for row in rows]
    return write_workbook([SheetForm(name, COLUMNS, cells)])


def read(cast: Cast, *rows: dict[str, str]) -> list[NewDeed]:
    return read_deeds(cast.village, workbook(*rows), "事项.xlsx", key="k")


def problems_of(cast: Cast, *rows: dict[str, str]) -> list[Problem]:
    with pytest.raises(SheetRefused) as caught:
        read(cast, *rows)
    return caught.value.problems


def numbers(deed: NewDeed) -> list[str]:
    return [share.household.number for share in deed.shares]


# What is read


def test_a_row_is_a_deed(cast: Cast) -> None:
    (deed,) = read(cast, {**GOOD, "姓名": "田禾生", "说明": "清渠"})
    (share,) = deed.shares
    assert (deed.day, deed.indicator, deed.description) == (
        date(2026, 10, 5),
        cast.indicator("参加公共劳动"),
        "清渠",
    )
    assert share.household == household(cast.village, "018")
    assert share.resident == resident_named(share.household, "田禾生")
    assert share.given == Given()


def test_whom_the_scheme_leaves_outside_is_named_by_row(cast: Cast) -> None:
    Resident.objects.filter(name="田禾生").update(is_party_member=True)
    leave_outside(cast.village, Trait.PARTY_MEMBER)
    (problem,) = problems_of(cast, GOOD, {**GOOD, "姓名": "田禾生"})
    assert (problem.row, problem.code) == (3, "subject-excluded")


def test_an_indicator_goes_by_its_number_too(cast: Cast) -> None:
    (deed,) = read(cast, {**GOOD, "指标": "11"})
    assert deed.indicator.title == "参加公共劳动"


@pytest.mark.parametrize(
    ("indicator", "cells", "proposed", "amount"),
    [
        ("垃圾分类", {"分值": "3"}, 300, None),
        ("垃圾分类", {"分值": "2.5"}, 250, None),
        ("捐物", {"分值": "12.34"}, 1234, None),
        ("大扫除", {"分值": "5"}, 500, None),
        ("修路", {"数量": "2.5"}, None, 150),
        ("修路", {"数量": "0.25小时"}, None, 15),
        ("修路", {"数量": "１２"}, None, 720),
    ],
)
def test_points_and_quantities(
    cast: Cast, indicator: str, cells: dict[str, str], proposed: int | None, amount: int | None
) -> None:
    """In centipoints, and in minutes."""
    capped(cast.village)
    (deed,) = read(cast, {**GOOD, "指标": indicator, **cells})
    assert deed.shares[0].given == Given(proposed=proposed, amount=amount)


def test_a_deduction_may_be_written_with_or_without_its_sign(cast: Cast) -> None:
    for points in ("10", "-10", "−10"):
        (deed,) = read(cast, {**GOOD, "指标": "乱堆垃圾不整治", "分值": points})
        assert deed.shares[0].given.proposed == 1000


def test_rows_of_one_number_are_one_deed(cast: Cast) -> None:
    rows = [
        {**GOOD, "事项号": "A1", "户号": "018", "说明": "一起清渠"},
        {**GOOD, "户号": "004"},
        {**GOOD, "事项号": "A1", "户号": "050"},
        {**GOOD, "户号": "004"},
    ]
    shared, *single = read(cast, *rows)
    assert (numbers(shared), shared.description) == (["018", "050"], "一起清渠")
    assert [numbers(deed) for deed in single] == [["004"], ["004"]]


def test_two_people_of_a_household_have_a_share_each(cast: Cast) -> None:
    first, second = two_people(cast.village)
    of = {**GOOD, "事项号": "A1", "户号": first.household.number}
    rows = [{**of, "姓名": person.name} for person in (first, second)]
    (deed,) = read(cast, *rows)
    assert [share.resident for share in deed.shares] == [first, second]


def test_every_sheet_is_read(cast: Cast) -> None:
    both = write_workbook(
        [
            SheetForm(name, COLUMNS, [[GOOD.get(header, "") for header in HEADERS]])
            for name in ("上旬", "下旬")
        ]
    )
    deeds = read_deeds(cast.village, both, "事项.xlsx", key="k")
    assert len({deed.key for deed in deeds}) == 2


def test_the_same_file_gives_the_same_keys_and_brings_nothing_twice(cast: Cast) -> None:
    content = workbook(GOOD, GOOD, {**GOOD, "事项号": "A1"})
    for _again in range(2):
        deeds = read_deeds(cast.village, content, "事项.xlsx", key="k")
        bring(SYSTEM, *deeds, source=Source.SHEET)
    assert [deed.key for deed in deeds] == ["k:1:2", "k:1:3", "k:1:4"]
    assert Deed.objects.count() == 3


def test_a_csv_file_with_any_name_will_do(cast: Cast) -> None:
    content = "日期,户号,指标\n2026-10-05,018,参加公共劳动\n".encode("gb18030")
    deeds = read_deeds(cast.village, content, f"{'十月份积分事项' * 12}.csv", key="sheet:" + "0" * 30)
    bring(SYSTEM, *deeds)
    assert Deed.objects.get().day == date(2026, 10, 5)


# What is wrong with a cell: header, value, code; first what stands alone, then what needs the caps' catalogue

BAD: list[tuple[dict[str, str], str, str]] = [
    ({"日期": ""}, "日期", "not-a-day"),
    ({"日期": "10月5日"}, "日期", "not-a-day"),
    ({"日期": "2026-10-32"}, "日期", "not-a-day"),
    ({"日期": "2026-11-03"}, "日期", "day-in-future"),
    ({"日期": "2025-12-31"}, "指标", "no-catalogue-in-force"),
    ({"户号": ""}, "户号", "unknown-household"),
    ({"户号": "18"}, "户号", "unknown-household"),
    ({"户号": "999", "姓名": "田禾生"}, "户号", "unknown-household"),
    ({"姓名": "麦穗香"}, "姓名", "unknown-resident"),
    ({"指标": ""}, "指标", "unknown-indicator"),
    ({"指标": "公共劳动"}, "指标", "unknown-indicator"),
    ({"分值": "很多"}, "分值", "not-points"),
    ({"分值": "8.001"}, "分值", "not-points"),
    ({"分值": "NaN"}, "分值", "not-points"),
    ({"分值": "9"}, "分值", "points-not-allowed"),
    ({"数量": "2"}, "数量", "amount-not-counted"),
    ({"档次": "镇级"}, "档次", "row-missing"),
    ({"加扣": "对半"}, "加扣", "side-missing"),
]
BAD_CAPPED: list[tuple[dict[str, str], str, str]] = [
    ({"指标": "修路"}, "数量", "amount-missing"),
    *(
        ({"指标": "修路", "数量": text}, "数量", "amount-missing")
        for text in ("两", "0", "-1", "0.001", "NaN", "Infinity", "1e15")
    ),
    ({"指标": "修路", "数量": "1e9"}, "数量", "points-not-allowed"),
    ({"指标": "垃圾分类", "分值": "1"}, "分值", "points-not-allowed"),
    ({"指标": "垃圾分类", "数量": "2"}, "数量", "amount-not-counted"),
    ({"指标": "捐物", "分值": "0"}, "分值", "points-not-allowed"),
]


def told(cast: Cast, cells: dict[str, str], header: str, code: str) -> None:
    """The bad row stands below a good one."""
    good = {**GOOD, "户号": "004", "指标": cast.catalogue.indicators.all()[0].title}
    row = {**GOOD, **cells}
    (problem,) = problems_of(cast, good, row)
    assert (problem.sheet, problem.row, problem.column, problem.header, problem.value, problem.code) == (
        SHEET,
        3,
        LETTERS[header],
        header,
        row.get(header, ""),
        code,
    )
    assert problem.text


@pytest.mark.parametrize(("cells", "header", "code"), BAD)
def test_a_bad_cell_is_named(cast: Cast, cells: dict[str, str], header: str, code: str) -> None:
    told(cast, cells, header, code)


@pytest.mark.parametrize(("cells", "header", "code"), BAD_CAPPED)
def test_what_no_meeting_could_approve_is_named(
    cast: Cast, cells: dict[str, str], header: str, code: str
) -> None:
    capped(cast.village)
    told(cast, cells, header, code)


@pytest.mark.parametrize(
    ("second", "header", "code"),
    [
        ({"户号": "004", "日期": "2026-10-06"}, "事项号", "deed-differs"),
        ({"户号": "004", "指标": "志愿服务"}, "事项号", "deed-differs"),
        ({"户号": "018"}, "户号", "share-repeated"),
        ({"户号": "018", "姓名": "田禾生"}, None, None),
    ],
)
def test_rows_of_one_deed_agree(
    cast: Cast, second: dict[str, str], header: str | None, code: str | None
) -> None:
    rows = [{**GOOD, "事项号": "A1"}, {**GOOD, "事项号": "A1", **second}]
    if header is None:
        assert len(read(cast, *rows)) == 1
        return
    (problem,) = problems_of(cast, *rows)
    assert (problem.row, problem.column, problem.header, problem.code) == (3, LETTERS[header], header, code)


def test_everything_that_is_wrong_is_told_at_once_and_in_order(cast: Cast) -> None:
    rows = [
        {**GOOD, "分值": "很多", "日期": "昨天"},
        GOOD,
        {**GOOD, "户号": "999", "指标": "没有这项", "数量": "x"},
    ]
    found = [(problem.row, problem.column) for problem in problems_of(cast, *rows)]
    assert found == [(2, "B"), (2, "F"), (4, "C"), (4, "E")]
    assert not Deed.objects.exists()


def test_another_village_s_households_are_not_known_here(cast: Cast) -> None:
    elsewhere = Unit.objects.get(code="440783104220")
    small_village(elsewhere)
    with pytest.raises(SheetRefused) as caught:
        read_deeds(elsewhere, workbook({**GOOD, "户号": "050", "指标": "1.2"}), "事项.xlsx", key="k")
    assert [problem.code for problem in caught.value.problems] == ["unknown-household"]


# What is no such sheet


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_column_that_is_needed_is_missing(cast: Cast, missing: str) -> None:
    columns = [column for column in COLUMNS if column.header != missing]
    content = write_workbook(
        [SheetForm(SHEET, columns, [[GOOD.get(column.header, "x") for column in columns]])]
    )
    with pytest.raises(MissingColumns) as caught:
        read_deeds(cast.village, content, "事项.xlsx", key="k")
    assert missing in str(caught.value)


def test_what_is_no_sheet_is_refused(cast: Cast) -> None:
    with pytest.raises(UnreadableSheet):
        read_deeds(cast.village, b"%PDF-1.7", "事项.xlsx", key="k")
    with pytest.raises(EmptySheet):
        read_deeds(cast.village, b"", "事项.csv", key="k")


def test_the_empty_form_is_what_is_read(cast: Cast) -> None:
    (table,) = read_tables(deed_form(), "事项.xlsx")
    assert (table.sheet, list(table.headers), table.rows) == (SHEET, HEADERS, [])
    assert set(REQUIRED) < set(HEADERS)
    assert read_deeds(cast.village, deed_form(), "事项.xlsx", key="k") == []


def test_many_rows_cost_what_few_rows_cost(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Days, households, people and indicators repeat; only another day asks for the rules anew."""
    kinds = [
        {**GOOD, "户号": number, "日期": f"2026-10-0{day}", "指标": indicator, "姓名": name}
        for day in (5, 6)
        for number, name in (("018", "田禾生"), ("004", ""))
        for indicator in ("参加公共劳动", "志愿服务")
    ]
    few, many = workbook(*(kinds * 2)[:10]), workbook(*kinds * 25)
    with CaptureQueriesContext(connection) as counted:
        assert len(read_deeds(cast.village, few, "事项.xlsx", key="k")) == 10
    with django_assert_max_num_queries(len(counted)):
        assert len(read_deeds(cast.village, many, "事项.xlsx", key="k")) == 200
