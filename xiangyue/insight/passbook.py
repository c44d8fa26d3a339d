"""A household's passbook: its balances, what is on notice for it, and every posted line with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Cause
from xiangyue.ledger.queries import Balances, StatementLine, balances_of, statement
from xiangyue.people.models import Household
from xiangyue.redemption.models import Order
from xiangyue.redemption.queries import goods_of_orders
from xiangyue.scoring.models import NoticeLine, NoticeTotal
from xiangyue.scoring.queries import held_back, newest_notices, posted_lines


@dataclass(frozen=True)
class PostedLine:
    """One line of the ledger, in words. points: centipoints that it moved, signed; after: what was spendable then.

    kind: gain, loss or spend. sentence: how the points came about; empty for a redemption.
    """

    day: date
    kind: str
    title: str
    detail: str
    sentence: str
    points: int
    after: int
    category_index: int


@dataclass(frozen=True)
class PendingLine:
    """A line on notice that is not posted yet. held: an objection to it is open."""

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
        posted=_posted(statement(household.holder_id)),
        rank=_rank(household),
    )


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
        for line in _with_reasons(waiting).order_by("-sheet__notice__period", "number")
    ]


def _posted(lines: Sequence[StatementLine]) -> list[PostedLine]:
    noticed = {line.line for line in lines if line.cause is Cause.SETTLEMENT}
    found = _with_reasons(NoticeLine.objects.filter(id__in=noticed)).in_bulk()
    orders = Order.objects.select_related("shop").in_bulk(
        [line.cause_id for line in lines if line.cause is Cause.ORDER]
    )
    goods = goods_of_orders(list(orders))
    return [
        _settled(line, found[line.line])
        if line.cause is Cause.SETTLEMENT
        else _redeemed(line, orders[line.cause_id], goods[line.cause_id])
        for line in lines
    ]


def _settled(line: StatementLine, noticed: NoticeLine) -> PostedLine:
    return PostedLine(
        day=line.day,
        kind="gain" if line.honour > 0 else "loss",
        title=noticed.share.deed.indicator.title,
        detail=line_name(noticed),
        sentence=noticed.share.sentence,
        points=line.honour,
        after=line.after,
        category_index=noticed.share.deed.indicator.category.position,
    )


def _redeemed(line: StatementLine, order: Order, goods: str) -> PostedLine:
    return PostedLine(
        day=line.day,
        kind="spend",
        title=_("兑换 %(goods)s") % {"goods": goods},
        detail=order.shop.name,
        sentence="",
        points=line.spendable,
        after=line.after,
        category_index=0,
    )


def line_name(line: NoticeLine) -> str:
    """Name a line as people do: 第10期第58条."""
    period = Period.parse(line.sheet.notice.period)
    return _("第%(serial)s期第%(number)s条") % {"serial": period.month, "number": line.number}


def _what_happened(line: NoticeLine) -> str:
    deed = line.share.deed
    parts = [_("%(month)s月%(day)s日") % {"month": deed.day.month, "day": deed.day.day}]
    parts += [line.share.resident.name] if line.share.resident else []
    parts += [deed.description] if deed.description else []
    return "，".join(parts)


def _with_reasons(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    return lines.select_related(
        "sheet__notice", "share__deed__indicator__category", "share__resident", "share__decision"
    )


def _rank(household: Household) -> int | None:
    newest = newest_notices(household.village)[:1].values("id")
    totals = NoticeTotal.objects.filter(household=household, sheet__notice__in=newest)
    return totals.values_list("rank", flat=True).first()
