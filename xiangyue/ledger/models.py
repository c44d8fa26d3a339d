"""The double-entry ledger (DOMAIN §5): holders, accounts, batches, transfers, holds, seals. Rows are appended.

A transfer moves an amount from its debit to its credit account, so the sum over all accounts of a currency is zero
at every moment. The ledger knows holders and ids only, never people.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.actors import ActorKind
from xiangyue.kernel.ids import public_id


class Holder(models.Model):
    """Whom the ledger knows: an opaque owner of accounts behind a household, shop, fund or unit (持有者)."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)


class Currency(models.TextChoices):
    POINT = "POINT", _("积分")  # in centipoints
    CNY = "CNY", _("人民币")  # in fen
    HOUR = "HOUR", _("服务时长")  # in minutes


class AccountKind(models.TextChoices):
    """What an account is for. A scheme names which of them its holders get."""

    POINTS = "points", _("积分")
    GIFTED = "gifted", _("获赠积分")
    HOURS = "hours", _("服务时长")
    ISSUED = "issued", _("已发积分")
    GIVEN = "given", _("已赠积分")
    REDEEMED = "redeemed", _("已兑积分")
    EXPIRED = "expired", _("到期积分")
    CLEARED = "cleared", _("清零积分")
    OPENING = "opening", _("期初积分")
    LEFT = "left", _("销户积分")
    SERVED = "served", _("已计时长")
    FUND = "fund", _("资金")
    PAID = "paid", _("已付资金")

    @property
    def is_kept(self) -> bool:
        return self in (AccountKind.POINTS, AccountKind.GIFTED, AccountKind.HOURS)

    @property
    def currency(self) -> Currency:
        return _CURRENCIES.get(self, Currency.POINT)


_CURRENCIES = {
    AccountKind.HOURS: Currency.HOUR,
    AccountKind.SERVED: Currency.HOUR,
    AccountKind.FUND: Currency.CNY,
    AccountKind.PAID: Currency.CNY,
}


def redeemable(balance: int | None, held: int, redeem_floor: int) -> int:
    """Give what can be redeemed of a kept balance, never negative."""
    return max((balance or 0) - held - redeem_floor, 0)


class Account(models.Model):
    """One account of a holder. Households' have positive ids and kept balances; pools' have negative ids and none.

    A pool's balance is derived (last closing and what came since), because a row that every till must lock would be
    the slowest of the county. An id tells which is which, so that the indexes on transfers hold households only.

    balance: spendable points, never below floor + held. held: promised to orders. redeem_floor: what can't be
    redeemed (base points). arrears: what deductions took beyond that, repaid by whatever comes in next, so that
    credits − debits = balance − arrears. honour: what was awarded less what was deducted; never spent.
    closed_on: since when nothing is posted to it any more.

    No foreign keys of the database from here or to here: they would be looked at again whenever a till changes a
    balance. Holders and accounts can't be removed, and the auditor looks for strays.
    """

    holder = models.ForeignKey(
        Holder, on_delete=models.PROTECT, related_name="accounts", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=5, choices=Currency.choices, default=Currency.POINT)
    balance = models.BigIntegerField(null=True)
    held = models.BigIntegerField(default=0)
    arrears = models.BigIntegerField(default=0)
    honour = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    redeem_floor = models.BigIntegerField(default=0)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("holder", "kind"), name="one_account_of_a_kind"),
            # One short check, since PostgreSQL reads it anew at each statement: at the till more would be felt.
            # That nothing is owed while there is room is left to the arithmetic and to the auditor.
            models.CheckConstraint(
                condition=Q(balance__gte=F("floor") + F("held"), held__gte=0, arrears__gte=0),
                name="balance_above_floor",
            ),
        )

    @property
    def redeemable(self) -> int:
        return redeemable(self.balance, self.held, self.redeem_floor)


class Cause(models.TextChoices):
    """What a batch was posted for. A batch names the row of that kind that caused it."""

    SETTLEMENT = "settlement", _("公示入账")
    ORDER = "order", _("兑换")
    OPENING = "opening", _("期初")
    EXPIRY = "expiry", _("到期")
    CLEARING = "clearing", _("清零")
    REVERSAL = "reversal", _("冲正")
    SPLIT = "split", _("分户")
    MERGE = "merge", _("并户")
    CLOSING = "closing", _("销户")
    GRANT = "grant", _("基础分")
    SERVICE = "service", _("志愿服务")
    FUNDING = "funding", _("资金")


KEY_LENGTH = 120


class Batch(models.Model):
    """Transfers that were posted together, for one cause, by one actor.

    key: the idempotency key. input_hash: of what was asked for; the same key with another input is refused.
    cause_id: the row that caused it; of a reversal, the batch that it reverses. reason: a code, where one is due.
    day: on which it counts, in the jurisdiction's time zone.
    """

    key = models.CharField(max_length=KEY_LENGTH)
    input_hash = models.CharField(max_length=64)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    cause_id = models.BigIntegerField()
    reason = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField()
    day = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        # Not unique=True, with which Django makes a second index, for LIKE.
        constraints = (models.UniqueConstraint(fields=("key",), name="one_batch_of_a_key"),)
        indexes = (models.Index(fields=("cause_id",), condition=Q(cause=Cause.REVERSAL), name="reversals"),)


class Book(models.TextChoices):
    """In which of a household's two books a transfer of points is entered (decision 0007)."""

    BOTH = "both", _("荣誉积分和可用积分")  # an award or a deduction
    SPENDABLE = "spendable", _("可用积分")
    HONOUR = "honour", _("荣誉积分")


class Transfer(models.Model):
    """One movement: `amount` from `debit` to `credit`.

    line: the id of the cause's line that it stands for (a notice line's, an order's); once in a batch.
    expires_on: the last day on which what it credits can be used; of a reversal, that of what it reverses.

    No foreign keys in the database: checking three for each of a month's half a million rows would cost more than
    the rows. Accounts and batches can't be deleted, and the auditor looks for strays.
    """

    pk = models.CompositePrimaryKey("batch_id", "line")
    batch = models.ForeignKey(
        Batch, on_delete=models.DO_NOTHING, related_name="transfers", db_constraint=False, db_index=False
    )
    line = models.BigIntegerField()
    debit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=5, choices=Currency.choices, default=Currency.POINT)
    book = models.CharField(max_length=9, choices=Book.choices)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="something_moves"
            ),  # short, as the account's
        )
        indexes = (
            models.Index(fields=("debit",), condition=Q(debit__gt=0), name="household_debits"),
            models.Index(fields=("credit",), condition=Q(credit__gt=0), name="household_credits"),
        )


class HoldState(models.TextChoices):
    HELD = "held", _("已预留")
    POSTED = "posted", _("已入账")
    VOIDED = "voided", _("已取消")
    EXPIRED = "expired", _("已过期")


class Hold(models.Model):
    """Points promised to a pool for a while (预留): posted, voided, or expired at its end.

    batch: by which it was posted. amount: centipoints.
    """

    key = models.CharField(max_length=KEY_LENGTH)
    input_hash = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds", db_constraint=False)
    pool = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    cause = models.CharField(max_length=20, choices=Cause.choices)
    cause_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.HELD)
    held_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    batch = models.OneToOneField(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_hold_of_a_key"),)
        indexes = (models.Index(fields=("ends_at",), condition=Q(state=HoldState.HELD), name="open_holds"),)


class Unsealed(models.Model):
    """A batch that no seal holds yet. A queue without an index, made in a migration: written by every posting."""

    batch = models.OneToOneField(
        Batch, primary_key=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )

    class Meta:
        managed = False


class Seal(models.Model):
    """A Merkle root over batches, linked to the seal before (封存). number: 1, 2, 3, … without a gap.

    digest: over number, previous digest, root, counts and moment (docs/proofs.md). day: where the villages are.
    """

    number = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    batches = models.BigIntegerField()
    transfers = models.BigIntegerField()
    day = models.DateField(db_index=True)
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)


class SealedBatch(models.Model):
    """That a batch is in a seal. root: over the batch's own row and its transfers."""

    batch = models.OneToOneField(Batch, primary_key=True, on_delete=models.PROTECT, related_name="sealed")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="sealed_batches")
    root = models.CharField(max_length=64)


class Closing(models.Model):
    """A pool's balances when a seal was made, from which today's are derived; only of pools that the seal moved."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="closings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    balance = models.BigIntegerField()
    honour = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "seal"), name="one_closing_of_an_account"),)
