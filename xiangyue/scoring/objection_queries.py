"""Reads on objections and on supervisors' remarks: what is open, what is late, what staff and the village may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import NotAllowed, require
from xiangyue.people.queries import households_of_users
from xiangyue.scoring.instances import is_overdue
from xiangyue.scoring.models import Notice, NoticeLine, Objection, ObjectionState, Remark
from xiangyue.scoring.queries import objections_to
from xiangyue.users.models import User


def open_objections(unit: Unit) -> QuerySet[Objection]:
    """Give the objections below a unit that wait for an answer, those that are due first at the head."""
    return Objection.objects.filter(
        state=ObjectionState.OPEN, sheet__notice__unit__path__startswith=unit.path
    ).order_by("answer_by", "id")


def overdue_objections(unit: Unit) -> QuerySet[Objection]:
    """Give the open objections below a unit whose day to answer has passed, at whatever instance."""
    return open_objections(unit).filter(answer_by__lt=clock.today())


@dataclass(frozen=True)
class Correction:
    """What an upheld objection changed of a line: signed centipoints before and after."""

    line: int
    before: int
    after: int


@dataclass(frozen=True)
class Listed:
    """An objection as staff see it. objector: number of the household, empty where this reader may not know it.

    by: who wrote it down for the household, by name (代办); empty where it did so itself. overdue: the town's day
    has passed. corrections: what was changed, where it was upheld.
    """

    objection: Objection
    objector: str
    by: str
    overdue: bool
    corrections: Sequence[Correction]


def listed_objections(notice: Notice, reader: Actor) -> list[Listed]:
    """List the objections to a notice, in all its editions, oldest first; a constant number of queries.

    Who objects is told to the town, which may have to look into it, and to the village only where the objector allows
    it (LOOK §11).
    """
    found = list(objections_to(notice).select_related("line", "total", "household"))
    knows = _may_know_objectors(reader, notice.unit)
    today = clock.today()
    writers = _writers(found)
    corrections = corrections_of(found)
    return [
        Listed(
            objection=each,
            objector=each.household.number if knows or each.is_named else "",
            by=writers.get(each.pk, ""),
            overdue=each.state == ObjectionState.OPEN and is_overdue(each, today),
            corrections=corrections.get(each.pk, []),
        )
        for each in found
    ]


def _may_know_objectors(reader: Actor, unit: Unit) -> bool:
    try:
        require(reader, Act.ANSWER_OBJECTIONS, unit, of=[Office.TOWN_OFFICIAL])
    except NotAllowed:
        return False
    return True


def _writers(objections: Collection[Objection]) -> dict[int, str]:
    """Name who wrote an objection down for somebody else, by the objection's id."""
    written = {each.pk: each for each in objections if each.lodged_by_kind == ActorKind.USER}
    ids = {each.lodged_by_id for each in written.values()}
    own = households_of_users(ids)
    names = dict(User.objects.filter(id__in=ids).values_list("id", "name"))
    return {
        pk: names.get(each.lodged_by_id, "")
        for pk, each in written.items()
        if each.household_id not in own.get(each.lodged_by_id, set())
    }


def corrections_of(objections: Collection[Objection]) -> dict[int, list[Correction]]:
    """Give what upheld objections corrected, by the objection's id and in the order of the lines; in one query."""
    editions = {each.edition_id: each.pk for each in objections if each.edition_id}
    corrected: dict[int, list[Correction]] = {}
    lines = NoticeLine.objects.filter(sheet__notice__in=editions).exclude(replaces=None)
    rows = lines.annotate(before=F("replaces__points")).order_by("number")
    for edition_id, number, before, after in rows.values_list("sheet__notice", "number", "before", "points"):
        corrected.setdefault(editions[edition_id], []).append(Correction(number, before, after))
    return corrected


@dataclass(frozen=True)
class ListedRemark:
    """A supervisor's remark as staff see it. by, answered_by: names. holds: it still keeps its line from settling."""

    remark: int
    share: int
    text: str
    by: str
    made_at: datetime
    holds: bool
    answer: str
    answered_by: str
    answered_on: date | None


def remarks_on(share_ids: Collection[int]) -> list[ListedRemark]:
    """Give the remarks on shares, oldest first, in one query."""
    found = Remark.objects.filter(share__in=list(share_ids)).select_related("made_by", "answered_by")
    return [
        ListedRemark(
            remark=each.pk,
            share=each.share_id,
            text=each.text,
            by=each.made_by.name,
            made_at=each.made_at,
            holds=each.holds and each.answered_at is None,
            answer=each.answer,
            answered_by=each.answered_by.name if each.answered_by else "",
            answered_on=clock.local_day(each.answered_at) if each.answered_at else None,
        )
        for each in found.order_by("id")
    ]
