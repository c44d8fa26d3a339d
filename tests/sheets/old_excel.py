"""Writes the smallest .xls files that can be read: a compound file with one BIFF8 stream."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STREAM_MINIMUM = 4096  # a shorter stream would have to lie in the mini stream


def compound_file(stream_name: str, stream: bytes) -> bytes:
    """Wrap one stream of at most 60 KB as an OLE compound file: header, FAT, directory, stream."""
    stream = stream.ljust(STREAM_MINIMUM, b"\0")
    sectors = -(-len(stream) // SECTOR)
    stream = stream.ljust(sectors * SECTOR, b"\0")
    chain = [FAT, END, *range(3, 2 + sectors), END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, child=1, start=END, size=0)
    directory += _entry(stream_name, 2, child=FREE, start=2, size=len(stream))
    directory += _entry("", 0, child=FREE, start=0, size=0) * 2
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, STREAM_MINIMUM, END, 0, END, 0, 0),
    )
    return header.ljust(SECTOR, b"\xff") + fat + directory + stream


def workbook(sheet: str, rows: list[list[str | float]], last_cell: tuple[int, int] | None = None) -> bytes:
    """Write one sheet of texts and numbers as .xls, with one more number at last_cell."""
    name = sheet.encode("utf-16-le")
    bound = struct.pack("<HBBBB", 0, 0, 0, len(sheet), 1) + name
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    end = _record(0x0A, b"")
    offset = len(start) + len(_record(0x85, struct.pack("<I", 0) + bound)) + len(end)
    globals_ = start + _record(0x85, struct.pack("<I", offset) + bound) + end
    cells = b"".join(
        _cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values)
    )
    if last_cell:
        cells += _cell(*last_cell, 1.0)
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + end
    return compound_file("Workbook", globals_ + body)


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text)
    return _record(0x203, struct.pack("<HHHd", row, column, 0, value))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sHBBIII16xI8x8xIQ", text, len(text), kind, 1, FREE, FREE, child, 0, start, size)
