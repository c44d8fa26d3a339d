from datetime import date
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from tests.people.members import member_of
from tests.web import quick_pins
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.household_log import acts_about_household
from xiangyue.people.membership_refusals import (
    AnswerNeeded,
    BadRequestText,
    ChildMayNot,
    ChoiceOnBehalf,
    HasCard,
    NotHelping,
    TooManyRequests,
    UnknownLanguage,
    UnknownRequest,
)
from xiangyue.people.memberships import requests_below, requests_of
from xiangyue.people.models import Household, HouseholdRequest, Membership, Reading, Topic, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.cards import issue_card, revoke_card
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.wishes import (
    answer_request,
    request_card,
    request_correction,
    set_ranking,
    set_reading,
    set_village_ranking,
    take_out_household,
    withdraw_request,
)
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import reading_of
from xiangyue.people.refusals import NoCard, NotAVillage, UnknownUnit
from xiangyue.people.sections import as_data, as_workbook
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def home(homes: dict[str, Household]) -> Household:
    return homes["018"]


@pytest.fixture
def own(home: Household) -> Actor:
    return Actor.card(home.pk)


@pytest.fixture
def leader(homes: dict[str, Household]) -> Actor:
    """麦穗香 of household 004, grid leader of the third grid."""
    return Actor.user(user_called("穗香").pk)


def asks(
    actor: Actor, home: Household, text: str = "名字写错了", what: Topic = Topic.NAME
) -> HouseholdRequest:
    return request_correction(actor=actor, household_id=home.pk, what=what, text=text)


def test_a_household_leaves_public_rankings_by_itself(home: Household, own: Actor, leader: Actor) -> None:
    begin_helping(actor=leader, household_id=home.pk)
    for actor in (leader, SYSTEM):
        with pytest.raises(ChoiceOnBehalf):
            set_ranking(actor=actor, household_id=home.pk, is_ranked=False)
    with pytest.raises(ChildMayNot):
        set_ranking(actor=member_of(home, "田豆苗"), household_id=home.pk, is_ranked=False)
    assert Household.objects.get(pk=home.pk).is_ranked
    for _again in range(2):
        set_ranking(actor=own, household_id=home.pk, is_ranked=False)
    assert not Household.objects.get(pk=home.pk).is_ranked
    assert LoggedAct.objects.filter(act="set-ranking").count() == 1


def test_a_village_leaves_public_rankings_too(
    homes: dict[str, Household], village: Unit, own: Actor, leader: Actor
) -> None:
    secretary = Actor.user(user_called("榆钱多").pk)
    for actor in (own, leader):
        with pytest.raises(NotAllowed):
            set_village_ranking(actor=actor, village_id=village.pk, is_ranked=False)
    with pytest.raises(UnknownUnit):
        set_village_ranking(actor=SYSTEM, village_id=0, is_ranked=False)
    grid = Unit.objects.get(parent=village, name="第一网格")
    with pytest.raises(NotAVillage):
        set_village_ranking(actor=SYSTEM, village_id=grid.pk, is_ranked=False)
    assert village.is_ranked
    for _again in range(2):
        set_village_ranking(actor=secretary, village_id=village.pk, is_ranked=False)
    village.refresh_from_db()
    assert not village.is_ranked
    assert LoggedAct.objects.filter(act="set-ranking", subject="unit").count() == 1


def test_how_pages_look_is_kept_per_account(home: Household, own: Actor, leader: Actor) -> None:
    wife = member_of(home, "麦春芽")
    assert reading_of(household_id=home.pk).is_large is False
    begin_helping(actor=leader, household_id=home.pk)
    set_reading(actor=leader, household_id=home.pk, is_large=True)  # for whoever comes by card, on request
    assert reading_of(household_id=home.pk).is_large
    assert reading_of(household_id=home.pk, user_id=wife.id).is_large
    set_reading(actor=wife, household_id=home.pk, is_large=False, language="en")
    hers = reading_of(household_id=home.pk, user_id=wife.id)
    assert (hers.is_large, hers.language) == (False, "en")
    set_reading(actor=own, household_id=home.pk, language="en")
    both = reading_of(household_id=home.pk)
    assert (both.is_large, both.language, Reading.objects.count()) == (True, "en", 2)
    with pytest.raises(UnknownLanguage):
        set_reading(actor=own, household_id=home.pk, language="xx")


def test_a_correction_is_asked_for_answered_and_seen(
    home: Household, own: Actor, admin: Actor, village: Unit
) -> None:
    made = asks(own, home, " 芽写成了牙 ")
    assert (made.text, made.topic, made.answer_by) == ("芽写成了牙", "name", date(2026, 11, 17))
    assert asks(own, home, "芽写成了牙") == made
    assert requests_below(village) == [made]
    for actor in (own, Actor.user(user_called("榆钱多").pk)):
        with pytest.raises(NotAllowed):
            answer_request(actor=actor, request_id=made.pk, is_done=True, answer="改了")
    with pytest.raises(AnswerNeeded):
        answer_request(actor=admin, request_id=made.pk, is_done=False, answer=" ")
    done = answer_request(actor=admin, request_id=made.pk, is_done=True, answer="改好了")
    assert (done.state, done.answer, done.answered_by_id) == ("done", "改好了", admin.id)
    with pytest.raises(UnknownRequest):
        answer_request(actor=admin, request_id=made.pk, is_done=False, answer="再答")
    assert requests_of(home) == [made]
    second = asks(own, home, "别的", Topic.OTHER)
    assert answer_request(actor=admin, request_id=second.pk, is_done=False, answer="没错").state == "declined"


def test_what_is_asked_on_behalf_is_kept_as_such(home: Household, leader: Actor) -> None:
    with pytest.raises(NotHelping):
        asks(leader, home)
    begin_helping(actor=leader, household_id=home.pk)
    made = asks(leader, home)
    assert (made.is_on_behalf, made.made_by_id) == (True, leader.id)
    assert LoggedAct.objects.get(subject="request").on_behalf_of == home.pk
    assert withdraw_request(actor=leader, request_id=made.pk).state == "withdrawn"


def test_a_request_says_something_and_there_are_not_too_many(
    homes: dict[str, Household], home: Household, own: Actor
) -> None:
    for text in ("", "错" * 501):
        with pytest.raises(BadRequestText):
            asks(own, home, text)
    for number in range(5):
        last = asks(own, home, f"第{number}处")
    with pytest.raises(TooManyRequests):
        asks(own, home, "第六处")
    with pytest.raises(NotAllowed):
        withdraw_request(actor=Actor.card(homes["004"].pk), request_id=last.pk)
    withdraw_request(actor=own, request_id=last.pk)
    assert asks(own, home, "第六处").state == "open"
    Household.objects.filter(pk=home.pk).update(left_on=clock.today())
    with pytest.raises(HouseholdLeft):
        asks(own, home, "第七处")


def test_a_lost_card_is_stopped_at_once_and_a_new_one_asked_for(
    homes: dict[str, Household], home: Household, own: Actor, leader: Actor, admin: Actor, village: Unit
) -> None:
    with quick_pins():
        issue_card(actor=SYSTEM, household_id=home.pk)
        with pytest.raises(HasCard):
            request_card(actor=own, household_id=home.pk)
        keeper = somebody(Office.SHOPKEEPER, village, login="keeper")
        for actor, refusal in (
            (keeper, NotAllowed),
            (leader, NotHelping),
            (Actor.card(homes["004"].pk), NotAllowed),
        ):
            with pytest.raises(refusal):
                revoke_card(actor=actor, household_id=home.pk)
        revoke_card(actor=own, household_id=home.pk)
        with pytest.raises(NoCard):
            revoke_card(actor=own, household_id=home.pk)
        made = request_card(actor=own, household_id=home.pk)
        assert request_card(actor=own, household_id=home.pk) == made
        issue_card(actor=admin, household_id=home.pk)
        made.refresh_from_db()
        assert (made.state, made.answered_by_id) == ("done", admin.id)
        begin_helping(actor=leader, household_id=home.pk)
        revoke_card(actor=leader, household_id=home.pk)  # somebody rang: the card lies in strange hands
        assert LoggedAct.objects.filter(act="revoke-card").latest("id").on_behalf_of == home.pk


def test_what_is_kept_of_a_household_is_taken_out_by_it_and_logged(
    homes: dict[str, Household], home: Household, own: Actor, leader: Actor, admin: Actor
) -> None:
    begin_helping(actor=leader, household_id=home.pk, reason="报打扫")
    for actor in (leader, Actor.card(homes["004"].pk)):
        with pytest.raises(NotAllowed):
            take_out_household(actor=actor, household_id=home.pk)
    with pytest.raises(ChildMayNot):
        take_out_household(actor=member_of(home, "田豆苗", login="u-child"), household_id=home.pk)
    asks(own, home)
    sections = take_out_household(actor=own, household_id=home.pk)
    data = as_data(sections)
    assert data["household"][0]["number"] == "018"
    assert [row["name"] for row in data["residents"]] == ["田禾生", "麦春芽", "田豆苗"]
    assert [row["helper"] for row in data["help"]] == ["麦穗香"]
    assert data["requests"][0]["text"] == "名字写错了"
    assert [row["account"] for row in data["memberships"]] == ["田豆苗"]
    assert data["acts"][0]["act"] == "take-out"
    assert as_workbook(sections)[:2] == b"PK"
    take_out_household(actor=admin, household_id=home.pk)  # for who asks at the counter
    assert LoggedAct.objects.filter(act="take-out", subject="household").count() == 2


def test_the_log_is_read_in_as_many_queries_for_many_as_for_few(
    home: Household, own: Actor, django_assert_num_queries: Any
) -> None:
    for count in (1, 40):
        for number in range(count):
            set_ranking(actor=own, household_id=home.pk, is_ranked=number % 2 == 1)
            set_ranking(actor=own, household_id=home.pk, is_ranked=number % 2 == 0)
        with django_assert_num_queries(7):
            found = acts_about_household(home)
    assert len(found) == 30
    assert {each.who for each in found} == {"用卡进来的人"}
    older = acts_about_household(home, before=found[-1].id)
    assert older[0].id < found[-1].id
    assert Membership.objects.filter(household=home).count() == 0
