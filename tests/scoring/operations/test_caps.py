"""What a meeting makes of ranges, quantities and caps; and that caps hold whoever meets at the same time."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from tests.cast import Cast
from tests.scoring.cast import (
    PERIOD,
    PRESENT,
    a_deed,
    a_meeting,
    actor,
    approve,
    capped,
    household,
    indicator,
    noticed,
    two_people,
    verified,
)
from tests.scoring.races import Pause, after, meet
from xiangyue.catalogue.rules.refusals import PointsNotAllowed, PointsNotChosen
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.scoring.judging import judge_ruled
from xiangyue.scoring.models import DeedState, Meeting, Share, Verdict
from xiangyue.scoring.operations import meetings
from xiangyue.scoring.operations.bringing import NewDeed, NewShare
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.objections import lodge_objection, uphold_objection
from xiangyue.scoring.queries import line_of

APPROVE, ADJUST, REJECT = Verdict.APPROVE, Verdict.ADJUST, Verdict.REJECT


@pytest.fixture
def rules(cast: Cast) -> Unit:
    """The village, under the catalogue with the caps."""
    capped(cast.village)
    return cast.village


def rule(meeting: Meeting, share: Share, verdict: Verdict, points: int | None = None) -> Share:
    ruling = Ruling(share.pk, verdict, points, reason="理由")
    (decision,) = decide_deeds(actor=actor(PRESENT[0]), meeting_id=meeting.pk, rulings=[ruling])
    share.refresh_from_db()
    assert decision.verdict == verdict
    return share


@pytest.mark.parametrize(
    ("of", "proposed", "amount", "ruled", "outcome"),
    [
        ("垃圾分类", None, None, None, PointsNotChosen),
        ("垃圾分类", 300, None, None, 300),
        ("垃圾分类", 300, None, 500, 500),
        ("垃圾分类", None, None, 200, 200),
        ("垃圾分类", None, None, 501, PointsNotAllowed),
        ("垃圾分类", 300, None, 0, PointsNotAllowed),
        ("大扫除", None, None, None, 500),
        ("大扫除", None, None, 400, PointsNotAllowed),
        ("修路", None, 150, None, 500),
        ("修路", None, 1, None, 3),
        ("捐物", None, None, None, PointsNotChosen),
        ("捐物", None, None, 12345, 12345),
    ],
)
@pytest.mark.parametrize("verdict", [APPROVE, ADJUST])
def test_the_meeting_sets_points_within_the_bounds(
    rules: Unit,
    of: str,
    proposed: int | None,
    amount: int | None,
    ruled: int | None,
    outcome: int | type[Exception],
    verdict: Verdict,
) -> None:
    (share,) = verified(a_deed(rules, "018", of=of, proposed=proposed, amount=amount))
    held = a_meeting(rules)
    if isinstance(outcome, int):
        assert rule(held, share, verdict, ruled).points == outcome
        return
    with pytest.raises(outcome):
        rule(held, share, verdict, ruled)


@pytest.mark.parametrize(
    ("of", "brought", "given", "asked", "sentence"),
    [
        ("大扫除", [{}] * 5, [500] * 4 + [0], 500, "大扫除，每次5分；本月这一项已记4次，满了，这次不加分。"),
        (
            "垃圾分类",
            [{"proposed": 400}, {"proposed": 400}, {"proposed": 500}],
            [400, 400, 200],
            500,
            "垃圾分类，每次2～5分，这次评5分；本月这一项最多10分，已记8分，这次加2分。",
        ),
        (
            "修路",
            [{"amount": 1080}, {"amount": 300}],
            [3600, 400],
            1000,
            "修路，每小时2分，5小时合10分；本月这一项最多40分，已记36分，这次加4分。",
        ),
    ],
)
def test_a_cap_cuts_and_says_so(
    rules: Unit, of: str, brought: list[dict[str, Any]], given: list[int], asked: int, sentence: str
) -> None:
    """In the order in which the meeting decides, in one sitting."""
    decided = approve(a_meeting(rules), verified(*(a_deed(rules, "018", of=of, **one) for one in brought)))
    assert [share.points for share in decided] == given
    last = Share.objects.get(pk=decided[-1].pk)
    assert (last.asked, last.sentence) == (asked, sentence)
    assert last.deed.state == DeedState.APPROVED


def test_a_cap_is_each_household_s_own_and_each_month_s(rules: Unit) -> None:
    full = [a_deed(rules, "018", of="大扫除") for _ in range(5)]
    others = [a_deed(rules, "004", of="大扫除"), a_deed(rules, "018", of="大扫除", day=date(2026, 11, 1))]
    decided = approve(a_meeting(rules), verified(*full, *others))
    assert [share.points for share in decided] == [500] * 4 + [0, 500, 500]


def test_caps_hold_over_meetings_and_months_of_decision(rules: Unit) -> None:
    """The day of the act chooses the window, whenever the deed is decided."""
    shares = verified(*(a_deed(rules, "018", of="大扫除") for _ in range(6)))
    given = [
        [share.points for share in approve(a_meeting(rules, period=period), of)]
        for period, of in [(PERIOD, shares[:3]), (PERIOD, shares[3:5]), (PERIOD.next(), shares[5:])]
    ]
    assert given == [[500] * 3, [500, 0], [0]]


def test_a_new_version_of_the_rules_opens_no_cap_anew(rules: Unit) -> None:
    old = verified(*(a_deed(rules, "018", of="大扫除", day=date(2026, 10, 5)) for _ in range(3)))
    approve(a_meeting(rules), old)
    capped(rules, on=date(2026, 10, 16))
    new = verified(*(a_deed(rules, "018", of="大扫除", day=date(2026, 10, 20)) for _ in range(2)))
    assert old[0].deed.indicator != new[0].deed.indicator
    assert [share.points for share in approve(a_meeting(rules), new)] == [500, 0]


def test_what_was_rejected_or_cut_away_does_not_count(rules: Unit) -> None:
    held = a_meeting(rules)
    (rejected,) = verified(a_deed(rules, "018", of="大扫除"))
    rule(held, rejected, REJECT)
    decided = approve(held, verified(*(a_deed(rules, "018", of="大扫除") for _ in range(5))))
    assert [share.points for share in decided] == [500] * 4 + [0]


def test_what_one_cap_cuts_away_uses_up_no_other(rules: Unit) -> None:
    """Twice on the fifth, of which once counts; so the sixth is the month's second time, and the seventh too many."""
    days = [date(2026, 10, day) for day in (5, 5, 6, 7)]
    decided = approve(a_meeting(rules), verified(*(a_deed(rules, "018", of="巡逻", day=day) for day in days)))
    assert [share.points for share in decided] == [300, 0, 300, 0]


def test_what_was_struck_from_the_board_does_not_count(rules: Unit) -> None:
    """Somebody else's deed had been put down to the household; its own, later, is no second time."""
    notice = noticed(rules, a_deed(rules, "018", of="参军"))
    of = household(rules, "018")
    objection = lodge_objection(
        actor=Actor.card(of.pk), target=line_of(notice, 1), household_id=of.pk, text="不是我家的", key="k"
    )
    uphold_objection(actor=actor("竹有节"), objection_id=objection.pk, answer="记错了户", corrections={1: 0})
    held = a_meeting(rules, period=PERIOD.next())
    again = verified(a_deed(rules, "018", of="参军"), a_deed(rules, "018", of="参军"))
    assert [share.points for share in approve(held, again)] == [5000, 0]


def test_what_is_once_for_a_person_is_once_for_each(rules: Unit) -> None:
    first, second = two_people(rules)
    of = first.household
    found = indicator(rules, "参军")
    news = [
        NewDeed(f"k{place}", found, day, [NewShare(of, resident=person)])
        for place, (person, day) in enumerate(
            [(first, date(2026, 3, 1)), (second, date(2026, 3, 1)), (first, date(2026, 10, 1))]
        )
    ]
    decided = approve(a_meeting(rules), verified(*news))
    assert [share.points for share in decided] == [5000, 5000, 0]
    assert decided[-1].sentence == "参军，每次50分；这一项只记一次，以前记过了，这次不加分。"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "locked", "total"), [("018", True, 2000), ("004", False, 4000)])
def test_two_meetings_at_once_do_not_exceed_a_cap(
    racers: Cast, monkeypatch: pytest.MonkeyPatch, number: str, locked: bool, total: int
) -> None:
    """Each decides four deeds of which four count in a month. Without the lock on the village all eight do."""
    village, month = racers.village, PERIOD.next()
    shares = verified(*(a_deed(village, number, of="大扫除", day=month.first) for _ in range(8)))
    one, other = a_meeting(village, period=month), a_meeting(village, period=month)
    pause = Pause()
    monkeypatch.setattr(meetings, "judge_ruled", after(judge_ruled, pause))
    if not locked:
        monkeypatch.setattr(meetings, "locked_unit", lambda unit_id: Unit.objects.get(id=unit_id))
    given = meet(lambda: approve(one, shares[:4]), lambda: approve(other, shares[4:]), pause)
    assert [len(shares) for shares in given] == [4, 4]
    decided = Share.objects.filter(pk__in=[share.pk for share in shares])
    assert decided.aggregate(total=Sum("points")) == {"total": total}
