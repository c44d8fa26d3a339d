"""Shares judged one after the other as meetings do, or all of a set at once. Both give the same. Pure.

The order is approval batch, day of the act, id. `judge_next` looks at what is held and judges one share;
`judge_set` goes through the limits instead, each over the whole set, as a database does.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyue.catalogue.rules.clamping import (
    Before,
    Held,
    Spot,
    adding_key,
    bucket,
    cap_of,
    in_order,
    rivals_key,
    step,
)
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.judgement import ByLimit, ByRival, Judgement
from xiangyue.catalogue.rules.judging import (
    adds_up_over,
    ask,
    beyond,
    conclude,
    judge,
    limits_on,
    on_amounts,
    on_points,
    side_of,
    stands_apart,
)
from xiangyue.catalogue.rules.model import Item, Limit, Rank
from xiangyue.catalogue.rules.terms import Counting


@dataclass(frozen=True, slots=True)
class Share:
    """One share to be judged. batch: of the approval; id: of the share. limits: of its category and its scheme."""

    batch: int
    id: int
    item: Item
    facts: Facts
    where: Where
    limits: tuple[Limit, ...] = ()

    @property
    def order(self) -> tuple[int, date, int]:
        return self.batch, self.facts.day, self.id

    @property
    def spot(self) -> Spot:
        side, apart = side_of(self.item, self.facts), stands_apart(self.item, self.facts)
        return Spot(self.item, self.facts, self.where, side, apart)

    @property
    def ordered_limits(self) -> list[Limit]:
        limits = limits_on(self.item, self.facts, self.limits)
        return in_order(limits, side_of(self.item, self.facts))


def judge_next(share: Share, held: Iterable[Held]) -> Judgement:
    """Judge one share after all that is held. Raises: as `judge`."""
    return judge(share.item, share.facts, before_of(share, held), share.limits)


def before_of(share: Share, held: Iterable[Held]) -> Before:
    """Sum up what counts already in each of a share's windows. held: earlier shares, from all days that matter."""
    spot, window = share.spot, adds_up_over(share.item, share.facts)
    buckets = [(limit, bucket(limit, spot)) for limit in share.ordered_limits]
    through: dict[Rank, int] = defaultdict(int)
    amount, best, rivals = 0, 0, rivals_key(spot)
    for entry in held:
        for limit, name in buckets:
            if name is not None and bucket(limit, entry.spot) == name:
                through[limit.rank] += entry.left_at(limit)
        if window is not None and adding_key(window, entry.spot) == adding_key(window, spot):
            amount += entry.counted_amount
        if rivals is not None and rivals_key(entry.spot) == rivals:
            best += entry.points
    return Before(through, amount, best)


def held_of(share: Share, judgement: Judgement) -> Held:
    """Give what a judged share leaves behind for the windows of later ones."""
    asked = abs(judgement.before_limits)
    for note in judgement.notes:
        if isinstance(note, ByRival):
            asked = note.points
    trails: dict[bool, list[tuple[Rank, int]]] = {True: [], False: []}
    for cut in judgement.cuts:
        trails[cut.limit.counting is Counting.AMOUNT].append((cut.limit.rank, cut.points))
    return Held(share.spot, share.facts.amount or 0, asked, tuple(trails[True]), tuple(trails[False]))


def judge_in_turn(shares: Iterable[Share], held: Sequence[Held] = ()) -> dict[int, Judgement]:
    """Judge shares one after the other, in their order; give the judgements by the shares' ids."""
    known, judgements = list(held), {}
    for share in sorted(shares, key=lambda share: share.order):
        judgements[share.id] = judge_next(share, known)
        known.append(held_of(share, judgements[share.id]))
    return judgements


def judge_set(shares: Iterable[Share], held: Sequence[Held] = ()) -> dict[int, Judgement]:
    """Judge a whole set, limit by limit; give the judgements by the shares' ids. Equals `judge_in_turn`.

    Raises: as `judge`, for the first share that can't be judged.
    """
    ordered = sorted(shares, key=lambda share: share.order)
    limits = {share.id: share.ordered_limits for share in ordered}
    spots = {share.id: share.spot for share in ordered}
    chosen = {key: on_amounts(value) for key, value in limits.items()}
    measured = {share.id: share.facts.amount or 0 for share in ordered}
    amounts, amount_cuts = _clamp_all(ordered, spots, chosen, measured, held)
    earlier = _earlier_amounts(ordered, spots, amounts, held)
    asked = {
        share.id: ask(
            share.item,
            share.facts,
            None if share.facts.amount is None else amounts[share.id],
            earlier[share.id],
        )
        for share in ordered
    }
    points = {key: value.points for key, value in asked.items()}
    points, rivals = _rival_all(ordered, spots, points, held)
    chosen = {key: on_points(value) for key, value in limits.items()}
    left, point_cuts = _clamp_all(ordered, spots, chosen, points, held)
    return {
        share.id: conclude(
            share.item,
            share.facts,
            asked[share.id],
            rivals.get(share.id),
            (*amount_cuts[share.id], *point_cuts[share.id]),
            left[share.id],
        )
        for share in ordered
    }


def _clamp_all(
    shares: Sequence[Share],
    spots: Mapping[int, Spot],
    limits: Mapping[int, Sequence[Limit]],
    asked: Mapping[int, int],
    held: Sequence[Held],
) -> tuple[dict[int, int], dict[int, list[ByLimit]]]:
    """Pass what shares ask for through one limit after the other, each over the whole set."""
    left = dict(asked)
    cuts: dict[int, list[ByLimit]] = {share.id: [] for share in shares}
    kinds = {limit.rank: limit for share in shares for limit in limits[share.id]}
    own = {share.id: {limit.rank: limit for limit in limits[share.id]} for share in shares}
    for rank in sorted(kinds):
        sums: dict[Hashable, int] = defaultdict(int)
        for entry in held:
            sums[bucket(kinds[rank], entry.spot)] += entry.left_at(kinds[rank])
        for share in shares:
            window = bucket(kinds[rank], spots[share.id])
            if limit := own[share.id].get(rank):
                cut = _cut(limit, share, 0 if window is None else sums[window], left[share.id])
                if cut.points < cut.asked:
                    cuts[share.id].append(cut)
                left[share.id] = cut.points
            times = kinds[rank].counting is Counting.TIMES
            sums[window] += int(left[share.id] > 0) if times else left[share.id]
    return left, cuts


def _cut(limit: Limit, share: Share, before: int, asked: int) -> ByLimit:
    cap = cap_of(limit, share.facts)
    return ByLimit(limit, cap, before, asked, step(limit, cap, before, asked))


def _earlier_amounts(
    shares: Sequence[Share], spots: Mapping[int, Spot], amounts: Mapping[int, int], held: Sequence[Held]
) -> dict[int, int]:
    """Give for each share the amount that counts already in the window over which its item adds up."""
    earlier = dict.fromkeys(amounts, 0)
    windows = {share.id: adds_up_over(share.item, share.facts) for share in shares}
    for window in {window for window in windows.values() if window is not None}:
        sums: dict[Hashable, int] = defaultdict(int)
        for entry in held:
            sums[adding_key(window, entry.spot)] += entry.counted_amount
        for share in shares:
            key = adding_key(window, spots[share.id])
            if windows[share.id] is window:
                earlier[share.id] = sums[key]
            sums[key] += amounts[share.id]
    return earlier


def _rival_all(
    shares: Sequence[Share], spots: Mapping[int, Spot], asked: Mapping[int, int], held: Sequence[Held]
) -> tuple[dict[int, int], dict[int, ByRival]]:
    """Leave of each share's points what goes beyond the best for the same fact so far."""
    best: dict[Hashable, int] = defaultdict(int)
    for entry in held:
        best[rivals_key(entry.spot)] += entry.points
    left, notes = dict(asked), {}
    for share in shares:
        fact = rivals_key(spots[share.id])
        if fact is None:
            continue
        left[share.id], note = beyond(asked[share.id], best[fact])
        if note:
            notes[share.id] = note
        best[fact] += left[share.id]
    return left, notes
