from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import log_act
from xiangyue.records.queries import acts_of, acts_on, acts_upon, names_of_actors

DAY = date(2026, 10, 20)


@pytest.fixture
def lines(cast: Cast) -> Cast:
    LoggedAct.objects.all().delete()
    with clock.as_of(DAY):
        log_act(actor=cast.grid_leader, act="bring", subject="deed", subject_ids=[1, 2])
        log_act(actor=cast.villager, act="lodge", subject="objection", subject_ids=[1])
    with clock.as_of(date(2026, 10, 21)):
        log_act(actor=cast.secretary, act="return", subject="deed", subject_ids=[1], reason="缺照片")
        log_act(actor=cast.grid_leader, act="resubmit", subject="deed", subject_ids=[1])
        log_act(actor=SYSTEM, act="settle", subject="settlement", subject_ids=[4])
    return cast


def told(found: list[LoggedAct]) -> list[tuple[str, int]]:
    return [(line.act, line.subject_id) for line in found]


def test_what_was_done_to_a_row(lines: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert told(acts_upon("deed", [1])) == [("resubmit", 1), ("return", 1), ("bring", 1)]
    with django_assert_num_queries(1):
        assert told(acts_upon("deed", [1, 2]))[-2:] == [("bring", 2), ("bring", 1)]
    assert told(acts_upon("objection", [1])) == [("lodge", 1)]
    assert acts_upon("deed", [99]) == []


def test_what_somebody_did(lines: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert told(acts_of(lines.grid_leader)) == [("resubmit", 1), ("bring", 2), ("bring", 1)]
    assert told(acts_of(lines.villager)) == [("lodge", 1)]
    assert told(acts_of(SYSTEM)) == [("settle", 4)]
    assert acts_of(Actor.user(lines.villager.id + 10_000)) == []  # a card's number is no user's


def test_what_was_done_on_a_day(lines: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert told(acts_on(DAY)) == [("lodge", 1), ("bring", 2), ("bring", 1)]
    assert [line.act for line in acts_on(date(2026, 10, 21))] == ["settle", "resubmit", "return"]
    assert acts_on(date(2026, 10, 22)) == []


def test_a_day_begins_and_ends_at_midnight_where_the_villages_are(lines: Cast) -> None:
    for moment in (
        "2026-10-29T23:59:59",
        "2026-10-30T00:00:00",
        "2026-10-30T23:59:59",
        "2026-10-31T00:00:00",
    ):
        with clock.as_of(datetime.fromisoformat(f"{moment}+08:00")):
            log_act(actor=SYSTEM, act=moment[8:13], subject="test", subject_ids=[1])
    assert [line.act for line in acts_on(date(2026, 10, 30))] == ["30T23", "30T00"]


def test_pages_follow_each_other_without_a_gap(lines: Cast) -> None:
    log_act(actor=SYSTEM, act="count", subject="test", subject_ids=range(25))
    seen: list[int] = []
    before = None
    while page := acts_of(SYSTEM, before=before, limit=10):
        seen += [line.subject_id for line in page]
        before = page[-1].pk
    assert seen == [*range(24, -1, -1), 4]


def test_the_log_names_nobody_but_its_readers_can(lines: Cast, django_assert_num_queries: Any) -> None:
    found = acts_on(DAY) + acts_on(date(2026, 10, 21))
    with django_assert_num_queries(1):
        names = names_of_actors(found)
    assert sorted(names.values()) == ["柳成荫", "桑叶青"]
    assert names[lines.secretary.id] == "柳成荫"


@pytest.mark.slow
def test_each_reading_has_an_index(cast: Cast) -> None:
    """Of a log of 60,000 lines hardly any page is read."""
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO records_loggedact (at, actor_kind, actor_id, acted_as, act, subject, subject_id,
                                           from_state, to_state, reason)
            SELECT timestamptz '2025-01-01' + n * interval '10 minutes', 'user', n % 500, '', 'x', 'deed', n, '', '', ''
            FROM generate_series(1, 60000) n
        """)
        cursor.execute("ANALYZE records_loggedact")
        found = []
        for condition in (
            "subject = 'deed' AND subject_id IN (17)",
            "actor_kind = 'user' AND actor_id = 17",
            "at >= '2025-06-01' AND at < '2025-06-02'",
        ):
            cursor.execute(
                f"EXPLAIN SELECT * FROM records_loggedact WHERE {condition} ORDER BY id DESC LIMIT 100"
            )
            found.append(" ".join(row[0] for row in cursor.fetchall()))
    assert "subject" in found[0]
    assert "log_by_actor" in found[1]
    assert "log_by_day" in found[2]
