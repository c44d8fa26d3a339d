"""Complaining: with a name or without, about any level; the level above gets it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import TODAY, Cast
from tests.people.members import member_of
from tests.requests.cast import Offices
from xiangyue.kernel import clock
from xiangyue.kernel.actors import ActorKind
from xiangyue.kernel.ids import token_hash
from xiangyue.people.models import Resident, Unit
from xiangyue.people.person import Erased, kept_of
from xiangyue.records.models import LoggedAct
from xiangyue.requests.models import Complaint, ComplaintWay
from xiangyue.requests.operations import (
    ANSWER_DAYS,
    NAMELESS_AT_ONCE,
    NAMELESS_SPAN,
    OWN_AT_ONCE,
    OWN_SPAN,
    erase,
    new_token,
)
from xiangyue.requests.queries import complaint_of_token
from xiangyue.requests.refusals import TooManyComplaints


def test_the_level_above_has_to_answer(offices: Offices) -> None:
    of_village, of_grid, of_town = (
        offices.complain(about) for about in (offices.village, offices.grid, offices.town)
    )
    assert of_village.answer_unit == offices.town
    assert of_grid.answer_unit == offices.grid.parent
    assert of_town.answer_unit == offices.town  # nobody is above
    assert of_village.answer_by == TODAY + ANSWER_DAYS


def test_who_gives_no_name_is_kept_nowhere(offices: Offices) -> None:
    complaint = offices.complain()
    assert (complaint.household, complaint.recorded_by, complaint.way) == (None, None, ComplaintWay.PAGE)
    (act,) = LoggedAct.objects.filter(subject="complaint")
    assert (act.actor_kind, act.act) == (ActorKind.SYSTEM, "lodge")


@pytest.mark.parametrize(("hidden", "kind"), [(True, ActorKind.SYSTEM), (False, ActorKind.CARD)])
def test_a_household_says_whether_it_may_be_known(
    cast: Cast, offices: Offices, hidden: bool, kind: ActorKind
) -> None:
    complaint = offices.complain(actor=cast.villager, household_id=cast.villager.id, is_hidden=hidden)
    assert (complaint.household, complaint.is_hidden) == (cast.household("018"), hidden)
    assert LoggedAct.objects.get(subject="complaint").actor_kind == kind


def test_a_member_complains_for_the_household(cast: Cast, offices: Offices) -> None:
    household = cast.household("018")
    complaint = offices.complain(actor=member_of(household), household_id=household.pk)
    assert complaint.household == household


def test_what_is_told_on_paper_is_written_down_by_who_may_answer(cast: Cast, offices: Offices) -> None:
    complaint = offices.complain(
        actor=cast.town_official, household_id=cast.household("018").pk, way=ComplaintWay.PAPER
    )
    assert complaint.recorded_by == cast.user("云帆远")
    assert LoggedAct.objects.get(subject="complaint").actor_id == cast.town_official.id


def test_the_same_form_sent_twice_counts_once(offices: Offices) -> None:
    token = new_token()
    once, twice = (offices.complain(token=token, text=text) for text in ("一次", "两次"))
    assert once == twice
    assert Complaint.objects.get().text == "一次"


def test_only_the_tokens_hash_is_kept(offices: Offices) -> None:
    token = new_token()
    complaint = offices.complain(token=token)
    assert complaint.token_hash == token_hash(token)
    assert complaint_of_token(token) == complaint
    assert complaint_of_token(new_token()) is None


def test_the_nameless_are_limited_where_they_complain_about(cast: Cast, offices: Offices) -> None:
    for _time in range(NAMELESS_AT_ONCE):
        offices.complain()
    with pytest.raises(TooManyComplaints):
        offices.complain()
    assert offices.complain(offices.grid)
    assert offices.complain(actor=cast.villager, household_id=cast.villager.id)
    assert offices.complain(actor=cast.town_official, way=ComplaintWay.PHONE)
    with clock.as_of(clock.now() + NAMELESS_SPAN + timedelta(seconds=1)):
        assert offices.complain()


def test_a_household_is_limited_wherever_it_complains_about(cast: Cast, offices: Offices) -> None:
    own: dict[str, Any] = {"actor": cast.villager, "household_id": cast.villager.id}
    for _time in range(OWN_AT_ONCE):
        offices.complain(**own)
    with pytest.raises(TooManyComplaints):
        offices.complain(offices.grid, **own)
    assert offices.complain(actor=cast.neighbour, household_id=cast.neighbour.id)
    with clock.as_of(clock.now() + OWN_SPAN + timedelta(seconds=1)):
        assert offices.complain(**own)


def test_a_person_gets_the_complaints_of_the_own_household(cast: Cast, offices: Offices) -> None:
    offices.complain(actor=cast.villager, household_id=cast.villager.id, text="分少了")
    offices.complain(actor=cast.neighbour, household_id=cast.neighbour.id, text="别家的事")
    resident = Resident.objects.get(household=cast.household("018"), relation="head")
    (section,) = [each for each in kept_of(resident) if each.name == "complaints"]
    assert [row["text"] for row in section.rows] == ["分少了"]


def test_the_erased_are_struck_out_and_an_emptied_household_complained_about_nothing(
    cast: Cast, offices: Offices
) -> None:
    own = offices.complain(actor=cast.villager, household_id=cast.villager.id, text="田禾生 说分少了")
    other = offices.complain(text="田禾生 家的分多了")
    home = frozenset({cast.villager.id})
    nobody: frozenset[int] = frozenset()
    erase(
        Erased(
            residents=nobody,
            households=home,
            emptied=home,
            users=nobody,
            masked=frozenset(),
            everywhere="田禾生",
            at_home="",
        )
    )
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.household, own.text, other.text) == (None, "＊ 说分少了", "＊ 家的分多了")


def test_a_complaint_needs_no_unit_of_today_to_be_read(offices: Offices) -> None:
    """What is complained about may end; whoever complained still finds it."""
    token = new_token()
    complaint = offices.complain(offices.grid, token=token)
    Unit.objects.filter(pk=offices.grid.pk).update(until=TODAY)
    assert complaint_of_token(token) == complaint
