"""Photos are never stored as they come: decoded, turned upright, made smaller and encoded anew, without what the camera
wrote into them. Whatever was hidden in the file, a place or a program, is gone with it.
"""

import io
import re
import struct
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import ExifTags, Image, ImageCms, ImageOps

from xiangyue.kernel import clock
from xiangyue.records.refusals import PhotoTooLarge, PhotoUnreadable

PIXEL_LIMIT: Final = 64_000_000  # a phone's fifty million and some; decoded, a quarter of a gigabyte
LONG_SIDE: Final = 2560  # pixels of a stored photo at most
THUMBNAIL_SIDE: Final = 320
QUALITY: Final = 85
THUMBNAIL_BYTES: Final = 40_000  # at most, whatever is on it (LOOK §12)
THUMBNAIL_QUALITIES: Final = (80, 60, 40, 20)  # the first that is small enough

# Pillow only warns up to twice its limit; ours is one.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
warnings.simplefilter("error", Image.DecompressionBombWarning)

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What Pillow raises on damaged files, format by format.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")
_SRGB: Final = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Photo:
    """A photo as it is stored, both sizes as JPEG. taken_at: when the camera says that it was taken."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None


def encode_anew(content: bytes, name: str, photo_format: str) -> Photo:
    """Make of a photo what is stored of it. Raises: PhotoTooLarge, PhotoUnreadable."""
    try:
        with Image.open(io.BytesIO(content), formats=(photo_format,)) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise _too_large(name)
            taken_at = _taken_at(image)
            photo = _upright(image)
            small = photo.copy()
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
            return Photo(
                content=_jpeg(photo, QUALITY),
                thumbnail=_thumbnail(small),
                width=photo.width,
                height=photo.height,
                taken_at=taken_at,
            )
    except _BOMBS:
        raise _too_large(name) from None
    except _BROKEN:
        raise PhotoUnreadable(name=name) from None


def _too_large(name: str) -> PhotoTooLarge:
    return PhotoTooLarge(name=name, limit=PIXEL_LIMIT // 1_000_000)


def _upright(image: Image.Image) -> Image.Image:
    """Decode a photo as it is looked at: upright, opaque, in the colours of the web, no larger than is stored."""
    profile = image.info.get("icc_profile")
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at a half, a quarter or an eighth already
    turned = ImageOps.exif_transpose(image)
    flat = _on_white(turned) if turned.has_transparency_data else turned.convert("RGB")
    flat.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return _in_srgb(flat, profile)


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile is None:
        return image
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB) or image
    except ImageCms.PyCMSError:  # a profile of other colours than these, or a broken one
        return image


def _thumbnail(small: Image.Image) -> bytes:
    for quality in THUMBNAIL_QUALITIES:
        content = _jpeg(small, quality)
        if len(content) <= THUMBNAIL_BYTES:
            break
    return content


def _jpeg(image: Image.Image, quality: int) -> bytes:
    image.info.clear()  # comments and the like would be written again
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """Read when the shutter opened; None where the camera does not say. Cameras without a zone show the village's."""
    try:
        details = image.getexif().get_ifd(ExifTags.IFD.Exif)
        written = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized)
        text = str(written).strip("\0 ")
        offset = str(details.get(ExifTags.Base.OffsetTimeOriginal)).strip("\0 ")
        if _OFFSET.fullmatch(offset):
            return datetime.strptime(f"{text}{offset}", "%Y:%m:%d %H:%M:%S%z")
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.ZONE)
    except Exception:  # whatever a damaged note makes Pillow raise, the photo is still a photo
        return None
