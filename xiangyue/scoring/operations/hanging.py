"""Hanging out a notice: its sheets, households' totals and lines, laid out and sealed in one statement (上墙).

One sheet for each part of the judging unit just below it (a grid); households without one stand on the unit's own. A
village's month is thousands of lines, so that nothing of them is read into Python.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.kernel.masking import MASKED_SQL
from xiangyue.ledger.models import Account, AccountKind
from xiangyue.people.models import Household, Relation, Resident, Unit
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal, ScoringRules, Share
from xiangyue.scoring.refusals import NothingDecided

HOUSEHOLDS_OF_A_PART = 250  # posted in one transaction: short enough that a till hardly waits

# A household's lines are carried along as arrays, so that steps are joined by households, and never by lines: of the
# size of a step the planner knows nothing. Paths and numbers that are digested are sorted by their characters' codes,
# as Python does; rows stand in the order of the numbers, as people read them. The texts under the digests are what
# `seal` writes (a test compares them).
HANG: Final = f"""
    WITH decided (share_id, household_id, points, day) AS ({{shares}}),
    deserved AS MATERIALIZED (
        SELECT household_id, array_agg(share_id ORDER BY day, share_id) AS shares,
               array_agg(points ORDER BY day, share_id) AS points, count(*) AS lines,
               coalesce(sum(points) FILTER (WHERE points > 0), 0)::bigint AS plus,
               coalesce(-sum(points) FILTER (WHERE points < 0), 0)::bigint AS minus
        FROM decided GROUP BY household_id
    ),
    here (id, shares, points, lines, plus, minus) AS (
        SELECT household_id, shares, points, lines, plus, minus FROM deserved
        UNION ALL
        SELECT id, NULL::bigint[], NULL::bigint[], 0, 0, 0 FROM ({{living}}) living (id)
        WHERE id NOT IN (SELECT household_id FROM deserved)
    ),
    home AS MATERIALIZED (
        SELECT found.id, found.number, found.name, found.honour, here.shares, here.points, here.lines, here.plus,
               here.minus, coalesce(below.id, %(unit)s) AS unit_id,
               coalesce(below.path, %(path)s) COLLATE "C" AS path, coalesce(below.code, %(code)s) AS code
        FROM here JOIN ({{homes}}) found (id, number, place, name, honour) USING (id)
        LEFT JOIN people_unit below
            ON below.parent_id = %(unit)s AND below.until IS NULL AND starts_with(found.place, below.path)
    ),
    placed AS MATERIALIZED (
        SELECT *, row_number() OVER on_sheet - 1 AS place, sum(lines) OVER so_far - lines AS before,
               rank() OVER (PARTITION BY unit_id ORDER BY plus - minus DESC) AS rank
        FROM home
        WINDOW on_sheet AS (PARTITION BY unit_id ORDER BY number, id),
               so_far AS (ORDER BY path, number, id ROWS UNBOUNDED PRECEDING)
    ),
    line AS MATERIALIZED (
        SELECT unit_id, placed.id AS household_id, each.share_id, each.points, (before + nth)::int AS number,
               (place / %(part)s)::int AS part
        FROM placed, unnest(placed.shares, placed.points) WITH ORDINALITY AS each (share_id, points, nth)
    ),
    text_of_lines AS (
        SELECT unit_id, string_agg(
            '[' || number || ',' || share_id || ',' || points || ',"' || %(deadline)s || '"]', ',' ORDER BY number
        ) AS text
        FROM line GROUP BY unit_id
    ),
    text_of_totals AS (
        SELECT unit_id, path, code, string_agg(
            '[' || to_json(number) || ',' || plus || ',' || minus || ',' || honour + plus - minus || ']', ','
            ORDER BY number COLLATE "C", plus, minus, honour
        ) AS text
        FROM placed GROUP BY unit_id, path, code
    ),
    sealed AS (
        SELECT unit_id, path, code, totals.text,
               encode(sha256(convert_to('[' || coalesce(lines.text, '') || ']', 'UTF8')), 'hex') AS lines_digest
        FROM text_of_totals totals LEFT JOIN text_of_lines lines USING (unit_id)
    ),
    sheet AS (
        INSERT INTO scoring_noticesheet (notice_id, unit_id, position, issued_on, deadline, lines_digest, digest)
        SELECT %(notice)s, unit_id, row_number() OVER (ORDER BY path), %(issued_on)s::date, %(deadline)s::date,
               lines_digest, encode(sha256(convert_to(
                   '{{{{"deadline":"' || %(deadline)s || '","issued_on":"' || %(issued_on)s || '","lines_digest":"'
                   || lines_digest || '","period":' || to_json(%(period)s::text) || ',"totals":[' || text
                   || '],"unit":' || to_json(code) || '}}}}', 'UTF8')), 'hex')
        FROM sealed ORDER BY path
        RETURNING id, unit_id, position, digest
    ),
    total AS (
        INSERT INTO scoring_noticetotal (sheet_id, household_id, rank, masked_name, number, plus, minus, honour)
        SELECT sheet.id, placed.id, rank, {MASKED_SQL.format(name="name")}, number, plus, minus,
               honour + plus - minus
        FROM placed JOIN sheet USING (unit_id) ORDER BY sheet.position, place
    ),
    hung AS (
        INSERT INTO scoring_noticeline (sheet_id, share_id, household_id, number, points, deadline, part)
        SELECT sheet.id, share_id, household_id, number, points, %(deadline)s::date, part
        FROM line JOIN sheet USING (unit_id) ORDER BY number
    )
    SELECT array_agg(digest ORDER BY position), (SELECT count(*) FROM line) FROM sheet
"""  # noqa: S608 - put together from a constant


def hang(
    *,
    unit: Unit,
    period: str,
    shares: QuerySet[Share],
    special: int = 0,
    reason: str = "",
) -> Notice:
    """Write a notice of these decided shares, of a locked unit: its first edition, frozen and sealed.

    On a regular notice stand all households of the unit today, those without a line too; on a special one those of
    whom something is told. Raises: NothingDecided, when there are no shares; what was written is undone then.
    """
    issued_on, deadline = clock.today(), new_deadline()
    notice = Notice.objects.create(
        unit=unit,
        period=period,
        special=special,
        reason=reason,
        issued_on=issued_on,
        deadline=deadline,
        digest="",
    )
    living = Household.objects.filter(unit__path__startswith=unit.path, left_on=None)
    statement, values = _compiled(
        shares=shares.values_list("id", "household_id", Coalesce("points", 0), "deed__day"),
        living=(living.none() if special else living).values_list("id"),
        homes=_homes(),
    )
    values |= {
        "notice": notice.pk,
        "unit": unit.pk,
        "path": unit.path,
        "code": unit.code,
        "period": period,
        "issued_on": issued_on.isoformat(),
        "deadline": deadline.isoformat(),
        "part": HOUSEHOLDS_OF_A_PART,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        digests, lines = cursor.fetchone()
    if not lines:
        raise NothingDecided(unit=unit.name, period=period)
    notice.digest = digest(digests)
    notice.save(update_fields=["digest"])
    return notice


def new_deadline() -> date:
    """Give the last day to object to what is hung out today; today counts as the first."""
    return clock.today() + timedelta(days=ScoringRules.objects.get().notice_days - 1)


def _homes() -> QuerySet[Any, Any]:
    """Give what a row shows of a household: number, where it lives, its head's name, its honour."""
    heads = Resident.objects.filter(household=OuterRef("pk"), relation=Relation.HEAD)
    head = heads.order_by(F("left_on").desc(nulls_first=True), "-id").values("name")[:1]
    account = Account.objects.filter(holder=OuterRef("holder"), kind=AccountKind.POINTS).values("honour")
    return Household.objects.values_list(
        "id", "number", "unit__path", Subquery(head), Coalesce(Subquery(account), 0)
    )


def _compiled(**queries: QuerySet[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Put queries into the statement, with their values named, since its own are named too."""
    texts: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, query in queries.items():
        compiler = query.order_by().query.get_compiler(connection=connection, elide_empty=False)
        text, positional = compiler.as_sql()
        named = {f"{name}_{place}": value for place, value in enumerate(positional)}
        texts[name] = text % tuple(f"%({key})s" for key in named)
        values |= named
    return HANG.format(**texts), values


def seal(sheet: NoticeSheet, totals: Iterable[NoticeTotal], lines: Iterable[NoticeLine]) -> None:
    """Set a sheet's digests, over numbers and figures only: names can be erased later without breaking them."""
    sheet.lines_digest = digest(
        [[line.number, line.share_id, line.points, line.deadline.isoformat()] for line in lines]
    )
    sheet.digest = digest(public_form(sheet, totals))


def public_form(sheet: NoticeSheet, totals: Iterable[NoticeTotal]) -> dict[str, object]:
    """Give what a sheet's digest is over, and what anyone may download to recompute it."""
    return {
        "unit": sheet.unit.code,
        "period": sheet.notice.period,
        "issued_on": sheet.issued_on.isoformat(),
        "deadline": sheet.deadline.isoformat(),
        "totals": sorted([total.number, total.plus, total.minus, total.honour] for total in totals),
        "lines_digest": sheet.lines_digest,
    }
