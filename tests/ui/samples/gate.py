"""What the public pages are given: full, least and empty."""

from datetime import UTC, datetime
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import CHANGES, HELP_PHONE, JURISDICTION, SPECIAL, TOTALS, Context, Pages, notice
from xiangyue.ui.paper import poster_pages


def _notice_page(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "notice": notice(),
        "totals": TOTALS,
        "mine": Facts(rank=8, head_name="田禾生", net=3500, url="/my/ledger/"),
        "order": "rank",
        "lines": [],
        "first": 1,
        "newer_url": None,
        "older_url": None,
        "check_url": "/n/1/check",
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


LINES = [
    Facts(
        line_no=place,
        masked_name=row.masked_name,
        number=row.number,
        points=-row.minus if row.minus else row.plus,
        changed=place == 3,
        target=f"line-{place}" if place < 20 else "",
    )
    for place, row in enumerate(TOTALS[:30], start=1)
]
TOWNS = [
    Facts(code=str(place), name=f"{name}镇")
    for place, name in enumerate(["云岭", "柳湾", "石桥", "枣林", "荷塘", "麦坡"])
]
GRIDS = (("第一网格", "/n/1"), ("第二网格", "/n/2"), ("第三网格", "/n/3"))
CHOICE = Facts(towns=TOWNS, town=None, query="", is_narrow=False)
BOARD = [
    notice(),
    notice(unit_name="柳湾村", days_left=0, edition=2),
    notice(unit_name="石桥村", state="superseded"),
    notice(unit_name="枣林村", state="closed", minus=0),
    notice(unit_name="青禾村", household_count=1, special=1, serial="第10期专项第1次"),
]
CARD = {"jurisdiction": JURISDICTION, "help_phone": HELP_PHONE, "tries_left": None, "locked_until": None}
LOCKED_UNTIL = datetime(2026, 11, 5, 6, 35, tzinfo=UTC)
NOTHING_DECIDED = {"plus": 0, "minus": 0, "net": 0, "households": 0, "objections": 0}


PAGES: Pages = {
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
    "front-county": (
        "gate/front.html",
        {
            "jurisdiction": JURISDICTION,
            "choice": CHOICE,
            "notices": [Facts(**{**vars(each), "grids": GRIDS}) for each in BOARD],
            "open_url": "/open/",
            "rules_url": "/rules/",
            "older_url": "?page=2",
        },
    ),
    "front-not-found": (
        "gate/front.html",
        {
            "jurisdiction": JURISDICTION,
            "choice": Facts(towns=TOWNS, town=TOWNS[1], query="没有这个村", is_narrow=True),
            "notices": [],
            "open_url": "/open/",
            "rules_url": "/rules/",
        },
    ),
    "front-empty": (
        "gate/front.html",
        {"jurisdiction": JURISDICTION, "notices": [], "card_hint": False, "help_phone": ""},
    ),
    "notice": ("gate/notice.html", _notice_page()),
    "notice-public": ("gate/notice.html", _notice_page(mine=None, object_url=None, order="number")),
    "notice-lines": ("gate/notice.html", _notice_page(order="lines", totals=[], lines=LINES)),
    "notice-long": (
        "gate/notice.html",
        _notice_page(mine=None, object_url=None, older_url="?order=rank&page=2", totals=TOTALS * 2),
    ),
    "notice-second-page": (
        "gate/notice.html",
        _notice_page(
            first=101, newer_url="?order=rank&page=1", older_url="?order=rank&page=3", totals=TOTALS[:20]
        ),
    ),
    "notice-check": (
        "gate/notice_check.html",
        {
            "jurisdiction": JURISDICTION,
            "notice": notice(),
            "notice_url": "/n/1",
            "data_url": "/n/1/data.json",
            "print_a3_url": "/n/1/a3",
            "print_a4_url": "/n/1/a4",
        },
    ),
    "notice-corrected": (
        "gate/notice.html",
        _notice_page(
            notice=notice(edition=2, changes=CHANGES, days_left=0),
            totals=[Facts(**{**vars(row), "changed": row is TOTALS[2]}) for row in TOTALS[:5]],
            sheets=[],
            object_url=None,
            help_phone="",
        ),
    ),
    "notice-special": ("gate/notice.html", _notice_page(notice=notice(**SPECIAL), totals=TOTALS[:1])),
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
    "print-corrected": (
        "gate/notice_print.html",
        _print_page(
            "a4",
            [Facts(**{**vars(row), "changed": row is TOTALS[2]}) for row in TOTALS],
            edition=2,
            changes=CHANGES,
        ),
    ),
    "print-special": ("gate/notice_print.html", _print_page("a4", TOTALS[:1], **SPECIAL)),
    "print-empty": ("gate/notice_print.html", _print_page("a4", [], sheet_name="", **NOTHING_DECIDED)),
    "card": ("gate/card.html", {**CARD, "state": "fresh"}),
    "card-wrong": ("gate/card.html", {**CARD, "state": "wrong", "tries_left": 3}),
    "card-locked": ("gate/card.html", {**CARD, "state": "locked", "locked_until": LOCKED_UNTIL}),
    "card-gone": ("gate/card.html", {**CARD, "state": "gone", "help_phone": ""}),
    "notice-gone": ("gate/gone.html", {"unit_name": "大罗村"}),
    "400": ("400.html", {}),
    "403": ("403.html", {}),
    "403_csrf": ("403_csrf.html", {}),
    "404": ("404.html", {}),
    "429": ("429.html", {}),
    "500": ("500.html", {}),
}
