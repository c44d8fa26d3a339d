"""What each indicator of a catalogue was used for: the figures of the quarterly review."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum

from xiangyue.catalogue.queries import indicators_of, rules_in_force
from xiangyue.people.models import Unit
from xiangyue.scoring.models import Share, Verdict


@dataclass(frozen=True)
class Use:
    """How one indicator was used in a stretch of days, by the day of the act.

    deeds, shares: that were approved; rejected: shares that were not. households: that earned or lost by it.
    plus, minus: centipoints, magnitudes. last: the last day of an act, None where it was not used.
    """

    number: str
    title: str
    category: str
    deeds: int
    shares: int
    rejected: int
    households: int
    plus: int
    minus: int
    last: date | None


def use_of(unit: Unit, first: date, last: date) -> list[Use]:
    """Give the use of every indicator in force in a unit on the last day, also of those that nobody used.

    What an earlier version of the same indicator was used for counts with it. Raises: NoCatalogueInForce.
    """
    indicators = indicators_of(*rules_in_force(unit, last).catalogues)
    rejected = Q(decision__verdict=Verdict.REJECT)
    rows = (
        Share.objects.filter(
            deed__unit__path__startswith=unit.path, deed__day__range=(first, last), decision__isnull=False
        )
        .values("deed__indicator__catalogue__unit", "deed__indicator__number")
        .annotate(
            deeds=Count("deed", distinct=True, filter=~rejected),
            shares=Count("id", filter=~rejected),
            rejected=Count("id", filter=rejected),
            households=Count("household", distinct=True, filter=~rejected),
            plus=Sum("points", filter=Q(points__gt=0), default=0),
            minus=Sum("points", filter=Q(points__lt=0), default=0),
            last=Max("deed__day", filter=~rejected),
        )
    )
    used: dict[tuple[int, str], dict[str, object]] = {
        (row["deed__indicator__catalogue__unit"], row["deed__indicator__number"]): {**row} for row in rows
    }
    return [
        _use(indicator.number, indicator.title, indicator.category.name, used.get(key, {}))
        for indicator in indicators
        for key in [(indicator.catalogue.unit_id, indicator.number)]
    ]


def _use(number: str, title: str, category: str, row: dict[str, object]) -> Use:
    def figure(name: str) -> int:
        return abs(int(str(row.get(name, 0))))

    last = row.get("last")
    return Use(
        number=number,
        title=title,
        category=category,
        deeds=figure("deeds"),
        shares=figure("shares"),
        rejected=figure("rejected"),
        households=figure("households"),
        plus=figure("plus"),
        minus=figure("minus"),
        last=last if isinstance(last, date) else None,
    )
