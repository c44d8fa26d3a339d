import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import facts, refusal, run, told
from tests.setup.folders import files_folder
from xiangyue.tenancy.models import Jurisdiction

KAIPING = ("county", "add", "kaiping", "--division", "440783104", "--preset", "cangcheng")
HOST = ("--host", "kaiping.localhost")


@pytest.fixture
def counties(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> Iterator[None]:
    yield
    for path in sorted(files_folder(Jurisdiction(schema_name="county_kaiping")).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def test_counties_are_listed(counties: None) -> None:
    listed = facts("county", "list")["counties"]
    found = {one["slug"]: one for one in listed}
    assert [found[slug]["hosts"] for slug in ("cangcheng", "peopled")] == [
        ["cangcheng.localhost"],
        ["peopled.localhost"],
    ]
    assert found["cangcheng"]["founded_on"] == "2026-11-02"
    assert "peopled.localhost" in told("county", "list")


def test_a_county_is_founded(counties: None) -> None:
    founded = facts(*KAIPING, *HOST)
    assert (founded["name"], founded["units"]) == ("苍城镇", {"town": 1, "village": 13})
    assert refusal(*KAIPING, *HOST)["code"] == "slug-taken"
    assert "kaiping" in [one["slug"] for one in facts("county", "list")["counties"]]


@pytest.mark.slow
def test_a_county_is_removed_only_by_who_names_it(committed: Jurisdiction, tmp_path: Path) -> None:
    slug, kept = str(committed.slug), tmp_path / "k.zip"
    for typed in ("cangcheng\n", f"{slug}x\n", "\n", ""):
        left_alone = run("county", "remove", slug, "--archive", kept, typed=typed)
        assert (left_alone.exit_code, left_alone.stdout) == (1, "")
    assert not kept.exists()
    assert slug in told("county", "list")
    removed = run("county", "remove", slug, "--archive", kept, typed=f"{slug}\n")
    assert removed.exit_code == 0, removed.output
    assert removed.stdout == f"已经删除。存档在 {kept}。\n"
    assert "苍城镇的户册、流水和公示都会删除" in removed.stderr
    assert "tables/people_unit.csv" in zipfile.ZipFile(kept).namelist()
    assert refusal("county", "remove", slug, "--yes")["code"] == "unknown-jurisdiction"


def test_an_archive_is_never_overwritten(counties: None, tmp_path: Path) -> None:
    (tmp_path / "k.zip").write_text("kept")
    words = ("county", "remove", "peopled", "--yes", "--archive", tmp_path / "k.zip")
    assert refusal(*words)["code"] == "archive-exists"
    assert "peopled" in told("county", "list")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("--preset", "nowhere"), "unknown-preset"),
        (("--division", "440783104220"), "not-a-jurisdiction"),
        (("--division", "44078310"), "division-code-malformed"),
        (("--host", "cangcheng.localhost"), "host-taken"),
        (("--host", "http://kaiping"), "bad-host"),
    ],
)
def test_what_cannot_be_founded_is_refused(counties: None, change: tuple[str, str], code: str) -> None:
    assert refusal(*KAIPING, *HOST, *change)["code"] == code
    assert "kaiping" not in told("county", "list")
