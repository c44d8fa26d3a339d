"""Bringing deeds: by the household, a neighbour, a leader, or a sheet of many (DOMAIN §3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import InForce, rules_in_force
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.history import places_on
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import hold_villages
from xiangyue.people.permissions import NotAllowed, may, require
from xiangyue.people.person import households_near
from xiangyue.people.queries import households_of
from xiangyue.people.refusals import UnknownResident
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import log_act, store_file
from xiangyue.scoring.facts import NOTHING, Given, columns_of, people_of
from xiangyue.scoring.judging import require_possible
from xiangyue.scoring.models import Decision, Deed, DeedState, Evidence, Share, Source
from xiangyue.scoring.refusals import (
    DayInFuture,
    HouseholdMoved,
    IndicatorNotInForce,
    NameTooLong,
    NoShares,
    NotTheBringer,
    OwnHousehold,
    PartlyDecided,
    SeveralVillages,
    ShareRepeated,
    UnknownDeed,
)
from xiangyue.scoring.states import ACT_WORDS, DeedAct, advance, next_state

NAME_LENGTH = 60  # of an activity, a fact, a role


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


Files = Sequence[tuple[str, bytes]]


def bring_deeds(
    *, actor: Actor, deeds: Sequence[NewDeed], source: Source, evidence: Files = ()
) -> list[Deed]:
    """Bring deeds, whole or not at all; give their rows in the order of the input.

    A household brings its own, and recommends others of its village; everyone else needs an office at the
    household. What is recorded by someone who may verify there is born verified, except for their own household.
    evidence: (name, bytes), attached to each deed.
    Raises: NoShares, ShareRepeated, SeveralVillages, UnknownResident, DayInFuture, IndicatorNotInForce,
    NoCatalogueInForce, NotAllowed, OwnHousehold, HouseholdMoved, FileTooLarge; the refusals of `catalogue.rules` for
    what an indicator asks for.
    """
    try:
        return _bring(actor, deeds, source, evidence)
    except IntegrityError:  # the same request, sent twice, was quicker
        return _bring(actor, deeds, source, evidence)


@transaction.atomic
def _bring(actor: Actor, deeds: Sequence[NewDeed], source: Source, evidence: Files) -> list[Deed]:
    known = {deed.key: deed for deed in Deed.objects.filter(key__in=[deed.key for deed in deeds])}
    fresh = [deed for deed in deeds if deed.key not in known]
    _require_sound(fresh)
    households = {share.household for deed in fresh for share in deed.shares}
    actor = _require_may_bring(actor, households, source)
    verifiable = _verifiable(actor, households, source)
    rows = [_row(actor, deed, source, verifiable) for deed in fresh]
    made = Deed.objects.bulk_create(rows)
    Share.objects.bulk_create(
        Share(
            deed=row,
            household=share.household,
            resident=share.resident,
            verified_by_id=actor.user_id if share.household.pk in verifiable else None,
            **columns_of(share.given),
        )
        for row, deed in zip(made, fresh, strict=True)
        for share in deed.shares
    )
    _require_still_there(households)
    _attach(made, {store_file(name=name, content=content) for name, content in evidence})
    for state in {row.state for row in made}:
        ids = [row.pk for row in made if row.state == state]
        log_act(actor=actor, act="bring", subject="deed", subject_ids=ids, to_state=state)
    known.update({row.key: row for row in made})
    return [known[deed.key] for deed in deeds]


@transaction.atomic
def withdraw_deed(*, actor: Actor, deed_id: int, reason: str = "") -> Deed:
    """Take back a deed that one brought, as long as nothing of it is decided.

    Raises: UnknownDeed, NotTheBringer, WrongState, PartlyDecided.
    """
    deed = locked_deed(deed_id)
    if (deed.brought_by_kind, deed.brought_by_id) != (actor.kind, actor.id):
        raise NotTheBringer
    require_undecided(deed, DeedAct.WITHDRAW)
    advance([deed], DeedAct.WITHDRAW, actor=actor, reason=reason)
    return deed


@transaction.atomic
def resubmit_deed(*, actor: Actor, deed_id: int, description: str) -> Deed:
    """Bring a returned deed again with what was missing. Raises: UnknownDeed, NotTheBringer, WrongState."""
    deed = locked_deed(deed_id)
    if (deed.brought_by_kind, deed.brought_by_id) != (actor.kind, actor.id):
        raise NotTheBringer
    advance([deed], DeedAct.RESUBMIT, actor=actor)
    deed.description = description
    deed.save(update_fields=["description"])
    deed.shares.update(verified_by=None)
    return deed


def locked_deed(deed_id: int) -> Deed:
    """Give a deed, locked until the transaction ends. Raises: UnknownDeed."""
    deed = Deed.objects.select_for_update().filter(id=deed_id).first()
    if deed is None:
        raise UnknownDeed(deed=deed_id)
    return deed


def require_undecided(deed: Deed, act: DeedAct) -> None:
    """Refuse to stop a deed of which a meeting has decided a share: that share goes on notice.

    Raises: WrongState, PartlyDecided.
    """
    next_state(deed, act)
    if Decision.objects.filter(share__deed=deed).exists():
        raise PartlyDecided(act=ACT_WORDS[act])


def _require_sound(deeds: Sequence[NewDeed]) -> None:
    people = people_of({share.household for deed in deeds for share in deed.shares})
    for deed in deeds:
        _require_sound_shares(deed)
        for text in (deed.activity, deed.fact, *(share.given.role for share in deed.shares)):
            if len(text) > NAME_LENGTH:
                raise NameTooLong(text=f"{text[:20]}…", most=NAME_LENGTH)
        if deed.day > clock.today():
            raise DayInFuture(day=deed.day)
        for share in deed.shares:
            require_possible(deed.indicator, deed.day, share.household, share.resident, share.given, people)
    _require_in_force(deeds)


def _require_sound_shares(deed: NewDeed) -> None:
    if not deed.shares:
        raise NoShares
    if len({share.household.village_id for share in deed.shares}) > 1:
        raise SeveralVillages
    seen = set()
    for share in deed.shares:
        if share.resident and share.resident.household_id != share.household.pk:
            raise UnknownResident(name=share.resident.name, number=share.household.number)
        if (share.household, share.resident) in seen:
            raise ShareRepeated(number=share.household.number)
        seen.add((share.household, share.resident))


def _require_still_there(households: Collection[Household]) -> None:
    """Refuse households that have ended, or went to another village while this waited for their village's row."""
    hold_villages({household.village_id for household in households})
    there = Household.objects.filter(id__in=[each.pk for each in households], left_on=None)
    villages = dict(there.values_list("id", "village_id"))
    for household in households:
        if villages.get(household.pk) != household.village_id:
            raise HouseholdMoved(number=household.number)


def _villages_then(deeds: Sequence[NewDeed]) -> dict[tuple[int, date], int]:
    """Give the villages in which households lived on the days of acts: whose catalogue judges them."""
    homes: dict[date, set[int]] = {}
    for deed in deeds:
        homes.setdefault(deed.day, set()).add(deed.shares[0].household.pk)
    return {
        (household_id, day): place.village_id
        for day, household_ids in homes.items()
        for household_id, place in places_on(household_ids, day).items()
    }


def _require_in_force(deeds: Sequence[NewDeed]) -> None:
    """Refuse indicators that don't judge the acts of that day in that village; three queries for each day."""
    lived = _villages_then(deeds)
    village_of = {
        deed.key: lived.get((home.pk, deed.day), home.village_id)
        for deed in deeds
        for home in (deed.shares[0].household,)
    }
    villages = Unit.objects.in_bulk(set(village_of.values()))
    in_force: dict[tuple[int, date], InForce] = {}
    for deed in deeds:
        village = villages[village_of[deed.key]]
        if (village.pk, deed.day) not in in_force:
            in_force[village.pk, deed.day] = rules_in_force(village, deed.day)
        if not in_force[village.pk, deed.day].holds(deed.indicator):
            raise IndicatorNotInForce(title=deed.indicator.title, unit=village.name, day=deed.day)


def _require_may_bring(actor: Actor, households: Collection[Household], source: Source) -> Actor:
    """Insist that the actor may bring this; give the actor with the office that allows it, where one is asked for."""
    if actor.kind is ActorKind.SYSTEM:
        return actor
    if source == Source.SELF:
        own = households_of(actor)
        _require_all(source, households, (household.pk in own for household in households))
    elif source == Source.NEIGHBOUR:
        _require_neighbour(actor, households)
    else:
        for unit in _units_of(households):
            actor = require(actor, Act.BRING_DEEDS, unit)
    return actor


def _require_neighbour(actor: Actor, households: Collection[Household]) -> None:
    own = Household.objects.filter(id__in=households_of(actor))
    if any(household in households for household in own):
        raise OwnHousehold
    villages = {household.village_id for household in own}
    _require_all(Source.NEIGHBOUR, households, (household.village_id in villages for household in households))


def _require_all(source: Source, households: Collection[Household], allowed: Iterable[bool]) -> None:
    if not all(allowed):
        raise NotAllowed(act=source.label, unit="、".join(sorted(str(household) for household in households)))


def _verifiable(actor: Actor, households: Collection[Household], source: Source) -> set[int]:
    """Give the households for which the actor may vouch: in their office's units, and none that is near to them."""
    if source in (Source.SELF, Source.NEIGHBOUR) or actor.kind is not ActorKind.USER:
        return set()
    near = households_near(actor)
    units = {unit.pk for unit in _units_of(households) if may(actor, Act.VERIFY_DEEDS, unit)}
    return {household.pk for household in households if household.unit_id in units} - near


def _units_of(households: Collection[Household]) -> list[Unit]:
    return list(Unit.objects.filter(id__in={household.unit_id for household in households}))


def _row(actor: Actor, deed: NewDeed, source: Source, verifiable: set[int]) -> Deed:
    verified = all(share.household.pk in verifiable for share in deed.shares)
    return Deed(
        unit_id=deed.shares[0].household.village_id,
        indicator=deed.indicator,
        day=deed.day,
        source=source,
        brought_by_kind=actor.kind,
        brought_by_id=actor.id,
        description=deed.description,
        activity=deed.activity,
        fact=deed.fact,
        state=DeedState.VERIFIED if verified else DeedState.SUBMITTED,
        submitted_at=clock.now(),
        key=deed.key,
    )


def _attach(deeds: Sequence[Deed], files: Collection[StoredFile]) -> None:
    Evidence.objects.bulk_create(Evidence(deed=deed, file=file) for deed in deeds for file in files)
