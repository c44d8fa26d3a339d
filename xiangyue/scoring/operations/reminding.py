"""Reminding units of what waits, through the outbox (到期提醒): before its day, and once more after it."""

from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.waiting import waiting_below

AHEAD: Final = timedelta(days=2)
INSERT: Final = """
INSERT INTO scoring_reminder (unit_id, matter, subject, due, overdue, sent_at)
SELECT unit_id, matter, subject, due, due < %(today)s, %(now)s
FROM unnest(%(units)s::bigint[], %(matters)s::text[], %(subjects)s::text[], %(dues)s::date[])
    AS waiting (unit_id, matter, subject, due)
ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def remind_county() -> list[int]:
    """Remind the county's judging units of what is due within two days, or overdue; give the new reminders' ids.

    Each matter is told once before its day and once after, however often this runs, and also at the same time.
    """
    today = clock.today()
    due = [one for one in waiting_below(Unit.objects.get(parent=None)) if one.due <= today + AHEAD]
    facts: dict[str, Any] = {
        "units": [one.unit_id for one in due],
        "matters": [one.matter.value for one in due],
        "subjects": [one.subject for one in due],
        "dues": [one.due for one in due],
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, facts | {"today": today, "now": clock.now()})
        made = [pk for (pk,) in cursor.fetchall()]
    for pk in made:
        send(topic="due", payload={"reminder": pk})
    log_act(actor=SYSTEM, act="remind", subject="reminder", subject_ids=made)
    return made
