"""How a sheet is refused before anyone looks at what its cells say."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnreadableSheet(Refusal):
    """Not a sheet at all, or a damaged one. Facts: name."""

    code = "sheet-unreadable"
    message = _("“%(name)s”打不开：不是表格，或者文件坏了。请用Excel或WPS另存为.xlsx再试。")
    field = "file"


class SheetLocked(UnreadableSheet):
    """Protected by a password. Facts: name."""

    code = "sheet-locked"
    message = _("“%(name)s”设了密码，打不开。请先去掉密码再试。")


class SheetTooLarge(UnreadableSheet):
    """More than can be held in memory. Facts: name."""

    code = "sheet-too-large"
    message = _("“%(name)s”太大了。请看看远处有没有多余的格子（按Ctrl+End），删掉再试。")


class EmptySheet(Refusal):
    """Nothing in it, or headers and nothing below. Facts: name (of the file or of the one sheet)."""

    code = "sheet-empty"
    message = _("“%(name)s”里什么也没填。")
    field = "file"


class MissingSheet(Refusal):
    """Facts: name (of the file), sheet (that it should have)."""

    code = "sheet-missing"
    message = _("“%(name)s”里没有叫“%(sheet)s”的工作表。")
    field = "file"


class MissingColumns(Refusal):
    """Facts: sheet, columns (their headers, joined)."""

    code = "sheet-columns-missing"
    message = _("“%(sheet)s”少了这几列：%(columns)s。第一个有字的行要是表头。")
    field = "file"

    def __init__(self, *, sheet: str, columns: list[str]) -> None:
        super().__init__(sheet=sheet, columns="、".join(columns))


class RepeatedColumns(Refusal):
    """Facts: sheet, columns (the headers that stand there more than once, joined)."""

    code = "sheet-columns-repeated"
    message = _("“%(sheet)s”的表头里，%(columns)s出现了不止一次。请只留一列。")
    field = "file"

    def __init__(self, *, sheet: str, columns: list[str]) -> None:
        super().__init__(sheet=sheet, columns="、".join(columns))


class StrayText(Refusal):
    """Text under no header would be lost. Facts: sheet, address (J5)."""

    code = "sheet-stray-text"
    message = _("“%(sheet)s”的%(address)s有字，可是那一列没有表头。请补上表头，或者删掉这些字。")
    field = "file"


class SheetWithMacros(UnreadableSheet):
    """A workbook that carries programs (.xlsm). Facts: name."""

    code = "sheet-with-macros"
    message = _("“%(name)s”里有宏。请另存为不带宏的.xlsx再试。")
