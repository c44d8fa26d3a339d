"""Shares and what is held, written into the tables as a caller's INSERT … SELECT would; and the pure judgements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.catalogue.bulk.months import Month
from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.ranks import code_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.rules.clamping import Held
from xiangyue.catalogue.rules.judgement import Judgement
from xiangyue.catalogue.rules.model import Item, Rank
from xiangyue.catalogue.rules.sets import Share, held_of, judge_next
from xiangyue.catalogue.rules.terms import Side
from xiangyue.kernel.refusals import Refusal


def fill_shares(shares: Iterable[Share], keys: Mapping[int, int], likes: Mapping[int, int]) -> None:
    tables.fill("judge_share", (_share(share, keys[share.id], likes.get(share.id)) for share in shares))


def _share(share: Share, key: int, like: int | None) -> Sequence[Any]:
    facts, where = share.facts, share.where
    part = facts.parts[facts.place] if facts.parts else 0
    return (
        share.id, share.batch, facts.day, key,
        where.household, where.person, where.group, where.grid, where.village, where.fact, facts.activity,
        facts.amount, facts.level and facts.level.value, facts.rank, facts.severity and facts.severity.value,
        facts.row, facts.chosen, list(facts.scores), bool(facts.reason.strip()), facts.side and facts.side.value,
        None if facts.like is None else like, facts.faulty, facts.corrected, facts.balance,
        sum(tables.TRAIT_BITS[trait] for trait in facts.traits), sorted(facts.kinds), facts.members, facts.role,
        facts.repeated, facts.began, facts.place, facts.participants, part, sum(facts.parts),
    )  # fmt: skip


def fill_held(entries: Iterable[Held], rules: Mapping[int, Rule], *, summed: bool = False) -> None:
    """Write what is held: one row an entry, or one for all that agree in what names a window."""
    keys: dict[Item, int] = {rule.item: key for key, rule in rules.items()}
    alike: dict[object, list[Held]] = defaultdict(list)
    for place, entry in enumerate(entries):
        alike[_window_names(entry) if summed else place].append(entry)
    tables.fill("judge_held", (_held(group, keys[group[0].spot.item]) for group in alike.values()))


def _window_names(entry: Held) -> object:
    spot = entry.spot
    return spot.item, spot.side, spot.facts.day, spot.facts.activity, spot.where


def _held(group: Sequence[Held], key: int) -> Sequence[Any]:
    spot = group[0].spot
    where, facts = spot.where, spot.facts
    amounts = sorted({rank for entry in group for rank, _left in entry.amounts_trail})
    points = sorted({rank for entry in group for rank, _left in entry.points_trail})
    return (
        key, facts.day, spot.side is Side.DEDUCTION, spot.apart,
        where.household, where.person, where.group, where.grid, where.village, where.fact, facts.activity,
        sum(entry.amount for entry in group), sum(entry.points for entry in group),
        sum(entry.points > 0 for entry in group),
        [code_of(rank) for rank in amounts],
        [sum(left_at(entry.amount, entry.amounts_trail, rank) for entry in group) for rank in amounts],
        [code_of(rank) for rank in points],
        [sum(left_at(entry.points, entry.points_trail, rank) for entry in group) for rank in points],
        [sum(left_at(entry.points, entry.points_trail, rank) > 0 for entry in group) for rank in points],
    )  # fmt: skip


def left_at(asked: int, trail: Sequence[tuple[Rank, int]], rank: Rank) -> int:
    """Give what was left behind the limits up to a rank."""
    return [asked, *(left for at, left in trail if at <= rank)][-1]


def judged_purely(month: Month, held: Sequence[Held] = ()) -> tuple[dict[int, Judgement], dict[int, str]]:
    """Judge one share after the other; give the judgements, and the codes of those that can't be judged."""
    known, judgements, refused = list(held), {}, {}
    for share in sorted(month.shares, key=lambda share: share.order):
        try:
            judgements[share.id] = judge_next(share, known)
        except Refusal as refusal:
            refused[share.id] = refusal.code
        else:
            known.append(held_of(share, judgements[share.id]))
    return judgements, refused
