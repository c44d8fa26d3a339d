"""Sums of what is posted, straight from the ledger's own rows: what figures and rankings are compared with."""

from datetime import date
from typing import Any

from django.db import connection

from xiangyue.people.models import Unit

# A posted line as its household's account saw it: nothing of notices, parts or what was held is asked.
LEGS = """
    WITH leg AS (
        SELECT household.id, household.number, household.left_on, household.village_id, unit.path, transfer.line,
               batch.cause, batch.day,
               CASE WHEN transfer.credit_id = account.id THEN transfer.amount ELSE -transfer.amount END AS amount
        FROM ledger_transfer transfer JOIN ledger_batch batch ON batch.id = transfer.batch_id
        JOIN ledger_account account
            ON account.id IN (transfer.credit_id, transfer.debit_id) AND account.kind = 'points'
        JOIN people_household household ON household.holder_id = account.holder_id
        JOIN people_unit unit ON unit.id = household.unit_id
        WHERE batch.day BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
            SELECT FROM ledger_batch undoing JOIN ledger_transfer undone ON undone.batch_id = undoing.id
            WHERE undoing.cause = 'reversal' AND undoing.cause_id = batch.id AND undone.line = transfer.line
        )
    )
"""
EARNED = """
    SELECT number, sum(amount)::bigint FROM leg
    WHERE cause = 'settlement' AND left_on IS NULL AND starts_with(path, %(path)s) GROUP BY number
"""
TOTALS = """
    SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint,
           coalesce(sum(amount) FILTER (WHERE amount < 0), 0)::bigint
    FROM leg WHERE cause = 'settlement' AND {where}
"""
HUNG = """
    leg.line IN (SELECT line.id FROM scoring_noticeline line JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
             JOIN scoring_notice notice ON notice.id = sheet.notice_id JOIN people_unit unit ON unit.id = notice.unit_id
             WHERE starts_with(unit.path, %(path)s))
"""
LIVES = "left_on IS NULL AND starts_with(path, %(path)s)"
BY_CATEGORY = """
    SELECT category.name, sum(leg.amount) FILTER (WHERE leg.amount > 0),
           sum(leg.amount) FILTER (WHERE leg.amount < 0)
    FROM leg JOIN scoring_noticeline noticed ON noticed.id = leg.line
    JOIN scoring_share share ON share.id = noticed.share_id JOIN scoring_deed deed ON deed.id = share.deed_id
    JOIN catalogue_indicator indicator ON indicator.id = deed.indicator_id
    JOIN catalogue_category category ON category.id = indicator.category_id
    WHERE cause = 'settlement' AND {where} GROUP BY 1
"""
TOOK_PART = """
    SELECT count(DISTINCT id) FROM leg WHERE cause = 'settlement' AND amount > 0 AND {where} AND left_on IS NULL
"""
REDEEMED = """
    SELECT coalesce(-sum(amount), 0)::bigint FROM leg
    WHERE cause = 'order' AND left_on IS NULL AND starts_with(path, %(path)s)
"""


def asked(statement: str, unit: Unit, first: date, last: date, where: str = "") -> list[tuple[Any, ...]]:
    """Ask the ledger about a unit and the days of a stretch. where: whose lines, HUNG or LIVES."""
    with connection.cursor() as cursor:
        statement = LEGS + statement.replace("{where}", where)
        cursor.execute(statement, {"path": unit.path, "first": first, "last": last})
        return list(cursor.fetchall())
