"""The words of 对象, 方向 and 单位, and what stands in brackets behind them. Pure.

subject = [仅] (农户 | 村民个人 | 党员 … | kind {、 kind}) [aside]
unit    = 次 | 月 | 一次性 | 一次性/年 | 小时 | 亩 …     [aside]
aside   = "(" anything ")"
"""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.limits import Cap, Limits
from xiangyue.catalogue.language.parse import NotUnderstood, parse_limits, parse_value
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.terms import Counting, Direction, Receiver, Subject, Whose, Window
from xiangyue.catalogue.rules.worth import UNIT_LENGTH, Fixed, PerUnit, Unit
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT


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

    caps: limits in brackets behind it. whose: of each person's deed (人/次). deed: what one deed is called.
    per, whole: a batch of the unit in base units (次/200毫升), and whether only full ones count; None is one.
    converted: amounts that were turned into points by a rule that stands elsewhere (元(折算), 累计小时档).
    """

    slot: Cap | None = None
    caps: tuple[Cap, ...] = ()
    whose: Whose | None = None
    unit: Unit | None = None
    per: int | None = None
    whole: bool = False
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
    **dict.fromkeys(subject_words.HOUSEHOLD_KINDS, Subject.HOUSEHOLD),
    **dict.fromkeys(subject_words.PERSON_KINDS, Subject.PERSON),
}
_SLOTS = {
    "周": Window.WEEK, "星期": Window.WEEK, "月": Window.MONTH, "月度": Window.MONTH, "双月": Window.TWO_MONTHS,
    "两个月": Window.TWO_MONTHS, "季": Window.QUARTER, "季度": Window.QUARTER, "半年": Window.HALF_YEAR,
    "半年度": Window.HALF_YEAR, "年": Window.YEAR, "年度": Window.YEAR, "全年": Window.YEAR, "一年": Window.YEAR,
}  # fmt: skip
_HEADS = {"户": Whose.HOUSEHOLD, "人": Whose.PERSON, "家庭": Whose.HOUSEHOLD, "组": Whose.GROUP}
_HEAD_DEEDS = {
    **dict.fromkeys(("次/人", "人/次", "每人每次", "人·次"), Whose.PERSON),
    **dict.fromkeys(("次/户", "户/次", "每户每次", "户·次"), Whose.HOUSEHOLD),
}
# In brackets behind a subject these would make it smaller, which the item has to say in another way.
_NARROWING = ("除", "不含", "不包括", "仅", "限", "只", "以上", "以下", "周岁", "岁")
_OUTSIDE = ("除", "不含", "不包括", "以外")
_AND = re.compile("[和及与，,]")
_DEEDS = words.EVENTS | {"每次", "次数", "项目", "活动", "1次", "一次"}


def parse_direction(text: str) -> Direction | None:
    """Read 方向. Raises: NotUnderstood."""
    written = plain(text)
    if not written or (blank(written) and written != "-"):
        return None  # a short dash is a minus, any other one an empty cell
    if written not in DIRECTIONS:
        forms = "、".join(DIRECTION_WORDS.values())
        told = _("方向“%(text)s”看不懂。能看懂的写法：%(forms)s。") % {"text": text, "forms": forms}
        raise NotUnderstood("direction-unread", told)
    return DIRECTIONS[written]


def parse_subject(text: str) -> Who:
    """Read 对象. Raises: NotUnderstood."""
    written, aside = ("", "") if blank(text) else _apart(plain(text))
    for mark in sorted(subject_words.ONLY, key=len, reverse=True):
        written = written.removeprefix(mark)
    if any(word in aside for word in _NARROWING):
        raise _subject_unread(text)
    if not written or written == "无":
        return Who(aside=aside)
    if written in subject_words.SUBJECTS:
        return Who(subject_words.SUBJECTS[written], aside=aside)
    kinds = [part for part in _AND.sub("、", written).split("、") if part]
    if kinds and all(kind in subject_words.RECEIVERS for kind in kinds):
        receivers = frozenset(subject_words.RECEIVERS[kind] for kind in kinds)
        return Who(Subject.PERSON, receivers=receivers, aside=aside)
    subjects = {_subject_of(kind) for kind in kinds}
    if len(subjects) != 1 or None in subjects:
        raise _subject_unread(text)
    return Who(subjects.pop(), frozenset(kinds), aside=aside)


def _subject_of(kind: str) -> Subject | None:
    """Say whether a kind is of persons or of households: 入党积极分子, 军属家庭."""
    if kind in _KINDS:
        return _KINDS[kind]
    if any(word in kind for word in _OUTSIDE):
        return None
    if kind.endswith(subject_words.HOUSEHOLD_ENDS):
        return Subject.HOUSEHOLD
    known = kind in subject_words.SUBJECTS and subject_words.SUBJECTS[kind] is Subject.PARTY_MEMBER
    return Subject.PERSON if known or kind.endswith(subject_words.PERSON_ENDS) else None


def _subject_unread(text: str) -> NotUnderstood:
    told = _(
        "对象“%(text)s”看不懂。能看懂的写法：农户、村民个人、党员、村民小组、网格、行政村、贫困户、村干部。"
    )
    return NotUnderstood("subject-unread", told % {"text": text})


def parse_unit(text: str) -> Counted:
    """Read 单位. Raises: NotUnderstood."""
    written, aside = ("", "") if blank(text) else _apart(plain(text))
    limits = _limits_in(text, aside)
    written = _any_deed(written)
    bare = written.removeprefix("分/").removeprefix("积分/")
    bare = bare if bare in _DEEDS | _HEAD_DEEDS.keys() else bare.removeprefix("每").removesuffix("/次")
    if bare in _HEAD_DEEDS:
        return Counted(caps=limits, whose=_HEAD_DEEDS[bare], aside=aside)
    whose, bare = _whose_before(bare)
    if bare in words.ONCE:
        window = Window.YEAR if bare.endswith("/年") else Window.ONCE
        return Counted(Cap(Counting.TIMES, 1, window, whose), limits, aside=aside)
    if bare in _SLOTS:
        return Counted(Cap(Counting.TIMES, 1, _SLOTS[bare], whose), limits, aside=aside)
    if not bare or bare in _DEEDS or bare in words.POINTS:
        return Counted(caps=limits, deed=bare if bare in words.EVENTS else "次", aside=aside)
    if bare.endswith("档") and bare.startswith("累计"):
        return Counted(converted=True, aside=bare)
    if bare in words.UNITS and words.UNITS[bare][1] == 1:
        unit, _factor = words.UNITS[bare]
        return Counted(caps=limits, unit=unit, converted="折" in aside, aside=aside)
    if not aside and (often := _how_often(written)):
        return Counted(caps=often)
    if bare in words.COUNTED and len(bare) <= UNIT_LENGTH:
        unit = Unit(words.SAME_UNITS.get(bare, bare))
        return Counted(caps=limits, unit=unit, converted="折" in aside, aside=aside)
    found = _behind_points(bare.removeprefix("次/").replace("、", "/"))
    if found is None:
        raise _unit_unread(text)
    return replace(found, caps=(*found.caps, *limits), aside=aside)


def _whose_before(bare: str) -> tuple[Whose | None, str]:
    """Part 户/月 and 人/年, where points come once in each; 户 alone is a unit."""
    head, stroke, rest = bare.partition("/")
    if stroke and head in _HEADS and rest in _SLOTS:
        return _HEADS[head], rest
    return None, bare


def _limits_in(text: str, aside: str) -> tuple[Cap, ...]:
    """Read what stands in brackets behind a unit as limits, if there is a figure in it. Raises: NotUnderstood."""
    if not any(character.isdigit() or character in "一二两三四五六七八九十半" for character in aside):
        return ()
    try:
        found = parse_limits(aside)
    except NotUnderstood:
        raise _unit_unread(text) from None
    if found != replace(Limits(), caps=found.caps):
        raise _unit_unread(text)
    return found.caps


def _any_deed(text: str) -> str:
    """Read 次、件 as 次: whatever a deed is called there."""
    several = re.split("[、或]", text)
    return "次" if len(several) > 1 and all(part in _DEEDS for part in several) else text


def _behind_points(text: str) -> Counted | None:
    """Read 人·天, 户/周, 200毫升 as what stands behind the stroke of 1分/…; None where that says nothing."""
    try:
        found = parse_value(f"1分/{text}")
    except NotUnderstood:
        return None
    if found != Value(
        found.worth, None, found.caps, whose=found.whose, per_head=found.per_head, kept=found.kept
    ):
        return None
    if isinstance(found.worth, PerUnit) and found.worth.points == CENTIPOINTS_PER_POINT:
        per, whole = found.worth.per, found.worth.whole
        return Counted(None, found.caps, found.whose, found.worth.unit, per, whole)
    if not isinstance(found.worth, Fixed) or len(found.caps) > 1:
        return None
    return Counted(found.caps[0], found.caps[1:]) if found.caps else Counted(whose=found.whose)


def _how_often(text: str) -> tuple[Cap, ...]:
    """Read 每户每年1次, which stands under 单位 as well as under 上限; nothing where it is something else."""
    try:
        found = parse_limits(text)
    except NotUnderstood:
        return ()
    times = [cap.counting is Counting.TIMES and cap.window is not None for cap in found.caps] == [True]
    return found.caps if times and found == replace(Limits(), caps=found.caps) else ()


def _unit_unread(text: str) -> NotUnderstood:
    told = _("单位“%(text)s”看不懂。能看懂的写法：次、小时、天、亩、人、户、元、月、季度、半年、年、一次性。")
    return NotUnderstood("unit-unread", told % {"text": text})


def _apart(text: str) -> tuple[str, str]:
    """Part a text from what stands in brackets behind it."""
    head, bracket, rest = text.partition("(")
    if not bracket or not rest.endswith(")"):
        return text, ""
    return head, rest.removesuffix(")")
