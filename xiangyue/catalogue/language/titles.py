"""Points that the title's own list makes clear: 获国家级、省级、市级表彰 | 分别加50、40、30分. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.parse import NotUnderstood, parse_value
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.worth import Fixed, Levels, Named, Ranks, Severities

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
_NUMERAL = "[一二三四五六七八九十0-9]+"
_NUMBERED = re.compile(f"({_NUMERAL})(.+)")
_VERBS = re.compile("^(?:被评为|评为|获评|被授予|获得|荣获|新增|发生|受到|获|被)(?=.)")
_RANKS = re.compile(f"(?:第?{_NUMERAL}{_AND}?)+(?:等奖|名|等功)|前{_NUMERAL}名")


def value_under(title: str, text: str) -> Value:
    """Read 分值 beside its title; only 分别加50、40、30分 asks the title which levels, ranks or cases these are.

    Raises: NotUnderstood, also where the title lists another number of them, or two lists would fit.
    """
    try:
        return parse_value(text)
    except NotUnderstood:
        found = _by_title(title, text)
        if found is None:
            raise
        return found


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
        names = _names(clause)
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
