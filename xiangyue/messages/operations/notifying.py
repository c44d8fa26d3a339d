"""Writing messages and queueing their deliveries, for any number of recipients in one statement."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection

from xiangyue.kernel import clock
from xiangyue.messages.news import News
from xiangyue.messages.queries import channels_for_news, message_rules
from xiangyue.messages.quiet import ring_at
from xiangyue.messages.refusals import UnknownTemplate
from xiangyue.messages.templates import template_by_code

# What was written before under the same key is left out, and queues nothing. A delivery that waits already tells of
# the new message too: its row is locked by that, so that nobody marks it as sent until this has committed. In one
# order of recipients, so that two who tell the same ones don't wait for each other in a circle.
WRITE: Final = """
WITH news AS (
    SELECT * FROM jsonb_to_recordset(%(news)s::jsonb)
        AS one (place int, household bigint, "user" bigint, template text, facts jsonb, key text)
), written AS (
    INSERT INTO messages_message (household_id, user_id, template, facts, key, at)
    SELECT household, "user", template, facts, key, %(at)s FROM news ORDER BY household, "user", place
    ON CONFLICT DO NOTHING
    RETURNING id, household_id, user_id, template
), rung AS (
    SELECT DISTINCT ON (recipient, channel) written.id, recipient, channel
    FROM written
    CROSS JOIN LATERAL (
        SELECT CASE WHEN household_id IS NULL THEN 'user:' || user_id ELSE 'household:' || household_id END
    ) AS named (recipient)
    CROSS JOIN unnest(%(channels)s::text[]) AS channel
    LEFT JOIN messages_preference wish ON wish.household_id = written.household_id
    WHERE template || ':' || channel = ANY(%(outward)s)
      AND (wish.id IS NULL OR CASE channel WHEN 'sms' THEN wish.sms ELSE wish.wechat END)
    ORDER BY recipient, channel, written.id DESC
), queued AS (
    INSERT INTO messages_delivery (message_id, recipient, channel, queued_at, next_at)
    SELECT id, recipient, channel, %(now)s, %(next_at)s FROM rung ORDER BY recipient, channel
    ON CONFLICT (recipient, channel) WHERE state = 'queued' DO UPDATE SET message_id = excluded.message_id
    RETURNING id
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM queued)
"""


def notify(*, news: Iterable[News], key: str, at: datetime | None = None) -> int:
    """Write messages, and queue their deliveries by the channels that the county has; give how many were written.

    It is one statement, so that all of it is written or nothing.

    key: names the occasion; the same news under the same key is written once to each, however often this runs. For
    the rooms above: who is told what is theirs to say, and nobody's permission is asked for it. at: when it happened
    (now).
    Raises: UnknownTemplate.
    """
    told = list(news)
    if not told:
        return 0
    known = {one.template: template_by_code(one.template) for one in told}
    if missing := [code for code, template in known.items() if template is None]:
        raise UnknownTemplate(template=missing[0])
    now = clock.now()
    rows = [
        {
            "place": place,
            "household": one.household,
            "user": one.user,
            "template": one.template,
            "facts": one.facts,
            "key": f"{key}/{one.about}" if one.about else key,
        }
        for place, one in enumerate(told)
    ]
    outward = [f"{code}:{way}" for code, one in known.items() if one for way in one.channels]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "news": json.dumps(rows, ensure_ascii=False, default=str),
                "at": at or now,
                "now": now,
                "next_at": _rings(now) if outward else now,
                "channels": channels_for_news(),
                "outward": outward,
            },
        )
        written, _queued = cursor.fetchone()
    return int(written)


def _rings(now: datetime) -> datetime:
    return ring_at(now, message_rules())
