"""Photos of a declaration: demanded or not, kept while something is missing, and nobody else's."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cast import Cast
from tests.phone.declaring import KEPT, KEY, TODAY, declare, declared, form_path, problems, put_in_force
from tests.records.samples import PDF, picture
from tests.web import Visitor
from xiangyue.records import drafts
from xiangyue.records.models import StoredFile
from xiangyue.scoring.models import Deed, Evidence


@pytest.fixture(autouse=True)
def rules(cast: Cast) -> None:
    put_in_force(cast)


def photo(name: str = "树.jpg", colour: str = "green") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(900, 600, colour=colour), "image/jpeg")


def upload(visitor: Visitor, **more: str) -> str:
    answer = visitor.post("/my/drafts/", {"photo": photo(**more)})
    assert answer.status_code == 200
    return str(answer.json()["token"])


def test_what_the_catalogue_demands_is_sent_with_the_form(cast: Cast, villager: Visitor) -> None:
    assert "要有照片" in villager.read(form_path(cast, "种树"))
    deed = declared(villager, cast, "种树", photos=[photo(), photo("前.jpg", "red")])
    assert Evidence.objects.filter(deed=deed).count() == 2
    assert all(each.file.is_photo for each in Evidence.objects.all())


def test_photos_may_be_sent_where_none_is_demanded(cast: Cast, villager: Visitor) -> None:
    assert "可以不拍" in villager.read(form_path(cast, "捐物"))
    deed = declared(villager, cast, "捐物", photos=[photo()])
    assert Evidence.objects.filter(deed=deed).count() == 1


def test_photos_survive_what_is_missing_and_go_with_the_form_in_the_end(
    cast: Cast, villager: Visitor
) -> None:
    answer = declare(villager, cast, "投工修路", amount="", photos=[photo(), photo("前.jpg", "red")])
    page = answer.content.decode()
    assert answer.status_code == 422
    kept = KEPT.findall(page)
    assert len(kept) == 2
    for token in kept:
        small = villager.get(f"/my/drafts/{token}/")
        assert (small.status_code, small["Content-Type"]) == (200, "image/jpeg")
        assert small["Cache-Control"] == "no-store"
        assert max(Image.open(io.BytesIO(small.content)).size) == 320
    assert not StoredFile.objects.filter(width__isnull=False).exists()
    again = {
        "key": KEY.findall(page)[0],
        "day": TODAY,
        "amount": "2",
        "kept": kept,
        "photos": [photo("后.jpg", "blue")],
    }
    assert villager.post(form_path(cast, "投工修路"), again).status_code == 302
    assert Evidence.objects.filter(deed=Deed.objects.get()).count() == 3
    assert [villager.get(f"/my/drafts/{token}/").status_code for token in kept] == [404, 404]


def test_a_photo_is_taken_out_again_without_a_script(cast: Cast, villager: Visitor) -> None:
    first, second = upload(villager), upload(villager, name="前.jpg", colour="red")
    answer = villager.post(
        form_path(cast, "捐物"), {"day": "", "note": "米", "kept": [first, second], "drop": first}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert KEPT.findall(page) == [second]
    assert ">米</textarea>" in page
    assert problems(answer) == []
    assert not Deed.objects.exists()


def test_looking_ahead_keeps_the_photos(cast: Cast, villager: Visitor) -> None:
    answer = villager.post(form_path(cast, "捐物"), {"day": TODAY, "look": "1", "photos": [photo()]})
    assert answer.status_code == 200
    assert len(KEPT.findall(answer.content.decode())) == 1


def test_a_phone_with_scripts_sends_each_photo_by_itself(cast: Cast, villager: Visitor) -> None:
    tokens = [upload(villager), upload(villager, colour="red")]
    deed = declared(villager, cast, "种树", kept=tokens)
    assert Evidence.objects.filter(deed=deed).count() == 2


def test_what_a_camera_wrote_is_gone_from_a_draft_at_once(villager: Visitor) -> None:
    small = villager.get(f"/my/drafts/{upload(villager)}/").content
    assert b"SECRETCAM" in photo().read()
    assert b"SECRETCAM" not in small


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("文件.pdf", PDF, "不是照片"),
        ("坏.jpg", b"\xff\xd8\xff\xe0broken", "打不开"),
        ("空.jpg", b"", "空的"),
        ("网页.jpg", b"<html><script>x</script>", "网页"),
    ],
)
def test_what_is_no_photo_is_refused_either_way(
    cast: Cast, villager: Visitor, name: str, content: bytes, words: str
) -> None:
    answer = villager.post("/my/drafts/", {"photo": SimpleUploadedFile(name, content)})
    assert (answer.status_code, words in answer.json()["text"]) == (422, True)
    if content:
        answer = declare(villager, cast, "捐物", photos=[SimpleUploadedFile(name, content), photo()])
        assert answer.status_code == 422
        assert any(words in problem for problem in problems(answer))
        assert len(KEPT.findall(answer.content.decode())) == 1
    assert not Deed.objects.exists()


def test_more_than_six_are_too_many_and_six_are_kept(cast: Cast, villager: Visitor) -> None:
    answer = declare(villager, cast, "捐物", photos=[photo(f"{n}.jpg", f"#0{n}0") for n in range(7)])
    assert answer.status_code == 422
    assert problems(answer)[0] == "照片最多6张。"
    assert len(KEPT.findall(answer.content.decode())) == 6


def test_too_many_in_a_day_are_told_on_the_page(
    cast: Cast, villager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself or with a form that comes back; a form that goes through brings its photos all the same."""
    monkeypatch.setattr(drafts, "MOST_AT_ONCE", 1)
    kept = upload(villager)
    answer = villager.post("/my/drafts/", {"photo": photo(colour="red")})
    assert (answer.status_code, answer.json()["code"]) == (422, "photo-drafts-too-many")
    again = declare(villager, cast, "捐物", day="", kept=[kept], photos=[photo(colour="red")])
    assert again.status_code == 422
    assert any(problem.startswith("24小时里传的照片已经有1张") for problem in problems(again))
    assert KEPT.findall(again.content.decode()) == [kept]
    deed = declared(villager, cast, "捐物", kept=[kept], photos=[photo(colour="red")])
    assert Evidence.objects.filter(deed=deed).count() == 2


def test_a_draft_is_nobody_elses(
    cast: Cast, villager: Visitor, neighbour: Visitor, outsider: Visitor
) -> None:
    token = upload(villager)
    assert neighbour.get(f"/my/drafts/{token}/").status_code == 404
    assert outsider.get(f"/my/drafts/{token}/").status_code == 302
    answer = declare(neighbour, cast, "种树", kept=[token])
    assert answer.status_code == 422
    assert KEPT.findall(answer.content.decode()) == []
    assert not Deed.objects.exists()


@pytest.mark.parametrize("token", ["x", "0" * 32, "..", "a" * 300, "%2e%2e%2fsecret"])
def test_a_token_that_we_did_not_draw_opens_nothing(cast: Cast, villager: Visitor, token: str) -> None:
    assert villager.get(f"/my/drafts/{token}/").status_code == 404
    answer = declare(villager, cast, "捐物", day="", kept=[token, "../" + token])
    assert KEPT.findall(answer.content.decode()) == []


def test_the_form_works_with_the_browsers_own_input(cast: Cast, villager: Visitor) -> None:
    page = villager.read(form_path(cast, "种树"))
    (box,) = re.findall(r'<input [^>]*type="file"[^>]*>', page)
    for attribute in ('name="photos"', 'accept="image/*"', " multiple", 'data-upload="/my/drafts/"'):
        assert attribute in box
    assert 'enctype="multipart/form-data"' in page
    assert "ours/js/photos.js" in page
