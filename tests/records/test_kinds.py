import io
import struct
import zipfile

import pytest
from PIL import Image

from tests.records.samples import PDF, docx, old_office, package, picture, xlsx
from xiangyue.records import kinds
from xiangyue.records.kinds import (
    CSV,
    DOCX,
    HEIC,
    JPEG,
    PNG,
    TEXT,
    WEBP,
    XLS,
    XLSX,
    Kind,
    kind_of,
)
from xiangyue.records.kinds import (
    PDF as PDF_KIND,
)
from xiangyue.records.refusals import FileEmpty, FileTypeRefused, FileUnpacksTooLarge
from xiangyue.sheets.write import Column, SheetForm, write_workbook

CHINESE = "户号,姓名\n018,田禾生\n"
HEIC_START = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"

TAKEN: list[tuple[str, bytes, Kind]] = [
    ("jpeg", picture(), JPEG),
    ("png", picture(form="PNG"), PNG),
    ("webp", picture(form="WEBP"), WEBP),
    ("pdf", PDF, PDF_KIND),
    ("xlsx", xlsx(), XLSX),
    ("docx", docx(), DOCX),
    ("xls", old_office("Workbook"), XLS),
    ("xls of 1995", old_office("Book"), XLS),
    ("utf-8", CHINESE.encode(), TEXT),
    ("utf-8 with a mark", CHINESE.encode("utf-8-sig"), TEXT),
    ("gb18030", CHINESE.encode("gb18030"), TEXT),
    ("rare characters", "𬱖𠮷".encode("gb18030"), TEXT),
    ("utf-16", CHINESE.encode("utf-16"), TEXT),
]


@pytest.mark.parametrize(("content", "kind"), [case[1:] for case in TAKEN], ids=[case[0] for case in TAKEN])
@pytest.mark.parametrize("name", ["证明", "证明.exe", "证明.jpg", "证明.html"])
def test_bytes_tell_what_a_file_is_whatever_it_is_called(content: bytes, kind: Kind, name: str) -> None:
    assert kind_of(content, name) == kind


def test_a_table_and_a_text_differ_by_name_alone() -> None:
    assert kind_of(CHINESE.encode(), "户册.CSV") == CSV
    assert kind_of(CHINESE.encode(), "户册.txt") == TEXT


def test_our_own_workbooks_are_workbooks() -> None:
    form = SheetForm(name="户册", columns=[Column("户号", width=8)], rows=[["018"]])
    assert kind_of(write_workbook([form]), "户册.xlsx") == XLSX


REFUSED: list[tuple[str, bytes, str]] = [
    ("film", b"\0\0\0\x18ftypisom\0\0\0\0", "录像"),
    ("avif", b"\0\0\0\x18ftypavif\0\0\0\0", "另存为JPEG"),
    ("sound", b"RIFF\0\0\0\0WAVEfmt ", "录音"),
    ("voice of a phone", b"#!AMR\n\x04\x00", "录音"),
    ("gif", b"GIF89a\x01\x00\x01\x00", "别的格式的图片"),
    ("windows program", b"MZ\x90\x00\x03", "程序"),
    ("linux program", b"\x7fELF\x02\x01\x01\x00", "程序"),
    ("rar", b"Rar!\x1a\x07\x01\x00", "压缩包"),
    ("zip of photos", package("a.jpg"), "压缩包"),
    ("presentation", package("ppt/presentation.xml"), "压缩包"),
    ("broken zip", xlsx()[:60], "压缩包"),
    ("macros", package("xl/workbook.xml", "xl/vbaProject.bin"), "带宏"),
    ("old word", old_office("WordDocument"), "docx"),
    ("sheet with a password", old_office("EncryptedPackage"), "密码"),
    ("compound file of something", old_office("Other"), "不认识"),
    ("page", b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
    ("page after a mark and space", "\ufeff \n<HTML>".encode(), "网页"),
    ("page in utf-16", "<svg onload=x>".encode("utf-16"), "网页"),
    ("drawing", b'<?xml version="1.0"?><svg/>', "网页"),
    ("noise", bytes(range(256)), "不认识"),
    ("nothing but zeros", bytes(100), "不认识"),
    ("jpeg cut to two bytes", b"\xff\xd8", "不认识"),
]


@pytest.mark.parametrize(
    ("content", "kind"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_the_product_has_no_use_for_is_refused_by_name(content: bytes, kind: str) -> None:
    with pytest.raises(FileTypeRefused) as refused:
        kind_of(content, "照片.jpg")
    assert kind in str(refused.value)
    assert "“照片.jpg”" in str(refused.value)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        kind_of(b"", "照片.jpg")


def test_photos_of_apples_phones_are_taken_where_pillow_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileTypeRefused, match="HEIC"):
        kind_of(HEIC_START, "IMG_0001.HEIC")
    monkeypatch.setitem(Image.OPEN, "HEIF", (None, None))
    assert kind_of(HEIC_START, "IMG_0001.HEIC") == HEIC


# ZIP bombs


def test_what_would_fill_the_memory_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = package("xl/workbook.xml", "xl/worksheets/sheet1.xml", content=bytes(3_000_000))
    assert len(bomb) < 10_000
    assert kind_of(bomb, "户册.xlsx") == XLSX  # six megabytes are allowed
    monkeypatch.setattr(kinds, "UNPACKED_LIMIT", 5_999_999)
    with pytest.raises(FileUnpacksTooLarge):
        kind_of(bomb, "户册.xlsx")


def test_a_directory_with_too_many_lines_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = package("xl/workbook.xml", *(f"{n}" for n in range(20)), content=b"")

    def read(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(kinds, "ENTRY_LIMIT", 20)
    monkeypatch.setattr(zipfile, "ZipFile", read)
    with pytest.raises(FileUnpacksTooLarge):
        kind_of(many, "户册.xlsx")


def test_parts_that_lie_over_each_other_are_refused() -> None:
    """Many lines of the directory name the same compressed bytes, so that a small file unpacks to a large one."""
    whole = package("xl/workbook.xml", content=bytes(range(256)) * 8, method=zipfile.ZIP_STORED)
    start = whole.index(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    lines = whole[start:end] * 9
    closing = bytearray(whole[end:])
    closing[8:16] = struct.pack("<HHI", 9, 9, len(lines))
    overlapping = whole[:start] + lines + bytes(closing)
    assert len(zipfile.ZipFile(io.BytesIO(overlapping)).infolist()) == 9
    with pytest.raises(FileUnpacksTooLarge):
        kind_of(overlapping, "户册.xlsx")


def test_a_part_with_a_password_is_refused() -> None:
    locked = bytearray(xlsx())
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(FileTypeRefused, match="密码"):
        kind_of(bytes(locked), "户册.xlsx")
