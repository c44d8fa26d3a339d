"""Files: what is kept of them, once, whole, and no longer than it may be."""

import hashlib
import io
import os
import re
import signal
import stat
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django_tenants.utils import schema_context
from PIL import Image

from tests.records.samples import PDF, picture, xlsx
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.records import jobs, operations, storage
from xiangyue.records.jobs import tidy_files
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import (
    FILE_LIMIT,
    drop_erased,
    erase_files,
    store_file,
    sweep_files,
)
from xiangyue.records.refusals import FileEmpty, FileTooLarge, FileTypeRefused, PhotoUnreadable
from xiangyue.records.storage import local_path
from xiangyue.tenancy.models import Jurisdiction


def bytes_of(stored: StoredFile, *, thumbnail: bool = False) -> bytes:
    with storage.open_bytes(stored.sha256, thumbnail=thumbnail) as file:
        return file.read()


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_kept_with_its_row(county: Jurisdiction) -> None:
    stored = store_file(name="会议记录.pdf", content=PDF)
    stored.refresh_from_db()
    assert (stored.name, stored.media_type, stored.size) == ("会议记录.pdf", "application/pdf", len(PDF))
    assert stored.sha256 == stored.received_sha256 == hashed(PDF)
    assert (stored.width, stored.taken_at, stored.is_photo) == (None, None, False)
    assert bytes_of(stored) == PDF
    path = local_path(stored.sha256)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    others = [other.name for other in path.parent.iterdir() if not re.fullmatch("[0-9a-f]{64}", other.name)]
    assert others == []  # nothing half written is left beside it


def test_of_a_photo_a_new_one_and_a_small_one_are_kept(county: Jurisdiction) -> None:
    came = picture(800, 400, form="PNG", taken="2026:10:20 08:30:00")
    stored = store_file(name="签到.png", content=came)
    stored.refresh_from_db()
    kept = bytes_of(stored)
    assert (stored.name, stored.media_type, stored.size) == ("签到.png", "image/jpeg", len(kept))
    assert (stored.sha256, stored.received_sha256) == (hashed(kept), hashed(came))
    assert (stored.width, stored.height) == (800, 400)
    assert stored.taken_at == datetime(2026, 10, 20, 0, 30, tzinfo=UTC)
    assert Image.open(io.BytesIO(kept)).size == (800, 400)
    assert Image.open(io.BytesIO(bytes_of(stored, thumbnail=True))).size == (320, 160)
    assert stored.download_name == "签到.jpg"


def test_the_same_bytes_are_kept_once(county: Jurisdiction) -> None:
    first = store_file(name="a.txt", content=b"list")
    written = local_path(first.sha256).stat().st_mtime_ns
    assert store_file(name="b.png", content=b"list") == first
    assert local_path(first.sha256).stat().st_mtime_ns == written
    assert StoredFile.objects.get(sha256=first.sha256).name == "a.txt"
    assert store_file(name="a.txt", content=b"another") != first


def test_the_same_photo_is_decoded_once(county: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store_file(name="a.jpg", content=picture())
    elsewhere = store_file(name="b.jpg", content=picture(taken="2026:10:20 08:30:00"))
    assert elsewhere == first  # another file, but not another picture
    monkeypatch.setattr(operations, "encode_anew", None)
    assert store_file(name="c.jpg", content=picture()) == first


def test_lost_bytes_come_back_with_the_file(county: Jurisdiction) -> None:
    """A database restored without its files."""
    for content in (b"list of names", picture(colour="red")):
        stored = store_file(name="a", content=content)
        kept = bytes_of(stored)
        local_path(stored.sha256).unlink()
        assert store_file(name="a", content=content) == stored
        assert bytes_of(stored) == kept


@pytest.mark.parametrize(
    ("name", "kept", "handed_out"),
    [
        ("../../etc/passwd", "passwd", "passwd.txt"),
        ("C:\\\\照片\\\\清渠.JPG", "清渠.JPG", "清渠.txt"),
        ("证\r\nSet-Cookie: 明\0.html", "证Set-Cookie: 明.html", "证Set-Cookie: 明.txt"),
        ("\u202egpj.exe", "gpj.exe", "gpj.txt"),
        ("页" * 300, "页" * 200, "页" * 200 + ".txt"),
    ],
)
def test_a_name_is_only_a_name(county: Jurisdiction, name: str, kept: str, handed_out: str) -> None:
    stored = store_file(name=name, content=f"text of {name[:5]}".encode())
    assert (stored.name, stored.media_type, stored.download_name) == (kept, "text/plain", handed_out)
    assert local_path(stored.sha256).name == stored.sha256


def test_a_file_without_a_name_is_handed_out_under_its_hash(county: Jurisdiction) -> None:
    stored = store_file(name="", content=b"nameless")
    assert stored.download_name == f"{stored.sha256[:16]}.txt"


REFUSED: list[tuple[bytes, type[Refusal]]] = [
    (b"", FileEmpty),
    (bytes(FILE_LIMIT + 1), FileTooLarge),
    (b"<html>", FileTypeRefused),
    (picture()[:200], PhotoUnreadable),
]


@pytest.mark.parametrize(("content", "refusal"), REFUSED, ids=[refusal.code for _, refusal in REFUSED])
def test_what_is_refused_leaves_nothing(county: Jurisdiction, content: bytes, refusal: type[Refusal]) -> None:
    rows, files = StoredFile.objects.count(), sorted(storage.hashes_of(county.schema_name))
    with pytest.raises(refusal, match="录像"):
        store_file(name="录像.jpg", content=content)
    assert (StoredFile.objects.count(), sorted(storage.hashes_of(county.schema_name))) == (rows, files)


def test_the_limit_is_the_largest_that_is_taken(
    county: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "FILE_LIMIT", 5)
    assert store_file(name="a", content=b"12345")
    with pytest.raises(FileTooLarge):
        store_file(name="a", content=b"123456")


def test_each_county_has_a_folder_of_its_own(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> None:
    places = []
    for county in (founded, peopled):
        with schema_context(county.schema_name):
            places.append(local_path("ab" * 32))
    assert [place.parts[-3:] for place in places] == [
        (county.schema_name, "ab", "ab" * 32) for county in (founded, peopled)
    ]


# Crashes


def test_half_a_file_never_stands_in_for_a_whole_one(
    county: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: what was written so far does not count as kept."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    content = b"notes on the ditch"
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(OSError, match="space"), transaction.atomic():
            store_file(name="a.txt", content=content)
    assert not StoredFile.objects.filter(sha256=hashed(content)).exists()
    assert not local_path(hashed(content)).exists()
    stored = store_file(name="a.txt", content=content)
    assert [path.name for path in local_path(stored.sha256).parent.iterdir()] == [stored.sha256]
    assert bytes_of(stored) == content


def test_a_writer_that_is_killed_leaves_no_file(county: Jurisdiction) -> None:
    """At the moment when all is written but the name: the child dies by SIGKILL, nothing can be tidied."""
    content = b"minutes of a meeting"
    child = os.fork()
    if child == 0:
        os.replace = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
        storage.keep(hashed(content), content, None)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    folder = local_path(hashed(content)).parent
    (draft,) = (path for path in folder.iterdir() if path.name.startswith("draft-"))
    assert draft.read_bytes() == content
    assert not storage.is_kept(hashed(content))
    assert hashed(content) not in list(storage.hashes_of(county.schema_name))
    assert storage.is_kept(store_file(name="a.txt", content=content).sha256)

    sweep_files()
    assert draft.exists()  # its writer may still be at it
    a_week_ago = time.time() - 7 * 24 * 3600
    os.utime(draft, (a_week_ago, a_week_ago))
    sweep_files()
    assert not draft.exists()


def test_bytes_of_no_row_are_swept_away(county: Jurisdiction) -> None:
    sweep_files()
    kept = store_file(name="kept.jpg", content=picture(colour="blue"))
    with transaction.atomic():
        undone = store_file(name="undone.jpg", content=picture(colour="yellow"))
        transaction.set_rollback(True)
    place = local_path(undone.sha256)
    assert place.exists()
    assert sweep_files() == 1
    assert [path for path in place.parent.parent.rglob("*") if undone.sha256 in path.name] == []
    assert bytes_of(kept, thumbnail=True)
    assert bytes_of(kept)
    assert sweep_files() == 0


@pytest.mark.slow
def test_a_file_that_is_being_stored_is_not_swept_away(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweeper waits until the row is committed. Without its lock it takes the bytes of a row to come."""
    pause = Pause()
    monkeypatch.setattr(storage, "keep", after(storage.keep, pause))
    stored, swept = meet(lambda: store_file(name="a", content=b"in between"), sweep_files, pause)
    assert swept == 0
    assert bytes_of(stored) == b"in between"


# Erasing


@pytest.mark.slow
def test_an_erased_file_leaves_its_row_alone(committed: Jurisdiction) -> None:
    stored = store_file(name="田禾生.jpg", content=picture(taken="2026:10:20 08:30:00"))
    other = store_file(name="other.txt", content=b"other")
    place = local_path(stored.sha256)
    with transaction.atomic():
        assert erase_files(actor=SYSTEM, file_ids=[stored.pk], reason="term") == 1
        assert place.exists()  # until it is certain
    stored.refresh_from_db()
    assert (stored.name, stored.received_sha256, stored.taken_at, stored.size) == ("", "", None, 0)
    assert stored.erased_at is not None
    assert list(place.parent.iterdir()) == []
    assert bytes_of(other) == b"other"
    line = LoggedAct.objects.get(act="erase")
    assert (line.subject, line.subject_id, line.reason) == ("file", stored.pk, "term")
    assert erase_files(actor=SYSTEM, file_ids=[stored.pk]) == 0
    assert sweep_files() == 0

    again = store_file(name="again.jpg", content=picture(taken="2026:10:20 08:30:00"))
    again.refresh_from_db()
    assert (again.pk, again.name, again.erased_at) == (stored.pk, "again.jpg", None)
    assert len(bytes_of(again)) == again.size
    assert again.taken_at is not None


def test_an_erasing_that_is_undone_erases_nothing(county: Jurisdiction) -> None:
    stored = store_file(name="a.txt", content=b"stays")
    with transaction.atomic():
        erase_files(actor=SYSTEM, file_ids=[stored.pk])
        transaction.set_rollback(True)
    drop_erased(schema=county.schema_name)
    stored.refresh_from_db()
    assert (stored.name, bytes_of(stored)) == ("a.txt", b"stays")


def test_bytes_that_could_not_be_removed_are_removed_by_the_worker(
    county: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_swept_on", {})
    stored = store_file(name="a.txt", content=b"must go")
    erase_files(actor=SYSTEM, file_ids=[stored.pk])  # in a test nothing is ever committed
    assert storage.is_kept(stored.sha256)
    tidy_files()
    stored.refresh_from_db()
    assert (storage.is_kept(stored.sha256), stored.size) == (False, 0)
    assert jobs._swept_on == {county.schema_name: clock.today()}


@pytest.mark.slow
def test_what_is_brought_again_while_it_is_erased_is_kept(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are removed only under a lock on its row, and only if it is still erased."""
    stored = store_file(name="a", content=b"wanted after all")
    with monkeypatch.context() as broken:
        broken.setattr(operations, "drop_erased", lambda **_facts: 0)
        erase_files(actor=SYSTEM, file_ids=[stored.pk])
    pause = Pause()
    monkeypatch.setattr(storage, "drop", after(storage.drop, pause))
    dropped, again = meet(
        lambda: drop_erased(schema=committed.schema_name),
        lambda: store_file(name="b", content=b"wanted after all"),
        pause,
    )
    assert (dropped, again.pk, again.name) == (1, stored.pk, "b")
    assert bytes_of(again) == b"wanted after all"
    again.refresh_from_db()
    assert (again.size, again.erased_at) == (16, None)


@pytest.mark.slow
def test_two_that_store_the_same_at_once_get_one_row(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = Pause()
    monkeypatch.setattr(storage, "keep", after(storage.keep, pause))
    one, two = meet(
        lambda: store_file(name="a", content=xlsx()), lambda: store_file(name="b", content=xlsx()), pause
    )
    assert (one.pk, one.name) == (two.pk, two.name)
    assert StoredFile.objects.filter(sha256=hashed(xlsx())).count() == 1


def test_files_are_kept_through_the_storage_that_the_settings_name(
    county: Jurisdiction, settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "xiangyue.records.storage.LocalFiles", "OPTIONS": {"folder": str(tmp_path)}}
    }
    stored = store_file(name="a", content=b"elsewhere")
    assert (tmp_path / county.schema_name / stored.sha256[:2] / stored.sha256).read_bytes() == b"elsewhere"
    assert storages["files"].path("x") == str(tmp_path / "x")
