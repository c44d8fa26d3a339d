"""The raw database beside us: one table of balances, one of entries, nothing else; no keys, causes, days or floors.

For the roster and the notice, which are no ledger, it is one more table each. All lie in the county's schema.
"""

from django.db import connection

TABLES = """
    CREATE TABLE bare_balance (account bigint PRIMARY KEY, amount bigint NOT NULL CHECK (amount >= 0));
    CREATE TABLE bare_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account bigint NOT NULL, other bigint NOT NULL, amount bigint NOT NULL
    );
    CREATE TABLE bare_resident (
        number text, grid text, part text, name text, relation text, sex text, born text, party text, address text
    );
    CREATE TABLE bare_notice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, share bigint, household bigint, points bigint
    );
"""

OPEN = """
    INSERT INTO bare_balance
    SELECT holder_id, balance FROM ledger_account WHERE kind = 'spendable' ORDER BY holder_id
"""

SPEND = """
    WITH spent AS (
        UPDATE bare_balance SET amount = amount - :amount
        WHERE account = :holder AND amount >= :amount
        RETURNING account
    )
    INSERT INTO bare_entry (account, other, amount) SELECT account, :pool, :amount FROM spent
"""

# One leg for each line. The lines are read where ours are.
POST = """
    INSERT INTO bare_entry (account, other, amount)
    SELECT household.holder_id, %(issuer)s, line.points
    FROM scoring_noticeline line JOIN people_household household ON household.id = line.household_id
    WHERE line.sheet_id = ANY(%(sheets)s)
"""

BALANCE = """
    UPDATE bare_balance balance SET amount = amount + moved.points
    FROM (
        SELECT household.holder_id, sum(line.points) AS points
        FROM scoring_noticeline line JOIN people_household household ON household.id = line.household_id
        WHERE line.sheet_id = ANY(%(sheets)s)
        GROUP BY household.holder_id
    ) moved
    WHERE balance.account = moved.holder_id
"""

NOTICE = """
    INSERT INTO bare_notice (share, household, points)
    SELECT share.id, share.household_id, share.points
    FROM scoring_share share
    JOIN scoring_decision decision ON decision.share_id = share.id
    JOIN scoring_meeting meeting ON meeting.id = decision.meeting_id
    WHERE meeting.unit_id = %(village)s AND meeting.period = %(period)s
"""


def make_tables() -> None:
    """Make the tables, with the balances that our households have now."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(OPEN)
