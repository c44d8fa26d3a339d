"""The lines of a household's first page, in words."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.insight.front_page import Hanging
from xiangyue.people.models import Household, Membership
from xiangyue.ui.board import days_left, period_label, serial
from xiangyue.ui.templatetags.xiangyue_ui import day

MOST = 3  # notices that are told of as news; the board has them all


def new_messages(count: int) -> list[dict[str, str]]:
    """Tell of messages that nobody has read, in one line."""
    if not count:
        return []
    return [
        {
            "title": _("有%(count)s条新消息") % {"count": count},
            "detail": _("点开看"),
            "badge": _("没看过"),
            "badge_class": "blue",
            "url": reverse("phone:messages"),
        }
    ]


def own_notice_lines(open_ones: Iterable[Hanging]) -> list[dict[str, str]]:
    """Tell of the notices on which the household stands, and until when it may object; the first to end is first."""
    return [
        {
            "title": _("%(period)s积分正在公示") % {"period": _named(each)},
            "detail": _("有错可提异议，%(day)s截止") % {"day": day(each.deadline)},
            "badge": _time_left(each),
            "badge_class": "red",
            "url": _address(each),
        }
        for each in sorted(open_ones, key=lambda each: each.deadline)
    ]


def hanging_lines(others: Iterable[Hanging]) -> list[dict[str, str]]:
    """Tell of the village's other notices, the latest first."""
    return [
        {
            "title": _("%(unit)s%(period)s积分公示") % {"unit": each.unit_name, "period": _named(each)},
            "detail": _hung(each),
            "url": _address(each),
        }
        for each in list(others)[:MOST]
    ]


def who_may_show(household: Household) -> list[str]:
    """Name the members who may show the household's code, those who joined first in front."""
    held = Membership.objects.filter(household=household, until=None, may_redeem=True)
    return [
        each.resident.name if each.resident else each.user.name
        for each in held.select_related("resident", "user").order_by("since", "id")
    ]


def _named(each: Hanging) -> str:
    return serial(each.period, each.special) if each.special else period_label(each.period)


def _address(each: Hanging) -> str:
    return reverse("gate:notice", args=[each.public_id, each.position])


def _hung(each: Hanging) -> str:
    facts = {"issued": day(each.issued_on), "deadline": day(each.deadline)}
    if each.is_open:
        return _("%(issued)s张榜，%(deadline)s以前可以提异议") % facts
    return _("%(issued)s张榜，%(deadline)s公示期满") % facts


def _time_left(each: Hanging) -> str:
    days = days_left(each.deadline)
    return _("还剩%(days)s天") % {"days": days} if days else _("今天截止")
