"""A household's account, line by line."""

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyue.insight.passbook import PendingLine, PostedLine, newest_period, passbook
from xiangyue.kernel.periods import Period
from xiangyue.ui import board
from xiangyue.ui.access import Visit, for_household

KINDS = ("all", "gain", "loss", "spend")
PLAIN_ICONS = {"spend": "gift", "other": "notebook"}  # kinds of lines that belong to no category
CATEGORY_ICONS = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")


@require_safe
@for_household
def ledger(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every line with its reason: what is on notice, then what is posted, month by month."""
    kind = request.GET.get("kind", "all")
    kind = kind if kind in KINDS else "all"
    book = passbook(visit.household)
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


def _pending(lines: Iterable[PendingLine], kind: str) -> dict[str, object] | None:
    shown = [line for line in lines if kind == "all" or kind == ("gain" if line.points > 0 else "loss")]
    period = newest_period(shown)
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
