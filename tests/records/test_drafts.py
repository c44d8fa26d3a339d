"""Photos of forms that are not sent yet: their owner's alone, encoded anew, and gone after a day."""

import io
import os

import pytest
from PIL import Image

from tests.records.samples import PDF, picture
from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.records import drafts, jobs, storage
from xiangyue.records.drafts import SPAN, draft_photo, drafted_photo, forget_photos
from xiangyue.records.models import PhotoDraft, StoredFile
from xiangyue.records.operations import FILE_LIMIT, sweep_files
from xiangyue.records.photos import THUMBNAIL_BYTES, encode_anew
from xiangyue.records.refusals import NotAPhoto, PhotoUnreadable, TooManyDrafts
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.schemas import current_schema

OWNER, OTHER = "0199aaaa-0000-7000-8000-000000000001", "0199aaaa-0000-7000-8000-000000000002"


def draft(**more: object) -> str:
    return draft_photo(owner=OWNER, name="清渠.jpg", content=picture(900, 600, **more))  # type: ignore[arg-type]


def test_its_owner_finds_it_whole_and_small(county: Jurisdiction) -> None:
    token = draft()
    whole = drafted_photo(owner=OWNER, token=token)
    small = drafted_photo(owner=OWNER, token=token, thumbnail=True)
    assert whole
    assert small
    assert [Image.open(io.BytesIO(each)).size for each in (whole, small)] == [(900, 600), (320, 213)]
    assert b"SECRETCAM" not in whole + small
    assert not StoredFile.objects.filter(width__isnull=False).exists()


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "../../secret", f"{'a' * 31}/"])
def test_nobody_else_and_no_guess_finds_it(county: Jurisdiction, token: str) -> None:
    assert drafted_photo(owner=OTHER, token=draft()) is None
    assert drafted_photo(owner=OWNER, token=token) is None


@pytest.mark.parametrize("owner", ["", "../x", "a/b", "A", "x" * 61])
def test_an_owner_that_is_no_name_is_a_fault(county: Jurisdiction, owner: str) -> None:
    with pytest.raises(AssertionError):
        drafted_photo(owner=owner, token="0" * 32)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PDF, "not-a-photo"),
        (b"", "file-empty"),
        (b"\xff\xd8\xffno", "photo-unreadable"),
        (bytes(FILE_LIMIT + 1), "file-too-large"),
        (b"GIF89a\x00\x01", "file-type-refused"),
    ],
)
def test_what_is_no_photo_is_refused(county: Jurisdiction, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        draft_photo(owner=OWNER, name="a", content=content)
    assert caught.value.code == code


def test_so_many_a_day_and_no_more(county: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is a photo counts, forgotten or broken; what is none, or another's, does not."""
    monkeypatch.setattr(drafts, "MOST_AT_ONCE", 3)
    forget_photos(owner=OWNER, tokens=[draft()])
    for content in (PDF, b"\xff\xd8\xffno"):
        with pytest.raises((NotAPhoto, PhotoUnreadable)):
            draft_photo(owner=OWNER, name="a", content=content)
    draft()
    for _time in range(2):
        with pytest.raises(TooManyDrafts) as caught:
            draft()
        assert caught.value.facts == {"count": 3, "hours": 24}
    assert draft_photo(owner=OTHER, name="清渠.jpg", content=picture())
    with clock.as_of(clock.now() + SPAN):
        assert draft()
        monkeypatch.setattr(jobs, "_swept_on", {})
        jobs.tidy_files()
    assert PhotoDraft.objects.count() == 1


def test_what_is_turned_away_is_not_encoded(county: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_AT_ONCE", 0)
    with pytest.raises(TooManyDrafts):
        draft_photo(owner=OWNER, name="坏.jpg", content=b"\xff\xd8\xffno")


def test_what_is_forgotten_is_gone_and_twice_does_no_harm(county: Jurisdiction) -> None:
    token, other = draft(), draft(colour="red")
    for _time in range(2):
        forget_photos(owner=OWNER, tokens=[token, "nonsense"])
    assert drafted_photo(owner=OWNER, token=token) is None
    assert drafted_photo(owner=OWNER, token=other)


def test_a_day_later_it_is_swept_away(county: Jurisdiction) -> None:
    old, young = draft(), draft(colour="red")
    base = storage.local_path("0" * 64).parent.parent
    assert base.name == current_schema()
    for path in base.glob(f"drafts/draft-{OWNER}-{old}*"):
        os.utime(path, (0, 0))
    sweep_files()
    assert drafted_photo(owner=OWNER, token=old) is None
    assert drafted_photo(owner=OWNER, token=old, thumbnail=True) is None
    assert drafted_photo(owner=OWNER, token=young)


def test_a_small_version_is_light_whatever_is_on_it() -> None:
    noise = Image.frombytes("RGB", (640, 640), os.urandom(640 * 640 * 3))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    photo = encode_anew(buffer.getvalue(), "a.png", "PNG")
    assert len(photo.thumbnail) <= THUMBNAIL_BYTES
    assert Image.open(io.BytesIO(photo.thumbnail)).size == (320, 320)
