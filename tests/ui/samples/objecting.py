"""What objecting is given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import Context, Pages
from xiangyue.scoring.models import ObjectionKind, ObjectionWay


def _option(
    value: str, title: str, detail: str, points: int | None, where: str = "", rule: str = ""
) -> Facts:
    return Facts(value=value, title=title, detail=detail, points=points, where=where, rule=rule)


STRAW = _option("line-58", "门前柴草占道", "10月25日", -200, "第10期第58条", "细则3.21")
OPTIONS = [
    STRAW,
    _option("total-5", "10月这一整月", "少记了、多记了", 3500),
    _option("notice-3", "10月整期公示", "不是哪一户的事，是整个榜有问题", None),
]
KINDS = [Facts(value=kind.value, name=kind.label) for kind in ObjectionKind]
WAYS = [
    Facts(value=way.value, name=way.label)
    for way in (ObjectionWay.PERSON, ObjectionWay.PHONE, ObjectionWay.PAPER)
]


def _object(**changed: Any) -> Context:
    context: Context = {
        "chosen": STRAW,
        "options": [],
        "kinds": KINDS,
        "kind": "",
        "text": "",
        "hidden": True,
        "ways": [],
        "way": "",
        "most_photos": 3,
        "key": "k",
        "problem": "",
        "problem_at": "",
        "deadline": date(2026, 11, 7),
        "answer_by": date(2026, 11, 13),
        "is_to_all": False,
        "choose_url": "/my/object/",
        "notices_url": "/",
    }
    return {**context, **changed}


def _objected(**changed: Any) -> Context:
    facts: dict[str, Any] = {
        "about": "门前柴草占道",
        "where": "第10期第58条",
        "kind": "已经改了",
        "text": "26日下午就清走了。",
        "photos": [],
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
        "history": [
            Facts(day=date(2026, 11, 2), text="您提了异议，村里收下了"),
            Facts(day=date(2026, 11, 14), text="村里没有按时答复，转给监督小组"),
        ],
        "answer": "",
        "corrections": [],
        "edition": None,
        "complain_url": "",
    }
    return {"objection": Facts(**{**facts, **changed}), "home_url": "/my/", "ledger_url": "/my/ledger/"}


PAGES: Pages = {
    "object": ("phone/object.html", _object(kind="mended", text="26日下午就清走了，网格员没来看。")),
    "object-choose": ("phone/object.html", _object(chosen=None, options=OPTIONS)),
    "object-all": (
        "phone/object.html",
        _object(chosen=OPTIONS[2], kinds=KINDS[3:], is_to_all=True, hidden=False),
    ),
    "object-without-words": (
        "phone/object.html",
        _object(kind="other", problem="请写明理由。", problem_at="text"),
    ),
    "object-without-line": (
        "phone/object.html",
        _object(
            chosen=None,
            options=OPTIONS,
            text="柴草已经清走了",
            problem="请选哪一条不对。",
            problem_at="target",
        ),
    ),
    "object-with-no-photo": (
        "phone/object.html",
        _object(kind="mended", problem="“说明.docx”不是照片。", problem_at="photos"),
    ),
    "object-on-behalf": (
        "phone/object.html",
        _object(
            ways=WAYS, way="person", problem="这件事是您自己报的，要由别人来办（回避）。", problem_at="target"
        ),
    ),
    "object-empty": ("phone/object.html", _object(chosen=None)),
    "object-done": ("phone/object_done.html", _objected()),
    "object-photos": (
        "phone/object_done.html",
        _objected(photos=[Facts(url="/p/1", small_url="/static/ours/img/seal.svg")] * 3, text=""),
    ),
    "object-to-all": (
        "phone/object_done.html",
        _objected(
            is_to_all=True,
            is_named=True,
            on_behalf="纸上写的",
            about="整期公示",
            where="",
            kind="",
            history=[],
        ),
    ),
    "object-admitted": (
        "phone/object_done.html",
        _objected(is_to_all=True, is_admitted=True, about="第10期公示"),
    ),
    "object-dismissed": (
        "phone/object_done.html",
        _objected(
            is_open=False,
            badge="意见不成立",
            badge_class="",
            waits_for="",
            answer="26日网格员去看过，柴草还在。",
            complain_url="/complain/?unit=441823001002",
        ),
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
            edition=Facts(number=2, url="/n/2"),
        ),
    ),
}
