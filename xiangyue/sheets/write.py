"""Writing workbooks that people fill in or take away: frozen headers, drop-downs, widths that fit Chinese."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from xiangyue.sheets.workbooks import INSTRUCTIONS

Value = str | int | date | None

_LAST_ROW: Final = 1_048_575
_LIST_LIMIT: Final = 255  # characters of a drop-down that Excel takes inline
_CHOICES: Final = "选项"
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant, so that the same rows give the same bytes


@dataclass(frozen=True)
class Column:
    """One column of a form.

    width: in Chinese characters. hint: how to fill it in, shown at the cell and in the instructions.
    choices: what a drop-down offers; nothing else can be typed then. as_text: keeps the zeros of 003.
    """

    header: str
    width: int = 8
    hint: str = ""
    choices: tuple[str, ...] = ()
    as_text: bool = True


@dataclass(frozen=True)
class SheetForm:
    """One sheet to write. notes: sentences that explain the sheet as a whole, for the instructions."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]] = ()
    notes: Sequence[str] = ()


def write_workbook(sheets: Sequence[SheetForm]) -> bytes:
    """Write an .xlsx file of these sheets, and the instruction sheet if there is anything to explain.

    The same sheets give the same bytes. Text is never taken for a formula. What the file itself says is Chinese, as
    its headers are, whatever language is active.
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    workbook.set_properties({"created": _MADE})
    looks = _Looks(workbook)
    with translation.override("zh-hans"):
        for sheet in sheets:
            _write_sheet(workbook, looks, sheet)
        if any(sheet.notes or any(column.hint for column in sheet.columns) for sheet in sheets):
            _write_instructions(workbook, looks, sheets)
        _write_long_choices(workbook, sheets)
    workbook.close()
    return target.getvalue()


class _Looks:
    def __init__(self, workbook: Any) -> None:
        base = {"font_name": "宋体", "font_size": 11}
        self.header = workbook.add_format(
            {**base, "bold": True, "bg_color": "#EFEDE5", "border": 1, "align": "center", "valign": "vcenter"}
        )
        self.text = workbook.add_format({**base, "num_format": "@"})
        self.general = workbook.add_format(base)
        self.day = workbook.add_format({**base, "num_format": "yyyy-mm-dd"})
        self.title = workbook.add_format({**base, "bold": True, "font_size": 14})
        self.wrapped = workbook.add_format({**base, "text_wrap": True, "valign": "top"})


def _write_sheet(workbook: Any, looks: _Looks, form: SheetForm) -> None:
    sheet = workbook.add_worksheet(form.name)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)
    for index, column in enumerate(form.columns):
        sheet.set_column(index, index, column.width * 2 + 2, looks.text if column.as_text else looks.general)
        sheet.write_string(0, index, column.header, looks.header)
        _guide(sheet, form, index, column)
    for number, row in enumerate(form.rows, 1):
        for index, (column, value) in enumerate(zip(form.columns, row, strict=True)):
            _write_value(sheet, (number, index), value, column, looks)


def _write_value(sheet: Any, place: tuple[int, int], value: Value, column: Column, looks: _Looks) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str) or column.as_text:
        sheet.write_string(*place, str(value), looks.text if column.as_text else looks.general)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, looks.day)
    else:
        sheet.write_number(*place, value, looks.general)


def _guide(sheet: Any, form: SheetForm, index: int, column: Column) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {
            "validate": "list",
            "source": _range_of(form, column) if _is_long(column) else list(column.choices),
            "error_title": column.header[:32],
            "error_message": _("请从列表里选。"),
        }
    if column.hint:
        rule |= {"input_title": column.header[:32], "input_message": column.hint[:255]}
    if len(rule) > 1:
        sheet.data_validation(1, index, _LAST_ROW, index, rule)


def _write_instructions(workbook: Any, looks: _Looks, sheets: Sequence[SheetForm]) -> None:
    sheet = workbook.add_worksheet(INSTRUCTIONS)
    sheet.set_column(0, 0, 22, looks.wrapped)
    sheet.set_column(1, 1, 70, looks.wrapped)
    sheet.set_column(2, 2, 50, looks.wrapped)
    row = 0
    for form in sheets:
        sheet.write_string(row, 0, form.name, looks.title)
        for note in form.notes:
            row += 1
            sheet.merge_range(row, 0, row, 2, note, looks.wrapped)
        row += 1
        for index, heading in enumerate((_("列"), _("怎么填"), _("可以填"))):
            sheet.write_string(row, index, heading, looks.header)
        for column in form.columns:
            row += 1
            sheet.write_string(row, 0, column.header)
            sheet.write_string(row, 1, column.hint)
            sheet.write_string(row, 2, "、".join(column.choices))
        row += 2


def _is_long(column: Column) -> bool:
    return len(",".join(column.choices)) > _LIST_LIMIT


def _long_columns(sheets: Sequence[SheetForm]) -> list[tuple[str, Column]]:
    return [(form.name, column) for form in sheets for column in form.columns if _is_long(column)]


def _write_long_choices(workbook: Any, sheets: Sequence[SheetForm]) -> None:
    for name, column in _long_columns(sheets):
        sheet = workbook.add_worksheet(_choices_sheet(name, column))
        sheet.write_column(0, 0, column.choices)
        sheet.hide()


def _range_of(form: SheetForm, column: Column) -> str:
    return f"='{_choices_sheet(form.name, column)}'!$A$1:$A${len(column.choices)}"


def _choices_sheet(name: str, column: Column) -> str:
    return f"{_CHOICES}-{name}-{column.header}"[:31]
