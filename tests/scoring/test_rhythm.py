from datetime import date, timedelta
from itertools import pairwise

import pytest

from xiangyue.kernel.periods import Period
from xiangyue.scoring.models import Rhythm
from xiangyue.scoring.rhythm import (
    MONTHS,
    Event,
    Matter,
    assembly_due,
    events,
    meeting_due,
    notice_due,
    round_of,
    window_name,
)

NONE = {"scored": "month", "redeemed": "", "compared": "", "ranked": "", "reviewed": ""}
OCTOBER = Period(2026, 10)


def of(matter: Matter, found: list[Event]) -> list[tuple[str, str, str]]:
    return [(str(one.first), str(one.last), one.subject) for one in found if one.matter is matter]


@pytest.mark.parametrize(
    ("held_on", "week"),
    [
        ("2026-09-28", 1),  # the week that ends on Sunday, 4 October
        ("2026-10-04", 1),
        ("2026-10-05", 2),
        ("2026-10-25", 4),
        ("2026-10-26", 5),  # it ends in November, and is November's first
        ("2026-11-02", 6),  # a late meeting for October counts on
        ("2026-09-01", 1),
    ],
)
def test_the_week_of_a_meeting_for_october(held_on: str, week: int) -> None:
    assert round_of(date.fromisoformat(held_on), OCTOBER) == week


def test_each_sunday_of_a_year_is_one_period_s_next_round() -> None:
    sunday, seen = date(2026, 1, 4), []
    while sunday.year == 2026:
        seen.append((Period.of(sunday), round_of(sunday, Period.of(sunday))))
        sunday += timedelta(days=7)
    assert len(set(seen)) == len(seen) == 52
    for before, after in pairwise(seen):
        assert after[1] == (before[1] + 1 if after[0] == before[0] else 1)


@pytest.mark.parametrize(
    ("day", "scored", "due"),
    [
        ("2026-10-07", Rhythm.WEEK, "2026-10-11"),
        ("2026-10-11", Rhythm.WEEK, "2026-10-11"),
        ("2026-10-12", Rhythm.WEEK, "2026-10-18"),
        ("2026-10-07", Rhythm.MONTH, "2026-11-05"),
        ("2026-12-31", Rhythm.MONTH, "2027-01-05"),
    ],
)
def test_when_a_meeting_is_due(day: str, scored: Rhythm, due: str) -> None:
    assert meeting_due(date.fromisoformat(day), scored) == date.fromisoformat(due)


def test_the_assembly_follows_the_meeting_and_the_notice_the_assembly() -> None:
    for period in (OCTOBER, Period(2026, 12), Period(2027, 1)):
        met = meeting_due(period.first, Rhythm.MONTH)
        assert met < assembly_due(period) < notice_due(period)
        assert Period.of(notice_due(period)) == period.next()


def test_a_year_of_cangcheng() -> None:
    """Scored weekly, noticed monthly, redeemed and revised quarterly, ranked yearly (DOMAIN §8)."""
    rhythm = NONE | {"scored": "week", "redeemed": "quarter", "ranked": "year", "reviewed": "quarter"}
    found = events(date(2026, 1, 1), date(2026, 12, 31), **rhythm)
    assert found == sorted(found)
    assert len(of(Matter.MEETING, found)) == 52
    assert of(Matter.MEETING, found)[0] == ("2026-01-04", "2026-01-04", "2026-01/1")
    assert [subject for _first, _last, subject in of(Matter.NOTICE, found)] == [
        "2025-12", *(f"2026-{month:02d}" for month in range(1, 12))
    ]  # fmt: skip
    assert of(Matter.REDEEM, found) == [
        ("2026-03-22", "2026-03-31", "2026-01/03"),
        ("2026-06-21", "2026-06-30", "2026-04/06"),
        ("2026-09-21", "2026-09-30", "2026-07/09"),
        ("2026-12-22", "2026-12-31", "2026-10/12"),
    ]
    assert of(Matter.RANK, found) == [("2026-01-31", "2026-01-31", "2025")]
    assert [last for _first, last, _subject in of(Matter.REVIEW, found)] == [
        "2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"
    ]  # fmt: skip
    assert of(Matter.COMPARE, found) == []


def test_changshan_compares_its_grids_each_quarter() -> None:
    found = events(date(2026, 10, 1), date(2027, 1, 31), **(NONE | {"compared": "quarter"}))
    assert of(Matter.COMPARE, found) == [
        ("2026-10-15", "2026-10-15", "2026-07/09"),
        ("2027-01-15", "2027-01-15", "2026-10/12"),
    ]
    assert of(Matter.MEETING, found) == [
        ("2026-10-05", "2026-10-05", "2026-09"),
        ("2026-11-05", "2026-11-05", "2026-10"),
        ("2026-12-05", "2026-12-05", "2026-11"),
        ("2027-01-05", "2027-01-05", "2026-12"),
    ]


@pytest.mark.parametrize("often", list(MONTHS))
def test_windows_follow_one_another_through_the_year(often: Rhythm) -> None:
    found = events(date(2026, 1, 1), date(2026, 12, 31), **(NONE | {"redeemed": often}))
    windows = [subject for _first, _last, subject in of(Matter.REDEEM, found)]
    assert len(windows) == len(set(windows)) == 12 // MONTHS[often]
    assert windows[-1] == window_name(Period(2026, 12), often)


def test_nothing_outside_the_days_asked_for() -> None:
    first, last = date(2026, 10, 6), date(2026, 10, 9)
    rhythm = dict.fromkeys(NONE, "quarter") | {"scored": "week"}
    assert events(first, last, **rhythm) == []
    assert [one.matter for one in events(first, date(2026, 10, 11), **rhythm)] == [
        Matter.NOTICE,
        Matter.MEETING,
    ]
