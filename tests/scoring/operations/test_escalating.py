from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import october, somebody
from tests.scoring.objecting import admit, dismiss, lodge, uphold
from tests.scoring.operations.test_settlement import lodge as lodge_there
from tests.scoring.operations.test_settlement import noticed_there
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.people.offices import GRANTS, Act
from xiangyue.people.permissions import NotAllowed
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.instances import OFFICES, ORDER, instance_on, is_overdue, last_day
from xiangyue.scoring.models import Instance, Notice, Objection, ObjectionState, ScoringRules
from xiangyue.scoring.objection_queries import listed_objections, open_objections, overdue_objections
from xiangyue.scoring.objection_refusals import PassedOn
from xiangyue.scoring.operations import escalating
from xiangyue.scoring.operations.escalating import Escalation, escalate_objections
from xiangyue.scoring.queries import current_lines, held_back, line_of

VILLAGE, SUPERVISION, TOWN = Instance.VILLAGE, Instance.SUPERVISION, Instance.TOWN
# Lodged on Monday the 2nd of November; five working days each, without weekends.
LODGED, FIRST, SECOND, THIRD = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 17), date(2026, 11, 25)
DAY = timedelta(days=1)
NONE: Counter[Instance] = Counter()


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return october(cast.village)


def escalated(on: date) -> Escalation:
    with clock.as_of(on):
        return escalate_objections(actor=SYSTEM)


def where(objection: Objection) -> tuple[str, date]:
    objection.refresh_from_db()
    return objection.instance, objection.answer_by


def test_every_office_that_answers_has_its_instance() -> None:
    assert set(OFFICES.values()) == {
        office for office, acts in GRANTS.items() if Act.ANSWER_OBJECTIONS in acts
    }
    assert set(ORDER) == set(Instance)


def test_an_instance_has_working_days(cast: Cast) -> None:
    days = {LODGED: FIRST, date(2026, 11, 7): date(2026, 11, 13), date(2026, 11, 6): date(2026, 11, 13)}
    assert {day: last_day(day) for day in days} == days
    ScoringRules.objects.update(objection_days=1)
    assert last_day(date(2026, 11, 6)) == date(2026, 11, 9)


def test_what_is_not_answered_goes_from_instance_to_instance_and_stays_with_the_town(
    cast: Cast, notice: Notice
) -> None:
    objection = lodge(cast, line_of(notice, 5))
    assert where(objection) == (VILLAGE, FIRST)
    assert escalated(FIRST) == Escalation(NONE, 0)
    assert escalated(FIRST + DAY) == Escalation(Counter({SUPERVISION: 1}), 0)
    assert where(objection) == (SUPERVISION, SECOND)
    assert escalated(SECOND) == Escalation(NONE, 0)
    assert escalated(SECOND + DAY) == Escalation(Counter({TOWN: 1}), 0)
    assert where(objection) == (TOWN, THIRD)
    assert escalated(THIRD) == Escalation(NONE, 0)
    for late in (DAY, 30 * DAY):
        assert escalated(THIRD + late) == Escalation(NONE, 1)
    assert where(objection) == (TOWN, THIRD)
    logged = LoggedAct.objects.filter(act="escalate", subject="objection", subject_id=objection.pk)
    moves = list(logged.order_by("id").values_list("from_state", "to_state"))
    assert moves == [(VILLAGE, SUPERVISION), (SUPERVISION, TOWN)]


def test_a_worker_that_was_down_skips_no_instance(cast: Cast, notice: Notice) -> None:
    """Each has its days, however long nobody passed it on."""
    objection = lodge(cast, line_of(notice, 5))
    on = date(2026, 12, 21)
    assert escalated(on).moved == Counter({SUPERVISION: 1})
    assert where(objection) == (SUPERVISION, date(2026, 12, 28))
    assert escalated(on).moved == NONE


def test_what_is_answered_goes_nowhere(cast: Cast, notice: Notice) -> None:
    dismissed, upheld = (lodge(cast, line_of(notice, number)) for number in (5, 6))
    dismiss(dismissed)
    uphold(upheld, {6: 0})
    assert escalated(date(2026, 12, 1)) == Escalation(NONE, 0)


def test_what_is_passed_on_is_still_held(cast: Cast, notice: Notice) -> None:
    admit(lodge(cast, notice))
    escalated(date(2026, 12, 1))
    assert held_back(current_lines(notice)).count() == 7


def test_many_are_passed_on_in_as_many_queries_as_one(cast: Cast, notice: Notice) -> None:
    def cost(on: date) -> int:
        with CaptureQueriesContext(connection) as caught:
            escalated(on)
        return len(caught)

    lodge(cast, line_of(notice, 1))
    once = cost(FIRST + DAY)
    Objection.objects.update(state=ObjectionState.DISMISSED)
    for number in range(2, 8):
        lodge(cast, line_of(notice, number))
    assert cost(FIRST + DAY) == once
    assert Objection.objects.filter(instance=SUPERVISION).count() == 7


def test_who_listens_is_told_once(cast: Cast, notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records._consumers, "objections-escalated", lambda payload: None)
    ids = [lodge(cast, line_of(notice, number)).pk for number in (5, 6)]
    for _time in range(2):
        escalated(FIRST + DAY)
    told = OutboxMessage.objects.get(topic="objections-escalated")
    assert told.payload == {"objections": ids, "instance": "supervision"}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("system", True),
        ("admin", True),
        ("柳成荫", False),
        ("竹有节", False),
        ("云帆远", False),
        ("card 018", False),
    ],
)
def test_who_settles_the_whole_county_may_run_it_by_hand(
    cast: Cast, notice: Notice, who: str, allowed: bool
) -> None:
    lodge(cast, line_of(notice, 5))
    with clock.as_of(FIRST + DAY):
        if allowed:
            done = escalate_objections(actor=somebody(cast.village, who))
            assert done.moved == Counter({SUPERVISION: 1})
            return
        with pytest.raises(NotAllowed):
            escalate_objections(actor=somebody(cast.village, who))


# Who may still answer

WHO = {"柳成荫": VILLAGE, "竹有节": SUPERVISION, "云帆远": TOWN}


@pytest.mark.parametrize("login", WHO)
@pytest.mark.parametrize("instance", Instance)
@pytest.mark.parametrize("late", [False, True])
def test_the_instance_whose_turn_it_is_answers_and_those_above_it(
    cast: Cast, notice: Notice, login: str, instance: Instance, late: bool
) -> None:
    """Whether the job has run or not: the day decides."""
    objection = lodge(cast, line_of(notice, 5))
    Objection.objects.update(instance=instance)
    turn = instance if instance is TOWN or not late else ORDER[ORDER.index(instance) + 1]
    with clock.as_of(FIRST + DAY if late else FIRST):
        if ORDER.index(WHO[login]) >= ORDER.index(turn):
            assert dismiss(objection, by=login).answered_by == cast.user(login)
            return
        with pytest.raises(PassedOn) as caught:
            dismiss(objection, by=login)
    assert caught.value.facts == {"instance": turn.label, "answer_by": FIRST}


def test_what_is_late_is_listed_as_late(cast: Cast, notice: Notice) -> None:
    to_line, to_all = lodge(cast, line_of(notice, 5)), lodge(cast, notice, of="004")
    with clock.as_of(FIRST):
        assert not overdue_objections(cast.village).exists()
        assert list(open_objections(cast.village)) == [to_line, to_all]
    with clock.as_of(FIRST + DAY):
        assert list(overdue_objections(cast.village)) == [to_line, to_all]
        escalate_objections(actor=SYSTEM)
        assert not overdue_objections(cast.village).exists()
        assert [one.overdue for one in listed_objections(notice, SYSTEM)] == [False, False]
    with clock.as_of(date(2026, 11, 18)):
        assert [one.overdue for one in listed_objections(notice, SYSTEM)] == [False, True]
        to_all.refresh_from_db()
        assert is_overdue(to_all, clock.today())
        assert instance_on(to_all, clock.today()) == TOWN
        dismiss(to_all, by="云帆远")
        assert [one.overdue for one in listed_objections(notice, SYSTEM)] == [False, False]
    assert not overdue_objections(Unit.objects.get(code="440783104220")).exists()


# At the same time


def unlocked() -> list[tuple[int, str]]:
    late = overdue_objections(Unit.objects.get(parent=None)).order_by("id")
    return list(late.values_list("id", "instance"))


def on(day: date, work: Callable[[], Any]) -> Callable[[], Any]:
    def dated() -> Any:
        with clock.as_of(day):
            return work()

    return dated


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_two_at_once_skip_no_instance(
    race_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """The first stops before it commits. Without the lock the second passes the same on once more, and tells twice."""
    notice, pause = noticed_there(race_village, "005"), Pause()
    objection = lodge_there(race_village, line_of(notice, 1), of="005")
    monkeypatch.setattr(escalating, "_pass_on", after(escalating._pass_on, pause))
    if not locked:
        monkeypatch.setattr(escalating, "_locked_overdue", unlocked)
    run = on(objection.answer_by + DAY, lambda: escalate_objections(actor=SYSTEM))
    first, second = meet(run, run, pause)
    objection.refresh_from_db()
    assert first.moved[SUPERVISION] == 1
    assert second.moved[SUPERVISION] == (0 if locked else 1)
    moves = LoggedAct.objects.filter(act="escalate", subject_id=objection.pk).count()
    assert (objection.instance, moves) == (SUPERVISION, 1 if locked else 2)
    Objection.objects.filter(id=objection.pk).update(state=ObjectionState.DISMISSED)
