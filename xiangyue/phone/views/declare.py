"""Declaring what one did: choose, fill in, done. Each page works without scripts; photos survive what is missing."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiangyue.catalogue.models import Indicator
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Resident
from xiangyue.phone.declare_form import (
    NOT_KNOWN,
    Asked,
    Problems,
    Together,
    Typed,
    days_asked,
    declared,
    foreseen_words,
    together_with,
)
from xiangyue.phone.declaring import (
    category_tabs,
    choices_for,
    indicator_card,
    offer_rows,
    searched,
    why_not,
)
from xiangyue.phone.forms import form_key
from xiangyue.phone.photos import SentPhotos, owner_of, photos_context
from xiangyue.phone.progress import ahead_text, deed_words
from xiangyue.records.drafts import draft_photo, drafted_photo
from xiangyue.records.kinds import JPEG
from xiangyue.requests.queries import nearest_contact
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.operations.bringing import NewDeed, bring_deeds
from xiangyue.scoring.operations.foreseeing import foresee
from xiangyue.scoring.operations.offering import offers_to
from xiangyue.scoring.own_deeds import deeds_of, own_deeds
from xiangyue.scoring.preparing import MOST_EVIDENCE
from xiangyue.scoring.way import way_ahead
from xiangyue.ui.access import Visit, for_household


@require_safe
@for_household
def pick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What may be declared: category by category, or by words and pinyin initials."""
    choices = choices_for(visit.household)
    text = request.GET.get("q", "").strip()
    wanted = request.GET.get("category", "")
    chosen = next((each for each in choices if str(each.position) == wanted), choices[0] if choices else None)
    indicators = searched(choices, text) if text else chosen.indicators if chosen else []
    offers = offers_to(actor=visit.actor, household=visit.household, indicators=indicators)
    contact = nearest_contact(visit.household.unit)
    context = {
        "categories": category_tabs(choices, None if text else chosen),
        "chosen": "" if text or chosen is None else chosen.name,
        "rows": offer_rows(offers),
        "q": text,
        "helper": contact,
        "home_url": reverse("phone:home"),
    }
    return render(request, "phone/declare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def fill_in(request: HttpRequest, visit: Visit, indicator_id: int) -> HttpResponse:
    """Declare one matter. What was typed and photographed is kept when something is missing."""
    form = _Form(visit, _indicator(visit.household, indicator_id))
    if request.method != "POST":
        form.typed = Typed.begun(form.asked.people, visit.resident)
        return form.page(request)
    key = form_key("declare", visit.household, request.POST.get("key", ""))
    known = Deed.objects.filter(key=key).first()
    if known:
        return redirect("phone:declared", known.public_id)
    form.read(request, key)
    if "drop" in request.POST or "look" in request.POST:
        form.problems = Problems()
    elif form.deed and not form.problems:
        try:
            (deed,) = bring_deeds(
                actor=visit.actor, deeds=[form.deed], source=Source.SELF, evidence=form.photos.files()
            )
        except Refusal as refusal:
            form.problems.refuse(refusal)
        else:
            form.photos.forget()
            return redirect("phone:declared", deed.public_id)
    form.photos.keep()
    if form.photos.problem:
        form.problems.add("photos", form.photos.problem)
    return form.page(request)


@require_POST
@for_household
def foreseen(request: HttpRequest, visit: Visit, indicator_id: int) -> HttpResponse:
    """What a household would get for what is typed so far: a fragment, for phones with scripts."""
    form = _Form(visit, _indicator(visit.household, indicator_id))
    form.read(request, form_key("declare", visit.household, request.POST.get("key", "")), with_photos=False)
    return render(request, "phone/declare_sum.html", {"is_fragment": True, **form.ahead()})


@require_safe
@for_household
def done(request: HttpRequest, visit: Visit, deed_id: UUID) -> HttpResponse:
    """Who does what by when with what was just declared."""
    deed = get_object_or_404(deeds_of(visit.household), public_id=deed_id)
    (own,) = own_deeds(visit.household, [deed])
    context = {
        "deed": deed_words(own, visit.household),
        "deed_url": reverse("phone:deed", args=[deed.public_id]),
        "again_url": reverse("phone:declare"),
        "home_url": reverse("phone:home"),
    }
    return render(request, "phone/declared.html", context)


@require_POST
@for_household
def draft_photos(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep one photo of a form that is still being filled in, sent by itself."""
    file = request.FILES.get("photo")
    if file is None:
        raise Http404
    try:
        token = draft_photo(owner=owner_of(visit.household), name=file.name or "", content=file.read())
    except Refusal as refusal:
        return JsonResponse(refusal.as_dict(), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"token": token, "url": reverse("phone:draft-photo", args=[token])})


@require_safe
@for_household
def drafted(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """The small version of a photo of a form that is still being filled in, for whoever fills it in."""
    content = drafted_photo(owner=owner_of(visit.household), token=token, thumbnail=True)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=JPEG.media_type, headers={"X-Content-Type-Options": "nosniff"})


def _indicator(household: Household, indicator_id: int) -> Indicator:
    """Give an indicator that judges the household's acts of today and may be declared. Raises: Http404."""
    for choice in choices_for(household):
        for indicator in choice.indicators:
            if indicator.pk == indicator_id:
                return indicator
    raise Http404


class _Form:
    """One declaration as it is being made."""

    def __init__(self, visit: Visit, indicator: Indicator) -> None:
        self.visit, self.indicator = visit, indicator
        self.members: list[Resident] = list(visit.household.residents.filter(left_on=None).order_by("id"))
        self.asked = Asked.by(indicator, None, self.members)
        self.typed = Typed("")
        self.together = Together((), {}, ())
        self.problems = Problems()
        self.photos = SentPhotos(visit.household, [])
        self.deed: NewDeed | None = None

    def read(self, request: HttpRequest, key: str, *, with_photos: bool = True) -> None:
        """Take over what was sent."""
        household = self.visit.household
        self.typed = Typed.of(request.POST)
        self.asked = Asked.by(self.indicator, self.typed.acted_on, self.members)
        if self.asked.is_shared and not self.visit.is_on_behalf:
            self.together = together_with(household, self.typed.others)
        self.deed, self.problems = declared(self.asked, self.typed, household, self.together, key)
        if with_photos:
            self.photos = SentPhotos.of(request, household, most=MOST_EVIDENCE)
            if self.photos.problem:
                self.problems.add("photos", self.photos.problem)

    def ahead(self) -> dict[str, Any]:
        """Say what it would bring, as far as that can be told already."""
        lines = {"together": self.together.lines, "unknown": self.together.unknown}
        if self.deed is None:
            return {**NOT_KNOWN, **lines}
        try:
            found = foresee(actor=self.visit.actor, deeds=[self.deed], source=Source.SELF)
        except Refusal:  # the form says it once it is sent
            return {**NOT_KNOWN, **lines}
        return {**foreseen_words(found, self.visit.household), **lines}

    def page(self, request: HttpRequest) -> HttpResponse:
        visit = self.visit
        (offer,) = offers_to(actor=visit.actor, household=visit.household, indicators=[self.indicator])
        if request.method != "POST":
            self.deed, _problems = declared(self.asked, self.typed, visit.household, self.together, "")
        steps = way_ahead(actor=visit.actor, indicator=self.indicator, household=visit.household)
        problems = self.problems.found
        context = {
            "indicator": indicator_card(self.indicator),
            "is_on_behalf": visit.is_on_behalf,
            "closed": why_not(offer),
            "typed": self.typed,
            **self.asked.context(self.typed),
            "asks_others": self.asked.is_shared and not visit.is_on_behalf,
            **days_asked(self.typed),
            **photos_context(self.photos.kept, MOST_EVIDENCE),
            "ahead": self.ahead(),
            "what_follows": ahead_text(steps, self.indicator.item.approved_by),
            "photos_problem": problems.get("photos", ""),
            "problems": problems,
            "first_problem": next(iter(problems), ""),
            "pick_url": reverse("phone:declare"),
            "foreseen_url": reverse("phone:declare-foreseen", args=[self.indicator.pk]),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        return render(request, "phone/declare_form.html", context, status=status)
