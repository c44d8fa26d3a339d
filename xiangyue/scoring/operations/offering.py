"""What somebody may declare for a household today, and what stands against the rest, before anything is typed.

As with `foresee`, nothing is written: each indicator is tried with the least that it asks for, as if nothing else were
declared, after all that is decided already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.entry import rows_of, unit_of
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import schemes_of
from xiangyue.catalogue.rules.cutting import cut_text
from xiangyue.catalogue.rules.judgement import Judgement
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.refusals import KindNotMeant, NotApplicableThen, SubjectExcluded
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.tariffs import amount_text
from xiangyue.catalogue.rules.terms import Counting, Direction, Side, Split, Subject, Trait, Whose
from xiangyue.catalogue.rules.traits import trait_text
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Cell,
    Discretion,
    PerUnit,
    Range,
    StepTable,
    Worth,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Resident
from xiangyue.scoring.facts import Given, People, people_of
from xiangyue.scoring.judging import judge_each_ahead, require_possible
from xiangyue.scoring.models import Source
from xiangyue.scoring.operations.foreseeing import unsaved
from xiangyue.scoring.places import judging_units
from xiangyue.scoring.preparing import NewDeed, NewShare, Prepared
from xiangyue.scoring.sources import Claim, item_refusals

# What no form can mend today: the day, and who the household is. All else is asked for.
_FINAL: Final = (NotApplicableThen, SubjectExcluded, KindNotMeant)
_OF_PEOPLE: Final = (Subject.PERSON, Subject.PARTY_MEMBER)


@dataclass(frozen=True)
class Offer:
    """An indicator, as it may be declared today. refusal: what stands against it. full: which limit would leave nothing
    of it, in words; empty where something would be left."""

    indicator: Indicator
    refusal: Refusal | None = None
    full: str = ""

    @property
    def is_open(self) -> bool:
        return self.refusal is None and not self.full


def is_declarable(item: Item) -> bool:
    """Tell whether an item is one that a household or its people can earn points by, so that they may say they did.

    What is scored like another item, which somebody has to choose, is written down by whoever knows the catalogue.
    """
    if item.subject in (Subject.GROUP, Subject.GRID, Subject.VILLAGE) or isinstance(item.worth, ByAnalogy):
        return False
    return item.direction in (Direction.AWARD, Direction.BOTH)


def is_of_people(item: Item) -> bool:
    """Tell whether an item is scored for persons, who have to be named, and not for the household as such."""
    return item.subject in _OF_PEOPLE


def candidates(item: Item, members: Sequence[Resident]) -> list[Resident]:
    """Give who of a household an item may be for, as far as what they are tells."""
    if item.subject is Subject.PARTY_MEMBER:
        return [person for person in members if person.is_party_member]
    return list(members)


def offers_to(*, actor: Actor, household: Household, indicators: Sequence[Indicator]) -> list[Offer]:
    """Say of each of some declarable indicators whether the actor may declare it for a household today.

    In a number of queries that doesn't grow with the indicators.
    """
    members = list(household.residents.filter(left_on=None).order_by("id"))
    people, schemes = people_of({household}), schemes_of(indicators)
    trials, refusals = _Trials(household, members, people, schemes), dict[int, Refusal]()
    claims = [Claim(each, Side.AWARD, {household.unit.path}) for each in indicators]
    for each, refusal in zip(indicators, item_refusals(actor, Source.SELF, claims), strict=True):
        refusal = refusal or trials.add(each)
        if refusal:
            refusals[each.pk] = refusal
    full = trials.full()
    return [Offer(each, refusals.get(each.pk), full.get(each.pk, "")) for each in indicators]


class _Trials:
    """Each indicator, tried for each member of the household for whom that could make a difference."""

    def __init__(
        self,
        household: Household,
        members: Sequence[Resident],
        people: People,
        schemes: Mapping[int, Scheme],
    ) -> None:
        self.household, self.members, self.people, self.schemes = household, members, people, schemes
        self.deeds: list[NewDeed] = []

    def add(self, indicator: Indicator) -> Refusal | None:
        """Try an indicator; give what stands against it, whoever of the household did it."""
        item, scheme = indicator.item, self.schemes[indicator.catalogue_id]
        given, day = _least(item), clock.today()
        persons: Sequence[Resident | None] = candidates(item, self.members) if is_of_people(item) else (None,)
        refusal: Refusal | None = None
        if not persons:
            refusal = KindNotMeant(title=item.title, kinds=trait_text(Trait.PARTY_MEMBER))
        limits = (*item.limits, *scheme.limits_beside(item))
        by_person = any(limit.whose is Whose.PERSON for limit in limits)
        tried = False
        for person in persons:
            try:
                require_possible(indicator, day, self.household, person, given, self.people, scheme)
            except _FINAL as found:
                refusal = found
                continue
            except Refusal:  # the form asks for it
                return None
            if limits and (by_person or not tried):
                share = NewShare(self.household, person, given)
                self.deeds.append(NewDeed(f"{len(self.deeds)}", indicator, day, (share,)))
            tried = True
        return None if tried else refusal

    def full(self) -> dict[int, str]:
        """Give by indicator which limit leaves nothing to anybody, in words."""
        units = judging_units({self.household.unit_id})
        shares = unsaved(Prepared(self.deeds, {self.household}, units, []))
        judged = judge_each_ahead(shares)
        found: dict[int, list[str]] = {}
        for share in shares:
            words = found.setdefault(share.deed.indicator_id, [])
            words.append(_cut(judged[share.pk]) if share.pk in judged else "")
        return {pk: words[0] for pk, words in found.items() if all(words)}


def _cut(judgement: Judgement) -> str:
    """Say which limit left nothing; nothing where something is left."""
    cut = next(iter(reversed(judgement.cuts)), None)
    if judgement.points or cut is None:
        return ""
    unit = unit_of(judgement.item)
    if cut.limit.counting is Counting.AMOUNT and unit:
        return _("最多算%(most)s，已经满了") % {"most": amount_text(unit, cut.cap)}
    return cut_text(cut, judgement)


def _least(item: Item) -> Given:
    """Give the least that an item asks for, so that it can be tried."""
    given = Given(side=Side.AWARD if item.direction is Direction.BOTH else None)
    if item.sharing.split is Split.BY_ROLE:
        role = item.sharing.roles[0]
        return _of_cell(replace(given, role=role.role), role.worth)
    for row, cell in rows_of(item, Side.AWARD):
        placed = replace(given, level=row.level, rank=row.rank, severity=row.severity, row=row.name)
        return _of_cell(placed, cell)
    for worth in _plain(item.worth):
        if isinstance(worth, PerUnit):
            return replace(given, amount=worth.per)
        if isinstance(worth, Bands):
            return replace(given, amount=worth.bands[0].above + worth.bands[0].per)
        if isinstance(worth, StepTable):
            return replace(given, amount=max(1, worth.steps[0].start + worth.open))
        if isinstance(worth, Cell):
            return _of_cell(given, worth)
    return given


def _of_cell(given: Given, cell: Cell) -> Given:
    if isinstance(cell, Range | Discretion):
        return replace(given, proposed=cell.low, reason="-")
    if isinstance(cell, CaseByCase):
        return replace(given, proposed=cell.low or cell.high or 1)
    return given


def _plain(worth: Worth) -> Iterator[Worth]:
    if isinstance(worth, Both):
        yield from _plain(worth.award)
    elif isinstance(worth, ByKind):
        for _kind, part in worth.rows:
            yield part
        if worth.other is not None:
            yield worth.other
    else:
        yield worth
