"""Layered limits (RULES "Caps are layered"): how much of what a share asks for counts. Pure.

Item → category → household → what is shared with others (quotas, budgets), and in each the narrow windows first.
Every limit has a place in that order (Limit.rank) and hands on what it lets through. What came out at a limit's
place counts in its window, for every share that belongs there, whether it was cut or not; so a limit that comes
with a new catalogue finds what went before it. For one constant cap that is exactly
min(cap, S_i) − min(cap, S_(i−1)) over the running sum S of what comes in.

A share that was reversed later keeps its place: nothing that was cut is opened again.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judgement import ByLimit
from xiangyue.catalogue.rules.model import Item, Limit, Rank
from xiangyue.catalogue.rules.terms import Counting, Layer, Side, Subject, Whose, Window
from xiangyue.catalogue.rules.times import window_of


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the windows a share stands: whose, when, under which item, on which side.

    apart: full or starting marks, and events like a reset, are no part of what a category or a household earns
    or loses; they count only with each other (满分100).
    """

    item: Item
    facts: Facts
    where: Where
    side: Side
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What an earlier share asked for and was let through, to be counted in the windows of later ones.

    amount, points: before the limits, base units and centipoints. trail: what was left behind each limit that
    cut it, by the limit's rank, in rising order; of amounts and of points apart.
    """

    spot: Spot
    amount: int
    points: int
    amounts_trail: tuple[tuple[Rank, int], ...] = ()
    points_trail: tuple[tuple[Rank, int], ...] = ()

    def left_at(self, limit: Limit) -> int:
        """Give what came out at a limit's place in the order, in what the limit counts."""
        if limit.counting is Counting.AMOUNT:
            return _left(self.amount, self.amounts_trail, limit.rank)
        left = _left(self.points, self.points_trail, limit.rank)
        return int(left > 0) if limit.counting is Counting.TIMES else left

    @property
    def counted_amount(self) -> int:
        """The amount that counts after all limits on amounts."""
        return self.amounts_trail[-1][1] if self.amounts_trail else self.amount


@dataclass(frozen=True, slots=True)
class Before:
    """What counts already when a share is judged.

    through: for each limit, by its rank, what counts in its window, in what it counts. amount: the base units in
    the window over which the item adds amounts up. best: the most that the same fact asked for under a rival item.
    """

    through: Mapping[Rank, int] = field(default_factory=dict)
    amount: int = 0
    best: int = 0


NOTHING_BEFORE = Before()


def let_through(cap: int, before: int, asked: int) -> int:
    """Give the part of `asked` that a cap leaves when `before` counts already; none of them negative.

    It is min(cap, before + asked) − min(cap, before), and 0 where a smaller cap came later.
    """
    return min(cap, before + asked) - min(cap, before)


def cap_of(limit: Limit, facts: Facts) -> int:
    """Give the limit for one household: per family member it is as many times as large."""
    return limit.amount * facts.members if limit.whose is Whose.FAMILY_MEMBER else limit.amount


def in_order(limits: Iterable[Limit], side: Side) -> list[Limit]:
    """Give the limits that work on a side, in the order of clamping; those on amounts first.

    Where an item and its category or scheme set a limit of the same kind, the smaller one holds.
    """
    kinds: dict[Rank, Limit] = {}
    for limit in limits:
        same = kinds.get(limit.rank)
        if limit.side in (side, Side.EACH) and (same is None or limit.amount < same.amount):
            kinds[limit.rank] = limit
    return sorted(kinds.values(), key=lambda limit: (limit.counting is not Counting.AMOUNT, limit.rank))


def clamp(
    limits: Iterable[Limit], facts: Facts, asked: int, before: Before
) -> tuple[int, tuple[ByLimit, ...]]:
    """Pass what a share asks for through limits that are in order; give what is left, and what each cut.

    asked: centipoints, or base units where the limits count amounts.
    """
    left, cuts = asked, []
    for limit in limits:
        cap, counted = cap_of(limit, facts), before.through.get(limit.rank, 0)
        passed = step(limit, cap, counted, left)
        if passed < left:
            cuts.append(ByLimit(limit, cap, counted, left, passed))
        left = passed
    return left, tuple(cuts)


def step(limit: Limit, cap: int, before: int, asked: int) -> int:
    """Pass what is asked through one limit. Of times it lets all through, or nothing."""
    if limit.counting is Counting.TIMES:
        return asked if let_through(cap, before, 1) else 0
    return let_through(cap, before, asked)


def bucket(limit: Limit, spot: Spot) -> Hashable | None:
    """Name the window in which a share counts for a limit: shares of the same name count together.

    None: it counts with nothing else, as with a limit on each single deed.
    """
    window = window_key(limit.window, spot.facts)
    if window is None:
        return None
    return (
        limit.rank,
        window,
        spot.side,
        spot.apart,
        _owner(limit.whose, spot.where),
        _items(limit.layer, spot.item),
    )


def adding_key(window: Window, spot: Spot) -> Hashable:
    """Name the window in which an item's amounts add up for one subject."""
    whose = Whose.PERSON if spot.item.subject in (Subject.PERSON, Subject.PARTY_MEMBER) else Whose.HOUSEHOLD
    return window_key(window, spot.facts), spot.item.number, spot.side, _owner(whose, spot.where)


def rivals_key(spot: Spot) -> Hashable | None:
    """Name the fact that counts once under several items; None where it is under one only."""
    if not spot.item.rivals or not spot.where.fact:
        return None
    return spot.item.rivals, spot.where.fact, spot.side, _owner(Whose.PERSON, spot.where)


def window_key(window: Window, facts: Facts) -> Hashable | None:
    if window is Window.TIME or (window is Window.ACTIVITY and not facts.activity):
        return None
    return facts.activity if window is Window.ACTIVITY else window_of(window, facts.day)[0]


def _owner(whose: Whose, where: Where) -> Hashable:
    if whose is Whose.PERSON:
        return (where.household, None) if where.person is None else (None, where.person)
    return {
        Whose.HOUSEHOLD: where.household,
        Whose.FAMILY_MEMBER: where.household,
        Whose.GROUP: (where.village, where.group),
        Whose.GRID: (where.village, where.grid),
        Whose.VILLAGE: where.village,
        Whose.EVERYONE: None,
    }[whose]


def _items(layer: Layer, item: Item) -> Hashable:
    if layer is Layer.ITEM:
        return item.number
    return (item.family, item.category) if layer is Layer.CATEGORY else None


def _left(asked: int, trail: tuple[tuple[Rank, int], ...], rank: Rank) -> int:
    left = asked
    for at, passed in trail:
        if at > rank:
            break
        left = passed
    return left
