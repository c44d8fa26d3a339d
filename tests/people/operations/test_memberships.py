from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.people.cast import small_village, somebody, user_called
from tests.people.members import member_of, membership, served, with_phone
from tests.scoring.races import Pause, after, meet
from tests.web import quick_pins
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import (
    AccountOnBehalf,
    AlreadyMember,
    ChildMayNot,
    ChoiceOnBehalf,
    CodeLocked,
    NotSignedIn,
    PinOnBehalf,
    TooManyTries,
    UnknownMembership,
    WrongCode,
)
from xiangyue.people.memberships import allowed_help, memberships_of
from xiangyue.people.models import Card, CardTry, HelpVisit, Household, Membership, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import memberships, tries
from xiangyue.people.operations.cards import (
    CODE_SIGNS,
    NewCard,
    draw_code,
    issue_card,
    new_code,
    revoke_card,
)
from xiangyue.people.operations.claims import claim_membership
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.memberships import bind_with_code, end_membership, set_redeeming
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import NoCard, UnknownResident
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.records.operations import _consumers as listening
from xiangyue.records.operations import consume
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User


@pytest.fixture
def homes(village: Unit) -> Iterator[dict[str, Household]]:
    with quick_pins():
        yield small_village(village)


@pytest.fixture
def card(homes: dict[str, Household]) -> NewCard:
    return issue_card(actor=SYSTEM, household_id=homes["018"].pk)


@pytest.fixture
def somebody_new(homes: dict[str, Household]) -> Actor:
    return with_phone()


def by_number(actor: Actor, home: Household, code: str, name: str = "") -> Membership:
    return bind_with_code(actor=actor, code=code, village_id=home.village_id, number=home.number, name=name)


def refusal_of(actor: Actor, home: Household, code: str) -> Refusal | None:
    try:
        by_number(actor, home, code)
    except Refusal as refusal:
        return refusal
    return None


def test_a_code_has_eight_signs_that_are_told_apart() -> None:
    codes = {draw_code() for _draw in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and set(code) <= set(CODE_SIGNS) for code in codes)
    assert not set(CODE_SIGNS) & set("01OILUl")


def test_a_code_binds_a_phone_once(homes: dict[str, Household], card: NewCard, somebody_new: Actor) -> None:
    home = homes["018"]
    made = by_number(somebody_new, home, card.code)
    assert (made.household, made.resident, made.how, made.may_redeem) == (home, None, "card_code", True)
    assert served(somebody_new) == ["018"]
    with pytest.raises(WrongCode):
        by_number(with_phone("u-2"), home, card.code)
    used = Card.objects.get(revoked_at=None)
    assert used.code_hash == ""
    assert used.code_used_at is not None
    assert LoggedAct.objects.get(act="bind").subject_id == made.pk


def test_it_is_typed_as_people_type_and_the_household_may_be_named_by_its_card(
    homes: dict[str, Household], card: NewCard, somebody_new: Actor
) -> None:
    written = f" {card.code[:4].lower()}-{card.code[4:].lower()} "
    full_width = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in written)
    made = bind_with_code(actor=somebody_new, code=full_width, token=card.token, name=" 麦春芽 ")
    assert made.resident is not None
    assert made.resident.name == "麦春芽"
    made.resident.refresh_from_db()
    assert made.resident.user is None  # a code does not prove who somebody is


def test_a_name_that_is_not_of_the_household_leaves_the_code_open(
    homes: dict[str, Household], card: NewCard, somebody_new: Actor
) -> None:
    with pytest.raises(UnknownResident):
        by_number(somebody_new, homes["018"], card.code, "麦穗香")
    assert by_number(somebody_new, homes["018"], card.code, "田禾生").resident is not None


def test_neither_a_wrong_code_nor_a_wrong_number_tells_anything(
    homes: dict[str, Household], card: NewCard, somebody_new: Actor, village: Unit
) -> None:
    said = [
        refusal_of(somebody_new, homes["018"], "23456789"),
        refusal_of(somebody_new, homes["004"], card.code),  # no card there
        refusal_of(somebody_new, Household(village=village, number="999"), card.code),
    ]
    assert {(type(each), str(each)) for each in said} == {(WrongCode, str(WrongCode()))}
    with pytest.raises(WrongCode):
        bind_with_code(actor=somebody_new, code=card.code, token="never-was")
    revoke_card(actor=SYSTEM, household_id=homes["018"].pk)
    assert isinstance(refusal_of(somebody_new, homes["018"], card.code), WrongCode)
    with pytest.raises(NotSignedIn):
        by_number(Actor.card(homes["004"].pk), homes["018"], card.code)


def test_five_wrong_codes_lock_the_households_for_everybody(
    homes: dict[str, Household], card: NewCard, somebody_new: Actor
) -> None:
    kinds = [type(refusal_of(somebody_new, homes["018"], "2345678X")) for _try in range(5)]
    assert kinds == [WrongCode] * 4 + [CodeLocked]
    assert isinstance(refusal_of(with_phone("u-2"), homes["018"], card.code), CodeLocked)
    assert CardTry.objects.filter(tried="code").count() == 5


def test_one_person_tries_no_whole_village(
    homes: dict[str, Household], card: NewCard, somebody_new: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST_FAILURES", 3)
    for number in ("001", "002", "003"):
        home = Household(village=homes["018"].village, number=number)
        assert isinstance(refusal_of(somebody_new, home, "23456789"), WrongCode)
    assert isinstance(refusal_of(somebody_new, homes["018"], card.code), TooManyTries)
    assert refusal_of(with_phone("u-2"), homes["018"], card.code) is None


def test_a_member_needs_no_code_and_a_helper_takes_no_account_over(
    homes: dict[str, Household], card: NewCard, village: Unit
) -> None:
    helper = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="clerk")
    for actor, refusal in ((member_of(homes["018"]), AlreadyMember), (helper, AccountOnBehalf)):
        with pytest.raises(refusal):
            by_number(actor, homes["018"], card.code)
    assert not CardTry.objects.exists()
    Resident.objects.filter(name="田禾生").update(user_id=helper.id)  # the clerk is of this household
    assert by_number(helper, homes["018"], card.code).household == homes["018"]


def test_with_its_own_account_a_household_needs_no_help_and_hears_of_the_member(
    homes: dict[str, Household], card: NewCard, village: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiangyue.records.operations._consumers", dict(listening))
    consume("member-joined", lambda _message: None)
    visit = begin_helping(
        actor=somebody(Office.INFORMATION_ADMINISTRATOR, village, login="leader"),
        household_id=homes["018"].pk,
    )
    newcomer = with_phone()
    claim = claim_membership(actor=newcomer, household_id=homes["018"].pk, name="田禾生")
    made = by_number(newcomer, homes["018"], card.code)
    visit.refresh_from_db()
    claim.refresh_from_db()
    assert (visit.ended_at is None, claim.state) == (False, "lapsed")
    assert [each.payload for each in OutboxMessage.objects.filter(topic="member-joined")] == [
        {"membership": made.pk}
    ]


def test_who_may_make_a_new_code(homes: dict[str, Household], card: NewCard, village: Unit) -> None:
    home = homes["018"]
    own, child = member_of(home, "田禾生"), member_of(home, "田豆苗", login="u-child")
    leader = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="leader")
    begin_helping(actor=leader, household_id=home.pk)
    for actor, refusal in (
        (child, ChildMayNot),
        (leader, NotAllowed),
        (Actor.card(homes["004"].pk), NotAllowed),
    ):
        with pytest.raises(refusal):
            new_code(actor=actor, household_id=home.pk)
    second = new_code(actor=own, household_id=home.pk)
    assert isinstance(refusal_of(with_phone(), home, card.code), WrongCode)
    assert refusal_of(with_phone("u-2"), home, second) is None
    third = new_code(actor=SYSTEM, household_id=home.pk)
    assert refusal_of(with_phone("u-3"), home, third) is None
    with pytest.raises(NoCard):
        new_code(actor=SYSTEM, household_id=homes["004"].pk)
    assert PinOnBehalf.code == "pin-on-behalf"


def test_a_member_is_sent_away_by_any_grown_up_or_leaves_or_the_county_ends_it(
    homes: dict[str, Household], admin: Actor, village: Unit
) -> None:
    home = homes["018"]
    wife, child = member_of(home, "麦春芽"), member_of(home, "田豆苗", login="u-child")
    son, stranger = member_of(home, login="u-son"), member_of(homes["004"], login="u-x")
    leader = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="leader")
    theirs = membership(son, home).pk
    for actor, refusal in ((child, ChildMayNot), (stranger, NotAllowed), (leader, NotAllowed)):
        with pytest.raises(refusal):
            end_membership(actor=actor, membership_id=theirs)
    assert end_membership(actor=wife, membership_id=theirs).ending == "household"
    with pytest.raises(UnknownMembership):
        end_membership(actor=wife, membership_id=theirs)
    assert end_membership(actor=child, membership_id=membership(child, home).pk).ending == "given_up"
    assert end_membership(actor=admin, membership_id=membership(wife, home).pk).ending == "office"
    by_card = member_of(home, login="u-again")
    ended = end_membership(actor=Actor.card(home.pk), membership_id=membership(by_card, home).pk)
    assert (ended.ending, served(by_card)) == ("household", [])


def test_who_may_redeem_is_for_the_grown_ups_of_the_household(
    homes: dict[str, Household], village: Unit, admin: Actor
) -> None:
    home = homes["018"]
    child = member_of(home, "田豆苗", login="u-child")
    theirs = membership(child, home).pk
    helper = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="leader")
    begin_helping(actor=helper, household_id=home.pk)
    for actor, refusal in (
        (child, ChildMayNot),
        (helper, ChoiceOnBehalf),
        (admin, ChoiceOnBehalf),
    ):
        with pytest.raises(refusal):
            set_redeeming(actor=actor, membership_id=theirs, may_redeem=False)
    for _again in range(2):
        set_redeeming(actor=Actor.card(home.pk), membership_id=theirs, may_redeem=False)
    assert membership(child, home).may_redeem is False
    assert LoggedAct.objects.filter(act="set-redeeming").count() == 1


def test_a_phone_serves_several_households_and_they_are_read_in_one_query(
    homes: dict[str, Household], django_assert_num_queries: Any
) -> None:
    actor = member_of(homes["018"])
    Membership.objects.create(user_id=actor.id, household=homes["103"], how="confirmed", since="2026-11-02")
    user = User.objects.get(id=actor.id)
    with django_assert_num_queries(1):
        held = memberships_of(user)
        assert [(each.household.number, each.household.unit.name) for each in held] == [
            ("018", "第二联户组"),
            ("103", "第一网格"),
        ]
        assert {each.household.village.name for each in held} == {"大罗村"}
    assert memberships_of(user_called("帆正远")) == []


def test_help_is_allowed_while_it_lasts_and_the_helper_may(
    homes: dict[str, Household], village: Unit
) -> None:
    helper = somebody(Office.INFORMATION_ADMINISTRATOR, village, login="leader")
    user = user_called("leader")
    visit = begin_helping(actor=helper, household_id=homes["018"].pk)
    found = allowed_help(user, visit.pk)
    assert found is not None
    assert found.household == homes["018"]
    assert allowed_help(user_called("榆钱多"), visit.pk) is None
    User.objects.filter(login="leader").update(is_active=False)
    assert allowed_help(user, visit.pk) is None
    User.objects.filter(login="leader").update(is_active=True)
    HelpVisit.objects.update(allowed_at=None)
    assert allowed_help(user, visit.pk) is None


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_phones_at_once_with_one_code(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """Only one of them gets in; with the locks taken away both do."""
    with quick_pins():
        home = small_village(Unit.objects.get(code="440783104220"))["018"]
        card = issue_card(actor=SYSTEM, household_id=home.pk)
        if not is_locked:
            monkeypatch.setattr(memberships, "locked_household", lambda pk: Household.objects.get(id=pk))
            monkeypatch.setattr(memberships, "_locked_card", lambda *_named: _unlocked(home))
        pause = Pause()
        monkeypatch.setattr(memberships, "try_secret", after(tries.try_secret, pause))
        first, second = with_phone("u-1"), with_phone("u-2")
        outcomes = meet(
            lambda: by_number(first, home, card.code), lambda: by_number(second, home, card.code), pause
        )
        bound = [type(each).__name__ for each in outcomes]
        assert bound == (["Membership", "WrongCode"] if is_locked else ["Membership", "Membership"])
        connection.close()


def _unlocked(home: Household) -> Card:
    return Card.objects.select_related("household__unit").get(household=home, revoked_at=None)
