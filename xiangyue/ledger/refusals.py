"""How the ledger says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class KeyReused(Refusal):
    code = "key-reused"
    message = _("这一笔（%(key)s）已经办过，但内容和上次不一样。没有再记一次，请核对。")


class KeyTooLong(Refusal):
    code = "key-too-long"
    message = _("这一笔的编号太长，最多%(most)s个字。")


class NotEnoughPoints(Refusal):
    code = "not-enough-points"
    message = _("分不够：要%(needed)s分，能兑换的只有%(redeemable)s分。")


class NoAccount(Refusal):
    code = "no-account"
    message = _("有%(count)s户还没有积分账户，或者已经销户，一笔也没有记。")


class AmountNotPositive(Refusal):
    code = "amount-not-positive"
    message = _("分数要大于0。")


class AmountIsZero(Refusal):
    code = "amount-is-zero"
    message = _("加分或扣分，分数不能是0。")


class FloorsCrossed(Refusal):
    code = "floors-crossed"
    message = _("可用积分的下限不能高于0，也不能高于不可兑换的基础分。")


class NoSuchAccount(Refusal):
    code = "no-such-account"
    message = _("这位持有者没有“%(kind)s”账户，或者已经销户。")


class CurrencyMixed(Refusal):
    code = "currency-mixed"
    message = _("两个账户记的不是同一样东西，不能互转。")


class UnknownHold(Refusal):
    code = "unknown-hold"
    message = _("没有这一笔预留。")


class HoldEnded(Refusal):
    code = "hold-ended"
    message = _("这一笔预留%(state)s，不能再动。")


class HoldEndsInThePast(Refusal):
    code = "hold-ends-in-the-past"
    message = _("预留的到期时间已经过了。")
    field = "ends_at"


class MoreThanHeld(Refusal):
    code = "more-than-held"
    message = _("只预留了%(held)s分，不能记%(amount)s分。")


class HasOpenHolds(Refusal):
    code = "has-open-holds"
    message = _("这一户还有%(held)s分预留着，先兑付或取消，再办。")


class SameHolder(Refusal):
    code = "same-holder"
    message = _("转出和转入是同一户。")


class MoreThanThere(Refusal):
    code = "more-than-there"
    message = _("要转出%(asked)s分，只有%(there)s分。")


class UnknownBatch(Refusal):
    code = "unknown-batch"
    message = _("没有这一笔账：%(batch)s。")


class UnknownLine(Refusal):
    code = "unknown-transfer-line"
    message = _("这一笔账里没有第%(line)s条。")


class AlreadyReversed(Refusal):
    code = "already-reversed"
    message = _("第%(line)s条已经冲正过，不能再冲。")


class IsReversal(Refusal):
    code = "is-reversal"
    message = _("这一笔本身就是冲正，不能再冲正；要恢复，请另记一笔。")


class NoReason(Refusal):
    code = "no-reason"
    message = _("请写明原因。")
    field = "reason"


class CarryOutOfRange(Refusal):
    code = "carry-out-of-range"
    message = _("结转比例要在0到100之间，保留的分不能是负数。")
