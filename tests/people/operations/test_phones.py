"""What users do about how they sign in; what is sealed, who is found by a number, who is forgotten."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.jobs import keep_to_terms
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.phones import (
    change_own_password,
    claim_phone,
    phone_of,
    sign_up,
    user_by_phone,
    verify_phone,
)
from xiangyue.people.queries import unit_by_code
from xiangyue.people.second_factor import needs_second_factor
from xiangyue.records.models import LoggedAct
from xiangyue.users.models import User
from xiangyue.users.refusals import BadName, PhoneBad, PhoneTaken, WeakPassword

PHONE, OTHER = "19900000018", "19900000019"


def newcomer(name: str = "新芽儿", phone: str = PHONE) -> User:
    user = User()
    sign_up(user=user, name=name, phone=phone)
    return user


def acts_on(user: User) -> list[str]:
    logged = LoggedAct.objects.filter(subject="user", subject_id=user.pk).order_by("id")
    return list(logged.values_list("act", flat=True))


def test_who_comes_for_the_first_time_is_found_once_the_number_is_shown_to_be_theirs(cast: Cast) -> None:
    user = newcomer()
    assert (user_by_phone(PHONE), phone_of(user)) == (None, (PHONE, False))
    assert PHONE.encode() not in bytes(user.phone or b"")
    for _time in range(2):  # once more changes nothing
        verify_phone(user=user, phone="+86 199-0000-0018")
    user.refresh_from_db()
    assert (user_by_phone(PHONE), phone_of(user)) == (user, (PHONE, True))
    assert acts_on(user) == ["sign-up", "verify-phone"]
    assert not user.has_usable_password()


def test_a_number_signs_one_person_in(cast: Cast) -> None:
    first, second = newcomer(), newcomer("又一个")  # whoever claims it takes it from nobody
    verify_phone(user=first, phone=PHONE)
    with pytest.raises(PhoneTaken):
        verify_phone(user=second, phone=PHONE)
    assert user_by_phone(PHONE) == first
    verify_phone(user=second, phone=OTHER)
    assert (user_by_phone(PHONE), user_by_phone(OTHER)) == (first, second)


def test_a_new_number_takes_the_old_ones_place(cast: Cast) -> None:
    user = newcomer()
    verify_phone(user=user, phone=PHONE)
    verify_phone(user=user, phone=OTHER)
    assert (user_by_phone(PHONE), user_by_phone(OTHER)) == (None, user)


@pytest.mark.parametrize("phone", ["12345", "0750-1234567", "电话", ""])
def test_what_is_no_mobile_is_refused(cast: Cast, phone: str) -> None:
    user = newcomer(phone="")
    for doing in (claim_phone, verify_phone):
        with pytest.raises(PhoneBad):
            doing(user=user, phone=phone)
    assert phone_of(user) is None
    assert user_by_phone(phone) is None


def test_nobody_is_made_of_half_an_answer(cast: Cast) -> None:
    before = User.objects.count()
    with pytest.raises(BadName):
        newcomer(name=" ")
    with pytest.raises(PhoneBad):
        newcomer(phone="12345")
    assert User.objects.count() == before


def test_who_is_switched_off_is_not_found(cast: Cast) -> None:
    user = newcomer()
    verify_phone(user=user, phone=PHONE)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user_by_phone(PHONE) is None


def test_ones_own_password_is_changed_and_logged(cast: Cast) -> None:
    user = cast.user("桑叶青")
    with pytest.raises(WeakPassword):
        change_own_password(user=user, password="password")
    assert acts_on(user)[-1:] != ["set-password"]
    change_own_password(user=user, password="五谷丰登六畜兴旺好年景")
    assert acts_on(user)[-1] == "set-password"
    assert cast.user("桑叶青").check_password("五谷丰登六畜兴旺好年景")


def test_who_began_and_never_finished_is_forgotten_after_a_day(cast: Cast) -> None:
    begun, done, wechat = newcomer(), newcomer("办完的", OTHER), newcomer("微信来的", "")
    verify_phone(user=done, phone=OTHER)
    User.objects.filter(pk=wechat.pk).update(last_login=clock.now())
    kept = set(User.objects.values_list("pk", flat=True))
    keep_to_terms()
    assert set(User.objects.values_list("pk", flat=True)) == kept
    with clock.as_of(clock.now() + timedelta(days=1, minutes=1)):
        keep_to_terms()
    assert kept - set(User.objects.values_list("pk", flat=True)) == {begun.pk}


@pytest.mark.parametrize(
    ("name", "needed"),
    [("town_official", True), ("administrator", True), ("grid_leader", False), ("outsider", False)],
)
def test_a_second_factor_is_demanded_of_county_and_town(cast: Cast, name: str, *, needed: bool) -> None:
    assert needs_second_factor(User.objects.get(id=getattr(cast, name).id)) == needed


def test_whoever_holds_an_office_at_the_town_needs_one_whichever_it_is(cast: Cast) -> None:
    user, town = cast.user("竹有节"), unit_by_code("440783104")
    assert not needs_second_factor(user)
    appoint(actor=SYSTEM, user_id=user.pk, office=Office.TOWN_OFFICIAL, unit_id=town.pk, since=clock.today())
    assert needs_second_factor(user)
