"""What figures and ranking are given: full, least and empty."""

from datetime import date
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import HEADS, Context, Pages
from xiangyue.kernel.masking import mask_name

CATEGORIES = (
    ("教育兴家", 1, "school", 1_234_500, 0),
    ("产业发展", 2, "plant-2", 86_400, -1200),
    ("村务管理", 3, "building-community", 2_345_600, -23_400),
    ("遵纪守法", 4, "scale", 20_000, -10_000),
    ("移风易俗", 5, "confetti", 345_000, 0),
    ("好人好事", 6, "heart-handshake", 560_000, 0),
)
LEVELS = ("云岭镇", "青禾村", "第三网格")


def _scopes(chosen: str) -> list[dict[str, Any]]:
    return [{"name": name, "url": "?at=village", "current": name == chosen} for name in LEVELS]


def _figures(**changed: Any) -> Context:
    categories = [
        Facts(
            name=name,
            category_index=place,
            icon=icon,
            month=Facts(gain=gain // 10, loss=loss // 10, households=12),
            year=Facts(gain=gain, loss=loss, households=48),
        )
        for name, place, icon, gain, loss in CATEGORIES
    ]
    facts: Context = {
        "unit": "青禾村",
        "day": date(2026, 11, 5),
        "clock": "09:30",
        "households": 462,
        "is_told": True,
        "month": Facts(gain=459_150, loss=-3460, redeemed=120_000, took_part=123, percent=26),
        "year": Facts(gain=4_591_500, loss=-34_600, redeemed=1_230_000, took_part=402, percent=87),
        "most": 2_345_600,
        "categories": categories,
    }
    figures = Facts(**{**facts, **changed})
    return {"figures": figures, "scopes": _scopes("青禾村"), "ranking_url": "/my/ranking/"}


NOTHING = Facts(gain=0, loss=0, redeemed=0, took_part=0, percent=0)
OWN = 7  # the place of 田禾生


def _place(place: int) -> Facts:
    return Facts(
        rank=place if place != 3 else 2,
        page=1,
        masked_name=mask_name(HEADS[place - 1]),
        number=f"{place * 7:03d}",
        points=123_450 - place * 1350,
        is_own=place == OWN + 1,
    )


PLACES = [_place(place) for place in range(1, 51)]


def _ranking(**changed: Any) -> Context:
    facts: Context = {
        "unit": "青禾村",
        "year": 2026,
        "places": PLACES,
        "own": PLACES[OWN],
        "households": 402,
        "page": 1,
        "pages": 9,
        "is_ranked": True,
    }
    return {
        "is_held": True,
        "is_wanted": True,
        "ranking": Facts(**{**facts, **changed}),
        "scopes": _scopes("青禾村")[1:],
        "years": [
            {"year": 2026, "url": "?year=2026", "current": True},
            {"year": 2025, "url": "?year=2025", "current": False},
        ],
        "head_name": "田禾生",
        "own_url": "",
        "newer_url": "",
        "older_url": "?page=2",
        "figures_url": "/my/figures/",
    }


PAGES: Pages = {
    "figures": ("phone/figures.html", _figures()),
    "figures-empty": (
        "phone/figures.html",
        _figures(categories=[], month=NOTHING, year=NOTHING, most=1) | {"ranking_url": "", "scopes": []},
    ),
    "figures-few": ("phone/figures.html", _figures(is_told=False, households=3, categories=[])),
    "ranking": ("phone/ranking.html", _ranking()),
    "ranking-second-page": (
        "phone/ranking.html",
        _ranking(places=PLACES[20:30], page=2) | {"own_url": "?page=1", "newer_url": "?page=1"},
    ),
    "ranking-opted-out": ("phone/ranking.html", _ranking(own=None, is_ranked=False, places=PLACES[:4])),
    "ranking-empty": ("phone/ranking.html", _ranking(own=None, places=[], households=0, pages=1)),
    "ranking-off": (
        "phone/ranking.html",
        {"is_held": False, "is_wanted": True, "figures_url": "/my/figures/"},
    ),
    "ranking-unwanted": (
        "phone/ranking.html",
        {"is_held": False, "is_wanted": False, "figures_url": "/my/figures/"},
    ),
}
