"""Objecting, and what came of it."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.refusals import Refusal
from xiangyue.phone.forms import form_key
from xiangyue.phone.objecting import (
    Option,
    lodged_already,
    option_of,
    options_of,
    photos_of,
    progress_of,
)
from xiangyue.scoring.instances import last_day
from xiangyue.scoring.models import Objection, ObjectionKind, ObjectionWay
from xiangyue.scoring.operations.objections import MOST_PHOTOS, lodge_objection
from xiangyue.ui.access import Visit, for_household
from xiangyue.ui.files import file_response

BY_OTHERS = (ObjectionWay.PERSON, ObjectionWay.PHONE, ObjectionWay.PAPER)
# Where on the page a refusal stands, by the input that it names; all others stand at what is objected to.
PLACES = {"reason": "text", "file": "photos", "way": "way"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def object_to(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Objecting to a line, one's own total, or a whole notice. What was typed is kept when something is missing."""
    if request.method != "POST":
        return _object_form(request, visit, option_of(visit.household, request.GET.get("target", "")))
    key = form_key("page", visit.household, request.POST.get("key", ""))
    lodged = lodged_already(visit.household, key)
    if lodged:
        return redirect("phone:objected", lodged.public_id)
    chosen = option_of(visit.household, request.POST.get("target", ""))
    if chosen is None:
        return _object_form(request, visit, None, problem=_("请选哪一条不对。"), problem_at="target")
    kind, way = request.POST.get("kind", ""), request.POST.get("way", "")
    try:
        objection = lodge_objection(
            actor=visit.actor,
            target=chosen.target,
            household_id=visit.household.pk,
            text=request.POST.get("text", "").replace("\0", ""),
            kind=ObjectionKind(kind) if kind in ObjectionKind.values else None,
            photos=_photos(request),
            way=ObjectionWay(way) if visit.is_on_behalf and way in BY_OTHERS else None,
            is_named="hidden" not in request.POST,
            key=key,
        )
    except Refusal as refusal:
        at = PLACES.get(refusal.field or "", "target")
        return _object_form(request, visit, chosen, problem=str(refusal), problem_at=at)
    return redirect("phone:objected", objection.public_id)


@require_safe
@for_household
def objected(request: HttpRequest, visit: Visit, objection_id: UUID) -> HttpResponse:
    """Who does what after an objection, until when, and what came of it."""
    context = {
        "objection": progress_of(_objection(visit, objection_id)),
        "home_url": reverse("phone:home"),
        "ledger_url": reverse("phone:ledger"),
    }
    return render(request, "phone/object_done.html", context)


@require_safe
@for_household
def photo(
    request: HttpRequest, visit: Visit, objection_id: UUID, position: int, *, small: bool = False
) -> HttpResponseBase:
    """One of the photos of a household's objection, whole or small."""
    photos = photos_of(_objection(visit, objection_id))
    if not 1 <= position <= len(photos):
        raise Http404
    return file_response(request, photos[position - 1], thumbnail=small)


def _objection(visit: Visit, objection_id: UUID) -> Objection:
    related = (
        "line__share__deed__indicator",
        "line__sheet__notice",
        "total",
        "sheet__notice__unit",
        "edition",
    )
    found = Objection.objects.select_related(*related)
    return get_object_or_404(found, public_id=objection_id, household=visit.household)


def _photos(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Read what was sent, and one more than may be, so that the operation can say that it is too much."""
    sent = request.FILES.getlist("photos")[: MOST_PHOTOS + 1]
    return [(each.name or "", each.read()) for each in sent if each.size]


def _object_form(
    request: HttpRequest,
    visit: Visit,
    chosen: Option | None,
    *,
    problem: str = "",
    problem_at: str = "text",
) -> HttpResponse:
    options: Sequence[Option] = [] if chosen else options_of(visit.household)
    sent = request.POST
    context = {
        "chosen": chosen,
        "options": options,
        "kinds": chosen.kinds
        if chosen
        else [{"value": k.value, "name": str(k.label)} for k in ObjectionKind],
        "kind": sent.get("kind", ""),
        "text": sent.get("text", ""),
        "hidden": "hidden" in sent or request.method != "POST",
        "ways": [{"value": way.value, "name": str(way.label)} for way in BY_OTHERS]
        if visit.is_on_behalf
        else [],
        "way": sent.get("way") or BY_OTHERS[0],
        "most_photos": MOST_PHOTOS,
        "key": sent.get("key") or public_id(),
        "problem": problem,
        "problem_at": problem_at,
        "deadline": chosen.deadline if chosen else min((each.deadline for each in options), default=None),
        "answer_by": last_day(clock.today()),
        "is_to_all": chosen is not None and chosen.points is None,
        "choose_url": reverse("phone:object"),
        "notices_url": reverse("gate:front"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "phone/object.html", context, status=status)
