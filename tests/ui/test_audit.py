"""The audit of pages, in a real browser: what is cut off on a page is found there, and nothing besides."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.product import open_browser
from tests.ui.audit import audit

pytestmark = pytest.mark.browser

STYLE = "input{{font-size:17px;width:{width}px;padding:0;border:0;box-sizing:border-box}}"
PAGE = f"<!doctype html><style>{STYLE}</style>{{field}}"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with open_browser() as browser:
        yield browser.new_page()


@pytest.mark.parametrize(("kind", "fits", "cut"), [("text", 121, 115), ("search", 141, 125)])
def test_a_placeholder_that_is_cut_off_is_found(page: Page, kind: str, fits: int, cut: int) -> None:
    field = f'<input type="{kind}" aria-label="找" placeholder="村名，拼音也行">'  # 119 px, its cross 16
    page.set_content(PAGE.format(width=fits, field=field))
    assert audit(page, None) == []
    page.set_content(PAGE.format(width=cut, field=field))
    assert audit(page, None) == ["clipped 村名，拼音也行"]
    assert page.locator("input").input_value() == ""


def test_a_placeholder_that_is_not_shown_is_not_looked_at(page: Page) -> None:
    field = '<input aria-label="找" placeholder="村名，拼音也行" value="联和">'
    page.set_content(PAGE.format(width=60, field=field))
    assert audit(page, None) == []
    assert page.locator("input").input_value() == "联和"
