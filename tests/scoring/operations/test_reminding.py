from datetime import date, timedelta

import pytest
from django.db import connection

from tests.cast import Cast
from tests.scoring.cast import a_deed, bring
from tests.scoring.races import Request
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.models import Reminder
from xiangyue.scoring.operations import reminding
from xiangyue.scoring.operations.reminding import remind_county
from xiangyue.scoring.operations.review import verify_deeds

DUE = date(2026, 11, 9)  # what was brought on 2 November should be verified by then


@pytest.fixture(autouse=True)
def listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody consumes reminders: without a consumer the outbox keeps none."""
    monkeypatch.setitem(records._consumers, "due", lambda message: None)


@pytest.mark.parametrize(("days", "told"), [(-3, []), (-2, [False]), (0, [False]), (1, [True]), (30, [True])])
def test_when_one_is_reminded(cast: Cast, days: int, told: list[bool]) -> None:
    bring(SYSTEM, a_deed(cast.village, "018"))
    with clock.as_of(DUE + timedelta(days=days)):
        made = remind_county()
    found = Reminder.objects.filter(id__in=made)
    assert [one.overdue for one in found] == told
    assert [one.due for one in found] == [DUE] * len(told)


def test_twice_in_all_however_often_it_runs(cast: Cast) -> None:
    bring(SYSTEM, a_deed(cast.village, "018"))
    counts = []
    for days in range(-4, 6):
        with clock.as_of(DUE + timedelta(days=days)):
            counts.append(len(remind_county()) + len(remind_county()))
    assert counts == [0, 0, 1, 0, 0, 1, 0, 0, 0, 0]
    told = OutboxMessage.objects.filter(topic="due").order_by("id").values_list("payload", flat=True)
    assert [one["reminder"] for one in told] == list(
        Reminder.objects.order_by("id").values_list("id", flat=True)
    )
    assert LoggedAct.objects.filter(act="remind", subject="reminder").count() == 2


def test_what_is_done_is_not_told(cast: Cast) -> None:
    (deed,) = bring(SYSTEM, a_deed(cast.village, "018"))
    verify_deeds(actor=SYSTEM, deed_ids=[deed.pk])
    with clock.as_of(DUE):
        remind_county()
    assert list(Reminder.objects.values_list("matter", flat=True)) == ["meeting"]


@pytest.mark.slow
@pytest.mark.parametrize("guarded", [True, False])
def test_two_at_the_same_time_remind_once(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Taken away, the unique rule lets both tell it."""
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE scoring_reminder DROP CONSTRAINT reminded_once")
        monkeypatch.setattr(reminding, "INSERT", reminding.INSERT.replace("ON CONFLICT DO NOTHING", ""))
    bring(SYSTEM, a_deed(committed_cast.village, "018"))
    with clock.as_of(DUE):
        requests = [Request(remind_county) for _place in range(4)]
        for request in requests:
            request.start()
        for request in requests:
            request.join()
    told = [len(request.outcome) for request in requests]
    assert (sum(told) == 1) is guarded
    assert Reminder.objects.count() == sum(told)
