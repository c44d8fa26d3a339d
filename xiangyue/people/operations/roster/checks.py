"""What only the database can know of a roster: one query a rule, each giving the rows that break it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from xiangyue.people import roster_form as form
from xiangyue.people.operations.roster.staging import Row, rows_of
from xiangyue.sheets.problems import Problem, Problems
from xiangyue.sheets.read import cell_text
from xiangyue.sheets.stream import Stream

# Each gives (line, facts …), from the top down.
NUMBERS_REPEATED: Final = """
    WITH twice AS (
        SELECT place.village_id, home.number, min(home.line) AS first
        FROM roster_home home JOIN roster_place place USING (place)
        WHERE home.number <> '' GROUP BY place.village_id, home.number HAVING count(*) > 1
    )
    SELECT home.line, home.number, twice.first
    FROM twice JOIN roster_place place USING (village_id)
    JOIN roster_home home ON home.place = place.place AND home.number = twice.number
    WHERE home.line <> twice.first
"""
NUMBERS_TAKEN: Final = """
    SELECT home.line, home.number, village.name
    FROM roster_home home JOIN roster_place place USING (place)
    JOIN people_household there
        ON there.village_id = place.village_id AND there.number = home.number AND there.left_on IS NULL
    JOIN people_unit village ON village.id = place.village_id
"""
PLACES_OUTSIDE: Final = "SELECT line FROM roster_home WHERE place = ANY(%(places)s)"
# Households that are there, but where the unit's administrators have no say.
HOUSEHOLDS_OUTSIDE: Final = """
    SELECT home.line, home.number
    FROM roster_home home JOIN roster_settled settled USING (home)
    JOIN people_household there ON there.id = settled.household_id
    JOIN people_unit unit ON unit.id = there.unit_id
    WHERE NOT starts_with(unit.path, %(path)s)
"""
IDS_REPEATED: Final = """
    WITH twice AS (
        SELECT id_index, min(line) AS first FROM roster_row WHERE id_index IS NOT NULL
        GROUP BY id_index HAVING count(*) > 1
    )
    SELECT row.line, twice.first FROM twice JOIN roster_row row USING (id_index) WHERE row.line <> twice.first
"""
# A resident of another row's number; whoever leaves with this import is no obstacle.
IDS_TAKEN: Final = """
    SELECT row.line, village.name, there.number, starts_with(home.path, %(within)s) AS is_own
    FROM roster_row row
    JOIN people_resident resident ON resident.id_index = row.id_index AND resident.left_on IS NULL
    JOIN people_household there ON there.id = resident.household_id
    JOIN people_unit home ON home.id = there.unit_id
    JOIN people_unit village ON village.id = there.village_id
    LEFT JOIN roster_pair pair ON pair.line = row.line
    WHERE row.id_index IS NOT NULL AND pair.resident_id IS DISTINCT FROM resident.id
        AND NOT (%(leave)s AND EXISTS (
            SELECT FROM roster_missing missing WHERE missing.resident_id = resident.id
        ))
"""
HEADS_STAY: Final = """
    SELECT row.line, resident.name
    FROM roster_missing missing
    JOIN people_resident resident ON resident.id = missing.resident_id AND resident.relation = 'head'
    JOIN roster_row row ON row.home = missing.home AND row.relation = 'head'
"""


@dataclass(frozen=True)
class Rule:
    """A query whose rows break a rule. text: makes the sentence from a row's facts."""

    query: str
    header: str
    code: str
    text: Callable[[Sequence[Any]], str]


def _repeated(facts: Sequence[Any]) -> str:
    text = _("户号%(number)s在第%(line)s行已经写过了。一户的人要写在一起，两户不能同号。")
    return text % {"number": facts[0], "line": facts[1]}


def _taken(facts: Sequence[Any]) -> str:
    return _("%(village)s已经有%(number)s户了。") % {"village": facts[1], "number": facts[0]}


def _place_outside(_facts: Sequence[Any]) -> str:
    return _("这一户不在您导入的单位里。请看看网格写对了没有。")


def _household_outside(facts: Sequence[Any]) -> str:
    return _("%(number)s户现在住在别的网格，这里不能改。请由村里来改。") % {"number": facts[0]}


def _id_repeated(facts: Sequence[Any]) -> str:
    return _("这个身份证号在第%(line)s行已经写过了。") % {"line": facts[0]}


def _id_taken(facts: Sequence[Any]) -> str:
    village, number, is_own = facts
    if not is_own:  # whose it is, is not told: the importer may not look into that village
        return _("这个身份证号已经登记给别处的人了。请核对；搬了家的，请先在原来的村办迁出。")
    text = _("这个身份证号已经登记在%(village)s%(number)s户了。搬了家的，请先在那一户办迁出。")
    return text % {"village": village, "number": number}


def _head_stays(facts: Sequence[Any]) -> str:
    text = _("这一户原来的户主%(name)s没有写在表里。请写上他现在是户主的什么人，或者让没写的人迁出。")
    return text % {"name": facts[0]}


NUMBER_REPEATED: Final = Rule(NUMBERS_REPEATED, form.NUMBER, "number-repeated", _repeated)
NUMBER_TAKEN: Final = Rule(NUMBERS_TAKEN, form.NUMBER, "number-taken", _taken)
PLACE_OUTSIDE: Final = Rule(PLACES_OUTSIDE, form.GRID, "unit-outside", _place_outside)
HOUSEHOLD_OUTSIDE: Final = Rule(HOUSEHOLDS_OUTSIDE, form.NUMBER, "household-outside", _household_outside)
ID_REPEATED: Final = Rule(IDS_REPEATED, form.ID_NUMBER, "id-repeated", _id_repeated)
ID_TAKEN: Final = Rule(IDS_TAKEN, form.ID_NUMBER, "id-taken", _id_taken)
HEAD_STAYS: Final = Rule(HEADS_STAY, form.RELATION, "head-stays", _head_stays)


class Inspector:
    """Applies rules and notes what breaks them; the cells' texts are looked up in the file afterwards, once."""

    def __init__(self, stream: Stream, problems: Problems) -> None:
        self._stream = stream
        self._problems = problems
        self._found: list[tuple[int, Rule, Row]] = []

    def apply(self, rule: Rule, facts: Mapping[str, Any] | None = None) -> None:
        """Look for rows that break a rule; beyond those whose texts are kept they are only counted."""
        room = max(self._problems.room - len(self._found), 0)
        limited = f"SELECT *, count(*) OVER () FROM ({rule.query}) AS broken ORDER BY line LIMIT %(room)s"  # noqa: S608
        rows = rows_of(limited, {**(facts or {}), "room": max(room, 1)})
        if not rows:
            return
        self._found += [(row[0], rule, row[1:-1]) for row in rows[:room]]
        self._problems.count_more(rows[0][-1] - len(rows[:room]))

    def finish(self) -> None:
        """Note what was found, each with the text of its cell."""
        if not self._found:
            return
        wanted = {line for line, _rule, _facts in self._found}
        columns = {column.header: column for column in self._stream.columns}
        texts = {line: values for line, values in self._stream.rows() if line in wanted}
        for line, rule, facts in self._found:
            column = columns.get(rule.header)
            value = cell_text(texts[line][column.index]) if column and column.index < len(texts[line]) else ""
            letter = column.letter if column else ""
            self._problems.note(
                Problem(self._stream.sheet, line, letter, rule.header, value, rule.code, rule.text(facts))
            )
