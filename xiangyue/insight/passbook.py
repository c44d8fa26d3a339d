"""A household's passbook: its balances, what is on notice for it, and every posted line with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiangyue.insight.reasons import Reasons, line_name, with_reasons
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Cause
from xiangyue.ledger.queries import Balances, StatementLine, balances_of, statement
from xiangyue.people.models import Household
from xiangyue.scoring.models import NoticeLine, NoticeTotal
from xiangyue.scoring.queries import held_back, newest_notices, posted_lines

__all__ = ["Passbook", "PendingLine", "PostedLine", "line_name", "newest_period", "passbook"]


@dataclass(frozen=True)
class PostedLine:
    """One line of the ledger, in words. What moved at once for one cause (分户) is one line.

    kind: gain, loss, spend, or other. sentence: how the points came about; empty unless a meeting gave them.
    points: centipoints, signed, that it did to what can be spent or is owed; honour: to the honour points.
    after: what was spendable then. batch_id, line: under which `insight.trace` finds it.
    """

    day: date
    kind: str
    title: str
    detail: str
    sentence: str
    points: int
    honour: int
    after: int
    category_index: int
    batch_id: int
    line: int


@dataclass(frozen=True)
class PendingLine:
    """A line on notice that is not posted yet. held: an objection to it, or a supervisor's remark on it, is open."""

    line: NoticeLine
    title: str
    detail: str
    sentence: str
    points: int
    category_index: int
    held: bool

    @property
    def posts_on(self) -> date:
        """The first day on which it can be posted, if nobody objects."""
        return self.line.deadline + timedelta(days=1)


@dataclass(frozen=True)
class Passbook:
    """What a household's page shows. rank: on its sheet of the newest notice, if it stands on one."""

    household: Household
    balances: Balances
    pending: Sequence[PendingLine]
    posted: Sequence[PostedLine]
    rank: int | None

    @property
    def pending_points(self) -> int:
        return sum(line.points for line in self.pending)


def passbook(household: Household) -> Passbook:
    """Read a household's passbook; as many queries for one line as for a thousand."""
    noticed = NoticeLine.objects.filter(household=household, replacement=None)
    return Passbook(
        household=household,
        balances=balances_of([household.holder_id])[household.holder_id],
        pending=_pending(noticed),
        posted=_posted(household.holder_id, statement(household.holder_id)),
        rank=_rank(household),
    )


def newest_period(lines: Iterable[PendingLine]) -> Period | None:
    """Give the newest month of which lines are on notice, if there is any."""
    return max((Period.parse(line.line.sheet.notice.period) for line in lines), default=None)


def _pending(noticed: QuerySet[NoticeLine]) -> list[PendingLine]:
    waiting = noticed.exclude(id__in=posted_lines(noticed).values("id"))
    held = set(held_back(waiting).values_list("id", flat=True))
    return [
        PendingLine(
            line=line,
            title=line.share.deed.indicator.title,
            detail=_what_happened(line),
            sentence=line.share.sentence,
            points=line.points,
            category_index=line.share.deed.indicator.category.position,
            held=line.pk in held,
        )
        for line in with_reasons(waiting).order_by(
            "-sheet__notice__period", "sheet__notice__special", "number"
        )
    ]


def _posted(holder_id: int, lines: Sequence[StatementLine]) -> list[PostedLine]:
    reasons = Reasons(lines)
    things = groupby(lines, lambda line: (line.batch_id, reasons.belongs_together(line) or line.line))
    return [_in_words(list(of_thing), reasons, holder_id) for _key, of_thing in things]


def _in_words(lines: Sequence[StatementLine], reasons: Reasons, holder_id: int) -> PostedLine:
    newest, first = lines[0], lines[-1]
    points, honour = sum(line.points for line in lines), sum(line.honour for line in lines)
    reason = reasons.of(first, holder_id)
    details = [reason.detail] if reason.detail else []
    if honour not in (0, points):
        details.append(_("荣誉积分%(points)s分") % {"points": format_points(honour, signed=True)})
    return PostedLine(
        day=newest.day,
        kind=_kind(newest.cause, honour),
        title=reason.title,
        detail="　".join(details),
        sentence=reason.sentence,
        points=points,
        honour=honour,
        after=newest.after,
        category_index=reason.category_index,
        batch_id=first.batch_id,
        line=first.line,
    )


def _kind(cause: Cause, honour: int) -> str:
    if cause is Cause.SETTLEMENT:
        return "gain" if honour > 0 else "loss"
    return "spend" if cause is Cause.ORDER else "other"


def _what_happened(line: NoticeLine) -> str:
    deed = line.share.deed
    parts = [_("%(month)s月%(day)s日") % {"month": deed.day.month, "day": deed.day.day}]
    parts += [line.share.resident.name] if line.share.resident else []
    parts += [deed.description] if deed.description else []
    return "，".join(parts)


def _rank(household: Household) -> int | None:
    # On a special notice stand the few that it is about; there is no rank among them.
    newest = newest_notices(household.village).filter(special=0)[:1].values("id")
    totals = NoticeTotal.objects.filter(household=household, sheet__notice__in=newest)
    return totals.values_list("rank", flat=True).first()
