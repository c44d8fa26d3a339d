from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.catalogue.cast import drafted
from xiangyue.catalogue.models import Catalogue, Feedback, Indicator, State, Vote
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.records.operations import store_file

DAY = date(2026, 10, 1)


def test_an_indicator_gives_its_item_back(
    admin: Actor, village: Unit, django_assert_num_queries: Any
) -> None:
    row = {
        "大类": "五美",
        "板块": "环境",
        "编号": "A1",
        "指标": "扫雪",
        "分值": "每小时2",
        "上限": "每月10分",
    }
    catalogue = drafted(admin, village, row)
    found = Indicator.objects.select_related("category", "catalogue").get(catalogue=catalogue)
    with django_assert_num_queries(0):
        item = found.item
    assert (item.number, item.title, item.family, item.category, item.local) == (
        "A1",
        "扫雪",
        "五美",
        "环境",
        False,
    )
    assert not {"number", "title", "category", "family", "local"} & found.rule.keys()


@pytest.mark.parametrize("wrong", [{"number": "2"}, {"position": 2}])
def test_the_database_refuses_two_of_a_number(admin: Actor, village: Unit, wrong: dict[str, Any]) -> None:
    rows = [{"编号": "1", "指标": "扫雪", "分值": "5"}, {"编号": "2", "指标": "植树", "分值": "5"}]
    catalogue = drafted(admin, village, *rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(catalogue=catalogue, number="1").update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.DRAFT, "in_force_from": DAY},
        {"state": State.ADOPTED, "in_force_from": DAY},
        {"state": State.DELIBERATED},
        {"state": State.IN_FORCE},
        {"state": State.IN_FORCE, "in_force_from": DAY, "in_force_until": DAY},
        {"state": State.SUPERSEDED, "in_force_from": DAY},
        {"state": State.SUPERSEDED, "in_force_from": DAY, "in_force_until": date(2026, 9, 30)},
    ],
)
def test_the_database_refuses_a_state_without_its_days(village: Unit, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalogue.objects.create(unit=village, name="细则", **wrong)


def test_a_unit_has_one_catalogue_in_force(village: Unit) -> None:
    Catalogue.objects.create(unit=village, name="旧", state=State.IN_FORCE, in_force_from=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalogue.objects.create(unit=village, name="新", state=State.IN_FORCE, in_force_from=DAY)


@pytest.mark.parametrize(
    "wrong", [{"present": 7}, {"present": 0, "votes_for": 0}, {"votes_for": 5}, {"abstained": 1}]
)
def test_the_database_refuses_votes_that_don_t_add_up(village: Unit, wrong: dict[str, int]) -> None:
    catalogue = Catalogue.objects.create(unit=village, name="细则")
    minutes = store_file(name="记录.txt", content=b"x")
    facts = {"eligible": 6, "present": 4, "votes_for": 4, "votes_against": 0, "abstained": 0} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(catalogue=catalogue, held_on=DAY, carried=True, minutes=minutes, **facts)


def test_the_database_refuses_an_answer_of_nobody(village: Unit) -> None:
    catalogue = Catalogue.objects.create(unit=village, name="细则")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(
            catalogue=catalogue, text="五分太少", said_by_kind="card", said_by_id=1, said_at=clock.now(),
            key="k", answer="改了",
        )  # fmt: skip
