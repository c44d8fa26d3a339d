"""The command that loads the demo; what it makes is tested beside `setup/demo`."""

from dataclasses import replace

import pytest

from tests.cast import Cast
from tests.cli.terminal import facts, refusal, run, told
from xiangyue.people.models import Household
from xiangyue.setup.demo import loading
from xiangyue.setup.demo.places import PLACES

HERE = "peopled"


@pytest.fixture
def lived_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """The cast's county is the whole demo; give how many households it has."""
    monkeypatch.setattr(loading, "PLACES", {HERE: replace(PLACES["cangcheng"], slug=HERE)})
    return Household.objects.filter(left_on=None).count()


def test_where_people_live_nothing_is_touched(lived_in: int) -> None:
    (found,) = facts("demo", "--only", HERE)["jurisdictions"]
    assert (found["slug"], found["is_new"], found["households"], found["deeds"]) == (HERE, False, lived_in, 0)
    assert f"已经在了，没有动：{lived_in}户，0件事" in told("demo")


def test_what_is_no_place_of_the_demo_is_refused(lived_in: int) -> None:
    assert refusal("demo", "--only", "桃花源")["code"] == "unknown-place"


def test_a_whole_county_is_none_of_the_five(lived_in: int) -> None:
    assert run("demo", "--scale", "county", "--only", HERE).exit_code == 2
