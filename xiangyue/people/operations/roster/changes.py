"""What an update would change: households and residents that are there, beside what the file says of them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from xiangyue.people import roster_form as form
from xiangyue.people.operations.roster.staging import rows_of, run
from xiangyue.people.private import Keys, keys, masked_id, masked_phone

LISTED: Final = 1000  # changes told one by one; the counts are always whole

SETTLE_KNOWN: Final = """
    INSERT INTO roster_settled (home, household_id, is_new)
    SELECT home.home, there.id, false
    FROM roster_home home JOIN roster_place place USING (place)
    JOIN people_household there
        ON there.village_id = place.village_id AND there.number = home.number AND there.left_on IS NULL
"""
# Whoever changes a household or its people locks it first; what is compared from here on stays as it is. By ids, as
# everywhere, and before the residents.
LOCK_HOMES: Final = """
    SELECT id FROM people_household WHERE id IN (SELECT household_id FROM roster_settled)
    ORDER BY id FOR NO KEY UPDATE
"""
PAIR_BY_ID: Final = """
    INSERT INTO roster_pair (line, resident_id)
    SELECT DISTINCT ON (resident.id) row.line, resident.id
    FROM roster_row row JOIN roster_settled settled USING (home)
    JOIN people_resident resident ON resident.household_id = settled.household_id
        AND resident.left_on IS NULL AND resident.id_index = row.id_index
    ORDER BY resident.id, row.line
"""
PAIR_BY_NAME: Final = """
    INSERT INTO roster_pair (line, resident_id)
    SELECT DISTINCT ON (id) line, id FROM (
        SELECT DISTINCT ON (row.line) row.line, resident.id
        FROM roster_row row JOIN roster_settled settled USING (home)
        JOIN people_resident resident ON resident.household_id = settled.household_id
            AND resident.left_on IS NULL AND resident.name = row.name
        WHERE NOT EXISTS (SELECT FROM roster_pair pair WHERE pair.line = row.line)
            AND NOT EXISTS (SELECT FROM roster_pair pair WHERE pair.resident_id = resident.id)
        ORDER BY row.line, resident.id
    ) found
    ORDER BY id, line
"""
# Of a household that the file has, whoever the file does not have.
MISSING: Final = """
    INSERT INTO roster_missing (resident_id, home)
    SELECT resident.id, settled.home
    FROM roster_settled settled
    JOIN people_resident resident ON resident.household_id = settled.household_id AND resident.left_on IS NULL
    WHERE NOT EXISTS (SELECT FROM roster_pair pair WHERE pair.resident_id = resident.id)
"""
# Columns that the file lacks change nothing. Where it has grids but no groups, a household stays in its group.
HOME_CHANGES: Final = """
    CREATE TEMP TABLE roster_home_change ON COMMIT DROP AS
    SELECT * FROM (
        SELECT home.home, there.id AS household_id, there.unit_id AS old_unit_id, there.address AS old_address,
            there.tags AS old_tags,
            %(has_grid)s AND unit.path IS DISTINCT FROM place.path
                AND NOT (NOT %(has_group)s AND place.path <> '' AND starts_with(unit.path, place.path)) AS moves,
            %(has_address)s AND there.address <> home.address AS has_new_address,
            %(has_tags)s AND there.tags <> home.tags::varchar[] AS has_new_tags
        FROM roster_home home JOIN roster_settled settled USING (home) JOIN roster_place place USING (place)
        JOIN people_household there ON there.id = settled.household_id
        JOIN people_unit unit ON unit.id = there.unit_id
    ) compared WHERE moves OR has_new_address OR has_new_tags
"""
# An ID number tells the day of birth too, where the file has no column for it.
CHANGES: Final = """
    CREATE TEMP TABLE roster_change ON COMMIT DROP AS
    SELECT * FROM (
        SELECT row.line, resident.id AS resident_id, resident.name AS old_name, resident.sex AS old_sex,
            resident.born AS old_born, resident.relation AS old_relation, resident.is_party_member AS old_party,
            resident.lives_elsewhere AS old_elsewhere,
            resident.name <> row.name AS has_new_name,
            resident.relation <> row.relation AS has_new_relation,
            %(has_sex)s AND resident.sex <> row.sex AS has_new_sex,
            (%(has_born)s OR row.born IS NOT NULL) AND resident.born IS DISTINCT FROM row.born AS has_new_born,
            %(has_party)s AND resident.is_party_member <> row.party AS has_new_party,
            %(has_elsewhere)s AND resident.lives_elsewhere <> row.elsewhere AS has_new_elsewhere,
            %(has_id)s AND resident.id_index IS DISTINCT FROM row.id_index AS has_new_id,
            %(has_phone)s AND resident.phone_index IS DISTINCT FROM row.phone_index AS has_new_phone
        FROM roster_row row JOIN roster_pair pair USING (line)
        JOIN people_resident resident ON resident.id = pair.resident_id
    ) compared
    WHERE has_new_name OR has_new_relation OR has_new_sex OR has_new_born OR has_new_party OR has_new_elsewhere
        OR has_new_id OR has_new_phone
"""

COUNTS: Final = """
    SELECT (SELECT count(*) FROM roster_home),
        (SELECT count(*) FROM roster_settled),
        (SELECT count(*) FROM roster_row),
        (SELECT count(*) FROM roster_pair),
        (SELECT count(*) FROM roster_home_change),
        (SELECT count(*) FROM roster_change),
        (SELECT count(*) FROM roster_missing)
"""

TELL_HOMES: Final = """
    SELECT village.name, home.number, change.moves, old.path, place.place, change.has_new_address, change.old_address,
        home.address, change.has_new_tags, change.old_tags, home.tags
    FROM roster_home_change change JOIN roster_home home USING (home) JOIN roster_place place USING (place)
    JOIN people_unit village ON village.id = place.village_id
    JOIN people_unit old ON old.id = change.old_unit_id
    ORDER BY home.line LIMIT %(most)s
"""
TELL_RESIDENTS: Final = """
    SELECT village.name, home.number, change.old_name,
        change.has_new_name, change.old_name, row.name, change.has_new_relation, change.old_relation, row.relation,
        change.has_new_sex, change.old_sex, row.sex, change.has_new_born, change.old_born, row.born,
        change.has_new_party, change.old_party, row.party,
        change.has_new_elsewhere, change.old_elsewhere, row.elsewhere,
        change.has_new_id, resident.id_number, row.id_number, change.has_new_phone, resident.phone, row.phone
    FROM roster_change change JOIN roster_row row USING (line) JOIN roster_home home USING (home)
    JOIN roster_place place USING (place) JOIN people_unit village ON village.id = place.village_id
    JOIN people_resident resident ON resident.id = change.resident_id
    ORDER BY row.line LIMIT %(most)s
"""
TELL_NEW: Final = """
    SELECT village.name, home.number, row.name, settled.home IS NULL
    FROM roster_row row JOIN roster_home home USING (home) JOIN roster_place place USING (place)
    JOIN people_unit village ON village.id = place.village_id
    LEFT JOIN roster_settled settled USING (home) LEFT JOIN roster_pair pair ON pair.line = row.line
    WHERE pair.line IS NULL AND (settled.home IS NOT NULL OR row.relation = 'head')
    ORDER BY row.line LIMIT %(most)s
"""
TELL_MISSING: Final = """
    SELECT village.name, home.number, resident.name
    FROM roster_missing missing JOIN roster_home home USING (home) JOIN roster_place place USING (place)
    JOIN people_unit village ON village.id = place.village_id
    JOIN people_resident resident ON resident.id = missing.resident_id
    ORDER BY home.line, resident.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import changes, or would change, in words.

    kind: new-household, new-resident, changed-household, changed-resident, missing. name: of the resident; of a new
    household, its head's. header: of the column that changes; ID numbers and phones are shown by their tails.
    """

    kind: str
    village: str
    number: str
    name: str = ""
    header: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many households and residents are new, changed, or missing from the file."""

    new_households: int
    new_residents: int
    changed_households: int
    changed_residents: int
    missing: int


def compare(columns: Collection[str], *, keeps_ids: bool) -> None:
    """Find which of the staged households and residents are there already, and what of them is to change.

    The households stay locked. Their villages have to be locked before, so that none leaves meanwhile.
    """
    run(SETTLE_KNOWN)
    run(LOCK_HOMES)
    if keeps_ids and form.ID_NUMBER in columns:
        run(PAIR_BY_ID)
    run(PAIR_BY_NAME)
    run("ANALYZE roster_settled; ANALYZE roster_pair")
    run(MISSING)
    run(
        HOME_CHANGES,
        {
            "has_grid": form.GRID in columns,
            "has_group": form.GROUP in columns,
            "has_address": form.ADDRESS in columns,
            "has_tags": form.TAGS in columns,
        },
    )
    run(
        CHANGES,
        {
            "has_sex": form.SEX in columns,
            "has_born": form.BORN in columns,
            "has_party": form.PARTY in columns,
            "has_elsewhere": form.ELSEWHERE in columns,
            "has_id": keeps_ids and form.ID_NUMBER in columns,
            "has_phone": form.PHONE in columns,
        },
    )


def count() -> Counts:
    """Count what was found."""
    ((homes, settled, rows, pairs, changed_homes, changed, missing),) = rows_of(COUNTS)
    return Counts(homes - settled, rows - pairs, changed_homes, changed, missing)


def told(label_of_path: dict[str, str], label_of_place: dict[int, str]) -> list[Change]:
    """Tell what is new, changes or is missing; at most so many of each as are listed."""
    most = {"most": LISTED}
    news = [
        Change("new-household" if is_new else "new-resident", village, number, name)
        for village, number, name, is_new in rows_of(TELL_NEW, most)
    ]
    missing = [Change("missing", *row) for row in rows_of(TELL_MISSING, most)]
    homes = [
        Change("changed-household", row[0], row[1], "", *what)
        for row in rows_of(TELL_HOMES, most)
        for what in _home_facts(row, label_of_path, label_of_place)
    ]
    opening = keys()
    residents = [
        Change("changed-resident", row[0], row[1], row[2], *what)
        for row in rows_of(TELL_RESIDENTS, most)
        for what in _resident_facts(row, opening)
    ]
    return [*news, *homes, *residents, *missing]


def _home_facts(
    row: tuple[Any, ...], label_of_path: dict[str, str], label_of_place: dict[int, str]
) -> Iterator[tuple[str, str, str]]:
    _village, _number, moves, path, place, *rest = row
    if moves:
        yield form.GRID, label_of_path.get(path, ""), label_of_place.get(place, "")
    if rest[0]:
        yield form.ADDRESS, rest[1], rest[2]
    if rest[3]:
        yield form.TAGS, form.TAG_JOINT.join(rest[4]), form.TAG_JOINT.join(rest[5])


def _resident_facts(row: tuple[Any, ...], opening: Keys) -> Iterator[tuple[str, str, str]]:
    """Tell what changes of a resident, a column at a time: (whether, before, after) each."""
    _village, _number, _name, *facts = row
    relations = {relation.value: text for text, relation in form.RELATIONS.items()}
    sexes = {"": "", **{sex.value: text for text, sex in form.SEXES.items()}}
    answers = {yes: text for text, yes in form.YES_OR_NO.items()}
    shown: tuple[tuple[str, Callable[[Any], str]], ...] = (
        (form.NAME, str),
        (form.RELATION, relations.__getitem__),
        (form.SEX, sexes.__getitem__),
        (form.BORN, lambda day: day.isoformat() if day else ""),
        (form.PARTY, answers.__getitem__),
        (form.ELSEWHERE, answers.__getitem__),
        (form.ID_NUMBER, lambda sealed: masked_id(opening.open(sealed)) if sealed else ""),
        (form.PHONE, lambda sealed: masked_phone(opening.open(sealed)) if sealed else ""),
    )
    for place, (header, show) in enumerate(shown):
        differs, before, after = facts[3 * place : 3 * place + 3]
        if differs:
            yield header, show(before), show(after)
