from datetime import timedelta

import pytest

from tests.people.cast import small_village, somebody, user_called
from tests.people.members import member_of
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.household_log import acts_on_behalf
from xiangyue.people.membership_refusals import (
    AskFirst,
    BadHelpReason,
    ChildMayNot,
    ChoiceOnBehalf,
    NotHelping,
    NotSignedIn,
    OwnHelp,
    UnknownVisit,
)
from xiangyue.people.memberships import visits_to
from xiangyue.people.models import HelpVisit, Household, Topic, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import helping
from xiangyue.people.operations.helping import allow_help, begin_helping, end_helping, set_asking
from xiangyue.people.operations.wishes import request_correction
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import households_of
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

NOON = clock.noon(clock.today().replace(year=2026, month=11, day=2))


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def leader(homes: dict[str, Household]) -> Actor:
    """麦穗香 of household 004, grid leader of the third grid, where 018 and 004 lie."""
    return Actor.user(user_called("穗香").pk)


def helps(actor: Actor, home: Household, reason: str = "") -> HelpVisit:
    return begin_helping(actor=actor, household_id=home.pk, reason=reason)


def asks(actor: Actor, home: Household) -> None:
    request_correction(actor=actor, household_id=home.pk, what=Topic.NAME, text=f"by {actor.id}")


def test_the_household_sees_who_came_when_and_for_what(homes: dict[str, Household], leader: Actor) -> None:
    home = homes["018"]
    with clock.as_of(NOON):
        visit = helps(leader, home, " 报打扫 ")
    assert (visit.reason, visit.allowed_at, visit.ended_at) == ("报打扫", visit.asked_at, None)
    asks(leader, home)
    with clock.as_of(NOON + timedelta(minutes=20)):
        end_helping(actor=leader, visit_id=visit.pk)
    assert [(each.helper.name, each.reason, each.ended_at is None) for each in visits_to(home)] == [
        ("麦穗香", "报打扫", False)
    ]
    assert [(each.who, each.office, each.act, each.subject) for each in acts_on_behalf(home)] == [
        ("麦穗香", "网格员", "make", "request")
    ]
    logged = LoggedAct.objects.filter(subject="help").order_by("id")
    assert [(each.act, each.on_behalf_of) for each in logged] == [("begin", home.pk), ("end", home.pk)]
    with pytest.raises(UnknownVisit):
        end_helping(actor=leader, visit_id=visit.pk)


def test_who_may_help(homes: dict[str, Household], village: Unit, leader: Actor, admin: Actor) -> None:
    home, beside = homes["018"], Unit.objects.get(parent=village, name="第一网格")
    may_not = (
        admin,
        Actor.card(homes["004"].pk),
        Actor.card(home.pk),
        member_of(homes["103"]),
        somebody(Office.GRID_LEADER, beside, login="beside"),
        somebody(Office.SHOPKEEPER, village, login="keeper"),
    )
    for actor in may_not:
        with pytest.raises(NotAllowed):
            helps(actor, home)
    with pytest.raises(NotSignedIn):
        helps(SYSTEM, home)
    with pytest.raises(OwnHelp):
        helps(leader, homes["004"])
    with pytest.raises(BadHelpReason):
        helps(leader, home, "办" * 201)
    for each in ("clerk",):
        assert helps(somebody(Office.INFORMATION_ADMINISTRATOR, village, login=each), home)
    assert helps(Actor.user(user_called("榆钱多").pk), home)
    Household.objects.filter(pk=home.pk).update(left_on=clock.today())
    with pytest.raises(HouseholdLeft):
        helps(leader, home)


def test_a_visit_lasts_two_hours_and_is_begun_anew(homes: dict[str, Household], leader: Actor) -> None:
    home = homes["018"]
    with clock.as_of(NOON):
        first = helps(leader, home)
        assert helps(leader, home, "又来") == first
        asks(leader, home)
    with clock.as_of(NOON + timedelta(hours=2, minutes=1)):
        with pytest.raises(NotHelping):
            asks(leader, home)
        second = helps(leader, home)
        asks(leader, home)
    first.refresh_from_db()
    assert second.pk != first.pk
    assert first.allowed_at is not None
    assert first.ended_at == first.allowed_at + timedelta(hours=2)


def test_nothing_is_done_on_behalf_without_a_visit(homes: dict[str, Household], leader: Actor) -> None:
    with pytest.raises(NotHelping):
        asks(leader, homes["018"])
    asks(Actor.card(homes["018"].pk), homes["018"])
    asks(member_of(homes["018"]), homes["018"])


def test_a_household_may_wish_to_be_asked_first(homes: dict[str, Household], leader: Actor) -> None:
    home, own = homes["018"], Actor.card(homes["018"].pk)
    before = helps(leader, home)
    set_asking(actor=own, household_id=home.pk, asks_first=True)
    before.refresh_from_db()
    assert before.ended_at is not None
    visit = helps(leader, home)
    assert visit.allowed_at is None
    with pytest.raises(AskFirst):
        asks(leader, home)
    with pytest.raises(ChoiceOnBehalf):
        allow_help(actor=leader, visit_id=visit.pk)
    for _again in range(2):
        allow_help(actor=own, visit_id=visit.pk)
    asks(leader, home)
    assert LoggedAct.objects.filter(act="allow").count() == 1
    end_helping(actor=own, visit_id=visit.pk)
    with pytest.raises(NotHelping):
        asks(leader, home)


def test_the_household_sends_a_helper_away_and_nobody_else_does(
    homes: dict[str, Household], leader: Actor, admin: Actor
) -> None:
    visit = helps(leader, homes["018"])
    child = member_of(homes["018"], "田豆苗")
    for actor, refusal in (
        (Actor.card(homes["103"].pk), UnknownVisit),
        (admin, UnknownVisit),
        (child, ChildMayNot),
    ):
        with pytest.raises(refusal):
            end_helping(actor=actor, visit_id=visit.pk)
    assert end_helping(actor=Actor.card(homes["018"].pk), visit_id=visit.pk).ended_at


def test_only_the_household_says_whether_it_is_asked(homes: dict[str, Household], leader: Actor) -> None:
    home = homes["018"]
    helps(leader, home)
    for actor in (leader, SYSTEM, Actor.card(homes["103"].pk)):
        with pytest.raises(ChoiceOnBehalf) as refusal:
            set_asking(actor=actor, household_id=home.pk, asks_first=True)
    assert str(refusal.value) == "别人能不能替这一户代办，只能由这一户自己来定，谁也不能代办。"
    with pytest.raises(ChildMayNot):
        set_asking(actor=member_of(home, "田豆苗"), household_id=home.pk, asks_first=True)
    for _again in range(2):
        set_asking(actor=Actor.card(home.pk), household_id=home.pk, asks_first=True)
    assert LoggedAct.objects.filter(act="set-asking").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_beginning_while_the_household_closes_its_door(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """A visit begun at the same moment is ended by the switch; without the lock it slips in unasked."""
    homes = small_village(Unit.objects.get(code="440783104220"))
    home, leader = homes["018"], Actor.user(user_called("穗香").pk)
    if not is_locked:
        monkeypatch.setattr(
            helping, "locked_household", lambda pk: Household.objects.select_related("unit").get(id=pk)
        )
    pause = Pause()
    monkeypatch.setattr(helping, "households_of", after(households_of, pause))
    begun, _switched = meet(
        lambda: helps(leader, home),
        lambda: set_asking(actor=Actor.card(home.pk), household_id=home.pk, asks_first=True),
        pause,
    )
    begun.refresh_from_db()
    assert (begun.ended_at is None) == (not is_locked)
