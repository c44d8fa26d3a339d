from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Body, Capacity, Level, OfficeRule, Unit
from xiangyue.people.office_refusals import AfterUnitEnds, HandsToSelf, OfficeNotHere, OfficesClash, WrongBody
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations import appointments
from xiangyue.people.operations.appointments import (
    appoint,
    end_all_offices,
    end_appointment,
    hand_over,
    seat_member,
)
from xiangyue.people.permissions import NotAllowed, may
from xiangyue.people.queries import users_in_office
from xiangyue.people.refusals import (
    AlreadyAppointed,
    AlreadyEnded,
    EndsBeforeStart,
    LastAdministrator,
    UnknownAppointment,
    UnknownPerson,
    UnknownUnit,
)
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)


@pytest.fixture
def vine(county: object) -> User:
    return create_user(login="葛藤长", name="葛藤长")


def appointed(
    actor: Actor, user: User, unit: Unit, since: date = TODAY, until: date | None = None
) -> Appointment:
    return appoint(
        actor=actor,
        user_id=user.pk,
        office=Office.COMMITTEE_MEMBER,
        unit_id=unit.pk,
        since=since,
        until=until,
    )


def test_who_is_appointed_holds_the_office(village: Unit, admin: Actor, vine: User) -> None:
    made = appointed(admin, vine, village)
    assert users_in_office(Office.COMMITTEE_MEMBER, village) == [vine]
    logged = LoggedAct.objects.get(act="appoint", subject_id=made.pk)
    assert (logged.subject, logged.actor_id) == ("appointment", admin.id)


def test_only_who_manages_people_appoints(village: Unit, vine: User) -> None:
    with pytest.raises(NotAllowed):
        appointed(somebody(Office.VILLAGE_SECRETARY, village), vine, village)


def test_an_administrator_of_one_village_appoints_nobody_above_it(village: Unit, vine: User) -> None:
    local = somebody(Office.ADMINISTRATOR, village)
    appointed(local, vine, village)
    with pytest.raises(NotAllowed):
        appointed(local, vine, Unit.objects.get(code="440783104"))


def test_nobody_and_nowhere_are_refused(village: Unit, admin: Actor, vine: User) -> None:
    with pytest.raises(UnknownUnit):
        appoint(actor=admin, user_id=vine.pk, office=Office.SUPERVISOR, unit_id=0, since=TODAY)
    with pytest.raises(UnknownPerson):
        appoint(actor=admin, user_id=0, office=Office.SUPERVISOR, unit_id=village.pk, since=TODAY)
    User.objects.filter(pk=vine.pk).update(is_active=False)
    with pytest.raises(UnknownPerson):
        appointed(admin, vine, village)


def test_a_term_does_not_end_before_it_starts(village: Unit, admin: Actor, vine: User) -> None:
    with pytest.raises(EndsBeforeStart):
        appointed(admin, vine, village, until=TODAY - timedelta(1))


@pytest.mark.parametrize(
    ("since", "until", "overlaps"),
    [
        (TODAY, None, True),
        (TODAY - timedelta(9), TODAY - timedelta(1), False),
        (TODAY - timedelta(9), TODAY, True),
        (TODAY + timedelta(10), None, True),
        (TODAY + timedelta(11), None, False),
    ],
)
def test_terms_of_one_office_do_not_overlap(
    village: Unit, admin: Actor, vine: User, since: date, until: date | None, overlaps: bool
) -> None:
    appointed(admin, vine, village, until=TODAY + timedelta(10))
    if overlaps:
        with pytest.raises(AlreadyAppointed):
            appointed(admin, vine, village, since, until)
    else:
        appointed(admin, vine, village, since, until)


def test_an_appointment_ends_with_its_last_day(village: Unit, admin: Actor, vine: User) -> None:
    made = appointed(admin, vine, village, since=TODAY - timedelta(9))
    assert end_appointment(actor=admin, appointment_id=made.pk, until=TODAY).until == TODAY
    assert users_in_office(Office.COMMITTEE_MEMBER, village, TODAY) == [vine]
    assert users_in_office(Office.COMMITTEE_MEMBER, village, TODAY + timedelta(1)) == []
    assert LoggedAct.objects.filter(act="end", subject_id=made.pk).count() == 1


def test_an_end_is_brought_forward_but_not_put_off(village: Unit, admin: Actor, vine: User) -> None:
    made = appointed(admin, vine, village, until=TODAY + timedelta(10))
    end_appointment(actor=admin, appointment_id=made.pk, until=TODAY + timedelta(5))
    with pytest.raises(AlreadyEnded):
        end_appointment(actor=admin, appointment_id=made.pk, until=TODAY + timedelta(6))
    with pytest.raises(EndsBeforeStart):
        end_appointment(actor=admin, appointment_id=made.pk, until=TODAY - timedelta(1))


def test_ending_what_is_not_there_or_not_ones_own_is_refused(village: Unit, admin: Actor, vine: User) -> None:
    with pytest.raises(UnknownAppointment):
        end_appointment(actor=admin, appointment_id=0, until=TODAY)
    made = appointed(admin, vine, village)
    with pytest.raises(NotAllowed):
        end_appointment(actor=Actor.user(vine.pk), appointment_id=made.pk, until=TODAY)


def test_the_last_administrator_stays(village: Unit, admin: Actor) -> None:
    only = Appointment.objects.get(office=Office.ADMINISTRATOR)
    somebody(Office.ADMINISTRATOR, village, login="只管一个村")
    somebody(Office.ADMINISTRATOR, only.unit, login="快到期", until=TODAY + timedelta(9))
    somebody(Office.ADMINISTRATOR, only.unit, login="还没来", since=TODAY + timedelta(1))
    with pytest.raises(LastAdministrator):
        end_appointment(actor=SYSTEM, appointment_id=only.pk, until=TODAY)
    somebody(Office.ADMINISTRATOR, only.unit, login="接班的")
    end_appointment(actor=admin, appointment_id=only.pk, until=TODAY)


@pytest.fixture
def grids(village: Unit) -> list[Unit]:
    """The two grids of the small village."""
    small_village(village)
    return list(Unit.objects.filter(parent=village).order_by("path"))


def by_turns(office: Office, level: Level, months: int) -> None:
    OfficeRule.objects.filter(office=office, level=level).update(turn_months=months)


def seat(user: User, unit: Unit, office: Office, **where: Any) -> Appointment:
    return appoint(actor=SYSTEM, user_id=user.pk, office=office, unit_id=unit.pk, **{"since": TODAY, **where})


def test_an_office_that_the_scheme_does_not_have_there_is_refused(
    village: Unit, grids: list[Unit], admin: Actor, vine: User
) -> None:
    with pytest.raises(OfficeNotHere) as refusal:
        appoint(actor=admin, user_id=vine.pk, office=Office.WORK_TEAM, unit_id=grids[0].pk, since=TODAY)
    assert str(refusal.value) == f"{grids[0].name}是网格，这个方案在网格不设驻村工作队员。"
    OfficeRule.objects.filter(office=Office.COMMITTEE_MEMBER, level=Level.VILLAGE).delete()
    with pytest.raises(OfficeNotHere):
        appointed(admin, vine, village)
    assert not Appointment.objects.filter(user=vine).exists()


def test_a_department_has_people_at_the_town(village: Unit, admin: Actor, vine: User) -> None:
    town = Unit.objects.get(code="440783104")
    assert seat(vine, town, Office.DEPARTMENT).unit == town
    with pytest.raises(OfficeNotHere):
        seat(vine, village, Office.DEPARTMENT)


def test_nobody_is_appointed_beyond_a_unit_s_last_day(grids: list[Unit], vine: User) -> None:
    Unit.objects.filter(pk=grids[0].pk).update(until=TODAY + timedelta(5))
    for until in (None, TODAY + timedelta(6)):
        with pytest.raises(AfterUnitEnds):
            seat(vine, grids[0], Office.GRID_LEADER, until=until)
    seat(vine, grids[0], Office.GRID_LEADER, until=TODAY + timedelta(5))


def test_a_member_sits_in_a_body_for_somebody(village: Unit, vine: User) -> None:
    made = seat(vine, village, Office.COUNCIL_MEMBER, body=Body.MORAL, capacity=Capacity.PARTY_MEMBER)
    assert (made.body, made.capacity) == ("moral", "party_member")
    assert seat(vine, village, Office.COMMITTEE_MEMBER).body == "evaluation"  # it has only this one
    assert seat(vine, village, Office.SHOPKEEPER).body == ""


@pytest.mark.parametrize(
    ("office", "where"),
    [
        (Office.COUNCIL_MEMBER, {}),
        (Office.COUNCIL_MEMBER, {"body": Body.EVALUATION}),
        (Office.COMMITTEE_MEMBER, {"body": Body.MORAL}),
        (Office.SHOPKEEPER, {"body": Body.EVALUATION}),
        (Office.SHOPKEEPER, {"capacity": Capacity.HOUSEHOLDS}),
    ],
)
def test_who_sits_in_no_such_body_is_refused(
    village: Unit, vine: User, office: Office, where: dict[str, Any]
) -> None:
    with pytest.raises(WrongBody):
        seat(vine, village, office, **where)


def test_one_may_sit_in_two_councils_but_not_twice_in_one(village: Unit, vine: User) -> None:
    for body in (Body.MORAL, Body.COUNCIL):
        seat(vine, village, Office.COUNCIL_MEMBER, body=body)
    with pytest.raises(AlreadyAppointed):
        seat(vine, village, Office.COUNCIL_MEMBER, body=Body.MORAL, capacity=Capacity.NOTABLE)


def test_a_member_from_the_roster_sits_where_the_office_does(village: Unit, vine: User) -> None:
    """A row that names no body counts as one in the office's only body."""
    Appointment.objects.create(user=vine, office=Office.COMMITTEE_MEMBER, unit=village, since=TODAY)
    with pytest.raises(AlreadyAppointed):
        seat(vine, village, Office.COMMITTEE_MEMBER, body=Body.EVALUATION)


def test_a_member_s_seat_is_written_down_later(village: Unit, admin: Actor, vine: User) -> None:
    small_village(village)
    made = Appointment.objects.get(office=Office.COMMITTEE_MEMBER)
    seated = seat_member(actor=admin, appointment_id=made.pk, capacity=Capacity.PARTY_MEMBER)
    assert (seated.body, seated.capacity) == ("evaluation", "party_member")
    made.refresh_from_db()
    assert (made.body, made.capacity) == ("evaluation", "party_member")
    assert LoggedAct.objects.filter(act="seat", subject_id=made.pk, actor_id=admin.id).count() == 1
    with pytest.raises(WrongBody):
        seat_member(actor=admin, appointment_id=made.pk, body=Body.MORAL, capacity=None)
    with pytest.raises(UnknownAppointment):
        seat_member(actor=admin, appointment_id=0, capacity=None)
    with pytest.raises(NotAllowed):
        seat_member(actor=Actor.user(vine.pk), appointment_id=made.pk, capacity=None)


def test_nobody_changes_into_a_body_where_they_sit_already(village: Unit, admin: Actor, vine: User) -> None:
    seat(vine, village, Office.COUNCIL_MEMBER, body=Body.MORAL)
    other = seat(vine, village, Office.COUNCIL_MEMBER, body=Body.COUNCIL)
    with pytest.raises(AlreadyAppointed):
        seat_member(actor=admin, appointment_id=other.pk, body=Body.MORAL, capacity=None)


CLASHES = [
    (Office.SUPERVISOR, Office.COMMITTEE_MEMBER),
    (Office.COMMITTEE_MEMBER, Office.SUPERVISOR),
    (Office.AUDITOR, Office.SHOPKEEPER),
    (Office.VILLAGE_SECRETARY, Office.AUDITOR),
]


@pytest.mark.parametrize(("held", "new"), CLASHES)
def test_who_watches_does_not_score(village: Unit, vine: User, held: Office, new: Office) -> None:
    seat(vine, village, held, until=TODAY + timedelta(9))
    with pytest.raises(OfficesClash) as refusal:
        seat(vine, village, new)
    assert refusal.value.facts["other"] == held.label
    seat(vine, village, new, since=TODAY + timedelta(10))  # afterwards
    seat(vine, Unit.objects.get(code="440783104221"), new)  # and elsewhere


def test_offices_clash_up_and_down_the_tree(village: Unit, grids: list[Unit], vine: User) -> None:
    town = Unit.objects.get(code="440783104")
    seat(vine, town, Office.OPERATOR)
    with pytest.raises(OfficesClash):
        seat(vine, grids[0], Office.GRID_LEADER)
    leader = create_user(login="网格员", name="网格员")
    seat(leader, grids[0], Office.GRID_LEADER)
    with pytest.raises(OfficesClash):
        seat(leader, town, Office.OPERATOR)


def test_a_turn_ends_by_itself_unless_a_day_is_named(grids: list[Unit], vine: User) -> None:
    by_turns(Office.GRID_LEADER, Level.GRID, 6)
    assert seat(vine, grids[0], Office.GRID_LEADER).until == date(2027, 5, 1)
    short = seat(vine, grids[1], Office.GRID_LEADER, until=TODAY)
    assert short.until == TODAY


def test_a_turn_is_handed_over(grids: list[Unit], admin: Actor, vine: User) -> None:
    by_turns(Office.GRID_LEADER, Level.GRID, 6)
    old = Appointment.objects.get(office=Office.GRID_LEADER, unit=grids[1])
    on = TODAY + timedelta(1)
    new = hand_over(actor=admin, appointment_id=old.pk, user_id=vine.pk, on=on)
    old.refresh_from_db()
    assert (old.until, new.since, new.until) == (TODAY, on, date(2027, 5, 2))
    assert (new.unit, new.office, new.user) == (grids[1], Office.GRID_LEADER, vine)
    holders = [users_in_office(Office.GRID_LEADER, grids[1], day) for day in (TODAY, on)]
    assert holders == [[user_called("穗香")], [vine]]
    assert may(Actor.user(vine.pk), Act.VERIFY_DEEDS, grids[1], on)
    assert not may(Actor.user(old.user_id), Act.VERIFY_DEEDS, grids[1], on)
    logged = LoggedAct.objects.filter(subject="appointment").order_by("id")
    assert [(one.act, one.subject_id) for one in logged][-2:] == [("end", old.pk), ("appoint", new.pk)]


def test_whoever_follows_sits_where_the_other_sat(village: Unit, admin: Actor, vine: User) -> None:
    old = seat(vine, village, Office.COUNCIL_MEMBER, body=Body.RED_WHITE, capacity=Capacity.NOTABLE)
    other = create_user(login="白露清", name="白露清")
    new = hand_over(
        actor=admin,
        appointment_id=old.pk,
        user_id=other.pk,
        on=TODAY + timedelta(1),
        until=TODAY + timedelta(5),
    )
    assert (new.body, new.capacity, new.until) == ("red_white", "notable", TODAY + timedelta(5))


def test_a_term_that_ends_earlier_keeps_its_end(grids: list[Unit], admin: Actor, vine: User) -> None:
    old = Appointment.objects.get(office=Office.GRID_LEADER, unit=grids[1])
    end_appointment(actor=admin, appointment_id=old.pk, until=TODAY)
    hand_over(actor=admin, appointment_id=old.pk, user_id=vine.pk, on=TODAY + timedelta(9))
    old.refresh_from_db()
    assert old.until == TODAY


def test_what_is_no_hand_over_is_refused(village: Unit, grids: list[Unit], admin: Actor, vine: User) -> None:
    old = Appointment.objects.get(office=Office.GRID_LEADER, unit=grids[1])
    tomorrow = TODAY + timedelta(1)
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (UnknownAppointment, {"appointment_id": 0}),
        (UnknownPerson, {"user_id": 0}),
        (HandsToSelf, {"user_id": old.user_id}),
        (EndsBeforeStart, {"on": old.since}),
        (EndsBeforeStart, {"until": TODAY}),
        (NotAllowed, {"actor": somebody(Office.VILLAGE_SECRETARY, village)}),
    ]
    for refusal, changed in cases:
        asked = {"actor": admin, "appointment_id": old.pk, "user_id": vine.pk, "on": tomorrow, **changed}
        with pytest.raises(refusal):
            hand_over(**asked)
    old.refresh_from_db()
    assert old.until is None
    assert Appointment.objects.filter(unit=grids[1]).count() == 1


def test_a_refused_follower_leaves_the_holder_in_office(grids: list[Unit], admin: Actor, vine: User) -> None:
    old = Appointment.objects.get(office=Office.GRID_LEADER, unit=grids[1])
    seat(vine, grids[1], Office.GRID_LEADER)
    with pytest.raises(AlreadyAppointed):
        hand_over(actor=admin, appointment_id=old.pk, user_id=vine.pk, on=TODAY + timedelta(1))
    old.refresh_from_db()
    assert old.until is None


def test_the_last_administrator_hands_over_for_good_or_not_at_all(
    village: Unit, admin: Actor, vine: User
) -> None:
    only = Appointment.objects.get(office=Office.ADMINISTRATOR)
    tomorrow = TODAY + timedelta(1)
    with pytest.raises(LastAdministrator):
        hand_over(
            actor=admin, appointment_id=only.pk, user_id=vine.pk, on=tomorrow, until=tomorrow + timedelta(30)
        )
    hand_over(actor=admin, appointment_id=only.pk, user_id=vine.pk, on=tomorrow)
    assert users_in_office(Office.ADMINISTRATOR, village, tomorrow) == [vine]


def test_who_leaves_holds_nothing_any_more(
    village: Unit, grids: list[Unit], admin: Actor, vine: User
) -> None:
    past = seat(vine, village, Office.SHOPKEEPER, since=TODAY - timedelta(9), until=TODAY - timedelta(1))
    short = seat(vine, grids[0], Office.GRID_LEADER, until=TODAY)
    open_ = seat(vine, village, Office.COMMITTEE_MEMBER)
    later = seat(vine, grids[1], Office.GRID_LEADER, since=TODAY + timedelta(1))
    ended = end_all_offices(actor=admin, user_id=vine.pk, until=TODAY)
    assert ended == [open_]
    found = Appointment.objects.filter(user=vine).order_by("id").values_list("pk", "until")
    assert list(found) == [(past.pk, TODAY - timedelta(1)), (short.pk, TODAY), (open_.pk, TODAY)]
    logged = LoggedAct.objects.filter(subject="appointment", act__in=("end", "cancel")).order_by("id")
    assert [(one.act, one.subject_id) for one in logged] == [("end", open_.pk), ("cancel", later.pk)]
    assert end_all_offices(actor=admin, user_id=vine.pk, until=TODAY) == []


def test_one_who_was_switched_off_can_still_be_let_go(village: Unit, admin: Actor, vine: User) -> None:
    seat(vine, village, Office.SHOPKEEPER)
    User.objects.filter(pk=vine.pk).update(is_active=False)
    assert len(end_all_offices(actor=admin, user_id=vine.pk, until=TODAY)) == 1
    with pytest.raises(UnknownPerson):
        end_all_offices(actor=admin, user_id=0, until=TODAY)


def test_nobody_ends_offices_beyond_their_own_places(village: Unit, vine: User) -> None:
    local = somebody(Office.ADMINISTRATOR, village)
    seat(vine, village, Office.SHOPKEEPER)
    elsewhere = seat(vine, Unit.objects.get(code="440783104221"), Office.SHOPKEEPER)
    with pytest.raises(NotAllowed) as refusal:
        end_all_offices(actor=local, user_id=vine.pk, until=TODAY)
    assert refusal.value.facts["unit"] == elsewhere.unit.name
    assert Appointment.objects.filter(user=vine, until=None).count() == 2


def test_the_last_administrator_does_not_leave(village: Unit, admin: Actor, vine: User) -> None:
    with pytest.raises(LastAdministrator):
        end_all_offices(actor=admin, user_id=admin.id, until=TODAY)
    seat(vine, Unit.objects.get(code="440783104"), Office.ADMINISTRATOR)
    assert len(end_all_offices(actor=admin, user_id=admin.id, until=TODAY)) == 1


def test_leaving_takes_as_many_queries_for_ten_offices_as_for_one(
    village: Unit, admin: Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    villages = list(Unit.objects.filter(level=Level.VILLAGE))
    for login, count in (("一处", 1), ("十处", 10)):
        user = create_user(login=login, name=login)
        for unit in villages[:count]:
            seat(user, unit, Office.SHOPKEEPER)
        with django_assert_num_queries(11):
            assert len(end_all_offices(actor=admin, user_id=user.pk, until=TODAY)) == count


def two_administrators_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let two administrators be ended while the first is being written; give the outcomes' names."""
    town = Unit.objects.get(code="440783104")
    first = Appointment.objects.get(office=Office.ADMINISTRATOR)
    second = seat(create_user(login="接班的", name="接班的"), town, Office.ADMINISTRATOR)
    pause = Pause()
    monkeypatch.setattr(appointments, "_refuse_last", after(appointments._refuse_last, pause))

    def ending(appointment: Appointment) -> Callable[[], object]:
        return lambda: end_appointment(actor=SYSTEM, appointment_id=appointment.pk, until=TODAY)

    return [type(outcome).__name__ for outcome in meet(ending(first), ending(second), pause)]


@pytest.mark.slow
def test_two_last_administrators_do_not_go_at_once(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_administrators_leave_at_once(monkeypatch) == ["Appointment", "LastAdministrator"]
    assert Appointment.objects.filter(office=Office.ADMINISTRATOR, until=None).count() == 1


@pytest.mark.slow
def test_without_the_lock_both_would_go(committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above is worth something: take the lock on the others' terms away, and nobody is left."""
    unlocked = Appointment.objects.select_related("unit", "user")

    def terms(wanted: Any, *, with_administrators: bool) -> dict[int, Appointment]:
        return {each.pk: each for each in unlocked.filter(office=Office.ADMINISTRATOR)}

    monkeypatch.setattr(appointments, "_locked_terms", terms)
    assert two_administrators_leave_at_once(monkeypatch) == ["Appointment", "Appointment"]
    assert not Appointment.objects.filter(office=Office.ADMINISTRATOR, until=None).exists()


def appointed_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    user, unit = create_user(login="榆钱多", name="榆钱多"), Unit.objects.get(code="440783104220")
    other = Unit.objects.get(code="440783104")
    pause = Pause()
    monkeypatch.setattr(appointments, "_refuse_clash", after(appointments._refuse_clash, pause))
    works = (
        lambda: seat(user, unit, Office.SUPERVISOR),
        lambda: seat(user, other, Office.COMMITTEE_MEMBER),
    )
    return [type(outcome).__name__ for outcome in meet(*works, pause)]


@pytest.mark.slow
def test_nobody_becomes_two_things_that_clash_at_once(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert appointed_twice_at_once(monkeypatch) == ["Appointment", "OfficesClash"]


@pytest.mark.slow
def test_without_the_lock_on_the_person_they_would(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointments, "_locked_user", lambda user_id: User.objects.get(id=user_id))
    assert appointed_twice_at_once(monkeypatch) == ["Appointment", "Appointment"]
