"""Who may manage whose account. What switching off and a password do by themselves stands in tests/users."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import login as sign_in
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from tests.people.cast import small_village, somebody, user_called
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Resident, Unit
from xiangyue.people.office_refusals import AlreadyOff, AlreadyOn, HasUser, NoLongerHere, WhyNeeded
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations import appointments
from xiangyue.people.operations.appointments import appoint, end_appointment
from xiangyue.people.operations.users import (
    add_staff,
    add_villager,
    rename_user,
    set_password,
    switch_off,
    switch_on,
)
from xiangyue.people.permissions import NotAllowed, may
from xiangyue.people.refusals import LastAdministrator, UnknownPerson, UnknownResident, UnknownUnit
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user
from xiangyue.users.refusals import BadName, LoginTaken, WeakPassword

TODAY = date(2026, 11, 2)
PASSWORD = "风调雨顺五谷丰登好年景"
WHY = "手机丢了"


def signed_in(user: User) -> str:
    """Sign a user in; give the session's key."""
    request = RequestFactory().get("/")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    sign_in(request, user)
    request.session.save()
    key = request.session.session_key
    assert key
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1")  # as signing in does
    return key


def logged(act: str, user: User) -> LoggedAct:
    return LoggedAct.objects.get(act=act, subject="user", subject_id=user.pk)


def test_staff_get_an_account(village: Unit, admin: Actor) -> None:
    made = add_staff(actor=admin, unit_id=village.pk, login="帆正远", name="帆正远", password=PASSWORD)
    assert authenticate(username="帆正远", password=PASSWORD) == made
    assert logged("create", made).actor_id == admin.id
    with pytest.raises(LoginTaken):
        add_staff(actor=admin, unit_id=village.pk, login="帆正远", name="另一个")
    with pytest.raises(UnknownUnit):
        add_staff(actor=admin, unit_id=0, login="别人", name="别人")
    secretary = somebody(Office.VILLAGE_SECRETARY, village)
    with pytest.raises(NotAllowed):
        add_staff(actor=secretary, unit_id=village.pk, login="别人", name="别人")


def test_a_villager_gets_one_account_under_the_roster_s_name(village: Unit, admin: Actor) -> None:
    small_village(village)
    resident = Resident.objects.get(name="田禾生")
    made = add_villager(actor=admin, resident_id=resident.pk, login="禾生")
    resident.refresh_from_db()
    assert (resident.user, made.name, made.has_usable_password()) == (made, "田禾生", False)
    with pytest.raises(HasUser) as refusal:
        add_villager(actor=admin, resident_id=resident.pk, login="禾生二")
    assert refusal.value.facts == {"name": "田禾生", "login": "禾生"}
    assert not User.objects.filter(login="禾生二").exists()


def test_who_has_left_or_is_unknown_gets_none(village: Unit, admin: Actor) -> None:
    small_village(village)
    spouse = Resident.objects.get(name="麦春芽")
    Resident.objects.filter(pk=spouse.pk).update(left_on=TODAY)
    with pytest.raises(NoLongerHere):
        add_villager(actor=admin, resident_id=spouse.pk, login="春芽")
    with pytest.raises(UnknownResident):
        add_villager(actor=admin, resident_id=0, login="春芽")
    somewhere = somebody(Office.ADMINISTRATOR, Unit.objects.get(code="440783104221"))
    head = Resident.objects.get(name="田禾生")
    with pytest.raises(NotAllowed):
        add_villager(actor=somewhere, resident_id=head.pk, login="禾生")


def test_a_name_is_corrected(village: Unit, admin: Actor) -> None:
    user = create_user(login="禾生", name="田禾升")
    assert rename_user(actor=admin, user_id=user.pk, name=" 田禾生 ").name == "田禾生"
    user.refresh_from_db()
    assert (user.login, user.name) == ("禾生", "田禾生")
    assert logged("rename", user)
    with pytest.raises(BadName):
        rename_user(actor=admin, user_id=user.pk, name=" ")
    with pytest.raises(UnknownPerson):
        rename_user(actor=admin, user_id=0, name="谁")


def test_who_is_switched_off_is_out_at_once_and_in_again_later(village: Unit, admin: Actor) -> None:
    keeper = user_called_after(somebody(Office.SHOPKEEPER, village))
    set_password(actor=admin, user_id=keeper.pk, password=PASSWORD)
    session, other = signed_in(keeper), signed_in(user_called("admin"))
    switch_off(actor=admin, user_id=keeper.pk, reason=f" {WHY} ")
    assert list(Session.objects.values_list("session_key", flat=True)) == [other]
    assert session != other
    assert authenticate(username=keeper.login, password=PASSWORD) is None
    assert not may(Actor.user(keeper.pk), Act.REDEEM, village)
    assert logged("switch-off", keeper).reason == WHY
    switch_on(actor=admin, user_id=keeper.pk, reason="找到了")
    assert authenticate(username=keeper.login, password=PASSWORD) == keeper
    assert may(Actor.user(keeper.pk), Act.REDEEM, village)
    assert logged("switch-on", keeper).reason == "找到了"
    assert not Session.objects.filter(session_key=session).exists()


def user_called_after(actor: Actor) -> User:
    return User.objects.get(id=actor.id)


def test_switching_takes_a_reason_and_a_change(village: Unit, admin: Actor) -> None:
    user = create_user(login="禾生", name="田禾生")
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(WhyNeeded):
            switch_off(actor=admin, user_id=user.pk, reason=reason)
    with pytest.raises(AlreadyOn):
        switch_on(actor=admin, user_id=user.pk, reason=WHY)
    switch_off(actor=admin, user_id=user.pk, reason=WHY)
    with pytest.raises(AlreadyOff):
        switch_off(actor=admin, user_id=user.pk, reason=WHY)
    with pytest.raises(WhyNeeded):
        switch_on(actor=admin, user_id=user.pk, reason="")


def test_a_password_is_set_and_ends_what_was_open(village: Unit, admin: Actor) -> None:
    user = create_user(login="禾生", name="田禾生")
    session = signed_in(user)
    with pytest.raises(WeakPassword):
        set_password(actor=admin, user_id=user.pk, password="123456")
    assert Session.objects.filter(session_key=session).exists()
    set_password(actor=admin, user_id=user.pk, password=PASSWORD)
    assert not Session.objects.exists()
    assert authenticate(username="禾生", password=PASSWORD) == user
    line = logged("set-password", user)
    assert (line.reason, line.from_state, line.to_state) == ("", "", "")


@pytest.mark.parametrize("where", ["above", "beside", "nowhere"])
def test_nobody_takes_over_an_account_from_outside_their_places(village: Unit, where: str) -> None:
    """Whoever sets a password could sign in: only who manages people wherever that person holds anything."""
    local = somebody(Office.ADMINISTRATOR, village, login="村管理员")
    other = create_user(login="别人", name="别人")
    here = somebody(Office.SHOPKEEPER, village, login="店员")
    set_password(actor=local, user_id=here.id, password=PASSWORD)
    units = {
        "above": Unit.objects.get(code="440783104"),
        "beside": Unit.objects.get(code="440783104221"),
    }
    if where in units:
        for unit in (village, units[where]):
            since = TODAY + timedelta(9)  # one that is still to begin counts too
            appoint(actor=SYSTEM, user_id=other.pk, office=Office.AUDITOR, unit_id=unit.pk, since=since)
    with pytest.raises(NotAllowed):
        set_password(actor=local, user_id=other.pk, password=PASSWORD)
    with pytest.raises(NotAllowed):
        switch_off(actor=local, user_id=other.pk, reason=WHY)


def test_a_term_that_is_over_binds_nobody(village: Unit) -> None:
    local = somebody(Office.ADMINISTRATOR, village, login="村管理员")
    user = create_user(login="别人", name="别人")
    town, past = Unit.objects.get(code="440783104"), TODAY - timedelta(1)
    Appointment.objects.create(user=user, office=Office.AUDITOR, unit=town, since=past, until=past)
    Appointment.objects.create(user=user, office=Office.SHOPKEEPER, unit=village, since=past)
    set_password(actor=local, user_id=user.pk, password=PASSWORD)


def test_a_villager_s_account_is_managed_where_they_live(village: Unit) -> None:
    small_village(village)
    local = somebody(Office.ADMINISTRATOR, village, login="村管理员")
    user = add_villager(actor=local, resident_id=Resident.objects.get(name="田禾生").pk, login="禾生")
    set_password(actor=local, user_id=user.pk, password=PASSWORD)
    elsewhere = somebody(Office.ADMINISTRATOR, Unit.objects.get(code="440783104221"), login="邻村管理员")
    with pytest.raises(NotAllowed):
        set_password(actor=elsewhere, user_id=user.pk, password=PASSWORD)


def test_the_last_administrator_is_not_switched_off(village: Unit, admin: Actor) -> None:
    with pytest.raises(LastAdministrator):
        switch_off(actor=SYSTEM, user_id=admin.id, reason=WHY)
    assert may(admin, Act.MANAGE_PEOPLE, village)
    other = somebody(Office.ADMINISTRATOR, Unit.objects.get(code="440783104"))
    switch_off(actor=other, user_id=admin.id, reason=WHY)
    only = Appointment.objects.get(user_id=other.id)
    with pytest.raises(LastAdministrator):
        end_appointment(actor=SYSTEM, appointment_id=only.pk, until=TODAY)  # the other one is off


def both_go_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Switch off one administrator and end the other's office at the same moment; give the outcomes' names."""
    first = user_called("admin")
    second = somebody(Office.ADMINISTRATOR, Unit.objects.get(code="440783104"))
    term = Appointment.objects.get(user_id=second.id)
    pause = Pause()
    monkeypatch.setattr(appointments, "_refuse_last", after(appointments._refuse_last, pause))
    outcomes = meet(
        lambda: switch_off(actor=SYSTEM, user_id=first.pk, reason=WHY),
        lambda: end_appointment(actor=SYSTEM, appointment_id=term.pk, until=TODAY),
        pause,
    )
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.mark.slow
def test_an_administrator_is_not_switched_off_while_the_other_goes(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_go_at_once(monkeypatch) == ["User", "LastAdministrator"]


@pytest.mark.slow
def test_without_the_lock_on_the_terms_nobody_would_be_left(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = Appointment.objects.select_related("unit", "user").filter(office=Office.ADMINISTRATOR)
    monkeypatch.setattr(
        appointments,
        "_locked_terms",
        lambda wanted, with_administrators: {each.pk: each for each in terms.all()},
    )
    assert both_go_at_once(monkeypatch) == ["User", "Appointment"]
