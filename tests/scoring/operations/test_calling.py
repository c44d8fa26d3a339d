from datetime import date, timedelta

import pytest

from tests.cast import Cast
from tests.scoring.cast import PERIOD, PRESENT, a_deed, a_meeting, noticed, somebody
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Body
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Call
from xiangyue.scoring.operations.calling import call_meeting, cancel_call
from xiangyue.scoring.refusals import CallExists, DayGone, NameTooLong, PeriodClosed, UnknownCall

DAY = date(2026, 11, 5)


def call(
    cast: Cast,
    *,
    by: str = "柳成荫",
    day: date = DAY,
    key: str = "k",
    body: Body = Body.EVALUATION,
    place: str = "村委会二楼",
) -> Call:
    return call_meeting(
        actor=somebody(cast.village, by),
        unit_id=cast.village.pk,
        period=PERIOD,
        day=day,
        place=place,
        body=body,
        key=key,
    )


def test_a_call_is_kept_logged_and_fulfilled_by_the_meeting(cast: Cast) -> None:
    called = call(cast)
    assert (called.day, called.place, called.body) == (DAY, "村委会二楼", Body.EVALUATION)
    assert LoggedAct.objects.filter(act="call", subject="call", subject_id=called.pk).count() == 1
    with clock.as_of(DAY):
        assert a_meeting(cast.village, PRESENT).call == called
        assert a_meeting(cast.village, PRESENT).call is None  # a second one the same day was not called


def test_a_place_is_named_in_a_line(cast: Cast) -> None:
    with pytest.raises(NameTooLong):
        call(cast, place="村" * 61)
    assert call(cast, place="村" * 60).place == "村" * 60


def test_the_same_key_calls_once(cast: Cast) -> None:
    assert call(cast) == call(cast)
    assert Call.objects.count() == 1


def test_a_meeting_on_another_day_does_not_fulfil_it(cast: Cast) -> None:
    called = call(cast)
    assert a_meeting(cast.village, PRESENT).call is None
    called.refresh_from_db()
    assert not hasattr(called, "meeting")


@pytest.mark.parametrize(
    "by", ["桑叶青", "松如海", "竹有节", "仓有余", "云帆远", "明镜台", "过路人", "card 018"]
)
def test_who_may_not_call(cast: Cast, by: str) -> None:
    with pytest.raises(NotAllowed):
        call(cast, by=by)


def test_no_call_for_a_day_that_is_gone_nor_twice_for_one(cast: Cast) -> None:
    with pytest.raises(DayGone):
        call(cast, day=clock.today() - timedelta(days=1))
    call(cast)
    with pytest.raises(CallExists):
        call(cast, key="other")
    assert call(cast, key="assembly", body=Body.ASSEMBLY).body == Body.ASSEMBLY


def test_no_call_for_a_month_that_hangs(cast: Cast) -> None:
    noticed(cast.village, a_deed(cast.village, "018"))
    with pytest.raises(PeriodClosed):
        call(cast)


def test_a_cancelled_call_is_fulfilled_by_nothing_and_makes_room(cast: Cast) -> None:
    called = call(cast)
    with pytest.raises(NotAllowed):
        cancel_call(actor=cast.committee_member, call_id=called.pk)
    assert cancel_call(actor=cast.secretary, call_id=called.pk, reason="下大雨").cancelled_at
    with pytest.raises(UnknownCall):
        cancel_call(actor=cast.secretary, call_id=called.pk)
    again = call(cast, key="again")
    with clock.as_of(DAY):
        assert a_meeting(cast.village, PRESENT).call == again


def test_what_was_held_is_not_cancelled(cast: Cast) -> None:
    called = call(cast)
    with clock.as_of(DAY):
        a_meeting(cast.village, PRESENT)
        with pytest.raises(UnknownCall):
            cancel_call(actor=SYSTEM, call_id=called.pk)
