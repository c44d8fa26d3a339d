"""The units that a roster's households lie in: found by name below their village, or made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xiangyue.kernel import clock
from xiangyue.people.models import Level, Unit
from xiangyue.people.operations.roster.staging import rows_of, run
from xiangyue.people.queries import LABEL_JOINT, paths_to
from xiangyue.people.roster_reading import Place, Scope
from xiangyue.people.unit_codes import short_parts

Names = tuple[
    str, ...
]  # of a unit on the way down: its village's code, ("440783104220", "第三网格", "第二联户组")

STAGE_PLACES: Final = """
    INSERT INTO roster_place (place, village_id, unit_id, path)
    SELECT * FROM unnest(%(places)s::int[], %(villages)s::bigint[], %(units)s::bigint[], %(paths)s::text[])
"""
FILL_PLACES: Final = """
    UPDATE roster_place SET unit_id = made.unit_id, path = made.path
    FROM unnest(%(places)s::int[], %(units)s::bigint[], %(paths)s::text[]) AS made (place, unit_id, path)
    WHERE roster_place.place = made.place
"""
CREATE_UNITS: Final = """
    INSERT INTO people_unit (parent_id, level, code, name, path, since, joining)
    SELECT parent.id, %(level)s, made.code, made.name, parent.path || made.code || '/', %(today)s, %(joining)s
    FROM unnest(%(parents)s::text[], %(codes)s::text[], %(names)s::text[]) WITH ORDINALITY
        AS made (parent, code, name, place)
    JOIN people_unit parent ON parent.code = made.parent
    ORDER BY made.place
    RETURNING id, code, path
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A unit that stands, as far as a roster needs it."""

    id: int
    code: str
    path: str
    level: Level


@dataclass
class Tree:
    """The villages that a roster may be for and the units below them.

    unit: for which the roster is imported. villages: by code. units: those that stand, by their names on the way
    down; towns and what lies above by ("", code). codes: of all units ever, by the path of the unit above, for a code
    is never used twice.
    """

    unit: Unit
    villages: dict[str, Unit]
    units: dict[Names, Known] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    def scope(self, levels: Sequence[Level]) -> Scope:
        """Give what the reading has to know of it."""
        only = next(iter(self.villages)) if len(self.villages) == 1 and self.unit.level not in _ABOVE else ""
        return Scope(frozenset(self.villages), only, levels)

    def label(self, names: Names) -> str:
        """Name a unit as reports do: 第三网格·第二联户组, with its village where there may be several."""
        if not names[0]:
            return names[1]
        village = self.villages[names[0]].name
        return LABEL_JOINT.join(names[1:] if self.scope(()).only else (village, *names[1:])) or village

    def path_of(self, names: Names) -> str:
        """Give a unit's path; of one that is still to be made, its name below the path above. (): the own unit."""
        if not names:
            return self.unit.path
        known = self.units.get(names)
        return known.path if known else f"{self.path_of(names[:-1])}{names[-1]}/"

    def level_of(self, names: Names, levels: Sequence[Level]) -> Level | None:
        """Give a unit's level; of one still to be made, what its column stands for, or None where that is nothing."""
        if not names:
            return Level(self.unit.level)
        known = self.units.get(names)
        return known.level if known else next(iter(levels[len(names) - 2 :]), None)

    def is_inside(self, names: Names) -> bool:
        """Tell whether a unit lies at or below the one for which the roster is imported."""
        return self.path_of(names).startswith(self.unit.path)


_ABOVE: Final = (Level.CITY, Level.COUNTY, Level.TOWN)


def tree_of(unit: Unit) -> Tree:
    """Give the villages at, below or above a unit; what lies below them is read when they are locked."""
    above = Unit.objects.filter(path__in=paths_to(unit), level=Level.VILLAGE)
    below = Unit.objects.filter(path__startswith=unit.path, level=Level.VILLAGE)
    return Tree(unit, {each.code: each for each in (above | below).filter(until=None).order_by("path")})


def read_units(tree: Tree) -> None:
    """Read the units below the villages, and between them and a unit above, as they are now, in one query."""
    villages = list(tree.villages.values())
    top = tree.unit.path if tree.unit.level in _ABOVE or not villages else villages[0].path
    names_of: dict[str, Names] = {each.path: (each.code,) for each in villages}
    below = Unit.objects.filter(path__startswith=top).order_by("path")
    columns = ("id", "code", "name", "path", "until", "level")
    for key, code, name, path, until, level in below.values_list(*columns):
        if level in _ABOVE and until is None:
            tree.units["", code] = Known(key, code, path, Level(level))
        parent = path[: -len(code) - 1]
        tree.codes.setdefault(parent, []).append(code)
        names = names_of.get(path) or ((*names_of[parent], name) if parent in names_of else None)
        if names and until is None:
            names_of[path] = names
            tree.units[names] = Known(key, code, path, Level(level))


def names_of_place(place: Place) -> Names:
    """Give the way down to a place: its village's code, then its grid and group as far as it has them."""
    return tuple(part for part in place if part)


def stage_places(tree: Tree, places: Mapping[Place, int]) -> list[Names]:
    """Put where households live into the temporary table; give the units that are not there yet, in order."""
    known = {place: number for place, number in places.items() if place[0]}
    found = [tree.units.get(names_of_place(place)) for place in known]
    run(
        STAGE_PLACES,
        {
            "places": list(known.values()),
            "villages": [tree.villages[place[0]].pk for place in known],
            "units": [unit and unit.id for unit in found],
            "paths": [unit.path if unit else "" for unit in found],
        },
    )
    wanted = {
        names[:depth]: None
        for place in known
        for names in [names_of_place(place)]
        for depth in range(2, len(names) + 1)
    }
    return [names for names in wanted if names not in tree.units]


def outside(tree: Tree, places: Mapping[Place, int]) -> list[int]:
    """Give the places that don't lie at or below the unit for which the roster is, where it is a part of a village."""
    if tree.unit.path in {each.path for each in tree.villages.values()} or tree.unit.level in _ABOVE:
        return []
    inside = [names for names, unit in tree.units.items() if unit.path.startswith(tree.unit.path)]
    return [
        number
        for place, number in places.items()
        if not any(names_of_place(place)[: len(names)] == names for names in inside)
    ]


def create_units(
    tree: Tree, new: Iterable[Names], places: Mapping[Place, int], levels: Sequence[Level]
) -> None:
    """Create the units that are not there, a statement a level, and let the places point at them."""
    waiting = list(new)
    for depth, level in enumerate(levels, 2):
        _create_level(tree, [names for names in waiting if len(names) == depth], level)
    if not waiting:
        return
    made = set(waiting)
    filled = {
        number: tree.units[names]
        for place, number in places.items()
        if (names := names_of_place(place)) in made
    }
    facts = {
        "places": list(filled),
        "units": [unit.id for unit in filled.values()],
        "paths": [unit.path for unit in filled.values()],
    }
    run(FILL_PLACES, facts)


def _create_level(tree: Tree, new: Sequence[Names], level: Level) -> None:
    by_parent: dict[Names, list[Names]] = {}
    for names in new:
        by_parent.setdefault(names[:-1], []).append(names)
    facts: dict[str, list[Any]] = {"parents": [], "codes": [], "names": []}
    made: dict[str, Names] = {}
    for parent_names, group in by_parent.items():
        parent = tree.units[parent_names]
        shorts = short_parts([names[-1] for names in group], tree.codes.get(parent.path, ()))
        for short, names in zip(shorts, group, strict=True):
            code = f"{parent.code}-{short}"
            made[code] = names
            facts["parents"].append(parent.code)
            facts["codes"].append(code)
            facts["names"].append(names[-1])
    if made:
        common = {"level": level.value, "today": clock.today(), "joining": "outside"}
        for key, code, path in rows_of(CREATE_UNITS, {**facts, **common}):
            tree.units[made[code]] = Known(key, code, path, level)
