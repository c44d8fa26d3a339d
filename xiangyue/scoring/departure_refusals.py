"""What scoring has against it when households leave a village, end, or a village ends."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class NotYetPosted(Refusal):
    """Facts: count (of shares), villages (whose meetings decided them)."""

    code = "decided-not-posted"
    message = _("%(villages)s评定过的还有%(count)s条没有入账。请先张榜，等公示期满入账，再办。")


class ObjectionsOpen(Refusal):
    """Facts: count."""

    code = "objections-open"
    message = _("还有%(count)s件异议没有答复。请先答复，再办。")


class DeedsOpen(Refusal):
    """Facts: count."""

    code = "deeds-open"
    message = _("还有%(count)s件积分事项没有办完。请先评定或者撤回，再办。")
