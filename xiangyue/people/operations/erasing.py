"""Erasing people: what was personal is gone from every table and from the files; ids stay, and lead to nobody.

Ledger, seals and published digests hold ids and figures only, so that they stay verifiable. Rooms above erase their
own in the same transaction (`person.register_keeper`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, F, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.masking import STAR, mask_name
from xiangyue.people.models import (
    Appointment,
    Card,
    Circumstance,
    ClaimState,
    Consent,
    Contribution,
    Ending,
    FormerHousehold,
    HelpVisit,
    Household,
    HouseholdRequest,
    Kinship,
    Membership,
    MembershipClaim,
    Mentorship,
    Reading,
    Relation,
    Resident,
    Standing,
    Unit,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations import following
from xiangyue.people.operations.residents import locked_resident
from xiangyue.people.permissions import require
from xiangyue.people.person import Erased, due_for_erasure, keepers, last_kept_day
from xiangyue.people.private import keys
from xiangyue.people.private_refusals import SealBroken, StillInOffice
from xiangyue.people.queries import paths_to
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import erase_files, log_act
from xiangyue.users import operations as users
from xiangyue.users.models import User

AT_ONCE: Final = 200  # people erased in one transaction: their rows are locked until it ends
SHEET_TERM: Final = timedelta(days=30)  # as long as an imported sheet is kept to check the import against it
_FILE_REASON: Final = re.compile(r"file:(\d+)")
_UNMISTAKABLE: Final = 3  # characters

# What households wrote and were told, by the table and its text fields.
_HOUSEHOLD_TEXTS: Final[dict[type[Model], tuple[str, ...]]] = {
    MembershipClaim: ("name", "answer"),
    HouseholdRequest: ("text", "answer"),
    HelpVisit: ("reason",),
}


class Ground(StrEnum):
    """Why a person is erased; a code, since whatever else were written would be about them again."""

    REQUEST = "request"
    TERM = "term"
    ERROR = "error"


@transaction.atomic
def erase_resident(*, actor: Actor, resident_id: int, ground: Ground = Ground.REQUEST) -> None:
    """Erase a person: at their request, or since they were entered in error. It can't be undone.

    Raises: NoSuchResident, NotAllowed, StillInOffice; KeyMissing.
    """
    resident = locked_resident(resident_id)
    actor = require(actor, Act.MANAGE_PEOPLE, resident.household.unit)
    lasting = Appointment.objects.filter(user_id=resident.user_id or 0)
    if lasting.filter(Q(until=None) | Q(until__gte=clock.today())).exists():
        raise StillInOffice
    _erase(actor, [resident], ground)


def erase_due() -> int:
    """Erase everybody whose term is over, some at a time, and give how many; the worker does it by itself.

    Killed between two lots, it goes on with the next one.
    """
    erased = 0
    while lot := _erase_lot():
        erased += lot
    _empty_ended_households()
    return erased


@transaction.atomic
def forget_old_sheets() -> int:
    """Remove the bytes of imported sheets whose term is over; give how many. Their rows, without a name, stay.

    A sheet holds everybody of a village, in clear, also those who are erased later.
    """
    old = StoredFile.objects.filter(stored_at__lt=clock.now() - SHEET_TERM, erased_at=None)
    return _forget_files(SYSTEM, old.filter(id__in=_sheet_ids(LoggedAct.objects.all())))


def blank(rows: QuerySet[Any], *fields: str) -> int:
    """Empty text fields of rows that are about nobody but the erased."""
    filled = Q()
    for field in fields:
        filled |= ~Q(**{field: ""})
    return rows.filter(filled).update(**dict.fromkeys(fields, ""))


def strike(rows: QuerySet[Any], field: str, erased: Erased, *, own: Q | None = None) -> None:
    """Put a star for the names and numbers of the erased in a text that other people wrote, and may need.

    Everywhere for what can be meant of nobody else; in rows about their own households (`own`) for all of it, since
    a short name may be an everyday word, and another may bear it too.
    """
    if erased.everywhere:
        _strike(rows, field, erased.everywhere)
    if erased.at_home and own is not None:
        _strike(
            rows.model._default_manager.filter(id__in=rows.filter(own).values("id")), field, erased.at_home
        )


def _strike(rows: QuerySet[Any], field: str, pattern: str) -> None:
    struck = Func(F(field), Value(pattern), Value(STAR), Value("g"), function="regexp_replace")
    rows.filter(**{f"{field}__regex": pattern}).update(**{field: struck})


@transaction.atomic
def _erase_lot() -> int:
    # Households first, as everybody who changes their members.
    due = due_for_erasure()
    homes = set(due.values_list("household_id", flat=True)[:AT_ONCE])
    list(Household.objects.select_for_update(no_key=True).filter(id__in=homes).order_by("id"))
    lot = due.filter(household_id__in=homes).select_for_update(of=("self",), no_key=True)
    residents = list(lot.select_related("household__unit")[:AT_ONCE])
    if residents:
        _erase(SYSTEM, residents, Ground.TERM)
    return len(residents)


def _erase(actor: Actor, residents: Sequence[Resident], ground: Ground) -> None:
    """Take away all that is personal; the residents are locked."""
    erased = _who(residents)
    _erase_relations(erased)
    _erase_residents(erased)
    _erase_users(erased)
    _empty_households(erased.emptied)
    _strike_own_room(erased)
    for keeper in keepers():
        keeper.erase(erased)
    _forget_sheets_about(actor, erased)
    log_act(actor=actor, act="erase", subject="resident", subject_ids=erased.residents, to_state=ground)


def _who(residents: Sequence[Resident]) -> Erased:
    ids = {each.pk for each in residents}
    former = FormerHousehold.objects.filter(resident_id__in=ids).values_list("household_id", flat=True)
    homes = {each.household_id for each in residents}
    left = Resident.objects.filter(household_id__in=homes, erased_on=None).exclude(id__in=ids)
    names = {each.name for each in residents if each.name}
    others = Resident.objects.filter(name__in=names).exclude(id__in=ids)
    users = {each.user_id for each in residents if each.user_id}
    namesakes = {*others.values_list("name", flat=True)}
    namesakes |= {*User.objects.filter(name__in=names).exclude(id__in=users).values_list("name", flat=True)}
    sealed = [each.phone for each in residents if each.phone]
    sealed += [each.id_number for each in residents if each.id_number]
    numbers = [_spaced(number) for each in sealed if (number := _opened(each))]
    plain = {name for name in names if _is_unmistakable(name)} - namesakes
    return Erased(
        residents=frozenset(ids),
        households=frozenset(homes) | frozenset(former),
        emptied=frozenset(homes - {*left.values_list("household_id", flat=True)}),
        users=frozenset(users),
        masked=frozenset(mask_name(name) for name in names),
        everywhere=_any_of([*map(re.escape, plain), *numbers]),
        at_home=_any_of([*map(re.escape, names), *numbers]),
    )


def _opened(sealed: bytes | memoryview) -> str | None:
    """Open a number to look for; one whose seal is broken nobody can have written anywhere after reading it here."""
    try:
        return keys().open(sealed)
    except SealBroken:
        return None


def _is_unmistakable(name: str) -> bool:
    """Tell whether a name is hardly a word, or a part of one: 田禾生, Tom Green; not 和平, nor Tom."""
    return len(name) >= _UNMISTAKABLE and (not name.isascii() or " " in name)


def _spaced(number: str) -> str:
    """Find a number also as people write it, in groups: 199 0000 0001."""
    return "[ -]?".join(map(re.escape, number))


def _any_of(patterns: Iterable[str]) -> str:
    return "|".join(sorted(patterns, key=len, reverse=True))


def _erase_relations(erased: Erased) -> None:
    circumstances = Circumstance.objects.filter(resident_id__in=erased.residents)
    kinships = Kinship.objects.filter(Q(resident_id__in=erased.residents) | Q(other_id__in=erased.residents))
    contributions = Contribution.objects.filter(resident_id__in=erased.residents)
    for subject, rows in (
        ("circumstance", circumstances),
        ("kinship", kinships),
        ("contribution", contributions),
    ):
        ids = list(rows.values_list("id", flat=True))
        blank(LoggedAct.objects.filter(subject=subject, subject_id__in=ids), "reason")
    blank(LoggedAct.objects.filter(subject="resident", subject_id__in=erased.residents), "reason")
    circumstances.delete()
    kinships.delete()
    blank(contributions, "what")  # the amounts stay: the village's books are made of them
    FormerHousehold.objects.filter(resident_id__in=erased.residents).update(relation=Relation.OTHER)


def _erase_residents(erased: Erased) -> None:
    today = clock.today()
    following.leave(erased.residents)
    Resident.objects.filter(id__in=erased.residents).update(
        name="",
        pinyin="",
        initials="",
        sex="",
        born=None,
        relation=Relation.OTHER,
        is_party_member=False,
        lives_elsewhere=False,
        id_number=None,
        id_index=None,
        id_tail=None,
        phone=None,
        phone_index=None,
        phone_tail=None,
        left_on=Coalesce("left_on", Value(today)),
        died_on=None,
        user=None,
        erased_on=today,
    )


def _erase_users(erased: Erased) -> None:
    """Leave of their users an id that nobody signs in with: decisions and log lines name it."""
    today = clock.today()
    for user in User.objects.select_for_update(no_key=True).filter(id__in=erased.users).order_by("id"):
        user.login, user.name, user.is_active, user.last_login = f"erased-{user.pk}", "", False, None
        user.phone = user.phone_index = user.phone_verified_at = None
        user.set_unusable_password()
        user.save()
        users.end_sessions(user_id=user.pk)
    users.forget_sign_ins(user_ids=erased.users)
    Mentorship.objects.filter(mentor_id__in=erased.users, until=None, since__lte=today).update(until=today)
    following.end(Membership.objects.filter(user_id__in=erased.users), Ending.GONE)
    Reading.objects.filter(user_id__in=erased.users).delete()
    claims = MembershipClaim.objects.filter(user_id__in=erased.users)
    claims.filter(state=ClaimState.OPEN).update(state=ClaimState.LAPSED, answered_at=clock.now())
    blank(claims, "name", "answer")
    HelpVisit.objects.filter(helper_id__in=erased.users, ended_at=None).update(ended_at=clock.now())


def _empty_households(ids: Collection[int]) -> None:
    """Take from households where nobody is kept any more what would still tell where, and how, they lived."""
    now = clock.now()
    Household.objects.filter(id__in=ids).update(address="", tags=[])
    blank(Standing.objects.filter(household_id__in=ids), "basis")
    Consent.objects.filter(household_id__in=ids, withdrawn_at=None).update(withdrawn_at=now)
    blank(Consent.objects.filter(household_id__in=ids), "receiver", "purpose")
    Card.objects.filter(household_id__in=ids, revoked_at=None).update(revoked_at=now)
    blank(LoggedAct.objects.filter(subject="household", subject_id__in=ids), "reason")
    following.wind_up(ids)
    Reading.objects.filter(household_id__in=ids).delete()
    for model, fields in _HOUSEHOLD_TEXTS.items():
        blank(model._default_manager.filter(household_id__in=ids), *fields)


@transaction.atomic
def _empty_ended_households() -> None:
    """Do the same for households whose own term is over, where nobody was left to erase."""
    told: Any = (
        ~Q(address="")
        | ~Q(tags=[])
        | Exists(Standing.objects.filter(household=OuterRef("id")).exclude(basis=""))
        | Exists(Consent.objects.filter(household=OuterRef("id")).exclude(receiver="", purpose=""))
        | Exists(Card.objects.filter(household=OuterRef("id"), revoked_at=None))
    )
    for model, fields in _HOUSEHOLD_TEXTS.items():
        rows = model._default_manager.filter(household=OuterRef("id"))
        told |= Exists(rows.exclude(**dict.fromkeys(fields, "")))
    ended = Household.objects.filter(told, left_on__lte=last_kept_day())
    kept = Resident.objects.filter(erased_on=None).values("household_id")
    _empty_households(list(ended.exclude(id__in=kept).values_list("id", flat=True)))


def _strike_own_room(erased: Erased) -> None:
    at_home = Q(household_id__in=erased.households)
    strike(Household.objects.all(), "address", erased, own=Q(id__in=erased.households))
    strike(Standing.objects.all(), "basis", erased, own=at_home)
    strike(Consent.objects.all(), "purpose", erased, own=at_home)
    strike(Contribution.objects.all(), "what", erased, own=Q(resident__household_id__in=erased.households))
    for model, fields in _HOUSEHOLD_TEXTS.items():
        for field in fields:
            strike(model._default_manager.all(), field, erased, own=at_home)
    about = Q(subject="household", subject_id__in=erased.households)
    strike(LoggedAct.objects.all(), "reason", erased, own=about)
    strike(StoredFile.objects.all(), "name", erased)


def _forget_sheets_about(actor: Actor, erased: Erased) -> None:
    """Remove the bytes of the sheets by which their households came: each holds its whole village in clear."""
    homes = Household.objects.filter(id__in=erased.households).select_related("unit")
    above = {path for home in homes for path in paths_to(home.unit)}
    units = Unit.objects.filter(path__in=above).values("id")
    acts = LoggedAct.objects.filter(subject="unit", subject_id__in=units)
    _forget_files(actor, StoredFile.objects.filter(id__in=_sheet_ids(acts), erased_at=None))


def _sheet_ids(acts: QuerySet[LoggedAct]) -> list[int]:
    """Give the files that imports named in the log."""
    imports = acts.filter(act__in=("import", "open"), subject="unit", reason__startswith="file:")
    reasons = imports.values_list("reason", flat=True).distinct()
    return [int(found[1]) for reason in reasons if (found := _FILE_REASON.fullmatch(reason))]


def _forget_files(actor: Actor, files: QuerySet[StoredFile]) -> int:
    """Erase files, but not what something else refers to: evidence, minutes."""
    ids = set(files.values_list("id", flat=True))
    return erase_files(actor=actor, file_ids=sorted(ids - _needed(ids)), reason="imported-sheet")


def _needed(ids: Collection[int]) -> set[int]:
    """Give which of the files are evidence, or minutes, or anything else that a table refers to."""
    needed: set[int] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is StoredFile:
                rows = model._default_manager.filter(**{f"{field.name}__in": list(ids)})
                needed |= set(rows.values_list(field.attname, flat=True))
    return needed
