"""What the open page, the rules and the choice of a village are given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import JURISDICTION, SPECIAL, Context, Pages, notice
from xiangyue.kernel.periods import Period

VILLAGE = Facts(code="440783104201", name="青禾村")
TOWNS = [Facts(code="1", name="云岭镇"), Facts(code="2", name="柳湾镇")]
CHOICE = Facts(
    towns=TOWNS,
    town=None,
    query="",
    groups=[
        Facts(town=town, villages=[Facts(code=f"{town.code}{place}", name=name) for place, name in names])
        for town, names in (
            (TOWNS[0], list(enumerate(("青禾村", "石桥村", "枣林村")))),
            (TOWNS[1], list(enumerate(("荷塘村", "麦坡村")))),
        )
    ],
)
CHAPTERS = [
    Facts(
        title="积分怎么记",
        sentences=("一开始每户有100分。", "开始的100分不能兑换，超过的才能。", "最低扣到0分。"),
    ),
    Facts(
        title="怎么评、多久一次",
        sentences=("每周评分，每月公示，每季兑换。", "第1步：农户自己申报。", "第2步：评议会评定。"),
    ),
    Facts(title="怎么兑换", sentences=("1分换1元的货。", "积分超市换日用品、农用品。")),
]


def _meeting(**changed: Any) -> Facts:
    facts: Context = {
        "held_on": date(2026, 11, 1),
        "period": Period(2026, 10),
        "unit_name": "青禾村",
        "body": "评议小组",
        "members": 7,
        "came": 6,
        "watched": 2,
        "approved": 118,
        "adjusted": 6,
        "rejected": 4,
        "confirmed": 0,
        "refused": 0,
    }
    return Facts(**{**facts, **changed})


MEETINGS = [
    _meeting(),
    _meeting(body="村民代表会议", approved=0, adjusted=0, rejected=0, confirmed=122, refused=2, watched=0),
]
ORDERS = [
    Facts(
        day=date(2026, 11, 3),
        shop="青禾村积分超市",
        masked_name="田＊生",
        number="018",
        goods="洗衣液2千克、食盐400克×2",
        points=-2600,
    ),
    Facts(
        day=date(2026, 11, 1),
        shop="青禾村积分超市",
        masked_name="麦＊",
        number="004",
        goods="面粉5千克",
        points=-123450,
    ),
]
CODES = [
    Facts(day=date(2026, 11, day), code=code)
    for day, code in ((6, "5896D82934D728A8"), (5, "0AB12C3DE4F50617"), (3, "FFD0E1C2B3A49586"))
]
DRAFT = Facts(
    name="青禾村积分细则（2027年）",
    unit_name="青禾村",
    until=date(2026, 11, 30),
    changes=[
        Facts(title="参加河道清理", before="每次5分", after="每次8分"),
        Facts(title="垃圾分类", before="", after="每月3分"),
        Facts(title="乱贴广告", before="每次扣2分", after=""),
        Facts(title="志愿服务", before="每小时2分", after="每小时2分"),
    ],
    more=12,
)


def _open(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "village": VILLAGE,
        "part": "",
        "chapters": CHAPTERS,
        "bodies": [
            Facts(
                name="评议小组", members=7, capacities=[("村两委干部", 2), ("党员代表", 2), ("村民代表", 3)]
            ),
            Facts(name="监督小组", members=1, capacities=[]),
        ],
        "drafts": [DRAFT],
        "meetings": MEETINGS,
        "meetings_url": "?part=meetings",
        "orders": ORDERS,
        "orders_url": "?part=orders",
        "special": [notice(**SPECIAL)],
        "codes": CODES,
        "codes_url": "?part=codes",
        "rules_url": "/rules/",
        "others_url": "/open/",
        "back_url": "/open/",
    }
    return {**context, **changed}


def _clause(number: str, title: str, points: str, detail: str = "", *, takes: bool = False) -> Facts:
    return Facts(
        indicator=Facts(pk=int(number.replace(".", "")), number=number, title=title),
        points=points,
        detail=detail,
        takes=takes,
    )


CLAUSES = [
    _clause("1.1", "参加村里的公共劳动，修路、清河、扫街", "每次8分", "每户每月4次"),
    _clause("1.2", "得了表彰的家庭", "村级5分、镇级10分、县级20分、市级30分"),
    _clause("1.3", "乱堆垃圾，提醒以后不清", "每次扣2分", takes=True),
    _clause("1.4", "其他", "一事一议"),
]


def _rules(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "village": VILLAGE,
        "question": "",
        "found": [],
        "is_exact": True,
        "chapters": [
            Facts(family="", name="人居环境", position=1, clauses=CLAUSES),
            Facts(family="五美", name="家风家训", position=2, clauses=CLAUSES[:1]),
        ],
        "count": 38,
        "all_url": "/rules/",
        "open_url": "/open/",
        "others_url": "/rules/",
        "signed_in": False,
    }
    return {**context, **changed}


def _rule(**changed: Any) -> Context:
    context: Context = {
        "jurisdiction": JURISDICTION,
        "clause": CLAUSES[0],
        "facts": [("分值", "8"), ("最多", "每户每月4次"), ("算给谁", "农户"), ("要什么证明", "必备：照片")],
        "versions": [
            Facts(
                since=date(2026, 7, 1),
                catalogue="青禾村积分细则（2026年下半年）",
                points="每次8分",
                changes=[("分值", "5", "8"), ("上限", "", "每户每月4次")],
                is_now=True,
            ),
            Facts(
                since=date(2026, 1, 1), catalogue="青禾村积分细则", points="每次5分", changes=[], is_now=False
            ),
        ],
        "frame_points": "每次5分",
        "is_now": True,
        "unit_name": "青禾村",
        "rules_url": "/rules/",
        "signed_in": True,
    }
    return {**context, **changed}


PAGES: Pages = {
    "villages": (
        "gate/villages.html",
        {"jurisdiction": JURISDICTION, "choice": CHOICE, "page_url": "/open/", "about": "open"},
    ),
    "villages-not-found": (
        "gate/villages.html",
        {
            "jurisdiction": JURISDICTION,
            "choice": Facts(towns=[], town=None, query="无", groups=[]),
            "page_url": "/rules/",
            "about": "rules",
        },
    ),
    "open": ("gate/open.html", _open()),
    "open-empty": (
        "gate/open.html",
        _open(bodies=[], drafts=[], meetings=[], orders=[], special=[], codes=[], others_url=""),
    ),
    "open-meetings": (
        "gate/open.html",
        _open(part="meetings", newer_url="?page=1", older_url="?page=3", meetings=MEETINGS * 4),
    ),
    "open-orders": ("gate/open.html", _open(part="orders", orders=ORDERS * 4)),
    "open-codes": (
        "gate/open.html",
        _open(part="codes", codes=CODES * 10, newer_url="?until=2026-12-06", older_url="?until=2026-10-06"),
    ),
    "open-no-codes": ("gate/open.html", _open(part="codes", codes=[])),
    "open-no-orders": ("gate/open.html", _open(part="orders", orders=[])),
    "open-no-meetings": ("gate/open.html", _open(part="meetings", meetings=[])),
    "rules": ("gate/rules.html", _rules()),
    "rules-signed-in": ("gate/rules.html", _rules(signed_in=True, others_url="")),
    "rules-asked": ("gate/rules.html", _rules(question="修路", found=CLAUSES[:1], chapters=[])),
    "rules-alike": (
        "gate/rules.html",
        _rules(question="帮忙扫村口的街", found=CLAUSES, is_exact=False, chapters=[]),
    ),
    "rules-not-found": ("gate/rules.html", _rules(question="养猫", chapters=[])),
    "rules-empty": ("gate/rules.html", _rules(count=0, chapters=[])),
    "rule": ("gate/rule.html", _rule()),
    "rule-taking": (
        "gate/rule.html",
        _rule(
            clause=CLAUSES[2],
            facts=[("依据", "青禾村村规民约（2025年3月8日通过）"), ("怎么改正", "清走就行，清走以后不再扣")],
            versions=[],
            frame_points="",
            signed_in=False,
        ),
    ),
    "rule-of-before": (
        "gate/rule.html",
        _rule(clause=CLAUSES[3], facts=[], versions=[], frame_points="", is_now=False),
    ),
}
