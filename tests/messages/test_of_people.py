"""What households, helpers and staff hear of what happens in the people's room."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.people.members import with_phone
from tests.web import quick_pins
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.messages.models import Message
from xiangyue.messages.of_people import TEMPLATES, nearest_with
from xiangyue.messages.templates import text_of, title_of
from xiangyue.people.models import Membership, MembershipClaim
from xiangyue.people.models.memberships import Topic
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.cards import issue_card, revoke_card
from xiangyue.people.operations.claims import claim_membership, confirm_claim, decline_claim
from xiangyue.people.operations.helping import allow_help, begin_helping, set_asking
from xiangyue.people.operations.memberships import end_membership
from xiangyue.people.operations.wishes import answer_request, request_correction
from xiangyue.records.operations import deliver_waiting, send
from xiangyue.users.models import User


def told(number: str) -> list[str]:
    """Deliver the outbox, and give the titles of what a household was told."""
    deliver_waiting()
    rows = Message.objects.filter(household__number=number).order_by("id")
    return [title_of(row.template) for row in rows]


def told_to(login: str) -> list[str]:
    deliver_waiting()
    return [title_of(row.template) for row in Message.objects.filter(user__login=login).order_by("id")]


def claim(cast: Cast, actor: Actor) -> MembershipClaim:
    return claim_membership(actor=actor, household_id=cast.household("018").pk, name="田禾生")


def login_of(actor: Actor) -> str:
    return User.objects.get(pk=actor.id).login


def test_a_card_that_is_stopped_or_replaced(cast: Cast) -> None:
    household = cast.household("018").pk
    with quick_pins():
        issue_card(actor=SYSTEM, household_id=household)
    deliver_waiting()
    before = Message.objects.count()
    revoke_card(actor=SYSTEM, household_id=household)
    send(topic="card-issued", payload={"household": household})
    send(topic="pin-changed", payload={"household": household, "secret": "till"})
    assert told("018")[before:] == ["积分卡停用了", "积分卡换了新的", "密码改了"]
    assert told("004") == []


def test_somebody_who_acts_on_behalf(cast: Cast) -> None:
    household = cast.household("018")
    visit = begin_helping(actor=cast.grid_leader, household_id=household.pk, reason="眼睛不好")
    assert told("018") == ["有人替您家代办"]
    assert Message.objects.get().facts == {"visit": visit.pk}  # who it is stands on the page that it leads to
    set_asking(actor=cast.villager, household_id=household.pk, asks_first=True)
    asked = begin_helping(actor=cast.grid_leader, household_id=household.pk)
    assert told("018")[1:] == ["有人想替您家代办"]
    allow_help(actor=cast.villager, visit_id=asked.pk)
    assert told_to("桑叶青") == ["可以代办了"]


def test_who_says_to_be_of_a_household(cast: Cast) -> None:
    newcomer = with_phone(name="手机用户")
    made = claim(cast, newcomer)
    assert told("018") == ["有人要看您家的账"]
    assert told_to("桑叶青") == ["有人等您认一认"]
    assert told_to("柳成荫") == told_to("山有根") == []  # the nearest is enough
    confirm_claim(actor=cast.grid_leader, claim_id=made.pk)
    assert told_to(login_of(newcomer)) == ["认下了"]
    assert told("018")[1:] == ["多了一个人管家里的账"]
    membership = Membership.objects.get(user_id=newcomer.id, until=None)
    end_membership(actor=cast.villager, membership_id=membership.pk)
    assert told("018")[2:] == ["少了一个人管家里的账"]


def test_who_is_not_confirmed(cast: Cast) -> None:
    stranger = with_phone(name="手机用户")
    made = claim(cast, stranger)
    decline_claim(actor=cast.grid_leader, claim_id=made.pk, reason="不是田禾生")
    assert told_to(login_of(stranger)) == ["没有认下"]
    assert "田禾生" not in str(list(Message.objects.values_list("facts", flat=True)))


def test_what_a_household_asks_for(cast: Cast) -> None:
    request = request_correction(
        actor=cast.villager, household_id=cast.household("018").pk, what=Topic.NAME, text="名字写错了"
    )
    assert told_to("admin") == ["有一户等您答复"]
    message = Message.objects.get(user__login="admin")
    assert text_of(message.template, message.facts) == "请在11月17日前答复。"
    answer_request(actor=cast.administrator, request_id=request.pk, is_done=True, answer="改好了")
    other = request_correction(
        actor=cast.villager, household_id=cast.household("018").pk, what=Topic.BORN, text="生日也错了"
    )
    answer_request(actor=cast.administrator, request_id=other.pk, is_done=False, answer="身份证上就是这天")
    assert told("018") == ["您家提的办好了", "您家提的没有办"]


@pytest.mark.parametrize(
    "topic",
    ["help-begun", "member-joined", "claim-made", "claim-answered", "request-made", "request-answered"],
)
def test_news_of_what_is_gone_since_is_told_to_nobody(cast: Cast, topic: str) -> None:
    send(topic=topic, payload=dict.fromkeys(("visit", "membership", "claim", "request"), 0))
    assert deliver_waiting() == 1
    assert not Message.objects.exists()


def test_the_nearest_office_is_told(cast: Cast) -> None:
    unit = cast.household("018").unit
    grid_leader = cast.user("桑叶青").pk
    with CaptureQueriesContext(connection) as queries:
        assert nearest_with(Act.CONFIRM_MEMBERS, unit) == [grid_leader]
    assert len(queries) == 1
    secretary = cast.user("柳成荫").pk
    assert nearest_with(Act.CONFIRM_MEMBERS, unit, of=[Office.VILLAGE_SECRETARY]) == [secretary]
    assert nearest_with(Act.CONFIRM_MEMBERS, unit, of=[]) == []


def test_texts_need_no_more_facts_than_they_get() -> None:
    facts = {"answer_by": "2026-11-17"}
    assert all(text_of(template.code, facts) for template in TEMPLATES)
