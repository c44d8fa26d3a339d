"""What objecting is given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import Context, Pages


def _object(**changed: Any) -> Context:
    options = [
        Facts(value="line-58", title="门前柴草占道", detail="10月25日", where="第10期第58条", points=-200),
        Facts(value="total-5", title="10月这一整月", detail="少记了、多记了", where="", points=3500),
        Facts(
            value="notice-3",
            title="10月整期公示",
            detail="不是哪一户的事，是整个榜有问题",
            where="",
            points=None,
        ),
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


PAGES: Pages = {
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
}
