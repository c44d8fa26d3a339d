"""Whose number a household's phone messages go to; in clear only here, and only for sending."""

from datetime import date
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.messages.cast import give_phone
from xiangyue.kernel import clock
from xiangyue.messages.addresses import openids_for, phones_of
from xiangyue.people.models import Household, Membership, Resident
from xiangyue.people.private import keys
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

FIRST, SECOND, THIRD = "19900000001", "19900000002", "19900000003"


@pytest.fixture
def household(cast: Cast) -> Household:
    """018, whose head is 田禾生."""
    return cast.household("018")


def someone(household: Household, name: str, phone: str, **more: Any) -> Resident:
    facts: dict[str, Any] = {"relation": "other", "born": date(1980, 1, 1), "phone": keys().seal(phone)}
    return Resident.objects.create(household=household, name=name, **facts | more)


def verified(login: str, phone: str) -> User:
    user = User.objects.filter(login=login).first() or create_user(login=login, name=login)
    user.phone, user.phone_verified_at = keys().seal(phone), clock.now()
    user.save()
    return user


def reached(household: Household) -> str | None:
    return phones_of([f"household:{household.pk}"]).get(f"household:{household.pk}")


def test_the_head_first(household: Household) -> None:
    assert reached(household) is None
    someone(household, "田小满", SECOND)
    assert reached(household) == SECOND
    give_phone("田禾生", FIRST)
    assert reached(household) == FIRST


def test_a_landline_is_passed_by(household: Household) -> None:
    give_phone("田禾生", "0750-1234567")
    someone(household, "田小满", SECOND)
    assert reached(household) == SECOND


@pytest.mark.parametrize(
    "facts",
    [
        {"born": date(2010, 1, 1)},
        {"left_on": date(2026, 1, 1)},
        {"died_on": date(2026, 1, 1), "left_on": date(2026, 1, 1)},
    ],
)
def test_nobody_writes_to_children_or_to_who_is_gone(household: Household, facts: dict[str, Any]) -> None:
    someone(household, "田小满", SECOND, **facts)
    assert reached(household) is None


@pytest.mark.parametrize(("born", "number"), [(date(2008, 10, 31), SECOND), (date(2008, 11, 1), None)])
def test_somebody_is_written_to_from_the_day_of_coming_of_age(
    household: Household, born: date, number: str | None
) -> None:
    someone(household, "田小满", SECOND, born=born)
    with clock.as_of(date(2026, 10, 31)):
        assert reached(household) == number


def test_who_lives_elsewhere_comes_after_who_is_there(household: Household) -> None:
    someone(household, "田远行", SECOND, lives_elsewhere=True)
    someone(household, "田小满", THIRD)
    assert reached(household) == THIRD


def test_a_number_that_was_shown_to_be_theirs_goes_before_the_registers(household: Household) -> None:
    resident = give_phone("田禾生", FIRST)
    resident.user = verified("田禾生", SECOND)
    resident.save()
    assert reached(household) == SECOND
    resident.user.phone_verified_at = None
    resident.user.save()
    assert reached(household) == FIRST


def test_a_member_from_elsewhere_is_the_last(household: Household) -> None:
    member = verified("女儿", THIRD)
    Membership.objects.create(user=member, household=household, how="card_code", since=date(2026, 11, 1))
    assert reached(household) == THIRD
    give_phone("田禾生", FIRST)
    assert reached(household) == FIRST
    Resident.objects.filter(name="田禾生").update(phone=None)
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert reached(household) is None


def test_a_user_is_reached_at_their_own_number(cast: Cast) -> None:
    user = cast.user("柳成荫")
    key = f"user:{user.pk}"
    assert phones_of([key]) == {}
    resident = Resident.objects.filter(user=user).first() or give_phone("田禾生", FIRST)
    resident.user, resident.phone = user, keys().seal(FIRST)
    resident.save()
    assert phones_of([key]) == {key: FIRST}
    verified("柳成荫", SECOND)
    assert phones_of([key]) == {key: SECOND}
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert phones_of([key]) == {}


def test_a_broken_seal_stops_nobody_else(household: Household) -> None:
    Resident.objects.filter(name="田禾生").update(phone=b"\x01nonsense-nonsense-nonsense")
    someone(household, "田小满", SECOND)
    assert reached(household) == SECOND


def test_many_cost_what_one_costs(cast: Cast) -> None:
    everybody = [f"household:{pk}" for pk in Household.objects.values_list("id", flat=True)]
    someone(cast.household("018"), "田小满", SECOND)
    phones_of(everybody[:1])  # the key
    signed_in = Resident.objects.filter(user__isnull=False).values_list("household_id", flat=True)[0]
    everybody.insert(0, f"household:{signed_in}")
    for find in (phones_of, openids_for):
        with CaptureQueriesContext(connection) as one:
            find(everybody[:1])
        with CaptureQueriesContext(connection) as many:
            find(everybody)
        assert len(one) == len(many)


def test_who_follows_the_account_for_a_household(cast: Cast, household: Household) -> None:
    key = f"household:{household.pk}"
    assert openids_for([key]) == {}
    child = create_user(login="女儿", name="女儿")
    SocialAccount.objects.create(user=child, provider="wechat", uid="oChild")
    SocialAccount.objects.create(user=child, provider="another", uid="strange")
    Membership.objects.create(user=child, household=household, how="card_code", since=date(2026, 11, 1))
    assert openids_for([key, f"user:{child.pk}", "user:0"]) == {key: "oChild", f"user:{child.pk}": "oChild"}
    head = create_user(login="禾生", name="田禾生")
    SocialAccount.objects.create(user=head, provider="wechat", uid="oHead")
    Resident.objects.filter(name="田禾生").update(user=head)
    assert openids_for([key]) == {key: "oHead"}
    Membership.objects.filter(user=child).update(until=date(2026, 11, 2), ending="given_up")
    Resident.objects.filter(name="田禾生").update(user=None)
    assert openids_for([key]) == {}
