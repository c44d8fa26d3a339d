"""The public face: which jurisdictions there are, a jurisdiction's notice board, a notice, and the door of a card."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiangyue.insight.places import Place, places
from xiangyue.people.models import Unit
from xiangyue.people.operations.cards import open_with_card
from xiangyue.people.queries import household_heads
from xiangyue.people.refusals import CardLocked, CardUnknown, WrongPin
from xiangyue.scoring.models import NoticeSheet
from xiangyue.scoring.operations.hanging import public_form
from xiangyue.scoring.queries import changed_lines, is_public, public_notices
from xiangyue.setup import presets
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui import board
from xiangyue.ui.access import enter, household_of, in_jurisdiction
from xiangyue.ui.context import CONTRAST_COOKIE, SIZE_COOKIE
from xiangyue.ui.paper import poster_pages

NOTICES_OF_A_PAGE = 20
YEAR = 60 * 60 * 24 * 365


def jurisdiction_of(request: HttpRequest) -> Jurisdiction:
    """Give the jurisdiction whose address was called. Raises: Http404 where there is none."""
    found: Jurisdiction | None = getattr(request, "jurisdiction", None)
    if found is None:
        raise Http404
    return found


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """A jurisdiction's notice board; on an address that is nobody's, the landing list."""
    if not in_jurisdiction(request):
        return landing(request)
    notices = public_notices(Unit.objects.get(parent=None))
    household = household_of(request)
    page = Paginator(notices, NOTICES_OF_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "jurisdiction": jurisdiction_of(request),
        "notices": board.entries(page.object_list),
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else None,
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else None,
        "card_hint": household is None,
        "signed_in": household is not None,
    }
    return render(request, "gate/front.html", context)


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The list of jurisdictions that run a scheme here."""
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
        for place in places()
    ]
    return render(request, "gate/places.html", {"places": listed})


def of_a_sheet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the sheet that its address names; say that it was taken down once its term in public is over."""

    @wraps(view)
    def found(request: HttpRequest, notice_id: UUID, position: int, **rest: str) -> HttpResponse:
        sheet = _sheet(request, notice_id, position)
        if is_public(sheet.notice):
            return view(request, sheet, **rest)
        facts = {"unit_name": sheet.notice.unit.name}
        return render(request, "gate/gone.html", facts, status=HTTPStatus.GONE)

    return found


@require_safe
@of_a_sheet
def notice(request: HttpRequest, sheet: NoticeSheet) -> HttpResponse:
    """One sheet of a notice, by rank or by number."""
    changed = changed_lines(sheet)
    order = "number" if request.GET.get("order") == "number" else "rank"
    totals = sheet.totals.order_by("number") if order == "number" else sheet.totals.all()
    household = household_of(request)
    own = next((total for total in totals if household and total.household_id == household.pk), None)
    context = {
        "jurisdiction": jurisdiction_of(request),
        "notice": board.describe(sheet, totals, changed),
        "totals": board.poster_rows(totals, changed),
        "mine": own
        and {
            "rank": own.rank,
            "head_name": household_heads([own.household_id]).get(own.household_id, own.number),
            "net": own.net,
            "url": reverse("phone:ledger"),
        },
        "order": order,
        "data_url": reverse("gate:notice-data", args=[sheet.notice.public_id, sheet.position]),
        "object_url": reverse("phone:object") if household else None,
        "sheets": [
            {
                "name": other.unit.name,
                "url": board.sheet_url(sheet.notice, other.position),
                "current": other.pk == sheet.pk,
            }
            for other in sheet.notice.sheets.select_related("unit")
        ],
        **_print_urls(sheet),
    }
    response = render(request, "gate/notice.html", context)
    if own:  # phones are passed around: nobody finds this household by going back
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@of_a_sheet
def notice_print(request: HttpRequest, sheet: NoticeSheet, paper: str) -> HttpResponse:
    """The poster of one sheet, for the wall (A3) or the file (A4)."""
    totals, changed = sheet.totals.all(), changed_lines(sheet)
    url = board.sheet_url(sheet.notice, sheet.position)
    context = {
        "sheet": paper,
        "notice": board.describe(sheet, totals, changed),
        "pages": poster_pages(board.poster_rows(totals, changed)),
        "committee_name": _("%(village)s积分评议委员会") % {"village": sheet.notice.unit.name},
        "supervision_name": _("%(village)s村务监督委员会") % {"village": sheet.notice.unit.name},
        "qr_url": request.build_absolute_uri(url),
        "notice_url": url,
        **_print_urls(sheet),
    }
    return render(request, "gate/notice_print.html", context)


@require_safe
@of_a_sheet
def notice_data(request: HttpRequest, sheet: NoticeSheet) -> HttpResponse:
    """What a sheet's check code is computed from, so that anyone can compute it again."""
    form = public_form(sheet, sheet.totals.all())
    return JsonResponse({"digest": sheet.digest, "over": form}, json_dumps_params={"ensure_ascii": False})


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The door of a household's own pages: the card's address asks for the PIN and says nothing else."""
    jurisdiction_of(request)
    if request.method != "POST":
        return _card_page(request, "fresh")
    try:
        household = open_with_card(token=token, pin=request.POST.get("pin", ""))
    except WrongPin as refusal:
        return _card_page(request, "wrong", status=422, tries_left=refusal.facts["tries_left"])
    except CardLocked as refusal:
        return _card_page(request, "locked", status=429, locked_until=refusal.facts["until"])
    except CardUnknown:
        return _card_page(request, "gone", status=404)
    enter(request, household)
    return redirect("phone:home")


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
            response.set_cookie(
                cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


def _sheet(request: HttpRequest, notice_id: UUID, position: int) -> NoticeSheet:
    jurisdiction_of(request)
    sheets = NoticeSheet.objects.select_related("unit", "notice__unit__parent")
    return get_object_or_404(sheets, notice__public_id=notice_id, position=position)


def _print_urls(sheet: NoticeSheet) -> dict[str, str]:
    return {
        f"print_{paper}_url": reverse(
            "gate:notice-print", args=[sheet.notice.public_id, sheet.position, paper]
        )
        for paper in ("a3", "a4")
    }


def _card_page(request: HttpRequest, state: str, status: int = 200, **facts: object) -> HttpResponse:
    context = {"jurisdiction": jurisdiction_of(request), "state": state, **facts}
    return render(request, "gate/card.html", context, status=status)


def _address(request: HttpRequest, place: Place) -> str:
    """Give where a jurisdiction is called: by its own host, at the port that this page was called at."""
    hosts = [domain.domain for domain in place.jurisdiction.domains.all()]
    port = urlsplit(f"//{request.get_host()}").port
    return f"{request.scheme}://{hosts[0]}{f':{port}' if port else ''}/" if hosts else "/"
