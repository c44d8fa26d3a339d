"""Value forms flattened into rows of plain columns: root → (kind of subject) → node → (row of a table) → cell. Pure.

A root is a worth as an item, a season, a role or one side of an item has it. Its node is the form behind kinds of
subject and full marks, and a node's cell is the leaf behind a table's row, found by a key (`key_by` names what the
facts give for it; '' where the node is a leaf itself).
"""

from dataclasses import dataclass, field
from math import lcm
from typing import Any

from xiangyue.catalogue.rules.forms import choices
from xiangyue.catalogue.rules.judgement import Row
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import Window
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    FromFull,
    Leaf,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Plain,
    Range,
    Ranks,
    Reset,
    Severities,
    StepTable,
    Table,
    Veto,
    Worth,
)

WINDOWS = {window: place for place, window in enumerate(Window)}
_KEYS: dict[type, str] = {
    Levels: "level",
    Ranks: "rank",
    LevelRanks: "level_rank",
    Severities: "severity",
    Named: "name",
}
Line = tuple[Any, ...]


@dataclass
class Worths:
    """Rows for judge_root, judge_cell, judge_band, judge_step; by_kind: the roots to be chosen by kind."""

    roots: list[Line] = field(default_factory=list)
    cells: list[Line] = field(default_factory=list)
    bands: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)
    by_kind: dict[int, ByKind] = field(default_factory=dict)
    _roots: dict[Worth, int] = field(default_factory=dict)
    _nodes: dict[Plain, int] = field(default_factory=dict)

    def root(self, worth: Worth) -> int | None:
        """Give the id of a worth; None for what has none of its own: two sides, or a like item's."""
        if isinstance(worth, Both | ByAnalogy):
            return None
        if worth not in self._roots:
            self._roots[worth] = len(self._roots)
            self._add_root(self._roots[worth], worth)
        return self._roots[worth]

    def sides(self, worth: Worth) -> tuple[int | None, int | None]:
        """Give the roots of an item's award and deduction."""
        if isinstance(worth, Both):
            return self.root(worth.award), self.root(worth.deduction)
        return self.root(worth), self.root(worth)

    def branch(self, worth: ByKind, kinds: list[str]) -> tuple[int, str | None] | None:
        """Give node and key of the form for a subject of these kinds; None where there is none for it."""
        for kind, plain in worth.rows:
            if kind in kinds:
                return self.node(plain), _key_by(plain)
        return None if worth.other is None else (self.node(worth.other), _key_by(worth.other))

    def adds_up(self, worth: Worth) -> bool:
        """Whether amounts under this worth add up over a window (`judging.adds_up_over`)."""
        sides = (worth.award, worth.deduction) if isinstance(worth, Both) else (worth,)
        return any(isinstance(side, PerUnit | Bands | StepTable) and side.over is not None for side in sides)

    def node(self, plain: Plain) -> int:
        if plain not in self._nodes:
            self._nodes[plain] = len(self._nodes)
            node = self._nodes[plain]
            if isinstance(plain, Table):
                for row, cell in table_rows(plain):
                    self._add_cell(node, _key(plain, row), cell)
            else:
                self._add_cell(node, "", plain)
        return self._nodes[plain]

    def _add_root(self, root: int, worth: Worth) -> None:
        match worth:
            case Reset():
                line: Line = ("reset", None, None, None, worth.to, worth.repaired, None)
            case Veto() | Downgrade():
                line = ("event", None, None, None, None, None, None)
            case ByKind():
                self.by_kind[root] = worth
                line = ("by_kind", None, None, None, None, None, None)
            case FromFull(full, None):
                line = ("chosen_of_full", None, None, full, None, None, None)
            case FromFull(full, fault) if fault is not None:
                line = ("from_full", self.node(fault), _key_by(fault), full, None, None, None)
            case PerUnit() | Bands() | StepTable():
                over = None if worth.over is None else WINDOWS[worth.over]
                line = ("plain", self.node(worth), None, None, None, None, over)
            case _:
                assert not isinstance(worth, Both | ByAnalogy | FromFull)
                line = ("plain", self.node(worth), _key_by(worth), None, None, None, None)
        self.roots.append((root, *line))

    def _add_cell(self, node: int, key: str, leaf: Leaf) -> None:
        cell = len(self.cells)
        empty = (None,) * 6
        match leaf:
            case Fixed() | Range() | Discretion() | CaseByCase():
                bounds = (*choices(leaf), isinstance(leaf, Discretion))
                line: Line = ("cell", *bounds, *empty)
            case PerUnit():
                line = (
                    "per_unit",
                    None,
                    None,
                    None,
                    leaf.per,
                    leaf.points,
                    leaf.whole,
                    leaf.over is not None,
                )
                line += (None, None)
            case Bands():
                line = ("bands", *empty, leaf.over is not None, None, self._add_bands(cell, leaf))
            case StepTable():
                line = ("steps", *empty, leaf.over is not None, leaf.open, None)
                self.steps += [(cell, step.start, step.points) for step in leaf.steps]
        self.cells.append((node, key, cell, *line))

    def _add_bands(self, cell: int, leaf: Bands) -> int:
        """Add the bands; give their common denominator, so that parts of several rates add up exactly."""
        common = lcm(*(1 if band.whole else band.per for band in leaf.bands))
        for band in leaf.bands:
            scale = common if band.whole else common // band.per
            self.bands.append(
                (cell, leaf.by_parts, band.above, band.up_to, band.per, band.points, band.whole, scale)
            )
        return common


def _key_by(plain: Plain) -> str | None:
    return _KEYS.get(type(plain))


def _key(table: Table, row: Row) -> str:
    """Give a row's key as SQL makes it of the facts."""
    level = row.level.value if row.level else ""
    match table:
        case Levels():
            return level
        case Ranks():
            return str(row.rank)
        case LevelRanks():
            return f"{level} {row.rank}"
        case Severities():
            return row.severity.value if row.severity else ""
        case Named():
            return row.name
