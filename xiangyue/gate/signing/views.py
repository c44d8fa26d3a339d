"""Signing in and what belongs to it: django-allauth's views behind our addresses, and where one goes from there."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.socialaccount.models import SocialApp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from xiangyue.kernel.refusals import Refusal
from xiangyue.messages.wechat import has_official_account
from xiangyue.people.queries import reading_of
from xiangyue.ui.access import for_user, in_jurisdiction, lacks_second_factor, visit_of
from xiangyue.ui.context import dress
from xiangyue.users.models import User

View = Callable[..., HttpResponse]


def entrance(view: View) -> View:
    """Give one of the library's views our manners.

    Nobody signs in where there is no jurisdiction; what is refused answers 422; nothing of it is kept by a browser,
    nor told to the next site.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not in_jurisdiction(request):
            raise Http404
        try:
            response = view(request, *args, **kwargs)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:  # no way to send a code, a number that is somebody else's
            facts = {**_around(request), "problem": str(refusal)}
            response = TemplateResponse(
                request, "account/problem.html", facts, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        if isinstance(response, TemplateResponse):
            response.context_data = {**(response.context_data or {}), **_around(request)}
            if request.method == "POST" and response.status_code == HTTPStatus.OK:
                response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


def _around(request: HttpRequest) -> dict[str, object]:
    """Give what every page of signing in shows beside its form."""
    return {
        "jurisdiction": request.jurisdiction,  # type: ignore[attr-defined]
        "has_wechat": has_official_account(),
    }


@require_safe
@for_user
def arrive(request: HttpRequest, user: User) -> HttpResponse:
    """Lead somebody who has just signed in to where they belong."""
    if lacks_second_factor(user):
        return redirect("mfa_index")
    visit = visit_of(request)
    if visit is None:
        return redirect("phone:who")
    response = redirect("phone:home")
    dress(request, response, reading_of(household_id=visit.household.pk, user_id=user.pk))
    return response
