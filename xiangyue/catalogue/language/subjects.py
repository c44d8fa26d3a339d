"""The words of 对象, 方向 and 单位, and what stands in brackets behind them. Pure.

subject = [仅] (农户 | 村民个人 | 党员 … | kind {、 kind}) [aside]
unit    = 次 | 月 | 一次性 | 一次性/年 | 小时 | 亩 …     [aside]
aside   = "(" anything ")"
"""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, unit_words, words
from xiangyue.catalogue.language.caps import Cap, Limits
from xiangyue.catalogue.language.parse import NotUnderstood, parse_limits, parse_value
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.terms import Counting, Direction, Receiver, Subject, Whose, Window
from xiangyue.catalogue.rules.worth import UNIT_LENGTH, Fixed, PerUnit, Unit
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT


@dataclass(frozen=True, slots=True)
class Who:
    """What 对象 says. subject: None if nothing. kinds: it is only for these. receivers: who gets the points, if that
    is said (本人及父母). aside: what stood in brackets. guess: the code of what was taken as usual."""

    subject: Subject | None = None
    kinds: frozenset[str] = frozenset()
    receivers: frozenset[Receiver] = frozenset()
    aside: str = ""
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What 单位 says: how often (slot), or what is counted (unit), or just a deed (neither).

    caps: limits in brackets behind it. whose: of each person's deed (人/次). deed: what one deed is called.
    per, whole: a batch of the unit in base units (次/200毫升), and whether only full ones count; None is one.
    school: a slot is a school year or term, which the windows only come near.
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
    school: bool = False


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
_AND = re.compile("[和及与或]")
_LASTING = {"天", "日", "小时", "晚", "夜", "工日"}
_THINGS = words.COUNTED - words.HEADS - words.MEASURED - words.EVENTS - words.TIMES - words.HAPPENINGS
_QUOTES = re.compile("[「」\"']")
_RESIDENTS = re.compile(r"村[(/](?:居|社区)\)?(?=民|居民|干部)")  # 村（居）民
_ONE_OF_HOUSEHOLD = re.compile("(?:每户|户均)(?:限|只限|派)?(?:[1一]人|[1一]名)(?:代表)?")
_AGED = re.compile(r"(?:年满)?[0-9]+(?:[-~—至][0-9]+)?(?:周岁|岁)(?:\(含\)|及)?(?:以上|以下|以内)?的?")
_KIND_LENGTH = 20
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
    written, aside = ("", "") if blank(text) else _apart(_QUOTES.sub("", _RESIDENTS.sub("村", plain(text))))
    for mark in sorted(subject_words.ONLY, key=len, reverse=True):
        written = written.removeprefix(mark)
    if _ONE_OF_HOUSEHOLD.fullmatch(written) and not aside:
        return Who(Subject.HOUSEHOLD, aside=written)
    if _AGED.fullmatch(aside):
        written, aside = aside + written, ""
    if any(word in aside for word in _NARROWING):
        raise _subject_unread(text)
    if not written or written == "无" or written in subject_words.ANYBODY:
        return Who(aside=aside)
    if aside in subject_words.SUBJECTS and subject_words.SUBJECTS.get(written) is Subject.VILLAGE:
        written = aside if subject_words.SUBJECTS[aside] is not Subject.VILLAGE else written  # 社区（居民）
    if written in subject_words.SUBJECTS:
        return _whole(written, aside)
    kinds = _listed(written)
    if (receivers := _receivers(kinds, written)) is not None:
        return Who(Subject.PERSON, receivers=receivers, aside=aside)
    found = _together([_named(kind) for kind in kinds])
    if found is None:
        raise _subject_unread(text)
    return replace(found, aside=aside)


def _whole(written: str, aside: str) -> Who:
    """Give a subject without kinds; 社区 says whose rules these are, and they score its residents."""
    if written == "社区":
        return Who(Subject.PERSON, aside=aside, guess="subject-community")
    return Who(subject_words.SUBJECTS[written], aside=aside)


def _listed(written: str) -> list[str]:
    """Part the names of a list; 参与者 and 活动参与人员 have no 与 between two."""
    found: list[str] = []
    for part in filter(None, re.split("[、，,/+]", written)):
        found += [part] if "参与" in part else filter(None, _AND.split(part))
    return found


def _receivers(names: list[str], written: str) -> frozenset[Receiver] | None:
    """Give who gets the points in 本人及父母; of 配偶或子女 it isn't said which."""
    known = {**subject_words.RECEIVERS, "个人": Receiver.DOER}
    names = ["本人" if name.endswith("本人") else name for name in names]
    if not names or any(name not in known for name in names) or re.search("[或/+]", written):
        return None
    if names == ["子女"]:
        return None  # who supports the old is their child; 加给子女 is something else
    if "个人" in names and all(name in subject_words.SUBJECTS for name in names):
        return None
    return frozenset(known[name] for name in names)


def _named(name: str) -> tuple[Subject, str] | None:
    """Give the subject that a name is of, and the kind that it names; no kind for all of that subject."""
    for whole in subject_words.ALL_OF:
        rest = name.removeprefix(whole)
        if rest != name and (rest in subject_words.SUBJECTS or rest in _KINDS):
            name = rest
    for level in subject_words.LEVELS_OF:
        if name.removeprefix(level) in subject_words.SUBJECTS:
            name = name.removeprefix(level)
    known = subject_words.SUBJECTS.get(name)
    if known is not None and known is not Subject.PARTY_MEMBER:
        return known, ""
    of = _subject_of(name)
    return (of, name) if of else None


def _together(parts: list[tuple[Subject, str] | None]) -> Who | None:
    """Give whom several names mean together: 党员、群众 are all persons, 个人、家庭 one or the other."""
    said = [part for part in parts if part is not None]
    subjects = {subject for subject, _kind in said}
    kinds = frozenset(kind for _subject, kind in said)
    if not said or len(said) < len(parts):
        return None
    if subjects == {Subject.PERSON, Subject.HOUSEHOLD} and kinds == {""}:
        return Who(Subject.HOUSEHOLD, guess="subject-either")
    if len(subjects) > 1:
        return None
    everybody = "党员" in kinds and not kinds.isdisjoint(subject_words.EVERYBODY)
    return Who(subjects.pop(), frozenset() if "" in kinds or everybody else kinds)


def _subject_of(kind: str) -> Subject | None:
    """Say whether a kind is of persons or of households: 入党积极分子, 军属家庭, 18周岁以上村民."""
    if kind in _KINDS:
        return _KINDS[kind]
    aged = _AGED.match(kind)
    bare = kind[aged.end() :] if aged else kind
    if aged and subject_words.SUBJECTS.get(bare) in (Subject.PERSON, Subject.PARTY_MEMBER):
        return Subject.PERSON
    if aged and bare in _KINDS:
        return _KINDS[bare]
    if any(word in bare for word in _OUTSIDE) or any(map(str.isdigit, bare)) or len(kind) > _KIND_LENGTH:
        return None
    if kind.endswith(subject_words.HOUSEHOLD_ENDS) and not kind.endswith(subject_words.NO_HOUSEHOLDS):
        return Subject.HOUSEHOLD
    known = kind in subject_words.SUBJECTS and subject_words.SUBJECTS[kind] is Subject.PARTY_MEMBER
    ends = kind.endswith((*subject_words.PERSON_ENDS, "党员"))
    return Subject.PERSON if known or ends else None


def _subject_unread(text: str) -> NotUnderstood:
    told = _(
        "对象“%(text)s”看不懂。能看懂的写法：农户、村民个人、党员、村民小组、网格、行政村、贫困户、村干部。"
    )
    return NotUnderstood("subject-unread", told % {"text": text})


def parse_unit(text: str) -> Counted:
    """Read 单位. Raises: NotUnderstood."""
    written, aside = ("", "") if blank(text) else _apart(plain(text))
    if written in _DEEDS and (batch := _batch_in(aside)) is not None:
        return batch
    limits = _limits_in(text, aside)
    written = _any_deed(written.removeprefix("/"))
    if (named := _by_name(written, aside)) is not None:
        return replace(named, caps=limits)
    written = unit_words.UNIT_NAMES.get(written, written.removeprefix("按"))
    bare = written.removeprefix("分/").removeprefix("积分/")
    bare = bare if bare in _DEEDS | _HEAD_DEEDS.keys() else bare.removeprefix("每").removesuffix("/次")
    whose, rest = _whose_before(bare)
    if (timed := _by_time(rest, whose)) is not None:
        return replace(timed, caps=limits, aside=aside)
    if bare.endswith("档") and bare.startswith("累计"):
        return Counted(converted=True, aside=bare)
    if not aside and bare not in words.UNITS and (often := _how_often(written)):
        return Counted(caps=often)
    if (found := _of_amount(bare)) is not None:
        return replace(found, caps=limits, converted="折" in aside, aside=aside)
    bare = bare.removeprefix("次/").replace("、", "/")
    lasting, _stroke, head = bare.partition("/")
    turned = f"人/{lasting}" if head == "人" and lasting in _LASTING else bare  # 天/人 are days of persons
    found = _behind_points(turned) or _before_points(written) or _either(bare)
    if found is None:
        raise _unit_unread(text)
    return replace(found, caps=(*found.caps, *limits), aside=aside)


def _by_name(written: str, aside: str) -> Counted | None:
    """Give what names of their own mean: 学年, 季度评比, 荣誉, 累计."""
    told = f"{written}({aside})" if aside else written
    head, stroke, rest = written.rpartition("/")
    if (school := unit_words.SCHOOL_SLOTS.get(rest.removeprefix("每"))) and (not stroke or head in _HEADS):
        return Counted(Cap(Counting.TIMES, 1, school, _HEADS.get(head)), aside=told, school=True)
    if written in unit_words.SLOT_NAMES:
        return Counted(Cap(Counting.TIMES, 1, unit_words.SLOT_NAMES[written]), aside=told)
    if written in unit_words.NO_UNIT or written.split("/")[0] in unit_words.DEED_NAMES:
        return Counted(aside=told)
    return None


def _by_time(bare: str, whose: Whose | None) -> Counted | None:
    """Give what a deed, or a stretch of time that it counts once in, means: 次, 次/人, 月, 一次性."""
    if bare in _HEAD_DEEDS:
        return Counted(whose=_HEAD_DEEDS[bare])
    if bare in words.ONCE:
        window = Window.YEAR if bare.endswith("/年") else Window.ONCE
        return Counted(Cap(Counting.TIMES, 1, window, whose))
    slot = bare.removeprefix("一次性/")  # 一次性/季 is once in each
    if slot in _SLOTS:
        return Counted(Cap(Counting.TIMES, 1, _SLOTS[slot], whose))
    if not bare or bare in _DEEDS or bare in words.POINTS:
        return Counted(deed=bare if bare in words.EVENTS else "次")
    return None


def _of_amount(bare: str) -> Counted | None:
    """Give a unit of amounts: 小时, 元, 亩, 个."""
    if bare in words.UNITS and words.UNITS[bare][1] == 1:
        return Counted(unit=words.UNITS[bare][0])
    if bare in words.COUNTED and len(bare) <= UNIT_LENGTH:
        return Counted(unit=Unit(words.SAME_UNITS.get(bare, bare)))
    return None


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


def _before_points(text: str) -> Counted | None:
    """Read 每人每小时, 每人每天 as what stands before the points; None where that says nothing."""
    if not text.startswith("每"):
        return None
    try:
        found = parse_value(f"{text}1分")
    except NotUnderstood:
        return None
    counts = isinstance(found.worth, PerUnit) and found.worth.points == CENTIPOINTS_PER_POINT
    if not counts or found != Value(found.worth, whose=found.whose, per_head=found.per_head):
        return None
    assert isinstance(found.worth, PerUnit)
    return Counted(whose=found.whose, unit=found.worth.unit, per=found.worth.per, whole=found.worth.whole)


def _either(text: str) -> Counted | None:
    """Read 头/只 as 头, or whatever is counted there; None where the words are no two such units."""
    names = text.split("/")
    if len(names) < 2 or any(name not in _THINGS for name in names):
        return None
    return Counted(unit=Unit(words.SAME_UNITS.get(names[0], names[0])), aside=text)


def _batch_in(aside: str) -> Counted | None:
    """Read the 200ml of 次（200ml） as what one time is for; None where it is something else."""
    if not aside or not aside[0].isdigit():
        return None
    return _behind_points(aside)


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
