"""The notice board: which notices hang, a sheet of one, its poster, and what its check code is computed from."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiangyue.gate.views import jurisdiction_of, landing
from xiangyue.people.models import Unit
from xiangyue.people.queries import household_heads
from xiangyue.scoring.models import NoticeSheet
from xiangyue.scoring.operations.hanging import public_form
from xiangyue.scoring.queries import changed_lines, is_public, public_notices
from xiangyue.ui import board
from xiangyue.ui.access import in_jurisdiction, visit_of
from xiangyue.ui.paper import poster_pages

NOTICES_OF_A_PAGE = 20


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """A jurisdiction's notice board; on an address that is nobody's, the landing list."""
    if not in_jurisdiction(request):
        return landing(request)
    notices = public_notices(Unit.objects.get(parent=None))
    visit = visit_of(request)
    page = Paginator(notices, NOTICES_OF_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "jurisdiction": jurisdiction_of(request),
        "notices": board.entries(page.object_list),
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else None,
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else None,
        "card_hint": visit is None,
        "signed_in": visit is not None,
    }
    return render(request, "gate/front.html", context)


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
    visit = visit_of(request)
    own = next((total for total in totals if visit and total.household_id == visit.household.pk), None)
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
        "object_url": reverse("phone:object") if visit else None,
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
