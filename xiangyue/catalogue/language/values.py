"""The small language of 分值: what an item gives or takes, as people write it (RULES "Excel and CSV form"). Pure.

    value    = {limit sep} lead {[sep] tail}
    lead     = cell | amount | table | bands | steps | by kind | both | full | 参照 … | event
    tail     = limit | multiplier | 就高不就低 | 由…评定 | period | "(" tail ")"

Every lead is tried; if two of them understand the whole text differently, it is refused as ambiguous.
"""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import noun_part
from xiangyue.catalogue.language.compound import both, by_kind, full_marks
from xiangyue.catalogue.language.events import event
from xiangyue.catalogue.language.leads import (
    Draft,
    Lead,
    a_table,
    amount,
    amount_behind,
    apply,
    free,
    period,
    some_bands,
    some_steps,
)
from xiangyue.catalogue.language.limits import Cap, cap
from xiangyue.catalogue.language.multipliers import multipliers
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier, Sharing
from xiangyue.catalogue.rules.terms import BadRule, Counting, Direction, Whose
from xiangyue.catalogue.rules.worth import UNIT_LENGTH, ByAnalogy, Downgrade, Reset, Veto, Worth

_EVENTS = {Reset: Direction.RESET, Veto: Direction.VETO, Downgrade: Direction.DOWNGRADE}


@dataclass(frozen=True, slots=True)
class Value:
    """What 分值 says. direction: None if the text doesn't say. whose: of 每人每次5分. guesses: codes of what was
    not said and taken as usual. kept: something was said that the rule has no place for; keep the text."""

    worth: Worth
    direction: Direction | None = None
    caps: tuple[Cap, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    sharing: Sharing | None = None
    whose: Whose | None = None
    highest: bool = False
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
    return found


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
    return Value(
        draft.worth,
        direction,
        tuple(draft.caps),
        tuple(draft.multipliers),
        draft.sharing,
        draft.whose,
        draft.highest,
        reader.guesses,
        reader.kept,
    )


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
    for rule in (_tail_multiplier, _tail_highest, _tail_decided, _tail_each_time, _tail_cap):
        follow = reader.quietly if reader.next and reader.next.kind is Kind.NUMBER else reader.attempt
        if follow(partial(rule, draft=draft)):
            return
    raise NotFitting


def _tail_multiplier(reader: Reader, draft: Draft) -> bool:
    draft.multipliers += multipliers(reader)
    return True


def _tail_highest(reader: Reader, draft: Draft) -> bool:
    reader.expect(words.HIGHEST | words.NO_ADDING)
    draft.highest = True
    return True


def _tail_decided(reader: Reader, draft: Draft) -> bool:
    """Take 由评议会评定: it names who decides."""
    reader.expect({"由"})
    if not "".join(reader.several(noun_part)):
        raise NotFitting
    reader.expect(words.DECIDED)
    reader.kept = True
    return True


def _tail_each_time(reader: Reader, draft: Draft) -> bool:
    """Take 每次, 每人每次 and 每月 behind the points."""
    whose, when = period(reader)
    if reader.next is not None and reader.next.text not in words.SEPARATORS | {")", "("}:
        raise NotFitting
    apply(draft, whose, when)
    return True


def _tail_cap(reader: Reader, draft: Draft) -> bool:
    found = cap(reader)
    if found.window is None:
        reader.guesses += ("limit-without-window",)
    draft.caps.append(found)
    return True


# ---- what is no points


def _analogy(reader: Reader, draft: Draft) -> Worth:
    """Take 参照第3条, 参照同类."""
    reader.expect(words.ANALOGY)
    if reader.accept(words.SAME_KIND):
        return ByAnalogy()
    if quoted := reader.accept_kind(Kind.QUOTED):
        like = quoted.text
    else:
        reader.accept({"第"})
        number = reader.number()
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
)  # fmt: skip
