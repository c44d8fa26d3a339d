"""Where somebody is reached: a number or an openid, opened only when something is sent.

A household has one to whom its phone messages go: the head, then whoever else lives there and is grown up, then those
who act for it from elsewhere. A number that its owner has shown to be theirs goes before the one in the register.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable

from xiangyue.messages.wechat import openids_of
from xiangyue.people.ages import OF_AGE, born_by
from xiangyue.people.models import Membership, Relation, Resident
from xiangyue.people.private import is_mobile, keys
from xiangyue.people.private_refusals import SealBroken
from xiangyue.users.models import User

HOUSEHOLD, USER = "household", "user"

Sealed = bytes | memoryview


def split(recipients: Collection[str]) -> tuple[list[int], list[int]]:
    """Give the ids of the households and of the users among recipients."""
    parts = [recipient.split(":") for recipient in recipients]
    return [int(pk) for kind, pk in parts if kind == HOUSEHOLD], [
        int(pk) for kind, pk in parts if kind == USER
    ]


def phones_of(recipients: Collection[str]) -> dict[str, str]:
    """Give the mobile numbers of recipients, in clear; those without one are left out. Four queries for any number."""
    households, users = split(recipients)
    found: dict[str, list[Sealed | None]] = defaultdict(list)
    for household, verified, registered in _residents(households):
        found[f"{HOUSEHOLD}:{household}"] += [verified, registered]
    for household, verified in _members(households):
        found[f"{HOUSEHOLD}:{household}"].append(verified)
    for user, verified in _verified(users):
        found[f"{USER}:{user}"].append(verified)
    for user, registered in _registered(users):
        found[f"{USER}:{user}"].append(registered)
    opened = {recipient: _first_mobile(sealed) for recipient, sealed in found.items()}
    return {recipient: phone for recipient, phone in opened.items() if phone}


def openids_for(recipients: Collection[str]) -> dict[str, str]:
    """Give under which openid recipients follow the official account; those who don't are left out."""
    households, users = split(recipients)
    of_household: dict[int, list[int]] = defaultdict(list)
    homes = Resident.objects.filter(_there(), household__in=households, user__is_active=True)
    for household, user in homes.order_by(*_order()).values_list("household_id", "user_id"):
        of_household[household].append(user)
    members = Membership.objects.filter(household__in=households, until=None, user__is_active=True)
    for household, user in members.order_by("since", "id").values_list("household_id", "user_id"):
        of_household[household].append(user)
    known = openids_of({*users, *(user for some in of_household.values() for user in some)})
    found = {f"{USER}:{user}": known[user] for user in users if user in known}
    for household, some in of_household.items():
        first = next((known[user] for user in some if user in known), None)
        if first:
            found[f"{HOUSEHOLD}:{household}"] = first
    return found


def _there() -> Q:
    """Give the condition for residents who are of their household, and grown up; of whom no birth is known, are."""
    return Q(left_on=None, died_on=None, erased_on=None) & (Q(born=None) | Q(born__lte=born_by(OF_AGE)))


def _order() -> tuple[Combinable | str, ...]:
    head_first = Case(When(relation=Relation.HEAD, then=Value(0)), default=Value(1))
    return head_first, "lives_elsewhere", "id"


def _residents(households: Collection[int]) -> Iterator[tuple[int, Sealed | None, Sealed | None]]:
    there = Resident.objects.filter(_there(), household__in=households).order_by(*_order())
    columns = ("household_id", "phone", "user__phone", "user__phone_verified_at", "user__is_active")
    for household, registered, phone, verified_at, is_active in there.values_list(*columns):
        yield household, phone if verified_at and is_active else None, registered


def _members(households: Collection[int]) -> Iterator[tuple[int, Sealed | None]]:
    members = Membership.objects.filter(
        household__in=households, until=None, user__is_active=True, user__phone_verified_at__isnull=False
    )
    yield from members.order_by("since", "id").values_list("household_id", "user__phone")


def _verified(users: Collection[int]) -> Iterator[tuple[int, Sealed | None]]:
    own = User.objects.filter(id__in=users, is_active=True, phone_verified_at__isnull=False)
    yield from own.values_list("id", "phone")


def _registered(users: Collection[int]) -> Iterator[tuple[int, Sealed | None]]:
    known = Resident.objects.filter(user__in=users, user__is_active=True, left_on=None)
    yield from known.annotate(owner=F("user_id")).values_list("owner", "phone")


def _first_mobile(sealed: Collection[Sealed | None]) -> str | None:
    for each in sealed:
        try:
            phone = keys().open(each) if each else ""
        except SealBroken:
            continue
        if is_mobile(phone):
            return phone
    return None
