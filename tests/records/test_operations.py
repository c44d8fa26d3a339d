import stat
from typing import Any

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from tests.cast import Cast
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.records import operations
from xiangyue.records.models import LoggedAct, OutboxMessage, StoredFile
from xiangyue.records.operations import (
    FILE_LIMIT,
    MAX_ATTEMPTS,
    consume,
    deliver_waiting,
    file_path,
    log_act,
    send,
    store_file,
)
from xiangyue.records.refusals import FileTooLarge
from xiangyue.tenancy.models import Jurisdiction

# The action log


def test_each_row_that_was_changed_has_a_line(county: Jurisdiction) -> None:
    LoggedAct.objects.all().delete()
    log_act(
        actor=Actor.card(7),
        act="lodge",
        subject="objection",
        subject_ids=[3, 1],
        from_state="a",
        to_state="b",
        reason="理由",
        on_behalf_of=9,
    )
    lines = LoggedAct.objects.order_by("id")
    assert [line.subject_id for line in lines] == [3, 1]
    for line in lines:
        assert (line.actor_kind, line.actor_id, line.on_behalf_of) == ("card", 7, 9)
        assert (line.act, line.subject, line.from_state, line.to_state, line.reason) == (
            "lodge",
            "objection",
            "a",
            "b",
            "理由",
        )
        assert abs((clock.now() - line.at).total_seconds()) < 60


def test_nothing_changed_is_nothing_logged_and_what_is_undone_leaves_no_line(county: Jurisdiction) -> None:
    before = LoggedAct.objects.count()
    log_act(actor=SYSTEM, act="x", subject="y", subject_ids=[])
    with transaction.atomic():
        log_act(actor=SYSTEM, act="x", subject="y", subject_ids=[1])
        transaction.set_rollback(True)
    assert LoggedAct.objects.count() == before


def test_an_act_costs_one_query_for_any_number_of_rows(
    county: Jurisdiction, django_assert_num_queries: Any
) -> None:
    assert LoggedAct.objects.exists()
    with django_assert_num_queries(1):
        log_act(actor=SYSTEM, act="x", subject="y", subject_ids=range(300))


# Stored files


def test_a_file_is_kept_with_its_row(county: Jurisdiction) -> None:
    stored = store_file(name="签到.jpg", content=b"photo")
    stored.refresh_from_db()
    assert (stored.name, stored.media_type, stored.size) == ("签到.jpg", "image/jpeg", 5)
    path = file_path(stored.sha256)
    assert path.read_bytes() == b"photo"
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert [other.name for other in path.parent.iterdir()] == [stored.sha256]


def test_the_same_bytes_are_kept_once(county: Jurisdiction) -> None:
    first = store_file(name="a.jpg", content=b"photo")
    written = file_path(first.sha256).stat().st_mtime_ns
    assert store_file(name="b.png", content=b"photo") == first
    assert file_path(first.sha256).stat().st_mtime_ns == written
    assert StoredFile.objects.get(sha256=first.sha256).name == "a.jpg"
    assert store_file(name="a.jpg", content=b"another") != first


@pytest.mark.parametrize(
    ("name", "kept", "media_type"),
    [
        ("../../etc/passwd", "passwd", "application/octet-stream"),
        ("会议记录.pdf", "会议记录.pdf", "application/pdf"),
        ("页" * 300, "页" * 200, "application/octet-stream"),
    ],
)
def test_a_name_is_only_a_name(county: Jurisdiction, name: str, kept: str, media_type: str) -> None:
    stored = store_file(name=name, content=name.encode())
    assert (stored.name, stored.media_type) == (kept, media_type)


def test_what_is_too_large_is_refused(county: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    before = StoredFile.objects.count()
    with pytest.raises(FileTooLarge) as caught:
        store_file(name="录像.mp4", content=bytes(FILE_LIMIT + 1))
    assert caught.value.facts == {"name": "录像.mp4", "megabytes": 20, "limit": 20}
    assert StoredFile.objects.count() == before
    monkeypatch.setattr(operations, "FILE_LIMIT", 5)
    assert store_file(name="a", content=b"12345")


def test_each_county_has_a_folder_of_its_own(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> None:
    places = []
    for county in (founded, peopled):
        with schema_context(county.schema_name):
            places.append(file_path("ab" * 32))
    assert [place.parts[-3:] for place in places] == [
        (county.schema_name, "ab", "ab" * 32) for county in (founded, peopled)
    ]


def test_half_a_file_never_stands_in_for_a_whole_one(
    county: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: what was written so far does not count as kept."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    content = b"a photo of the ditch"
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(OSError, match="space"):
            store_file(name="a.jpg", content=content)
    stored = store_file(name="a.jpg", content=content)
    assert file_path(stored.sha256).read_bytes() == content


# The outbox


class Listener:
    """Keeps what it is told; fails as long as `broken`."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.broken: set[Any] = set()

    def __call__(self, payload: dict[str, Any]) -> None:
        self.told.append(payload["number"])
        log_act(actor=SYSTEM, act="heard", subject="test", subject_ids=[payload["number"]])
        if payload["number"] in self.broken:
            raise ConnectionError


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
    assert deliver_waiting() == 1
    assert (listener.told, heard()) == ([1, 1], [1])


def test_attempts_are_bounded(listener: Listener) -> None:
    listener.broken = {1}
    tell(1)
    for _attempt in range(MAX_ATTEMPTS + 3):
        assert deliver_waiting() == 0
    assert listener.told == [1] * MAX_ATTEMPTS
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.delivered_at) == (MAX_ATTEMPTS, None)


def test_news_whose_consumer_is_gone_waits_for_it(listener: Listener) -> None:
    tell(1)
    del operations._consumers["news"]
    assert deliver_waiting() == 0
    consume("news", listener)
    assert deliver_waiting() == 1
