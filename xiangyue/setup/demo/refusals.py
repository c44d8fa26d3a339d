"""How the demo says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnknownPlace(Refusal):
    code = "unknown-place"
    message = _("演示里没有叫“%(slug)s”的辖区。有：%(slugs)s。")
    field = "only"
