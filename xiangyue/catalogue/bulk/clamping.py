"""Limits over whole sets: the mirror of `sets._clamp_all`, `_earlier_amounts` and `_rival_all` in SQL.

A step passes what is left of every share through one limit of its lane. Within a window, in the order batch, day, id,
the allowed part is min(cap, S_i) − min(cap, S_(i−1)), S being the running sum of what comes in (what was held before
comes first, uncut). That holds where all shares of a window have one cap. Where caps differ within a window (a
household's size changed; an item's own row cuts by what its category counts; two versions of an item), what was let
through adds up share by share: a window aggregate does that, X_i = max(X_(i−1), min(cap_i, X_(i−1) + asked_i)).
"""

from collections.abc import Sequence
from typing import Final

from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.compiling import Compiled
from xiangyue.catalogue.bulk.lanes import Step
from xiangyue.catalogue.bulk.worths import WINDOWS
from xiangyue.catalogue.rules.terms import Layer, Whose, Window

AGGREGATES: Final = """
    CREATE OR REPLACE FUNCTION pg_temp.judge_let_through(through bigint, asked bigint, cap bigint) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT greatest($1, least($3, $1 + $2))';
    CREATE OR REPLACE AGGREGATE pg_temp.judge_through(asked bigint, cap bigint) (
        SFUNC = pg_temp.judge_let_through, STYPE = bigint, INITCOND = '0'
    );
    CREATE OR REPLACE AGGREGATE pg_temp.judge_sum(asked bigint) (
        SFUNC = int8pl, STYPE = bigint, INITCOND = '0'
    )
"""

# Whose deeds count together, and in which window of which lane. What stands in no window counts with nothing else.
_KEYS: Final = """
    CASE WHEN there.code IS NULL THEN share.id ELSE {owner} END AS owner,
    {owner_kind} AS owner_kind,
    (4 * lane.lane + 2 * share.deducts::int + share.apart::int)::bigint << 32 | coalesce(there.code, 2147483647) AS slot
"""
_OWNERS: Final = {
    Whose.PERSON: ("coalesce(share.person_id, share.household_id)", "(share.person_id IS NULL)::int::bigint"),
    Whose.HOUSEHOLD: ("share.household_id", "NULL::bigint"),
    Whose.FAMILY_MEMBER: ("share.household_id", "NULL::bigint"),
    Whose.GROUP: ("share.group_id", "share.village_id"),
    Whose.GRID: ("share.grid_id", "share.village_id"),
    Whose.VILLAGE: ("share.village_id", "NULL::bigint"),
    Whose.EVERYONE: ("NULL::bigint", "NULL::bigint"),
}
_SHARED: Final = {Whose.GROUP, Whose.GRID, Whose.VILLAGE, Whose.EVERYONE}
_CODE: Final = f"""
    LEFT JOIN judge_calendar calendar ON calendar.day = share.day AND calendar."window" = lane."window"
    CROSS JOIN LATERAL (SELECT CASE WHEN lane."window" = {WINDOWS[Window.ACTIVITY]} THEN {{activity}}
        ELSE calendar.code END AS code) there
"""
_STEP: Final = "lane.step = {step} AND lane.even = {even} AND (lane.deducts = share.deducts) IS NOT FALSE"
# A limit on each single deed cuts by itself: what it leaves whole needs no place in a window.
_ENTERING: Final = f"""
    SELECT share.ctid AS tid, share.id, share.batch, share.day, share.remaining, lane.rank,
        lane.counting = 'times' AS by_times, 0::bigint AS held,
        CASE WHEN lane.counting = 'times' THEN 1 ELSE share.remaining END AS coming,
        lane.cap * CASE WHEN lane.whose = 'family_member' THEN share.members ELSE 1 END AS cap, {{keys}}
    FROM {{table}} share
    JOIN judge_cap lane ON lane.item = share.item AND {_STEP}
    {_CODE.format(activity="share.activity")}
    WHERE share.remaining > 0 AND (lane."window" <> {WINDOWS[Window.TIME]} OR share.remaining > lane.cap)
"""  # noqa: S608 - put together from constants
# What came out at the limit's place before: as it came in, or what the last limit up to there left of it.
_HELD: Final = f"""
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, sum(came)::bigint, sum(came)::bigint, NULL, owner, owner_kind, slot
    FROM (
        SELECT CASE lane.counting
            WHEN 'amount' THEN {{amount}} WHEN 'times' THEN {{times}} ELSE {{points}} END AS came, {{keys}}
        FROM (
            SELECT held.*, 0 AS id, rule.number, rule.category, {{activity}} AS activity_code
            FROM judge_held held JOIN judge_item rule ON rule.item = held.item {{activities}}
        ) share
        JOIN judge_lane lane ON lane.lane = {{lane}} AND {_STEP}
        {_CODE.format(activity="share.activity_code")}
        WHERE there.code IS NOT NULL
    ) held
    WHERE came > 0
    GROUP BY owner, owner_kind, slot
"""  # noqa: S608 - put together from constants
_CAME: Final = """CASE WHEN cardinality({trail}) = 0 THEN {whole} ELSE coalesce((
    SELECT passed FROM unnest({trail}, {left}) AS trail (rank, passed)
    WHERE trail.rank <= lane.rank ORDER BY trail.rank DESC LIMIT 1), {whole}) END"""
_ACTIVITIES: Final = """LEFT JOIN judge_activity named
                ON rule.by_activity AND named.activity = held.activity"""
_ORDER: Final = "PARTITION BY owner, slot, owner_kind ORDER BY batch NULLS FIRST, day, id"

EVEN: Final = f"""
    SELECT tid, id, rank, cap, greatest(held, least(cap, total - coming)) AS before, remaining,
        CASE WHEN by_times THEN 0 ELSE least(cap, total) - least(cap, total - coming) END AS passed
    FROM (
        SELECT entering.tid, id, rank, cap, remaining, by_times, coming, {{held}} AS held,
            pg_temp.judge_sum(coming) OVER (shares ROWS UNBOUNDED PRECEDING) AS total
        FROM ({{entering}}) entering
        WINDOW shares AS ({_ORDER})
    ) summed
    WHERE total > cap
"""  # noqa: S608 - put together from constants
# Budgets and quotas are hardly ever used up: only windows in which the limit cuts at all are put in order. NULLs may
# meet there what isn't NULL: that lets too many in, and never too few.
_CROWDED: Final = """
    SELECT entering.* FROM entering
    JOIN (
        SELECT coalesce(owner, -1) AS owner, coalesce(owner_kind, -1) AS owner_kind, slot FROM entering
        GROUP BY 1, 2, 3 HAVING pg_temp.judge_sum(coming) > min(cap)
    ) crowded ON crowded.owner = coalesce(entering.owner, -1)
        AND crowded.owner_kind = coalesce(entering.owner_kind, -1) AND crowded.slot = entering.slot
"""
UNEVEN: Final = f"""
    SELECT tid, id, rank, cap, before, remaining, CASE WHEN by_times THEN 0 ELSE through - before END AS passed
    FROM (
        SELECT added.*, lag(through, 1, 0::bigint) OVER (shares) AS before
        FROM (
            SELECT entering.*, pg_temp.judge_through(coming, cap) OVER (shares ROWS UNBOUNDED PRECEDING) AS through
            FROM ({{entering}}) entering
            WINDOW shares AS ({_ORDER})
        ) added
        WINDOW shares AS ({_ORDER})
    ) summed
    WHERE cap IS NOT NULL AND through - before < coming
"""  # noqa: S608 - put together from constants
CUT: Final = """
    WITH entering AS {kept} ({entering}), cut AS MATERIALIZED ({cut}),
    noted AS (INSERT INTO judge_cut SELECT id, rank, cap, before, remaining, passed FROM cut)
    UPDATE {table} share SET remaining = cut.passed FROM cut WHERE share.ctid = cut.tid
"""

EARLIER: Final = """
    WITH added AS MATERIALIZED (
        SELECT tid, before FROM (
            SELECT tid, over, pg_temp.judge_sum(coming) OVER (
                PARTITION BY owner, owner_kind, number, deducts, code ORDER BY batch NULLS FIRST, day, id
                ROWS UNBOUNDED PRECEDING) - coming AS before
            FROM (
                SELECT share.ctid AS tid, share.over, share.batch, share.id, share.remaining AS coming, {keys}
                FROM judge_amount share JOIN judge_calendar calendar USING (day) WHERE calendar."window" = {window}
                UNION ALL
                SELECT NULL, NULL, NULL, NULL,
                    CASE WHEN cardinality(amount_left) = 0 THEN amount ELSE amount_left[cardinality(amount_left)] END,
                    {keys}
                FROM (SELECT * FROM judge_held JOIN judge_item USING (item)) share
                JOIN judge_calendar calendar USING (day) WHERE calendar."window" = {window}
            ) entering
        ) summed
        WHERE over = {window} AND before > 0
    )
    UPDATE judge_amount share SET earlier = added.before FROM added WHERE share.ctid = added.tid
"""
_ADDING_KEYS: Final = """
    CASE WHEN share.by_person THEN coalesce(share.person_id, share.household_id) ELSE share.household_id END AS owner,
    CASE WHEN share.by_person THEN (share.person_id IS NULL)::int ELSE 2 END AS owner_kind,
    share.number, share.deducts, calendar.code, share.day
"""

RIVALS: Final = """
    WITH met AS MATERIALIZED (
        SELECT tid, best, greatest(0, asked - best) AS stands FROM (
            SELECT tid, asked, greatest(
                sum(held) OVER (facts)::bigint, max(asked) OVER (facts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            ) AS best
            FROM (
                SELECT ctid AS tid, batch, day, id, asked, 0::bigint AS held, {keys}
                FROM judge_work share WHERE rivals IS NOT NULL AND fact <> ''
                UNION ALL
                SELECT NULL, NULL, NULL, NULL, 0, sum(points), {keys}
                FROM (SELECT * FROM judge_held JOIN judge_item USING (item)) share
                WHERE rivals IS NOT NULL AND fact <> ''
                GROUP BY rivals, fact, deducts, owner, owner_kind
            ) entering
            WINDOW facts AS (PARTITION BY rivals, fact, deducts, owner, owner_kind ORDER BY batch NULLS FIRST, day, id)
        ) compared
        WHERE asked > 0 AND best > 0
    )
    UPDATE judge_work share SET best = met.best, stands = met.stands, remaining = met.stands
    FROM met WHERE share.ctid = met.tid
"""
_RIVAL_KEYS: Final = """rivals, fact, deducts,
    coalesce(share.person_id, share.household_id) AS owner, (share.person_id IS NULL) AS owner_kind"""


def clamp_amounts(compiled: Compiled, *, with_held: bool) -> None:
    """Pass the amounts through their limits, and find what counts before each where amounts add up."""
    _clamp(compiled, compiled.lanes.amounts, "judge_amount", with_held)
    for window in compiled.adds_up:
        tables.run(EARLIER.format(keys=_ADDING_KEYS, window=window))


def clamp_points(compiled: Compiled, *, with_held: bool) -> None:
    """Leave what goes beyond rivals, and pass it through the limits on points and times."""
    if compiled.rivals:
        tables.run(RIVALS.format(keys=_RIVAL_KEYS))
    _clamp(compiled, compiled.lanes.points, "judge_work", with_held)


def _clamp(compiled: Compiled, steps: list[Step], table: str, with_held: bool) -> None:
    for step in steps:
        for even in [even for even, occurs in ((True, step.even), (False, step.uneven)) if occurs]:
            entering = _entering(compiled, step, table, even, with_held)
            crowded = even and set(step.whose) <= _SHARED
            among = _CROWDED if crowded else "SELECT * FROM entering"
            # Where nothing is held, nothing is added before the first share.
            held = "max(held) OVER (shares)" if with_held else "0::bigint"
            cut = EVEN.format(entering=among, held=held) if even else UNEVEN.format(entering=among)
            kept = "MATERIALIZED" if crowded else "NOT MATERIALIZED"
            tables.run(CUT.format(table=table, kept=kept, entering=entering, cut=cut))


def _entering(compiled: Compiled, step: Step, table: str, even: bool, with_held: bool) -> str:
    lane = {Layer.ITEM: "share.number", Layer.CATEGORY: "share.category", Layer.ALL: "0"}[step.layer]
    where = {"step": step.place, "even": even, "keys": _keys(step)}
    entering = _ENTERING.format(table=table, **where)
    if with_held:
        entering += _HELD.format(
            amount=_came("amount_trail", "amount_left", "amount"),
            times=_came("points_trail", "times_left", "times"),
            points=_came("points_trail", "points_left", "points"),
            activity="named.code" if compiled.by_activity else "NULL::int",
            activities=_ACTIVITIES if compiled.by_activity else "",
            lane=lane,
            **where,
        )
    return entering


def _keys(step: Step) -> str:
    """Write the keys out for the words that occur: a single one needs no looking, and no key no sorting."""
    owner, owner_kind = (
        _by_word(step, written) for written in zip(*(_OWNERS[whose] for whose in step.whose), strict=True)
    )
    return _KEYS.format(owner=owner, owner_kind=owner_kind)


def _by_word(step: Step, written: Sequence[str]) -> str:
    if len(set(written)) == 1:
        return written[0]
    cases = (f"WHEN '{whose.value}' THEN {key}" for whose, key in zip(step.whose, written, strict=True))
    return f"CASE lane.whose {' '.join(cases)} END"


def _came(trail: str, left: str, whole: str) -> str:
    return _CAME.format(trail=trail, left=left, whole=f"share.{whole}")
