"""What is in flight when households leave a village, end, or a village ends (`people/operations/departures`).

What was decided must be noticed and posted first, where people can still object to it, and objections answered. What
is not decided yet goes along to the village that receives the households, whose committee decides it.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.operations.departures import Departure
from xiangyue.records.operations import log_act
from xiangyue.scoring.departure_refusals import DeedsOpen, NotYetPosted, ObjectionsOpen
from xiangyue.scoring.models import Deed, DeedState, NoticeLine, Objection, ObjectionState, Share, Verdict
from xiangyue.scoring.queries import posted_lines

OPEN_STATES = (DeedState.SUBMITTED, DeedState.RETURNED, DeedState.VERIFIED)


def object_to_departure(departure: Departure) -> None:
    """Refuse a departure that would leave something behind; in a constant number of queries.

    Raises: NotYetPosted, ObjectionsOpen; DeedsOpen where nobody would receive them.
    """
    waiting = _unposted(departure)
    count = waiting.count()
    if count:
        units = Unit.objects.filter(id__in=waiting.values("decision__unit")).order_by("path")
        raise NotYetPosted(count=count, villages="、".join(units.values_list("name", flat=True)))
    concerned = Q(sheet__notice__unit__in=departure.ending) | Q(household__in=departure.households)
    concerned |= Q(line__household__in=departure.households) | Q(total__household__in=departure.households)
    objections = Objection.objects.filter(concerned, state=ObjectionState.OPEN).count()
    if objections:
        raise ObjectionsOpen(count=objections)
    if departure.to_village_id is None:
        deeds = Deed.objects.filter(
            Q(unit__in=departure.ending) | Exists(_shares_of(departure)), state__in=OPEN_STATES
        ).count()
        if deeds:
            raise DeedsOpen(count=deeds)


def follow_departure(actor: Actor, departure: Departure) -> None:
    """Take open deeds along: all of a village that ends, and those whose households all go to another village."""
    if departure.to_village_id is None:
        return
    others = Share.objects.filter(deed=OuterRef("id")).exclude(household__in=departure.households)
    go_along = Q(unit=departure.from_village_id) & Exists(_shares_of(departure)) & ~Exists(others)
    open_deeds = Deed.objects.filter(Q(unit__in=departure.ending) | go_along, state__in=OPEN_STATES).exclude(
        unit=departure.to_village_id
    )
    ids = [deed.pk for deed in open_deeds.select_for_update().order_by("id")]
    Deed.objects.filter(id__in=ids).update(unit=departure.to_village_id)
    log_act(
        actor=actor, act="follow", subject="deed", subject_ids=ids, reason=f"to:{departure.to_village_id}"
    )


def _shares_of(departure: Departure) -> QuerySet[Share]:
    return Share.objects.filter(deed=OuterRef("id"), household__in=departure.households)


def _unposted(departure: Departure) -> QuerySet[Share]:
    """Give the shares that were awarded or deducted, of these households or by these units, and are not posted."""
    standing = NoticeLine.objects.filter(share=OuterRef("id"), replacement=None)
    return Share.objects.filter(
        Q(household__in=departure.households) | Q(decision__unit__in=departure.ending),
        ~Exists(posted_lines(standing)),
        decision__verdict__in=(Verdict.APPROVE, Verdict.ADJUST),
    )
