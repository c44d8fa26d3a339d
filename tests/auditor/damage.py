"""Damage for the auditor to find: what somebody with the database's password could do. Triggers and foreign keys don't
stand in the way, and a check of the database that does is dropped first.

Each statement gives the ids of what it damaged, as the auditor names it.
"""

from dataclasses import dataclass, field

from django.db import connection

SOME_BATCH = "(SELECT min(id) FROM ledger_batch WHERE cause = 'settlement')"
SOME_ORDER = "(SELECT min(id) FROM redemption_order)"
SOME_LINE = "(SELECT min(id) FROM scoring_noticeline)"
OTHER_HOUSEHOLD = """
    (SELECT min(id) FROM people_household WHERE id NOT IN (SELECT household_id FROM redemption_order))
"""


@dataclass(frozen=True)
class Damage:
    """One thing done. also: further codes that it rightly brings with it. before: statements that make it possible."""

    name: str
    code: str
    statement: str
    also: frozenset[str] = field(default_factory=frozenset)
    before: tuple[str, ...] = ()

    def plant(self) -> set[int]:
        """Do it; give the ids of what the auditor has to name."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in self.before:
                cursor.execute(statement)
            cursor.execute(self.statement)
            return {row[0] for row in cursor.fetchall()}


def without(table: str, constraint: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def move(*, batch: str, debit: str, credit: str, amount: int, line: str = "0") -> tuple[str, ...]:
    """Write statements that move points, and keep the balances right."""
    return (
        f"""
        CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
        SELECT {batch} AS batch_id, ({debit}) AS debit_id, ({credit}) AS credit_id, {line} AS line
        """,
        f"UPDATE ledger_account SET balance = balance - {amount} WHERE id = (SELECT debit_id FROM moved)",
        f"UPDATE ledger_account SET balance = balance + {amount} WHERE id = (SELECT credit_id FROM moved)",
        f"""
        INSERT INTO ledger_transfer (batch_id, debit_id, credit_id, currency, amount, line)
        SELECT batch_id, debit_id, credit_id, 'POINT', {amount}, line FROM moved
        """,
    )


def account(kind: str, household: str = OTHER_HOUSEHOLD) -> str:
    return f"""
        SELECT account.id FROM ledger_account account JOIN people_household household
            ON household.holder_id = account.holder_id
        WHERE kind = '{kind}' AND household.id = {household}
    """


def pool(kind: str) -> str:
    return f"""
        SELECT debit_id FROM ledger_transfer JOIN ledger_account account ON account.id = debit_id
        WHERE kind = '{kind}' LIMIT 1
    """


def copy_of_batch(batch: str) -> str:
    return f"""
        INSERT INTO ledger_batch (key, input_hash, cause, cause_id, actor_kind, actor_id, day, posted_at)
        SELECT 'a copy', input_hash, cause, cause_id, actor_kind, actor_id, day, posted_at
        FROM ledger_batch WHERE id = {batch} RETURNING id
    """


COPIED = "(SELECT id FROM ledger_batch WHERE key = 'a copy')"
BATCH_OF_ORDER = f"(SELECT batch_id FROM redemption_order WHERE id = {SOME_ORDER})"
BUYER = f"(SELECT household_id FROM redemption_order WHERE id = {SOME_ORDER})"
TILL = f"SELECT credit_id FROM ledger_transfer WHERE batch_id = {BATCH_OF_ORDER}"
LAST_TRANSFER = "SELECT max(id) FROM ledger_transfer"

LEDGER = [
    Damage(
        "a balance is written over",
        "balance-differs",
        f"UPDATE ledger_account SET balance = balance + 1 WHERE id IN ({account('honour')}) RETURNING id",
    ),
    Damage(
        "a transfer is taken out",
        "balance-differs",
        f"""
        DELETE FROM ledger_transfer WHERE id = (SELECT min(id) FROM ledger_transfer WHERE batch_id = {SOME_BATCH}
            AND credit_id IN (SELECT id FROM ledger_account WHERE kind = 'honour')) RETURNING credit_id
        """,
        also=frozenset({"line-posted-wrongly"}),
    ),
    Damage(
        "a transfer is of another currency",
        "currency-mixed",
        "UPDATE ledger_transfer SET currency = 'HOUR' WHERE id = (SELECT min(id) FROM ledger_transfer) RETURNING id",
    ),
    Damage(
        "a transfer of nothing",
        "amount-not-positive",
        """
        INSERT INTO ledger_transfer (batch_id, debit_id, credit_id, currency, amount, line)
        SELECT batch_id, debit_id, credit_id, currency, 0, line FROM ledger_transfer
        WHERE id = (SELECT min(id) FROM ledger_transfer) RETURNING id
        """,
        before=(without("ledger_transfer", "transfer_amount_positive"),),
    ),
    Damage(
        "a transfer to itself",
        "amount-not-positive",
        "UPDATE ledger_transfer SET debit_id = credit_id WHERE id = (SELECT max(id) FROM ledger_transfer) RETURNING id",
        also=frozenset({"moved-wrongly", "balance-differs"}),
        before=(without("ledger_transfer", "transfer_between_two"),),
    ),
    Damage(
        "a balance below its floor",
        "below-floor",
        f"""
        UPDATE ledger_account SET floor = balance + 1, redeem_floor = balance + 1
        WHERE id IN ({account("spendable")}) RETURNING id
        """,
        before=(without("ledger_account", "spendable_above_floor"),),
    ),
    Damage(
        "less than nothing is owed",
        "arrears-positive",
        f"UPDATE ledger_account SET balance = 1 WHERE id IN ({account('arrears')}) RETURNING id",
        also=frozenset({"balance-differs"}),
        before=(without("ledger_account", "arrears_at_most_zero"),),
    ),
    Damage("a batch of nothing", "batch-empty", copy_of_batch(SOME_BATCH)),
    Damage(
        "a batch of a settlement that never was",
        "batch-without-cause",
        f"UPDATE ledger_batch SET cause_id = 0 WHERE id = {SOME_BATCH} RETURNING id",
    ),
    Damage(
        "an order is paid twice",
        "batch-without-cause",
        f"SELECT {COPIED}",
        before=(
            copy_of_batch(BATCH_OF_ORDER),
            *move(batch=COPIED, debit=account("spendable", BUYER), credit=TILL, amount=100, line=SOME_ORDER),
        ),
    ),
    Damage(
        "points out of nothing, under an order",
        "moved-wrongly",
        LAST_TRANSFER,
        before=move(
            batch=BATCH_OF_ORDER,
            debit=pool("issued_spendable"),
            credit=account("spendable"),
            amount=50_000,
        ),
    ),
    Damage(
        "points from one household to another",
        "moved-wrongly",
        LAST_TRANSFER,
        also=frozenset({"posted-without-line"}),
        before=move(
            batch=SOME_BATCH, debit=account("spendable", BUYER), credit=account("spendable"), amount=100
        ),
    ),
]

SETTLEMENT = [
    Damage(
        "a line is posted with other points",
        "line-posted-wrongly",
        "SELECT line::int FROM moved",
        before=move(
            batch=SOME_BATCH,
            debit=pool("issued_honour"),
            credit=f"""
                SELECT id FROM ledger_account WHERE kind = 'honour' AND holder_id = (
                    SELECT holder_id FROM people_household JOIN scoring_noticeline line
                        ON line.household_id = people_household.id
                    WHERE line.id = {SOME_LINE})
            """,
            amount=100,
            line=SOME_LINE,
        ),
    ),
    Damage(
        "a held line counts as posted",
        "line-posted-wrongly",
        """
        UPDATE scoring_heldline SET released = true WHERE NOT released AND line_id NOT IN (
            SELECT replaces_id FROM scoring_noticeline WHERE replaces_id IS NOT NULL) RETURNING line_id
        """,
        also=frozenset({"posted-while-objected"}),
    ),
    Damage(
        "points for a line that is on no notice",
        "posted-without-line",
        f"SELECT {SOME_BATCH}",
        before=move(batch=SOME_BATCH, debit=pool("issued_honour"), credit=account("honour"), amount=100),
    ),
    Damage(
        "a line is posted a second time",
        "posted-without-line",
        f"SELECT {COPIED}",
        before=(
            copy_of_batch(SOME_BATCH),
            *move(
                batch=COPIED,
                debit=pool("issued_honour"),
                credit=account("honour"),
                amount=100,
                line=SOME_LINE,
            ),
        ),
    ),
    Damage(
        "an objection to a posted line is open again",
        "posted-while-objected",
        "UPDATE scoring_objection SET state = 'open' WHERE state = 'dismissed' RETURNING id",
    ),
    Damage(
        "an objection to a posted total is open again",
        "posted-while-objected",
        """
        UPDATE scoring_objection objection SET state = 'open', line_id = NULL, total_id = total.id
        FROM scoring_noticetotal total
        WHERE objection.state = 'dismissed' AND total.sheet_id = objection.sheet_id
          AND total.household_id = objection.household_id RETURNING objection.id
        """,
    ),
    Damage(
        "an objection to a line is open again, whose correction is posted",
        "posted-while-objected",
        "UPDATE scoring_objection SET state = 'open' WHERE state = 'upheld' RETURNING id",
    ),
    Damage(
        "a line is replaced after it was posted",
        "replaced-line-posted",
        f"""
        UPDATE scoring_noticeline SET replaces_id = {SOME_LINE} WHERE id = (SELECT max(id) FROM scoring_noticeline
            WHERE replaces_id IS NULL) RETURNING replaces_id
        """,
    ),
    Damage(
        "what was corrected is no longer held",
        "replaced-line-posted",
        """
        DELETE FROM scoring_heldline WHERE line_id IN (SELECT replaces_id FROM scoring_noticeline) RETURNING line_id
        """,
        also=frozenset({"line-posted-wrongly"}),
    ),
    Damage(
        "a decision is gone",
        "line-without-decision",
        f"SELECT {SOME_LINE}",
        before=(
            f"""
            DELETE FROM scoring_decision
            WHERE share_id = (SELECT share_id FROM scoring_noticeline WHERE id = {SOME_LINE})
            """,
        ),
    ),
    Damage(
        "a decision was against it",
        "line-without-decision",
        f"SELECT {SOME_LINE}",
        before=(
            f"""
            UPDATE scoring_decision SET verdict = 'reject'
            WHERE share_id = (SELECT share_id FROM scoring_noticeline WHERE id = {SOME_LINE})
            """,
        ),
    ),
    Damage(
        "other points were decided",
        "line-without-decision",
        f"SELECT {SOME_LINE}",
        before=(
            f"""
            UPDATE scoring_share SET points = points + 100
            WHERE id = (SELECT share_id FROM scoring_noticeline WHERE id = {SOME_LINE})
            """,
        ),
    ),
    Damage(
        "somebody decided on their own household",
        "decided-by-concerned",
        """
        UPDATE scoring_decision SET decided_by_id = own.user_id FROM (
            SELECT decision.id, resident.user_id FROM scoring_decision decision
            JOIN scoring_share share ON share.id = decision.share_id
            JOIN people_resident resident ON resident.household_id = share.household_id
            WHERE resident.user_id IS NOT NULL LIMIT 1) own
        WHERE own.id = scoring_decision.id RETURNING scoring_decision.id
        """,
    ),
    Damage(
        "somebody decided on what they brought",
        "decided-by-concerned",
        """
        UPDATE scoring_decision SET decided_by_id = deed.brought_by_id
        FROM scoring_deed deed JOIN scoring_share share ON share.deed_id = deed.id
        WHERE share.id = scoring_decision.share_id
          AND share.id = (SELECT min(share_id) FROM scoring_decision) RETURNING scoring_decision.id
        """,
    ),
    Damage(
        "somebody decided on what their household's card brought",
        "decided-by-concerned",
        """
        UPDATE scoring_deed deed SET brought_by_kind = 'card', brought_by_id = resident.household_id
        FROM scoring_decision decision
        JOIN scoring_share share ON share.id = decision.share_id
        JOIN people_resident resident ON resident.user_id = decision.decided_by_id
        WHERE deed.id = share.deed_id AND decision.id = (
            SELECT min(decision.id) FROM scoring_decision decision
            JOIN scoring_share share ON share.id = decision.share_id
            WHERE (SELECT count(*) FROM scoring_share other WHERE other.deed_id = share.deed_id) = 1)
        RETURNING decision.id
        """,
    ),
]

SHOP = [
    Damage(
        "a good is gone from the shelf",
        "stock-differs",
        "UPDATE redemption_good SET stock = stock - 1 WHERE id = (SELECT min(id) FROM redemption_good) RETURNING id",
    ),
    Damage(
        "a delivery is gone from the book",
        "stock-differs",
        """
        DELETE FROM redemption_stockmove WHERE id = (SELECT max(id) FROM redemption_stockmove WHERE order_id IS NULL)
        RETURNING good_id
        """,
    ),
    Damage(
        "an order says another total",
        "order-paid-wrongly",
        f"UPDATE redemption_order SET total = total + 1 WHERE id = {SOME_ORDER} RETURNING id",
    ),
    Damage(
        "an order has other goods",
        "order-paid-wrongly",
        f"UPDATE redemption_orderline SET quantity = 9 WHERE order_id = {SOME_ORDER} RETURNING order_id",
    ),
    Damage(
        "an order is not paid",
        "order-paid-wrongly",
        f"UPDATE redemption_order SET batch_id = NULL WHERE id = {SOME_ORDER} RETURNING id",
        also=frozenset({"batch-without-cause"}),
    ),
    Damage(
        "another household paid",
        "order-paid-wrongly",
        f"UPDATE redemption_order SET household_id = {OTHER_HOUSEHOLD} WHERE id = {SOME_ORDER} RETURNING id",
    ),
    Damage(
        "another shop was paid",
        "order-paid-wrongly",
        "SELECT id FROM redemption_order",
        before=("UPDATE redemption_shop SET holder_id = (SELECT min(holder_id) FROM people_household)",),
    ),
    Damage(
        "less was paid than it costs",
        "order-paid-wrongly",
        f"SELECT {SOME_ORDER}",
        also=frozenset({"balance-differs"}),
        before=(f"UPDATE ledger_transfer SET amount = amount - 1 WHERE batch_id = {BATCH_OF_ORDER}",),
    ),
]

SOME_TOTAL = "(SELECT min(id) FROM scoring_noticetotal)"

NOTICES = [
    Damage(
        "a household's points are others than its lines'",
        "total-differs",
        f"UPDATE scoring_noticetotal SET plus = plus + 100 WHERE id = {SOME_TOTAL} RETURNING sheet_id",
        also=frozenset({"sheet-digest-wrong"}),
    ),
    Damage(
        "a line's points are changed",
        "total-differs",
        f"UPDATE scoring_noticeline SET points = points + 100 WHERE id = {SOME_LINE} RETURNING sheet_id",
        also=frozenset({"lines-digest-wrong", "line-posted-wrongly", "line-without-decision"}),
    ),
    Damage(
        "a deadline is moved",
        "lines-digest-wrong",
        f"UPDATE scoring_noticeline SET deadline = deadline + 1 WHERE id = {SOME_LINE} RETURNING sheet_id",
    ),
    Damage(
        "an honour total is changed",
        "sheet-digest-wrong",
        f"UPDATE scoring_noticetotal SET honour = honour + 1 WHERE id = {SOME_TOTAL} RETURNING sheet_id",
    ),
    Damage(
        "a household is gone from a sheet",
        "sheet-digest-wrong",
        f"DELETE FROM scoring_noticetotal WHERE id = {SOME_TOTAL} RETURNING sheet_id",
    ),
    Damage(
        "a check code is changed",
        "sheet-digest-wrong",
        """
        UPDATE scoring_noticesheet SET digest = repeat('0', 64)
        WHERE id = (SELECT min(id) FROM scoring_noticesheet) RETURNING id
        """,
        also=frozenset({"notice-digest-wrong"}),
    ),
    Damage(
        "a notice's digest is changed",
        "notice-digest-wrong",
        """
        UPDATE scoring_notice SET digest = repeat('0', 64)
        WHERE id = (SELECT min(id) FROM scoring_notice) RETURNING id
        """,
    ),
    Damage(
        "a notice's sheets are gone",
        "notice-digest-wrong",
        "SELECT max(id) FROM scoring_notice",
        before=(
            """
            DELETE FROM scoring_noticeline WHERE sheet_id IN (SELECT id FROM scoring_noticesheet
                WHERE notice_id = (SELECT max(id) FROM scoring_notice))
            """,
            "DELETE FROM scoring_noticesheet WHERE notice_id = (SELECT max(id) FROM scoring_notice)",
        ),
        also=frozenset({"posted-without-line"}),
    ),
]

DAMAGES = [*LEDGER, *SETTLEMENT, *SHOP, *NOTICES]
