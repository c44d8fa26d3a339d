"""The public face: which jurisdictions there are, the door of a card, and how pages look on this device."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tenants.utils import schema_context

from xiangyue.insight.places import Place, places
from xiangyue.messages.queries import shown_texts
from xiangyue.people.membership_refusals import TooManyTries
from xiangyue.people.operations.cards import open_with_card
from xiangyue.people.queries import reading_of
from xiangyue.people.refusals import CardLocked, CardUnknown, WrongPin
from xiangyue.setup import example, presets
from xiangyue.setup.example.people import kept_shown
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui.access import enter
from xiangyue.ui.context import CONTRAST_COOKIE, SIZE_COOKIE, dress, keep_on_device


def jurisdiction_of(request: HttpRequest) -> Jurisdiction:
    """Give the jurisdiction whose address was called. Raises: Http404 where there is none."""
    found: Jurisdiction | None = getattr(request, "jurisdiction", None)
    if found is None:
        raise Http404
    return found


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The list of jurisdictions that run a scheme here."""
    there = places()
    listed = [
        {
            "name": place.jurisdiction.name,
            "slug": place.jurisdiction.slug,
            "town_count": place.town_count,
            "village_count": place.village_count,
            "household_count": place.household_count,
            "url": _address(request, place),
            "preset_name": presets.name_of(place.jurisdiction.preset),
        }
        for place in there
    ]
    context = {"places": listed, "trying": _trying(request, there) if settings.SHOWS_EXAMPLE else None}
    return render(request, "gate/places.html", context)


def _trying(request: HttpRequest, there: Sequence[Place]) -> dict[str, object] | None:
    """Give as whom one may try the example of this machine, and the codes that were sent to nobody's phone."""
    place = next((each for each in there if each.jurisdiction.slug == example.SLUG), None)
    if place is None:
        return None
    with schema_context(place.jurisdiction.schema_name):
        texts = shown_texts(limit=3)
    return {"people": kept_shown(), "url": _address(request, place).rstrip("/"), "texts": texts}


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The door of a household's own pages: the card's address asks for the PIN and says nothing else."""
    jurisdiction_of(request)
    if request.method != "POST":
        return _card_page(request, "fresh")
    try:
        address = get_adapter(request).get_client_ip(request)
        household = open_with_card(token=token, pin=request.POST.get("pin", ""), address=address)
    except WrongPin as refusal:
        return _card_page(request, "wrong", status=422, tries_left=refusal.facts["tries_left"])
    except (CardLocked, TooManyTries) as refusal:
        return _card_page(request, "locked", status=429, locked_until=refusal.facts["until"])
    except CardUnknown:
        return _card_page(request, "gone", status=404)
    enter(request, household)
    response = redirect("phone:home")
    dress(request, response, reading_of(household_id=household.pk))
    return response


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep how this device wants its pages: large type, high contrast."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    for cookie, known in ((SIZE_COOKIE, ("normal", "large")), (CONTRAST_COOKIE, ("normal", "high"))):
        value = request.POST.get(cookie)
        if value in known:
            keep_on_device(request, response, cookie, value)
    return response


def _card_page(request: HttpRequest, state: str, status: int = 200, **facts: object) -> HttpResponse:
    context = {"jurisdiction": jurisdiction_of(request), "state": state, **facts}
    return render(request, "gate/card.html", context, status=status)


def _address(request: HttpRequest, place: Place) -> str:
    """Give where a jurisdiction is called: by its own host, at the port that this page was called at."""
    hosts = [domain.domain for domain in place.jurisdiction.domains.all()]
    port = urlsplit(f"//{request.get_host()}").port
    return f"{request.scheme}://{hosts[0]}{f':{port}' if port else ''}/" if hosts else "/"
