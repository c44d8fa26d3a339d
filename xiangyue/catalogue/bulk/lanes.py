"""Which limits are passed at once: the order of `clamping`, cut into as few steps as there can be. Pure.

Limits of one layer only count shares of their own item or category together. So the first limits of all items are one
step, the second limits of all items the next, and so on through the layers. An item, a category, or everything, with
its limit in that step, is a lane.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from xiangyue.catalogue.bulk.ranks import code_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.bulk.worths import WINDOWS, Line
from xiangyue.catalogue.rules.clamping import in_order
from xiangyue.catalogue.rules.model import Item, Limit, Rank
from xiangyue.catalogue.rules.terms import Counting, Direction, Layer, Side, Whose

MOST_CAP = 4 * 10**18  # more than all that could ever be counted, and it still fits a bigint


@dataclass(frozen=True, slots=True)
class Step:
    """One pass over the shares. even, uneven: whether it has lanes where all shares of a window have one cap, and
    lanes where they may not. whose: words that occur."""

    place: int
    layer: Layer
    even: bool
    uneven: bool
    whose: tuple[Whose, ...]


@dataclass
class Lanes:
    """amounts, points: the steps in their order. lines: rows of judge_lane; caps: of judge_cap, one for each item in
    a lane. windows: that occur. shares_amounts: whether a limit on amounts is shared with other households.
    """

    amounts: list[Step] = field(default_factory=list)
    points: list[Step] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    caps: list[Line] = field(default_factory=list)
    windows: set[int] = field(default_factory=set)
    shares_amounts: bool = False


@dataclass(frozen=True, slots=True)
class _Holder:
    """One item with the limits that hold for it."""

    item: Item
    limits: dict[Rank, Limit]

    def cap(self, rank: Rank, side: Side) -> int | None:
        """Give the cap of a limit, if it holds on a side."""
        limit = self.limits.get(rank)
        return limit.amount if limit is not None and limit.side in (side, Side.EACH) else None


def stands_apart(item: Item) -> bool:
    """Whether shares under an item stand apart, whatever their facts (`judging.stands_apart`)."""
    return item.direction in (Direction.BASE, Direction.RESET, Direction.VETO, Direction.DOWNGRADE)


def lanes_of(
    rules: Mapping[int, Rule], numbers: Mapping[str, int], categories: Mapping[Any, int], steady: bool
) -> Lanes:
    """Lay out the limits of a catalogue. steady: no household changes its size among the shares."""
    lanes = Lanes()
    holders = {key: _Holder(rule.item, _limits(rule)) for key, rule in rules.items()}
    inside: dict[tuple[Layer, int], dict[int, _Holder]] = defaultdict(dict)
    for key, holder in holders.items():
        inside[Layer.ITEM, numbers[holder.item.number]][key] = holder
        inside[Layer.CATEGORY, categories[holder.item.family, holder.item.category]][key] = holder
        inside[Layer.ALL, 0][key] = holder
    kinds: dict[tuple[bool, bool, Layer], dict[int, dict[Rank, Limit]]] = defaultdict(dict)
    for (layer, lane), members in inside.items():
        for holder in members.values():
            for limit in holder.limits.values():
                if limit.layer is layer:
                    amounts = limit.counting is Counting.AMOUNT
                    segment = kinds[amounts, limit.shared and not amounts, layer]
                    segment.setdefault(lane, {})[limit.rank] = limit
    for amounts, shared in ((True, False), (False, False), (False, True)):
        for layer in Layer:
            segment = kinds[amounts, shared, layer]
            ordered = [[(lane, ranks[rank]) for rank in sorted(ranks)] for lane, ranks in segment.items()]
            for row in zip_longest(*ordered):
                _add_step(lanes, [pair for pair in row if pair is not None], inside, amounts, steady)
    return lanes


def _limits(rule: Rule) -> dict[Rank, Limit]:
    """Give the limits by rank; of two of one rank the smaller."""
    limits = rule.item.limits if stands_apart(rule.item) else (*rule.item.limits, *rule.limits)
    return {limit.rank: limit for side in (Side.AWARD, Side.DEDUCTION) for limit in in_order(limits, side)}


def _add_step(
    lanes: Lanes,
    row: list[tuple[int, Limit]],
    inside: Mapping[tuple[Layer, int], Mapping[int, _Holder]],
    amounts: bool,
    steady: bool,
) -> None:
    place, layer = len(lanes.amounts) + len(lanes.points), row[0][1].layer
    found = set()
    for lane, limit in row:
        members = inside[layer, lane]
        even = _is_even(members.values(), limit, steady)
        found.add(even)
        lanes.windows.add(WINDOWS[limit.window])
        lanes.shares_amounts |= amounts and limit.shared
        side = None if limit.side is Side.EACH else limit.side is Side.DEDUCTION
        words = (WINDOWS[limit.window], limit.whose.value, limit.counting.value)
        line = (place, lane, code_of(limit.rank), *words, side, even)
        lanes.lines.append(line)
        caps = {key: holder.limits.get(limit.rank) for key, holder in members.items()}
        # Where caps differ, shares without one count in the window too.
        lanes.caps += [
            (key, *line, cap and min(cap.amount, MOST_CAP))
            for key, cap in caps.items()
            if cap is not None or not even
        ]
    step = Step(
        place, layer, True in found, False in found, tuple({limit.whose: None for _lane, limit in row})
    )
    (lanes.amounts if amounts else lanes.points).append(step)


def _is_even(holders: Iterable[_Holder], limit: Limit, steady: bool) -> bool:
    """Whether in every window of a limit either all shares have one cap, or none has any."""
    if limit.whose is Whose.FAMILY_MEMBER and not steady:
        return False
    caps: dict[tuple[bool, Side], set[int | None]] = defaultdict(set)
    for holder in holders:
        for side in _sides(holder.item):
            caps[stands_apart(holder.item), side].add(holder.cap(limit.rank, side))
    return all(len(found) == 1 for found in caps.values())


def _sides(item: Item) -> tuple[Side, ...]:
    if item.direction is Direction.BOTH:
        return (Side.AWARD, Side.DEDUCTION)
    return (Side.AWARD,) if item.direction in (Direction.AWARD, Direction.BASE) else (Side.DEDUCTION,)
