"""A household's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiangyue.insight.passbook import newest_period, passbook
from xiangyue.kernel import clock
from xiangyue.people.queries import household_heads, leaf_labels
from xiangyue.phone.objecting import objections_in_progress
from xiangyue.phone.progress import deeds_in_progress
from xiangyue.scoring.queries import newest_notices
from xiangyue.ui import board
from xiangyue.ui.access import Visit, for_household, leave


@require_safe
@for_household
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The passbook, and what is going on."""
    household = visit.household
    book = passbook(household)
    notices = board.entries(newest_notices(household.village)[:12])
    return render(
        request,
        "phone/home.html",
        {
            "household": {
                "head_name": household_heads([household.pk]).get(household.pk, household.number),
                "unit_path": leaf_labels(household.village)[household.unit_id],
                "village_name": household.village.name,
            },
            "balance": book.balances.redeemable,
            "honour": book.balances.honour,
            "pending": book.pending_points,
            "pending_period": newest_period(book.pending),
            "rank": book.rank,
            "today": clock.today(),
            "open_notices": [entry for entry in notices if entry.state == "open"],
            "deeds": objections_in_progress(household) + deeds_in_progress(household),
            "ledger_url": reverse("phone:ledger"),
            "notices_url": reverse("gate:front"),
        },
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, for phones that are passed around."""
    leave(request)
    return redirect("gate:front")
