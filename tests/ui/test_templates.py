"""Every page is drawn from full, least and empty contexts; every template keeps the rules of CSP and language."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from pytest_django.fixtures import Settings

import xiangyue
from tests.ui.samples import PAGES
from tests.ui.samples.common import JURISDICTION

PACKAGE = Path(xiangyue.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
STYLES = sorted((PACKAGE / "ui" / "static" / "ours" / "css").glob("*.css"))
ICONS = PACKAGE / "ui" / "static" / "vendored" / "tabler-icons" / "icons.css"
ENTRANCES = {"gate/templates/gate/entrance.html", "gate/templates/gate/code_form.html"}  # extended alone
VOID = {"meta", "link", "img", "input", "br"}

INLINE = re.compile(  # JSON in a script element is data; nothing runs it
    r"""\sstyle\s*=|<style|<script(?![^>]*(?:\ssrc=|\stype="application/json"))|\son[a-z]+\s*=|javascript:"""
    r"""|\ssrcdoc\s*=""",
    re.IGNORECASE,
)
REMOTE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)
SAID_BY_GETTEXT = re.compile(
    r"{% comment %}.*?{% endcomment %}|{#.*?#}"
    r"|{% blocktranslate .*?{% endblocktranslate %}|{% translate .*?%}",
    re.DOTALL,
)
FOOT = '<footer class="foot">'
HAN = re.compile(r"[\u4e00-\u9fff]+")


class Balance(HTMLParser):
    """Fails where a tag is closed that is not open, or is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def draw(name: str, **cookies: str) -> str:
    template, context = PAGES[name]
    request = RequestFactory().get("/x/?order=number")
    request.COOKIES.update(cookies)
    request.jurisdiction = JURISDICTION  # type: ignore[attr-defined]
    return render_to_string(template, context, None if name == "500" else request)


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_whole(name: str) -> None:
    page = draw(name)
    checker = Balance()
    checker.feed(page)
    assert checker.open == []
    assert page.lstrip().startswith("<!doctype html>")
    assert not INLINE.search(page)
    assert re.search(r"<title>[^<]+</title>", page)


def test_every_page_has_a_sample() -> None:
    extended = {relative(path) for path in TEMPLATES if "{% extends" in path.read_text()}
    bases = {
        "ui/templates/ui/phone.html",
        "ui/templates/ui/paper.html",
        "ui/templates/ui/error.html",
    } | ENTRANCES
    faces = {"gate", "phone"}
    drawn = {template for template, _ in PAGES.values()}
    wanted = {
        path.split("/templates/")[1] for path in extended - bases if path.split("/")[0] in faces | {"ui"}
    }
    assert wanted <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_holds_nothing_inline_and_nothing_remote(path: Path) -> None:
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not INLINE.search(source)
    assert not REMOTE.search(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_word_is_said_by_gettext(path: Path) -> None:
    assert HAN.findall(SAID_BY_GETTEXT.sub("", path.read_text())) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_form_carries_its_token(path: Path) -> None:
    source = path.read_text()
    assert source.count('method="post"') == source.count("{% csrf_token %}")


def test_the_named_icons_exist() -> None:
    known = set(
        re.findall(r"\.i-([a-z0-9-]+)\{", ICONS.read_text() + ICONS.with_stem("icons-desk").read_text())
    )
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r"""(?:{% icon |icon_name=)"([a-z0-9-]+)\"""", path.read_text())
    }
    assert used
    assert used <= known


def test_the_named_static_files_exist() -> None:
    named = {
        name for path in TEMPLATES for name in re.findall(r"""{% static "([^"]+)" %}""", path.read_text())
    }
    assert named
    assert [name for name in named if not finders.find(name)] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_loads_only_our_own(path: Path) -> None:
    source = path.read_text()
    assert "@import" not in source
    for address in re.findall(r"url\(([^)]*)\)", source):
        assert (path.parent / address.strip("\"'")).exists()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_keeps_to_what_old_phones_know(path: Path) -> None:
    """iOS 15 and Chromium 88 (LOOK §1)."""
    assert not re.search(
        r":has\(|color-mix\(|oklch\(|@container|@layer|^\s*&", path.read_text(), re.MULTILINE
    )


def test_the_first_page_of_a_phone_is_light() -> None:
    sheets = [path for path in STYLES if path.stem in {"tokens", "ui", "phone"}]
    assert sum(len(gzip.compress(path.read_bytes())) for path in [*sheets, ICONS]) < 14_000


def test_the_reader_sees_what_he_chose() -> None:
    plain = draw("home")
    assert '<html lang="zh-CN" data-face="phone">' in plain
    assert 'name="size" value="large"' in plain
    chosen = draw("home", size="large", contrast="high")
    assert '<html lang="zh-CN" data-face="phone" data-size="large" data-contrast="high">' in chosen
    assert 'name="size" value="normal"' in chosen
    assert 'name="contrast" value="normal"' in chosen
    assert "打电话请网格员代办" in chosen


def test_the_switches_lead_back_to_where_one_was() -> None:
    assert draw("home").count('name="next" value="/x/?order=number"') == 2


def test_whom_to_ask_and_where_to_complain_is_on_every_page() -> None:
    for name, (template, _context) in PAGES.items():
        page = draw(name)
        if FOOT in page:
            assert 'href="/help/"' in page, name
            assert 'href="/complain/"' in page, name
        else:  # papers name a phone, and the page for a fault asks nothing
            assert name == "500" or "print" in template, name


@pytest.mark.parametrize("size", ["normal", "large"])
def test_every_page_can_be_read_aloud(size: str) -> None:
    for name in PAGES:
        page = draw(name, size=size)
        if FOOT in page:
            assert page.count("data-read-aloud") == 1, name
            at_top = page.index("data-read-aloud") < page.index("<main")
            assert at_top == (size == "large"), name


def test_the_others_of_three_languages_are_offered() -> None:
    offered = re.findall(r'name="language" value="([^"]+)"', draw("home"))
    assert offered == ["zh-hant", "en"]
    with translation.override("zh-hant"):
        page = draw("home")
    assert re.findall(r'name="language" value="([^"]+)"', page) == ["zh-hans", "en"]
    assert '<html lang="zh-TW"' in page


def test_names_are_never_written_otherwise() -> None:
    with translation.override("zh-hant"):
        page = draw("home")
    for name in ("田禾生", "第三网格·第二联户组", "青禾村"):
        assert name in page


def test_a_household_can_leave_a_phone_that_is_passed_around() -> None:
    assert "退出</button>" in draw("home")
    assert "退出</button>" not in draw("notice")


def test_tabs_without_a_page_are_left_out(settings: Settings) -> None:
    assert draw("home").count("aria-current") == 1
    assert "我家</a>" in draw("home")
    settings.ROOT_URLCONF = "tests.ui.no_urls"
    page = draw("home")
    assert "</a>" in page
    assert 'href=""' not in page
    assert "我家</a>" not in page
    assert "大字版" not in page


def test_a_public_sheet_masks_names_and_gives_no_reason() -> None:
    page = draw("notice-public")
    assert page.count("＊") == 62
    assert "田禾生" not in page
    assert "柴草" not in page


def test_the_objection_leads_on_for_a_household_and_explains_itself_to_others() -> None:
    assert 'href="/my/object"' in draw("notice")
    public = draw("notice-public")
    assert 'href="#object"' in public
    assert "写在纸上" in public
    assert "我有异议</a>" not in draw("notice-empty")


def test_a_superseded_sheet_points_to_the_new_one() -> None:
    assert 'href="/n/2"' in draw("notice-superseded")


def test_deductions_on_the_poster_are_figures_and_the_stamp_stays_empty() -> None:
    page = draw("print-a3")
    assert page.count("<tr") == 62 + 3
    assert "盖章处" in page
    assert "凭证" not in page
    assert "第1张，共1张" in page
    assert "第2张，共2张" in draw("print-many")


def test_a_poster_is_set_for_its_paper() -> None:
    assert "print-a3.css" in draw("print-a3")
    assert "print-a3.css" not in draw("print-a4")


@pytest.mark.parametrize("name", ["card", "card-wrong", "card-locked", "card-gone"])
def test_a_card_does_not_say_whose_it_is(name: str) -> None:
    assert "田禾生" not in draw(name)


def test_a_wrong_pin_is_not_kept_and_says_how_often_one_may_try() -> None:
    page = draw("card-wrong")
    assert re.search(r'<input [^>]*name="pin"[^>]*aria-invalid="true"', page, re.DOTALL)
    assert not re.search(r'name="pin"[^>]*value=', page)
    assert "还能试3次" in page


def test_a_locked_card_says_until_when_in_the_villages_time() -> None:
    page = draw("card-locked")
    assert "14:35" in page
    assert "<form class=" not in page


def test_an_unranked_household_has_no_rank() -> None:
    assert "网格排名" in draw("home")
    assert "网格排名" not in draw("home-empty")


def test_arrears_are_shown_only_where_there_are_any() -> None:
    assert "还欠12.5分" in draw("ledger-owing")
    assert "还欠" not in draw("ledger")


def test_each_filter_has_its_own_word_for_nothing() -> None:
    assert "还没有积分" in draw("ledger-empty")
    assert "没有扣分" in draw("ledger-no-losses")


def test_spending_is_ink_and_deductions_are_red() -> None:
    page = draw("ledger")
    assert '<b class="pts fs-3 spend">\u221226</b>' in page
    assert '<b class="pts fs-3 minus">\u22122</b>' in page
    assert "有异议，先不入账" in page


def test_the_kit_keeps_the_rules_too() -> None:
    """It shows components that no page has yet, with the markup that their CSS expects."""
    source = (Path(__file__).parent / "kit.html").read_text()
    page = engines["django"].from_string(source).render({}, RequestFactory().get("/"))
    checker = Balance()
    checker.feed(str(page))
    assert checker.open == []
    assert not INLINE.search(str(page))
