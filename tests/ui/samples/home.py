"""What a household's first page and its code for the till are given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import HELP_PHONE, Context, Pages
from xiangyue.kernel.periods import Period

HOUSEHOLD = Facts(
    head_name="田禾生",
    unit_path="第三网格·第二联户组",
    unit_name="第二联户组",
    village_name="青禾村",
    honour_title="四星户",
)
MATTERS = [
    Facts(
        title="10月积分正在公示",
        detail="有错可提异议，11月7日截止",
        badge="还剩2天",
        badge_class="red",
        url="/n/1",
    ),
    Facts(
        title="清理门前排水沟", detail="昨天申报，等网格员核实", badge="待核实", badge_class="gold", url=""
    ),
    Facts(
        title="参加村民会议", detail="11月2日，全户", badge="已核实", badge_class="green", url="/my/deeds/2"
    ),
]
HANGING = [
    Facts(title="青禾村第10期专项第1次积分公示", detail="11月3日张榜，11月9日以前可以提异议", url="/n/2"),
    Facts(title="青禾村9月积分公示", detail="10月1日张榜，10月7日公示期满", url="/n/3"),
]


def _home(**changed: Any) -> Context:
    context: Context = {
        "household": HOUSEHOLD,
        "balance": 18600,
        "honour": 64200,
        "pending": 3500,
        "pending_period": Period(2026, 10),
        "is_ranked": True,
        "rank": 8,
        "rise": 3,
        "today": date(2026, 11, 5),
        "open_count": 1,
        "matters": MATTERS,
        "hanging": HANGING,
        "ledger_url": "/my/ledger/",
        "notices_url": "/",
        "code_url": "/my/code/",
        "help_phone": HELP_PHONE,
    }
    return {**context, **changed}


def _code(**changed: Any) -> Context:
    context: Context = {
        "head_name": "田禾生",
        "balance": 18600,
        "home_url": "/my/home/",
        "again_url": "/my/code/",
        "who_may": ["桑巧巧"],
        "token": "5E1F00C4A2B39D7781C6E0954D2FA8B3",
        "digits": "418 207",
        "seconds": 50,
        "next_url": "/my/code/?renewed=1",
    }
    return {**context, **changed}


PAGES: Pages = {
    "home": ("phone/home.html", _home()),
    "home-large-figures": (
        "phone/home.html",
        _home(balance=1234567, honour=9876543, pending=-103550, rank=108, rise=-12),
    ),
    "home-unranked": ("phone/home.html", _home(is_ranked=False, rank=None, rise=None)),
    "home-empty": (
        "phone/home.html",
        _home(
            household=Facts(**{**vars(HOUSEHOLD), "honour_title": ""}),
            balance=0,
            honour=0,
            pending=0,
            pending_period=None,
            rank=None,
            rise=None,
            open_count=0,
            matters=[],
            hanging=[],
            help_phone="",
        ),
    ),
    "code": ("phone/code.html", _code()),
    "code-at-rest": ("phone/code.html", _code(balance=123456789, who_may=[], next_url="")),
    "code-refused": (
        "phone/code_refused.html",
        {**_code(), "problem": "积分码只有自家人能出示，别人不能代办。"},
    ),
}
