"""What a table says in a clause of its own within a column of free words, and in brackets behind 对象. Pure.

proofs  = … ["；"] "必备：" proof {"、" proof}                 in 证明材料
median  = … ["；"] (3|5|三|五 …)(人|名评委 …)打分，取中位数      in 审批
credits = … ["；"] "记入：" balance {"、" balance}             in 备注
rivals  = … ["；"] "同一件事取最高：" name                      in 备注
out     = subject "(" kind {"、" kind} "除外" ")"             in 对象

What is understood is taken out of the words; what reading gives is written back the same. All else that the columns
say stays as the village wrote it, and demands nothing: 证明材料 "照片或证书" shows, 必备：照片 is demanded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.cells import Refusal
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.rules.model import Evidence, Item
from xiangyue.catalogue.rules.terms import Balance, Proof, Trait
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row

_Word = TypeVar("_Word")
PROOFS: Final = {
    "照片": Proof.PHOTO,
    "地点": Proof.PLACE,
    "证书": Proof.CERTIFICATE,
    "两名见证人": Proof.TWO_WITNESSES,
    "签到": Proof.CHECK_IN,
    "确认": Proof.CONFIRMATION,
    "记录": Proof.RECORD,
}
BALANCES: Final = {
    "可用积分": Balance.SPENDABLE,
    "荣誉积分": Balance.HONOUR,
    "赠予积分": Balance.GIFTED,
    "服务时长": Balance.HOURS,
}
OUT: Final = {
    "党员": Trait.PARTY_MEMBER,
    "村干部": Trait.CADRE,
    "在校学生": Trait.STUDENT,
    "未成年人": Trait.MINOR,
    "迁走的人": Trait.MOVED,
    "去世的人": Trait.DECEASED,
    "正在接受调查的人": Trait.INVESTIGATED,
    "户口不在村里的人": Trait.NON_RESIDENT,
    "常年不在村的人": Trait.ABSENT,
}
_ALSO: Final = {
    **dict.fromkeys(("图片", "拍照", "现场照片"), Proof.PHOTO),
    **dict.fromkeys(("定位", "位置"), Proof.PLACE),
    **dict.fromkeys(("证明", "获奖证书", "奖状"), Proof.CERTIFICATE),
    **dict.fromkeys(("两人证明", "两名证人", "两个见证人"), Proof.TWO_WITNESSES),
    **dict.fromkeys(("签到表", "签到册"), Proof.CHECK_IN),
    **dict.fromkeys(("签字确认", "确认书"), Proof.CONFIRMATION),
    **dict.fromkeys(("台账", "登记"), Proof.RECORD),
}
_OUT_ALSO: Final = {
    **dict.fromkeys(("干部", "两委干部", "村两委干部"), Trait.CADRE),
    **dict.fromkeys(("学生", "在读学生"), Trait.STUDENT),
    **dict.fromkeys(("未成年", "18周岁以下", "不满18周岁", "未满18周岁", "18岁以下"), Trait.MINOR),
    **dict.fromkeys(("迁出人员", "已迁出", "户口迁出的", "已迁走的人", "户口已迁出的"), Trait.MOVED),
    **dict.fromkeys(("去世人员", "已去世的", "死亡人员", "已去世的人", "已故人员"), Trait.DECEASED),
    **dict.fromkeys(("被调查人员", "接受调查的", "被立案调查的", "正在接受调查的"), Trait.INVESTIGATED),
    **dict.fromkeys(("非本村户籍", "非户籍人员", "外来人员", "非本村户口"), Trait.NON_RESIDENT),
    **dict.fromkeys(("常年外出", "长期外出", "常年在外", "长期在外", "常年外出人员"), Trait.ABSENT),
}
_MARKS: Final = {columns.EVIDENCE: "必备", columns.REMARKS: "记入"}
_RIVALS: Final = "同一件事取最高"
_NUMERALS: Final = {"三": 3, "五": 5, "七": 7, "九": 9}
_MEDIAN: Final = re.compile(
    r"(?:^|[；;，,。\s])\s*(?:由|请)?(?P<judges>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|名|位)?"
    r"(?:评委|评议员|评议人|评分员|裁判|代表|村民代表|人)?(?:各自|分别|独立|同时|各)?(?:打分|评分|计分)"
    r"[，,、]?(?:取|按|以)(?:其|三人|最后)?(?:中位数|中间分|中间的分|中间数|中间值)(?:为准|计分|记分|算)?(?=$|[；;，,。\s])"
)
_SPEAKS_OF_MEDIAN: Final = re.compile("中位数|取中间")
_BRACKETS: Final = re.compile(r"[（(]([^（）()]*)[）)]\s*$")
_BUT: Final = re.compile(r"(?:除|不含|不包括|不评)?(.+?)(?:除外|以外|之外)?")
_AND: Final = re.compile("[、，,和及与/]")


def without_excluded(row: Row) -> tuple[Row, frozenset[Trait]]:
    """Take out of 对象 who is excluded (农户（在校学生除外）); brackets that say something else stay."""
    cell = row.cells.get(columns.SUBJECT)
    found = _BRACKETS.search(cell.text) if cell else None
    if cell is None or found is None:
        return row, frozenset()
    said = plain(found[1])
    but = _BUT.fullmatch(said)
    names = [part for part in _AND.split(but[1]) if part] if but and but[1] != said else []
    known = {**OUT, **_OUT_ALSO}
    if not names or any(name not in known for name in names):
        return row, frozenset()
    rest = cell._replace(text=cell.text[: found.start()].strip())
    cells = {**row.cells, columns.SUBJECT: rest}
    return row._replace(cells=cells), frozenset(known[name] for name in names)


def with_marks(row: Row, item: Item, excluded: frozenset[Trait], notes: Problems) -> Item:
    """Read what an item's free words demand in clauses of their own; one that isn't understood stays, with a note.

    Raises: Refusal where several judges' figures are spoken of, and not understood.
    """
    evidence, proofs = _named(row, item.evidence.text, columns.EVIDENCE, {**PROOFS, **_ALSO}, notes)
    remarks, credits = _named(row, item.remarks, columns.REMARKS, BALANCES, notes)
    remarks, rivals = _clause(remarks, _RIVALS)
    approved_by, judges = _median(item.approved_by)
    return replace(
        item,
        excluded=excluded,
        evidence=Evidence(proofs, evidence),
        remarks=remarks,
        credits=credits or item.credits,
        rivals=rivals[:60] if rivals else item.rivals,
        approved_by=approved_by,
        median_of=judges,
    )


# ---- written


def written_excluded(excluded: frozenset[Trait]) -> str:
    """Write who is excluded, to stand behind 对象."""
    return f"（{_listed(excluded, OUT)}除外）" if excluded else ""


def written_evidence(evidence: Evidence) -> str:
    return _joined(evidence.text, _marked(columns.EVIDENCE, evidence.proofs, PROOFS))


def written_approval(item: Item) -> str:
    return _joined(item.approved_by, f"{item.median_of}人打分，取中位数" if item.median_of > 1 else "")


def written_remarks(item: Item) -> str:
    usual = item.credits == frozenset({Balance.SPENDABLE, Balance.HONOUR})
    credits = "" if usual else _marked(columns.REMARKS, item.credits, BALANCES)
    named = item.rivals not in ("", item.title[:60])
    return _joined(_joined(item.remarks, credits), f"{_RIVALS}：{item.rivals}" if named else "")


def _marked(header: str, words: Iterable[_Word], names: Mapping[str, _Word]) -> str:
    listed = _listed(words, names)
    return f"{_MARKS[header]}：{listed}" if listed else ""


def _listed(words: Iterable[_Word], names: Mapping[str, _Word]) -> str:
    meant = set(words)
    return "、".join(name for name, word in names.items() if word in meant)


def _joined(text: str, clause: str) -> str:
    return "；".join(filter(None, (text, clause)))


# ---- read


def _named(
    row: Row, text: str, header: str, names: Mapping[str, _Word], notes: Problems
) -> tuple[str, frozenset[_Word]]:
    rest, said = _clause(text, _MARKS[header])
    parts = [part for part in _AND.split(plain(said or "")) if part]
    if parts and all(part in names for part in parts):
        return rest, frozenset(names[part] for part in parts)
    if said is not None:
        facts = {"mark": _MARKS[header], "text": said, "known": "、".join(names)}
        told = _("“%(mark)s：%(text)s”看不懂，当作普通的话留着。能看懂：%(known)s。") % facts
        notes.add(row, header, "mark-not-read", told)
    return text, frozenset()


def _clause(text: str, mark: str) -> tuple[str, str | None]:
    """Part a text from what a mark says in it: 签到表；必备：照片."""
    found = re.search(rf"(?:^|[；;\n])\s*{mark}\s*[：:]([^；;\n]*)(?=$|[；;\n])", text)
    if found is None:
        return text, None
    return _without(text, found), found[1].strip()


def _median(text: str) -> tuple[str, int]:
    found = _MEDIAN.search(text)
    if found is None and not _SPEAKS_OF_MEDIAN.search(text):
        return text, 1
    judges = _number(found["judges"]) if found else 0
    if found is None or judges < 3 or judges % 2 == 0:
        told = _("“%(text)s”看不懂取谁的中位数。请写单数，例如：3人打分，取中位数。") % {"text": text}
        raise Refusal(columns.APPROVED_BY, "median-unread", told)
    return _without(text, found), judges


def _without(text: str, found: re.Match[str]) -> str:
    rest = text[: found.start()] + text[found.end() :]
    return rest if found.start() else rest.lstrip("；;，,。 \n")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS.get(text, 0)
