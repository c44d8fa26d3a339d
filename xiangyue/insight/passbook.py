"""A household's passbook: its balances, what is on notice for it, and every posted line with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from xiangyue.insight.posted import PostedLine, all_posted
from xiangyue.insight.reasons import line_name, with_reasons
from xiangyue.kernel.periods import Period
from xiangyue.ledger.queries import Balances, balances_of
from xiangyue.people.models import Household
from xiangyue.scoring.models import Evidence, NoticeLine, Source
from xiangyue.scoring.queries import held_back, posted_lines

__all__ = ["Passbook", "PendingLine", "PostedLine", "line_name", "newest_period", "passbook", "pending_of"]


@dataclass(frozen=True)
class PendingLine:
    """A line on notice that is not posted yet. held: an objection to it, or a supervisor's remark on it, is open."""

    line: NoticeLine
    title: str
    detail: str
    sentence: str
    points: int
    category: str
    category_index: int
    held: bool

    @property
    def posts_on(self) -> date:
        """The first day on which it can be posted, if nobody objects."""
        return self.line.deadline + timedelta(days=1)


@dataclass(frozen=True)
class Passbook:
    """What a household's page shows."""

    household: Household
    balances: Balances
    pending: Sequence[PendingLine]

    @property
    def pending_points(self) -> int:
        return sum(line.points for line in self.pending)

    @cached_property
    def posted(self) -> Sequence[PostedLine]:
        """All that was ever posted, newest first; read when it is asked for. Pages take `posted.page_of`."""
        return all_posted(self.household)


def passbook(household: Household) -> Passbook:
    """Read a household's passbook; as many queries for one line as for a thousand."""
    balances = balances_of([household.holder_id])[household.holder_id]
    return Passbook(household, balances, pending_of(household))


def newest_period(lines: Iterable[PendingLine]) -> Period | None:
    """Give the newest month of which lines are on notice, if there is any."""
    return max((Period.parse(line.line.sheet.notice.period) for line in lines), default=None)


def pending_of(household: Household) -> list[PendingLine]:
    """Give what is on notice for a household and not posted yet, newest period first; in two queries."""
    noticed = NoticeLine.objects.filter(household=household, replacement=None)
    waiting = noticed.exclude(id__in=posted_lines(noticed).values("id"))
    held = set(held_back(waiting).values_list("id", flat=True))
    return [
        PendingLine(
            line=line,
            title=line.share.deed.indicator.title,
            detail=what_happened(line),
            sentence=line.share.sentence,
            points=line.points,
            category=line.share.deed.indicator.category.name,
            category_index=line.share.deed.indicator.category.position,
            held=line.pk in held,
        )
        for line in with_reasons(waiting).order_by(
            "-sheet__notice__period", "sheet__notice__special", "number"
        )
    ]


def photos_of(deed_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    """Give the photos that show deeds, with their files, by the deed's id and in the order they came; in one query.

    What came with a sheet of many deeds is left out: it may show what is others' (`scoring.own_deeds.photos_of`).
    """
    found: dict[int, list[Evidence]] = {}
    photos = Evidence.objects.filter(
        deed__in=list(deed_ids), file__width__isnull=False, file__erased_at=None, file__size__gt=0
    ).exclude(deed__source=Source.SHEET)
    for each in photos.select_related("file").order_by("id"):
        found.setdefault(each.deed_id, []).append(each)
    return found


def what_happened(line: NoticeLine) -> str:
    """Say when it was, who of the household did it, and what was written about it."""
    deed = line.share.deed
    parts = [_("%(month)s月%(day)s日") % {"month": deed.day.month, "day": deed.day.day}]
    parts += [line.share.resident.name] if line.share.resident else []
    parts += [deed.description] if deed.description else []
    return "，".join(parts)
