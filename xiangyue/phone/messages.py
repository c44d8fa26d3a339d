"""What a household was told, in the words and with the ways of its pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.messages.models import Channel
from xiangyue.messages.queries import Told, channels_for_news, preference_of
from xiangyue.people.models import Household
from xiangyue.ui.templatetags.xiangyue_ui import day

Facts = Mapping[str, Any]


def _page(name: str, *named: str) -> Callable[[Facts], str]:
    """Give what makes the address of a page from a message's facts; none where the page, or a fact, is missing."""

    def address(facts: Facts) -> str:
        try:
            return reverse(name, args=[facts[each] for each in named])
        except (NoReverseMatch, KeyError):
            return ""

    return address


# Where each kind of news leads, and how it looks; what has none is read where it stands.
MATTERS: Final[Mapping[str, tuple[str, Callable[[Facts], str]]]] = {
    "deed-returned": ("pencil-plus", _page("phone:deed", "deed")),
    "deed-rejected": ("pencil-plus", _page("phone:deed", "deed")),
    "notice-hung": ("speakerphone", _page("gate:notice", "notice", "position")),
    "notice-hung-minus": ("speakerphone", _page("gate:notice", "notice", "position")),
    "line-corrected": ("speakerphone", _page("phone:line", "line")),
    "points-posted": ("notebook", _page("phone:ledger")),
    "objection-admitted": ("message-report", _page("phone:objected", "objection")),
    "objection-passed-on": ("message-report", _page("phone:objected", "objection")),
    "objection-upheld": ("message-report", _page("phone:objected", "objection")),
    "objection-dismissed": ("message-report", _page("phone:objected", "objection")),
    # Where an answer stands is the address that whoever complained was given, and that is kept nowhere.
    "complaint-to-answer": ("message-report", lambda _facts: ""),
    "complaint-passed-on": ("message-report", lambda _facts: ""),
    "complaint-answered": ("message-report", lambda _facts: ""),
    "card-issued": ("id", _page("phone:family")),
    "card-stopped": ("id", _page("phone:family")),
    "pin-changed": ("lock", _page("phone:family")),
    "help-begun": ("headset", _page("phone:family")),
    "help-asked": ("headset", _page("phone:family")),
    "help-allowed": ("headset", _page("phone:helping")),
    "claim-made": ("users", _page("phone:family")),
    "claim-confirmed": ("users", _page("phone:home")),
    "member-joined": ("users", _page("phone:family")),
    "member-left": ("users", _page("phone:family")),
    "request-done": ("home", _page("phone:family")),
    "request-declined": ("home", _page("phone:family")),
    "meeting-called": ("calendar", lambda _facts: ""),
    "meeting-cancelled": ("calendar", lambda _facts: ""),
    "due-soon": ("clock", lambda _facts: ""),
    "overdue": ("clock", lambda _facts: ""),
}
OTHER: Final[tuple[str, Callable[[Facts], str]]] = ("info-circle", lambda _facts: "")


def matter_url(told: Told) -> str:
    """Give the address of what a message is about; empty where there is no page of it."""
    return MATTERS.get(told.template, OTHER)[1](told.facts)


def lines_of(messages: Sequence[Told]) -> list[dict[str, Any]]:
    """Give messages as the page lists them."""
    return [
        {
            "id": told.id,
            "title": told.title,
            "text": told.text,
            "when": when(told.at),
            "is_new": not told.is_read,
            "icon": MATTERS.get(told.template, OTHER)[0],
            "url": matter_url(told),
        }
        for told in messages
    ]


def when(at: datetime) -> str:
    """Write a moment as people say it: 今天8:05, 11月2日."""
    here = at.astimezone(clock.ZONE)
    if here.date() == clock.today():
        return _("今天%(time)s") % {"time": f"{here.hour}:{here:%M}"}
    return str(day(here.date()))


def ways_of(household: Household) -> list[dict[str, Any]]:
    """Give the ways out of the app that the county has, and whether the household wants them."""
    wish = preference_of(household.pk)
    words = {
        Channel.SMS: (_("发短信提醒"), _("短信里只说有变动，不说是什么事")),
        Channel.WECHAT: (_("微信里提醒"), _("关注了公众号才收得到")),
    }
    return [
        {
            "name": channel.value,
            "title": words[channel][0],
            "detail": words[channel][1],
            "is_on": getattr(wish, channel.value),
        }
        for channel in (Channel(each) for each in channels_for_news())
    ]
