"""Each form of a value in the database, with the figure that it gives."""

from dataclasses import replace
from typing import Any

import pytest

from tests.catalogue.bulk.filling import fill_shares
from tests.catalogue.rules.items import BUTTS, DAY, DONATION, SERVICE, award, cells, deduction, shared
from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.judging import judge_in_bulk
from xiangyue.catalogue.bulk.reading import judgements_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.rules.judging import judge
from xiangyue.catalogue.rules.model import Item, Multiplier, RolePoints, Season, Sharing
from xiangyue.catalogue.rules.terms import (
    BadRule,
    Circumstance,
    Direction,
    Level,
    Severity,
    Side,
    Split,
    Trait,
)
from xiangyue.catalogue.rules.times import Lasting, Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    FromFull,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    Reset,
    Severities,
    Step,
    StepTable,
    Veto,
)
from xiangyue.tenancy.models import Jurisdiction

LIKE = Item("9", "照顾孤老", Direction.AWARD, Fixed(700))
HARVEST = Season(Yearly((10, 1), (10, 31)), "农忙", 150)
ROLES = Sharing(Split.BY_ROLE, roles=(RolePoints("书记", Fixed(500)), RolePoints("主任", Fixed(300))))
TABLE = LevelRanks(((Level.VILLAGE, cells(500)), (Level.COUNTY, cells(2000, 1000))))
THIRDS = Bands(YUAN, (Band(0, 10, 3, 1, False), Band(10, None, 7, 1, False)), by_parts=True)
HUGE = Bands(YUAN, tuple(Band(n, n + 1, 10**9 - n, 10**8, False) for n in range(50)), by_parts=True)

GIVEN: list[tuple[Item, dict[str, Any], int]] = [
    (award(Fixed(800)), {}, 800),
    (deduction(Fixed(2000)), {}, -2000),
    (award(Range(100, 1000)), {"chosen": 450}, 450),
    (award(Discretion(1000, 5000)), {"chosen": 1200, "reason": "救人"}, 1200),
    (award(Range(100, 1000), median_of=3), {"scores": (900, 100, 500)}, 500),
    (award(CaseByCase()), {"chosen": 90_000}, 90_000),
    (award(PerUnit(HOUR, 60, 200, whole=False)), {"amount": 90}, 300),
    (award(PerUnit(HOUR, 60, 5, whole=False)), {"amount": 90}, 8),
    (award(PerUnit(BUTTS, 5000, 100, whole=True)), {"amount": 14_900}, 200),
    (award(PerUnit(YUAN, 10**15, 10**8, whole=False)), {"amount": 10**15}, 10**8),
    (award(PerUnit(YUAN, 10**11, 10**8, whole=True)), {"amount": 10**11 - 1}, 0),
    (DONATION, {"amount": 180_000}, 1200),
    (award(THIRDS), {"amount": 12}, 4),
    (award(HUGE), {"amount": 50}, 5),
    (award(Bands(YUAN, (Band(100, 500, 100, 100), Band(500, None, 50, 100)))), {"amount": 600}, 1200),
    (award(Bands(YUAN, (Band(100, 500, 100, 100), Band(500, None, 50, 100)))), {"amount": 100}, 0),
    (SERVICE, {"amount": 1199}, 200),
    (SERVICE, {"amount": 1200}, 500),
    (award(StepTable(YUAN, (Step(100, 300),), open=True)), {"amount": 100}, 0),
    (award(StepTable(YUAN, (Step(0, 300),))), {"amount": 1}, 300),
    (award(Levels(((Level.VILLAGE, Fixed(500)), (Level.TOWN, Fixed(1000))))), {"level": Level.TOWN}, 1000),
    (award(Ranks(((1, Fixed(1000)), (2, Fixed(800))))), {"rank": 2}, 800),
    (award(TABLE), {"level": Level.COUNTY, "rank": 2}, 1000),
    (deduction(Severities(((Severity.GRAVE, Fixed(900)),))), {"severity": Severity.GRAVE}, -900),
    (award(Named((("考上本科", Range(100, 3000)),))), {"row": "考上本科", "chosen": 2500}, 2500),
    (award(ByAnalogy()), {"like": LIKE}, 700),
    (Item("5", "评星", Direction.BOTH, Both(Fixed(300), Fixed(200))), {"side": Side.DEDUCTION}, -200),
    (award(ByKind((("贫困户", Fixed(1000)),), Fixed(500))), {"kinds": frozenset({"贫困户"})}, 1000),
    (award(ByKind((("贫困户", Fixed(1000)),), Fixed(500))), {}, 500),
    (
        Item("6", "卫生", Direction.BASE, FromFull(800, PerUnit(BUTTS, 100, 50, whole=True))),
        {"amount": 300},
        650,
    ),
    (Item("6", "卫生", Direction.BASE, FromFull(800, Fixed(900))), {"faulty": True}, 0),
    (Item("6", "卫生", Direction.BASE, FromFull(800, Fixed(900))), {}, 800),
    (Item("6", "卫生", Direction.BASE, FromFull(800)), {"chosen": 350}, 350),
    (Item("7", "清零", Direction.RESET, Reset(to=1000)), {"balance": 4500}, -3500),
    (Item("7", "清零", Direction.RESET, Reset(repaired=6000)), {"balance": 9000, "corrected": True}, -6000),
    (Item("8", "否决", Direction.VETO, Veto(Lasting(years=1))), {}, 0),
    (Item("8", "降级", Direction.DOWNGRADE, Downgrade(steps=1)), {}, 0),
    (award(Fixed(1), sharing=ROLES), {"role": "主任"}, 300),
    (award(Fixed(700), sharing=Sharing(Split.EQUAL)), {"participants": 3, "place": 0}, 234),
    (
        award(Fixed(700), sharing=Sharing(Split.GIVEN)),
        {"participants": 2, "place": 1, "parts": (100, 600)},
        600,
    ),
    (award(Fixed(101), seasons=(HARVEST,)), {}, 152),
    (award(Fixed(101), seasons=(replace(HARVEST, factor=100, worth=Range(1, 999)),)), {"chosen": 7}, 7),
    (award(Fixed(30), minimum=500), {}, 500),
    (
        deduction(
            Fixed(101),
            multipliers=(Multiplier(Circumstance.PARTY_MEMBER, 150), Multiplier(Circumstance.REPEAT, 33)),
        ),
        {"traits": frozenset({Trait.PARTY_MEMBER}), "repeated": True},
        -50,
    ),
]


def rules_of(item: Item) -> dict[int, Rule]:
    return {1: Rule(item), 2: Rule(LIKE)}


@pytest.mark.parametrize(("item", "facts", "points"), GIVEN)
def test_a_form_gives_the_same_figure(
    county: Jurisdiction, item: Item, facts: dict[str, Any], points: int
) -> None:
    share = shared(item, DAY, id=5, **facts)
    tables.open_tables()
    fill_shares([share], {5: 1}, {5: 2})
    judge_in_bulk(rules_of(item))
    assert tables.rows_of("SELECT id, points FROM judge_result") == [(5, points)]
    assert judgements_of(rules_of(item), [5]) == {5: judge(item, share.facts)}


def test_a_share_of_an_item_that_is_not_among_the_rules_stops_everything(county: Jurisdiction) -> None:
    tables.open_tables()
    fill_shares([shared(LIKE, id=5)], {5: 3}, {})
    with pytest.raises(BadRule, match="item-not-among-the-rules: 3"):
        judge_in_bulk(rules_of(LIKE))


def test_no_share_no_judgement(county: Jurisdiction) -> None:
    tables.open_tables()
    judge_in_bulk(rules_of(LIKE))
    assert tables.rows_of("SELECT * FROM judge_result") == []
