"""The printed notice: one sheet of paper each, of the right size, with room for 62 households (LOOK §10)."""

import re

import pytest

from tests.e2e.conftest import OpenReader
from tests.e2e.reader import DESKTOP
from tests.ui.audit import audit
from xiangyue.ui.paper import COLUMNS, FEW_COLUMNS, FEW_ROWS_OF_COLUMN, ROWS_OF_COLUMN

pytestmark = pytest.mark.browser

POINTS_OF_MM = 72 / 25.4
# More households than the example's: rows are repeated until columns are as long as they may be.
FILL = """([columns, rows]) => {
    const cols = document.querySelector('.poster .cols')
    cols.classList.toggle('few', columns === 2)
    while (cols.children.length < columns) cols.append(cols.lastElementChild.cloneNode(true))
    cols.querySelectorAll('tbody').forEach((body) => {
        while (body.rows.length < rows) body.append(body.rows[body.rows.length - 1].cloneNode(true))
    })
}"""
OVERFLOW = """() => [...document.querySelectorAll('.poster')].map(
    (poster) => [poster.scrollHeight - poster.clientHeight, poster.scrollWidth - poster.clientWidth])"""


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Give the pages of a PDF by width and height in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [
        (round(float(width) / POINTS_OF_MM), round(float(height) / POINTS_OF_MM)) for width, height in boxes
    ]


@pytest.mark.parametrize(("paper", "size"), [("a3", (297, 420)), ("a4", (210, 297))])
def test_as_many_households_as_may_be_fit_on_one_sheet_of_paper(
    read: OpenReader, corrected: tuple[str, str], paper: str, size: tuple[int, int]
) -> None:
    page = read(width=DESKTOP).open(f"{corrected[1]}print/{paper}/")
    assert audit(page, None) == []
    page.emulate_media(media="print")
    assert page.locator(".paper-bar").is_hidden()
    for columns, rows in ((FEW_COLUMNS, FEW_ROWS_OF_COLUMN), (COLUMNS, ROWS_OF_COLUMN)):
        page.evaluate(FILL, [columns, rows])
        assert page.locator("tbody tr").count() == columns * rows
        assert page.evaluate(OVERFLOW) == [[0, 0]]
        assert sizes_of(page.pdf(prefer_css_page_size=True)) == [size]
