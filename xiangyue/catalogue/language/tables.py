"""Tables of points: by level, rank, severity, kind of subject, role, named case, amount. Pure.

table   = row {[sep] row} | labels 分别 [sign] cells | 前三名 cells
row     = label [sign] cell | label "(" cell ")" | cell "(" label ")"
label   = [aside] (村级 … | 第1名, 一等奖, 一等功, 一级 | 一般, 较重 … | 贫困户 … | 书记 …) [aside] [及以上] | name
steps   = [年度累计] (满 | 超过) quantity cell {sep …} | quantity 以上 cell … | from-to cell {sep …} quantity 以上 cell
bands   = from-to 每 quantity points {sep …}
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import cell, noun_part, points, sign
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import RolePoints, Sharing
from xiangyue.catalogue.rules.terms import BadRule, Level, RankStyle, Severity, Split
from xiangyue.catalogue.rules.worth import (
    ByKind,
    Cell,
    LevelRanks,
    Levels,
    Named,
    Ranks,
    Severities,
)

_NAME_LENGTH = 60
_BETWEEN = words.SEPARATORS | words.SLASH
Table = Levels | Ranks | LevelRanks | Severities | Named | ByKind


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
    """What stands before points. ranks: several for 前三名. above: 县级及以上."""

    sort: Sort
    text: str
    level: Level | None = None
    above: bool = False
    ranks: tuple[int, ...] = ()
    style: RankStyle = RankStyle.PLACE


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it gives; None is no points at all (不合格0分)."""

    label: Label
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table, with who gets what where it lists roles."""

    worth: Table
    sharing: Sharing | None = None


def table(reader: Reader) -> Tabled:
    """Take a whole table. Raises: NotFitting."""
    sign(reader)
    rows = reader.attempt(_respectively) or _rows(reader)
    try:
        return _tabled(reader, rows)
    except BadRule as bad:
        if bad.code == "row-twice":
            reader.misfit("row-twice", _("同一档写了两回"))
        raise NotFitting from None


def _rows(reader: Reader) -> list[Row]:
    rows = [_row(reader)]
    while (row := reader.attempt(_next_row)) is not None:
        rows.append(row)
    if len(rows) == 1 and rows[0].label.sort in (Sort.NAME, Sort.KIND, Sort.ROLE):
        raise NotFitting  # 大概5 is no table
    return rows


def _next_row(reader: Reader) -> Row:
    apart = reader.accept(_BETWEEN)
    row = _row(reader)
    if not apart and row.label.sort is Sort.NAME:
        raise NotFitting
    return row


def _row(reader: Reader) -> Row:
    if row := reader.attempt(_reversed_row):
        return row
    label = _label(reader)
    if reader.accept({"("}):
        found = _cells(reader, label)
        reader.expect({")"})
        return Row(label, found)
    return Row(label, _cells(reader, label))


def _reversed_row(reader: Reader) -> Row:
    found = _cell(reader)
    reader.expect({"("})
    label = _label(reader)
    reader.expect({")"})
    return Row(label, (found,))


def _cells(reader: Reader, label: Label) -> tuple[Cell | None, ...]:
    """Take a row's points: one, or one for each rank (国家级40/30/20, 前三名5、3、2)."""
    found = [_cell(reader)]
    between = _BETWEEN if len(label.ranks) > 1 else words.SLASH
    while label.level or len(label.ranks) > 1:
        more = reader.attempt(lambda r: _next_cell(r, between))
        if more is None:
            break
        found += more
    return tuple(found)


def _next_cell(reader: Reader, between: Collection[str]) -> tuple[Cell | None]:
    reader.expect(between)
    found = _cell(reader)
    if reader.next is not None and reader.next.text not in _BETWEEN | {")"}:
        raise NotFitting
    return (found,)


def _cell(reader: Reader) -> Cell | None:
    zero = reader.attempt(_zero)
    if zero:
        reader.kept = True
        return None
    return cell(reader)


def _zero(reader: Reader) -> bool:
    sign(reader)
    if points(reader) or (reader.next is not None and reader.next.text in words.DASHES):
        raise NotFitting
    return True


# ---- labels


def _label(reader: Reader) -> Label:
    for rule in (_level_rank, _known_label, _grade_label, _named_label):
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
    found = _bare_label(reader)
    behind = "".join(reader.several(_aside))
    above = found.above or bool(reader.accept(words.AND_ABOVE))
    reader.accept({"的"})
    if (before or behind) and found.sort not in (Sort.LEVEL, Sort.RANK, Sort.SEVERITY):
        raise NotFitting
    if above and found.sort is not Sort.LEVEL:
        raise NotFitting
    if before or behind:
        reader.kept = True
    text = before + found.text + behind
    return Label(found.sort, text, found.level, above, found.ranks, found.style)


def _aside(reader: Reader) -> str:
    """Take words around a label that the table has no place for (获…奖励)."""
    at = reader.at
    if reader.attempt(_bare_label):
        reader.at = at
        raise NotFitting
    return noun_part(reader)


def _bare_label(reader: Reader) -> Label:
    for rule in (_level, _rank, _severity, _kind_or_role):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _level(reader: Reader) -> Label:
    word = reader.expect(words.LEVELS)
    level, above = words.LEVELS[word], bool(reader.accept(words.AND_ABOVE))
    if office := reader.accept(words.OFFICE):
        if level not in words.OFFICES:
            raise NotFitting
        level, word = words.OFFICES[level], word + office
    return Label(Sort.LEVEL, word, level, above)


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
    text = "".join(token.text for token in reader.tokens[at : reader.at])
    ranks = tuple(range(1 if few else first, last + 1))
    return Label(Sort.RANK, text, ranks=ranks, style=words.RANK_STYLES[style or "名"])


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
        Sort.KIND, reader.expect(words.KINDS | words.HOUSEHOLD_KINDS | words.PERSON_KINDS | words.OTHERS)
    )


def _grade_label(reader: Reader) -> Label:
    """Take A级, 五星, 甲等."""
    token = reader.accept_kind(Kind.TEXT) or reader.accept_kind(Kind.NUMBER)
    if token is None:
        raise NotFitting
    return Label(Sort.NAME, token.text + reader.expect(words.GRADE_ENDS))


def _named_label(reader: Reader) -> Label:
    quoted = reader.accept_kind(Kind.QUOTED)
    name = quoted.text if quoted else "".join(reader.several(noun_part))
    if not 0 < len(name) <= _NAME_LENGTH or (not quoted and name in words.COUNTED):
        raise NotFitting
    return Label(Sort.NAME, name)


# ---- 一、二、三等奖分别加10、8、5分


def _respectively(reader: Reader) -> list[Row]:
    labels = _label_list(reader)
    reader.expect(words.RESPECTIVELY)
    sign(reader)
    found = [_cell(reader)]
    while reader.accept(_BETWEEN):
        found.append(_cell(reader))
    if len(labels) != len(found):
        reader.misfit("rows-do-not-fit", _("前面写了%(labels)s档，后面写了%(cells)s个分值") % {
            "labels": len(labels), "cells": len(found),
        })  # fmt: skip
    return [Row(label, (one,)) for label, one in zip(labels, found, strict=True)]


def _label_list(reader: Reader) -> list[Label]:
    if labels := reader.attempt(_ranks_list):
        return labels
    labels = [_listed(reader)]
    while reader.accept(_BETWEEN):
        labels.append(_listed(reader))
    reader.accept({"的"})
    reader.attempt(_tail_aside)
    if len(labels) < 2:
        raise NotFitting
    return labels


def _tail_aside(reader: Reader) -> bool:
    if not "".join(reader.several(noun_part)):
        raise NotFitting
    reader.kept = True
    return True


def _listed(reader: Reader) -> Label:
    return reader.attempt(_bare_level) or _label(reader)


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
    while reader.accept(_BETWEEN) or (reader.next is not None and reader.next.kind is Kind.NUMBER):
        reader.accept(words.ORDINAL)
        ranks.append(_whole(reader))
    style = reader.expect(words.RANK_STYLES)
    if few and len(ranks) == 1:
        ranks = list(range(1, ranks[0] + 1))
    if len(ranks) < 2 or len(ranks) > 50 or (style == "名" and not ordinal):
        raise NotFitting
    reader.accept({"的"})
    return [Label(Sort.RANK, str(n), ranks=(n,), style=words.RANK_STYLES[style]) for n in ranks]


# ---- what the rows make together


def _tabled(reader: Reader, rows: list[Row]) -> Tabled:
    sorts = {row.label.sort for row in rows}
    if sorts == {Sort.RANK} and all(row.label.level for row in rows):
        return Tabled(_level_ranks(rows))
    if any(len(row.cells) > 1 for row in rows):
        return Tabled(_split_cells(rows, sorts))
    if sorts == {Sort.LEVEL}:
        return Tabled(_levels(rows))
    if sorts == {Sort.RANK} and len({row.label.style for row in rows}) == 1:
        return Tabled(_ranks(rows))
    if sorts == {Sort.SEVERITY}:
        return Tabled(_severities(rows))
    filled = [(row.label.text, row.cells[0]) for row in rows if row.cells[0] is not None]
    named = Named(tuple((text, found) for text, found in filled if found is not None))
    if sorts == {Sort.ROLE}:
        roles = tuple(RolePoints(role, found) for role, found in named.rows)
        return Tabled(named, Sharing(Split.BY_ROLE, roles=roles))
    if sorts == {Sort.KIND}:
        return Tabled(_by_kind(named))
    if len(rows) < 2 or any(row.label.above for row in rows):
        raise NotFitting
    return Tabled(named)


def _levels(rows: list[Row]) -> Levels:
    """Put the levels in order; 县级及以上 says the same of every level above that isn't listed."""
    found = {row.label.level: row.cells[0] for row in rows if row.label.level}
    if len(found) < len(rows):
        raise BadRule("row-twice")
    for row in rows:
        if row.label.above and row.label.level:
            ladder = list(Level)
            for level in ladder[ladder.index(row.label.level) :]:
                found.setdefault(level, row.cells[0])
    listed = [(level, found[level]) for level in Level if level in found]
    return Levels(tuple((level, one) for level, one in listed if one is not None))


def _ranks(rows: list[Row]) -> Ranks:
    found = [(rank, row.cells[0]) for row in rows for rank in row.label.ranks]
    listed = sorted(((rank, one) for rank, one in found if one is not None), key=lambda pair: pair[0])
    return Ranks(tuple(listed), rows[0].label.style)


def _level_ranks(rows: list[Row]) -> LevelRanks:
    """Gather 国家级一等奖40、国家级二等奖30 and 国家级第1名40/30/20 by level."""
    gathered: dict[Level, dict[int, Cell]] = {}
    for row in rows:
        if row.label.level is None or row.label.above or len({r.label.style for r in rows}) > 1:
            raise NotFitting
        mine = gathered.setdefault(row.label.level, {})
        for rank, found in zip(_ranks_of(row), row.cells, strict=True):
            if found is None or rank in mine:
                raise NotFitting
            mine[rank] = found
    for ranks in gathered.values():
        if sorted(ranks) != list(range(1, len(ranks) + 1)):
            raise NotFitting
    ordered = sorted(gathered.items(), key=lambda pair: list(Level).index(pair[0]))
    cells = tuple((level, tuple(ranks[rank] for rank in sorted(ranks))) for level, ranks in ordered)
    return LevelRanks(cells, rows[0].label.style)


def _ranks_of(row: Row) -> tuple[int, ...]:
    ranks = row.label.ranks
    if len(row.cells) == len(ranks):
        return ranks
    if len(ranks) != 1 or ranks[0] != 1:
        raise NotFitting
    return tuple(range(1, len(row.cells) + 1))


def _split_cells(rows: list[Row], sorts: set[Sort]) -> LevelRanks | Ranks:
    """Read 国家级40/30/20、区级5/3/2 and 前三名5、3、2: one figure for each rank."""
    if sorts == {Sort.LEVEL} and len({len(row.cells) for row in rows}) == 1:
        return _level_ranks([
            Row(Label(Sort.RANK, row.label.text, row.label.level, row.label.above, (1,)), row.cells)
            for row in rows
        ])  # fmt: skip
    if sorts != {Sort.RANK} or len(rows) != 1 or len(rows[0].cells) != len(rows[0].label.ranks):
        raise NotFitting
    listed = [(n, one) for n, one in zip(rows[0].label.ranks, rows[0].cells, strict=True) if one is not None]
    return Ranks(tuple(listed), rows[0].label.style)


def _severities(rows: list[Row]) -> Severities:
    """Map a village's own words (轻微、一般、严重) to grades in their order, and keep the words."""
    found = [(row.label.text, row.cells[0]) for row in rows]
    filled = [(text, one) for text, one in found if one is not None]
    bare = [text.removeprefix("情节") for text, _one in filled]
    if all(text in words.PLAIN_SEVERITIES for text in bare):
        kept = [(words.PLAIN_SEVERITIES[text], one) for text, (_t, one) in zip(bare, filled, strict=True)]
        return Severities(tuple(kept))
    graded = [
        words.SEVERITIES.get(text, words.SEVERITIES.get(bare[n], -1)) for n, (text, _c) in enumerate(filled)
    ]
    if sorted(set(graded)) != graded or len(graded) > len(Severity) or -1 in graded:
        raise NotFitting
    grades = zip(Severity, filled, strict=False)
    return Severities(tuple((grade, one) for grade, (_text, one) in grades), tuple(bare))


def _by_kind(named: Named) -> ByKind:
    other = next((one for kind, one in named.rows if kind in words.OTHERS), None)
    return ByKind(tuple((kind, one) for kind, one in named.rows if kind not in words.OTHERS), other)


def zero_row(reader: Reader) -> str:
    """Take 未评比0分: a fault that leaves nothing. Gives its name. Raises: NotFitting."""
    name = _named_label(reader).text
    if not reader.attempt(_zero):
        raise NotFitting
    return name


def single_fault(reader: Reader) -> Named:
    """Take 未达标扣2分: one named fault. Raises: NotFitting."""
    name = _named_label(reader).text
    if sign(reader) is None:
        raise NotFitting
    found = cell(reader)
    return Named(((name, found),))
