"""Finding people and households by whatever is typed: one box, one statement.

What is typed says which ways are tried: characters are a name, or a given name alone; letters are pinyin or
initials; figures are a household's number, or the tail or the whole of a phone or an ID number. Each way has an
index; those of phones and ID numbers hold HMACs (people/private.py).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Level, Relation, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.private import TAIL, id_problem, keys, normal_id, normal_phone, phone_problem
from xiangyue.people.private_refusals import NothingToSearch
from xiangyue.people.queries import LABEL_JOINT

MOST: Final = 50  # what one looks through; whoever gets more writes more

# Each way stops as soon as it has more than can be shown: a county has thousands of one surname.
_RESIDENT_WAY: Final = """
    (SELECT resident.household_id, resident.id AS resident_id
     FROM people_resident resident JOIN people_household household ON household.id = resident.household_id
     WHERE {way}{here}{present} LIMIT %(enough)s)
"""
_HOUSEHOLD_WAY: Final = """
    (SELECT household.id AS household_id,
            (SELECT head.id FROM people_resident head
             WHERE head.household_id = household.id AND head.relation = 'head' AND head.left_on IS NULL) AS resident_id
     FROM people_household household
     WHERE {way}{here}{standing} LIMIT %(enough)s)
"""
_HERE: Final = " AND household.unit_id IN (SELECT id FROM people_unit WHERE path LIKE %(below)s)"
_STANDING: Final = " AND household.left_on IS NULL"
_PRESENT: Final = " AND resident.left_on IS NULL"
_FOUND: Final = """
    SELECT found.household_id, found.resident_id, coalesce(resident.name, ''), coalesce(resident.relation, ''),
           coalesce(resident.left_on, household.left_on), household.number, unit.path, village.name
    FROM ({ways}) found
    JOIN people_household household ON household.id = found.household_id
    JOIN people_unit unit ON unit.id = household.unit_id
    JOIN people_unit village ON village.id = household.village_id
    LEFT JOIN people_resident resident ON resident.id = found.resident_id
    ORDER BY (resident.name = %(typed)s OR household.number = ANY(%(numbers)s)) DESC NULLS LAST,
             char_length(resident.name), village.path, household.number, resident.id
    LIMIT %(enough)s
"""


@dataclass(frozen=True)
class Found:
    """One line of what was found. resident: None for a household without a head. left_on: of who is gone."""

    household: int
    resident: int | None
    name: str
    relation: str
    left_on: Any
    number: str
    label: str
    village: str

    @property
    def is_head(self) -> bool:
        return self.relation == Relation.HEAD


@dataclass(frozen=True)
class Findings:
    """What was found, at most `MOST` lines; has_more: there are others."""

    lines: tuple[Found, ...]
    has_more: bool


def search(*, actor: Actor, unit: Unit, text: str, with_gone: bool = False) -> Findings:
    """Find people and households at a unit and below it, in three queries, whatever is found.

    with_gone: also households that ended, and people who died or moved away. What was erased is never found.
    Raises: NotAllowed, NothingToSearch; KeyMissing.
    """
    require(actor, Act.READ_HOUSEHOLDS, unit)
    sql, values = statement(unit, text, with_gone=with_gone)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    labels = _labels({row[6] for row in rows[:MOST]})
    lines = tuple(
        Found(household, resident, name, relation, left_on, number, labels[path], village)
        for household, resident, name, relation, left_on, number, path, village in rows[:MOST]
    )
    return Findings(lines, len(rows) > MOST)


def statement(unit: Unit, text: str, *, with_gone: bool) -> tuple[str, dict[str, Any]]:
    """Give the one statement that finds what is typed, and its values. Raises: NothingToSearch."""
    typed = " ".join(unicodedata.normalize("NFKC", text).split())
    if not any(character.isalnum() for character in typed):
        raise NothingToSearch
    values: dict[str, Any] = {"typed": typed, "enough": MOST + 1, "numbers": [typed]}
    here = ""
    if unit.parent_id is not None:  # all lies below the root
        here, values["below"] = _HERE, f"{_escaped(unit.path)}%"
    standing = "" if with_gone else _STANDING
    ways = [
        _HOUSEHOLD_WAY.format(way=way, here=here, standing=standing) for way in _household_ways(typed, values)
    ]
    present = "" if with_gone else _PRESENT + _STANDING
    ways += [
        _RESIDENT_WAY.format(way=way, here=here, present=present) for way in _resident_ways(typed, values)
    ]
    return _FOUND.format(ways=" UNION ".join(ways)), values


def _household_ways(typed: str, values: dict[str, Any]) -> Iterator[str]:
    """Numbers are painted with zeros in front, which nobody types: 18 finds 018 and 0018 too."""
    if not any(character.isdigit() for character in typed) or len(typed) > 20:
        return
    values["number"] = f"{_escaped(typed)}%"
    yield "household.number LIKE %(number)s"
    if typed.isdigit() and len(typed) < 6:
        values["numbers"] += [typed.zfill(length) for length in range(len(typed) + 1, 7)]
    yield "household.number = ANY(%(numbers)s)"  # of those that only begin so, there may be more than are looked at


def _resident_ways(typed: str, values: dict[str, Any]) -> Iterator[str]:
    yield from _name_ways(typed, values)
    digits, number = normal_phone(typed), normal_id(typed)
    if digits.isascii() and digits.isdigit():
        if len(digits) == TAIL:
            values["phone"] = keys().index("phone-tail", digits)
            yield "resident.phone IS NOT NULL AND resident.phone_tail = %(phone)s"
        elif phone_problem(digits) is None:
            values["phone"] = keys().index("phone", digits)
            yield "resident.phone IS NOT NULL AND resident.phone_index = %(phone)s"
    if len(number) == TAIL and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X"):
        values["id"] = keys().index("id-tail", number)
        yield "resident.id_tail = %(id)s"
    elif id_problem(number) is None:
        values["id"] = keys().index("id", number)
        yield "resident.id_index = %(id)s"


def _name_ways(typed: str, values: dict[str, Any]) -> Iterator[str]:
    letters = "".join(typed.lower().replace("ü", "v").replace("'", "").split())
    if letters.isascii() and letters.isalpha():
        values["letters"] = f"{letters}%"
        yield "resident.pinyin LIKE %(letters)s"
        yield "resident.initials LIKE %(letters)s"
    elif not typed.isascii():
        values["name"] = f"{_escaped(typed)}%"
        values["given"] = f"{_escaped(typed[::-1])}%"
        yield "resident.name LIKE %(name)s"
        yield "reverse(resident.name) LIKE %(given)s"


def _labels(paths: Iterable[str]) -> dict[str, str]:
    """Name units by their way down from the village, as `queries.leaf_labels` does, whatever village they lie in."""
    ways = {path: _ancestors(path) for path in paths}
    above = {each for way in ways.values() for each in way}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=above)}
    return {path: _label([units[each] for each in way]) for path, way in ways.items()}


def _ancestors(path: str) -> list[str]:
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]


def _label(way: list[Unit]) -> str:
    village = next((depth for depth, unit in enumerate(way) if unit.level == Level.VILLAGE), len(way))
    return LABEL_JOINT.join(unit.name for unit in way[village + 1 :]) or way[-1].name


def _escaped(text: str) -> str:
    """Take what LIKE would read as a pattern for what it is."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
