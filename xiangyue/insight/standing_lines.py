"""The lines that were posted in a stretch of days and that nothing took back since: what figures and rankings count.

They are found from the sheets of notices, whose lines lie side by side, and not from households' accounts, which
reach back to the beginning: what a year costs doesn't grow with the years.
"""

from typing import Final

# One list, `standing`: line_id, share_id, household_id, points, day. Wants %(first)s and %(last)s, the days of
# posting, and %(sheets)s, the paths of the units on whose sheets it is looked.
STANDING: Final = """
    sheet AS (
        SELECT sheet.id FROM scoring_noticesheet sheet JOIN people_unit unit ON unit.id = sheet.unit_id
        WHERE unit.path LIKE ANY(%(sheets)s)
    ),
    posted AS (
        SELECT line.id AS line_id, line.share_id, line.household_id, line.points, batch.id AS batch_id, batch.day
        FROM sheet
        JOIN scoring_settlement settled ON settled.sheet_id = sheet.id
        JOIN ledger_batch batch ON batch.id = settled.batch_id AND batch.day BETWEEN %(first)s AND %(last)s
        JOIN scoring_noticeline line ON line.sheet_id = sheet.id AND line.part = settled.part AND line.points <> 0
        WHERE NOT EXISTS (SELECT FROM scoring_heldline held WHERE held.line_id = line.id)
        UNION ALL
        SELECT line.id, line.share_id, line.household_id, line.points, batch.id, batch.day
        FROM scoring_heldline held
        JOIN ledger_batch batch ON batch.id = held.release_id AND batch.day BETWEEN %(first)s AND %(last)s
        JOIN scoring_noticeline line ON line.id = held.line_id AND line.points <> 0
        JOIN sheet ON sheet.id = line.sheet_id
    ),
    standing AS (
        SELECT line_id, share_id, household_id, points, day FROM posted
        WHERE NOT EXISTS (
            SELECT FROM ledger_batch undoing JOIN ledger_transfer undone ON undone.batch_id = undoing.id
            WHERE undoing.cause = 'reversal' AND undoing.cause_id = posted.batch_id AND undone.line = posted.line_id
        )
    )
"""


def below(paths: list[str]) -> list[str]:
    """Give patterns for the units with these paths and all below them."""
    return [f"{path}%" for path in paths]
