"""What stands behind the ledger: notices and their decisions (DOMAIN §3), goods and orders."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

# A line on notice is one transfer between its household and the pool of the unit that judged it; the household's
# account has the larger id. `due` is what should be posted.
POSTINGS = """
    WITH posted AS (
        SELECT transfer.line, transfer.batch_id, household.holder_id, pool.holder_id AS issuer_id, transfer.book,
               CASE WHEN transfer.credit_id = household.id THEN transfer.amount ELSE -transfer.amount END AS points
        FROM ledger_batch batch
        JOIN ledger_transfer transfer ON transfer.batch_id = batch.id
        JOIN ledger_account household ON household.id = greatest(transfer.debit_id, transfer.credit_id)
        JOIN ledger_account pool ON pool.id = least(transfer.debit_id, transfer.credit_id)
        WHERE batch.cause = 'settlement'
    ),
    due AS (
        SELECT line.id, line.points, household.holder_id, unit.holder_id AS issuer_id,
               CASE WHEN held.id IS NULL THEN settlement.batch_id ELSE held.release_id END AS batch_id,
               settlement.id IS NOT NULL AND (held.id IS NULL OR held.released) AS is_posted
        FROM scoring_noticeline line
        JOIN people_household household ON household.id = line.household_id
        JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        JOIN people_unit unit ON unit.id = notice.unit_id
        LEFT JOIN scoring_settlement settlement
            ON settlement.sheet_id = line.sheet_id AND settlement.part = line.part
        LEFT JOIN scoring_heldline held ON held.line_id = line.id
    )
"""

SETTLEMENT = (
    Check(
        "line-posted-wrongly",
        _("公示的一条和入账的不一样"),
        POSTINGS
        + """
        SELECT 'notice line', due.id,
               concat('noticed ', due.points, ', posted ', coalesce(posted.points, 0), ' ', posted.book)
        FROM due LEFT JOIN posted ON posted.line = due.id AND posted.batch_id = due.batch_id
            AND posted.holder_id = due.holder_id AND posted.issuer_id = due.issuer_id
        WHERE due.is_posted AND (coalesce(posted.points, 0) <> due.points OR posted.book <> 'both')
        """,
    ),
    Check(
        "posted-without-line",
        _("入了账，公示里却没有这一条"),
        POSTINGS
        + """
        SELECT 'batch', posted.batch_id, concat('line ', posted.line) FROM posted
        LEFT JOIN due ON due.id = posted.line AND due.batch_id = posted.batch_id AND due.is_posted
            AND due.holder_id = posted.holder_id AND due.issuer_id = posted.issuer_id
        WHERE due.id IS NULL
        """,
    ),
    Check(
        "posted-while-objected",
        _("有异议没答复就入了账"),
        POSTINGS
        + """
        SELECT 'objection', objection.id, concat('line ', due.id)
        FROM scoring_objection objection
        JOIN scoring_noticesheet sheet ON sheet.id = objection.sheet_id
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        LEFT JOIN scoring_noticeline objected ON objected.id = objection.line_id
        LEFT JOIN scoring_noticetotal total ON total.id = objection.total_id
        JOIN scoring_noticeline line
            ON line.number = objected.number OR line.household_id = total.household_id
            -- To the whole notice: what was posted before that was admitted was posted rightly.
            OR objection.line_id IS NULL AND objection.total_id IS NULL AND EXISTS (
                SELECT FROM scoring_settlement settled
                WHERE settled.sheet_id = line.sheet_id AND settled.part = line.part
                  AND settled.settled_at > objection.admitted_at
            )
        JOIN scoring_noticesheet line_sheet ON line_sheet.id = line.sheet_id
        JOIN scoring_notice line_notice ON line_notice.id = line_sheet.notice_id
            AND line_notice.unit_id = notice.unit_id AND line_notice.period = notice.period
            AND line_notice.special = notice.special
        JOIN due ON due.id = line.id
        WHERE objection.state = 'open' AND due.is_posted
        """,
    ),
    Check(
        "posted-while-remarked",
        _("监督意见没答复就入了账"),
        POSTINGS
        + """
        SELECT 'remark', remark.id, concat('line ', due.id) FROM scoring_remark remark
        JOIN scoring_noticeline line ON line.share_id = remark.share_id
        JOIN due ON due.id = line.id
        WHERE remark.holds AND remark.answered_at IS NULL AND due.is_posted
        """,
    ),
    Check(
        "replaced-line-posted",
        _("更正前的那一条也入了账"),
        POSTINGS
        + """
        SELECT 'notice line', due.id, concat('replaced by ', newer.id) FROM due
        JOIN scoring_noticeline newer ON newer.replaces_id = due.id WHERE due.is_posted
        """,
    ),
    Check(
        "hung-twice",
        _("一份积分公示了两次"),
        """
        SELECT 'share', line.share_id, concat(count(*), ' lines') FROM scoring_noticeline line
        JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        WHERE line.replaces_id IS NULL
        GROUP BY line.share_id, notice.unit_id, notice.period HAVING count(*) > 1
        """,
    ),
    Check(
        "line-without-decision",
        _("公示的一条没有经过评议"),
        """
        SELECT 'notice line', line.id, concat('share ', line.share_id) FROM scoring_noticeline line
        LEFT JOIN scoring_decision decision ON decision.share_id = line.share_id
        LEFT JOIN scoring_confirmation confirmation ON confirmation.decision_id = decision.id
        JOIN scoring_share share ON share.id = line.share_id
        WHERE decision.id IS NULL OR decision.verdict = 'reject' OR NOT confirmation.is_confirmed
           OR line.replaces_id IS NULL AND line.points IS DISTINCT FROM share.points
        """,
    ),
    Check(
        "decided-by-concerned",
        _("本人或报的人自己评了自己的事"),
        """
        SELECT 'decision', decision.id, concat('user ', decision.decided_by_id)
        FROM scoring_decision decision
        JOIN scoring_share share ON share.id = decision.share_id
        JOIN scoring_deed deed ON deed.id = share.deed_id
        LEFT JOIN people_resident resident ON resident.user_id = decision.decided_by_id
        -- Of which household they were on that day, in villages' time.
        LEFT JOIN LATERAL (
            SELECT household_id FROM people_formerhousehold former
            WHERE former.resident_id = resident.id
              AND former.until >= (decision.decided_at AT TIME ZONE 'Asia/Shanghai')::date
            ORDER BY former.until LIMIT 1
        ) former ON true
        LEFT JOIN LATERAL (SELECT coalesce(former.household_id, resident.household_id) AS id) home ON true
        WHERE home.id = share.household_id
           OR deed.brought_by_kind = 'card' AND deed.brought_by_id = home.id
           OR deed.brought_by_kind = 'user' AND deed.brought_by_id = decision.decided_by_id
           OR decision.meeting_id IS NULL AND share.verified_by_id = decision.decided_by_id
           OR EXISTS (
               SELECT FROM people_membership held
               WHERE held.user_id = decision.decided_by_id AND held.household_id = share.household_id
                 AND held.since <= (decision.decided_at AT TIME ZONE 'Asia/Shanghai')::date
                 AND coalesce(held.until, 'infinity') >= (decision.decided_at AT TIME ZONE 'Asia/Shanghai')::date
           )
        """,
    ),
)

SHOP = (
    Check(
        "stock-differs",
        _("库存和进出对不上"),
        """
        SELECT 'good', good.id, concat('kept ', good.stock, ', moves say ', coalesce(sum(move.change), 0))
        FROM redemption_good good LEFT JOIN redemption_stockmove move ON move.good_id = good.id
        GROUP BY good.id HAVING good.stock <> coalesce(sum(move.change), 0)
        """,
    ),
    Check(
        "order-paid-wrongly",
        _("兑换单和扣的分不一样"),
        """
        SELECT 'order', orders.id, concat('total ', orders.total, ', goods ', goods.sum, ', paid ', paid.sum)
        FROM redemption_order orders
        LEFT JOIN (SELECT order_id, sum(quantity * price) FROM redemption_orderline GROUP BY order_id) goods
            ON goods.order_id = orders.id
        LEFT JOIN (
            SELECT transfer.batch_id, debit.holder_id AS payer_id, credit.holder_id AS payee_id, sum(transfer.amount)
            FROM ledger_transfer transfer
            JOIN ledger_account debit ON debit.id = transfer.debit_id AND debit.kind = 'points'
            JOIN ledger_account credit ON credit.id = transfer.credit_id AND credit.kind = 'redeemed'
            WHERE transfer.book = 'spendable'
            GROUP BY transfer.batch_id, debit.holder_id, credit.holder_id
        ) paid ON paid.batch_id = orders.batch_id
        LEFT JOIN people_household household ON household.id = orders.household_id
        LEFT JOIN redemption_shop shop ON shop.id = orders.shop_id
        WHERE orders.total IS DISTINCT FROM goods.sum OR orders.total IS DISTINCT FROM paid.sum
           OR household.holder_id IS DISTINCT FROM paid.payer_id OR shop.holder_id IS DISTINCT FROM paid.payee_id
        """,
    ),
)
