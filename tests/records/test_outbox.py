"""News is delivered at least once, in spite of failing consumers, killed workers and several of them at once."""

import logging
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.records import operations
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.records.operations import (
    MAX_ATTEMPTS,
    Message,
    consume,
    deliver_waiting,
    log_act,
    pause_after,
    redeliver,
    send,
)
from xiangyue.records.queries import dead_letters, outbox_state


class Listener:
    """Keeps what it is told; fails as long as `broken`."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.broken: set[Any] = set()
        self.messages: list[Message] = []

    def __call__(self, message: Message) -> None:
        number = message.payload["number"]
        self.told.append(number)
        self.messages.append(message)
        log_act(actor=SYSTEM, act="heard", subject="test", subject_ids=[number])
        if number in self.broken:
            raise ConnectionError("田禾生's phone is off")


@pytest.fixture
def listener(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(operations, "_consumers", {})
    heard = Listener()
    consume("news", heard)
    return heard


def tell(*numbers: int, topic: str = "news") -> None:
    for number in numbers:
        send(topic=topic, payload={"number": number})


def heard() -> list[int]:
    return list(LoggedAct.objects.filter(act="heard").order_by("id").values_list("subject_id", flat=True))


def test_news_is_delivered_once_oldest_first(listener: Listener) -> None:
    tell(1, 2, 3)
    assert listener.told == []
    assert deliver_waiting() == 3
    assert (listener.told, heard()) == ([1, 2, 3], [1, 2, 3])
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()
    assert deliver_waiting() == 0
    assert listener.told == [1, 2, 3]


def test_a_run_delivers_no_more_than_it_is_asked_for(listener: Listener) -> None:
    tell(1, 2, 3)
    assert (deliver_waiting(limit=2), listener.told) == (2, [1, 2])
    assert (deliver_waiting(limit=2), listener.told) == (1, [1, 2, 3])


def test_news_of_what_was_undone_is_never_told(listener: Listener) -> None:
    with transaction.atomic():
        tell(1)
        transaction.set_rollback(True)
    assert deliver_waiting() == 0
    assert listener.told == []


def test_news_that_nobody_wants_leaves_no_row(listener: Listener) -> None:
    tell(1, topic="weather")
    assert not OutboxMessage.objects.exists()


def test_one_failing_consumer_stops_no_other(listener: Listener) -> None:
    other = Listener()
    consume("other", other)
    listener.broken = {1, 2}
    tell(1, 2)
    tell(3, topic="other")
    tell(4)
    assert deliver_waiting() == 2
    assert (listener.told, other.told) == ([1, 2, 4], [3])
    waiting = OutboxMessage.objects.filter(delivered_at=None).order_by("id")
    assert [(one.payload["number"], one.attempts) for one in waiting] == [(1, 1), (2, 1)]


def test_what_a_failing_consumer_wrote_is_undone_and_done_again(listener: Listener) -> None:
    listener.broken = {1}
    tell(1)
    assert deliver_waiting() == 0
    assert heard() == []
    listener.broken = set()
    assert deliver_waiting() == 0  # not so soon
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_waiting() == 1
    assert (listener.told, heard()) == ([1, 1], [1])


def test_a_consumer_can_tell_a_repeat(listener: Listener, cast: Cast) -> None:
    listener.broken = {1}
    tell(1, 2)
    deliver_waiting()
    listener.broken = set()
    with clock.as_of(clock.now() + pause_after(1)):
        deliver_waiting()
    first, other, again = listener.messages
    assert first.id == again.id != other.id
    assert (first.key, first.attempt, again.attempt) == (f"county_peopled:{first.id}", 1, 2)
    assert first.key == again.key


def test_a_failure_is_noted_without_its_words(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    listener.broken = {1}
    tell(1)
    deliver_waiting()
    assert OutboxMessage.objects.get().failure == "ConnectionError"
    assert outbox_state().failing == 1
    with clock.as_of(clock.now() + pause_after(1)):
        listener.broken = set()
        deliver_waiting()
    assert OutboxMessage.objects.get().failure == ""


def test_pauses_grow() -> None:
    minutes = [pause_after(attempts) / timedelta(minutes=1) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


@pytest.fixture
def given_up(listener: Listener) -> Iterator[OutboxMessage]:
    """A message that failed as often as it may, at the moment of its last failure."""
    listener.broken = {1}
    tell(1)
    now = clock.now()
    for attempts in range(1, MAX_ATTEMPTS + 1):
        with clock.as_of(now):
            assert deliver_waiting() == 0
            assert deliver_waiting() == 0
        now += pause_after(attempts) + timedelta(seconds=10)  # a busy machine's own time
    with clock.as_of(now):
        yield OutboxMessage.objects.get()


def test_attempts_are_bounded(listener: Listener, given_up: OutboxMessage) -> None:
    assert listener.told == [1] * MAX_ATTEMPTS
    assert (given_up.attempts, given_up.delivered_at) == (MAX_ATTEMPTS, None)
    with clock.as_of(clock.now() + timedelta(days=400)):
        assert deliver_waiting() == 0
    assert listener.told == [1] * MAX_ATTEMPTS


def test_a_dead_letter_can_be_seen(
    given_up: OutboxMessage, caplog: pytest.LogCaptureFixture, django_assert_num_queries: Any
) -> None:
    tell(2)
    with django_assert_num_queries(1):
        assert dead_letters() == [given_up]
    with django_assert_num_queries(1):
        state = outbox_state()
    assert (state.waiting, state.failing, state.dead) == (1, 0, 1)
    assert state.oldest == OutboxMessage.objects.get(payload={"number": 2}).written_at


def test_giving_up_is_an_error_in_the_log(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    listener.broken = {1}
    tell(1)
    OutboxMessage.objects.update(attempts=MAX_ATTEMPTS - 1)
    deliver_waiting()
    message = OutboxMessage.objects.get()
    (record,) = (one for one in caplog.records if one.name == "xiangyue.records.operations")
    assert record.levelno == logging.ERROR
    assert f"county_peopled:{message.pk} (news) is given up after {MAX_ATTEMPTS} attempts" in record.message
    assert dead_letters() == [message]


def test_a_dead_letter_may_be_tried_again(listener: Listener, given_up: OutboxMessage) -> None:
    tell(2)
    other = OutboxMessage.objects.get(payload={"number": 2})
    assert redeliver(actor=SYSTEM, message_ids=[given_up.pk, other.pk]) == 1
    line = LoggedAct.objects.get(act="redeliver")
    assert (line.subject, line.subject_id) == ("message", given_up.pk)
    assert dead_letters() == []
    listener.broken = set()
    assert deliver_waiting() == 2
    assert heard() == [1, 2]


def test_the_last_attempt_is_no_dead_letter_while_it_lasts(listener: Listener) -> None:
    seen: list[int] = []
    consume("news", lambda _message: seen.append(outbox_state().dead))
    tell(1)
    OutboxMessage.objects.update(attempts=MAX_ATTEMPTS - 1)
    assert deliver_waiting() == 1
    assert seen == [0]


def test_one_whose_worker_died_at_the_last_attempt_becomes_one(listener: Listener) -> None:
    tell(1)
    OutboxMessage.objects.update(attempts=MAX_ATTEMPTS - 1)

    def die(_message: Message) -> None:
        raise KeyboardInterrupt

    consume("news", die)
    with pytest.raises(KeyboardInterrupt):
        deliver_waiting()
    assert dead_letters() == []
    with clock.as_of(clock.now() + pause_after(MAX_ATTEMPTS)):
        assert [message.payload for message in dead_letters()] == [{"number": 1}]


def test_news_whose_consumer_is_gone_waits_for_it(listener: Listener) -> None:
    tell(1)
    del operations._consumers["news"]
    assert deliver_waiting() == 0
    consume("news", listener)
    assert deliver_waiting() == 1


def test_a_message_that_kills_its_worker_does_not_keep_the_others_waiting(listener: Listener) -> None:
    """It is counted before it is handed over, so that it has its pause too, and an end."""

    def kill(message: Message) -> None:
        if message.payload["number"] == 1:
            raise KeyboardInterrupt
        listener(message)

    consume("news", kill)
    tell(1, 2)
    with pytest.raises(KeyboardInterrupt):
        deliver_waiting()
    assert deliver_waiting() == 1
    assert listener.told == [2]
    assert OutboxMessage.objects.get(delivered_at=None).attempts == 1


# For real: several connections, and a worker that is killed


@pytest.mark.slow
def test_a_worker_killed_between_effect_and_mark_does_it_again_under_the_same_key(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it wrote into the database is there once; what it did outside is done twice, and can be told by its key."""
    outside = tmp_path / "sent"

    def hear(message: Message) -> None:
        log_act(actor=SYSTEM, act="heard", subject="test", subject_ids=[message.payload["number"]])
        with outside.open("a") as file:
            file.write(f"{message.key} {message.attempt}\n")
        if message.attempt == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(operations, "_consumers", {"news": hear})
    tell(7)
    message = OutboxMessage.objects.get()
    connection.close()  # the child must not share it
    child = os.fork()
    if child == 0:
        deliver_waiting()
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    message.refresh_from_db()
    assert (message.attempts, message.delivered_at, heard()) == (1, None, [])
    assert deliver_waiting() == 0
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_waiting() == 1
    assert heard() == [7]
    key = f"{connection.schema_name}:{message.pk}"  # type: ignore[attr-defined]
    assert outside.read_text().splitlines() == [f"{key} 1", f"{key} 2"]


@pytest.mark.slow
def test_two_workers_share_the_work(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one hands over a message, the other passes it by and takes the next."""
    told: list[tuple[int, int]] = []
    pause = Pause()

    def hear(message: Message) -> None:
        assert connection.connection is not None
        told.append((message.payload["number"], connection.connection.info.backend_pid))

    monkeypatch.setattr(operations, "_consumers", {"news": after(hear, pause)})
    tell(1, 2, 3)
    first, second = meet(deliver_waiting, deliver_waiting, pause)
    assert (first, second) == (1, 2)
    assert sorted(number for number, _by in told) == [1, 2, 3]
    assert len({by for _number, by in told}) == 2
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_a_slow_consumer_is_not_joined_by_a_second_one(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """It takes longer than its pause: only its row's lock keeps the next worker off. Without it, both do the work."""
    told: list[int] = []
    pause = Pause()
    monkeypatch.setattr(
        operations, "_consumers", {"news": after(lambda message: told.append(message.attempt), pause)}
    )
    if not is_locked:
        rows = OutboxMessage.objects.all()
        monkeypatch.setattr(type(rows), "select_for_update", lambda self, **_how: self.all())
    tell(1)

    def later() -> int:
        with clock.as_of(clock.now() + timedelta(hours=1)):
            return deliver_waiting()

    first, second = meet(deliver_waiting, later, pause)
    if is_locked:
        assert (first, second, told) == (1, 0, [1])
    else:
        assert told == [1, 2]
