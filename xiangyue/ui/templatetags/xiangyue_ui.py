"""Template tags and filters of every web face. They are builtins: no template loads them.

Figures come from `xiangyue.kernel`; nothing is computed here. Day and month forms are Django date formats kept as
gettext messages, so that each language has its own.
"""

from datetime import date

import segno
from borax.calendars.lunardate import LunarDate
from django import template
from django.forms import BoundField
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from xiangyue.kernel.ids import grouped as group_code
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points

register = template.Library()

# By what browsers call themselves: an iPhone also says Mac OS, an Android Linux. WeChat has a browser of its own.
DEVICES = (
    ("iPhone", gettext_lazy("苹果手机")),
    ("iPad", gettext_lazy("苹果平板")),
    ("OpenHarmony", gettext_lazy("鸿蒙手机")),
    ("Android", gettext_lazy("安卓手机")),
    ("Windows", gettext_lazy("Windows电脑")),
    ("Mac OS", gettext_lazy("苹果电脑")),
    ("Linux", gettext_lazy("Linux电脑")),
)
WECHAT = "MicroMessenger"
UNLINED = ("checkbox", "radioselect", "checkboxselectmultiple")  # widgets that are no line to write on
HTML_LANGUAGES = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}  # what browsers choose Chinese fonts by
LAST_MONTH = 12


@register.simple_tag
def html_lang() -> str:
    """Give the value of <html lang> for the active language."""
    language = get_language() or "zh-hans"
    return HTML_LANGUAGES.get(language, language)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon by its Tabler name (the list is in tools/vendor.py). It is silent: a word goes beside it."""
    return format_html('<i class="i i-{}" aria-hidden="true"></i>', name)


@register.filter
def qr(text: str) -> SafeString:
    """Draw a QR code as SVG in the text's colour, without a margin: the page leaves four modules of white around."""
    rows = [tuple(row) for row in segno.make(text, error="m", micro=False).matrix]
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg viewBox="0 0 {0} {0}" shape-rendering="crispEdges" aria-hidden="true">'
        '<path fill="currentColor" d="{1}"/></svg>',
        len(rows),
        dots,
    )


@register.filter
def points(centipoints: int) -> str:
    """Write a balance: 18600 -> 186, 50 -> 0.5, 123400 -> 1,234. It carries no plus sign."""
    return format_points(centipoints)


@register.filter
def signed(centipoints: int) -> str:
    """Write a movement with its sign: +35, −2 (U+2212), 0."""
    return format_points(centipoints, signed=True)


@register.filter
def points_class(centipoints: int) -> str:
    """Give the class that colours a movement: plus, minus, or spend (ink) for nothing."""
    if centipoints > 0:
        return "plus"
    return "minus" if centipoints < 0 else "spend"


@register.filter
def magnitude(number: int) -> int:
    """Give a number without its sign."""
    return abs(number)


@register.filter
def count(number: int) -> str:
    """Write how many there are, with a comma from four digits on: 69,100."""
    return f"{number:,}"


@register.filter
def grouped(code: str) -> str:
    """Write a check code or digest in upper-case groups of four, as it is read aloud."""
    return group_code(code.upper())


@register.filter
def entry(field: BoundField) -> SafeString:
    """Draw a form's field as ours look, whoever wrote the form: a label stands above it, and no hint inside."""
    if field.widget_type in UNLINED or "class" in field.field.widget.attrs:
        return field.as_widget()
    return field.as_widget(attrs={"class": "input", "placeholder": ""})


@register.filter
def device(user_agent: str) -> str:
    """Say in words on what somebody is signed in, so that they know their own: 安卓手机，微信里."""
    told = next((str(name) for mark, name in DEVICES if mark in user_agent), _("别的设备"))
    return _("%(device)s，微信里") % {"device": told} if WECHAT in user_agent else told


@register.filter
def day(value: date) -> str:
    """Write a day without its year: 8月7日."""
    return format_date(value, pgettext("Django date format of a day", "n月j日"))


@register.filter
def weekday(value: date) -> str:
    """Write the day of the week: 星期六."""
    return format_date(value, "l")


@register.filter
def lunar_day(value: date) -> str:
    """Write a day of the Chinese calendar: 六月十九, 闰六月初二, 腊月廿九; nothing in a language that doesn't use it.

    Days of 1900 to 2100, which the calendar's table covers; nothing outside.
    """
    if not (get_language() or "zh").startswith("zh") or not 1901 <= value.year <= 2099:
        return ""
    lunar = LunarDate.from_solar(value)
    # The library writes simplified characters; the last month and a leap one are written otherwise in traditional ones.
    month = _("腊月") if lunar.month == LAST_MONTH else _("%(month)s月") % {"month": lunar.cn_month}
    return (_("闰%(month)s") % {"month": month} if lunar.leap else month) + str(lunar.cn_day)


@register.filter
def full_day(value: date) -> str:
    """Write a day with its year, for papers: 2026年8月7日."""
    return format_date(value, pgettext("Django date format of a day with its year", "Y年n月j日"))


@register.filter
def month(value: Period | date | str) -> str:
    """Write a period, or the month of a day, without its year: 10月."""
    return format_date(_first_day(value), pgettext("Django date format of a month", "n月"))


@register.filter
def full_month(value: Period | date | str) -> str:
    """Write a period, or the month of a day, with its year: 2026年10月."""
    return format_date(_first_day(value), pgettext("Django date format of a month with its year", "Y年n月"))


def _first_day(value: Period | date | str) -> date:
    if isinstance(value, str):
        value = Period.parse(value)
    return value.first if isinstance(value, Period) else value
