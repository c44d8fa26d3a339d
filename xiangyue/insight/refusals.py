"""How reading says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class NothingSealed(Refusal):
    code = "nothing-sealed"
    message = _("这一户还没有封存过的账。")
