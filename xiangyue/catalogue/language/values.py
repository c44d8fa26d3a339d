"""The small language of 分值: what an item gives or takes, as people write it (RULES "Excel and CSV form"). Pure.

    value    = {limit sep} lead {[sep] tail}
    lead     = cell | amount | table | bands | steps | by kind | both | full | 参照 … | event
    tail     = limit | multiplier | 就高不就低 | 由…评定 | period | "(" tail ")"

Every lead is tried; if two of them understand the whole text differently, it is refused as ambiguous.
"""

from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import limit_words, subject_words, words
from xiangyue.catalogue.language.amounts import depending, quantity
from xiangyue.catalogue.language.caps import Cap
from xiangyue.catalogue.language.compound import both, by_kind, full_marks
from xiangyue.catalogue.language.deciding import decided, decided_by, escalating
from xiangyue.catalogue.language.events import event
from xiangyue.catalogue.language.leads import (
    Draft,
    Lead,
    a_table,
    amount,
    amount_behind,
    apply,
    conditioned,
    free,
    period,
    some_bands,
    some_steps,
)
from xiangyue.catalogue.language.limits import cap, least, same_thing
from xiangyue.catalogue.language.multipliers import multipliers
from xiangyue.catalogue.language.omissions import nothing, otherwise
from xiangyue.catalogue.language.reaching import beyond, reached
from xiangyue.catalogue.language.together import clauses
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier, Sharing
from xiangyue.catalogue.rules.terms import BadRule, Counting, Direction, Layer, Side, Whose
from xiangyue.catalogue.rules.worth import (
    UNIT_LENGTH,
    Both,
    ByAnalogy,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    PerUnit,
    Range,
    Reset,
    Veto,
    Worth,
)

_EVENTS = {Reset: Direction.RESET, Veto: Direction.VETO, Downgrade: Direction.DOWNGRADE}

_ABOUT: dict[str, type] = {"veto-without-term": Veto, "downgrade-without-term": Downgrade}

_NO_NOTE = (
    words.STRUCTURE - words.DECIDED - words.NEUTRAL - words.OFFICE - words.LEVELS.keys() - words.KINDS - words.ROLES
    - words.SEVERITIES.keys()
    - {word for word in words.WHOSE if word[0] not in "每同单人户"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """What 分值 says.

    direction: None if the text doesn't say. whose: of 每人每次5分. least: a minimum award, centipoints. per_head: the
    unit is a bare head (每人5分, 5分/户), which may be the subject itself. to_nothing: 扣完为止, without full marks.
    deed: what one deed is called, if not 次 (每条5～10分).
    guesses: codes of what was not said and taken as usual. kept: something was said that the rule has no place for;
    keep the text. others: further rules that stand in the same cell, each with its `label`.
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
    label: str = ""
    others: tuple["Value", ...] = ()


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
    if reader.quietly(_leading_conversion):
        reader.kept = True
    while reader.quietly(lambda r: _leading_rhythm(r, draft) or _leading_limit(r, draft)):
        pass
    try:
        draft.worth = lead(reader, draft)
    except BadRule:
        raise NotFitting from None
    settled = (len(draft.caps), len(draft.multipliers), draft.least, draft.sharing, draft.highest)
    while not reader.done:
        _tail(reader, draft)
    reader.end()
    if draft.others and settled != (
        len(draft.caps), len(draft.multipliers), draft.least, draft.sharing, draft.highest
    ):  # fmt: skip
        raise NotFitting  # whether that is for one of the rules or for all together isn't said
    if isinstance(draft.worth, Fixed) and any(_below(one, draft.worth) for one in draft.caps):
        raise NotFitting  # 一次性10分，每年2分: the second one is no limit
    if isinstance(draft.worth, Both) and any(one.side is Side.EACH for one in draft.multipliers):
        reader.misfit(
            "multiplier-side-unsaid", _("有加有扣的，请写明倍数管哪一边，例如党员双倍扣、党员双倍加")
        )
    return _told(reader, draft)


def _below(one: Cap, worth: Fixed) -> bool:
    return one.counting is Counting.POINTS and one.layer is Layer.ITEM and one.amount < worth.points


def _told(reader: Reader, draft: Draft) -> Value:
    """Give what was read as a value. Raises: NotFitting."""
    if draft.worth is None:
        raise NotFitting
    return Value(
        draft.worth,
        draft.direction or _EVENTS.get(type(draft.worth)) or _one_sign(reader),
        tuple(_settled(reader, one, draft.worth) for one in draft.caps),
        tuple(draft.multipliers),
        draft.sharing,
        draft.whose,
        draft.least,
        draft.per_head,
        draft.to_nothing,
        draft.highest,
        draft.deed,
        tuple(guess for guess in reader.guesses if _ABOUT.get(guess, object) in type(draft.worth).__mro__),
        reader.kept,
        draft.label,
        tuple(_told(reader, one) for one in draft.others),
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


def _leading_conversion(reader: Reader) -> bool:
    """Take 按市场价折算，: how what is given becomes an amount. Raises: NotFitting."""
    ends = [n for n, token in enumerate(reader.tokens) if token.text in ("，", ",", "；", ";", ":")]
    told = reader.tokens[: ends[0]] if ends else []
    if not any("折" in token.text for token in told) or any(token.kind is Kind.NUMBER for token in told):
        raise NotFitting
    reader.skip_to(ends[0] + 1)
    return True


def _leading_rhythm(reader: Reader, draft: Draft) -> bool:
    """Take 按周评定，, 每月评比一次， before the points: they come once in each. Gives False where there is none."""
    at = reader.at
    reader.accept({"按", "按照"})
    word = reader.accept(words.WINDOWS)
    window = words.WINDOWS[word] if word else None
    if window not in words.SLOT_WINDOWS or not reader.accept(words.RHYTHMS):
        reader.at = at
        return False
    if reader.next is not None and reader.next.kind is Kind.NUMBER and reader.number() != 1:
        raise NotFitting
    reader.accept({"次"})
    if reader.next is None or reader.next.text not in words.FIRST_FEW | words.ORDINAL:
        reader.expect({"，", ",", "；", ";", ":"})
    draft.caps.append(Cap(Counting.TIMES, 1, window))
    return True


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
    reader.attempt(same_thing)
    reader.expect(limit_words.HIGHEST | limit_words.NO_ADDING)
    draft.highest = True
    return True


def _tail_decided(reader: Reader, draft: Draft) -> bool:
    """Take 由评议会评定, 经村民代表会议评定: it names who decides."""
    reader.expect({"由", "经"})
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


def _tail_one_of_household(reader: Reader, draft: Draft) -> bool:
    """Take the 每户限1人 of 2分/次（每户限1人）: it is the household's, whoever of it came."""
    if words.WHOSE[reader.expect({"每户", "每家", "每户家庭"})] is not Whose.HOUSEHOLD:
        raise NotFitting
    reader.accept(words.MOST)
    if reader.number() != 1 or draft.whose not in (None, Whose.HOUSEHOLD):
        raise NotFitting
    reader.expect({"人", "名"})
    draft.whose, reader.kept = Whose.HOUSEHOLD, True
    return True


def _tail_cap(reader: Reader, draft: Draft) -> bool:
    numbered = reader.next is not None and reader.next.text[0] in "一1"
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
    if reader.accept({"按"}):
        reader.misfit(
            "batch-rounded-up", _("不足一份也按一份算的，规则里说不出来；请写不足的不计，或者不足的按比例")
        )
    pro_rata = bool(reader.accept(words.PRO_RATA))
    if not pro_rata:
        reader.expect(words.NOT_COUNTED | words.NO_POINTS)
    worth = draft.worth
    if not isinstance(worth, PerUnit) or (worth.per, worth.unit) != (per, found):
        raise NotFitting
    draft.worth = replace(worth, whole=not pro_rata)
    return True


def _tail_to_nothing(reader: Reader, draft: Draft) -> bool:
    """Take the 扣完为止 of 每次扣1分，扣完为止: every occasion takes its point, as long as there are any."""
    summed = reader.tokens[reader.at - 4 : reader.at]
    reader.expect(limit_words.TO_NOTHING)
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
    reader.expect(limit_words.UNLIMITED - {"无"})
    return True


def _tail_discretion(reader: Reader, draft: Draft) -> bool:
    """Take 视情况而定, 视贡献大小评定 behind bounds: the judges write down why; 不等 says no more than the bounds."""
    if reader.accept({"不等"}) and isinstance(draft.worth, Range):
        return True
    if not reader.accept(words.DISCRETION):
        depending(reader)
    reader.accept(words.GRANTING | words.DECIDED)
    if not isinstance(draft.worth, Range | CaseByCase):
        raise NotFitting
    if isinstance(draft.worth, Range):
        draft.worth = Discretion(draft.worth.low, draft.worth.high)
    return True


def _tail_note(reader: Reader, draft: Draft) -> bool:
    """Take 需提供照片, 并移送公安机关: it says nothing about points; the text is kept."""
    reader.accept({"并", "并且", "同时"})
    found = ""
    while reader.next is not None and reader.next.text not in {")"} | words.SEPARATORS:
        token = reader.next
        structural = token.text in _NO_NOTE
        if structural and found.endswith(("后", "方可", "才", "方")) and token.text in words.GRANTING:
            structural = False  # 成活后加分
        if token.kind is Kind.NUMBER or (token.kind is Kind.WORD and structural):
            raise NotFitting
        found += token.text
        reader.skip_to(reader.at + 1)
    bracketed = reader.next is not None and reader.next.text == ")"
    if not found or any(word in found.replace("限期", "") for word in subject_words.NARROWING):
        raise NotFitting
    handed_on = any(word in found for word in ("移交", "移送", "追究", "依法"))
    handed_on = handed_on or (found.endswith(subject_words.NOTE_ENDS) and found[0] not in "不未无没拒")
    if not bracketed and not handed_on and not found.startswith(subject_words.NOTE_STARTS):
        raise NotFitting
    reader.kept = True
    return True


_TAILS = (
    _tail_multiplier, _tail_highest, _tail_decided, _tail_least, _tail_rest, _tail_one_of_household, _tail_each_time,
    _tail_cap, _tail_unlimited, _tail_discretion, _tail_note, _tail_to_nothing, _tail_shared, _tail_nothing,
)  # fmt: skip


# ---- what is no points


def _analogy(reader: Reader, draft: Draft) -> Worth:
    """Take 参照第3条, 参照同类."""
    reader.expect(words.ANALOGY)
    if reader.attempt(_same_kind):
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


def _same_kind(reader: Reader) -> bool:
    """Take 同类事项, 已明确的同性质事项: what is like it, without naming it. Raises: NotFitting."""
    if reader.accept(words.SAME_KIND):
        return True
    rest = reader.tokens[reader.at :]
    text = "".join(token.text for token in rest)
    stray = words.SEPARATORS | words.GAINS | words.LOSSES | words.MOST
    if any(token.kind is Kind.NUMBER or token.text in stray for token in rest):
        raise NotFitting
    if not any(like in text for like in ("同类", "同性质", "类似", "相近", "相似")):
        raise NotFitting
    reader.skip_to(len(reader.tokens))
    reader.kept = True
    return True


def _event(reader: Reader, draft: Draft) -> Worth:
    return event(reader)


_LEADS: tuple[Lead, ...] = (
    free, amount, amount_behind, a_table, some_bands, some_steps, by_kind, both, full_marks, _analogy, _event,
    conditioned, decided, escalating, beyond,
)  # fmt: skip
_LAST_LEADS: tuple[Lead, ...] = (reached, otherwise, clauses)
