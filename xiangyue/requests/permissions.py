"""Who may read and answer a complaint: the level above, and never who may be meant by it."""

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Level, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import NotAllowed, may, require, units_where
from xiangyue.people.person import households_near
from xiangyue.people.queries import in_force, paths_to
from xiangyue.requests.models import Complaint


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
    return Unit.objects.filter(own | Q(path__in=of_town, level__in=(Level.CITY, Level.COUNTY, Level.TOWN)))
