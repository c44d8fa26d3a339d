"""Traditional characters are made from the sources: whole, with every placeholder, and with the words of the wall."""

import gettext
import io
import re
from importlib import import_module
from typing import Any

import pytest
from babel.messages.mofile import write_mo

tool: Any = import_module("tools.translations")
TAGS = re.compile(r"</?[a-z]+[^>]*>")


@pytest.fixture(scope="module")
def catalog() -> gettext.GNUTranslations:
    file = io.BytesIO()
    write_mo(file, tool.traditional_catalog())
    file.seek(0)
    return gettext.GNUTranslations(file)


def told(catalog: gettext.GNUTranslations, message: Any, text: str) -> str:
    """Give a message as a page gets it."""
    if message.context:
        return catalog.pgettext(message.context, text)
    if isinstance(message.id, str):
        return catalog.gettext(text)
    one, many = tool.texts_of(message.id)
    return catalog.ngettext(one, many, 1)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("积分公示", "積分公示"),
        ("可兑换积分", "可兌換積分"),
        ("村里的榜", "村裡的榜"),
        ("信息管理员", "信息管理員"),  # not 資訊: the office is called so on the wall
        ("已经冲正过", "已經沖正過"),
        ("给一户发卡", "給一戶發卡"),
        ("并户", "併戶"),
        ("并写明", "並寫明"),
        ("以后再试", "以後再試"),
        ("只剩3件", "只剩3件"),
        ("5个工作日里答复", "5個工作日裡答覆"),
    ],
)
def test_words_are_written_as_people_know_them(source: str, written: str) -> None:
    assert tool.traditional(source) == written


def test_every_text_has_its_traditional_form_with_its_placeholders(catalog: gettext.GNUTranslations) -> None:
    seen = 0
    for message in tool.extract():
        if not message.id:
            continue
        for text in tool.texts_of(message.id):
            written = told(catalog, message, text)
            assert set(tool.PLACEHOLDER.findall(written)) == set(tool.PLACEHOLDER.findall(text)), text
            assert TAGS.findall(written) == TAGS.findall(text), text
            seen += 1
    assert seen > 1000


def test_a_page_of_the_sources_is_translated(catalog: gettext.GNUTranslations) -> None:
    assert catalog.gettext("听一听") == "聽一聽"
    assert catalog.gettext("%(period)s积分正在公示") == "%(period)s積分正在公示"


def test_no_correction_is_needless(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(tool.needless()) == []
    monkeypatch.setitem(tool.CORRECTIONS, "沒有人這樣寫過", "")
    assert list(tool.needless()) == ["zh_Hant: nothing to correct in '沒有人這樣寫過'"]
