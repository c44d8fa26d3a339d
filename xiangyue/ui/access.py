"""Who is on the phone: a household that came in by its card."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xiangyue.people.models import Card, Household

Rest = ParamSpec("Rest")
SESSION_CARD = "card"
CARD_SESSION_SECONDS = 60 * 60 * 2

HouseholdView = Callable[Concatenate[HttpRequest, Household, Rest], HttpResponse]


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


def household_of(request: HttpRequest) -> Household | None:
    """Give the household whose card opened this session; a card that was revoked since opens nothing any more."""
    card_id = request.session.get(SESSION_CARD) if in_jurisdiction(request) else None
    if card_id is None:
        return None
    cards = Card.objects.select_related("household__unit", "household__village")
    card = cards.filter(id=card_id, revoked_at=None).first()
    return card.household if card else None


def in_jurisdiction(request: HttpRequest) -> bool:
    """Tell whether the address belongs to a jurisdiction; elsewhere there are no sessions to be read."""
    return getattr(request, "jurisdiction", None) is not None


def for_household(view: HouseholdView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Make a view that a signed-in household alone sees, and only its own data; others are led to the front page."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        household = household_of(request)
        if household is None:
            return redirect("gate:front")
        response = view(request, household, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer
