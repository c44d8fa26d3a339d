"""The words of 对象, 方向 and 单位, and what stands in brackets behind them. Pure.

subject = [仅] (农户 | 村民个人 | 党员 … | kind {、 kind}) [aside]
unit    = 次 | 月 | 一次性 | 一次性/年 | 小时 | 亩 …     [aside]
aside   = "(" anything ")"
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.limits import Cap
from xiangyue.catalogue.language.parse import NotUnderstood
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.rules.terms import Counting, Direction, Receiver, Subject, Window
from xiangyue.catalogue.rules.worth import UNIT_LENGTH, Unit


@dataclass(frozen=True, slots=True)
class Who:
    """What 对象 says. subject: None if nothing. kinds: it is only for these. receivers: who gets the points, if that
    is said (本人及父母). aside: what stood in brackets."""

    subject: Subject | None = None
    kinds: frozenset[str] = frozenset()
    receivers: frozenset[Receiver] = frozenset()
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What 单位 says: how often (slot), or what is counted (unit), or just a deed (neither).

    deed: what one deed is called. converted: amounts that were turned into points by a rule that stands elsewhere
    (元(折算), 累计小时档).
    """

    slot: Cap | None = None
    unit: Unit | None = None
    deed: str = "次"
    converted: bool = False
    aside: str = ""


DIRECTIONS = {
    word: direction
    for direction, listed in {
        Direction.AWARD: (
            "加",
            "加分",
            "奖",
            "奖励",
            "+",
            "加分项",
            "正向",
            "奖分",
            "正",
            "奖励分",
            "激励",
            "加项",
        ),
        Direction.DEDUCTION: (
            "扣",
            "扣分",
            "减",
            "减分",
            "-",
            "—",
            "扣分项",
            "负向",
            "减分项",
            "罚",
            "负",
            "惩戒",
            "扣项",
        ),
        Direction.BOTH: (
            "加扣",
            "±",
            "加减",
            "奖扣",
            "加/扣",
            "加减分",
            "双向",
            "奖罚",
            "加/减",
            "+/-",
            "加扣分",
            "有加有扣",
        ),
        Direction.BASE: ("基础", "基础分", "基本分", "底分", "基本", "满分"),
        Direction.RESET: ("清零", "归零"),
        Direction.DOWNGRADE: ("降级", "降档", "降星", "降等"),
        Direction.VETO: ("否决", "一票否决", "一票否决项"),
    }.items()
    for word in listed
}
DIRECTION_WORDS = {
    Direction.AWARD: "加", Direction.DEDUCTION: "扣", Direction.BOTH: "加扣", Direction.BASE: "基础",
    Direction.RESET: "清零", Direction.DOWNGRADE: "降级", Direction.VETO: "否决",
}  # fmt: skip
_KINDS = {
    **dict.fromkeys(words.HOUSEHOLD_KINDS, Subject.HOUSEHOLD),
    **dict.fromkeys(words.PERSON_KINDS, Subject.PERSON),
}
_SLOTS = {
    "周": Window.WEEK, "星期": Window.WEEK, "月": Window.MONTH, "月度": Window.MONTH, "双月": Window.TWO_MONTHS,
    "两个月": Window.TWO_MONTHS, "季": Window.QUARTER, "季度": Window.QUARTER, "半年": Window.HALF_YEAR,
    "半年度": Window.HALF_YEAR, "年": Window.YEAR, "年度": Window.YEAR, "全年": Window.YEAR, "一年": Window.YEAR,
}  # fmt: skip
_AND = re.compile("[和及与，,]")
_DEEDS = words.EVENTS | {"每次", "次数", "项目", "活动", "1次", "一次", "次/人"}


def parse_direction(text: str) -> Direction | None:
    """Read 方向. Raises: NotUnderstood."""
    written = plain(text)
    if not written:
        return None
    if written not in DIRECTIONS:
        forms = "、".join(DIRECTION_WORDS.values())
        told = _("方向“%(text)s”看不懂。能看懂的写法：%(forms)s。") % {"text": text, "forms": forms}
        raise NotUnderstood("direction-unread", told)
    return DIRECTIONS[written]


def parse_subject(text: str) -> Who:
    """Read 对象. Raises: NotUnderstood."""
    written, aside = _apart(plain(text))
    for mark in sorted(words.ONLY, key=len, reverse=True):
        written = written.removeprefix(mark)
    if not written:
        return Who(aside=aside)
    if written in words.SUBJECTS:
        return Who(words.SUBJECTS[written], aside=aside)
    kinds = [part for part in _AND.sub("、", written).split("、") if part]
    if kinds and all(kind in words.RECEIVERS for kind in kinds):
        receivers = frozenset(words.RECEIVERS[kind] for kind in kinds)
        return Who(Subject.PERSON, receivers=receivers, aside=aside)
    subjects = {_KINDS.get(kind) for kind in kinds}
    if len(subjects) != 1 or None in subjects:
        raise NotUnderstood(
            "subject-unread",
            _(
                "对象“%(text)s”看不懂。能看懂的写法：农户、村民个人、党员、村民小组、网格、行政村、贫困户、村干部。"
            )
            % {"text": text},
        )
    return Who(subjects.pop(), frozenset(kinds), aside=aside)


def parse_unit(text: str) -> Counted:
    """Read 单位. Raises: NotUnderstood."""
    written, aside = _apart(plain(text))
    bare = written if written in _DEEDS else written.removeprefix("每").removesuffix("/次")
    if bare in words.ONCE:
        window = Window.YEAR if bare.endswith("/年") else Window.ONCE
        return Counted(Cap(Counting.TIMES, 1, window), aside=aside)
    if bare in _SLOTS:
        return Counted(Cap(Counting.TIMES, 1, _SLOTS[bare]), aside=aside)
    if not bare or bare in _DEEDS:
        return Counted(deed=bare if bare in words.EVENTS else "次", aside=aside)
    if bare.endswith("档") and bare.startswith("累计"):
        return Counted(converted=True, aside=bare)
    if bare in words.UNITS and words.UNITS[bare][1] == 1:
        return Counted(unit=words.UNITS[bare][0], converted="折" in aside, aside=aside)
    if bare in words.COUNTED and len(bare) <= UNIT_LENGTH:
        return Counted(unit=Unit("天" if bare == "日" else bare), converted="折" in aside, aside=aside)
    told = _("单位“%(text)s”看不懂。能看懂的写法：次、小时、天、亩、人、户、元、月、季度、半年、年、一次性。")
    raise NotUnderstood("unit-unread", told % {"text": text})


def _apart(text: str) -> tuple[str, str]:
    """Part a text from what stands in brackets behind it."""
    head, bracket, rest = text.partition("(")
    if not bracket or not rest.endswith(")"):
        return text, ""
    return head, rest.removesuffix(")")
