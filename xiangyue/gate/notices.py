"""The notice board: which notices hang, a sheet of one, its poster, and what its check code is computed from."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiangyue.gate import villages
from xiangyue.gate.kept import kept
from xiangyue.gate.views import jurisdiction_of, landing
from xiangyue.people.queries import household_heads
from xiangyue.requests.models import ContactKind
from xiangyue.requests.queries import contacts_of
from xiangyue.scoring.models import NoticeSheet
from xiangyue.scoring.operations.hanging import public_form
from xiangyue.scoring.queries import changed_lines, is_public
from xiangyue.ui import board
from xiangyue.ui.access import in_jurisdiction, visit_of
from xiangyue.ui.paper import poster_pages

NOTICES_OF_A_PAGE = 20
ROWS_OF_A_PAGE = 100
ORDERS = ("rank", "number", "lines")


@require_safe
@kept
def front(request: HttpRequest) -> HttpResponse:
    """A jurisdiction's notice board; on an address that is nobody's, the landing list.

    A county's is looked through by town, or by a village's or grid's name.
    """
    if not in_jurisdiction(request):
        return landing(request)
    visit = visit_of(request)
    choice = villages.choice_of(request)
    page = Paginator(board.hanging(choice.root, choice.condition), NOTICES_OF_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "jurisdiction": jurisdiction_of(request),
        "choice": choice,
        "notices": board.entries(page.object_list, with_grids=choice.is_narrow),
        **board.leafing(page, **choice.asked),
        "card_hint": visit is None,
        "signed_in": visit is not None,
        "open_url": reverse("gate:open"),
        "rules_url": reverse("gate:rules"),
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
@kept
@of_a_sheet
def notice(request: HttpRequest, sheet: NoticeSheet) -> HttpResponse:
    """One sheet of a notice, by rank, by number, or line by line."""
    changed = changed_lines(sheet)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    totals = list(sheet.totals.order_by("number") if order == "number" else sheet.totals.all())
    visit = visit_of(request)
    own = next((total for total in totals if visit and total.household_id == visit.household.pk), None)
    listed: Any = board.standing_lines(sheet) if order == "lines" else totals
    page = Paginator(listed, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    context = {
        "jurisdiction": jurisdiction_of(request),
        "notice": board.describe(sheet, totals, changed),
        "totals": [] if order == "lines" else board.poster_rows(rows, changed),
        "lines": board.line_rows(sheet, rows) if order == "lines" else [],
        "mine": own
        and {
            "rank": own.rank,
            "head_name": household_heads([own.household_id]).get(own.household_id, own.number),
            "net": own.net,
            "url": reverse("phone:ledger"),
        },
        "order": order,
        "first": page.start_index(),
        **board.leafing(page, order=order),
        "data_url": reverse("gate:notice-data", args=_place(sheet)),
        "check_url": reverse("gate:notice-check", args=_place(sheet)),
        "object_url": reverse("phone:object") if visit else None,
        "help_phone": _supervision_phone(sheet),
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
    if visit:  # phones are passed around: nobody finds this household by going back
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@kept
@of_a_sheet
def notice_check(request: HttpRequest, sheet: NoticeSheet) -> HttpResponse:
    """How anybody can check that a sheet is the one that hung: with the wall, and with a computer."""
    context = {
        "jurisdiction": jurisdiction_of(request),
        "notice": board.describe(sheet, sheet.totals.all(), changed_lines(sheet)),
        "notice_url": board.sheet_url(sheet.notice, sheet.position),
        "data_url": reverse("gate:notice-data", args=_place(sheet)),
        **_print_urls(sheet),
    }
    return render(request, "gate/notice_check.html", context)


@require_safe
@kept
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
        "help_phone": _supervision_phone(sheet),
        **_print_urls(sheet),
    }
    return render(request, "gate/notice_print.html", context)


@require_safe
@kept
@of_a_sheet
def notice_data(request: HttpRequest, sheet: NoticeSheet) -> HttpResponse:
    """What a sheet's check code is computed from, so that anyone can compute it again."""
    form = public_form(sheet, sheet.totals.all())
    return JsonResponse({"digest": sheet.digest, "over": form}, json_dumps_params={"ensure_ascii": False})


def _sheet(request: HttpRequest, notice_id: UUID, position: int) -> NoticeSheet:
    jurisdiction_of(request)
    sheets = NoticeSheet.objects.select_related("unit", "notice__unit__parent")
    return get_object_or_404(sheets, notice__public_id=notice_id, position=position)


def _supervision_phone(sheet: NoticeSheet) -> str:
    """Give the phone of the supervisors nearest to a sheet's place, public as on the wall; empty where none is."""
    lines = contacts_of(sheet.unit)
    return next((line.phone for line in lines if line.kind == ContactKind.SUPERVISION), "")


def _place(sheet: NoticeSheet) -> list[object]:
    return [sheet.notice.public_id, sheet.position]


def _print_urls(sheet: NoticeSheet) -> dict[str, str]:
    return {
        f"print_{paper}_url": reverse("gate:notice-print", args=[*_place(sheet), paper])
        for paper in ("a3", "a4")
    }
