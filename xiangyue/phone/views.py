"""A household's own pages. Each loads the signed-in household's data and no other's."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiangyue.insight.passbook import PendingLine, PostedLine, passbook
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.periods import Period
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.people.queries import household_heads, leaf_labels
from xiangyue.phone.objecting import (
    Option,
    form_key,
    lodged_already,
    objections_in_progress,
    options_of,
    progress_of,
)
from xiangyue.phone.progress import deeds_in_progress
from xiangyue.scoring.instances import last_day
from xiangyue.scoring.models import Objection
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.queries import newest_notices
from xiangyue.ui import board
from xiangyue.ui.access import for_household, leave

KINDS = ("all", "gain", "loss", "spend")
PLAIN_ICONS = {"spend": "gift", "other": "notebook"}  # kinds of lines that belong to no category
CATEGORY_ICONS = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")


@require_safe
@for_household
def home(request: HttpRequest, household: Household) -> HttpResponse:
    """The passbook, and what is going on."""
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
            "pending_period": _pending_period(book.pending),
            "rank": book.rank,
            "today": clock.today(),
            "open_notices": [entry for entry in notices if entry.state == "open"],
            "deeds": objections_in_progress(household) + deeds_in_progress(household),
            "ledger_url": reverse("phone:ledger"),
            "notices_url": reverse("gate:front"),
        },
    )


@require_safe
@for_household
def ledger(request: HttpRequest, household: Household) -> HttpResponse:
    """Every line with its reason: what is on notice, then what is posted, month by month."""
    kind = request.GET.get("kind", "all")
    kind = kind if kind in KINDS else "all"
    book = passbook(household)
    return render(
        request,
        "phone/ledger.html",
        {
            "balance": book.balances.redeemable,
            "honour": book.balances.honour,
            "arrears": book.balances.arrears,
            "kind": kind,
            "pending": _pending(book.pending, kind),
            "months": _months(book.posted, kind),
            "notices_url": reverse("gate:front"),
            "object_url": reverse("phone:object"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def object_to(request: HttpRequest, household: Household) -> HttpResponse:
    """Objecting to one's own line or total, or to a whole notice. What was typed is kept when something is missing."""
    options = {option.value: option for option in options_of(household)}
    if request.method != "POST":
        return _object_form(request, options, chosen=request.GET.get("target", ""))
    key = form_key(household, request.POST.get("key", ""))
    lodged = lodged_already(household, key)
    if lodged:
        return redirect("phone:objected", lodged.public_id)
    chosen = options.get(request.POST.get("target", ""))
    if chosen is None:
        return _object_form(request, options, problem=_("请选哪一条不对。"), problem_at="target")
    try:
        objection = lodge_objection(
            actor=Actor.card(household.pk),
            target=chosen.target,
            household_id=household.pk,
            text=request.POST.get("text", "").replace("\0", ""),
            is_named="named" in request.POST,
            key=key,
        )
    except Refusal as refusal:
        return _object_form(request, options, chosen=chosen.value, problem=str(refusal))
    return redirect("phone:objected", objection.public_id)


@require_safe
@for_household
def objected(request: HttpRequest, household: Household, objection_id: UUID) -> HttpResponse:
    """Who does what after an objection, until when, and what came of it."""
    objection = get_object_or_404(
        Objection.objects.select_related("line__share__deed__indicator", "total", "sheet__notice"),
        public_id=objection_id,
        household=household,
    )
    context = {
        "objection": progress_of(objection),
        "home_url": reverse("phone:home"),
        "ledger_url": reverse("phone:ledger"),
    }
    return render(request, "phone/object_done.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, for phones that are passed around."""
    leave(request)
    return redirect("gate:front")


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


def _pending_period(lines: Iterable[PendingLine]) -> Period | None:
    periods = [Period.parse(line.line.sheet.notice.period) for line in lines]
    return max(periods) if periods else None


def _pending(lines: Iterable[PendingLine], kind: str) -> dict[str, object] | None:
    shown = [line for line in lines if kind == "all" or kind == ("gain" if line.points > 0 else "loss")]
    period = _pending_period(shown)
    if period is None:
        return None
    return {
        "period_label": board.period_label(period),
        "total": sum(line.points for line in shown),
        "posts_on": max(line.posts_on for line in shown),
        "lines": [
            {
                "title": line.title,
                "detail": line.detail,
                "points": line.points,
                "line_no": line.line.number,
                "category_index": _colour(line.category_index),
                "icon": CATEGORY_ICONS[_colour(line.category_index) - 1],
                "held": line.held,
            }
            for line in shown
        ],
    }


def _months(lines: Iterable[PostedLine], kind: str) -> list[dict[str, object]]:
    months = []
    for period, of_month in groupby(lines, key=lambda line: Period.of(line.day)):
        rows = list(of_month)
        shown = [_line(row) for row in rows if kind in ("all", row.kind)]
        sums = {name: sum(row.points for row in rows if row.kind == name) for name in KINDS[1:]}
        if shown:
            months.append({"period": period, "lines": shown, **sums})
    return months


def _line(line: PostedLine) -> dict[str, object]:
    return {
        "day": line.day,
        "title": line.title,
        "detail": line.detail,
        "points": line.points,
        "kind": line.kind,
        "after": line.after,
        "category_index": _colour(line.category_index),
        "icon": PLAIN_ICONS.get(line.kind) or CATEGORY_ICONS[_colour(line.category_index) - 1],
        "is_plain": line.kind in PLAIN_ICONS,
    }


def _colour(position: int) -> int:
    """Six colours serve any number of categories."""
    return (position - 1) % len(CATEGORY_ICONS) + 1
