"""Every write on households: opening, splitting, merging, moving and closing them, and what is written about them.

Points move through the ledger, which knows holders only; what was posted before stays where it was posted. Locks: the
villages, by id, then the households, by id.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import AccountKind, Batch, Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points
from xiangyue.ledger.operations.opening import common_pool, open_households
from xiangyue.ledger.refusals import KeyReused
from xiangyue.people.models import (
    Card,
    Consent,
    FormerHousehold,
    Household,
    Mentorship,
    Relation,
    Resident,
    Unit,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations import following
from xiangyue.people.operations.departures import Departure, follow, require_free
from xiangyue.people.operations.reorganising import NUMBER_LENGTH
from xiangyue.people.operations.residents import Facts, add_resident
from xiangyue.people.operations.successions import (
    ONE_DAY,
    Place,
    last_change_of_households,
    move_households,
    require_day,
)
from xiangyue.people.operations.units import known_unit, lock_villages, require_standing
from xiangyue.people.permissions import require
from xiangyue.people.private_refusals import ResidentRepeated
from xiangyue.people.refusals import NotAVillage, UnknownHousehold
from xiangyue.people.tags import sensitive_tag
from xiangyue.people.tree_refusals import (
    AlreadyThere,
    BadAddress,
    BadNumber,
    BadTag,
    HeadStays,
    HouseholdLeft,
    JustMoved,
    NobodyStays,
    NumberTaken,
    OneHead,
    SameHousehold,
    SensitiveTag,
    UnknownMember,
)
from xiangyue.records.operations import log_act

ADDRESS_LENGTH: Final = 120
TAG_LENGTH: Final = 20
TAG_JOINTS: Final = frozenset("、，,;；\n")


@transaction.atomic
def open_household(
    *,
    actor: Actor,
    unit_id: int,
    number: str,
    members: Sequence[Facts],
    address: str = "",
    tags: Sequence[str] = (),
    on: date | None = None,
) -> Household:
    """Open a household at a unit from a day on (today), with its members and an account without points.

    members: what is known of each, one of them the head (`residents.add_resident`).
    Raises: UnknownUnit, NotAllowed, UnitEnded, NotAVillage, DayAhead, ChangedSince, BadNumber, NumberTaken, OneHead,
    BadAddress, BadTag, SensitiveTag; what `add_resident` raises.
    """
    known = known_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, known)
    unit, village = _place(known, lock_villages([known], with_key=True))
    first = on or clock.today()
    require_day(first, unit.since - ONE_DAY)
    heads = sum(member.get("relation") == Relation.HEAD for member in members)
    if heads != 1:
        raise OneHead(count=heads)
    household = _create(
        unit,
        village,
        number=_free_number(village, number),
        address=_fitting_address(address),
        tags=fitting_tags(tags),
        on=first,
    )
    for member in members:
        add_resident(actor=actor, household_id=household.pk, facts=member)
    log_act(actor=actor, act="open", subject="household", subject_ids=[household.pk])
    return household


@transaction.atomic
def split_household(
    *,
    actor: Actor,
    household_id: int,
    number: str,
    head_id: int,
    member_ids: Collection[int] = (),
    relations: Mapping[int, Relation] | None = None,
    unit_id: int | None = None,
    address: str | None = None,
    on: date | None = None,
    spendable: int = 0,
    honour: int = 0,
    key: str,
) -> Household:
    """Split members off into a household of their own (分户), and divide the points as the caller says.

    head_id, member_ids: residents who leave; the head among them is the first. relations: what each is to the new
    head, 其他 where nothing is said. unit_id, address: where they live from then on, else where they did.
    spendable, honour: centipoints that go along. Where some do, the same key and input splits once; where
    none do, asked again it refuses with UnknownMember.
    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, JustMoved, UnknownUnit, UnitEnded, NotAVillage, DayAhead,
    ChangedSince, BadNumber, NumberTaken, UnknownMember, HeadStays, NobodyStays, OneHead, BadAddress,
    MoreThanThere, KeyReused.
    """
    source = _known(household_id)
    place = known_unit(unit_id) if unit_id else source.unit
    for each in (source.unit, place):
        actor = require(actor, Act.MANAGE_PEOPLE, each)
    villages = lock_villages([source.unit, place], with_key=True)
    done = Batch.objects.filter(key=_key(Cause.SPLIT, key)).first()
    if done:
        return _split_before(actor, done, source, number, spendable, honour, key)
    source = _locked_households(actor, [source])[source.pk]
    unit, village = _place(place, villages)
    first = on or clock.today()
    leaving = _leaving(source, {head_id, *member_ids})
    require_day(first, max(unit.since - ONE_DAY, _last_change(source, leaving)))
    household = _create(
        unit,
        village,
        number=_free_number(village, number),
        address=source.address if address is None else _fitting_address(address),
        tags=[],
        on=first,
    )
    _join(leaving, household, head_id=head_id, relations=relations or {}, on=first)
    split_points(
        posting=_posting(Cause.SPLIT, key, household, actor),
        from_id=source.holder_id,
        to_id=household.holder_id,
        spendable=spendable,
        honour=honour,
    )
    log_act(actor=actor, act="split", subject="household", subject_ids=[source.pk, household.pk])
    return household


@transaction.atomic
def merge_households(
    *,
    actor: Actor,
    household_id: int,
    into_id: int,
    relations: Mapping[int, Relation] | None = None,
    on: date | None = None,
    key: str,
) -> Household:
    """Merge a household into another (并户): its members and all that it has, and owes, go there; it ends.

    relations: what those who come are to the head there, 其他 where nothing is said. Its card stops working.
    What was merged into the same household before is answered the same; the same key with other input is refused.
    Raises: UnknownHousehold, NotAllowed, SameHousehold, HouseholdLeft, JustMoved, DayAhead, ChangedSince, OneHead,
    ResidentRepeated, HasOpenHolds, KeyReused; what other rooms have in flight for it (`departures`).
    """
    if household_id == into_id:
        raise SameHousehold
    known = [_known(household_id), _known(into_id)]
    for each in known:
        actor = require(actor, Act.MANAGE_PEOPLE, each.unit)
    lock_villages([each.unit for each in known], with_key=True)
    source = _known(household_id)
    if source.successor_id == into_id:
        return _known(into_id)
    found = _locked_households(actor, known)
    source, target = found[household_id], found[into_id]
    first = on or clock.today()
    members = list(Resident.objects.filter(household=source, left_on=None).order_by("id"))
    require_day(first, max(_last_change(source, members), target.joined_on - ONE_DAY))
    require_free(Departure(households=frozenset({source.pk}), from_village_id=source.village_id))
    _join(members, target, head_id=None, relations=relations or {}, on=first)
    merge_points(
        posting=_posting(Cause.MERGE, key, source, actor), from_id=source.holder_id, to_id=target.holder_id
    )
    _end(source, target, first)
    log_act(actor=actor, act="merge", subject="household", subject_ids=[source.pk, target.pk])
    return target


@transaction.atomic
def close_household(*, actor: Actor, household_id: int, on: date | None = None, key: str) -> Household:
    """Close a household (销户) that has gone: what it has goes to the county's pool, its card stops working.

    Whoever still was of it has left the village with it. Closing it again changes nothing.
    Raises: UnknownHousehold, NotAllowed, HouseholdLeft (it was merged), JustMoved, DayAhead, ChangedSince,
    HasOpenHolds, KeyReused; what other rooms have in flight for it (`departures`).
    """
    known = _known(household_id)
    actor = require(actor, Act.MANAGE_PEOPLE, known.unit)
    lock_villages([known.unit], with_key=True)
    household = _known(household_id)
    if household.left_on and household.successor_id is None:
        return household
    household = _locked_households(actor, [known])[household_id]
    first = on or clock.today()
    members = list(Resident.objects.filter(household=household, left_on=None))
    require_day(first, _last_change(household, members))
    require_free(Departure(households=frozenset({household.pk}), from_village_id=household.village_id))
    Resident.objects.filter(household=household, left_on=None).update(left_on=first - ONE_DAY)
    close_holder(
        posting=_posting(Cause.CLOSING, key, household, actor),
        holder_id=household.holder_id,
        pool_id=common_pool(kind=AccountKind.LEFT),
    )
    _end(household, None, first)
    log_act(actor=actor, act="close", subject="household", subject_ids=[household.pk])
    return household


@transaction.atomic
def move_household(
    *, actor: Actor, household_id: int, unit_id: int, number: str | None = None, on: date | None = None
) -> Household:
    """Let a household live at another unit from a day on; in another village under a number that is free there.

    Its points, cards and members stay with it. number: None to keep its own.
    Raises: UnknownHousehold, UnknownUnit, NotAllowed, HouseholdLeft, JustMoved, UnitEnded, NotAVillage, AlreadyThere,
    DayAhead, ChangedSince, BadNumber, NumberTaken; what other rooms have in flight for it (`departures`).
    """
    known, place = _known(household_id), known_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, place)
    villages = lock_villages([known.unit, place], with_key=True)
    household = _locked_households(actor, [known])[household_id]
    unit, village = _place(place, villages)
    wanted = household.number if number is None else number.strip()
    if (household.unit_id, household.number) == (unit.pk, wanted):
        raise AlreadyThere(name=household.number, place=unit.name)
    first = on or clock.today()
    require_day(first, max(unit.since - ONE_DAY, last_change_of_households([household.pk])))
    if (household.village_id, household.number) != (village.pk, wanted):
        wanted = _free_number(village, wanted)
    leaves = frozenset({household.pk} if household.village_id != village.pk else ())
    departure = Departure(households=leaves, from_village_id=household.village_id, to_village_id=village.pk)
    require_free(departure)
    move_households([Place(household.pk, unit.pk, village.pk, wanted)], on=first)
    follow(actor, departure)
    log_act(actor=actor, act="move", subject="household", subject_ids=[household.pk], reason=f"to:{unit.pk}")
    return _known(household_id)


@transaction.atomic
def change_head(
    *, actor: Actor, household_id: int, head_id: int, former_head_as: Relation = Relation.OTHER
) -> Household:
    """Make another member the head; former_head_as: what the one before is to the new one.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, JustMoved, UnknownMember, OneHead.
    """
    if former_head_as == Relation.HEAD:
        raise OneHead(count=2)
    actor, household = _one_locked(actor, household_id)
    members = Resident.objects.filter(household=household, left_on=None)
    head = members.filter(id=head_id).first()
    if head is None:
        raise UnknownMember(number=household.number, count=1)
    if head.relation != Relation.HEAD:
        members.filter(relation=Relation.HEAD).update(relation=former_head_as)
        members.filter(id=head_id).update(relation=Relation.HEAD)
        log_act(actor=actor, act="change-head", subject="household", subject_ids=[household.pk])
    return household


@transaction.atomic
def describe_household(
    *, actor: Actor, household_id: int, address: str | None = None, tags: Sequence[str] | None = None
) -> Household:
    """Change a household's address, its tags, or both; None leaves what is there.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, JustMoved, BadAddress, BadTag, SensitiveTag.
    """
    actor, household = _one_locked(actor, household_id)
    if address is not None:
        household.address = _fitting_address(address)
    if tags is not None:
        household.tags = fitting_tags(tags)
    household.save(update_fields=["address", "tags"])
    log_act(actor=actor, act="describe", subject="household", subject_ids=[household.pk])
    return household


def fitting_tags(tags: Sequence[str]) -> list[str]:
    """Give tags without blanks and repetitions, in their order. Raises: BadTag, SensitiveTag."""
    fitting = list(dict.fromkeys(tag.strip() for tag in tags))
    for tag in fitting:
        # A roster joins and splits tags by these marks.
        if not 0 < len(tag) <= TAG_LENGTH or {*tag} & TAG_JOINTS:
            raise BadTag(tag=tag, most=TAG_LENGTH)
        if sensitive_tag(tag):
            raise SensitiveTag(tag=tag)
    return fitting


def _known(household_id: int) -> Household:
    household = Household.objects.select_related("unit").filter(id=household_id).first()
    if household is None:
        raise UnknownHousehold(number=household_id, village="")
    return household


def _locked_households(actor: Actor, known: Sequence[Household]) -> dict[int, Household]:
    """Lock households whose villages are locked, and insist that they still are in those, and still are."""
    # Not against those who only refer to them: a till that has the account, and sells, would wait in a circle.
    rows = Household.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    found = {each.pk: each for each in rows.filter(id__in=[each.pk for each in known]).order_by("id")}
    for before in known:
        now = found.get(before.pk)  # gone from the answer, where its unit changed while this waited
        if now is None or now.village_id != before.village_id:
            raise JustMoved(number=before.number)
        require(actor, Act.MANAGE_PEOPLE, now.unit)
        if now.left_on:
            raise HouseholdLeft(number=now.number, left_on=now.left_on)
    return found


def _one_locked(actor: Actor, household_id: int) -> tuple[Actor, Household]:
    known = _known(household_id)
    lock_villages([known.unit])
    household = _locked_households(actor, [known])[household_id]
    return require(actor, Act.MANAGE_PEOPLE, household.unit), household


def _place(known: Unit, villages: Sequence[Unit]) -> tuple[Unit, Unit]:
    """Give a unit as it is now that its village is locked, and the village."""
    unit = Unit.objects.get(id=known.pk)
    require_standing(unit)
    village = next((each for each in villages if each.contains(unit)), None)
    if village is None:
        raise NotAVillage(unit=unit.code, name=unit.name)
    return unit, village


def _free_number(village: Unit, number: str) -> str:
    fitting = number.strip()
    if not 0 < len(fitting) <= NUMBER_LENGTH:
        raise BadNumber(number=number, most=NUMBER_LENGTH)
    if Household.objects.filter(village=village, number=fitting, left_on=None).exists():
        raise NumberTaken(number=fitting, village=village.name)
    return fitting


def _fitting_address(address: str) -> str:
    if len(address.strip()) > ADDRESS_LENGTH:
        raise BadAddress(most=ADDRESS_LENGTH)
    return address.strip()


def _create(unit: Unit, village: Unit, *, number: str, address: str, tags: list[str], on: date) -> Household:
    (holder_id,) = open_households(count=1)
    return Household.objects.create(
        unit=unit,
        village=village,
        number=number,
        address=address,
        tags=tags,
        holder_id=holder_id,
        joined_on=on,
    )


def _leaving(source: Household, leaving: set[int]) -> list[Resident]:
    """Give those who split off; the head stays, so that both households have one."""
    members = list(Resident.objects.filter(household=source, left_on=None).order_by("id"))
    unknown = leaving - {member.pk for member in members}
    if unknown:
        raise UnknownMember(number=source.number, count=len(unknown))
    if len(leaving) == len(members):
        raise NobodyStays
    going = [member for member in members if member.pk in leaving]
    for member in going:
        if member.is_head:
            raise HeadStays(name=member.name)
    return going


def _last_change(household: Household, members: Sequence[Resident]) -> date:
    """Give the last day on which a household or one of these members began to be where they are."""
    former = FormerHousehold.objects.filter(resident__in=members).aggregate(last=Max("until"))["last"]
    return max(last_change_of_households([household.pk]), former + ONE_DAY if former else date.min)


def _join(
    members: Sequence[Resident],
    household: Household,
    *,
    head_id: int | None,
    relations: Mapping[int, Relation],
    on: date,
) -> None:
    """Let residents be of another household from a day on, and note of which they were."""
    FormerHousehold.objects.bulk_create(
        FormerHousehold(
            resident=member, household_id=member.household_id, relation=member.relation, until=on - ONE_DAY
        )
        for member in members
    )
    there = Resident.objects.filter(household=household, left_on=None)
    same = there.filter(name__in=[each.name for each in members]).first()
    if same:
        raise ResidentRepeated(name=same.name, number=household.number)
    for member in members:
        relation = Relation.HEAD if member.pk == head_id else relations.get(member.pk, Relation.OTHER)
        if relation == Relation.HEAD and member.pk != head_id:
            raise OneHead(count=2)
        member.household, member.relation = household, relation
    Resident.objects.bulk_update(members, ["household", "relation"])
    following.follow(members)


def _end(household: Household, successor: Household | None, on: date) -> None:
    """End a household with the day before `on`: its card, its consents, who acts for it, and who looks after it."""
    now, last = clock.now(), on - ONE_DAY
    household.left_on, household.successor = last, successor
    household.save(update_fields=["left_on", "successor"])
    Card.objects.filter(household=household, revoked_at=None).update(revoked_at=now)
    Consent.objects.filter(household=household, withdrawn_at=None).update(withdrawn_at=now)
    Mentorship.objects.filter(household=household, until=None).update(until=Greatest(F("since"), last))
    following.wind_up([household.pk])


def _key(cause: Cause, key: str) -> str:
    return f"{cause}:{key}"


def _posting(cause: Cause, key: str, household: Household, actor: Actor) -> Posting:
    return Posting(_key(cause, key), cause, household.pk, actor, clock.today())


def _split_before(
    actor: Actor, done: Batch, source: Household, number: str, spendable: int, honour: int, key: str
) -> Household:
    """Give the household that a request made before; the ledger compares what was asked for."""
    made = _known(done.cause_id)
    was_split_off = FormerHousehold.objects.filter(household=source, resident__household=made).exists()
    if not was_split_off or made.number != number.strip():
        raise KeyReused(key=key)
    split_points(
        posting=_posting(Cause.SPLIT, key, made, actor),
        from_id=source.holder_id,
        to_id=made.holder_id,
        spendable=spendable,
        honour=honour,
    )
    return made
