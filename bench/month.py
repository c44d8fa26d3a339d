"""A month of a county, loaded set-based: what was decided, and where it is measured how notices settle, the notices."""

from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from bench import report
from bench.county import County
from bench.scale import lines_of
from xiangyue.catalogue.models import Indicator
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.scoring.models import Notice, NoticeSheet, Settlement
from xiangyue.scoring.operations.settlement import SettlementReport, settle_due
from xiangyue.users.queries import user_by_login

MONTH = Period(2026, 1)

# Each village's households take part in the same deeds. Of the last one, a penalty, there is not enough for all:
# three lines in a hundred deduct.
DEEDS = """
    INSERT INTO scoring_deed (public_id, day, source, brought_by_kind, brought_by_id, description, activity, fact,
                              state, submitted_at, key, indicator_id, unit_id, is_on_behalf)
    SELECT gen_random_uuid(), %(today)s, 'sheet', 'system', 0, '', '', '', 'approved', %(now)s,
           concat_ws(':', %(period)s, village, number), %(indicator)s, village, false
    FROM unnest(%(villages)s::bigint[]) village, generate_series(0, %(last_deed)s) number
"""

SHARES = """
    INSERT INTO scoring_share (deed_id, household_id, points, asked, sentence, level, severity, "row", scores, reason,
                               side, faulty, role, cuts)
    SELECT deed.id, household.id, points, points, '', '', '', '', '{}', '', '', false, '', '[]'
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
    INSERT INTO scoring_meeting (body, period, round, held_on, members, key, unit_id)
    SELECT 'evaluation', %(period)s, 1, %(today)s, 7, concat_ws(':', %(period)s, village), village
    FROM unnest(%(villages)s::bigint[]) village
"""

DECISIONS = """
    INSERT INTO scoring_decision (verdict, reason, votes_for, votes_against, recused, decided_at, decided_by_id,
                                  meeting_id, share_id, unit_id, period)
    SELECT 'approve', '', 7, 0, 0, %(now)s, %(admin)s, meeting.id, share.id, meeting.unit_id, meeting.period
    FROM scoring_meeting meeting
    JOIN scoring_deed deed ON deed.unit_id = meeting.unit_id
    JOIN scoring_share share ON share.deed_id = deed.id
    WHERE meeting.period = %(period)s AND deed.key LIKE %(period)s || ':%%'
"""

NOTICES = """
    INSERT INTO scoring_notice (public_id, period, special, reason, edition, issued_on, deadline, digest, unit_id)
    SELECT gen_random_uuid(), %(hung)s, 0, '', 1, %(deadline)s, %(deadline)s, '', village
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

# As `xiangyue.scoring.operations.hanging` seals what it issues, so that the auditor finds nothing wrong.
LINES_DIGESTS = """
    UPDATE scoring_noticesheet sheet SET lines_digest = encode(sha256(convert_to(lines.text, 'UTF8')), 'hex')
    FROM (
        SELECT of_sheet.id AS sheet_id, format('[%%s]', string_agg(
                   format('[%%s,%%s,%%s,"%%s"]', number, share_id, points, line.deadline), ',' ORDER BY number)
                   FILTER (WHERE line.id IS NOT NULL)) AS text
        FROM scoring_notice notice
        JOIN scoring_noticesheet of_sheet ON of_sheet.notice_id = notice.id
        LEFT JOIN scoring_noticeline line ON line.sheet_id = of_sheet.id
        WHERE notice.period = %(hung)s
        GROUP BY of_sheet.id
    ) lines
    WHERE lines.sheet_id = sheet.id
"""

SHEET_DIGESTS = """
    UPDATE scoring_noticesheet sheet SET digest = encode(sha256(convert_to(format(
        '{"deadline":"%%s","issued_on":"%%s","lines_digest":"%%s","period":"%%s","totals":[],"unit":"%%s"}',
        sheet.deadline, sheet.issued_on, sheet.lines_digest, notice.period, unit.code), 'UTF8')), 'hex')
    FROM scoring_notice notice, people_unit unit
    WHERE notice.id = sheet.notice_id AND unit.id = sheet.unit_id AND notice.period = %(hung)s
"""

NOTICE_DIGESTS = """
    UPDATE scoring_notice notice SET digest = encode(sha256(convert_to(sheets.text, 'UTF8')), 'hex')
    FROM (
        SELECT notice_id, format('[%%s]', string_agg(format('"%%s"', digest), ',' ORDER BY position)) AS text
        FROM scoring_noticesheet GROUP BY notice_id
    ) sheets
    WHERE sheets.notice_id = notice.id AND notice.period = %(hung)s
"""


def month_of(county: County) -> list[list[int]]:
    """Give the ids of the sheets on which the county's month hangs, by village; load it when it isn't there."""
    hung = _sheets(MONTH)
    if not hung:
        decide(MONTH, villages=county.villages, households=county.households)
        hung = _hang(county, MONTH, days=5)
    return hung


def due_month(county: County) -> list[list[int]]:
    """Hang what was decided for the month once more, for a period before it; give the sheets' ids, by village.

    Its deadline has passed, so that settlement finds it.
    """
    month_of(county)
    hung = Notice.objects.values("period").distinct().count()
    return _hang(county, Period(MONTH.year - 1 - hung // 12, 12 - hung % 12), days=-1)


def settle(county: County) -> None:
    """Settle the month that is due."""
    assert settle_all().lines == lines_of(county.households)


def settle_all() -> SettlementReport:
    """Settle whatever is due in the county whose schema is entered."""
    return settle_due(actor=SYSTEM, unit_id=Unit.objects.get(parent=None).pk)


def settled_months() -> int:
    """Tell for how many periods something was settled."""
    return Settlement.objects.values("sheet__notice__period").distinct().count()


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
    report.calm("scoring_deed", "scoring_share", "scoring_meeting", "scoring_decision")
    return lines


def _hang(county: County, hung: Period, *, days: int) -> list[list[int]]:
    values = {
        "period": str(MONTH),
        "hung": str(hung),
        "villages": county.villages,
        "deadline": clock.today() + timedelta(days=days),
    }
    _load((NOTICES, SHEETS, LINES, LINES_DIGESTS, SHEET_DIGESTS, NOTICE_DIGESTS), values)
    report.calm("scoring_notice", "scoring_noticesheet", "scoring_noticeline")
    return _sheets(hung)


def _load(statements: tuple[str, ...], values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def _sheets(period: Period) -> list[list[int]]:
    hung = NoticeSheet.objects.filter(notice__period=str(period)).order_by("notice__unit", "id")
    rows = groupby(hung.values_list("notice__unit_id", "id"), key=itemgetter(0))
    return [[sheet for _village, sheet in sheets] for _village, sheets in rows]
