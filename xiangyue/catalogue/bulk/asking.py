"""What every share asks for, before rivals and limits: the mirror of `judging.ask` and `forms.give` in SQL.

Three layers, each fenced (OFFSET 0), since PostgreSQL would write an expression out wherever its name is used; and
no more than three, since a fence costs as much as a join: RESOLVED finds side, worth and cell and what can't be
judged; FORMED what the form gives; SHARED what is left of it after season and division.
Figures are never negative here, so half away from zero is half up.
"""

from typing import Final

from xiangyue.catalogue.bulk.compiling import Compiled
from xiangyue.catalogue.rules.terms import MOST, Trait

# What can't be judged, in the order in which the pure functions find it. Nothing that depends on other shares.
# {unfit}: what an earlier round found.
RESOLVED: Final = """
    SELECT share.id, share.batch, share.day, share.item, share.household_id, share.person_id, share.group_id,
        share.grid_id, share.village_id, share.fact, share.amount, share.chosen, share.scores, share.faulty,
        share.corrected, share.balance, share.traits, share.kinds, share.members, share.repeated, share.began,
        share.place, share.participants, share.part, share.parts_total, rule.number, rule.category, rule.by_person,
        rule.rivals, rule.judges, rule.split, rule.minimum, {activity} AS activity, side.deducts, root.form,
        root."full", root.over, {counted} AS counted, {earlier} AS earlier,
        CASE WHEN cell.adds_up THEN {earlier} ELSE 0 END AS before,
        rule.apart, schedule.season, schedule.factor,
        root.down_to, root.repaired, cell.cell, cell.leaf, cell.low, cell.high, cell.with_reason, cell.per,
        cell.points AS rate, cell.whole, cell.open, cell.scale{slots},
        CASE
            WHEN rule.sided = 3 AND NOT side.alike THEN 'like-item-missing'
            WHEN side.deducts IS NULL THEN 'side-missing'
            WHEN rule.by_role AND role.root IS NULL THEN 'role-missing'
            WHEN rule.by_analogy AND NOT rule.by_role AND NOT side.alike THEN 'like-item-missing'
            WHEN NOT schedule.applies THEN 'item-not-applicable-then'
            WHEN rule.excluded & share.traits <> 0 THEN 'subject-excluded'
            WHEN NOT rule.only_kinds && share.kinds THEN 'kind-not-meant'
            WHEN root.form = 'reset' AND share.balance IS NULL THEN 'balance-missing'
            WHEN root.form IN ('reset', 'event') THEN NULL
            WHEN root.form = 'by_kind' AND branch.node IS NULL THEN 'kind-not-meant'
            WHEN root.form = 'chosen_of_full' THEN
                CASE WHEN NOT share.chosen BETWEEN 0 AND root."full" THEN 'points-not-allowed' END
            WHEN root.form = 'from_full' AND NOT share.faulty AND share.amount IS NULL AND share.chosen IS NULL
                THEN NULL
            WHEN cell.leaf IS NULL THEN 'row-missing'
            WHEN cell.leaf <> 'cell' THEN CASE WHEN share.amount IS NULL THEN 'amount-missing' END
            WHEN share.amount IS NOT NULL THEN 'amount-not-counted'
            WHEN cell.low = cell.high THEN CASE WHEN share.chosen <> cell.low THEN 'points-not-allowed' END
            WHEN rule.judges > 1 AND cardinality(share.scores) <> rule.judges THEN 'judges-missing'
            WHEN rule.judges > 1 AND NOT (cell.low <= ALL (share.scores) AND cell.high >= ALL (share.scores))
                THEN 'points-not-allowed'
            WHEN rule.judges = 1 AND share.chosen IS NULL THEN 'points-not-chosen'
            WHEN rule.judges = 1 AND NOT share.chosen BETWEEN cell.low AND cell.high THEN 'points-not-allowed'
            WHEN cell.with_reason AND NOT share.reasoned THEN 'reason-for-points-missing'
        END AS refused
    FROM judge_share share
    JOIN judge_item rule ON rule.item = share.item
    LEFT JOIN judge_schedule schedule ON schedule.item = share.item AND schedule.day = share.day
    {roles}
    {likes}
    CROSS JOIN LATERAL (SELECT
        coalesce(NOT alike.by_analogy AND (rule.like_number IS NULL OR rule.like_number = alike.number)
            AND alike.direction IN ('award', 'deduction', 'both')
            AND (rule.direction = 'both' OR alike.direction IN (rule.direction, 'both')), false) AS alike,
        CASE CASE rule.sided WHEN 3 THEN alike.sided ELSE rule.sided END
            WHEN 0 THEN false WHEN 1 THEN true ELSE share.side = 'deduction' END AS deducts
    ) side
    LEFT JOIN judge_root root ON root.root = CASE
        WHEN rule.by_role THEN role.root
        WHEN schedule.root IS NOT NULL THEN schedule.root
        WHEN NOT rule.by_analogy THEN CASE WHEN side.deducts THEN rule.root_deduction ELSE rule.root_award END
        WHEN side.alike THEN CASE WHEN side.deducts THEN alike.root_deduction ELSE alike.root_award END
    END
    {branches}
    LEFT JOIN judge_cell cell ON cell.node = coalesce(branch.node, root.node)
        AND cell.key = CASE CASE WHEN branch.node IS NULL THEN root.key_by ELSE branch.key_by END
            WHEN 'level' THEN share.level
            WHEN 'rank' THEN share.rank::text
            WHEN 'level_rank' THEN share.level || ' ' || share.rank
            WHEN 'severity' THEN share.severity
            WHEN 'name' THEN share.row_name
            ELSE '' END
    {activities}
    {amounts}
    WHERE {only}
    OFFSET 0
"""
# Joins that most catalogues have no use for; without them there is one empty row to look into.
WEIGHED: Final = "rule.weighs_amounts AND share.amount IS NOT NULL"
_ROLES: Final = "LEFT JOIN judge_role role ON role.item = share.item AND role.role = share.role"
_NO_ROLES: Final = "CROSS JOIN (SELECT NULL::int AS root) role"
_LIKES: Final = "LEFT JOIN judge_item alike ON alike.item = share.like_item"
_NO_LIKES: Final = """CROSS JOIN (SELECT NULL::boolean AS by_analogy, NULL::int AS number, NULL AS direction,
        NULL::int AS sided, NULL::int AS root_award, NULL::int AS root_deduction) alike"""
_BRANCHES: Final = """LEFT JOIN judge_branch branch
        ON branch.root = CASE WHEN root.form = 'by_kind' THEN root.root END AND branch.kinds = share.kinds"""
_NO_BRANCHES: Final = "CROSS JOIN (SELECT NULL::int AS node, NULL AS key_by) branch"
_ACTIVITIES: Final = """LEFT JOIN judge_activity named
        ON named.activity = CASE WHEN rule.by_activity THEN share.activity END"""
_AMOUNTS: Final = f"""LEFT JOIN judge_amount weighed
        ON weighed.id = CASE WHEN {WEIGHED} THEN share.id END"""

# Rounded sums, not sums of rounded parts (`forms._leaf`): {{of}} is an amount that has added up so far. Products that
# could be too large for a bigint are made as numeric, which is exact too: div cuts off.
_PER_UNIT: Final = """CASE
    WHEN whole AND {of} < 80000000000 THEN {of} / per * rate
    WHEN whole THEN div({of}, per) * rate
    WHEN {of} < 40000000000 THEN (2 * {of} * rate + per) / (2 * per)
    ELSE div(2::numeric * {of} * rate + per, 2::numeric * per) END"""
_BANDS: Final = """coalesce((
    SELECT div(2 * sum(CASE WHEN whole THEN div(inside, per) ELSE inside END * rate) + resolved.scale,
        2 * resolved.scale)
    FROM (
        SELECT band.whole, band.per, band.points * band.scale AS rate,
            CASE WHEN by_parts THEN least({of}, coalesce(up_to, {of})) - above ELSE {of} END::numeric AS inside
        FROM judge_band band
        WHERE band.cell = resolved.cell AND {of} > above AND (by_parts OR up_to IS NULL OR {of} <= up_to)
    ) band), 0)"""
_STEPS: Final = """CASE WHEN {of} > 0 THEN coalesce((
    SELECT step.points FROM judge_step step
    WHERE step.cell = resolved.cell AND (step.start < {of} OR (step.start = {of} AND NOT open))
    ORDER BY step.start DESC LIMIT 1), 0) ELSE 0 END"""


def _by_amount(leaf: str) -> str:
    return f"{leaf.format(of='(before + counted)')} - CASE WHEN before > 0 THEN {leaf.format(of='before')} ELSE 0 END"


_WHO: Final = """id, batch, day, item, household_id, person_id, group_id, grid_id, village_id, fact, members, activity,
        number, category, rivals, apart, deducts, counted, earlier, season, traits, kinds, repeated, minimum"""
FORMED: Final = f"""
    SELECT {_WHO}, amount, chosen, faulty, began, place, participants, part, parts_total, split, form, "full", leaf,
        factor, refused{{slots}}, CASE
        WHEN leaf = 'cell' THEN CASE
            WHEN low = high THEN low
            WHEN judges > 1
                THEN (SELECT score FROM unnest(scores) score ORDER BY score LIMIT 1 OFFSET judges / 2)
            ELSE chosen END
        WHEN leaf IS NOT NULL THEN least({MOST + 1}, CASE leaf
            WHEN 'per_unit' THEN {_by_amount(_PER_UNIT)}
            WHEN 'bands' THEN {_by_amount(_BANDS)}
            WHEN 'steps' THEN {_by_amount(_STEPS)}
        END)::bigint
        WHEN form = 'reset' THEN least(greatest(0, balance - down_to), CASE WHEN corrected THEN repaired END)
        WHEN form = 'event' THEN 0
        WHEN form = 'chosen_of_full' THEN coalesce(chosen, "full")
    END AS leaf_points
    FROM ({{resolved}}) resolved
    OFFSET 0
"""  # noqa: S608 - put together from constants

# Two more refusals: they may depend on what other shares' amounts let through.
SHARED: Final = """
    SELECT {who}, untouched, given, seasonal, of_deed{slots}, CASE
            WHEN refused IS NOT NULL THEN refused
            WHEN by_leaf AND (leaf_points > {most} OR chosen <> leaf_points) THEN 'points-not-allowed'
            WHEN split = 'given' AND of_deed > 0 AND NOT untouched AND parts_total <> of_deed
                THEN 'parts-do-not-add-up'
        END AS refusal,
        CASE
            WHEN untouched THEN given
            WHEN split = 'equal' THEN of_deed / participants + (place < of_deed % participants)::int
            WHEN split = 'given' AND of_deed > 0 THEN part
            ELSE of_deed END AS portion
    FROM (
        SELECT formed.*, {of_deed} AS of_deed
        FROM (
            SELECT formed.*, form IN ('reset', 'event') AS untouched,
                CASE WHEN season IS NULL THEN given ELSE (given * factor + 50) / 100 END AS seasonal
            FROM (
                SELECT formed.*, leaf IS NOT NULL AND leaf <> 'cell' AND NOT skips_leaf AS by_leaf, CASE
                    WHEN form <> 'from_full' THEN leaf_points
                    WHEN skips_leaf THEN "full"
                    ELSE greatest(0, "full" - leaf_points) END AS given
                FROM (
                    SELECT formed.*, form = 'from_full' AND NOT faulty AND amount IS NULL AND chosen IS NULL
                        AS skips_leaf
                    FROM ({formed}) formed
                ) formed
            ) formed
        ) formed
    ) formed
    OFFSET 0
"""
ASKED: Final = """
    SELECT shared.*, CASE
        WHEN minimum > 0 AND NOT untouched AND NOT deducts AND own BETWEEN 1 AND minimum THEN minimum
        ELSE own END AS asked
    FROM (
        SELECT shared.*, CASE WHEN untouched THEN portion ELSE {own} END AS own FROM ({shared}) shared
    ) shared
"""


def resolved(compiled: Compiled, only: str, *, weighed: bool = False) -> str:
    """Give the query for sides, worths and cells.

    only: of which shares, by what `share` and `rule` know. weighed: whether amounts have been through their limits.
    """
    return RESOLVED.format(
        slots="".join(f", rule.{column}" for column in (*_deed_slots(compiled), *_own_slots(compiled))),
        counted="coalesce(weighed.remaining, share.amount)" if weighed else "share.amount",
        earlier="coalesce(weighed.earlier, 0)" if weighed else "0::bigint",
        amounts=_AMOUNTS if weighed else "",
        roles=_ROLES if compiled.by_role else _NO_ROLES,
        likes=_LIKES if compiled.by_analogy else _NO_LIKES,
        branches=_BRANCHES if compiled.by_kind else _NO_BRANCHES,
        activity="named.code" if compiled.by_activity else "NULL::int",
        activities=_ACTIVITIES if compiled.by_activity else "",
        only=only,
    )


def asked(compiled: Compiled, only: str) -> str:
    """Give the query for what shares ask for: one row each, `refusal` saying why it can't be judged."""
    own = "".join(f", {column}" for column in _own_slots(compiled))
    every = "".join(f", {column}" for column in _deed_slots(compiled)) + own
    formed = FORMED.format(resolved=resolved(compiled, only, weighed=compiled.weighs), slots=every)
    of_deed = _of_deed(compiled.slots[0])
    shared = SHARED.format(formed=formed, of_deed=of_deed, most=MOST, who=_WHO, slots=own)
    return ASKED.format(shared=shared, own=_own(compiled.slots[1]))


def _deed_slots(compiled: Compiled) -> list[str]:
    return [f"deed{n}_{column}" for n in range(compiled.slots[0]) for column in ("factor", "deducts")]


def _own_slots(compiled: Compiled) -> list[str]:
    columns = ("factor", "deducts", "trait", "kind")
    return [f"own{n}_{column}" for n in range(compiled.slots[1]) for column in columns]


def _of_deed(slots: int) -> str:
    """Multiply by what concerns the whole deed. A factor that doesn't hold is 100, which changes nothing."""
    points = "seasonal"
    for n in range(slots):
        holds = f"deed{n}_factor IS NOT NULL AND {_on_side(f'deed{n}')} AND NOT untouched AND began <= day"
        holds += " AND day < (began + interval '1 month')::date"
        points = f"(({points}) * CASE WHEN {holds} THEN deed{n}_factor ELSE 100 END + 50) / 100"
    return points


def _own(slots: int) -> str:
    """Multiply by what concerns the subject."""
    points = "portion"
    for n in range(slots):
        holds = f"""CASE WHEN own{n}_factor IS NULL OR NOT {_on_side(f"own{n}")} THEN false
            WHEN own{n}_trait > 0 THEN own{n}_trait & traits <> 0
            WHEN own{n}_kind IS NOT NULL THEN own{n}_kind = ANY (kinds) ELSE repeated END"""
        points = f"(({points}) * CASE WHEN {holds} THEN own{n}_factor ELSE 100 END + 50) / 100"
    return points


def _on_side(slot: str) -> str:
    return f"(deducts = {slot}_deducts) IS NOT FALSE"


assert len(Trait) < 15  # they fit a smallint
