import io
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from PIL import Image

from tests.records.samples import PDF, picture
from xiangyue.kernel import clock
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.records.storage import local_path
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui.files import HARMLESS, file_response


def asking(**headers: str) -> HttpRequest:
    return RequestFactory().get("/files/1", headers=headers)


def body(response: Any) -> bytes:
    assert isinstance(response, FileResponse)
    content = b"".join(response)
    shut(response)
    return content


def shut(response: Any) -> None:
    """Close the file; closing the response would end the test's connection to the database too."""
    for closer in response._resource_closers:
        closer()


@pytest.fixture
def photo(county: Jurisdiction) -> StoredFile:
    return store_file(name='清渠 "前".png', content=picture(800, 400, form="PNG"))


def test_a_photo_is_shown(photo: StoredFile) -> None:
    response = file_response(asking(), photo)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%B8%85%E6%B8%A0")
    assert response["Content-Disposition"].endswith(".jpg")
    assert int(response["Content-Length"]) == photo.size
    content = body(response)
    assert content == local_path(photo.sha256).read_bytes()


def test_its_small_version_is_shown(photo: StoredFile) -> None:
    response = file_response(asking(), photo, thumbnail=True)
    assert response["Content-Type"] == "image/jpeg"
    assert response["ETag"] != file_response(asking(), photo)["ETag"]
    assert Image.open(io.BytesIO(body(response))).size == (320, 160)


def test_a_photo_may_be_saved(photo: StoredFile) -> None:
    assert file_response(asking(), photo, download=True)["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("name", "content", "media_type", "ending"),
    [
        ("会议记录.html", PDF, "application/pdf", ".pdf"),
        ("script.js", b"alert(1)", "text/plain", ".txt"),
        ("户册.csv", b"a,b\n", "text/csv", ".csv"),
    ],
)
def test_everything_else_is_saved_under_what_it_is(
    county: Jurisdiction, name: str, content: bytes, media_type: str, ending: str
) -> None:
    response = file_response(asking(), store_file(name=name, content=content))
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Disposition"].rstrip('"').endswith(ending)
    assert body(response) == content


def test_rows_of_before_are_never_shown_whatever_they_claim(county: Jurisdiction) -> None:
    """What a file is was once told from its name."""
    stored = store_file(name="a.txt", content=b"plain")
    for claimed in ("text/html", "image/svg+xml", "image/jpeg"):
        StoredFile.objects.filter(pk=stored.pk).update(media_type=claimed, name="x.html\r\nSet-Cookie: a")
        stored.refresh_from_db()
        response = file_response(asking(), stored)
        assert response["Content-Type"] == (
            "image/jpeg" if claimed == "image/jpeg" else "application/octet-stream"
        )
        assert response["Content-Disposition"].startswith("attachment; ")
        assert "\n" not in response["Content-Disposition"]
        assert "html" not in response["Content-Disposition"].partition("filename")[2].rpartition(".")[2]
        shut(response)


def test_nothing_in_it_runs_and_nobody_else_keeps_it(photo: StoredFile) -> None:
    fresh = file_response(asking(), photo)
    for response in (fresh, file_response(asking(If_None_Match=fresh["ETag"]), photo)):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == HARMLESS
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"].startswith("private, max-age=")
        assert response["Vary"] == "Cookie"
        shut(response)


def test_what_the_reader_has_is_not_sent_again(photo: StoredFile, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = file_response(asking(), photo)
    shut(fresh)
    monkeypatch.setattr("xiangyue.ui.files._whole", None)
    again = file_response(asking(If_None_Match=f'W/"other", {fresh["ETag"]}'), photo)
    assert isinstance(again, HttpResponse)
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_there_is_not_found(photo: StoredFile, county: Jurisdiction) -> None:
    text = store_file(name="a.txt", content=b"no photo")
    with pytest.raises(Http404):
        file_response(asking(), text, thumbnail=True)
    Path(local_path(text.sha256)).unlink()
    with pytest.raises(Http404):
        file_response(asking(), text)
    photo.erased_at = clock.now()
    for thumbnail in (False, True):
        with pytest.raises(Http404):
            file_response(asking(), photo, thumbnail=thumbnail)
