"""What a share of a deed is worth, and why: a pure function of the item, the facts, and what counts already.

The order: the amount that counts → value form → season → first month → division among participants → what
multiplies for this subject → rounding → minimum award → the same fact under several items → limits (`clamping`).
What concerns the whole deed works before it is divided, so that the parts add up; what concerns the person, after.

Rounding: every step gives whole centipoints, rounded half away from zero, so that each figure that a villager is
told follows from the one before it. A division gives leftover centipoints to the first participants.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xiangyue.catalogue.rules.clamping import NOTHING_BEFORE, Before, clamp, in_order
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.forms import Question, give, times
from xiangyue.catalogue.rules.judgement import (
    Asked,
    ByEvent,
    ByLimit,
    ByMinimum,
    ByMultiplier,
    ByReset,
    ByRival,
    BySeason,
    BySharing,
    Judgement,
    Note,
)
from xiangyue.catalogue.rules.model import Item, Limit, Multiplier, Season
from xiangyue.catalogue.rules.refusals import (
    BalanceMissing,
    KindNotMeant,
    LikeItemMissing,
    NotApplicableThen,
    PartsDoNotAddUp,
    RoleMissing,
    SideMissing,
    SubjectExcluded,
)
from xiangyue.catalogue.rules.terms import Circumstance, Counting, Direction, Side, Split, Trait, Window
from xiangyue.catalogue.rules.times import add_months
from xiangyue.catalogue.rules.traits import trait_text
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    ByAnalogy,
    Downgrade,
    PerUnit,
    Reset,
    StepTable,
    Veto,
    Worth,
)
from xiangyue.kernel.points import format_points

_TRAITS = {
    Circumstance.PARTY_MEMBER: Trait.PARTY_MEMBER,
    Circumstance.CADRE: Trait.CADRE,
}


def judge(
    item: Item, facts: Facts, before: Before = NOTHING_BEFORE, limits: Sequence[Limit] = ()
) -> Judgement:
    """Say what a share is worth, and what every step did.

    limits: those of the category and of the scheme that hold beside the item's own. Limits cut, and say so; they
    don't raise. Raises: the refusals of this room for what can't be judged.
    """
    side = side_of(item, facts)
    ordered = in_order(limits_on(item, facts, limits), side)
    amount, amount_cuts = clamp_amount(ordered, facts, before)
    asked = ask(item, facts, amount, before.amount)
    points, rival = beyond(asked.points, before.best)
    left, cuts = clamp(on_points(ordered), facts, points, before)
    return conclude(item, facts, asked, rival, (*amount_cuts, *cuts), left)


def clamp_amount(
    ordered: Iterable[Limit], facts: Facts, before: Before
) -> tuple[int | None, tuple[ByLimit, ...]]:
    """Pass the facts' amount, if there is one, through the limits on amounts."""
    if facts.amount is None:
        return None, ()
    return clamp(on_amounts(ordered), facts, facts.amount, before)


def limits_on(item: Item, facts: Facts, limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """Give the item's limits and those of its category and scheme, which don't touch what stands apart."""
    return item.limits if stands_apart(item, facts) else (*item.limits, *limits)


def stands_apart(item: Item, facts: Facts) -> bool:
    """Whether it is no part of what a category or a household earns or loses: full marks, and events."""
    return item.direction is Direction.BASE or isinstance(worth_of(item, facts), Reset | Veto | Downgrade)


def conclude(
    item: Item, facts: Facts, asked: Asked, rival: ByRival | None, cuts: tuple[ByLimit, ...], left: int
) -> Judgement:
    """Put the parts of a judgement together. left: what every limit left."""
    amount_cuts = tuple(cut for cut in cuts if cut.limit.counting is Counting.AMOUNT)
    point_cuts = tuple(cut for cut in cuts if cut.limit.counting is not Counting.AMOUNT)
    rivals: tuple[Note, ...] = (rival,) if rival else ()
    sign = -1 if asked.side is Side.DEDUCTION else 1
    notes = (*amount_cuts, *asked.notes, *rivals, *point_cuts)
    return Judgement(item, facts.day, asked.side, sign * left, sign * asked.points, asked.amount, notes)


def ask(item: Item, facts: Facts, amount: int | None, earlier: int) -> Asked:
    """Give what a share asks for before rivals and limits.

    amount: what counts of the facts' amount; earlier: what counts already in the window of its adding up.
    """
    _check_applies(item, facts)
    side, worth = side_of(item, facts), worth_of(item, facts)
    if isinstance(worth, Reset):
        note = _reset(item, worth, facts)
        return Asked(side, note.points, amount, (note,))
    if isinstance(worth, Veto | Downgrade):
        return Asked(side, 0, amount, (ByEvent(worth),))
    assert not isinstance(worth, Both | ByAnalogy)
    form = give(worth, Question(item, facts, amount, earlier))
    if facts.like is not None and isinstance(item.worth, ByAnalogy):
        form = replace(form, like=facts.like.title)
    if item.sharing.split is Split.BY_ROLE:
        form = replace(form, role=facts.role)
    notes: list[Note] = [form]
    points = _season(item, facts, form.points, notes)
    points = _multiplied(item, facts, points, side, notes, of_deed=True)
    points = _shared(item, facts, points, notes)
    points = _multiplied(item, facts, points, side, notes, of_deed=False)
    if 0 < points < item.minimum and side is Side.AWARD:
        points = item.minimum
        notes.append(ByMinimum(points))
    return Asked(side, points, amount, tuple(notes))


def side_of(item: Item, facts: Facts) -> Side:
    """Say whether an item awards or deducts, for these facts. Raises: SideMissing, LikeItemMissing."""
    direction = item.direction
    if direction is Direction.BOTH and isinstance(item.worth, ByAnalogy):
        direction = _like(item, facts).direction
    if direction is Direction.BOTH:
        if facts.side is None:
            raise SideMissing(title=item.title)
        return facts.side
    return Side.AWARD if direction in (Direction.AWARD, Direction.BASE) else Side.DEDUCTION


def worth_of(item: Item, facts: Facts) -> Worth:
    """Give the form that judges these facts: of the role, the season, the like item, the side."""
    if item.sharing.split is Split.BY_ROLE:
        return _of_role(item, facts)
    if (season := season_of(item, facts)) and season.worth is not None:
        return season.worth
    worth = _like(item, facts).worth if isinstance(item.worth, ByAnalogy) else item.worth
    if isinstance(worth, Both):
        return worth.award if side_of(item, facts) is Side.AWARD else worth.deduction
    return worth


def adds_up_over(item: Item, facts: Facts) -> Window | None:
    """Give the window in which amounts of the item add up, if they do."""
    worth = worth_of(item, facts)
    return worth.over if isinstance(worth, PerUnit | Bands | StepTable) else None


def season_of(item: Item, facts: Facts) -> Season | None:
    """Give the first season that holds the day of the act."""
    return next((season for season in item.seasons if facts.day in season.span), None)


def beyond(points: int, best: int) -> tuple[int, ByRival | None]:
    """Leave of an ask what goes beyond the best that the same fact asked for already (取最高，不累计)."""
    if not best or not points:
        return points, None
    left = max(0, points - best)
    return left, ByRival(best, left)


def split_equally(total: int, participants: int) -> list[int]:
    """Divide centipoints so that they add up: by largest remainder, which for equal parts means the first."""
    part, rest = divmod(total, participants)
    return [part + (place < rest) for place in range(participants)]


def on_amounts(limits: Iterable[Limit]) -> list[Limit]:
    return [limit for limit in limits if limit.counting is Counting.AMOUNT]


def on_points(limits: Iterable[Limit]) -> list[Limit]:
    """Give the limits on points and times."""
    return [limit for limit in limits if limit.counting is not Counting.AMOUNT]


def _check_applies(item: Item, facts: Facts) -> None:
    if item.spans and not any(facts.day in span for span in item.spans):
        raise NotApplicableThen(title=item.title, day=facts.day.isoformat())
    for trait in Trait:
        if trait in item.excluded and trait in facts.traits:
            raise SubjectExcluded(title=item.title, trait=trait_text(trait))
    if item.only_kinds and not item.only_kinds & facts.kinds:
        raise KindNotMeant(title=item.title, kinds="、".join(sorted(item.only_kinds)))


def _like(item: Item, facts: Facts) -> Item:
    """Give the item that a case is scored like. Raises: LikeItemMissing when it can't be that one.

    Only points are scored by analogy: what clears, bars or lowers has to be written for the act itself, and full
    marks are nobody's deed.
    """
    like, worth = facts.like, item.worth
    named = isinstance(worth, ByAnalogy) and worth.like
    if like is None or isinstance(like.worth, ByAnalogy) or (named and like.number != named):
        raise LikeItemMissing(title=item.title)
    if like.direction not in (Direction.AWARD, Direction.DEDUCTION, Direction.BOTH):
        raise LikeItemMissing(title=item.title)
    if item.direction is not Direction.BOTH and like.direction not in (item.direction, Direction.BOTH):
        raise LikeItemMissing(title=item.title)
    return like


def _of_role(item: Item, facts: Facts) -> Worth:
    for row in item.sharing.roles:
        if row.role == facts.role:
            return row.worth
    raise RoleMissing(title=item.title, roles="、".join(row.role for row in item.sharing.roles))


def _reset(item: Item, worth: Reset, facts: Facts) -> ByReset:
    if facts.balance is None:
        raise BalanceMissing(title=item.title)
    taken = max(0, facts.balance - worth.to)
    if facts.corrected and worth.repaired is not None:
        return ByReset(worth, facts.balance, True, min(worth.repaired, taken))
    return ByReset(worth, facts.balance, False, taken)


def _season(item: Item, facts: Facts, points: int, notes: list[Note]) -> int:
    season = season_of(item, facts)
    if season is None or not points:
        return points
    points = times(points, season.factor)
    notes.append(BySeason(season, points))
    return points


def _multiplied(
    item: Item, facts: Facts, points: int, side: Side, notes: list[Note], *, of_deed: bool
) -> int:
    for multiplier in item.multipliers:
        about_deed = multiplier.when is Circumstance.FIRST_MONTH
        works = about_deed is of_deed and multiplier.side in (side, Side.EACH)
        if points and works and _holds(multiplier, facts):
            points = times(points, multiplier.factor)
            notes.append(ByMultiplier(multiplier, points))
    return points


def _holds(multiplier: Multiplier, facts: Facts) -> bool:
    if multiplier.when is Circumstance.REPEAT:
        return facts.repeated
    if multiplier.when is Circumstance.KIND:
        return multiplier.kind in facts.kinds
    if multiplier.when is Circumstance.FIRST_MONTH:
        return facts.began is not None and facts.began <= facts.day < add_months(facts.began, 1)
    return _TRAITS[multiplier.when] in facts.traits


def _shared(item: Item, facts: Facts, total: int, notes: list[Note]) -> int:
    split = item.sharing.split
    if split not in (Split.EQUAL, Split.GIVEN) or not total:
        return total
    if split is Split.EQUAL:
        part = split_equally(total, facts.participants)[facts.place]
    elif sum(facts.parts) != total:
        raise PartsDoNotAddUp(
            title=item.title, total=format_points(total), sum=format_points(sum(facts.parts))
        )
    else:
        part = facts.parts[facts.place]
    notes.append(BySharing(split, total, facts.participants, part))
    return part
