"""One installation and one browser for the whole folder; `tests.together` keeps it on one worker of xdist."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.product import HERE, Card, Product, open_browser, running
from tests.e2e.reader import Reader

OpenReader = Callable[..., Reader]
expect.set_options(timeout=20_000)  # a busy machine is not a fault


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    home = Path(tempfile.mkdtemp(prefix="xiangyue-e2e-"))
    try:
        with running(home) as started:
            yield started
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def corrected(product: Product) -> tuple[str, str]:
    """A sheet on which an objection was upheld: the address of its first edition, and that of the next."""
    first = product.notice("--lines")
    line = max(line["line"] for line in first["lines"] if line["household"] == "018")
    about = ("--period", first["period"], "--household", "018", "--line", str(line))
    lodged = product.command("objection", "lodge", *HERE, *about, "--text", "记重了")
    answer = ("--uphold", f"{line}=0", "--text", "查过了，是记重了", "--as", "竹有节")
    product.command("objection", "reply", str(lodged["objection"]), *HERE[:2], *answer)
    position = [sheet["sheet"] for sheet in first["sheets"]].index("第三网格") + 1
    old, new = (f"/notice/{edition['notice']}/{position}/" for edition in (first, product.notice()))
    return old, new


@pytest.fixture(scope="package")
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

    def open_reader(**wishes: Any) -> Reader:
        opened.append(Reader(browser, wishes.pop("product", product), **wishes))
        return opened[-1]

    yield open_reader
    for reader in opened:
        reader.close()
    assert [problem for reader in opened for problem in reader.problems] == []
