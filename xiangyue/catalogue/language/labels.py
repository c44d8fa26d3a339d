"""The labels of tables: what stands before points, alone (村级, 一等奖) or together (县、镇、村级). Pure.

label   = [aside] (村级 … | 第1名, 一等奖, 一等功, 一级 | 一般, 较重 … | 贫困户 … | 书记 …) [aside] [及以上] | name
labels  = 一、二、三等奖 | 前三名 | 镇村级 | label {、 label}
"""

from dataclasses import dataclass
from enum import Enum, auto

from xiangyue.catalogue.language import event_words, subject_words, words
from xiangyue.catalogue.language.amounts import noun_part
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import Level, RankStyle

NAME_LENGTH = 60
BETWEEN = words.SEPARATORS | words.SLASH


class Sort(Enum):
    """What a label is."""

    LEVEL = auto()
    RANK = auto()
    SEVERITY = auto()
    KIND = auto()
    ROLE = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before points. ranks: several for 前三名. above: 县级及以上. below: 镇级及以下."""

    sort: Sort
    text: str
    level: Level | None = None
    above: bool = False
    ranks: tuple[int, ...] = ()
    style: RankStyle = RankStyle.PLACE
    below: bool = False


def read_label(reader: Reader, *, joined: bool = True) -> Label:
    """Take one label. joined: whether 迟到、早退 may be one, whose points follow. Raises: NotFitting."""
    named = named_label if joined else _single_name
    for rule in (_level_rank, _known_label, _grade_label, _level_name, named):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _level_rank(reader: Reader) -> Label:
    level = _bare_label(reader)
    rank = _bare_label(reader)
    if (level.sort, rank.sort) != (Sort.LEVEL, Sort.RANK):
        raise NotFitting
    return Label(Sort.RANK, level.text + rank.text, level.level, level.above, rank.ranks, rank.style)


def _known_label(reader: Reader) -> Label:
    before = "".join(reader.several(_aside))
    if before:
        reader.accept({"的"})  # 获奖的一等奖8分
    at = reader.at
    found = _bare_label(reader)
    behind = "".join(reader.several(_aside))
    above = found.above or bool(reader.accept(words.AND_ABOVE))
    reader.accept({"的"})
    if found.sort is Sort.LEVEL and before and reader.tokens[at - 1].text in words.BARE_LEVELS:
        raise NotFitting  # 镇村级5/3 are two levels
    if (before or behind) and found.sort not in (Sort.LEVEL, Sort.RANK, Sort.SEVERITY):
        raise NotFitting
    if above and found.sort is not Sort.LEVEL:
        raise NotFitting
    if before or behind:
        reader.kept = True
    text = before + found.text + behind
    return Label(found.sort, text, found.level, above, found.ranks, found.style, found.below)


def _aside(reader: Reader) -> str:
    """Take words around a label that the table has no place for (获…奖励)."""
    at = reader.at
    if reader.attempt(_bare_label):
        reader.at = at
        raise NotFitting
    quoted = reader.accept_kind(Kind.QUOTED)
    return f"「{quoted.text}」" if quoted else noun_part(reader)


def _bare_label(reader: Reader) -> Label:
    for rule in (_level, _rank, _severity, _kind_or_role):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _level(reader: Reader) -> Label:
    word = reader.expect(words.LEVELS)
    level, above = words.LEVELS[word], bool(reader.accept(words.AND_ABOVE))
    below = not above and bool(reader.accept({"及以下", "以下"}))
    if office := reader.accept(words.OFFICE):
        if level not in words.OFFICES:
            raise NotFitting
        level, word = words.OFFICES[level], word + office
    return Label(Sort.LEVEL, word, level, above, below=below)


def _rank(reader: Reader) -> Label:
    at = reader.at
    if word := reader.accept(words.PODIUM):
        return Label(Sort.RANK, word, ranks=(words.PODIUM[word],))
    few = reader.accept(words.FIRST_FEW)
    ordinal = few or reader.accept(words.ORDINAL)
    first = _whole(reader)
    last = _whole(reader) if not few and reader.accept(words.DASHES) else first
    style = reader.accept(words.RANK_STYLES)
    if (style in (None, "名") and not ordinal) or (few and style != "名") or not 0 < first <= last <= 1000:
        raise NotFitting
    if style is None and reader.next is not None and not _points_follow(reader):
        raise NotFitting  # 第三次, 第2季度
    text = "".join(token.text for token in reader.tokens[at : reader.at])
    ranks = tuple(range(1 if few else first, last + 1))
    return Label(Sort.RANK, text, ranks=ranks, style=words.RANK_STYLES[style or "名"])


def _points_follow(reader: Reader) -> bool:
    assert reader.next is not None
    follows = (
        words.GAINS | words.LOSSES | words.MINUS_SIGNS | words.NEUTRAL | words.RESPECTIVELY | BETWEEN | {"("}
    )
    return reader.next.kind is Kind.NUMBER or reader.next.text in follows


def numeral(rank: int) -> str:
    """Write a rank as people do: 三 of 三等奖."""
    return words.NUMERALS[rank] if rank < len(words.NUMERALS) else str(rank)


def _whole(reader: Reader) -> int:
    number = reader.number()
    if number.denominator != 1:
        raise NotFitting
    return int(number)


def _severity(reader: Reader) -> Label:
    return Label(Sort.SEVERITY, reader.expect(words.SEVERITIES))


def _kind_or_role(reader: Reader) -> Label:
    if word := reader.accept(words.ROLES):
        return Label(Sort.ROLE, word)
    return Label(
        Sort.KIND,
        reader.expect(
            words.KINDS | subject_words.HOUSEHOLD_KINDS | subject_words.PERSON_KINDS | words.OTHERS
        ),
    )


def _grade_label(reader: Reader) -> Label:
    """Take A级, 五星, 甲等."""
    token = reader.accept_kind(Kind.TEXT) or reader.accept_kind(Kind.NUMBER)
    if token is None:
        raise NotFitting
    if token.text in ("一", "二", "三") and reader.accept({"本"}):
        return Label(Sort.NAME, f"{token.text}本" + "".join(reader.several(_joined_name)))
    return Label(Sort.NAME, token.text + reader.expect(event_words.GRADE_ENDS))


def _joined_name(reader: Reader) -> str:
    """Take the 、早退 of 迟到、早退扣1分: a name whose points follow only behind the last one."""
    between = reader.expect({"、", "或", "或者", "及", "和"})
    found = "".join(reader.several(noun_part))
    signs = words.GAINS | words.LOSSES | {"、", "或", "或者"}
    if not found or reader.next is None or not (reader.next.text in signs or _points_now(reader, found)):
        raise NotFitting
    return between + found


def _points_now(reader: Reader, name: str) -> bool:
    """Whether 100分 follows 清华、北大, so that both are one case; 村、镇 are two levels."""
    ahead = reader.tokens[reader.at : reader.at + 2]
    stated = len(ahead) == 2 and ahead[0].kind is Kind.NUMBER and ahead[1].text in words.POINTS
    return stated and name not in words.BARE_LEVELS


def _rest_of_them(reader: Reader) -> str:
    """Take the 其余 of 其余参赛者2分. Raises: NotFitting."""
    word = reader.expect(words.OTHERS)
    if reader.next is None or reader.next.kind is not Kind.TEXT:
        raise NotFitting
    return word


def named_label(reader: Reader) -> Label:
    if place := reader.accept(subject_words.PLACES):
        return Label(Sort.NAME, place)
    quoted = reader.accept_kind(Kind.QUOTED)
    rest = "" if quoted else reader.attempt(_rest_of_them) or ""
    name = quoted.text if quoted else rest + "".join(reader.several(noun_part))
    if name and not quoted:
        name += "".join(reader.several(_joined_name))
    if not 0 < len(name) <= NAME_LENGTH or (not quoted and name in words.COUNTED):
        raise NotFitting
    return Label(Sort.NAME, name)


def _single_name(reader: Reader) -> Label:
    """Take one name of several that stand together. Raises: NotFitting."""
    quoted = reader.accept_kind(Kind.QUOTED)
    name = quoted.text if quoted else "".join(reader.several(noun_part))
    if not 0 < len(name) <= NAME_LENGTH or (not quoted and name in words.COUNTED):
        raise NotFitting
    return Label(Sort.NAME, name)


def label_list(reader: Reader) -> tuple[list[Label], bool]:
    """Take labels that stand together; say whether their points may follow without 分别."""
    at = reader.at
    aside = reader.next is not None and reader.next.text not in words.FIRST_FEW | words.ORDINAL
    if labels := reader.attempt(_ranks_list):
        return labels, not (aside and reader.tokens[at].kind is not Kind.NUMBER)
    if labels := reader.attempt(_levels_list):
        return labels, True
    return _any_labels(reader), False


def _levels_list(reader: Reader) -> list[Label]:
    """Take 镇村级, 县、镇、村级, 国家级/省级/市级: levels in the order in which their points follow."""
    found: list[Label] = []
    last = ""
    if reader.attempt(_before_levels):
        reader.kept = True
    bare_end = False
    while last not in words.LEVELS or reader.next is not None:
        between = bool(found and reader.accept({"、", "/"}))
        word = reader.accept(words.BARE_LEVELS.keys() | words.LEVELS.keys())
        if word is None or (last in words.LEVELS and not between):
            if between or word:
                raise NotFitting
            bare_end = last not in words.LEVELS and len(found) > 2 and _all_of(reader, len(found))
            break
        last = word
        level = words.LEVELS.get(word) or words.BARE_LEVELS[word]
        found.append(Label(Sort.LEVEL, word, level))
    if (
        len(found) < 2
        or not (bare_end or last in words.LEVELS)
        or len({label.level for label in found}) < len(found)
    ):
        raise NotFitting
    reader.accept({"的"})
    reader.attempt(_tail_aside)
    reader.accept({"的"})
    return found


def _all_of(reader: Reader, many: int) -> bool:
    """Whether 五级, 各级 or 分别 follows 省市县乡村."""
    if reader.next is not None and reader.next.text in words.RESPECTIVELY:
        return True
    at = reader.at
    if reader.accept({"各"}) or (reader.next is not None and reader.next.value == many and reader.number()):
        reader.accept({"个"})
        if reader.accept({"级", "层级", "等级"}):
            return True
    reader.at = at
    return False


def _before_levels(reader: Reader) -> bool:
    """Take the 获 of 获国家、省、市级表彰."""
    found = False
    while reader.next is not None and reader.next.text not in words.BARE_LEVELS.keys() | words.LEVELS.keys():
        noun_part(reader)
        found = True
    if not found:
        raise NotFitting
    return True


def _any_labels(reader: Reader) -> list[Label]:
    labels = [_listed(reader)]
    while reader.accept(BETWEEN):
        labels.append(_listed(reader))
    reader.accept({"的"})
    reader.attempt(_tail_aside)
    if len(labels) < 2 or any(label.text in words.BARE_LEVELS for label in labels if label.sort is Sort.NAME):
        raise NotFitting
    return labels


def _tail_aside(reader: Reader) -> bool:
    if not "".join(reader.several(noun_part)):
        raise NotFitting
    reader.kept = True
    return True


def _level_name(reader: Reader) -> Label:
    """Take the 村 of 村2、镇3、县5: whether these are levels is seen from all of them. Raises: NotFitting."""
    word = reader.expect(words.BARE_LEVELS)
    if reader.next is None or reader.next.kind is not Kind.NUMBER:
        raise NotFitting
    return Label(Sort.NAME, word)


def _listed(reader: Reader) -> Label:
    return reader.attempt(_bare_level) or read_label(reader, joined=False)


def _bare_level(reader: Reader) -> Label:
    token = reader.accept_kind(Kind.TEXT) or reader.accept_kind(Kind.WORD)
    if token is None or token.text not in words.BARE_LEVELS:
        raise NotFitting
    return Label(Sort.LEVEL, token.text, words.BARE_LEVELS[token.text])


def _ranks_list(reader: Reader) -> list[Label]:
    """Take 一、二、三等奖, 第一、二、三名, 前三名, 一二三等奖."""
    reader.attempt(_tail_aside)
    few = reader.accept(words.FIRST_FEW)
    ordinal = few or reader.accept(words.ORDINAL)
    ranks = [_whole(reader)]
    while reader.accept(BETWEEN) or (reader.next is not None and reader.next.kind is Kind.NUMBER):
        reader.accept(words.ORDINAL)
        ranks.append(_whole(reader))
    style = reader.expect(words.RANK_STYLES)
    if few and len(ranks) == 1:
        ranks = list(range(1, ranks[0] + 1))
    if len(ranks) < 2 or len(ranks) > 50 or ranks != sorted(set(ranks)) or (style == "名" and not ordinal):
        raise NotFitting
    reader.accept({"的"})
    kind = words.RANK_STYLES[style]
    told = "第{}名" if kind is RankStyle.PLACE else "{}" + style
    return [Label(Sort.RANK, told.format(numeral(n)), ranks=(n,), style=kind) for n in ranks]
