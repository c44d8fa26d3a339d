"""Finding a village on the public pages: by town, by name as it is written or spelt, or the reader's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from xiangyue.gate.views import jurisdiction_of
from xiangyue.people.models import Level, Unit
from xiangyue.people.names import pinyin_of
from xiangyue.people.queries import paths_to, units_below
from xiangyue.ui.access import visit_of

NAMED = (Level.VILLAGE, Level.GRID_VILLAGE, Level.GRID)  # by whose names people look
LONGEST_NAME = 30


@lru_cache(maxsize=10_000)
def spelt(name: str) -> tuple[str, str]:
    """Spell a name, and give its initials; villages' names hardly ever change."""
    return pinyin_of(name)


def is_called(name: str, query: str) -> bool:
    """Tell whether somebody who types this looks for this name: a part of it, its pinyin or its initials."""
    wanted = query.lower().replace(" ", "")
    return wanted in name.lower() or (wanted.isascii() and any(wanted in way for way in spelt(name)))


@dataclass(frozen=True)
class Group:
    """A town with its villages, as a list shows it."""

    town: Unit
    villages: Sequence[Unit]


@dataclass
class Choice:
    """Where a reader looks: in the whole jurisdiction, in a town, or at what goes by a name.

    towns: empty where there is only one, or none. query: as it was typed.
    """

    root: Unit
    towns: Sequence[Unit]
    town: Unit | None
    query: str

    @property
    def is_narrow(self) -> bool:
        """Whether so little is meant that a notice's grids can be shown one by one."""
        return bool(self.query) or not self.towns

    @property
    def asked(self) -> dict[str, str]:
        """What the address says beside the page."""
        return {
            name: value
            for name, value in (("town", self.town.code if self.town else ""), ("q", self.query))
            if value
        }

    @cached_property
    def units(self) -> list[Unit]:
        """The villages and grids that are meant, by path."""
        found = units_below(self.town or self.root).filter(level__in=NAMED)
        return [unit for unit in found if not self.query or is_called(unit.name, self.query)]

    @cached_property
    def groups(self) -> list[Group]:
        """The villages that are meant, town by town; those of a matching grid too."""
        paths = {path for unit in self.units for path in paths_to(unit)}
        below = units_below(self.root).filter(path__in=paths, level=Level.VILLAGE).select_related("parent")
        return [
            Group(town, list(villages))
            for town, villages in groupby(below, key=lambda village: village.parent or village)
        ]

    @property
    def condition(self) -> Q:
        """What a notice's unit has to be: below the town; with a name, a unit called so, or one above or below it."""
        if not self.query:
            return Q(unit__path__startswith=(self.town or self.root).path)
        paths = {unit.path for unit in self.units}
        above = {path for unit in self.units for path in paths_to(unit)}
        return Q(unit__path__in=above) | Q(unit__parent__path__in=paths)


def choice_of(request: HttpRequest) -> Choice:
    """Read from the address where its reader looks. Raises: Http404 for a town that is not there."""
    root = Unit.objects.get(parent=None)
    towns = list(units_below(root).filter(level=Level.TOWN).exclude(pk=root.pk))
    code = request.GET.get("town", "")
    town = next((each for each in towns if each.code == code), None)
    if code and town is None:
        raise Http404
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_NAME]
    return Choice(root, towns if len(towns) > 1 else [], town, query)


def village_of(request: HttpRequest) -> Unit | None:
    """Give the village that the address names, or the reader's own, or the only one; None where one has to choose.

    Raises: Http404 for a village that is not there.
    """
    there = Unit.objects.filter(level=Level.VILLAGE, until=None)
    code = request.GET.get("village", "").replace("\0", "")
    if code:
        return get_object_or_404(there, code=code)
    visit = visit_of(request)
    if visit:
        return visit.household.village
    few = list(there[:2])
    return few[0] if len(few) == 1 else None


def choosing(request: HttpRequest, about: str) -> HttpResponse:
    """Ask of which village a page is to tell. about: the page, by the name of its address, `open` or `rules`."""
    context = {
        "jurisdiction": jurisdiction_of(request),
        "choice": choice_of(request),
        "page_url": reverse(f"gate:{about}"),
        "about": about,
    }
    return render(request, "gate/villages.html", context)
