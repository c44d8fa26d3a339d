"""The raw database beside us: one table of balances, one of entries, nothing else; no keys, causes, days or floors.

For the notice, which is no ledger, it is one more table. All lie in the county's schema.
"""

from hashlib import sha256

from django.db import connection

TABLES = """
    CREATE TABLE bare_balance (account bigint PRIMARY KEY, amount bigint NOT NULL CHECK (amount >= 0));
    CREATE TABLE bare_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account bigint NOT NULL, other bigint NOT NULL, amount bigint NOT NULL
    );
    CREATE TABLE bare_line (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account bigint NOT NULL, other bigint NOT NULL, amount bigint NOT NULL
    );
    CREATE INDEX ON bare_line (account);
    CREATE TABLE bare_request (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, input_hash text NOT NULL
    );
    CREATE TABLE bare_pool (id bigint PRIMARY KEY, amount bigint NOT NULL);
    CREATE TABLE bare_notice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, share bigint, household bigint, points bigint
    );
"""

OPEN = """
    INSERT INTO bare_balance
    SELECT holder_id, balance FROM ledger_account WHERE kind = 'points' ORDER BY holder_id;
    INSERT INTO bare_pool SELECT id, 0 FROM ledger_account WHERE kind IN ('redeemed', 'issued');
"""

SPEND = """
    WITH spent AS (
        UPDATE bare_balance SET amount = amount - :amount
        WHERE account = :holder AND amount >= :amount
        RETURNING account
    )
    INSERT INTO bare_entry (account, other, amount) SELECT account, :pool, :amount FROM spent
"""

AWARD = """
    WITH earned AS (
        UPDATE bare_balance SET amount = amount + :amount WHERE account = :holder RETURNING account
    )
    INSERT INTO bare_entry (account, other, amount) SELECT account, :pool, :amount FROM earned
"""

# The same by a ledger that can be asked twice, since it keeps a request's key and the hash of its input, and that can
# tell a household its entries, since they have an index (decision 9).
REQUEST = """
    WITH request AS (
        INSERT INTO bare_request (key, input_hash) VALUES ('bench:' || :key, repeat('0', 64))
        ON CONFLICT (key) DO NOTHING RETURNING id
    ),
"""
SPEND_KEYED = f"""{REQUEST}
    spent AS (
        UPDATE bare_balance SET amount = amount - :amount
        WHERE account = :holder AND amount >= :amount AND EXISTS (SELECT FROM request)
        RETURNING account
    )
    INSERT INTO bare_line (account, other, amount) SELECT account, :pool, :amount FROM spent
"""
AWARD_KEYED = f"""{REQUEST}
    earned AS (
        UPDATE bare_balance SET amount = amount + :amount WHERE account = :holder AND EXISTS (SELECT FROM request)
        RETURNING account
    )
    INSERT INTO bare_line (account, other, amount) SELECT account, :pool, :amount FROM earned
"""

# The same by a ledger that keeps what a shop took in, and what an issuer gave out, in a row of its own.
SPEND_STORED = """
    WITH spent AS (
        UPDATE bare_balance SET amount = amount - :amount
        WHERE account = :holder AND amount >= :amount
        RETURNING account
    ),
    paid AS (
        UPDATE bare_pool SET amount = amount + :amount WHERE id = :pool AND EXISTS (SELECT FROM spent)
    )
    INSERT INTO bare_entry (account, other, amount) SELECT account, :pool, :amount FROM spent
"""

AWARD_STORED = """
    WITH earned AS (
        UPDATE bare_balance SET amount = amount + :amount WHERE account = :holder RETURNING account
    ),
    issued AS (
        UPDATE bare_pool SET amount = amount - :amount WHERE id = :pool AND EXISTS (SELECT FROM earned)
    )
    INSERT INTO bare_entry (account, other, amount) SELECT account, :pool, :amount FROM earned
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
    WHERE meeting.unit_id = ANY(%(villages)s) AND meeting.period = %(period)s
"""

# Sealing and verifying are hashing at least: the rows as COPY sends them, in the order in which they are hashed.
TRANSFERS = "SELECT * FROM ledger_transfer ORDER BY batch_id, line"
UNSEALED = """
    SELECT transfer.* FROM ledger_unsealed JOIN ledger_transfer transfer USING (batch_id) ORDER BY batch_id, line
"""


def make_tables() -> None:
    """Make the tables, with the balances that our households have now."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(OPEN)


def hash_rows(query: str) -> str:
    """Send a query's rows through one SHA-256."""
    digest = sha256()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as rows:
        for row in rows:
            digest.update(row)
    return digest.hexdigest()
