"""Ways in which 分值 is put together from simpler ones: by kind of subject, both sides, full marks. Pure.

by kind = 按对象： kind (cell | "(" lead ")") {sep …}
both    = side [sep] side | ± cell                  side = [label] sign (cell | "(" lead ")")
full    = 满分 points {sep fault} [sep 扣完为止]
"""

from functools import partial

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import limit_words, subject_words, words
from xiangyue.catalogue.language.amounts import cell, noun_part, sign, some_points
from xiangyue.catalogue.language.conditions import condition
from xiangyue.catalogue.language.leads import (
    Draft,
    Lead,
    a_table,
    amount,
    amount_behind,
    each_time,
    free,
    some_bands,
    some_steps,
)
from xiangyue.catalogue.language.tables import single_fault, zero_row
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.worth import (
    Both,
    ByKind,
    CaseByCase,
    Fixed,
    FromFull,
    Named,
    PerUnit,
    Plain,
    Unit,
    Worth,
)


def by_kind(reader: Reader, draft: Draft) -> Worth:
    """Take 按对象：贫困户每小时2；其他（村级5、镇级10）."""
    reader.expect(words.BY_KIND)
    rows, other = [], None
    while not reader.done and (row := reader.attempt(_kind_row)) is not None:
        kind, found = row
        if kind in words.OTHERS and other is None:
            other = found
        else:
            rows.append((kind, found))
        if not reader.accept(words.SEPARATORS):
            break
    return ByKind(tuple(rows), other)


def _kind_row(reader: Reader) -> tuple[str, Plain]:
    quoted = reader.accept_kind(Kind.QUOTED)
    kind = quoted.text if quoted else reader.expect(_KINDS)
    sign(reader)
    return kind, _enclosed(reader) if reader.accept({"("}) else _simple(reader)


_KINDS = words.KINDS | subject_words.HOUSEHOLD_KINDS | subject_words.PERSON_KINDS | words.OTHERS


def _enclosed(reader: Reader) -> Plain:
    """Take a worth in brackets, of whichever form fits up to the bracket."""
    for lead in (a_table, some_bands, some_steps, amount, amount_behind, free):
        if (found := reader.attempt(partial(_closed, lead=lead))) is not None:
            return found
    raise NotFitting


def _closed(reader: Reader, lead: Lead) -> Plain:
    found = lead(reader, Draft())
    reader.expect({")"})
    if not isinstance(found, Plain):
        raise NotFitting
    return found


def _simple(reader: Reader) -> Plain:
    found = reader.attempt(lambda r: amount(r, Draft())) or cell(reader)
    if not isinstance(found, Plain):
        raise NotFitting
    return found


# ---- both sides


def both(reader: Reader, draft: Draft) -> Worth:
    """Take 加5/扣2, 达标+5、不达标-5, ±5."""
    draft.direction = Direction.BOTH
    if reader.accept(words.BOTH_SIGNS):
        found = cell(reader)
        return Both(found, found)
    first, one = _side(reader)
    while reader.accept(words.SEPARATORS | words.SLASH):
        pass
    second, other = _side(reader)
    if {first, second} != {Direction.AWARD, Direction.DEDUCTION}:
        raise NotFitting
    return Both(one, other) if first is Direction.AWARD else Both(other, one)


def _side(reader: Reader) -> tuple[Direction, Plain | ByKind]:
    if "".join(reader.several(noun_part)):
        reader.kept = True
    at = reader.at
    direction = sign(reader)
    if direction is None:
        raise NotFitting
    if reader.accept({"("}):
        return direction, reader.attempt(_kinds_enclosed) or _enclosed(reader)
    reader.at = at
    found = reader.attempt(lambda r: amount(r, Draft())) or cell(reader)
    if not isinstance(found, Plain):
        raise NotFitting
    return direction, found


def _kinds_enclosed(reader: Reader) -> ByKind:
    found = by_kind(reader, Draft())
    reader.expect({")"})
    if not isinstance(found, ByKind):
        raise NotFitting
    return found


# ---- full marks


def full_marks(reader: Reader, draft: Draft) -> Worth:
    """Take 满分8分，每处扣0.5分，扣完为止."""
    reader.attempt(_of_household)
    if (base := reader.attempt(_based_on)) is not None:
        draft.direction = Direction.BASE
        reader.signs = ()
        return base
    named = reader.accept(words.EXACTLY_FULL)
    reader.accept(words.NEUTRAL)
    full = some_points(reader)
    named = named or reader.attempt(_full_behind)
    bracket = reader.accept({"("})
    faults = [] if named else [_fault(reader, full, first=bool(bracket))]
    while (
        fault := reader.attempt(partial(_fault, full=full, first=bool(bracket and not faults)))
    ) is not None:
        faults.append(fault)
    ended = bool(reader.attempt(_to_nothing))
    if bracket:
        reader.expect({")"})
    if len(faults) > 1:
        reader.misfit("faults-several", _("满分后面只能写一种扣法，几种的请分几行写"))
    if not ended and not named:
        raise NotFitting
    draft.direction = Direction.BASE
    reader.signs = ()
    if named in words.STARTING and not faults and not ended:
        return Fixed(full)
    return FromFull(full, faults[0] if faults else None)


def _based_on(reader: Reader) -> Fixed:
    """Take 以60分为基础. Raises: NotFitting."""
    if reader.next is None or reader.next.text != "以":
        raise NotFitting
    reader.skip_to(reader.at + 1)
    found = some_points(reader)
    reader.accept({"为"})
    reader.expect(words.STARTING)
    reader.end()
    return Fixed(found)


def _of_household(reader: Reader) -> bool:
    """Take the 每户 of 每户基础分100分. Raises: NotFitting."""
    reader.expect({"每户", "每户家庭", "每个家庭"})
    if reader.next is None or reader.next.text not in words.STARTING:
        raise NotFitting
    return True


def _full_behind(reader: Reader) -> str:
    """Take the （满分） of 5分（满分）. Raises: NotFitting."""
    reader.expect({"("})
    word = reader.expect({"满分", "总分"})
    reader.expect({")"})
    return word


def _fault(reader: Reader, full: int, *, first: bool) -> Plain:
    """Take one fault. first: it begins a bracket, where no separator stands before it."""
    if not first:
        reader.expect(words.SEPARATORS)
    if name := reader.attempt(zero_row):
        return Named(((name, Fixed(full)),))
    signs = len(reader.signs)
    if (each_time := reader.attempt(partial(_lost, lead=_each_time, signs=signs))) is not None:
        return each_time
    for lead in (amount, amount_behind, a_table, some_steps, some_bands, _named_fault, free):
        if (found := reader.attempt(partial(_lost, lead=lead, signs=signs))) is not None:
            return found
    raise NotFitting


def _lost(reader: Reader, lead: Lead, signs: int) -> Plain:
    """Take what a fault loses: it says that it deducts, and is the whole clause."""
    found = lead(reader, Draft())
    said = reader.signs[signs:]
    ends = reader.next is None or reader.next.text in words.SEPARATORS | limit_words.TO_NOTHING | {")"}
    if not isinstance(found, Plain) or not ends:
        raise NotFitting
    if set(said) != {Direction.DEDUCTION} and not (isinstance(found, CaseByCase) and not said):
        raise NotFitting
    return found


def _each_time(reader: Reader, draft: Draft) -> Worth:
    """Take 每次扣1分, 每有一次违反村规民约扣1分: so much for every occasion, as one mark may be given for many."""
    batch = each_time(reader)
    if reader.quietly(condition):
        reader.kept = True
    sign(reader)
    return PerUnit(Unit("次"), batch.per, some_points(reader), batch.whole)


def _named_fault(reader: Reader, draft: Draft) -> Worth:
    return single_fault(reader)


def _to_nothing(reader: Reader) -> bool:
    reader.accept(words.SEPARATORS)
    reader.expect(limit_words.TO_NOTHING)
    return True
