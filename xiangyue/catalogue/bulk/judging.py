"""Judging a whole set of shares in a fixed number of statements, however many shares there are."""

from collections.abc import Mapping
from typing import Final

from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.asking import WEIGHED, asked, resolved
from xiangyue.catalogue.bulk.clamping import AGGREGATES, clamp_amounts, clamp_points
from xiangyue.catalogue.bulk.compiling import UNKNOWN_ITEM, Compiled, compile_rules
from xiangyue.catalogue.bulk.rule import Rule, Used
from xiangyue.catalogue.rules.terms import Whose, demand

_OCCURRING: Final = """
    WITH asked AS MATERIALIZED (SELECT DISTINCT item, like_item, day FROM judge_share),
    held AS MATERIALIZED (SELECT DISTINCT item, day FROM judge_held)
    SELECT ARRAY(SELECT DISTINCT item FROM asked),
        ARRAY(SELECT like_item FROM asked WHERE like_item IS NOT NULL UNION SELECT item FROM held),
        ARRAY(SELECT day FROM asked UNION SELECT day FROM held ORDER BY day), EXISTS (SELECT FROM held)
"""
_UNSTEADY: Final = """
    SELECT EXISTS (
        SELECT FROM judge_share WHERE item = ANY (%(items)s)
        GROUP BY household_id HAVING min(members) <> max(members)
    )
"""

# Only amounts of items that limit them or add them up concern other shares; all others are judged as they stand.
WEIGH: Final = """
    INSERT INTO judge_amount
    SELECT share.id, batch, day, number, item, deducts, apart, household_id, person_id, group_id, grid_id, village_id,
        activity, members, over, by_person, amount, 0
    FROM ({resolved}) share
    WHERE refused IS NULL
"""
_FIT: Final = "NOT EXISTS (SELECT FROM judge_unfit unfit WHERE unfit.id = share.id)"
ASK: Final = """
    INSERT INTO judge_work
    SELECT id, batch, item, asked, asked, day, number, category, members, deducts, apart, household_id, person_id,
        group_id, grid_id, village_id, activity, rivals, CASE WHEN rivals IS NOT NULL THEN fact END,
        counted, nullif(earlier, 0), CASE WHEN NOT untouched THEN season END, given,
        nullif(seasonal, given), nullif(of_deed, seasonal), nullif(portion, of_deed), NULL, NULL, refusal
    FROM ({asked}) share
    ORDER BY household_id
"""
PART: Final = """
    WITH refused AS (DELETE FROM judge_work WHERE refusal IS NOT NULL RETURNING id, refusal)
    INSERT INTO judge_refused SELECT id, refusal FROM refused
"""
# The first of those whose amounts matter to each other and that can't be judged for what these amounts left: what
# came before it is judged as it should be, so it is out for certain. Those behind it are tried again without it.
UNFIT: Final = """
    WITH late AS (
        SELECT refused.id, refused.code, weighed.batch, weighed.day, weighed.number,
            CASE WHEN %(at_home)s THEN weighed.household_id END AS home
        FROM judge_refused refused JOIN judge_amount weighed USING (id)
    )
    INSERT INTO judge_unfit
    SELECT DISTINCT ON (number, home) id, code FROM late ORDER BY number, home, batch, day, id
"""
_AWAY: Final = """
    SELECT EXISTS (
        SELECT FROM judge_amount WHERE person_id IS NOT NULL
        GROUP BY person_id HAVING min(household_id) <> max(household_id)
    )
"""


def judge_in_bulk(rules: Mapping[int, Rule]) -> None:
    """Judge the shares in judge_share after what is in judge_held; leave judge_result, judge_cut, judge_refused.

    rules: by the keys that the shares name. Inside the transaction in which `tables.open_tables` made the tables; the
    result equals `sets.judge_set` over the shares that can be judged.
    Raises: BadRule where a share names an item that is not among the rules.
    """
    tables.run(tables.SETTINGS)
    tables.run(tables.WORK)
    tables.run(AGGREGATES)
    used, with_held = _used(rules)
    compiled = compile_rules(rules, used)
    fit = "true"
    while _ask(compiled, fit, with_held=with_held):
        tables.run("TRUNCATE judge_amount, judge_work, judge_cut, judge_refused")
        fit = _FIT
    tables.run("INSERT INTO judge_refused SELECT id, code FROM judge_unfit")
    clamp_points(compiled, with_held=with_held)


def _used(rules: Mapping[int, Rule]) -> tuple[Used, bool]:
    """Look what occurs, and whether anything is held."""
    [(items, beside, days, with_held)] = tables.rows_of(_OCCURRING)
    for key in (*items, *beside):
        demand(key in rules, UNKNOWN_ITEM, str(key))
    by_members = [key for key in items if _goes_by_members(rules[key])]
    steady = True
    if by_members:
        [(unsteady,)] = tables.rows_of(_UNSTEADY, {"items": by_members})
        steady = not unsteady
    return Used(frozenset(items), frozenset(beside), tuple(days), steady), with_held


def _goes_by_members(rule: Rule) -> bool:
    return any(limit.whose is Whose.FAMILY_MEMBER for limit in (*rule.item.limits, *rule.limits))


def _ask(compiled: Compiled, fit: str, *, with_held: bool) -> int:
    """Find what shares ask for; give how many had to be put aside, for which it must be done again."""
    if compiled.weighs:
        tables.run(WEIGH.format(resolved=resolved(compiled, f"{fit} AND {WEIGHED}")))
        clamp_amounts(compiled, with_held=with_held)
    tables.run(ASK.format(asked=asked(compiled, fit)))
    refused = tables.run(PART)
    if not (compiled.weighs and refused):
        return 0
    [(away,)] = tables.rows_of(_AWAY)
    return tables.run(UNFIT, {"at_home": not (away or compiled.lanes.shares_amounts)})
