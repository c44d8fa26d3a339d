"""The points in a form, apart from all else that it says. Pure.

每小时2分 and 每小时3分 have one shape and other points; 每亩2分 has another shape.
"""

from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from typing import Final

from xiangyue.catalogue.rules.worth import (
    Band,
    CaseByCase,
    Discretion,
    Fixed,
    FromFull,
    PerUnit,
    Range,
    Step,
)

_POINTS: Final[dict[type, tuple[str, ...]]] = {
    Fixed: ("points",),
    Range: ("low", "high"),
    Discretion: ("low", "high"),
    CaseByCase: ("low", "high"),
    PerUnit: ("points",),
    Band: ("points",),
    Step: ("points",),
    FromFull: ("full",),
}


def points_in(rule: object) -> Iterator[int | None]:
    """Give all points that a form names, centipoints, in its order; None for a bound that it leaves open."""
    if isinstance(rule, tuple):
        for part in rule:
            yield from points_in(part)
    elif is_dataclass(rule):
        points = _POINTS.get(type(rule), ())
        for field in fields(rule):
            value = getattr(rule, field.name)
            if field.name in points:
                yield value
            else:
                yield from points_in(value)


def shape_of(rule: object) -> Hashable:
    """Give all that a form says but its points: two forms of one shape differ in points alone."""
    if isinstance(rule, tuple):
        return tuple(map(shape_of, rule))
    if not is_dataclass(rule):
        return rule
    points = _POINTS.get(type(rule), ())
    rest = tuple(shape_of(getattr(rule, field.name)) for field in fields(rule) if field.name not in points)
    return type(rule), rest
