"""What a household was told: the list, each leading to its matter, and by what else it is to be told."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xiangyue.messages.models import Channel
from xiangyue.messages.operations.reading import choose_channels, mark_read
from xiangyue.messages.queries import PAGE, Told, message_of, messages_of, unread_count
from xiangyue.messages.refusals import NoSuchMessage
from xiangyue.phone.messages import lines_of, matter_url, ways_of
from xiangyue.ui.access import Visit, for_household

MOST_DIGITS = 18  # of a row's number


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def messages(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The household's news, the last first. Opening one notes that it was seen; whoever helps out sees it only."""
    if request.method == "POST":
        return _seen(request, visit)
    household, user_id, on_behalf = visit.household, _user_id(visit), visit.is_on_behalf
    before = _number(request.GET.get("before", ""))
    found = messages_of(
        household_id=household.pk, user_id=user_id, on_behalf=on_behalf, before=before, limit=PAGE + 1
    )
    shown = found[:PAGE]
    context = {
        "messages": lines_of(shown),
        "can_mark": not on_behalf,
        "unread": unread_count(household_id=household.pk, user_id=user_id, on_behalf=on_behalf),
        "ways": ways_of(household),
        "ways_url": reverse("phone:messages-ways"),
        "newer_url": reverse("phone:messages") if before else "",
        "older_url": f"{reverse('phone:messages')}?before={shown[-1].id}" if len(found) > PAGE else "",
        "home_url": reverse("phone:home"),
    }
    return render(request, "phone/messages.html", context)


@require_POST
@for_household
def ways(request: HttpRequest, visit: Visit) -> HttpResponse:
    """By what the household is to be told, beside these pages."""
    chosen = set(request.POST.getlist("way"))
    choose_channels(
        actor=visit.actor,
        household_id=visit.household.pk,
        sms=Channel.SMS in chosen,
        wechat=Channel.WECHAT in chosen,
    )
    return redirect("phone:messages")


def _seen(request: HttpRequest, visit: Visit) -> HttpResponse:
    household_id = visit.household.pk
    if "all" in request.POST:
        mark_read(actor=visit.actor, household_id=household_id)
        return redirect("phone:messages")
    told = _told(visit, _number(request.POST.get("message", "")))
    with suppress(
        NoSuchMessage
    ):  # whoever acts on its behalf may read it, and has not seen it for the household
        mark_read(actor=visit.actor, household_id=household_id, message_ids=[told.id])
    return redirect(matter_url(told) or reverse("phone:messages"))


def _told(visit: Visit, message_id: int | None) -> Told:
    if message_id is None:
        raise Http404
    told = message_of(visit.household.pk, _user_id(visit), message_id, on_behalf=visit.is_on_behalf)
    if told is None:
        raise Http404
    return told


def _user_id(visit: Visit) -> int | None:
    """Give whose own news stands among the household's; of whoever acts on its behalf, none."""
    return None if visit.is_on_behalf else visit.actor.user_id


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
