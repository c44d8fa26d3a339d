"""A catalogue written as the table it can be imported from again (RULES "Excel and CSV form").

Reading what is written gives the same items, so that a catalogue can be taken out, worked on and brought in again.
"""

from collections.abc import Iterable, Sequence

from xiangyue.catalogue.entry import unit_of
from xiangyue.catalogue.language import columns, subject_words
from xiangyue.catalogue.language.marks import (
    written_approval,
    written_evidence,
    written_excluded,
    written_remarks,
)
from xiangyue.catalogue.language.report import NO_CATEGORY
from xiangyue.catalogue.language.subjects import DIRECTION_WORDS
from xiangyue.catalogue.language.writing import (
    written,
    written_limits,
    written_multipliers,
    written_sharing,
    written_term,
    written_when,
)
from xiangyue.catalogue.rules.model import Item, Validity
from xiangyue.catalogue.rules.tariffs import TIME
from xiangyue.catalogue.rules.terms import Receiver, Subject
from xiangyue.catalogue.rules.worth import Bands, PerUnit, StepTable
from xiangyue.kernel.points import format_points
from xiangyue.sheets.write import Column, SheetForm, write_workbook

SHEET = "积分细则"
_SUBJECTS = {
    Subject.HOUSEHOLD: "农户",
    Subject.PERSON: "村民个人",
    Subject.PARTY_MEMBER: "党员",
    Subject.GROUP: "村民小组",
    Subject.GRID: "网格",
    Subject.VILLAGE: "行政村",
}
_RECEIVERS = {receiver: word for word, receiver in reversed(subject_words.RECEIVERS.items())}
_NOTES = {
    columns.TITLE: "什么事，一行一项",
    columns.DIRECTION: "加、扣、加扣、基础、清零、降级、否决",
    columns.VALUE: "5、1～10、每小时2、村级5/镇级10、一等10、二等8、酌情10～50、一事一议",
    columns.LIMITS: "每月2次、每季10分、每户每月40分、一次性",
    columns.MULTIPLIER: "党员双倍扣、首月双倍",
    columns.SUBJECT: "农户、村民个人、党员；谁不算写在括号里：村民个人（在校学生除外）",
    columns.EVIDENCE: "照片、签到表；一定要有的写明：必备：照片",
    columns.APPROVED_BY: "评议会；几个人打分的写明：3人打分，取中位数",
    columns.SEASON: "全年、6月至8月、2026年1月1日起、农忙（5月至6月）×1.5",
    columns.TERM: "1年、当年、改正为止；扣分必须写",
    columns.BASIS: "法律，或者村规民约和通过的日子；扣分必须写",
    columns.REPAIR: "怎么改正、怎么恢复；扣分必须写",
}


def to_rows(items: Iterable[Item]) -> list[list[str]]:
    """Give the header row, and a row for each item; reading them again gives the same items."""
    rows = [cells_of(item) for item in items]
    return [list(columns.HEADERS), *([cells.get(header, "") for header in columns.HEADERS] for cells in rows)]


def workbook(items: Sequence[Item] = ()) -> bytes:
    """Give the table as a workbook, with instructions; without items, the empty template."""
    width = {columns.TITLE: 30, columns.VALUE: 24, columns.LIMITS: 18, columns.REMARKS: 30}
    form = SheetForm(
        SHEET,
        tuple(Column(header, width.get(header, 10), _NOTES.get(header, "")) for header in columns.HEADERS),
        tuple(tuple(row) for row in to_rows(items)[1:]),
    )
    return write_workbook([form])


def cells_of(item: Item) -> dict[str, str]:
    """Give an item's cells by header."""
    return {
        columns.FAMILY: item.family,
        columns.CATEGORY: "" if (item.family, item.category) == ("", NO_CATEGORY) else item.category,
        columns.NUMBER: item.number,
        columns.TITLE: item.title,
        columns.DIRECTION: DIRECTION_WORDS[item.direction],
        columns.VALUE: written(item.worth) + written_sharing(item.sharing),
        columns.UNIT: "" if _counts(item) else item.unit,
        columns.LIMITS: _limits(item),
        columns.MULTIPLIER: written_multipliers(item.multipliers),
        columns.SUBJECT: subject_text(item),
        columns.EVIDENCE: written_evidence(item.evidence),
        columns.BROUGHT_BY: item.brought_by,
        columns.VERIFIED_BY: item.verified_by,
        columns.APPROVED_BY: written_approval(item),
        columns.SEASON: written_when(item.spans, item.seasons),
        columns.TERM: item.term or ("" if item.validity == Validity() else written_term(item.validity)),
        columns.BASIS: item.basis,
        columns.REPAIR: item.repair,
        columns.REMARKS: written_remarks(item),
    }


def _counts(item: Item) -> bool:
    """Whether the points say themselves what is counted."""
    return item.unit == TIME or isinstance(item.worth, PerUnit | Bands | StepTable)


def _limits(item: Item) -> str:
    parts = [written_limits(item.limits, unit_of(item))]
    if item.minimum:
        parts.append(f"每次最低{format_points(item.minimum)}分")
    if item.rivals:
        parts.append("取最高，不累计")
    return "；".join(filter(None, parts))


def subject_text(item: Item) -> str:
    """Say whom an item scores and whom it doesn't, as the table writes it."""
    return _meant(item) + written_excluded(item.excluded)


def _meant(item: Item) -> str:
    if item.only_kinds:
        return "、".join(sorted(item.only_kinds))
    if item.sharing.to != frozenset({Receiver.DOER}):
        return "、".join(_RECEIVERS[receiver] for receiver in Receiver if receiver in item.sharing.to)
    return _SUBJECTS[item.subject]
