"""Reading aloud, in a real browser: its main points in order, as they are spoken; nothing where it can't speak."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import xiangyue
from tests.e2e.product import open_browser
from tests.ui.test_templates import draw

pytestmark = pytest.mark.browser

SCRIPT = Path(xiangyue.__file__).parent / "ui" / "static" / "ours" / "js" / "read_aloud.js"
# A browser that speaks: it keeps what it is told, and says when it has done.
SPEAKING = """() => {
  window.said = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const voices = [{ lang: "en-US" }, { lang: "zh_CN" }];
  const engine = { getVoices: () => voices, cancel: () => {}, speak: (each) => window.said.push(each) };
  Object.defineProperty(window, "speechSynthesis", { value: engine, configurable: true });
}"""
MUTE = "() => { delete window.speechSynthesis; delete Window.prototype.speechSynthesis; }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def opened(browser: Browser, sample: str, *, able: bool = True, **look: str) -> Page:
    page = browser.new_page()
    page.set_content(draw(sample, **look))
    page.evaluate(SPEAKING if able else MUTE)
    page.add_script_tag(path=SCRIPT)
    return page


def said(page: Page) -> list[str]:
    texts: list[str] = page.evaluate("window.said.map((each) => each.text)")
    return texts


@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_first_page_is_read_in_order_as_it_is_spoken(browser: Browser, size: str) -> None:
    page = opened(browser, "home", size=size)
    page.locator("[data-read-aloud]").click()
    words = said(page)
    text = "".join(words)
    wanted = [
        "田禾生家",
        "可兑换积分",
        "186",
        "累计荣誉",
        "642",
        "加35",
        "申报",
        "我家的事",
        "还剩2天",
        "村里通知",
    ]
    places = [text.index(each) for each in wanted]
    assert places == sorted(places)
    assert "听一听" not in text
    assert "+" not in text
    assert text.count("10月积分正在公示") == 1
    assert max(map(len, words)) <= 80
    first = page.evaluate("[window.said[0].lang, window.said[0].voice.lang, window.said[0].rate]")
    assert first == ["zh-CN", "zh_CN", 0.9]


def test_it_stops_when_tapped_again_and_when_it_is_through(browser: Browser) -> None:
    page = opened(browser, "home")
    button = page.locator("[data-read-aloud]")
    assert button.inner_text() == "听一听"
    button.click()
    assert (button.inner_text(), button.get_attribute("aria-pressed")) == ("不听了", "true")
    button.click()
    assert (button.inner_text(), button.get_attribute("aria-pressed")) == ("听一听", "false")
    button.click()
    page.evaluate("window.said[window.said.length - 1].onend()")
    assert button.inner_text() == "听一听"


def test_masked_names_and_deductions_are_spoken(browser: Browser) -> None:
    page = opened(browser, "ledger")
    page.locator("[data-read-aloud]").click()
    assert "减2" in "".join(said(page))
    public = opened(browser, "notice-public")
    public.locator("[data-read-aloud]").click()
    assert "＊" not in "".join(said(public))


@pytest.mark.parametrize("size", ["normal", "large"])
def test_where_the_browser_is_mute_nothing_is_offered(browser: Browser, size: str) -> None:
    page = opened(browser, "home", able=False, size=size)
    assert page.locator("[data-read-aloud]").is_hidden()
