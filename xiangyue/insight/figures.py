"""Public figures of a grid, a village and a town: what was earned, lost and redeemed, and how many took part.

No household is named, and none can be told from a figure: of a unit of very few households nothing is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

from xiangyue.insight.standing_lines import STANDING, below
from xiangyue.kernel import clock
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.queries import paths_to
from xiangyue.tenancy.schemas import current_schema

FEWEST: Final = 5  # households; of fewer nothing is told
FRESH: Final = timedelta(hours=1)  # points are posted once a month, and a town's year takes seconds to sum up
KEPT: Final = timedelta(days=1)
COUNTING: Final = timedelta(minutes=1)  # while somebody counts anew, the others are shown what there was
SHOWN: Final = (Level.TOWN, Level.VILLAGE, Level.GRID_VILLAGE, Level.GRID, Level.MICRO_GRID)

# By category, as it is called, over all versions of the catalogue; the last row sums everything up. A household took
# part if it was awarded something; those who moved away since don't count, so that no share exceeds the whole. What is
# summed by household and indicator first is a tenth of what has to be joined and grouped by name then. OFFSET 0 lets
# shares and deeds be looked up one by one: taken at once, all that the county ever had would be read for one village.
FIGURES: Final = f"""
    WITH {STANDING},
    resident AS (
        SELECT household.id FROM people_household household JOIN people_unit unit ON unit.id = household.unit_id
        WHERE unit.path LIKE %(unit)s AND household.left_on IS NULL
    ),
    of_rule AS (
        SELECT standing.household_id, deed.indicator_id,
               sum(points) FILTER (WHERE points > 0 AND standing.day >= %(month)s) AS new_gain,
               sum(points) FILTER (WHERE points < 0 AND standing.day >= %(month)s) AS new_loss,
               sum(points) FILTER (WHERE points > 0) AS gain, sum(points) FILTER (WHERE points < 0) AS loss
        FROM (SELECT * FROM standing WHERE NOT %(within)s OR household_id IN (SELECT id FROM resident)) standing
        CROSS JOIN LATERAL (SELECT deed_id FROM scoring_share WHERE id = standing.share_id OFFSET 0) share
        CROSS JOIN LATERAL (SELECT indicator_id FROM scoring_deed WHERE id = share.deed_id OFFSET 0) deed
        GROUP BY 1, 2
    ),
    of_home AS (
        SELECT category.name, of_rule.household_id, min(category.position) AS position, sum(new_gain) AS new_gain,
               sum(new_loss) AS new_loss, sum(gain) AS gain, sum(loss) AS loss
        FROM of_rule JOIN catalogue_indicator indicator ON indicator.id = of_rule.indicator_id
        JOIN catalogue_category category ON category.id = indicator.category_id
        GROUP BY 1, 2
    ),
    told AS (
        SELECT * FROM of_home
        UNION ALL
        SELECT NULL, household_id, 0, sum(new_gain), sum(new_loss), sum(gain), sum(loss) FROM of_home GROUP BY 2
    )
    SELECT name, min(position),
           coalesce(sum(new_gain), 0)::bigint, coalesce(sum(new_loss), 0)::bigint,
           count(resident.id) FILTER (WHERE new_gain > 0),
           coalesce(sum(gain), 0)::bigint, coalesce(sum(loss), 0)::bigint,
           count(resident.id) FILTER (WHERE gain > 0)
    FROM told LEFT JOIN resident ON resident.id = told.household_id
    GROUP BY name ORDER BY name IS NULL, 2, 1
"""  # noqa: S608 - put together from a constant
# What was bought by those who live there now, and not taken back since.
REDEEMED: Final = """
    SELECT coalesce(sum(bought.total) FILTER (WHERE bought.sold_on >= %(month)s), 0)::bigint,
           coalesce(sum(bought.total), 0)::bigint
    FROM redemption_order bought
    JOIN people_household household ON household.id = bought.household_id AND household.left_on IS NULL
    JOIN people_unit unit ON unit.id = household.unit_id
    WHERE unit.path LIKE %(unit)s AND bought.sold_on BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (
          SELECT FROM ledger_batch undoing WHERE undoing.cause = 'reversal' AND undoing.cause_id = bought.batch_id
      )
"""


@dataclass(frozen=True)
class Stretch:
    """What happened in a month or a year so far: signed centipoints, and how many households were awarded something."""

    gain: int = 0
    loss: int = 0
    households: int = 0


@dataclass(frozen=True)
class CategoryFigures:
    """Of one category. position: from 1, of its colour."""

    name: str
    position: int
    month: Stretch
    year: Stretch


@dataclass(frozen=True)
class Figures:
    """Of a unit, as it was at a moment. households: of today. month, year: so far, of all categories together.

    redeemed_*: centipoints, magnitudes. is_told: whether there are households enough that none can be told from it.
    """

    unit: str
    at: datetime
    households: int
    is_told: bool
    categories: Sequence[CategoryFigures] = ()
    month: Stretch = Stretch()
    year: Stretch = Stretch()
    redeemed_month: int = 0
    redeemed_year: int = 0


def scopes_of(household: Household) -> list[Unit]:
    """Give the units whose figures a household may look at: the town, the village, and what it lives in below."""
    above = Unit.objects.filter(path__in=paths_to(household.unit), level__in=SHOWN)
    return list(above.order_by("path"))


def figures_of(unit: Unit) -> Figures:
    """Give a unit's figures of this month and this year, hardly older than an hour; the same to everybody."""
    today = clock.today()
    key = f"{current_schema()}:figures:{unit.pk}:{today:%Y%m%d}"
    found: Figures | None = cache.get(key)
    if found and (
        clock.now() - found.at < FRESH or not cache.add(f"{key}:counting", 1, COUNTING.total_seconds())
    ):
        return found
    found = read_figures(unit, today)
    cache.set(key, found, KEPT.total_seconds())
    return found


def read_figures(unit: Unit, today: date) -> Figures:
    """Count a unit's figures as of a day; in three queries, whatever its size, and one more for a part of a village."""
    households = Household.objects.filter(unit__path__startswith=unit.path, left_on=None).count()
    if households < FEWEST:
        return Figures(unit.name, clock.now(), households, is_told=False)
    level = Level(unit.level)
    is_within = level not in (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)
    values = {
        "unit": f"{unit.path}%",
        "sheets": below([_village_path(unit) if is_within else unit.path]),
        "within": is_within,
        "first": today.replace(month=1, day=1),
        "month": today.replace(day=1),
        "last": today,
    }
    rows = _rows(FIGURES, values)
    whole = rows.pop() if rows else (None, 0, 0, 0, 0, 0, 0, 0)
    ((redeemed_month, redeemed_year),) = _rows(REDEEMED, values)
    return Figures(
        unit=unit.name,
        at=clock.now(),
        households=households,
        is_told=True,
        categories=[_category(*row) for row in rows],
        month=Stretch(*whole[2:5]),
        year=Stretch(*whole[5:]),
        redeemed_month=redeemed_month,
        redeemed_year=redeemed_year,
    )


def _category(name: str, position: int, *figures: int) -> CategoryFigures:
    return CategoryFigures(name, position, Stretch(*figures[:3]), Stretch(*figures[3:]))


def _village_path(unit: Unit) -> str:
    """Give the path of the village that a part of one lies in: whose grids the sheets are need not be that part."""
    village = Unit.objects.filter(path__in=paths_to(unit), level=Level.VILLAGE)
    return village.values_list("path", flat=True).first() or unit.path


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
