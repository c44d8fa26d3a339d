"""What the account is given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any
from uuid import UUID

from tests.ui.samples.common import DIGEST, Context, Pages
from xiangyue.kernel.periods import Period
from xiangyue.phone.ledger import Sheet

URL = "/my/ledger/7/58/"
PHOTO = {"deed": UUID("01900000-0000-7000-8000-000000000001"), "file": 7, "day": date(2026, 10, 25)}


def _pending(title: str, detail: str, points: int, number: int, category: int, **changed: Any) -> Facts:
    icons = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")
    facts: Context = {
        "url": "/my/ledger/line/58/",
        "title": title,
        "detail": detail,
        "points": points,
        "by": "评议会评定",
        "line_no": number,
        "category_index": category,
        "icon": icons[category - 1],
        "photo": None,
        "held": False,
        "corrected": False,
    }
    return Facts(**{**facts, **changed})


def _posted(day: date, title: str, detail: str, points: int, after: int, kind: str, **changed: Any) -> Facts:
    facts: Context = {
        "url": URL,
        "day": day,
        "title": title,
        "detail": detail,
        "points": points,
        "kind": kind,
        "after": after,
        "undone": False,
        "category_index": 3,
        "icon": "building-community",
        "is_plain": kind in ("spend", "other"),
    }
    if facts["is_plain"]:
        facts["icon"] = "gift" if kind == "spend" else "notebook"
    return Facts(**{**facts, **changed})


PENDING = Facts(
    period_label="10月",
    total=3500,
    posts_on=date(2026, 11, 8),
    can_object=True,
    lines=[
        _pending("防汛值守", "10月21、22日，两个夜班", 2000, 41, 3, photo=PHOTO),
        _pending("庭院卫生评比“优”", "10月8日联户互评", 1000, 12, 3),
        _pending("帮独居老人做饭", "10月16日，帮扶一次，桑巧巧", 500, 27, 6, corrected=True),
        _pending("签订喜事简办承诺", "10月12日，全家", 200, 19, 5, by="小事评定"),
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
            _posted(date(2026, 10, 8), "庭院卫生评比“优”", "第9期第8条", 1000, 21800, "gain", undone=True),
            _posted(date(2026, 10, 8), "安装反诈App", "第9期第40条", 200, 20800, "gain"),
            _posted(date(2026, 10, 8), "柴草乱堆，未及时清", "第9期第52条", -200, 20600, "loss"),
        ],
    ),
    Facts(
        period="2026-09",
        gain=123450,
        loss=0,
        spend=0,
        lines=[
            _posted(date(2026, 9, 8), "修路护路", "第8期第2条", 123450, 20800, "gain"),
            _posted(date(2026, 9, 1), "以前的积分", "", 2000, 2000, "other"),
        ],
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
        "object_url": "/my/object/",
        "years": [{"year": 2026, "url": "/my/ledger/2026/"}, {"year": 2025, "url": "/my/ledger/2025/"}],
    }
    return {**context, **changed}


def _facts(*told: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Names with what is said about them, two lines at the most."""
    return [{"name": name, "lines": [said for said in lines if said], "url": ""} for name, *lines in told]


def _sheet(**changed: Any) -> Context:
    facts: Context = {
        "where": "10月公示中　第10期第58条",
        "title": "门前柴草占道",
        "points": -400,
        "kind": "loss",
        "badge": "公示中",
        "badge_class": "gold",
        "facts": _facts(
            ("为什么", "10月25日，田禾生，巡查提醒两日未清", ""),
            ("依据", "细则3.21　门前三包", "每次扣2分，每月最多扣10分"),
            ("用的细则", "青禾村积分细则　2026年1月1日起施行", ""),
            ("怎么算的", "门前柴草占道，每次扣2分；党员按2倍算，是4分，这次扣4分。", ""),
            ("怎么补救", "清走以后拍照报给网格员，下个月不再扣", ""),
            ("谁记的", "网格员 柳成荫　检查评分", ""),
            ("谁评的", "11月1日评议会7人到会，6人同意，1人回避", ""),
        ),
        "notes": [
            {
                "text": "做这件事的是党员。细则定了，党员扣分按2倍：一般扣2分，党员扣4分。",
                "icon": "info-circle",
                "sort": "",
                "url": "",
            }
        ],
        "photos": [PHOTO, {**PHOTO, "day": None}],
        "notice_url": "/n/1",
        "object_url": "/my/object/?target=line-58",
        "object_by": date(2026, 11, 7),
    }
    return {"entry": Sheet(**{**facts, **changed}), "ledger_url": "/my/ledger/"}


HELD = {
    "text": "您家提了异议，还在等答复；答复以前先不入账。",
    "icon": "message-report",
    "sort": "gold",
    "url": "/my/object/1/",
}
NO_DOORS: Context = {"notice_url": "", "object_url": "", "object_by": None}


def _proof(**changed: Any) -> Context:
    sealed = Facts(number=1204, digest=DIGEST, day=date(2026, 10, 8), day_number=1207, day_digest=DIGEST)
    context: Context = {
        "entry": _posted(date(2026, 10, 8), "参加河道清理", "第9期第33条", 1200, 23000, "gain"),
        "sealed": sealed,
        "code": DIGEST[:16],
        "is_final": True,
        "codes_url": "/open/?part=codes",
        "year": 2026,
        "file_url": "/my/proof.json",
        "checker_url": "/my/checker.py",
        "statement_url": "/my/statement.xlsx",
        "entry_url": URL,
    }
    return {**context, **changed}


PAGES: Pages = {
    "ledger": ("phone/ledger.html", _ledger()),
    "ledger-owing": ("phone/ledger.html", _ledger(balance=0, arrears=1250, kind="loss", pending=None)),
    "ledger-empty": (
        "phone/ledger.html",
        _ledger(balance=0, honour=0, pending=None, months=[], older_url="", years=[]),
    ),
    "ledger-no-losses": (
        "phone/ledger.html",
        _ledger(kind="loss", pending=None, months=[], older_url="", newer_url="?after=2026-11"),
    ),
    "ledger-entry": ("phone/ledger_entry.html", _sheet()),
    "ledger-entry-held": (
        "phone/ledger_entry.html",
        _sheet(**NO_DOORS, notes=[HELD], badge="有异议，先不入账"),
    ),
    "ledger-entry-order": (
        "phone/ledger_entry.html",
        _sheet(
            **NO_DOORS,
            where="2026年10月29日入账",
            title="兑换",
            points=-2600,
            kind="spend",
            badge="",
            facts=_facts(
                ("换了什么", "面粉5千克　1份，26分", ""),
                ("在哪里换的", "青禾村积分超市", "2026年10月29日 09:30"),
                ("谁经手的", "仓有余", ""),
                ("单号", "5C2A90F1E7B3", ""),
                ("记完还有", "可用186分", ""),
            ),
            notes=[],
            proof_url=URL,
        ),
    ),
    "ledger-entry-least": (
        "phone/ledger_entry.html",
        _sheet(
            **NO_DOORS,
            where="2026年9月1日入账",
            title="以前的积分",
            kind="other",
            badge="",
            facts=[],
            notes=[],
        ),
    ),
    "ledger-proof": ("phone/ledger_proof.html", _proof()),
    "ledger-proof-today": ("phone/ledger_proof.html", _proof(is_final=False)),
    "ledger-proof-waiting": ("phone/ledger_proof.html", _proof(sealed=None, code="")),
}
