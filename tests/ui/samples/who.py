"""What the pages on who one is are given."""

from types import SimpleNamespace as Facts

from tests.ui.samples.common import Context, Pages

HOUSEHOLDS = [
    Facts(id="1", head_name="田禾生", where="青禾村　018", is_open=True),
    Facts(id="2", head_name="欧阳麦穗香", where="青禾村　004", is_open=False),
]


def _who(**changed: object) -> Context:
    context: Context = {
        "name": "桑叶青",
        "households": HOUSEHOLDS,
        "offices": [Facts(title="网格员", unit="第三网格"), Facts(title="评议委员", unit="青禾村")],
        "may_help": True,
        "has_password": True,
        "second_factor": True,
    }
    return {**context, **changed}


def _helping(**changed: object) -> Context:
    context: Context = {
        "households": [Facts(id="1", head_name="田禾生", where="青禾村　018")],
        "has_more": True,
        "sought": "0",
        "reason": "",
        "problem": "",
        "waiting": "",
    }
    return {**context, **changed}


PAGES: Pages = {
    "who": ("phone/who.html", _who()),
    "who-nobody": (
        "phone/who.html",
        _who(households=[], offices=[], may_help=False, has_password=False, second_factor=False),
    ),
    "helping": ("phone/helping.html", _helping()),
    "helping-refused": ("phone/helping.html", _helping(problem="这一户已经销户。", has_more=False)),
    "helping-waiting": ("phone/helping.html", _helping(waiting="田禾生家要先点头。", sought="")),
    "helping-none": ("phone/helping.html", _helping(households=[], has_more=False)),
    "who-on-behalf": ("phone/who.html", _who() | {"on_behalf_of": "田禾生"}),
}
