"""Points that the title's own list makes clear: 获国家级、省级、市级表彰 | 分别加50、40、30分. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.headings import has_points
from xiangyue.catalogue.language.parse import NotUnderstood, parse_rules, parse_value
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.worth import Bands, Fixed, Levels, Named, PerUnit, Ranks, Severities

_NAME_LENGTH = 20


def _any_of(several: object) -> str:
    """Write an expression for any of some words, the longest first."""
    assert isinstance(several, set | dict | frozenset)
    return "|".join(map(re.escape, sorted(several, key=len, reverse=True)))


_RESPECTIVELY = re.compile(
    f"(?:每(?P<deed>次|例|起|件|项|家|个|篇|条|处))?(?P<rest>(?:{_any_of(words.RESPECTIVELY)}).*)", re.DOTALL
)
_CLAUSES = re.compile("[,，;；。:：()\n]")
_AND = "[、/和及与或]"
_LEVEL = f"(?:{_any_of(words.LEVELS.keys() | words.BARE_LEVELS.keys())})"
_LEVELS = re.compile(f"{_LEVEL}(?:{_AND}{_LEVEL})+")
# Bare words stand for levels only here: 在城市、县城 are none.
_BEFORE_BARE = ("", *"被获得受到在经为由给于评是予各、")
_BEHIND_BARE = (
    "推广",
    "采纳",
    "通报",
    "表彰",
    "表扬",
    "奖励",
    "媒体",
    "党委",
    "政府",
    "评",
    "荣誉",
    "先进",
    "综合",
    "命名",
    "认定",
)
_EVERY = re.compile(
    "每(?:超过|超|增加|增|满|捐|捐款|捐资)?(?:[0-9.]+|[一两二三四五六七八九十百千万]+)[^0-9分]{1,6}$"
)
_BOUND = re.compile("(?<!每)(?:超过|超|不超过)([0-9]+)(天|桌|席|人|小时|元|万元|次|辆|个)")
_GROWING = re.compile("新增|增长|增加|扩大|扩种|新种|新发展")
_NUMERAL = "[一二三四五六七八九十0-9]+"
_NUMBERED = re.compile(f"({_NUMERAL})(.+)")
_VERBS = re.compile("^(?:被评为|评为|获评|被授予|获得|荣获|新增|发生|受到|获|被)(?=.)")
_RANKS = re.compile(
    f"{_NUMERAL}(?P<style>等奖|等功)(?:{_AND}{_NUMERAL}(?P=style))+|(?:第?{_NUMERAL}{_AND}?)+(?:等奖|名|等功)|前{_NUMERAL}名"
)


_QUOTED = re.compile("「([^「」]+)」")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SIGNED = re.compile("[+加扣减-]")
_FIGURES = re.compile(
    rf"(?:{_SIGNED.pattern}?{_FIGURE.pattern}分?[、/,，;；])+{_SIGNED.pattern}?{_FIGURE.pattern}分?"
)


def value_under(title: str, text: str) -> Value:
    """Read 分值 beside its title; only 分别加50、40、30分 asks the title which levels, ranks or cases these are.

    Raises: NotUnderstood, also where the title lists another number of them, or two lists would fit.
    """
    if blank(text) and has_points(title):
        return replace(_within(plain(title)), kept=True)
    try:
        return _counted_by(title, parse_rules(text), text)
    except NotUnderstood as unread:
        found = _by_title(title, text)
        if found is None and unread.code in ("figures-without-labels", "value-not-understood"):
            found = _by_title(title, _as_listed(text))
        if found is None and unread.code == "batch-relative":
            found = _beyond_title(title, text)
        if found is None:
            raise
        return found


def _within(title: str) -> Value:
    """Read the points that stand in a title: 无偿献血，200毫升加5分，400毫升加10分. Raises: NotUnderstood."""
    clauses = re.split("(?<=[，,：:])", title)
    silent = next((n for n, clause in enumerate(clauses) if any(map(str.isdigit, clause))), 0)
    try:
        return parse_rules(title)
    except NotUnderstood:
        if not silent:
            raise
        return parse_rules("".join(clauses[silent:]))


def _counted_by(title: str, found: Value, text: str) -> Value:
    """Let the title say what a bare figure counts: 捐款，每100元 | 1. Raises: NotUnderstood."""
    clause = _CLAUSES.split(plain(title))[-1].removesuffix("的")
    counts = _EVERY.search(clause)
    if not counts or not isinstance(found.worth, Fixed):
        return found
    bound = _BOUND.search(plain(title))
    begins = f"{bound[1]}{bound[2]}以内，" if bound and counts[0].startswith(("每超", "每增")) else ""
    try:
        both = parse_rules(begins + counts[0] + plain(text))
    except NotUnderstood:
        both = None
    rate = _rate(both)
    if both is not None and rate == found.worth.points:
        return replace(both, direction=both.direction or found.direction, kept=True)
    if both is not None and both.worth == found.worth:
        return both
    told = _("指标里写着“%(clause)s”，请写在分值里，例如每100元1、每小时2。") % {"clause": counts[0]}
    raise NotUnderstood("unit-in-title", told)


def _rate(found: Value | None) -> int | None:
    """Give the points of every so many, where that is all that a value says."""
    if found is None or not isinstance(found.worth, PerUnit | Bands):
        return None
    rates = (
        [found.worth.points]
        if isinstance(found.worth, PerUnit)
        else [one.points for one in found.worth.bands]
    )
    return rates[0] if len(rates) == 1 else None


def _beyond_title(title: str, text: str) -> Value | None:
    """Let the title say from where 每超1天, 每增1亩 counts: 丧事超3天, 新增种植面积."""
    named = plain(title)
    written = plain(text)
    bound = _BOUND.search(named)
    if bound and re.match("每?超[^过出]", written):
        written = written if written.startswith("每") else f"每{written}"
        written = f"{bound[1]}{bound[2]}以内，{written}"
    elif _GROWING.search(named) and re.match("每(?:增加|增|多)", written):
        written = re.sub("^每(?:增加|增|多)", "每", written)
    else:
        return None
    try:
        return replace(parse_value(written), kept=True)
    except NotUnderstood:
        return None


def _as_listed(text: str) -> str:
    """Give 20/12/8 and +5、+3、+2 as 分别20、12、8, to stand for what the title lists; other texts as they are."""
    written = plain(text)
    if not _FIGURES.fullmatch(written):
        return text
    side = _SIGNED.match(written)
    return f"分别{side[0] if side else ''}" + "、".join(_FIGURE.findall(written))


def _by_title(title: str, text: str) -> Value | None:
    match = _RESPECTIVELY.fullmatch(plain(text))
    if match is None:
        return None
    readings: list[Value] = []
    for labels in _lists(plain(title)):
        found = _joined(labels, match["rest"])
        if found is not None and found not in readings:
            readings.append(found)
    if len(readings) != 1:
        return None
    deed = match["deed"] or ""
    return replace(readings[0], deed="" if deed == "次" else deed, kept=True)


def _lists(title: str) -> Iterator[str]:
    """Give what a title lists, as labels that stand before 分别."""
    for clause in _CLAUSES.split(title):
        listed = [*_listed_levels(clause), *(match[0] for match in _RANKS.finditer(clause))]
        yield from listed
        quoted = _QUOTED.findall(clause)
        names = quoted if len(quoted) > 1 else _names(clause)
        if not listed and len(names) > 1 and all(len(name) <= _NAME_LENGTH for name in names):
            yield "、".join(f"「{name}」" for name in names)


def _names(clause: str) -> list[str]:
    """Give the named cases of a clause, without the verb before them; 一、二、三星文明户 are three kinds of 文明户."""
    names = [name for name in re.sub("[「」]", "", clause).removesuffix("的").split("、") if name]
    last = _NUMBERED.fullmatch(names[-1]) if names else None
    if last and len(names) > 1 and all(re.fullmatch(_NUMERAL, name) for name in names[1:-1]):
        first = re.search(f"{_NUMERAL}$", names[0])
        if first:
            return [f"{one}{last[2]}" for one in (first[0], *names[1:-1], last[1])]
    return [_VERBS.sub("", name, count=1) if at == 0 else name for at, name in enumerate(names)]


def _listed_levels(clause: str) -> Iterator[str]:
    for match in _LEVELS.finditer(clause):
        found = re.findall(_LEVEL, match[0])
        bare = found[-1] not in words.LEVELS
        before, behind = clause[: match.start()][-1:], clause[match.end() :]
        if bare and (before not in _BEFORE_BARE or not (not behind or behind.startswith(_BEHIND_BARE))):
            continue
        levels = [words.LEVELS.get(word) or words.BARE_LEVELS[word] for word in found]
        yield "、".join(words.LEVEL_WORDS[level] for level in levels)


def _joined(labels: str, rest: str) -> Value | None:
    """Read labels and the points behind them as one sentence, if there are as many of them."""
    try:
        found = parse_value(labels + rest)
    except NotUnderstood:
        return None
    if not isinstance(found.worth, Levels | Ranks | Severities | Named):
        return None
    cells = {given for _label, given in found.worth.rows}
    return None if len(cells) == 1 and not isinstance(cells.pop(), Fixed) else found  # 分别加1－3分
