"""What the pages for help and complaints are given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import HELP_PHONE, JURISDICTION, Context, Pages

LINES = [
    Facts(label="第三网格网格员", place="第三网格", phone=HELP_PHONE, icon="user"),
    Facts(label="村委会办公室", place="青禾村", phone="000-7654321", icon="building-community"),
    Facts(label="监督电话", place="云岭镇", phone="000-1111222", icon="scale"),
    Facts(label="县里热线", place="庆禾县", phone="12345", icon="headset"),
]
GROUPS = [
    Facts(name="庆禾县", units=[Facts(code="1", name="庆禾县")]),
    Facts(name="云岭镇", units=[Facts(code="2", name="云岭镇"), Facts(code="3", name="青禾村")]),
]
OWN = [
    Facts(code="5", name="第三网格", level="网格"),
    Facts(code="3", name="青禾村", level="行政村"),
    Facts(code="2", name="云岭镇", level="镇"),
]
KINDS = [
    Facts(value="points", label="积分不公平"),
    Facts(value="staff", label="办事的人不对"),
    Facts(value="privacy", label="说出了我家的事"),
    Facts(value="other", label="别的事"),
]


def _help(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "lines": LINES,
        "has_near": True,
        "groups": [],
        "chosen": "5",
        "is_chosen": True,
        "complain_url": "/complain/",
        "signed_in": True,
    }
    return {**context, **changed}


def _complain(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "own_units": OWN,
        "groups": [],
        "chosen": "3",
        "kinds": KINDS,
        "kind": "staff",
        "text": "叫我们都去装一个软件。",
        "longest": 2000,
        "named": False,
        "key": "k",
        "problem": "",
        "problem_at": "",
        "help_url": "/help/",
        "signed_in": True,
    }
    return {**context, **changed}


def _complained(**changed: Any) -> Context:
    facts: Context = {
        "about": "青禾村",
        "kind": "硬要我做什么",
        "text": "叫我们都去装一个软件，\n不装不给分。",
        "answered_by": "云岭镇",
        "answer_by": date(2026, 11, 20),
        "is_open": True,
        "is_top": False,
        "goes_on": True,
        "badge": "等答复",
        "badge_class": "gold",
        "answer": "",
        "again_url": "",
        "is_hidden": True,
    }
    return {
        "jurisdiction": JURISDICTION,
        "complaint": Facts(**{**facts, **changed}),
        "help_url": "/help/",
    }


PAGES: Pages = {
    "help": ("gate/help.html", _help()),
    "help-stranger": ("gate/help.html", _help(groups=GROUPS, is_chosen=False, signed_in=False)),
    "help-empty": ("gate/help.html", _help(lines=[], has_near=False)),
    "complain": ("gate/help_complain.html", _complain()),
    "complain-stranger": (
        "gate/help_complain.html",
        _complain(own_units=[], groups=GROUPS, chosen="", kind="", text="", signed_in=False),
    ),
    "complain-without-unit": (
        "gate/help_complain.html",
        _complain(chosen="", problem="请选要投诉哪里", problem_at="about"),
    ),
    "complain-without-words": (
        "gate/help_complain.html",
        _complain(
            own_units=[],
            groups=GROUPS,
            text="",
            problem="请说说是什么事。",
            problem_at="text",
            signed_in=False,
        ),
    ),
    "complain-too-many": (
        "gate/help_complain.html",
        _complain(problem="1小时里收到的已经有10件，网上先不收了。急事请打电话，或者过一阵再提。"),
    ),
    "complained": ("gate/help_complained.html", _complained()),
    "complained-about-the-top": (
        "gate/help_complained.html",
        _complained(about="庆禾县", answered_by="庆禾县", is_top=True, goes_on=False, is_hidden=False),
    ),
    "complained-answered": (
        "gate/help_complained.html",
        _complained(
            is_open=False,
            badge="答复了",
            badge_class="green",
            answer="已经说过村里：装不装自己定。\n分照给。",
            again_url="/complain/?unit=441823",
        ),
    ),
}
