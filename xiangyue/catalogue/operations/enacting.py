"""Putting a catalogue in force. CONDUCT decides what can't be (`guards`)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Finding, Weight
from xiangyue.catalogue.models import Catalogue, Clearance, Indicator, State
from xiangyue.catalogue.operations.deliberating import locked_catalogue, locked_row, move
from xiangyue.catalogue.queries import frame_above, indicators_of, rules_in_force
from xiangyue.catalogue.refusals import (
    AlreadyCleared,
    BeyondFrame,
    CatalogueForbidden,
    EmptyCatalogue,
    FrameReplaced,
    LocalNumberTaken,
    NotAdopted,
    NotADraft,
    NotAfterPresent,
    NothingToClear,
    NumberTakenBetween,
    TextMissing,
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
    Raises: UnknownCatalogue, NotAllowed, NotADraft, NotAdopted, EmptyCatalogue, CatalogueForbidden, FrameReplaced,
    BeyondFrame, LocalNumberTaken, NumberTakenBetween, NoFrame, NotAfterPresent.
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

    What takes away a right can't be cleared. number: of the indicator, empty for the scheme's own. Where its words
    raise several questions of one code, each is cleared by itself, in their order.
    Raises: UnknownCatalogue, NotAllowed, NotADraft, NothingToClear, AlreadyCleared, TextMissing.
    """
    root = Unit.objects.get(parent=None)
    actor = require(actor, Act.CLEAR_CATALOGUE, root)
    draft = locked_row(catalogue_id)
    if draft.state in (State.IN_FORCE, State.SUPERSEDED):
        raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
    asked = [found for found in questions(draft) if (_number(found), found.code) == (number, code)]
    if not asked:
        raise NothingToClear(catalogue=draft.name, number=number, code=code)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH:
        raise TextMissing(most=REASON_LENGTH)
    known = set(draft.clearances.filter(number=number, code=code).values_list("words", flat=True))
    words = next((found.words[:200] for found in asked if found.words[:200] not in known), None)
    if words is None:
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
    """What is asked of the frame's own words was answered when the frame was put in force; points ask nothing."""
    known = indicators_of(draft) if indicators is None else indicators
    return [
        found
        for found in findings([indicator.item for indicator in known], draft.rules)
        if found.weight is not Weight.QUESTION or found.item is None or found.item.frame is None
    ]


def _number(found: Finding) -> str:
    return found.item.number if found.item else ""


def _require_within_frame(draft: Catalogue, indicators: Sequence[Indicator], on: date) -> None:
    """Refuse own items and changed points beyond what the frame allows, and numbers or titles that are in use there.

    Raises: NoFrame, FrameReplaced, BeyondFrame, LocalNumberTaken, NumberTakenBetween.
    """
    frame = frame_above(draft.unit, on)
    above = indicators_of(frame)
    known = {indicator.pk for indicator in above}
    for indicator in indicators:
        if indicator.changes_id is not None and indicator.changes_id not in known:
            old = Catalogue.objects.get(indicators=indicator.changes_id).name
            facts = {"number": indicator.number, "title": indicator.title, "old": old, "frame": frame.name}
            raise FrameReplaced(on=on, **facts)
    beyond = beyond_bounds([indicator.item for indicator in indicators], frame.rules.local)
    if beyond:
        raise BeyondFrame(frame, beyond, frame.rules.local)
    taken = {text for each in above for text in (each.number, each.title)}
    for indicator in indicators:
        if indicator.changes_id is None and {indicator.number, indicator.title} & taken:
            raise LocalNumberTaken(number=indicator.number, title=indicator.title, frame=frame.name)
    _require_free_between(draft, indicators, on)


def _require_free_between(draft: Catalogue, indicators: Sequence[Indicator], on: date) -> None:
    """Refuse own items that units between the frame and this one have already. Raises: NumberTakenBetween."""
    between = [each for each in rules_in_force(draft.unit, on).own if each.unit_id != draft.unit_id]
    own = [each for each in indicators_of(*between) if each.changes_id is None]
    taken = {text: each for each in own for text in (each.number, each.title)}
    for indicator in indicators:
        other = taken.get(indicator.number) or taken.get(indicator.title)
        if other is not None and indicator.changes_id is None:
            facts = {"number": indicator.number, "title": indicator.title}
            unit = other.catalogue.unit.name
            raise NumberTakenBetween(unit=unit, catalogue=other.catalogue.name, **facts)


def _supersede(actor: Actor, unit: Unit, on: date) -> None:
    """End what is in force in a unit whose row is locked, which keeps others from changing it meanwhile."""
    present = Catalogue.objects.filter(unit=unit, state=State.IN_FORCE).first()
    if present is None:
        return
    assert present.in_force_from is not None  # held by the constraint catalogue_state_has_days
    if on <= present.in_force_from:
        raise NotAfterPresent(catalogue=present.name, since=present.in_force_from, on=on)
    present.in_force_until = on - timedelta(days=1)
    move(actor, present, State.SUPERSEDED, "supersede_catalogue", "in_force_until")
