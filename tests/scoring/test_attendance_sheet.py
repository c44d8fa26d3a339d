"""An activity's attendance list: one deed, with a share for everyone who was there."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.scoring.cast import LABOUR, bring, capped, indicator, leave_outside, two_people
from xiangyue.catalogue.rules.terms import Trait
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Resident
from xiangyue.scoring.attendance_sheet import COLUMNS, REQUIRED, SHEET, attendance_form, read_attendance
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.preparing import NewDeed
from xiangyue.scoring.refusals import NoShares
from xiangyue.sheets.problems import Problem, SheetRefused
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import MissingColumns
from xiangyue.sheets.write import SheetForm, write_workbook

DAY = date(2026, 10, 20)
HEADERS = [column.header for column in COLUMNS]


def workbook(*rows: tuple[str, str, str]) -> bytes:
    return write_workbook([SheetForm(SHEET, COLUMNS, rows)])


def read(cast: Cast, *rows: tuple[str, str, str], of: str = LABOUR) -> NewDeed:
    return read_attendance(
        cast.village,
        workbook(*rows),
        "签到.xlsx",
        indicator=indicator(cast.village, of, DAY),
        day=DAY,
        activity="十月清渠",
        key="k",
    )


def problems_of(cast: Cast, *rows: tuple[str, str, str], of: str = LABOUR) -> list[Problem]:
    with pytest.raises(SheetRefused) as caught:
        read(cast, *rows, of=of)
    return caught.value.problems


def test_everyone_who_was_there_has_a_share_of_one_deed(cast: Cast) -> None:
    first, second = two_people(cast.village)
    number = first.household.number
    new = read(cast, ("018", "", ""), (number, first.name, ""), (number, second.name, ""))
    assert (new.day, new.activity, new.description) == (DAY, "十月清渠", "十月清渠")
    assert [(share.household.number, share.resident) for share in new.shares] == [
        ("018", None), (number, first), (number, second),
    ]  # fmt: skip
    (deed,) = bring(cast.clerk, new, source=Source.ATTENDANCE)
    assert (deed.source, deed.shares.count(), deed.state) == (Source.ATTENDANCE, 3, "submitted")
    assert bring(cast.clerk, new, source=Source.ATTENDANCE) == [deed]
    assert Deed.objects.count() == 1


def test_whom_the_scheme_leaves_outside_is_named_by_row(cast: Cast) -> None:
    first, second = two_people(cast.village)
    number = first.household.number
    Resident.objects.filter(pk=first.pk).update(is_party_member=True)
    Resident.objects.filter(pk=second.pk).update(is_party_member=False)
    leave_outside(cast.village, Trait.PARTY_MEMBER)
    (problem,) = problems_of(cast, (number, second.name, ""), (number, first.name, ""))
    assert (problem.row, problem.code) == (3, "subject-excluded")


def test_hours_are_read_where_they_count(cast: Cast) -> None:
    capped(cast.village)
    new = read(cast, ("018", "", "2.5"), ("004", "", "1小时"), of="修路")
    assert [share.given.amount for share in new.shares] == [150, 60]


@pytest.mark.parametrize(
    ("row", "of", "header", "code"),
    [
        (("999", "", ""), "大扫除", "户号", "unknown-household"),
        (("", "田禾生", ""), "大扫除", "户号", "unknown-household"),
        (("018", "麦穗香", ""), "大扫除", "姓名", "unknown-resident"),
        (("018", "", "2"), "大扫除", "时长", "amount-not-counted"),
        (("018", "", ""), "修路", "时长", "amount-missing"),
        (("018", "", "很久"), "修路", "时长", "amount-missing"),
        (("004", "", ""), "大扫除", "户号", "share-repeated"),
        (("018", "田禾生", ""), "大扫除", None, None),
    ],
)
def test_a_bad_cell_is_named(
    cast: Cast, row: tuple[str, str, str], of: str, header: str | None, code: str | None
) -> None:
    capped(cast.village)
    good = ("004", "", "1" if of == "修路" else "")
    if header is None:
        assert len(read(cast, good, row, of=of).shares) == 2
        return
    (problem,) = problems_of(cast, good, row, of=of)
    assert (problem.row, problem.header, problem.value, problem.code) == (
        3, header, row[HEADERS.index(header)], code,
    )  # fmt: skip


def test_everything_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    found = problems_of(cast, ("999", "", ""), ("018", "", "3"), ("018", "没有他", ""))
    assert [(problem.row, problem.column) for problem in found] == [(2, "A"), (3, "C"), (4, "B")]


def test_a_list_of_nobody_is_no_deed(cast: Cast) -> None:
    with pytest.raises(NoShares):
        bring(SYSTEM, read(cast), source=Source.ATTENDANCE)


def test_the_empty_form_is_what_is_read(cast: Cast) -> None:
    (table,) = read_tables(attendance_form(), "签到.xlsx")
    assert (table.sheet, list(table.headers), table.rows) == (SHEET, HEADERS, [])
    without = write_workbook(
        [SheetForm(SHEET, [column for column in COLUMNS if column.header not in REQUIRED], [["x", ""]])]
    )
    with pytest.raises(MissingColumns):
        read_attendance(
            cast.village,
            without,
            "签到.xlsx",
            indicator=indicator(cast.village, LABOUR, DAY),
            day=DAY,
            activity="",
            key="k",
        )
