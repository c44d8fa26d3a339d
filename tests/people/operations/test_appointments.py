from datetime import date, timedelta

import pytest

from tests.people.cast import somebody
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint, end_appointment
from xiangyue.people.permissions import NotAllowed
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
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)


@pytest.fixture
def elm(county: object) -> User:
    return create_user(login="榆钱多", name="榆钱多")


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


def test_who_is_appointed_holds_the_office(village: Unit, admin: Actor, elm: User) -> None:
    made = appointed(admin, elm, village)
    assert users_in_office(Office.COMMITTEE_MEMBER, village) == [elm]
    logged = LoggedAct.objects.get(act="appoint", subject_id=made.pk)
    assert (logged.subject, logged.actor_id) == ("appointment", admin.id)


def test_only_who_manages_people_appoints(village: Unit, elm: User) -> None:
    with pytest.raises(NotAllowed):
        appointed(somebody(Office.VILLAGE_SECRETARY, village), elm, village)


def test_an_administrator_of_one_village_appoints_nobody_above_it(village: Unit, elm: User) -> None:
    local = somebody(Office.ADMINISTRATOR, village)
    appointed(local, elm, village)
    with pytest.raises(NotAllowed):
        appointed(local, elm, Unit.objects.get(code="440783104"))


def test_nobody_and_nowhere_are_refused(village: Unit, admin: Actor, elm: User) -> None:
    with pytest.raises(UnknownUnit):
        appoint(actor=admin, user_id=elm.pk, office=Office.SUPERVISOR, unit_id=0, since=TODAY)
    with pytest.raises(UnknownPerson):
        appoint(actor=admin, user_id=0, office=Office.SUPERVISOR, unit_id=village.pk, since=TODAY)
    User.objects.filter(pk=elm.pk).update(is_active=False)
    with pytest.raises(UnknownPerson):
        appointed(admin, elm, village)


def test_a_term_does_not_end_before_it_starts(village: Unit, admin: Actor, elm: User) -> None:
    with pytest.raises(EndsBeforeStart):
        appointed(admin, elm, village, until=TODAY - timedelta(1))


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
    village: Unit, admin: Actor, elm: User, since: date, until: date | None, overlaps: bool
) -> None:
    appointed(admin, elm, village, until=TODAY + timedelta(10))
    if overlaps:
        with pytest.raises(AlreadyAppointed):
            appointed(admin, elm, village, since, until)
    else:
        appointed(admin, elm, village, since, until)


def test_an_appointment_ends_with_its_last_day(village: Unit, admin: Actor, elm: User) -> None:
    made = appointed(admin, elm, village, since=TODAY - timedelta(9))
    assert end_appointment(actor=admin, appointment_id=made.pk, until=TODAY).until == TODAY
    assert users_in_office(Office.COMMITTEE_MEMBER, village, TODAY) == [elm]
    assert users_in_office(Office.COMMITTEE_MEMBER, village, TODAY + timedelta(1)) == []
    assert LoggedAct.objects.filter(act="end", subject_id=made.pk).count() == 1


def test_an_end_is_brought_forward_but_not_put_off(village: Unit, admin: Actor, elm: User) -> None:
    made = appointed(admin, elm, village, until=TODAY + timedelta(10))
    end_appointment(actor=admin, appointment_id=made.pk, until=TODAY + timedelta(5))
    with pytest.raises(AlreadyEnded):
        end_appointment(actor=admin, appointment_id=made.pk, until=TODAY + timedelta(6))
    with pytest.raises(EndsBeforeStart):
        end_appointment(actor=admin, appointment_id=made.pk, until=TODAY - timedelta(1))


def test_ending_what_is_not_there_or_not_ones_own_is_refused(village: Unit, admin: Actor, elm: User) -> None:
    with pytest.raises(UnknownAppointment):
        end_appointment(actor=admin, appointment_id=0, until=TODAY)
    made = appointed(admin, elm, village)
    with pytest.raises(NotAllowed):
        end_appointment(actor=Actor.user(elm.pk), appointment_id=made.pk, until=TODAY)


def test_the_last_administrator_stays(village: Unit, admin: Actor) -> None:
    only = Appointment.objects.get(office=Office.ADMINISTRATOR)
    somebody(Office.ADMINISTRATOR, village, login="只管一个村")
    somebody(Office.ADMINISTRATOR, only.unit, login="快到期", until=TODAY + timedelta(9))
    somebody(Office.ADMINISTRATOR, only.unit, login="还没来", since=TODAY + timedelta(1))
    with pytest.raises(LastAdministrator):
        end_appointment(actor=SYSTEM, appointment_id=only.pk, until=TODAY)
    somebody(Office.ADMINISTRATOR, only.unit, login="接班的")
    end_appointment(actor=admin, appointment_id=only.pk, until=TODAY)
