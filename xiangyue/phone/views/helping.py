"""Acting on a household's behalf (代办): begun and ended here; what is done meanwhile, on that household's pages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.people.offices import Act
from xiangyue.people.operations.helping import begin_helping, end_helping
from xiangyue.people.permissions import units_where
from xiangyue.people.queries import head_name
from xiangyue.phone.helping import households_to_help
from xiangyue.ui.access import for_user, lacks_second_factor, turn_to, visit_of
from xiangyue.users.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@for_user
def helping(request: HttpRequest, user: User) -> HttpResponse:
    """Find a household, and begin to act for it."""
    actor = Actor.user(user.pk)
    if not units_where(actor, Act.HELP_HOUSEHOLDS).exists():
        raise Http404
    if lacks_second_factor(user):
        return redirect("mfa_index")
    if request.method != "POST":
        return _page(request, actor)
    households = Household.objects.filter(unit__in=units_where(actor, Act.HELP_HOUSEHOLDS))
    household = get_object_or_404(households, public_id=_uuid(request.POST.get("household", "")))
    try:
        begun = begin_helping(
            actor=actor, household_id=household.pk, reason=request.POST.get("reason", "").replace("\0", "")
        )
    except Refusal as refusal:
        return _page(request, actor, problem=str(refusal))
    if begun.allowed_at is None:
        waiting = _("%(name)s家要先点头。请他在自己手机上同意，再来办。") % {"name": head_name(household)}
        return _page(request, actor, waiting=waiting)
    turn_to(request, help_id=begun.pk)
    return redirect("phone:home")


@require_POST
@for_user
def helped(request: HttpRequest, user: User) -> HttpResponse:
    """End what one does on somebody's behalf."""
    visit = visit_of(request)
    if visit is not None and visit.help is not None:
        end_helping(actor=visit.actor, visit_id=visit.help.pk)
    turn_to(request)
    return redirect("phone:who")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _page(request: HttpRequest, actor: Actor, *, problem: str = "", waiting: str = "") -> HttpResponse:
    sought = (
        (request.POST if request.method == "POST" else request.GET).get("q", "").replace("\0", "").strip()
    )
    households, has_more = households_to_help(actor, sought)
    context = {
        "households": households,
        "has_more": has_more,
        "sought": sought,
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "waiting": waiting,
    }
    return render(request, "phone/helping.html", context, status=422 if problem else 200)
