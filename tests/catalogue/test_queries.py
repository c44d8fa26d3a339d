from datetime import date
from typing import Any

import pytest

from tests.catalogue.cast import drafted, in_force
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import (
    began,
    catalogue_by_id,
    catalogue_in_force,
    find_indicator,
    frame_above,
    indicators_of,
    newest_draft,
    rules_in_force,
    scheme_for,
    schemes_of,
)
from xiangyue.catalogue.refusals import (
    AmbiguousIndicator,
    NoCatalogueInForce,
    NoDraft,
    NoFrame,
    UnknownCatalogue,
    UnknownIndicator,
)
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
    with django_assert_num_queries(2):
        items = [indicator.item for indicator in indicators_of(*rules_in_force(village, AUTUMN).catalogues)]
    assert len(items) == 30
    assert all(len(item.limits) == 2 for item in items)
    assert {item.category for item in items} == {"未分板块"}


def test_own_items_of_every_unit_down_to_this_one_count(admin: Actor, town: Unit, village: Unit) -> None:
    frame = in_force(admin, town, AUTUMN, {"编号": "1", "指标": "扫雪", "分值": "5"})
    own = in_force(admin, village, WINTER, {"编号": "N1", "指标": "守渡口", "分值": "1"}, is_local=True)
    before, after = rules_in_force(village, AUTUMN), rules_in_force(village, WINTER)
    assert (before.frame, before.own, after.frame, after.own) == (frame, (), frame, (own,))
    assert [each.number for each in indicators_of(*after.catalogues)] == ["1", "N1"]
    local = find_indicator(after, "守渡口")
    assert (after.holds(local), before.holds(local), local.item.local) == (True, False, True)
    assert schemes_of([local]) == {own.pk: frame.rules}
    assert rules_in_force(town, WINTER).own == ()


def test_schemes_cost_the_same_for_one_local_catalogue_and_for_many(
    admin: Actor, town: Unit, village: Unit, django_assert_num_queries: Any
) -> None:
    first = in_force(admin, town, AUTUMN, {"编号": "1", "指标": "扫雪", "分值": "5"})
    villages = list(Unit.objects.filter(parent=town, level=village.level)[:6])
    assert len(villages) == 6
    for unit in villages[:3]:
        in_force(admin, unit, AUTUMN, {"编号": "N1", "指标": "守渡口", "分值": "1"}, is_local=True)
    second = in_force(admin, town, WINTER, {"编号": "1", "指标": "扫雪", "分值": "6"})
    for unit in villages[3:]:
        in_force(admin, unit, WINTER, {"编号": "N1", "指标": "守渡口", "分值": "1"}, is_local=True)
    known = list(Indicator.objects.filter(number="N1").select_related("catalogue").order_by("id"))
    for some in (known[:1], known):
        with django_assert_num_queries(2):
            schemes = schemes_of(some)
        assert set(schemes) == {indicator.catalogue_id for indicator in some}
    frames = [frame_above(each.catalogue.unit, each.catalogue.in_force_from) for each in known]
    assert frames == [first] * 3 + [second] * 3
    assert [schemes[each.catalogue_id] for each in known] == [frame.rules for frame in frames]


def test_what_has_no_frame_has_no_scheme(admin: Actor, village: Unit) -> None:
    local = in_force(admin, village, AUTUMN, {"编号": "N1", "指标": "守渡口", "分值": "1"}, is_local=True)
    Catalogue.objects.filter(pk=local.pk).update(in_force_from=date(2020, 1, 1))
    with pytest.raises(NoFrame):
        schemes_of(list(Indicator.objects.filter(number="N1").select_related("catalogue")))


def test_what_a_unit_starts_from(admin: Actor, town: Unit, village: Unit) -> None:
    assert began(village) == catalogue_in_force(village, AUTUMN).in_force_from
    in_force(admin, village, AUTUMN)
    assert began(village) == date(2026, 1, 1)
    assert scheme_for(village) == catalogue_in_force(village, AUTUMN).rules
    with pytest.raises(UnknownCatalogue):
        catalogue_by_id(987_654)


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
