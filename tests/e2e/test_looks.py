"""Every page, at every width and in every look: can everybody read it, tap it, and is anything cut off?"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import OpenReader
from tests.e2e.pages import LEADER, OWN, PUBLIC, STAFF
from tests.e2e.product import Card, Product
from tests.e2e.reader import DESKTOP, NARROW, PHONE, Reader
from tests.ui.audit import audit

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"width": PHONE},
    "narrow": {"width": NARROW},
    "large": {"width": PHONE, "size": "large"},
    "contrast": {"width": PHONE, "contrast": "high"},
    "desktop": {"width": DESKTOP},
}
GRAVE = ("serious", "critical")  # of the four grades of axe-core


def outside(reader: Reader, corrected: tuple[str, str], locked: Card) -> Iterator[str]:
    """Walk through the pages that anybody sees; yields what each is called."""
    old, new = corrected
    paths = {"places": "/places/", "board": "/", "old notice": old, "new notice": new, "nothing": "/nothing/"}
    paths |= {"check": f"{new}check/", "line by line": f"{new}?order=lines", **PUBLIC}
    for name, path in paths.items():
        reader.open(path)
        yield name
    reader.sign_in(locked)
    yield "locked card"
    reader.sign_in(Card("", "/card/never-was/", "482913"))
    yield "unknown card"


def inside(reader: Reader, card: Card, notice: str) -> Iterator[str]:
    """Come in by a card and walk through the household's pages; yields what each is called."""
    reader.open(card.path)
    yield "card"
    reader.sign_in(card, card.wrong_pin)
    yield "wrong PIN"
    reader.sign_in(card)
    yield "home"
    for name, path in {
        "ledger": "/my/ledger/",
        "gains": "/my/ledger/?kind=gain",
        "losses": "/my/ledger/?kind=loss",
        "goods": "/my/ledger/?kind=spend",
        "own notice": notice,
        **OWN,
        "own board": "/",
        "objecting": "/my/object/",
    }.items():
        reader.open(path)
        yield name
    yield from objecting(reader)


def objecting(reader: Reader) -> Iterator[str]:
    """Send the form without words, then with them; and at last one that has grown too old."""
    page = reader.page
    page.evaluate("document.forms.object.noValidate = true")
    reader.tap("提交异议")
    yield "objection without a line"
    page.evaluate("document.forms.object.noValidate = true")
    page.locator("label.choice").last.click()
    reader.tap("提交异议")
    yield "objection without words"
    page.get_by_label("说说情况").fill("这一天我家也去了。" * 20)
    reader.tap("提交异议")
    yield "objection"
    reader.forget("csrf")
    reader.tap("黑白分明" if page.get_by_text("黑白分明").count() else "原来的颜色")
    yield "old form"


def staff(reader: Reader) -> Iterator[str]:
    """Sign in as the grid leader and look at who one is; yields what each page is called."""
    reader.sign_in_as(LEADER)
    for name, path in STAFF.items():
        reader.open(path)
        yield name


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_read_and_tap_every_page(
    read: OpenReader, product: Product, corrected: tuple[str, str], locked_card: Card, look: str
) -> None:
    villager, leader = read(**LOOKS[look]), read(**LOOKS[look])
    households = chain(
        outside(villager, corrected, locked_card), inside(villager, product.card, corrected[1])
    )
    found = {name: audit_whole(villager.page) for name in households}
    found |= {name: audit_whole(leader.page) for name in staff(leader)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def audit_whole(page: Page) -> list[str]:
    """Audit a page with everything opened that can be: by our own measures, and by axe-core's."""
    page.evaluate("document.querySelectorAll('details').forEach((rest) => { rest.open = true })")
    return audit(page, "phone") + list(axe(page))


def axe(page: Page) -> Iterator[str]:
    """List what axe-core finds grave on an open page."""
    for rule in Axe().run(page).response["violations"]:
        if rule["impact"] in GRAVE:
            yield from (f"{rule['id']}: {node['html'][:120]}" for node in rule["nodes"])
