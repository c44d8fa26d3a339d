import tomllib
from importlib import resources

import pytest

from xiangyue.catalogue.table import read_catalogue
from xiangyue.people.models import Level
from xiangyue.setup import presets
from xiangyue.setup.refusals import UnknownPreset


@pytest.fixture(params=presets.names())
def preset(request: pytest.FixtureRequest) -> presets.Preset:
    return presets.load(request.param)


def test_there_are_presets() -> None:
    assert "cangcheng" in presets.names()
    assert presets.names() == sorted(presets.names())


def test_a_preset_says_what_it_is(preset: presets.Preset) -> None:
    for text in (preset.name, preset.summary, preset.unit_word, preset.catalogue_name):
        assert text.strip() == text != ""


def test_its_rules_are_possible(preset: presets.Preset) -> None:
    assert Level(preset.judging_level)
    assert 3 <= preset.notice_days <= 15  # DOMAIN §3
    assert 0 < preset.quorum_percent <= 100
    assert isinstance(preset.admit_at_founding, bool)


def test_every_line_of_its_catalogue_is_understood(preset: presets.Preset) -> None:
    reading = read_catalogue(preset.catalogue, preset.catalogue_file)
    assert reading.problems.in_order() == []
    assert reading.lines


def test_what_a_preset_invents_is_marked(preset: presets.Preset) -> None:
    """DOMAIN §8: facts are what the place published; the rest says 示例."""
    source = (resources.files(presets) / f"{preset.key}.toml").read_text(encoding="utf-8")
    assert tomllib.loads(source)["name"] == preset.name
    assert "示例" in source + preset.catalogue.decode("utf-8-sig")


def test_an_unknown_preset_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownPreset) as refused:
        presets.load("../cangcheng")
    assert refused.value.facts == {"preset": "../cangcheng", "known": "、".join(presets.names())}
