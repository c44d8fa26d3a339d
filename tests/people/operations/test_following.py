"""Memberships follow who lives where: given with a user, moved with a resident, ended with them or the household."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.people.cast import RESIDENTS, small_village, user_called
from tests.people.families import called, families
from tests.people.members import member_of, served, with_phone
from tests.people.tree import LATER, ON, close
from tests.web import quick_pins
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import (
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    Reading,
    Resident,
    Topic,
    Unit,
)
from xiangyue.people.operations.claims import claim_membership
from xiangyue.people.operations.erasing import erase_due, erase_resident
from xiangyue.people.operations.following import enroll
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.households import merge_households, move_household, split_household
from xiangyue.people.operations.memberships import end_membership
from xiangyue.people.operations.residents import record_death, record_departure, take_back
from xiangyue.people.operations.roster import Mode, import_roster
from xiangyue.people.operations.users import add_villager
from xiangyue.people.operations.wishes import request_correction, set_reading
from xiangyue.people.person import households_near
from xiangyue.people.queries import households_of, households_of_users
from xiangyue.people.roster_form import roster_workbook


@pytest.fixture
def homes(village: Unit) -> Iterator[dict[str, Household]]:
    with quick_pins():
        yield families()


def of(login: str) -> Actor:
    return Actor.user(user_called(login).pk)


def test_a_residents_user_is_a_member_from_the_start(homes: dict[str, Household]) -> None:
    assert (served(of("榆钱多")), served(of("穗香"))) == (["103"], ["004"])
    made = Membership.objects.get(user=user_called("穗香"))
    assert (made.how, made.resident, made.since) == ("roster", called("麦穗香"), clock.today())
    assert served(of("帆正远")) == []  # an official who lives nowhere here
    add_villager(actor=SYSTEM, resident_id=called("麦春芽").pk, login="chunya")
    assert served(of("chunya")) == ["018"]


def test_who_was_a_member_as_nobody_in_particular_is_now_the_resident(homes: dict[str, Household]) -> None:
    actor = member_of(homes["018"])
    Resident.objects.filter(name="麦春芽").update(user_id=actor.id)
    enroll([actor.id])
    enroll([actor.id])
    held = Membership.objects.get(user_id=actor.id)
    assert (held.resident, held.how) == (called("麦春芽"), "card_code")


def test_who_splits_off_takes_the_membership_along(homes: dict[str, Household]) -> None:
    wife, son = member_of(homes["018"], "麦春芽"), member_of(homes["018"], login="u-son")
    with clock.as_of(LATER):
        made = split_household(
            actor=SYSTEM,
            household_id=homes["018"].pk,
            number="018-1",
            head_id=called("麦春芽").pk,
            on=ON,
            key="split",
        )
    assert (served(wife), served(son)) == (["018-1"], ["018"])
    before, now = Membership.objects.filter(user_id=wife.id).order_by("id")
    assert (before.ending, before.until, now.household, now.how) == ("gone", LATER, made, "card_code")


def test_of_a_merged_household_the_members_who_live_there_go_along(homes: dict[str, Household]) -> None:
    wife, son = member_of(homes["018"], "麦春芽"), member_of(homes["018"], login="u-son")
    claim = claim_membership(actor=with_phone("u-2"), household_id=homes["018"].pk, name="谁")
    with clock.as_of(LATER):
        merge_households(
            actor=SYSTEM, household_id=homes["018"].pk, into_id=homes["103"].pk, on=ON, key="merge"
        )
    assert (served(wife), served(son)) == (["103"], [])
    claim.refresh_from_db()
    assert claim.state == "lapsed"


def test_a_household_that_ends_has_nobody_who_acts_for_it(homes: dict[str, Household]) -> None:
    home, leader = homes["018"], of("穗香")
    wife = member_of(home, "麦春芽")
    visit = begin_helping(actor=leader, household_id=home.pk)
    asked = request_correction(actor=wife, household_id=home.pk, what=Topic.NAME, text="错了")
    close(home)
    visit.refresh_from_db()
    asked.refresh_from_db()
    assert (served(wife), asked.state, visit.ended_at is None) == ([], "lapsed", False)


def test_a_household_that_moves_keeps_its_members(homes: dict[str, Household], village: Unit) -> None:
    wife = member_of(homes["018"], "麦春芽")
    first_grid = Unit.objects.get(parent=village, name="第一网格")
    with clock.as_of(LATER):
        move_household(actor=SYSTEM, household_id=homes["018"].pk, unit_id=first_grid.pk, on=ON)
    assert served(wife) == ["018"]


@pytest.mark.parametrize("leave", [record_departure, record_death])
def test_who_leaves_or_dies_acts_no_more_until_that_is_taken_back(
    homes: dict[str, Household], leave: Any
) -> None:
    wife, tian = called("麦春芽"), called("田禾生")
    hers, his = member_of(homes["018"], "麦春芽"), member_of(homes["018"], "田禾生", login="u-tian")
    end_membership(actor=hers, membership_id=Membership.objects.get(user_id=his.id).pk)
    for resident in (wife, tian):
        leave(actor=SYSTEM, resident_id=resident.pk, on=clock.today())
    assert served(hers) == []
    for resident in (wife, tian):
        take_back(actor=SYSTEM, resident_id=resident.pk, reason="弄错了")
    assert (served(hers), served(his)) == (["018"], [])  # whom the household sent away stays away


def test_who_is_missing_from_a_new_roster_acts_no_more(homes: dict[str, Household], village: Unit) -> None:
    wife = member_of(homes["018"], "麦春芽")
    content = roster_workbook([row for row in RESIDENTS if "麦春芽" not in row], [])
    import_roster(
        actor=SYSTEM,
        village_id=village.pk,
        content=content,
        name="户册.xlsx",
        mode=Mode.UPDATE,
        missing_leave=True,
    )
    assert served(wife) == []


def test_who_acts_for_a_household_judges_nothing_there_nor_on_the_day_that_ends(
    homes: dict[str, Household], django_assert_num_queries: Any
) -> None:
    actor = member_of(homes["018"])
    home = {homes["018"].pk}
    with django_assert_num_queries(1):
        assert households_of_users([actor.id]) == {actor.id: home}
    assert households_of(actor) == households_near(actor) == home
    end_membership(actor=actor, membership_id=Membership.objects.get(user_id=actor.id).pk)
    assert households_of(actor) == households_near(actor) == home
    with clock.as_of(date(2026, 11, 3)):
        assert households_of(actor) == households_near(actor) == set()
    assert households_of(of("穗香")) == {homes["004"].pk}


def test_nothing_of_the_erased_is_left_in_claims_requests_and_visits(village: Unit) -> None:
    home = small_village(village)["018"]
    for other in ("麦春芽", "田豆苗"):
        Resident.objects.filter(name=other).update(household=Household.objects.get(number="004"))
    add_villager(actor=SYSTEM, resident_id=called("田禾生").pk, login="tian")
    tian = of("tian")
    elsewhere = Household.objects.get(number="103")
    claim_membership(actor=tian, household_id=elsewhere.pk, name="田禾生")
    claim_membership(actor=with_phone(), household_id=home.pk, name="田禾生")
    request_correction(actor=tian, household_id=home.pk, what=Topic.NAME, text="田禾生写成田和生")
    request_correction(
        actor=Actor.card(elsewhere.pk), household_id=elsewhere.pk, what=Topic.OTHER, text="不是田禾生"
    )
    begin_helping(actor=of("穗香"), household_id=home.pk, reason="田禾生请的")
    set_reading(actor=tian, household_id=home.pk, is_large=True)
    erase_resident(actor=SYSTEM, resident_id=called("田禾生").pk)
    assert set(MembershipClaim.objects.values_list("name", "state")) == {("", "lapsed")}
    assert sorted(HouseholdRequest.objects.values_list("text", flat=True)) == ["", "不是＊"]
    assert list(HelpVisit.objects.values_list("reason", flat=True)) == [""]
    assert not Reading.objects.exists()
    assert served(tian) == []


def test_a_household_whose_term_is_over_is_emptied_of_what_it_wrote(homes: dict[str, Household]) -> None:
    home = homes["018"]
    request_correction(actor=Actor.card(home.pk), household_id=home.pk, what=Topic.NAME, text="错了")
    close(home)
    Resident.objects.filter(household=home).update(erased_on=clock.today(), name="")
    with clock.as_of(date(2030, 1, 1)):
        erase_due()
    assert HouseholdRequest.objects.get().text == ""
