"""What a household wishes, and what it asks for: rankings, how its pages look, a correction, a new card."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.household_log import log_kept
from xiangyue.people.household_sections import household_kept
from xiangyue.people.membership_refusals import (
    AnswerNeeded,
    BadRequestText,
    ChoiceOnBehalf,
    HasCard,
    TooManyRequests,
    UnknownLanguage,
    UnknownRequest,
)
from xiangyue.people.models import (
    Card,
    Household,
    HouseholdRequest,
    Level,
    Reading,
    RequestState,
    Topic,
    Unit,
    Wanted,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations.own import acting_for, is_own, require_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.permissions import require
from xiangyue.people.refusals import NotAVillage, UnknownHousehold, UnknownUnit
from xiangyue.people.sections import Section
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.people.wish_words import WHETHER_RANKED
from xiangyue.records.operations import log_act, send

TEXT_LENGTH: Final = 500
MOST_OPEN: Final = 5
TERM: Final = timedelta(days=15)  # sooner than GB/T 35273-2020 8.7 asks for


@transaction.atomic
def set_ranking(*, actor: Actor, household_id: int, is_ranked: bool) -> Household:
    """Say whether the household stands in public rankings. Its points and the notices stay as they are.

    Raises: UnknownHousehold, ChoiceOnBehalf, ChildMayNot.
    """
    household = locked_household(household_id)
    require_own(actor, household_id, ChoiceOnBehalf(what=WHETHER_RANKED), of_age=True)
    if household.is_ranked != is_ranked:
        household.is_ranked = is_ranked
        household.save(update_fields=["is_ranked"])
        state = "yes" if is_ranked else "no"
        log_act(
            actor=actor, act="set-ranking", subject="household", subject_ids=[household.pk], to_state=state
        )
    return household


@transaction.atomic
def set_village_ranking(*, actor: Actor, village_id: int, is_ranked: bool) -> Unit:
    """Say whether a village ranks its households in public, as whoever makes its rules (CONDUCT "No burden").

    Points and notices stay as they are. Raises: UnknownUnit, NotAVillage, NotAllowed.
    """
    village = Unit.objects.select_for_update(no_key=True).filter(id=village_id).first()
    if village is None:
        raise UnknownUnit(unit=village_id)
    if village.level != Level.VILLAGE:
        raise NotAVillage(unit=village.code, name=village.name)
    actor = require(actor, Act.MANAGE_CATALOGUE, village)
    if village.is_ranked != is_ranked:
        village.is_ranked = is_ranked
        village.save(update_fields=["is_ranked"])
        state = "yes" if is_ranked else "no"
        log_act(actor=actor, act="set-ranking", subject="unit", subject_ids=[village.pk], to_state=state)
    return village


@transaction.atomic
def set_reading(
    *, actor: Actor, household_id: int, is_large: bool | None = None, language: str | None = None
) -> Reading:
    """Keep how an account wants its pages: large type, which language; None leaves what is there.

    A member who signed in says it for themselves; by card, or on behalf, it is said for the household.
    Raises: UnknownHousehold, NotAllowed, NotHelping, AskFirst, UnknownLanguage.
    """
    household = locked_household(household_id)
    actor, behalf = acting_for(actor, household)
    if language and language not in dict(settings.LANGUAGES):
        raise UnknownLanguage(language=language)
    if actor.kind is ActorKind.USER and behalf is None:
        reading, _is_new = Reading.objects.get_or_create(user_id=actor.id)
    else:
        reading, _is_new = Reading.objects.get_or_create(household=household)
    reading.is_large = reading.is_large if is_large is None else is_large
    reading.language = reading.language if language is None else language
    reading.save(update_fields=["is_large", "language"])
    log_act(
        actor=actor, act="set-reading", subject="household", subject_ids=[household.pk], on_behalf_of=behalf
    )
    return reading


@transaction.atomic
def request_correction(*, actor: Actor, household_id: int, what: Topic, text: str) -> HouseholdRequest:
    """Ask that what is kept of the household be corrected, or deleted (PIPL 46, 47); answered within 15 days.

    The very same again, while it waits, is the request there is.
    Raises: UnknownHousehold, NotAllowed, NotHelping, AskFirst, HouseholdLeft, BadRequestText, TooManyRequests.
    """
    said = text.strip()
    household = locked_household(household_id)
    actor, behalf = acting_for(actor, household)
    _require_living(household)
    if not 0 < len(said) <= TEXT_LENGTH:
        raise BadRequestText(most=TEXT_LENGTH)
    waiting = HouseholdRequest.objects.filter(
        household=household, wanted=Wanted.CORRECTION, state=RequestState.OPEN
    )
    same = waiting.filter(topic=what, text=said).first()
    if same:
        return same
    if waiting.count() >= MOST_OPEN:
        raise TooManyRequests(most=MOST_OPEN)
    return _ask(actor, household, behalf, Wanted.CORRECTION, topic=what, text=said)


@transaction.atomic
def request_card(*, actor: Actor, household_id: int) -> HouseholdRequest:
    """Ask for a new card, where none works; asked again while it waits, it is the request there is.

    Raises: UnknownHousehold, NotAllowed, NotHelping, AskFirst, HouseholdLeft, HasCard.
    """
    household = locked_household(household_id)
    actor, behalf = acting_for(actor, household)
    _require_living(household)
    if Card.objects.filter(household=household, revoked_at=None).exists():
        raise HasCard(number=household.number)
    waiting = HouseholdRequest.objects.filter(
        household=household, wanted=Wanted.CARD, state=RequestState.OPEN
    ).first()
    return waiting or _ask(actor, household, behalf, Wanted.CARD)


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: int) -> HouseholdRequest:
    """Take a request back. Raises: UnknownRequest, NotAllowed, NotHelping, AskFirst."""
    household, request = _locked_request(request_id)
    actor, behalf = acting_for(actor, household)
    return _answer(actor, request, RequestState.WITHDRAWN, "", behalf)


@transaction.atomic
def answer_request(*, actor: Actor, request_id: int, is_done: bool, answer: str) -> HouseholdRequest:
    """Say what was done about a request, or why it was not; the household sees it.

    Raises: UnknownRequest, NotAllowed, AnswerNeeded.
    """
    household, request = _locked_request(request_id)
    actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
    said = answer.strip()
    if not 0 < len(said) <= TEXT_LENGTH:
        raise AnswerNeeded(most=TEXT_LENGTH)
    state = RequestState.DONE if is_done else RequestState.DECLINED
    return _answer(actor, request, state, said, None)


def _ask(
    actor: Actor, household: Household, behalf: int | None, wanted: Wanted, *, topic: str = "", text: str = ""
) -> HouseholdRequest:
    made = HouseholdRequest.objects.create(
        household=household,
        wanted=wanted,
        topic=topic,
        text=text,
        made_at=clock.now(),
        made_by_kind=actor.kind,
        made_by_id=actor.id,
        is_on_behalf=behalf is not None,
        answer_by=clock.today() + TERM,
    )
    log_act(
        actor=actor,
        act="make",
        subject="request",
        subject_ids=[made.pk],
        to_state=wanted,
        on_behalf_of=behalf,
    )
    send(topic="request-made", payload={"request": made.pk})
    return made


def _answer(
    actor: Actor, request: HouseholdRequest, state: RequestState, answer: str, behalf: int | None
) -> HouseholdRequest:
    request.state, request.answer, request.answered_at = state, answer, clock.now()
    request.answered_by_id = actor.user_id
    request.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    log_act(
        actor=actor,
        act="answer",
        subject="request",
        subject_ids=[request.pk],
        to_state=state,
        on_behalf_of=behalf,
    )
    if state != RequestState.WITHDRAWN:
        send(topic="request-answered", payload={"request": request.pk})
    return request


def _locked_request(request_id: int) -> tuple[Household, HouseholdRequest]:
    """Lock a household and read a request of it that waits. Raises: UnknownRequest."""
    waiting = HouseholdRequest.objects.filter(id=request_id, state=RequestState.OPEN)
    home = waiting.values_list("household_id", flat=True).first()
    if home is not None:
        household = locked_household(home)
        request = waiting.first()
        if request:
            return household, request
    raise UnknownRequest(request=request_id)


def _require_living(household: Household) -> None:
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)


@transaction.atomic
def take_out_household(*, actor: Actor, household_id: int) -> list[Section]:
    """Give everything that is kept of a household, for the household (PIPL 45), and log that it was taken out.

    What is one person's alone, that person takes out (`residents.take_out`). By the household itself, or by whoever
    may export, for those who ask at the counter. Raises: UnknownHousehold, NotAllowed, ChildMayNot; KeyMissing.
    """
    household = locked_household(household_id)
    if is_own(actor, household_id):
        require_own(actor, household_id, UnknownHousehold(number=household_id, village=""), of_age=True)
    else:
        actor = require(actor, Act.EXPORT_DATA, household.unit)
    log_act(actor=actor, act="take-out", subject="household", subject_ids=[household.pk])
    return [*household_kept(household), log_kept(household)]
