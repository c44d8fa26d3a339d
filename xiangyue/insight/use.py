"""What each indicator of a catalogue was used for: the figures of the quarterly review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import indicators_of, makers_of, rules_in_force
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


_UNUSED: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("deeds", "shares", "rejected", "households", "plus", "minus"), 0),
    "last": None,
}


def use_of(unit: Unit, first: date, last: date) -> list[Use]:
    """Give the use of every indicator in force in a unit on the last day, also of those that nobody used.

    What an earlier version of the same indicator was used for counts with it, and in villages below what they
    changed the points of. Raises: NoCatalogueInForce.
    """
    indicators = indicators_of(*rules_in_force(unit, last).catalogues)
    rejected = Q(decision__verdict=Verdict.REJECT)
    rows = (
        Share.objects.filter(
            deed__unit__path__startswith=unit.path, deed__day__range=(first, last), decision__isnull=False
        )
        .annotate(
            maker=Coalesce("deed__indicator__changes__catalogue__unit", "deed__indicator__catalogue__unit")
        )
        .values("maker", "deed__indicator__number")
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
    used = {(row.pop("maker"), row.pop("deed__indicator__number")): row for row in map(dict, rows)}
    makers = makers_of(indicators)
    return [
        _use(indicator, used.get((makers[indicator.pk], indicator.number), _UNUSED))
        for indicator in indicators
    ]


def _use(indicator: Indicator, figures: Mapping[str, Any]) -> Use:
    return Use(
        number=indicator.number,
        title=indicator.title,
        category=indicator.category.name,
        **{**figures, "minus": abs(figures["minus"])},
    )
