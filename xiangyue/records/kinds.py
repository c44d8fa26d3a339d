"""What a file is, told from its bytes: names lie, and what a browser is told a file is decides what it does with it."""

import codecs
import io
import re
import struct
import zipfile
from dataclasses import dataclass
from typing import Final, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from xiangyue.records.refusals import FileEmpty, FileTypeRefused, FileUnpacksTooLarge

UNPACKED_LIMIT: Final = 500 * 1024 * 1024  # bytes that an office file may hold
ENTRY_LIMIT: Final = 10_000  # files that an office file may hold


@dataclass(frozen=True)
class Kind:
    """A kind of file that the product takes. photo_format: Pillow's name of it, where it is a photo."""

    media_type: str
    ending: str
    photo_format: str = ""


JPEG: Final = Kind("image/jpeg", ".jpg", "JPEG")
PNG: Final = Kind("image/png", ".png", "PNG")
WEBP: Final = Kind("image/webp", ".webp", "WEBP")
HEIC: Final = Kind("image/heic", ".heic", "HEIF")
PDF: Final = Kind("application/pdf", ".pdf")
XLSX: Final = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
DOCX: Final = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
XLS: Final = Kind("application/vnd.ms-excel", ".xls")
CSV: Final = Kind("text/csv", ".csv")
TEXT: Final = Kind("text/plain", ".txt")

# Of what may lie in the store: photos are kept as JPEG only.
ENDINGS: Final = {kind.media_type: kind.ending for kind in (JPEG, PDF, XLSX, DOCX, XLS, CSV, TEXT)}

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_ENTRY: Final = b"PK\x01\x02"  # with which each line of a ZIP's directory begins
_ENCRYPTED_ENTRY: Final = 1
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP: Final = re.compile(r"\s*<(!doctype|!--|\?xml|html|head|body|svg|script|iframe)", re.IGNORECASE)

_LOCKED: Final = _("有密码的文件")
_ARCHIVE: Final = _("压缩包")
_FILM: Final = _("录像")
_SOUND: Final = _("录音")
_PROGRAM: Final = _("程序")
_OTHER_PICTURE: Final = _("别的格式的图片（请另存为JPEG或PNG）")
_OLD_WORD: Final = _("旧版Word文档（请另存为docx）")
_HEIC_PHOTO: Final = _("HEIC照片（请在手机上改成JPEG再传）")
_UNKNOWN: Final = _("不认识的格式")
_REFUSED: Final[tuple[tuple[bytes, Promise], ...]] = (
    (b"GIF8", _OTHER_PICTURE),
    (b"BM", _OTHER_PICTURE),
    (b"II*\0", _OTHER_PICTURE),
    (b"MM\0*", _OTHER_PICTURE),
    (b"\x1aE\xdf\xa3", _FILM),
    (b"ID3", _SOUND),
    (b"#!AMR", _SOUND),
    (b"OggS", _SOUND),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"PK", _ARCHIVE),
)


def kind_of(content: bytes, name: str) -> Kind:
    """Tell what a file is, and that it can do no harm to whoever looks into it.

    name: for the words of a refusal; and what is text is a table if it is called so, since bytes can't tell.
    Raises: FileEmpty, FileTypeRefused, FileUnpacksTooLarge.
    """
    if not content:
        raise FileEmpty(name=name)
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF"):
        return WEBP if content[8:12] == b"WEBP" else _refuse(name, _SOUND)
    if content[4:8] == b"ftyp":
        return _boxed(content, name)
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(_ZIP):
        return _office_file(content, name)
    if content.startswith(_OLE):
        return _old_office_file(content, name)
    return _text(content, name)


def _boxed(content: bytes, name: str) -> Kind:
    """Photos of phones and films share one kind of box; its brand tells them apart."""
    brand = content[8:12]
    if brand in _HEIC_BRANDS:
        Image.init()  # Pillow reads these photos only where its plug-in is installed
        return HEIC if HEIC.photo_format in Image.OPEN else _refuse(name, _HEIC_PHOTO)
    return _refuse(name, _OTHER_PICTURE if brand in {b"avif", b"avis"} else _FILM)


def _office_file(content: bytes, name: str) -> Kind:
    """Judge by the directory alone: nothing is unpacked, and a directory that claims less than its due is caught
    by whoever unpacks, since Python's zipfile reads no more than the directory says.
    """
    if content.count(_ZIP_ENTRY) > ENTRY_LIMIT:  # counted before a row is made of each
        raise FileUnpacksTooLarge(name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        _refuse(name, _ARCHIVE)
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise FileUnpacksTooLarge(name=name)
    if sum(part.compress_size for part in parts) > len(content):  # parts that lie over each other
        raise FileUnpacksTooLarge(name=name)
    if any(part.flag_bits & _ENCRYPTED_ENTRY for part in parts):
        _refuse(name, _LOCKED)
    names = {part.filename for part in parts}
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        _refuse(name, _("带宏的文件（请另存为不带宏的）"))
    if "xl/workbook.xml" in names:
        return XLSX
    return DOCX if "word/document.xml" in names else _refuse(name, _ARCHIVE)


def _old_office_file(content: bytes, name: str) -> Kind:
    if _has_stream(content, "EncryptedPackage"):
        _refuse(name, _LOCKED)
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        return XLS
    return _refuse(name, _OLD_WORD if _has_stream(content, "WordDocument") else _UNKNOWN)


def _has_stream(content: bytes, stream: str) -> bool:
    """Tell whether a compound file's directory names a stream. Its entries have 128 bytes, and begin with the name."""
    sought = f"{stream}\0".encode("utf-16-le")
    at = content.find(sought)
    while at >= 0:
        length, entry_type = content[at + 64 : at + 66], content[at + 66 : at + 67]
        if at % 128 == 0 and length == struct.pack("<H", len(sought)) and entry_type == b"\x02":
            return True
        at = content.find(sought, at + 2)
    return False


def _text(content: bytes, name: str) -> Kind:
    text = _decoded(content)
    if text is None:
        _refuse(name, next((kind for start, kind in _REFUSED if content.startswith(start)), _UNKNOWN))
    if _MARKUP.match(text):
        _refuse(name, _("网页"))
    return CSV if name.lower().endswith(CSV.ending) else TEXT


def _decoded(content: bytes) -> str | None:
    """Read a file as text: UTF-8, GB18030, or the UTF-16 of old editors. None where it is no text."""
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    elif _CONTROL.search(content):
        return None
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refuse(name: str, kind: Promise) -> NoReturn:
    raise FileTypeRefused(name=name, kind=kind)
