from datetime import date
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from tests.people.members import member_of, membership, served, with_phone
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import (
    AccountOnBehalf,
    AlreadyMember,
    AnswerNeeded,
    BadClaimName,
    ChildMayNot,
    NotSignedIn,
    OwnClaim,
    ResidentHasMember,
    TooManyClaims,
    UnknownClaim,
)
from xiangyue.people.memberships import claims_below, claims_of, claims_to
from xiangyue.people.models import Household, Kin, Membership, MembershipClaim, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import claims
from xiangyue.people.operations.claims import (
    claim_membership,
    confirm_claim,
    decline_claim,
    withdraw_claim,
)
from xiangyue.people.operations.relations import register_kin
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private_refusals import NoSuchResident
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def leader(homes: dict[str, Household]) -> Actor:
    """麦穗香 of household 004, grid leader of the third grid, where 018 and 004 lie."""
    return Actor.user(user_called("穗香").pk)


@pytest.fixture
def secretary(homes: dict[str, Household]) -> Actor:
    """榆钱多 of household 103."""
    return Actor.user(user_called("榆钱多").pk)


def one(name: str) -> Resident:
    return Resident.objects.get(name=name)


def says(home: Household, name: str = "田禾生", actor: Actor | None = None) -> MembershipClaim:
    return claim_membership(actor=actor or with_phone(), household_id=home.pk, name=name)


def test_who_one_says_to_be_is_confirmed_by_the_grid_leader(
    homes: dict[str, Household], leader: Actor
) -> None:
    newcomer = with_phone(name="手机用户")
    claim = says(homes["018"], " 田 禾生 ", newcomer)
    assert (claim.name, claim.state) == ("田禾生", "open")
    assert served(newcomer) == []
    made = confirm_claim(actor=leader, claim_id=claim.pk, resident_id=one("田禾生").pk)
    assert (made.resident, made.how, served(newcomer)) == (one("田禾生"), "confirmed", ["018"])
    assert one("田禾生").user == User.objects.get(id=newcomer.id)
    assert User.objects.get(id=newcomer.id).name == "田禾生"
    claim.refresh_from_db()
    assert (claim.state, claim.answered_by_id) == ("confirmed", leader.id)
    logged = LoggedAct.objects.get(act="answer", subject="claim")
    assert (logged.acted_as, logged.to_state, logged.reason) == ("grid_leader", "confirmed", "")
    with pytest.raises(UnknownClaim):
        confirm_claim(actor=leader, claim_id=claim.pk)


def test_said_again_it_is_the_same_claim_and_a_claim_tells_nothing(homes: dict[str, Household]) -> None:
    newcomer = with_phone()
    first = says(homes["018"], "没有这个人", newcomer)
    assert says(homes["018"], "田禾生", newcomer) == first
    assert first.state == "open"  # whether the roster has that name is told to nobody


def test_what_can_not_be_claimed(homes: dict[str, Household]) -> None:
    home = homes["018"]
    with pytest.raises(NotSignedIn):
        says(home, actor=Actor.card(homes["004"].pk))
    with pytest.raises(AlreadyMember):
        says(home, actor=member_of(home, "麦春芽"))
    for name in ("", " ", "名" * 61):
        with pytest.raises(BadClaimName):
            says(home, name, with_phone(f"u-{len(name)}"))
    with pytest.raises(UnknownHousehold):
        claim_membership(actor=with_phone("u-9"), household_id=0, name="田禾生")
    Household.objects.filter(pk=home.pk).update(left_on=clock.today())
    with pytest.raises(HouseholdLeft):
        says(home, actor=with_phone("u-10"))


def test_a_member_by_code_may_still_say_who_they_are(homes: dict[str, Household], leader: Actor) -> None:
    member = member_of(homes["018"])
    claim = says(homes["018"], "麦春芽", member)
    confirm_claim(actor=leader, claim_id=claim.pk, resident_id=one("麦春芽").pk)
    assert membership(member, homes["018"]).resident == one("麦春芽")
    assert Membership.objects.filter(user_id=member.id).count() == 1


def test_one_claims_no_whole_village(homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_OPEN", 2)
    monkeypatch.setattr(claims, "MOST_A_DAY", 3)
    newcomer = with_phone()
    first = says(homes["018"], actor=newcomer)
    says(homes["004"], actor=newcomer)
    with pytest.raises(TooManyClaims):
        says(homes["103"], actor=newcomer)
    withdraw_claim(actor=newcomer, claim_id=first.pk)
    third = says(homes["103"], actor=newcomer)
    withdraw_claim(actor=newcomer, claim_id=third.pk)
    with pytest.raises(TooManyClaims):
        says(homes["018"], actor=newcomer)
    with clock.as_of(date(2026, 11, 4)):
        assert says(homes["018"], actor=newcomer).state == "open"


def test_who_may_confirm(homes: dict[str, Household], village: Unit, admin: Actor, leader: Actor) -> None:
    claim = says(homes["018"])
    beside = Unit.objects.get(parent=village, name="第一网格")
    may_not = (
        admin,
        member_of(homes["018"], login="u-m"),
        Actor.card(homes["018"].pk),
        somebody(Office.GRID_LEADER, beside, login="beside"),
        somebody(Office.SUPERVISOR, village, login="supervisor"),
        Actor.user(claim.user_id),
    )
    for actor in may_not:
        with pytest.raises(NotAllowed):
            confirm_claim(actor=actor, claim_id=claim.pk)
    clerk = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="clerk")
    assert confirm_claim(actor=clerk, claim_id=claim.pk).household == homes["018"]


def test_nobody_confirms_themselves_nor_for_their_own(
    homes: dict[str, Household], village: Unit, leader: Actor, secretary: Actor
) -> None:
    own = says(homes["004"], "麦穗香")
    with pytest.raises(OwnClaim):  # the own household
        confirm_claim(actor=leader, claim_id=own.pk)
    clerk = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="clerk")
    themselves = says(homes["018"], "田禾生", clerk)
    for decide in (confirm_claim, lambda **what: decline_claim(**what, reason="不是")):
        with pytest.raises(OwnClaim):
            decide(actor=clerk, claim_id=themselves.pk)
    register_kin(actor=SYSTEM, resident_id=one("榆钱多").pk, other_id=one("麦春芽").pk, kin=Kin.PARENT)
    with pytest.raises(OwnClaim):  # a near relative's
        confirm_claim(actor=secretary, claim_id=says(homes["018"], actor=with_phone("u-2")).pk)
    Membership.objects.create(user_id=leader.id, household=homes["018"], how="card_code", since=clock.today())
    with pytest.raises(OwnClaim):  # one for which they act
        confirm_claim(actor=leader, claim_id=says(homes["018"], actor=with_phone("u-3")).pk)


def test_a_resident_is_one_person_and_a_person_one_resident(
    homes: dict[str, Household], leader: Actor, secretary: Actor
) -> None:
    newcomer = with_phone()
    tian = says(homes["018"], actor=newcomer)
    for wrong in (one("麦穗香").pk, 0):
        with pytest.raises(NoSuchResident):
            confirm_claim(actor=leader, claim_id=tian.pk, resident_id=wrong)
    confirm_claim(actor=leader, claim_id=tian.pk, resident_id=one("田禾生").pk)
    other = says(homes["018"], actor=with_phone("u-2"))
    with pytest.raises(ResidentHasMember):
        confirm_claim(actor=leader, claim_id=other.pk, resident_id=one("田禾生").pk)
    aunt = says(homes["004"], "麦穗香", newcomer)
    Resident.objects.filter(name="麦穗香").update(user=None)
    made = confirm_claim(actor=secretary, claim_id=aunt.pk, resident_id=one("麦穗香").pk)
    assert made.resident == one("麦穗香")
    assert one("麦穗香").user is None  # the phone is 田禾生's
    assert served(newcomer) == ["018", "004"]


def test_a_helper_becomes_no_member_where_they_do_not_live(
    homes: dict[str, Household], village: Unit, leader: Actor, secretary: Actor
) -> None:
    claim = says(homes["018"], actor=leader)
    with pytest.raises(AccountOnBehalf):
        confirm_claim(actor=secretary, claim_id=claim.pk)
    assert confirm_claim(actor=secretary, claim_id=claim.pk, resident_id=one("田禾生").pk).resident


def test_it_is_declined_with_a_reason_also_by_the_household(
    homes: dict[str, Household], leader: Actor, secretary: Actor
) -> None:
    home = homes["018"]
    first, second = says(home), says(home, actor=with_phone("u-2"))
    for reason in ("", "为" * 201):
        with pytest.raises(AnswerNeeded):
            decline_claim(actor=leader, claim_id=first.pk, reason=reason)
    done = decline_claim(actor=leader, claim_id=first.pk, reason=" 不认识 ")
    assert (done.state, done.answer, done.answered_by_id) == ("declined", "不认识", leader.id)
    child = member_of(home, "田豆苗", login="u-child")
    with pytest.raises(ChildMayNot):
        decline_claim(actor=child, claim_id=second.pk, reason="不是")
    assert (
        decline_claim(actor=Actor.card(home.pk), claim_id=second.pk, reason="不是我家的").answered_by is None
    )
    third = says(home, actor=with_phone("u-3"))
    with pytest.raises(NotAllowed):
        decline_claim(actor=Actor.card(homes["103"].pk), claim_id=third.pk, reason="不是")
    with pytest.raises(UnknownClaim):
        withdraw_claim(actor=with_phone("u-4"), claim_id=third.pk)
    assert withdraw_claim(actor=Actor.user(third.user_id), claim_id=third.pk).state == "withdrawn"


def test_claims_are_listed_in_one_query_each(
    homes: dict[str, Household], village: Unit, django_assert_num_queries: Any
) -> None:
    made = [says(homes["018"], actor=with_phone(f"u-{number}")) for number in range(3)]
    user_id = made[0].user_id
    with django_assert_num_queries(3):
        assert claims_to(homes["018"]) == made
        assert [each.household.village.name for each in claims_below(village)] == ["大罗村"] * 3
        assert claims_of(user_id) == [made[0]]
    assert claims_below(Unit.objects.get(parent=village, name="第一网格")) == []


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_confirming_and_declining_at_once(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """One of them comes too late; with the lock taken away both answer, and the claimant is in and out."""
    homes = small_village(Unit.objects.get(code="440783104220"))
    leader, claim = Actor.user(user_called("穗香").pk), says(homes["018"])
    pause = Pause()
    if not is_locked:

        def unlocked(claim_id: int) -> tuple[Household, MembershipClaim]:
            found = MembershipClaim.objects.select_related("household__unit").get(id=claim_id)
            return found.household, found

        monkeypatch.setattr(claims, "_locked_claim", unlocked)
    monkeypatch.setattr(claims, "_locked_claim", after(claims._locked_claim, pause))

    def declined() -> MembershipClaim | Refusal:
        return decline_claim(actor=Actor.card(homes["018"].pk), claim_id=claim.pk, reason="不是我家的")

    outcomes = meet(lambda: confirm_claim(actor=leader, claim_id=claim.pk), declined, pause)
    names = [type(each).__name__ for each in outcomes]
    assert names == (["Membership", "UnknownClaim"] if is_locked else ["Membership", "MembershipClaim"])
