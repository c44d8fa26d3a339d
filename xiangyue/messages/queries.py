"""Reads on messages and their deliveries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.messages.models import (
    Channel,
    ChannelSetting,
    Delivery,
    DeliveryState,
    Message,
    MessageRules,
    Preference,
    ShownText,
    Vendor,
)
from xiangyue.messages.sms import NEWS
from xiangyue.messages.templates import own_only, text_of, title_of
from xiangyue.people.private import keys, masked_phone

PAGE = 20


@dataclass(frozen=True)
class Told:
    """A message as it is read now. facts: what the page that it leads to is found by."""

    id: int
    template: str
    title: str
    text: str
    facts: dict[str, object]
    at: datetime
    is_read: bool


def messages_of(
    *,
    household_id: int | None = None,
    user_id: int | None = None,
    on_behalf: bool = False,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Told]:
    """Give what a household, a user, or somebody who is of both was told, the last first; in one query.

    on_behalf: as whoever acts for the household sees it. before: the id of the last message of the page before.
    """
    rows = _own(household_id, user_id, on_behalf)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_told(row) for row in rows.order_by("-id")[:limit]]


def message_of(
    household_id: int | None, user_id: int | None, message_id: int, *, on_behalf: bool = False
) -> Told | None:
    """Give one message of a household's or a user's; None for somebody else's."""
    row = _own(household_id, user_id, on_behalf).filter(id=message_id).first()
    return _told(row) if row else None


def unread_count(
    *, household_id: int | None = None, user_id: int | None = None, on_behalf: bool = False
) -> int:
    """Count what a household, or a user, has not seen yet; in one query."""
    return _own(household_id, user_id, on_behalf).filter(read_at=None).count()


def _own(household_id: int | None, user_id: int | None, on_behalf: bool) -> QuerySet[Message]:
    own = Q(pk__in=())
    if household_id is not None:
        own |= Q(household=household_id)
    if user_id is not None:
        own |= Q(user=user_id)
    found = Message.objects.filter(own)
    return found.exclude(template__in=own_only()) if on_behalf else found


def _told(row: Message) -> Told:
    title, text = title_of(row.template), text_of(row.template, row.facts)
    return Told(row.pk, row.template, title, text, row.facts, row.at, row.read_at is not None)


def preference_of(household_id: int) -> Preference:
    """Give by which channels a household wants to be told; by all, where it has not said anything."""
    return Preference.objects.filter(household=household_id).first() or Preference(household_id=household_id)


def message_rules() -> MessageRules:
    """Give the county's rules; the usual quiet hours, where it has none of its own."""
    return MessageRules.objects.first() or MessageRules()


def channel_settings() -> list[ChannelSetting]:
    """Give how the county sends, by channel; the secrets in it are sealed."""
    return list(ChannelSetting.objects.order_by("channel"))


def channels_for_news() -> list[str]:
    """Give the channels by which the county tells that there is news: those with a text for it; in one query.

    Where SMS are shown for want of a setting (settings.SMS_FALLBACK), only codes are.
    """
    return [
        setting.channel
        for setting in ChannelSetting.objects.order_by("channel")
        if setting.vendor == Vendor.CONSOLE or setting.templates.get(NEWS)
    ]


def is_configured(channel: Channel) -> bool:
    """Tell whether the county sends by a channel at all."""
    shown = channel == Channel.SMS and settings.SMS_FALLBACK == Vendor.CONSOLE
    return shown or ChannelSetting.objects.filter(channel=channel).exists()


@dataclass(frozen=True)
class DeliveryCounts:
    """How a county's deliveries stand. late: wait since more than an hour after their time. failures: of the last days,
    by channel and the vendor's code.
    """

    waiting: int
    late: int
    sent: int
    failures: list[tuple[str, str, int]]

    @property
    def failed(self) -> int:
        return sum(count for _channel, _code, count in self.failures)


LATE = timedelta(hours=1)
LOOKED_BACK = timedelta(days=7)


def delivery_counts() -> DeliveryCounts:
    """Count what waits, and what became of the last seven days' deliveries; in two queries."""
    now = clock.now()
    recent = Q(done_at__gte=now - LOOKED_BACK)
    queued = Q(state=DeliveryState.QUEUED)
    sums = Delivery.objects.filter(queued | recent).aggregate(
        waiting=Count("id", filter=queued),
        late=Count("id", filter=queued & Q(next_at__lt=now - LATE)),
        sent=Count("id", filter=recent & Q(state=DeliveryState.SENT)),
    )
    failed = Delivery.objects.filter(recent, state=DeliveryState.FAILED)
    found = (
        failed.values_list("channel", "error")
        .annotate(count=Count("id"))
        .order_by("-count", "channel", "error")
    )
    return DeliveryCounts(**sums, failures=list(found))


def failed_deliveries(*, limit: int = 50) -> list[Delivery]:
    """Give what was given up in the last seven days, the last first, with its message."""
    failed = Delivery.objects.filter(state=DeliveryState.FAILED, done_at__gte=clock.now() - LOOKED_BACK)
    return list(failed.select_related("message").order_by("-done_at", "-id")[:limit])


@dataclass(frozen=True)
class Shown:
    """An SMS of the console. phone: masked."""

    at: datetime
    phone: str
    text: str


def shown_texts(*, limit: int = 20) -> list[Shown]:
    """Give what the console showed instead of sending it, the last first, in one query."""
    rows = ShownText.objects.order_by("-at")[:limit]
    open_ = keys().open
    return [Shown(row.at, masked_phone(open_(row.phone)), open_(row.text)) for row in rows]
