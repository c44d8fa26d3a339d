"""Objecting, and what came of it."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.refusals import Refusal
from xiangyue.phone.objecting import Option, form_key, lodged_already, options_of, progress_of
from xiangyue.scoring.instances import last_day
from xiangyue.scoring.models import Objection
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.ui.access import Visit, for_household


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def object_to(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Objecting to one's own line or total, or to a whole notice. What was typed is kept when something is missing."""
    options = {option.value: option for option in options_of(visit.household)}
    if request.method != "POST":
        return _object_form(request, options, chosen=request.GET.get("target", ""))
    key = form_key(visit.household, request.POST.get("key", ""))
    lodged = lodged_already(visit.household, key)
    if lodged:
        return redirect("phone:objected", lodged.public_id)
    chosen = options.get(request.POST.get("target", ""))
    if chosen is None:
        return _object_form(request, options, problem=_("请选哪一条不对。"), problem_at="target")
    try:
        objection = lodge_objection(
            actor=visit.actor,
            target=chosen.target,
            household_id=visit.household.pk,
            text=request.POST.get("text", "").replace("\0", ""),
            is_named="named" in request.POST,
            key=key,
        )
    except Refusal as refusal:
        return _object_form(request, options, chosen=chosen.value, problem=str(refusal))
    return redirect("phone:objected", objection.public_id)


@require_safe
@for_household
def objected(request: HttpRequest, visit: Visit, objection_id: UUID) -> HttpResponse:
    """Who does what after an objection, until when, and what came of it."""
    objection = get_object_or_404(
        Objection.objects.select_related("line__share__deed__indicator", "total", "sheet__notice"),
        public_id=objection_id,
        household=visit.household,
    )
    context = {
        "objection": progress_of(objection),
        "home_url": reverse("phone:home"),
        "ledger_url": reverse("phone:ledger"),
    }
    return render(request, "phone/object_done.html", context)


def _object_form(
    request: HttpRequest,
    options: Mapping[str, Option],
    *,
    chosen: str = "",
    problem: str = "",
    problem_at: str = "text",
) -> HttpResponse:
    context = {
        "options": list(options.values()),
        "chosen": chosen,
        "text": request.POST.get("text", ""),
        "named": "named" in request.POST,
        "key": request.POST.get("key") or public_id(),
        "problem": problem,
        "problem_at": problem_at,
        "deadline": min((option.deadline for option in options.values()), default=None),
        "answer_by": last_day(clock.today()),
        "notices_url": reverse("gate:front"),
    }
    return render(request, "phone/object.html", context, status=422 if problem else 200)
