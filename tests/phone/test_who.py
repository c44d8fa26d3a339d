"""As whom one is here: households of one's own, and those for which one acts on behalf."""

import pytest

from tests.cast import Cast
from tests.web import Visitor, signed_in
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import HelpVisit, Household, Membership, Resident
from xiangyue.people.models.memberships import Binding
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.helping import end_helping, set_asking
from xiangyue.people.operations.memberships import end_membership
from xiangyue.people.queries import unit_by_code
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User


@pytest.fixture
def leader(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """桑叶青, grid leader of the third grid, signed in."""
    return signed_in(peopled, cast.user("桑叶青"))


def own(cast: Cast, login: str) -> Household:
    return Resident.objects.get(user__login=login).household


def begin(visitor: Visitor, household: Household, **more: str) -> str:
    response = visitor.post("/my/helping/", {"household": str(household.public_id), **more})
    return str(response["Location"]) if response.status_code == 302 else str(response.status_code)


def test_a_member_reads_their_own_household(leader: Visitor, cast: Cast) -> None:
    page = leader.read("/my/home/")
    assert "您正在替" not in page
    who = leader.read("/my/who/")
    assert "桑叶青" in who
    assert own(cast, "桑叶青").number in who
    assert "网格员" in who


def test_one_phone_serves_several_households(leader: Visitor, cast: Cast) -> None:
    user, parents = cast.user("桑叶青"), cast.household("018")
    Membership.objects.create(user=user, household=parents, how=Binding.CONFIRMED, since="2026-11-01")
    assert "田禾生家" in leader.read("/my/who/")
    assert leader.post("/my/who/turn/", {"household": str(parents.public_id)})["Location"] == "/my/home/"
    assert "田禾生家" in leader.read("/my/home/")
    for strange in (str(cast.household("004").public_id), "", "1"):
        assert leader.post("/my/who/turn/", {"household": strange}).status_code == 404
    assert "田禾生家" in leader.read("/my/home/")


def test_a_membership_that_ended_opens_nothing(leader: Visitor, cast: Cast) -> None:
    user = cast.user("桑叶青")
    for held in Membership.objects.filter(user=user, until=None):
        end_membership(actor=Actor.user(user.pk), membership_id=held.pk)
    assert leader.get("/my/home/")["Location"] == "/my/who/"


def test_one_acts_for_a_household_and_it_is_shown_as_such(leader: Visitor, cast: Cast) -> None:
    household = cast.household("018")
    assert "田禾生家" in leader.read("/my/helping/", q="018")
    assert begin(leader, household, reason="老人没有手机") == "/my/home/"
    page = leader.read("/my/home/")
    assert "您正在替<b>田禾生家</b>办" in page
    visit = HelpVisit.objects.get(household=household)
    assert (visit.helper, visit.reason, visit.ended_at) == (cast.user("桑叶青"), "老人没有手机", None)
    assert LoggedAct.objects.filter(act="begin", subject="help", on_behalf_of=household.pk).exists()
    assert leader.post("/my/helping/end/")["Location"] == "/my/who/"
    assert "您正在替" not in leader.read("/my/home/")
    visit.refresh_from_db()
    assert visit.ended_at is not None


def test_the_household_sends_the_helper_away(leader: Visitor, cast: Cast) -> None:
    begin(leader, cast.household("018"))
    end_helping(actor=cast.villager, visit_id=HelpVisit.objects.get().pk)
    assert "您正在替" not in leader.read("/my/home/")


def test_a_household_that_wishes_to_be_asked_is_asked(leader: Visitor, cast: Cast) -> None:
    household = cast.household("018")
    set_asking(actor=cast.villager, household_id=household.pk, asks_first=True)
    response = leader.post("/my/helping/", {"household": str(household.public_id)})
    assert response.status_code == 200
    assert "要先点头" in response.content.decode()
    assert "您正在替" not in leader.read("/my/home/")


def test_one_acts_only_where_one_is_responsible(leader: Visitor, cast: Cast) -> None:
    elsewhere = Household.objects.exclude(unit__path__startswith=cast.household("018").unit.parent.path)  # type: ignore[union-attr]
    outside = elsewhere.filter(left_on=None).first()
    assert outside is not None
    assert begin(leader, outside) == "404"
    assert begin(leader, own(cast, "桑叶青")) == "422"
    assert not HelpVisit.objects.exists()


@pytest.mark.parametrize("login", ["过路人", "仓有余", "竹有节", "明镜台"])
def test_others_act_for_nobody(peopled: Jurisdiction, cast: Cast, login: str) -> None:
    stranger = signed_in(peopled, cast.user(login))
    assert stranger.get("/my/helping/").status_code == 404
    assert begin(stranger, cast.household("018")) == "404"


def test_who_lacks_a_second_factor_acts_for_nobody(leader: Visitor, cast: Cast) -> None:
    """Asked for again at each page: an office may come while somebody is signed in."""
    begin(leader, cast.household("018"))
    assert "您正在替" in leader.read("/my/home/")
    town = unit_by_code("440783104")
    user_id = cast.user("桑叶青").pk
    appoint(actor=SYSTEM, user_id=user_id, office=Office.TOWN_OFFICIAL, unit_id=town.pk, since=clock.today())
    assert "您正在替" not in leader.read("/my/home/")
    assert leader.get("/my/helping/")["Location"] == "/sign-in/second/"
    assert begin(leader, cast.household("018")) == "/sign-in/second/"


def test_whose_office_ended_helps_no_more(leader: Visitor, cast: Cast) -> None:
    begin(leader, cast.household("018"))
    User.objects.filter(login="桑叶青").update(is_active=False)
    assert leader.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"
