"""What people do, from page to page, with and without JavaScript. Nothing is looked up that a page does not show."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenReader
from tests.e2e.product import Product

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])

HELD = "有异议，先不入账"


def code_of(page: Page) -> str:
    """Give the check code as a reader sees it, without its spaces."""
    return page.locator(".digest.code, .dg .digest").first.inner_text().replace(" ", "")


@both
def test_one_code_on_page_paper_data_and_command(
    read: OpenReader, product: Product, *, javascript: bool
) -> None:
    reader = read(javascript=javascript)
    reader.open("/places/")
    page = reader.tap("苍城镇")
    expect(page.get_by_role("heading", level=1)).to_have_text("积分公示栏")
    page = reader.tap("可提异议")
    sheet = page.locator(".chips [aria-current]").inner_text()
    code = code_of(page)
    board = page.url
    assert re.fullmatch("[0-9A-F]{16}", code)

    reader.tap("A3大榜")
    assert code_of(page) == code
    reader.tap("换A4")
    assert code_of(page) == code
    reader.tap("回公示")
    assert page.url == board

    reader.unfold("怎么核对")
    reader.tap("自己算一遍")
    address = page.locator("a", has_text="data.json").get_attribute("href")
    told = json.loads(page.request.get(f"{product.url}{address}").text())
    text = json.dumps(told["over"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest()[:16].upper() == code

    assert {each["sheet"]: each["code"] for each in product.notice()["sheets"]}[sheet] == code


@both
def test_a_household_comes_by_its_card_and_objects(
    read: OpenReader, product: Product, *, javascript: bool
) -> None:
    card = product.card if javascript else product.issue_card("004")
    reader = read(javascript=javascript)

    page = reader.sign_in(card, card.wrong_pin)
    expect(page.get_by_role("alert")).to_have_text("密码不对，还能试4次")
    expect(page.get_by_label("请输密码")).to_have_value("")
    page = reader.sign_in(card)
    expect(page.get_by_role("heading", level=1)).to_have_text("田禾生家" if javascript else "麦穗香家")

    page = reader.tap("积分账")
    held = page.get_by_text(HELD).count()
    reader.tap("我有异议")
    chosen = page.locator("label.choice").first
    about = chosen.locator(".t").inner_text()
    chosen.click()
    page.get_by_label("说说情况").fill("这一天我家两个人去了，只记了一个")
    if javascript:  # whose words the browser writes is not shown, but where one is, is
        expect(page.locator("#photos")).to_have_class("sr")
        page.locator("#photos").focus()
        expect(page.locator("label.btn[for=photos]")).to_have_class(re.compile("focused"))
    reader.tap("提交异议")
    expect(page.locator("main")).to_contain_text(about)
    expect(page.locator("main")).to_contain_text("这一天我家两个人去了")
    reader.tap("看积分账")
    assert page.get_by_text(HELD).count() == held + 1

    reader.tap("退出")
    expect(page.get_by_role("heading", level=1)).to_have_text("积分公示栏")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("用手机号登录")
    assert reader.open("/my/home/").url == f"{product.url}/sign-in/?next=/my/home/"


@both
def test_the_switches_follow_the_reader_from_page_to_page(
    read: OpenReader, product: Product, *, javascript: bool
) -> None:
    reader = read(javascript=javascript)
    page = reader.open("/")
    root = page.locator("html")
    small = size_of(page)
    reader.tap("大字版")
    assert size_of(page) >= max(18, small + 3)
    reader.tap("黑白分明")
    expect(root).to_have_attribute("data-contrast", "high")
    reader.tap("可提异议")
    expect(root).to_have_attribute("data-size", "large")
    expect(root).to_have_attribute("data-contrast", "high")
    notice = page.url
    reader.tap("标准版")
    reader.tap("原来的颜色")
    assert page.url == notice
    assert size_of(page) == small

    expect(root).to_have_attribute("lang", "zh-CN")
    reader.tap("English")
    expect(root).to_have_attribute("lang", "en")
    assert page.url == notice
    reader.tap("简体中文")
    expect(root).to_have_attribute("lang", "zh-CN")


def size_of(page: Page) -> float:
    """Give the size of running text, in CSS pixels."""
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def test_a_corrected_notice_leads_on_from_the_old_paper(read: OpenReader, corrected: tuple[str, str]) -> None:
    reader, (old, new) = read(), corrected
    page = reader.open(old)
    expect(page.locator("main")).to_contain_text("这一版已经更正，不算数了")
    before = code_of(page)
    reader.tap("看新的一版")
    assert page.url.endswith(new)
    assert code_of(page) != before
    expect(page.locator("main")).to_contain_text("这是更正后的第2版")


def test_the_code_for_the_till_renews_itself_in_its_place(read: OpenReader, product: Product) -> None:
    reader = read()
    reader.sign_in(product.card)
    reader.page.clock.install()
    page = reader.tap("积分码")
    digits = page.locator(".till-code .digits")
    first = digits.inner_text()
    page.clock.fast_forward(49_000)
    expect(page.locator("[data-countdown]")).to_have_text("1秒后自动更换")
    page.evaluate("window.stayed = true")
    page.clock.fast_forward(2_000)
    expect(digits).not_to_have_text(first)
    expect(page.locator("[data-countdown]")).to_have_attribute("data-next", "/my/code/?renewed=2")
    page.clock.fast_forward(51_000)
    expect(page.locator("[data-countdown]")).to_have_attribute("data-next", "/my/code/?renewed=3")
    assert page.evaluate("window.stayed")
