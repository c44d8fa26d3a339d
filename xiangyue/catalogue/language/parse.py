"""The doors of the language: one function for each column that people fill in. Pure.

Each gives what the text means or raises NotUnderstood with a stable code and one plain Chinese sentence that says
what would be understood. A text that can be read in two ways is refused with both readings.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.language import (
    calendar_words,
    event_words,
    limit_words,
    subject_words,
    times,
    unit_words,
    words,
)
from xiangyue.catalogue.language.caps import Cap, Limits
from xiangyue.catalogue.language.limits import limits
from xiangyue.catalogue.language.multipliers import multipliers
from xiangyue.catalogue.language.plain import blank, depth, plain, unwrapped
from xiangyue.catalogue.language.together import FAULT_ONLY
from xiangyue.catalogue.language.tokens import DEEPEST, LONGEST, Kind, Lexer, NotFitting, Reader
from xiangyue.catalogue.language.values import Value, readings
from xiangyue.catalogue.language.writing import written
from xiangyue.catalogue.rules.model import Multiplier, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import Counting
from xiangyue.catalogue.rules.times import UntilCorrected
from xiangyue.catalogue.rules.worth import Plain

_T = TypeVar("_T")
# 县5市10省20, 优5良3中1: labels of one character, with nothing between them and the points before.
_LABELLED = re.compile(r"(?:国家|[校村镇乡县区市省优良中差甲乙丙])[0-9]+(?:\.[0-9]+)?分?")
_ONE_LEVEL = re.compile(r"^(国家|[校村镇乡县区市省])")
_OF_YEAR = re.compile("^(?:年|全年|年度|当年|年内|年度内)(?:服务|志愿服务|累计)?(?=(?:满|达到?|超过)[0-9])")
_ONE_MONTH = re.compile("(?<=[欠期缴付交])[一1]月(?!份)")
# 取消所得积分，并扣10分: what was got by cheating is reversed deed by deed, and the rest is the rule.
_TAKEN_BACK = re.compile(
    "(?:追回|收回|扣回|退回|取消|扣除|扣减)(?:其)?(?:所得|虚报|骗取|冒领|虚假|已得|相应|违规所得)(?:的)?(?:全部)?积分"
    "(?:[，,]?(?:并|同时|并且|另|再)|[，,])(?=.)"
)
_DONE_AT_LAST = (
    "(?:改正|整改|还清|缴清|交清|付清|结清|拆除|清除|清理|恢复|退还|退出|归还|补交|补缴|补种|整治|完成|到位|消除|纠正|复耕|复学|腾退)"
    "[^0-9扣减，,；;]{0,6}?"
)
_UNTIL = re.compile(  # 直至还清, 缴清为止, 拆除前
    f"(?:直至|直到|至|到)[^0-9扣减，,；;]{{0,6}}?{_DONE_AT_LAST}(?:为止|止|前)?|[^0-9扣减，,；;至到]{{0,6}}?{_DONE_AT_LAST}(?:为止|止|前)"
)
_APART = re.compile(r"(?<=[0-9分])[ \u3000]+(?=[\u4e00-\u9fff])")  # 硕士30 博士50
_POINTS = re.compile(r"[0-9]+(?:\.[0-9]+)?分?")
_RUN_TOGETHER = re.compile(rf"(?:{_LABELLED.pattern}){{2,}}")

VALUES = gettext_lazy(
    "5、加5分、扣2分、1～10、酌情10～50、每小时2、每100元1、村级5/镇级10、一等10、二等8、一事一议"
)
LIMITS = gettext_lazy(
    "每月2次、每季10分、年度40、一次性、每户每月40分、每两个月1次、不限；几条之间用“；”隔开"
)
MULTIPLIERS = gettext_lazy("党员双倍、党员双倍扣、村干部1.5倍、首月双倍、重复发生加倍")
WHENS = gettext_lazy("全年、6月至8月、每年3月1日至5月31日、2026年1月1日起、农忙（5月至6月）×1.5")
TERMS = gettext_lazy("1年、6个月、30天、当年、当年，未改正顺延、改正为止、长期")


class NotUnderstood(Exception):  # noqa: N818 - the package's word for no
    """A cell that isn't understood. code: stable, kebab-case. text: one sentence for people."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(code)


def parse_value(text: str) -> Value:
    """Read 分值 that holds one rule. Raises: NotUnderstood."""
    found = parse_rules(text)
    if found.others:
        reason = _("这里写了几条，请分几行写")
        raise _refusal("several-rules", _("分值"), text, reason, VALUES)
    if FAULT_ONLY in found.guesses:
        raise _refusal("two-sides", _("分值"), text, _("又加又扣的，请写成加5/扣2"), VALUES)
    return found


def parse_rules(text: str) -> Value:
    """Read 分值; where it holds several rules, the others stand beside the first. Raises: NotUnderstood."""
    _check(text, _("分值"), VALUES)
    if _is_date(text):
        reason = _("这像是日期：表格软件常把1-10改成日期，请把这一格设成文本，或写成1～10")
        raise _refusal("value-is-a-date", _("分值"), text, reason, VALUES)
    if taken_back := _TAKEN_BACK.match(plain(text)):
        return replace(parse_rules(plain(text)[taken_back.end() :].replace("加扣", "扣", 1)), kept=True)
    failed: list[Reader] = []
    by_year = _ONE_MONTH.sub("一个月", _OF_YEAR.sub("年度累计", plain(text)))
    for variant in dict.fromkeys((
        *_line_breaks(unwrapped(text)), unwrapped(_APART.sub("、", text)), unwrapped(by_year),
    )):  # fmt: skip
        reader = Reader(_lexer().tokens(variant))
        if found := readings(reader):
            return _only(text, found)
        failed.append(reader)
    if (named := _named(text)) is not None:
        raise _refusal(named[0], _("分值"), text, named[1], VALUES)
    raise _unread("value-not-understood", _("分值"), text, failed[0], VALUES)


def _named(text: str) -> tuple[str, str] | None:
    """Say by name what is wrong with a text that gives no points, if it is one of the usual things."""
    tokens = _lexer().tokens(text)
    if Reader(tokens).attempt(lambda r: _whole(r, _multipliers)) is not None:
        return "value-is-a-multiplier", _("只写了倍数，没写几分；倍数请写在“倍数”一栏")
    only = Reader(tokens).attempt(lambda r: _whole(r, limits))
    if only is not None and not (only.discretion or only.kept):
        return "value-is-a-limit", _("只写了上限，没写几分；上限请写在“上限”一栏")
    if tokens[0].kind is Kind.NUMBER and readings(Reader(_lexer().tokens(f"满分{text}"))):
        return "full-marks-unsaid", _("前面像是满分，请写明，例如满分10分，每处扣1分，扣完为止")
    said = {token.text for token in tokens}
    if said & words.MORE_TAKEN:
        return "two-sides", _("“加扣”看不出是有加有扣，还是再多扣几分，请写成加5/扣2，或者扣5")
    if said & words.NO_POINTS and not any(token.kind is Kind.NUMBER for token in tokens):
        return "points-zero", _("分值不能是0；没做到就不给分的，这一行不用写")
    bars = event_words.VETOES | event_words.BARS.keys()
    if said & bars and said & event_words.RESETS.keys():
        return "two-events", _("又否决又清零的，请分两行写")
    if said & words.FIRST_TIME or said & words.NEXT_TIMES:
        return "by-occurrence", _("第几次各是几分的说不出来；能写首次扣2分，再次扣4分，或扣2分，重复发生加倍")
    if any(token.text in limit_words.TO_NOTHING for token in tokens):
        return "full-marks-unsaid", _("扣完为止的要写满分几分，例如满分10分，每处扣1分，扣完为止")
    numbers = sum(token.kind is Kind.NUMBER for token in tokens)
    rest = {token.text for token in tokens if token.kind is not Kind.NUMBER}
    if numbers > 1 and rest <= words.SEPARATORS | words.SLASH | {"分"}:
        return "figures-without-labels", _("几个数之间没写各是哪一档，请写成村级5/镇级10/县级20")
    return None


def parse_limits(text: str) -> Limits:
    """Read 上限; an empty text and 不限 set no limit. Raises: NotUnderstood."""
    if blank(text):
        return Limits()
    if window := unit_words.SLOT_NAMES.get(plain(text)):
        return Limits((Cap(Counting.TIMES, 1, window),))
    stated = (
        f"最高{plain(text)}" if _POINTS.fullmatch(plain(text)) else text
    )  # the column says that it is the most
    return _read(stated, _("上限"), LIMITS, "limit", limits)


def parse_multipliers(text: str) -> tuple[Multiplier, ...]:
    """Read 倍数. Raises: NotUnderstood."""
    if blank(text) or plain(text) in words.NO_MULTIPLIER:
        return ()
    return _read(text, _("倍数"), MULTIPLIERS, "multiplier", _multipliers)


def parse_when(text: str) -> times.When:
    """Read 适用时间. Raises: NotUnderstood."""
    if blank(text) or plain(text) in calendar_words.ALWAYS | calendar_words.NO_TERM:
        return times.When()
    return _read(
        times.with_words(text), _("适用时间"), WHENS, "season", lambda r: times.when(r, _season_worth)
    )


def parse_term(text: str) -> Validity:
    """Read 期限; without one an entry counts for good. Raises: NotUnderstood."""
    bare = plain(text)
    for mark in sorted(calendar_words.EXAMPLE, key=len, reverse=True):
        bare = bare.removeprefix(mark)
    if blank(bare) or bare in calendar_words.NO_TERM:
        return Validity()
    if _UNTIL.fullmatch(bare) and "级" not in bare:
        return Validity((ValidityRow(UntilCorrected()),))
    return _read(bare, _("期限"), TERMS, "term", times.validity)


def _multipliers(reader: Reader) -> tuple[Multiplier, ...]:
    found = [*multipliers(reader)]
    while reader.accept(words.SEPARATORS):
        if not reader.done:
            found += multipliers(reader)
    reader.end()
    if len({(one.when, one.kind, one.side) for one in found}) < len(found):
        reader.misfit("multiplier-twice", _("同一种倍数写了两回"))
    return tuple(found)


def _season_worth(reader: Reader) -> Plain:
    """Read the points of a season: all that is left of the cell, or up to the next season."""
    start = reader.at
    ends = [n for n in range(start + 1, len(reader.tokens)) if reader.tokens[n].text in ("；", ";")]
    end = ends[0] if ends else len(reader.tokens)
    inner = Reader(reader.tokens[start:end])
    found = readings(inner)
    if len(found) != 1 or found[0].caps or found[0].multipliers or found[0].direction:
        raise NotFitting
    worth = found[0].worth
    if not isinstance(worth, Plain):
        raise NotFitting
    reader.skip_to(end)
    return worth


@cache
def _lexer() -> Lexer:
    """One lexer for all columns: their sublanguages share most words."""
    found: list[Iterable[str]] = [words.OTHER_WORDS]
    several = (words, calendar_words, event_words, limit_words, subject_words)
    for name, value in (pair for one in several for pair in vars(one).items()):
        if name.isupper() and isinstance(value, dict | set | frozenset):
            found.append([word for word in value if isinstance(word, str) and word])
    found += [words.WHOSE_WORDS.values(), words.WINDOW_WORDS.values()]
    return Lexer(*found)


def _read(text: str, column: str, forms: str | Promise, code: str, rule: Callable[[Reader], _T]) -> _T:
    _check(text, column, forms)
    first: Reader | None = None
    for variant in _line_breaks(text):
        reader = Reader(_lexer().tokens(variant))
        found = reader.attempt(lambda r: _whole(r, rule))
        if found is not None:
            return found
        first = first or reader
    assert first is not None
    raise _unread(f"{code}-not-understood", column, text, first, forms)


def _whole(reader: Reader, rule: Callable[[Reader], _T]) -> _T:
    found = rule(reader)
    reader.end()
    return found


def _line_breaks(text: str) -> list[str]:
    """Give a text with its line breaks, and then without those that only make it fit its cell."""
    lines = plain(text)
    joined = ""
    for line in lines.split("\n"):
        breaks = joined and not ("\u4e00" <= joined[-1] <= "\u9fff")
        joined += f"\n{line}" if breaks else line
    variants = [lines] if joined == lines else [lines, joined]
    if _RUN_TOGETHER.fullmatch(lines):
        variants.append("、".join(_ONE_LEVEL.sub(r"\1级", each) for each in _LABELLED.findall(lines)))
    return variants


def _is_date(text: str) -> bool:
    bare = times.with_words(plain(text))
    reader = Reader(_lexer().tokens(bare))
    if reader.attempt(times.a_day) is None:
        return False
    return reader.done or bare != plain(text)


def _only(text: str, found: list[Value]) -> Value:
    if len(found) == 1:
        return found[0]
    meanings = _("，还是").join(written(value.worth) for value in found)
    reason = _("这样写能看成%(meanings)s，请写清是哪一种") % {"meanings": meanings}
    raise _refusal("value-ambiguous", _("分值"), text, reason, VALUES)


def _check(text: str, column: str, forms: str | Promise) -> None:
    if blank(text):
        told = _("%(column)s这一格是空的。能看懂的写法：%(forms)s。") % {"column": column, "forms": forms}
        raise NotUnderstood("cell-empty", told)
    if len(text) > LONGEST:
        reason = _("最多%(most)s个字") % {"most": LONGEST}
        raise _refusal("cell-too-long", column, f"{text[:20]}…", reason, forms)
    if depth(text) > DEEPEST:
        reason = _("括号套得太多，最多%(most)s层") % {"most": DEEPEST}
        raise _refusal("brackets-too-deep", column, text, reason, forms)


def _unread(code: str, column: str, text: str, reader: Reader, forms: str | Promise) -> NotUnderstood:
    if reader.reason:
        return _refusal(reader.reason[0], column, text, reader.reason[1], forms)
    rest = reader.rest
    if all(token.kind is not Kind.NUMBER for token in reader.tokens):
        return _refusal(code, column, text, _("这些字看不懂"), forms)
    reason = _("从“%(rest)s”起看不懂") % {"rest": rest} if rest else _("话没说完")
    return _refusal(code, column, text, reason, forms)


def _refusal(code: str, column: str, text: str, reason: str, forms: str | Promise) -> NotUnderstood:
    facts: dict[str, Any] = {"column": column, "text": text, "reason": reason, "forms": forms}
    return NotUnderstood(code, _("%(column)s“%(text)s”不能用：%(reason)s。能看懂的写法：%(forms)s。") % facts)
