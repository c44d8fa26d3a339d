import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django_tenants.utils import schema_context, schema_exists

from tests.cast import Cast
from tests.setup.folders import files_folder
from tests.tenancy.twins import rows, tables
from xiangyue.people.models import Household, Resident
from xiangyue.records.operations import store_file
from xiangyue.setup import archive as archiving
from xiangyue.setup.archive import default_archive
from xiangyue.setup.operations import remove_jurisdiction
from xiangyue.setup.refusals import ArchiveExists, ArchiveFailed
from xiangyue.tenancy.models import Domain, Jurisdiction
from xiangyue.tenancy.refusals import UnknownJurisdiction

pytestmark = pytest.mark.slow
EVIDENCE = "河边扫过了".encode()


def sheet(pack: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.read(f"tables/{table}.csv").decode())))


def test_removing_archives_everything_and_leaves_nothing(
    committed: Jurisdiction, committed_cast: Cast, tmp_path: Path
) -> None:
    schema, target = committed.schema_name, tmp_path / "cellar" / "kept.zip"
    stored = store_file(name="照片.txt", content=EVIDENCE)
    counts = {table: rows(f'SELECT count(*) FROM "{schema}"."{table}"')[0][0] for table in tables(schema)}
    everybody = set(Resident.objects.values_list("name", flat=True))
    assert remove_jurisdiction(slug=committed.slug, archive=target) == target

    with zipfile.ZipFile(target) as pack:
        assert pack.testzip() is None
        manifest = json.loads(pack.read("manifest.json"))
        assert manifest["rows"] == counts
        assert (manifest["slug"], manifest["division"]) == (committed.slug, "440783104")
        for table, count in counts.items():
            assert len(sheet(pack, table)) == count, table
        assert {row["name"] for row in sheet(pack, "people_resident")} == everybody
        assert pack.read(f"files/{stored.sha256}") == EVIDENCE
        kept = {row["sha256"] for row in sheet(pack, "records_storedfile")}
        assert {name.removeprefix("files/") for name in pack.namelist() if name.startswith("files/")} == kept
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(target.parent.iterdir()) == [target]

    assert not schema_exists(schema)
    assert not files_folder(committed).exists()
    with schema_context("public"):
        assert not Jurisdiction.objects.filter(slug=committed.slug).exists()
        assert not Domain.objects.filter(domain=f"{committed.slug}.localhost").exists()
        with pytest.raises(UnknownJurisdiction):
            remove_jurisdiction(slug=committed.slug)


def test_nothing_is_removed_where_an_archive_cannot_be_kept(committed: Jurisdiction, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_text("somebody else's")
    with pytest.raises(ArchiveExists):
        remove_jurisdiction(slug=committed.slug, archive=there)
    assert there.read_text() == "somebody else's"
    with pytest.raises(ArchiveFailed):
        remove_jurisdiction(slug=committed.slug, archive=there / "x.zip")
    assert schema_exists(committed.schema_name)
    assert Jurisdiction.objects.filter(slug=committed.slug).exists()


def test_an_archive_that_fails_half_way_leaves_no_half_of_it(
    committed: Jurisdiction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(archiving, "_write_table", break_down)
    with pytest.raises(ArchiveFailed, match="disk is full"):
        remove_jurisdiction(slug=committed.slug, archive=tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []
    assert Household.objects.count() == 0  # the schema is there to be asked


def test_an_archive_goes_to_the_data_home_by_itself(county: Jurisdiction) -> None:
    place = default_archive(county)
    assert place.parent.name == "archives"
    assert place.name == "cangcheng-20261102T040000Z.zip"
