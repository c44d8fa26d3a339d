"""How the shop says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnknownShop(Refusal):
    code = "unknown-shop"
    message = _("%(unit)s没有叫“%(name)s”的积分超市。")
    field = "shop"


class ShopExists(Refusal):
    code = "shop-exists"
    message = _("%(unit)s已经有叫“%(name)s”的积分超市。")
    field = "name"


class UnknownGood(Refusal):
    code = "unknown-good"
    message = _("这家店没有“%(name)s”。")
    field = "goods"


class AmbiguousGood(Refusal):
    """Facts: name, specs (of the goods that have that name, joined)."""

    code = "ambiguous-good"
    message = _("“%(name)s”不止一种：%(specs)s。请把规格也写上。")
    field = "goods"


class PriceNotPositive(Refusal):
    code = "price-not-positive"
    message = _("“%(name)s”的价钱要大于0分。")
    field = "price"


class QuantityNotPositive(Refusal):
    code = "quantity-not-positive"
    message = _("“%(name)s”的数量要大于0。")
    field = "quantity"


class OutOfStock(Refusal):
    code = "out-of-stock"
    message = _("“%(name)s”只剩%(left)s件，要%(wanted)s件，不够。")
    field = "quantity"


class EmptyOrder(Refusal):
    code = "empty-order"
    message = _("还没有选要兑换的东西。")
    field = "goods"


class OrderKeyReused(Refusal):
    code = "order-key-reused"
    message = _("这张兑换单（%(key)s）已经办过，但内容和这次不一样。没有再扣分，请核对。")


class DeliveryKeyReused(Refusal):
    code = "delivery-key-reused"
    message = _("这次进货（%(key)s）已经记过，但内容和这次不一样。没有再记，请核对。")


class ShopStillOpen(Refusal):
    """A unit that ends has a shop, and no other unit takes it over. Facts: unit, name."""

    code = "shop-still-open"
    message = _("%(unit)s还有积分超市“%(name)s”，不能撤。并到或者划到别的单位时，超市会跟着过去。")


class NotOwnCode(Refusal):
    code = "not-own-code"
    message = _("积分码只有自家人能出示，别人不能代办。")


class MayNotRedeem(Refusal):
    code = "may-not-redeem"
    message = _("家里没有让您用积分兑换。要用，请家里的大人在“我家”里打开。")


class CodeUnknown(Refusal):
    """Said alike of a code that never was, has expired, was used, or is of another county."""

    code = "code-unknown"
    message = _("这个码不能用：可能过了时间，或者用过了。请对方换一个新码，再扫一次。")
    field = "code"


class CodesLocked(Refusal):
    """Facts: until (aware moment), clock (in words)."""

    code = "codes-locked"
    message = _("六个数错的次数多了，%(clock)s以后再输。可以扫码，也可以报户号。")
    field = "code"
