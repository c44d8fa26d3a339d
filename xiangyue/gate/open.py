"""The open page (公开): how the scheme is meant and how it is carried out, village by village, for everybody."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyue.gate import plan, villages
from xiangyue.gate.kept import kept
from xiangyue.gate.views import jurisdiction_of
from xiangyue.insight.proofs import daily_seals
from xiangyue.kernel import clock
from xiangyue.ledger.models import Seal
from xiangyue.people.models import Unit
from xiangyue.ui import board
from xiangyue.ui.access import visit_of

PARTS = ("meetings", "orders", "codes")
FEW, ROWS_OF_A_PAGE, DAYS_OF_A_PAGE = 3, 30, 30
EARLIEST = date(1900, 1, 1)  # so that one can count back from whatever day an address names


@require_safe
@kept
def open_page(request: HttpRequest) -> HttpResponse:
    """A village's open page; first which village, where that is not clear. One of its long lists by itself."""
    jurisdiction = jurisdiction_of(request)
    village = villages.village_of(request)
    if village is None:
        return villages.choosing(request, "open")
    part = request.GET.get("part", "")
    if part not in PARTS:
        shown = _overview(request, village)
    else:
        shown = _codes(request, village) if part == "codes" else _long_list(request, village, part)
    visit = visit_of(request)
    context = {
        "jurisdiction": jurisdiction,
        "village": village,
        "part": part if part in PARTS else "",
        "rules_url": board.with_query(reverse("gate:rules"), village=village.code),
        "others_url": reverse("gate:open") if request.GET.get("village") and not visit else "",
        **shown,
    }
    return render(request, "gate/open.html", context)


def _overview(request: HttpRequest, village: Unit) -> dict[str, Any]:
    meetings, orders = plan.meetings_in(village), plan.orders_in(village)
    special = board.hanging(village, Q(special__gt=0))[:FEW]
    return {
        "chapters": plan.plan_of(jurisdiction_of(request), village),
        "bodies": plan.bodies_of(village),
        "drafts": plan.open_drafts(village),
        "meetings": plan.meeting_rows(meetings[:FEW]),
        "meetings_url": _url(village, "meetings"),
        "orders": plan.order_rows(orders[:FEW]),
        "orders_url": _url(village, "orders"),
        "special": board.entries(special),
        "codes": plan.code_rows(daily_seals(_yesterday(), DAYS_OF_A_PAGE)[:FEW]),
        "codes_url": _url(village, "codes"),
    }


def _long_list(request: HttpRequest, village: Unit, part: str) -> dict[str, Any]:
    rows: Any = plan.meetings_in(village) if part == "meetings" else plan.orders_in(village)
    page = Paginator(rows, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    told = plan.meeting_rows if part == "meetings" else plan.order_rows
    return {
        part: told(page.object_list),
        "back_url": _url(village),
        **board.leafing(page, village=village.code, part=part),
    }


def _codes(request: HttpRequest, village: Unit) -> dict[str, Any]:
    """Give the codes of some days up to the one that is asked for. Today's changes with each seal and is left out."""
    last, length = _yesterday(), timedelta(days=DAYS_OF_A_PAGE)
    until = min(_day(request.GET.get("until", "")), last)
    before = until - length
    has_older = Seal.objects.filter(day__lte=before).exists()
    return {
        "codes": plan.code_rows(daily_seals(until, DAYS_OF_A_PAGE)),
        "back_url": _url(village),
        "newer_url": _url(village, "codes", until + length) if until < last else None,
        "older_url": _url(village, "codes", before) if has_older else None,
    }


def _yesterday() -> date:
    return clock.today() - timedelta(days=1)


def _day(text: str) -> date:
    """Read a day from an address; today for whatever else was written."""
    try:
        return max(date.fromisoformat(text), EARLIEST)
    except ValueError:
        return clock.today()


def _url(village: Unit, part: str = "", until: date | None = None) -> str:
    day = until.isoformat() if until else ""
    return board.with_query(reverse("gate:open"), village=village.code, part=part, until=day)
