"""RULES "Multipliers and time", "Base, floor, reset", "Several balances", "Subject and sharing"."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from tests.catalogue.rules.items import DAY, award, deduction, points, shared
from xiangyue.catalogue.rules.balances import (
    SPENT,
    Base,
    Clearing,
    GiftRatio,
    currency,
    deducted,
    newcomers_base,
)
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judging import judge, split_equally
from xiangyue.catalogue.rules.model import (
    Category,
    Item,
    Multiplier,
    RolePoints,
    Season,
    Sharing,
    Validity,
    ValidityRow,
)
from xiangyue.catalogue.rules.redeeming import Rate, vouchers
from xiangyue.catalogue.rules.refusals import (
    BalanceMissing,
    KindNotMeant,
    NotApplicableThen,
    PartsDoNotAddUp,
    RoleMissing,
    SubjectExcluded,
)
from xiangyue.catalogue.rules.scheme import Scheme, Together
from xiangyue.catalogue.rules.sets import Share, judge_set
from xiangyue.catalogue.rules.sharing import Circle, receivers
from xiangyue.catalogue.rules.standing import leaders_difference, rankings
from xiangyue.catalogue.rules.terms import (
    Balance,
    Circumstance,
    Direction,
    Layer,
    Level,
    Receiver,
    Side,
    Split,
    Subject,
    Trait,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import (
    Dates,
    ForGood,
    Lasting,
    Term,
    ToYearEnd,
    UntilCorrected,
    Yearly,
    last_day,
)
from xiangyue.catalogue.rules.validity import counts_on, term_of
from xiangyue.catalogue.rules.worth import (
    HOUR,
    ByKind,
    CaseByCase,
    Fixed,
    FromFull,
    PerUnit,
    Range,
    Reset,
    Unit,
)

PARTY = Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION)
AGAIN = Multiplier(Circumstance.REPEAT, 200, Side.DEDUCTION)
OPENING = Multiplier(Circumstance.FIRST_MONTH, 200)
THIRD_AND_HALF = ((33, Side.EACH), (50, Side.AWARD))
MEMBER = frozenset({Trait.PARTY_MEMBER})


def given(item: Item, day: date = DAY, **facts: Any) -> int:
    return judge(item, Facts(day, **facts)).points


def in_turn(*shares: Share) -> list[int]:
    judged = judge_set(shares)
    return [judged[share.id].points for share in shares]


def test_party_members_deduction_doubles() -> None:
    """RULES, Multipliers and time: Party member's deduction ×2."""
    both = (PARTY,)
    assert given(deduction(Fixed(2000), multipliers=both), traits=MEMBER) == -4000
    assert given(deduction(Fixed(2000), multipliers=both)) == -2000
    assert given(award(Fixed(2000), multipliers=both), traits=MEMBER) == 2000


def test_cadres_multiply_too() -> None:
    """DOMAIN §4: multiplier by subject: village cadres."""
    cadre = Multiplier(Circumstance.CADRE, 150)
    assert given(deduction(Fixed(101), multipliers=(cadre,)), traits=frozenset({Trait.CADRE})) == -152


def test_repeat_offence_within_validity_doubles() -> None:
    """RULES, Multipliers and time: repeat offence within validity ×2."""
    item = deduction(Fixed(2000), multipliers=(AGAIN,), validity=Validity((ValidityRow(Lasting(years=1)),)))
    term = term_of(item, -2000)
    assert counts_on(term, date(2027, 10, 13), since=DAY)
    assert not counts_on(term, date(2027, 10, 14), since=DAY)
    assert given(item, repeated=True) == -4000
    assert given(item, repeated=False) == -2000


def test_first_month_doubles() -> None:
    """RULES, Multipliers and time: first month ×2."""
    item = award(Fixed(500), multipliers=(OPENING,))
    assert given(item, began=DAY) == 1000
    assert given(item, date(2026, 11, 13), began=DAY) == 1000
    assert given(item, date(2026, 11, 14), began=DAY) == 500
    assert given(item, date(2026, 10, 13), began=DAY) == 500


def test_multipliers_work_one_on_what_the_other_gave() -> None:
    """RULES, Multipliers and time: several at once; each step is rounded, half away from zero, and can be told."""
    third, half = (
        Multiplier(Circumstance.KIND, factor, kind="示范户", side=side) for factor, side in THIRD_AND_HALF
    )
    item = award(Fixed(150), multipliers=(OPENING, third))
    assert given(item, began=DAY, kinds=frozenset({"示范户"})) == 99
    assert given(replace(item, multipliers=(third, half)), kinds=frozenset({"示范户"})) == 25


def test_seasonal_values() -> None:
    """RULES, Multipliers and time: seasonal values."""
    busy = Season(Yearly((5, 15), (10, 31)), "农忙", 150)
    slack = Season(Yearly((11, 1), (2, 29)), "农闲", worth=Fixed(300))
    item = award(Fixed(500), seasons=(busy, slack))
    assert given(item, date(2026, 10, 31)) == 750
    assert given(item, date(2026, 11, 1)) == 300
    assert given(item, date(2027, 2, 28)) == 300
    assert given(item, date(2027, 3, 1)) == 500


def test_temporary_items() -> None:
    """RULES, Multipliers and time: temporary items."""
    item = award(Fixed(500), spans=(Dates(date(2026, 9, 1), date(2026, 10, 14)),))
    assert given(item) == 500
    with pytest.raises(NotApplicableThen):
        given(item, DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("size", "level", "last"),
    [
        (4000, None, date(2027, 10, 13)),
        (4001, None, date(2028, 10, 13)),
        (4001, Level.NATION, date(2031, 10, 13)),
    ],
)
def test_validity_depends_on_size_and_level(size: int, level: Level | None, last: date) -> None:
    """RULES, Multipliers and time: validity of an entry that depends on its size and level."""
    rows = (
        ValidityRow(Lasting(years=1), up_to=4000),
        ValidityRow(Lasting(years=5), level=Level.NATION),
        ValidityRow(Lasting(years=2)),
    )
    item = deduction(CaseByCase(), validity=Validity(rows))
    assert last_day(term_of(item, -size, level), DAY) == last


def test_valid_until_corrected() -> None:
    """RULES, Multipliers and time: valid until corrected."""
    assert last_day(UntilCorrected(), DAY) is None
    assert last_day(UntilCorrected(), DAY, date(2026, 12, 1)) == date(2026, 11, 30)
    runs_on = ToYearEnd(unless_corrected=True)
    assert last_day(runs_on, DAY) is None
    assert last_day(runs_on, DAY, date(2026, 12, 1)) == date(2026, 12, 31)
    assert last_day(runs_on, DAY, date(2028, 3, 1)) == date(2028, 12, 31)


@pytest.mark.parametrize("base", [1000, 100, 50, 10])
def test_a_base_that_is_not_itself_redeemable(base: int) -> None:
    """RULES, Base: Base of 1000, 100, 50 or 10, not itself redeemable (only what lies above 100 is)."""
    rule = Base(base * 100)
    assert rule.redeemable_of(base * 100 + 3050) == 3050
    assert rule.redeemable_of(base * 100) == rule.redeemable_of(0) == 0
    assert Base(base * 100, redeemable=True).redeemable_of(base * 100) == base * 100
    assert given(Item("1", "基础分", Direction.BASE, Fixed(base * 100))) == base * 100


def test_base_exhausted_means_exclusion_for_a_term() -> None:
    """RULES, Base: base exhausted means exclusion for a term."""
    rule = Base(10_000, excluded_for=ToYearEnd())
    assert [rule.used_up(balance) for balance in (1, 0, -50)] == [False, True, True]
    assert rule.excluded_for is not None
    assert last_day(rule.excluded_for, DAY) == date(2026, 12, 31)


def test_sections_that_only_deduct_floor_0() -> None:
    """RULES, Base: sections that only deduct, floor 0."""
    scheme = Scheme(categories=(Category("组织生活", base=1000),))
    item = deduction(Fixed(600), category="组织生活")
    shares = [shared(item, id=id, limits=scheme.limits_beside(item)) for id in (1, 2, 3)]
    assert in_turn(*shares) == [-600, -400, 0]
    next_year = shared(item, date(2027, 1, 1), id=4, limits=scheme.limits_beside(item))
    assert in_turn(*shares, next_year)[-1] == -600


def test_full_marks_until_nothing_is_left() -> None:
    """RULES, Base: sections that only deduct, floor 0 (满分8分，每处扣0.5，扣完为止)."""
    places = PerUnit(Unit("处"), 100, 50, whole=True)
    item = Item("1", "无裸露垃圾", Direction.BASE, FromFull(800, places))
    assert [given(item, amount=count * 100) for count in (3, 16, 40)] == [650, 0, 0]
    assert given(item) == 800
    missing = replace(item, worth=FromFull(500, Fixed(500)))
    assert [given(missing, faulty=faulty) for faulty in (False, True)] == [500, 0]
    judged = replace(item, worth=FromFull(300))
    assert [given(judged), given(judged, chosen=120)] == [300, 120]


def test_an_event_resets_the_whole_balance_or_one_category() -> None:
    """RULES, Base: an event that resets the whole balance, or one category, to zero."""
    whole = Item("1", "乱倒垃圾", Direction.RESET, Reset())
    assert given(whole, balance=3550) == -3550
    assert given(whole, balance=0) == given(whole, balance=-100) == 0
    part = replace(whole, worth=Reset(Layer.CATEGORY, to=500))
    assert given(part, balance=800) == -300
    with pytest.raises(BalanceMissing):
        given(whole)


def test_clearing_at_10_january() -> None:
    """RULES, Base: clearing at 10 January."""
    rule = Clearing(days=((1, 10),))
    assert [rule.falls_on(date(2027, 1, day)) for day in (9, 10)] == [False, True]
    assert rule.remaining(3550) == 0


def test_clearing_on_a_day_that_a_year_lacks_falls_on_the_day_before() -> None:
    leap = Clearing(days=((2, 29),))
    assert [leap.falls_on(date(2028, 2, day)) for day in (28, 29)] == [False, True]
    assert [leap.falls_on(date(2027, 2, day)) for day in (27, 28)] == [False, True]
    assert not leap.falls_on(date(2027, 3, 1))


def test_clearing_at_year_end_to_the_base() -> None:
    """RULES, Base: at year end to the base."""
    rule = Clearing(days=((12, 31),), to_base=True)
    assert rule.falls_on(date(2026, 12, 31))
    assert [rule.remaining(balance, base=10_000) for balance in (13_000, 10_000, 4_000)] == [10_000] * 3


def test_clearing_quarterly_after_redemption() -> None:
    """RULES, Base: quarterly after redemption."""
    rule = Clearing(after_redemption=True)
    assert rule.after_redemption
    assert rule.remaining(800) == 0


def test_carry_over_monthly() -> None:
    """RULES, Base: carry-over monthly."""
    monthly = Clearing(days=tuple((month, 1) for month in range(1, 13)), carried=100)
    assert monthly.falls_on(date(2026, 11, 1))
    assert monthly.remaining(3550) == 3550


def test_a_remainder_is_kept_as_points() -> None:
    """RULES, Base: remainder kept and never paid in cash."""
    kept_all = Clearing(days=((12, 31),), carried=100)
    issued, rest = vouchers(1_250, (1_000, 500))
    assert (issued, rest) == ({1_000: 1}, 250)
    assert kept_all.remaining(rest) == rest
    assert (
        Rate(20).price(Rate(20).worth(rest)) <= rest
    )  # what points are worth in goods is no money to be had


def test_a_fifth_goes_into_next_years_base() -> None:
    """RULES, Base: 20 % into next year's base."""
    rule = Clearing(days=((12, 31),), carried=20)
    assert rule.next_base(9_503) == 1_901
    assert rule.next_base(-500) == 0


def test_newcomers_get_the_groups_average() -> None:
    """RULES, Base: newcomers get the group's average."""
    assert newcomers_base([1000, 1001, 1001]) == 1001
    assert newcomers_base([1000, 1001]) == 1001
    assert newcomers_base([]) == 0


@for_all(st.integers(-10_000, 10_000), st.integers(0, 20_000), st.none() | st.integers(-500, 500))
def test_a_floor_holds_and_loses_nothing(balance: int, taken: int, floor: int | None) -> None:
    """RULES, Base: floor 0 (and DOMAIN §4: or may go negative)."""
    after, missing = deducted(balance, taken, floor)
    assert balance - after + missing == taken
    assert 0 <= missing <= taken
    if floor is None:
        assert missing == 0
    else:
        assert after >= min(balance, floor)


def test_spendable_and_permanent_honour_points() -> None:
    """RULES, Several balances: Spendable and permanent honour points."""
    assert award(Fixed(100)).credits == {Balance.SPENDABLE, Balance.HONOUR}
    assert Balance.HONOUR not in SPENT


def test_service_hours_that_spending_does_not_reduce() -> None:
    """RULES, Several balances: service hours that spending does not reduce."""
    assert Balance.HOURS not in SPENT
    assert Balance.SPENDABLE in SPENT


def test_gifted_and_earned_points_spendable_only_in_a_ratio() -> None:
    """RULES, Several balances: gifted and earned points spendable only in a ratio (1:1, 1:5 for poor households)."""
    scheme = Scheme(gift_ratios=(("贫困户", GiftRatio(1, 5)), ("", GiftRatio(1, 1))))
    usual, poor = scheme.gift_ratio(frozenset()), scheme.gift_ratio(frozenset({"贫困户"}))
    assert usual is not None
    assert poor is not None
    assert usual.spendable(earned=300, gifted=1000) == 600
    assert poor.spendable(earned=300, gifted=2000) == 1800
    assert usual.pay(600, earned=300, gifted=1000) == (300, 300)
    assert usual.pay(601, earned=300, gifted=1000) is None
    assert poor.pay(600, earned=100, gifted=1000) == (100, 500)
    assert usual.pay(600, earned=600, gifted=0) == (600, 0)


@for_all(
    st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 9000), st.integers(1, 5), st.integers(1, 5)
)
def test_whatever_is_spendable_can_be_paid_and_keeps_the_ratio(
    earned: int, gifted: int, price: int, one: int, other: int
) -> None:
    ratio = GiftRatio(one, other)
    paid = ratio.pay(price, earned, gifted)
    if price <= ratio.spendable(earned, gifted):
        assert paid is not None
    if paid is not None:
        assert sum(paid) == price
        assert 0 <= paid[0] <= earned
        assert 0 <= paid[1] <= gifted
        assert paid[1] * one <= paid[0] * other


def test_three_score_types_feeding_one_currency() -> None:
    """RULES, Several balances: three score types feeding one currency."""
    assert currency({"信用分": 1000, "法治分": 550, "公德分": -50}) == 1500
    assert currency({"信用分": 333, "法治分": 333}, {"信用分": 50, "法治分": 50}) == 333


@pytest.mark.parametrize(
    ("subject", "same"), [(Subject.PERSON, False), (Subject.PARTY_MEMBER, False), (Subject.HOUSEHOLD, True)]
)
def test_individual_household_and_party_member(subject: Subject, same: bool) -> None:
    """RULES, Subject and sharing: Individual, household, party member, village, grid."""
    whose = Whose.HOUSEHOLD if same else Whose.PERSON
    item = award(Fixed(800), subject=subject, limits=(points(800, Window.YEAR, whose),))
    people = [shared(item, id=person, where=Where(1, person)) for person in (1, 2)]
    assert in_turn(*people) == ([800, 0] if same else [800, 800])


@pytest.mark.parametrize("whose", [Whose.VILLAGE, Whose.GRID])
def test_village_and_grid(whose: Whose) -> None:
    """RULES, Subject and sharing: village, grid."""
    item = award(Fixed(800), subject=Subject.GRID, limits=(points(1000, Window.YEAR, whose),))
    places = [Where(1, grid=1, village=1), Where(2, grid=1, village=1), Where(3, grid=2, village=2)]
    assert in_turn(*(shared(item, id=id, where=where) for id, where in enumerate(places))) == [800, 200, 800]


def test_what_a_household_is() -> None:
    """RULES, Subject and sharing: Household = same register or actual living together."""
    assert Scheme().household is Together.EITHER


CIRCLE = Circle(doer=1, head=2, parents=(2, 3), spouse=4, children=(5,), members=(1, 2, 3, 4, 5))


def test_points_to_relatives() -> None:
    """RULES, Subject and sharing: Points to relatives."""
    relatives = Sharing(to=frozenset({Receiver.PARENTS, Receiver.SPOUSE, Receiver.CHILDREN}))
    assert receivers(relatives, CIRCLE) == (2, 3, 4, 5)
    assert receivers(Sharing(to=frozenset({Receiver.MEMBERS, Receiver.DOER})), CIRCLE) == (1, 2, 3, 4, 5)


def test_points_to_the_person_and_the_parents() -> None:
    """RULES, Subject and sharing: or to the person and the parents."""
    sharing = Sharing(to=frozenset({Receiver.DOER, Receiver.PARENTS}))
    assert receivers(sharing, CIRCLE) == (1, 2, 3)
    assert given(award(Fixed(500), sharing=sharing), participants=3, place=2) == 500


def test_a_households_fault_charged_to_its_head() -> None:
    """RULES, Subject and sharing: a household's fault charged to its head."""
    assert receivers(Sharing(to=frozenset({Receiver.HEAD})), CIRCLE) == (2,)


def test_one_event_charges_several_people_differently() -> None:
    """RULES, Subject and sharing: one event charges several people differently (secretary −5, director −3)."""
    roles = (RolePoints("书记", Fixed(500)), RolePoints("主任", Fixed(300)))
    item = deduction(CaseByCase(), sharing=Sharing(Split.BY_ROLE, roles=roles))
    assert [given(item, role=role) for role in ("书记", "主任")] == [-500, -300]
    with pytest.raises(RoleMissing):
        given(item, role="会计")


def test_one_projects_70_points_shared_by_the_participants() -> None:
    """RULES, Subject and sharing: one project's 70 points shared by the participants."""
    item = award(Fixed(7000), sharing=Sharing(Split.EQUAL))
    assert [given(item, participants=3, place=place) for place in range(3)] == [2334, 2333, 2333]
    parts = (4000, 2000, 1000)
    by_parts = replace(item, sharing=Sharing(Split.GIVEN))
    assert [given(by_parts, participants=3, place=place, parts=parts) for place in range(3)] == list(parts)
    with pytest.raises(PartsDoNotAddUp):
        given(by_parts, participants=2, parts=(4000, 2999))


@for_all(st.integers(0, 10**9), st.integers(1, 500))
def test_a_split_never_loses_a_centipoint(total: int, participants: int) -> None:
    parts = split_equally(total, participants)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@for_all(st.integers(1, 10**6), st.integers(1, 30), st.sampled_from([33, 150, 200, 333]))
def test_what_multiplies_the_whole_deed_is_shared_without_loss(total: int, people: int, factor: int) -> None:
    season = Season(Yearly((1, 1), (12, 31)), factor=factor)
    item = award(Fixed(total), seasons=(season,), multipliers=(OPENING,), sharing=Sharing(Split.EQUAL))
    whole = given(replace(item, sharing=Sharing()), began=DAY)
    shares = [given(item, began=DAY, participants=people, place=place) for place in range(people)]
    assert sum(shares) == whole


@pytest.mark.parametrize(
    ("own", "group", "difference"), [(1000, [2000, 1000], 250), (1001, [0], -501), (500, [], 0)]
)
def test_leaders_half_own_half_group_average(own: int, group: list[int], difference: int) -> None:
    """RULES, Subject and sharing: leaders half own, half group average."""
    assert leaders_difference(own, group) == difference


def test_the_same_act_scored_differently_by_kind_of_person() -> None:
    """RULES, Subject and sharing: the same act scored differently by kind of person (poor / other household)."""
    item = award(ByKind((("贫困户", Fixed(5000)),), other=Fixed(10_000)))
    assert given(item, kinds=frozenset({"贫困户"})) == 5000
    assert given(item) == 10_000
    only = award(Fixed(2000), only_kinds=frozenset({"一般农户"}))
    assert given(only, kinds=frozenset({"一般农户"})) == 2000
    for wrong in (only, award(ByKind((("一般农户", Fixed(2000)),)))):
        with pytest.raises(KindNotMeant):
            given(wrong, kinds=frozenset({"贫困户"}))


def test_separate_rankings_for_groups() -> None:
    """RULES, Subject and sharing: separate rankings for groups."""
    ranked = rankings({1: 500, 2: 900, 3: 900, 4: 100}, {4: "重点人群"})
    assert ranked == {"": {1: 3, 2: 1, 3: 1}, "重点人群": {4: 1}}


@pytest.mark.parametrize(
    "trait", [Trait.STUDENT, Trait.MOVED, Trait.DECEASED, Trait.INVESTIGATED, Trait.NON_RESIDENT]
)
def test_exclusions(trait: Trait) -> None:
    """RULES, Subject and sharing: exclusions (students, moved, deceased, under investigation, non-residents)."""
    item = award(Fixed(500), excluded=frozenset({trait}))
    assert given(item, traits=MEMBER) == 500
    with pytest.raises(SubjectExcluded):
        given(item, traits=frozenset({trait}))


@pytest.mark.parametrize(
    ("term", "last"),
    [
        (Lasting(months=3), date(2027, 1, 13)),
        (Lasting(days=90), date(2027, 1, 11)),
        (ToYearEnd(1), date(2027, 12, 31)),
        (ForGood(), None),
    ],
)
def test_terms_end_by_themselves(term: Term, last: date | None) -> None:
    assert last_day(term, DAY) == last


def test_points_by_range_keep_to_half_hours() -> None:
    """RULES, Values: at whatever scale, exact: half away from zero to the centipoint."""
    assert given(award(PerUnit(HOUR, 60, 1, whole=False)), amount=90) == 2
    assert given(award(PerUnit(HOUR, 60, 1, whole=False)), amount=89) == 1
    assert given(award(Range(1, 3)), chosen=2) == 2
