from datetime import date

import pytest
from django.db import connection

from tests.people.cast import small_village, somebody
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Circumstance, Hardship, Household, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.circumstances import (
    end_circumstance,
    read_circumstances,
    record_circumstance,
)
from xiangyue.people.operations.residents import take_out
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private_refusals import DayToCome, NoSuchResident, TermBackwards, UnknownCircumstance
from xiangyue.records.models import LoggedAct

TODAY = date(2026, 11, 2)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def tian(homes: dict[str, Household]) -> Resident:
    return Resident.objects.get(name="田禾生")


def test_a_hardship_is_sealed_and_every_reading_logged(tian: Resident, admin: Actor) -> None:
    made = record_circumstance(actor=admin, resident_id=tian.pk, hardship=Hardship.ILLNESS, note="常去县医院")
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM people_circumstance")
        assert "医院".encode() not in bytes(cursor.fetchone()[0])
    read = read_circumstances(actor=admin, resident_id=tian.pk)
    assert [(each.hardship, each.note, each.since, each.until) for each in read] == [
        (Hardship.ILLNESS, "常去县医院", TODAY, None)
    ]
    lines = LoggedAct.objects.filter(act="read", actor_id=admin.id).order_by("id")
    assert list(lines.values_list("subject", "subject_id")) == [
        ("resident", tian.pk),
        ("circumstance", made.pk),
    ]
    assert not LoggedAct.objects.exclude(reason="").filter(subject="circumstance").exists()


def test_that_there_is_nothing_to_read_is_logged_too(tian: Resident, admin: Actor) -> None:
    assert read_circumstances(actor=admin, resident_id=tian.pk) == []
    assert LoggedAct.objects.filter(act="read", subject="resident", subject_id=tian.pk).count() == 1


def test_it_ends_on_a_day(tian: Resident, admin: Actor) -> None:
    made = record_circumstance(actor=admin, resident_id=tian.pk, hardship=Hardship.POVERTY)
    assert made.note is None
    with pytest.raises(TermBackwards):
        end_circumstance(actor=admin, circumstance_id=made.pk, until=date(2026, 11, 1))
    end_circumstance(actor=admin, circumstance_id=made.pk, until=TODAY)
    with pytest.raises(UnknownCircumstance):
        end_circumstance(actor=admin, circumstance_id=made.pk, until=TODAY)


def test_who_may_see_the_household_may_not_see_this(tian: Resident, village: Unit, admin: Actor) -> None:
    leader = somebody(Office.SUPERVISOR, village)
    made = record_circumstance(actor=admin, resident_id=tian.pk, hardship=Hardship.ALONE, note="腿脚不便")
    for actor in (leader, Actor.card(tian.household_id)):
        with pytest.raises(NotAllowed):
            read_circumstances(actor=actor, resident_id=tian.pk)
        with pytest.raises(NotAllowed):
            record_circumstance(actor=actor, resident_id=tian.pk, hardship=Hardship.ALONE)
        with pytest.raises(NotAllowed):
            end_circumstance(actor=actor, circumstance_id=made.pk, until=TODAY)
        with pytest.raises(NotAllowed):
            take_out(actor=actor, resident_id=tian.pk)
    assert not LoggedAct.objects.filter(act="read").exists()
    assert Circumstance.objects.get().until is None


def test_what_can_not_be_is_refused(tian: Resident) -> None:
    with pytest.raises(DayToCome):
        record_circumstance(
            actor=SYSTEM, resident_id=tian.pk, hardship=Hardship.ALONE, since=date(2026, 11, 3)
        )
    with pytest.raises(NoSuchResident):
        read_circumstances(actor=SYSTEM, resident_id=0)


def test_the_log_says_in_which_office_it_was_read_and_nothing_ends_ahead(
    tian: Resident, admin: Actor
) -> None:
    made = record_circumstance(actor=admin, resident_id=tian.pk, hardship=Hardship.ILLNESS)
    read_circumstances(actor=admin, resident_id=tian.pk)
    lines = LoggedAct.objects.filter(actor_id=admin.id, subject="circumstance")
    assert set(lines.values_list("act", "acted_as")) == {
        ("record", "administrator"),
        ("read", "administrator"),
    }
    with pytest.raises(DayToCome):
        end_circumstance(actor=admin, circumstance_id=made.pk, until=date(2026, 11, 3))
