"""The yearly ranking of households by the honour points that they earned in the year (DOMAIN §6).

It counts what deeds brought and cost, as it was posted in the year and still stands; what was brought along from
before, or moved between households, was not earned. Who earned nothing, or lost more, is not listed: there is no
black board (LOOK §12). A household that wishes not to be ranked is left out, and nobody's rank shifts for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from xiangyue.insight.standing_lines import STANDING, below
from xiangyue.kernel import clock
from xiangyue.kernel.masking import mask_name
from xiangyue.people.models import FormerPlace, Household, Level, Unit
from xiangyue.people.queries import household_heads, paths_to
from xiangyue.scoring.models import ScoringRules

PAGE: Final = 50
RANKED: Final = (Level.VILLAGE, Level.GRID_VILLAGE, Level.GRID, Level.MICRO_GRID)

# Ties share a rank, and the next one is skipped; among equals by the number on the door.
RANKING: Final = f"""
    WITH {STANDING},
    earned AS (
        SELECT household.id, household.number, sum(standing.points)::bigint AS points
        FROM standing
        JOIN people_household household ON household.id = standing.household_id AND household.left_on IS NULL
        JOIN people_unit unit ON unit.id = household.unit_id
        WHERE unit.path LIKE %(unit)s
        GROUP BY household.id, household.number
    ),
    ranked AS (
        SELECT id, number, points, rank() OVER (ORDER BY points DESC) AS rank,
               row_number() OVER (ORDER BY points DESC, number, id) AS place, count(*) OVER () AS households
        FROM earned WHERE points > 0 AND id <> ALL(%(unranked)s)
    )
    SELECT id, number, points, rank, place, households FROM ranked
    WHERE place BETWEEN %(from)s AND %(to)s OR id = %(own)s ORDER BY place
"""  # noqa: S608 - put together from a constant


@dataclass(frozen=True)
class Place:
    """A household in the ranking. points: honour points earned in the year, centipoints. masked_name: of its head.

    page: on which it stands.
    """

    rank: int
    page: int
    masked_name: str
    number: str
    points: int
    is_own: bool


@dataclass(frozen=True)
class Ranking:
    """A page of a unit's ranking of a year. own: the household's own place, on whatever page; None if it has none.

    households: ranked on all pages. page: from 1. is_ranked: whether the household itself wishes to be.
    """

    unit: str
    year: int
    places: Sequence[Place]
    own: Place | None
    households: int
    page: int
    is_ranked: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.households // PAGE))


def is_ranked_in(village: Unit) -> bool:
    """Tell whether households are ranked in a village: the scheme does so (`ScoringRules.ranked`), and it wants it."""
    return village.is_ranked and bool(ScoringRules.objects.get().ranked)


def rankings_of(household: Household) -> list[Unit]:
    """Give the units in whose ranking a household stands: its village, and what it lives in below."""
    above = Unit.objects.filter(path__in=paths_to(household.unit), level__in=RANKED)
    return list(above.order_by("path"))


def unranked_households(unit: Unit) -> list[int]:
    """Give the ids of the households at and below a unit that wish not to stand in public rankings."""
    wish = Household.objects.filter(unit__path__startswith=unit.path, left_on=None, is_ranked=False)
    return list(wish.values_list("id", flat=True))


def ranking_of(unit: Unit, year: int, *, household: Household, page: int = 1) -> Ranking:
    """Rank the households of a village, or of a part of one, by what they earned in a year so far.

    In a number of queries that doesn't grow with them. page: beyond the last it is empty.
    """
    unranked = unranked_households(unit)
    first, last = date(year, 1, 1), min(date(year, 12, 31), clock.today())
    rows = _rows(
        {
            "unit": f"{unit.path}%",
            "sheets": below(_villages(unit, household.village, first)),
            "first": first,
            "last": last,
            "unranked": unranked,
            "own": household.pk,
            "from": (page - 1) * PAGE + 1,
            "to": page * PAGE,
        }
    )
    heads = household_heads(row["id"] for row in rows)
    places = [
        Place(
            rank=row["rank"],
            page=(row["place"] - 1) // PAGE + 1,
            masked_name=mask_name(heads.get(row["id"], "")),
            number=row["number"],
            points=row["points"],
            is_own=row["id"] == household.pk,
        )
        for row in rows
    ]
    return Ranking(
        unit=unit.name,
        year=year,
        places=[each for each in places if each.page == page],
        own=next((each for each in places if each.is_own), None),
        households=rows[0]["households"] if rows else 0,
        page=page,
        is_ranked=household.pk not in unranked,
    )


def _villages(unit: Unit, village: Unit, first: date) -> list[str]:
    """Give the paths of the village and of those from which its households came since a day, with what they earned."""
    moved = FormerPlace.objects.filter(
        household__unit__path__startswith=unit.path, household__left_on=None, until__gte=first
    )
    return sorted({village.path, *moved.values_list("village__path", flat=True)})


def _rows(values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(RANKING, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
