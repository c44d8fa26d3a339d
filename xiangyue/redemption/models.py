"""Redemption: the village's points shop, its goods and stock, orders at the till, and the codes that households show
there. Prices are centipoints."""

from django.db import models
from django.db.models import Q

from xiangyue.kernel.actors import ACTOR_KINDS, ActorKind
from xiangyue.kernel.ids import public_id
from xiangyue.ledger.models import Batch, Holder
from xiangyue.people.models import Household, Unit


class Shop(models.Model):
    """A place of redemption (积分超市). holder: under which the ledger knows what was redeemed here."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "name"), name="shop_named_once"),)

    def __str__(self) -> str:
        return self.name


class Good(models.Model):
    """Goods of a shop at a price. stock: kept, never below zero; its reasons are the stock moves."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="goods")
    name = models.CharField(max_length=60)
    spec = models.CharField(max_length=60, blank=True)
    price = models.BigIntegerField()
    stock = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("shop", "name", "spec"), name="good_named_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_positive"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="stock_not_negative"),
        )

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """A redemption at the till (兑换单). total: centipoints paid. key: idempotency key of the till's request."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    total = models.BigIntegerField()
    sold_on = models.DateField()
    sold_at = models.DateTimeField()
    sold_by_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    sold_by_id = models.BigIntegerField()
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)
    input_hash = models.CharField(max_length=64)

    class Meta:
        indexes = (models.Index(fields=("household",)), models.Index(fields=("shop", "sold_on")))
        constraints = (
            models.UniqueConstraint(fields=("key",), name="one_order_of_a_key"),
            models.CheckConstraint(condition=Q(total__gt=0), name="order_total_positive"),
        )


class OrderLine(models.Model):
    """One good of an order, at the price it had."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "good"), name="a_good_once_an_order"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quantity_positive"),
        )


class StockMove(models.Model):
    """Why a good's stock changed: received (positive), or sold with an order (negative)."""

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="moves")
    change = models.IntegerField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=120)

    class Meta:
        indexes = (models.Index(fields=("good",)),)
        constraints = (
            models.UniqueConstraint(fields=("key",), name="one_move_of_a_key"),
            models.CheckConstraint(
                condition=Q(order=None, change__gt=0) | Q(order__isnull=False, change__lt=0),
                name="stock_moves_have_reasons",
            ),
        )


class ShownCode(models.Model):
    """A household's one-time code (积分码), shown on its phone and used once, at a till, within about a minute.

    The QR code holds 128 random bits, of which only the hash is stored. digits: six, read aloud where nothing scans;
    they stand here in clear, since hashing so few would hide nothing, and open nothing once the minute is over.
    shop: at which till it was used.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    digits = models.CharField(max_length=6)
    shown_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("digits",)),)
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="one_code_of_a_token"),
            models.CheckConstraint(
                condition=Q(used_at=None, shop=None) | Q(used_at__isnull=False, shop__isnull=False),
                name="a_code_is_used_at_a_shop",
            ),
        )


class CodeTry(models.Model):
    """Six digits that were typed at a till and belonged to no code. Lock-outs are counted from these rows."""

    shop = models.ForeignKey(  # its index is the first half of another
        Shop, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    by_id = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("shop", "at")),)
