import io
import random
from datetime import UTC, datetime

import pytest
from PIL import Image

from tests.records.samples import picture, png_that_claims, srgb_profile
from xiangyue.records import photos
from xiangyue.records.photos import LONG_SIDE, PIXEL_LIMIT, THUMBNAIL_SIDE, encode_anew
from xiangyue.records.refusals import PhotoTooLarge, PhotoUnreadable

NAME = "清渠.jpg"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_whatever_comes_a_plain_jpeg_is_kept(form: str) -> None:
    photo = encode_anew(picture(form=form, colour=(10, 120, 60)), NAME, form)
    for content, size in ((photo.content, (60, 40)), (photo.thumbnail, (60, 40))):
        image = opened(content)
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", size)
        assert is_near(image.getpixel((5, 5)), (10, 120, 60))
    assert (photo.width, photo.height) == (60, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_the_camera_wrote_is_left(form: str) -> None:
    came = picture(form=form, taken="2026:10:20 08:30:00", comment=b"SECRETCAM", icc_profile=srgb_profile())
    assert b"SECRETCAM" in came
    assert opened(came).getexif().get_ifd(0x8825)
    photo = encode_anew(came, NAME, form)
    for content in (photo.content, photo.thumbnail):
        assert b"SECRETCAM" not in content
        assert b"Exif" not in content
        assert not dict(opened(content).getexif())
        assert set(opened(content).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_time_of_the_camera_is_read_first() -> None:
    at_home = encode_anew(picture(taken="2026:10:20 08:30:00"), NAME, "JPEG")
    assert at_home.taken_at == datetime(2026, 10, 20, 0, 30, tzinfo=UTC)
    abroad = encode_anew(picture(taken="2026:10:20 08:30:00", offset="+09:00"), NAME, "JPEG")
    assert abroad.taken_at == datetime(2026, 10, 19, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "taken", ["", "0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2026:13:40 08:30:00"]
)
def test_a_camera_that_knows_no_time_has_none(taken: str) -> None:
    assert encode_anew(picture(taken=taken), NAME, "JPEG").taken_at is None


def test_a_damaged_note_spoils_no_photo() -> None:
    damaged = picture(taken="2026:10:20 08:30:00")
    at = damaged.index(b"Exif\0\0") + 14
    damaged = damaged[:at] + b"\xff" * 20 + damaged[at + 20 :]
    photo = encode_anew(damaged, NAME, "JPEG")
    assert (photo.width, photo.taken_at) == (60, None)


def test_photos_are_turned_upright() -> None:
    image = Image.new("RGB", (64, 32), "white")
    image.paste("red", (0, 0, 32, 32))
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned to the left
    image.save(buffer, "JPEG", exif=exif, quality=95)
    upright = opened(encode_anew(buffer.getvalue(), NAME, "JPEG").content)
    assert upright.size == (32, 64)
    assert is_near(upright.getpixel((16, 8)), (255, 0, 0))
    assert is_near(upright.getpixel((16, 56)), (255, 255, 255))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_large_photos_are_made_smaller_in_their_shape(form: str) -> None:
    photo = encode_anew(picture(6000, 3000, form=form), NAME, form)
    assert (photo.width, photo.height) == (LONG_SIDE, LONG_SIDE // 2)
    assert opened(photo.content).size == (LONG_SIDE, LONG_SIDE // 2)
    assert opened(photo.thumbnail).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)


def test_a_line_of_pixels_keeps_one() -> None:
    photo = encode_anew(picture(9000, 1, form="PNG"), NAME, "PNG")
    assert (photo.width, photo.height) == (LONG_SIDE, 1)


@pytest.mark.parametrize(
    ("mode", "colour", "form"),
    [("RGBA", (0, 0, 0, 0), "PNG"), ("LA", (0, 0), "PNG"), ("RGBA", (0, 0, 0, 0), "WEBP")],
)
def test_what_is_transparent_becomes_white(mode: str, colour: object, form: str) -> None:
    photo = encode_anew(picture(form=form, mode=mode, colour=colour), NAME, form)
    assert is_near(opened(photo.content).getpixel((3, 3)), (255, 255, 255))


@pytest.mark.parametrize(
    ("mode", "colour", "form"), [("L", 200, "PNG"), ("P", 0, "PNG"), ("1", 1, "PNG"), ("CMYK", 0, "JPEG")]
)
def test_other_colours_become_ours(mode: str, colour: object, form: str) -> None:
    assert opened(encode_anew(picture(form=form, mode=mode, colour=colour), NAME, form).content).mode == "RGB"


def test_a_profile_that_is_none_is_passed_over() -> None:
    photo = encode_anew(picture(icc_profile=b"nonsense", colour=(10, 120, 60)), NAME, "JPEG")
    assert is_near(opened(photo.content).getpixel((3, 3)), (10, 120, 60))


@pytest.mark.parametrize("size", [(PIXEL_LIMIT // 1000 + 1, 1000), (PIXEL_LIMIT, 3), (60_000, 60_000)])
def test_more_pixels_than_memory_are_refused_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(photos, "_upright", decode)
    with pytest.raises(PhotoTooLarge) as refused:
        encode_anew(png_that_claims(*size), NAME, "PNG")
    assert refused.value.facts == {"name": NAME, "limit": 64}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(form: str) -> None:
    noise = random.Random(7).randbytes(300 * 200 * 3)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (300, 200), noise).save(buffer, form)
    whole = buffer.getvalue()
    assert encode_anew(whole, NAME, form).width == 300
    with pytest.raises(PhotoUnreadable, match="清渠"):
        encode_anew(whole[: len(whole) // 2], NAME, form)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_damage_is_more_than_a_refusal(form: str) -> None:
    """Bytes are changed by chance; either a photo comes of it or a refusal, never another exception."""
    chance, whole = random.Random(11), picture(form=form, taken="2026:10:20 08:30:00")
    outcomes: set[type[object]] = set()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            outcomes.add(type(encode_anew(bytes(damaged), NAME, form)))
        except (PhotoUnreadable, PhotoTooLarge) as refused:
            outcomes.add(type(refused))
    assert PhotoUnreadable in outcomes


def test_a_photo_is_encoded_by_its_bytes_and_by_no_other_decoder() -> None:
    with pytest.raises(PhotoUnreadable):
        encode_anew(picture(form="PNG"), NAME, "JPEG")
