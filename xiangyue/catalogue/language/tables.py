"""Tables of points: by level, rank, severity, kind of subject, role, named case, amount. Pure.

table   = row {[sep] row} | labels 分别 [sign] cells | 前三名 cells
row     = label [sign] cell | label "(" cell ")" | cell "(" label ")"
label   = [aside] (村级 … | 第1名, 一等奖, 一等功, 一级 | 一般, 较重 … | 贫困户 … | 书记 …) [aside] [及以上] | name
steps   = [年度累计] (满 | 超过) quantity cell {sep …} | quantity 以上 cell … | from-to cell {sep …} quantity 以上 cell
bands   = from-to 每 quantity points {sep …}
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import cell, points, sign
from xiangyue.catalogue.language.labels import BETWEEN, Label, Sort, label_list, named_label, read_label
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import RolePoints, Sharing
from xiangyue.catalogue.rules.terms import BadRule, Direction, Level, Severity, Split
from xiangyue.catalogue.rules.worth import (
    Both,
    ByKind,
    Cell,
    Fixed,
    LevelRanks,
    Levels,
    Named,
    Ranks,
    Severities,
)

_DEEDS = (words.COUNTED - words.BY_AMOUNT) | {
    word for word, window in words.WINDOWS.items() if window in words.SLOT_WINDOWS and len(word) < 3
}

Table = Levels | Ranks | LevelRanks | Severities | Named | ByKind


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it gives; None is no points at all (不合格0分). side: what its own sign says.

    dashed: that sign is a "-", which may be meant to part label and points (村级-5).
    """

    label: Label
    cells: tuple[Cell | None, ...]
    side: Direction | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table, with who gets what where it lists roles. side: of all rows, BOTH where some award and some deduct."""

    worth: Table | Cell | Both
    sharing: Sharing | None = None
    side: Direction | None = None


def table(reader: Reader) -> Tabled:
    """Take a whole table. Raises: NotFitting."""
    common = sign(reader)
    rows = reader.attempt(_respectively)
    if rows is None:
        rows = _rows(reader)
    else:
        rows += reader.several(_next_row)
    try:
        return _sided(reader, rows, common)
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
    apart = reader.accept(BETWEEN)
    start = reader.at
    row = _row(reader)
    read = reader.tokens[start : reader.at]
    if any(token.kind is Kind.WORD and token.text in words.ADDED for token in read):
        raise NotFitting  # 获一等奖的另加5分 comes on top
    if not apart and row.label.sort is Sort.NAME:
        raise NotFitting
    return row


def _row(reader: Reader) -> Row:
    if row := reader.attempt(_reversed_row):
        return row
    name = read_label(reader)
    if name.sort in (Sort.NAME, Sort.LEVEL) and reader.quietly(_once):
        reader.kept = True
    before = len(reader.signs)
    bracket = reader.accept({"("})
    dashed = not bracket and _dash_behind(reader, name)
    found = _cells(reader, name)
    if bracket:
        reader.expect({")"})
    return Row(name, found, _said(reader, before), dashed)


def _once(reader: Reader) -> bool:
    """Take the 一次 of 缺席一次扣2分，迟到一次扣1分."""
    if reader.accept({"每次", "单次"}):
        return True
    if reader.number() != 1:
        raise NotFitting
    reader.expect({"次", "回"})
    return True


def _said(reader: Reader, before: int) -> Direction | None:
    """Give the one sign that was read since; two of them in one row are no table."""
    said = set(reader.signs[before:])
    if len(said) > 1:
        reader.misfit("two-sides", _two_sides())
    return said.pop() if said else None


def _dash_behind(reader: Reader, label: Label) -> bool:
    """Pass over the long dash of 一等奖——10分; say whether a short one follows that may be a minus, or not."""
    if reader.accept({"—"}):
        return False
    follows = reader.next is not None and reader.next.text in words.MINUS_SIGNS
    return follows and label.sort not in (Sort.SEVERITY, Sort.ROLE)


def _reversed_row(reader: Reader) -> Row:
    before = len(reader.signs)
    found = _cell(reader)
    reader.expect({"("})
    name = read_label(reader)
    reader.expect({")"})
    return Row(name, (found,), _said(reader, before))


def _cells(reader: Reader, label: Label) -> tuple[Cell | None, ...]:
    """Take a row's points: one, or one for each rank (国家级40/30/20, 前三名5、3、2)."""
    found = [_cell(reader)]
    between = BETWEEN if len(label.ranks) > 1 else words.SLASH
    while label.level or len(label.ranks) > 1:
        more = reader.attempt(lambda r: _next_cell(r, between))
        if more is None:
            break
        found += more
    return tuple(found)


def _next_cell(reader: Reader, between: Collection[str]) -> tuple[Cell | None]:
    reader.expect(between)
    found = _cell(reader)
    if reader.next is not None and reader.next.text not in BETWEEN | {")"}:
        raise NotFitting
    return (found,)


def _cell(reader: Reader) -> Cell | None:
    if reader.attempt(_zero):
        reader.kept = True
        return None
    found = cell(reader)
    reader.attempt(_each_deed)
    return found


def _each_deed(reader: Reader) -> bool:
    """Take the /次 of 参加2分/次，组织5分/次."""
    reader.expect(words.SLASH)
    word = reader.expect(_DEEDS)
    if reader.next is not None and reader.next.text not in BETWEEN | {")"}:
        raise NotFitting
    reader.kept = reader.kept or word != "次"
    return True


def _zero(reader: Reader) -> bool:
    if reader.accept(words.NO_POINTS):
        return True
    sign(reader)
    if points(reader) or (reader.next is not None and reader.next.text in words.DASHES):
        raise NotFitting
    return True


# ---- 一、二、三等奖分别加10、8、5分


def _respectively(reader: Reader) -> list[Row]:
    labels, plainly = label_list(reader)
    if not reader.accept(words.RESPECTIVELY) and not plainly:
        raise NotFitting
    common = sign(reader)
    before = len(reader.signs)
    found = [_cell(reader)]
    while (more := reader.attempt(_listed_cell)) is not None:
        found += more
    each = isinstance(found[0], Fixed) and all(
        label.sort in (Sort.ROLE, Sort.LEVEL, Sort.KIND) for label in labels
    )
    if len(found) == 1 and (plainly or each):
        found *= len(labels)
    if len(labels) != len(found):
        reader.misfit("rows-do-not-fit", _("前面写了%(labels)s档，后面写了%(cells)s个分值") % {
            "labels": len(labels), "cells": len(found),
        })  # fmt: skip
    if set(reader.signs[before:]) - {common}:
        reader.misfit("two-sides", _two_sides())
    return [Row(label, (one,), common) for label, one in zip(labels, found, strict=True)]


def _listed_cell(reader: Reader) -> tuple[Cell | None]:
    reader.expect(BETWEEN)
    return (_cell(reader),)


# ---- what the rows make together


def _sided(reader: Reader, rows: list[Row], common: Direction | None) -> Tabled:
    """Part the rows by their signs, where some award and some deduct (合格5分，不合格扣5分)."""
    sides = [_side_of(rows, index, common) for index in range(len(rows))]
    said = {side for row, side in zip(rows, sides, strict=True) if row.cells != (None,)}
    if any(row.dashed for row in rows) and Direction.AWARD not in said:
        reader.guesses += ("dash-as-minus",)
    if len(said) <= 1:
        found = _tabled(reader, rows)
        return replace(found, side=said.pop() if said else None)
    sorts = {row.label.sort for row in rows}
    if None in said or Sort.NAME not in sorts or not sorts <= {Sort.NAME, Sort.SEVERITY, Sort.KIND}:
        reader.misfit("two-sides", _two_sides())
    reader.kept = True
    award, deduction = (
        _one_side([row for row, mine in zip(rows, sides, strict=True) if mine is side and row.cells[0]])
        for side in (Direction.AWARD, Direction.DEDUCTION)
    )
    return Tabled(Both(award, deduction), side=Direction.BOTH)


def _side_of(rows: list[Row], index: int, common: Direction | None) -> Direction | None:
    """Say whether a row awards or deducts. One without a sign goes with the others, if they all say the same and
    the first of them said it; beside a deduction only a word of praise awards."""
    row = rows[index]
    if row.side or common:
        return row.side or common
    signs = {other.side for other in rows} - {None}
    if signs == {Direction.DEDUCTION} and rows[0].side and row.label.sort is not Sort.NAME:
        return Direction.DEDUCTION
    if signs == {Direction.AWARD}:
        return Direction.AWARD
    praised = _is_praise(row.label.text, rows)
    falling = _is_praise(rows[0].label.text, rows) and all(other.side is None for other in rows[:index])
    return Direction.AWARD if signs and (praised or falling) else None


def _is_praise(text: str, rows: list[Row]) -> bool:
    bare = next((text.removeprefix(more) for more in words.MORE_OR_LESS if text.startswith(more)), text)
    denied = {word + bare for word in words.DENIALS}
    return bare in words.AWARD_LABELS or any(other.label.text in denied for other in rows)


def _one_side(rows: list[Row]) -> Cell | Named:
    cells = [(row.label.text, row.cells[0]) for row in rows]
    named = tuple((text, found) for text, found in cells if found is not None)
    return named[0][1] if len(named) == 1 else Named(named)


def _two_sides() -> str:
    return _("有的加、有的扣，请给每一档都写明加还是扣，例如合格加5分、不合格扣5分")


def _tabled(reader: Reader, rows: list[Row]) -> Tabled:
    rows = _with_levels(_bare_as_levels(rows))
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
    if len(rows) < 2 or any(row.label.above or row.label.below for row in rows):
        raise NotFitting
    single = sorts == {Sort.NAME} or len(named.rows) == 1
    return Tabled(_one_side([row for row in rows if row.cells[0]]) if single else named)


def _bare_as_levels(rows: list[Row]) -> list[Row]:
    """Let 乡镇10分、县级20分 be two levels: beside one that is called so, the bare word can't be a name."""
    sorts = {row.label.sort for row in rows}
    names = {row.label.text for row in rows if row.label.sort is Sort.NAME}
    levels = [words.BARE_LEVELS.get(name) for name in names]
    alone = sorts == {Sort.NAME} and len(rows) > 2 and len(set(levels)) == len(rows)
    if not (alone or sorts == {Sort.LEVEL, Sort.NAME}) or None in levels:
        return rows
    return [
        replace(row, label=replace(row.label, sort=Sort.LEVEL, level=words.BARE_LEVELS[row.label.text]))
        if row.label.sort is Sort.NAME
        else row
        for row in rows
    ]


def _with_levels(rows: list[Row]) -> list[Row]:
    """Let 镇级一等奖5、二等奖3 go on at the level that was named last."""
    found: list[Row] = []
    for row in rows:
        last = found[-1].label if found else None
        if last and last.level and last.sort is row.label.sort is Sort.RANK and row.label.level is None:
            row = replace(row, label=replace(row.label, level=last.level))
        found.append(row)
    return found


def _levels(rows: list[Row]) -> Levels:
    """Put the levels in order; 县级及以上 says the same of every level above that isn't listed."""
    found = {row.label.level: row.cells[0] for row in rows if row.label.level}
    if len(found) < len(rows):
        raise BadRule("row-twice")
    for row in rows:
        if row.label.below and row.label.level:
            ladder = list(Level)
            for level in ladder[ladder.index(Level.VILLAGE) : ladder.index(row.label.level)]:
                found.setdefault(level, row.cells[0])
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
    if sorts == {Sort.LEVEL} and len({len(row.cells) for row in rows}) == 1 and len(rows) > 1:
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
    name = named_label(reader).text
    if not reader.attempt(_zero):
        raise NotFitting
    return name


def single_fault(reader: Reader) -> Named:
    """Take 未达标扣2分: one named fault. Raises: NotFitting."""
    name = named_label(reader).text
    if sign(reader) is None:
        raise NotFitting
    found = cell(reader)
    return Named(((name, found),))
