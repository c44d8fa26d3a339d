from datetime import date

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from xiangyue.kernel.periods import NotAPeriod, Period
from xiangyue.ui.templatetags import xiangyue_ui as tags


def render(source: str, **context: object) -> str:
    return str(engines["django"].from_string(source).render(context))


def test_the_tags_need_no_loading() -> None:
    assert render('{% icon "home" %}') == '<i class="i i-home" aria-hidden="true"></i>'


def test_an_icon_escapes_its_name() -> None:
    assert "<script" not in render("{% icon name %}", name='"><script>')


@pytest.mark.parametrize(
    ("centipoints", "balance", "movement", "colour"),
    [
        (18600, "186", "+186", "plus"),
        (50, "0.5", "+0.5", "plus"),
        (123450, "1,234.5", "+1,234.5", "plus"),
        (-200, "\u22122", "\u22122", "minus"),
        (0, "0", "0", "spend"),
    ],
)
def test_points(centipoints: int, balance: str, movement: str, colour: str) -> None:
    written = render("{{ n|points }} {{ n|signed }} {{ n|points_class }}", n=centipoints)
    assert written == f"{balance} {movement} {colour}"


def test_counts_have_a_comma_from_four_digits_on() -> None:
    assert render("{{ a|count }} {{ b|count }}", a=999, b=69100) == "999 69,100"


def test_a_check_code_is_written_in_fours() -> None:
    assert render("{{ code|grouped }}", code="5896d82934d728a8") == "5896 D829 34D7 28A8"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        ("Mozilla/5.0 (Linux; Android 10; HMA-AL00) Chrome/116.0 Mobile Safari/537.36", "安卓手机"),
        (
            "Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile MicroMessenger/8.0.47(0x28)",
            "安卓手机，微信里",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Safari/604.1", "苹果手机"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile", "鸿蒙手机"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36", "Windows电脑"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "苹果电脑"),
        ("curl/8.5", "别的设备"),
        ("", "别的设备"),
    ],
)
def test_a_device_is_told_in_words(user_agent: str, told: str) -> None:
    assert tags.device(user_agent) == told


def test_fields_of_any_form_look_like_ours() -> None:
    class Theirs(forms.Form):
        secret = forms.CharField(widget=forms.PasswordInput({"placeholder": "Password"}))
        code = forms.CharField(widget=forms.TextInput({"class": "input code"}))
        agreed = forms.BooleanField()

    form = Theirs()
    drawn = {field.name: tags.entry(field) for field in form}
    assert 'class="input"' in drawn["secret"]
    assert "Password" not in drawn["secret"]
    assert 'class="input code"' in drawn["code"]
    assert 'input"' not in drawn["agreed"]


def test_days() -> None:
    written = render("{{ d|day }} {{ d|weekday }} {{ d|full_day }}", d=date(2026, 8, 7))
    assert written == "8月7日 星期五 2026年8月7日"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2023, 8, 5), "六月十九"),  # as in the picture a1
        (date(2026, 11, 2), "九月廿四"),
        (date(2026, 2, 17), "正月初一"),
        (date(2026, 2, 16), "腊月廿九"),
        (date(2025, 7, 25), "闰六月初一"),
        (date(2033, 12, 22), "闰冬月初一"),  # the year that many tables have wrong
        (date(1899, 1, 1), ""),
        (date(2101, 1, 1), ""),
    ],
)
def test_lunar_days(day: date, told: str) -> None:
    assert render("{{ d|lunar_day }}", d=day) == told


def test_the_lunar_calendar_is_told_in_chinese_only() -> None:
    with translation.override("en"):
        assert render("{{ d|lunar_day }}", d=date(2026, 11, 2)) == ""


def test_magnitudes() -> None:
    assert render("{{ a|magnitude }} {{ b|magnitude }}", a=-3, b=3) == "3 3"


@pytest.mark.parametrize("period", [Period(2026, 10), "2026-10", date(2026, 10, 1)])
def test_months_of_periods(period: object) -> None:
    assert render("{{ p|month }} {{ p|full_month }}", p=period) == "10月 2026年10月"


def test_a_text_that_is_no_period_is_refused() -> None:
    with pytest.raises(NotAPeriod):
        tags.month("October")


def test_a_qr_code_is_drawn_without_style_and_scales() -> None:
    drawing = tags.qr("https://xy.example/n/2026-10-3")
    assert drawing.startswith('<svg viewBox="0 0 29 29"')
    assert "style" not in drawing
    assert "width" not in drawing


def test_the_finder_pattern_of_a_qr_code_stands_in_its_corner() -> None:
    assert 'd="M0 0h1v1h-1zM1 0h1v1h-1z' in tags.qr("x")


@pytest.mark.parametrize(("language", "attribute"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(language: str, attribute: str) -> None:
    with translation.override(language):
        assert tags.html_lang() == attribute
