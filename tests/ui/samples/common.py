"""What all samples share: names, figures, a notice. The people are fanciful."""

import hashlib
from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.periods import Period

Context = dict[str, Any]
Pages = dict[str, tuple[str, Context]]  # template and context by the name of the sample

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


def total(place: int, head: str) -> Facts:
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
        changed=False,
    )


TOTALS = [total(place, head) for place, head in enumerate(HEADS)]


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
        "special": 0,
        "changes": [],
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


# Three lines of one correction, more than a poster tells; and what is hung out before the month's end.
CHANGES = [
    Facts(number=58, before=-200, after=0),
    Facts(number=112, before=1050, after=650),
    Facts(number=1303, before=-12000, after=-6000),
]


SPECIAL: Context = {
    "special": 1,
    "serial": "第10期专项第1次",
    "sheet_name": "",
    "household_count": 1,
    "households": 1,
}
