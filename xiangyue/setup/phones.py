"""Whom one may call where nobody is real: the lines of the example's villages and of the demo's.

Nobody answers these: no number begins so.
"""

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import OfficeRule, Unit
from xiangyue.people.offices import Office
from xiangyue.requests.models import ContactKind
from xiangyue.requests.operations import set_contact


def set_phones(*, actor: Actor, village: Unit) -> None:
    """Set the phones of a village's office, of its supervision, and of whoever leads each of its grids."""
    leaders = OfficeRule.objects.filter(office=Office.GRID_LEADER).values_list("level", "title")
    titles = dict(leaders)
    grids = Unit.objects.filter(parent=village, until=None, level__in=titles).order_by("path")
    lines = [
        (village, ContactKind.VILLAGE, f"{village.name}村委会"),
        (village, ContactKind.SUPERVISION, "村务监督"),
        *((grid, ContactKind.GRID, titles[grid.level]) for grid in grids),
    ]
    for place, (unit, kind, label) in enumerate(lines):
        phone = f"000-{village.code[-3:]}{place:04d}"
        set_contact(actor=actor, unit_id=unit.pk, kind=kind, label=label, phone=phone)
