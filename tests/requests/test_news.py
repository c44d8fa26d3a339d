"""Who is told of complaints: whoever answers, and who complained; never who may be meant, nor who helps out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TODAY, Cast
from tests.requests.cast import Offices
from tests.web import signed_in
from xiangyue.insight.front_page import front_page
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.messages.models import Message
from xiangyue.messages.queries import message_of, messages_of, unread_count
from xiangyue.messages.templates import text_of, title_of
from xiangyue.people.models import Appointment, Resident
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.records.operations import deliver_waiting
from xiangyue.requests.models import Complaint, ComplaintWay
from xiangyue.requests.operations import answer_complaint, pass_on, pass_on_overdue
from xiangyue.requests.permissions import complaints_for, nearest_answering
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User

TO_ANSWER = "有投诉等您答复"


def told() -> list[tuple[str, str, str]]:
    """Deliver the outbox, and give whom it told what: login or household, title and text; then forget it."""
    deliver_waiting()
    rows = list(
        Message.objects.order_by("user__login", "household__number", "id").select_related("user", "household")
    )
    found = [
        (
            row.user.login if row.user else row.household.number if row.household else "",
            title_of(row.template),
            text_of(row.template, row.facts),
        )
        for row in rows
    ]
    Message.objects.all().delete()
    return found


def own(cast: Cast, offices: Offices) -> Complaint:
    return offices.complain(actor=cast.villager, household_id=cast.villager.id)


def test_who_answers_hears_that_one_came_and_nothing_of_it(cast: Cast, offices: Offices) -> None:
    complaint = own(cast, offices)
    deliver_waiting()
    assert Message.objects.get().facts == {"complaint": complaint.pk, "until": "2026-11-17"}
    assert told() == [("云帆远", TO_ANSWER, f"第{complaint.pk}件投诉，请在11月17日前答复。")]


def test_each_level_hears_of_the_one_below_and_the_top_of_itself(cast: Cast, offices: Offices) -> None:
    offices.complain(offices.grid)
    assert {who for who, _title, _text in told()} == {
        "柳成荫",
        "云帆远",
    }  # both have their office at the village
    offices.complain(offices.town)
    assert [who for who, _title, _text in told()] == ["谋全局"]


def test_who_may_be_meant_hears_nothing_and_whoever_is_above_does(cast: Cast, offices: Offices) -> None:
    appoint(
        actor=SYSTEM,
        user_id=cast.town_official.id,
        office=Office.WORK_TEAM,
        unit_id=offices.village.pk,
        since=TODAY,
    )
    offices.complain()
    assert [who for who, _title, _text in told()] == ["谋全局"]


def test_who_is_of_the_household_that_complains_does_not_answer_it(cast: Cast, offices: Offices) -> None:
    Resident.objects.filter(household=cast.household("018"), relation="head").update(
        user_id=cast.town_official.id
    )
    own(cast, offices)
    assert [who for who, _title, _text in told()] == ["谋全局"]


def test_whoever_hears_of_one_may_answer_it(cast: Cast, offices: Offices) -> None:
    """The same table of who may, for one person and for all together, whatever a scheme lets one person hold."""
    for about in (offices.grid, offices.village, offices.town):
        offices.complain(about)
        offices.complain(about, actor=cast.villager, household_id=cast.villager.id)
    passed = offices.complain(offices.grid)
    pass_on(actor=cast.secretary, complaint_id=passed.pk, reason="说的是镇上的事")
    Resident.objects.filter(household=cast.household("018"), relation="head").update(
        user_id=offices.leader.id
    )
    complaints = list(Complaint.objects.select_related("unit", "answer_unit"))
    users = list(User.objects.values_list("id", flat=True))
    for place in (offices.town, offices.village, offices.grid):
        for office in (Office.TOWN_OFFICIAL, Office.LEADING_GROUP, Office.BANK_OFFICER):
            Appointment.objects.create(user_id=cast.outsider.id, office=office, unit=place, since=TODAY)
            hearing = nearest_answering(complaints)
            seen = {
                user: set(complaints_for(Actor.user(user)).values_list("id", flat=True)) for user in users
            }
            for complaint in complaints:
                may = {user for user in users if complaint.pk in seen[user]}
                assert set(hearing[complaint.pk]) <= may
                assert bool(hearing[complaint.pk]) == bool(may)


def test_the_household_hears_the_answer_and_who_gave_no_name_does_not(cast: Cast, offices: Offices) -> None:
    complaints = own(cast, offices), offices.complain()
    told()
    for complaint in complaints:
        answer_complaint(actor=cast.town_official, complaint_id=complaint.pk, answer="查过了，停了")
    assert told() == [("018", "您家的投诉有答复了", "怎么答复的，在投诉的时候给您家的那个网址上看。")]


def test_what_is_passed_on_is_told_above_and_to_those_who_wait(cast: Cast, offices: Offices) -> None:
    complaint = offices.complain(
        offices.grid, actor=cast.villager, household_id=cast.villager.id, way=ComplaintWay.PAGE
    )
    told()
    pass_on(actor=cast.secretary, complaint_id=complaint.pk, reason="说的是我们村的事")
    assert told() == [
        ("云帆远", TO_ANSWER, f"第{complaint.pk}件投诉，请在11月17日前答复。"),
        ("018", "您家的投诉转上去了", "转给苍城镇了，11月17日前答复您家。"),
    ]


def test_what_is_late_is_told_above_as_well(cast: Cast, offices: Offices) -> None:
    late = [
        offices.complain(offices.grid, actor=by, household_id=by.id) for by in (cast.villager, cast.neighbour)
    ]
    offices.complain()  # which the top keeps
    told()
    with clock.as_of(late[0].answer_by + timedelta(days=1)):
        assert pass_on_overdue(actor=SYSTEM) == 2
        assert [(who, title) for who, title, _text in told()] == [
            ("云帆远", TO_ANSWER),
            ("云帆远", TO_ANSWER),
            ("004", "您家的投诉转上去了"),
            ("018", "您家的投诉转上去了"),
        ]
        assert pass_on_overdue(actor=SYSTEM) == 0
        assert told() == []


def test_what_was_answered_meanwhile_is_told_to_nobody(cast: Cast, offices: Offices) -> None:
    complaint = offices.complain()
    answer_complaint(actor=cast.town_official, complaint_id=complaint.pk, answer="好")
    assert told() == []


def test_any_number_costs_the_same(cast: Cast, offices: Offices) -> None:
    counts = []
    for count in (1, 5):
        for _time in range(count):
            own(cast, offices)
        complaints = list(Complaint.objects.select_related("unit", "answer_unit"))
        with CaptureQueriesContext(connection) as caught:
            nearest_answering(complaints)
        counts.append(len(caught))
        Complaint.objects.all().delete()
    assert counts == [3, 3]


@pytest.fixture
def answered(cast: Cast, offices: Offices) -> Message:
    complaint = own(cast, offices)
    answer_complaint(actor=cast.town_official, complaint_id=complaint.pk, answer="查过了")
    deliver_waiting()
    return Message.objects.get(household=cast.household("018"))


def test_whoever_helps_out_is_not_shown_it(peopled: Jurisdiction, cast: Cast, answered: Message) -> None:
    """The grid worker who acts on its behalf may be the one about whom the household complained."""
    household = cast.household("018")
    assert front_page(household).unread == unread_count(household_id=household.pk) == 1
    assert front_page(household, on_behalf=True).unread == 0
    assert messages_of(household_id=household.pk, on_behalf=True) == []
    assert message_of(household.pk, None, answered.pk, on_behalf=True) is None
    leader = signed_in(peopled, cast.user("桑叶青"))
    leader.post("/my/helping/", {"household": str(household.public_id), "reason": "眼睛不好"})
    page = leader.read("/my/messages/")
    assert "您家的投诉" not in page
    assert leader.post("/my/messages/", {"message": str(answered.pk)}).status_code == 404


def test_the_household_itself_reads_it(peopled: Jurisdiction, cast: Cast, answered: Message) -> None:
    (told,) = messages_of(household_id=cast.household("018").pk)
    assert (told.id, told.title) == (answered.pk, "您家的投诉有答复了")
