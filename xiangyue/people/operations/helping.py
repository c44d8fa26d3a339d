"""Acting on a household's behalf (代办): begun, ended, agreed to, and kept, so that the household sees who and when.

What may not be done on behalf (consent, PINs, the account itself, wishes) is refused where it is done (CONDUCT).
"""

from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.membership_refusals import (
    BadHelpReason,
    ChoiceOnBehalf,
    NotSignedIn,
    OwnHelp,
    UnknownVisit,
)
from xiangyue.people.models import HelpVisit, Household
from xiangyue.people.offices import Act
from xiangyue.people.operations.own import require_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.permissions import require
from xiangyue.people.queries import HELP_LASTS, households_of
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.people.wish_words import WHO_HELPS
from xiangyue.records.operations import log_act, send

REASON_LENGTH: Final = 200


@transaction.atomic
def begin_helping(*, actor: Actor, household_id: int, reason: str = "") -> HelpVisit:
    """Begin to act for a household that has no phone at hand, for two hours; the household sees it.

    Where it wishes to be asked first, the visit waits for its answer (`allowed_at` is None). Begun again while it
    lasts or waits, it is the visit there is.
    Raises: UnknownHousehold, NotAllowed, NotSignedIn, HouseholdLeft, OwnHelp, BadHelpReason.
    """
    household = locked_household(household_id)
    actor = require(actor, Act.HELP_HOUSEHOLDS, household.unit)
    if actor.user_id is None:
        raise NotSignedIn
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    if household.pk in households_of(actor):
        raise OwnHelp(number=household.number)
    why = reason.strip()
    if len(why) > REASON_LENGTH:
        raise BadHelpReason(most=REASON_LENGTH)
    now = clock.now()
    last = HelpVisit.objects.filter(helper_id=actor.user_id, household=household, ended_at=None).first()
    if last and (last.allowed_at or last.asked_at) > now - HELP_LASTS:
        return last
    if last:
        last.ended_at = (last.allowed_at or last.asked_at) + HELP_LASTS
        last.save(update_fields=["ended_at"])
    visit = HelpVisit.objects.create(
        helper_id=actor.user_id,
        household=household,
        reason=why,
        asked_at=now,
        allowed_at=None if household.asks_first else now,
    )
    act = "ask" if household.asks_first else "begin"
    log_act(actor=actor, act=act, subject="help", subject_ids=[visit.pk], on_behalf_of=household.pk)
    send(topic="help-asked" if household.asks_first else "help-begun", payload={"visit": visit.pk})
    return visit


@transaction.atomic
def end_helping(*, actor: Actor, visit_id: int) -> HelpVisit:
    """End a visit: the helper leaves, or the household sends them away, or refuses. Raises: UnknownVisit."""
    household, visit = _locked_visit(visit_id)
    if actor.user_id != visit.helper_id:
        require_own(actor, household.pk, UnknownVisit(visit=visit_id), of_age=True)
    visit.ended_at = clock.now()
    visit.save(update_fields=["ended_at"])
    log_act(actor=actor, act="end", subject="help", subject_ids=[visit.pk], on_behalf_of=household.pk)
    return visit


@transaction.atomic
def allow_help(*, actor: Actor, visit_id: int) -> HelpVisit:
    """Agree that somebody acts on the household's behalf, from now on for two hours. Agreed twice is agreed.

    Raises: UnknownVisit, ChoiceOnBehalf, ChildMayNot.
    """
    household, visit = _locked_visit(visit_id)
    require_own(actor, household.pk, ChoiceOnBehalf(what=WHO_HELPS), of_age=True)
    if visit.allowed_at is None:
        visit.allowed_at = clock.now()
        visit.save(update_fields=["allowed_at"])
        log_act(actor=actor, act="allow", subject="help", subject_ids=[visit.pk])
        send(topic="help-allowed", payload={"visit": visit.pk})
    return visit


@transaction.atomic
def set_asking(*, actor: Actor, household_id: int, asks_first: bool) -> Household:
    """Say whether nobody may act on the household's behalf without asking it; who does just now, leaves.

    Raises: UnknownHousehold, ChoiceOnBehalf, ChildMayNot.
    """
    household = locked_household(household_id)
    require_own(actor, household_id, ChoiceOnBehalf(what=WHO_HELPS), of_age=True)
    if household.asks_first != asks_first:
        household.asks_first = asks_first
        household.save(update_fields=["asks_first"])
        if asks_first:
            HelpVisit.objects.filter(household=household, ended_at=None).update(ended_at=clock.now())
        state = "yes" if asks_first else "no"
        log_act(
            actor=actor, act="set-asking", subject="household", subject_ids=[household.pk], to_state=state
        )
    return household


def _locked_visit(visit_id: int) -> tuple[Household, HelpVisit]:
    """Lock a household and read a visit there that has not ended. Raises: UnknownVisit."""
    going_on = HelpVisit.objects.filter(id=visit_id, ended_at=None)
    home = going_on.values_list("household_id", flat=True).first()
    if home is not None:
        household = locked_household(home)
        visit = going_on.first()
        if visit:
            return household, visit
    raise UnknownVisit(visit=visit_id)
