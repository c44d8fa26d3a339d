"""Public figures as the page shows them: with the lengths of their bars, and how many of a hundred took part."""

from xiangyue.insight.figures import Figures
from xiangyue.kernel import clock
from xiangyue.phone.categories import colour_of, icon_of

WHOLE = 100


def figures_in_words(found: Figures) -> dict[str, object]:
    """Describe a unit's figures, as `phone/figures.html` documents it."""
    most = max((each.year.gain for each in found.categories), default=0)
    return {
        "unit": found.unit,
        "day": clock.local_day(found.at),
        "clock": f"{found.at.astimezone(clock.ZONE):%H:%M}",
        "households": found.households,
        "is_told": found.is_told,
        "month": {"gain": found.month.gain, "loss": found.month.loss, "redeemed": found.redeemed_month}
        | _part(found.month.households, found.households),
        "year": {"gain": found.year.gain, "loss": found.year.loss, "redeemed": found.redeemed_year}
        | _part(found.year.households, found.households),
        "most": max(most, 1),
        "categories": [
            {
                "name": each.name,
                "category_index": colour_of(each.position),
                "icon": icon_of(each.name, each.position),
                "month": each.month,
                "year": each.year,
            }
            for each in found.categories
        ],
    }


def _part(took_part: int, households: int) -> dict[str, int]:
    """Give how many took part, and of a hundred; never a hundred while somebody is missing."""
    return {"took_part": took_part, "percent": took_part * WHOLE // households if households else 0}
