import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

import xiangyue
from xiangyue.kernel import clock

DAY = date(2026, 11, 6)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OTHER_CLOCKS = re.compile(
    r"datetime\.now|timezone\.now|\.today\(|utcnow|\bnow\(\)|\bCURRENT_(DATE|TIME)|auto_now"
)


def test_the_clock_tells_the_time() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < SECOND
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_the_villages(moment: datetime, day: date) -> None:
    assert clock.local_day(moment) == day
    with clock.as_of(moment):
        assert clock.today() == day


def test_a_bare_day_means_its_noon_and_the_clock_runs_on() -> None:
    with clock.as_of(DAY):
        assert clock.today() == DAY
        first = clock.now()
        assert timedelta(0) <= first - clock.noon(DAY) < MINUTE
        assert clock.now() > first
    assert clock.noon(DAY) == datetime(2026, 11, 6, 4, 0, tzinfo=UTC)


def test_the_inner_block_counts_and_each_gives_the_time_back() -> None:
    with clock.as_of(DAY):
        with clock.as_of(DAY + timedelta(days=30)):
            assert clock.today() == date(2026, 12, 6)
        assert clock.today() == DAY
        with pytest.raises(KeyError), clock.as_of(date(2030, 1, 1)):
            raise KeyError
        assert clock.today() == DAY
    assert abs(clock.now() - datetime.now(UTC)) < SECOND


def test_other_threads_keep_their_own_time() -> None:
    seen: list[date] = []
    with clock.as_of(DAY):
        other = Thread(target=lambda: seen.append(clock.today()))
        other.start()
        other.join()
    assert seen == [clock.today()]


def test_no_room_asks_another_clock() -> None:
    """Tenancy alone compares the machine with the database."""
    assert [line for line in _lines_of_the_rooms() if OTHER_CLOCKS.search(line)] == []


def _lines_of_the_rooms() -> Iterator[str]:
    package = Path(xiangyue.__file__).parent
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package)
        if room.parts[0] != "tenancy" and path != Path(clock.__file__):
            for line in path.read_text().splitlines():
                yield f"{path.name}: {line.strip()}".replace("clock.now()", "").replace("clock.today()", "")


def test_a_shift_is_of_its_thread_until_it_is_kept_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_everywhere", timedelta(0))
    seen: list[tuple[date, bool]] = []

    def look() -> None:
        seen.append((clock.today(), clock.is_shifted()))

    for keep in (False, True):
        with clock.as_of(DAY):
            if keep:
                clock.keep_everywhere()
            thread = Thread(target=look)
            thread.start()
            thread.join()
    assert seen == [(clock.local_day(datetime.now(UTC)), False), (DAY, True)]
