"""What catalogues keep of a person: given to them, and erased with them (`people/person.py`)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Clearance, Feedback, Review
from xiangyue.kernel.actors import ActorKind
from xiangyue.people.models import Resident
from xiangyue.people.operations.erasing import strike
from xiangyue.people.person import Erased, Section


def kept_of(resident: Resident) -> list[Section]:
    """Give what a person said of drafts as a user; what was said by the household's card is the household's."""
    said = Feedback.objects.filter(said_by_kind=ActorKind.USER, said_by_id=resident.user_id or 0)
    rows = [
        {
            "at": each.said_at,
            "catalogue": each.catalogue.name,
            "number": each.number,
            "text": each.text,
            "answer": each.answer,
        }
        for each in said.select_related("catalogue").order_by("id")
    ]
    headers = {
        "at": _("时间"),
        "catalogue": _("细则"),
        "number": _("指标"),
        "text": _("意见"),
        "answer": _("答复"),
    }
    return [Section("catalogue_feedback", _("对细则的意见"), headers, rows)]


def erase(erased: Erased) -> None:
    """Take out of what was said of drafts, and of what was answered and found, what names the erased."""
    own = Q(household_id__in=erased.households) | Q(said_by_kind=ActorKind.USER, said_by_id__in=erased.users)
    for field in ("text", "answer"):
        strike(Feedback.objects.all(), field, erased, own=own)
    strike(Clearance.objects.all(), "reason", erased, own=Q(pk__in=()))
    strike(Review.objects.all(), "findings", erased, own=Q(pk__in=()))
