"""Items as real catalogues have them, for the tests. Points in centipoints."""

from datetime import date
from typing import Any

from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.sets import Share
from xiangyue.catalogue.rules.terms import Counting, Direction, Layer, Side, Subject, Whose, Window
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Cell,
    Fixed,
    PerUnit,
    Step,
    StepTable,
    Unit,
    Worth,
)

DAY = date(2026, 10, 14)  # a Wednesday
BUTTS = Unit("个")
MU = Unit("亩")
KILO = Unit("公斤")

LABOUR = Item("11", "参加公共劳动", Direction.AWARD, Fixed(800), subject=Subject.PERSON)
GAMBLING = Item("17", "参与赌博", Direction.DEDUCTION, Fixed(2000), subject=Subject.PERSON)


def award(worth: Worth, title: str = "做好事", **more: Any) -> Item:
    return Item("1", title, Direction.AWARD, worth, **more)


def deduction(worth: Worth, title: str = "违约", **more: Any) -> Item:
    return Item("2", title, Direction.DEDUCTION, worth, **more)


def points(amount: int, window: Window, whose: Whose = Whose.HOUSEHOLD, **more: Any) -> Limit:
    return Limit(Counting.POINTS, amount, window, whose, **more)


def times(amount: int, window: Window, whose: Whose = Whose.HOUSEHOLD, **more: Any) -> Limit:
    return Limit(Counting.TIMES, amount, window, whose, **more)


def on_category(limit_points: int, window: Window, side: Side = Side.AWARD) -> Limit:
    return points(limit_points, window, layer=Layer.CATEGORY, side=side)


def on_household(limit_points: int, window: Window, side: Side = Side.AWARD) -> Limit:
    return points(limit_points, window, layer=Layer.ALL, side=side)


def cells(*values: int) -> tuple[Cell, ...]:
    return tuple(Fixed(value) for value in values)


def shared(
    item: Item,
    day: date = DAY,
    *,
    batch: int = 1,
    id: int = 1,
    household: int = 1,
    limits: tuple[Limit, ...] = (),
    where: Where | None = None,
    **facts: Any,
) -> Share:
    place = where or Where(household, village=1, group=1)
    return Share(batch, id, item, Facts(day, **facts), place, limits)


DONATION = award(
    Bands(
        YUAN,
        (
            Band(0, 100_000, 10_000, 100),
            Band(100_000, 500_000, 40_000, 100),
            Band(500_000, 1_000_000, 50_000, 100),
            Band(1_000_000, None, 100_000, 100),
        ),
        by_parts=True,
        over=Window.YEAR,
    ),
    "捐款",
    limits=(points(4000, Window.YEAR),),
)
SMALL_GIFT = award(PerUnit(YUAN, 1_000, 10, whole=True), "小额捐款")
SERVICE = award(
    StepTable(
        HOUR,
        tuple(
            Step(hours * 60, value * 100)
            for hours, value in (
                (10, 2), (20, 5), (50, 10), (80, 15), (100, 20), (150, 25), (200, 30), (250, 40), (300, 50),
            )
        ),
        over=Window.YEAR,
    ),
    "志愿服务",
    subject=Subject.PERSON,
)  # fmt: skip
