from dataclasses import replace
from typing import Any

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import log_act
from xiangyue.tenancy.models import Jurisdiction


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


def test_a_line_says_as_what_somebody_acted(county: Jurisdiction) -> None:
    LoggedAct.objects.all().delete()
    leader = replace(Actor.user(3), office="grid_leader", place=41)
    log_act(actor=leader, act="verify", subject="deed", subject_ids=[1])
    log_act(actor=Actor.card(9), act="lodge", subject="objection", subject_ids=[3])
    log_act(actor=Actor.user(3), act="verify", subject="deed", subject_ids=[4])
    log_act(actor=SYSTEM, act="settle", subject="settlement", subject_ids=[5])
    lines = LoggedAct.objects.order_by("id").values_list("acted_as", "acted_as_id")
    assert list(lines) == [("grid_leader", 41), ("household", 9), ("", None), ("", None)]
