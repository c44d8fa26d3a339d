"""The roster of the example village. Everybody in it is invented; the same code gives the same people."""

import random
from collections.abc import Iterator

from xiangyue.people import roster_form

YEAR = 2026
SINCE = "2026-01-01"


def words(text: str) -> list[str]:
    return text.split()


HEADS = words("""
云起山 麦穗香 石榴红 谷雨来 白露清 秋满仓 夏至明 田禾生 苗壮壮 花开富 江春水 雷惊蛰
霍芒种 温小满 韩霜降 冬青松 梅傲雪 兰清幽 竹有节 荷田田 柏长青 松如海 杨柳岸 李桃芳
杏满园 枣儿红 葛藤长 米满囤 豆青青 瓜果香 苏叶紫 艾草香 蒲英黄 芦花白 荞麦花 金穗满
银杏黄 铁树开 池鱼跃 燕归来 鹿鸣野 马蹄轻 牛耕田 羊满坡 鱼满塘 蜂酿蜜 桂花香 茶山青
麻绳牢 方田亩 井水甜 桥横溪 路平阔 车满载 仓有余 丰年余 何稻香 柳成荫 桑叶青 林水长
和风暖 山有根
""")
GIVEN = words("""
春芽 夏荷 秋实 冬麦 晨露 晚霞 新月 朝阳 清泉 小溪 飞雪 细雨
微风 白云 青竹 红枫 金桂 银杏 茉莉 百合 小满 立夏 春分 秋分
寒露 大暑 谷穗 豆苗 瓜秧 稻花 麦浪 桃李 杏雨 梨云 石桥 木舟
篱笆 炊烟 蛙鸣 蝉声 萤火 雁归
""")

NUMBERS = {name: f"{(place * 23 + 42) % len(HEADS) + 1:03d}" for place, name in enumerate(HEADS)}
# The household of the guide, 田禾生's, lives among these neighbours; the rest follow by number.
NEIGHBOURS = words("田禾生 麦穗香 谷雨来 柳成荫 桑叶青 石榴红 何稻香 夏至明 白露清 秋满仓")
GROUPS = {
    ("第一网格", "第一联户组"): 7,
    ("第一网格", "第二联户组"): 7,
    ("第一网格", "第三联户组"): 7,
    ("第二网格", "第一联户组"): 7,
    ("第二网格", "第二联户组"): 7,
    ("第二网格", "第三联户组"): 6,
    ("第三网格", "第一联户组"): 6,
    ("第三网格", "第二联户组"): len(NEIGHBOURS),
    ("第三网格", "第三联户组"): 5,
}
PARTY_MEMBERS = {"柳成荫", "桑叶青", "松如海", "山有根", "林水长", "路平阔"}
VILLAGERS_OFFICES = [
    ("柳成荫", "村党组织书记", ""),
    ("山有根", "网格员", "第一网格"),
    ("林水长", "网格员", "第二网格"),
    ("桑叶青", "网格员", "第三网格"),
    *((name, "评议委员", "") for name in words("松如海 柏长青 荷田田 方田亩 井水甜 桥横溪 何稻香")),
    ("茶山青", "信息管理员", ""),
    ("竹有节", "监督员", ""),
    ("仓有余", "店员", ""),
]
STAFF_OFFICES = [("云帆远", "镇干部", ""), ("明镜台", "审计员", "")]


def placed_heads() -> Iterator[tuple[str, str, str]]:
    """Yield each head with their grid and group, group by group, by number."""
    others = iter(sorted(set(HEADS) - set(NEIGHBOURS), key=NUMBERS.__getitem__))
    for (grid, group), size in GROUPS.items():
        ours = (grid, group) == ("第三网格", "第二联户组")
        members = sorted(NEIGHBOURS, key=NUMBERS.__getitem__) if ours else [next(others) for _ in range(size)]
        for head in members:
            yield head, grid, group


def residents() -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet of residents, household by household."""
    chance = random.Random(783104220)  # noqa: S311 - an example, not a secret
    taken = {*HEADS, *(name for name, _office, _unit in STAFF_OFFICES)}
    for head, grid, group in placed_heads():
        for place, (name, relation, sex, born) in enumerate(family(head, chance, taken)):
            party = "是" if name in PARTY_MEMBERS else "否"
            address = "" if place else f"{grid[:-2]}巷{int(NUMBERS[head])}号"
            yield NUMBERS[head], grid, group, name, relation, sex, born, party, address


def family(head: str, chance: random.Random, taken: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, relation, sex and birth of a household's people, the head first."""
    age, sex = chance.randint(31, 74), chance.choice("男男女")
    yield head, "户主", sex, day(chance, age)
    if chance.random() < 0.8:
        spouse = new_name(chance.choice(HEADS)[0], chance, taken)
        yield spouse, "配偶", "女" if sex == "男" else "男", day(chance, age + chance.randint(-4, 3))
    for _child in range(chance.choice((0, 0, 1, 1)) if age < 62 else 0):
        born = YEAR - age + chance.randint(24, 29)
        yield new_name(head[0], chance, taken), "子女", chance.choice("男女"), str(born)
    if age < 50 and chance.random() < 0.5:
        born = YEAR - age - chance.randint(22, 27)
        yield new_name(head[0], chance, taken), "父母", chance.choice("男女"), str(born)


def new_name(surname: str, chance: random.Random, taken: set[str]) -> str:
    """Draw a name that nobody else has, and take it."""
    name = chance.choice([surname + given for given in GIVEN if surname + given not in taken])
    taken.add(name)
    return name


def day(chance: random.Random, age: int) -> str:
    """Draw a day of birth."""
    return f"{YEAR - age}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


def appointments() -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet of appointments; people sign in by their names."""
    for name, office, unit in VILLAGERS_OFFICES:
        yield NUMBERS[name], name, office, unit, SINCE, name
    for name, office, unit in STAFF_OFFICES:
        yield "", name, office, unit, SINCE, name


def roster_workbook() -> bytes:
    """Write the village's roster in the form that `roster import` takes."""
    return roster_form.roster_workbook(list(residents()), list(appointments()))
