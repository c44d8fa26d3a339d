"""The rules in plain words (积分细则): what judges a village today, what one gets for what, and what it used to be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyue.catalogue.models import Indicator
from xiangyue.gate import clauses, villages
from xiangyue.gate.kept import kept
from xiangyue.gate.views import jurisdiction_of
from xiangyue.ui import board
from xiangyue.ui.access import visit_of


@require_safe
@kept
def rules(request: HttpRequest) -> HttpResponse:
    """A village's rules, by category or by what is asked for; first which village, where that is not clear."""
    jurisdiction = jurisdiction_of(request)
    village = villages.village_of(request)
    if village is None:
        return villages.choosing(request, "rules")
    question = request.GET.get("ask", "").replace("\0", "").strip()[: clauses.LONGEST_QUESTION]
    indicators = clauses.indicators_for(village)
    found, is_exact = clauses.asked_for(indicators, question) if question else ([], True)
    visit = visit_of(request)
    context = {
        "jurisdiction": jurisdiction,
        "village": village,
        "question": question,
        "found": found,
        "is_exact": is_exact,
        "chapters": [] if question else clauses.chapters_of(indicators),
        "count": len(indicators),
        "all_url": board.with_query(reverse("gate:rules"), village=village.code),
        "open_url": board.with_query(reverse("gate:open"), village=village.code),
        "others_url": reverse("gate:rules") if request.GET.get("village") and not visit else "",
        "signed_in": visit is not None,
    }
    return render(request, "gate/rules.html", context)


@require_safe
@kept
def rule(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """One indicator with its history. Drafts are not public here: what is not in force yet judges nobody."""
    jurisdiction = jurisdiction_of(request)
    known = Indicator.objects.filter(catalogue__state__in=clauses.JUDGED_BY)
    indicator = get_object_or_404(
        known.select_related("category", "catalogue__unit", "changes__category", "changes__catalogue__unit"),
        pk=indicator_id,
    )
    visit = visit_of(request)
    context = {
        "jurisdiction": jurisdiction,
        **clauses.rule_context(indicator),
        "signed_in": visit is not None,
        "rules_url": board.with_query(reverse("gate:rules"), village=request.GET.get("village", "")),
    }
    return render(request, "gate/rule.html", context)
