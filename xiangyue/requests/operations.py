"""Every write on contact lines and complaints."""

import re
import secrets
import unicodedata
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.ids import token_hash
from xiangyue.people.models import Resident, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.erasing import strike
from xiangyue.people.operations.own import is_own
from xiangyue.people.operations.units import known_unit, require_standing
from xiangyue.people.permissions import NotAllowed, require
from xiangyue.people.person import Erased, Section
from xiangyue.records.operations import log_act, send
from xiangyue.requests.models import (
    Complaint,
    ComplaintKind,
    ComplaintState,
    ComplaintWay,
    ContactKind,
    ContactLine,
)
from xiangyue.requests.permissions import complaints_for, require_answering
from xiangyue.requests.refusals import (
    AnswerEmpty,
    BadContactLabel,
    BadContactPhone,
    ComplaintAnswered,
    ComplaintEmpty,
    ComplaintTooLong,
    NoContact,
    NoLevelAbove,
    NotOwnComplaint,
    PassingReasonEmpty,
    TooManyComplaints,
    UnknownComplaint,
)

ANSWER_DAYS: Final = timedelta(
    days=15
)  # 信访工作条例 (2022) § 22: told within fifteen days what becomes of it
LONGEST_TEXT: Final = 2000
LONGEST_LABEL: Final = 40
# Nobody's phone is remembered to count by; a whole village's complaints of an hour, or a household's of a day, are.
NAMELESS_AT_ONCE: Final = 10
NAMELESS_SPAN: Final = timedelta(hours=1)
OWN_AT_ONCE: Final = 5
OWN_SPAN: Final = timedelta(hours=24)

MOST_DIGITS: Final = 12

_PHONE: Final = re.compile(r"[0-9][0-9 -]{1,18}")  # as people write it, to be read from the page


def new_token() -> str:
    """Draw what the address of a complaint's progress holds; a form brings it, so that sending twice counts once."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def lodge_complaint(
    *,
    actor: Actor | None,
    unit_id: int,
    kind: ComplaintKind,
    text: str,
    token: str,
    household_id: int | None = None,
    is_hidden: bool = True,
    way: ComplaintWay = ComplaintWay.PAGE,
) -> Complaint:
    """Complain about a unit of the scheme or its staff; the level above answers within ANSWER_DAYS.

    actor: None for somebody who did not sign in. Staff who may answer there write down what they are told on paper,
    by phone or in person. token: its hash is kept; the same token again gives the same complaint. How many come
    without a name about one unit, and how many from one household, is limited; that is counted without a lock, since a
    few more at the same moment do no harm. Who complained without a name, or hidden, stands in no log either.
    Raises: ComplaintEmpty, ComplaintTooLong, UnknownUnit, UnitEnded, NotOwnComplaint, NotAllowed,
    TooManyComplaints.
    """
    text = text.strip()
    if not text:
        raise ComplaintEmpty
    if len(text) > LONGEST_TEXT:
        raise ComplaintTooLong(limit=LONGEST_TEXT)
    existing = Complaint.objects.filter(token_hash=token_hash(token)).first()
    if existing:
        return existing
    unit = known_unit(unit_id)
    require_standing(unit)
    answer_unit = unit.parent or unit
    recorder = _recorder(actor, unit, answer_unit, household_id, way)
    if way is ComplaintWay.PAGE:
        _require_few(unit, household_id)
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                token_hash=token_hash(token),
                unit=unit,
                answer_unit=answer_unit,
                kind=kind,
                household_id=household_id,
                is_hidden=is_hidden,
                way=way,
                text=text,
                recorded_by_id=recorder.user_id if recorder else None,
                lodged_at=clock.now(),
                answer_by=clock.today() + ANSWER_DAYS,
            )
    except IntegrityError:  # the same form, sent twice at once
        return Complaint.objects.get(token_hash=token_hash(token))
    named = actor if actor and household_id and not is_hidden else None
    log_act(actor=recorder or named or SYSTEM, act="lodge", subject="complaint", subject_ids=[complaint.pk])
    send(topic="complaint-lodged", payload={"complaint": complaint.pk})
    return complaint


@transaction.atomic
def answer_complaint(*, actor: Actor, complaint_id: int, answer: str) -> Complaint:
    """Answer a complaint; whoever complained reads it at its address.

    Raises: UnknownComplaint (also for who may not see it), ComplaintAnswered, AnswerEmpty, ComplaintTooLong.
    """
    actor, complaint = _locked_complaint(actor, complaint_id)
    answer = answer.strip()
    if not answer:
        raise AnswerEmpty
    if len(answer) > LONGEST_TEXT:
        raise ComplaintTooLong(limit=LONGEST_TEXT)
    complaint.state, complaint.answer = ComplaintState.ANSWERED, answer
    complaint.answered_by_id, complaint.answered_at = actor.user_id, clock.now()
    complaint.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    log_act(
        actor=actor,
        act="answer",
        subject="complaint",
        subject_ids=[complaint.pk],
        from_state=ComplaintState.OPEN,
        to_state=ComplaintState.ANSWERED,
    )
    send(topic="complaint-answered", payload={"complaint": complaint.pk})
    return complaint


@transaction.atomic
def pass_on(*, actor: Actor, complaint_id: int, reason: str) -> Complaint:
    """Pass a complaint on to the level above the one that has it, with new days to answer.

    Raises: UnknownComplaint (also for who may not see it), ComplaintAnswered, PassingReasonEmpty, NoLevelAbove.
    """
    actor, complaint = _locked_complaint(actor, complaint_id)
    if not reason.strip():
        raise PassingReasonEmpty
    here = complaint.answer_unit
    if here.parent_id is None:
        raise NoLevelAbove(unit=here.name)
    complaint.answer_unit = known_unit(here.parent_id)
    complaint.answer_by = clock.today() + ANSWER_DAYS
    complaint.save(update_fields=["answer_unit", "answer_by"])
    log_act(
        actor=actor,
        act="pass-on",
        subject="complaint",
        subject_ids=[complaint.pk],
        from_state=here.level,
        to_state=complaint.answer_unit.level,
        reason=reason.strip(),
    )
    send(topic="complaints-passed-on", payload={"complaints": [complaint.pk]})
    return complaint


@transaction.atomic
def pass_on_overdue(*, actor: Actor) -> int:
    """Pass every open complaint whose last day has passed one level up; give how many. The top keeps what is late.

    One that waited long goes up by one level all the same; running it twice moves nothing twice.
    Raises: NotAllowed.
    """
    require(actor, Act.ANSWER_COMPLAINTS, Unit.objects.get(parent=None))
    late = Complaint.objects.filter(state=ComplaintState.OPEN, answer_by__lt=clock.today())
    # Whoever comes second waits here, and finds the rows' new days.
    rows = late.exclude(answer_unit__parent=None).select_for_update(of=("self",), no_key=True).order_by("id")
    ids = list(rows.values_list("id", flat=True))
    above = Unit.objects.filter(id=OuterRef("answer_unit_id")).values("parent_id")[:1]
    Complaint.objects.filter(id__in=ids).update(
        answer_unit_id=Subquery(above), answer_by=clock.today() + ANSWER_DAYS
    )
    log_act(actor=actor, act="pass-on", subject="complaint", subject_ids=ids, reason="late")
    if ids:
        send(topic="complaints-passed-on", payload={"complaints": ids})
    return len(ids)


@transaction.atomic
def set_contact(*, actor: Actor, unit_id: int, kind: ContactKind, label: str, phone: str) -> ContactLine:
    """Set the phone of a kind that a unit answers; the one before is replaced.

    Raises: UnknownUnit, NotAllowed, BadContactLabel, BadContactPhone.
    """
    unit = known_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    label, shown = label.strip(), unicodedata.normalize("NFKC", phone).strip()
    if not label or len(label) > LONGEST_LABEL:
        raise BadContactLabel
    if not _PHONE.fullmatch(shown) or not 3 <= sum(map(str.isdigit, shown)) <= MOST_DIGITS:
        raise BadContactPhone(phone=phone)
    line, _created = ContactLine.objects.update_or_create(
        unit=unit, kind=kind, defaults={"label": label, "phone": shown}
    )
    log_act(actor=actor, act="set", subject="contact", subject_ids=[line.pk])
    return line


@transaction.atomic
def remove_contact(*, actor: Actor, unit_id: int, kind: ContactKind) -> None:
    """Take a unit's phone of a kind off the pages. Raises: UnknownUnit, NotAllowed, NoContact."""
    unit = known_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    line = ContactLine.objects.filter(unit=unit, kind=kind).first()
    if line is None:
        raise NoContact(unit=unit.name, kind=kind.label)
    log_act(actor=actor, act="remove", subject="contact", subject_ids=[line.pk])
    line.delete()


def kept_of(resident: Resident) -> list[Section]:
    """Give the complaints of a person's household, with their answers."""
    found = Complaint.objects.filter(household=resident.household).order_by("id")
    headers = {"at": _("时间"), "text": _("投诉"), "state": _("结果"), "answer": _("答复")}
    rows = [
        {
            "at": each.lodged_at,
            "text": each.text,
            "state": str(each.get_state_display()),
            "answer": each.answer,
        }
        for each in found
    ]
    return [Section("complaints", _("投诉"), headers, rows)]


def erase(erased: Erased) -> None:
    """Take out of complaints and their answers what names the erased; an emptied household complained about nothing."""
    own = Q(household_id__in=erased.households)
    for field in ("text", "answer"):
        strike(Complaint.objects.all(), field, erased, own=own)
    Complaint.objects.filter(household_id__in=erased.emptied).update(household=None)


def _recorder(
    actor: Actor | None, unit: Unit, answer_unit: Unit, household_id: int | None, way: ComplaintWay
) -> Actor | None:
    """Give who writes a complaint down for somebody else; None for those who complain themselves."""
    if way is ComplaintWay.PAGE:
        if household_id is not None and (actor is None or not is_own(actor, household_id)):
            raise NotOwnComplaint
        return None
    if actor is None:
        raise NotAllowed(act=Act.ANSWER_COMPLAINTS.label, unit=answer_unit.name)
    return require_answering(actor, unit, answer_unit)


def _require_few(unit: Unit, household_id: int | None) -> None:
    """Refuse one more where many came just now; what staff write down is not counted. Raises: TooManyComplaints."""
    on_pages = Complaint.objects.filter(way=ComplaintWay.PAGE)
    if household_id is None:
        found, most, span = on_pages.filter(unit=unit, household=None), NAMELESS_AT_ONCE, NAMELESS_SPAN
    else:
        found, most, span = on_pages.filter(household_id=household_id), OWN_AT_ONCE, OWN_SPAN
    if found.filter(lodged_at__gt=clock.now() - span).count() >= most:
        raise TooManyComplaints(count=most, hours=span // timedelta(hours=1))


def _locked_complaint(actor: Actor, complaint_id: int) -> tuple[Actor, Complaint]:
    """Give an open complaint that the actor may answer, locked, and the actor with the office for it."""
    complaint = (
        complaints_for(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("unit", "answer_unit")
        .filter(id=complaint_id)
        .first()
    )
    if complaint is None:
        raise UnknownComplaint(complaint=complaint_id)
    if complaint.state != ComplaintState.OPEN:
        raise ComplaintAnswered
    return require_answering(actor, complaint.unit, complaint.answer_unit), complaint
