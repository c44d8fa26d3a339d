"""A household's own deeds: how each stands for it, since when, and why. Its shares alone, never another household's.

*On notice* and *posted* are derived, as everywhere; where several households did something together, what is said is
what became of this one's shares.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel import clock
from xiangyue.people.models import Household
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.scoring.models import (
    Confirmation,
    Decision,
    Deed,
    DeedState,
    Evidence,
    NoticeLine,
    Share,
    Source,
    Verdict,
)
from xiangyue.scoring.queries import held_back, posted_lines
from xiangyue.scoring.states import DeedAct

_ENDED = (DeedState.WITHDRAWN, DeedState.REJECTED)


class Stand(models.TextChoices):
    """Where a household's deed is, in the words by which the household looks for it."""

    WAITING = "waiting", _("在办")
    RETURNED = "returned", _("要补充")
    NOTICED = "noticed", _("公示中")
    POSTED = "posted", _("已入账")
    ENDED = "ended", _("没记上")


@dataclass(frozen=True)
class OwnShare:
    """One of the household's shares. line: that stands on a notice, if one does. posted: it is in the ledger. held: an
    objection or a remark keeps it from that. refused: why it counts nothing, where a meeting or the assembly said so.
    """

    share: Share
    line: NoticeLine | None
    posted: bool
    held: bool
    refused: str | None

    @property
    def points(self) -> int | None:
        """What it is worth as it stands: on the notice, or as decided; None until then, and where it is refused."""
        if self.refused is not None:
            return None
        return self.line.points if self.line else self.share.points

    @property
    def is_cut(self) -> bool:
        return self.share.points is not None and self.share.points != self.share.asked


@dataclass(frozen=True)
class OwnDeed:
    """A deed as one household sees it. acts: what was done to it, the last first."""

    deed: Deed
    shares: Sequence[OwnShare]
    acts: Sequence[LoggedAct]

    @property
    def stand(self) -> Stand:
        lines = [each for each in self.shares if each.line]
        if any(not each.posted for each in lines):
            return Stand.NOTICED
        if lines:
            return Stand.POSTED
        if self.deed.state == DeedState.RETURNED:
            return Stand.RETURNED
        refused = all(each.refused is not None for each in self.shares)
        return Stand.ENDED if self.deed.state in _ENDED or refused else Stand.WAITING

    @property
    def points(self) -> int | None:
        """The sum of its shares' points; None as long as nothing is decided."""
        known = [each.points for each in self.shares if each.points is not None]
        return sum(known) if known else None

    @property
    def line(self) -> NoticeLine | None:
        """The line that hangs longest, of those of its shares."""
        lines = [each.line for each in self.shares if each.line]
        return max(lines, key=lambda line: (line.deadline, -line.number)) if lines else None

    def last(self, *acts: DeedAct | str) -> LoggedAct | None:
        """Give the last time that one of some acts was done."""
        return next((each for each in self.acts if each.act in acts), None)

    @property
    def brought_on(self) -> date:
        """When it was brought, or brought again with what was missing."""
        act = self.last("bring", DeedAct.RESUBMIT)
        return clock.local_day(act.at if act else self.deed.submitted_at)

    @property
    def reason(self) -> str:
        """Why it was sent back, ended, or counts nothing; empty where nobody said so."""
        for each in self.shares:
            if each.refused:
                return each.refused
        act = {
            DeedState.RETURNED: DeedAct.RETURN,
            DeedState.REJECTED: DeedAct.REJECT,
            DeedState.WITHDRAWN: DeedAct.WITHDRAW,
        }.get(DeedState(self.deed.state))
        found = self.last(act) if act else None
        return found.reason if found else ""


def deeds_of(household: Household, stand: Stand | None = None) -> QuerySet[Deed]:
    """Give the deeds in which a household has a share, of one stand or all, those brought last first."""
    own = Share.objects.filter(deed=OuterRef("pk"), household=household)
    lines = NoticeLine.objects.filter(
        share__deed=OuterRef("pk"), share__household=household, replacement=None
    )
    waiting = lines.exclude(id__in=posted_lines(_lines_of(household)).values("id"))
    refused = Q(decision__verdict=Verdict.REJECT) | Q(decision__confirmation__is_confirmed=False)
    hung, open_line = Exists(lines), Exists(waiting)
    ended = Q(state__in=_ENDED) | ~Exists(own.exclude(pk__in=Share.objects.filter(refused).values("pk")))
    wanted = {
        None: Q(),
        Stand.NOTICED: Q(open_line),
        Stand.POSTED: Q(hung) & ~Q(open_line),
        Stand.RETURNED: ~Q(hung) & Q(state=DeedState.RETURNED),
        Stand.ENDED: ~Q(hung) & ended & ~Q(state=DeedState.RETURNED),
        Stand.WAITING: ~Q(hung) & ~ended & ~Q(state=DeedState.RETURNED),
    }[stand]
    return (
        Deed.objects.filter(Exists(own), wanted)
        .select_related("indicator__category", "indicator__catalogue", "unit")
        .order_by("-submitted_at", "-id")
    )


def own_deeds(household: Household, deeds: Iterable[Deed]) -> list[OwnDeed]:
    """Give some deeds of a household with what became of its shares, in their order; five queries, however many."""
    known = list(deeds)
    ids = [deed.pk for deed in known]
    shares = _shares(household, ids)
    acts: dict[int, list[LoggedAct]] = defaultdict(list)
    for each in LoggedAct.objects.filter(subject="deed", subject_id__in=ids).order_by("-id"):
        acts[each.subject_id].append(each)
    return [OwnDeed(deed, shares.get(deed.pk, ()), acts[deed.pk]) for deed in known]


def photos_of(household: Household, deed: Deed) -> QuerySet[StoredFile]:
    """Give the photos of a deed of a household, oldest first.

    Nothing else of what lies with it: a sheet, or a list of who was there, says what is others' too.
    """
    mine = Share.objects.filter(household=household, deed=OuterRef("deed"))
    shown = Evidence.objects.filter(Exists(mine), deed=deed).exclude(deed__source=Source.SHEET)
    photos = StoredFile.objects.filter(erased_at=None, width__isnull=False)
    return photos.filter(id__in=shown.values("file")).order_by("id")


def _shares(household: Household, deed_ids: Collection[int]) -> Mapping[int, Sequence[OwnShare]]:
    mine = Share.objects.filter(household=household, deed__in=deed_ids)
    rows = list(
        mine.select_related(
            "resident", "verified_by", "decision__meeting", "decision__confirmation"
        ).order_by("id")
    )
    standing = _lines_of(household).filter(share__in=[row.pk for row in rows])
    lines = {
        line.share_id: line for line in standing.select_related("sheet__notice").order_by("deadline", "id")
    }
    posted = set(posted_lines(standing).values_list("id", flat=True))
    held = set(held_back(standing).values_list("id", flat=True)) - posted if lines else set()
    found: dict[int, list[OwnShare]] = defaultdict(list)
    for row in rows:
        line = lines.get(row.pk)
        number = line.pk if line else 0
        found[row.deed_id].append(OwnShare(row, line, number in posted, number in held, _refused(row)))
    return found


def _lines_of(household: Household) -> QuerySet[NoticeLine]:
    return NoticeLine.objects.filter(household=household, replacement=None)


def _refused(share: Share) -> str | None:
    decision: Decision | None = getattr(share, "decision", None)
    if decision is None:
        return None
    confirmation: Confirmation | None = getattr(decision, "confirmation", None)
    if confirmation is not None and not confirmation.is_confirmed:
        return confirmation.reason
    return decision.reason if decision.verdict == Verdict.REJECT else None


def posts_on(line: NoticeLine) -> date:
    """Give the first day on which a line can be posted, if nobody objects."""
    return line.deadline + timedelta(days=1)
