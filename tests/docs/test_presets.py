"""docs/presets.md, run as it stands: whoever follows it has a county with a scheme of their own."""

import json
from collections.abc import Iterator

import pytest

from tests.docs.guide import Machine, Ran, Step, fresh_machine, steps

GUIDE = steps("presets.md")
Followed = tuple[Machine, list[tuple[Step, list[Ran]]]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def followed() -> Iterator[Followed]:
    with fresh_machine() as machine:
        yield machine, [(step, [machine.run(command) for command in step.commands]) for step in GUIDE]


def test_both_pages_have_the_same_commands_and_outputs() -> None:
    assert steps("presets.zh.md") == GUIDE
    assert sum(len(step.commands) for step in GUIDE) == 9


def test_every_command_works(followed: Followed) -> None:
    assert [ran for _step, all_ran in followed[1] for ran in all_ran if ran.code] == []


def test_what_the_page_shows_is_what_is_printed(followed: Followed) -> None:
    for step, all_ran in followed[1]:
        printed = [line.strip() for ran in all_ran for line in ran.out.splitlines()]
        assert [line for line in step.shown if line not in printed] == [], printed


def test_the_county_runs_the_scheme_that_was_written(followed: Followed) -> None:
    machine, _ran = followed
    (county,) = json.loads(machine.run("xiangyue county list --json").out)["counties"]
    assert (county["slug"], county["preset"]) == ("taoyuan", "taoyuan")
    shown = machine.run("xiangyue catalogue show --county taoyuan --unit 440783104 --json")
    assert shown.code == 0, shown
    assert len(json.loads(shown.out)["indicators"]) == 8
