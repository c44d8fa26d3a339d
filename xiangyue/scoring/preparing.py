"""Deeds before they are brought: whether they are sound, whose shares follow from whom, what judges them.

Everything is read for all deeds together, in a number of queries that grows only with the days of the acts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import InForce, rules_in_force, schemes_of
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Side, Trait
from xiangyue.kernel import clock
from xiangyue.people.history import places_on
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.refusals import UnknownResident
from xiangyue.scoring.facts import NOTHING, Given, People, people_of
from xiangyue.scoring.judging import require_not_from_minor, require_possible
from xiangyue.scoring.places import judging_units
from xiangyue.scoring.receiving import Families, families_of, makes_shares, receivers_text
from xiangyue.scoring.refusals import (
    DayInFuture,
    IndicatorNotInForce,
    NameTooLong,
    NoShares,
    SeveralVillages,
    ShareRepeated,
)
from xiangyue.scoring.source_refusals import DoerMissing, NobodyReceives
from xiangyue.scoring.sources import Claim

NAME_LENGTH = 60  # of an activity, a fact, a role
NOTE_LENGTH = 500  # of what is said about a deed; the place stands before it, once
MOST_EVIDENCE = 6


@dataclass(frozen=True)
class NewShare:
    """For whom a deed counts, and what the indicator asks for."""

    household: Household
    resident: Resident | None = None
    given: Given = NOTHING


@dataclass(frozen=True)
class NewDeed:
    """A deed as it is brought. key: idempotency key; the same key again brings nothing new.

    activity: where limits count by activities. fact: where the same fact may fall under several items.
    """

    key: str
    indicator: Indicator
    day: date
    shares: Sequence[NewShare]
    description: str = ""
    activity: str = ""
    fact: str = ""


@dataclass(frozen=True)
class Prepared:
    """Sound deeds, with all their shares.

    households: all that have a share, with their units. judging: their judging units, by the id of the unit in which
    they live. claims: what is brought for which units.
    """

    deeds: list[NewDeed]
    households: set[Household]
    judging: Mapping[int, Unit]
    claims: list[Claim]

    def judging_of(self, deed: NewDeed) -> Unit:
        return self.judging[deed.shares[0].household.unit_id]


def prepared(deeds: Sequence[NewDeed]) -> Prepared:
    """Check deeds, and give them with the shares that follow from who is named (`receiving`).

    Raises: NoShares, ShareRepeated, SeveralVillages, UnknownResident, NameTooLong, DayInFuture, DoerMissing,
    NobodyReceives, MinorNotDeducted, IndicatorNotInForce, NoCatalogueInForce, NoFrame; the refusals of
    `catalogue.rules`.
    """
    for deed in deeds:
        _require_named(deed)
    households = {share.household for deed in deeds for share in deed.shares}
    _fetch_units([share.household for deed in deeds for share in deed.shares])
    judging = judging_units({household.unit_id for household in households})
    for deed in deeds:
        if len({judging[share.household.unit_id].pk for share in deed.shares}) > 1:
            raise SeveralVillages
    people = people_of(households)
    schemes = schemes_of([deed.indicator for deed in deeds])
    full = _with_receivers(deeds, people, schemes)
    sides: dict[tuple[int, Side], Claim] = {}
    for deed in full:
        for share in deed.shares:
            side = require_possible(
                deed.indicator,
                deed.day,
                share.household,
                share.resident,
                share.given,
                people,
                schemes[deed.indicator.catalogue_id],
            )
            claim = sides.setdefault((deed.indicator.pk, side), Claim(deed.indicator, side, set()))
            claim.paths.add(share.household.unit.path)
    _require_in_force(full, judging)
    return Prepared(full, households, judging, list(sides.values()))


def _require_named(deed: NewDeed) -> None:
    """Refuse what a deed can't be by itself, whatever is known of its people."""
    if not deed.shares:
        raise NoShares
    seen = set()
    for share in deed.shares:
        if share.resident and share.resident.household_id != share.household.pk:
            raise UnknownResident(name=share.resident.name, number=share.household.number)
        if (share.household, share.resident) in seen:
            raise ShareRepeated(number=share.household.number)
        seen.add((share.household, share.resident))
    for text in (deed.activity, deed.fact, *(share.given.role for share in deed.shares)):
        if len(text) > NAME_LENGTH:
            raise NameTooLong(text=f"{text[:20]}…", most=NAME_LENGTH)
    if deed.day > clock.today():
        raise DayInFuture(day=deed.day)


def _fetch_units(households: Collection[Household]) -> None:
    """Give households their units, where they were read without."""
    bare = [household for household in households if not Household.unit.is_cached(household)]
    units = Unit.objects.in_bulk({household.unit_id for household in bare}) if bare else {}
    for household in bare:
        household.unit = units[household.unit_id]


def _with_receivers(deeds: Sequence[NewDeed], people: People, schemes: Mapping[int, Scheme]) -> list[NewDeed]:
    """Give deeds with a share for everyone who receives by what the one who is named did; one query at most."""
    receiving = [deed for deed in deeds if makes_shares(deed.indicator.item)]
    families = families_of({share.household for deed in receiving for share in deed.shares})
    made = {
        id(deed): _received(deed, families, people, schemes[deed.indicator.catalogue_id].excluded)
        for deed in receiving
    }
    return [made.get(id(deed), deed) for deed in deeds]


def _received(deed: NewDeed, families: Families, people: People, outside: Collection[Trait]) -> NewDeed:
    item = deed.indicator.item
    excluded = item.excluded.union(outside)
    named = [share.resident for share in deed.shares if share.resident]
    doers = {person.pk for person in families.doers(item.sharing, named)}
    shares = {_who(share.household, share.resident): share for share in deed.shares}
    found: dict[tuple[int, int | None], NewShare] = {}
    for share in deed.shares:
        for person in _receivers(deed, share, families, doers, people):
            key = _who(share.household, person)
            derived = person is not None and key not in shares
            if not (derived and people.traits(person, deed.day) & excluded):
                found.setdefault(key, shares.get(key) or replace(share, resident=person))
    if not found:
        raise _nobody(deed)
    return replace(deed, shares=tuple(found.values()))


def _who(household: Household, person: Resident | None) -> tuple[int, int | None]:
    return household.pk, person.pk if person else None


def _receivers(
    deed: NewDeed, share: NewShare, families: Families, doers: Collection[int], people: People
) -> Sequence[Resident | None]:
    """Give who receives by one share as it was named: by its doer, or where nobody is named, by the household."""
    item, doer = deed.indicator.item, share.resident
    if doer is not None and doer.pk not in doers:
        return [doer]  # receives by what another one did
    if doer is not None:
        require_not_from_minor(deed.indicator, deed.day, share.household, doer, share.given, people)
        found = families.receivers(item.sharing, doer)
        if not found:
            raise _nobody(deed)
        return found
    known = families.of_household(item.sharing, share.household.pk)
    if known is None:
        raise DoerMissing(title=item.title, receivers=receivers_text(item.sharing))
    return known or [None]


def _nobody(deed: NewDeed) -> NobodyReceives:
    return NobodyReceives(
        title=deed.indicator.title,
        receivers=receivers_text(deed.indicator.item.sharing),
        number=deed.shares[0].household.number,
    )


def _require_in_force(deeds: Sequence[NewDeed], judging: Mapping[int, Unit]) -> None:
    """Refuse indicators that don't judge the acts of that day where the household lived then.

    Three queries for each day, and one or two for each judging unit and day.
    """
    lived = _judged_then(deeds)
    in_force: dict[tuple[int, date], InForce] = {}
    for deed in deeds:
        home = deed.shares[0].household
        unit = lived.get((home.pk, deed.day)) or judging[home.unit_id]
        if (unit.pk, deed.day) not in in_force:
            in_force[unit.pk, deed.day] = rules_in_force(unit, deed.day)
        if not in_force[unit.pk, deed.day].holds(deed.indicator):
            raise IndicatorNotInForce(title=deed.indicator.title, unit=unit.name, day=deed.day)


def _judged_then(deeds: Sequence[NewDeed]) -> dict[tuple[int, date], Unit]:
    """Give the judging units in which households lived on the days of acts: whose catalogue judges them."""
    homes: dict[date, set[int]] = {}
    for deed in deeds:
        homes.setdefault(deed.day, set()).add(deed.shares[0].household.pk)
    places = {
        (household_id, day): place.unit_id
        for day, household_ids in homes.items()
        for household_id, place in places_on(household_ids, day).items()
    }
    judging = judging_units(set(places.values()))
    return {where: judging[unit_id] for where, unit_id in places.items()}
