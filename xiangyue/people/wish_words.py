"""What only the household itself decides, in the words of the refusal."""

from typing import Final

from django.utils.translation import gettext_lazy as _

WHO_REDEEMS: Final = _("家里谁能兑换")
WHETHER_RANKED: Final = _("上不上公开的排名榜")
WHO_HELPS: Final = _("别人能不能替这一户代办")
