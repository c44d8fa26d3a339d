"""Putting a catalogue in force. CONDUCT decides what can't be (`guards`)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Finding, Weight
from xiangyue.catalogue.models import Catalogue, Clearance, Indicator, State
from xiangyue.catalogue.operations.deliberating import locked_catalogue, move
from xiangyue.catalogue.queries import frame_above, indicators_of
from xiangyue.catalogue.refusals import (
    AlreadyCleared,
    BeyondFrame,
    CatalogueForbidden,
    EmptyCatalogue,
    LocalNumberTaken,
    NotAdopted,
    NotADraft,
    NotAfterPresent,
    NothingToClear,
    TextMissing,
    UnknownCatalogue,
)
from xiangyue.catalogue.rules.local import beyond_bounds
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act

REASON_LENGTH = 500


@transaction.atomic
def enact(*, actor: Actor, catalogue_id: int, on: date) -> Catalogue:
    """Put a catalogue that was adopted in force from a day; the present one judges acts up to the day before.

    on: may lie in the past, but after the day from which the present catalogue is in force. The founding of a
    jurisdiction enacts its preset without a vote: it is the frame that villages then vote on.
    Raises: UnknownCatalogue, NotAllowed, NotADraft, NotAdopted, EmptyCatalogue, CatalogueForbidden, BeyondFrame,
    LocalNumberTaken, NoFrame, NotAfterPresent.
    """
    actor, draft = locked_catalogue(actor, catalogue_id)
    if draft.state in (State.IN_FORCE, State.SUPERSEDED):
        raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
    if draft.state != State.ADOPTED and actor != SYSTEM:
        raise NotAdopted(catalogue=draft.name, state=draft.get_state_display())
    indicators = indicators_of(draft)
    if not indicators:
        raise EmptyCatalogue(catalogue=draft.name)
    require_lawful(draft, indicators)
    if draft.is_local:
        _require_within_frame(draft, indicators, on)
    _supersede(actor, draft.unit, on)
    draft.in_force_from = on
    move(actor, draft, State.IN_FORCE, "enact_catalogue", "in_force_from")
    return draft


@transaction.atomic
def clear_question(*, actor: Actor, catalogue_id: int, number: str, code: str, reason: str) -> Clearance:
    """Say, as the county's reviewer, why an indicator may stand although its words raised a question.

    What takes away a right can't be cleared. number: of the indicator, empty for the scheme's own.
    Raises: UnknownCatalogue, NotAllowed, NotADraft, NothingToClear, AlreadyCleared, TextMissing.
    """
    root = Unit.objects.get(parent=None)
    actor = require(actor, Act.CLEAR_CATALOGUE, root)
    draft = Catalogue.objects.select_for_update().filter(pk=catalogue_id).first()
    if draft is None:
        raise UnknownCatalogue(catalogue=catalogue_id)
    if draft.state in (State.IN_FORCE, State.SUPERSEDED):
        raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
    asked = [found for found in questions(draft) if (_number(found), found.code) == (number, code)]
    if not asked:
        raise NothingToClear(catalogue=draft.name, number=number, code=code)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH:
        raise TextMissing(most=REASON_LENGTH)
    words = asked[0].words[:200]
    if Clearance.objects.filter(catalogue=draft, number=number, code=code, words=words).exists():
        raise AlreadyCleared(catalogue=draft.name, number=number)
    cleared = Clearance.objects.create(
        catalogue=draft,
        number=number,
        code=code,
        words=words,
        reason=reason,
        cleared_by_id=actor.user_id,
        cleared_at=clock.now(),
    )
    log_act(actor=actor, act="clear_question", subject="catalogue", subject_ids=[draft.pk], reason=reason)
    return cleared


def what_hinders(draft: Catalogue, indicators: Sequence[Indicator] | None = None) -> list[Finding]:
    """Give all that keeps a draft from being put in force: what is forbidden, what is missing, open questions."""
    cleared = set(draft.clearances.values_list("number", "code", "words"))
    return [
        found
        for found in _found(draft, indicators)
        if found.weight is not Weight.QUESTION
        or (_number(found), found.code, found.words[:200]) not in cleared
    ]


def questions(draft: Catalogue) -> list[Finding]:
    """Give the questions that a county's reviewer may clear, cleared or not."""
    return [found for found in _found(draft) if found.weight is Weight.QUESTION]


def require_lawful(draft: Catalogue, indicators: Sequence[Indicator]) -> None:
    """Refuse what CONDUCT forbids, by indicator and clause. Raises: CatalogueForbidden, which carries all findings."""
    if hindering := what_hinders(draft, indicators):
        raise CatalogueForbidden(hindering)


def _found(draft: Catalogue, indicators: Sequence[Indicator] | None = None) -> list[Finding]:
    known = indicators_of(draft) if indicators is None else indicators
    return findings([indicator.item for indicator in known], draft.rules)


def _number(found: Finding) -> str:
    return found.item.number if found.item else ""


def _require_within_frame(draft: Catalogue, indicators: Sequence[Indicator], on: date) -> None:
    """Refuse own items beyond what the frame allows, and numbers or titles that the frame uses."""
    frame = frame_above(draft.unit, on)
    beyond = beyond_bounds([indicator.item for indicator in indicators], frame.rules.local)
    if beyond:
        raise BeyondFrame(frame, beyond)
    taken = {text for above in indicators_of(frame) for text in (above.number, above.title)}
    for indicator in indicators:
        if {indicator.number, indicator.title} & taken:
            raise LocalNumberTaken(number=indicator.number, title=indicator.title, frame=frame.name)


def _supersede(actor: Actor, unit: Unit, on: date) -> None:
    present = Catalogue.objects.select_for_update().filter(unit=unit, state=State.IN_FORCE).first()
    if present is None:
        return
    assert present.in_force_from is not None  # held by the constraint catalogue_state_has_days
    if on <= present.in_force_from:
        raise NotAfterPresent(catalogue=present.name, since=present.in_force_from, on=on)
    present.in_force_until = on - timedelta(days=1)
    move(actor, present, State.SUPERSEDED, "supersede_catalogue", "in_force_until")
