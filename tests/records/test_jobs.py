from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.records import operations
from xiangyue.records.jobs import deliver_county
from xiangyue.records.models import OutboxMessage
from xiangyue.records.operations import deliver_waiting


def waiting(count: int) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(topic="news", payload={"number": number}, written_at=clock.now())
        for number in range(count)
    )


def test_everything_that_waits_is_delivered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one run takes, with one among them that can't be delivered."""
    told: list[int] = []

    def hear(payload: dict[str, Any]) -> None:
        told.append(payload["number"])
        if payload["number"] == 0:
            raise ConnectionError

    monkeypatch.setattr(operations, "_consumers", {"news": hear})
    monkeypatch.setattr(deliver_waiting, "__kwdefaults__", {"limit": 10})
    waiting(25)
    deliver_county()
    assert sorted(set(told)) == list(range(25))
    assert told.count(1) == 1
    assert OutboxMessage.objects.get(delivered_at=None).payload == {"number": 0}


@pytest.mark.slow
def test_two_workers_share_the_work(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one hands over a message, the other passes it by and takes the next."""
    told: list[tuple[int, int]] = []
    pause = Pause()

    def hear(payload: dict[str, Any]) -> None:
        assert connection.connection is not None
        told.append((payload["number"], connection.connection.info.backend_pid))

    monkeypatch.setattr(operations, "_consumers", {"news": after(hear, pause)})
    waiting(3)
    first, second = meet(deliver_waiting, deliver_waiting, pause)
    assert (first, second) == (1, 2)
    assert sorted(number for number, _by in told) == [0, 1, 2]
    assert len({by for _number, by in told}) == 2
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()
