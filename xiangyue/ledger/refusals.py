"""How the ledger says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class KeyReused(Refusal):
    code = "key-reused"
    message = _("这一笔（%(key)s）已经办过，但内容和上次不一样。没有再记一次，请核对。")


class NotEnoughPoints(Refusal):
    code = "not-enough-points"
    message = _("分不够：要%(needed)s分，能兑换的只有%(redeemable)s分。")


class NoAccount(Refusal):
    code = "no-account"
    message = _("有%(count)s户还没有积分账户，一笔也没有记。")


class AmountNotPositive(Refusal):
    code = "amount-not-positive"
    message = _("兑换的分数要大于0。")
