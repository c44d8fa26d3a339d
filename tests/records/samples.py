"""Files as people bring them, made here so that no real photo or letter lies in the repository."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageCms

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SECTOR = 512


def picture(
    width: int = 60,
    height: int = 40,
    *,
    form: str = "JPEG",
    mode: str = "RGB",
    colour: Any = "green",
    taken: str = "",
    offset: str = "",
    orientation: int = 0,
    **more: Any,
) -> bytes:
    """Make a photo; taken: as cameras write it, `2026:10:20 08:30:00`. It says where it was made, too."""
    image = Image.new(mode, (width, height), colour)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRETCAM"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (22.0, 30.0, 15.0)
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    buffer = io.BytesIO()
    image.save(buffer, form, exif=exif, **more)
    return buffer.getvalue()


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def package(*names: str, content: bytes = b"<x/>", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a ZIP with such parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as pack:
        for name in names:
            pack.writestr(name, content)
    return buffer.getvalue()


def xlsx() -> bytes:
    return package("[Content_Types].xml", "xl/workbook.xml")


def docx() -> bytes:
    return package("[Content_Types].xml", "word/document.xml")


def old_office(stream: str) -> bytes:
    """Make as much of a compound file as tells what it is: a header, and a directory with one stream."""

    def entry(name: str, kind: int) -> bytes:
        text = f"{name}\0".encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind) + bytes(61)

    header = bytes.fromhex("d0cf11e0a1b11ae1").ljust(SECTOR, b"\0")
    return header + (entry("Root Entry", 5) + entry(stream, 2)).ljust(SECTOR, b"\0")


def png_that_claims(width: int, height: int) -> bytes:
    """Make a small PNG whose header speaks of a large picture."""
    whole = bytearray(picture(1, 1, form="PNG"))
    at = whole.index(b"IHDR")
    whole[at + 4 : at + 12] = struct.pack(">II", width, height)
    whole[at + 17 : at + 21] = struct.pack(">I", zlib.crc32(bytes(whole[at : at + 17])))
    return bytes(whole)
