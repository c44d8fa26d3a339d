"""Deliberating a draft: villagers say what they think, the unit answers, a meeting votes (DOMAIN §4 "Versions")."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Catalogue, Feedback, State, Vote
from xiangyue.catalogue.refusals import (
    AlreadyAnswered,
    DeliberationOver,
    EmptyCatalogue,
    FeedbackOpen,
    NotADraft,
    NotDeliberated,
    TextMissing,
    TooEarlyToVote,
    UnknownCatalogue,
    UnknownFeedback,
    UnknownIndicator,
    VotesDoNotAddUp,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import NotAllowed, may, require
from xiangyue.people.queries import households_of
from xiangyue.records.operations import log_act, store_file

TEXT_LENGTH = 2_000


@dataclass(frozen=True)
class Count:
    """How a meeting voted. eligible: who could vote; present: who was there. held_on: today or before."""

    held_on: date
    eligible: int
    present: int
    votes_for: int
    votes_against: int
    abstained: int = 0


@transaction.atomic
def deliberate(*, actor: Actor, catalogue_id: int, until: date) -> Catalogue:
    """Lay a draft before the village: until a day, that day included, everyone of it may say what they think.

    Raises: UnknownCatalogue, NotAllowed, NotADraft, EmptyCatalogue, DeliberationOver where the day is past.
    """
    actor, draft = locked_catalogue(actor, catalogue_id)
    if draft.state not in (State.DRAFT, State.DELIBERATED):
        raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
    if not draft.indicators.exists():
        raise EmptyCatalogue(catalogue=draft.name)
    if until < clock.today():
        raise DeliberationOver(catalogue=draft.name, until=until)
    draft.feedback_until = until
    move(actor, draft, State.DELIBERATED, "deliberate_catalogue", "feedback_until")
    return draft


@transaction.atomic
def say(*, actor: Actor, catalogue_id: int, text: str, number: str = "", key: str) -> Feedback:
    """Say what one thinks of a draft that is being deliberated. number: of the indicator that is meant, if one is.

    By a household of the unit, or by whoever holds an office there. The same key again, from the same, says nothing
    new.
    Raises: UnknownCatalogue, NotAllowed, NotDeliberated, DeliberationOver, TextMissing, UnknownIndicator.
    """
    draft = locked_row(catalogue_id)
    household = _who_says(actor, draft.unit)
    known = draft.feedback.filter(said_by_kind=actor.kind, said_by_id=actor.id, key=key).first()
    if known:
        return known
    if draft.state != State.DELIBERATED or draft.feedback_until is None:
        raise NotDeliberated(catalogue=draft.name, state=draft.get_state_display())
    if clock.today() > draft.feedback_until:
        raise DeliberationOver(catalogue=draft.name, until=draft.feedback_until)
    if number and not draft.indicators.filter(number=number).exists():
        raise UnknownIndicator(catalogue=draft.name, text=number)
    said = Feedback.objects.create(
        catalogue=draft,
        household=household,
        number=number,
        text=_text(text),
        said_by_kind=actor.kind,
        said_by_id=actor.id,
        said_at=clock.now(),
        key=key,
    )
    log_act(actor=actor, act="say", subject="catalogue_feedback", subject_ids=[said.pk])
    return said


@transaction.atomic
def answer(*, actor: Actor, feedback_id: int, text: str) -> Feedback:
    """Answer what a villager said. Raises: UnknownFeedback, NotAllowed, AlreadyAnswered, TextMissing."""
    catalogue_id = Feedback.objects.filter(pk=feedback_id).values_list("catalogue_id", flat=True).first()
    if catalogue_id is None:
        raise UnknownFeedback(feedback=feedback_id)
    actor, _draft = locked_catalogue(actor, catalogue_id)
    said = Feedback.objects.get(pk=feedback_id)
    if said.answered_at is not None:
        raise AlreadyAnswered(feedback=feedback_id)
    said.answer, said.answered_at, said.answered_by_id = _text(text), clock.now(), actor.user_id
    said.save(update_fields=["answer", "answered_at", "answered_by"])
    log_act(actor=actor, act="answer", subject="catalogue_feedback", subject_ids=[said.pk])
    return said


@transaction.atomic
def record_vote(*, actor: Actor, catalogue_id: int, count: Count, minutes: tuple[str, bytes]) -> Vote:
    """Record how a meeting voted on a draft, with its minutes. More than half of those there adopt it.

    A draft that isn't carried goes back to be drafted again, and the vote stays on record. A meeting may vote without
    a deliberation before it, but not before one has ended, nor while somebody waits for an answer.
    Raises: UnknownCatalogue, NotAllowed, NotADraft, EmptyCatalogue, TooEarlyToVote, FeedbackOpen, VotesDoNotAddUp;
    what `store_file` raises.
    """
    actor, draft = locked_catalogue(actor, catalogue_id)
    if draft.state not in (State.DRAFT, State.DELIBERATED):
        raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
    if not draft.indicators.exists():
        raise EmptyCatalogue(catalogue=draft.name)
    _check_time(draft, count)
    _check_count(count)
    carried = count.votes_for * 2 > count.present
    name, content = minutes
    vote = Vote.objects.create(
        catalogue=draft,
        held_on=count.held_on,
        eligible=count.eligible,
        present=count.present,
        votes_for=count.votes_for,
        votes_against=count.votes_against,
        abstained=count.abstained,
        carried=carried,
        minutes=store_file(name=name, content=content),
    )
    if carried:
        draft.minutes = vote.minutes
    move(actor, draft, State.ADOPTED if carried else State.DRAFT, "vote_on_catalogue", "minutes")
    return vote


def locked_catalogue(actor: Actor, catalogue_id: int) -> tuple[Actor, Catalogue]:
    """Give a catalogue that the actor may manage, with its unit's row and its own locked, in this order.

    Raises: UnknownCatalogue, NotAllowed.
    """
    unit_id = Catalogue.objects.filter(pk=catalogue_id).values_list("unit_id", flat=True).first()
    if unit_id is None:
        raise UnknownCatalogue(catalogue=catalogue_id)
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    actor = require(actor, Act.MANAGE_CATALOGUE, unit)
    return actor, locked_row(catalogue_id)


def locked_row(catalogue_id: int) -> Catalogue:
    """Give a catalogue with its own row locked, for those who don't manage its unit. Raises: UnknownCatalogue."""
    locked = Catalogue.objects.select_for_update(of=("self",)).select_related("unit")
    found = locked.filter(pk=catalogue_id).first()
    if found is None:
        raise UnknownCatalogue(catalogue=catalogue_id)
    return found


def move(actor: Actor, catalogue: Catalogue, state: State, act: str, *fields: str) -> None:
    """Bring a catalogue into a state, with the fields that change with it, and log who did it."""
    before, catalogue.state = catalogue.state, state
    catalogue.save(update_fields=["state", *fields])
    log_act(
        actor=actor,
        act=act,
        subject="catalogue",
        subject_ids=[catalogue.pk],
        from_state=before,
        to_state=state,
    )


def _who_says(actor: Actor, unit: Unit) -> Household | None:
    """Give the household for which somebody speaks; None for whoever may make the rules there themselves."""
    own = Household.objects.filter(
        pk__in=households_of(actor), unit__path__startswith=unit.path, left_on=None
    )
    household = own.order_by("pk").first()
    if household is None and not (actor.kind is ActorKind.USER and may(actor, Act.JUDGE, unit)):
        raise NotAllowed(act=_("对细则提意见"), unit=unit.name)
    return household


def _text(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= TEXT_LENGTH:
        raise TextMissing(most=TEXT_LENGTH)
    return text


def _check_time(draft: Catalogue, count: Count) -> None:
    if count.held_on > clock.today():
        raise TooEarlyToVote(on=count.held_on)
    if draft.state == State.DELIBERATED and draft.feedback_until and count.held_on <= draft.feedback_until:
        raise TooEarlyToVote(on=count.held_on)
    waiting = draft.feedback.filter(answered_at=None).count()
    if waiting:
        raise FeedbackOpen(catalogue=draft.name, count=waiting)


def _check_count(count: Count) -> None:
    parts = (count.votes_for, count.votes_against, count.abstained)
    adds_up = min(parts) >= 0 and sum(parts) == count.present
    if not adds_up or not 0 < count.present <= count.eligible:
        raise VotesDoNotAddUp(present=count.present, eligible=count.eligible, votes=sum(parts))
