from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast
from tests.scoring.cast import a_deed, a_meeting, actor, approve, bring, verified
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, DeedState, Share
from xiangyue.scoring.operations.review import reject_deed, return_deed, verifiable_by, verify_deeds
from xiangyue.scoring.refusals import OwnHousehold, PartlyDecided, ReasonMissing, UnknownDeed, WrongState

SendAway = Callable[..., Deed]

# Who may vouch for, send back or end a deed of which household: 018 lies in the third grid, 001 in the first,
# 013 is the third grid's leader's own, 052 the secretary's.
REVIEWING: list[tuple[str, str, type[Refusal] | None]] = [
    ("桑叶青", "018", None),
    ("桑叶青", "001", NotAllowed),
    ("桑叶青", "013", OwnHousehold),
    ("山有根", "001", None),
    ("山有根", "018", NotAllowed),
    ("柳成荫", "001", None),
    ("柳成荫", "013", None),
    ("柳成荫", "052", OwnHousehold),
    ("茶山青", "018", NotAllowed),
    ("松如海", "018", NotAllowed),
    ("竹有节", "018", NotAllowed),
    ("云帆远", "018", NotAllowed),
    ("仓有余", "018", NotAllowed),
    ("明镜台", "018", NotAllowed),
    ("admin", "018", NotAllowed),
    ("过路人", "018", NotAllowed),
]


def brought(cast: Cast, *numbers: str) -> Deed:
    (deed,) = bring(cast.clerk, a_deed(cast.village, *numbers))
    return deed


def vouchers(deed: Deed) -> dict[str, int | None]:
    return dict(deed.shares.values_list("household__number", "verified_by"))


@pytest.mark.parametrize(("login", "number", "refused"), REVIEWING)
def test_who_vouches_for_whom(cast: Cast, login: str, number: str, refused: type[Refusal] | None) -> None:
    deed, who = brought(cast, number), actor(login)
    assert (deed.pk in verifiable_by(who, cast.village)) == (refused is None)
    if refused:
        with pytest.raises(refused):
            verify_deeds(actor=who, deed_ids=[deed.pk])
    else:
        verify_deeds(actor=who, deed_ids=[deed.pk])
    deed.refresh_from_db()
    assert deed.state == (DeedState.SUBMITTED if refused else DeedState.VERIFIED)
    assert vouchers(deed) == {number: None if refused else who.id}


@pytest.mark.parametrize(("login", "number", "refused"), REVIEWING)
@pytest.mark.parametrize(
    ("send_away", "to"), [(return_deed, DeedState.RETURNED), (reject_deed, DeedState.REJECTED)]
)
def test_who_sends_away_whose(
    cast: Cast, send_away: SendAway, to: DeedState, login: str, number: str, refused: type[Refusal] | None
) -> None:
    deed, who = brought(cast, number), actor(login)
    if refused:
        with pytest.raises(refused):
            send_away(actor=who, deed_id=deed.pk, reason="没看见")
    else:
        send_away(actor=who, deed_id=deed.pk, reason="没看见")
        logged = LoggedAct.objects.get(subject_id=deed.pk, to_state=to)
        assert (logged.actor_id, logged.from_state, logged.reason) == (who.id, "submitted", "没看见")
    deed.refresh_from_db()
    assert deed.state == (DeedState.SUBMITTED if refused else to)


def test_a_card_vouches_for_nothing(cast: Cast) -> None:
    deed = brought(cast, "004")
    for send_away in (return_deed, reject_deed):
        with pytest.raises(NotAllowed):
            send_away(actor=cast.villager, deed_id=deed.pk, reason="没看见")
    with pytest.raises(NotAllowed):
        verify_deeds(actor=cast.villager, deed_ids=[deed.pk])
    with pytest.raises(OwnHousehold):
        verify_deeds(actor=cast.neighbour, deed_ids=[deed.pk])


def test_what_many_did_is_vouched_for_share_by_share(cast: Cast) -> None:
    """The third grid's leader, then the first's, then the secretary for the leader's own household."""
    deed = brought(cast, "018", "001", "013")
    steps = [
        ("桑叶青", {"018"}, DeedState.SUBMITTED),
        ("山有根", {"018", "001"}, DeedState.SUBMITTED),
        ("柳成荫", {"018", "001", "013"}, DeedState.VERIFIED),
    ]
    for login, done, state in steps:
        verify_deeds(actor=actor(login), deed_ids=[deed.pk])
        deed.refresh_from_db()
        assert {number for number, by in vouchers(deed).items() if by} == done
        assert deed.state == state
    assert vouchers(deed)["018"] == cast.grid_leader.id
    assert LoggedAct.objects.filter(act="vouch", subject="share").count() == 3
    assert LoggedAct.objects.filter(act="verify", subject="deed", subject_id=deed.pk).count() == 1


def test_who_has_vouched_has_nothing_left_to_vouch_for(cast: Cast) -> None:
    deed = brought(cast, "018", "001")
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    assert verifiable_by(cast.grid_leader, cast.village) == []
    with pytest.raises(NotAllowed):
        verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])


def test_all_are_vouched_for_or_none(cast: Cast) -> None:
    own_grid, other_grid = brought(cast, "018"), brought(cast, "001")
    with pytest.raises(NotAllowed):
        verify_deeds(actor=cast.grid_leader, deed_ids=[own_grid.pk, other_grid.pk])
    with pytest.raises(UnknownDeed):
        verify_deeds(actor=cast.grid_leader, deed_ids=[own_grid.pk, 0])
    done = brought(cast, "004")
    verify_deeds(actor=cast.grid_leader, deed_ids=[done.pk])
    with pytest.raises(WrongState):
        verify_deeds(actor=cast.grid_leader, deed_ids=[own_grid.pk, done.pk])
    assert vouchers(own_grid) == {"018": None}
    verify_deeds(actor=cast.grid_leader, deed_ids=[own_grid.pk, own_grid.pk])
    assert vouchers(own_grid) == {"018": cast.grid_leader.id}


def test_whoever_ends_a_deed_answers_for_all_of_its_households(cast: Cast) -> None:
    for numbers, refused in [(("018", "001"), NotAllowed), (("018", "013"), OwnHousehold)]:
        deed = brought(cast, *numbers)
        for send_away in (return_deed, reject_deed):
            with pytest.raises(refused):
                send_away(actor=cast.grid_leader, deed_id=deed.pk, reason="没看见")
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="没看见")


@pytest.mark.parametrize("send_away", [return_deed, reject_deed])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_given(cast: Cast, send_away: SendAway, reason: str) -> None:
    deed = brought(cast, "018")
    with pytest.raises(ReasonMissing) as caught:
        send_away(actor=cast.grid_leader, deed_id=deed.pk, reason=reason)
    assert caught.value.field == "reason"
    deed.refresh_from_db()
    assert deed.state == DeedState.SUBMITTED


@pytest.mark.parametrize("send_away", [return_deed, reject_deed])
def test_what_is_not_there_or_has_moved_on_is_not_sent_away(cast: Cast, send_away: SendAway) -> None:
    with pytest.raises(UnknownDeed):
        send_away(actor=cast.secretary, deed_id=0, reason="没看见")
    (share,) = verified(a_deed(cast.village, "018"))
    approve(a_meeting(cast.village), [share])
    with pytest.raises(WrongState):
        send_away(actor=cast.secretary, deed_id=share.deed_id, reason="没看见")


@pytest.mark.parametrize("send_away", [return_deed, reject_deed])
def test_what_the_meeting_decided_in_part_is_not_sent_away(cast: Cast, send_away: SendAway) -> None:
    share, other = verified(a_deed(cast.village, "018", "004"))
    approve(a_meeting(cast.village), [share])
    with pytest.raises(PartlyDecided):
        send_away(actor=cast.secretary, deed_id=share.deed_id, reason="没看见")
    assert Share.objects.get(pk=other.pk).deed.state == DeedState.VERIFIED


def test_a_verified_deed_can_still_be_sent_back(cast: Cast) -> None:
    deed = brought(cast, "018")
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    assert return_deed(actor=cast.secretary, deed_id=deed.pk, reason="缺照片").state == DeedState.RETURNED


def test_the_list_of_what_waits_costs_the_same_for_few_and_for_many(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    bring(SYSTEM, *(a_deed(cast.village, "018") for _ in range(30)))
    who = cast.grid_leader
    with django_assert_num_queries(7):
        assert len(verifiable_by(who, cast.village)) == 30
