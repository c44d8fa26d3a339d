"""Figures of one's grid, village and town, and the yearly ranking."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyue.insight.figures import figures_of, scopes_of
from xiangyue.insight.ranking import Ranking, is_ranked_in, ranking_of, rankings_of
from xiangyue.kernel import clock
from xiangyue.people.models import Level, Unit
from xiangyue.people.queries import head_name
from xiangyue.phone.figures import figures_in_words
from xiangyue.ui.access import Visit, for_household

MOST_DIGITS: Final = 4  # of a page's number


@require_safe
@for_household
def figures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was earned, lost and redeemed this month and this year, and how many took part."""
    scopes = scopes_of(visit.household)
    unit = _chosen(request, scopes)
    context = {
        "figures": figures_in_words(figures_of(unit)),
        "scopes": _scopes(scopes, unit),
        "ranking_url": reverse("phone:ranking") if is_ranked_in(visit.household.village) else "",
    }
    return render(request, "phone/figures.html", context)


@require_safe
@for_household
def ranking(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who earned the most honour points in the year: masked names, the own place marked."""
    village = visit.household.village
    context: dict[str, object] = {
        "is_held": is_ranked_in(village),
        "is_wanted": village.is_ranked,
        "figures_url": reverse("phone:figures"),
    }
    if context["is_held"]:
        context |= _ranked(request, visit)
    return render(request, "phone/ranking.html", context)


def _ranked(request: HttpRequest, visit: Visit) -> dict[str, object]:
    household, this_year = visit.household, clock.today().year
    year = this_year - 1 if request.GET.get("year") == str(this_year - 1) else this_year
    scopes = rankings_of(household)
    unit = _chosen(request, scopes)
    found = ranking_of(unit, year, household=household, page=_page(request))
    if not found.places:  # beyond the last
        found = ranking_of(unit, year, household=household)
    query = {"at": unit.level, "year": year}
    return {
        "ranking": found,
        "scopes": _scopes(scopes, unit, year=year),
        "years": [
            {"year": each, "url": f"?{urlencode({**query, 'year': each})}", "current": each == year}
            for each in (this_year, this_year - 1)
        ],
        "head_name": head_name(household),
        "own_url": _leaf(query, _page_of_own(found)),
        "newer_url": _leaf(query, found.page - 1) if found.page > 1 else "",
        "older_url": _leaf(query, found.page + 1) if found.page < found.pages else "",
    }


def _chosen(request: HttpRequest, scopes: Sequence[Unit]) -> Unit:
    """Give the unit of the level that is asked for, or the village."""
    by_level = {scope.level: scope for scope in scopes}
    return by_level.get(request.GET.get("at", "")) or by_level.get(Level.VILLAGE) or scopes[-1]


def _scopes(scopes: Sequence[Unit], chosen: Unit, **query: object) -> list[dict[str, object]]:
    return [
        {"name": unit.name, "url": f"?{urlencode({'at': unit.level, **query})}", "current": unit == chosen}
        for unit in scopes
    ]


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 1


def _page_of_own(found: Ranking) -> int | None:
    return found.own.page if found.own and found.own.page != found.page else None


def _leaf(query: dict[str, object], page: int | None) -> str:
    return f"?{urlencode({**query, 'page': page})}" if page else ""
