"""What people write about a deed, as facts."""

import pytest

from xiangyue.catalogue.entry import amount_in, row_in, rows_of, side_in, unit_of
from xiangyue.catalogue.rules.judgement import Row
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.refusals import AmountMissing, AmountNotCounted, RowMissing, SideMissing
from xiangyue.catalogue.rules.tariffs import row_text
from xiangyue.catalogue.rules.terms import Direction, Level, RankStyle, Severity, Side
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Both,
    ByKind,
    Fixed,
    FromFull,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Ranks,
    Severities,
    Unit,
    Worth,
)

HOURLY = PerUnit(HOUR, 60, 200, whole=False)
FIXED = Fixed(500)


def item(worth: Worth, direction: Direction = Direction.AWARD) -> Item:
    return Item("1", "做了一件事", direction, worth)


@pytest.mark.parametrize(
    ("worth", "direction", "unit"),
    [
        (HOURLY, Direction.AWARD, HOUR),
        (FIXED, Direction.AWARD, None),
        (ByKind((("低收入户", FIXED),), HOURLY), Direction.AWARD, HOUR),
        (Both(FIXED, HOURLY), Direction.BOTH, HOUR),
        (FromFull(800, PerUnit(Unit("处"), 100, 50, whole=True)), Direction.BASE, Unit("处")),
    ],
)
def test_the_unit_that_is_counted(worth: Worth, direction: Direction, unit: Unit | None) -> None:
    assert unit_of(item(worth, direction)) == unit


@pytest.mark.parametrize(
    ("text", "minutes"), [("2.5", 150), ("２", 120), ("2小时", 120), ("0.25 小时", 15), ("1,000", 60_000)]
)
def test_amounts_are_read_in_base_units(text: str, minutes: int) -> None:
    assert amount_in(item(HOURLY), text) == minutes


@pytest.mark.parametrize("text", ["", "两", "0", "-1", "0.001", "NaN", "Infinity", "1e30"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(AmountMissing):
        amount_in(item(HOURLY), text)
    with pytest.raises(AmountNotCounted):
        amount_in(item(FIXED), text)


def test_money_is_read_in_fen() -> None:
    assert amount_in(item(PerUnit(YUAN, 10_000, 100, whole=True)), "99.99元") == 9999


@pytest.mark.parametrize(
    ("worth", "text", "row"),
    [
        (Levels(((Level.TOWN, FIXED), (Level.COUNTY, FIXED))), "县级", Row(level=Level.COUNTY)),
        (Levels(((Level.TOWN, FIXED), (Level.COUNTY, FIXED))), "镇", Row(level=Level.TOWN)),
        (Ranks(((1, FIXED), (2, FIXED)), RankStyle.PRIZE), "二等", Row(rank=2, style=RankStyle.PRIZE)),
        (Ranks(((1, FIXED),)), "第1名", Row(rank=1)),
        (Severities(((Severity.GRAVE, FIXED),)), "严重", Row(severity=Severity.GRAVE)),
        (Named((("考上本科", FIXED),)), "考上本科", Row(name="考上本科")),
        (
            LevelRanks(((Level.CITY, (FIXED, FIXED)),), RankStyle.PRIZE),
            "市级二等奖",
            Row(level=Level.CITY, rank=2, style=RankStyle.PRIZE),
        ),
        (ByKind((("低收入户", Levels(((Level.CITY, FIXED),))),)), "市级", Row(level=Level.CITY)),
    ],
)
def test_rows_go_by_their_names(worth: Worth, text: str, row: Row) -> None:
    assert row_in(item(worth), text) == row


def test_another_row_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(RowMissing) as caught:
        row_in(item(Levels(((Level.TOWN, FIXED), (Level.COUNTY, FIXED)))), "省级")
    assert caught.value.facts["rows"] == "镇级、县级"
    with pytest.raises(RowMissing):
        row_in(item(FIXED), "镇级")


def test_the_rows_of_one_side_alone() -> None:
    award, deduction = Levels(((Level.TOWN, FIXED),)), Named((("一般", FIXED),))
    both = item(Both(award, deduction), Direction.BOTH)
    names = {side: [row_text(row) for row, _cell in rows_of(both, side)] for side in Side}
    assert names == {Side.AWARD: ["镇级"], Side.DEDUCTION: ["一般"], Side.EACH: ["镇级", "一般"]}
    assert rows_of(item(FIXED)) == []


def test_sides() -> None:
    both = item(Both(FIXED, FIXED), Direction.BOTH)
    assert [side_in(both, text) for text in ("加", "加分", "扣", "扣分", "减")] == [
        Side.AWARD,
        Side.AWARD,
        Side.DEDUCTION,
        Side.DEDUCTION,
        Side.DEDUCTION,
    ]
    for text in ("", "对半"):
        with pytest.raises(SideMissing):
            side_in(both, text)
