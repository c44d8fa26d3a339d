"""What is kept, as it is handed out: parts with headers and rows, as plain data or a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.sheets.write import Column, SheetForm, write_workbook

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of what is kept. name: stable, for programs. title, headers: in words, for people; a header a field."""

    name: str
    title: str
    headers: dict[str, str]
    rows: Sequence[Row]


def as_data(sections: Sequence[Section]) -> dict[str, list[Row]]:
    """Give what is kept as plain data, by the sections' names."""
    return {section.name: list(section.rows) for section in sections}


def as_workbook(sections: Sequence[Section]) -> bytes:
    """Write what is kept as an .xlsx for the person, a sheet for each section that has something."""
    return write_workbook(
        [
            SheetForm(
                name=section.title,
                columns=[Column(header, width=12) for header in section.headers.values()],
                rows=[[cell(row.get(field)) for field in section.headers] for row in section.rows],
            )
            for section in sections
            if section.rows
        ]
    )


def cell(value: object) -> str:
    """Write a value for people: 是 and 否, and nothing for None."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "" if value is None else str(value)
