"""Reads on contact lines and complaints."""

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import token_hash
from xiangyue.people.models import Level, Unit
from xiangyue.people.queries import household_heads, paths_to
from xiangyue.requests.models import Complaint, ComplaintState, ContactKind, ContactLine
from xiangyue.requests.permissions import complaints_for

KINDS = tuple(ContactKind.values)
NEAR = (ContactKind.GRID, ContactKind.VILLAGE)  # who has something done for a household
COMPLAINABLE = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE, Level.GRID_VILLAGE)


@dataclass(frozen=True, slots=True)
class ListedComplaint:
    """A complaint as who answers it sees it. household: 018 田禾生, or empty where that is hidden or unknown."""

    complaint: Complaint
    household: str

    @property
    def is_overdue(self) -> bool:
        return self.complaint.state == ComplaintState.OPEN and self.complaint.answer_by < clock.today()


def contacts_of(unit: Unit) -> list[ContactLine]:
    """Give whom one can call at a unit and above it, the nearest first, in one query."""
    lines = ContactLine.objects.filter(unit__path__in=paths_to(unit)).select_related("unit")
    return sorted(lines, key=lambda line: (-len(line.unit.path), KINDS.index(line.kind)))


def nearest_contact(unit: Unit) -> ContactLine | None:
    """Give whom a household calls to have something done: its grid worker, or else its village."""
    return next((line for line in contacts_of(unit) if line.kind in NEAR), None)


def complainable_near(unit: Unit) -> list[Unit]:
    """Give what a household can complain about, the nearest first: where it lives, and everything above."""
    return list(Unit.objects.filter(path__in=paths_to(unit)).order_by("-path"))


def complainable_units() -> list[Unit]:
    """Give the units of today's tree down to the villages, parents before their children, in one query."""
    return list(Unit.objects.filter(until=None, level__in=COMPLAINABLE).order_by("path"))


def complaint_of_token(token: str) -> Complaint | None:
    """Give the complaint whose progress an address shows."""
    found = Complaint.objects.filter(token_hash=token_hash(token)).select_related("unit", "answer_unit")
    return found.first()


def listed_complaints(actor: Actor, *, with_answered: bool = False) -> Sequence[ListedComplaint]:
    """List what the actor has to answer, the most urgent first; households by name only where they allow it."""
    found = complaints_for(actor)
    if not with_answered:
        found = found.filter(state=ComplaintState.OPEN)
    rows = list(found.order_by("answered_at", "answer_by", "id"))
    named = {each.household_id: each.household for each in rows if each.household and not each.is_hidden}
    heads = household_heads([key for key in named if key is not None])
    return [
        ListedComplaint(
            each,
            f"{each.household.number} {heads.get(each.household.pk, '')}".strip()
            if each.household and not each.is_hidden
            else "",
        )
        for each in rows
    ]
