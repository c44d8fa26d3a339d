"""Damage to what is sealed, and to the seals: rows taken out, put in, and put in another order."""

from tests.auditor.damage import ISSUED, SOME_ACCOUNT, Damage, copy_of_batch, move, without

NUMBER = 4  # of a seal in the middle
SEAL = f"(SELECT id FROM ledger_seal WHERE number = {NUMBER})"
SEALED = f"(SELECT min(batch_id) FROM ledger_sealedbatch WHERE seal_id = {SEAL})"
COPIED = "(SELECT id FROM ledger_batch WHERE key = 'a copy')"


REMOVED = [
    Damage(
        "a sealed transfer is gone",
        "batch-root-wrong",
        f"""
        DELETE FROM ledger_transfer WHERE batch_id = {SEALED} AND line = (
            SELECT min(line) FROM ledger_transfer WHERE batch_id = {SEALED}) RETURNING batch_id
        """,
        also=frozenset({"seal-counts-wrong", "closing-wrong"}),
    ),
    Damage(
        "a sealed batch is gone, and its transfers are not",
        "batch-root-wrong",
        f"DELETE FROM ledger_batch WHERE id = {SEALED} RETURNING id",
        also=frozenset({"sealed-astray"}),
    ),
    Damage(
        "a batch is gone from its seal",
        "seal-root-wrong",
        f"DELETE FROM ledger_sealedbatch WHERE batch_id = {SEALED} RETURNING {NUMBER}",
        also=frozenset({"seal-counts-wrong", "closing-wrong"}),
    ),
    Damage(
        "a seal is gone, and what it sealed is not",
        "sealed-astray",
        f"""
        WITH gone AS (DELETE FROM ledger_seal WHERE number = {NUMBER} RETURNING id)
        SELECT batch_id FROM ledger_sealedbatch JOIN gone ON gone.id = seal_id
        """,
        also=frozenset({"seal-number-wrong", "seal-unlinked", "closing-wrong"}),
    ),
    Damage(
        "a seal is gone with all that it sealed",
        "seal-unlinked",
        f"DELETE FROM ledger_seal WHERE number = {NUMBER} RETURNING number + 1",
        before=(
            f"DELETE FROM ledger_closing WHERE seal_id = {SEAL}",
            f"""
            DELETE FROM ledger_transfer
            WHERE batch_id IN (SELECT batch_id FROM ledger_sealedbatch WHERE seal_id = {SEAL})
            """,
            f"DELETE FROM ledger_sealedbatch WHERE seal_id = {SEAL}",
        ),
        also=frozenset({"seal-number-wrong", "closing-wrong"}),
    ),
    Damage(
        "a closing is gone",
        "closing-wrong",
        f"""
        DELETE FROM ledger_closing WHERE seal_id = {SEAL} AND account_id = (
            SELECT min(account_id) FROM ledger_closing WHERE seal_id = {SEAL}) RETURNING account_id
        """,
    ),
]

ADDED = [
    Damage(
        "a transfer comes to a sealed batch",
        "batch-root-wrong",
        f"SELECT {SEALED}",
        before=move(batch=SEALED, debit=ISSUED, credit=SOME_ACCOUNT, amount=100),
        also=frozenset({"seal-counts-wrong", "closing-wrong"}),
    ),
    Damage(
        "a batch comes to an old seal",
        "seal-root-wrong",
        f"SELECT {NUMBER}",
        before=(
            copy_of_batch(SEALED)[0],
            *move(batch=COPIED, debit=ISSUED, credit=SOME_ACCOUNT, amount=100),
            f"INSERT INTO ledger_sealedbatch (batch_id, seal_id, root) SELECT {COPIED}, {SEAL}, repeat('0', 64)",
        ),
        also=frozenset({"batch-root-wrong", "seal-counts-wrong", "closing-wrong"}),
    ),
    Damage(
        "a batch is sealed twice",
        "seal-root-wrong",
        f"""
        INSERT INTO ledger_sealedbatch (batch_id, seal_id, root)
        SELECT batch_id, {SEAL}, root FROM ledger_sealedbatch
        WHERE batch_id = (SELECT min(batch_id) FROM ledger_sealedbatch) RETURNING {NUMBER}
        """,
        before=(without("ledger_sealedbatch", "ledger_sealedbatch_pkey"),),
        also=frozenset({"seal-counts-wrong", "closing-wrong"}),
    ),
    Damage(
        "a seal of nothing is added",
        "seal-digest-wrong",
        """
        INSERT INTO ledger_seal (number, previous, root, batches, transfers, day, sealed_at, digest)
        SELECT number + 1, digest, root, 0, 0, day, sealed_at, root FROM ledger_seal ORDER BY number DESC LIMIT 1
        RETURNING number
        """,
        also=frozenset({"seal-root-wrong"}),
    ),
    Damage(
        "a seal is there twice",
        "seal-number-wrong",
        f"""
        INSERT INTO ledger_seal (number, previous, root, batches, transfers, day, sealed_at, digest)
        SELECT number, previous, root, batches, transfers, day, sealed_at, digest FROM ledger_seal
        WHERE number = {NUMBER} RETURNING number
        """,
        before=(without("ledger_seal", "ledger_seal_number_key"),),
        also=frozenset({"seal-unlinked", "seal-counts-wrong", "seal-root-wrong"}),
    ),
    Damage(
        "a pool is closed that the seal did not move",
        "closing-wrong",
        f"""
        INSERT INTO ledger_closing (seal_id, account_id, balance, honour)
        SELECT {SEAL}, account_id, balance, honour FROM ledger_closing WHERE account_id NOT IN (
            SELECT account_id FROM ledger_closing WHERE seal_id = {SEAL}) LIMIT 1 RETURNING account_id
        """,
    ),
    Damage(
        "a pool is closed twice",
        "closing-wrong",
        f"""
        INSERT INTO ledger_closing (seal_id, account_id, balance, honour)
        SELECT seal_id, account_id, balance, honour FROM ledger_closing WHERE seal_id = {SEAL} RETURNING account_id
        """,
        before=(without("ledger_closing", "one_closing_of_an_account"),),
    ),
]

CHANGED = [
    Damage(
        "two seals change their numbers",
        "seal-number-wrong",
        "UPDATE ledger_seal SET number = 9 - number WHERE number IN (3, 6) RETURNING 4",
        before=(without("ledger_seal", "ledger_seal_number_key"),),
        also=frozenset({"seal-unlinked", "seal-digest-wrong", "closing-wrong"}),
    ),
    Damage(
        "all seals are numbered anew",
        "seal-number-wrong",
        "SELECT 101",
        before=("UPDATE ledger_seal SET number = number + 100",),
        also=frozenset({"seal-digest-wrong"}),
    ),
    Damage(
        "a root is no hash any more",
        "batch-root-wrong",
        f"UPDATE ledger_sealedbatch SET root = 'gone' WHERE batch_id = {SEALED} RETURNING batch_id",
        also=frozenset({"seal-root-wrong"}),
    ),
    Damage(
        "more transfers are said to be sealed",
        "seal-counts-wrong",
        f"UPDATE ledger_seal SET transfers = transfers + 1 WHERE number = {NUMBER} RETURNING number",
        also=frozenset({"seal-digest-wrong"}),
    ),
    Damage(
        "a seal was made on another day",
        "seal-day-wrong",
        f"UPDATE ledger_seal SET day = day + 1 WHERE number = {NUMBER} RETURNING number",
    ),
]

SEALS = [*REMOVED, *ADDED, *CHANGED]
