"""Sending what waits: claimed some at a time, sent one after another, each marked as soon as the vendor took it.

A worker that is killed between the two sends once more, under the same key: at least once, never not at all. Each
delivery costs a request to a vendor, beside which its own two short statements count for nothing.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.messages.addresses import openids_for, phones_of
from xiangyue.messages.channels import NotSent
from xiangyue.messages.models import Channel, Delivery, DeliveryState
from xiangyue.messages.queries import message_rules
from xiangyue.messages.quiet import ring_at
from xiangyue.messages.sms import NEWS, sending
from xiangyue.messages.wechat import official_account
from xiangyue.messages.words import news_values
from xiangyue.records.operations import pause_after
from xiangyue.tenancy.schemas import current_schema

logger = logging.getLogger(__name__)

MAX_TRIES: Final = 12  # over some twenty hours
BATCH: Final = 50
DOWN: Final = timedelta(minutes=2)  # how long a vendor that can't be reached is left alone
LOST: Final = "worker-lost"
NOT_CONFIGURED: Final = "not-configured"

# A try is counted before it is made; one that kills its worker would otherwise be the first in line for ever.
CLAIM: Final = """
UPDATE messages_delivery claimed SET tries = tries + 1, next_at = %(now)s + make_interval(
    secs => least(%(first)s * power(2, tries), %(longest)s))
WHERE id IN (
    SELECT id FROM messages_delivery
    WHERE state = 'queued' AND channel = %(channel)s AND next_at <= %(now)s AND tries < %(most)s
    ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id, message_id, recipient, tries
"""
# News that came while a delivery was under way keeps it waiting: it is told of that too.
FINISH: Final = """
UPDATE messages_delivery SET state = %(state)s, done_at = %(now)s, error = %(error)s
WHERE id = %(id)s AND state = 'queued' AND message_id = %(message)s
"""


class Claimed(NamedTuple):
    id: int
    message: int
    recipient: str
    tries: int

    @property
    def key(self) -> str:
        """A name of this sending that no other county's has, and that says nothing: 32 hex digits."""
        whole = f"{current_schema()}:{self.id}:{self.message}"
        return hashlib.sha256(whole.encode()).hexdigest()[:32]


Send = Callable[[Claimed, str], None]
Addresses = Callable[[Sequence[str]], dict[str, str]]


def deliver_due(*, limit: int = BATCH) -> int:
    """Send deliveries whose time has come, some of each channel; give how many were tried. None in the quiet hours.

    Several workers share the work without meeting. What the vendor will not take fails; what may pass is tried again
    after ever longer pauses, MAX_TRIES times.
    """
    now = clock.now()
    if ring_at(now, message_rules()) > now:
        return 0
    _give_up_lost()
    return _deliver_sms(limit) + _deliver_wechat(limit)


def _deliver_sms(limit: int) -> int:
    claimed = _claim(Channel.SMS, limit)
    if not claimed:
        return 0
    way = sending()
    if way is None or not way.has(NEWS):
        return _fail_all(claimed)

    def send(one: Claimed, phone: str) -> None:
        way.send(phone=phone, template=NEWS, params={}, key=one.key)

    return _deliver(claimed, phones_of, send)


def _deliver_wechat(limit: int) -> int:
    claimed = _claim(Channel.WECHAT, limit)
    if not claimed:
        return 0
    account = official_account()
    if account is None or not account.template:
        return _fail_all(claimed)
    sender, values = account.sender(), news_values(clock.now())

    def send(one: Claimed, openid: str) -> None:
        sender(account.message(openid=openid, values=values, key=one.key))

    return _deliver(claimed, openids_for, send)


def _deliver(claimed: Sequence[Claimed], addresses: Addresses, send: Send) -> int:
    """Send what was claimed. A vendor that can't be reached is left alone, and the rest is as if it was never tried."""
    where = addresses([one.recipient for one in claimed])
    for place, one in enumerate(claimed):
        address = where.get(one.recipient)
        if address is None:
            _finish(one, DeliveryState.NO_ADDRESS)
            continue
        try:
            send(one, address)
        except NotSent as answer:
            _note(one, answer)
            if answer.down:
                _release(claimed[place + 1 :])
                return place + 1
        else:
            _finish(one, DeliveryState.SENT)
    return len(claimed)


@transaction.atomic
def _claim(channel: Channel, limit: int) -> list[Claimed]:
    facts: dict[str, Any] = {
        "now": clock.now(),
        "channel": channel,
        "most": MAX_TRIES,
        "limit": limit,
        "first": pause_after(1).total_seconds(),
        "longest": pause_after(MAX_TRIES).total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, facts)
        return sorted(Claimed(*row) for row in cursor.fetchall())


def _finish(one: Claimed, state: DeliveryState, error: str = "") -> None:
    facts: dict[str, Any] = {
        "state": state,
        "now": clock.now(),
        "error": error,
        "id": one.id,
        "message": one.message,
    }
    with connection.cursor() as cursor:
        cursor.execute(FINISH, facts)
        if cursor.rowcount:
            return
    waiting = Delivery.objects.filter(id=one.id, state=DeliveryState.QUEUED).exclude(message=one.message)
    waiting.update(tries=0, error="", next_at=ring_at(clock.now(), message_rules()))


def _note(one: Claimed, answer: NotSent) -> None:
    if not answer.again or one.tries >= MAX_TRIES:
        logger.error("delivery %s failed after %s tries: %s", one.id, one.tries, answer.code)
        _finish(one, DeliveryState.FAILED, answer.code)
        return
    logger.warning("delivery %s is tried again: %s", one.id, answer.code)
    Delivery.objects.filter(id=one.id, state=DeliveryState.QUEUED).update(error=answer.code)


def _release(untried: Sequence[Claimed]) -> None:
    """Give back what was claimed and not tried."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messages_delivery SET tries = tries - 1, next_at = %s WHERE id = ANY(%s) AND state = 'queued'",
            [clock.now() + DOWN, [one.id for one in untried]],
        )


def _fail_all(claimed: Sequence[Claimed]) -> int:
    """End what waits for a channel that the county has given up meanwhile."""
    for one in claimed:
        _finish(one, DeliveryState.FAILED, NOT_CONFIGURED)
    return len(claimed)


def _give_up_lost() -> None:
    """End what was tried as often as it may, and whose last worker was killed over it."""
    lost = Delivery.objects.filter(state=DeliveryState.QUEUED, tries__gte=MAX_TRIES, next_at__lte=clock.now())
    lost.update(state=DeliveryState.FAILED, error=LOST, done_at=clock.now())
