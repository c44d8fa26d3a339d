"""What the account is given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import Context, Pages
from xiangyue.kernel.periods import Period


def _pending(
    title: str, detail: str, points: int, number: int, category: int, *, held: bool = False
) -> Facts:
    icons = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")
    return Facts(
        title=title,
        detail=detail,
        points=points,
        line_no=number,
        category_index=category,
        icon=icons[category - 1],
        held=held,
    )


def _posted(day: date, title: str, detail: str, points: int, after: int, kind: str) -> Facts:
    return Facts(
        day=day,
        title=title,
        detail=detail,
        points=points,
        kind=kind,
        after=after,
        category_index=3,
        icon="building-community",
    )


PENDING = Facts(
    period_label="10月",
    total=3500,
    posts_on=date(2026, 11, 8),
    lines=[
        _pending("防汛值守", "10月21、22日，两个夜班", 2000, 41, 3),
        _pending("庭院卫生评比“优”", "10月8日联户互评", 1000, 12, 3),
        _pending("帮独居老人做饭", "10月16日，帮扶一次，桑巧巧", 500, 27, 6),
        _pending("签订喜事简办承诺", "10月12日，全家", 200, 19, 5),
        _pending("门前柴草占道", "10月25日巡查，提醒两日未清", -200, 58, 3, held=True),
    ],
)
MONTHS = [
    Facts(
        period=Period(2026, 10),
        gain=2400,
        loss=-200,
        spend=-4400,
        lines=[
            _posted(date(2026, 10, 29), "兑换 面粉5千克", "青禾村积分超市", -2600, 18600, "spend"),
            _posted(date(2026, 10, 15), "兑换 洗衣液2千克", "青禾村积分超市", -1800, 21200, "spend"),
            _posted(date(2026, 10, 8), "参加河道清理", "第9期第33条", 1200, 23000, "gain"),
            _posted(date(2026, 10, 8), "庭院卫生评比“优”", "第9期第8条", 1000, 21800, "gain"),
            _posted(date(2026, 10, 8), "安装反诈App", "第9期第40条", 200, 20800, "gain"),
            _posted(date(2026, 10, 8), "柴草乱堆，未及时清", "第9期第52条", -200, 20600, "loss"),
        ],
    ),
    Facts(
        period="2026-09",
        gain=123450,
        loss=0,
        spend=0,
        lines=[_posted(date(2026, 9, 8), "修路护路", "第8期第2条", 123450, 20800, "gain")],
    ),
]


def _ledger(**changed: Any) -> Context:
    context: Context = {
        "balance": 18600,
        "honour": 64200,
        "arrears": 0,
        "kind": "all",
        "pending": PENDING,
        "months": MONTHS,
        "newer_url": "",
        "older_url": "?before=2026-09",
        "notices_url": "/",
    }
    return {**context, **changed}


PAGES: Pages = {
    "ledger": ("phone/ledger.html", _ledger()),
    "ledger-owing": ("phone/ledger.html", _ledger(balance=0, arrears=1250, kind="loss", pending=None)),
    "ledger-empty": (
        "phone/ledger.html",
        _ledger(balance=0, honour=0, pending=None, months=[], older_url=""),
    ),
    "ledger-no-losses": (
        "phone/ledger.html",
        _ledger(kind="loss", pending=None, months=[], older_url="", newer_url="?after=2026-11"),
    ),
}
