"""For somebody who signed in and is of no household yet, or of one more: by a code, or by saying who they are."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Level, Unit
from xiangyue.people.operations.claims import claim_membership, withdraw_claim
from xiangyue.people.operations.memberships import bind_with_code
from xiangyue.people.queries import household_by_number
from xiangyue.phone import family as words
from xiangyue.ui.access import for_user, turn_to
from xiangyue.users.models import User

LONGEST_ID = 2**63 - 1
# Under which field of the form a refusal stands; those about anything else stand at the head of the page.
FIELDS = {"household": "number", "resident": "name", "name": "name", "code": "code"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_user
def join(request: HttpRequest, user: User) -> HttpResponse:
    """Joining a household: by the code of its card, or by a grid worker's confirmation."""
    if request.method != "POST":
        return _page(request, user, way=request.GET.get("way", ""))
    actor, way = Actor.user(user.pk), request.POST.get("way", "")
    try:
        if way == "withdraw":
            withdraw_claim(actor=actor, claim_id=_number(request.POST.get("claim")))
            return redirect(f"{reverse('phone:join')}?done=withdrawn")
        village = _village(request)
        if village is None:
            return _page(request, user, way=way, field="village", problem=_("请选是哪个村。"))
        number, name = request.POST.get("number", "").replace("\0", ""), request.POST.get("name", "")
        if way == "code":
            made = bind_with_code(
                actor=actor,
                code=request.POST.get("code", ""),
                village_id=village.pk,
                number=number,
                name=name.replace("\0", ""),
            )
            turn_to(request, household_id=made.household_id)
            return redirect("phone:home")
        if way != "claim":
            raise Http404
        household = household_by_number(village=village, number=number)
        claim_membership(actor=actor, household_id=household.pk, name=name.replace("\0", ""))
    except Refusal as refusal:
        return _page(request, user, way=way, field=FIELDS.get(refusal.field or "", ""), problem=str(refusal))
    return redirect(f"{reverse('phone:join')}?done=claimed")


def _page(
    request: HttpRequest, user: User, *, way: str = "", field: str = "", problem: str = ""
) -> HttpResponse:
    facts: dict[str, Any] = {
        **words.join_page(user),
        "way": way if way in ("code", "claim") else "",
        "field": field,
        "problem": problem,
        "done": words.done_words(request.GET.get("done", "")) if not problem else "",
        "village": _number(request.POST.get("village")),
        "number": request.POST.get("number", ""),
        "name": request.POST.get("name", ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else None
    return render(request, "phone/family_join.html", facts, status=status)


def _village(request: HttpRequest) -> Unit | None:
    chosen = _number(request.POST.get("village"))
    return Unit.objects.filter(id=chosen, level=Level.VILLAGE, until=None).first()


def _number(text: str | None) -> int:
    """Read an id from a form; 0, which is nobody's, for whatever else was written."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= LONGEST_ID else 0
