"""The temporary tables between the caller and the judging: ids only, gone when the transaction ends.

judge_share, filled by the caller, one row a share:
    item, like_item: keys of the rules that are handed to `judge_in_bulk`. batch, day, id: the order.
    fact, activity: '' for none. level, severity: values of `terms.Level`, `terms.Severity`. side: 'award' or
    'deduction', for items with two. traits: sum of TRAIT_BITS. kinds: of the subject. reasoned: whether a reason is
    written down; the reason itself stays outside. part: of a split that the meeting gave, this share's; parts_total:
    all parts together. began: the scheme's first day there. The rest as in `facts.Facts` and `facts.Where`.
judge_held, filled by the caller with what counted before, from all days that the windows of the shares reach back to:
    amount, points: before limits (points after rivals), times: 1 where points are above 0, else 0. amount_trail and
    points_trail: what was left behind each limit that cut, as in `clamping.Held`: ranks (`ranks.code_of`) rising,
    and beside them what was left; times_left: 1 or 0 for whether points were left there.
    Shares that agree in everything that names a window (item, side, apart, day, activity, whose) may be one row of
    sums: figures added up, and the trails over the union of their ranks.
judge_result, a view, one row a share that could be judged:
    points, before_limits: signed centipoints. amount: base units that count. season: its place among the item's,
    from 1. form, seasonal, of_deed, part: points by the form, after the season, after what multiplies the whole
    deed, after the division (NULL where it is as the figure before). asked: before rivals and limits. best: of the
    rivals, NULL where there is none; stands: after them. earlier: amount that counted before it in its window.
judge_cut: what each limit did, as `judgement.ByLimit`. judge_refused: shares that can't be judged, and the code.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from xiangyue.catalogue.rules.terms import Trait

TRAIT_BITS: Final = {trait: 1 << place for place, trait in enumerate(Trait)}

NAMES: Final = (
    "judge_share", "judge_held", "judge_work", "judge_cut", "judge_refused", "judge_unfit", "judge_amount",
    "judge_item", "judge_schedule", "judge_role", "judge_root", "judge_branch", "judge_cell", "judge_band",
    "judge_step", "judge_lane", "judge_cap", "judge_calendar", "judge_activity",
)  # fmt: skip
# What names a window, beside the item; the same in shares, in what is held and in what is worked on.
_WHOSE: Final = """
    household_id bigint NOT NULL, person_id bigint, group_id bigint, grid_id bigint, village_id bigint,
"""
SHARES: Final = f"""
    CREATE TEMP TABLE judge_share (
        id bigint NOT NULL, batch bigint NOT NULL DEFAULT 0, day date NOT NULL, item bigint NOT NULL, {_WHOSE}
        fact text NOT NULL DEFAULT '', activity text NOT NULL DEFAULT '',
        amount bigint CHECK (amount > 0), level text, rank int, severity text, row_name text NOT NULL DEFAULT '',
        chosen bigint, scores bigint[] NOT NULL DEFAULT '{{}}', reasoned boolean NOT NULL DEFAULT false,
        side text CHECK (side IN ('award', 'deduction')), like_item bigint,
        faulty boolean NOT NULL DEFAULT false, corrected boolean NOT NULL DEFAULT false, balance bigint,
        traits smallint NOT NULL DEFAULT 0, kinds text[] NOT NULL DEFAULT '{{}}',
        members int NOT NULL DEFAULT 1 CHECK (members > 0), role text NOT NULL DEFAULT '',
        repeated boolean NOT NULL DEFAULT false, began date,
        place int NOT NULL DEFAULT 0, participants int NOT NULL DEFAULT 1,
        part bigint NOT NULL DEFAULT 0, parts_total bigint NOT NULL DEFAULT 0,
        CHECK (0 <= place AND place < participants), CHECK (0 <= part AND part <= parts_total)
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_held (
        item bigint NOT NULL, day date NOT NULL, deducts boolean NOT NULL, apart boolean NOT NULL, {_WHOSE}
        fact text NOT NULL DEFAULT '', activity text NOT NULL DEFAULT '',
        amount bigint NOT NULL DEFAULT 0, points bigint NOT NULL, times bigint NOT NULL,
        amount_trail smallint[] NOT NULL DEFAULT '{{}}', amount_left bigint[] NOT NULL DEFAULT '{{}}',
        points_trail smallint[] NOT NULL DEFAULT '{{}}', points_left bigint[] NOT NULL DEFAULT '{{}}',
        times_left bigint[] NOT NULL DEFAULT '{{}}'
    ) ON COMMIT DROP;
"""
# remaining: magnitude of what is left so far, base units or centipoints.
WORK: Final = f"""
    CREATE TEMP TABLE judge_amount (
        id bigint NOT NULL, batch bigint NOT NULL, day date NOT NULL, number int NOT NULL, item bigint NOT NULL,
        deducts boolean NOT NULL, apart boolean NOT NULL, {_WHOSE} activity int, members int NOT NULL, over smallint,
        by_person boolean NOT NULL, remaining bigint NOT NULL, earlier bigint NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_work (
        id bigint NOT NULL, batch bigint NOT NULL, item bigint NOT NULL, remaining bigint, asked bigint,
        day date NOT NULL, number int NOT NULL, category int NOT NULL, members int NOT NULL, deducts boolean,
        apart boolean, {_WHOSE} activity int, rivals int, fact text,
        amount bigint, earlier bigint, season smallint, form bigint, seasonal bigint, of_deed bigint, part bigint,
        best bigint, stands bigint, refusal text
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_cut (
        id bigint NOT NULL, rank smallint NOT NULL, cap bigint NOT NULL, before bigint NOT NULL,
        asked bigint NOT NULL, points bigint NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_refused (id bigint NOT NULL, code text NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE judge_unfit (id bigint NOT NULL, code text NOT NULL) ON COMMIT DROP;
    CREATE TEMP VIEW judge_result AS
    SELECT id, item, day, deducts, apart, CASE WHEN deducts THEN -remaining ELSE remaining END AS points,
        CASE WHEN deducts THEN -asked ELSE asked END AS before_limits, amount, coalesce(earlier, 0) AS earlier,
        season, form, seasonal, of_deed, part, asked, best, coalesce(stands, asked) AS stands, remaining
    FROM judge_work;
"""  # noqa: S608 - put together from constants
# The catalogue in plain columns; `compiling` says what they mean.
RULES: Final = """
    CREATE TEMP TABLE judge_item (
        item bigint PRIMARY KEY, number int NOT NULL, category int NOT NULL, direction text NOT NULL,
        sided smallint NOT NULL, by_analogy boolean NOT NULL, like_number int, apart boolean NOT NULL,
        by_role boolean NOT NULL, root_award int, root_deduction int, excluded smallint NOT NULL, only_kinds text[],
        split text NOT NULL, minimum bigint NOT NULL, judges int NOT NULL, rivals int, by_person boolean NOT NULL,
        weighs_amounts boolean NOT NULL, by_activity boolean NOT NULL{slots}
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_schedule (
        item bigint NOT NULL, day date NOT NULL, applies boolean NOT NULL, season smallint, factor int, root int
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_role (item bigint NOT NULL, role text NOT NULL, root int NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE judge_root (
        root int NOT NULL, form text NOT NULL, node int, key_by text, "full" bigint, down_to bigint, repaired bigint,
        over smallint
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_branch (root int NOT NULL, kinds text[] NOT NULL, node int NOT NULL, key_by text)
        ON COMMIT DROP;
    CREATE TEMP TABLE judge_cell (
        node int NOT NULL, key text NOT NULL, cell int NOT NULL, leaf text NOT NULL, low bigint, high bigint,
        with_reason boolean, per bigint, points bigint, whole boolean, adds_up boolean, open boolean, scale numeric
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_band (
        cell int NOT NULL, by_parts boolean NOT NULL, above bigint NOT NULL, up_to bigint, per bigint NOT NULL,
        points bigint NOT NULL, whole boolean NOT NULL, scale numeric NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_step (cell int NOT NULL, start bigint NOT NULL, points bigint NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE judge_lane (
        step int NOT NULL, lane int NOT NULL, rank smallint NOT NULL, "window" smallint NOT NULL, whose text NOT NULL,
        counting text NOT NULL, deducts boolean, even boolean NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_cap (
        item bigint NOT NULL, step int NOT NULL, lane int NOT NULL, rank smallint NOT NULL, "window" smallint NOT NULL,
        whose text NOT NULL, counting text NOT NULL, deducts boolean, even boolean NOT NULL, cap bigint
    ) ON COMMIT DROP;
    CREATE TEMP TABLE judge_calendar (day date NOT NULL, "window" smallint NOT NULL, code int NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE judge_activity (activity text NOT NULL, code int NOT NULL) ON COMMIT DROP;
"""
# Shares are sorted and joined in about a hundred megabytes; compiling queries takes longer than they do.
SETTINGS: Final = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL enable_mergejoin = off"


def open_tables() -> None:
    """Make judge_share and judge_held anew, empty. Only inside a transaction, in the tenant's schema."""
    run("DROP VIEW IF EXISTS pg_temp.judge_result")
    run("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in NAMES))
    run(SHARES)


def run(statement: str, facts: dict[str, Any] | None = None) -> int:
    """Execute statements; give how many rows the last one wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.rowcount)


def rows_of(statement: str, facts: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Give a query's rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def fill(table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table, all columns in their order, and let the planner know how many there are."""
    written = 0
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                written += 1
        if written:
            cursor.execute(f"ANALYZE {table}")


def named_rows_of(statement: str, facts: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Give a query's rows by the names of their columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
