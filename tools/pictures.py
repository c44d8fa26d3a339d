"""Take the pictures of the documents: every page on a phone and the notice on paper, from the example village.

`python -m tools.pictures` starts the example in a home of its own and writes docs/screens/*.png anew.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.e2e.pages import LEADER, OWN, PUBLIC, STAFF
from tests.e2e.product import Product, open_browser, running
from tests.e2e.reader import Reader

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
MOST_BYTES = 150_000
COLOURS = (256, 128, 64, 32, 16)  # as many as the size allows
PAPER_WIDTH = 830


def public_pages(reader: Reader) -> Iterator[str]:
    """Walk through what everybody sees; yields what each page is called."""
    reader.open("/places/")
    yield "places"
    reader.tap("苍城镇")
    yield "board"
    reader.tap("可提异议")
    yield "notice"


def own_pages(reader: Reader, product: Product) -> Iterator[str]:
    """Come in by the example's card and object to a line; yields what each page is called."""
    card = product.card
    reader.open(card.path)
    yield "card"
    reader.sign_in(card, card.wrong_pin)
    yield "card-wrong"
    reader.sign_in(card)
    yield "home"
    reader.tap("积分账")
    yield "ledger"
    page = reader.tap("我有异议")
    page.locator("label.choice").first.click()
    page.get_by_label("说说情况").fill("这一天我家去了两个人，只记了一个。")
    yield "objection"
    reader.tap("提交异议")
    yield "objection-lodged"
    reader.tap("看积分账")
    yield "ledger-held"
    reader.tap("评议会评定")
    yield "ledger-line"
    reader.open("/my/declare/?q=关爱老人")
    page = reader.tap("关爱老人")
    page.locator("input[name=people]").first.check(force=True)  # who lives alone is chosen already
    yield "declare-form"
    reader.tap("提交申报")
    yield "declare-done"
    yield from addresses(reader, OWN)


def addresses(reader: Reader, paths: Mapping[str, str]) -> Iterator[str]:
    """Open one address after the other; yields what each page is called."""
    for name, path in paths.items():
        reader.open(path)
        yield name


def take(reader: Reader, name: str, part: str = "") -> None:
    """Take a picture of the whole open page, or of a part of it, and write it small."""
    with reader.whole_page() as page:
        write(name, page.locator(part).first.screenshot() if part else page.screenshot())


def write(name: str, picture: bytes) -> None:
    """Write a picture with as many colours as fit into the size that the repository can bear."""
    whole = Image.open(BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        small = BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        if small.tell() <= MOST_BYTES:
            break
    (FOLDER / f"{name}.png").write_bytes(small.getvalue())
    print(f"{name}.png  {small.tell() // 1000} KB, {colours} colours")


def take_all(browser: Browser, product: Product) -> None:
    """Walk through the example and take every picture."""
    phone = Reader(browser, product, scale=2)
    for name in public_pages(phone):
        take(phone, name)
    notice = phone.page.url
    paper = Reader(browser, product, width=PAPER_WIDTH, scale=2)
    paper.open(f"{notice}print/a4/")
    take(paper, "notice-a4", ".poster")
    large, contrast = (
        Reader(browser, product, scale=2, size="large"),
        Reader(browser, product, scale=2, contrast="high"),
    )
    for reader, name in ((large, "home-large"), (contrast, "home-contrast")):
        reader.sign_in(product.card)
        take(reader, name)
    for name in addresses(phone, PUBLIC):
        take(phone, name)
    for name in own_pages(phone, product):
        take(phone, name)
    staff = Reader(browser, product, scale=2)
    staff.sign_in_as(LEADER)
    for name in addresses(staff, STAFF):
        take(staff, name)


def main() -> None:
    """Start the example, take the pictures, and leave nothing else behind."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="xiangyue-pictures-"))
    try:
        with running(home) as product, open_browser() as browser:
            take_all(browser, product)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
