"""What a value form gives for the facts, in whole centipoints. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.judgement import ByForm, Row
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.refusals import (
    AmountMissing,
    AmountNotCounted,
    JudgesMissing,
    KindNotMeant,
    PointsNotAllowed,
    PointsNotChosen,
    ReasonForPointsMissing,
    RowMissing,
)
from xiangyue.catalogue.rules.tariffs import bounds_text, row_text, table_rows, tariff
from xiangyue.catalogue.rules.terms import MOST
from xiangyue.catalogue.rules.worth import (
    Bands,
    ByKind,
    CaseByCase,
    Cell,
    Discretion,
    Fixed,
    FromFull,
    Levels,
    Named,
    PerUnit,
    Plain,
    Range,
    Ranks,
    Severities,
    StepTable,
    Table,
)
from xiangyue.kernel.points import format_points


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a form. amount: what counts of the facts' amount; earlier: counted in the window before."""

    item: Item
    facts: Facts
    amount: int | None
    earlier: int


def rounded(exact: Fraction) -> int:
    """Round to whole centipoints, half away from zero."""
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return whole if exact >= 0 else -whole


def times(points: int, factor: int) -> int:
    """Multiply centipoints by a factor in hundredths, rounded half away from zero."""
    return rounded(Fraction(points * factor, 100))


def give(worth: Plain | ByKind | FromFull, question: Question) -> ByForm:
    """Give what a form is worth, and how it came about.

    Raises: the refusals of this room for facts that are missing or don't fit.
    """
    if isinstance(worth, ByKind):
        return _by_kind(worth, question)
    if isinstance(worth, FromFull):
        return _from_full(worth, question)
    if isinstance(worth, Table):
        row, cell = _row(worth, question)
        return replace(_leaf(cell, question), row=row)
    return _leaf(worth, question)


def by_amount(worth: PerUnit | Bands | StepTable, amount: int) -> Fraction:
    """Give the points of an amount in base units, exactly. They never fall as the amount grows, but for bands
    that rate the whole amount."""
    if isinstance(worth, PerUnit):
        return _rate(amount, worth.per, worth.points, worth.whole)
    if isinstance(worth, Bands):
        return _bands(worth, amount)
    reached = [
        step for step in worth.steps if step.start < amount or (step.start == amount and not worth.open)
    ]
    return Fraction(reached[-1].points if reached and amount else 0)


def choices(worth: Cell) -> tuple[int, int]:
    """Give the least and the most centipoints that a cell allows."""
    if isinstance(worth, Fixed):
        return worth.points, worth.points
    if isinstance(worth, CaseByCase):
        return worth.low or 1, worth.high or MOST
    return worth.low, worth.high


def _leaf(worth: Cell | PerUnit | Bands | StepTable, question: Question) -> ByForm:
    if isinstance(worth, Fixed | Range | Discretion | CaseByCase):
        return _cell(worth, question)
    if question.amount is None:
        raise AmountMissing(title=question.item.title, unit=worth.unit.name)
    earlier = question.earlier if worth.over else 0
    # Rounded sums, not sums of rounded parts: what adds up gives the same, however it is divided into deeds.
    points = rounded(by_amount(worth, earlier + question.amount)) - rounded(by_amount(worth, earlier))
    if points > MOST or question.facts.chosen not in (None, points):
        proposed = points if question.facts.chosen is None else question.facts.chosen
        raise _not_allowed(question, 0, min(points, MOST), proposed)
    return ByForm(worth, points, amount=question.amount, earlier=earlier)


def _cell(worth: Cell, question: Question) -> ByForm:
    if question.amount is not None:
        raise AmountNotCounted(title=question.item.title)
    low, high = choices(worth)
    points, scores = _chosen(worth, question, low, high)
    if isinstance(worth, Discretion) and not question.facts.reason.strip():
        raise ReasonForPointsMissing(title=question.item.title)
    return ByForm(worth, points, scores=scores)


def _chosen(worth: Cell, question: Question, low: int, high: int) -> tuple[int, tuple[int, ...]]:
    """Give the points that were chosen, or the only ones; and the judges' scores where their median counts."""
    item, facts = question.item, question.facts
    if low == high:
        given: tuple[int, ...] = (low,) if facts.chosen is None else (facts.chosen,)
    elif item.median_of > 1:
        if len(facts.scores) != item.median_of:
            raise JudgesMissing(title=item.title, wanted=item.median_of, given=len(facts.scores))
        given = tuple(sorted(facts.scores))
    elif facts.chosen is None:
        raise PointsNotChosen(title=item.title, tariff=tariff(worth, item.direction))
    else:
        given = (facts.chosen,)
    for score in given:
        if not low <= score <= high:
            raise _not_allowed(question, low, high, score)
    return given[len(given) // 2], given if len(given) > 1 else ()


def _by_kind(worth: ByKind, question: Question) -> ByForm:
    for kind, plain in worth.rows:
        if kind in question.facts.kinds:
            return replace(give(plain, question), kind=kind)
    if worth.other is None:
        raise KindNotMeant(title=question.item.title, kinds=_listed(kind for kind, _plain in worth.rows))
    return give(worth.other, question)


def _from_full(worth: FromFull, question: Question) -> ByForm:
    facts = question.facts
    if worth.fault is None:
        points = worth.full if facts.chosen is None else facts.chosen
        if not 0 <= points <= worth.full:
            raise _not_allowed(question, 0, worth.full, points)
        return ByForm(None, points, full=worth.full)
    if not facts.faulty and question.amount is None and facts.chosen is None:
        return ByForm(None, worth.full, full=worth.full)
    note = give(worth.fault, question)
    return replace(note, full=worth.full, points=max(0, worth.full - note.points), taken=note.points)


def _row(worth: Table, question: Question) -> tuple[Row, Cell]:
    """Find the row of a table that the facts name."""
    rows = table_rows(worth)
    for row, cell in rows:
        if _is_meant(worth, row, question.facts):
            return row, cell
    raise RowMissing(title=question.item.title, rows=_listed(row_text(row) for row, _cell in rows))


def _is_meant(worth: Table, row: Row, facts: Facts) -> bool:
    if isinstance(worth, Named):
        return row.name == facts.row
    if isinstance(worth, Severities):
        return row.severity is facts.severity
    level_fits = isinstance(worth, Ranks) or row.level is facts.level
    return level_fits and (isinstance(worth, Levels) or row.rank == facts.rank)


def _bands(worth: Bands, amount: int) -> Fraction:
    total = Fraction(0)
    for band in worth.bands:
        if amount <= band.above:
            continue
        if worth.by_parts:
            inside = min(amount, band.up_to or amount) - band.above
            total += _rate(inside, band.per, band.points, band.whole)
        elif band.up_to is None or amount <= band.up_to:
            total += _rate(amount, band.per, band.points, band.whole)
    return total


def _rate(amount: int, per: int, points: int, whole: bool) -> Fraction:
    return Fraction(amount // per * points) if whole else Fraction(amount * points, per)


def _not_allowed(question: Question, low: int, high: int, proposed: int) -> PointsNotAllowed:
    title = question.item.title
    return PointsNotAllowed(title=title, bounds=bounds_text(low, high), proposed=format_points(proposed))


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)
