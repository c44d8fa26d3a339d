from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.catalogue.rules.items import (
    BUTTS,
    DAY,
    DONATION,
    GAMBLING,
    LABOUR,
    MU,
    SERVICE,
    award,
    cells,
    deduction,
    on_category,
    on_household,
    points,
    times,
)
from xiangyue.catalogue.rules.clamping import Before
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.judging import judge
from xiangyue.catalogue.rules.model import (
    Item,
    Limit,
    Multiplier,
    RolePoints,
    Season,
    Sharing,
    Validity,
    ValidityRow,
)
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.terms import (
    Balance,
    Circumstance,
    Counting,
    Direction,
    Layer,
    Level,
    RankStyle,
    Severity,
    Side,
    Split,
    Trait,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Lasting, ToYearEnd, UntilCorrected, Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    FromFull,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    Reset,
    Severities,
    Step,
    StepTable,
    Unit,
    Veto,
)

TWICE = times(2, Window.MONTH)
TWO_HOURS = Limit(Counting.AMOUNT, 120, Window.ACTIVITY)
FAMILY = points(100, Window.QUARTER, Whose.FAMILY_MEMBER)
ONE_A_GROUP = times(1, Window.YEAR, Whose.GROUP)
MONTHLY = on_household(4000, Window.MONTH)
BUDGET = Limit(Counting.POINTS, 500_000, Window.MONTH, Whose.VILLAGE, Layer.ALL, Side.AWARD)
PARTY = Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION)
AGAIN = Multiplier(Circumstance.REPEAT, 200, Side.DEDUCTION)
OPENING = Multiplier(Circumstance.FIRST_MONTH, 200)
BUSY = Season(Yearly((5, 15), (10, 31)), "农忙", 150)
BOTH = Item("3", "监督榜评星", Direction.BOTH, Both(Fixed(300), Fixed(200)))
MEMBER = {"traits": frozenset({Trait.PARTY_MEMBER})}


def before(limit: Limit, counted: int) -> Before:
    return Before({limit.rank: counted})


SENTENCES: list[tuple[Item, dict[str, Any], str]] = [
    (LABOUR, {}, "参加公共劳动，每次8分，这次加8分。"),
    (GAMBLING, {}, "参与赌博，每次扣20分，这次扣20分。"),
    (award(Range(100, 1000), "环境清扫"), {"chosen": 650}, "环境清扫，每次1～10分，这次评6.5分，这次加6.5分。"),
    (
        award(Range(100, 1000), "环境清扫", median_of=3),
        {"scores": (800, 500, 600)},
        "环境清扫，每次1～10分，评了5分、6分、8分，取中间的6分，这次加6分。",
    ),
    (
        award(Discretion(1000, 5000), "带头办实事"),
        {"chosen": 3000, "reason": "领着全组修渠"},
        "带头办实事，酌情10～50分，这次评30分，这次加30分。",
    ),
    (award(CaseByCase(), "捐资修桥"), {"chosen": 7000}, "捐资修桥，一事一议，这次评70分，这次加70分。"),
    (
        award(PerUnit(HOUR, 60, 200, whole=False), "看护老人"),
        {"amount": 150},
        "看护老人，每小时2分，2.5小时合5分，这次加5分。",
    ),
    (
        award(PerUnit(BUTTS, 5000, 100, whole=True), "捡烟头"),
        {"amount": 12_000},
        "捡烟头，每50个1分，120个，满50个才算，合2分，这次加2分。",
    ),
    (
        award(PerUnit(HOUR, 60, 200, whole=False), "集体劳动", limits=(TWO_HOURS,)),
        {"amount": 200, "activity": "清淤"},
        "集体劳动，报了3小时20分钟，这次活动最多算2小时；每小时2分，2小时合4分，这次加4分。",
    ),
    (
        award(Levels(((Level.VILLAGE, Fixed(500)), (Level.TOWN, Fixed(1000)), (Level.COUNTY, Fixed(2000)))), "受表彰"),
        {"level": Level.COUNTY},
        "受表彰，县级20分，这次加20分。",
    ),
    (
        award(Ranks(tuple(enumerate(cells(1000, 800, 500), 1)), RankStyle.PRIZE), "厨艺比赛"),
        {"rank": 2},
        "厨艺比赛，二等奖8分，这次加8分。",
    ),
    (
        award(LevelRanks(((Level.COUNTY, cells(500, 300, 200)),)), "文体比赛"),
        {"level": Level.COUNTY, "rank": 1},
        "文体比赛，县级第1名5分，这次加5分。",
    ),
    (
        deduction(Severities(((Severity.COMMON, Fixed(500)), (Severity.GRAVE, Range(2000, 5000)))), "乱倒垃圾"),
        {"severity": Severity.GRAVE, "chosen": 3000},
        "乱倒垃圾，情节严重扣20～50分，这次评30分，这次扣30分。",
    ),
    (
        award(Named((("考上本科", Fixed(3000)), ("考上专科", Fixed(2000)))), "金榜题名"),
        {"row": "考上本科"},
        "金榜题名，考上本科30分，这次加30分。",
    ),
    (DONATION, {"amount": 300_000}, "捐款，按元分段算，3,000元合15分，这次加15分。"),
    (
        award(Bands(YUAN, (Band(0, 9_900, 1_000, 10), Band(9_900, None, 10_000, 100))), "捐款"),
        {"amount": 65_000},
        "捐款，650元这一段每100元1分，合6分，这次加6分。",
    ),
    (
        award(StepTable(YUAN, (Step(50_000, 500), Step(500_000, 2000))), "拾金不昧"),
        {"amount": 80_000},
        "拾金不昧，800元，到了500元这一档，合5分，这次加5分。",
    ),
    (
        award(ByKind((("贫困户", Fixed(5000)),), Fixed(10_000)), "说得清政策"),
        {"kinds": frozenset({"贫困户"})},
        "说得清政策，贫困户每次50分，这次加50分。",
    ),
    (
        Item("9", "没列上的事", Direction.BOTH, ByAnalogy()),
        {"like": award(Fixed(5000), "见义勇为")},
        "没列上的事，比照“见义勇为”，每次50分，这次加50分。",
    ),
    (BOTH, {"side": Side.DEDUCTION}, "监督榜评星，每次扣2分，这次扣2分。"),
    (
        Item("5", "可视墙面无广告", Direction.BASE, FromFull(500, PerUnit(Unit("处"), 100, 50, whole=True))),
        {"amount": 300},
        "可视墙面无广告，满分5分，每处扣0.5分，3处合1.5分，剩3.5分，这次记3.5分。",
    ),
    (
        deduction(Fixed(2000), "参与赌博", multipliers=(PARTY, AGAIN)),
        MEMBER | {"repeated": True},
        "参与赌博，每次扣20分；党员按2倍算，是40分；有效期内又犯，按2倍算，是80分，这次扣80分。",
    ),
    (
        award(PerUnit(MU, 100, 50, whole=False), "种地", seasons=(BUSY,)),
        {"amount": 300},
        "种地，每亩0.5分，3亩合1.5分；农忙按1.5倍算，是2.25分，这次加2.25分。",
    ),
    (
        award(Fixed(100), "头回登录", multipliers=(OPENING,), minimum=500),
        {"began": date(2026, 10, 1)},
        "头回登录，每次1分；头一个月按2倍算，是2分；每次最少5分，补到5分，这次加5分。",
    ),
    (
        award(CaseByCase(), "修通4公里路", sharing=Sharing(Split.EQUAL)),
        {"chosen": 7000, "participants": 8, "place": 7},
        "修通4公里路，一事一议，这次评70分；一共70分，8个参加的平分，这里分到8.75分，这次加8.75分。",
    ),
    (
        deduction(
            CaseByCase(),
            "两委违纪",
            sharing=Sharing(Split.BY_ROLE, roles=(RolePoints("书记", Fixed(500)), RolePoints("主任", Fixed(300)))),
        ),
        {"role": "主任"},
        "两委违纪，主任扣3分，这次扣3分。",
    ),
    (
        Item("20", "乱倒垃圾", Direction.RESET, Reset()),
        {"balance": 3500},
        "乱倒垃圾，积分原有35分，全部清零，这次扣35分。",
    ),
    (
        Item("20", "直接判零", Direction.RESET, Reset(repaired=6000)),
        {"balance": 3500, "corrected": True},
        "直接判零，本该清零，已经改正了，改为扣35分，这次扣35分。",
    ),
    (
        Item("20", "弄虚作假", Direction.RESET, Reset(window=Window.YEAR)),
        {"balance": 3500},
        "弄虚作假，当年的积分原有35分，全部清零，这次扣35分。",
    ),
    (
        Item("20", "评比垫底", Direction.RESET, Reset(Layer.CATEGORY, to=1000, window=Window.MONTH)),
        {"balance": 3500},
        "评比垫底，这个板块当月的积分原有35分，退到10分，这次扣25分。",
    ),
    (
        Item("21", "聚众赌博", Direction.VETO, Veto(ToYearEnd(1))),
        {},
        "聚众赌博，一票否决，不能兑换、不参加评优，到2027年12月31日有效。",
    ),
    (
        Item("22", "复查不合格", Direction.DOWNGRADE, Downgrade("B级", term=UntilCorrected())),
        {},
        "复查不合格，等级直接定为B级，不看分数，改正以前一直有效。",
    ),
    (
        deduction(Fixed(4000), "欠缴公共服务费", validity=Validity((ValidityRow(Lasting(years=1), 4000),))),
        {},
        "欠缴公共服务费，每次扣40分，这次扣40分，到2027年10月13日有效。",
    ),
    (
        award(Fixed(500), "红榜", credits=frozenset({Balance.HONOUR})),
        {},
        "红榜，每次5分，这次加荣誉积分5分。",
    ),
]  # fmt: skip
HELP = award(Fixed(800), "帮工", category="环境卫生")
FOUR_PEOPLE = {"members": 4}
CUTS: list[tuple[Limit, int, dict[str, Any], str]] = [
    (TWICE, 2, {}, "本月这一项已记2次，满了，这次不加分。"),
    (points(300, Window.TIME), 0, {}, "一次最多3分，这次加3分。"),
    (points(1000, Window.DAY), 0, {"reason": "头一件"}, ""),
    (points(300, Window.DAY), 0, {}, "当天这一项最多3分，这次加3分。"),
    (points(300, Window.ONCE), 100, {}, "总共这一项最多3分，已记1分，这次加2分。"),
    (times(1, Window.ONCE), 1, {}, "这一项只记一次，以前记过了，这次不加分。"),
    (times(1, Window.TWO_MONTHS), 1, {}, "这两个月这一项已记1次，满了，这次不加分。"),
    (times(1, Window.HALF_YEAR), 1, {}, "这半年这一项已记1次，满了，这次不加分。"),
    (points(1200, Window.YEAR, Whose.PERSON), 900, {}, "本年本人这一项最多12分，已记9分，这次加3分。"),
    (FAMILY, 100, FOUR_PEOPLE, "本季这一项每口人最多1分，4口人是4分，已记1分，这次加3分。"),
    (FAMILY, 0, FOUR_PEOPLE, "本季这一项每口人最多1分，4口人是4分，这次加4分。"),
    (ONE_A_GROUP, 1, {}, "本年本组这一项只有1个名额，已经用完，这次不加分。"),
    (on_category(1000, Window.WEEK), 700, {}, "本周“环境卫生”这一块最多10分，已记7分，这次加3分。"),
    (MONTHLY, 3800, {}, "本月各项加起来最多40分，已记38分，这次加2分。"),
    (BUDGET, 499_900, {}, "本月本村一共能发5,000分，已发4,999分，这次加1分。"),
    (BUDGET, 500_000, {}, "本月本村能发的5,000分已经发完，这次不加分。"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "facts", "sentence"), SENTENCES, ids=lambda value: "")
def test_a_villager_is_told_how_the_points_came_about(
    item: Item, facts: dict[str, Any], sentence: str
) -> None:
    assert tell(judge(item, Facts(DAY, **facts))) == sentence


@pytest.mark.parametrize(("limit", "counted", "facts", "told"), CUTS, ids=lambda value: "")
def test_every_cut_is_told(limit: Limit, counted: int, facts: dict[str, Any], told: str) -> None:
    own = (limit,) if limit.layer is Layer.ITEM else ()
    outer = () if own else (limit,)
    judgement = judge(replace(HELP, limits=own), Facts(DAY, **facts), before(limit, counted), outer)
    assert tell(judgement) == ("帮工，每次8分；" + told if told else "帮工，每次8分，这次加8分。")


@pytest.mark.parametrize(
    ("best", "told"),
    [
        (500, "同一件事只算分最高的一条，另一条已经算了5分，这条只补差的3分，这次加3分。"),
        (900, "同一件事只算分最高的一条，另一条已经算了9分，这条不再加，这次不加分。"),
    ],
)
def test_that_the_highest_counts_is_told(best: int, told: str) -> None:
    assert tell(judge(HELP, Facts(DAY), Before(best=best))) == "帮工，每次8分；" + told


def test_that_the_gravest_counts_is_told() -> None:
    fine = deduction(Fixed(800), "占道")
    assert tell(judge(fine, Facts(DAY), Before(best=500))) == (
        "占道，每次扣8分；同一件事只算扣得最多的一条，另一条已经算了扣5分，这条只补扣3分，这次扣3分。"
    )
    assert tell(judge(fine, Facts(DAY), Before(best=900))) == (
        "占道，每次扣8分；同一件事只算扣得最多的一条，另一条已经算了扣9分，这条不再扣，这次不扣分。"
    )


def test_amounts_that_add_up_say_what_came_before() -> None:
    fifty_five = judge(SERVICE, Facts(DAY, amount=25 * 60), Before(amount=30 * 60))
    assert tell(fifty_five) == (
        "志愿服务，加上前面的一共55小时，到了50小时这一档，该有10分，前面已得5分，这次加5分。"
    )
    early = judge(SERVICE, Facts(DAY, amount=8 * 60))
    assert tell(early) == "志愿服务，8小时，还没到10小时这一档，这次不加分。"
