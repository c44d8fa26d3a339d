"""What the presets say about offices and bodies makes sense, and founding takes it over."""

from collections import Counter

import pytest

from xiangyue.people.models import Level, OfficeRule, PeopleRules, SeatRule
from xiangyue.people.offices import Office
from xiangyue.people.register import OFFICE_OF
from xiangyue.setup import presets
from xiangyue.tenancy.models import Jurisdiction

ROOTS = {Level.CITY, Level.COUNTY, Level.TOWN}


@pytest.fixture(params=presets.names())
def preset(request: pytest.FixtureRequest) -> presets.Preset:
    return presets.load(request.param)


def test_an_office_is_registered_once_at_a_level(preset: presets.Preset) -> None:
    twice = Counter((each.office, each.level) for each in preset.offices)
    assert [key for key, count in twice.items() if count > 1] == []
    assert all(each.title.strip() == each.title and 0 < len(each.title) <= 40 for each in preset.offices)


def test_every_jurisdiction_can_be_founded_and_run(preset: presets.Preset) -> None:
    at = {(each.office, each.level) for each in preset.offices}
    assert {level for level in Level if (Office.ADMINISTRATOR, level) in at} >= ROOTS
    judging = Level(preset.judging_level)
    assert (Office.COMMITTEE_MEMBER, judging) in at
    assert any(office is Office.SUPERVISOR for office, _level in at)


def test_a_body_with_seats_belongs_to_an_office_that_is_needed(preset: presets.Preset) -> None:
    needed = {each.office for each in preset.offices if each.is_needed}
    assert {OFFICE_OF[seat.body] for seat in preset.seats} <= needed
    assert all(seat.least > 0 for seat in preset.seats)


def test_id_numbers_are_off_unless_asked_for(preset: presets.Preset) -> None:
    assert preset.keeps_id_numbers is False
    assert 1 <= preset.retention_years <= 30


def test_founding_fills_the_register(county: Jurisdiction) -> None:
    preset = presets.load(county.preset)
    rows = OfficeRule.objects.values_list(
        "office", "level", "title", "is_needed", "party_only", "turn_months"
    )
    assert sorted(rows, key=str) == sorted(
        (
            (
                each.office.value,
                each.level.value,
                each.title,
                each.is_needed,
                each.party_only,
                each.turn_months,
            )
            for each in preset.offices
        ),
        key=str,
    )
    seats = {(seat.body.value, seat.capacity.value, seat.least) for seat in preset.seats}
    assert set(SeatRule.objects.values_list("body", "capacity", "least")) == seats
    rules = PeopleRules.objects.get()
    assert (rules.keeps_id_numbers, rules.retention_years) == (False, preset.retention_years)
