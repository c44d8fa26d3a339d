"""A month of a county, loaded set-based: what was decided, and where it is measured how notices settle, the notices."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bench.county import County
from bench.scale import lines_of
from xiangyue.catalogue.models import Indicator
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.scoring.models import NoticeSheet
from xiangyue.users.queries import user_by_login

MONTH = Period(2026, 1)

# Each village's households take part in the same deeds. Of the last one, a penalty, there is not enough for all:
# three lines in a hundred deduct.
DEEDS = """
    INSERT INTO scoring_deed (public_id, day, source, brought_by_kind, brought_by_id, description, state,
                              submitted_at, key, indicator_id, unit_id)
    SELECT gen_random_uuid(), %(today)s, 'sheet', 'system', 0, '', 'approved', %(now)s,
           concat_ws(':', %(period)s, village, number), %(indicator)s, village
    FROM unnest(%(villages)s::bigint[]) village, generate_series(0, %(last_deed)s) number
"""

SHARES = """
    INSERT INTO scoring_share (deed_id, household_id, points, before_caps, sentence)
    SELECT deed.id, household.id, points, points, ''
    FROM (SELECT id, village_id, row_number() OVER (ORDER BY id) - 1 AS place
          FROM people_household WHERE village_id = ANY(%(villages)s)) household
    CROSS JOIN generate_series(0, %(last_deed)s) number
    JOIN scoring_deed deed ON deed.key = concat_ws(':', %(period)s, household.village_id, number)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN number = %(last_deed)s THEN -100 ELSE 100 * (1 + place %% 20) END
    ) AS rule (points)
    WHERE number * %(households)s + place < %(lines)s
"""

MEETINGS = """
    INSERT INTO scoring_meeting (period, held_on, members, key, unit_id)
    SELECT %(period)s, %(today)s, 7, concat_ws(':', %(period)s, village), village
    FROM unnest(%(villages)s::bigint[]) village
"""

DECISIONS = """
    INSERT INTO scoring_decision (verdict, reason, votes_for, votes_against, recused, decided_at, decided_by_id,
                                  meeting_id, share_id)
    SELECT 'approve', '', 7, 0, 0, %(now)s, %(admin)s, meeting.id, share.id
    FROM scoring_meeting meeting
    JOIN scoring_deed deed ON deed.unit_id = meeting.unit_id
    JOIN scoring_share share ON share.deed_id = deed.id
    WHERE meeting.period = %(period)s AND deed.key LIKE %(period)s || ':%%'
"""

NOTICES = """
    INSERT INTO scoring_notice (public_id, period, edition, issued_on, deadline, digest, unit_id)
    SELECT gen_random_uuid(), %(hung)s, 1, %(deadline)s, %(deadline)s, '', village
    FROM unnest(%(villages)s::bigint[]) village
"""

SHEETS = """
    INSERT INTO scoring_noticesheet (position, issued_on, deadline, lines_digest, digest, notice_id, unit_id)
    SELECT row_number() OVER (PARTITION BY notice.id ORDER BY unit.path), %(deadline)s, %(deadline)s, '', '',
           notice.id, unit.id
    FROM scoring_notice notice JOIN people_unit unit ON unit.parent_id = notice.unit_id
    WHERE notice.period = %(hung)s
"""

LINES = """
    INSERT INTO scoring_noticeline (number, points, deadline, part, household_id, sheet_id, share_id)
    SELECT row_number() OVER (PARTITION BY notice.id ORDER BY household.id, share.id), share.points, %(deadline)s, 0,
           household.id, sheet.id, share.id
    FROM scoring_notice notice
    JOIN scoring_noticesheet sheet ON sheet.notice_id = notice.id
    JOIN people_household household ON household.unit_id = sheet.unit_id
    JOIN scoring_share share ON share.household_id = household.id
    JOIN scoring_deed deed ON deed.id = share.deed_id
    WHERE notice.period = %(hung)s AND deed.key LIKE %(period)s || ':%%'
"""


def month_of(county: County) -> list[int]:
    """Give the ids of the sheets on which the county's month hangs, in all villages; load it when it isn't there."""
    hung = list(_sheets(MONTH))
    if hung:
        return hung
    decide(MONTH, villages=county.villages, households=county.households)
    return hang(county, MONTH, MONTH)


def decide(period: Period, *, villages: list[int], households: int) -> int:
    """Load what was decided for a period in these villages, which have so many households; give how many lines."""
    lines = lines_of(households)
    values = {
        "period": str(period),
        "villages": villages,
        "households": households,
        "lines": lines,
        "last_deed": (lines - 1) // households,
        "today": clock.today(),
        "now": clock.now(),
        "indicator": Indicator.objects.order_by("id")[0].pk,
        "admin": user_by_login("admin").pk,
    }
    _load((DEEDS, SHARES, MEETINGS, DECISIONS), values)
    return lines


def hang(county: County, decided: Period, hung: Period, *, due: bool = False) -> list[int]:
    """Hang what was decided for one period as the notices of another; give the sheets' ids.

    due: whether the deadline has passed, so that settlement finds them.
    """
    values = {
        "period": str(decided),
        "hung": str(hung),
        "villages": county.villages,
        "deadline": clock.today() + timedelta(days=-1 if due else 5),
    }
    _load((NOTICES, SHEETS, LINES), values)
    return list(_sheets(hung))


def _load(statements: tuple[str, ...], values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")


def _sheets(period: Period) -> QuerySet[NoticeSheet, int]:
    sheets = NoticeSheet.objects.filter(notice__period=str(period))
    return sheets.order_by("id").values_list("id", flat=True)
