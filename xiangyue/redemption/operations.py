"""Every write of the shop: opening it, receiving goods, redeeming at the till, and the codes shown there."""

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest, token_hash
from xiangyue.ledger.models import AccountKind, Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.ledger.operations.spending import spend
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Household
from xiangyue.people.offices import Act
from xiangyue.people.operations.own import membership_in, require_own
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act
from xiangyue.redemption.models import CodeTry, Good, Order, OrderLine, Shop, ShownCode, StockMove
from xiangyue.redemption.refusals import (
    CodesLocked,
    CodeUnknown,
    DeliveryKeyReused,
    EmptyOrder,
    MayNotRedeem,
    NotOwnCode,
    OrderKeyReused,
    OutOfStock,
    PriceNotPositive,
    QuantityNotPositive,
    ShopExists,
    UnknownGood,
)

CODE_LIFE: Final = timedelta(seconds=60)
CODES_AT_ONCE: Final = 5  # of one household; whoever reloads the page for ever does not fill the table
DIGITS: Final = 6
MAX_WRONG_DIGITS: Final = 10  # typed at one shop
DIGITS_LOCK: Final = timedelta(minutes=15)

_LONGEST_CODE: Final = 100  # a gun reads anything: what is longer is not ours


@dataclass(frozen=True)
class Delivery:
    """Goods that came in. price: centipoints apiece."""

    name: str
    spec: str
    price: int
    quantity: int


@dataclass(frozen=True)
class Redeemed:
    """What the till prints: the order, and what the household can still redeem (centipoints)."""

    order: Order
    redeemable: int


@dataclass(frozen=True)
class Shown:
    """A code as the household's phone shows it, once. token: for the QR code. digits: six, to be read aloud."""

    token: str
    digits: str
    expires_at: datetime


@transaction.atomic
def open_shop(*, actor: Actor, unit_id: int, name: str) -> Shop:
    """Open a points shop in a unit. Raises: UnknownUnit, UnitEnded, NotAllowed, ShopExists."""
    unit = locked_unit(unit_id)
    actor = require(actor, Act.MANAGE_SHOPS, unit)
    (holder_id,) = open_pools(count=1, kinds=[AccountKind.REDEEMED])
    try:
        with transaction.atomic():
            shop = Shop.objects.create(unit=unit, name=name, holder_id=holder_id)
    except IntegrityError:
        raise ShopExists(unit=unit.name, name=name) from None
    log_act(actor=actor, act="open", subject="shop", subject_ids=[shop.pk])
    return shop


@transaction.atomic
def receive_goods(*, actor: Actor, shop_id: int, deliveries: Sequence[Delivery], key: str) -> list[Good]:
    """Take goods into stock, at their prices; goods that are new to the shop are added to its shelf.

    The same key receives once. Raises: NotAllowed, PriceNotPositive, QuantityNotPositive, DeliveryKeyReused.
    """
    # A sale refers to shop and goods, which it checks at its end only: a stronger lock would wait in a circle with it.
    shop = Shop.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(id=shop_id)
    require(actor, Act.MANAGE_SHOPS, shop.unit)
    for delivery in deliveries:
        if delivery.price <= 0:
            raise PriceNotPositive(name=delivery.name)
        if delivery.quantity <= 0:
            raise QuantityNotPositive(name=delivery.name)
    # Tills lock goods in the order of their ids; so does a delivery, whatever its own order is.
    list(Good.objects.select_for_update(no_key=True).filter(shop=shop).order_by("id"))
    known = _received(shop, deliveries, key)
    return known or [_receive(shop, each, f"{key}:{place}") for place, each in enumerate(deliveries)]


@transaction.atomic
def redeem(
    *, actor: Actor, shop_id: int, household_id: int, quantities: Mapping[int, int], key: str
) -> Redeemed:
    """Sell goods to a household for points, whole or not at all: stock, order and points move together.

    quantities: good id -> how many. Goods are locked in the order of their ids, then the household's account.
    The same key with the same input sells once and answers the same.
    Raises: NotAllowed, EmptyOrder, QuantityNotPositive, UnknownGood, OutOfStock, NotEnoughPoints, OrderKeyReused.
    """
    shop = Shop.objects.select_related("unit").get(id=shop_id)
    actor = require(actor, Act.REDEEM, shop.unit)
    household = Household.objects.get(id=household_id)
    input_hash = digest([shop_id, household_id, sorted([good, n] for good, n in quantities.items())])
    order, is_new = _order(actor, shop, household, quantities, key, input_hash)
    posting = Posting(f"order:{key}", Cause.ORDER, order.pk, actor, order.sold_on)
    spent = spend(
        posting=posting,
        holder_id=household.holder_id,
        pool_id=pool_id(shop.holder_id, AccountKind.REDEEMED),
        amount=order.total,
    )
    if is_new:
        order.batch_id = spent.batch_id
        order.save(update_fields=["batch"])
        log_act(actor=actor, act="redeem", subject="order", subject_ids=[order.pk])
    return Redeemed(order, spent.redeemable)


@transaction.atomic
def show_code(*, actor: Actor, household_id: int) -> Shown:
    """Give a household a new one-time code for the till; it lives for a minute (CODE_LIFE).

    Only the household itself shows one, by its card or as a member who may redeem: what is bought on behalf is bought
    at the counter by number. Codes shown before live on until they expire: one may be under the gun just now.
    Raises: NotOwnCode, MayNotRedeem, HouseholdLeft.
    """
    require_own(actor, household_id, NotOwnCode())
    membership = membership_in(actor, household_id)
    if membership and not membership.may_redeem:
        raise MayNotRedeem
    household = Household.objects.get(id=household_id)
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    now = clock.now()
    own = ShownCode.objects.filter(household=household)
    newest = own.order_by("-id").values("id")[: CODES_AT_ONCE - 1]
    own.exclude(id__in=newest, expires_at__gt=now).delete()
    shown = Shown(secrets.token_hex(16).upper(), _free_digits(now), now + CODE_LIFE)
    ShownCode.objects.create(
        household=household,
        token_hash=token_hash(shown.token),
        digits=shown.digits,
        shown_at=now,
        expires_at=shown.expires_at,
    )
    return shown


def household_by_code(*, actor: Actor, shop_id: int, code: str) -> Household:
    """Give the household whose code was scanned, or read aloud, at a till. A code tells that once.

    Digits count for households that live where the shop is, and a shop has MAX_WRONG_DIGITS tries at them in
    DIGITS_LOCK: there are too few to be guessed at for ever. A wrong try is kept although it is refused, so that this
    can't be part of a larger transaction. The PIN of the till is asked for beside it, where the scheme has one.
    Raises: NotAllowed, CodeUnknown (also for one that expired or was used), CodesLocked; RuntimeError inside another
    transaction.
    """
    typed = "".join(unicodedata.normalize("NFKC", code[:_LONGEST_CODE]).split()).upper()
    with transaction.atomic(durable=True):
        # Guesses at one shop are counted one after another: at once, they would all be the first.
        shop = (
            Shop.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(id=shop_id)
        )
        actor = require(actor, Act.REDEEM, shop.unit)
        found = _by_digits(actor, shop, typed) if _are_digits(typed) else _by_token(typed)
        if isinstance(found, ShownCode) and _use(found.pk, shop):
            log_act(actor=actor, act="use-code", subject="household", subject_ids=[found.household_id])
            return found.household
    raise found if isinstance(found, CodesLocked) else CodeUnknown


def _received(shop: Shop, deliveries: Sequence[Delivery], key: str) -> list[Good]:
    """Give the goods that came in under this key; none if it is new. Raises: DeliveryKeyReused for other ones."""
    keys = [f"{key}:{place}" for place in range(len(deliveries) + 1)]
    found = {move.key: move for move in StockMove.objects.filter(key__in=keys).select_related("good")}
    moves = [found[each] for each in keys if each in found]
    came = [(move.good.shop_id, move.good.name, move.good.spec, move.change) for move in moves]
    if came and came != [(shop.pk, each.name, each.spec, each.quantity) for each in deliveries]:
        raise DeliveryKeyReused(key=key)
    return [move.good for move in moves]


def _receive(shop: Shop, delivery: Delivery, key: str) -> Good:
    good, _created = Good.objects.get_or_create(
        shop=shop, name=delivery.name, spec=delivery.spec, defaults={"price": delivery.price}
    )
    StockMove.objects.create(good=good, change=delivery.quantity, at=clock.now(), key=key)
    Good.objects.filter(id=good.pk).update(stock=F("stock") + delivery.quantity, price=delivery.price)
    good.refresh_from_db()
    return good


def _order(
    actor: Actor,
    shop: Shop,
    household: Household,
    quantities: Mapping[int, int],
    key: str,
    input_hash: str,
) -> tuple[Order, bool]:
    """Give the order under a key, making it if it is new. Two tills with one key meet at its unique index."""
    goods = {good.pk: good for good in Good.objects.filter(shop=shop, id__in=quantities)}
    _require_sellable(quantities, goods)
    try:
        with transaction.atomic():
            order = Order.objects.create(
                shop=shop,
                household=household,
                total=sum(goods[good].price * count for good, count in quantities.items()),
                sold_on=clock.today(),
                sold_at=clock.now(),
                sold_by_kind=actor.kind,
                sold_by_id=actor.id,
                key=key,
                input_hash=input_hash,
            )
    except IntegrityError:
        order = Order.objects.get(key=key)
        if order.input_hash != input_hash:
            raise OrderKeyReused(key=key) from None
        return order, False
    _take_from_stock(order, quantities, goods)
    return order, True


def _require_sellable(quantities: Mapping[int, int], goods: Mapping[int, Good]) -> None:
    if not quantities:
        raise EmptyOrder
    for good_id, count in quantities.items():
        if good_id not in goods:
            raise UnknownGood(name=good_id)
        if count <= 0:
            raise QuantityNotPositive(name=goods[good_id].name)


def _take_from_stock(order: Order, quantities: Mapping[int, int], goods: Mapping[int, Good]) -> None:
    for good_id, count in sorted(quantities.items()):
        if not _take(good_id, count):
            left = Good.objects.values_list("stock", flat=True).get(id=good_id)
            raise OutOfStock(name=goods[good_id].name, left=left, wanted=count)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, good=goods[good_id], quantity=count, price=goods[good_id].price)
        for good_id, count in sorted(quantities.items())
    )
    StockMove.objects.bulk_create(
        StockMove(
            good=goods[good_id],
            change=-count,
            order=order,
            at=order.sold_at,
            key=f"order:{order.key}:{good_id}",
        )
        for good_id, count in sorted(quantities.items())
    )


def _take(good_id: int, count: int) -> bool:
    # The guard is the UPDATE's own condition: the last one on the shelf is sold once.
    return Good.objects.filter(id=good_id, stock__gte=count).update(stock=F("stock") - count) == 1


def _free_digits(now: datetime) -> str:
    """Draw six digits that no living code has. Two drawn alike at the same moment are found to be nobody's."""
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not ShownCode.objects.filter(digits=digits, expires_at__gt=now).exists():
            return digits


def _are_digits(typed: str) -> bool:
    return len(typed) == DIGITS and typed.isascii() and typed.isdigit()


def _by_token(typed: str) -> ShownCode | None:
    living = ShownCode.objects.filter(used_at=None, expires_at__gt=clock.now())
    return (
        living.filter(token_hash=token_hash(typed))
        .select_related("household__unit", "household__village")
        .first()
    )


def _by_digits(actor: Actor, shop: Shop, typed: str) -> ShownCode | CodesLocked | None:
    """Look digits up among the codes of households below the shop's unit; keep the try if they are nobody's."""
    now = clock.now()
    tries = CodeTry.objects.filter(shop=shop, at__gt=now - DIGITS_LOCK).order_by("-at")
    recent = list(tries.values_list("at", flat=True)[:MAX_WRONG_DIGITS])
    if len(recent) == MAX_WRONG_DIGITS:
        until = recent[-1] + DIGITS_LOCK
        return CodesLocked(until=until, clock=f"{until.astimezone(clock.ZONE):%H:%M}")
    living = ShownCode.objects.filter(digits=typed, used_at=None, expires_at__gt=now)
    near = living.filter(household__unit__path__startswith=shop.unit.path)
    found = list(near.select_related("household__unit", "household__village")[:2])
    if len(found) == 1:
        return found[0]
    CodeTry.objects.create(shop=shop, at=now, by_kind=actor.kind, by_id=actor.id)
    return None


def _use(code_id: int, shop: Shop) -> bool:
    # The guard is the UPDATE's own condition: of two tills that scan one code, one gets the household.
    now = clock.now()
    living = ShownCode.objects.filter(id=code_id, used_at=None, expires_at__gt=now)
    return living.update(used_at=now, shop=shop) == 1
