"""Points behind clauses of free text, read only where nothing else fits. Pure.

clauses = (clause | plain) {sep clause | "(" clause ")"} {sep nothing}
clause  = text (的 | 者) [，] given | text given | given          (without a text only where it counts something)
given   = [一次性] {每月 | 每条 | 每30个 | 一次} [sign] cell {/条 | /月} | event
plain   = given                                   what there is if none of the clauses behind it holds
nothing = text (不得分 | 不扣分 | 不计 …)

What clauses make together is said by `together`.
"""

from dataclasses import dataclass, replace

from xiangyue.catalogue.language import (
    event_words,
    limit_words,
    noise_words,
    subject_words,
    unit_words,
    words,
)
from xiangyue.catalogue.language.amounts import cell, quantity
from xiangyue.catalogue.language.conditions import is_narrowing
from xiangyue.catalogue.language.events import event
from xiangyue.catalogue.language.labels import NAME_LENGTH
from xiangyue.catalogue.language.leads import unit_of_one
from xiangyue.catalogue.language.rates import Batch, each
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader, Token
from xiangyue.catalogue.rules.terms import Direction, Window
from xiangyue.catalogue.rules.worth import Cell, Event, Unit

OTHERWISE = "一般情形"  # what the points before all clauses are for
_PARTS = words.SEPARATORS - {"、", "和", "及", "且", "并", "并且", "同时", "另", "但", "."}
_JOINTS = _PARTS | {"、", "并", "并且", "同时"}
_SIGNS = words.GAINS | words.LOSSES | words.MORE_TAKEN
_AMOUNT_WORDS = (
    words.UNITS.keys() | words.COUNTED | words.PERIOD_UNITS.keys() | words.AND_ABOVE | words.BELOW | words.NOT_BELOW
    | words.NOT_INCLUDED | words.DASHES | words.FULL | words.BEYOND | words.UNDER | {"的", "不到"}
)  # fmt: skip
_AT_MOST = {"不超过", "不高于", "不多于", "控制在"}
_STATING = _SIGNS | words.MINUS_SIGNS | {"得", "记", "计", "积", "可得", "得分", "可获得", "各"}
_FOUND = {"发现", "出现", "发生", "查实", "成功", "每"}
_GRANTED = {"得", "计", "积", "可得", "得分", "可获得"}
_EVENTS = (
    event_words.RESETS.keys() | event_words.VETOES | event_words.VETO_TAKES | event_words.TAKES_ALL
    | event_words.DOWNGRADES | event_words.CATEGORY_RESETS
)  # fmt: skip
# What turns the points that follow into something else than the points of the clause before them.
_TURNING = frozenset([
    "不", "未", "无", "没", "没有", "直至", "直到", "以至", "再", "予", "少", "多", "免", "可", "才", "另外", "此外",
    "以外", "之外", "除外", "另", "额外", "加倍", "双倍", "减半", "每",
])  # fmt: skip
# When a balance is cleared anyway: 次年清零 says how long points last, and is no event.
_LATER = (
    "次年",
    "第二年",
    "翌年",
    "来年",
    "年底",
    "年终",
    "年末",
    "每年",
    "季末",
    "月底",
    "月末",
    "次月",
    "到期",
    "期满",
)
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
    | words.FACTORS.keys()
    | limit_words.TO_NOTHING
    | words.NO_POINTS
    | {"累计"}
    | {word for word in words.WINDOWS if word[0] in "每单"}
    | (words.WHOSE.keys() - {"户", "家庭", "村", "组", "人", "个人", "本人", "本村", "全家", "全户", "村民组"})
    | (words.MOST - words.RHYTHMS - {"限", "可", "只", "共"})
)  # fmt: skip
WHO = words.KINDS | words.ROLES | words.CIRCUMSTANCES.keys()


@dataclass(frozen=True, slots=True)
class Clause:
    """What was done and what it brings; `given` is None for nothing.

    batch: of what (每例, 每30个), none for a time. slot: how often it may give points (每月). once: 一次性.
    added: it comes on top of the others (再加1分). said: all of its words. granted: no sign, but 得, 计: beside a
    deduction that is an award. factor: in hundredths, of the plain points (限期未改的加倍).
    """

    text: str
    given: Cell | Event | None
    side: Direction | None = None
    batch: Batch | None = None
    slot: Window | None = None
    once: bool = False
    added: bool = False
    said: str = ""
    factor: int = 0
    granted: bool = False

    @property
    def deed(self) -> Unit | None:
        return self.batch.unit if self.batch else None


def all_clauses(reader: Reader) -> list[Clause]:
    """Take 未按时公开的，每次扣1分；公开不全的，每次扣0.5分, as far as they go. Raises: NotFitting."""
    reader.quietly(_leading_note)
    found = [reader.attempt(_plain_clause) or clause(reader)]
    while (more := reader.attempt(_next_clause)) is not None:
        found.append(more)
    return found


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


def _plain_clause(reader: Reader) -> Clause:
    """Take the 扣10分 of 扣10分，拒不整改的扣30分: what there is if nothing else is. Raises: NotFitting."""
    start = reader.at
    found = _given(reader, start, OTHERWISE)
    if reader.next is not None and reader.next.text not in _JOINTS | {"("}:
        raise NotFitting
    return found


def _next_clause(reader: Reader) -> Clause:
    if reader.accept({"("}):
        found = clause(reader)
        reader.expect({")"})
        return found
    joint = reader.expect(_JOINTS)
    while reader.accept(_JOINTS):
        pass
    found = clause(reader)
    if joint in ("并", "并且", "同时") and not isinstance(found.given, Event):
        raise NotFitting
    return found


def clause(reader: Reader) -> Clause:
    """Take one clause. Raises: NotFitting."""
    start = reader.at
    if (told := reader.attempt(_whole_event)) is not None:
        return Clause(_said(reader, start), told)
    end = _end_of_text(reader, start)
    if end == start:
        return _textless(reader)
    text, once = _without_time(reader.tokens[start:end])
    reader.skip_to(end)
    if reader.accept(words.NO_POINTS | words.NOT_COUNTED):
        return Clause(text, None)
    closed = reader.accept({"的"})
    reader.accept({"，", ",", ":"})
    if closed and reader.accept(words.NO_POINTS | words.NOT_COUNTED):
        return Clause(text, None)
    if (times := reader.attempt(_multiplied)) is not None:
        return Clause(text, None, factor=times)
    found = _given(reader, start, text, stated=bool(once))
    behind = reader.tokens[end : reader.at]
    begins = words.WINDOWS.get(reader.tokens[start].text) if text[0] == "每" else None
    if begins in words.SLOT_WINDOWS and found.slot not in (None, begins):
        raise NotFitting
    if begins in words.SLOT_WINDOWS:
        found = replace(found, slot=begins)  # 每季度按时缴纳加2分
    return replace(
        found, added=any(token.kind is Kind.WORD and token.text in words.ADDED for token in behind)
    )


def _whole_event(reader: Reader) -> Event:
    """Take 一年内不得兑换, 取消当年评优资格: an event that is all of its clause. Raises: NotFitting."""
    found = event(reader)
    if reader.next is not None and reader.next.text not in _JOINTS | {"(", ")"}:
        raise NotFitting
    return found


def _textless(reader: Reader) -> Clause:
    """Take the 每漏缴一人扣5分 that says in its unit what was done. Raises: NotFitting."""
    start = reader.at
    found = _given(reader, start, "")
    units = reader.tokens[start : reader.at]
    verbal = any(one.kind is Kind.TEXT or one.text in noise_words.NOISE for one in units)
    if isinstance(found.given, Event) or not verbal or units[0].text[0] != "每":
        raise NotFitting
    return replace(found, text=found.said, added=any(token.text in words.ADDED for token in units))


def _given(reader: Reader, start: int, text: str, *, stated: bool = False) -> Clause:
    """Take what a clause brings. stated: it was said that this is about every time. Raises: NotFitting."""
    if (told := reader.attempt(_event_given)) is not None:
        if text.startswith(_LATER):
            raise NotFitting
        return Clause(text, told, None, said=_said(reader, start))
    begin = reader.at
    once = bool(reader.accept(words.ONCE - {"一次性/年"}))
    slot, batch = _counted(reader)
    before = len(reader.signs)
    first = reader.next.text if reader.next is not None else ""
    stated = (
        stated
        or once
        or first in _STATING | words.DISCRETION | words.CASE
        or bool(slot or batch)
        or reader.at > begin
    )
    if start and reader.accept(words.MORE_TAKEN):
        reader.signs += (Direction.DEDUCTION,)  # 扣5分，不改的加扣5分: beside a deduction it is more of it
    given = cell(reader)
    said = set(reader.signs[before:])
    behind = reader.next.text if reader.next is not None else ""
    ends = reader.tokens[reader.at - 1].text in words.POINTS or behind in _JOINTS | {"", "(", ")"}
    plainly = ends and len(text) > 1
    slot = slot or reader.attempt(slashed_window)
    batch = batch or reader.attempt(batch_behind)
    slot = slot or reader.attempt(slashed_window)
    if len(said) > 1 or not (stated or said or plainly or slot or batch):
        raise NotFitting
    single = batch is not None and batch.unit.name in ("次", "回")
    side = said.pop() if said else None
    known = Clause(text, given, side, None if single else batch, slot, once, said=_said(reader, start))
    return replace(known, granted=side is None and first in _GRANTED)


def _said(reader: Reader, start: int) -> str:
    return "".join(token.text for token in reader.tokens[start : reader.at])


def _multiplied(reader: Reader) -> int:
    """Take the 加倍扣分 of 限期未改的加倍扣分. Raises: NotFitting."""
    reader.accept({"按", "给予"})
    found = words.FACTORS[reader.expect(words.FACTORS)]
    reader.accept(words.FACTOR_SIDES)
    return found


def _event_given(reader: Reader) -> Event:
    """Take 清零, 直接取消评优资格. Raises: NotFitting."""
    if reader.next is None or reader.next.text not in _EVENTS | event_words.DIRECTLY | event_words.ON_SIGHT:
        raise NotFitting
    return event(reader)


def _counted(reader: Reader) -> tuple[Window | None, Batch | None]:
    """Take 每月, 每条, 一次, 每人每次 before points."""
    slot, batch = None, None
    for _n in range(3):
        if slot is None and (found := reader.attempt(_each_window)) is not None:
            slot = found
        elif (more := reader.attempt(_every)) is not None:
            batch = more if batch is None else _both(batch, more)
        else:
            break
    return slot, batch


def _both(batch: Batch, more: Batch) -> Batch:
    """Give what 每次每条 or 每人每场 counts. Raises: NotFitting."""
    names = {batch.unit.name, more.unit.name}
    if "次" in names:
        return more if batch.unit.name == "次" else batch
    if names == {"人", "天"}:
        return Batch(Unit("人天"), 100, whole=False, bare=True)
    if names == {"台", "天"}:
        return Batch(Unit("台班"), 100, whole=False, bare=True)
    if "人" in names and names & words.TIMES:
        return Batch(Unit("人次"), 100, whole=False, bare=True)
    raise NotFitting


def _each_window(reader: Reader) -> Window:
    if reader.next is None or reader.next.text[0] != "每" or reader.next.text not in words.WINDOWS:
        raise NotFitting
    found = words.WINDOWS[reader.expect(words.WINDOWS)]
    if found not in words.SLOT_WINDOWS:
        raise NotFitting
    return found


def _every(reader: Reader) -> Batch:
    """Take 每例, 每次, 每人, 每30个, 一次, 1件. Raises: NotFitting."""
    if reader.accept({"每次", "每一次", "单次", "每回"}):
        return Batch(Unit("次"), 100, whole=False, bare=True)
    begins = reader.next is not None and (reader.next.kind is Kind.NUMBER or reader.next.text in _FOUND)
    if begins and (one := reader.quietly(unit_of_one)) is not None:
        return one
    return each(reader)


def batch_behind(reader: Reader) -> Batch:
    """Take the /头 of 5分/头. Raises: NotFitting."""
    reader.expect(words.SLASH)
    if reader.next is not None and reader.next.kind is Kind.NUMBER:
        per, of = quantity(reader)
        return Batch(of, per, whole=per != of.size, bare=False, counted=True)
    if (word := reader.accept(words.UNITS.keys() - words.MONEY)) is not None:
        unit, factor = words.UNITS[word]
        return Batch(unit, unit.size * factor, whole=factor > 1, bare=factor == 1)
    name = reader.expect(words.COUNTED - words.TIMES | {"次", "人次"})
    return Batch(Unit(words.SAME_UNITS.get(name, name)), 100, whole=False, bare=True)


def slashed_window(reader: Reader) -> Window:
    """Take the /月 of 达标2分/月. Raises: NotFitting."""
    reader.expect(words.SLASH)
    window = words.WINDOWS[reader.expect(words.WINDOWS)]
    if window not in words.SLOT_WINDOWS:
        raise NotFitting
    return window


# ---- where the text ends, and what it may say


def _end_of_text(reader: Reader, start: int) -> int:
    """Find where the text ends: before 的, a comma, 每… or a sign with points behind it, in this clause."""
    for at in range(start, len(reader.tokens)):
        token = reader.tokens[at]
        if token.text in words.NO_POINTS | words.NOT_COUNTED:
            return at
        if token.text in ("的", "，", ",", ":") and _points_follow(reader, at + 1):
            return at
        if token.text in _PARTS | {"(", ")"}:
            return start
        if _begins_points(reader, at) and _points_follow(reader, at):
            return at
    return start


def _begins_points(reader: Reader, at: int) -> bool:
    token = reader.tokens[at]
    if token.text in words.FACTORS:
        return True
    behind = reader.tokens[at + 1].text if at + 1 < len(reader.tokens) else ""
    if _numbers(token):
        ends = behind in words.POINTS | _JOINTS | {"", "(", ")"}
        return ends or (token.value == 1 and behind in words.COUNTED) or behind in unit_words.GOODS
    return (
        token.text[0] == "每"
        or token.text
        in _STATING | words.DISCRETION | words.ONCE | words.CASE | _EVENTS | event_words.DIRECTLY
    )


def _points_follow(reader: Reader, at: int) -> bool:
    """Whether only 每例, a sign and points stand from here."""
    trial = Reader(reader.tokens[at:])
    trial.accept({"，", ",", ":"})
    if trial.accept(words.NO_POINTS | words.NOT_COUNTED) or trial.attempt(_multiplied):
        return trial.done or (trial.next is not None and trial.next.text in _JOINTS | {"(", ")"})
    if trial.attempt(lambda r: _given(r, at, "……", stated=True)) is None:
        return False
    return trial.done or (trial.next is not None and trial.next.text in _JOINTS | {"(", ")"})


def _without_time(tokens: list[Token]) -> tuple[str, bool]:
    """Give a text without the one time that it is about (参与赌博一次, 有一次浪费), and whether there was one.

    Raises: NotFitting where the text says more than what was done.
    """
    kept, once, at = [], False, 0
    while at < len(tokens):
        pair = [token.text for token in tokens[at : at + 2]]
        if len(pair) == 2 and _numbers(tokens[at]) and tokens[at].value == 1 and pair[1] in ("次", "回"):
            once, at = True, at + 2
            continue
        kept.append(tokens[at])
        at += 1
    if once and (not kept or (kept[0].text in ("每", "每有", "发现", "出现") and len(kept) == 1)):
        raise NotFitting
    text = "".join(token.text for token in tokens)
    _check_text(text, kept)
    return text, once


def _check_text(text: str, tokens: list[Token]) -> None:
    """Refuse a text that says more than what was done. Raises: NotFitting."""
    if not 0 < len(text) <= NAME_LENGTH or _turns(text):
        raise NotFitting
    numbered = any(map(_numbers, tokens))
    if (
        numbered
        and all(_numbers(one) or one.text in _AMOUNT_WORDS for one in tokens)
        and not _is_school(tokens)
    ):
        raise NotFitting  # 一车扣10分 counts cars, 10小时以下1分 is a step
    if text in words.LEVELS or text in words.KINDS or not any("\u4e00" <= one <= "\u9fff" for one in text):
        raise NotFitting
    for at in range(len(tokens)):
        if not (at == 0 and words.WINDOWS.get(tokens[0].text) in words.SLOT_WINDOWS):
            _check_token(tokens, at)


def _check_token(tokens: list[Token], at: int) -> None:
    """Refuse a word or a number that says more than what was done. Raises: NotFitting."""
    token, before, behind = tokens[at], tokens[at - 1] if at else None, tokens[at + 1 : at + 3]
    if token.kind is Kind.NUMBER:
        if not _is_measure(token, before, behind):
            raise NotFitting
    elif token.text in words.ADDED or (token.text in _BINDING and not _is_bound(token.text, before, behind)):
        raise NotFitting
    if token.text in words.FIRST_FEW and behind and behind[0].kind is Kind.NUMBER:
        raise NotFitting  # 前10名 is how many may have it


def _turns(text: str) -> bool:
    """Whether a text turns the points behind it into something else, or says for when or for whom they are."""
    if text in words.BEYOND:
        return True  # 超一桌 goes on from what isn't said
    later = text.startswith(("以后", "之后", "此后", "其后", "往后")) or text in words.CIRCUMSTANCES
    return later or text.endswith(tuple(_TURNING)) or is_narrowing(text)


def _is_school(tokens: list[Token]) -> bool:
    """Whether a text is 二本, or 一本: universities by their rank."""
    return [token.text for token in tokens] in (["一", "本"], ["二", "本"], ["三", "本"])


def _is_measure(token: Token, before: Token | None, behind: list[Token]) -> bool:
    """Whether a number only tells cases apart: 10桌以下, 3-6万元, 连续三个月, 连续两次, 第一作者, 三星户, 一本.

    A bare amount (捐100元, 50个烟头) may be meant for every so many, or be a threshold.
    """
    if not behind:
        return False
    if before is not None and before.text in words.ORDINAL:
        return behind[0].kind is Kind.TEXT
    if before is not None and before.text == "连续":
        return behind[0].text in words.PERIOD_UNITS.keys() | words.TIMES
    if behind[0].text.startswith("%"):
        return True
    if behind[0].text == "本" and token.text in ("一", "二", "三"):
        return True
    if behind[0].text in words.DASHES:
        return len(behind) > 1 and behind[1].kind is Kind.NUMBER
    if behind[0].text.startswith("星") or behind[0].text in words.PERIOD_UNITS.keys() - {"次"}:
        return True
    compared = words.AND_ABOVE | words.BELOW | words.NOT_BELOW | words.NOT_INCLUDED
    bounded = before is not None and before.text in _AT_MOST | words.BEYOND | words.UNDER | words.DASHES
    if len(behind) > 1 and behind[1].text in compared:
        bounded = True
    times = words.TIMES if len(behind) < 2 or behind[1].text not in compared else set()
    return bounded and behind[0].text in words.UNITS.keys() | words.COUNTED - times


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
