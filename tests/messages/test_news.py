"""Topics of the outbox become messages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.messages.cast import known_news, posted
from xiangyue.kernel import clock
from xiangyue.messages.models import Message
from xiangyue.messages.news import News, tell
from xiangyue.messages.templates import Template, known_templates, text_of, title_of
from xiangyue.records import operations as records
from xiangyue.records.models import OutboxMessage
from xiangyue.records.operations import deliver_waiting, pause_after, send


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(records, "_consumers", {})
    with known_news():
        yield


def test_a_topic_tells_whom_its_teller_names(cast: Cast) -> None:
    tell("harvest", lambda payload: [posted(payload["household"], payload["points"])])
    send(topic="harvest", payload={"household": cast.household("018").pk, "points": 800})
    assert not Message.objects.exists()
    assert deliver_waiting() == 1
    told = Message.objects.get()
    outbox = OutboxMessage.objects.get()
    assert (told.household, told.key) == (cast.household("018"), f"harvest:{outbox.pk}")
    assert told.facts == {"points": 800, "on": "2026-11-06"}


def test_a_message_bears_the_moment_of_its_news(cast: Cast) -> None:
    tell("harvest", lambda payload: [posted(payload["household"])])
    send(topic="harvest", payload={"household": cast.household("018").pk})
    with clock.as_of(clock.now() + timedelta(days=2)):
        deliver_waiting()
    assert Message.objects.get().at == OutboxMessage.objects.get().written_at


def test_a_repeated_delivery_tells_nobody_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tell("harvest", lambda payload: [posted(payload["household"])])
    send(topic="harvest", payload={"household": cast.household("018").pk})
    deliver_waiting()
    OutboxMessage.objects.update(delivered_at=None)
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_waiting() == 1
    assert Message.objects.count() == 1


def test_a_teller_that_fails_tells_nobody_and_is_asked_again(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    broken = True

    def teller(payload: dict[str, Any]) -> Iterator[News]:
        yield posted(payload["household"])
        if broken:
            raise LookupError

    tell("harvest", teller)
    send(topic="harvest", payload={"household": cast.household("018").pk})
    assert deliver_waiting() == 0
    assert not Message.objects.exists()
    broken = False
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_waiting() == 1
    assert Message.objects.count() == 1


def test_words_are_made_when_they_are_read() -> None:
    assert title_of("test-posted") == "积分入账了"
    assert text_of("test-posted", {"points": 800, "on": "2026-11-06"}) == "+8分，11月6日入账"
    with clock.as_of(clock.today().replace(year=2027)):
        assert text_of("test-posted", {"points": -250, "on": "2026-11-06"}) == "−2.5分，2026年11月6日入账"


def test_news_of_an_older_version_is_still_a_message() -> None:
    assert (title_of("gone"), text_of("gone", {"points": 1})) == ("一条消息", "")
    assert text_of("test-posted", {"points": 1}) == ""


def test_each_kind_has_a_code_that_fits_and_words() -> None:
    for template in known_templates():
        assert isinstance(template, Template)
        assert 0 < len(template.code) <= 40
        assert 0 < len(str(template.title)) <= 16
        assert str(template.text)
