"""Judging a month in the database: every share through forms, seasons, multipliers, sharing and all limits.

Against one statement that multiplies the plain value by the quantity, and knows no season and no limit. The catalogue
is that of the published ones (tests/catalogue/language/data) with what this table lacks: forms, a scheme's limits.
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import schema_context

from bench import report
from bench.county import County
from bench.scale import GRIDS, VILLAGE, Scale, lines_of
from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.judging import judge_in_bulk
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.rules.forms import choices
from xiangyue.catalogue.rules.model import Category, Item, Limit, Multiplier, Season, Sharing
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Counting,
    Direction,
    Layer,
    Level,
    Severity,
    Side,
    Split,
    Subject,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByKind,
    Discretion,
    Fixed,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Plain,
    Range,
    Ranks,
    Severities,
    Step,
    StepTable,
    Table,
    Unit,
)

PUBLISHED = Path(__file__).resolve().parent.parent / "tests" / "catalogue" / "language" / "data"
MONTH = "2026-11-01"
SECONDS = 5.0
PATIENCE = 600  # seconds that one part waits for another
HARVEST = Season(Yearly((11, 1), (11, 15)), "农忙", 150)
TWICE = Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION)
AGAIN = Multiplier(Circumstance.REPEAT, 200, Side.DEDUCTION)
FIRST_MONTH = Multiplier(Circumstance.FIRST_MONTH, 200, Side.AWARD)
BUTTS, MU = Unit("个"), Unit("亩")


def points(amount: int, window: Window, **more: Any) -> Limit:
    return Limit(Counting.POINTS, amount, window, **more)


def times(amount: int, window: Window, **more: Any) -> Limit:
    return Limit(Counting.TIMES, amount, window, **more)


FORMS: tuple[tuple[Plain | ByKind | Both, dict[str, Any]], ...] = (
    (
        PerUnit(HOUR, 60, 200, whole=False, over=Window.MONTH),
        {"limits": (Limit(Counting.AMOUNT, 120, Window.ACTIVITY), points(1000, Window.WEEK))},
    ),
    (PerUnit(BUTTS, 5000, 100, whole=True), {"limits": (points(300, Window.DAY),)}),
    (PerUnit(MU, 100, 50, whole=False), {"sharing": Sharing(Split.EQUAL)}),
    (
        Bands(
            YUAN,
            (Band(0, 100_000, 10_000, 100), Band(100_000, None, 40_000, 100)),
            by_parts=True,
            over=Window.YEAR,
        ),
        {"limits": (points(4000, Window.YEAR),)},
    ),
    (StepTable(HOUR, (Step(600, 200), Step(1200, 500), Step(3000, 1000)), over=Window.YEAR), {}),
    (Range(100, 1000), {"seasons": (HARVEST,), "sharing": Sharing(Split.EQUAL)}),
    (Discretion(500, 2000), {"median_of": 3}),
    (Levels(((Level.VILLAGE, Fixed(500)), (Level.TOWN, Fixed(1000)), (Level.COUNTY, Fixed(2000)))), {}),
    (Ranks(((1, Fixed(1000)), (2, Fixed(800)), (3, Fixed(500)))), {"limits": (times(1, Window.MONTH),)}),
    (LevelRanks(((Level.TOWN, (Fixed(800), Fixed(500))), (Level.CITY, (Fixed(2000), Fixed(1500))))), {}),
    (Named((("考上本科", Fixed(3000)), ("考上专科", Fixed(2000)))), {"limits": (times(1, Window.ONCE),)}),
    (
        Severities(((Severity.COMMON, Fixed(500)), (Severity.GRAVE, Fixed(2000)))),
        {"direction": Direction.DEDUCTION},
    ),
    (ByKind((("贫困户", Fixed(1000)),), Fixed(500)), {"limits": (times(2, Window.TWO_MONTHS),)}),
    (Both(Fixed(300), Fixed(200)), {"direction": Direction.BOTH, "limits": (points(600, Window.MONTH),)}),
)
# One row for each way in which facts may fit an item; a share takes one of them.
WAYS = """
    CREATE TEMP TABLE judge_way (
        way int, item bigint, value bigint, per bigint, amount bigint, level text, rank int, severity text, name text,
        chosen bigint, judges int, side text, kinds text[]
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_bare (id bigint NOT NULL, household_id bigint NOT NULL, points bigint NOT NULL)
        ON COMMIT DROP
"""
SHARES = """
    INSERT INTO judge_share (id, batch, day, item, household_id, person_id, group_id, grid_id, village_id, fact,
        activity, amount, level, rank, severity, row_name, chosen, scores, reasoned, side, traits, kinds, members,
        repeated, began, place, participants)
    SELECT n, 1 + village, %(month)s::date + (hash % 30)::int, item, household,
        CASE WHEN hash % 3 > 0 THEN household * 10 + hash % 3 END,
        household / 20, village * %(grids)s + hash % %(grids)s, village,
        CASE WHEN hash % 20 = 0 THEN 'fact ' || n / 3 ELSE '' END,
        CASE WHEN hash % 4 = 0 THEN 'activity ' || village || ' ' || hash % 5 ELSE '' END,
        way.amount * (1 + hash % 7), level, rank, severity, coalesce(name, ''), chosen,
        CASE WHEN judges > 1 THEN ARRAY[chosen, chosen, chosen + 100] ELSE '{}' END, true, side,
        CASE WHEN hash % 10 = 0 THEN 1 ELSE 0 END, kinds, 1 + (household % 6)::int, hash % 9 = 0,
        CASE WHEN village % 10 = 0 THEN %(month)s::date END, (hash % 3)::int, 3
    FROM (
        SELECT n, hash, household, household / %(village)s AS village
        FROM (
            SELECT n, abs(hashint8(n)::bigint) AS hash, 1 + abs(hashint8(-n)::bigint) % %(households)s AS household
            FROM generate_series(1, %(lines)s) n
        ) dealt
    ) dealt
    JOIN judge_way way ON way.way = (hash / 64) % %(ways)s
    WHERE village % %(parts)s = %(number)s
"""
BARE = """
    INSERT INTO judge_bare
    SELECT share.id, share.household_id,
        CASE WHEN way.sign < 0 THEN -1 ELSE 1 END * way.value * coalesce(share.amount, way.per) / way.per
    FROM judge_share share
    JOIN (SELECT item, min(value) AS value, min(per) AS per, min(CASE side WHEN 'deduction' THEN -1 ELSE 1 END) AS sign
          FROM judge_way GROUP BY item) way USING (item)
"""
COUNTS = """
    SELECT (SELECT count(*) FROM judge_work), (SELECT count(*) FROM judge_refused), (SELECT count(*) FROM judge_cut)
"""


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes."""
    lines, rules = lines_of(county.households), catalogue()

    def ours() -> float:
        return _on_a_month(county, lines, rules, bare=False)

    def raw() -> float:
        return _on_a_month(county, lines, rules, bare=True)

    beside, mine = report.in_turns(scale.runs, raw, ours)
    report.times(
        "judge", f"{county}, {lines:,} shares", ours=mine, beside=beside, lines=lines, seconds=SECONDS
    )


def catalogue() -> dict[int, Rule]:
    """Give the rules of all published catalogues together and of every other form, with a scheme's limits beside."""
    items = [*_published(), *_of_all_forms()]
    names = dict.fromkeys((item.family, item.category) for item in items)
    scheme = Scheme(
        categories=tuple(
            Category(name, family, (points(2000, Window.MONTH, layer=Layer.CATEGORY, side=Side.AWARD),))
            for family, name in names
        ),
        limits=(
            points(2000, Window.WEEK, layer=Layer.ALL, side=Side.AWARD),
            points(8000, Window.MONTH, layer=Layer.ALL, side=Side.AWARD),
            points(50_000_000, Window.YEAR, layer=Layer.ALL, side=Side.AWARD, whose=Whose.VILLAGE),
        ),
    )
    return {key: Rule(item, scheme.limits_beside(item)) for key, item in enumerate(items, 1)}


def _published() -> Iterator[Item]:
    """Give the published items that have points; every tenth of them seasonal, deductions harder on party members."""
    for path in sorted(PUBLISHED.glob("*.csv")):
        for place, item in enumerate(check_file(path.read_bytes(), path.name).items):
            if not isinstance(item.worth, Fixed | Range | Bands):
                continue
            more: dict[str, Any] = {"number": f"{path.stem[:8]} {place}", "family": path.stem, "spans": ()}
            if item.direction is Direction.DEDUCTION:
                more["multipliers"] = (TWICE, AGAIN)
            elif place % 10 == 0:
                more |= {
                    "seasons": (HARVEST,),
                    "multipliers": (FIRST_MONTH,),
                    "sharing": Sharing(Split.EQUAL),
                }
            elif place % 10 == 1:
                more["rivals"] = path.stem
            elif place % 10 == 2:
                extra = times(2, Window.MONTH, whose=Whose.PERSON)
                known = {limit.rank for limit in item.limits}
                more["limits"] = (*item.limits, *([] if extra.rank in known else [extra]))
            yield replace(item, **more)


def _of_all_forms() -> Iterator[Item]:
    for place, (worth, more) in enumerate(FORMS * 2):
        facts = {"direction": Direction.AWARD, "subject": Subject.HOUSEHOLD} | more
        yield Item(f"form {place}", "做的事", worth=worth, category=f"板块{place % 4}", **facts)


def _ways(rules: dict[int, Rule]) -> Iterator[tuple[Any, ...]]:
    way = 0
    for key, rule in rules.items():
        worth, direction = rule.item.worth, rule.item.direction
        side = "deduction" if direction is Direction.DEDUCTION else "award"
        for facts in _facts(worth, rule.item.median_of):
            *known, kinds = facts
            yield way, key, *known, side, sorted(rule.item.only_kinds) or kinds
            way += 1


def _facts(worth: Any, judges: int) -> Iterator[tuple[Any, ...]]:
    """Give value, batch, amount, level, rank, severity, row, chosen points, judges and kinds that fit a form."""
    if isinstance(worth, Both):
        yield from _facts(worth.award, judges)
    elif isinstance(worth, ByKind):
        yield 500, 1, None, None, None, None, None, None, judges, ["贫困户"]
        yield 500, 1, None, None, None, None, None, None, judges, []
    elif isinstance(worth, Table):
        for row, cell in table_rows(worth):
            level, severity = row.level and row.level.value, row.severity and row.severity.value
            yield choices(cell)[0], 1, None, level, row.rank, severity, row.name, None, judges, []
    elif isinstance(worth, Fixed | Range | Discretion):
        low, high = choices(worth)
        yield low, 1, None, None, None, None, None, low if low < high else None, judges, []
    else:
        per, value, amount = {PerUnit: (50, 100, 100), Bands: (10_000, 100, 20_000)}.get(
            type(worth), (60, 10, 600)
        )
        yield value, per, amount, None, None, None, None, None, judges, []


def _on_a_month(county: County, lines: int, rules: dict[int, Rule], *, bare: bool) -> float:
    """Deal a month's shares; give the seconds that judging them takes, or the bare statement.

    A core judges its villages in a transaction of its own, as meetings and their workers do: nothing is limited beyond
    a village here.
    """
    parts = min(os.cpu_count() or 1, -(-county.households // VILLAGE))
    ready, done = Barrier(parts), Barrier(parts)

    def part(number: int) -> tuple[float, float, int]:
        try:
            with schema_context(county.schema), transaction.atomic():
                about = _dealt(county, lines, rules, parts, number)
                ready.wait(PATIENCE)
                began = time.perf_counter()
                tables.run(BARE) if bare else judge_in_bulk(rules)
                ended = time.perf_counter()
                done.wait(PATIENCE)
                counted = about if bare else _judged()
                transaction.set_rollback(True)
                return began, ended, counted
        finally:
            connection.close()

    with ThreadPoolExecutor(parts) as pool:
        found = list(pool.map(part, range(parts)))
    judged = sum(counted for _began, _ended, counted in found)
    assert judged == lines, f"{judged} of {lines} judged"
    return max(ended for _began, ended, _counted in found) - min(began for began, _ended, _counted in found)


def _dealt(county: County, lines: int, rules: dict[int, Rule], parts: int, number: int) -> int:
    """Deal the shares of a part of the villages; give how many."""
    tables.open_tables()
    tables.run(WAYS)
    ways = list(_ways(rules))
    tables.fill("judge_way", ways)
    about = {"month": MONTH, "lines": lines, "households": county.households, "ways": len(ways)}
    about |= {"grids": GRIDS, "village": VILLAGE, "parts": parts, "number": number}
    return tables.run(_percent(SHARES), about)


def _judged() -> int:
    [(judged, refused, cut)] = tables.rows_of(COUNTS)
    assert refused == 0, f"{refused} refused"
    assert cut > judged / 100, "limits that cut nothing are no measure"
    return int(judged)


def _percent(statement: str) -> str:
    """Let % stand for the remainder beside named values."""
    return statement.replace(" % ", " %% ")
