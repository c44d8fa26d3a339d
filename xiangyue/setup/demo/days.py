"""The days of a judging unit's month: rounds of meetings, the assembly, the notice, what follows. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xiangyue.kernel.periods import Period

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
# Days of the next month on which a month is judged where it is judged once, confirmed where it is, and hung out.
MEETING: Final = 3
ASSEMBLY: Final = {True: 2, False: 4}  # by whether meetings are weekly
NOTICE: Final = {True: 3, False: 5}
INSPECTED: Final = 9 * DAY  # after the first day of a month's deeds
REDEEMING: Final = 24  # of a month, day on which most people go to the shop


@dataclass(frozen=True)
class Round:
    """What one meeting decides. first, last: days of the deeds. brought: days on which they are. meets: its own."""

    first: date
    last: date
    brought: tuple[date, ...]
    meets: date


@dataclass(frozen=True)
class Days:
    """Of one period. weekly: whether a meeting is held every Sunday, else once after the month.

    hangs_on: the notice's day where it is not the usual one; then everything before it is done by that day too.
    """

    period: Period
    weekly: bool
    hangs_on: date | None = None

    @property
    def rounds(self) -> list[Round]:
        """The meetings' rounds. A week belongs to the month of its Sunday, when it is decided."""
        if not self.weekly:
            half = self.period.first + 14 * DAY
            return [Round(self.period.first, self.period.last, (half, self.period.last), self._then(MEETING))]
        sunday = self.period.first + (6 - self.period.first.weekday()) * DAY
        found = []
        while sunday in self.period:
            found.append(Round(sunday - 6 * DAY, sunday, (sunday,), sunday))
            sunday += WEEK
        return found

    @property
    def first(self) -> date:
        """The first day of deeds that the period's meetings decide."""
        return self.rounds[0].first

    @property
    def last(self) -> date:
        return self.rounds[-1].last

    @property
    def inspection(self) -> date:
        """The day of the month's inspection round."""
        return self.first + INSPECTED

    @property
    def assembly(self) -> date:
        return self._then(ASSEMBLY[self.weekly])

    @property
    def notice(self) -> date:
        return self.hangs_on or self._then(NOTICE[self.weekly])

    def _then(self, day: int) -> date:
        usual = self.period.next().first.replace(day=day)
        return min(usual, self.hangs_on) if self.hangs_on else usual
