"""Taking a checked roster over: a few statements, whatever its size."""

from datetime import timedelta
from typing import Any, Final

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import PUBLIC_ID_SQL
from xiangyue.ledger.operations.opening import open_households
from xiangyue.people.operations import following
from xiangyue.people.operations.roster.staging import rows_of, run
from xiangyue.records.operations import log_act

# Ids are taken first, so that residents can name their household without asking for it.
SETTLE_NEW: Final = """
    INSERT INTO roster_settled (home, household_id, is_new)
    SELECT home, nextval(pg_get_serial_sequence('people_household', 'id')), true
    FROM (
        SELECT home FROM roster_home
        WHERE NOT EXISTS (SELECT FROM roster_settled settled WHERE settled.home = roster_home.home)
        ORDER BY home
    ) new
"""
INSERT_HOMES: Final = f"""
    INSERT INTO people_household
        (id, public_id, unit_id, village_id, number, address, tags, holder_id, joined_on)
    SELECT new.household_id, {PUBLIC_ID_SQL}, place.unit_id, place.village_id, home.number, home.address,
        home.tags, holder.id, %(today)s
    FROM (
        SELECT home, household_id, row_number() OVER (ORDER BY home) AS place FROM roster_settled WHERE is_new
    ) new
    JOIN unnest(%(holders)s::bigint[]) WITH ORDINALITY AS holder (id, place) ON holder.place = new.place
    JOIN roster_home home ON home.home = new.home
    JOIN roster_place place ON place.place = home.place
    ORDER BY new.home
"""  # noqa: S608 - put together from a constant
INSERT_RESIDENTS: Final = """
    INSERT INTO people_resident
        (household_id, name, pinyin, initials, sex, born, relation, is_party_member, lives_elsewhere,
         id_number, id_index, id_tail, phone, phone_index, phone_tail)
    SELECT settled.household_id, row.name, row.pinyin, row.initials, row.sex, row.born, row.relation, row.party,
        row.elsewhere, row.id_number, row.id_index, row.id_tail, row.phone, row.phone_index, row.phone_tail
    FROM roster_row row JOIN roster_settled settled USING (home)
    WHERE NOT EXISTS (SELECT FROM roster_pair pair WHERE pair.line = row.line)
    ORDER BY row.line
"""

# Their households are locked since before they were compared (`changes.compare`).
LOCK_RESIDENTS: Final = """
    SELECT id FROM people_resident WHERE id IN (
        SELECT resident_id FROM roster_change UNION SELECT resident_id FROM roster_missing
    ) ORDER BY id FOR NO KEY UPDATE
"""
LEAVE: Final = """
    UPDATE people_resident resident SET left_on = %(today)s
    FROM roster_missing missing WHERE resident.id = missing.resident_id AND resident.left_on IS NULL
    RETURNING resident.id
"""
# Where a household moves on the day it came, or moved, there is no earlier place to note.
NOTE_PLACES: Final = """
    INSERT INTO people_formerplace (household_id, unit_id, village_id, number, until)
    SELECT there.id, there.unit_id, there.village_id, there.number, %(yesterday)s
    FROM roster_home_change change JOIN people_household there ON there.id = change.household_id
    WHERE change.moves AND there.joined_on < %(today)s
    ORDER BY there.id
    ON CONFLICT (household_id, until) DO NOTHING
"""
CHANGE_HOMES: Final = """
    UPDATE people_household there
    SET unit_id = CASE WHEN change.moves THEN place.unit_id ELSE there.unit_id END,
        address = CASE WHEN change.has_new_address THEN home.address ELSE there.address END,
        tags = CASE WHEN change.has_new_tags THEN home.tags ELSE there.tags END
    FROM roster_home_change change JOIN roster_home home USING (home) JOIN roster_place place USING (place)
    WHERE there.id = change.household_id
    RETURNING there.id, change.moves
"""
# A household has one head at every moment: the old one gives way before the new one comes.
YIELD_HEADS: Final = """
    UPDATE people_resident resident SET relation = row.relation
    FROM roster_change change JOIN roster_row row USING (line)
    WHERE resident.id = change.resident_id AND resident.relation = 'head' AND row.relation <> 'head'
"""
CHANGE_RESIDENTS: Final = """
    UPDATE people_resident resident
    SET name = row.name, relation = row.relation,
        pinyin = CASE WHEN change.has_new_name THEN row.pinyin ELSE resident.pinyin END,
        initials = CASE WHEN change.has_new_name THEN row.initials ELSE resident.initials END,
        sex = CASE WHEN change.has_new_sex THEN row.sex ELSE resident.sex END,
        born = CASE WHEN change.has_new_born THEN row.born ELSE resident.born END,
        is_party_member = CASE WHEN change.has_new_party THEN row.party ELSE resident.is_party_member END,
        lives_elsewhere = CASE WHEN change.has_new_elsewhere THEN row.elsewhere ELSE resident.lives_elsewhere END,
        id_number = CASE WHEN change.has_new_id THEN row.id_number ELSE resident.id_number END,
        id_index = CASE WHEN change.has_new_id THEN row.id_index ELSE resident.id_index END,
        id_tail = CASE WHEN change.has_new_id THEN row.id_tail ELSE resident.id_tail END,
        phone = CASE WHEN change.has_new_phone THEN row.phone ELSE resident.phone END,
        phone_index = CASE WHEN change.has_new_phone THEN row.phone_index ELSE resident.phone_index END,
        phone_tail = CASE WHEN change.has_new_phone THEN row.phone_tail ELSE resident.phone_tail END
    FROM roster_change change JOIN roster_row row USING (line)
    WHERE resident.id = change.resident_id
    RETURNING resident.id
"""

# Else the planner takes the tables for as empty as they were, until autovacuum comes by, and the next import, an export
# or a search may go through them once for each row.
COUNT_ANEW: Final = "ANALYZE people_household, people_resident"
MANY: Final = 2000  # new residents, from which on it matters


def insert(*, households: int) -> None:
    """Take over the households and residents that are new. Their units, and who leaves, come before."""
    holders = open_households(count=households) if households else []
    run(SETTLE_NEW)
    run("ANALYZE roster_settled")
    facts = {
        "holders": holders,
        "today": clock.today(),
        "milliseconds": int(clock.now().timestamp() * 1000),
    }
    if households:
        run(INSERT_HOMES, facts)
    if run(INSERT_RESIDENTS) >= MANY:
        run(COUNT_ANEW)


def change(*, actor: Actor, leave: bool) -> None:
    """Let those leave who are missing, if they are to; change what is to be changed, and log it by ids."""
    run(LOCK_RESIDENTS)
    today = clock.today()
    facts: dict[str, Any] = {"today": today, "yesterday": today - timedelta(days=1)}
    gone = [key for (key,) in rows_of(LEAVE, facts)] if leave else []
    following.leave(gone)
    run(NOTE_PLACES, facts)
    homes = rows_of(CHANGE_HOMES)
    run(YIELD_HEADS)
    residents = [key for (key,) in rows_of(CHANGE_RESIDENTS)]
    moved = [key for key, moves in homes if moves]
    log_act(actor=actor, act="moved-away", subject="resident", subject_ids=gone, to_state="left")
    log_act(actor=actor, act="move", subject="household", subject_ids=moved)
    log_act(actor=actor, act="update", subject="household", subject_ids=[key for key, _moves in homes])
    log_act(actor=actor, act="update", subject="resident", subject_ids=residents)
