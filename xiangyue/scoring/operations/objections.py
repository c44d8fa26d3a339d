"""Objections to a notice: lodging, admitting, answering, and the new edition that a justified one makes (异议).

An open objection holds back what it touches and nothing else; one to the whole notice does so once it is admitted.
What was noticed is never changed: a correction is a new line that replaces the old one, in a new edition, with a
deadline of its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.own import is_own
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import NotAllowed, may, require
from xiangyue.people.person import households_near
from xiangyue.people.queries import households_of
from xiangyue.records.kinds import JPEG
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import log_act, send
from xiangyue.records.refusals import NotAPhoto
from xiangyue.scoring.instances import OFFICES, ORDER, instance_on, last_day, require_instance
from xiangyue.scoring.models import (
    Instance,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionEvidence,
    ObjectionKind,
    ObjectionState,
    ObjectionWay,
    Share,
)
from xiangyue.scoring.objection_refusals import (
    IssuedByActor,
    JudgedByActor,
    LinePosted,
    NotAdmittedYet,
    NotByCard,
    NothingToHold,
    NotToAll,
)
from xiangyue.scoring.operations.editions import issue_edition
from xiangyue.scoring.permissions import brought_by
from xiangyue.scoring.proofs import kept_files, media_type_of
from xiangyue.scoring.queries import current_lines, newest_edition, of_family, posted_lines
from xiangyue.scoring.refusals import (
    AlreadyAnswered,
    BroughtByActor,
    CorrectionMissing,
    CorrectionOutside,
    DeadlinePassed,
    NotOfVillage,
    OwnHousehold,
    ReasonMissing,
    TooManyPhotos,
    UnknownObjection,
)

Target = NoticeLine | NoticeTotal | Notice
Files = Sequence[tuple[str, bytes]]
NO_FILES: Final[Files] = ()
MOST_PHOTOS: Final = 3


@transaction.atomic
def lodge_objection(
    *,
    actor: Actor,
    target: Target,
    household_id: int,
    text: str,
    key: str,
    kind: ObjectionKind | None = None,
    photos: Files = NO_FILES,
    way: ObjectionWay | None = None,
    is_named: bool = False,
) -> Objection:
    """Object to a line, a household's total, or a whole notice, for a household of the same village.

    The household itself does it, or someone with an office there writes down what it says on paper, by phone or in
    person (way; paper, if nothing is said). kind: what is wrong in short; where it says that, nothing need be written
    (LOOK §8: no step needs typing). photos: (name, bytes) that show it, three at most. is_named: whether the village
    may be told who objects. A total, and a whole notice, is open to objections as long as all its lines are. What is
    objected to as a whole the supervision group answers from the start: it decides whether it is admitted. The same
    key gives the same objection.
    Raises: ReasonMissing, TooManyPhotos, NotAPhoto, NotOfVillage, NotAllowed, BroughtByActor, JudgedByActor,
    IssuedByActor, NotByCard, DeadlinePassed; as `records.store_file`.
    """
    if not text.strip() and kind in (None, ObjectionKind.OTHER):
        raise ReasonMissing
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    stored = _stored(photos)
    sheet = _locked_sheet(_sheet_of(target))
    household = Household.objects.select_related("unit").get(id=household_id)
    line = target if isinstance(target, NoticeLine) else None
    total = target if isinstance(target, NoticeTotal) else None
    lines = _lines_under(sheet.notice, line, total)
    own = is_own(actor, household_id)
    _require_may_lodge(actor, household, sheet, lines, is_own=own, to_all=isinstance(target, Notice))
    existing = Objection.objects.filter(key=key).first()
    if existing:
        return existing
    if way is ObjectionWay.CARD and not own and actor.kind is not ActorKind.SYSTEM:
        raise NotByCard
    _require_in_time(sheet, lines)
    objection = Objection.objects.create(
        sheet=sheet,
        line=line,
        total=total,
        household=household,
        is_named=is_named,
        way=way or (ObjectionWay.CARD if own else ObjectionWay.PAPER),
        kind=kind or "",
        text=text.strip(),
        lodged_by_kind=actor.kind,
        lodged_by_id=actor.id,
        lodged_at=clock.now(),
        instance=Instance.SUPERVISION if isinstance(target, Notice) else Instance.VILLAGE,
        answer_by=last_day(clock.today()),
        key=key,
    )
    ObjectionEvidence.objects.bulk_create(
        ObjectionEvidence(objection=objection, file=file) for file in stored
    )
    behalf = None if own else household_id
    log_act(actor=actor, act="lodge", subject="objection", subject_ids=[objection.pk], on_behalf_of=behalf)
    send(topic="objection-lodged", payload={"objection": objection.pk})
    return objection


@transaction.atomic
def admit_objection(*, actor: Actor, objection_id: int) -> Objection:
    """Admit an objection to the whole notice (受理): from now on it holds all lines that are not posted yet.

    The supervision group decides that, and the town once the group has let its days pass. Not to admit it is to
    dismiss it with a reason. Admitting it twice changes nothing.
    Raises: UnknownObjection, NotToAll, NotAllowed, AlreadyAnswered, OwnHousehold, BroughtByActor, NothingToHold.
    """
    objection, unit = _locked_objection(objection_id, with_sheets=True)
    if not objection.is_to_all:
        raise NotToAll
    instance = max(Instance.SUPERVISION, instance_on(objection, clock.today()), key=ORDER.index)
    actor = require(actor, Act.ANSWER_OBJECTIONS, unit, of=[OFFICES[instance]])
    if objection.state != ObjectionState.OPEN:
        raise AlreadyAnswered
    if objection.admitted_at:
        return objection
    _require_impartial(actor, objection, ())
    lines = current_lines(objection.sheet.notice)
    if not lines.exclude(id__in=posted_lines(lines).values("id")).exists():
        raise NothingToHold
    objection.admitted_by_id, objection.admitted_at = actor.user_id, clock.now()
    objection.save(update_fields=["admitted_by", "admitted_at"])
    log_act(actor=actor, act="admit", subject="objection", subject_ids=[objection.pk])
    send(topic="objection-admitted", payload={"objection": objection.pk})
    return objection


@transaction.atomic
def dismiss_objection(*, actor: Actor, objection_id: int, answer: str) -> Objection:
    """Answer that the notice was right; what was held may settle.

    Raises: UnknownObjection, NotAllowed, PassedOn, AlreadyAnswered, ReasonMissing, OwnHousehold, BroughtByActor.
    """
    actor, objection = _answerable(actor, objection_id, answer)
    _require_impartial(actor, objection, () if objection.is_to_all else lines_touched_by(objection))
    return _answer(actor, objection, ObjectionState.DISMISSED, answer)


@transaction.atomic
def uphold_objection(
    *, actor: Actor, objection_id: int, answer: str, corrections: Mapping[int, int]
) -> tuple[Objection, Notice]:
    """Answer that the objector was right, and issue the next edition with the corrected lines.

    corrections: line number -> signed centipoints that it should have had; 0 strikes it. Of a whole notice, which has
    to be admitted first, any line of the family that was not posted before that.
    Raises: as `dismiss_objection`, NotAdmittedYet, CorrectionMissing, CorrectionOutside, LinePosted.
    """
    actor, objection = _answerable(actor, objection_id, answer)
    touched = {line.number: line for line in lines_touched_by(objection)}
    changed = _changed(objection, touched, corrections)
    _require_impartial(actor, objection, changed if objection.is_to_all else touched.values())
    if not corrections:
        raise CorrectionMissing
    if objection.is_to_all and not objection.admitted_at:
        raise NotAdmittedYet
    posted = posted_lines(NoticeLine.objects.filter(id__in=[line.pk for line in changed])).first()
    if posted:
        raise LinePosted(number=posted.number)
    edition = issue_edition(objection.sheet.notice, changed)
    objection.edition = edition
    _answer(actor, objection, ObjectionState.UPHELD, answer)
    log_act(actor=actor, act="issue", subject="notice", subject_ids=[edition.pk], reason=answer)
    send(topic="notice-issued", payload={"notice": edition.pk})
    return objection, edition


def lines_touched_by(objection: Objection) -> list[NoticeLine]:
    """Give what an objection is about, as it stands now: a line's number, a household's lines, or all of them."""
    return _lines_under(objection.sheet.notice, objection.line, objection.total)


def _lines_under(notice: Notice, line: NoticeLine | None, total: NoticeTotal | None) -> list[NoticeLine]:
    family = current_lines(notice).select_related("share__deed", "share__decision")
    if line:
        return list(family.filter(number=line.number))
    return list(family.filter(household_id=total.household_id) if total else family)


def _changed(
    objection: Objection, touched: Mapping[int, NoticeLine], corrections: Mapping[int, int]
) -> dict[NoticeLine, int]:
    for number, points in corrections.items():
        if number not in touched or touched[number].points == points:
            raise CorrectionOutside(number=number)
    return {touched[number]: points for number, points in corrections.items()}


def _stored(photos: Files) -> list[StoredFile]:
    """Keep an objection's photos, if that is what they are."""
    for name, content in photos:
        if media_type_of(name, content) != JPEG.media_type:
            raise NotAPhoto(name=name)
    return kept_files(photos)


def _sheet_of(target: Target) -> int:
    """Give the sheet at which an objection is filed: its target's, or the first of the edition."""
    if isinstance(target, Notice):
        return newest_edition(target).sheets.values_list("id", flat=True)[0]
    return target.sheet_id


def _locked_sheet(sheet_id: int) -> NoticeSheet:
    # Settling locks the same rows: an objection is either seen by the settlement, or comes too late and hears so.
    # A total's lines may hang on the papers of earlier editions, so that all of them are locked.
    sheet = NoticeSheet.objects.select_related("notice__unit").get(id=sheet_id)
    editions = NoticeSheet.objects.filter(of_family(sheet.notice, "notice__"), unit=sheet.unit_id)
    list(editions.select_for_update(of=("self",)).order_by("id"))
    return sheet


def _lock_sheets(notice: Notice) -> None:
    # As for one sheet: what is admitted is either seen by a settlement, or finds what that has posted.
    sheets = NoticeSheet.objects.filter(of_family(notice, "notice__"))
    list(sheets.select_for_update(of=("self",)).order_by("id"))


def _require_in_time(sheet: NoticeSheet, lines: Collection[NoticeLine]) -> None:
    deadline = min((line.deadline for line in lines), default=sheet.deadline)
    posted = posted_lines(NoticeLine.objects.filter(id__in=[line.pk for line in lines]))
    if clock.today() > deadline or posted.exists():
        raise DeadlinePassed(deadline=deadline)


def _require_may_lodge(
    actor: Actor,
    household: Household,
    sheet: NoticeSheet,
    lines: Iterable[NoticeLine],
    *,
    is_own: bool,
    to_all: bool,
) -> None:
    if not household.unit.path.startswith(sheet.notice.unit.path):
        raise NotOfVillage
    if actor.kind is ActorKind.SYSTEM or is_own:
        return
    if not may(actor, Act.READ_HOUSEHOLDS, household.unit):
        raise NotAllowed(act=Act.READ_HOUSEHOLDS.label, unit=household.unit.name)
    # Nobody writes down, for another, an objection against their own record (CONDUCT).
    own = households_of(actor)
    if any(brought_by(actor, line.share.deed, own) for line in lines):
        raise BroughtByActor
    if not to_all and any(_judged_by(actor, line.share) for line in lines):
        raise JudgedByActor
    if to_all and _has_issued(actor, sheet.notice):
        raise IssuedByActor


def _judged_by(actor: Actor, share: Share) -> bool:
    """Tell whether the actor vouched for a share, or recorded what was decided on it.

    Not asked of a whole notice: whoever has an office in a village had to do with something on it.
    """
    return actor.user_id is not None and actor.user_id in (share.verified_by_id, share.decision.decided_by_id)


def _has_issued(actor: Actor, notice: Notice) -> bool:
    editions = Notice.objects.filter(of_family(notice)).values("id")
    issued = LoggedAct.objects.filter(act="issue", subject="notice", subject_id__in=editions)
    return issued.filter(actor_kind=actor.kind, actor_id=actor.id).exists()


def _locked_objection(objection_id: int, *, with_sheets: bool = False) -> tuple[Objection, Unit]:
    """Give an objection, locked after its judging unit and, where asked for, the sheets of its notice's family."""
    objections = Objection.objects.select_related("sheet__notice", "line", "total")
    objection = objections.filter(id=objection_id).first()
    if objection is None:
        raise UnknownObjection(objection=objection_id)
    unit = locked_unit(objection.sheet.notice.unit_id)
    if with_sheets:
        _lock_sheets(objection.sheet.notice)
    return objections.select_for_update(of=("self",)).get(id=objection_id), unit


def _answerable(actor: Actor, objection_id: int, answer: str) -> tuple[Actor, Objection]:
    objection, unit = _locked_objection(objection_id)
    actor = require_instance(actor, unit, objection)
    if objection.state != ObjectionState.OPEN:
        raise AlreadyAnswered
    if not answer.strip():
        raise ReasonMissing
    return actor, objection


def _require_impartial(actor: Actor, objection: Objection, lines: Iterable[NoticeLine]) -> None:
    """Refuse who objects themselves, wrote the objection down, or is concerned by what it is about.

    A whole notice concerns everyone in the village: there, what one corrects must not be one's own.
    """
    lines, near = list(lines), households_near(actor)
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
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at", "edition"])
    log_act(
        actor=actor,
        act="answer",
        subject="objection",
        subject_ids=[objection.pk],
        from_state=ObjectionState.OPEN,
        to_state=state,
    )
    send(topic="objection-answered", payload={"objection": objection.pk})
    return objection
