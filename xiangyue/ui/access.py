"""Whose pages are open, and who has them open: by a card, signed in as a member, or on behalf."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from xiangyue.kernel.actors import Actor
from xiangyue.people.memberships import allowed_help, memberships_of
from xiangyue.people.models import Card, HelpVisit, Household, Resident
from xiangyue.people.opened import household_of_card
from xiangyue.people.second_factor import needs_second_factor
from xiangyue.users.models import User

Rest = ParamSpec("Rest")
SESSION_CARD = "card"
SESSION_HOUSEHOLD = "household"  # which of several households a member has open
SESSION_HELP = "help"  # the help visit that is open
CARD_SESSION_SECONDS = 60 * 60 * 2


@dataclass(frozen=True, slots=True)
class Visit:
    """A household's own pages, opened by somebody who may.

    actor: who acts in what is done there. household: with its unit and village. resident: the member who signed in;
    None by card and on behalf. help: while somebody responsible there acts for the household (代办).
    """

    actor: Actor
    household: Household
    resident: Resident | None = None
    help: HelpVisit | None = None

    @property
    def is_on_behalf(self) -> bool:
        return self.help is not None


HouseholdView = Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponseBase]
UserView = Callable[Concatenate[HttpRequest, User, Rest], HttpResponseBase]


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


def turn_to(request: HttpRequest, *, household_id: int | None = None, help_id: int | None = None) -> None:
    """Open another of the households for which somebody who signed in may act: as a member, or on behalf."""
    for name, value in ((SESSION_HOUSEHOLD, household_id), (SESSION_HELP, help_id)):
        request.session.pop(name, None)
        if value is not None:
            request.session[name] = value


def user_of(request: HttpRequest) -> User | None:
    """Give who signed in, if somebody did; a card is nobody's in particular."""
    if not in_jurisdiction(request) or SESSION_CARD in request.session:
        return None
    user = request.user
    return user if isinstance(user, User) and user.is_active else None


def lacks_second_factor(user: User) -> bool:
    """Tell whether somebody's office demands a second factor that is not set up: until then they act for nobody."""
    return needs_second_factor(user) and not is_mfa_enabled(user)


def visit_of(request: HttpRequest) -> Visit | None:
    """Give the visit that this session is.

    A card that was revoked since opens nothing any more, nor do a membership and help that ended.
    """
    if not in_jurisdiction(request):
        return None
    card_id = request.session.get(SESSION_CARD)
    if card_id is not None:
        return _by_card(card_id)
    user = user_of(request)
    if user is None:
        return None
    return _on_behalf(request, user) or _as_member(request, user)


def _by_card(card_id: int) -> Visit | None:
    household = household_of_card(card_id)
    return Visit(Actor.card(household.pk), household) if household else None


def _on_behalf(request: HttpRequest, user: User) -> Visit | None:
    help_id = request.session.get(SESSION_HELP)
    found = allowed_help(user, help_id) if help_id else None
    if found is None or lacks_second_factor(user):
        return None
    return Visit(Actor.user(user.pk), found.household, help=found)


def _as_member(request: HttpRequest, user: User) -> Visit | None:
    memberships = memberships_of(user)
    wanted = request.session.get(SESSION_HOUSEHOLD)
    chosen = next((each for each in memberships if each.household_id == wanted), None)
    chosen = chosen or next(iter(memberships), None)
    return Visit(Actor.user(user.pk), chosen.household, chosen.resident) if chosen else None


def in_jurisdiction(request: HttpRequest) -> bool:
    """Tell whether the address belongs to a jurisdiction; elsewhere there are no sessions to be read."""
    return getattr(request, "jurisdiction", None) is not None


def for_household(view: HouseholdView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Make a view that is of one household, and of its data only; who is nobody there is led to the door."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is None:
            return redirect("phone:who") if user_of(request) else to_the_door(request)
        request.visit = visit  # type: ignore[attr-defined] # for what every page shows while somebody acts on behalf
        response = view(request, visit, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def for_user(view: UserView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Make a view for somebody who signed in as themselves, whether or not they are of a household."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        user = user_of(request)
        if user is None:
            return to_the_door(request)
        response = view(request, user, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def to_the_door(request: HttpRequest) -> HttpResponseBase:
    """Lead somebody to where one signs in, and back to what they wanted to read."""
    if not in_jurisdiction(request):
        return redirect("gate:front")
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return redirect(settings.LOGIN_URL)
