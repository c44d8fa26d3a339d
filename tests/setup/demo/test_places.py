"""Where the demo plays: as many villages and households as it promises, by real codes."""

import pytest

from xiangyue.people.models import Level
from xiangyue.setup import divisions, presets
from xiangyue.setup.demo.county import HOUSEHOLDS, county_place
from xiangyue.setup.demo.families import group_name, ordinal
from xiangyue.setup.demo.places import PLACES
from xiangyue.setup.demo.planted import CASES

VILLAGES = {"xihaian": 3, "guyuan": 3, "cangcheng": 2, "changshan": 1, "qingcheng": 4}


@pytest.mark.parametrize("slug", PLACES)
def test_villages_are_real_and_lie_in_their_jurisdiction(slug: str) -> None:
    place = PLACES[slug]
    assert len(place.villages) == VILLAGES[slug]
    for village in place.villages:
        assert village.code.startswith(place.division)
        assert divisions.find(village.code).level is divisions.Level.VILLAGE
    assert place.levels[0] != Level.GRID or presets.load(place.preset).judging_level == Level.VILLAGE


def test_the_two_pilot_villages_have_510_households_together() -> None:
    assert PLACES["cangcheng"].households == 510


def test_micro_grids_have_about_fifty_households_in_groups_of_five_to_ten() -> None:
    place = PLACES["changshan"]
    assert all(45 <= part <= 55 for village in place.villages for part in village.parts)
    assert 5 <= place.group <= 10


@pytest.mark.parametrize(("households", "villages"), [(1, 1), (393, 1), (691, 2), (HOUSEHOLDS, 176)])
def test_a_county_of_any_size_fills_as_many_villages_as_it_takes(households: int, villages: int) -> None:
    place = county_place(households)
    assert place.households == households
    assert len(place.villages) == villages


def test_every_planted_case_plays_in_its_village() -> None:
    playing = {
        (village.shows, place.slug, village.code)
        for place in PLACES.values()
        for village in place.villages
        if village.shows
    }
    assert playing == {(case.key, case.slug, case.village) for case in CASES}


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (99, "九十九")]
)
def test_numbers_are_written_as_grids_are_called(number: int, word: str) -> None:
    assert ordinal(number) == word
    assert group_name(number) == f"第{word}联户组"
