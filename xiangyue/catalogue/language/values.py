"""The small language of 分值: what an item gives or takes, as people write it (RULES "Excel and CSV form"). Pure.

    value    = {limit sep} lead {[sep] tail}
    lead     = cell | amount | table | bands | steps | by kind | both | full | 参照 … | event
    tail     = limit | multiplier | 就高不就低 | 由…评定 | period | "(" tail ")"

Every lead is tried; if two of them understand the whole text differently, it is refused as ambiguous.
"""

from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.amounts import quantity
from xiangyue.catalogue.language.clauses import clauses, nothing, otherwise, reached
from xiangyue.catalogue.language.compound import both, by_kind, full_marks
from xiangyue.catalogue.language.events import event
from xiangyue.catalogue.language.leads import (
    Draft,
    Lead,
    a_table,
    amount,
    amount_behind,
    apply,
    conditioned,
    decided,
    decided_by,
    escalating,
    free,
    period,
    some_bands,
    some_steps,
)
from xiangyue.catalogue.language.limits import Cap, cap, least
from xiangyue.catalogue.language.multipliers import multipliers
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier, Sharing
from xiangyue.catalogue.rules.terms import BadRule, Counting, Direction, Side, Whose
from xiangyue.catalogue.rules.worth import (
    UNIT_LENGTH,
    Both,
    ByAnalogy,
    Discretion,
    Downgrade,
    PerUnit,
    Range,
    Reset,
    Veto,
    Worth,
)

_EVENTS = {Reset: Direction.RESET, Veto: Direction.VETO, Downgrade: Direction.DOWNGRADE}


@dataclass(frozen=True, slots=True)
class Value:
    """What 分值 says.

    direction: None if the text doesn't say. whose: of 每人每次5分. least: a minimum award, centipoints. per_head: the
    unit is a bare head (每人5分, 5分/户), which may be the subject itself. to_nothing: 扣完为止, without full marks.
    deed: what one deed is called, if not 次 (每条5～10分).
    guesses: codes of what was not said and taken as usual. kept: something was said that the rule has no place for;
    keep the text.
    """

    worth: Worth
    direction: Direction | None = None
    caps: tuple[Cap, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    sharing: Sharing | None = None
    whose: Whose | None = None
    least: int = 0
    per_head: bool = False
    to_nothing: bool = False
    highest: bool = False
    deed: str = ""
    guesses: tuple[str, ...] = ()
    kept: bool = False


def readings(reader: Reader) -> list[Value]:
    """Give every way in which a whole text can be understood."""
    found: list[Value] = []
    for lead in _LEADS:
        reader.restart()
        value = reader.attempt(partial(_value, lead=lead))
        if value is not None and value not in found:
            found.append(value)
    return found or _last_readings(reader)


def _last_readings(reader: Reader) -> list[Value]:
    """Give how a text can be understood that no other lead understands; the narrowest comes first."""
    for lead in _LAST_LEADS:
        reader.restart()
        value = reader.quietly(partial(_value, lead=lead))
        if value is not None:
            return [value]
    return []


def _value(reader: Reader, lead: Lead) -> Value:
    draft = Draft()
    while reader.quietly(lambda r: _leading_limit(r, draft)):
        pass
    try:
        draft.worth = lead(reader, draft)
    except BadRule:
        raise NotFitting from None
    while not reader.done:
        _tail(reader, draft)
    reader.end()
    direction = draft.direction or _EVENTS.get(type(draft.worth)) or _one_sign(reader)
    if isinstance(draft.worth, Both) and any(one.side is Side.EACH for one in draft.multipliers):
        reader.misfit(
            "multiplier-side-unsaid", _("有加有扣的，请写明倍数管哪一边，例如党员双倍扣、党员双倍加")
        )
    return Value(
        draft.worth,
        direction,
        tuple(_settled(reader, one, draft.worth) for one in draft.caps),
        tuple(draft.multipliers),
        draft.sharing,
        draft.whose,
        draft.least,
        draft.per_head,
        draft.to_nothing,
        draft.highest,
        draft.deed,
        reader.guesses,
        reader.kept,
    )


def _settled(reader: Reader, one: Cap, worth: Worth) -> Cap:
    found, guess = one.settled(worth)
    if guess and guess not in reader.guesses:
        reader.guesses += (guess,)
    return found


def _one_sign(reader: Reader) -> Direction | None:
    signs = set(reader.signs)
    if len(signs) > 1:
        reader.misfit("two-sides", _("又加又扣的，请写成加5/扣2"))
    return signs.pop() if signs else None


def _leading_limit(reader: Reader, draft: Draft) -> bool:
    """Take 每月最多2次， before the points."""
    found = cap(reader)
    reader.expect(words.SEPARATORS)
    if found.window is None or found.counting is not Counting.TIMES:
        raise NotFitting
    draft.caps.append(found)
    return True


def _tail(reader: Reader, draft: Draft) -> None:
    while reader.accept(words.SEPARATORS):
        pass
    if reader.done:
        return
    if reader.accept({"("}):
        _tail(reader, draft)
        while not reader.accept({")"}):
            if reader.done:
                raise NotFitting
            _tail(reader, draft)
        return
    for rule in _TAILS:
        follow = reader.quietly if reader.next and reader.next.kind is Kind.NUMBER else reader.attempt
        if follow(partial(rule, draft=draft)):
            return
    raise NotFitting


def _tail_multiplier(reader: Reader, draft: Draft) -> bool:
    draft.multipliers += multipliers(reader)
    return True


def _tail_highest(reader: Reader, draft: Draft) -> bool:
    reader.accept(words.SAME_THING)
    reader.expect(words.HIGHEST | words.NO_ADDING)
    draft.highest = True
    return True


def _tail_decided(reader: Reader, draft: Draft) -> bool:
    """Take 由评议会评定: it names who decides."""
    reader.expect({"由"})
    decided_by(reader)
    return True


def _tail_least(reader: Reader, draft: Draft) -> bool:
    """Take 最低5分 behind points that the deed decides."""
    if draft.least:
        raise NotFitting
    draft.least = least(reader)
    return True


def _tail_each_time(reader: Reader, draft: Draft) -> bool:
    """Take 每次, 每人每次 and 每月 behind the points."""
    whose, when = period(reader)
    if reader.next is not None and reader.next.text not in words.SEPARATORS | {")", "("}:
        raise NotFitting
    apply(draft, whose, when)
    return True


def _tail_cap(reader: Reader, draft: Draft) -> bool:
    numbered = reader.next is not None and reader.next.text[0] == "一"
    found = cap(reader)
    bounded = any(
        token.text in words.MOST | words.CLOSING for token in reader.tokens[reader.at - 4 : reader.at]
    )
    if numbered and found.counting is Counting.POINTS and not bounded:
        raise NotFitting  # 半天3分，一天5分 goes on with other amounts
    draft.caps.append(found)
    return True


def _tail_rest(reader: Reader, draft: Draft) -> bool:
    """Take 不足1小时不计 behind points by unit: only full batches count."""
    reader.expect(words.UNDER | {"不到"})
    per, found = quantity(reader)
    reader.accept({"的", "部分"})
    reader.expect(words.NOT_COUNTED)
    worth = draft.worth
    if not isinstance(worth, PerUnit) or (worth.per, worth.unit) != (per, found):
        raise NotFitting
    draft.worth = replace(worth, whole=True)
    return True


def _tail_to_nothing(reader: Reader, draft: Draft) -> bool:
    """Take the 扣完为止 of 每次扣1分，扣完为止: every occasion takes its point, as long as there are any."""
    summed = reader.tokens[reader.at - 4 : reader.at]
    reader.expect(words.TO_NOTHING)
    if any(token.text in ("共计", "共", "合计", "总计", "总共") for token in summed):
        raise NotFitting  # whether these are full marks or the most that is taken isn't said
    if set(reader.signs) != {Direction.DEDUCTION}:
        raise NotFitting
    draft.to_nothing = True
    return True


def _tail_nothing(reader: Reader, draft: Draft) -> bool:
    return nothing(reader)


def _tail_shared(reader: Reader, draft: Draft) -> bool:
    """Take 由参加的农户平分: one deed's points are divided."""
    split = words.SPLITS[reader.expect(words.SPLITS)]
    if draft.sharing:
        raise NotFitting
    draft.sharing = Sharing(split)
    return True


def _tail_unlimited(reader: Reader, draft: Draft) -> bool:
    reader.expect(words.UNLIMITED - {"无"})
    return True


def _tail_discretion(reader: Reader, draft: Draft) -> bool:
    """Take 视情况而定 behind bounds: the judges write down why."""
    reader.expect(words.DISCRETION)
    reader.accept(words.GRANTING)
    if not isinstance(draft.worth, Range):
        raise NotFitting
    draft.worth = Discretion(draft.worth.low, draft.worth.high)
    return True


def _tail_note(reader: Reader, draft: Draft) -> bool:
    """Take 需提供照片: it says nothing about points; the text is kept."""
    found = ""
    while reader.next is not None and reader.next.text not in {")"} | words.SEPARATORS:
        token = reader.next
        structural = token.text in words.STRUCTURE - words.DECIDED - words.NEUTRAL
        if token.kind is Kind.NUMBER or (token.kind is Kind.WORD and structural):
            raise NotFitting
        found += token.text
        reader.skip_to(reader.at + 1)
    bracketed = reader.next is not None and reader.next.text == ")"
    if not found or any(word in found for word in subject_words.NARROWING):
        raise NotFitting
    if not bracketed and not found.startswith(subject_words.NOTE_STARTS):
        raise NotFitting
    reader.kept = True
    return True


_TAILS = (
    _tail_multiplier, _tail_highest, _tail_decided, _tail_least, _tail_rest, _tail_each_time, _tail_cap,
    _tail_unlimited, _tail_discretion, _tail_note, _tail_to_nothing, _tail_shared, _tail_nothing,
)  # fmt: skip


# ---- what is no points


def _analogy(reader: Reader, draft: Draft) -> Worth:
    """Take 参照第3条, 参照同类."""
    reader.expect(words.ANALOGY)
    if reader.accept(words.SAME_KIND):
        reader.accept(words.GRANTING | words.POINTS_ENDS | {"执行"})
        return ByAnalogy()
    named = reader.tokens[reader.at - 1].text not in words.BY_POINTS
    if quoted := reader.accept_kind(Kind.QUOTED):
        like = quoted.text
    else:
        named = bool(reader.accept({"第"})) or named
        number = reader.number()
        if not named and reader.next is not None and reader.next.text in words.POINTS_ENDS:
            raise NotFitting  # 按10计分
        reader.expect(words.ANALOGY_ENDS)
        if number.denominator != 1:
            raise NotFitting
        like = str(number)
    if len(like) > UNIT_LENGTH:
        raise NotFitting
    return ByAnalogy(like)


def _event(reader: Reader, draft: Draft) -> Worth:
    return event(reader)


_LEADS: tuple[Lead, ...] = (
    free, amount, amount_behind, a_table, some_bands, some_steps, by_kind, both, full_marks, _analogy, _event,
    conditioned, decided, escalating,
)  # fmt: skip
_LAST_LEADS: tuple[Lead, ...] = (reached, otherwise, clauses)
