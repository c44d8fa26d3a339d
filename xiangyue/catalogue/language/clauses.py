"""Points behind clauses of free text, read only where nothing else fits. Pure.

clauses = clause {sep clause} {sep nothing}      clause = text (的 | 者) [，] [each] signed | text [each] signed
nothing = text (不得分 | 不扣分 …)
else    = [每次] cell [/次] sep text 扣 cell [/次]
reached = amount cell sep amount cell {sep …}
"""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.amounts import cell, noun_part, quantity, sign
from xiangyue.catalogue.language.labels import NAME_LENGTH
from xiangyue.catalogue.language.leads import Draft, is_narrowing
from xiangyue.catalogue.language.limits import Cap
from xiangyue.catalogue.language.rates import each
from xiangyue.catalogue.language.several import is_piece
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader, Token
from xiangyue.catalogue.rules.terms import Counting, Direction, Measure, Window
from xiangyue.catalogue.rules.worth import (
    Both,
    Cell,
    Fixed,
    Named,
    PerUnit,
    Step,
    StepTable,
    Unit,
    Worth,
)

_OTHERWISE = "一般情形"  # what the points before all clauses are for
_PARTS = words.SEPARATORS - {"、", "和", "及", "且", "并", "并且", "同时", "另", "但", "."}
_SIGNS = words.GAINS | words.LOSSES
# How a text begins that says by itself whether the deed was done.
_DONE = (
    *words.AWARD_LABELS, "全", "按", "获", "评为", "被评为", "通过", "成功", "签", "当月", "当年", "未", "不", "无",
    "迟到", "早退", "缺", "入选", "担任", "缴", "自愿", "带头",
)  # fmt: skip
_AMOUNT_WORDS = (
    words.UNITS.keys() | words.COUNTED | words.PERIOD_UNITS.keys() | words.AND_ABOVE | words.BELOW | words.NOT_BELOW
    | words.NOT_INCLUDED | words.DASHES | words.FULL | words.BEYOND | words.UNDER | {"的", "不到"}
)  # fmt: skip
_AT_MOST = {"不超过", "不高于", "不多于", "控制在"}
_OMITTED = ("不", "未", "没", "无故", "缺", "请假", "旷", "迟到", "早退", "逾期")
_STATING = _SIGNS | words.MINUS_SIGNS | {"得", "记", "计", "积", "可得", "得分", "可获得", "各"}
# What turns the points that follow into something else than the points of the clause before them.
_TURNING = frozenset([
    "不", "未", "无", "没", "没有", "再", "予", "少", "多", "免", "可", "才", "另外", "此外", "以外", "之外", "除外",
    "另", "额外", "加倍", "双倍", "减半", "每",
])  # fmt: skip
_ADDED = frozenset([
    "再加", "另加", "额外加", "额外奖励", "额外奖", "另奖", "再奖励", "再奖", "加扣", "另扣", "再扣", "额外扣",
    "另", "再",
])  # fmt: skip
# A clause with one of these says for whom, how often or how much, and not only what was done.
_BINDING = (
    words.GAINS
    | words.LOSSES
    | words.MINUS_SIGNS
    | words.BOTH_SIGNS
    | words.DASHES
    | words.ORDINAL
    | words.EACH
    | words.RELATIVE
    | words.POINTS
    | words.NEXT_TIMES
    | words.ADDED_UP.keys()
    | words.AT_LEAST
    | words.CASE
    | words.DISCRETION
    | words.EXACTLY_FULL
    | (words.HEDGES - {"或", "或者"})
    | words.RESPECTIVELY
    | words.MORE_TAKEN
    | words.FACTORS.keys()
    | words.TO_NOTHING
    | words.NO_POINTS
    | {"累计"}
    | {word for word in words.WINDOWS if word[0] in "每单"}
    | (words.WHOSE.keys() - {"户", "家庭", "村", "组", "人", "个人", "本人", "本村", "全家", "村民组"})
    | (words.MOST - {"评", "限", "可", "只", "共", "评选", "评定", "评比"})
)  # fmt: skip
_WHO = words.KINDS | words.ROLES | words.CIRCUMSTANCES.keys()


@dataclass(frozen=True, slots=True)
class _Clause:
    """What was done and what it brings; `given` is None for nothing. deed: of what (每例), none for a time.
    added: it comes on top of the others (再加1分)."""

    text: str
    given: Cell | None
    side: Direction | None
    deed: Unit | None = None
    added: bool = False


def clauses(reader: Reader, draft: Draft) -> Worth:
    """Take 未按时公开的，每次扣1分；公开不全的，每次扣0.5分. Raises: NotFitting."""
    reader.quietly(_leading_note)
    found = [reader.attempt(_plain_clause) or _clause(reader)]
    while (more := reader.attempt(_next_clause)) is not None:
        found.append(more)
    given = [one for one in found if one.given is not None]
    if not given or len({one.text for one in found}) < len(found):
        raise NotFitting
    reader.kept = True
    if len(given) == 1:
        if given[0].text == _OTHERWISE:
            raise NotFitting
        alone = _alone(draft, given[0], found)
        if (slot := reader.attempt(slashed_window)) is not None:
            draft.caps.append(Cap(Counting.TIMES, 1, slot))
        return alone
    if any(one.added for one in given):
        raise NotFitting
    if (sides := _sides_by_unit(given)) is not None:
        draft.direction, reader.signs = Direction.BOTH, ()
        return sides
    deeds = {one.deed for one in given}
    if len(deeds) > 1 or not all(one.deed is None or is_piece(one.deed) for one in given):
        raise NotFitting
    if given[0].text == _OTHERWISE:
        _check_graver(given)
    deed = deeds.pop()
    draft.deed = deed.name if deed else ""
    return _together(reader, draft, given)


def _sides_by_unit(given: list[_Clause]) -> Both | None:
    """Give 全家参保加10分，未参保每人扣2分: two sides, of which each counts something else."""
    sides = {one.side: one for one in given if isinstance(one.given, Fixed)}
    award, deduction = sides.get(Direction.AWARD), sides.get(Direction.DEDUCTION)
    if len(given) != 2 or award is None or deduction is None or award.deed == deduction.deed:
        return None
    found = [
        PerUnit(one.deed, one.deed.size, one.given.points, whole=False) if one.deed else one.given
        for one in (award, deduction)
        if isinstance(one.given, Fixed)
    ]
    return Both(found[0], found[1])


def _plain_clause(reader: Reader) -> _Clause:
    """Take the 扣10分 of 扣10分，拒不整改的扣30分: what is taken if nothing makes it worse. Raises: NotFitting."""
    deed = reader.attempt(_every)
    before = len(reader.signs)
    given = cell(reader)
    if reader.signs[before:] != (Direction.DEDUCTION,):
        raise NotFitting
    deed = deed or reader.attempt(_every_behind)
    single = deed is not None and deed.name in ("次", "回")
    return _Clause(_OTHERWISE, given, Direction.DEDUCTION, None if single else deed)


def _check_graver(given: list[_Clause]) -> None:
    """See that every further clause takes more than the one before: one of them counts, not all. Raises: NotFitting."""
    taken = [one.given.points if isinstance(one.given, Fixed) else 0 for one in given]
    if len({one.side for one in given}) > 1 or taken[0] == 0 or taken != sorted(set(taken)):
        raise NotFitting


def _leading_note(reader: Reader) -> bool:
    """Take 限期整改， before the points. Raises: NotFitting."""
    if reader.next is None or not reader.next.text.startswith(subject_words.NOTE_STARTS):
        raise NotFitting
    while reader.next is not None and reader.next.text not in _PARTS:
        if reader.next.kind is Kind.NUMBER or reader.next.text in _STATING | words.POINTS:
            raise NotFitting
        reader.skip_to(reader.at + 1)
    reader.expect({"，", ","})
    return True


def _alone(draft: Draft, one: _Clause, found: list[_Clause]) -> Worth:
    assert one.given is not None
    if (len(found) > 1 and found[0] is not one) or any(who in one.text for who in _WHO):
        raise NotFitting
    if one.side is None and one.deed is None and len(found) == 1 and not one.text.startswith(_DONE):
        raise NotFitting
    if one.deed is None:
        return one.given
    if isinstance(one.given, Fixed):
        return PerUnit(one.deed, one.deed.size, one.given.points, whole=False)
    if not is_piece(one.deed):
        raise NotFitting
    draft.deed = one.deed.name
    return one.given


def _together(reader: Reader, draft: Draft, given: list[_Clause]) -> Worth:
    sides = {one.side for one in given}
    if None in sides and len(sides) > 1:
        reader.misfit("two-sides", _("有的加、有的扣，请给每一档都写明加还是扣，例如合格加5分、不合格扣5分"))
    rows = [
        [(one.text, one.given) for one in given if one.side is side and one.given]
        for side in (Direction.AWARD, Direction.DEDUCTION)
    ]
    if len(sides) == 1:
        return Named(tuple((one.text, one.given) for one in given if one.given))
    draft.direction = Direction.BOTH
    reader.signs = ()
    award, deduction = (listed[0][1] if len(listed) == 1 else Named(tuple(listed)) for listed in rows)
    return Both(award, deduction)


def _next_clause(reader: Reader) -> _Clause:
    reader.expect(_PARTS | {"、"})
    return _clause(reader)


def _clause(reader: Reader) -> _Clause:
    start = reader.at
    end = _end_of_text(reader, start)
    if end == start:
        raise NotFitting
    tokens = reader.tokens[start:end]
    text = "".join(one.text for one in tokens)
    _check_text(text, tokens)
    reader.skip_to(end)
    if reader.accept(words.NO_POINTS):
        return _Clause(text, None, None)
    closed = reader.accept({"的"})
    reader.accept({"，", ",", ":"})
    if closed and reader.accept(words.NO_POINTS):
        return _Clause(text, None, None)
    deed = reader.attempt(_every)
    before = len(reader.signs)
    stated = reader.next is not None and reader.next.text in _STATING | words.DISCRETION
    given = cell(reader)
    said = set(reader.signs[before:])
    plainly = reader.tokens[reader.at - 1].text in words.POINTS and len(text) > 1
    if len(said) > 1 or not (stated or said or deed or plainly):
        raise NotFitting
    deed = deed or reader.attempt(_every_behind)
    single = deed is not None and deed.name in ("次", "回")
    added = any(token.text in _ADDED for token in reader.tokens[end : reader.at])
    return _Clause(text, given, said.pop() if said else None, None if single else deed, added)


def _end_of_text(reader: Reader, start: int) -> int:
    """Find where the text ends: before 的, a comma, 每… or a sign with points behind it, in this clause."""
    for at in range(start, len(reader.tokens)):
        token = reader.tokens[at]
        if token.text in words.NO_POINTS or (
            token.text in ("的", "，", ",") and _points_follow(reader, at + 1)
        ):
            return at
        if token.text in _PARTS | {"(", ")"}:
            return start
        if _numbers(token) and reader.tokens[at + 1 : at + 2] and reader.tokens[at + 1].text in words.POINTS:
            return at if _points_follow(reader, at) else start
        if (token.text[0] in "每" or token.text in _STATING | words.DISCRETION) and _points_follow(
            reader, at
        ):
            return at
    return start


def _points_follow(reader: Reader, at: int) -> bool:
    """Whether only 每例, a sign and points stand from here."""
    trial = Reader(reader.tokens[at:])
    trial.accept({"，", ",", ":"})
    if trial.accept(words.NO_POINTS):
        return True
    trial.attempt(_every)
    if trial.attempt(cell) is None:
        return False
    trial.attempt(_every_behind)
    trial.attempt(slashed_window)
    return trial.done or (trial.next is not None and trial.next.text in _PARTS | {"(", ")", "、"})


def _every(reader: Reader) -> Unit:
    """Take 每例, 每次, 每人, 一次; a time is no unit. Raises: NotFitting."""
    if reader.accept({"每次", "每一次", "单次", "每回"}):
        return Unit("次")
    if reader.attempt(_one_time):
        return Unit("次")
    found = each(reader)
    if not found.bare:
        raise NotFitting
    return found.unit


def _one_time(reader: Reader) -> bool:
    if reader.number() != 1:
        raise NotFitting
    reader.expect({"次", "回"})
    return True


def _every_behind(reader: Reader) -> Unit:
    reader.expect(words.SLASH)
    name = reader.expect(words.EVENTS | words.HAPPENINGS | {"篇"})
    return Unit(name)


def _check_text(text: str, tokens: list[Token]) -> None:
    """Refuse a text that says more than what was done. Raises: NotFitting."""
    if not 0 < len(text) <= NAME_LENGTH or text.endswith(tuple(_TURNING)):
        raise NotFitting
    if is_narrowing(text):
        raise NotFitting
    if all(_numbers(one) or one.text in _AMOUNT_WORDS for one in tokens) and any(map(_numbers, tokens)):
        raise NotFitting  # 一车扣10分 counts cars, 10小时以下1分 is a step
    if text in words.LEVELS or text in words.KINDS or not any("\u4e00" <= one <= "\u9fff" for one in text):
        raise NotFitting
    for at, token in enumerate(tokens):
        before, behind = tokens[at - 1] if at else None, tokens[at + 1 : at + 3]
        if token.kind is Kind.NUMBER:
            if not _is_measure(before, behind):
                raise NotFitting
        elif token.text in _ADDED or (token.text in _BINDING and not _is_bound(token.text, before, behind)):
            raise NotFitting
        if token.text in words.FIRST_FEW and behind and behind[0].kind is Kind.NUMBER:
            raise NotFitting  # 前10名 is how many may have it


def _is_measure(before: Token | None, behind: list[Token]) -> bool:
    """Whether a number only tells cases apart: 10桌以下, 3-6万元, 连续三个月, 第一作者, 三星户.

    A bare amount (捐100元, 50个烟头) may be meant for every so many, or be a threshold.
    """
    if not behind:
        return False
    if before is not None and before.text in words.ORDINAL:
        return behind[0].kind is Kind.TEXT
    if behind[0].text in words.DASHES:
        return len(behind) > 1 and behind[1].kind is Kind.NUMBER
    if behind[0].text.startswith("星") or behind[0].text in words.PERIOD_UNITS.keys() - {"次"}:
        return True
    compared = words.AND_ABOVE | words.BELOW | words.NOT_BELOW | words.NOT_INCLUDED
    bounded = before is not None and before.text in _AT_MOST | words.BEYOND | words.UNDER | words.DASHES
    if len(behind) > 1 and behind[1].text in compared:
        bounded = True
    return bounded and behind[0].text in words.UNITS.keys() | words.COUNTED - words.TIMES


def _is_bound(token: str, before: Token | None, behind: list[Token]) -> bool:
    """Whether a word only says how much was spent or used: 不超过100元, 3-6万元, 第一作者."""
    if token in words.DASHES:
        return before is not None and before.kind is Kind.NUMBER and behind[:1] != [] and _numbers(behind[0])
    if token in words.ORDINAL:
        return behind[:1] != [] and _numbers(behind[0])
    if token not in _AT_MOST or len(behind) < 2:
        return False
    return _numbers(behind[0]) and behind[1].text in words.UNITS.keys() | words.COUNTED - words.TIMES


def _numbers(token: Token) -> bool:
    return token.kind is Kind.NUMBER


def slashed_window(reader: Reader) -> Window:
    """Take the /月 of 达标2分/月. Raises: NotFitting."""
    reader.expect(words.SLASH)
    window = words.WINDOWS[reader.expect(words.WINDOWS)]
    if window not in words.SLOT_WINDOWS:
        raise NotFitting
    return window


# ---- one side for who does it, one for who does not


def nothing(reader: Reader) -> bool:
    """Take the 未分类不得分 behind points: who doesn't do it gets none. Raises: NotFitting."""
    one = _clause(reader)
    spared = reader.tokens[reader.at - 1].text in ("不扣分", "不扣", "免扣", "免于扣分")
    if one.given is not None or not (spared or any(word in one.text for word in "不未没无逾超缺差")):
        raise NotFitting
    if any(who in one.text for who in _WHO):
        raise NotFitting
    reader.kept = True
    return True


def otherwise(reader: Reader, draft: Draft) -> Worth:
    """Take 2分/次，缺席扣1分/次: the points of the title's deed, and what its omission takes. Raises: NotFitting."""
    before = len(reader.signs)
    each_time = reader.accept({"每次", "单次"})
    award = cell(reader)
    behind = reader.attempt(_every_behind)
    if set(reader.signs[before:]) - {Direction.AWARD} or not (
        each_time or (behind and behind.name in words.TIMES)
    ):
        raise NotFitting
    reader.expect(words.SEPARATORS)
    other = _clause(reader)
    if not other.text.startswith(_OMITTED) or any(word in other.text for word in "改纠悔"):
        raise NotFitting  # 每次10分，态度恶劣的扣20分 is about one fault
    if other.side is not Direction.DEDUCTION or other.given is None or other.deed is not None:
        raise NotFitting
    reader.kept = True
    reader.signs = ()
    draft.direction = Direction.BOTH
    return Both(award, other.given)


# ---- amounts that are reached


def reached(reader: Reader, draft: Draft) -> Worth:
    """Take 200毫升加5分，400毫升加10分: the highest amount that was reached counts. Raises: NotFitting."""
    rows = [_reached_row(reader)]
    while (row := reader.attempt(_next_reached)) is not None:
        rows.append(row)
    units = {of for _amount, of, _points in rows}
    rising = all(low[0] < high[0] and low[2] < high[2] for low, high in pairwise(rows))
    of = rows[0][1]
    if len(rows) < 2 or len(units) > 1 or not rising:
        raise NotFitting
    if of.measure is Measure.HUNDREDTHS and is_piece(of):
        raise NotFitting
    return StepTable(of, tuple(Step(amount, given) for amount, _of, given in rows))


def _next_reached(reader: Reader) -> tuple[int, Unit, int]:
    reader.expect(words.SEPARATORS)
    return _reached_row(reader)


def _reached_row(reader: Reader) -> tuple[int, Unit, int]:
    if "".join(reader.several(noun_part)):
        reader.kept = True
    amount, of = quantity(reader)
    reader.accept({"的"})
    reader.accept({"，", ","})
    sign(reader)
    given = cell(reader)
    if not isinstance(given, Fixed) or not amount:
        raise NotFitting
    return amount, of, given.points
