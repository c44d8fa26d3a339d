"""A household's first page, its one-time code for the till, and leaving."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiangyue.insight.front_page import front_page
from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.queries import balances_of
from xiangyue.people.queries import head_name
from xiangyue.phone.front import hanging_lines, new_messages, own_notice_lines, who_may_show
from xiangyue.phone.objecting import objections_in_progress
from xiangyue.phone.progress import deeds_in_progress
from xiangyue.redemption.operations import show_code
from xiangyue.requests.queries import nearest_contact
from xiangyue.ui.access import Visit, for_household, leave
from xiangyue.ui.context import look

RENEWED_AFTER = 50  # seconds: a code on the screen still lives as long as it takes to scan it
RENEWALS = 12  # by itself, for ten minutes; then a phone that was laid aside asks for nothing more


@require_safe
@for_household
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The passbook, and what is going on."""
    household = visit.household
    # Messages to a person are nobody else's, who acts on behalf of the household.
    user_id = None if visit.is_on_behalf else visit.actor.user_id
    page = front_page(household, user_id=user_id, on_behalf=visit.is_on_behalf)
    own = [each for each in page.notices if each.is_own and each.is_open]
    # Only the large type offers the call, so that only it asks for the number.
    contact = nearest_contact(household.unit) if look(request)["look"]["size"] == "large" else None
    return render(
        request,
        "phone/home.html",
        {
            "household": {
                "head_name": page.head,
                "unit_path": page.place,
                "unit_name": household.unit.name,
                "village_name": household.village.name,
                "honour_title": page.honour_title,
            },
            "balance": page.balances.redeemable,
            "honour": page.balances.honour,
            "pending": page.pending,
            "pending_period": page.pending_period,
            "is_ranked": household.village.is_ranked,
            "rank": page.rank,
            "rise": page.rise,
            "today": clock.today(),
            "open_count": len(own),
            "matters": [
                *new_messages(page.unread),
                *own_notice_lines(own),
                *(objections_in_progress(household) if page.has_objections else ()),
                *(deeds_in_progress(household) if page.has_deeds else ()),
            ],
            "hanging": hanging_lines(each for each in page.notices if each not in own),
            "ledger_url": reverse("phone:ledger"),
            "notices_url": reverse("gate:front"),
            "code_url": reverse("phone:code"),
            "help_phone": contact.phone if contact else "",
        },
    )


@require_safe
@for_household
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The household's one-time code for the till, drawn anew each time; it renews itself for some minutes."""
    household = visit.household
    context = {
        "head_name": head_name(household),
        "balance": balances_of([household.holder_id])[household.holder_id].redeemable,
        "home_url": reverse("phone:home"),
        "again_url": reverse("phone:code"),
    }
    try:
        shown = show_code(actor=visit.actor, household_id=household.pk)
    except Refusal as refusal:
        return render(request, "phone/code_refused.html", {**context, "problem": str(refusal)}, status=422)
    renewed = _renewals(request)
    next_url = f"{reverse('phone:code')}?renewed={renewed + 1}"
    return render(
        request,
        "phone/code.html",
        {
            **context,
            "who_may": who_may_show(household),
            "token": shown.token,
            "digits": f"{shown.digits[:3]} {shown.digits[3:]}",
            "seconds": RENEWED_AFTER,
            "next_url": next_url if renewed < RENEWALS else "",
        },
    )


def _renewals(request: HttpRequest) -> int:
    """Give how often the page renewed itself; whoever writes something else there gets a page that does so no more."""
    text = request.GET.get("renewed", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else RENEWALS


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, for phones that are passed around."""
    leave(request)
    return redirect("gate:front")
