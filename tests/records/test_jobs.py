import pytest

from tests.cast import Cast
from xiangyue.kernel import clock
from xiangyue.records import operations
from xiangyue.records.jobs import deliver_county
from xiangyue.records.models import OutboxMessage
from xiangyue.records.operations import Message, deliver_waiting


def waiting(count: int) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(topic="news", payload={"number": number}, written_at=clock.now())
        for number in range(count)
    )


def test_everything_that_waits_is_delivered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one run takes, with one among them that can't be delivered."""
    told: list[int] = []

    def hear(message: Message) -> None:
        told.append(message.payload["number"])
        if message.payload["number"] == 0:
            raise ConnectionError

    monkeypatch.setattr(operations, "_consumers", {"news": hear})
    monkeypatch.setattr(deliver_waiting, "__kwdefaults__", {"limit": 10})
    waiting(25)
    deliver_county()
    assert sorted(told) == list(range(25))
    assert OutboxMessage.objects.get(delivered_at=None).payload == {"number": 0}
