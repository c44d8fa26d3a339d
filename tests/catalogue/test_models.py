from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.catalogue.cast import drafted
from xiangyue.catalogue.models import Cap, Catalogue, Indicator, State
from xiangyue.catalogue.terms import Form, Measure, Subject, Window
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points_min": 0, "points_max": 0},
        {"points_min": -500, "points_max": -500},
        {"points_min": 500, "points_max": 600},
        {"points_min": None, "points_max": None},
        {"points_min": 500, "points_max": None},
        {"form": Form.RANGE, "points_min": 600, "points_max": 500},
        {"form": Form.RANGE, "points_min": 500, "points_max": 500},
        {"form": Form.CASE_BY_CASE, "points_min": 500, "points_max": 500},
        {"number": "2"},
    ],
)
def test_the_database_refuses_points_that_do_not_fit(
    admin: Actor, village: Unit, wrong: dict[str, Any]
) -> None:
    catalogue = drafted(
        admin,
        village,
        {"编号": "1", "指标": "扫雪", "分值": "5"},
        {"编号": "2", "指标": "植树", "分值": "5"},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(catalogue=catalogue, number="1").update(**wrong)


@pytest.mark.parametrize("amount", [0, -1])
def test_the_database_refuses_a_cap_of_nothing(admin: Actor, village: Unit, amount: int) -> None:
    indicator = drafted(admin, village).indicators.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Cap.objects.create(
            indicator=indicator,
            window=Window.MONTH,
            measure=Measure.TIMES,
            amount=amount,
            scope=Subject.HOUSEHOLD,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.DRAFT, "in_force_from": DAY},
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
