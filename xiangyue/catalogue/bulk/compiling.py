"""A catalogue's items and limits as rows of small tables: what the statements of `asking` and `clamping` join.

Days are resolved here by the pure functions, one row a day that occurs: which season holds, whether the item applies
(judge_schedule), which window of the calendar it is in (judge_calendar); so are kinds of subject, one row a set of
kinds that occurs (judge_branch). Everything else is the same for all days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.lanes import Lanes, lanes_of, stands_apart
from xiangyue.catalogue.bulk.rule import Rule, Used
from xiangyue.catalogue.bulk.worths import WINDOWS, Line, Worths
from xiangyue.catalogue.rules.model import Item, Multiplier
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Counting,
    Direction,
    Layer,
    Side,
    Split,
    Subject,
    Trait,
    Window,
)
from xiangyue.catalogue.rules.times import window_of
from xiangyue.catalogue.rules.worth import Both, ByAnalogy, ByKind

UNKNOWN_ITEM = "item-not-among-the-rules"
_NO_NUMBER = -1


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the statements have to know. slots: how many multipliers of the deed and of the person an item has at
    most. lanes: the limits. adds_up: the windows over which amounts add up. weighs: whether amounts depend on other
    shares. The others: whether limits go by activity, points by role, like item or kind, facts under several items.
    """

    slots: tuple[int, int]
    lanes: Lanes
    adds_up: tuple[int, ...]
    weighs: bool
    by_activity: bool
    by_role: bool
    by_analogy: bool
    by_kind: bool
    rivals: bool


def compile_rules(rules: Mapping[int, Rule], used: Used) -> Compiled:
    """Fill the tables of the catalogue with what occurs."""
    chosen = {key: rules[key] for key in used.keys}
    codes = _Codes(chosen.values())
    worths = Worths()
    slots = _slots(chosen.values())
    lanes = lanes_of({key: chosen[key] for key in used.items}, codes.numbers, codes.categories, used.steady)
    weighing = _weighing(chosen, used.items, worths)
    named = _by_activity(chosen.values())
    tables.run(tables.RULES.format(slots=_slot_columns(slots)))
    tables.fill(
        "judge_item",
        (_item(key, rule.item, codes, worths, slots, weighing, named) for key, rule in chosen.items()),
    )
    tables.fill("judge_schedule", _schedule(chosen, used, worths))
    tables.fill("judge_role", _roles(chosen, worths))
    _fill_worths(worths, _by_kind(chosen))
    tables.fill("judge_lane", lanes.lines)
    tables.fill("judge_cap", lanes.caps)
    adds_up = sorted({line[-1] for line in worths.roots if line[-1] is not None})
    tables.fill("judge_calendar", _calendar(used.days, {*adds_up, *lanes.windows}))
    by_activity = WINDOWS[Window.ACTIVITY] in lanes.windows
    if by_activity:
        tables.run(_ACTIVITIES)
    items = [rule.item for rule in chosen.values()]
    return Compiled(
        slots=slots,
        lanes=lanes,
        adds_up=tuple(adds_up),
        weighs=bool(weighing),
        by_activity=by_activity,
        by_role=any(item.sharing.roles for item in items),
        by_analogy=any(isinstance(item.worth, ByAnalogy) for item in items),
        by_kind=bool(worths.by_kind),
        rivals=any(item.rivals for item in items),
    )


_ACTIVITIES = """
    INSERT INTO judge_activity
    SELECT activity, row_number() OVER () FROM (
        SELECT activity FROM judge_share JOIN judge_item USING (item) WHERE by_activity AND activity <> ''
        UNION SELECT activity FROM judge_held JOIN judge_item USING (item) WHERE by_activity AND activity <> ''
    ) named;
    ANALYZE judge_activity
"""


_KINDS = "SELECT DISTINCT kinds FROM judge_share WHERE item = ANY (%(items)s)"


class _Codes:
    """Small numbers for what items are known by across their versions."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        items = [rule.item for rule in rules]
        self.numbers = _coded(item.number for item in items)
        self.categories = _coded((item.family, item.category) for item in items)
        self.rivals = _coded(item.rivals for item in items if item.rivals)


def _coded(names: Iterable[Any]) -> dict[Any, int]:
    return {name: place for place, name in enumerate(sorted(set(names)))}


def _item(
    key: int,
    item: Item,
    codes: _Codes,
    worths: Worths,
    slots: tuple[int, int],
    weighing: frozenset[str],
    by_activity: frozenset[str],
) -> Line:
    by_role = item.sharing.split is Split.BY_ROLE
    worth, by_analogy = item.worth, isinstance(item.worth, ByAnalogy)
    like = codes.numbers.get(worth.like, _NO_NUMBER) if isinstance(worth, ByAnalogy) and worth.like else None
    return (
        key,
        codes.numbers[item.number],
        codes.categories[item.family, item.category],
        item.direction.value,
        _sided(item),
        by_analogy,
        like,
        stands_apart(item),
        by_role,
        *worths.sides(worth),
        sum(tables.TRAIT_BITS[trait] for trait in item.excluded),
        sorted(item.only_kinds) or None,
        item.sharing.split.value,
        item.minimum,
        item.median_of,
        codes.rivals.get(item.rivals),
        item.subject in (Subject.PERSON, Subject.PARTY_MEMBER),
        item.number in weighing,
        not by_activity.isdisjoint({item.number, ""}),
        *_multipliers(item, slots),
    )


def _sided(item: Item) -> int:
    """0 awards, 1 deducts, 2 as the facts say, 3 as the like item."""
    if item.direction is Direction.BOTH:
        return 3 if isinstance(item.worth, ByAnalogy) else 2
    return int(item.direction not in (Direction.AWARD, Direction.BASE))


def _weighing(chosen: Mapping[int, Rule], items: frozenset[int], worths: Worths) -> frozenset[str]:
    """Give the numbers of the items whose amounts matter to each other: limited, or added up over a window."""
    adds_up = {key: _adds_up(rule.item, worths) for key, rule in chosen.items()}
    return frozenset(
        rule.item.number
        for key, rule in chosen.items()
        if key in items
        and (
            any(limit.counting is Counting.AMOUNT for limit in rule.item.limits)
            or adds_up[key]
            or (isinstance(rule.item.worth, ByAnalogy) and any(adds_up.values()))
        )
    )


def _by_activity(rules: Iterable[Rule]) -> frozenset[str]:
    """Give the numbers of the items that are limited by activity; "" where that may be any."""
    limits = [(rule.item.number, limit) for rule in rules for limit in (*rule.item.limits, *rule.limits)]
    return frozenset(
        number if limit.layer is Layer.ITEM else ""
        for number, limit in limits
        if limit.window is Window.ACTIVITY
    )


def _adds_up(item: Item, worths: Worths) -> bool:
    seasonal = [season.worth for season in item.seasons if season.worth is not None]
    return any(worths.adds_up(worth) for worth in (item.worth, *seasonal))


def of_deed(item: Item) -> tuple[list[Multiplier], list[Multiplier]]:
    """Give the multipliers that work on the whole deed, and those that work on this subject's part."""
    deed = [rule for rule in item.multipliers if rule.when is Circumstance.FIRST_MONTH]
    return deed, [rule for rule in item.multipliers if rule.when is not Circumstance.FIRST_MONTH]


def _slots(rules: Iterable[Rule]) -> tuple[int, int]:
    counted = [tuple(len(rules) for rules in of_deed(rule.item)) for rule in rules]
    return max((deed for deed, _own in counted), default=0), max((own for _deed, own in counted), default=0)


def _slot_columns(slots: tuple[int, int]) -> str:
    deed = [f"deed{n}_factor int, deed{n}_deducts boolean" for n in range(slots[0])]
    own = [
        f"own{n}_factor int, own{n}_deducts boolean, own{n}_trait smallint, own{n}_kind text"
        for n in range(slots[1])
    ]
    return "".join(f", {column}" for column in (*deed, *own))


def _multipliers(item: Item, slots: tuple[int, int]) -> Line:
    """Give the columns of the slots; a trait of 0 and no kind stands for a repeated fault."""
    deed, own = of_deed(item)
    columns: list[Any] = []
    for rule in deed:
        columns += [rule.factor, _on_side(rule.side)]
    columns += [None] * (2 * (slots[0] - len(deed)))
    for rule in own:
        trait = {Circumstance.PARTY_MEMBER: Trait.PARTY_MEMBER, Circumstance.CADRE: Trait.CADRE}.get(
            rule.when
        )
        columns += [
            rule.factor,
            _on_side(rule.side),
            tables.TRAIT_BITS[trait] if trait else 0,
            rule.kind or None,
        ]
    return (*columns, *[None] * (4 * (slots[1] - len(own))))


def _on_side(side: Side) -> bool | None:
    return None if side is Side.EACH else side is Side.DEDUCTION


def _schedule(chosen: Mapping[int, Rule], used: Used, worths: Worths) -> list[Line]:
    """Say for each day whether an item applies and which season holds, where it has either."""
    lines = []
    for key in used.items:
        item = chosen[key].item
        if not item.seasons and not item.spans:
            continue
        for day in used.days:
            applies = not item.spans or any(day in span for span in item.spans)
            found = next(
                ((n, season) for n, season in enumerate(item.seasons, 1) if day in season.span), None
            )
            if applies and found is None:
                continue
            place, season = found or (None, None)
            own = None if season is None or season.worth is None else worths.root(season.worth)
            lines.append((key, day, applies, place, season and season.factor, own))
    return lines


def _roles(chosen: Mapping[int, Rule], worths: Worths) -> list[Line]:
    return [
        (key, row.role, worths.root(row.worth))
        for key, rule in chosen.items()
        for row in rule.item.sharing.roles
    ]


def _by_kind(chosen: Mapping[int, Rule]) -> list[int]:
    """Give the keys of the items whose form may go by kind of subject."""
    return [key for key, rule in chosen.items() if isinstance(rule.item.worth, ByKind | Both | ByAnalogy)]


def _fill_worths(worths: Worths, items: list[int]) -> None:
    """Fill in the forms; the branches first, since they bring nodes of their own. items: those that go by kind."""
    branches = []
    if worths.by_kind:
        for (kinds,) in tables.rows_of(_KINDS, {"items": items}):
            for root, worth in worths.by_kind.items():
                if (branch := worths.branch(worth, kinds)) is not None:
                    branches.append((root, kinds, *branch))
    tables.fill("judge_root", worths.roots)
    tables.fill("judge_branch", branches)
    tables.fill("judge_cell", worths.cells)
    tables.fill("judge_band", worths.bands)
    tables.fill("judge_step", worths.steps)


def _calendar(days: Sequence[date], windows: set[int]) -> list[Line]:
    """Number the calendar's windows by their first day."""
    return [
        (day, place, window_of(window, day)[0].toordinal())
        for window, place in WINDOWS.items()
        if place in windows and window not in (Window.TIME, Window.ACTIVITY)
        for day in days
    ]
