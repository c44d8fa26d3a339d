"""Who may bring a deed, by which source: the one place that says so (DOMAIN §3, CONDUCT).

A two-committee cadre brings by an office of theirs; a seat in a committee alone brings nothing, since nobody decides
what they brought.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.terms import Side, Split
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act, Office, offices_that_grant
from xiangyue.people.operations.own import acting_for, is_own, own_households
from xiangyue.people.permissions import Held, NotAllowed, offices_at
from xiangyue.people.person import households_near
from xiangyue.people.queries import households_of
from xiangyue.scoring.models import Source
from xiangyue.scoring.refusals import OwnHousehold
from xiangyue.scoring.roles import Role, Roles
from xiangyue.scoring.source_refusals import (
    DeductionsElsewhere,
    NotBySource,
    NotTheNamedBringer,
    OneHouseholdOnBehalf,
    RecommendsOnly,
    TooManyTogether,
)

_ANY: Final = frozenset(offices_that_grant(Act.BRING_DEEDS))


@dataclass(frozen=True, slots=True)
class SourceRule:
    """What holds for a source.

    offices: by which it is brought, for households below the unit where they are held. by_household: a household
    brings it for itself, by its card or as a member who signs in, and for those of its village with whom it did what
    is divided among all who did it; whoever holds one of the offices does so on behalf (代办), for one household.
    by_neighbour: a household of the same village brings it for another. awards_only: nothing is deducted by it.
    is_record: of whoever is responsible, who saw it: born verified where they may vouch. is_single: each deed comes
    with its own papers, where its indicator demands any; a sheet of many, a list of who was there and judges' scores
    come without, and whoever verifies sees what is missing.
    """

    offices: frozenset[Office] = frozenset()
    by_household: bool = False
    by_neighbour: bool = False
    awards_only: bool = False
    is_record: bool = False
    is_single: bool = False


SOURCES: Final[Mapping[Source, SourceRule]] = {
    Source.SELF: SourceRule(_ANY, by_household=True, is_single=True),
    # What a neighbour says against somebody goes to whoever is responsible there, who looks first: nobody is
    # denounced into a deduction (CONDUCT "Private first", "Fair").
    Source.NEIGHBOUR: SourceRule(by_neighbour=True, awards_only=True, is_single=True),
    Source.GROUP: SourceRule(
        frozenset({Office.INFORMATION_ADMINISTRATOR, Office.GROUP_LEADER}), is_single=True
    ),
    Source.LEADER: SourceRule(frozenset({Office.GRID_LEADER}), is_record=True, is_single=True),
    Source.CADRE: SourceRule(
        frozenset({Office.VILLAGE_SECRETARY, Office.FIRST_SECRETARY, Office.WORK_TEAM}),
        is_record=True,
        is_single=True,
    ),
    Source.ATTENDANCE: SourceRule(_ANY, is_record=True),
    Source.INSPECTION: SourceRule(_ANY, is_record=True),
    Source.SHEET: SourceRule(_ANY, is_record=True),
}
# The information administrator enters what others wrote down, and never vouches for it: by these an item that names
# somebody else is brought all the same.
_ENTERED: Final = frozenset({Source.SHEET, Source.ATTENDANCE})
# What one household alone can't declare rightly: the points are divided among all who took part.
MOST_TOGETHER: Final = 30  # other households that one declares with its own
_DIVIDED: Final = frozenset({Split.EQUAL, Split.GIVEN})
# Of what somebody holds, the first of these is how they bring a single deed.
_USUAL: Final = (Source.LEADER, Source.CADRE, Source.GROUP)


@dataclass(frozen=True)
class Bringing:
    """Who brings: with the office that allows it, and whether on behalf of the household."""

    actor: Actor
    is_on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be brought: an indicator, on which side, for the units with these paths."""

    indicator: Indicator
    side: Side
    paths: set[str]


def require_may_bring(
    actor: Actor, source: Source, households: Collection[Household], claims: Sequence[Claim]
) -> Bringing:
    """Insist that the actor may bring this for these households, in a constant number of queries.

    households: with their units. Raises: NotAllowed, OwnHousehold, NotBySource, OneHouseholdOnBehalf, AskFirst,
    NotHelping, TooManyTogether, RecommendsOnly, NotTheNamedBringer, DeductionsElsewhere.
    """
    if actor.kind is ActorKind.SYSTEM or not households:
        return Bringing(actor)
    rule = SOURCES[source]
    if rule.awards_only:
        _require_awards(claims)
    held = _held(actor)
    bringing = _require_source(actor, source, households, claims, held)
    _require_items(source, claims, held)
    return bringing


def require_may_enter(actor: Actor, source: Source, unit: Unit, claim: Claim) -> Actor:
    """Insist that the actor may bring by a source whatever lies below a unit; give the actor with the office.

    Raises: NotAllowed, NotBySource, NotTheNamedBringer, DeductionsElsewhere.
    """
    if actor.kind is ActorKind.SYSTEM:
        return actor
    held = _held(actor)
    actor = _require_office(actor, source, [unit], held)
    _require_items(source, [claim], held)
    return actor


def item_refusals(actor: Actor, source: Source, claims: Sequence[Claim]) -> list[Refusal | None]:
    """Say of each of some claims why the actor may not bring it by a source, as far as the indicator's row names
    somebody; None where nothing stands against it. In a constant number of queries.
    """
    if actor.kind is ActorKind.SYSTEM:
        return [None for _claim in claims]
    return list(_item_refusals(source, claims, _held(actor)))


def usual_source(actor: Actor, household: Household) -> Source:
    """Give how somebody brings a single deed of a household, where they don't say: a member for themselves, others
    by the office that they hold there."""
    if is_own(actor, household.pk):
        return Source.SELF
    held = [one for one in _held(actor) if household.unit.path.startswith(one.unit.path)]
    mine = {one.office for one in held}
    return next((source for source in _USUAL if SOURCES[source].offices & mine), Source.LEADER)


def _held(actor: Actor) -> list[Held]:
    """Give the offices by which the actor brings deeds anywhere in the jurisdiction."""
    return offices_at(actor, Act.BRING_DEEDS, Unit.objects.get(parent=None))


def _require_source(
    actor: Actor,
    source: Source,
    households: Collection[Household],
    claims: Sequence[Claim],
    held: Sequence[Held],
) -> Bringing:
    rule = SOURCES[source]
    if rule.by_neighbour:
        _require_neighbour(actor, source, households)
        return Bringing(actor)
    if rule.by_household:
        own = own_households(actor)
        if own and all(household.pk in own for household in households):
            return Bringing(actor)
        if _did_it_together(own, households, claims):
            if len(households) > MOST_TOGETHER + 1:
                raise TooManyTogether(most=MOST_TOGETHER)
            return Bringing(actor)
        _require_on_behalf(actor, source, households, held)
    units = {household.unit_id: household.unit for household in households}
    acting = _require_office(actor, source, list(units.values()), held)
    return Bringing(acting, is_on_behalf=rule.by_household)


def _did_it_together(
    own: Collection[int], households: Collection[Household], claims: Sequence[Claim]
) -> bool:
    """Tell whether a household declares, with its own share, those of others of its village in what is divided."""
    villages = {household.village_id for household in households}
    mine = any(household.pk in own for household in households)
    shared = all(
        claim.side is Side.AWARD and claim.indicator.item.sharing.split in _DIVIDED for claim in claims
    )
    return mine and shared and len(villages) == 1


def _require_on_behalf(
    actor: Actor, source: Source, households: Collection[Household], held: Sequence[Held]
) -> None:
    """Who declares for another household holds an office there, is not near to it, and asks where it wishes that."""
    if actor.kind is not ActorKind.USER or not held:
        raise NotAllowed(act=source.label, unit=_listed(households))
    if households_near(actor) & {household.pk for household in households}:
        raise OwnHousehold
    if len(households) > 1:
        raise OneHouseholdOnBehalf
    # Read anew: what was given may be older than the wish.
    asking = Household.objects.filter(id__in=[household.pk for household in households], asks_first=True)
    household = asking.select_related("unit").first()
    if household:
        acting_for(actor, household)


def _require_office(actor: Actor, source: Source, units: Sequence[Unit], held: Sequence[Held]) -> Actor:
    """Insist on one of the source's offices above each unit; give the actor with the one nearest to the first."""
    acting = actor
    for place, unit in enumerate(sorted(units, key=lambda each: each.path)):
        above = [one for one in held if unit.path.startswith(one.unit.path)]
        if not above:
            raise NotAllowed(act=Act.BRING_DEEDS.label, unit=unit.name)
        fitting = [one for one in above if one.office in SOURCES[source].offices]
        if not fitting:
            raise NotBySource(source=source.label)
        if not place:
            nearest = max(fitting, key=lambda one: len(one.unit.path))
            acting = replace(actor, office=nearest.office, place=nearest.unit.pk)
    return acting


def _require_neighbour(actor: Actor, source: Source, households: Collection[Household]) -> None:
    own = Household.objects.filter(id__in=households_of(actor))
    villages = set()
    for household in own:
        if household in households:
            raise OwnHousehold
        villages.add(household.village_id)
    if not all(household.village_id in villages for household in households):
        raise NotAllowed(act=source.label, unit=_listed(households))


def _require_awards(claims: Sequence[Claim]) -> None:
    for claim in claims:
        if claim.side is not Side.AWARD:
            raise RecommendsOnly(title=claim.indicator.title)


def _require_items(source: Source, claims: Sequence[Claim], held: Sequence[Held]) -> None:
    """Insist on whom the catalogue's row, and the scheme for deductions, name."""
    for refusal in _item_refusals(source, claims, held):
        if refusal:
            raise refusal


def _item_refusals(source: Source, claims: Sequence[Claim], held: Sequence[Held]) -> Iterator[Refusal | None]:
    """Say of each claim what the catalogue's row, or the scheme for deductions, has against it."""
    roles = Roles()
    deducts = roles.deducts
    for claim in claims:
        item = claim.indicator.item
        if deducts and claim.side is Side.DEDUCTION:
            may = _is_held_by(deducts, claim, held)
            yield None if may else DeductionsElsewhere(title=item.title, who=deducts.name)
            continue
        named = roles.bringer(item.brought_by)
        if named and not _may_as_named(named, source, claim, held):
            yield NotTheNamedBringer(title=item.title, who=named.name)
        else:
            yield None


def _may_as_named(named: Role, source: Source, claim: Claim, held: Sequence[Held]) -> bool:
    if source in named.sources or _is_held_by(named, claim, held):
        return True
    return source in _ENTERED and _is_held_by(_CLERK, claim, held)


_CLERK: Final = Role("", frozenset({(Office.INFORMATION_ADMINISTRATOR, None)}))


def _is_held_by(role: Role, claim: Claim, held: Sequence[Held]) -> bool:
    return all(role.is_held(held, path) for path in claim.paths)


def _listed(households: Iterable[Household]) -> str:
    return _("、").join(sorted(str(household) for household in households))
