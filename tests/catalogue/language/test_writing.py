"""What is written out is read back, whatever it is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.catalogue.language import strategies
from xiangyue.catalogue.language.parse import (
    parse_limits,
    parse_multipliers,
    parse_term,
    parse_value,
    parse_when,
)
from xiangyue.catalogue.language.writing import (
    written,
    written_limits,
    written_multipliers,
    written_sharing,
    written_term,
    written_when,
)
from xiangyue.catalogue.rules.model import Limit, Multiplier, Season, Sharing, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import (
    MOST,
    MOST_TIMES,
    Circumstance,
    Counting,
    Layer,
    Level,
    RankStyle,
    Side,
    Split,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.worth import (
    HOUR,
    Cell,
    Downgrade,
    Fixed,
    FromFull,
    Ranks,
    Reset,
    Unit,
    Veto,
    Worth,
)


@settings(max_examples=600, deadline=None)
@given(strategies.worths)
def test_a_worth_that_is_written_is_read_back(worth: Worth) -> None:
    text = written(worth)
    value = parse_value(text)
    assert value.worth == worth
    assert (value.caps, value.multipliers, value.sharing, value.guesses) == ((), (), None, ())
    assert value.kept is False or isinstance(worth, FromFull), text


@settings(deadline=None)
@given(strategies.cells, st.sampled_from(["加", "扣"]))
def test_a_sign_changes_no_points(cell: Cell, sign: str) -> None:
    assert parse_value(written(cell, sign)).worth == cell


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    counting, window = draw(st.sampled_from(Counting)), draw(strategies.windows)
    if counting is Counting.TIMES:
        window = draw(strategies.windows.filter(lambda one: one is not Window.TIME))
        amount = draw(st.integers(1, MOST_TIMES))
    else:
        amount = draw(st.integers(1, MOST))
    layer = Layer.ITEM if counting is Counting.AMOUNT else draw(st.sampled_from(Layer))
    return Limit(counting, amount, window, draw(st.sampled_from(Whose)), layer, draw(strategies.side_words))


def _kind(limit: Limit) -> tuple[object, ...]:
    return limit.counting, limit.window, limit.whose, limit.layer, limit.side


@settings(deadline=None)
@given(st.lists(limits(), max_size=5, unique_by=_kind), st.sampled_from([Unit("亩"), Unit("个烟头"), HOUR]))
def test_limits_that_are_written_are_read_back(several: list[Limit], unit: Unit) -> None:
    found = parse_limits(written_limits(tuple(several), unit))
    assert tuple(cap.limit(Whose.HOUSEHOLD) for cap in found.caps) == tuple(several)


@st.composite
def multipliers(draw: st.DrawFn) -> Multiplier:
    when = draw(strategies.circumstances)
    kind = draw(strategies.names) if when is Circumstance.KIND else ""
    return Multiplier(when, draw(strategies.factors), draw(st.sampled_from(Side)), kind)


@settings(deadline=None)
@given(st.lists(multipliers(), max_size=4, unique_by=lambda one: (one.when, one.kind, one.side)))
def test_multipliers_that_are_written_are_read_back(several: list[Multiplier]) -> None:
    assert parse_multipliers(written_multipliers(tuple(several))) == tuple(several)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    span, name = draw(strategies.spans), draw(st.just("") | st.just("农忙") | strategies.names)
    if draw(st.booleans()):
        return Season(span, name, factor=draw(strategies.factors))
    return Season(span, name, worth=draw(strategies.plain_worths))


@settings(deadline=None)
@given(st.lists(strategies.spans, max_size=3), st.lists(seasons(), max_size=3))
def test_seasons_that_are_written_are_read_back(spans: list[object], several: list[Season]) -> None:
    found = parse_when(written_when(tuple(spans), tuple(several)))  # type: ignore[arg-type]
    assert (found.spans, found.seasons) == (tuple(spans), tuple(several))


@pytest.mark.parametrize("split", [Split.EACH, Split.EQUAL, Split.GIVEN])
@settings(deadline=None, max_examples=60)
@given(worth=strategies.worths.filter(lambda worth: not isinstance(worth, Reset | Veto | Downgrade)))
@example(worth=Ranks(((211, Fixed(1)),), RankStyle.PRIZE))  # no university
@example(worth=Ranks(((985, Fixed(1)),), RankStyle.MERIT))
def test_a_division_that_is_written_is_read_back(split: Split, worth: Worth) -> None:
    value = parse_value(written(worth) + written_sharing(Sharing(split)))
    assert (value.worth, value.sharing or Sharing()) == (worth, Sharing(split))


@st.composite
def validity_rows(draw: st.DrawFn) -> ValidityRow:
    size, level = draw(st.none() | st.integers(1, MOST)), draw(st.none() | st.sampled_from(Level))
    return ValidityRow(draw(strategies.terms), size, level)


@settings(deadline=None)
@given(st.lists(validity_rows(), min_size=1, max_size=4))
def test_terms_that_are_written_are_read_back(rows: list[ValidityRow]) -> None:
    assert parse_term(written_term(Validity(tuple(rows)))) == Validity(tuple(rows))
