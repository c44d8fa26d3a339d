"""Objections to a notice: lodging, answering, and the new edition that a justified one makes (异议).

An open objection holds back what it touches and nothing else. What was noticed is never changed: a correction is a
new line that replaces the old one, in a new edition, with a deadline of its own.
"""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from xiangyue.catalogue.rules.scheme import Way
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Household
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import NotAllowed, may, require
from xiangyue.people.person import households_near
from xiangyue.people.queries import households_of
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import (
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionState,
    ObjectionWay,
    ScoringRules,
)
from xiangyue.scoring.operations.editions import issue_edition
from xiangyue.scoring.permissions import brought_by
from xiangyue.scoring.queries import current_lines, posted_lines
from xiangyue.scoring.refusals import (
    AlreadyAnswered,
    BroughtByActor,
    CorrectionMissing,
    CorrectionOutside,
    DeadlinePassed,
    NotOfVillage,
    OwnHousehold,
    ReasonMissing,
    UnknownObjection,
)


@transaction.atomic
def lodge_objection(
    *, actor: Actor, target: NoticeLine | NoticeTotal, household_id: int, text: str, key: str
) -> Objection:
    """Object to a line, or to a household's total, for a household of the same village.

    The household itself does it, or someone with an office there writes down what it says on paper or by phone.
    A total is open to objections as long as all its lines are. The same key gives the same objection.
    Raises: ReasonMissing, NotOfVillage, NotAllowed, BroughtByActor, DeadlinePassed.
    """
    if not text.strip():
        raise ReasonMissing
    sheet = _locked_sheet(target.sheet_id)
    household = Household.objects.select_related("unit").get(id=household_id)
    line = target if isinstance(target, NoticeLine) else None
    total = target if isinstance(target, NoticeTotal) else None
    lines = _lines_under(sheet.notice, line, total)
    _require_may_lodge(actor, household, sheet, lines)
    existing = Objection.objects.filter(key=key).first()
    if existing:
        return existing
    _require_in_time(sheet, lines)
    objection = Objection.objects.create(
        sheet=sheet,
        line=line,
        total=total,
        household=household,
        text=text.strip(),
        lodged_by_kind=actor.kind,
        lodged_by_id=actor.id,
        lodged_at=clock.now(),
        way=ObjectionWay.CARD if household_id in households_of(actor) else ObjectionWay.PAPER,
        answer_by=Way(objection_days=ScoringRules.objects.get().objection_days).answer_by(clock.today()),
        key=key,
    )
    behalf = None if household_id in households_of(actor) else household_id
    log_act(actor=actor, act="lodge", subject="objection", subject_ids=[objection.pk], on_behalf_of=behalf)
    return objection


@transaction.atomic
def dismiss_objection(*, actor: Actor, objection_id: int, answer: str) -> Objection:
    """Answer that the notice was right; what was held may settle.

    Raises: UnknownObjection, AlreadyAnswered, ReasonMissing, NotAllowed, OwnHousehold, BroughtByActor.
    """
    objection = _answerable(actor, objection_id, answer)
    return _answer(actor, objection, ObjectionState.DISMISSED, answer)


@transaction.atomic
def uphold_objection(
    *, actor: Actor, objection_id: int, answer: str, corrections: Mapping[int, int]
) -> tuple[Objection, Notice]:
    """Answer that the objector was right, and issue the next edition with the corrected lines.

    corrections: line number -> signed centipoints that it should have had; 0 strikes it.
    Raises: as `dismiss_objection`, CorrectionMissing, CorrectionOutside.
    """
    objection = _answerable(actor, objection_id, answer)
    if not corrections:
        raise CorrectionMissing
    touched = {line.number: line for line in lines_touched_by(objection)}
    for number, points in corrections.items():
        if number not in touched or touched[number].points == points:
            raise CorrectionOutside(number=number)
    _answer(actor, objection, ObjectionState.UPHELD, answer)
    edition = issue_edition(
        objection.sheet.notice, {touched[number]: points for number, points in corrections.items()}
    )
    log_act(actor=actor, act="issue", subject="notice", subject_ids=[edition.pk], reason=answer)
    send(topic="notice-issued", payload={"notice": edition.pk})
    return objection, edition


def lines_touched_by(objection: Objection) -> list[NoticeLine]:
    """Give what an objection is about: what stands under its line's number, or all lines of its total's household."""
    return _lines_under(objection.sheet.notice, objection.line, objection.total)


def _lines_under(notice: Notice, line: NoticeLine | None, total: NoticeTotal | None) -> list[NoticeLine]:
    family = current_lines(notice).select_related("share__deed")
    if line:
        return list(family.filter(number=line.number))
    assert total is not None
    return list(family.filter(household_id=total.household_id))


def _locked_sheet(sheet_id: int) -> NoticeSheet:
    # Settling locks the same rows: an objection is either seen by the settlement, or comes too late and hears so.
    # A total's lines may hang on the papers of earlier editions, so that all of them are locked.
    sheet = NoticeSheet.objects.select_related("notice__unit").get(id=sheet_id)
    editions = NoticeSheet.objects.filter(
        unit=sheet.unit_id, notice__unit=sheet.notice.unit_id, notice__period=sheet.notice.period
    )
    list(editions.select_for_update(of=("self",)).order_by("id"))
    return sheet


def _require_in_time(sheet: NoticeSheet, lines: Collection[NoticeLine]) -> None:
    deadline = min((line.deadline for line in lines), default=sheet.deadline)
    posted = posted_lines(NoticeLine.objects.filter(id__in=[line.pk for line in lines]))
    if clock.today() > deadline or posted.exists():
        raise DeadlinePassed(deadline=deadline)


def _require_may_lodge(
    actor: Actor, household: Household, sheet: NoticeSheet, lines: Iterable[NoticeLine]
) -> None:
    if not household.unit.path.startswith(sheet.notice.unit.path):
        raise NotOfVillage
    own = households_of(actor)
    if actor.kind is ActorKind.SYSTEM or household.pk in own:
        return
    if not may(actor, Act.READ_HOUSEHOLDS, household.unit):
        raise NotAllowed(act=Act.READ_HOUSEHOLDS.label, unit=household.unit.name)
    # Nobody writes down, for another, an objection against their own record (CONDUCT).
    if any(brought_by(actor, line.share.deed, own) for line in lines):
        raise BroughtByActor


def _answerable(actor: Actor, objection_id: int, answer: str) -> Objection:
    objections = Objection.objects.select_related("sheet__notice", "line", "total")
    objection = objections.filter(id=objection_id).first()
    if objection is None:
        raise UnknownObjection(objection=objection_id)
    unit = locked_unit(objection.sheet.notice.unit_id)
    objection = objections.select_for_update(of=("self",)).get(id=objection_id)
    actor = require(actor, Act.ANSWER_OBJECTIONS, unit)
    if objection.state != ObjectionState.OPEN:
        raise AlreadyAnswered
    if not answer.strip():
        raise ReasonMissing
    _require_impartial(actor, objection)
    return objection


def _require_impartial(actor: Actor, objection: Objection) -> None:
    lines, near = lines_touched_by(objection), households_near(actor)
    concerned = {objection.household_id, *(line.household_id for line in lines)}
    if objection.total:
        concerned.add(objection.total.household_id)
    if near & concerned:
        raise OwnHousehold
    wrote_it_down = (objection.lodged_by_kind, objection.lodged_by_id) == (actor.kind, actor.id)
    if wrote_it_down or any(brought_by(actor, line.share.deed, near) for line in lines):
        raise BroughtByActor


def _answer(actor: Actor, objection: Objection, state: ObjectionState, answer: str) -> Objection:
    objection.state, objection.answer = state, answer.strip()
    objection.answered_by_id, objection.answered_at = actor.user_id, clock.now()
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    log_act(
        actor=actor,
        act="answer",
        subject="objection",
        subject_ids=[objection.pk],
        from_state=ObjectionState.OPEN,
        to_state=state,
    )
    return objection
