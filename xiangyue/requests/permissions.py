"""Who may read and answer a complaint: the level above, and never who may be meant by it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db.models import F, Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Level, Unit
from xiangyue.people.offices import Act, Office, offices_that_grant
from xiangyue.people.permissions import NotAllowed, may, require, units_where
from xiangyue.people.person import households_near, households_near_users
from xiangyue.people.queries import in_force, paths_to
from xiangyue.requests.models import Complaint

ABOVE_VILLAGES: Final = (Level.CITY, Level.COUNTY, Level.TOWN)


def complaints_for(actor: Actor) -> QuerySet[Complaint]:
    """Give the complaints that the actor may read and answer today; for anybody else there are none.

    Whoever holds an office in the unit that is complained about, or below it, does not see the complaint, whatever
    else they are; nor does who is of the complaining household or near to it. What is complained about the top of the
    tree has nobody above: its leading group answers that.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Complaint.objects.all()
    if actor.kind is not ActorKind.USER:
        return Complaint.objects.none()
    held = list(Appointment.objects.filter(in_force(), user_id=actor.id).select_related("unit"))
    answering = Q(answer_unit__in=units_where(actor, Act.ANSWER_COMPLAINTS))
    for each in held:
        if each.office == Office.TOWN_OFFICIAL:  # one who looks after a village is the town's all the same
            answering |= Q(answer_unit__level=Level.TOWN, unit__path__startswith=each.unit.path)
    about_top = Q(unit=F("answer_unit"))
    leads = any(each.office == Office.LEADING_GROUP and each.unit.parent_id is None for each in held)
    seen = ~about_top & ~Q(unit__in=_own_units(held))
    return (
        Complaint.objects.filter(answering, (seen | about_top) if leads else seen)
        .exclude(household__in=households_near(actor))
        .select_related("unit", "answer_unit", "household")
    )


def nearest_answering(complaints: Collection[Complaint]) -> dict[int, list[int]]:
    """Give by complaint, by id, which users hear of it: those whose office for it is nearest to who is meant.

    They are among those who may read and answer it (`complaints_for`); who is further up need not hear of everything.
    complaints: with their units. In three queries for any number.
    """
    paths = {path for complaint in complaints for path in paths_to(complaint.unit)}
    answering = Appointment.objects.filter(
        in_force(), office__in=offices_that_grant(Act.ANSWER_COMPLAINTS), unit__path__in=paths
    )
    held: dict[int, list[Appointment]] = defaultdict(list)
    theirs = Appointment.objects.filter(in_force(), user__in=answering.values("user"))
    for each in theirs.select_related("unit").order_by("user_id"):
        held[each.user_id].append(each)
    near = households_near_users(held)
    return {complaint.pk: _nearest(complaint, held, near) for complaint in complaints}


def _nearest(
    complaint: Complaint, held: Mapping[int, Sequence[Appointment]], near: Mapping[int, Collection[int]]
) -> list[int]:
    found = {
        user: max((len(each.unit.path) for each in offices if _answers(each, complaint)), default=0)
        for user, offices in held.items()
        if complaint.household_id not in near.get(user, ()) and not _is_meant(offices, complaint)
    }
    nearest = max(found.values(), default=0)
    return [user for user, length in found.items() if length == nearest > 0]


def _answers(held: Appointment, complaint: Complaint) -> bool:
    """Tell whether an office answers a complaint; as `complaints_for` and `require_answering` have it."""
    unit = held.unit
    if held.office not in offices_that_grant(Act.ANSWER_COMPLAINTS) or (
        unit.until and unit.until < clock.today()
    ):
        return False
    if held.office == Office.TOWN_OFFICIAL and complaint.answer_unit.level == Level.TOWN:
        return unit.contains(complaint.unit)
    return unit.contains(complaint.answer_unit)


def _is_meant(held: Collection[Appointment], complaint: Complaint) -> bool:
    """Tell whether a complaint may be about somebody; what is about the top, its leading group answers all the same."""
    if complaint.unit_id == complaint.answer_unit_id:
        return not any(each.office == Office.LEADING_GROUP and each.unit.parent_id is None for each in held)
    return any(
        complaint.unit.contains(each.unit)
        and (each.office != Office.TOWN_OFFICIAL or complaint.unit.level in ABOVE_VILLAGES)
        for each in held
    )


def require_answering(actor: Actor, unit: Unit, answer_unit: Unit) -> Actor:
    """Insist that the actor's office answers at a level what is said about a unit; give the actor with the office.

    Raises: NotAllowed.
    """
    if answer_unit.level != Level.TOWN or may(actor, Act.ANSWER_COMPLAINTS, answer_unit):
        return require(actor, Act.ANSWER_COMPLAINTS, answer_unit)
    try:
        return require(actor, Act.ANSWER_COMPLAINTS, unit, of=[Office.TOWN_OFFICIAL])
    except NotAllowed:
        return require(actor, Act.ANSWER_COMPLAINTS, answer_unit)  # to name the level that could


def _own_units(held: Collection[Appointment]) -> QuerySet[Unit]:
    """Give the units whose staff somebody is: where an office of theirs is, and above; of a town official, the town."""
    own = Q(
        path__in={
            path for each in held if each.office != Office.TOWN_OFFICIAL for path in paths_to(each.unit)
        }
    )
    of_town = {path for each in held if each.office == Office.TOWN_OFFICIAL for path in paths_to(each.unit)}
    return Unit.objects.filter(own | Q(path__in=of_town, level__in=ABOVE_VILLAGES))
