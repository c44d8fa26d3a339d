"""A county's data goes out whole, in clear, in forms that other programs read, with nothing that lets anybody in."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from tests.cast import Cast
from tests.cli.terminal import facts, refusal, run
from tests.records.samples import PDF, picture
from tests.scoring.races import Pause, Request
from tests.tenancy.twins import rows, tables
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Circumstance, Resident, Unit
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private import keys
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import erase_files, log_act, store_file
from xiangyue.records.storage import local_path
from xiangyue.setup import export as exporting
from xiangyue.setup.export import (
    SEALED,
    SECRETS,
    ExportReport,
    export_county,
    exported_columns,
    exported_models,
)
from xiangyue.setup.export_words import COLUMNS, TABLES
from xiangyue.setup.refusals import ArchiveExists, ExportFailed
from xiangyue.tenancy.models import Jurisdiction

FRAMEWORK = re.compile(r"(django|auth|account|socialaccount|mfa|usersessions)_")
PHONE, ID_NUMBER, NOTE = "19900000001", "999999198403090013", '卧床，要人照顾\n"每天"'


def sheet(pack: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    text = pack.read(f"tables/{table}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def work(committed: Jurisdiction, committed_cast: Cast) -> Jurisdiction:
    """A county with sealed data and stored files. An export is of one moment, which takes a transaction of its own."""
    resident = Resident.objects.get(name="田禾生")
    Resident.objects.filter(pk=resident.pk).update(
        phone=keys().seal(PHONE), id_number=keys().seal(ID_NUMBER), phone_tail="f" * 32
    )
    Circumstance.objects.create(
        resident=resident, hardship="illness", note=keys().seal(NOTE), since=date(2026, 1, 5)
    )
    return committed


def exported(jurisdiction: Jurisdiction, target: Path, **more: Any) -> ExportReport:
    return export_county(actor=SYSTEM, jurisdiction=jurisdiction, target=target, **more)


@pytest.mark.slow
def test_everything_goes_out_in_open_formats(work: Jurisdiction, tmp_path: Path) -> None:
    photo, minutes = (
        store_file(name="照片.png", content=picture(form="PNG")),
        store_file(name="a", content=PDF),
    )
    gone = store_file(name="gone", content=b"erased")
    erase_files(actor=SYSTEM, file_ids=[gone.pk])
    steps: list[int] = []
    report = exported(work, tmp_path / "county.zip", advance=steps.append)
    schema = work.schema_name
    ours = sorted(table for table in tables(schema) if not FRAMEWORK.match(table))
    assert sorted(report.rows) == ours
    assert steps == list(range(1, len(ours) + 1))
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        assert pack.testzip() is None
        for table in ours:
            ((count,),) = rows(f'SELECT count(*) FROM "{schema}"."{table}"')
            assert len(sheet(pack, table)) == report.rows[table] == count, table
        files = {name for name in pack.namelist() if name.startswith("files/")}
        source = set(StoredFile.objects.filter(erased_at=None).values_list("sha256", flat=True))
        assert {name[6:70] for name in files} == source
        assert {f"files/{photo.sha256}.jpg", f"files/{minutes.sha256}.pdf"} <= files
        assert pack.read(f"files/{minutes.sha256}.pdf") == PDF
        assert (report.files, report.missing) == (len(source), ())
        people = sheet(pack, "people_resident")
        assert {row["name"] for row in people} == set(Resident.objects.values_list("name", flat=True))
        assert pack.read("tables/people_unit.csv").startswith("\ufeffid,".encode())
    assert (tmp_path / "county.zip").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "county.zip"]
    line = LoggedAct.objects.get(act="export")
    assert (line.subject, line.subject_id) == ("unit", Unit.objects.get(parent=None).pk)


@pytest.mark.slow
def test_what_is_sealed_goes_out_in_clear_and_secrets_stay(work: Jurisdiction, tmp_path: Path) -> None:
    exported(work, tmp_path / "county.zip", with_files=False)
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        (person,) = (row for row in sheet(pack, "people_resident") if row["phone"])
        assert (person["name"], person["phone"], person["id_number"]) == ("田禾生", PHONE, ID_NUMBER)
        (hardship,) = sheet(pack, "people_circumstance")
        assert (hardship["note"], hardship["since"]) == (NOTE, "2026-01-05")
        for table, secrets in SECRETS.items():
            header = pack.read(f"tables/{table}.csv").decode("utf-8-sig").splitlines()[0].split(",")
            assert not set(secrets) & set(header)
            assert "id" in header
        assert not any("argon2" in pack.read(name).decode() for name in pack.namelist())
        assert not any(name.startswith("files/") for name in pack.namelist())


@pytest.mark.slow
def test_opened_rows_read_as_the_database_writes_them(work: Jurisdiction, tmp_path: Path) -> None:
    """Our own lines differ from COPY's in what was sealed, and in nothing else."""
    Resident.objects.filter(pk=Resident.objects.earliest("id").pk).update(
        name='麦"春,芽\n', pinyin="", phone=None
    )
    table = "people_resident"
    resident = next(model for model in exported_models() if model._meta.db_table == table)
    columns = [str(column.column) for column in exported_columns(resident)]
    places = [columns.index(name) for name in SEALED[table]]
    Resident.objects.update(phone=None, id_number=None)
    ours = sorted(exporting._opened(table, columns, places, keys()))
    theirs = sorted(bytes(row) for row in exporting._plain(table, columns))
    assert ours == theirs
    assert any(b'"' in row for row in ours)


@pytest.mark.slow
def test_each_column_is_described(work: Jurisdiction, tmp_path: Path) -> None:
    exported(work, tmp_path / "county.zip", with_files=False)
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        told = json.loads(pack.read("datapackage.json"))
        resources = {one["name"]: one for one in told["resources"]}
        for table, one in resources.items():
            header = pack.read(one["path"]).decode("utf-8-sig").splitlines()[0].split(",")
            assert [column["name"] for column in one["schema"]["fields"]] == header, table
        assert set(resources) == {name[7:-4] for name in pack.namelist() if name.startswith("tables/")}
    assert (told["name"], told["title"], told["division"]) == (work.slug, "苍城镇的全部数据", "440783104")
    columns = {column["name"]: column for column in resources["people_resident"]["schema"]["fields"]}
    assert columns["phone"]["type"] == "string"
    assert (columns["born"]["type"], columns["id"]["type"]) == ("date", "integer")
    assert columns["is_party_member"] == {
        "name": "is_party_member",
        "type": "boolean",
        "description": "是不是党员",
        "trueValues": ["t"],
        "falseValues": ["f"],
    }
    assert {"value": "head", "label": "户主"} in columns["relation"]["categories"]
    references = resources["people_resident"]["schema"]["foreignKeys"]
    assert {
        "fields": "household_id",
        "reference": {"resource": "people_household", "fields": "id"},
    } in references
    assert {
        one["reference"]["resource"] for each in resources.values() for one in each["schema"]["foreignKeys"]
    } <= set(resources)


def test_every_table_and_column_has_its_words() -> None:
    found = exported_models()
    assert {model._meta.db_table for model in found} == set(TABLES)
    used = {str(column.column) for model in found for column in exported_columns(model)}
    assert used - set(COLUMNS) == set()
    assert set(COLUMNS) - used == set()


def test_every_sealed_column_is_known() -> None:
    """A new one would go out as it is stored, which nobody can read."""
    sealed = {
        (model._meta.db_table, column.column)
        for label in ("people", "users")
        for model in apps.get_app_config(label).get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.BinaryField)
    }
    assert sealed == {(table, name) for table, names in SEALED.items() for name in names}


def test_every_secret_is_known() -> None:
    """Whatever is called a hash of a secret, a password, or an index of what is sealed."""
    suspicious = re.compile(r"(password|pin|token|secret|_tail$|^(id|phone)_index$)")
    found = {
        (model._meta.db_table, str(column.column))
        for model in exported_models()
        for column in exported_columns(model)
        if suspicious.search(str(column.column)) and str(column.column) != "pinyin"
    }
    assert found == set()


@pytest.mark.slow
def test_lost_files_are_named_and_stop_nothing(work: Jurisdiction, tmp_path: Path) -> None:
    lost = store_file(name="lost", content=b"lost")
    local_path(lost.sha256).unlink()
    report = exported(work, tmp_path / "county.zip")
    assert report.missing == (lost.sha256,)
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        assert json.loads(pack.read("datapackage.json"))["missing_files"] == [lost.sha256]
        assert pack.testzip() is None


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pause]:
    """The export stops once its moment has begun and one table is written."""
    pause, write = Pause(), exporting._write_table

    def slowly(*args: Any) -> None:
        write(*args)
        pause()

    monkeypatch.setattr(exporting, "_write_table", slowly)
    yield pause
    pause.let_go.set()


@pytest.mark.slow
def test_it_is_of_one_moment_and_keeps_nobody_waiting(
    work: Jurisdiction, tmp_path: Path, paused: Pause
) -> None:
    export = Request(lambda: exported(work, tmp_path / "county.zip", with_files=False))
    export.start()
    assert paused.reached.wait(60)
    log_act(actor=SYSTEM, act="later", subject="test", subject_ids=[1])
    Resident.objects.filter(name="田禾生").update(name="田后来")
    paused.let_go.set()
    export.join(60)
    assert isinstance(export.outcome, ExportReport), export.outcome
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        acts = {row["act"] for row in sheet(pack, "records_loggedact")}
        assert "export" in acts
        assert "later" not in acts
        assert "田禾生" in {row["name"] for row in sheet(pack, "people_resident")}


# Who may, and what is refused


@pytest.mark.slow
def test_only_who_may_take_the_whole_countys_data_out_may(
    work: Jurisdiction, committed_cast: Cast, tmp_path: Path
) -> None:
    cast, target = committed_cast, tmp_path / "county.zip"
    for actor in (cast.secretary, cast.town_official, cast.auditor, cast.outsider, cast.villager):
        with pytest.raises(NotAllowed):
            export_county(actor=actor, jurisdiction=work, target=target)
    assert list(tmp_path.iterdir()) == []
    assert not LoggedAct.objects.filter(act="export").exists()
    export_county(actor=cast.administrator, jurisdiction=work, target=target, reason="交县档案馆")
    line = LoggedAct.objects.get(act="export")
    assert (Actor.user(line.actor_id), line.reason) == (cast.administrator, "交县档案馆")


@pytest.mark.slow
def test_what_breaks_off_is_logged_and_leaves_nothing(
    work: Jurisdiction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_write_files", full)
    with pytest.raises(ExportFailed, match="No space left"):
        exported(work, tmp_path / "county.zip")
    assert list(tmp_path.iterdir()) == []
    assert LoggedAct.objects.filter(act="export").count() == 1
    assert not connection.in_atomic_block
    with pytest.raises(ExportFailed):
        exported(work, tmp_path / "nowhere" / "county.zip")


@pytest.mark.slow
def test_nothing_is_overwritten(work: Jurisdiction, tmp_path: Path) -> None:
    (tmp_path / "county.zip").write_text("last year's")
    with pytest.raises(ArchiveExists):
        exported(work, tmp_path / "county.zip")
    assert (tmp_path / "county.zip").read_text() == "last year's"


@pytest.mark.slow
def test_the_command(work: Jurisdiction, tmp_path: Path) -> None:
    lost = store_file(name="lost", content=b"lost")
    local_path(lost.sha256).unlink()
    target = tmp_path / "county.zip"
    told = facts("export", target, "--county", work.slug, "--reason", "交县档案馆")
    assert (told["file"], told["missing_files"]) == (str(target), [lost.sha256])
    assert told["tables"]["people_unit"] == 14 + Unit.objects.filter(level__in=["grid", "group"]).count()
    assert LoggedAct.objects.get(act="export").reason == "交县档案馆"
    assert refusal("export", target, "--county", work.slug)["code"] == "archive-exists"
    who = ("--county", work.slug, "--as", "柳成荫")
    assert refusal("export", tmp_path / "b.zip", *who)["code"] == "not-allowed"
    said = run("export", tmp_path / "c.zip", "--county", work.slug, "--no-files")
    assert said.exit_code == 0, said.output
    assert f"导出好了：{tmp_path / 'c.zip'}，" in said.stdout
    assert "，0个文件。" in said.stdout
    said = run("export", tmp_path / "d.zip", "--county", work.slug)
    assert "有1个文件找不到内容" in said.stdout
