"""The double-entry ledger (DOMAIN §5): holders, accounts, batches, transfers. Rows are appended, never changed.

A transfer moves an amount from its debit to its credit account, so the sum over all accounts of a currency is zero
at every moment. A balance is credits minus debits. The ledger knows holders and ids only, never people.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.actors import ActorKind
from xiangyue.kernel.ids import public_id


class Holder(models.Model):
    """Whom the ledger knows: an opaque owner of accounts behind a household, shop or unit (持有者)."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)


class Currency(models.TextChoices):
    POINT = "POINT", _("积分")  # amounts in centipoints


class AccountKind(models.TextChoices):
    """Kinds of account. Households hold the first three, whose balances are kept; the rest are pools."""

    HONOUR = "honour", _("荣誉积分")
    SPENDABLE = "spendable", _("可用积分")
    ARREARS = "arrears", _("欠分")
    ISSUED_HONOUR = "issued_honour", _("已发荣誉积分")
    ISSUED_SPENDABLE = "issued_spendable", _("已发可用积分")
    REDEEMED = "redeemed", _("已兑积分")


HOUSEHOLD_KINDS = (AccountKind.HONOUR, AccountKind.SPENDABLE, AccountKind.ARREARS)


class Account(models.Model):
    """One account of a holder.

    balance: kept for households, guarded by the checks below; NULL for pools, whose balance is derived, because a
    row that every till must lock would be the slowest row of the county (DATABASE "Speed").
    floor: a deduction never takes spendable below it. redeem_floor: what can't be redeemed (base points).
    An arrears account is at most zero: what it lacks is owed, and repaid by later awards.
    """

    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=5, choices=Currency.choices, default=Currency.POINT)
    balance = models.BigIntegerField(null=True)
    floor = models.BigIntegerField(default=0)
    redeem_floor = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("holder", "kind", "currency"), name="one_account_of_a_kind"),
            models.CheckConstraint(
                condition=~Q(kind=AccountKind.SPENDABLE) | Q(balance__gte=F("floor")),
                name="spendable_above_floor",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AccountKind.ARREARS) | Q(balance__lte=0), name="arrears_at_most_zero"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HOUSEHOLD_KINDS, balance__isnull=False)
                | ~Q(kind__in=HOUSEHOLD_KINDS) & Q(balance=None),
                name="households_keep_balances",
            ),
            models.CheckConstraint(
                condition=Q(redeem_floor__gte=F("floor")), name="redeem_floor_above_floor"
            ),
        )


class Cause(models.TextChoices):
    """What a batch was posted for. A batch names the row of that kind that caused it."""

    SETTLEMENT = "settlement", _("公示入账")
    ORDER = "order", _("兑换")


class Batch(models.Model):
    """Transfers that were posted together, for one cause, by one actor.

    key: the idempotency key. input_hash: of what was asked for; the same key with another input is refused.
    day: on which it counts, in the jurisdiction's time zone.
    """

    key = models.CharField(max_length=120, unique=True)
    input_hash = models.CharField(max_length=64)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    cause_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField()
    day = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("cause", "cause_id")),)


class Transfer(models.Model):
    """One movement: `amount` from `debit` to `credit`.

    line: the id of the cause's line that it stands for (a notice line's, an order's), for tracing.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=5, choices=Currency.choices, default=Currency.POINT)
    amount = models.BigIntegerField()
    line = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two"),
        )
