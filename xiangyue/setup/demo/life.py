"""The demo's life: every judging unit of a place through its own rhythm, all that is done in the order of the days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby
from typing import Final

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Joining, Unit
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup import presets
from xiangyue.setup.demo.days import DAY
from xiangyue.setup.demo.month import Step, UnitMonth
from xiangyue.setup.demo.places import Place
from xiangyue.setup.demo.present import Present
from xiangyue.setup.demo.till import Till, open_tills, redeeming_day

OPENED: Final = 3  # day of the first month on which the shops open


@dataclass
class Life:
    """A place's life through some months.

    today: where the last of them is the present month; the notice of the one before then hangs since yesterday.
    """

    place: Place
    seed: int
    first: Period
    months: int
    today: date | None = None
    tills: list[Till] = field(default_factory=list, init=False)

    @property
    def periods(self) -> list[Period]:
        """The months."""
        found = [self.first]
        while len(found) < self.months:
            found.append(found[-1].next())
        return found

    def units(self) -> list[Unit]:
        """Give the judging units where people live, which have joined."""
        paths = [f"/{village.code}/" for village in self.place.villages]
        level = ScoringRules.objects.get().judging_level
        admitted = Unit.objects.filter(level=level, joining=Joining.ADMITTED).order_by("path")
        return [unit for unit in admitted if any(path in unit.path for path in paths)]

    def month_of(self, unit: Unit, period: Period) -> UnitMonth:
        """Give one unit's month."""
        past = self.periods[:-1] if self.today else self.periods
        at = min(1.0, self.periods.index(period) / max(1, len(past) - 1))
        hangs_on = self.today - DAY if self.today and period == past[-1] else None
        return UnitMonth(self.place, unit, period, self.seed, at, hangs_on)

    def steps(self) -> list[Step]:
        """Give everything that is done, in the order of the days; on one day, as it was found here."""
        found = [Step(self.first.first.replace(day=OPENED), self._open)] if self.place.has_shop else []
        for period in self.periods:
            for unit in self.units():
                found += self.month_of(unit, period).steps()
            if self.place.has_shop:
                found.append(Step(redeeming_day(period), partial(self._redeem, period)))
        return sorted(found, key=lambda step: step.day)

    def live(self, until: date) -> Iterator[Period]:
        """Do everything up to a day, which counts; yield each calendar month when it is over."""
        steps = (step for step in self.steps() if step.day <= until)
        for period, its in groupby(steps, lambda step: Period.of(step.day)):
            for step in its:
                with clock.as_of(step.day):
                    step.do()
            yield period

    def arrange_present(self) -> None:
        """Bring the last month to where it is today; the first judging unit has everything to show."""
        assert self.today is not None  # else there is no present month
        last, before = self.periods[-1], self.periods[-2]
        for place, unit in enumerate(self.units()):
            months = self.month_of(unit, last), self.month_of(unit, before)
            Present(*months, today=self.today, shows=not place).arrange()

    def _open(self) -> None:
        villages = Unit.objects.filter(code__in=[each.code for each in self.place.villages]).order_by("path")
        self.tills = open_tills(
            list(villages), name=presets.load(self.place.preset).texts.shop, seed=self.seed
        )

    def _redeem(self, period: Period) -> None:
        for till in self.tills:
            till.redeem(period)


def before(period: Period, months: int) -> Period:
    """Give the period so many months before one."""
    for _month in range(months):
        period = Period.of(period.first - DAY)
    return period
