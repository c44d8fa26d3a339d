from datetime import date
from typing import Any

import pytest

from tests.catalogue.cast import drafted, in_force
from xiangyue.catalogue.arithmetic import Rule
from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.queries import (
    catalogue_in_force,
    find_indicator,
    indicators_in_force,
    newest_draft,
    rule_of,
)
from xiangyue.catalogue.refusals import AmbiguousIndicator, NoCatalogueInForce, NoDraft, UnknownIndicator
from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit

AUTUMN, WINTER = date(2026, 10, 1), date(2027, 1, 1)


@pytest.fixture
def town(village: Unit) -> Unit:
    assert village.parent is not None
    return village.parent


def test_the_nearest_catalogue_on_the_day_counts(admin: Actor, town: Unit, village: Unit) -> None:
    frame = in_force(admin, town, AUTUMN)
    assert catalogue_in_force(village, AUTUMN) == frame
    own = in_force(admin, village, WINTER)
    assert catalogue_in_force(village, date(2026, 12, 31)) == frame
    assert catalogue_in_force(village, WINTER) == own
    assert catalogue_in_force(town, WINTER) == frame


def test_a_version_judges_its_own_days(admin: Actor, village: Unit) -> None:
    first = in_force(admin, village, AUTUMN)
    second = in_force(admin, village, WINTER)
    drafted(admin, village)
    days = [AUTUMN, date(2026, 12, 31), WINTER, date(2030, 1, 1)]
    assert [catalogue_in_force(village, day) for day in days] == [first, first, second, second]


def test_before_the_first_there_is_none(admin: Actor, village: Unit) -> None:
    in_force(admin, village, AUTUMN)
    with pytest.raises(NoCatalogueInForce) as caught:
        catalogue_in_force(village, date(2025, 12, 31))
    assert caught.value.facts == {"unit": village.name, "day": "2025-12-31"}


def test_a_village_does_not_rule_its_town_or_its_neighbour(admin: Actor, town: Unit, village: Unit) -> None:
    own = in_force(admin, village, AUTUMN)
    neighbour = Unit.objects.filter(parent=town).exclude(pk=village.pk).first()
    assert neighbour is not None
    assert catalogue_in_force(village, AUTUMN) == own
    assert {catalogue_in_force(unit, AUTUMN).unit for unit in (town, neighbour)} == {town}


def test_indicators_cost_the_same_for_few_and_for_many(
    admin: Actor, village: Unit, django_assert_num_queries: Any
) -> None:
    rows = [{"指标": f"第{n}项", "分值": "1", "上限": "每月2次；每年9次"} for n in range(30)]
    in_force(admin, village, AUTUMN, *rows)
    with django_assert_num_queries(3):
        indicators = indicators_in_force(village, AUTUMN)
        rules = [rule_of(indicator) for indicator in indicators]
        categories = {indicator.category.name for indicator in indicators}
    assert len(rules) == 30
    assert all(len(rule.limits) == 2 for rule in rules)
    assert categories == {"未分板块"}


def test_a_rule_says_what_the_table_said(admin: Actor, village: Unit) -> None:
    catalogue = drafted(
        admin,
        village,
        {"编号": "7", "指标": "志愿服务", "分值": "每小时2", "上限": "每户每月40分", "对象": "个人"},
    )
    assert rule_of(find_indicator(catalogue, "7")) == Rule(
        number="7",
        title="志愿服务",
        direction=Direction.AWARD,
        form=Form.PER_UNIT,
        minimum=200,
        maximum=200,
        unit="小时",
        subject=Subject.PERSON,
        limits=(Limit(Window.MONTH, Measure.POINTS, 4000, Subject.HOUSEHOLD),),
    )


def test_an_indicator_is_found_by_number_or_title(admin: Actor, village: Unit) -> None:
    catalogue = drafted(
        admin,
        village,
        {"编号": "1", "指标": "扫雪", "分值": "1"},
        {"编号": "2", "指标": "植树（义务）", "分值": "1"},
        {"编号": "3", "指标": "扫雪", "分值": "2"},
        {"编号": "4", "指标": "2", "分值": "2"},
    )
    assert find_indicator(catalogue, " ２ ").title == "植树（义务）"
    assert find_indicator(catalogue, "植树(义务)").number == "2"
    with pytest.raises(UnknownIndicator):
        find_indicator(catalogue, "植树")
    with pytest.raises(AmbiguousIndicator) as caught:
        find_indicator(catalogue, "扫雪")
    assert caught.value.facts["numbers"] == "1、3"


def test_the_newest_draft_is_the_one_to_enact(admin: Actor, town: Unit, village: Unit) -> None:
    with pytest.raises(NoDraft):
        newest_draft(village)
    drafted(admin, village)
    latest = drafted(admin, village)
    drafted(admin, town)
    assert newest_draft(village) == latest
