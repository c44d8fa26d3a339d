"""Problems in a sheet's cells: all of them are found, and the sheet is refused as a whole."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.kernel.refusals import Refusal
from xiangyue.sheets.read import Row

KEPT: Final = (
    10_000  # with their texts; a county's roster can have a hundred times as many, which nobody reads
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell.

    row: as Excel shows it. column: the letter, empty if the sheet lacks the column. header: of that column.
    value: the cell's text. code: stable, for machines. text: one sentence that says what would be right.
    """

    sheet: str
    row: int
    column: str
    header: str
    value: str
    code: str
    text: str

    def __str__(self) -> str:
        return _("“%(sheet)s”第%(row)s行%(column)s列（%(header)s）：%(text)s") % asdict(self)


class SheetRefused(Refusal):
    """Cells are wrong, and nothing was stored. Facts: count, first.

    `problems` has them in reading order: all, or the first that were found where there are very many.
    """

    code = "sheet-refused"
    message = gettext_lazy("表里有%(count)s处要改，什么都没有存。先看这一处：%(first)s")
    field = "file"

    def __init__(self, problems: Sequence[Problem], count: int | None = None) -> None:
        self.problems = list(problems)
        super().__init__(count=count or len(self.problems), first=str(self.problems[0]))

    def as_dict(self) -> dict[str, Any]:
        """Give the refusal as plain data, with every problem that is kept."""
        return {**super().as_dict(), "problems": [asdict(problem) for problem in self.problems]}


class Problems:
    """Collects what is wrong while a sheet is gone through, so that people can mend all of it at once.

    Every problem counts; the texts of the first `kept` are kept.
    """

    def __init__(self, *, kept: int = KEPT) -> None:
        self._found: list[tuple[int, Problem]] = []
        self._sheets: dict[str, int] = {}
        self._kept = kept
        self._count = 0

    def add(self, row: Row, header: str, code: str, text: str) -> None:
        """Note a problem with the cell of `row` under `header`."""
        cell = row.cells.get(header)
        self.note(
            Problem(
                row.sheet,
                row.number,
                cell.column if cell else "",
                header,
                cell.text if cell else "",
                code,
                text,
            )
        )

    def note(self, problem: Problem) -> None:
        """Note a problem."""
        order = self._sheets.setdefault(problem.sheet, len(self._sheets))
        self._count += 1
        if len(self._found) < self._kept:
            self._found.append((order, problem))

    def count_more(self, count: int) -> None:
        """Count problems of which nobody will read the texts any more."""
        self._count += count

    @property
    def room(self) -> int:
        """How many more texts are kept."""
        return max(self._kept - len(self._found), 0)

    def __len__(self) -> int:
        return self._count

    def in_order(self) -> list[Problem]:
        """Give the problems sheet by sheet, from the top down; within a row from the left."""
        ordered = sorted(
            self._found, key=lambda item: (item[0], item[1].row, len(item[1].column), item[1].column)
        )
        return [problem for _order, problem in ordered]

    def raise_if_any(self) -> None:
        """Raise: SheetRefused, if anything was noted."""
        if self._count:
            raise SheetRefused(self.in_order(), self._count)
