"""What the lead's views give to each page: full, least and empty. The people are fanciful."""

import hashlib
from datetime import UTC, date, datetime
from types import SimpleNamespace as Facts
from typing import Any

from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.periods import Period
from xiangyue.ui.paper import poster_pages

Context = dict[str, Any]

NAMES = """
云起山 麦穗香 石榴红 谷雨来 白露清 秋满仓 夏至明 田禾生 苗壮壮 花开富 江春水 雷惊蛰 霍芒种 温小满
韩霜降 冬青松 梅傲雪 兰清幽 竹有节 荷田田 柏长青 松如海 杨柳岸 李桃芳 杏满园 枣儿红 葛藤长 米满囤
豆青青 瓜果香 苏叶紫 艾草香 蒲英黄 芦花白 荞麦花 金穗满 银杏黄 铁树开 池鱼跃 燕归来 鹿鸣野 马蹄轻
牛耕田 羊满坡 鱼满塘 蜂酿蜜 桂花香 茶山青 麻绳牢 方田亩 井水甜 桥横溪 路平阔 车满载 仓有余 丰年余
何稻香 柳成荫 桑叶青 林水长 和风暖 山有根
"""
FIGURES = """
58 52 47 44 41 38 36 35 34 34 32 31 30 30 29 28 27 26 26 25 24 24 23 22 22 21 20 20 19 18 18 17 16
16 15 15 14 14 13 12 12 12 11 10 10 10 9 8 8 7 6 6 5 5 4 4 3 2 2 0 -2 -4
"""
HEADS = NAMES.split()
NET = [int(figure) for figure in FIGURES.split()]
MINUS = {7: 2, 12: 2, 23: 5, 34: 2, 45: 3, 57: 4, 60: 6, 61: 8}
DIGEST = hashlib.sha256("青禾村|第三网格|2026-10".encode()).hexdigest()
HELP_PHONE = "000-1234567"
JURISDICTION = Facts(name="庆禾县")


def _total(place: int, head: str) -> Facts:
    net, minus = NET[place] * 100, MINUS.get(place, 0) * 100
    return Facts(
        rank=NET.index(NET[place]) + 1,
        top=NET[place] >= NET[2],
        masked_name=mask_name(head),
        number=f"{(place * 23 + 42) % 62 + 1:03d}",
        plus=net + minus,
        minus=minus,
        net=net,
        honour=net + 60700,
    )


TOTALS = [_total(place, head) for place, head in enumerate(HEADS)]


def notice(**changed: Any) -> Facts:
    facts: Context = {
        "url": "/n/1",
        "unit_name": "青禾村",
        "sheet_name": "第三网格",
        "town_name": "云岭镇",
        "period": Period(2026, 10),
        "period_label": "10月",
        "serial": "第10期",
        "edition": 1,
        "change_note": "",
        "issued_on": date(2026, 11, 1),
        "deadline": date(2026, 11, 7),
        "days_left": 2,
        "days_passed": 5,
        "days_total": 7,
        "state": "open",
        "superseded_by": None,
        "household_count": 62,
        "households": 62,
        "plus": sum(row.plus for row in TOTALS),
        "minus": sum(row.minus for row in TOTALS),
        "net": sum(row.net for row in TOTALS),
        "objections": 1,
        "code": DIGEST[:16],
        "digest": DIGEST,
    }
    return Facts(**{**facts, **changed})


def _notice_page(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "notice": notice(),
        "totals": TOTALS,
        "mine": Facts(rank=8, head_name="田禾生", net=3500, url="/my/ledger/"),
        "order": "rank",
        "sheets": [
            Facts(name=name, url=f"/n/{place}", current=place == 2)
            for place, name in enumerate(("第一网格", "第二网格", "第三网格"))
        ],
        "print_a3_url": "/n/1/a3",
        "print_a4_url": "/n/1/a4",
        "data_url": "/n/1/data.json",
        "object_url": "/my/object",
        "help_phone": HELP_PHONE,
    }
    return {**context, **changed}


def _print_page(sheet: str, rows: list[Facts], **changed: Any) -> Context:
    return {
        "sheet": sheet,
        "notice": notice(**changed),
        "pages": poster_pages(rows),
        "committee_name": "青禾村积分评议委员会",
        "supervision_name": "青禾村村务监督委员会",
        "qr_url": "https://xy.example/n/2026-10-3",
        "help_phone": HELP_PHONE,
        "notice_url": "/n/1",
        "print_a3_url": "/n/1/a3",
        "print_a4_url": "/n/1/a4",
    }


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


def _object(**changed: Any) -> Context:
    options = [
        Facts(value="line-58", title="门前柴草占道", detail="10月25日", where="第10期第58条", points=-200),
        Facts(value="total-5", title="10月这一整月", detail="少记了、多记了", where="", points=3500),
    ]
    context: Context = {
        "options": options,
        "chosen": "",
        "text": "",
        "key": "k",
        "problem": "",
        "problem_at": "",
        "named": False,
        "deadline": date(2026, 11, 7),
        "answer_by": date(2026, 11, 13),
        "notices_url": "/",
    }
    return {**context, **changed}


def _objected(**changed: Any) -> Context:
    facts: dict[str, Any] = {
        "about": "第10期第58条　门前柴草占道",
        "text": "26日下午就清走了。",
        "is_open": True,
        "is_to_all": False,
        "is_admitted": False,
        "is_named": False,
        "on_behalf": "",
        "badge": "等答复",
        "badge_class": "gold",
        "waits_for": "村里11月13日以前答复",
        "steps": [
            Facts(name="村里", state="done"),
            Facts(name="监督小组", state="now"),
            Facts(name="镇里", state="todo"),
        ],
        "answer": "",
        "corrections": [],
    }
    return {"objection": Facts(**{**facts, **changed}), "home_url": "/my/", "ledger_url": "/my/ledger/"}


def _place(name: str, preset: str, towns: int, villages: int, households: int) -> Facts:
    return Facts(
        name=name,
        slug="slug",
        town_count=towns,
        village_count=villages,
        household_count=households,
        url="/",
        preset_name=preset,
    )


BOARD = [
    notice(),
    notice(unit_name="柳湾村", days_left=0, edition=2),
    notice(unit_name="石桥村", state="superseded"),
    notice(unit_name="枣林村", state="closed", minus=0),
]
CARD = {"jurisdiction": JURISDICTION, "help_phone": HELP_PHONE, "tries_left": None, "locked_until": None}
LOCKED_UNTIL = datetime(2026, 11, 5, 6, 35, tzinfo=UTC)
NOTHING_DECIDED = {"plus": 0, "minus": 0, "net": 0, "households": 0, "objections": 0}

PAGES: dict[str, tuple[str, Context]] = {
    "places": (
        "gate/places.html",
        {"places": [_place("庆禾县", "三六一", 15, 153, 69100), _place("长山岙镇", "", 1, 47, 12040)]},
    ),
    "places-empty": ("gate/places.html", {"places": []}),
    "front": (
        "gate/front.html",
        {"jurisdiction": JURISDICTION, "notices": BOARD, "card_hint": True, "help_phone": HELP_PHONE},
    ),
    "front-signed-in": (
        "gate/front.html",
        {
            "jurisdiction": JURISDICTION,
            "notices": BOARD,
            "card_hint": False,
            "help_phone": HELP_PHONE,
            "signed_in": True,
            "older_url": "?page=2",
            "newer_url": "?page=0",
        },
    ),
    "front-empty": (
        "gate/front.html",
        {"jurisdiction": JURISDICTION, "notices": [], "card_hint": False, "help_phone": ""},
    ),
    "notice": ("gate/notice.html", _notice_page()),
    "notice-public": ("gate/notice.html", _notice_page(mine=None, object_url=None, order="number")),
    "notice-corrected": (
        "gate/notice.html",
        _notice_page(
            notice=notice(edition=2, change_note="田＊生户的扣分改为0分。", days_left=0),
            totals=TOTALS[:5],
            sheets=[],
            object_url=None,
            help_phone="",
        ),
    ),
    "notice-superseded": (
        "gate/notice.html",
        _notice_page(notice=notice(state="superseded", superseded_by="/n/2"), totals=TOTALS[:12]),
    ),
    "notice-empty": (
        "gate/notice.html",
        _notice_page(
            notice=notice(state="closed", sheet_name="", **NOTHING_DECIDED),
            totals=[],
            mine=None,
            sheets=[],
            print_a3_url="",
            print_a4_url="",
            object_url=None,
            help_phone="",
        ),
    ),
    "print-a3": ("gate/notice_print.html", _print_page("a3", TOTALS)),
    "print-a4": ("gate/notice_print.html", _print_page("a4", TOTALS)),
    "print-many": ("gate/notice_print.html", _print_page("a4", TOTALS * 2, edition=2)),
    "print-empty": ("gate/notice_print.html", _print_page("a4", [], sheet_name="", **NOTHING_DECIDED)),
    "card": ("gate/card.html", {**CARD, "state": "fresh"}),
    "card-wrong": ("gate/card.html", {**CARD, "state": "wrong", "tries_left": 3}),
    "card-locked": ("gate/card.html", {**CARD, "state": "locked", "locked_until": LOCKED_UNTIL}),
    "card-gone": ("gate/card.html", {**CARD, "state": "gone", "help_phone": ""}),
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
    "object": ("phone/object.html", _object(chosen="line-58")),
    "object-without-words": (
        "phone/object.html",
        _object(chosen="line-58", problem="请说说哪里不对", problem_at="text"),
    ),
    "object-without-line": (
        "phone/object.html",
        _object(text="柴草已经清走了", problem="请选一条", problem_at="target"),
    ),
    "object-empty": ("phone/object.html", _object(options=[])),
    "object-done": ("phone/object_done.html", _objected()),
    "object-to-all": (
        "phone/object_done.html",
        _objected(is_to_all=True, is_named=True, on_behalf="纸上写的", about="第10期公示"),
    ),
    "object-admitted": (
        "phone/object_done.html",
        _objected(is_to_all=True, is_admitted=True, about="第10期公示"),
    ),
    "object-upheld": (
        "phone/object_done.html",
        _objected(
            is_open=False,
            badge="意见成立",
            badge_class="green",
            waits_for="",
            answer="照片是22日拍的，26日已经清走。",
            corrections=[Facts(line=58, before=-200, after=0)],
        ),
    ),
    "notice-gone": ("gate/gone.html", {"unit_name": "大罗村"}),
    "400": ("400.html", {}),
    "403": ("403.html", {}),
    "403_csrf": ("403_csrf.html", {}),
    "404": ("404.html", {}),
    "429": ("429.html", {}),
    "500": ("500.html", {}),
}
