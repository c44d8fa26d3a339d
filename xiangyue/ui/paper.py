"""How a list is laid on the sheets of the printed notice (LOOK §10). It belongs to `print.css`."""

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")

COLUMNS = 3
ROWS_OF_COLUMN = 21  # as many as the poster holds at 18.7 pt on A3; the same on A4


def poster_pages(rows: Sequence[Row]) -> list[list[list[Row]]]:
    """Lay rows on pages of three columns each, read downwards, columns of a page equally long (the last less).

    An empty list still gives one page, so that an empty notice can be hung.
    """
    capacity = COLUMNS * ROWS_OF_COLUMN
    starts = range(0, max(len(rows), 1), capacity)
    return [_columns(rows[start : start + capacity]) for start in starts]


def _columns(rows: Sequence[Row]) -> list[list[Row]]:
    length = -(-len(rows) // COLUMNS)
    return [list(rows[length * column : length * (column + 1)]) for column in range(COLUMNS)]
