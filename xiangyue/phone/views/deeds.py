"""A household's own deeds: the list, each with its way, taking one back, bringing one again, and their photos."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiangyue.kernel.refusals import Refusal
from xiangyue.phone.photos import SentPhotos, photos_context
from xiangyue.phone.progress import deed_lines, deed_words, stand_tabs
from xiangyue.scoring.models import Decision, Deed, DeedState
from xiangyue.scoring.operations.bringing import may_change, resubmit_deed, withdraw_deed
from xiangyue.scoring.own_deeds import OwnDeed, Stand, deeds_of, own_deeds, photos_of
from xiangyue.scoring.preparing import MOST_EVIDENCE, NOTE_LENGTH
from xiangyue.scoring.states import TRANSITIONS, DeedAct
from xiangyue.ui.access import Visit, for_household
from xiangyue.ui.files import file_response

PAGE = 20
MOST_PAGES = 10_000


@require_safe
@for_household
def deeds(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All deeds of the household with where each is and why; those brought last first."""
    wanted = request.GET.get("stand", "")
    stand = Stand(wanted) if wanted in Stand.values else None
    page = _page(request.GET.get("page", ""))
    begin = (page - 1) * PAGE
    found = list(deeds_of(visit.household, stand)[begin : begin + PAGE + 1])
    context = {
        "tabs": stand_tabs(stand),
        "stand": stand.value if stand else "",
        "deeds": deed_lines(own_deeds(visit.household, found[:PAGE])),
        "newer_url": _leaf(stand, page - 1) if page > 1 else "",
        "older_url": _leaf(stand, page + 1) if len(found) > PAGE else "",
        "declare_url": reverse("phone:declare"),
    }
    return render(request, "phone/deeds.html", context)


@require_safe
@for_household
def deed(request: HttpRequest, visit: Visit, deed_id: UUID) -> HttpResponse:
    """One deed with its way, its photos, and why it is worth what it is."""
    return _deed_page(request, visit, _own(visit, deed_id))


@require_POST
@for_household
def withdraw(request: HttpRequest, visit: Visit, deed_id: UUID) -> HttpResponse:
    """Take a deed back; doing so twice changes nothing."""
    own = _own(visit, deed_id)
    if own.deed.state != DeedState.WITHDRAWN:
        try:
            withdraw_deed(actor=visit.actor, deed_id=own.deed.pk)
        except Refusal as refusal:
            return _deed_page(request, visit, _own(visit, deed_id), problem=str(refusal))
    return redirect("phone:deed", deed_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def amend(request: HttpRequest, visit: Visit, deed_id: UUID) -> HttpResponse:
    """Bring a returned deed again with what was missing; one that is not returned (any more) is only shown."""
    own = _own(visit, deed_id)
    if not _may(visit, own.deed, DeedAct.RESUBMIT):
        return redirect("phone:deed", deed_id)
    if request.method != "POST":
        return _amend_page(request, visit, own, SentPhotos(visit.household, []), text=own.deed.description)
    text = request.POST.get("text", "").replace("\0", "").strip()
    photos = SentPhotos.of(request, visit.household, most=MOST_EVIDENCE)
    problem, place = photos.problem, "photos"
    if not problem and "drop" not in request.POST:
        try:
            resubmit_deed(actor=visit.actor, deed_id=own.deed.pk, description=text, evidence=photos.files())
        except Refusal as refusal:
            problem, place = str(refusal), "photos" if refusal.field in ("file", "evidence") else "text"
        else:
            photos.forget()
            return redirect("phone:deed", deed_id)
    photos.keep()
    return _amend_page(request, visit, own, photos, text=text, problem=problem, problem_at=place)


@require_safe
@for_household
def photo(
    request: HttpRequest, visit: Visit, deed_id: UUID, file_id: int, *, small: bool = False
) -> HttpResponseBase:
    """A photo of one of the household's own deeds, whole or small."""
    own = get_object_or_404(deeds_of(visit.household), public_id=deed_id)
    stored = photos_of(visit.household, own).filter(pk=file_id).first()
    if stored is None:
        raise Http404
    return file_response(request, stored, thumbnail=small)


def _own(visit: Visit, deed_id: UUID) -> OwnDeed:
    """Give a deed in which the household has a share. Raises: Http404."""
    found = get_object_or_404(deeds_of(visit.household), public_id=deed_id)
    (own,) = own_deeds(visit.household, [found])
    return own


def _may(visit: Visit, deed: Deed, act: DeedAct) -> bool:
    """Tell whether the household may take this deed back or bring it again as it stands."""
    return (DeedState(deed.state), act) in TRANSITIONS and may_change(visit.actor, deed)


def _deed_page(request: HttpRequest, visit: Visit, own: OwnDeed, *, problem: str = "") -> HttpResponse:
    found = own.deed
    decided = Decision.objects.filter(share__deed=found).exists()
    args = [found.public_id]
    context = {
        "deed": deed_words(own, visit.household),
        "photos": [
            {
                "url": reverse("phone:photo", args=[*args, each.pk]),
                "small_url": reverse("phone:photo-small", args=[*args, each.pk]),
            }
            for each in photos_of(visit.household, found)
        ],
        "is_shared": found.shares.exclude(household=visit.household).exists(),
        "amend_url": reverse("phone:deed-amend", args=args) if _may(visit, found, DeedAct.RESUBMIT) else "",
        "withdraw_url": reverse("phone:deed-withdraw", args=args)
        if not decided and _may(visit, found, DeedAct.WITHDRAW)
        else "",
        "object_url": f"{reverse('phone:object')}?{urlencode({'target': f'line-{own.line.pk}'})}"
        if own.line and own.stand is Stand.NOTICED
        else "",
        "deeds_url": reverse("phone:deeds"),
        "ledger_url": reverse("phone:ledger"),
        "problem": problem,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "phone/deed.html", context, status=status)


def _amend_page(
    request: HttpRequest,
    visit: Visit,
    own: OwnDeed,
    photos: SentPhotos,
    *,
    text: str,
    problem: str = "",
    problem_at: str = "",
) -> HttpResponse:
    context = {
        "deed": deed_words(own, visit.household),
        "text": text,
        "text_length": NOTE_LENGTH,
        **photos_context(photos.kept, MOST_EVIDENCE),
        "problem": problem or photos.problem,
        "problem_at": problem_at if problem else "photos",
        "deed_url": reverse("phone:deed", args=[own.deed.public_id]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["problem"] else HTTPStatus.OK
    return render(request, "phone/deed_amend.html", context, status=status)


def _page(text: str) -> int:
    """Read the number of a page; whatever is none is the first."""
    return min(int(text), MOST_PAGES) if text.isdecimal() and len(text) < 6 and int(text) else 1


def _leaf(stand: Stand | None, page: int) -> str:
    facts = {"stand": stand.value} if stand else {}
    return f"?{urlencode({**facts, 'page': page})}"
