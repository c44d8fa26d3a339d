import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections
from django_tenants.utils import schema_context, schema_exists

from tests.setup.folders import files_folder
from xiangyue.catalogue.models import Catalogue, State
from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Appointment, Joining, JoiningStep, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.queries import tree_counts
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup import divisions, presets
from xiangyue.setup.divisions.refusals import UnknownDivision
from xiangyue.setup.operations import everyday_name, found_jurisdiction, remove_jurisdiction
from xiangyue.setup.refusals import BadHost, BadSlug, HostTaken, NotAJurisdiction, SlugTaken, UnknownPreset
from xiangyue.sheets.problems import SheetRefused
from xiangyue.tenancy.models import Domain, Jurisdiction
from xiangyue.tenancy.schemas import current_schema

TOWN = "440783104"


def found(
    slug: str = "kaiping", division: str = TOWN, preset: str = "cangcheng", host: str = ""
) -> Jurisdiction:
    return found_jurisdiction(
        slug=slug, division_code=division, preset=preset, host=host or f"{slug}.localhost"
    )


def left_of(slug: str) -> list[str]:
    """Give what there is of a jurisdiction: its row, its host, its schema, its files."""
    left = ["row"] if Jurisdiction.objects.filter(slug=slug).exists() else []
    left += ["host"] if Domain.objects.filter(domain=f"{slug}.localhost").exists() else []
    left += ["schema"] if schema_exists(f"county_{slug}") else []
    return left + (["files"] if files_folder(Jurisdiction(schema_name=f"county_{slug}")).exists() else [])


@pytest.fixture
def tidy(founded: Jurisdiction, db: None) -> Iterator[None]:
    """Rows roll back by themselves; files, of whoever was here before too, are taken away."""
    _clear_files()
    yield
    _clear_files()


def _clear_files() -> None:
    for slug in ("kaiping", "guyuan", "qingcheng", "jiayuguan"):
        folder = files_folder(Jurisdiction(schema_name=f"county_{slug}"))
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        if folder.exists():
            folder.rmdir()


def test_a_town_is_founded_with_its_villages(county: Jurisdiction) -> None:
    assert (county.name, county.division_code, county.preset) == ("苍城镇", TOWN, "cangcheng")
    assert county.founded_on == clock.today()
    assert tree_counts() == {Level.TOWN: 1, Level.VILLAGE: 13}
    villages = Unit.objects.filter(level=Level.VILLAGE)
    assert villages.exclude(parent__code=TOWN).count() == 0
    assert villages.exclude(holder=None).count() == 13  # each judges, and issues points
    assert villages.get(code="440783104220").name == "大罗村"


def test_it_runs_the_scheme_of_its_preset(county: Jurisdiction) -> None:
    scheme, rules, catalogue = presets.load("cangcheng"), ScoringRules.objects.get(), Catalogue.objects.get()
    assert (rules.judging_level, rules.notice_days) == (scheme.judging_level, scheme.notice_days)
    assert (rules.quorum_percent, rules.unit_word) == (scheme.quorum_percent, scheme.unit_word)
    assert (catalogue.unit.code, catalogue.state, catalogue.name) == (
        TOWN,
        State.IN_FORCE,
        scheme.catalogue_name,
    )
    assert catalogue.in_force_from == clock.today().replace(month=1, day=1)


def test_it_has_an_administrator_and_nobody_else(county: Jurisdiction) -> None:
    (appointment,) = Appointment.objects.select_related("user", "unit")
    assert (appointment.user.login, appointment.office) == ("admin", Office.ADMINISTRATOR)
    assert (appointment.unit.code, appointment.until) == (TOWN, None)
    assert not appointment.user.has_usable_password()


def test_every_village_is_admitted_where_the_preset_says_so(county: Jurisdiction) -> None:
    assert presets.load("cangcheng").admit_at_founding
    assert not Unit.objects.filter(level=Level.VILLAGE).exclude(joining=Joining.ADMITTED).exists()
    assert JoiningStep.objects.filter(basis="建立辖区", since=clock.today()).count() == 13


def test_villages_join_one_by_one_where_it_says_otherwise(
    tidy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = replace(presets.load("cangcheng"), admit_at_founding=False)
    monkeypatch.setattr(presets, "load", lambda key: scheme)
    with schema_context(found("kaiping", TOWN).schema_name):
        assert not Unit.objects.exclude(joining=Joining.OUTSIDE, holder=None).exists()
        assert not JoiningStep.objects.exists()


@pytest.mark.slow
def test_a_city_is_founded_with_counties_towns_and_villages(tidy: None) -> None:
    """固原市: five counties and 868 villages."""
    with schema_context(found("guyuan", "6404").schema_name):
        counts = tree_counts()
        assert (counts[Level.CITY], counts[Level.COUNTY], counts[Level.VILLAGE]) == (1, 5, 868)
        assert sum(counts.values()) == len(divisions.tree("6404"))
        assert Unit.objects.filter(parent=None).count() == 1
        steps = {Level.COUNTY: Level.CITY, Level.TOWN: Level.COUNTY, Level.VILLAGE: Level.TOWN}
        for level, above in steps.items():
            assert not Unit.objects.filter(level=level).exclude(parent__level=above).exists()


def test_a_filler_is_left_out_and_what_it_holds_moves_up(tidy: None) -> None:
    """嘉峪关市 has no counties; the statistics put one there, so that no level is left out."""
    official = divisions.tree("6202")
    (filler,) = (division for division in official if division.is_filler)
    with schema_context(found("jiayuguan", "6202", host="JiaYuGuan.LocalHost").schema_name):
        assert not Unit.objects.filter(code=filler.code).exists()
        assert sum(tree_counts().values()) == len(official) - 1
        towns = Unit.objects.filter(level=Level.TOWN)
        assert towns.count() == sum(division.level is divisions.Level.TOWN for division in official)
        assert not towns.exclude(parent__code="6202").exists()
    assert Domain.objects.get(tenant__slug="jiayuguan").domain == "jiayuguan.localhost"
    assert current_schema() == "public"


def test_a_county_is_founded(tidy: None) -> None:
    with schema_context(found("qingcheng", "440783").schema_name):
        counts = tree_counts()
        assert counts[Level.COUNTY] == 1
        assert counts[Level.TOWN] == sum(
            one.level == divisions.Level.TOWN for one in divisions.tree("440783")
        )
        assert Unit.objects.get(code=TOWN).parent == Unit.objects.get(parent=None)


REFUSED: list[tuple[dict[str, str], type[Refusal]]] = [
    ({"slug": "x"}, BadSlug),
    ({"slug": "1kaiping"}, BadSlug),
    ({"slug": "Kaiping"}, BadSlug),
    ({"slug": "kai-ping"}, BadSlug),
    ({"slug": "苍城"}, BadSlug),
    ({"slug": "k" * 31}, BadSlug),
    ({"slug": 'k"; DROP'}, BadSlug),
    ({"slug": "cangcheng", "host": "other.localhost"}, SlugTaken),
    ({"host": "cangcheng.localhost"}, HostTaken),
    ({"host": "CangCheng.Localhost"}, HostTaken),
    ({"host": "http://kaiping.localhost"}, BadHost),
    ({"host": "kaiping.localhost:8000"}, BadHost),
    ({"host": "kaiping.localhost/"}, BadHost),
    ({"host": "开平.localhost"}, BadHost),
    ({"preset": "nowhere"}, UnknownPreset),
    ({"division": "999999"}, UnknownDivision),
    ({"division": "440783104220"}, NotAJurisdiction),  # a village
    ({"division": "44"}, NotAJurisdiction),  # a province
    ({"division": "1101"}, NotAJurisdiction),  # a heading of the statistics, 市辖区
]


@pytest.mark.parametrize(("wrong", "refusal"), REFUSED, ids=str)
def test_what_cannot_be_founded(tidy: None, wrong: dict[str, str], refusal: type[Refusal]) -> None:
    before = list(Jurisdiction.objects.values_list("slug", flat=True))
    with pytest.raises(refusal) as refused:
        found(**wrong)
    assert str(refused.value)
    assert list(Jurisdiction.objects.values_list("slug", flat=True)) == before
    assert left_of("kaiping") == []


def test_a_schema_that_is_there_belongs_to_somebody(tidy: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA county_kaiping")
    with pytest.raises(SlugTaken):
        found()


def test_a_founding_that_fails_late_leaves_nothing(tidy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(presets.load("cangcheng"), catalogue="板块,指标,方向,分值\n公德,扫雪,加,很多\n".encode())
    monkeypatch.setattr(presets, "load", lambda key: broken)
    with pytest.raises(SheetRefused):
        found()
    assert left_of("kaiping") == []
    monkeypatch.undo()
    assert left_of(found().slug) == ["row", "host", "schema", "files"]


KILLED = """
import os, signal, django
django.setup()
from xiangyue.setup import operations
operations._appoint_admin = lambda root: os.kill(os.getpid(), signal.SIGKILL)
operations.found_jurisdiction(
    slug="killed", division_code="440783104", preset="cangcheng", host="killed.localhost"
)
"""


def address() -> str:
    """Give the test database as a DATABASE_URL for another process."""
    parts: dict[str, Any] = connection.settings_dict
    secret, host = quote(parts["PASSWORD"], safe=""), quote(str(parts["HOST"]), safe="")
    return f"postgresql://{parts['USER']}:{secret}@{host}:{parts['PORT']}/{parts['NAME']}"


@pytest.mark.slow
def test_a_founding_that_is_killed_leaves_nothing_that_counts(committed: Jurisdiction) -> None:
    environment = {
        **os.environ,
        "XIANGYUE_HOME": str(settings.HOME),
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "xiangyue.config.settings",
    }
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with schema_context("public"):
        assert left_of("killed") == ["files"]  # nothing can take them away but the next founding
        again = found("killed")
        with schema_context(again.schema_name):
            kept = {path.name for path in files_folder(again).rglob("*") if path.is_file()}
            assert kept == set(StoredFile.objects.values_list("sha256", flat=True))
        remove_jurisdiction(slug="killed").unlink()
        assert left_of("killed") == []


@pytest.mark.slow
def test_of_two_foundings_at_once_one_is_refused(committed: Jurisdiction) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def try_it() -> None:
        start.wait()
        try:
            outcomes.append(found("twice").slug)
        except SlugTaken as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with schema_context("public"):
        remove_jurisdiction(slug="twice").unlink()
    assert sorted(outcomes) == ["slug-taken", "twice"]


def test_founding_again_starts_without_the_files_of_before(tidy: None) -> None:
    stale = Jurisdiction(schema_name="county_kaiping", slug="kaiping")
    with schema_context(stale.schema_name):
        place = files_folder(stale) / "ab" / "stale"
        place.parent.mkdir(parents=True)
        place.write_text("left behind")
    found()
    assert not place.exists()


def test_files_of_a_county_in_use_are_never_taken_away(tidy: None, founded: Jurisdiction) -> None:
    with schema_context(founded.schema_name):
        store_file(name="a.txt", content=b"kept")
    kept = sorted(files_folder(founded).rglob("*"))
    with pytest.raises(SlugTaken):
        found("cangcheng", host="other.localhost")
    assert sorted(files_folder(founded).rglob("*")) == kept


EVERYDAY = {
    "大罗村村委会": "大罗村",
    "联和村委会": "联和村",
    "下湾村民委员会": "下湾村",
    "上湾村村民委员会": "上湾村",
    "苍城墟社区居委会": "苍城墟社区",
    "河西社区居民委员会": "河西社区",
    "东门居委会": "东门居委会",  # not called 东门, which is a gate
    "新村村委会": "新村",
    "苍城镇": "苍城镇",
    "某某农场": "某某农场",
}


@pytest.mark.parametrize(("official", "everyday"), EVERYDAY.items())
def test_villages_are_called_what_people_call_them(official: str, everyday: str) -> None:
    assert everyday_name(official) == everyday


def test_no_village_of_a_province_loses_its_name() -> None:
    for division in divisions.tree("6404"):
        name = everyday_name(division.name)
        assert name
        assert division.name.startswith(name.removesuffix("村"))
