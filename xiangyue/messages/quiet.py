"""Quiet hours: when nobody's phone rings."""

from datetime import datetime, timedelta

from xiangyue.kernel import clock
from xiangyue.messages.models import MessageRules


def ring_at(moment: datetime, rules: MessageRules) -> datetime:
    """Give the moment itself, or, in the quiet hours, the end of them. The hours may run over midnight, or be none."""
    here = moment.astimezone(clock.ZONE)
    start, end = rules.quiet_from, rules.quiet_until
    now = here.time()
    if start == end:
        return moment
    over_midnight = start > end
    is_quiet = now >= start or now < end if over_midnight else start <= now < end
    if not is_quiet:
        return moment
    day = here.date() + timedelta(days=1) if over_midnight and now >= start else here.date()
    return datetime.combine(day, end, clock.ZONE)
