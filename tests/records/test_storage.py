"""Nothing depends on a folder: the same is done in memory, and in a store that speaks S3."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest
from PIL import Image

from tests.cast import Cast
from tests.records.samples import picture
from tests.records.store import Bucket, a_bucket
from xiangyue.kernel.actors import SYSTEM
from xiangyue.records import storage
from xiangyue.records.operations import drop_erased, erase_files, store_file, sweep_files
from xiangyue.records.places import files_storage
from xiangyue.records.storage import local_path
from xiangyue.setup.archive import archive
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui.files import file_response

MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with a_bucket() as made:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "KEYID")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
        address = f"s3://files/county?endpoint={made.endpoint}&region=here&addressing=path"
        monkeypatch.setenv("XIANGYUE_FILES", address)
        yield made


@pytest.fixture(params=["memory", "s3"])
def elsewhere(request: pytest.FixtureRequest, settings: Any, county: Jurisdiction) -> str:
    """Files lie anywhere but in a folder."""
    if request.param == "s3":
        request.getfixturevalue("bucket")
    entry = files_storage() if request.param == "s3" else MEMORY
    settings.STORAGES = settings.STORAGES | {"files": entry}
    return str(request.param)


def read(sha256: str, *, thumbnail: bool = False) -> bytes:
    with storage.open_bytes(sha256, thumbnail=thumbnail) as file:
        return file.read()


def test_all_that_is_done_with_files_is_done_elsewhere(
    elsewhere: str, county: Jurisdiction, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path / "home"  # whatever is written there is a folder after all
    text = store_file(name="名单.txt", content="田禾生".encode())
    photo = store_file(name="清渠.png", content=picture(800, 400, form="PNG"))
    assert store_file(name="又一次.txt", content="田禾生".encode()) == text
    assert read(text.sha256) == "田禾生".encode()
    assert Image.open(io.BytesIO(read(photo.sha256, thumbnail=True))).size == (320, 160)
    assert sorted(storage.hashes_of(county.schema_name)) == sorted([text.sha256, photo.sha256])
    assert b"".join(file_response(HttpRequest(), text)) == "田禾生".encode()

    with transaction.atomic():
        undone = store_file(name="undone.txt", content=b"undone")
        transaction.set_rollback(True)
    assert storage.is_kept(undone.sha256)
    assert sweep_files() == 1
    assert not storage.is_kept(undone.sha256)

    erase_files(actor=SYSTEM, file_ids=[photo.pk])
    assert drop_erased(schema=county.schema_name) == 1
    for thumbnail in (False, True):
        with pytest.raises(FileNotFoundError):
            read(photo.sha256, thumbnail=thumbnail)

    with transaction.atomic():
        archive(county, tmp_path / "county.zip")
    with zipfile.ZipFile(tmp_path / "county.zip") as pack:
        assert pack.read(f"files/{text.sha256}") == "田禾生".encode()

    storage.drop_all(county.schema_name)
    assert list(storage.hashes_of(county.schema_name)) == []
    storage.drop_all(county.schema_name)  # there is nothing, and that is no fault
    assert not (tmp_path / "home").exists()


def test_only_a_folder_has_paths(elsewhere: str) -> None:
    stored = store_file(name="a.txt", content=b"no place")
    if elsewhere == "s3":
        with pytest.raises(NotImplementedError):
            local_path(stored.sha256)


def test_a_bucket_holds_each_county_apart_under_hashes_alone(
    bucket: Bucket, settings: Any, cast: Cast, peopled: Jurisdiction
) -> None:
    settings.STORAGES = settings.STORAGES | {"files": files_storage()}
    stored = store_file(name="田禾生的身份证.png", content=picture(form="PNG"))
    place = f"/files/county/{peopled.schema_name}/{stored.sha256[:2]}/{stored.sha256}"
    assert set(bucket.kept) == {place, f"{place}-320"}
    assert bucket.kept[place] == read(stored.sha256)
    for _line, headers in bucket.heard:
        assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=KEYID/")
        assert "sesame" not in repr(headers)
    # What only Amazon's own store understands.
    uploads = [headers for line, headers in bucket.heard if line.startswith("PUT")]
    assert all("aws-chunked" not in repr(headers).lower() for headers in uploads)
    assert not any("x-amz-acl" in (name.lower() for name in headers) for headers in uploads)
    # The same again asks whether it is there, and sends nothing.
    sent = len(uploads)
    store_file(name="again.png", content=picture(form="PNG"))
    assert len([line for line, _headers in bucket.heard if line.startswith("PUT")]) == sent


def test_of_no_county_nothing_is_dropped(county: Jurisdiction) -> None:
    """It would be all of them."""
    stored = store_file(name="a.txt", content=b"stays here")
    storage.drop_all("")
    assert read(stored.sha256) == b"stays here"
