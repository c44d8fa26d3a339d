"""What a household's first page is given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import HELP_PHONE, Context, Pages, notice
from xiangyue.kernel.periods import Period

HOUSEHOLD = Facts(head_name="田禾生", unit_path="第三网格·第二联户组", village_name="青禾村")
DEEDS = [
    Facts(
        title="清理门前排水沟", detail="昨天申报，等网格员核实", badge="待核实", badge_class="gold", url=""
    ),
    Facts(
        title="参加村民会议", detail="11月2日，全户", badge="已核实", badge_class="green", url="/my/deeds/2"
    ),
]


def _home(**changed: Any) -> Context:
    context: Context = {
        "household": HOUSEHOLD,
        "balance": 18600,
        "honour": 64200,
        "pending": 3500,
        "pending_period": Period(2026, 10),
        "rank": 8,
        "today": date(2026, 11, 5),
        "open_notices": [notice()],
        "deeds": DEEDS,
        "ledger_url": "/my/ledger/",
        "notices_url": "/",
        "help_phone": HELP_PHONE,
    }
    return {**context, **changed}


PAGES: Pages = {
    "home": ("phone/home.html", _home()),
    "home-large-figures": (
        "phone/home.html",
        _home(balance=1234567, honour=9876543, pending=-103550, rank=108),
    ),
    "home-empty": (
        "phone/home.html",
        _home(
            balance=0,
            honour=0,
            pending=0,
            pending_period=None,
            rank=None,
            open_notices=[],
            deeds=[],
            help_phone="",
        ),
    ),
}
