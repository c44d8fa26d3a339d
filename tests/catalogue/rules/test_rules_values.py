"""RULES "Values" and "Periods and caps": a test for each thing that is said there. The docstring quotes it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.catalogue.rules.items import (
    BUTTS,
    DAY,
    DONATION,
    KILO,
    SERVICE,
    SMALL_GIFT,
    award,
    cells,
    deduction,
    on_category,
    on_household,
    points,
    shared,
    times,
)
from xiangyue.catalogue.rules.clamping import Before
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judging import judge
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.refusals import (
    AmountMissing,
    AmountNotCounted,
    LikeItemMissing,
    PointsNotAllowed,
    PointsNotChosen,
    ReasonForPointsMissing,
    RowMissing,
    SideMissing,
)
from xiangyue.catalogue.rules.sets import Share, judge_set
from xiangyue.catalogue.rules.terms import (
    MOST,
    Counting,
    Direction,
    Layer,
    Level,
    Severity,
    Side,
    Subject,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import ToYearEnd
from xiangyue.catalogue.rules.worth import (
    HOUR,
    TEN_THOUSAND_YUAN,
    YUAN,
    Band,
    Bands,
    Both,
    ByAnalogy,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    LevelRanks,
    Levels,
    PerUnit,
    Range,
    Ranks,
    Reset,
    Severities,
    Step,
    StepTable,
    Veto,
)


def given(item: Item, earlier: int = 0, **facts: Any) -> int:
    return judge(item, Facts(DAY, **facts), Before(amount=earlier)).points


def in_turn(*shares: Share) -> list[int]:
    judged = judge_set(shares)
    return [judged[share.id].points for share in shares]


def test_fixed() -> None:
    """RULES, Values: Fixed."""
    assert given(award(Fixed(500))) == 500
    assert given(deduction(Fixed(500))) == -500
    with pytest.raises(PointsNotAllowed):
        given(award(Fixed(500)), chosen=400)
    with pytest.raises(AmountNotCounted):
        given(award(Fixed(500)), amount=300)


@pytest.mark.parametrize(("low", "high"), [(1, 10), (50, 100), (100, 2000)])
def test_a_range(low: int, high: int) -> None:
    """RULES, Values: a range (1-10, 50-100, 100-2000)."""
    item = award(Range(low * 100, high * 100))
    assert given(item, chosen=low * 100) == low * 100
    assert given(item, chosen=high * 100) == high * 100
    for outside in (low * 100 - 1, high * 100 + 1):
        with pytest.raises(PointsNotAllowed):
            given(item, chosen=outside)
    with pytest.raises(PointsNotChosen):
        given(item)


def test_at_discretion_within_a_range_with_a_reason() -> None:
    """RULES, Values: at discretion within a range with a reason."""
    item = award(Discretion(1000, 5000))
    assert given(item, chosen=3000, reason="领着全组修渠") == 3000
    with pytest.raises(ReasonForPointsMissing):
        given(item, chosen=3000, reason=" ")
    with pytest.raises(PointsNotAllowed):
        given(item, chosen=5001, reason="领着全组修渠")


def test_decimals() -> None:
    """RULES, Values: decimals (0.1, 0.5)."""
    assert given(award(Fixed(10))) == 10
    assert given(deduction(Fixed(50))) == -50


@pytest.mark.parametrize("yuan", [100, 400, 500, 1000])
def test_bands_by_amount(yuan: int) -> None:
    """RULES, Values: bands by amount (1 point per 100, 400, 500 or 1,000 yuan)."""
    item = award(PerUnit(YUAN, yuan * 100, 100, whole=True))
    assert given(item, amount=yuan * 100 * 3) == 300
    assert given(item, amount=yuan * 100 * 3 - 1) == 200


def test_a_tenth_of_a_point_for_ten_yuan() -> None:
    """RULES, Values: bands by amount (0.1 per 10 yuan)."""
    assert given(SMALL_GIFT, amount=9_900) == 90


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [
        (99, 0),
        (100, 100),
        (1000, 1000),
        (1001, 1000),
        (1400, 1100),
        (5000, 2000),
        (10_000, 3000),
        (20_000, 4000),
    ],
)
def test_bands_whose_rate_changes_with_the_amount(yuan: int, expected: int) -> None:
    """RULES, Values: bands by amount, one after the other as with a tax."""
    assert given(DONATION, amount=yuan * 100) == expected


def test_bands_that_rate_the_whole_amount() -> None:
    """RULES, Values: bands by amount, the whole at the rate of the band it falls in."""
    item = award(Bands(YUAN, (Band(0, 9_900, 1_000, 10), Band(9_900, 100_000, 10_000, 100))))
    assert given(item, amount=9_900) == 90
    assert given(item, amount=65_000) == 600
    assert given(item, amount=100_001) == 0


@pytest.mark.parametrize(
    ("worth", "amount", "expected"),
    [
        (PerUnit(BUTTS, 5_000, 100, whole=True), 12_000, 200),
        (PerUnit(KILO, 100, 200, whole=True), 250, 400),
        (PerUnit(KILO, 100, 200, whole=False), 250, 500),
        (PerUnit(HOUR, 120, 100, whole=True), 300, 200),
        (PerUnit(HOUR, 240, 100, whole=True), 239, 0),
    ],
)
def test_batches_of_a_unit(worth: PerUnit, amount: int, expected: int) -> None:
    """RULES, Values: batches of a unit (50 cigarette butts, 1 kg, 2 or 4 hours)."""
    assert given(award(worth), amount=amount) == expected
    with pytest.raises(AmountMissing):
        given(award(worth))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        *((9, 0), (10, 200), (20, 500), (49, 500), (50, 1000), (80, 1500), (100, 2000), (150, 2500)),
        *((200, 3000), (250, 4000), (299, 4000), (300, 5000), (900, 5000)),
    ],
)
def test_a_step_table_of_hours(hours: int, expected: int) -> None:
    """RULES, Values: step tables (nine steps of hours)."""
    assert given(SERVICE, amount=hours * 60) == expected


def test_hours_that_add_up_over_the_year_give_the_step_once() -> None:
    """RULES, Values: step tables (nine steps of hours), reached by what adds up."""
    tens = [shared(SERVICE, id=id, amount=600) for id in range(6)]
    assert in_turn(*tens) == [200, 300, 0, 0, 500, 0]


def test_bands_of_found_money() -> None:
    """RULES, Values: step tables (bands of found money)."""
    found = award(StepTable(YUAN, (Step(0, 100), Step(50_000, 500), Step(500_000, 2000)), open=True))
    assert [given(found, amount=amount) for amount in (1, 50_000, 50_001, 500_001)] == [100, 100, 500, 2000]


def test_investment_size() -> None:
    """RULES, Values: step tables (investment size)."""
    size = award(StepTable(TEN_THOUSAND_YUAN, (Step(500 * 10**6, 2000), Step(1000 * 10**6, 5000))))
    assert [given(size, amount=amount * 10**6) for amount in (499, 500, 1000)] == [0, 2000, 5000]


def test_award_level() -> None:
    """RULES, Values: award level village/town/county/city/province/nation."""
    levels = (Level.VILLAGE, Level.TOWN, Level.COUNTY, Level.CITY, Level.PROVINCE)
    rows = tuple(zip(levels, cells(300, 500, 1000, 3000, 6000), strict=True))
    item = award(Levels((*rows, (Level.NATION, CaseByCase()))))
    assert [given(item, level=level) for level in levels] == [300, 500, 1000, 3000, 6000]
    assert given(item, level=Level.NATION, chosen=9000) == 9000
    for level in (None, Level.SCHOOL):
        with pytest.raises(RowMissing) as caught:
            given(item, level=level)
    assert str(caught.value) == "“做好事”分几档记分，请写清是哪一档：村级、镇级、县级、市级、省级、国家级。"


def test_rank() -> None:
    """RULES, Values: rank 1-3."""
    item = award(Ranks(tuple(enumerate(cells(500, 300, 200), 1))))
    assert [given(item, rank=rank) for rank in (1, 2, 3)] == [500, 300, 200]
    with pytest.raises(RowMissing):
        given(item, rank=4)


def test_rank_at_a_level() -> None:
    """RULES, Values: rank 1-3, at each level (国家40/30/20…区5/3/2)."""
    item = award(LevelRanks(((Level.COUNTY, cells(500, 300, 200)), (Level.NATION, cells(4000, 3000, 2000)))))
    assert given(item, level=Level.NATION, rank=3) == 2000
    assert given(item, level=Level.COUNTY, rank=1) == 500


def test_four_severities() -> None:
    """RULES, Values: four severities."""
    item = deduction(Severities(tuple(zip(Severity, cells(500, 1000, 2000, 5000), strict=True))))
    assert [given(item, severity=grave) for grave in Severity] == [-500, -1000, -2000, -5000]


def test_no_fixed_score() -> None:
    """RULES, Values: no fixed score (一事一议: decided case by case)."""
    item = award(CaseByCase())
    assert given(item, chosen=7000) == 7000
    for impossible in (0, -1, MOST + 1):
        with pytest.raises(PointsNotAllowed):
            given(item, chosen=impossible)
    with pytest.raises(PointsNotChosen):
        given(item)


def test_scored_by_analogy_to_a_named_item() -> None:
    """RULES, Values: scored by analogy to a named item."""
    rescue = Item("15", "见义勇为", Direction.AWARD, Fixed(5000))
    fight = Item("16", "打架", Direction.DEDUCTION, Fixed(1000))
    unlisted = Item("99", "没列上的事", Direction.BOTH, ByAnalogy())
    assert given(unlisted, like=rescue) == 5000
    assert given(unlisted, like=fight) == -1000
    for item, like in [
        (unlisted, Item("20", "乱倒垃圾", Direction.RESET, Reset())),
        (unlisted, Item("21", "聚众赌博", Direction.VETO, Veto(ToYearEnd()))),
        (unlisted, Item("22", "复查不合格", Direction.DOWNGRADE, Downgrade("B级"))),
        (unlisted, Item("23", "庭院", Direction.BASE, Fixed(1000))),
        (unlisted, None),
        (unlisted, unlisted),
        (award(ByAnalogy()), fight),
        (award(ByAnalogy("14")), rescue),
    ]:
        with pytest.raises(LikeItemMissing):
            given(item, like=like)
    assert given(award(ByAnalogy("15")), like=rescue) == 5000


def test_one_item_with_both_an_award_and_a_deduction_side() -> None:
    """RULES, Values: one item with both an award and a deduction side."""
    stars = Item("3", "监督榜评星", Direction.BOTH, Both(Fixed(300), Fixed(200)))
    assert given(stars, side=Side.AWARD) == 300
    assert given(stars, side=Side.DEDUCTION) == -200
    with pytest.raises(SideMissing):
        given(stars)


def capped(limit: Limit, *, subject: Subject = Subject.HOUSEHOLD) -> Item:
    return award(Fixed(800), limits=(limit,), subject=subject)


def on_days(item: Item, *when: date, **facts: Any) -> list[int]:
    return in_turn(*(shared(item, day, id=id, **facts) for id, day in enumerate(when)))


def test_per_time() -> None:
    """RULES, Periods and caps: Per time."""
    assert on_days(capped(points(500, Window.TIME)), DAY, DAY) == [500, 500]


def test_per_person_and_time() -> None:
    """RULES, Periods and caps: per person and time."""
    item = capped(points(500, Window.TIME, Whose.PERSON), subject=Subject.PERSON)
    people = [shared(item, id=person, where=Where(1, person)) for person in (1, 2)]
    assert in_turn(*people) == [500, 500]


def test_per_household_and_month() -> None:
    """RULES, Periods and caps: per household and month."""
    item = capped(points(1000, Window.MONTH))
    september, october = date(2026, 9, 30), date(2026, 10, 1)
    assert on_days(item, september, october, DAY) == [800, 800, 200]
    assert in_turn(shared(item, id=1, household=1), shared(item, id=2, household=2)) == [800, 800]


def test_per_family_member_and_quarter() -> None:
    """RULES, Periods and caps: per family member and quarter."""
    item = replace(capped(points(100, Window.QUARTER, Whose.FAMILY_MEMBER)), worth=Fixed(250))
    assert on_days(item, date(2026, 9, 30), DAY, date(2026, 12, 31), members=4) == [250, 250, 150]


def test_per_year() -> None:
    """RULES, Periods and caps: per year."""
    item = capped(points(1000, Window.YEAR))
    assert on_days(item, date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)) == [800, 200, 800]


def test_once_for_ever() -> None:
    """RULES, Periods and caps: once for ever."""
    assert on_days(capped(times(1, Window.ONCE)), date(2019, 5, 5), DAY) == [800, 0]


def test_slots() -> None:
    """RULES, Periods and caps: slots ("this item may be scored once per two months / half-year")."""
    august, september, october = date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 31)
    assert on_days(capped(times(1, Window.TWO_MONTHS)), august, september, october) == [800, 800, 0]
    june, july = date(2026, 6, 30), date(2026, 7, 1)
    assert on_days(capped(times(1, Window.HALF_YEAR)), june, july, DAY) == [800, 800, 0]


def test_caps_per_item() -> None:
    """RULES, Periods and caps: caps per item."""
    item = capped(points(1000, Window.MONTH))
    other = replace(item, number="7")
    assert in_turn(shared(item, id=1), shared(item, id=2), shared(other, id=3)) == [800, 200, 800]


def test_caps_per_category() -> None:
    """RULES, Periods and caps: caps per category."""
    limits = (on_category(1000, Window.MONTH),)
    clean, tidy = award(Fixed(800), category="环境"), award(Fixed(700), category="环境", rivals="")
    kind = award(Fixed(600), category="家风")
    ids = enumerate((clean, replace(tidy, number="2"), replace(kind, number="3")))
    assert in_turn(*(shared(item, id=id, limits=limits) for id, item in ids)) == [800, 200, 600]


def test_caps_per_household() -> None:
    """RULES, Periods and caps: caps per household."""
    limits = (on_household(1000, Window.MONTH),)
    shares = [shared(replace(award(Fixed(800)), number=str(id)), id=id, limits=limits) for id in (1, 2)]
    fault = shared(deduction(Fixed(2000)), id=3, limits=limits)
    elsewhere = shared(award(Fixed(800)), id=4, household=2, limits=limits)
    assert in_turn(*shares, fault, elsewhere) == [800, 200, -2000, 800]


def test_per_week_10_and_per_month_40() -> None:
    """RULES, Periods and caps: per week 10 and per month 40."""
    limits = (on_household(1000, Window.WEEK), on_household(4000, Window.MONTH))
    weeks = [date(2026, 10, day) for day in (1, 1, 5, 12, 19, 26)]
    shares = [shared(award(Fixed(900)), day, id=id, limits=limits) for id, day in enumerate(weeks)]
    assert in_turn(*shares) == [900, 100, 900, 900, 900, 300]


def test_two_hours_per_activity() -> None:
    """RULES, Periods and caps: 2 hours per activity."""
    two_hours = Limit(Counting.AMOUNT, 120, Window.ACTIVITY, Whose.PERSON)
    item = award(PerUnit(HOUR, 60, 200, whole=False), limits=(two_hours,), subject=Subject.PERSON)
    shares = [
        shared(item, id=1, amount=90, activity="清淤"),
        shared(item, date(2026, 10, 15), id=2, amount=90, activity="清淤"),
        shared(item, id=3, amount=180, activity="植树"),
    ]
    assert in_turn(*shares) == [300, 100, 400]


def test_one_award_per_group_and_year() -> None:
    """RULES, Periods and caps: one award per group and year (quota)."""
    item = capped(times(1, Window.YEAR, Whose.GROUP))
    places = [Where(1, group=1, village=1), Where(2, group=1, village=1), Where(3, group=2, village=1)]
    assert in_turn(*(shared(item, id=id, where=where) for id, where in enumerate(places))) == [800, 0, 800]


def test_a_minimum_award_of_5() -> None:
    """RULES, Periods and caps: a minimum award of 5."""
    hours = award(PerUnit(HOUR, 60, 100, whole=True), minimum=500)
    assert given(hours, amount=120) == 500
    assert given(hours, amount=600) == 1000
    assert given(hours, amount=59) == 0


def test_a_budget_on_what_may_be_issued_in_total() -> None:
    """RULES, Periods and caps: a budget on what may be issued in total."""
    budget = Limit(Counting.POINTS, 2000, Window.MONTH, Whose.VILLAGE, Layer.ALL, Side.AWARD)
    shares = [shared(award(Fixed(800)), id=id, household=id, limits=(budget,)) for id in (1, 2, 3)]
    fault = shared(deduction(Fixed(500)), id=4, limits=(budget,))
    assert in_turn(*shares, fault) == [800, 800, 400, -500]
