"""Every write on residents: taken into a household, corrected, gone, come back, taken out for the person.

What is personal never reaches the action log: a change is logged by the field's name, with codes where it has them.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypedDict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.ages import is_child
from xiangyue.people.models import Circumstance, Household, Relation, Resident, Sex
from xiangyue.people.names import pinyin_of
from xiangyue.people.offices import Act
from xiangyue.people.operations.following import come_back, leave
from xiangyue.people.operations.users import switch_off
from xiangyue.people.permissions import require
from xiangyue.people.person import Section, kept_of, people_rules, resident_by_id
from xiangyue.people.private import born_of, id_problem, keys, normal_id, normal_phone, phone_problem
from xiangyue.people.private_refusals import (
    AlreadyLeft,
    BadIdNumber,
    BadPhoneNumber,
    BadResidentName,
    BornDiffers,
    DayToCome,
    HeadNeeded,
    HeadThere,
    IdNumbersNotKept,
    IdNumberTaken,
    NoSuchResident,
    NotLeft,
    ReasonNeeded,
    ResidentRepeated,
    TermBackwards,
)
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.people.roster_cells import name_of
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act

NAME_LENGTH: Final = 60

ID_WORDS: Final = {
    "id-length": _("要18位"),
    "id-characters": _("前17位是数字，最后一位是数字或X"),
    "id-birth": _("里面的出生日期不对"),
    "id-checksum": _("最后一位校验码对不上，请看看是不是抄错了"),
}
PHONE_WORDS: Final = {
    "phone-characters": _("只能有数字"),
    "phone-length": _("位数不对"),
    "phone-form": _("不像手机号，也不像带区号的固定电话"),
}


class Facts(TypedDict, total=False):
    """What is known of a resident; what is left out is left as it is.

    born: None where unknown; of a child, only the year is kept. phone, id_number: "" takes away what is kept.
    """

    name: str
    sex: Sex | str
    born: date | None
    relation: Relation
    is_party_member: bool
    lives_elsewhere: bool
    phone: str
    id_number: str


Changes = dict[str, tuple[str, str]]  # by field: codes before and after, empty where the field has none


@transaction.atomic
def add_resident(*, actor: Actor, household_id: int, facts: Facts, reason: str = "") -> Resident:
    """Take a person into a household: born, married, moved in. facts: name and relation at least.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, and what `correct_resident` raises of the facts.
    """
    household = locked_household(household_id)
    actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    relation = facts.get("relation", Relation.OTHER)
    resident = Resident(household=household, name="", relation=Relation.OTHER)
    _apply(resident, {"name": "", **facts, "relation": relation}, household)
    _save(resident)
    log_act(actor=actor, act="add", subject="resident", subject_ids=[resident.pk], reason=reason.strip())
    return resident


@transaction.atomic
def correct_resident(*, actor: Actor, resident_id: int, facts: Facts, reason: str) -> Resident:
    """Correct what is kept of a resident. Pinyin, initials and indexes follow; what stays the same is not logged.

    Raises: NoSuchResident, NotAllowed, ReasonNeeded, BadResidentName, ResidentRepeated, HeadThere, HeadNeeded,
    DayToCome, BadPhoneNumber, IdNumbersNotKept, BadIdNumber, IdNumberTaken, BornDiffers; KeyMissing, SealBroken.
    """
    actor, resident = _locked_resident(actor, resident_id, reason)
    changes = _apply(resident, facts, resident.household)
    if changes:
        _save(resident)
    for field, (before, after) in changes.items():
        log_act(
            actor=actor,
            act=f"correct-{field.replace('_', '-')}",
            subject="resident",
            subject_ids=[resident.pk],
            from_state=before,
            to_state=after,
            reason=reason.strip(),
        )
    return resident


DIED: Final = "died"  # why their user is switched off, as the log keeps it


@transaction.atomic
def record_death(*, actor: Actor, resident_id: int, on: date, reason: str = "") -> Resident:
    """Record that a resident died on a day. Whoever signs in as them can't any more.

    Raises: NoSuchResident, NotAllowed, DayToCome, AlreadyLeft (has died already), TermBackwards (before they were
    born); NotAllowed, LastAdministrator as `switch_off` does, where they have a user.
    """
    actor, resident = _locked_resident(actor, resident_id)
    _require_past(on)
    if resident.died_on:
        raise AlreadyLeft(left_on=resident.died_on)
    if resident.born and on < resident.born:
        raise TermBackwards(since=resident.born, until=on)
    resident.died_on = on
    resident.left_on = min(resident.left_on, on) if resident.left_on else on
    resident.save(update_fields=["died_on", "left_on"])
    leave([resident.pk])
    log_act(
        actor=actor,
        act="died",
        subject="resident",
        subject_ids=[resident.pk],
        to_state="died",
        reason=reason.strip(),
    )
    if resident.user and resident.user.is_active:
        switch_off(actor=actor, user_id=resident.user.pk, reason=DIED)
    return resident


@transaction.atomic
def record_departure(*, actor: Actor, resident_id: int, on: date, reason: str = "") -> Resident:
    """Record that a resident moved away; the day is their last one here. Who only works elsewhere stays a resident.

    Raises: NoSuchResident, NotAllowed, DayToCome, AlreadyLeft.
    """
    actor, resident = _locked_resident(actor, resident_id)
    _require_past(on)
    if resident.left_on:
        raise AlreadyLeft(left_on=resident.left_on)
    resident.left_on = on
    resident.save(update_fields=["left_on"])
    leave([resident.pk])
    log_act(
        actor=actor,
        act="moved-away",
        subject="resident",
        subject_ids=[resident.pk],
        to_state="left",
        reason=reason.strip(),
    )
    return resident


@transaction.atomic
def take_back(*, actor: Actor, resident_id: int, reason: str) -> Resident:
    """Take back that somebody died or moved away: it was an error, or they came home. Their user stays switched off.

    Who was the head is a plain member now, if the household has another one.
    Raises: NoSuchResident, NotAllowed, ReasonNeeded, NotLeft, HouseholdLeft, ResidentRepeated, IdNumberTaken.
    """
    actor, resident = _locked_resident(actor, resident_id, reason)
    household = resident.household
    if resident.left_on is None:
        raise NotLeft
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    _require_own_name(resident, household)
    if resident.is_head and _has_other_head(resident, household):
        resident.relation = Relation.OTHER
    before = "died" if resident.died_on else "left"
    resident.left_on = resident.died_on = None
    _save(resident)
    come_back(resident)
    log_act(
        actor=actor,
        act="take-back",
        subject="resident",
        subject_ids=[resident.pk],
        from_state=before,
        reason=reason.strip(),
    )
    return resident


@transaction.atomic
def take_out(*, actor: Actor, resident_id: int) -> list[Section]:
    """Give everything that is kept of a resident, for the resident (PIPL 45), and log that it was taken out.

    Residents take out their own; somebody in office does it for those who ask at the counter, and needs the right to
    know of hardships where there are any. Raises: NoSuchResident, NotAllowed; KeyMissing, SealBroken.
    """
    resident = resident_by_id(resident_id)
    if actor.user_id is None or actor.user_id != resident.user_id:
        actor = require(actor, Act.EXPORT_DATA, resident.household.unit)
        if Circumstance.objects.filter(resident=resident).exists():
            actor = require(actor, Act.READ_CIRCUMSTANCES, resident.household.unit)
    log_act(actor=actor, act="take-out", subject="resident", subject_ids=[resident.pk])
    return kept_of(resident)


def locked_household(household_id: int) -> Household:
    """Give a household, locked until the transaction ends: who belongs to it changes one at a time.

    Raises: UnknownHousehold.
    """
    found = (
        Household.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "village")
        .filter(id=household_id)
        .first()
    )
    if found is None:
        raise UnknownHousehold(number=household_id, village="")
    return found


def locked_resident(resident_id: int) -> Resident:
    """Give a resident with the household, both locked, the household first. Raises: NoSuchResident."""
    there = Resident.objects.filter(id=resident_id, erased_on=None)
    home = there.values_list("household_id", flat=True).first()
    while home is not None:
        household = locked_household(home)
        resident = there.select_for_update(no_key=True).first()
        if resident is None:
            break
        if resident.household_id == home:
            resident.household = household
            return resident
        home = resident.household_id  # moved to another household meanwhile
    raise NoSuchResident(resident=resident_id)


def _locked_resident(actor: Actor, resident_id: int, reason: str | None = None) -> tuple[Actor, Resident]:
    """Lock a resident; give the actor with the office that allows it, and the row."""
    resident = locked_resident(resident_id)
    actor = require(actor, Act.MANAGE_PEOPLE, resident.household.unit)
    if reason is not None and not reason.strip():
        raise ReasonNeeded
    return actor, resident


def _require_past(day: date) -> None:
    if day > clock.today():
        raise DayToCome(day=day)


def _apply(resident: Resident, facts: Facts, household: Household) -> Changes:
    """Set what the facts say, checked and in its normal form; give what is another now than before."""
    setters: dict[str, Callable[[Resident, Any], tuple[str, str] | None]] = {
        "name": _set_name,
        "sex": _set_sex,
        "relation": _set_relation,
        "is_party_member": _set_party,
        "lives_elsewhere": _set_elsewhere,
        "phone": _set_phone,
        "id_number": _set_id,
        "born": _set_born,  # after the ID number, which names a day too
    }
    changes: Changes = {}
    for field, setter in setters.items():
        if field in facts:
            change = setter(resident, facts[field])  # type: ignore[literal-required]
            if change is not None:
                changes[field] = change
    if "name" in changes:
        _require_own_name(resident, household)
    if facts.get("id_number") and "born" not in facts and resident.born is None:
        changes["born"] = _set_born(resident, born_of(normal_id(facts["id_number"]))) or ("", "")
    _require_one_birth(resident)
    return changes


def _set_name(resident: Resident, name: str) -> tuple[str, str] | None:
    written = name_of(name)
    if not 0 < len(written) <= NAME_LENGTH or not written.isprintable():
        raise BadResidentName
    if written == resident.name:
        return None
    resident.name = written
    resident.pinyin, resident.initials = pinyin_of(written)
    return "", ""


def _set_sex(resident: Resident, sex: str) -> tuple[str, str] | None:
    before, resident.sex = resident.sex, Sex(sex).value if sex else ""
    return None if before == resident.sex else (before, resident.sex)


def _set_relation(resident: Resident, relation: Relation) -> tuple[str, str] | None:
    before = resident.relation
    if before == relation:
        return None
    if relation == Relation.HEAD and _has_other_head(resident, resident.household):
        raise HeadThere(number=resident.household.number)
    if resident.is_head and resident.left_on is None:
        raise HeadNeeded(number=resident.household.number)
    resident.relation = relation
    return before, relation


def _set_party(resident: Resident, is_member: bool) -> tuple[str, str] | None:
    before, resident.is_party_member = resident.is_party_member, is_member
    return None if before == is_member else (_yes(before), _yes(is_member))


def _set_elsewhere(resident: Resident, elsewhere: bool) -> tuple[str, str] | None:
    before, resident.lives_elsewhere = resident.lives_elsewhere, elsewhere
    return None if before == elsewhere else (_yes(before), _yes(elsewhere))


def _set_born(resident: Resident, born: date | None) -> tuple[str, str] | None:
    if born and born > clock.today():
        raise DayToCome(day=born)
    kept = born.replace(month=1, day=1) if born and is_child(born) else born
    if kept == resident.born:
        return None
    resident.born = kept
    return "", ""


def _set_phone(resident: Resident, text: str) -> tuple[str, str] | None:
    phone = normal_phone(text)
    problem = phone_problem(phone) if phone else None
    if problem:
        raise BadPhoneNumber(problem=problem, why=str(PHONE_WORDS[problem]))
    index = keys().index("phone", phone) if phone else None
    if index == resident.phone_index:
        return None
    before = resident.phone is not None
    resident.phone = keys().seal(phone) if phone else None
    resident.phone_index = index
    resident.phone_tail = keys().index("phone-tail", phone) if phone else None
    return _kept(before), _kept(bool(phone))


def _set_id(resident: Resident, text: str) -> tuple[str, str] | None:
    number = normal_id(text)
    if number and not people_rules().keeps_id_numbers:
        raise IdNumbersNotKept
    problem = id_problem(number) if number else None
    if problem:
        raise BadIdNumber(problem=problem, why=str(ID_WORDS[problem]))
    index = keys().index("id", number) if number else None
    if index == resident.id_index:
        return None
    before = resident.id_number is not None
    resident.id_number = keys().seal(number) if number else None
    resident.id_index = index
    resident.id_tail = keys().index("id-tail", number) if number else None
    return _kept(before), _kept(bool(number))


def _require_one_birth(resident: Resident) -> None:
    """Refuse a day of birth that is not the ID number's; where only the year is kept, the year counts."""
    if resident.id_number is None or resident.born is None:
        return
    named = born_of(keys().open(resident.id_number))
    if resident.born not in (named, named.replace(month=1, day=1)):
        raise BornDiffers


def _require_own_name(resident: Resident, household: Household) -> None:
    others = Resident.objects.filter(household=household, name=resident.name, left_on=None)
    if others.exclude(id=resident.pk).exists():
        raise ResidentRepeated(name=resident.name, number=household.number)


def _has_other_head(resident: Resident, household: Household) -> bool:
    heads = Resident.objects.filter(household=household, relation=Relation.HEAD, left_on=None)
    return heads.exclude(id=resident.pk).exists()


def _save(resident: Resident) -> None:
    """Save; an ID number is unique among those who live here. Raises: IdNumberTaken."""
    if resident.id_index and resident.left_on is None:
        there = Resident.objects.filter(id_index=resident.id_index, left_on=None)
        if there.exclude(id=resident.pk).exists():
            raise IdNumberTaken
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:  # the same number, registered a moment earlier by another
        if "one_resident_of_an_id" not in str(error):
            raise
        raise IdNumberTaken from None


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _kept(value: bool) -> str:
    return "kept" if value else "none"
