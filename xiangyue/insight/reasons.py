"""Why a line of the ledger was posted, in villagers' words: looked up for many lines at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Batch, Cause, Transfer
from xiangyue.people.models import Household
from xiangyue.redemption.models import Order
from xiangyue.redemption.queries import goods_of_orders
from xiangyue.scoring.models import NoticeLine
from xiangyue.scoring.operations.appeals import ReversalReason

# What such a batch moves of one household belongs together, however many lots it took.
TOGETHER: Final = frozenset({Cause.SPLIT, Cause.MERGE, Cause.CLOSING, Cause.EXPIRY, Cause.CLEARING})


class Posted(Protocol):
    """A line of the ledger: where it stands, and what its batch was posted for."""

    @property
    def batch_id(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def cause(self) -> Cause: ...
    @property
    def cause_id(self) -> int: ...


@dataclass(frozen=True)
class Reason:
    """Why, in words. sentence: how the points came about; empty unless a meeting gave them.

    category: its name; empty, with the index 0, where it is of none.
    """

    title: str
    detail: str = ""
    sentence: str = ""
    category: str = ""
    category_index: int = 0


class Reasons:
    """Knows why each of some lines was posted. As many queries for one line as for a thousand."""

    def __init__(self, posted: Collection[Posted]) -> None:
        reversing = {each.batch_id for each in posted if each.cause is Cause.REVERSAL}
        undone = [each.cause_id for each in posted if each.cause is Cause.REVERSAL]
        self._batches = Batch.objects.in_bulk([*reversing, *undone])
        first = [(each, *self._first(each)) for each in posted]
        lines = {each.line for each, _batch, cause, _id in first if cause is Cause.SETTLEMENT}
        orders = {cause_id for _each, _batch, cause, cause_id in first if cause is Cause.ORDER}
        moved = {batch for _each, batch, cause, _id in first if cause in (Cause.SPLIT, Cause.MERGE)}
        self._lines = with_reasons(NoticeLine.objects.filter(id__in=lines)).in_bulk()
        self._orders = Order.objects.select_related("shop").in_bulk(orders)
        self._goods = goods_of_orders(orders)
        self._ends = _ends_of(moved)

    def belongs_together(self, posted: Posted) -> bool:
        """Tell whether all that this line's batch moved of a household is one thing to people."""
        _batch, cause, _cause_id = self._first(posted)
        return cause in TOGETHER

    def of(self, posted: Posted, holder_id: int) -> Reason:
        """Say why a line was posted. holder_id: of the household that is told."""
        batch_id, cause, cause_id = self._first(posted)
        reason = self._plain(cause, batch_id, cause_id, posted.line, holder_id)
        if posted.cause is not Cause.REVERSAL:
            return reason
        first, code = self._batches[batch_id], self._batches[posted.batch_id].reason
        known = code in ReversalReason.values
        facts = {
            "month": first.day.month,
            "day": first.day.day,
            "reason": ReversalReason(code).label if known else code,
        }
        undone = _("撤回%(month)s月%(day)s日记的这一笔：%(reason)s") % facts
        detail = "　".join(filter(None, (reason.detail, undone)))
        title = _("冲正：%(title)s") % {"title": reason.title}
        return replace(reason, title=title, detail=detail, sentence="")

    def _first(self, posted: Posted) -> tuple[int, Cause, int]:
        """Give batch, cause and cause's id; of a reversal, those of what it reverses."""
        if posted.cause is not Cause.REVERSAL:
            return posted.batch_id, posted.cause, posted.cause_id
        first = self._batches[posted.cause_id]
        return first.pk, Cause(first.cause), first.cause_id

    def _plain(self, cause: Cause, batch_id: int, cause_id: int, line: int, holder_id: int) -> Reason:
        if cause is Cause.SETTLEMENT and line in self._lines:
            return _settled(self._lines[line])
        if cause is Cause.ORDER and cause_id in self._orders:
            title = _("兑换 %(goods)s") % {"goods": self._goods.get(cause_id, "")}
            return Reason(title, self._orders[cause_id].shop.name)
        title, detail = _in_general(cause)
        others = [number for holder, number in self._ends.get(batch_id, {}).items() if holder != holder_id]
        if others:
            detail = _("和%(number)s号户") % {"number": "、".join(sorted(others))}
        return Reason(title, detail)


def _in_general(cause: Cause) -> tuple[str, str]:
    """Say what kind of thing it was, and what about it, as far as its cause alone tells."""
    words = {
        Cause.OPENING: (_("以前的积分"), _("用这套系统以前攒下的")),
        Cause.EXPIRY: (_("积分到期"), _("过了使用期限，没有用完")),
        Cause.CLEARING: (_("积分清零"), _("按方案清零，荣誉积分不变")),
        Cause.CLOSING: (_("销户"), _("销户时剩下的")),
        Cause.GRANT: (_("基础分"), _("按方案给每户的")),
    }
    return words.get(cause, (str(cause.label), ""))


def line_name(line: NoticeLine) -> str:
    """Name a line as people do: 第10期第58条; one of a special notice: 第10期专项第1次第2条."""
    notice = line.sheet.notice
    facts = {"serial": Period.parse(notice.period).month, "special": notice.special, "number": line.number}
    if notice.special:
        return _("第%(serial)s期专项第%(special)s次第%(number)s条") % facts
    return _("第%(serial)s期第%(number)s条") % facts


def with_reasons(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Fetch with each line all that says why."""
    return lines.select_related(
        "sheet__notice", "share__deed__indicator__category", "share__resident", "share__decision"
    )


def _settled(line: NoticeLine) -> Reason:
    indicator = line.share.deed.indicator
    category = indicator.category
    return Reason(indicator.title, line_name(line), line.share.sentence, category.name, category.position)


def _ends_of(batch_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Give the households between which batches moved points: batch id -> {holder id: household's number}."""
    moves = Transfer.objects.filter(batch__in=batch_ids).values_list(
        "batch_id", "debit__holder_id", "credit__holder_id"
    )
    ends: dict[int, set[int]] = {}
    for batch_id, *holders in moves:
        ends.setdefault(batch_id, set()).update(holders)
    there: Any = Household.objects.filter(holder_id__in=set().union(*ends.values()))
    numbers = dict(there.values_list("holder_id", "number"))
    return {
        batch_id: {holder: numbers[holder] for holder in holders if holder in numbers}
        for batch_id, holders in ends.items()
    }
