"""One's own household: members, card and PINs, help, what is kept, requests, wishes."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiangyue.kernel.refusals import Refusal
from xiangyue.people.memberships import claims_to, members_of
from xiangyue.people.models import Membership, Secret, Topic
from xiangyue.people.operations.cards import DIGITS, change_pin, new_code, revoke_card
from xiangyue.people.operations.claims import decline_claim
from xiangyue.people.operations.consents import withdraw_consent
from xiangyue.people.operations.helping import allow_help, end_helping, set_asking
from xiangyue.people.operations.memberships import end_membership, set_redeeming
from xiangyue.people.operations.wishes import (
    request_card,
    request_correction,
    set_ranking,
    set_reading,
    take_out_household,
    withdraw_request,
)
from xiangyue.people.sections import as_data, as_workbook
from xiangyue.phone import family as words
from xiangyue.records.kinds import XLSX
from xiangyue.ui.access import Visit, for_household
from xiangyue.ui.context import SIZE_COOKIE, keep_on_device

Rest = ParamSpec("Rest")
OwnView = Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponse]
LONGEST_ID = 2**63 - 1
SECRETS = {"sign-in": Secret.SIGN_IN, "till": Secret.TILL}


def not_on_behalf(view: OwnView[Rest]) -> OwnView[Rest]:
    """Make a view that nobody opens on the household's behalf: it tells so, instead of a form that would refuse."""

    @wraps(view)
    def answer(
        request: HttpRequest, visit: Visit, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        if visit.is_on_behalf:
            return render(request, "phone/family_own.html", status=HTTPStatus.FORBIDDEN)
        return view(request, visit, *args, **kwargs)

    return answer


@require_safe
@for_household
def family(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who belongs to the household, its card, who acts for it, and what it wishes."""
    return _page(request, "family", words.family_page(visit))


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The card: lost, stopped at once, and a new one asked for."""
    if request.method != "POST":
        return _page(request, "family_card", words.card_page(visit))
    doing = {"stop": (revoke_card, "stopped"), "ask": (request_card, "asked-card")}
    operation, done = _chosen(request, doing)
    try:
        operation(actor=visit.actor, household_id=visit.household.pk)
    except Refusal as refusal:
        return _page(request, "family_card", words.card_page(visit), problem=refusal)
    return _done("phone:family-card", done)


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
@not_on_behalf
def pin(request: HttpRequest, visit: Visit, which: str) -> HttpResponse:
    """Changing a PIN: the six digits to sign in, or the four at the till. Nothing typed is kept."""
    secret = SECRETS.get(which)
    if secret is None:
        raise Http404
    facts: dict[str, Any] = {"is_till": secret == Secret.TILL, "digits": DIGITS[secret], "field": ""}
    if request.method != "POST":
        return _page(request, "family_pin", facts)
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        facts["field"] = "again"
        return _page(request, "family_pin", facts, problem=_("两次写的新密码不一样，请再写一次。"))
    try:
        change_pin(
            actor=visit.actor,
            household_id=visit.household.pk,
            secret=secret,
            old=request.POST.get("old", ""),
            new=new,
        )
    except Refusal as refusal:
        facts["field"] = "new" if refusal.field == "new" else "old"
        return _page(request, "family_pin", facts, problem=refusal)
    return _done("phone:family-card", "pin")


@require_POST
@for_household
@not_on_behalf
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new code for one more phone. It is told in this answer alone, and kept nowhere."""
    try:
        made = new_code(actor=visit.actor, household_id=visit.household.pk)
    except Refusal as refusal:
        return _page(request, "family_card", words.card_page(visit), problem=refusal)
    facts = {
        "code": made,
        "number": visit.household.number,
        "village_name": visit.household.village.name,
    }
    return _page(request, "family_code", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
@not_on_behalf
def member(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """One who acts for the household: what they may, and letting them go."""
    found = _member(visit, membership_id)
    facts = {"member": words.member_words(found, visit)}
    if request.method != "POST":
        return _page(request, "family_member", facts)
    action = request.POST.get("action", "")
    try:
        if action == "end":
            end_membership(actor=visit.actor, membership_id=found.pk)
            return _done("phone:family", "ended")
        if action not in ("redeem", "no-redeem"):
            raise Http404
        set_redeeming(actor=visit.actor, membership_id=found.pk, may_redeem=action == "redeem")
    except Refusal as refusal:
        return _page(request, "family_member", facts, problem=refusal)
    return _done("phone:family-member", "redeem", found.pk)


@require_POST
@for_household
@not_on_behalf
def claim(request: HttpRequest, visit: Visit, claim_id: int) -> HttpResponse:
    """Somebody says they are of this household, and they are not."""
    if claim_id not in {each.pk for each in claims_to(visit.household)}:
        raise Http404
    try:
        reason = _("这一户说，不是家里的人。")
        decline_claim(actor=visit.actor, claim_id=claim_id, reason=reason)
    except Refusal as refusal:
        return _page(request, "family", words.family_page(visit), problem=refusal)
    return _done("phone:family", "declined")


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def help_(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who acts, and acted, on the household's behalf: allowing it, ending it, being asked first."""
    if request.method != "POST":
        return _page(request, "family_help", words.help_page(visit))
    action = request.POST.get("action", "")
    try:
        if action in ("ask-first", "ask-never"):
            asks = action == "ask-first"
            set_asking(actor=visit.actor, household_id=visit.household.pk, asks_first=asks)
            return _done("phone:family-help", "asking")
        doing = {"allow": (allow_help, "allowed"), "end": (end_helping, "help-ended")}
        operation, done = _chosen(request, doing)
        operation(actor=visit.actor, visit_id=_number(request.POST.get("visit")))
    except Refusal as refusal:
        return _page(request, "family_help", words.help_page(visit), problem=refusal)
    return _done("phone:family-help", done)


@require_safe
@for_household
@not_on_behalf
def records(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is kept of the household, and who read and changed it."""
    before = _number(request.GET.get("before")) or None
    return _page(request, "family_records", words.records_page(visit, before))


@require_safe
@for_household
@not_on_behalf
def records_file(request: HttpRequest, visit: Visit, form: str) -> HttpResponse:
    """What is kept of the household, to take along: a workbook, or data for programs. Taking out is logged."""
    if form not in ("xlsx", "json"):
        raise Http404
    try:
        sections = take_out_household(actor=visit.actor, household_id=visit.household.pk)
    except Refusal as refusal:
        return _page(request, "family_records", words.records_page(visit, None), problem=refusal)
    if form == "xlsx":
        response = HttpResponse(as_workbook(sections), content_type=XLSX.media_type)
    else:
        text = json.dumps(as_data(sections), ensure_ascii=False, indent=2, default=str)
        response = HttpResponse(text, content_type="application/json")
    name = f"household-{visit.household.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def requests(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Asking that something be corrected or deleted, and how far it has come."""
    if request.method != "POST":
        return _requests_page(request, visit)
    topic, text = request.POST.get("topic", ""), request.POST.get("text", "").replace("\0", "")
    if topic not in Topic:
        return _requests_page(request, visit, field="topic", problem=_("请选一选，是哪方面的资料。"))
    try:
        request_correction(actor=visit.actor, household_id=visit.household.pk, what=Topic(topic), text=text)
    except Refusal as refusal:
        return _requests_page(request, visit, field="text", problem=refusal)
    return _done("phone:family-requests", "requested")


def _requests_page(
    request: HttpRequest, visit: Visit, *, field: str = "", problem: Refusal | str = ""
) -> HttpResponse:
    """Draw what was asked for, with the form for more; what was typed into it is kept."""
    facts = {
        "topics": words.topics(),
        "chosen": request.POST.get("topic", ""),
        "text": request.POST.get("text", ""),
        "field": field,
        "requests": words.requests_page(visit),
    }
    return _page(request, "family_requests", facts, problem=problem)


@require_POST
@for_household
def request_(request: HttpRequest, visit: Visit, request_id: int) -> HttpResponse:
    """Taking a request back."""
    own = {row["id"] for row in words.requests_page(visit)}
    if request_id not in own:
        raise Http404
    try:
        withdraw_request(actor=visit.actor, request_id=request_id)
    except Refusal as refusal:
        return _requests_page(request, visit, problem=refusal)
    return _done("phone:family-requests", "withdrawn")


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
@not_on_behalf
def consents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """To whom the household lets its points be shown, and taking that back."""
    rows = words.consents_page(visit)
    if request.method != "POST":
        return _page(request, "family_consents", {"consents": rows})
    wanted = _number(request.POST.get("consent"))
    if wanted not in {row["id"] for row in rows}:
        raise Http404
    try:
        withdraw_consent(actor=visit.actor, consent_id=wanted)
    except Refusal as refusal:
        return _page(request, "family_consents", {"consents": rows}, problem=refusal)
    return _done("phone:family-consents", "withdrawn")


@require_POST
@for_household
def wishes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Large type for this account, and standing in public rankings or not."""
    actor, home, action = visit.actor, visit.household.pk, request.POST.get("action", "")
    try:
        if action in ("rank", "unrank"):
            set_ranking(actor=actor, household_id=home, is_ranked=action == "rank")
        elif action in ("large", "normal"):
            set_reading(actor=actor, household_id=home, is_large=action == "large")
        else:
            raise Http404
    except Refusal as refusal:
        return _page(request, "family", words.family_page(visit), problem=refusal)
    response = _done("phone:family", "wish")
    if action in ("large", "normal") and not visit.is_on_behalf:  # this phone shows it from now on
        keep_on_device(request, response, SIZE_COOKIE, action)
    return response


def _page(
    request: HttpRequest, name: str, facts: dict[str, Any], *, problem: Refusal | str = ""
) -> HttpResponse:
    """Draw a page; what is wrong stands at its head, or under its field."""
    done = "" if problem else words.done_words(request.GET.get("done", ""))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(
        request, f"phone/{name}.html", {**facts, "problem": str(problem), "done": done}, status=status
    )


def _done(address: str, done: str, *args: Any) -> HttpResponse:
    return redirect(f"{reverse(address, args=args)}?{urlencode({'done': done})}")


def _chosen(request: HttpRequest, doing: Mapping[str, tuple[Callable[..., object], str]]) -> Any:
    """Give the operation that a button stands for. Raises: Http404 for a button that is none of ours."""
    try:
        return doing[request.POST.get("action", "")]
    except KeyError:
        raise Http404 from None


def _member(visit: Visit, membership_id: int) -> Membership:
    found = next((each for each in members_of(visit.household) if each.pk == membership_id), None)
    if found is None:
        raise Http404
    return found


def _number(text: str | None) -> int:
    """Read an id from a form or an address; 0, which is nobody's, for whatever else was written."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= LONGEST_ID else 0
