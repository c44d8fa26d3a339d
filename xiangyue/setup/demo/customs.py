"""What people do in the five jurisdictions, and how often: the demo's data, by the numbers of the presets' items.

Frequencies are invented. What the places published stands in DOMAIN §8, and in the presets.
"""

from dataclasses import dataclass
from typing import Final

from xiangyue.scoring.models import Source


@dataclass(frozen=True)
class Together:
    """What many do on one day: one deed with many shares. number: of the item. share: of the households, in per cent.

    each: it happens in every week of the month, not once. amount: base units apiece, where the item counts something.
    by: how it is brought.
    """

    number: str
    note: str
    share: int
    day: int = 15
    each: bool = False
    amount: int | None = None
    by: Source = Source.ATTENDANCE


@dataclass(frozen=True)
class Alone:
    """What households do by themselves. per_100: so many deeds for a hundred households and month.

    amounts: from, to and step in base units, where the item counts something. fault: it costs points.
    """

    number: str
    note: str
    per_100: float
    amounts: tuple[int, int, int] | None = None
    fault: bool = False
    by: Source = Source.SHEET


@dataclass(frozen=True)
class Customs:
    """A jurisdiction's. urgent: the good deed that hangs out at once. inspected: the item of inspection rounds."""

    together: tuple[Together, ...]
    alone: tuple[Alone, ...]
    urgent: str
    inspected: str = ""


HOURS: Final = (60, 240, 30)  # minutes
ONE_TO_FOUR: Final = (100, 400, 100)  # hundredths of a piece, a day, a person
MU: Final = (200, 900, 50)  # hundredths of a mu
YUAN: Final = (10_000, 50_000, 10_000)  # fen

CUSTOMS: Final[dict[str, Customs]] = {
    "xihaian": Customs(
        together=(
            Together("1.1", "村民会议，商量村里的事", 38, day=6),
            Together("2.3", "义务清扫村道", 34, day=13, amount=90),
            Together("6.1", "反诈宣传会", 26, day=21),
        ),
        alone=(
            Alone("2.1", "月评：房前屋后干净", 24, by=Source.LEADER),
            Alone("1.2", "清渠、修路出了力", 7),
            Alone("3.2", "给独居老人送饭", 8, by=Source.NEIGHBOUR),
            Alone("3.3", "帮邻居把地界说清楚", 3, by=Source.NEIGHBOUR),
            Alone("4.3", "学果树修剪", 7),
            Alone("5.1", "志愿服务", 14, HOURS, by=Source.SELF),
            Alone("5.3", "防火值守", 5, (100, 200, 100)),
            Alone("6.2", "发现路灯坏了、井盖松了", 6, by=Source.SELF),
            Alone("7.1", "走访包联的农户", 5, ONE_TO_FOUR),
            Alone("7.2", "给大家讲政策", 3),
            Alone("2.5", "门前乱倒垃圾，提醒过", 4, fault=True, by=Source.LEADER),
            Alone("1.6", "答应的出工没有来", 2, fault=True, by=Source.LEADER),
        ),
        urgent="5.5",
        inspected="2.1",
    ),
    "guyuan": Customs(
        together=(
            Together("5.1", "每周卫生评比", 22, each=True, by=Source.LEADER),
            Together("6.1", "政策宣讲", 30, day=9),
            Together("8.1", "村里的文化活动", 26, day=18),
            Together("10.6", "新修村道出了力", 20, day=24),
        ),
        alone=(
            Alone("2.2", "种冷凉蔬菜", 10, MU),
            Alone("3.2", "邻里推荐：有事好商量", 5, by=Source.NEIGHBOUR),
            Alone("3.5", "照看留守儿童", 7),
            Alone("4.1", "红事简办", 2),
            Alone("5.2", "清垃圾", 14),
            Alone("6.2", "农技培训", 8),
            Alone("7.1", "文明实践志愿服务", 12, HOURS),
            Alone("7.5", "积分超市公益岗", 5, HOURS),
            Alone("8.3", "农家书屋借书", 5, by=Source.SELF),
            Alone("11.6", "办酒席铺张", 1.5, fault=True, by=Source.CADRE),
            Alone("12.1", "监督台的星", 4, by=Source.CADRE),
        ),
        urgent="10.5",
        inspected="5.1",
    ),
    "cangcheng": Customs(
        together=(
            Together("1.5", "每周随机检查，门前没有垃圾", 22, each=True, by=Source.SHEET),
            Together("1.2", "大扫除", 16, day=11),
            Together("3.3", "党员义工日", 12, day=19),
            Together("4.1", "普法讲座", 10, day=24),
        ),
        alone=(
            Alone("1.3", "垃圾分类", 9),
            Alone("2.2", "照料独居老人", 5),
            Alone("4.3", "平安巡逻", 8),
            Alone("6.1", "农技培训", 6),
            Alone("6.4", "给结对企业供货", 4),
            Alone("7.1", "清渠出工", 7, HOURS),
            Alone("8.2", "志愿服务队活动", 9),
            Alone("8.3", "教邻居用手机", 3, by=Source.SELF),
            Alone("8.1", "防汛值守", 2),
            Alone("5.3", "门前柴草没有清", 1.2, fault=True, by=Source.LEADER),
            Alone("5.5", "压坏了路边的水管", 0.4, fault=True, by=Source.LEADER),
        ),
        urgent="5.2",
        inspected="1.3",
    ),
    "changshan": Customs(
        together=(
            Together("1.1", "村民议事", 28, day=8, by=Source.GROUP),
            Together("7.3", "村里清扫", 24, day=16, amount=120, by=Source.GROUP),
            Together("4.1", "普法学习", 18, day=22, by=Source.GROUP),
        ),
        alone=(
            Alone("7.1", "庭院整洁，月评为优", 12, by=Source.GROUP),
            Alone("7.2", "垃圾分类", 16, by=Source.GROUP),
            Alone("2.1", "种好山药", 5, MU, by=Source.GROUP),
            Alone("2.4", "技能培训", 6, by=Source.GROUP),
            Alone("3.1", "联户长按月走访", 9),
            Alone("5.1", "报告隐患", 5, by=Source.GROUP),
            Alone("5.2", "治安巡逻", 6, HOURS, by=Source.GROUP),
            Alone("8.1", "向阳花志愿服务", 9, HOURS, by=Source.GROUP),
            Alone("8.2", "照料独居老人", 5, by=Source.GROUP),
            Alone("9.1", "占了公共场地，提醒过", 2, fault=True, by=Source.LEADER),
            Alone("11.2", "乱倒垃圾", 2, fault=True, by=Source.LEADER),
        ),
        urgent="8.4",
    ),
    "qingcheng": Customs(
        together=(
            Together("3.6", "环境整治大行动", 40, day=12, by=Source.CADRE),
            Together("1.1", "宣讲学习", 30, day=7, by=Source.CADRE),
            Together("3.1", "村民议事会", 26, day=20, by=Source.CADRE),
        ),
        alone=(
            Alone("1.5", "苹果树修剪培训", 9),
            Alone("2.1", "种苹果、养羊", 7, MU),
            Alone("3.2", "投工修路", 10, HOURS),
            Alone("3.4", "随手拍：路面塌了一块", 8, by=Source.SELF),
            Alone("4.2", "护路巡逻", 6, HOURS),
            Alone("4.3", "帮邻居调解", 3, by=Source.NEIGHBOUR),
            Alone("5.3", "庭院评比", 10, by=Source.LEADER),
            Alone("5.1", "红白事简办", 2),
            Alone("6.2", "帮困难邻居收庄稼", 7, by=Source.NEIGHBOUR),
            Alone("6.5", "志愿队活动", 9),
            Alone("5.5", "乱倒垃圾", 3, fault=True, by=Source.LEADER),
            Alone("4.7", "碰坏了公家的水表", 0.8, fault=True, by=Source.LEADER),
        ),
        urgent="6.4",
    ),
}
