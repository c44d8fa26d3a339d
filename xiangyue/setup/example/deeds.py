"""A month of invented deeds for the example village, under the published catalogue of another (luoyu)."""

import random
from collections.abc import Iterator, Sequence

from xiangyue.kernel.periods import Period
from xiangyue.scoring.deed_sheet import COLUMNS, SHEET
from xiangyue.sheets.read import Row, read_tables
from xiangyue.sheets.write import SheetForm, write_workbook

Person = tuple[str, str]  # household number, name

# Two who never miss anything, so that the guide has somebody with points to redeem.
REGULARS: tuple[Person, ...] = (("018", "田禾生"), ("004", "麦穗香"))

# What many do together: indicator, day of the month, how many people, what for.
TOGETHER = (
    ("参加环境清扫", 8, 22, "清扫村道和河边"),
    ("参加公共劳动", 15, 16, "清理村口水渠"),
    ("参加村级活动", 20, 18, "重阳敬老饭"),
    ("参加体育活动", 25, 12, "村里广播操"),
)
# What some do by themselves: indicator, how many people, what for.
ALONE = (
    ("志愿服务", 8, "值夜巡逻一晚"),
    ("邻里帮扶", 7, "帮邻居收稻谷"),
    ("关爱老人", 8, "给独居老人送饭"),
    ("配合调解", 2, "和邻居谈好了地界"),
    ("指导体育练习", 1, "教大家打太极"),
    ("校级优秀学生", 3, ""),
)
REGULARS_DO = ("志愿服务", "防汛值守一晚")
# A party member's, which costs double; the example offers the card of this household.
DOUBLED = (("061", "路平阔"), 19, "乱堆垃圾不整治", "门口的砖，提醒两次没有清")
WHOLE_HOUSEHOLDS = (
    ("庭院美化示范户", 4, "院里种了花，柴草码得齐"),
    ("乱堆垃圾不整治", 2, "门前垃圾，提醒两次没有清"),
)


def deeds_workbook(period: Period, roster: bytes) -> bytes:
    """Write a month's deeds for the people of a roster. The same month and roster give the same deeds."""
    chance = random.Random(f"{period} 大罗村")  # noqa: S311 - an example, not a secret
    rows = [
        row for table in read_tables(roster, "roster.xlsx") if table.sheet == "户册" for row in table.rows
    ]
    drawn = sorted(_deeds(period, rows, chance), key=lambda row: (row[1], row[0]))
    return write_workbook([SheetForm(SHEET, COLUMNS, drawn)])


def _deeds(period: Period, rows: Sequence[Row], chance: random.Random) -> Iterator[tuple[str, ...]]:
    people = [(row.text("户号"), row.text("姓名")) for row in rows if _is_grown(row, period)]
    party = [(row.text("户号"), row.text("姓名")) for row in rows if row.text("党员") == "是"]
    heads = [(row.text("户号"), "") for row in rows if row.text("与户主关系") == "户主"]
    yield from _together(period, "D", "党日活动签到", 5, party, "主题党日")
    for letter, (indicator, day, count, note) in zip("ABCE", TOGETHER, strict=True):
        drawn = chance.sample([person for person in people if person not in REGULARS], count)
        yield from _together(period, letter, indicator, day, [*REGULARS, *drawn], note)
    for person in REGULARS:
        yield _row("", period, 12, person, *REGULARS_DO)
    for indicator, count, note in ALONE:
        for person in chance.sample(people, count):
            yield _row("", period, chance.randint(1, 28), person, indicator, note)
    for indicator, count, note in WHOLE_HOUSEHOLDS:
        for household in chance.sample(heads, count):
            yield _row("", period, chance.randint(1, 28), household, indicator, note)
    person, day, indicator, note = DOUBLED
    yield _row("", period, day, person, indicator, note)


def _together(
    period: Period, letter: str, indicator: str, day: int, people: Sequence[Person], note: str
) -> Iterator[tuple[str, ...]]:
    for person in people:
        yield _row(f"{letter}{day:02d}", period, day, person, indicator, note)


def _row(number: str, period: Period, day: int, person: Person, indicator: str, note: str) -> tuple[str, ...]:
    household, name = person
    cells = {
        "事项号": number,
        "日期": period.first.replace(day=day).isoformat(),
        "户号": household,
        "姓名": name,
        "指标": indicator,
        "说明": note,
    }
    return tuple(cells.get(column.header, "") for column in COLUMNS)


def _is_grown(row: Row, period: Period) -> bool:
    return int(row.text("出生")[:4] or period.year) <= period.year - 16
