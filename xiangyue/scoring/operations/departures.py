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
from xiangyue.scoring.places import judging_units
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
    """Take open deeds along: all of a unit that ends, and those whose households are all judged elsewhere now.

    The households live where they went already. A deed of which some stay goes on where it was.
    """
    if departure.to_village_id is None:
        return
    concerned = Q(unit__in=departure.ending) | Exists(_shares_of(departure))
    open_deeds = Deed.objects.filter(concerned, state__in=OPEN_STATES).select_for_update(of=("self",))
    units = dict(open_deeds.order_by("id").values_list("id", "unit_id"))
    homes: dict[int, set[int]] = {deed_id: set() for deed_id in units}
    shares = Share.objects.filter(deed__in=units).order_by("id")
    for deed_id, leaf_id in shares.values_list("deed_id", "household__unit_id"):
        homes[deed_id].add(leaf_id)
    judging = judging_units({leaf_id for leaves in homes.values() for leaf_id in leaves})
    going: dict[int, list[int]] = {}
    for deed_id, leaves in homes.items():
        judges = {judging[leaf_id].pk for leaf_id in leaves}
        if units[deed_id] in judges or (len(judges) > 1 and units[deed_id] not in departure.ending):
            continue
        going.setdefault(min(judges), []).append(deed_id)
    for unit_id, ids in going.items():
        Deed.objects.filter(id__in=ids).update(unit=unit_id)
        log_act(actor=actor, act="follow", subject="deed", subject_ids=ids, reason=f"to:{unit_id}")


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
