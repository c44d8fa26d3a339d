"""A small jurisdiction living through its months, with what every rhythm has in common checked on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django_tenants.utils import schema_context

from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Body, Household, Unit
from xiangyue.scoring.models import (
    Decision,
    Meeting,
    Notice,
    NoticeLine,
    Objection,
    ObjectionState,
)
from xiangyue.scoring.queries import posted_lines
from xiangyue.setup.demo.life import Life
from xiangyue.tenancy.models import Jurisdiction


@dataclass
class Lived:
    """A jurisdiction with its life. `live` must be called inside its schema (`inside`)."""

    jurisdiction: Jurisdiction
    life: Life

    @contextmanager
    def inside(self) -> Iterator[Unit]:
        """Enter the schema; give the one judging unit."""
        with schema_context(self.jurisdiction.schema_name):
            (unit,) = self.life.units()
            yield unit

    def live(self) -> None:
        """Live through all months, with an auditor at the end of each who finds nothing."""
        end = self.life.periods[-1].next().last
        for period in self.life.live(end):
            with clock.as_of(period.last):
                assert list(audit()) == [], period

    def after(self) -> date:
        """Give the day after everything was settled."""
        return self.life.periods[-1].next().last


def sundays(period: Period) -> list[date]:
    days = (period.last - period.first).days + 1
    return [day for n in range(days) if (day := period.first + timedelta(days=n)).weekday() == 6]


def meetings(unit: Unit, period: Period, body: Body = Body.EVALUATION) -> list[Meeting]:
    found = Meeting.objects.filter(unit=unit, period=str(period), body=body)
    return list(found.order_by("held_on"))


def holds_its_rhythm(lived: Lived, unit: Unit) -> None:
    """Assert what all five have in common: a notice a month, objections both ways, everything settled, honour right."""
    periods = [str(period) for period in lived.life.periods]
    regular = Notice.objects.filter(unit=unit, special=0, edition=1)
    assert list(regular.order_by("period").values_list("period", flat=True)) == periods
    assert not Notice.objects.exclude(unit=unit).exists()
    states = set(Objection.objects.values_list("state", flat=True))
    assert states == {ObjectionState.UPHELD, ObjectionState.DISMISSED}
    upheld = Objection.objects.filter(state=ObjectionState.UPHELD)
    assert Notice.objects.filter(edition__gt=1).count() == upheld.count()
    standing = NoticeLine.objects.filter(replacement=None)
    assert posted_lines(standing).count() == standing.count() > 0
    assert not Decision.objects.exclude(unit=unit).exists()
    assert ranking(unit) == ranking_by_ledger(unit)


def ranking(unit: Unit) -> list[tuple[int, str]]:
    """Give the year's ranking figures: honour points by household, from what stands on the notices, best first."""
    sums = dict(
        NoticeLine.objects.filter(replacement=None, sheet__notice__unit=unit)
        .values_list("household__number")
        .annotate(points=Sum("points"))
        .order_by()
    )
    numbers = Household.objects.values_list("number", flat=True)
    return sorted(((sums.get(number, 0), number) for number in numbers), reverse=True)


def ranking_by_ledger(unit: Unit) -> list[tuple[int, str]]:
    """Give the same from the ledger."""
    homes = list(Household.objects.filter(unit__path__startswith=unit.path))
    balances = balances_of([home.holder_id for home in homes])
    return sorted(((balances[home.holder_id].honour, home.number) for home in homes), reverse=True)
