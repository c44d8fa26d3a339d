"""Rules that contradict themselves can't be made; each says why by a code."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from tests.catalogue.rules.items import BUTTS, DAY, award, deduction, on_category, on_household, points, times
from xiangyue.catalogue.rules.balances import Base, Clearing, GiftRatio
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.model import (
    Category,
    Item,
    Limit,
    Multiplier,
    RolePoints,
    Season,
    Sharing,
    Validity,
    ValidityRow,
)
from xiangyue.catalogue.rules.redeeming import Rate, dividend, vouchers
from xiangyue.catalogue.rules.scheme import Scheme, Way
from xiangyue.catalogue.rules.sharing import Circle, receivers
from xiangyue.catalogue.rules.standing import Grade, Grades, Reduction
from xiangyue.catalogue.rules.terms import (
    MOST,
    BadRule,
    Circumstance,
    Counting,
    Direction,
    Layer,
    Level,
    Measure,
    Receiver,
    Side,
    Split,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Dates, ForGood, Lasting, ToYearEnd, Yearly, add_months, window_of
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByAnalogy,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    Reset,
    Severities,
    Step,
    StepTable,
    Unit,
    Veto,
)

ONE = Fixed(100)
SPRING = Yearly((2, 1), (4, 30))
DOUBLE = Multiplier(Circumstance.CADRE, 200)
LOWEST = Grade("零星", None)

BAD: list[tuple[Callable[[], object], str]] = [
    (lambda: Fixed(0), "points-out-of-bounds"),
    (lambda: Fixed(MOST + 1), "points-out-of-bounds"),
    (lambda: Range(1000, 100), "range-backwards"),
    (lambda: Discretion(100, 100), "range-backwards"),
    (lambda: CaseByCase(200, 100), "range-backwards"),
    (lambda: Unit("", Measure.FEN, 100), "unit-name"),
    (lambda: Unit("亩", Measure.HUNDREDTHS, 60), "unit-size"),
    (lambda: PerUnit(HOUR, 0, 100, whole=True), "batch-not-positive"),
    (lambda: PerUnit(HOUR, 60, 100, whole=True, over=Window.TIME), "adds-up-over-no-window"),
    (lambda: Band(100, 100, 10, 100), "band-bounds"),
    (lambda: Bands(YUAN, ()), "table-rows"),
    (lambda: Bands(YUAN, (Band(0, None, 10, 100), Band(100, None, 10, 100))), "bands-overlap"),
    (lambda: Bands(YUAN, (Band(0, 100, 10, 100), Band(90, None, 10, 100))), "bands-overlap"),
    (lambda: Bands(YUAN, (Band(0, 100, 10, 100),), over=Window.YEAR), "adding-up-needs-parts"),
    (lambda: StepTable(HOUR, (Step(60, 100), Step(60, 200))), "steps-not-rising"),
    (lambda: StepTable(HOUR, (Step(60, 200), Step(90, 100)), over=Window.YEAR), "steps-not-rising"),
    (lambda: Levels(((Level.TOWN, ONE), (Level.TOWN, ONE))), "row-twice"),
    (lambda: Ranks(((0, ONE),)), "rank-not-positive"),
    (lambda: Severities((), ("轻",)), "table-rows"),
    (lambda: Named((("", ONE),)), "row-name"),
    (lambda: Reset(Layer.ITEM), "reset-of-an-item"),
    (lambda: Reset(window=Window.DAY), "reset-of-no-window"),
    (lambda: Veto(ForGood()), "veto-without-end"),
    (lambda: Downgrade("B级", term=ForGood()), "downgrade-without-end"),
    (lambda: Veto(ToYearEnd(), frozenset()), "veto-bars-nothing"),
    (lambda: Downgrade(), "downgrade-to-what"),
    (lambda: Downgrade("B级", steps=1), "downgrade-to-what"),
    (lambda: times(1, Window.TIME), "times-per-time"),
    (lambda: points(0, Window.DAY), "limit-out-of-bounds"),
    (lambda: Limit(Counting.AMOUNT, 5, Window.DAY, layer=Layer.ALL), "amount-over-items"),
    (lambda: Multiplier(Circumstance.CADRE, 100), "factor-of-one"),
    (lambda: Multiplier(Circumstance.CADRE, 0), "factor-out-of-bounds"),
    (lambda: Multiplier(Circumstance.KIND, 200), "multiplier-kind"),
    (lambda: Season(SPRING), "season-changes-what"),
    (lambda: Season(SPRING, factor=200, worth=ONE), "season-changes-what"),
    (lambda: Sharing(to=frozenset()), "nobody-receives"),
    (lambda: Sharing(Split.BY_ROLE), "sharing-roles"),
    (lambda: Sharing(Split.BY_ROLE, roles=(RolePoints("书记", ONE),) * 2), "row-twice"),
    (lambda: RolePoints("", ONE), "role-name"),
    (lambda: ValidityRow(ForGood(), up_to=0), "points-out-of-bounds"),
    (lambda: Validity(()), "table-rows"),
    (lambda: award(ONE, ""), "item-title"),
    (lambda: award(ONE, unit=""), "unit-name"),
    (lambda: award(Reset()), "form-does-not-fit-direction"),
    (lambda: Item("1", "评星", Direction.BOTH, ONE), "form-does-not-fit-direction"),
    (lambda: Item("1", "清零", Direction.RESET, Reset(), multipliers=(DOUBLE,)), "event-has-no-points"),
    (lambda: deduction(ONE, minimum=100), "minimum-of-a-deduction"),
    (lambda: award(ONE, median_of=2), "even-judges"),
    (lambda: award(ONE, credits=frozenset()), "credits-nothing"),
    (lambda: award(ONE, multipliers=(DOUBLE, DOUBLE)), "multiplier-twice"),
    (lambda: award(ByAnalogy(), seasons=(Season(SPRING, worth=ONE),)), "season-of-two-sides"),
    (
        lambda: Item("1", "评星", Direction.BOTH, Both(ONE, ONE), seasons=(Season(SPRING, worth=ONE),)),
        "season-of-two-sides",
    ),
    (lambda: award(ONE, limits=(points(1, Window.DAY), points(2, Window.DAY))), "limit-twice"),
    (lambda: Category("环境", limits=(points(1, Window.DAY),)), "limit-of-another-layer"),
    (lambda: Category("环境", base=100, window=Window.TIME), "base-without-window"),
    (lambda: Scheme(limits=(on_category(1, Window.DAY),)), "limit-of-another-layer"),
    (lambda: Scheme(limits=(on_household(1, Window.DAY), on_household(2, Window.DAY))), "limit-twice"),
    (lambda: Scheme(categories=(Category("环境"), Category("环境"))), "category-twice"),
    (lambda: Way(notice_days=2), "notice-days"),
    (lambda: Way(()), "stages"),
    (lambda: Dates(None, None), "span-without-ends"),
    (lambda: Dates(DAY, date(2026, 1, 1)), "span-backwards"),
    (lambda: Yearly((2, 30), (4, 1)), "no-such-day"),
    (lambda: Lasting(), "term-empty"),
    (lambda: Lasting(days=-1), "term-negative"),
    (lambda: ToYearEnd(-1), "term-too-long"),
    (lambda: Base(0), "points-out-of-bounds"),
    (lambda: Clearing(), "clearing-never"),
    (lambda: Clearing(((12, 31),), carried=101), "carry-over-out-of-bounds"),
    (lambda: Clearing(((13, 1),)), "no-such-day"),
    (lambda: Clearing(((2, 30),)), "no-such-day"),
    (lambda: Clearing(((4, 31),)), "no-such-day"),
    (lambda: GiftRatio(0, 1), "ratio-not-positive"),
    (lambda: Grades((Grade("五星", 100),)), "grades-without-lowest"),
    (lambda: Grades((Grade("四星", 100), Grade("五星", 200), LOWEST)), "grades-not-falling"),
    (lambda: Grades((Grade("零星", 100), LOWEST)), "row-twice"),
    (lambda: Grades((LOWEST,)).lowered("零星", to="六星"), "no-such-grade"),
    (lambda: Reduction(Lasting(1)), "reduction-of-what"),
    (lambda: LocalBounds(awards=-1), "local-bound-negative"),
    (lambda: Rate(0), "rate-out-of-bounds"),
    (lambda: dividend(100, 0, 0), "dividend-of-nothing"),
    (lambda: vouchers(100, [0]), "voucher-of-nothing"),
    (lambda: receivers(Sharing(to=frozenset({Receiver.PARENTS})), Circle(1, 1)), "nobody-receives"),
    (lambda: Facts(DAY, amount=0), "amount-not-positive"),
    (lambda: Facts(DAY, side=Side.EACH), "facts-on-two-sides"),
    (lambda: Facts(DAY, members=0), "household-without-members"),
    (lambda: Facts(DAY, place=1), "place-among-participants"),
    (lambda: Facts(DAY, parts=(1, 2)), "parts-of-participants"),
    (lambda: Facts(DAY, parts=(-1,)), "part-negative"),
]


@pytest.mark.parametrize(("make", "code"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_that_contradicts_itself_is_refused_by_code(make: Callable[[], object], code: str) -> None:
    with pytest.raises(BadRule) as caught:
        make()
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_rules_are_frozen_and_hashable() -> None:
    item = award(PerUnit(BUTTS, 5000, 100, whole=True), limits=(points(100, Window.DAY),))
    with pytest.raises(FrozenInstanceError):
        item.number = "2"  # type: ignore[misc]
    assert hash(item) == hash(award(PerUnit(BUTTS, 5000, 100, whole=True), limits=(points(100, Window.DAY),)))


def test_limits_stand_in_the_order_of_clamping() -> None:
    ordered = [
        points(1, Window.WEEK),
        times(1, Window.MONTH),
        points(1, Window.MONTH, Whose.PERSON),
        points(1, Window.MONTH),
        points(1, Window.ONCE),
        on_category(1, Window.WEEK),
        on_household(1, Window.WEEK),
        on_household(1, Window.YEAR),
        times(1, Window.YEAR, Whose.GROUP),
        points(1, Window.MONTH, Whose.VILLAGE, layer=Layer.ALL),
    ]
    assert sorted(set(ordered), key=lambda limit: limit.rank) == ordered


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        (Window.DAY, DAY, DAY),
        (Window.WEEK, date(2026, 10, 12), date(2026, 10, 18)),
        (Window.MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Window.TWO_MONTHS, date(2026, 9, 1), date(2026, 10, 31)),
        (Window.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Window.HALF_YEAR, date(2026, 7, 1), date(2026, 12, 31)),
        (Window.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Window.ONCE, date.min, date.max),
    ],
)
def test_windows_of_the_calendar(window: Window, first: date, last: date) -> None:
    assert window_of(window, DAY) == (first, last)


def test_months_are_added_to_the_last_day_where_there_is_no_such_day() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 1), 12) == date(2027, 12, 1)
