"""RULES "Grades and consequences", "Local rules and process", "Redemption", "Absence", "Caps are layered"."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from tests.catalogue.rules.items import DAY, award, deduction, on_category, on_household, points, shared
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judging import judge
from xiangyue.catalogue.rules.local import LocalBounds, beyond_bounds, largest_of
from xiangyue.catalogue.rules.model import Item, Limit, Multiplier, RolePoints, Season, Sharing
from xiangyue.catalogue.rules.redeeming import Benefit, Bundle, Door, Rate, dividend, dividend_rate, vouchers
from xiangyue.catalogue.rules.refusals import JudgesMissing
from xiangyue.catalogue.rules.scheme import Scheme, Stage, Way
from xiangyue.catalogue.rules.sets import Share, held_of, judge_next, judge_set
from xiangyue.catalogue.rules.standing import Grade, Grades, Reduction, Threshold, barred
from xiangyue.catalogue.rules.terms import (
    Bar,
    Circumstance,
    Counting,
    Direction,
    Layer,
    Level,
    Side,
    Split,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Dates, Lasting, ToYearEnd, UntilCorrected, Yearly, last_day
from xiangyue.catalogue.rules.validity import counts_on, term_of
from xiangyue.catalogue.rules.worth import (
    HOUR,
    Both,
    CaseByCase,
    Downgrade,
    Fixed,
    FromFull,
    Levels,
    PerUnit,
    Range,
    Reset,
    Step,
    StepTable,
    Veto,
    Worth,
)

STARS = Grades(
    tuple(
        Grade(name, None if above is None else above * 100)
        for name, above in zip(
            ("五星", "四星", "三星", "二星", "一星", "零星"), (1060, 1040, 1020, 990, 800, None), strict=True
        )
    )
)


def in_turn(*shares: Share) -> list[int]:
    judged = judge_set(shares)
    return [judged[share.id].points for share in shares]


@pytest.mark.parametrize(
    ("score", "stars"),
    [(106_001, "五星"), (106_000, "四星"), (99_001, "二星"), (80_000, "零星"), (-5, "零星")],
)
def test_stars_by_left_open_intervals(score: int, stars: str) -> None:
    """RULES, Grades: Stars by left-open intervals."""
    assert STARS.of(score) == stars
    assert replace(STARS, open=False).of(106_000) == "五星"


def test_a_reward_reduced_by_an_amount_or_percentage_for_a_term() -> None:
    """RULES, Grades: a reward reduced by an amount or percentage for a term."""
    term = Lasting(years=1)
    assert Reduction(term, amount=5000).of(30_000) == 25_000
    assert Reduction(term, amount=5000).of(3_000) == 0
    assert [Reduction(term, percent=percent).of(20_001) for percent in (50, 80, 100)] == [10_000, 4_000, 0]
    assert last_day(term, DAY) == date(2027, 10, 13)


def test_a_downgrade_overrides_points() -> None:
    """RULES, Grades: a downgrade that overrides points."""
    judgement = judge(Item("1", "复查不合格", Direction.DOWNGRADE, Downgrade("二星")), Facts(DAY))
    assert judgement.points == 0
    assert STARS.lowered("五星", to="二星") == "二星"
    assert STARS.lowered("一星", to="二星") == "一星"
    assert STARS.lowered("一星", steps=5) == "零星"


def test_a_veto_bars_redemption_this_year_and_next() -> None:
    """RULES, Grades: veto that bars redemption this year and next."""
    item = Item("1", "聚众赌博", Direction.VETO, Veto(ToYearEnd(1), frozenset({Bar.REDEMPTION})))
    term = term_of(item, judge(item, Facts(DAY)).points)
    assert counts_on(term, date(2027, 12, 31), since=DAY)
    assert not counts_on(term, date(2028, 1, 1), since=DAY)
    assert not counts_on(term, DAY - timedelta(days=1), since=DAY)


def test_a_list_for_three_months() -> None:
    """RULES, Grades: a list for three months."""
    assert last_day(Lasting(months=3), date(2026, 11, 30)) == date(2027, 2, 27)


def test_below_60_no_redemption_below_70_suspended_until_restored() -> None:
    """RULES, Grades: below 60 no redemption, below 70 a benefit is suspended until restored."""
    thresholds = [Threshold(6000, frozenset({Bar.REDEMPTION})), Threshold(7000, frozenset({Bar.HONOURS}))]
    assert barred(5999, thresholds) == {Bar.REDEMPTION, Bar.HONOURS}
    assert barred(6000, thresholds) == {Bar.HONOURS}
    assert barred(7000, thresholds) == frozenset()


def test_a_plaque_removed_on_a_failed_re_check() -> None:
    """RULES, Grades: a plaque removed on a failed re-check."""
    item = Item("1", "复评不合格", Direction.DOWNGRADE, Downgrade(steps=1, term=UntilCorrected()))
    assert last_day(term_of(item, 0), DAY) is None
    assert last_day(term_of(item, 0), DAY, corrected=date(2027, 1, 15)) == date(2027, 1, 14)


def test_the_same_fact_under_several_rules_the_highest_counts() -> None:
    """RULES, Grades: the same fact under several rules: the highest counts, they don't add."""
    town, county = (
        award(Fixed(value), number, rivals="表彰") for value, number in ((500, "镇"), (2000, "县"))
    )
    where = Where(1, fact="同一张奖状")
    shares = [
        shared(town, id=1, where=where),
        shared(replace(county, number="2"), id=2, where=where),
        shared(town, id=3, where=where),
        shared(town, id=4, where=replace(where, fact="另一张")),
    ]
    assert in_turn(*shares) == [500, 1500, 0, 500]


def test_repair_a_zero_becomes_minus_60_after_correction() -> None:
    """RULES, Grades: repair: a zero becomes −60 after correction."""
    item = Item("1", "直接判零", Direction.RESET, Reset(repaired=6000))
    assert judge(item, Facts(DAY, balance=100_000)).points == -100_000
    assert judge(item, Facts(DAY, balance=100_000, corrected=True)).points == -6000


def test_a_repair_takes_no_more_than_the_reset_would() -> None:
    item = Item("1", "直接判零", Direction.RESET, Reset(repaired=6000))
    assert judge(item, Facts(DAY, balance=2000, corrected=True)).points == -2000
    assert judge(item, Facts(DAY, balance=0, corrected=True)).points == 0
    assert judge(
        replace(item, worth=Reset(to=1000, repaired=6000)), Facts(DAY, balance=2000, corrected=True)
    ).points == (-1000)


def test_a_downgrade_ends_with_the_year_at_the_latest_where_nothing_is_said() -> None:
    item = Item("1", "复查不合格", Direction.DOWNGRADE, Downgrade("B级"))
    assert term_of(item, 0) == ToYearEnd()
    assert not counts_on(term_of(item, 0), date(DAY.year + 1, 1, 1), DAY)


def hours(most: int, window: Window) -> Limit:
    return Limit(Counting.AMOUNT, most * 60, window)


BOUNDS = LocalBounds(awards=5, deductions=5, most=200)


def own(worth: Worth, number: int = 1, direction: Direction = Direction.AWARD) -> Item:
    return Item(str(number), "村里加的", direction, worth, local=True)


def test_a_village_adds_up_to_5_and_5_items_of_up_to_2_points() -> None:
    """RULES, Local: A village adds up to 5 award and 5 deduction items of up to 2 points each."""
    five = [own(Fixed(200), number) for number in range(5)]
    faults = [own(Fixed(100), number, Direction.DEDUCTION) for number in range(5)]
    assert beyond_bounds([*five, *faults, award(Fixed(9000))], BOUNDS) == []
    broken = beyond_bounds([*five, own(Fixed(201), 6), *faults, faults[0]], BOUNDS)
    assert [found.code for found in broken] == ["too-many-awards", "too-many-points", "too-many-deductions"]
    both = Item("8", "评星", Direction.BOTH, Both(Fixed(100), Fixed(100)), local=True)
    assert [found.code for found in beyond_bounds([*five, *faults, both], BOUNDS)] == [
        "too-many-awards",
        "too-many-deductions",
    ]


@pytest.mark.parametrize(
    ("item", "most"),
    [
        (own(Range(100, 300)), 300),
        (own(CaseByCase()), None),
        (own(CaseByCase(high=200)), 200),
        (own(PerUnit(HOUR, 60, 100, whole=False)), None),
        (replace(own(PerUnit(HOUR, 60, 100, whole=False)), limits=(points(200, Window.TIME),)), 200),
        (own(StepTable(HOUR, (Step(60, 100), Step(120, 150)))), 150),
        (own(Levels(((Level.VILLAGE, Fixed(100)), (Level.TOWN, Range(150, 170))))), 170),
        (replace(own(Fixed(100)), seasons=(Season(Yearly((1, 1), (2, 1)), factor=250),)), 250),
        (replace(own(Fixed(150)), multipliers=(Multiplier(Circumstance.CADRE, 200),)), 300),
        (own(FromFull(100), direction=Direction.BASE), 100),
        # Seasons never meet: of two the larger factor counts, not both.
        (
            replace(
                own(Fixed(100)),
                seasons=(
                    Season(Yearly((1, 1), (2, 1)), factor=200),
                    Season(Yearly((5, 1), (6, 1)), factor=300),
                ),
            ),
            300,
        ),
        (replace(own(Fixed(100)), seasons=(Season(Yearly((1, 1), (2, 1)), worth=Fixed(250)),)), 250),
        (replace(own(Fixed(100)), minimum=180), 180),
        (
            replace(
                own(Fixed(100)),
                multipliers=(Multiplier(Circumstance.CADRE, 200), Multiplier(Circumstance.PARTY_MEMBER, 150)),
            ),
            300,
        ),
        (replace(own(Fixed(100)), multipliers=(Multiplier(Circumstance.CADRE, 200, Side.DEDUCTION),)), 100),
        (
            replace(
                own(Both(Fixed(100), Fixed(120)), direction=Direction.BOTH),
                multipliers=(Multiplier(Circumstance.CADRE, 200, Side.AWARD),),
            ),
            200,
        ),
        # A cap for every family member bounds no single deed by itself, one of the other side none at all.
        (replace(own(Fixed(500)), limits=(points(200, Window.YEAR, Whose.FAMILY_MEMBER),)), 500),
        (replace(own(Fixed(500)), limits=(points(200, Window.YEAR, side=Side.DEDUCTION),)), 500),
        (replace(own(PerUnit(HOUR, 60, 100, whole=False)), limits=(hours(8, Window.DAY),)), 800),
        (
            replace(
                own(PerUnit(HOUR, 120, 100, whole=True, over=Window.YEAR)), limits=(hours(3, Window.DAY),)
            ),
            200,
        ),
        (
            replace(
                own(CaseByCase()),
                sharing=Sharing(
                    Split.BY_ROLE, roles=(RolePoints("书记", Fixed(500)), RolePoints("主任", Fixed(300)))
                ),
            ),
            500,
        ),
    ],
)
def test_what_an_item_can_give_at_most(item: Item, most: int | None) -> None:
    assert largest_of(item) == most


def test_n_items() -> None:
    """RULES, Local: N items (one village one policy), kept to purposes where the frame names some."""
    many = [own(CaseByCase(), number) for number in range(23)]
    assert beyond_bounds(many, LocalBounds()) == []
    bounds = LocalBounds(purposes=frozenset({"移风易俗"}))
    assert [found.code for found in beyond_bounds(many[:1], bounds)] == ["outside-purpose"]
    assert beyond_bounds([replace(many[0], category="移风易俗")], bounds) == []


def test_the_way_is_the_schemes_data() -> None:
    """RULES, Local: self-assessment plus peers, then the monthly meeting; group leader, then two committees."""
    assert Way().stages == (Stage.SELF, Stage.PEERS, Stage.MEETING, Stage.NOTICE)
    other = Way((Stage.GROUP_LEADER, Stage.COMMITTEES, Stage.NOTICE), notice_days=3)
    assert Scheme(way=other).way.stages[0] is Stage.GROUP_LEADER


def test_three_judges_whose_median_counts() -> None:
    """RULES, Local: three judges whose median counts."""
    item = award(Range(100, 1000), median_of=3)
    assert judge(item, Facts(DAY, scores=(1000, 300, 400))).points == 400
    with pytest.raises(JudgesMissing):
        judge(item, Facts(DAY, scores=(1000, 300)))


def test_the_assessor_fixed_per_item() -> None:
    """RULES, Local: the assessor fixed per item."""
    assert award(Fixed(5000), verified_by="帮扶责任人").verified_by == "帮扶责任人"


def test_notice_of_3_days_objection_within_7_working_days() -> None:
    """RULES, Local: notice of 3 days, objection within 7 working days, the entry marked meanwhile."""
    way = Way(notice_days=3, objection_days=7)
    assert way.marked
    assert way.answer_by(DAY) == date(2026, 10, 23)
    assert way.answer_by(DAY, frozenset({date(2026, 10, 23)})) == date(2026, 10, 26)


def test_a_resident_may_have_an_own_award_struck_within_3_days() -> None:
    """RULES, Local: a resident may have an own award struck within 3 days."""
    way = Way(strike_days=3)
    assert [way.may_strike(DAY, DAY + timedelta(days=later)) for later in (0, 2, 3)] == [True, True, False]
    assert not Way().may_strike(DAY, DAY)


def test_events_elsewhere_are_forwarded_to_the_home_village() -> None:
    """RULES, Local: events elsewhere are forwarded to the home village."""
    assert Way(forwarded=True).forwarded


@pytest.mark.parametrize(("fen", "price"), [(10, 10_000), (20, 5_000), (100, 1_000), (200, 500)])
def test_a_rate_per_point(fen: int, price: int) -> None:
    """RULES, Redemption: 0.1, 0.2, 1 or 2 yuan a point."""
    assert Rate(fen).price(1_000) == price
    assert Rate(fen).worth(price) == 1_000


@for_all(st.integers(1, 500), st.integers(0, 10**7))
def test_what_is_paid_is_never_less_than_its_price(fen: int, price: int) -> None:
    rate = Rate(fen)
    assert rate.worth(rate.price(price)) >= price
    assert price == 0 or rate.worth(rate.price(price) - 1) < price


def test_a_dividend_rate() -> None:
    """RULES, Redemption: a dividend rate (profit ÷ total points)."""
    assert dividend_rate(profit=2_500_000, total_points=10_000_000) == 25
    assert [dividend(1000, 300, own) for own in (100, 200, 300)] == [333, 666, 1000]


@for_all(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(sum))
def test_a_dividend_never_pays_out_more_than_there_is(profit: int, households: list[int]) -> None:
    total = sum(households)
    paid = sum(dividend(profit, total, own) for own in households)
    assert profit - len(households) < paid <= profit


def test_bundles_and_price_bands() -> None:
    """RULES, Redemption: bundles and price bands."""
    scheme = Scheme(bundles=(Bundle("洗衣粉一袋", 500), Bundle("米面油一套", 10_000)))
    assert [bundle.name for bundle in scheme.bundles if bundle.price <= 800] == ["洗衣粉一袋"]


def test_a_redemption_window_once_a_quarter_and_a_minimum_number_of_activities() -> None:
    """RULES, Redemption: a redemption window, once a quarter; a minimum number of activities before redeeming."""
    door = Door((Dates(date(2026, 10, 1), date(2026, 10, 31)),), least_activities=10, once_in_window=True)
    assert door.open_for(DAY, activities=10)
    assert not door.open_for(DAY, activities=9)
    assert not door.open_for(DAY, activities=10, redeemed_in_window=1)
    assert not door.open_for(date(2026, 11, 1), activities=10)
    assert Door().open_for(DAY, activities=0)


def test_numbered_vouchers() -> None:
    """RULES, Redemption: numbered vouchers of 5, 10, 20, 50, 100."""
    values = [value * 100 for value in (5, 10, 20, 50, 100)]
    assert vouchers(18_850, values) == ({10_000: 1, 5_000: 1, 2_000: 1, 1_000: 1, 500: 1}, 350)


@pytest.mark.parametrize(("score", "open"), [(8000, False), (8001, True)])
def test_benefits_by_threshold_that_spend_no_points(score: int, open: bool) -> None:
    """RULES, Redemption: benefits by threshold that spend no points (loans above 80, free ploughing, heating)."""
    assert Benefit("信用贷款", 8000, open=True).opens(score) is open
    assert Benefit("免费代耕", 8000).opens(8000)


def test_silver_gold_and_diamond_cards() -> None:
    """RULES, Redemption: silver, gold and diamond cards with merchants' discounts."""
    bounds = {"钻石卡": 50_000, "金卡": 20_000, "银卡": 5_000, "普通卡": None}
    cards = Grades(tuple(Grade(name, above) for name, above in bounds.items()), open=False)
    assert [cards.of(score) for score in (4_999, 5_000, 20_000, 90_000)] == [
        "普通卡",
        "银卡",
        "金卡",
        "钻石卡",
    ]


@pytest.mark.parametrize("missed", [200, 400, 500])
def test_meeting_missed(missed: int) -> None:
    """RULES, Absence: Meeting missed −2, −4, −5."""
    assert judge(deduction(Fixed(missed), "无故不参加会议"), Facts(DAY)).points == -missed


def test_public_labour_missed() -> None:
    """RULES, Absence: public labour missed −2."""
    assert judge(deduction(Fixed(200), "无故不出公益工"), Facts(DAY)).points == -200


def test_clamp_item_then_category_then_household() -> None:
    """RULES, Caps are layered: Clamp item → category → household."""
    item = award(Fixed(1000), category="环境", limits=(points(800, Window.MONTH),))
    outer = (on_household(400, Window.MONTH), on_category(600, Window.MONTH))
    judgement = judge_set([shared(item, limits=outer)])[1]
    assert [(cut.limit.layer, cut.asked, cut.points) for cut in judgement.cuts] == [
        (Layer.ITEM, 1000, 800),
        (Layer.CATEGORY, 800, 600),
        (Layer.ALL, 600, 400),
    ]


def test_in_each_week_then_month_then_quarter_then_year() -> None:
    """RULES, Caps are layered: and in each week → month → quarter → year."""
    falling = tuple(
        points(1000 - 100 * place, window)
        for place, window in enumerate([Window.WEEK, Window.MONTH, Window.QUARTER, Window.YEAR], start=1)
    )
    judgement = judge_set([shared(award(Fixed(1000), limits=falling[::-1]))])[1]
    assert [cut.limit.window for cut in judgement.cuts] == [limit.window for limit in falling]
    assert judgement.points == 600


def test_the_allowed_part_is_the_difference_of_the_clamped_sums() -> None:
    """RULES, Caps are layered: the allowed part of share i is min(cap, S_i) − min(cap, S_{i−1})."""
    item = award(Range(1, 9000), limits=(points(1000, Window.MONTH),))
    asked = [400, 300, 500, 700]
    shares = [shared(item, id=id, chosen=amount) for id, amount in enumerate(asked)]
    sums = [sum(asked[: count + 1]) for count in range(4)]
    before = [0, *sums[:-1]]
    assert in_turn(*shares) == [
        min(1000, last) - min(1000, first) for first, last in zip(before, sums, strict=True)
    ]


def test_the_order_is_approval_batch_then_day_then_id() -> None:
    """RULES, Caps are layered: in the order approval batch, day of the act, id."""
    item = award(Fixed(800), limits=(points(1000, Window.MONTH),))
    later, earlier = date(2026, 10, 20), date(2026, 10, 2)
    shares = [
        shared(item, earlier, batch=2, id=1),
        shared(item, later, batch=1, id=2),
        shared(item, earlier, batch=1, id=4),
        shared(item, earlier, batch=1, id=3),
    ]
    assert in_turn(*shares) == [0, 0, 200, 800]


def test_a_reversal_does_not_reopen_what_was_cut() -> None:
    """RULES, Caps are layered: A reversal does not reopen what was cut."""
    item = award(Fixed(800), limits=(points(1000, Window.MONTH),))
    first, second, third = (shared(item, batch=batch, id=batch) for batch in (1, 2, 3))
    held = [held_of(first, judge_next(first, []))]
    held.append(held_of(second, judge_next(second, held)))
    # The first one is reversed now; what it took in the window stays taken, before and after.
    assert judge_next(third, held).points == 0
    assert in_turn(first, second, third) == [800, 200, 0]
