"""Answering and passing on: by the level above, never by who may be meant, and once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import TODAY, Cast
from tests.ledger.threads import Worker, backend
from tests.requests.cast import Offices
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.records.models import LoggedAct
from xiangyue.requests.jobs import pass_on_county
from xiangyue.requests.models import Complaint, ComplaintState
from xiangyue.requests.operations import ANSWER_DAYS, answer_complaint, pass_on, pass_on_overdue
from xiangyue.requests.permissions import complaints_for
from xiangyue.requests.queries import listed_complaints
from xiangyue.requests.refusals import ComplaintAnswered, UnknownComplaint
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.operations import create_user


def seen_by(actor: Actor) -> set[str]:
    return {each.unit.name for each in complaints_for(actor)}


def test_who_sees_which_complaint(cast: Cast, offices: Offices) -> None:
    for about in (offices.grid, offices.village, offices.town):
        offices.complain(about)
    grid, village, town = offices.grid.name, offices.village.name, offices.town.name
    table = {
        "SYSTEM": (SYSTEM, {grid, village, town}),
        "leader": (offices.leader, {grid, village, town}),
        "town": (cast.town_official, {grid, village}),
        "secretary": (cast.secretary, {grid}),
        "grid leader": (cast.grid_leader, set()),
        "supervisor": (cast.supervisor, set()),
        "administrator": (cast.administrator, set()),
        "auditor": (cast.auditor, set()),
        "villager": (cast.villager, set()),
        "outsider": (cast.outsider, set()),
    }
    assert {who: seen_by(actor) for who, (actor, _seen) in table.items()} == {
        who: seen for who, (_actor, seen) in table.items()
    }


def test_an_office_below_hides_what_is_said_about_it(cast: Cast, offices: Offices) -> None:
    """A town official who is also of the village's work team may be meant by what is said about the village."""
    offices.complain()
    assert seen_by(cast.town_official) == {offices.village.name}
    appoint(
        actor=SYSTEM,
        user_id=cast.town_official.id,
        office=Office.WORK_TEAM,
        unit_id=offices.village.pk,
        since=TODAY,
    )
    assert seen_by(cast.town_official) == set()
    with clock.as_of(TODAY + timedelta(days=1)):
        assert seen_by(cast.town_official) == set()


def test_a_town_official_at_the_town_sees_its_villages_and_nothing_about_the_town(
    cast: Cast, offices: Offices
) -> None:
    """The example's official looks after one village; this one sits in the town hall."""
    for about in (offices.grid, offices.village, offices.town):
        offices.complain(about)
    official = Actor.user(create_user(login="镇正直", name="镇正直").pk)
    appoint(
        actor=SYSTEM,
        user_id=official.id,
        office=Office.TOWN_OFFICIAL,
        unit_id=offices.town.pk,
        since=TODAY,
    )
    assert seen_by(official) == {offices.grid.name, offices.village.name}


def test_nobody_answers_the_own_household(cast: Cast, offices: Offices) -> None:
    household = cast.household("018")
    complaint = offices.complain(actor=cast.villager, household_id=household.pk)
    Resident.objects.filter(household=household, relation="head").update(user_id=cast.town_official.id)
    with pytest.raises(UnknownComplaint):
        answer_complaint(actor=cast.town_official, complaint_id=complaint.pk, answer="没这回事")


def test_an_answer_is_kept_and_logged_with_the_office(cast: Cast, offices: Offices) -> None:
    complaint = offices.complain()
    answered = answer_complaint(
        actor=cast.town_official, complaint_id=complaint.pk, answer=" 查过了，已经停了 "
    )
    assert (answered.state, answered.answer) == (ComplaintState.ANSWERED, "查过了，已经停了")
    assert answered.answered_by == cast.user("云帆远")
    act = LoggedAct.objects.get(act="answer", subject="complaint")
    assert act.acted_as == Office.TOWN_OFFICIAL
    with pytest.raises(ComplaintAnswered):
        answer_complaint(actor=offices.leader, complaint_id=complaint.pk, answer="再说一次")


def test_the_list_names_only_who_allows_it(cast: Cast, offices: Offices) -> None:
    offices.complain()
    offices.complain(actor=cast.villager, household_id=cast.villager.id)
    offices.complain(actor=cast.neighbour, household_id=cast.neighbour.id, is_hidden=False)
    assert [one.household for one in listed_complaints(cast.town_official)] == ["", "", "004 麦穗香"]


def test_the_list_holds_what_is_open_unless_all_is_asked_for(cast: Cast, offices: Offices) -> None:
    first, second = offices.complain(), offices.complain()
    answer_complaint(actor=cast.town_official, complaint_id=first.pk, answer="好")
    assert [one.complaint for one in listed_complaints(cast.town_official)] == [second]
    listed = listed_complaints(cast.town_official, with_answered=True)
    assert {one.complaint for one in listed} == {first, second}
    with clock.as_of(second.answer_by + timedelta(days=1)):
        (late,) = listed_complaints(cast.town_official)
        assert late.is_overdue


def test_a_list_costs_the_same_for_one_and_for_many(cast: Cast, offices: Offices) -> None:
    counts, reader = [], cast.town_official
    for number in ("018", "004"):
        offices.complain(
            actor=Actor.card(cast.household(number).pk),
            household_id=cast.household(number).pk,
            is_hidden=False,
        )
        with CaptureQueriesContext(connection) as caught:
            listed_complaints(reader)
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.slow
def test_of_two_who_answer_at_once_one_does(committed: Jurisdiction, committed_cast: Cast) -> None:
    """Whoever comes second waits for the first, and hears that it was answered."""
    offices = Offices.filled(committed_cast)
    complaint = offices.complain()
    first, other = committed_cast.town_official, offices.leader
    second = Worker(
        committed, lambda: answer_complaint(actor=other, complaint_id=complaint.pk, answer="我来答")
    )
    with transaction.atomic():
        answer_complaint(actor=first, complaint_id=complaint.pk, answer="我先答")
        second.start()
        assert second.is_blocked_by(backend())
    with pytest.raises(ComplaintAnswered):
        second.outcome()
    assert Complaint.objects.get().answer == "我先答"


def test_one_is_passed_on_to_the_level_above(cast: Cast, offices: Offices) -> None:
    complaint = offices.complain(Unit.objects.get(pk=offices.grid.pk))
    answerer = {offices.village: cast.secretary, offices.town: cast.town_official}[complaint.answer_unit]
    with clock.as_of(TODAY + timedelta(days=3)):
        passed = pass_on(actor=answerer, complaint_id=complaint.pk, reason="说的是我们镇的事")
    assert passed.answer_unit == offices.town
    assert passed.answer_by == TODAY + timedelta(days=3) + ANSWER_DAYS
    act = LoggedAct.objects.get(act="pass-on")
    assert (act.from_state, act.to_state, act.reason) == ("village", "town", "说的是我们镇的事")
    assert seen_by(cast.secretary) == set()
    assert seen_by(cast.town_official) == {offices.grid.name}


def test_what_is_late_goes_up_by_itself_and_the_top_keeps_it(cast: Cast, offices: Offices) -> None:
    of_grid, of_village = offices.complain(offices.grid), offices.complain()
    answered = offices.complain(offices.grid)
    answer_complaint(actor=cast.secretary, complaint_id=answered.pk, answer="好")
    with clock.as_of(of_grid.answer_by):
        assert pass_on_overdue(actor=SYSTEM) == 0
    with clock.as_of(of_grid.answer_by + timedelta(days=1)):
        assert pass_on_overdue(actor=offices.leader) == 1
        assert pass_on_overdue(actor=SYSTEM) == 0
        of_grid.refresh_from_db()
        of_village.refresh_from_db()
        assert (of_grid.answer_unit, of_village.answer_unit) == (offices.town, offices.town)
        assert of_grid.answer_by == clock.today() + ANSWER_DAYS
        assert of_village.answer_by < clock.today()
    with clock.as_of(of_grid.answer_by + timedelta(days=1)):
        pass_on_county()
    of_grid.refresh_from_db()
    assert of_grid.answer_unit == offices.town


@pytest.mark.slow
def test_two_runs_at_once_move_a_late_one_by_one_level(committed: Jurisdiction, committed_cast: Cast) -> None:
    """Whoever comes second waits for the first, and finds the new day."""
    offices = Offices.filled(committed_cast)
    group = Unit.objects.filter(level="group").first() or offices.grid
    late = offices.complain(group)
    Complaint.objects.update(answer_by=TODAY - timedelta(days=1))
    second = Worker(committed, lambda: pass_on_overdue(actor=SYSTEM))
    with transaction.atomic():
        assert pass_on_overdue(actor=SYSTEM) == 1
        second.start()
        assert second.is_blocked_by(backend())
    assert second.outcome() == 0
    once_up = Complaint.objects.get(pk=late.pk).answer_unit
    assert group.parent
    assert once_up == group.parent.parent
