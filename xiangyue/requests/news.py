"""Who is told what of complaints: whoever has to answer, and the household that waits for it; never who is meant."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy

from xiangyue.messages import templates
from xiangyue.messages.news import News, tell
from xiangyue.messages.templates import Template
from xiangyue.messages.words import day
from xiangyue.requests.models import Complaint, ComplaintState
from xiangyue.requests.permissions import nearest_answering

Payload = dict[str, Any]
TEMPLATES: Final = (
    Template(
        "complaint-to-answer",
        gettext_lazy("有投诉等您答复"),
        gettext_lazy("第%(complaint)s件投诉，请在%(until)s前答复。"),
        {"until": day},
    ),
    Template(
        "complaint-passed-on",
        gettext_lazy("您家的投诉转上去了"),
        gettext_lazy("转给%(unit)s了，%(until)s前答复您家。"),
        {"until": day},
        own_only=True,
    ),
    Template(
        "complaint-answered",
        gettext_lazy("您家的投诉有答复了"),
        gettext_lazy("怎么答复的，在投诉的时候给您家的那个网址上看。"),
        own_only=True,
    ),
)


def register() -> None:
    """Register the kinds of news, and who is told what of each topic."""
    templates.register(*TEMPLATES)
    tell("complaint-lodged", complaint_lodged)
    tell("complaints-passed-on", complaints_passed_on)
    tell("complaint-answered", complaint_answered)


def complaint_lodged(payload: Payload) -> Iterator[News]:
    """Tell who has to answer it; of whom it comes, and about whom, nothing."""
    return _to_answer([payload["complaint"]])


def complaints_passed_on(payload: Payload) -> Iterator[News]:
    """Tell who has to answer now, and the households that wait for it."""
    yield from _to_answer(payload["complaints"])
    waiting = Complaint.objects.filter(
        id__in=payload["complaints"], state=ComplaintState.OPEN, household__isnull=False
    )
    for complaint in waiting.select_related("answer_unit").order_by("id"):
        facts = {"unit": complaint.answer_unit.name, "until": complaint.answer_by.isoformat()}
        about = f"complaint:{complaint.pk}"
        yield News("complaint-passed-on", facts, household=complaint.household_id, about=about)


def complaint_answered(payload: Payload) -> Iterator[News]:
    """Tell the household that complained; who gave no name has the address alone."""
    answered = Complaint.objects.filter(id=payload["complaint"], household__isnull=False)
    for complaint in answered:
        yield News("complaint-answered", household=complaint.household_id)


def _to_answer(ids: list[int]) -> Iterator[News]:
    waiting = Complaint.objects.filter(id__in=ids, state=ComplaintState.OPEN)
    complaints = list(waiting.select_related("unit", "answer_unit").order_by("id"))
    hearing = nearest_answering(complaints)
    for complaint in complaints:
        facts = {"complaint": complaint.pk, "until": complaint.answer_by.isoformat()}
        for user in hearing[complaint.pk]:
            yield News("complaint-to-answer", facts, user=user, about=f"complaint:{complaint.pk}")
