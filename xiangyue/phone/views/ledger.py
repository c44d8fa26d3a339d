"""A household's account: the book, the sheet of each line, its proof, and the files that one can keep of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiangyue.auditor import checker
from xiangyue.insight.grounds import is_settled, line_for, posting_of
from xiangyue.insight.passbook import PendingLine, newest_period, passbook, photos_of
from xiangyue.insight.posted import Kind, Month, PostedLine, page_of, posted_thing, years_of
from xiangyue.insight.proofs import household_proof, seals_of
from xiangyue.insight.refusals import NothingSealed
from xiangyue.insight.statement import statement_workbook
from xiangyue.kernel import clock
from xiangyue.kernel.ids import check_code
from xiangyue.kernel.periods import NotAPeriod, Period
from xiangyue.ledger.models import Batch
from xiangyue.phone.categories import colour_of, icon_of
from xiangyue.phone.ledger import (
    PLAIN_ICONS,
    Sheet,
    pending_sheet,
    photo_facts,
    posted_sheet,
)
from xiangyue.records.kinds import XLSX
from xiangyue.scoring.models import Evidence
from xiangyue.ui import board
from xiangyue.ui.access import Visit, for_household

KINDS: Final = ("all", Kind.GAIN, Kind.LOSS, Kind.SPEND)
YEARS: Final = range(1900, 3000)


@require_safe
@for_household
def ledger(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every line with its reason: what is on notice, then what is posted, some months a page."""
    kind = request.GET.get("kind", "all")
    kind = kind if kind in KINDS else "all"
    before, after = (_period(request.GET.get(name, "")) for name in ("before", "after"))
    book = passbook(visit.household)
    page = page_of(visit.household, kind=kind, before=before, after=after)
    if not page.months:  # beyond either end
        page = page_of(visit.household, kind=kind)
    is_first = page.newer is None
    return render(
        request,
        "phone/ledger.html",
        {
            "balance": book.balances.redeemable,
            "honour": book.balances.honour,
            "arrears": book.balances.arrears,
            "kind": kind,
            "pending": _pending(book.pending, kind) if is_first else None,
            "months": [_month(month) for month in page.months],
            "newer_url": _leaf(kind, "after", page.newer),
            "older_url": _leaf(kind, "before", page.older),
            "notices_url": reverse("gate:front"),
            "object_url": reverse("phone:object"),
            "years": [
                {"year": year, "url": reverse("phone:statement", args=[year])}
                for year in years_of(visit.household)
            ],
        },
    )


@require_safe
@for_household
def line(request: HttpRequest, visit: Visit, line_id: int) -> HttpResponse:
    """The sheet of a line on notice; of a posted one its entry in the book."""
    found = line_for(visit.household, line_id)
    if found is None:
        raise Http404
    posted = posting_of(found)
    if posted:
        return redirect("phone:entry", *posted)
    if found.pk != line_id:
        return redirect("phone:line", found.pk)
    return _sheet_page(request, pending_sheet(found, visit.household, is_over=is_settled(found)))


@require_safe
@for_household
def entry(request: HttpRequest, visit: Visit, batch_id: int, line: int) -> HttpResponse:
    """The sheet of a posted line."""
    found, batch = _posted(visit, batch_id, line)
    return _sheet_page(request, posted_sheet(found, batch, visit.household))


@require_safe
@for_household
def proof(request: HttpRequest, visit: Visit, batch_id: int, line: int) -> HttpResponse:
    """In which seal a posted line stands, and how anybody checks that."""
    found, batch = _posted(visit, batch_id, line)
    sealed = seals_of([batch.pk]).get(batch.pk)
    context = {
        "entry": found,
        "sealed": sealed,
        "code": check_code(sealed.day_digest) if sealed else "",
        "is_final": sealed is not None and sealed.day < clock.today(),
        "codes_url": board.with_query(
            reverse("gate:open"),
            village=visit.household.village.code,
            part="codes",
            until=sealed.day.isoformat() if sealed else "",
        ),
        "year": found.day.year,
        "file_url": reverse("phone:proof-file", args=[found.day.year]),
        "checker_url": reverse("phone:proof-checker"),
        "statement_url": reverse("phone:statement", args=[found.day.year]),
        "entry_url": reverse("phone:entry", args=[found.batch_id, found.line]),
    }
    return render(request, "phone/ledger_proof.html", context)


@require_safe
@for_household
def proof_file(request: HttpRequest, visit: Visit, year: int) -> HttpResponse:
    """What proves all sealed lines of a year, as `xiangyue ledger prove` writes it."""
    _require_year(year)
    try:
        found = household_proof(visit.household.holder_id, year)
    except NothingSealed:
        raise Http404 from None
    content = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    return _file(content.encode(), "application/json", _("%(year)s年积分证明.json") % {"year": year})


@require_safe
@for_household
def statement(request: HttpRequest, visit: Visit, year: int) -> HttpResponse:
    """The lines of a year as a workbook."""
    _require_year(year)
    content = statement_workbook(visit.household, year)
    return _file(content, XLSX.media_type, _("%(year)s年积分账.xlsx") % {"year": year})


@require_safe
@for_household
def proof_checker(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The program that checks a proof without us: one file, nothing but Python."""
    return _file(Path(checker.__file__).read_bytes(), "text/x-python", "checker.py")


def _posted(visit: Visit, batch_id: int, line: int) -> tuple[PostedLine, Batch]:
    """Give a line of the household's own book with its batch. Raises: Http404 for what is none of its own."""
    found = posted_thing(visit.household, batch_id, line)
    if found is None:
        raise Http404
    return found, Batch.objects.get(id=batch_id)


def _sheet_page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return render(request, "phone/ledger_entry.html", {"entry": sheet, "ledger_url": reverse("phone:ledger")})


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    assert disposition
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def _require_year(year: int) -> None:
    if year not in YEARS:
        raise Http404


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except NotAPeriod:
        return None


def _leaf(kind: str, way: str, edge: Period | None) -> str:
    return f"?{urlencode({'kind': kind, way: edge})}" if edge else ""


def _pending(lines: Iterable[PendingLine], kind: str) -> dict[str, object] | None:
    shown = [line for line in lines if kind in ("all", _kind_of(line))]
    period = newest_period(shown)
    if period is None:
        return None
    photos = photos_of(line.line.share.deed_id for line in shown)
    return {
        "period_label": board.period_label(period),
        "total": sum(line.points for line in shown),
        "posts_on": max(line.posts_on for line in shown),
        "can_object": any(line.line.deadline >= clock.today() for line in shown),
        "lines": [_pending_line(line, photos) for line in shown],
    }


def _kind_of(line: PendingLine) -> Kind | None:
    """Tell gains from losses; what was corrected to nothing is neither."""
    if not line.points:
        return None
    return Kind.GAIN if line.points > 0 else Kind.LOSS


def _pending_line(line: PendingLine, photos: Mapping[int, Sequence[Evidence]]) -> dict[str, object]:
    deed, by_meeting = line.line.share.deed, line.line.share.decision.meeting_id is not None
    shown = photos.get(deed.pk)
    return {
        "url": reverse("phone:line", args=[line.line.pk]),
        "title": line.title,
        "detail": line.detail,
        "points": line.points,
        "by": _("评议会评定") if by_meeting else _("小事评定"),
        "line_no": line.line.number,
        "category_index": colour_of(line.category_index),
        "icon": icon_of(line.category, line.category_index),
        "photo": photo_facts(deed, shown[0]) if shown else None,
        "held": line.held,
        "corrected": line.line.replaces_id is not None,
    }


def _month(month: Month) -> dict[str, object]:
    return {
        "period": month.period,
        "gain": month.gain,
        "loss": month.loss,
        "spend": month.spend,
        "lines": [_line(line) for line in month.lines],
    }


def _line(line: PostedLine) -> dict[str, object]:
    return {
        "url": reverse("phone:entry", args=[line.batch_id, line.line]),
        "day": line.day,
        "title": line.title,
        "detail": line.detail,
        "points": line.points,
        "kind": line.kind,
        "after": line.after,
        "undone": line.undone,
        "category_index": colour_of(line.category_index),
        "icon": PLAIN_ICONS.get(line.kind) or icon_of(line.category, line.category_index),
        "is_plain": line.kind in PLAIN_ICONS,
    }
