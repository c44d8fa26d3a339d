"""A household's own deeds on their way, in words."""

from django.utils.translation import gettext as _

from xiangyue.people.models import Household
from xiangyue.scoring.models import DeedState, Share

ON_THE_WAY = (DeedState.SUBMITTED, DeedState.RETURNED, DeedState.VERIFIED, DeedState.JUDGED)
BADGES = {
    DeedState.SUBMITTED: "gold",
    DeedState.RETURNED: "red",
    DeedState.VERIFIED: "blue",
    DeedState.JUDGED: "blue",
}
MOST = 5


def deeds_in_progress(household: Household) -> list[dict[str, str]]:
    """Give the newest deeds of a household that are not decided yet, with what each waits for."""
    shares = (
        Share.objects.filter(household=household, deed__state__in=ON_THE_WAY)
        .select_related("deed__indicator")
        .order_by("-deed__submitted_at", "-id")[:MOST]
    )
    waits = {
        DeedState.SUBMITTED: _("等网格员核实"),
        DeedState.RETURNED: _("退回来了，请补充"),
        DeedState.VERIFIED: _("等评议会评定"),
        DeedState.JUDGED: _("等村民代表会议确认"),
    }
    return [
        {
            "title": share.deed.indicator.title,
            "detail": _("%(month)s月%(day)s日，%(waits)s")
            % {
                "month": share.deed.day.month,
                "day": share.deed.day.day,
                "waits": waits[DeedState(share.deed.state)],
            },
            "badge": share.deed.get_state_display(),
            "badge_class": BADGES[DeedState(share.deed.state)],
            "url": "",
        }
        for share in shares
    ]
