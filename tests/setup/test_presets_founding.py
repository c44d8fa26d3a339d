"""A jurisdiction is founded with each of the ready schemes, and with one of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django_tenants.utils import schema_context

from tests.setup.folders import files_folder
from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.models import Catalogue, Indicator, State
from xiangyue.kernel import clock
from xiangyue.people.models import Joining, OfficeRule, Unit
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup import presets
from xiangyue.setup.operations import found_jurisdiction
from xiangyue.setup.presets.refusals import PresetRefused
from xiangyue.tenancy.models import Jurisdiction

TOWN = "440783104"


@pytest.fixture
def tidy(founded: Jurisdiction, db: None) -> Iterator[None]:
    """Rows roll back by themselves; files are taken away."""
    yield
    folder = files_folder(Jurisdiction(schema_name="county_taoyuan"))
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    if folder.exists():
        folder.rmdir()


def found(preset: str) -> Jurisdiction:
    return found_jurisdiction(slug="taoyuan", division_code=TOWN, preset=preset, host="taoyuan.localhost")


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key in presets.names() if key != "cangcheng"])
def test_every_ready_scheme_is_in_force_from_the_first_day(tidy: None, key: str) -> None:
    preset = presets.load(key)
    with schema_context(found(key).schema_name):
        catalogue = Catalogue.objects.get()
        assert (catalogue.state, catalogue.name) == (State.IN_FORCE, preset.catalogue_name)
        assert catalogue.in_force_from == clock.today().replace(month=1, day=1)
        assert catalogue.rules == preset.scheme
        items = check_file(preset.catalogue, preset.catalogue_file).items
        assert [indicator.item for indicator in Indicator.objects.order_by("position")] == items
        rules = ScoringRules.objects.get()
        assert (rules.judging_level, rules.unit_word) == (preset.judging_level, preset.unit_word)
        assert (rules.notice_days, rules.quorum_percent) == (preset.notice_days, preset.quorum_percent)
        assert OfficeRule.objects.count() == len(preset.offices)
        admitted = Unit.objects.filter(joining=Joining.ADMITTED)
        assert admitted.exists() == preset.admit_at_founding


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for name, content in presets.files_of(presets.load("blank")).items():
        (tmp_path / name).write_bytes(content)
    return (tmp_path / "blank.toml").rename(tmp_path / "mine.toml")


def test_a_scheme_of_ones_own_is_taken_over_and_its_files_are_not_needed_again(tidy: None, own: Path) -> None:
    jurisdiction = found(str(own))
    assert jurisdiction.preset == "mine"
    own.unlink()
    with schema_context(jurisdiction.schema_name):
        assert Catalogue.objects.get().rules == presets.load("blank").scheme
    assert presets.name_of(jurisdiction.preset) == "mine"


def test_a_scheme_with_a_mistake_founds_nothing(tidy: None, own: Path) -> None:
    own.write_text(own.read_text().replace("floor = 0 ", "flor = 0 "))
    with pytest.raises(PresetRefused):
        found(str(own))
    assert not Jurisdiction.objects.filter(slug="taoyuan").exists()
