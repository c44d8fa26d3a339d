"""What a household's own deeds are given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import Context, Pages
from tests.ui.samples.declare import STEPS
from xiangyue.phone.categories import ICONS

STANDS = ("", "waiting", "returned", "noticed", "posted", "ended")
NAMES = ("全部", "在办", "要补充", "公示中", "已入账", "没记上")


def _tabs(stand: str) -> list[Facts]:
    return [
        Facts(name=name, url=f"?stand={each}", is_current=each == stand)
        for each, name in zip(STANDS, NAMES, strict=True)
    ]


def _line(
    title: str, detail: str, points: int | None, badge: str, colour: str, category: int, reason: str = ""
) -> Facts:
    return Facts(
        title=title,
        detail=detail,
        reason=reason,
        points=points,
        badge=badge,
        badge_class=colour,
        url="/my/deeds/1/",
        category_index=category,
        icon=ICONS[category - 1],
    )


LINES = [
    _line("清理河道沟渠", "8月5日，田禾生、桑巧巧", None, "待核实", "gold", 3),
    _line("捐资捐物办公益", "8月3日", None, "退回补充", "red", 6, "要补充：缺收据，请拍一张"),
    _line("参加普法学习", "8月2日，田禾生", None, "待评议", "blue", 4),
    _line("义务投工修路、清渠、植树", "7月28日", 2000, "公示中", "gold", 3, "有异议，先不入账"),
    _line("参加村民会议、议事", "7月20日，桑巧巧", 200, "已入账", "green", 3, "到了上限，少记2分"),
    _line("乱倒垃圾，提醒后仍不清理", "7月11日", -200, "已入账", "green", 5),
    _line("评上道德模范、最美家庭", "7月3日，田禾生", None, "未通过", "", 6, "名单上没有"),
    _line("打扫公共卫生", "7月1日", None, "已撤回", "", 3),
]


def _list(**changed: Any) -> Context:
    context: Context = {
        "tabs": _tabs(""),
        "stand": "",
        "deeds": LINES,
        "newer_url": "",
        "older_url": "?page=2",
        "declare_url": "/my/declare/",
    }
    return {**context, **changed}


def _deed(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "title": "义务投工修路、清渠、植树",
        "number": 127,
        "day": date(2026, 8, 5),
        "people": "田禾生、桑巧巧",
        "description": "东沟，清了两个小时",
        "brought": "自己报的",
        "is_on_behalf": False,
        "points": None,
        "expected": "+12",
        "sentences": ["义务投工修路、清渠、植树，每小时2分，2小时合4分，这次加4分。"],
        "line_name": "",
        "reason": "",
        "reason_by": "",
        "stand": "waiting",
        "is_held": False,
        "badge": "待核实",
        "badge_class": "gold",
        "category_index": 3,
        "icon": ICONS[2],
        "steps": STEPS,
    }
    return Facts(**{**facts, **changed})


def _page(deed: Facts, **changed: Any) -> Context:
    context: Context = {
        "deed": deed,
        "photos": [Facts(url=f"/p/{place}/", small_url=f"/p/{place}/small/") for place in range(4)],
        "is_shared": False,
        "amend_url": "",
        "withdraw_url": "/my/deeds/1/withdraw/",
        "object_url": "",
        "deeds_url": "/my/deeds/",
        "ledger_url": "/my/ledger/",
        "problem": "",
    }
    return {**context, **changed}


RETURNED = _deed(
    badge="退回补充",
    badge_class="red",
    stand="returned",
    reason="照片看不清，\n请再拍一张",
    reason_by="网格员柳成荫",
    steps=[STEPS[0], Facts(day="8月6日", text="网格员柳成荫退回来了，请补充", state="now")],
)
NOTICED = _deed(
    badge="公示中",
    points=2334,
    expected="",
    stand="noticed",
    is_held=True,
    line_name="第8期第58条",
    brought="网格员柳成荫代办的",
    is_on_behalf=True,
    steps=[*STEPS[:1], Facts(day="9月1日至7日", text="张榜公示", state="done")],
)
LEAST = _deed(
    title="打扫公共卫生",
    people="",
    description="",
    sentences=[],
    expected="",
    badge="已撤回",
    badge_class="",
    stand="ended",
    steps=STEPS[:1],
)


def _amend(**changed: Any) -> Context:
    context: Context = {
        "deed": RETURNED,
        "text": "种了三棵",
        "text_length": 500,
        "kept": [],
        "most_photos": 6,
        "upload_url": "/my/drafts/",
        "problem": "",
        "problem_at": "",
        "deed_url": "/my/deeds/1/",
    }
    return {**context, **changed}


PAGES: Pages = {
    "deeds": ("phone/deeds.html", _list()),
    "deeds-nothing-there": (
        "phone/deeds.html",
        _list(tabs=_tabs("ended"), stand="ended", deeds=[], older_url=""),
    ),
    "deeds-empty": ("phone/deeds.html", _list(deeds=[], older_url="")),
    "deed": ("phone/deed.html", _page(_deed())),
    "deed-returned": ("phone/deed.html", _page(RETURNED, amend_url="/my/deeds/1/amend/")),
    "deed-noticed": (
        "phone/deed.html",
        _page(NOTICED, is_shared=True, object_url="/my/object/", withdraw_url="", photos=[]),
    ),
    "deed-least": (
        "phone/deed.html",
        _page(LEAST, photos=[], withdraw_url="", problem="这件事现在是“已撤回”，不能撤回。"),
    ),
    "deed-amend": ("phone/deed_amend.html", _amend(kept=[Facts(token="a" * 32, url="/p/1")])),
    "deed-amend-refused": (
        "phone/deed_amend.html",
        _amend(problem="写得太长了，最多500个字。", problem_at="text"),
    ),
    "deed-amend-photos": ("phone/deed_amend.html", _amend(problem="“a.pdf”不是照片。", problem_at="photos")),
}
