"""How rosters are refused as a whole."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class RosterCollided(Refusal):
    """Somebody else registered the same number or person in the same moment."""

    code = "roster-collided"
    message = _("刚才有别人也在改这些户，所以什么都没有存。请再导入一次。")
    field = "file"
