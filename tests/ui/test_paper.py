import pytest

from xiangyue.ui.paper import poster_pages


@pytest.mark.parametrize(
    ("rows", "lengths"),
    [
        (0, [[0, 0]]),
        (1, [[1, 0]]),
        (21, [[11, 10]]),
        (28, [[14, 14]]),
        (29, [[10, 10, 9]]),
        (62, [[21, 21, 20]]),
        (63, [[21, 21, 21]]),
        (64, [[21, 21, 21], [1, 0, 0]]),
        (127, [[21, 21, 21], [21, 21, 21], [1, 0, 0]]),
    ],
)
def test_few_rows_are_laid_in_two_columns_and_many_in_three_a_page(
    rows: int, lengths: list[list[int]]
) -> None:
    pages = poster_pages(range(rows))
    assert [[len(column) for column in page] for page in pages] == lengths


@pytest.mark.parametrize("rows", [0, 1, 2, 28, 29, 62, 64, 200])
def test_every_row_stands_once_and_in_order(rows: int) -> None:
    laid = [row for page in poster_pages(range(rows)) for column in page for row in column]
    assert laid == list(range(rows))
