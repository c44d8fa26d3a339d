"""News of the tests' own, and a county that sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from tests.messages.vendors import APP_ID, KEY_ID, SECRET, Vendor
from xiangyue.kernel import clock
from xiangyue.messages import templates
from xiangyue.messages.models import Channel, ChannelSetting
from xiangyue.messages.models import Vendor as By
from xiangyue.messages.news import News
from xiangyue.messages.templates import FOR_FREE, IN_THE_APP, Template
from xiangyue.messages.words import day, signed
from xiangyue.people.models import Household, Resident
from xiangyue.people.private import keys

POSTED = Template(
    "test-posted", _("积分入账了"), _("%(points)s分，%(on)s入账"), {"points": signed, "on": day}
)
QUIET = Template("test-quiet", _("没什么大事"), _("看看就行"), channels=IN_THE_APP)
FREE = Template("test-free", _("张榜了"), _("%(on)s前可以提异议"), {"on": day}, channels=FOR_FREE)


@contextmanager
def known_news() -> Iterator[None]:
    """Register the tests' own kinds of news, besides the rooms'."""
    before = dict(templates._known)
    templates.register(POSTED, QUIET, FREE)
    try:
        yield
    finally:
        templates._known.clear()
        templates._known.update(before)


def posted(household: Household | int, points: int = 800, **more: Any) -> News:
    pk = household if isinstance(household, int) else household.pk
    return News(POSTED.code, {"points": points, "on": "2026-11-06"}, household=pk, **more)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """Give a moment of November 2026 where the villages are."""
    return datetime.combine(date(2026, 11, day), time(hour, minute), clock.ZONE)


def sms_by(vendor: Vendor, by: By = By.ALIYUN, **more: Any) -> ChannelSetting:
    """Let the county send SMS by a vendor on this machine."""
    facts: dict[str, Any] = {
        "vendor": by,
        "key_id": KEY_ID,
        "secret": keys().seal(SECRET),
        "app": "1400006666",
        "sign": "乡约",
        "endpoint": vendor.endpoint,
        "templates": {"code": "SMS_1", "news": "SMS_2"},
    }
    return ChannelSetting.objects.create(channel=Channel.SMS, **facts | more)


def wechat_by(vendor: Vendor, **more: Any) -> ChannelSetting:
    """Let the county send by an official account on this machine."""
    facts: dict[str, Any] = {
        "vendor": By.WECHAT,
        "secret": keys().seal(SECRET),
        "app": APP_ID,
        "endpoint": vendor.endpoint,
        "templates": {"news": "TM_1", "fields": {"thing1": "what", "time2": "at"}},
        "link": "https://example.cn/my/messages/",
    }
    return ChannelSetting.objects.create(channel=Channel.WECHAT, **facts | more)


def give_phone(name: str, phone: str) -> Resident:
    """Note a number in the register."""
    resident = Resident.objects.get(name=name)
    resident.phone = keys().seal(phone)
    resident.save()
    return resident
