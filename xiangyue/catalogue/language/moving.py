"""Cells that stand under another column than theirs, moved there before a row is read. Pure.

People write 当年有效 and 整改后恢复 under 上限, 取消评优资格 beside points, and under 备注 what belongs to 对象, 分值.
Only what is all of its cell (or of its clause, for 整改后恢复) and can be read where it belongs is moved.
"""

import re
from typing import Final

from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.parse import (
    NotUnderstood,
    parse_limits,
    parse_multipliers,
    parse_rules,
    parse_term,
    parse_value,
)
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.subjects import DIRECTIONS, Who, parse_subject
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.worth import Event, FromFull
from xiangyue.sheets.read import Row

_REPAIRED = re.compile(
    "(?:^|[，,；;。(])([^，,；;。()0-9每]{2,12}(?:(?:后|的)(?:予以|可|给予|全额|即|再)?(?:恢复|返还|退还|消除|加回|退回)"
    "(?:积分|原分|所扣分|所扣积分|扣分|原积分)?|后(?:不扣分|不扣|撤销|取消扣分)))[)。]?$"
)
_EVENTS = ("取消", "不得", "暂停", "一票否决", "清零", "归零")
_FIGURE: Final = re.compile("[0-9]+(?:\\.[0-9]+)?分?")
_FAULT: Final = re.compile("[^，,；;。0-9]*?(每[^，,；;。0-9]{1,4}扣[0-9.]+分?|[^，,；;。0-9]{2,20}0分)")
_BOUNDED: Final = re.compile("最多|最高|不超过|封顶|上限|限[0-9一二两三]|为限|就高|取最高|不重复|不累计")
_ONLY: Final = re.compile("(?:仅|仅限|只限|限|只对)([^，,；;。0-9]{2,20})")
_GIVEN_TO: Final = re.compile(
    "(?:奖励|加给)?([^，,；;。0-9]{2,12}?)(?:同时|均|都|各)?(?:加分|得分|计分|奖励|加)?"
)


def moved(row: Row) -> Row:
    """Give a row with every cell under its own column."""
    for rule in (_with_remarks, _with_term, _with_repair, _with_event):
        row = rule(row)
    return row


def _with_remarks(row: Row) -> Row:
    """Read 备注 that says for whom it is (仅贫困户), how full marks are lost, or that each case is decided.

    The remark stays as it is.
    """
    said = plain(row.text(columns.REMARKS))
    if not said:
        return row
    told = {
        columns.SUBJECT: _whom(row, said),
        columns.VALUE: _points(row, said),
        columns.LIMITS: _limit(row, said),
        columns.MULTIPLIER: _multiplier(row, said),
    }
    for header, text in told.items():
        cell = row.cells.get(header) or row.cells.get(columns.REMARKS)
        if text and cell is not None:
            row = row._replace(cells={**row.cells, header: cell._replace(text=text)})
    return row


def _whom(row: Row, said: str) -> str:
    """Give whom a remark names, if 对象 says no more than household or person."""
    only, given = _ONLY.fullmatch(said), _GIVEN_TO.fullmatch(said)
    found = only or given
    if found is None:
        return ""
    try:
        written, named = parse_subject(row.text(columns.SUBJECT)), parse_subject(found[1])
    except NotUnderstood:
        return ""
    if written.kinds or written.receivers or (written.subject not in (None, named.subject)):
        return ""
    narrower = (only and named.kinds) or (
        given and named.receivers and named != Who(receivers=named.receivers)
    )
    return found[1] if narrower else ""


def _points(row: Row, said: str) -> str:
    """Give the points that a remark goes on with, or that it leaves to each case."""
    value, direction = plain(row.text(columns.VALUE)), DIRECTIONS.get(plain(row.text(columns.DIRECTION)))
    if blank(value) and said.startswith("一事一议") and direction in (Direction.AWARD, Direction.DEDUCTION):
        return "一事一议"
    fault = _FAULT.fullmatch(said)
    if direction is not Direction.BASE or not _FIGURE.fullmatch(value) or fault is None:
        return ""
    whole = f"满分{value.removesuffix('分')}分，{fault[1]}，扣完为止"
    try:
        return whole if isinstance(parse_value(whole).worth, FromFull) else ""
    except NotUnderstood:
        return ""


def _with_repair(row: Row) -> Row:
    """Move 整改后恢复 from 分值 or 上限 to 修复, where it belongs: what was taken then counts until it is put right."""
    for header in (columns.VALUE, columns.LIMITS):
        cell = row.cells.get(header)
        found = _REPAIRED.search(plain(cell.text)) if cell else None
        if cell is None or found is None or (header == columns.VALUE and not found.start()):
            continue
        cells = {**row.cells, header: cell._replace(text=plain(cell.text)[: found.start()])}
        for column, text in ((columns.TERM, "改正为止"), (columns.REPAIR, found[1])):
            if blank(row.text(column)):
                cells[column] = cell._replace(text=text)
        return row._replace(cells=cells)
    return row


def _with_event(row: Row) -> Row:
    """Move 取消当年评优资格 from 上限 to 分值, beside the points that it goes with."""
    value, cell = row.cells.get(columns.VALUE), row.cells.get(columns.LIMITS)
    told = cell is not None and any(word in cell.text for word in _EVENTS)
    if value is None or cell is None or blank(value.text) or not told:
        return row
    both = f"{value.text}，{cell.text}"
    try:
        found = parse_rules(both)
    except NotUnderstood:
        return row
    if not any(isinstance(one.worth, Event) for one in found.others):
        return row
    cells = {**row.cells, columns.VALUE: value._replace(text=both), columns.LIMITS: cell._replace(text="")}
    return row._replace(cells=cells)


def _limit(row: Row, said: str) -> str:
    """Give the limit that a remark is (每年最多加5分), where 上限 is empty."""
    if not blank(row.text(columns.LIMITS)) or not _BOUNDED.search(said):
        return ""
    try:
        found = parse_limits(said)
    except NotUnderstood:
        return ""
    return said if (found.caps or found.highest) and not (found.kept or found.discretion) else ""


def _multiplier(row: Row, said: str) -> str:
    """Give the multiplier that a remark is (党员双倍扣), where 倍数 is empty."""
    if not blank(row.text(columns.MULTIPLIER)) or "倍" not in said:
        return ""
    try:
        return said if parse_multipliers(said) else ""
    except NotUnderstood:
        return ""


def _with_term(row: Row) -> Row:
    """Move 当年有效 and 缴清为止 from 上限 to 期限, where they belong."""
    cell = row.cells.get(columns.LIMITS)
    lasting = cell is not None and ("有效" in cell.text or plain(cell.text).endswith(("为止", "止")))
    if cell is None or not lasting or not blank(row.text(columns.TERM)):
        return row
    try:
        parse_term(cell.text)
    except NotUnderstood:
        return row
    return row._replace(cells={**row.cells, columns.TERM: cell, columns.LIMITS: cell._replace(text="")})
