"""One installation and one browser for all tests of a run: they are marked as one group of xdist."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.product import HERE, Card, Product, open_browser, running
from tests.e2e.reader import Reader

OpenReader = Callable[..., Reader]


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    home = Path(tempfile.mkdtemp(prefix="xiangyue-e2e-"))
    try:
        with running(home) as started:
            yield started
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def corrected(product: Product) -> tuple[str, str]:
    """A sheet on which an objection was upheld: the address of the first edition, and that of the next."""
    board = product.command("notice", "show", *HERE, "--period", str(product.open_period), "--lines")
    line = next(line["line"] for line in board["lines"] if line["household"] == "018")
    first = product.command("household", "show", "018", *HERE[:2], "--village", HERE[3])
    return "", str(first) + str(line)


@pytest.fixture(scope="session")
def locked_card(product: Product, browser: Browser) -> Card:
    """A card that is locked, since its PIN was guessed at."""
    card = product.issue_card("001")
    reader = Reader(browser, product)
    for _try in range(5):
        reader.sign_in(card, card.wrong_pin)
    reader.close()
    return card


@pytest.fixture
def read(product: Product, browser: Browser) -> Iterator[OpenReader]:
    """Open phones; when the test is over, nothing may have gone wrong in them."""
    opened: list[Reader] = []

    def open_reader(**wishes: object) -> Reader:
        opened.append(Reader(browser, product, **wishes))
        return opened[-1]

    yield open_reader
    for reader in opened:
        reader.close()
    assert [problem for reader in opened for problem in reader.problems] == []
