"""What is told outside the app: that there is news, and nothing of it (CONDUCT "Private first")."""

from datetime import date, datetime
from typing import Final

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy, pgettext

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points

# What may stand in the fields of a WeChat template, by name.
FIELDS: Final = {
    "what": gettext_lazy("有一条变动，请进来看"),
    "at": gettext_lazy("什么时候"),
}


def news_values(at: datetime) -> dict[str, str]:
    """Give what the fields of a WeChat template are filled with."""
    here = at.astimezone(clock.ZONE)
    return {"what": str(FIELDS["what"]), "at": f"{here:%Y-%m-%d %H:%M}"}


def signed(centipoints: int) -> str:
    """Write points with their sign: +35, −2."""
    return format_points(centipoints, signed=True)


def day(text: str) -> str:
    """Write a day of this year as 11月2日, and of another with its year."""
    when = date.fromisoformat(text)
    if when.year == clock.today().year:
        return format_date(when, pgettext("Django date format of a day", "n月j日"))
    return format_date(when, pgettext("Django date format of a day with its year", "Y年n月j日"))


def month(text: str) -> str:
    """Write a period as 10月."""
    return format_date(Period.parse(text).first, pgettext("Django date format of a month", "n月"))
