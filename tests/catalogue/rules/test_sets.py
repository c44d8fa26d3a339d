"""That single shares and whole sets agree, and what must hold for every catalogue and every month."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.rules.items import DAY, award, on_category, on_household, points, shared, times
from xiangyue.catalogue.rules.clamping import bucket, let_through
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judgement import ByRival, Judgement
from xiangyue.catalogue.rules.model import Item, Limit, Multiplier, Season, Sharing
from xiangyue.catalogue.rules.sets import Share, held_of, judge_in_turn, judge_set
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Counting,
    Direction,
    Layer,
    Side,
    Split,
    Subject,
    Trait,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByKind,
    Fixed,
    PerUnit,
    Plain,
    Range,
    Reset,
    Step,
    StepTable,
)

CALENDAR = [window for window in Window if window not in (Window.TIME, Window.ACTIVITY)]
NESTED = (Window.DAY, Window.MONTH, Window.QUARTER, Window.HALF_YEAR, Window.YEAR, Window.ONCE)
small = st.integers(1, 3000)

days = st.integers(0, 100).map(lambda offset: date(2026, 9, 1) + timedelta(days=offset))
overs = st.sampled_from([None, Window.MONTH, Window.YEAR])
fixed = st.builds(Fixed, small)
ranges = st.just(Range(1, 5000))
per_hour = st.builds(PerUnit, st.just(HOUR), st.integers(1, 240), small, st.booleans(), overs)
bands = st.builds(
    lambda per, worth, over: Bands(
        YUAN, (Band(0, 500, per, worth), Band(500, None, 2 * per, worth)), by_parts=True, over=over
    ),
    st.integers(1, 200),
    small,
    overs,
)
tables = st.builds(
    lambda first, over: StepTable(HOUR, (Step(60, first), Step(300, 2 * first)), over=over), small, overs
)
plain: st.SearchStrategy[Plain] = st.one_of(fixed, ranges, per_hour, bands, tables)
by_kind = st.builds(lambda worth, other: ByKind((("贫困户", worth),), other), plain, plain)


def limits(layer: Layer) -> st.SearchStrategy[tuple[Limit, ...]]:
    whose = st.sampled_from([*Whose, Whose.HOUSEHOLD, Whose.PERSON])
    sides = st.sampled_from(Side)
    on_points = st.builds(
        Limit,
        st.just(Counting.POINTS),
        st.integers(1, 5000),
        st.sampled_from(Window),
        whose,
        st.just(layer),
        sides,
    )
    on_times = st.builds(
        Limit,
        st.just(Counting.TIMES),
        st.integers(1, 4),
        st.sampled_from([Window.ACTIVITY, *CALENDAR]),
        whose,
        st.just(layer),
        sides,
    )
    kinds = [on_points, on_times]
    if layer is Layer.ITEM:
        kinds.append(
            st.builds(
                Limit,
                st.just(Counting.AMOUNT),
                st.integers(1, 800),
                st.sampled_from(Window),
                whose,
                st.just(layer),
                sides,
            )
        )
    return st.lists(st.one_of(kinds), max_size=3, unique_by=lambda limit: limit.rank).map(tuple)


multipliers = st.lists(
    st.builds(
        Multiplier,
        st.sampled_from([Circumstance.PARTY_MEMBER, Circumstance.REPEAT, Circumstance.FIRST_MONTH]),
        st.sampled_from([50, 150, 200, 333]),
        st.sampled_from(Side),
    ),
    max_size=2,
    unique_by=lambda rule: rule.when,
).map(tuple)
seasons = st.lists(
    st.builds(Season, st.just(Yearly((10, 1), (11, 15))), st.just("农忙"), st.sampled_from([33, 150, 200])),
    max_size=1,
).map(tuple)


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    direction = draw(st.sampled_from([Direction.AWARD, Direction.AWARD, Direction.DEDUCTION, *Direction]))
    if direction in (Direction.RESET, Direction.VETO, Direction.DOWNGRADE):
        return Item(str(number), "清零的事", Direction.RESET, Reset())
    worth = draw(plain if direction is Direction.BASE else st.one_of(plain, by_kind))
    return Item(
        str(number),
        "做的事",
        direction,
        Both(draw(plain), draw(plain)) if direction is Direction.BOTH else worth,
        category=draw(st.sampled_from(["环境", "家风"])),
        subject=draw(st.sampled_from([Subject.PERSON, Subject.HOUSEHOLD])),
        limits=draw(limits(draw(st.sampled_from([Layer.ITEM, Layer.ITEM, *Layer])))),
        minimum=0 if direction is Direction.DEDUCTION else draw(st.sampled_from([0, 0, 500])),
        multipliers=draw(multipliers),
        seasons=draw(seasons),
        sharing=Sharing(draw(st.sampled_from([Split.EACH, Split.EQUAL]))),
        rivals=draw(st.sampled_from(["", "同一件"])),
    )


def _needs_amount(item: Item, facts: Facts) -> bool:
    worths: tuple[object, ...] = (item.worth,)
    if isinstance(item.worth, Both):
        worths = (item.worth.award if facts.side is Side.AWARD else item.worth.deduction,)
    if isinstance(item.worth, ByKind):
        worths = (item.worth.rows[0][1] if facts.kinds else item.worth.other,)
    return isinstance(worths[0], PerUnit | Bands | StepTable)


@st.composite
def months(draw: st.DrawFn) -> list[Share]:
    """Shares of one month or so under one random catalogue."""
    catalogue = [draw(items(number)) for number in range(draw(st.integers(1, 4)))]
    outer = {
        item.number: (*draw_by_category[item.category], *everywhere)
        for draw_by_category in [{name: draw(limits(Layer.CATEGORY)) for name in ("环境", "家风", "")}]
        for everywhere in [draw(limits(Layer.ALL))]
        for item in catalogue
    }
    shares = []
    for id in range(draw(st.integers(0, 12))):
        item, household = draw(st.sampled_from(catalogue)), draw(st.integers(1, 2))
        facts = Facts(
            draw(days),
            side=draw(st.sampled_from([Side.AWARD, Side.DEDUCTION])),
            kinds=draw(st.sampled_from([frozenset(), frozenset({"贫困户"})])),
            traits=draw(st.sampled_from([frozenset(), frozenset({Trait.PARTY_MEMBER})])),
            repeated=draw(st.booleans()),
            began=date(2026, 9, 20),
            members=household + 1,
            activity=draw(st.sampled_from(["", "清淤"])),
            balance=4000,
            participants=3,
            place=draw(st.integers(0, 2)),
        )
        if _needs_amount(item, facts):
            facts = replace(facts, amount=draw(st.integers(1, 1000)))
        elif item.direction is not Direction.RESET:
            facts = replace(facts, chosen=None if _is_fixed(item, facts) else draw(small))
        person = draw(st.sampled_from([None, 10 * household, 10 * household + 1]))
        where = Where(household, person, 1, 1, 1, draw(st.sampled_from(["", "奖状"])))
        shares.append(Share(draw(st.integers(1, 3)), id, item, facts, where, outer[item.number]))
    return shares


def _is_fixed(item: Item, facts: Facts) -> bool:
    worth = item.worth
    if isinstance(worth, Both):
        worth = worth.award if facts.side is Side.AWARD else worth.deduction
    if isinstance(worth, ByKind):
        worth = worth.rows[0][1] if facts.kinds or worth.other is None else worth.other
    return isinstance(worth, Fixed)


@settings(max_examples=100, deadline=None)
@given(months())
def test_single_shares_agree_with_the_whole_set(shares: list[Share]) -> None:
    assert judge_set(shares) == judge_in_turn(shares)


@settings(max_examples=40, deadline=None)
@given(months(), st.integers(1, 3))
def test_a_set_after_what_is_held_agrees_with_all_at_once(shares: list[Share], batch: int) -> None:
    earlier = [share for share in shares if share.batch < batch]
    later = [share for share in shares if share.batch >= batch]
    first = judge_in_turn(earlier)
    held = [held_of(share, first[share.id]) for share in earlier]
    assert first | judge_set(later, held) == judge_set(shares)


@settings(max_examples=30, deadline=None)
@given(months(), st.randoms())
def test_the_order_of_handing_in_makes_no_difference(shares: list[Share], random: object) -> None:
    shuffled = list(shares)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge_set(shuffled) == judge_set(shares)


@settings(max_examples=40, deadline=None)
@given(months())
def test_no_window_ever_lets_through_more_than_its_cap(shares: list[Share]) -> None:
    judged = judge_set(shares)
    for share in shares:
        for limit in share.ordered_limits:
            if limit.whose is Whose.FAMILY_MEMBER or (name := bucket(limit, share.spot)) is None:
                continue
            inside = [
                held_of(other, judged[other.id]).left_at(limit)
                for other in shares
                if bucket(limit, other.spot) == name and limit in other.ordered_limits
            ]
            assert sum(inside) <= limit.amount


@settings(max_examples=40, deadline=None)
@given(months())
def test_limits_only_take_away_and_account_for_every_centipoint(shares: list[Share]) -> None:
    for judgement in judge_set(shares).values():
        assert abs(judgement.points) <= abs(judgement.before_limits)
        _assert_notes_run_on(judgement)
        assert tell(judgement).endswith("。")


def _assert_notes_run_on(judgement: Judgement) -> None:
    cuts = [cut for cut in judgement.cuts if cut.limit.counting is not Counting.AMOUNT]
    left = held = abs(judgement.before_limits)
    for note in judgement.notes:
        if isinstance(note, ByRival):
            left = held = note.points
    for cut in cuts:
        assert cut.asked == left
        left = cut.points
    assert left == abs(judgement.points) <= held


nested_limits = st.lists(
    st.tuples(
        st.sampled_from([Layer.ITEM, Layer.CATEGORY, Layer.ALL]),
        st.sampled_from(NESTED),
        st.integers(1, 6000),
    ),
    max_size=6,
    unique_by=lambda kind: kind[:2],
).map(lambda kinds: [points(amount, window, layer=layer) for layer, window, amount in kinds])
deeds = st.lists(st.tuples(days, st.integers(1, 3000), st.sampled_from("ABC")), max_size=12)


def of_deeds(all_limits: list[Limit], asked: list[tuple[date, int, str]]) -> list[Share]:
    own = tuple(limit for limit in all_limits if limit.layer is Layer.ITEM)
    outer = tuple(limit for limit in all_limits if limit.layer is not Layer.ITEM)
    return [
        shared(
            replace(award(Range(1, 3000)), number=number, category="AB" if number < "C" else "C", limits=own),
            day,
            id=id,
            limits=outer,
            chosen=amount,
        )
        for id, (day, amount, number) in enumerate(asked)
    ]


def by_running_sums(all_limits: list[Limit], shares: list[Share]) -> dict[int, int]:
    """The rule as RULES writes it: min(cap, S_i) − min(cap, S_(i−1)) over what comes in, limit after limit."""
    ordered = sorted(shares, key=lambda share: share.order)
    left = {share.id: share.facts.chosen or 0 for share in ordered}
    for limit in sorted(all_limits, key=lambda limit: limit.rank):
        sums: Counter[Hashable] = Counter()
        for share in ordered:
            window = bucket(limit, share.spot)
            before, sums[window] = sums[window], sums[window] + left[share.id]
            left[share.id] = min(limit.amount, sums[window]) - min(limit.amount, before)
    return left


@settings(max_examples=60, deadline=None)
@given(nested_limits, deeds)
def test_layers_give_what_running_sums_give(
    all_limits: list[Limit], asked: list[tuple[date, int, str]]
) -> None:
    shares = of_deeds(all_limits, asked)
    expected = by_running_sums(all_limits, shares)
    assert {key: value.points for key, value in judge_set(shares).items()} == expected


@settings(max_examples=40, deadline=None)
@given(nested_limits, deeds, st.integers(1, 2000))
def test_a_larger_cap_never_gives_less_in_all(
    all_limits: list[Limit], asked: list[tuple[date, int, str]], more: int
) -> None:
    one_layer = [limit for limit in all_limits if limit.layer is Layer.ITEM]
    larger = [replace(limit, amount=limit.amount + more) for limit in one_layer]
    totals = [
        sum(value.points for value in judge_set(of_deeds(chosen, asked)).values())
        for chosen in (one_layer, larger)
    ]
    assert totals[0] <= totals[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 3000), max_size=8), st.integers(1, 6000), st.randoms())
def test_the_total_under_one_cap_does_not_depend_on_the_order(
    asked: list[int], cap: int, random: object
) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (asked, shuffled):
        judged = judge_set(of_deeds([points(cap, Window.YEAR)], [(DAY, amount, "A") for amount in order]))
        assert sum(value.points for value in judged.values()) == min(cap, sum(asked))


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_let_through_is_the_room_that_is_left(cap: int, before: int, asked: int) -> None:
    assert let_through(cap, before, asked) == max(0, min(asked, cap - before))


def test_a_share_that_a_wider_limit_cut_still_stands_in_the_narrower_one() -> None:
    """The order of layers: what the item's year let through counts there, whatever the household's week cut."""
    item = replace(award(Fixed(800)), limits=(points(1000, Window.YEAR),))
    outer = (on_household(300, Window.WEEK),)
    shares = [
        shared(item, DAY, id=1, limits=outer),
        shared(item, DAY + timedelta(days=7), id=2, limits=outer),
    ]
    judged = judge_set(shares)
    assert [judged[1].points, judged[2].points] == [300, 200]


def test_a_limit_that_comes_with_a_new_catalogue_finds_what_went_before() -> None:
    old, new = award(Fixed(800)), replace(award(Fixed(800)), limits=(points(1000, Window.YEAR),))
    shares = [shared(old, id=1), shared(new, id=2), shared(new, id=3)]
    judged = judge_set(shares)
    assert judged == judge_in_turn(shares)
    assert [judged[id].points for id in (1, 2, 3)] == [800, 200, 0]


def test_times_count_what_passed_and_quotas_what_is_left_of_it() -> None:
    item = replace(award(Fixed(800)), limits=(points(800, Window.YEAR), times(1, Window.YEAR, Whose.GROUP)))
    shares = [
        shared(item, id=1, household=1),
        shared(item, id=2, household=1),
        shared(item, id=3, household=2),
    ]
    judged = judge_set(shares)
    assert [judged[id].points for id in (1, 2, 3)] == [800, 0, 0]


def test_of_two_limits_of_one_kind_the_smaller_holds() -> None:
    own = replace(award(Fixed(800)), limits=(on_household(1000, Window.MONTH),))
    for scheme, last in ((900, 100), (1200, 200)):
        outer = (on_household(scheme, Window.MONTH),)
        shares = [shared(own, id=id, limits=outer) for id in (1, 2)]
        assert [judge_set(shares)[id].points for id in (1, 2)] == [800, last]
        assert judge_set(shares) == judge_in_turn(shares)


def test_full_marks_of_several_items_count_together() -> None:
    hundred = (on_household(1000, Window.MONTH, Side.EACH),)
    sheet = [Item(str(number), "查卫生", Direction.BASE, Fixed(700), limits=hundred) for number in (1, 2)]
    shares = [shared(item, id=id) for id, item in enumerate(sheet)]
    helped = shared(award(Fixed(800)), id=9)
    judged = judge_set([*shares, helped])
    assert [judged[id].points for id in (0, 1, 9)] == [700, 300, 800]


def test_full_marks_and_resets_are_no_part_of_what_a_household_earns_or_loses() -> None:
    base = Item("3", "门前三包", Direction.BASE, Fixed(5000))
    reset = Item("4", "清零", Direction.RESET, Reset())
    outer = (on_household(1000, Window.MONTH, Side.EACH), on_category(1000, Window.MONTH, Side.EACH))
    shares = [
        shared(base, id=1, limits=outer),
        shared(reset, id=2, limits=outer, balance=9000),
        shared(award(Fixed(800)), id=3, limits=outer),
    ]
    judged = judge_set(shares)
    assert [judged[id].points for id in (1, 2, 3)] == [5000, -9000, 800]


def test_awards_and_deductions_are_limited_each_apart() -> None:
    both = Item(
        "5", "评星", Direction.BOTH, Both(Fixed(800), Fixed(700)), limits=(points(1000, Window.MONTH),)
    )
    sides = (Side.AWARD, Side.DEDUCTION, Side.AWARD, Side.DEDUCTION)
    shares = [shared(both, id=id, side=side) for id, side in enumerate(sides)]
    judged = judge_set(shares)
    assert [judged[id].points for id in range(4)] == [800, -700, 200, -300]


def test_only_the_amount_that_counted_adds_up() -> None:
    an_hour = Limit(Counting.AMOUNT, 60, Window.DAY)
    item = award(PerUnit(HOUR, 120, 100, whole=True, over=Window.YEAR), limits=(an_hour,))
    days_running = [shared(item, DAY + timedelta(days=id), id=id, amount=110) for id in range(4)]
    judged = judge_set(days_running)
    assert judged == judge_in_turn(days_running)
    assert [judged[id].points for id in range(4)] == [0, 100, 0, 100]
