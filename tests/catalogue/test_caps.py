from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.catalogue.caps import Cut, Held, clamp, counted, span, within
from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.terms import Measure, Subject, Window

HOUSEHOLD, PERSON = Subject.HOUSEHOLD, Subject.PERSON
TIMES, POINTS = Measure.TIMES, Measure.POINTS
DAY = date(2026, 10, 14)  # a Wednesday
NESTED = (Window.DAY, Window.MONTH, Window.QUARTER, Window.YEAR, Window.ONCE)

amounts = st.integers(0, 3000)


@given(st.integers(0, 5000), st.lists(amounts, max_size=8), st.randoms())
def test_a_cap_lets_the_same_total_through_in_any_order(cap: int, asked: list[int], random: object) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def total(shares: list[int]) -> int:
        passed = 0
        for share in shares:
            passed += within(cap, passed, share)
        return passed

    assert total(asked) == total(shuffled) == min(cap, sum(asked))


@given(st.integers(0, 5000), st.lists(amounts, max_size=8))
def test_the_sum_asked_for_and_the_sum_let_through_cut_the_same(cap: int, asked: list[int]) -> None:
    before = passed = 0
    for share in asked:
        allowed = within(cap, before, share)
        assert allowed == within(cap, passed, share) == max(0, min(share, cap - passed))
        before, passed = before + share, passed + allowed


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        (Window.TIME, date(2026, 10, 14), date(2026, 10, 14)),
        (Window.DAY, date(2026, 10, 14), date(2026, 10, 14)),
        (Window.WEEK, date(2026, 10, 12), date(2026, 10, 18)),
        (Window.MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Window.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Window.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Window.ONCE, date.min, date.max),
    ],
)
def test_windows_of_the_calendar(window: Window, first: date, last: date) -> None:
    assert span(window, DAY) == (first, last)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(Window))
def test_a_window_holds_its_day_and_is_the_same_from_both_its_ends(day: date, window: Window) -> None:
    first, last = span(window, day)
    assert first <= day <= last
    if window is not Window.TIME:
        assert span(window, first) == span(window, last) == (first, last)


def test_what_counts_is_what_lies_in_the_window_and_belongs_to_the_scope() -> None:
    held = [
        Held(date(2026, 10, 1), 800),
        Held(date(2026, 10, 31), 300, same_person=False),
        Held(date(2026, 10, 5), 0, times=0),
        Held(date(2026, 9, 30), 500),
    ]
    assert counted(Limit(Window.MONTH, TIMES, 2, HOUSEHOLD), DAY, held) == 2
    assert counted(Limit(Window.MONTH, POINTS, 900, HOUSEHOLD), DAY, held) == 1100
    assert counted(Limit(Window.MONTH, POINTS, 900, PERSON), DAY, held) == 800
    assert counted(Limit(Window.YEAR, TIMES, 9, PERSON), DAY, held) == 2
    assert counted(Limit(Window.TIME, POINTS, 900, PERSON), DAY, held) == 0


def test_narrow_windows_cut_first_and_hand_on_what_they_leave() -> None:
    week = Limit(Window.WEEK, POINTS, 1000, HOUSEHOLD)
    month = Limit(Window.MONTH, POINTS, 1500, HOUSEHOLD)
    held = [Held(date(2026, 10, 12), 600), Held(date(2026, 10, 2), 700)]
    assert clamp([month, week], day=DAY, asked=900, held=held) == (
        200,
        (Cut(week, 600, 500), Cut(month, 1300, 200)),
    )


def test_a_full_count_of_times_leaves_nothing() -> None:
    twice = Limit(Window.MONTH, TIMES, 2, HOUSEHOLD)
    one = [Held(date(2026, 10, 1), 800)]
    assert clamp([twice], day=DAY, asked=800, held=one) == (800, ())
    assert clamp([twice], day=DAY, asked=800, held=one * 2) == (0, (Cut(twice, 2, 800),))


def test_the_cap_on_one_deed_looks_at_nothing_else() -> None:
    each = Limit(Window.TIME, POINTS, 1000, HOUSEHOLD)
    assert clamp([each], day=DAY, asked=1600, held=[Held(DAY, 1000)]) == (1000, (Cut(each, 0, 600),))


days = st.integers(0, 500).map(lambda offset: date(2026, 1, 1) + timedelta(days=offset))
deeds = st.lists(st.tuples(days, amounts), max_size=12)
point_limits = st.lists(
    st.builds(Limit, st.sampled_from(NESTED), st.just(POINTS), st.integers(1, 6000), st.just(HOUSEHOLD)),
    max_size=4,
    unique_by=lambda limit: limit.window,
)


def judged(limits: list[Limit], asked: list[tuple[date, int]]) -> list[Held]:
    """Judge one deed after the other, as meetings do."""
    held: list[Held] = []
    for day, amount in asked:
        left, cuts = clamp(limits, day=day, asked=amount, held=held)
        assert left + sum(cut.cut_by for cut in cuts) == amount
        held.append(Held(day, left, times=1 if left else 0))
    return held


def layered(limits: list[Limit], asked: list[tuple[date, int]]) -> list[int]:
    """The rule as RULES writes it, over the whole set: each window cuts running sums and hands on."""
    shares = [amount for _day, amount in asked]
    for window in NESTED:
        for limit in (limit for limit in limits if limit.window is window):
            sums: Counter[date] = Counter()
            for index, (day, _amount) in enumerate(asked):
                start = span(window, day)[0]
                before, sums[start] = sums[start], sums[start] + shares[index]
                shares[index] = min(limit.amount, sums[start]) - min(limit.amount, before)
    return shares


@given(point_limits, deeds)
def test_single_deeds_agree_with_the_whole_set(limits: list[Limit], asked: list[tuple[date, int]]) -> None:
    assert [entry.points for entry in judged(limits, asked)] == layered(limits, asked)


@given(point_limits, deeds, st.randoms())
def test_totals_do_not_depend_on_the_order(
    limits: list[Limit], asked: list[tuple[date, int]], random: object
) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    totals = [sum(entry.points for entry in judged(limits, order)) for order in (asked, shuffled)]
    assert totals[0] == totals[1]


all_limits = st.lists(
    st.builds(
        Limit, st.sampled_from(Window), st.sampled_from(Measure), st.integers(1, 40), st.sampled_from(Subject)
    ),
    max_size=5,
)


@given(all_limits, st.lists(st.tuples(days, st.integers(0, 30)), max_size=12))
def test_no_window_ever_holds_more_than_its_cap(limits: list[Limit], asked: list[tuple[date, int]]) -> None:
    held = judged(limits, asked)
    for limit in limits:
        for entry in held:
            assert counted(limit, entry.day, held) <= limit.amount
            if limit.window is Window.TIME and limit.measure is POINTS:
                assert entry.points <= limit.amount
