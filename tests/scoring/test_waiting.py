from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import (
    DEADLINE,
    PERIOD,
    PRESENT,
    a_deed,
    a_meeting,
    approve,
    bring,
    noticed,
    october,
    settled,
    verified,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.scoring.models import ScoringRules
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.queries import line_of
from xiangyue.scoring.rhythm import Matter
from xiangyue.scoring.waiting import Waiting, waiting_below

TODAY = date(2026, 11, 2)


def told(unit: Unit) -> list[tuple[str, str, str, int]]:
    return [(one.matter.value, one.subject, str(one.due), one.count) for one in waiting_below(unit)]


def test_where_nothing_waits_nothing_is_told(cast: Cast) -> None:
    assert waiting_below(cast.village) == []


def test_a_deed_waits_at_each_step_until_it_is_done(cast: Cast) -> None:
    """Brought on Monday, 2 November: verified within a week, decided by Sunday; October hangs by 10 November."""
    deeds = bring(cast.clerk, a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    assert told(cast.village) == [("verify", "", "2026-11-09", 2)]
    shares = verified(a_deed(cast.village, "050"))
    assert told(cast.village) == [("meeting", "2026-11", "2026-11-08", 1), ("verify", "", "2026-11-09", 2)]
    approve(a_meeting(cast.village, PRESENT), shares)
    assert ("notice", str(PERIOD), "2026-11-10", 1) in told(cast.village)
    assert not any(matter == "meeting" for matter, *_rest in told(cast.village))
    assert len(deeds) == 2


def test_where_one_scores_monthly_the_meeting_is_due_in_the_next_month(cast: Cast) -> None:
    ScoringRules.objects.update(scored="month")
    verified(a_deed(cast.village, "018"))
    assert told(cast.village) == [("meeting", "2026-11", "2026-12-05", 1)]


def test_the_assembly_is_told_before_the_notice(cast: Cast) -> None:
    ScoringRules.objects.update(stages=["self", "assembly", "notice"])
    approve(a_meeting(cast.village, PRESENT), verified(a_deed(cast.village, "018")))
    assert told(cast.village) == [("assembly", str(PERIOD), "2026-11-08", 1)]


def test_what_hangs_waits_for_its_answers_and_its_settlement(cast: Cast) -> None:
    notice = october(cast.village)
    assert told(cast.village) == []
    objection = lodge_objection(
        actor=cast.villager,
        target=line_of(notice, 5),
        household_id=cast.household("018").pk,
        text="少算了",
        key="k",
    )
    answer = ("objection", str(objection.pk), "2026-11-09", 1)
    assert told(cast.village) == [answer]
    with clock.as_of(DEADLINE + timedelta(days=1)):
        assert told(cast.village) == [("settle", str(PERIOD), "2026-11-07", 7), answer]
    settled(cast.village)
    with clock.as_of(DEADLINE + timedelta(days=4)):
        (left,) = waiting_below(cast.village)
        assert (left.matter, left.is_overdue(clock.today())) == (Matter.OBJECTION, True)


@pytest.mark.parametrize(
    ("due", "overdue"), [("2026-11-01", True), ("2026-11-02", False), ("2026-11-03", False)]
)
def test_its_last_day_is_not_too_late(due: str, overdue: bool) -> None:
    one = Waiting(1, Matter.NOTICE, "2026-10", date.fromisoformat(due), 3)
    assert one.is_overdue(TODAY) is overdue


def test_only_what_lies_below_the_unit(cast: Cast, village_beside: Unit) -> None:
    bring(SYSTEM, a_deed(cast.village, "018"))
    assert waiting_below(village_beside) == []
    assert len(waiting_below(Unit.objects.get(parent=None))) == 1


@pytest.fixture
def village_beside(cast: Cast) -> Unit:
    return Unit.objects.get(code="440783104220")


def test_many_cost_as_many_queries_as_few(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        waiting_below(cast.village)
    notice = noticed(cast.village, *(a_deed(cast.village, number) for number in ("018", "004", "050")))
    for number in (1, 2, 3):
        line = line_of(notice, number)
        lodge_objection(
            actor=SYSTEM, target=line, household_id=line.household_id, text="不对", key=str(number)
        )
    bring(SYSTEM, *(a_deed(cast.village, number) for number in ("018", "004", "050", "013")))
    verified(a_deed(cast.village, "018"))
    with CaptureQueriesContext(connection) as many:
        assert len(waiting_below(cast.village)) == 5
    assert len(many) == len(few)
