"""As whom one is here: the households for which somebody may act, and what they hold; turning from one to another."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xiangyue.kernel.actors import Actor
from xiangyue.people.memberships import memberships_of
from xiangyue.people.offices import Act
from xiangyue.people.permissions import units_where
from xiangyue.people.queries import household_heads
from xiangyue.people.second_factor import needs_second_factor
from xiangyue.phone.who import offices_in_words
from xiangyue.ui.access import for_user, turn_to, visit_of
from xiangyue.users.models import User


@require_safe
@for_user
def who(request: HttpRequest, user: User) -> HttpResponse:
    """The households of somebody who signed in, their offices, and how they sign in."""
    memberships = memberships_of(user)
    heads = household_heads(each.household_id for each in memberships)
    visit = visit_of(request)
    return render(
        request,
        "phone/who.html",
        {
            "name": user.name,
            "households": [
                {
                    "id": str(each.household.public_id),
                    "head_name": heads.get(each.household_id, each.household.number),
                    "where": f"{each.household.village.name}　{each.household.number}",
                    "is_open": visit is not None
                    and not visit.is_on_behalf
                    and visit.household == each.household,
                }
                for each in memberships
            ],
            "offices": offices_in_words(user),
            "may_help": units_where(Actor.user(user.pk), Act.HELP_HOUSEHOLDS).exists(),
            "has_password": user.has_usable_password(),
            "second_factor": needs_second_factor(user),
        },
    )


@require_POST
@for_user
def turn(request: HttpRequest, user: User) -> HttpResponse:
    """Open another of one's own households."""
    wanted = request.POST.get("household", "")
    for each in memberships_of(user):
        if str(each.household.public_id) == wanted:
            turn_to(request, household_id=each.household_id)
            return redirect("phone:home")
    raise Http404
