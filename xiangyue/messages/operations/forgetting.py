"""Forgetting what nobody needs any more: whether something was delivered, and news of years ago."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.messages.models import Delivery, Message

DELIVERIES_KEPT: Final = timedelta(days=90)
MESSAGES_KEPT: Final = timedelta(days=2 * 365)


@transaction.atomic
def forget_old() -> tuple[int, int]:
    """Remove ended deliveries after three months, and messages after two years; give how many of each."""
    now = clock.now()
    ended = Delivery.objects.filter(done_at__lt=now - DELIVERIES_KEPT)
    deliveries, _by_model = ended.delete()
    old = Message.objects.filter(at__lt=now - MESSAGES_KEPT)
    Delivery.objects.filter(message__in=old).delete()
    messages, _by_model = old.delete()
    return deliveries, messages
