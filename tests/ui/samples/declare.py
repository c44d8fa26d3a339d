"""What declaring is given: full, least and empty."""

from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import HELP_PHONE, Context, Pages
from xiangyue.phone.categories import ICONS

CATEGORIES = [
    Facts(
        name=name,
        url=f"?category={place}",
        is_current=place == 3,
        category_index=place,
        icon=ICONS[place - 1],
    )
    for place, name in enumerate(
        ("教育引导", "产业发展", "村级事务", "遵纪守法", "移风易俗", "支持党组织工作"), start=1
    )
]


def _row(title: str, detail: str, figure: str = "", why: str = "") -> Facts:
    return Facts(title=title, detail=detail, figure=figure, why=why, url="" if why else "/my/declare/1/")


ROWS = [
    _row("庭院卫生评比", "每次5分", "+5～10", why="由联户组长来报，不用自己报"),
    _row("打扫公共卫生", "每人每次1～10分，全户每月最多40分", "+1～10"),
    _row("清理河道沟渠", "每人每次6分", "+6"),
    _row("义务投工修路、清渠、植树", "每小时2分，每月最多40分", "+2"),
    _row("评上文明家庭、最美家庭", "村级10分、镇级20分、县级40分", "+10～40"),
    _row("捐资捐物办公益", "一事一议"),
    _row("巡河防溺水", "每天5分", "+5", why="现在不在时候：6月1日至9月30日"),
    _row("参加村民会议、议事", "每人每次2分，每月最多2次", "+2", why="本月这一项已记2次，满了"),
]
CARD = Facts(
    title="清理河道沟渠",
    category="村级事务",
    worth="每人每次6分，每月最多4次",
    category_index=3,
    icon="building-community",
)
PEOPLE = [
    Facts(id=place, name=name, is_chosen=place < 2)
    for place, name in enumerate(("田禾生", "桑巧巧", "田小满", "田奶奶"))
]
NOT_KNOWN = Facts(is_known=False, who="", figure="", is_open=False, is_cut=False, sentences=[], together=[])
KNOWN = Facts(
    is_known=True,
    who="2人",
    figure="+12",
    is_open=False,
    is_cut=False,
    sentences=["清理河道沟渠，每次6分，这次加6分。"],
    together=[],
)
CUT = Facts(
    is_known=True,
    who="全家",
    figure="+23.34",
    is_open=True,
    is_cut=True,
    sentences=["新修道路，每次70分；一共70分，3个参加的平分，这里分到23.34分；本月最多20分，这次加20分。"],
    together=[Facts(number="004", name="麦＊香"), Facts(number="050", name="秋＊仓")],
)
STEPS = [
    Facts(day="8月5日", text="报上了", state="done"),
    Facts(day="8月12日以前", text="网格员柳成荫核实", state="now"),
    Facts(day="9月5日以前", text="评议会评定", state="todo"),
    Facts(day="9月8日以前", text="村民代表会议确认", state="todo"),
    Facts(day="9月10日以前", text="张榜公示", state="todo"),
    Facts(day="9月15日以前", text="没有异议就入账，可以兑换", state="todo"),
]


def _pick(**changed: Any) -> Context:
    context: Context = {
        "categories": CATEGORIES,
        "chosen": "村级事务",
        "rows": ROWS,
        "q": "",
        "helper": Facts(title="第三网格网格员", phone=HELP_PHONE),
        "home_url": "/my/",
    }
    return {**context, **changed}


def _form(**changed: Any) -> Context:
    typed = Facts(key="k", others="", amount="", row="", role="", place="", note="", activity="", fact="")
    days = [("2026-08-05", "今天"), ("2026-08-04", "昨天")]
    context: Context = {
        "indicator": CARD,
        "closed": "",
        "is_on_behalf": False,
        "typed": typed,
        "people": PEOPLE,
        "must_name": True,
        "is_shared": False,
        "asks_others": False,
        "unit": "",
        "rows": [],
        "roles": [],
        "asks_activity": False,
        "asks_fact": False,
        "proofs": "照片",
        "evidence": "照片",
        "needs_place": False,
        "days": [
            Facts(value=value, name=name, is_chosen=not place) for place, (value, name) in enumerate(days)
        ],
        "other_day": "other",
        "is_other_day": False,
        "date": "",
        "last_day": "2026-08-05",
        "kept": [],
        "most_photos": 6,
        "upload_url": "/my/drafts/",
        "photos_problem": "",
        "ahead": KNOWN,
        "what_follows": "网格员柳成荫核实后，评议会评定。公示没有异议，最晚9月15日入账。",
        "problems": {},
        "first_problem": "",
        "pick_url": "/my/declare/",
        "foreseen_url": "/my/declare/1/foreseen/",
    }
    return {**context, **changed}


def _refused() -> Context:
    problems = {
        "people": "请选是谁参加的。",
        "others": "联和村没有户号是“999”的户。",
        "amount": "“义务投工修路、清渠、植树”按小时计分，请写清是多少小时。",
        "row": "请写清是哪一档：村级、镇级。",
        "role": "“义务投工修路、清渠、植树”各人的分不一样，请写清是哪一种：组织的、参加的。",
        "day": "2026-08-09还没到，不能先记。",
        "place": "写得太长了，最多60个字。",
        "note": "写得太长了，最多500个字。",
        "activity": "写得太长了，最多60个字。",
        "fact": "写得太长了，最多60个字。",
    }
    typed = Facts(
        key="k",
        others="999",
        amount="两个",
        row="镇级",
        role="组织的",
        place="东沟",
        note="",
        activity="",
        fact="",
    )
    return _form(
        typed=typed,
        is_shared=True,
        asks_others=True,
        unit="小时",
        rows=[Facts(name="村级", worth="10分"), Facts(name="镇级", worth="20分")],
        roles=[Facts(name="组织的", worth="20分"), Facts(name="参加的", worth="5～10分")],
        asks_activity=True,
        asks_fact=True,
        proofs="",
        is_other_day=True,
        date="2026-08-09",
        needs_place=True,
        kept=[Facts(token="a" * 32, url="/p/1"), Facts(token="b" * 32, url="/p/2")],
        photos_problem="照片最多6张。",
        ahead=CUT,
        problems=problems,
        first_problem="people",
    )


def _done(**changed: Any) -> Context:
    deed = {
        "title": "清理河道沟渠",
        "people": "田禾生、桑巧巧",
        "expected": "+12",
        "number": 127,
        "steps": STEPS,
    }
    urls = {"deed_url": "/my/deeds/1/", "again_url": "/my/declare/", "home_url": "/my/"}
    return {"deed": Facts(**{**deed, **changed}), **urls}


PAGES: Pages = {
    "declare": ("phone/declare.html", _pick()),
    "declare-found": ("phone/declare.html", _pick(q="清渠", chosen="", rows=ROWS[2:4], helper=None)),
    "declare-not-found": ("phone/declare.html", _pick(q="养猪", chosen="", rows=[])),
    "declare-empty": ("phone/declare.html", _pick(categories=[], rows=[], chosen="")),
    "declare-form": ("phone/declare_form.html", _form()),
    "declare-form-begun": (
        "phone/declare_form.html",
        _form(kept=[Facts(token="a" * 32, url="/p/1")], proofs="", is_on_behalf=True),
    ),
    "declare-form-least": (
        "phone/declare_form.html",
        _form(people=[], must_name=False, proofs="", evidence="", ahead=NOT_KNOWN),
    ),
    "declare-form-refused": ("phone/declare_form.html", _refused()),
    "declare-form-closed": (
        "phone/declare_form.html",
        _form(
            closed="本月这一项已记4次，满了",
            ahead=NOT_KNOWN,
            people=[],
            problems={"form": "这一项不能自己报"},
        ),
    ),
    "declared": ("phone/declared.html", _done()),
    "declared-open": ("phone/declared.html", _done(title="捐资捐物办公益", names=[], expected="")),
}
