"""Whom to call, and complaining about the scheme or its staff: one tap from every page."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiangyue.gate.views import jurisdiction_of
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Level, Unit
from xiangyue.requests.models import Complaint, ComplaintKind, ComplaintState, ContactKind
from xiangyue.requests.operations import LONGEST_TEXT, lodge_complaint, new_token
from xiangyue.requests.queries import (
    NEAR,
    complainable_near,
    complainable_units,
    complaint_of_token,
    contacts_of,
)
from xiangyue.ui.access import Visit, visit_of
from xiangyue.ui.board import with_query

ICONS = {
    ContactKind.GRID: "user",
    ContactKind.VILLAGE: "building-community",
    ContactKind.SUPERVISION: "scale",
    ContactKind.HOTLINE: "headset",
}
TOKEN = re.compile(r"[\w-]{22}", re.ASCII)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call: the own grid worker, the village, supervision, the hotline; for strangers, of a village chosen."""
    name = jurisdiction_of(request).name
    visit = visit_of(request)
    units = [] if visit else complainable_units()
    unit = visit.household.unit if visit else _chosen(units, request.GET.get("unit", "")) or units[0]
    lines = contacts_of(unit)
    context = {
        "jurisdiction": {"name": name},
        "lines": [
            {
                "label": line.label,
                "place": line.unit.name,
                "phone": line.phone,
                "icon": ICONS[ContactKind(line.kind)],
            }
            for line in lines
        ],
        "has_near": any(line.kind in NEAR for line in lines),
        "groups": _groups(units),
        "chosen": unit.code,
        "is_chosen": visit is not None or bool(request.GET.get("unit")),
        "complain_url": reverse("gate:complain"),
        "signed_in": visit is not None,
    }
    return render(request, "gate/help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Complain about the scheme or its staff, with one's household's name or without any."""
    name = jurisdiction_of(request).name
    visit = visit_of(request)
    if visit and visit.is_on_behalf:
        visit = None  # whoever acts for others is not told, and does not give, whose complaint it is
    sent = request.POST
    token = sent.get("key", "")
    units = complainable_near(visit.household.unit) if visit else complainable_units()
    form: dict[str, Any] = {
        "chosen": sent.get("about", request.GET.get("unit", "")),
        "kind": sent.get("kind", ""),
        "text": sent.get("text", "").replace("\0", ""),
        "named": "named" in sent,
        "key": token if TOKEN.fullmatch(token) else new_token(),
    }
    problem, at = "", ""
    if request.method == "POST":
        unit = _chosen(units, form["chosen"])
        if unit is None:
            problem, at = _("请选要投诉哪里"), "about"
        elif form["kind"] not in ComplaintKind.values:
            problem, at = _("请选是哪一类事"), "kind"
        else:
            try:
                _lodge(visit, unit, form)
            except Refusal as refusal:
                problem, at = str(refusal), refusal.field or ""
            else:
                return redirect("gate:complained", token=form["key"])
    context = {
        "jurisdiction": {"name": name},
        "own_units": [_own_unit(each) for each in units] if visit else [],
        "groups": [] if visit else _groups(units),
        "kinds": [{"value": value, "label": label} for value, label in ComplaintKind.choices],
        "longest": LONGEST_TEXT,
        "problem": problem,
        "problem_at": at,
        "help_url": reverse("gate:help"),
        "signed_in": visit is not None,
        **form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    response = render(request, "gate/help_complain.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def complained(request: HttpRequest, token: str) -> HttpResponse:
    """How far a complaint has come: its address is known to whoever complained, and to nobody else."""
    name = jurisdiction_of(request).name
    complaint = complaint_of_token(token) if TOKEN.fullmatch(token) else None
    if complaint is None:
        raise Http404
    context = {
        "jurisdiction": {"name": name},
        "complaint": _told(complaint),
        "help_url": reverse("gate:help"),
    }
    response = render(request, "gate/help_complained.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lodge(visit: Visit | None, unit: Unit, form: dict[str, Any]) -> Complaint:
    actor: Actor | None = visit.actor if visit else None
    return lodge_complaint(
        actor=actor,
        unit_id=unit.pk,
        kind=ComplaintKind(form["kind"]),
        text=form["text"],
        token=form["key"],
        household_id=visit.household.pk if visit else None,
        is_hidden=not form["named"],
    )


def _chosen(units: Iterable[Unit], code: str) -> Unit | None:
    return next((unit for unit in units if unit.code == code), None)


def _groups(units: Iterable[Unit]) -> list[dict[str, Any]]:
    """Lay the tree out for a list to choose from: what lies above the villages, then each town with its villages."""
    groups: list[dict[str, Any]] = []
    for unit in units:
        if unit.level in (Level.CITY, Level.COUNTY, Level.TOWN) or not groups:
            groups.append({"name": unit.name, "units": []})
        groups[-1]["units"].append({"code": unit.code, "name": unit.name})
    return groups


def _own_unit(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name, "level": str(unit.get_level_display())}


def _told(complaint: Complaint) -> dict[str, Any]:
    is_open = complaint.state == ComplaintState.OPEN
    return {
        "about": complaint.unit.name,
        "kind": complaint.get_kind_display(),
        "text": complaint.text,
        "answered_by": complaint.answer_unit.name,
        "answer_by": complaint.answer_by,
        "is_open": is_open,
        "is_top": complaint.unit_id == complaint.answer_unit_id,
        "goes_on": complaint.answer_unit.parent_id is not None,
        "badge": complaint.get_state_display(),
        "badge_class": "gold" if is_open else "green",
        "answer": complaint.answer,
        "again_url": with_query(reverse("gate:complain"), unit=complaint.answer_unit.code)
        if not is_open and complaint.unit_id != complaint.answer_unit_id
        else "",
        "is_hidden": complaint.is_hidden or complaint.household_id is None,
    }
