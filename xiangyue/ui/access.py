"""Whose pages are open, and who has them open: a household that came in by its card."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Card, Household, Resident

Rest = ParamSpec("Rest")
SESSION_CARD = "card"
CARD_SESSION_SECONDS = 60 * 60 * 2


@dataclass(frozen=True, slots=True)
class Visit:
    """A household's own pages, opened by somebody who may.

    actor: who acts in what is done there. household: with its unit and village. resident: the member who signed in;
    None by card and on behalf. is_on_behalf: somebody responsible there acts for the household (代办).
    """

    actor: Actor
    household: Household
    resident: Resident | None = None
    is_on_behalf: bool = False


HouseholdView = Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponse]


def enter(request: HttpRequest, household: Household) -> None:
    """Begin a session for a household that showed its card and PIN. The session lies in the county's own schema."""
    card = Card.objects.get(household=household, revoked_at=None)
    request.session.flush()
    request.session[SESSION_CARD] = card.pk
    request.session.set_expiry(CARD_SESSION_SECONDS)


def leave(request: HttpRequest) -> None:
    """End the session on this phone."""
    if in_jurisdiction(request):
        request.session.flush()


def visit_of(request: HttpRequest) -> Visit | None:
    """Give the visit that this session is; a card that was revoked since opens nothing any more."""
    card_id = request.session.get(SESSION_CARD) if in_jurisdiction(request) else None
    if card_id is None:
        return None
    cards = Card.objects.select_related("household__unit", "household__village")
    card = cards.filter(id=card_id, revoked_at=None).first()
    return Visit(Actor.card(card.household_id), card.household) if card else None


def in_jurisdiction(request: HttpRequest) -> bool:
    """Tell whether the address belongs to a jurisdiction; elsewhere there are no sessions to be read."""
    return getattr(request, "jurisdiction", None) is not None


def for_household(view: HouseholdView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Make a view that a signed-in household alone sees, and only its own data; others are led to the front page."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        visit = visit_of(request)
        if visit is None:
            return redirect("gate:front")
        response = view(request, visit, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer
