"""How a list is laid on the sheets of the printed notice (LOOK §10). It belongs to `print.css`."""

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")

COLUMNS, ROWS_OF_COLUMN = 3, 21  # as many as the poster holds at 18.7 pt on A3; the same on A4
FEW_COLUMNS, FEW_ROWS_OF_COLUMN = 2, 14  # at 27 pt, to be read from further away


def poster_pages(rows: Sequence[Row]) -> list[list[list[Row]]]:
    """Lay rows on pages of three columns each, read downwards, columns of a page equally long (the last less).

    What fits into two columns of large letters is laid in two. An empty list still gives one page, so that an empty
    notice can be hung.
    """
    if len(rows) <= FEW_COLUMNS * FEW_ROWS_OF_COLUMN:
        return [_columns(rows, FEW_COLUMNS)]
    capacity = COLUMNS * ROWS_OF_COLUMN
    starts = range(0, len(rows), capacity)
    return [_columns(rows[start : start + capacity], COLUMNS) for start in starts]


def _columns(rows: Sequence[Row], count: int) -> list[list[Row]]:
    length = -(-len(rows) // count)
    return [list(rows[length * column : length * (column + 1)]) for column in range(count)]
