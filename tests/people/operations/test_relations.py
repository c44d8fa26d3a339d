from datetime import date
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Contribution, Gift, Household, Kin, Kinship, Mentorship, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.households import move_household
from xiangyue.people.operations.relations import (
    assign_mentor,
    end_kin,
    end_mentorship,
    record_contribution,
    register_kin,
    strike_contribution,
)
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private_refusals import (
    BadContribution,
    DayToCome,
    KinRegistered,
    KinToSelf,
    MentorThere,
    NoSuchResident,
    NotAMentor,
    OwnMentor,
    ReasonNeeded,
    TermBackwards,
    UnknownContribution,
    UnknownKinship,
    UnknownMentorship,
)
from xiangyue.people.queries import unit_by_code
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct
from xiangyue.users.operations import create_user

TODAY, TOMORROW = date(2026, 11, 2), date(2026, 11, 3)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


def one(name: str) -> Resident:
    return Resident.objects.get(name=name)


def test_a_pair_is_kept_once_the_lower_id_first_and_says_the_same(homes: dict[str, Household]) -> None:
    low, high = sorted((one("田禾生"), one("麦穗香")), key=lambda each: each.pk)
    made = register_kin(actor=SYSTEM, resident_id=high.pk, other_id=low.pk, kin=Kin.PARENT)
    assert (made.resident_id, made.other_id, made.kin) == (low.pk, high.pk, Kin.CHILD)
    assert made.since == TODAY
    with pytest.raises(KinRegistered):
        register_kin(actor=SYSTEM, resident_id=low.pk, other_id=high.pk, kin=Kin.CHILD)
    end_kin(actor=SYSTEM, kinship_id=made.pk, until=TODAY, reason="登记错了")
    again = register_kin(actor=SYSTEM, resident_id=low.pk, other_id=high.pk, kin=Kin.SIBLING)
    assert again.kin == Kin.SIBLING
    lines = LoggedAct.objects.filter(subject="kinship").order_by("id")
    assert list(lines.values_list("act", "from_state", "to_state")) == [
        ("register", "", "child"),
        ("end", "child", ""),
        ("register", "", "sibling"),
    ]


def test_what_can_not_be_kin_is_refused(homes: dict[str, Household], village: Unit) -> None:
    tian, mai = one("田禾生"), one("麦穗香")
    pair: dict[str, Any] = {"resident_id": tian.pk, "other_id": mai.pk, "kin": Kin.SIBLING}
    with pytest.raises(KinToSelf):
        register_kin(actor=SYSTEM, **pair | {"other_id": tian.pk})
    with pytest.raises(NoSuchResident):
        register_kin(actor=SYSTEM, **pair | {"other_id": 0})
    with pytest.raises(DayToCome):
        register_kin(actor=SYSTEM, **pair, since=TOMORROW)
    with pytest.raises(NotAllowed):
        register_kin(actor=somebody(Office.SUPERVISOR, village), **pair)
    made = register_kin(actor=SYSTEM, **pair)
    with pytest.raises(ReasonNeeded):
        end_kin(actor=SYSTEM, kinship_id=made.pk, until=TODAY, reason="")
    with pytest.raises(TermBackwards):
        end_kin(actor=SYSTEM, kinship_id=made.pk, until=date(2026, 11, 1), reason="离婚")
    with pytest.raises(NotAllowed):
        end_kin(actor=Actor.card(homes["018"].pk), kinship_id=made.pk, until=TODAY, reason="离婚")
    with pytest.raises(UnknownKinship):
        end_kin(actor=SYSTEM, kinship_id=0, until=TODAY, reason="离婚")
    assert Kinship.objects.get().until is None


def test_a_mentor_looks_after_a_household_from_a_day_to_another(homes: dict[str, Household]) -> None:
    secretary = user_called("榆钱多")
    made = assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=secretary.pk)
    with pytest.raises(MentorThere):
        assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=secretary.pk)
    with pytest.raises(TermBackwards):
        end_mentorship(actor=SYSTEM, mentorship_id=made.pk, until=date(2026, 11, 1))
    end_mentorship(actor=SYSTEM, mentorship_id=made.pk, until=TODAY)
    with pytest.raises(UnknownMentorship):
        end_mentorship(actor=SYSTEM, mentorship_id=made.pk, until=TODAY)
    assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=secretary.pk)
    assert Mentorship.objects.filter(until=None).count() == 1


def test_who_can_not_be_a_mentor(homes: dict[str, Household], village: Unit) -> None:
    secretary, stranger = user_called("榆钱多"), create_user(login="路人", name="路人")
    with pytest.raises(OwnMentor):
        assign_mentor(actor=SYSTEM, household_id=homes["103"].pk, user_id=secretary.pk)
    for user_id in (stranger.pk, 0):
        with pytest.raises(NotAMentor):
            assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=user_id)
    secretary.is_active = False
    secretary.save()
    with pytest.raises(NotAMentor):
        assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=secretary.pk)
    with pytest.raises(UnknownHousehold):
        assign_mentor(actor=SYSTEM, household_id=0, user_id=secretary.pk)
    with pytest.raises(NotAllowed):
        assign_mentor(
            actor=somebody(Office.SUPERVISOR, village), household_id=homes["018"].pk, user_id=stranger.pk
        )
    Household.objects.filter(id=homes["018"].pk).update(left_on=TODAY)
    with pytest.raises(HouseholdLeft):
        assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=stranger.pk)


def test_a_party_member_without_an_office_may_be_a_mentor(homes: dict[str, Household]) -> None:
    member = one("麦春芽")
    member.user = create_user(login="春芽", name="麦春芽")
    member.save()
    made = assign_mentor(actor=SYSTEM, household_id=homes["004"].pk, user_id=member.user.pk)
    assert made.mentor_id == member.user.pk


def test_gifts_are_recorded_and_errors_struck(homes: dict[str, Household]) -> None:
    tian = one("田禾生")
    money = record_contribution(
        actor=SYSTEM, resident_id=tian.pk, gift=Gift.MONEY, what="修路", given_on=TODAY, fen=100_000
    )
    idea = record_contribution(
        actor=SYSTEM, resident_id=tian.pk, gift=Gift.IDEA, what="建冷库", given_on=TODAY
    )
    with pytest.raises(ReasonNeeded):
        strike_contribution(actor=SYSTEM, contribution_id=idea.pk, reason="")
    strike_contribution(actor=SYSTEM, contribution_id=idea.pk, reason="记重了")
    assert list(Contribution.objects.all()) == [money]
    with pytest.raises(UnknownContribution):
        strike_contribution(actor=SYSTEM, contribution_id=idea.pk, reason="记重了")
    last = LoggedAct.objects.latest("id")
    assert (last.act, last.subject, last.subject_id, last.from_state) == (
        "strike",
        "contribution",
        idea.pk,
        "idea",
    )


@pytest.mark.parametrize(
    ("gift", "what", "fen"),
    [
        (Gift.MONEY, "修路", None),
        (Gift.MONEY, "修路", 0),
        (Gift.GOODS, "水泥", 100),
        (Gift.GOODS, " ", None),
        (Gift.GOODS, "泥" * 201, None),
    ],
)
def test_a_gift_says_what_and_money_how_much(
    homes: dict[str, Household], gift: Gift, what: str, fen: int | None
) -> None:
    with pytest.raises(BadContribution):
        record_contribution(
            actor=SYSTEM, resident_id=one("田禾生").pk, gift=gift, what=what, given_on=TODAY, fen=fen
        )
    assert not Contribution.objects.exists()


def test_whoever_manages_where_one_of_the_two_lives_may_say_it_and_unsay_it(village: Unit) -> None:
    homes, elsewhere = small_village(village), unit_by_code("440783104220")
    managers = (
        somebody(Office.ADMINISTRATOR, village, login="here"),
        somebody(Office.ADMINISTRATOR, elsewhere, login="there"),
    )
    tian, mai = one("田禾生"), one("麦穗香")
    with clock.as_of(date(2026, 12, 1)):
        move_household(actor=SYSTEM, household_id=homes["004"].pk, unit_id=elsewhere.pk)
        for manager in managers:
            made = register_kin(actor=manager, resident_id=tian.pk, other_id=mai.pk, kin=Kin.SIBLING)
            end_kin(actor=manager, kinship_id=made.pk, until=clock.today(), reason="登记错了")
    third = somebody(Office.ADMINISTRATOR, unit_by_code("440783104221"))
    with pytest.raises(NotAllowed):
        register_kin(actor=third, resident_id=tian.pk, other_id=mai.pk, kin=Kin.SIBLING)


def test_nothing_is_ended_ahead(homes: dict[str, Household], village: Unit) -> None:
    made = register_kin(
        actor=SYSTEM, resident_id=one("田禾生").pk, other_id=one("麦穗香").pk, kin=Kin.SIBLING
    )
    with pytest.raises(DayToCome):
        end_kin(actor=SYSTEM, kinship_id=made.pk, until=TOMORROW, reason="离婚")
    leader = somebody(Office.VILLAGE_SECRETARY, village)
    assert leader.user_id is not None
    held = assign_mentor(actor=SYSTEM, household_id=homes["018"].pk, user_id=leader.user_id)
    with pytest.raises(DayToCome):
        end_mentorship(actor=SYSTEM, mentorship_id=held.pk, until=TOMORROW)
