"""Reads on scoring: what waits for whom, what is on notice, what is due, what is posted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import check_code
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.people.person import households_near
from xiangyue.scoring.models import (
    DeedState,
    HeldLine,
    Meeting,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionState,
    ScoringRules,
    Settlement,
    Share,
    Verdict,
)
from xiangyue.scoring.permissions import is_recused
from xiangyue.scoring.refusals import NoMeeting, NoNotice, UnknownLine, UnknownTotal


def shares_in_state(unit: Unit, state: DeedState) -> QuerySet[Share]:
    """Give the shares of a judging unit's deeds in a state, with what a list of them shows, in one query."""
    return (
        Share.objects.filter(deed__unit=unit, deed__state=state)
        .select_related("deed__indicator", "household", "resident")
        .order_by("deed__day", "id")
    )


def unverified_shares_in(unit: Unit) -> int:
    """Count the shares of a judging unit's submitted deeds that nobody has vouched for yet."""
    return shares_in_state(unit, DeedState.SUBMITTED).filter(verified_by=None).count()


def decidable_by(actor: Actor, unit: Unit) -> list[int]:
    """Give the ids of the verified shares that the actor may record a meeting's decision on."""
    near = households_near(actor)
    waiting = shares_in_state(unit, DeedState.VERIFIED).filter(decision=None)
    return [share.pk for share in waiting if not is_recused(actor, share, near)]


def noticeable_shares(unit: Unit, period: Period) -> QuerySet[Share]:
    """Give the shares that were decided for a period of a judging unit and can be hung out.

    Approved or adjusted, and confirmed by the assembly where the scheme has it do so; hung out already or not.
    """
    found = Share.objects.filter(
        decision__unit=unit,
        decision__period=str(period),
        decision__verdict__in=(Verdict.APPROVE, Verdict.ADJUST),
    )
    if Stage.ASSEMBLY.value in ScoringRules.objects.get().stages:
        found = found.filter(decision__confirmation__is_confirmed=True)
    return found


def newest_meeting(unit: Unit, period: Period) -> Meeting:
    """Give the meeting of a period that was opened last. Raises: NoMeeting."""
    meeting = Meeting.objects.filter(unit=unit, period=str(period)).order_by("-id").first()
    if meeting is None:
        raise NoMeeting(unit=unit.name, period=str(period))
    return meeting


def notice_of(unit: Unit, period: Period, edition: int | None = None) -> Notice:
    """Give a period's notice: the newest edition, or the one asked for. Raises: NoNotice."""
    editions = Notice.objects.filter(unit=unit, period=str(period)).select_related("unit__parent")
    if edition is not None:
        editions = editions.filter(edition=edition)
    notice = editions.order_by("-edition").first()
    if notice is None:
        raise NoNotice(unit=unit.name, period=str(period))
    return notice


def newest_edition(notice: Notice) -> Notice:
    """Give the newest edition of the notice that this is an edition of."""
    return Notice.objects.filter(unit=notice.unit_id, period=notice.period).order_by("-edition")[0]


def current_lines(notice: Notice) -> QuerySet[NoticeLine]:
    """Give the lines that stand, over all editions of this notice: those that none has replaced."""
    return NoticeLine.objects.filter(
        sheet__notice__unit=notice.unit_id, sheet__notice__period=notice.period, replacement=None
    ).order_by("number")


def line_of(notice: Notice, number: int) -> NoticeLine:
    """Give the line that stands under a number. Raises: UnknownLine."""
    line = current_lines(notice).filter(number=number).first()
    if line is None:
        raise UnknownLine(number=number)
    return line


def total_of(notice: Notice, number: str) -> NoticeTotal:
    """Give the row of the household with a number. Raises: UnknownTotal."""
    total = NoticeTotal.objects.filter(sheet__notice=notice, number=number).first()
    if total is None:
        raise UnknownTotal(number=number)
    return total


def objections_to(notice: Notice) -> QuerySet[Objection]:
    """Give the objections to a notice, in any of its editions, oldest first."""
    return (
        Objection.objects.filter(sheet__notice__unit=notice.unit_id, sheet__notice__period=notice.period)
        .select_related("line", "total")
        .order_by("id")
    )


def held_back(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Keep the lines that must not settle: objected to by their number or their household's total, or replaced."""
    open_objections = Objection.objects.filter(state=ObjectionState.OPEN)
    to_line = open_objections.filter(
        line__number=OuterRef("number"),
        line__sheet__notice__unit=OuterRef("sheet__notice__unit"),
        line__sheet__notice__period=OuterRef("sheet__notice__period"),
    )
    to_total = open_objections.filter(
        total__household=OuterRef("household"),
        total__sheet__notice__unit=OuterRef("sheet__notice__unit"),
        total__sheet__notice__period=OuterRef("sheet__notice__period"),
    )
    return lines.filter(Exists(to_line) | Exists(to_total) | Q(replacement__isnull=False))


def due_parts(unit: Unit, today: date) -> list[tuple[int, int]]:
    """Give (sheet id, part) of everything below a unit whose deadline has passed and that is not settled yet."""
    settled = Settlement.objects.filter(sheet=OuterRef("sheet"), part=OuterRef("part"))
    due = NoticeLine.objects.filter(
        ~Exists(settled), sheet__notice__unit__path__startswith=unit.path, deadline__lt=today
    )
    return list(due.values_list("sheet_id", "part").distinct().order_by("sheet_id", "part"))


def released_lines(unit: Unit) -> QuerySet[NoticeLine]:
    """Give the lines below a unit that were held when their part settled, and that nothing holds any more."""
    waiting = NoticeLine.objects.filter(held__released=False, sheet__notice__unit__path__startswith=unit.path)
    return waiting.exclude(id__in=held_back(waiting).values("id"))


def posted_lines(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Keep the lines that are in the ledger. "Posted" is derived from the settlement of a line's part."""
    settled = Settlement.objects.filter(sheet=OuterRef("sheet"), part=OuterRef("part"))
    held = HeldLine.objects.filter(line=OuterRef("id"), released=False)
    return lines.filter(Exists(settled), ~Exists(held))


@dataclass(frozen=True)
class NoticeFigures:
    """A notice, or one sheet of it, in figures: households, centipoints added and deducted, objections lodged."""

    households: int
    plus: int
    minus: int
    objections: int

    @property
    def net(self) -> int:
        return self.plus - self.minus


def figures_of(notices: Collection[Notice]) -> dict[int, NoticeFigures]:
    """Give the figures of many notices in two queries."""
    sums = {
        row["sheet__notice"]: (row["households"], row["plus"], row["minus"])
        for row in NoticeTotal.objects.filter(sheet__notice__in=notices)
        .values("sheet__notice")
        .annotate(households=Count("id"), plus=Sum("plus"), minus=Sum("minus"))
    }
    objections = _objections_by_period(notices)
    return {
        notice.pk: NoticeFigures(
            *sums.get(notice.pk, (0, 0, 0)), objections.get((notice.unit_id, notice.period), 0)
        )
        for notice in notices
    }


def _objections_by_period(notices: Iterable[Notice]) -> dict[tuple[int, str], int]:
    rows = (
        Objection.objects.filter(
            sheet__notice__unit__in={notice.unit_id for notice in notices},
            sheet__notice__period__in={notice.period for notice in notices},
        )
        .values(unit=F("sheet__notice__unit"), period=F("sheet__notice__period"))
        .annotate(count=Count("id"))
    )
    return {(row["unit"], row["period"]): row["count"] for row in rows}


def sheet_code(sheet: NoticeSheet) -> str:
    """Give the check code of a sheet, as it stands on wall, phone and paper."""
    return check_code(sheet.digest)


def newest_notices(unit: Unit) -> QuerySet[Notice]:
    """Give the notices below a unit, each in its newest edition, latest period first."""
    newer = Notice.objects.filter(
        unit=OuterRef("unit"), period=OuterRef("period"), edition__gt=OuterRef("edition")
    )
    return (
        Notice.objects.filter(~Exists(newer), unit__path__startswith=unit.path)
        .select_related("unit")
        .order_by("-period", "unit__path")
    )
