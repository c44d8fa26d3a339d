"""What waits for whom, and since when it is due: nothing is skipped silently (DOMAIN §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.scoring.models import (
    Deed,
    DeedState,
    Notice,
    NoticeLine,
    Objection,
    ObjectionState,
    Remark,
    Rhythm,
    ScoringRules,
    Share,
    Verdict,
)
from xiangyue.scoring.queries import confirms_by_assembly, due_parts
from xiangyue.scoring.rhythm import (
    REMARK_WITHIN,
    VERIFY_WITHIN,
    Matter,
    assembly_due,
    meeting_due,
    notice_due,
)


@dataclass(frozen=True)
class Waiting:
    """Something of a judging unit that waits. subject: the period, or the number of the objection or remark.

    due: the last day for it. count: of shares, deeds or lines that wait for it.
    """

    unit_id: int
    matter: Matter
    subject: str
    due: date
    count: int

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.due < today


def waiting_below(unit: Unit) -> list[Waiting]:
    """Give everything that waits in the judging units at and below a unit, what is due first at the head.

    In a constant number of queries, for one village and for a county.
    """
    found = [*_to_verify(unit), *_to_meet(unit), *_to_hang(unit), *_to_answer(unit), *_to_settle(unit)]
    return sorted(found, key=lambda one: (one.due, one.unit_id, one.matter, one.subject))


def _to_verify(unit: Unit) -> Iterator[Waiting]:
    for unit_id, since, count in _oldest(unit, DeedState.SUBMITTED):
        yield Waiting(unit_id, Matter.VERIFY, "", _day(since) + VERIFY_WITHIN, count)


def _to_meet(unit: Unit) -> Iterator[Waiting]:
    """A deed that no meeting has decided is carried on to the next one, and is told for as long as it waits."""
    scored = Rhythm(ScoringRules.objects.get().scored)
    for unit_id, since, count in _oldest(unit, DeedState.VERIFIED):
        day = _day(since)
        yield Waiting(unit_id, Matter.MEETING, str(Period.of(day)), meeting_due(day, scored), count)


def _oldest(unit: Unit, state: DeedState) -> QuerySet[Deed, tuple[int, datetime, int]]:
    deeds = Deed.objects.filter(unit__path__startswith=unit.path, state=state)
    return deeds.values_list("unit_id").annotate(Min("submitted_at"), Count("id")).order_by()


def _to_hang(unit: Unit) -> Iterator[Waiting]:
    """What is decided goes to the assembly, where there is one, and then on the wall.

    Where a period's regular notice hangs, nothing of it waits any more: it took all, and nothing is decided since.
    """
    closed = Notice.objects.filter(
        unit=OuterRef("decision__unit"), period=OuterRef("decision__period"), special=0
    )
    hung = NoticeLine.objects.filter(share=OuterRef("pk"))
    decided = Share.objects.filter(
        ~Exists(closed),
        ~Exists(hung),
        decision__unit__path__startswith=unit.path,
        decision__verdict__in=(Verdict.APPROVE, Verdict.ADJUST),
    )
    if confirms_by_assembly():
        to_confirm = decided.filter(decision__confirmation=None)
        for unit_id, period, count in _by_period(to_confirm):
            due = assembly_due(Period.parse(period))
            yield Waiting(unit_id, Matter.ASSEMBLY, period, due, count)
        decided = decided.filter(decision__confirmation__is_confirmed=True)
    for unit_id, period, count in _by_period(decided):
        yield Waiting(unit_id, Matter.NOTICE, period, notice_due(Period.parse(period)), count)


def _by_period(shares: QuerySet[Share]) -> QuerySet[Share, tuple[int, str, int]]:
    return shares.values_list("decision__unit_id", "decision__period").annotate(Count("id")).order_by()


def _to_answer(unit: Unit) -> Iterator[Waiting]:
    objections = Objection.objects.filter(
        state=ObjectionState.OPEN, sheet__notice__unit__path__startswith=unit.path
    )
    for unit_id, pk, due in objections.values_list("sheet__notice__unit_id", "id", "answer_by"):
        yield Waiting(unit_id, Matter.OBJECTION, str(pk), due, 1)
    remarks = Remark.objects.filter(
        holds=True, answered_at=None, share__deed__unit__path__startswith=unit.path
    )
    for unit_id, pk, made_at in remarks.values_list("share__deed__unit_id", "id", "made_at"):
        yield Waiting(unit_id, Matter.REMARK, str(pk), _day(made_at) + REMARK_WITHIN, 1)


def _to_settle(unit: Unit) -> Iterator[Waiting]:
    parts = set(due_parts(unit, clock.today()))
    lines = (
        NoticeLine.objects.filter(sheet__in={sheet_id for sheet_id, _part in parts})
        .values_list(
            "sheet__notice__period", "sheet__notice__special", "sheet_id", "part", "sheet__notice__unit_id"
        )
        .annotate(Min("deadline"), Count("id"))
        .order_by()
    )
    found: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for period, special, sheet_id, part, unit_id, deadline, count in lines:
        if (sheet_id, part) in parts:
            subject = f"{period}/{special}" if special else period
            found.setdefault((unit_id, subject), []).append((deadline, count))
    for (unit_id, subject), due in found.items():
        first, count = min(due)[0], sum(count for _deadline, count in due)
        yield Waiting(unit_id, Matter.SETTLE, subject, first + timedelta(days=1), count)


def _day(at: datetime) -> date:
    return clock.local_day(at)
