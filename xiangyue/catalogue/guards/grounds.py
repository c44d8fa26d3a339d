"""Whether what deducts names its basis, its term and the way to repair (CONDUCT "No loss of rights"). Pure."""

import re
from collections.abc import Iterator
from datetime import date

from xiangyue.catalogue.guards import clauses
from xiangyue.catalogue.guards.finding import Clause, Finding, Weight, found
from xiangyue.catalogue.guards.reading import folded
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.model import Item, ValidityRow
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.times import ForGood, Term, ToYearEnd, UntilCorrected
from xiangyue.catalogue.rules.worth import Downgrade, Reset, Veto

_POINTS = (Direction.DEDUCTION, Direction.BOTH)
_EVENTS = (Direction.RESET, Direction.DOWNGRADE, Direction.VETO)
_NOTHING = frozenset(
    ("", "无", "没有", "暂无", "待定", "另定", "另行规定", "待补充", "同上", "略", "不详", "/")
)

# ---- what a basis looks like
_TITLED = re.compile(r"《([^《》]+)》")
_STATUTE = re.compile("法|条例|规定|办法|决定|规则|准则|规范|纲要|意见|通知|解释")
_NAMED_LAW = re.compile(r"(?<![办做说想看方用执无合依违司立])法(?:$|[^一-龥]|第|和|及|与|等)|条例|准则")
_DOCUMENT = re.compile(r"[发函字办令][(〔\[]?(?:19|20)\d\d[)〕\]]?第?\d+号")
_OWN_RULES = re.compile(
    "村规民约|居民公约|村民公约|乡规民约|公约|自治章程|村民章程|章程|村民会议|村民代表会议|村民大会"
)
_OF_A_VILLAGE = re.compile("积分|(?<!农)(?<!乡)村(?!民委员会组织法|庄和集镇)|社区|居委|公约|章程")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:年|[-./])(?P<month>\d{1,2})(?:月|[-./])(?P<day>\d{1,2})日?"
    r"|[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_EXAMPLE = re.compile("示例|例如|待填|XX|xx|某年|××")

# ---- what has no end
_ENDLESS = re.compile(
    "长期|永久|终身|终生|永远|一辈子|一直|无期限|不限|无限期|长久有效|不失效|不再恢复|没有期限"
)
_NO_REPAIR = re.compile(
    "^(?:不可以?|不能|不予|不得|不准|无法|不再|不给|没有|没法|永不)[^,。;]{0,4}(?:修复|恢复|申请)|^不(?:修复|恢复)|^无修复"
)


def basis(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """A deduction rests on a law, or on a village compact that says when it was adopted."""
    if item.direction in _POINTS:
        yield from _of_basis(clauses.BASIS, item)


def event_basis(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """A reset, a lower grade and a veto rest on one too."""
    if item.direction in _EVENTS:
        yield from _of_basis(clauses.EVENT_BASIS, item)


def term(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """A deduction ends some day."""
    if item.direction not in _POINTS:
        return
    terms = [row.term for row in item.validity.rows]
    if _is_endless(item.term) or any(isinstance(each, ForGood) for each in terms):
        yield _lacking(clauses.TERM, item, columns.TERM, item.term)


def event_term(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """A reset, a lower grade and a veto end some day; a veto does so by itself (DOMAIN §4)."""
    if item.direction not in _EVENTS:
        return
    if _is_endless(item.term) or not _event_ends(item):
        yield _lacking(clauses.EVENT_TERM, item, columns.TERM, item.term)


def repair(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """Whoever made good can have a deduction repaired."""
    if item.direction not in _POINTS:
        return
    text = folded(item.repair).text
    if text in _NOTHING or _NO_REPAIR.search(text):
        yield _lacking(clauses.REPAIR, item, columns.REPAIR, item.repair)


def _of_basis(clause: Clause, item: Item) -> Iterator[Finding]:
    if not is_basis(item.basis):
        yield _lacking(clause, item, columns.BASIS, item.basis)


def is_basis(text: str) -> bool:
    """Whether a text names a law or regulation, or a village compact with the day of its adoption.

    A points scheme of the village's own is no basis for itself; it needs the day on which the village adopted it.
    An example is none.
    """
    if _EXAMPLE.search(text):
        return False
    plain = text.replace("（", "(").replace("）", ")").replace("\u3000", "").replace(" ", "")
    titles = _TITLED.findall(plain)
    rest = _TITLED.sub("", plain)
    if any(_STATUTE.search(title) and not _OF_A_VILLAGE.search(title) for title in titles):
        return True
    if _DOCUMENT.search(plain) or _NAMED_LAW.search(rest):
        return True
    own = _OWN_RULES.search(plain) or any(_OF_A_VILLAGE.search(title) for title in titles)
    return bool(own) and any(map(_is_day, _DATE.finditer(plain)))


def _is_day(match: re.Match[str]) -> bool:
    if match["year"] is None:
        return True
    try:
        date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    return True


def _is_endless(text: str) -> bool:
    return bool(_ENDLESS.search(folded(text).text))


def _event_ends(item: Item) -> bool:
    match item.worth:
        case Veto(lasts):
            return not isinstance(lasts, UntilCorrected | ForGood) and not _runs_on(lasts)
        case Downgrade(_, _, lasts):
            return not isinstance(lasts, ForGood)
        case Reset():
            return folded(item.term).text not in _NOTHING or item.validity.rows != (ValidityRow(ForGood()),)
        case _:
            raise AssertionError(item.worth)


def _runs_on(lasts: Term) -> bool:
    return isinstance(lasts, ToYearEnd) and lasts.unless_corrected


def _lacking(clause: Clause, item: Item, field: str, words: str) -> Finding:
    return found(clause, Weight.MISSING, field=field, item=item, words=" ".join(words.split()))
