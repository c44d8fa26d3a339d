"""What is posted for a household, in words: all of it, a page of whole months, a year, or one thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.insight.reasons import Reasons
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Cause, Transfer
from xiangyue.ledger.queries import points_account
from xiangyue.people.models import Household

LEAST_ON_PAGE: Final = 30

# All of a household's transfers with the balance run up, as `ledger.queries.statement`, and the sums of their months.
# A household's ten years are a thousand rows that one index finds; what costs is to say why, and that is asked for a
# page alone. Newest last; deductions of a batch follow its awards.
TOLD: Final = """
    WITH leg AS (
        SELECT batch.id AS batch_id, batch.day, batch.cause, batch.cause_id, transfer.line,
               transfer.debit_id = account.id AS is_debit, account.floor,
               CASE WHEN transfer.credit_id = account.id THEN 1 ELSE -1 END * transfer.amount AS amount,
               transfer.book <> 'honour' AS is_spendable, transfer.book <> 'spendable' AS is_honour
        FROM ledger_account account
        JOIN LATERAL (
            SELECT * FROM ledger_transfer WHERE credit_id = account.id AND credit_id > 0
            UNION ALL SELECT * FROM ledger_transfer WHERE debit_id = account.id AND debit_id > 0
        ) transfer ON true
        JOIN ledger_batch batch ON batch.id = transfer.batch_id
        WHERE account.holder_id = %(holder)s AND account.kind = 'points'
    ),
    moved AS (
        SELECT leg.*, date_trunc('month', day)::date AS month,
               CASE WHEN is_spendable THEN amount ELSE 0 END AS points,
               CASE WHEN is_honour THEN amount ELSE 0 END AS honour,
               CASE cause WHEN 'settlement' THEN CASE WHEN is_debit THEN 'loss' ELSE 'gain' END
                          WHEN 'order' THEN 'spend' ELSE 'other' END AS kind
        FROM leg
    ),
    told AS (
        SELECT moved.*, greatest(sum(points) OVER (ORDER BY batch_id, is_debit, line), floor)::bigint AS after,
               coalesce(sum(points) FILTER (WHERE kind = 'gain') OVER a_month, 0)::bigint AS gain,
               coalesce(sum(points) FILTER (WHERE kind = 'loss') OVER a_month, 0)::bigint AS loss,
               coalesce(sum(points) FILTER (WHERE kind = 'spend') OVER a_month, 0)::bigint AS spend
        FROM moved WINDOW a_month AS (PARTITION BY month)
    ),
    sifted AS (
        SELECT batch_id, day, month, cause, cause_id, line, is_debit, kind, points::bigint, honour::bigint, after,
               gain, loss, spend, min(month) OVER () AS first, max(month) OVER () AS last
        FROM told WHERE {sift}
    )
    SELECT * FROM sifted
"""
KIND: Final = "%(kind)s IN ('all', kind)"
# Whole months, so that what belongs together is never cut: as many as the rows need, and one at the least.
OLDER: Final = "WHERE month < %(month)s ORDER BY month DESC FETCH FIRST %(rows)s ROWS WITH TIES"
NEWER: Final = "WHERE month > %(month)s ORDER BY month FETCH FIRST %(rows)s ROWS WITH TIES"
NEWEST: Final = "ORDER BY month DESC FETCH FIRST %(rows)s ROWS WITH TIES"


class Kind(StrEnum):
    """What a line is to people. An opening, an expiry, a split or a reversal is none of the first three."""

    GAIN = "gain"
    LOSS = "loss"
    SPEND = "spend"
    OTHER = "other"


@dataclass(frozen=True)
class PostedLine:
    """One line of the ledger, in words. What moved at once for one cause (分户) is one line.

    kind: as `Kind`. sentence: how the points came about; empty unless a meeting gave them.
    points: centipoints, signed, that it did to what can be spent or is owed; honour: to the honour points.
    after: what was spendable then. category: its name; empty, with the index 0, where it is of none.
    batch_id, line: under which `insight.trace` finds it. undone: it was taken back since, by a line of its own.
    """

    day: date
    kind: str
    title: str
    detail: str
    sentence: str
    points: int
    honour: int
    after: int
    category: str
    category_index: int
    batch_id: int
    line: int
    undone: bool = False


@dataclass(frozen=True)
class Month:
    """The lines of a month, newest first. gain, loss, spend: of the whole month, whichever lines are shown."""

    period: Period
    gain: int
    loss: int
    spend: int
    lines: Sequence[PostedLine]


@dataclass(frozen=True)
class Page:
    """Some whole months, newest first. older: give it as `before` for the page behind; newer: as `after`."""

    months: Sequence[Month] = ()
    older: Period | None = None
    newer: Period | None = None


@dataclass(frozen=True)
class _Row:
    """A transfer as it moved the household's points; what `Reasons` asks for, and what people see."""

    batch_id: int
    day: date
    month: date
    cause: Cause
    cause_id: int
    line: int
    is_debit: bool
    kind: str
    points: int
    honour: int
    after: int
    gain: int
    loss: int
    spend: int
    first: date
    last: date


def all_posted(household: Household) -> list[PostedLine]:
    """Give all that was ever posted for a household, newest first."""
    return _in_words(_rows(household, "true"), household)


def posted_in(household: Household, year: int) -> list[PostedLine]:
    """Give what was posted for a household in a year, newest first."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = _rows(household, "day BETWEEN %(first)s AND %(last)s", first=first, last=last)
    return _in_words(rows, household)


def posted_thing(household: Household, batch_id: int, line: int) -> PostedLine | None:
    """Give the line of a household's book to which a transfer belongs; None where it is none of its own."""
    rows = _rows(household, "batch_id = %(batch)s", batch=batch_id)
    if not any(row.line == line for row in rows):
        return None
    reasons = Reasons(rows)
    for things in _together(rows, reasons):
        if any(row.line == line for row in things):
            return _marked([_one(things, reasons, household.holder_id)])[0]
    return None


def years_of(household: Household) -> list[int]:
    """Give the years in which something was posted for a household, newest first."""
    account_id = points_account(household.holder_id).pk
    # Written so that the indexes, which hold households only, are used.
    touched = Q(debit_id=account_id, debit_id__gt=0) | Q(credit_id=account_id, credit_id__gt=0)
    years = Transfer.objects.filter(touched).values_list("batch__day__year", flat=True).distinct()
    return sorted(years, reverse=True)


def page_of(
    household: Household, *, kind: str = "all", before: Period | None = None, after: Period | None = None
) -> Page:
    """Give a page of whole months: the newest, those before a month, or the next ones after it.

    kind: of lines, or `all`; a month without one is left out. In a number of queries that doesn't grow with what was
    ever posted, nor with the page.
    """
    edge = before or after
    rows = _rows(
        household,
        KIND,
        which=OLDER if before else NEWER if after else NEWEST,
        kind=kind,
        month=edge.first if edge else None,
        rows=LEAST_ON_PAGE,
    )
    if not rows:
        return Page()
    rows.sort(key=attrgetter("month"), reverse=True)  # a clock that was set back must not tear months apart
    lines = _in_words(rows, household)
    sums = {row.month: row for row in rows}
    months = [
        Month(Period.of(month), sums[month].gain, sums[month].loss, sums[month].spend, list(of_month))
        for month, of_month in groupby(lines, key=lambda line: line.day.replace(day=1))
    ]
    shown = [row.month for row in rows]
    return Page(
        months=months,
        older=Period.of(min(shown)) if rows[0].first < min(shown) else None,
        newer=Period.of(max(shown)) if rows[0].last > max(shown) else None,
    )


def _rows(household: Household, sift: str, which: str = "", **values: Any) -> list[_Row]:
    """Read transfers, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD.format(sift=sift) + which, {"holder": household.holder_id, **values})
        names = [column.name for column in cursor.description or ()]
        found = [_Row(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    found = [replace(row, cause=Cause(row.cause)) for row in found]
    return sorted(found, key=attrgetter("batch_id", "is_debit", "line"), reverse=True)


def _in_words(rows: Sequence[_Row], household: Household) -> list[PostedLine]:
    reasons = Reasons(rows)
    return _marked([_one(things, reasons, household.holder_id) for things in _together(rows, reasons)])


def _together(rows: Sequence[_Row], reasons: Reasons) -> Iterable[list[_Row]]:
    things = groupby(rows, lambda row: (row.batch_id, reasons.belongs_together(row) or row.line))
    return (list(of_thing) for _key, of_thing in things)


def _one(rows: Sequence[_Row], reasons: Reasons, holder_id: int) -> PostedLine:
    newest, first = rows[0], rows[-1]
    points, honour = sum(row.points for row in rows), sum(row.honour for row in rows)
    reason = reasons.of(first, holder_id)
    details = [reason.detail] if reason.detail else []
    if honour not in (0, points):
        details.append(_("荣誉积分%(points)s分") % {"points": format_points(honour, signed=True)})
    return PostedLine(
        day=newest.day,
        kind=newest.kind,
        title=reason.title,
        detail="　".join(details),
        sentence=reason.sentence,
        points=points,
        honour=honour,
        after=newest.after,
        category=reason.category,
        category_index=reason.category_index,
        batch_id=first.batch_id,
        line=first.line,
    )


def _marked(lines: Sequence[PostedLine]) -> list[PostedLine]:
    """Mark what was taken back since; in one query."""
    undoing = undone_by(line.batch_id for line in lines)
    return [replace(line, undone=(line.batch_id, line.line) in undoing) for line in lines]


def undone_by(batch_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
    """Give the batches that took back lines of some batches, by (batch, line)."""
    undone = Transfer.objects.filter(batch__cause=Cause.REVERSAL, batch__cause_id__in=set(batch_ids))
    rows = undone.values_list("batch__cause_id", "line", "batch_id")
    return {(batch_id, line): undoing for batch_id, line, undoing in rows}
