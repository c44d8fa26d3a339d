"""Damage to what stands behind the ledger: settlements, decisions, goods and orders, notices."""

from tests.auditor.damage import (
    A_SETTLED_LINE,
    BATCH_OF_ORDER,
    COPIED,
    ISSUED,
    OTHER_HOUSEHOLD,
    SOME_ACCOUNT,
    SOME_BATCH,
    SOME_LINE,
    SOME_ORDER,
    Damage,
    copy_of_batch,
    move,
)

SETTLEMENT = [
    Damage(
        "a line is posted with other points",
        "line-posted-wrongly",
        f"""
        WITH changed AS (
            UPDATE ledger_transfer SET amount = amount + 100 WHERE {A_SETTLED_LINE} RETURNING line, credit_id
        ),
        moved AS (
            UPDATE ledger_account SET balance = balance + 100, honour = honour + 100
            FROM changed WHERE id = credit_id
        )
        SELECT line FROM changed
        """,
    ),
    Damage(
        "a line is posted from another village's points",
        "line-posted-wrongly",
        f"""
        UPDATE ledger_transfer SET debit_id = (
            SELECT min(id) FROM ledger_account WHERE kind = 'issued' AND id <> {ISSUED})
        WHERE {A_SETTLED_LINE} RETURNING line
        """,
        also=frozenset({"posted-without-line"}),
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
        before=move(batch=SOME_BATCH, debit=ISSUED, credit=SOME_ACCOUNT, amount=100),
    ),
    Damage(
        "a line is posted a second time",
        "posted-without-line",
        f"SELECT {COPIED}",
        before=(
            *copy_of_batch(SOME_BATCH),
            *move(batch=COPIED, debit=ISSUED, credit=SOME_ACCOUNT, amount=100, line=SOME_LINE),
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
        "a supervisor's hold on a posted line was never answered",
        "posted-while-remarked",
        f"""
        INSERT INTO scoring_remark (share_id, text, holds, made_by_id, made_at, answer, key)
        SELECT line.share_id, '', true, decision.decided_by_id, decision.decided_at, '', 'damage'
        FROM scoring_noticeline line JOIN scoring_decision decision ON decision.share_id = line.share_id
        WHERE line.id = {SOME_LINE} RETURNING id
        """,
    ),
    Damage(
        "the assembly refused it",
        "line-without-decision",
        f"SELECT {SOME_LINE}",
        before=(
            f"""
            INSERT INTO scoring_confirmation (meeting_id, decision_id, is_confirmed, reason, votes_for, votes_against,
                                              recused, recorded_by_id, recorded_at)
            SELECT decision.meeting_id, decision.id, false, '', 0, 5, 0, decision.decided_by_id, decision.decided_at
            FROM scoring_noticeline line JOIN scoring_decision decision ON decision.share_id = line.share_id
            WHERE line.id = {SOME_LINE}
            """,
        ),
    ),
    Damage(
        "whoever verified it decided it alone",
        "decided-by-concerned",
        f"""
        UPDATE scoring_decision SET meeting_id = NULL WHERE share_id = (
            SELECT share_id FROM scoring_noticeline WHERE id = {SOME_LINE}) RETURNING id
        """,
        before=(
            f"""
            UPDATE scoring_share share SET verified_by_id = decision.decided_by_id FROM scoring_decision decision
            WHERE decision.share_id = share.id
              AND share.id = (SELECT share_id FROM scoring_noticeline WHERE id = {SOME_LINE})
            """,
        ),
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
        "a share hangs on two sheets",
        "hung-twice",
        """
        UPDATE scoring_noticeline line SET share_id = pair.share_id FROM (
            SELECT line.id, other.share_id FROM scoring_noticeline line
            JOIN scoring_noticeline other ON other.points = line.points AND other.sheet_id <> line.sheet_id
            JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
            JOIN scoring_noticesheet beside ON beside.id = other.sheet_id AND beside.notice_id = sheet.notice_id
            WHERE line.replaces_id IS NULL AND other.replaces_id IS NULL AND line.id NOT IN (
                SELECT replaces_id FROM scoring_noticeline WHERE replaces_id IS NOT NULL)
            LIMIT 1) pair
        WHERE line.id = pair.id RETURNING line.share_id
        """,
        also=frozenset({"lines-digest-wrong"}),
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
        "somebody decided on a household that they left later",
        "decided-by-concerned",
        """
        UPDATE scoring_decision SET decided_by_id = own.user_id FROM (
            SELECT decision.id, resident.user_id FROM scoring_decision decision
            JOIN scoring_share share ON share.id = decision.share_id
            JOIN people_formerhousehold former ON former.household_id = share.household_id
            JOIN people_resident resident ON resident.id = former.resident_id LIMIT 1) own
        WHERE own.id = scoring_decision.id RETURNING scoring_decision.id
        """,
        before=(
            """
            INSERT INTO people_formerhousehold (resident_id, household_id, relation, until)
            SELECT id, household_id, relation, '2026-12-31' FROM people_resident WHERE user_id IS NOT NULL
            """,
            """
            UPDATE people_resident SET relation = 'other',
                household_id = (SELECT max(id) FROM people_household household WHERE NOT EXISTS (
                    SELECT FROM scoring_share WHERE household_id = household.id))
            WHERE user_id IS NOT NULL
            """,
        ),
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
        also=frozenset({"batch-without-cause", "order-unposted"}),
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
