"""Reads on the register of offices: what the scheme asks for, what is missing, whose turn runs out.

Every read takes a constant number of queries, for one unit and for a whole county.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people.history import standing_on
from xiangyue.people.models import (
    Appointment,
    Body,
    Capacity,
    Level,
    OfficeRule,
    Resident,
    SeatRule,
    Unit,
)
from xiangyue.people.offices import Office
from xiangyue.people.queries import in_force

# In which bodies the holders of an office sit. Where there is one, it need not be named.
BODIES: Final[dict[Office, tuple[Body, ...]]] = {
    Office.COMMITTEE_MEMBER: (Body.EVALUATION,),
    Office.SUPERVISOR: (Body.SUPERVISION,),
    Office.COUNCIL_MEMBER: (
        Body.ASSEMBLY,
        Body.RED_WHITE,
        Body.MORAL,
        Body.COUNCIL,
        Body.ANTI_DRUG_GAMBLING,
    ),
}
OFFICE_OF: Final = {body: office for office, bodies in BODIES.items() for body in bodies}
SOON: Final = timedelta(days=30)
DAY: Final = timedelta(days=1)


class Register:
    """The scheme's rules on offices, read once."""

    def __init__(self) -> None:
        self._rules = {(Office(rule.office), Level(rule.level)): rule for rule in OfficeRule.objects.all()}

    def rule(self, office: Office, level: Level) -> OfficeRule | None:
        """Give what the register says about an office at a level; None where the scheme has no such office."""
        return self._rules.get((office, level))

    def title(self, office: Office, level: Level) -> str:
        """Name an office as the place calls it at a level."""
        rule = self.rule(office, level)
        return rule.title if rule else str(office.label)

    def offices_at(self, *levels: Level) -> list[Office]:
        """Give the offices that the scheme has at any of the levels, in the order of `Office`."""
        return [office for office in Office if any((office, level) in self._rules for level in levels)]

    def turn_end(self, office: Office, level: Level, since: date) -> date | None:
        """Give the last day of a turn that begins on a day; None where the office is not held by turns."""
        rule = self.rule(office, level)
        return months_later(since, rule.turn_months) - DAY if rule and rule.turn_months else None

    @property
    def asking(self) -> list[OfficeRule]:
        """The rules from which a gap may follow."""
        return [rule for rule in self._rules.values() if rule.is_needed or rule.party_only]

    @property
    def needed(self) -> set[tuple[Office, Level]]:
        """The offices without which a unit of a level has a gap."""
        return {key for key, rule in self._rules.items() if rule.is_needed}


class Lack(StrEnum):
    VACANT = "vacant"  # nobody holds the office at the unit
    NO_PARTY_MEMBER = "no_party_member"  # who holds it is a resident, and no party member


@dataclass(frozen=True)
class Gap:
    """A unit lacks what the register asks for. holder: of an office that a party member should hold, else ""."""

    unit: Unit
    office: Office
    title: str
    lack: Lack
    holder: str = ""

    @property
    def words(self) -> str:
        """Say what is missing: 缺联户组长; 联户组长麦穗香不是党员."""
        if self.lack is Lack.VACANT:
            return _("缺%(title)s") % {"title": self.title}
        return _("%(title)s%(name)s不是党员") % {"title": self.title, "name": self.holder}


@dataclass(frozen=True)
class Seat:
    """One member of a body. capacity: for whom they sit; None where nobody wrote it down."""

    name: str
    login: str
    capacity: Capacity | None


@dataclass(frozen=True)
class Shortage:
    """A body has fewer of a capacity than it must have."""

    capacity: Capacity
    least: int
    seated: int


@dataclass(frozen=True)
class Composition:
    """Who sits in a body of a unit on a day, and who is missing there."""

    unit: Unit
    body: Body
    seats: tuple[Seat, ...]
    shortages: tuple[Shortage, ...]

    @property
    def is_complete(self) -> bool:
        return not self.shortages

    @property
    def words(self) -> str:
        """Say what is missing: 还缺党员代表2人、村民代表1人; nothing where nobody is."""
        if self.is_complete:
            return ""
        missing = "、".join(
            _("%(capacity)s%(count)s人")
            % {"capacity": each.capacity.label, "count": each.least - each.seated}
            for each in self.shortages
        )
        return _("还缺%(missing)s") % {"missing": missing}


@dataclass(frozen=True)
class Turn:
    """A term that has an end. ends_on: its last day, as appointed, or else by the register's length of a turn."""

    appointment: Appointment
    title: str
    ends_on: date


def gaps(unit: Unit, on: date | None = None) -> list[Gap]:
    """List what units at and below one lack on a day (today), in four queries.

    Needed offices that nobody holds, and offices for party members that residents hold who are none; of staff
    who are no residents nothing is known.
    """
    register, day = Register(), on or clock.today()
    rules: dict[str, list[OfficeRule]] = defaultdict(list)
    for rule in register.asking:
        rules[rule.level].append(rule)
    held: dict[tuple[int, str], list[Appointment]] = defaultdict(list)
    for appointment in _held(unit, {rule.office for rule in register.asking}, day):
        held[appointment.unit_id, appointment.office].append(appointment)
    strangers = _no_party_members(unit, {rule.office for rule in register.asking if rule.party_only}, day)
    return [
        gap
        for place in _lasting(unit, rules, day)
        for rule in rules[place.level]
        for gap in _gaps_by(rule, place, held[place.pk, rule.office], strangers)
    ]


def compositions(unit: Unit, on: date | None = None) -> list[Composition]:
    """Compare the bodies of units at and below one with the seats they must have, on a day (today); four queries.

    A body is expected where the register needs its office; one that has members is listed wherever it is.
    """
    register, day = Register(), on or clock.today()
    least: dict[Body, dict[Capacity, int]] = defaultdict(dict)
    for rule in SeatRule.objects.order_by("id"):
        least[Body(rule.body)][Capacity(rule.capacity)] = rule.least
    seats: dict[tuple[int, Body], list[Seat]] = defaultdict(list)
    for each in _held(unit, BODIES, day):
        capacity = Capacity(each.capacity) if each.capacity else None
        if body := body_of(each):
            seats[each.unit_id, body].append(Seat(each.user.name, each.user.login, capacity))
    return [
        Composition(
            place, body, tuple(seats[place.pk, body]), tuple(_shortages(least[body], seats[place.pk, body]))
        )
        for place in _lasting(unit, Level, day)
        for body in Body
        if seats[place.pk, body] or (least[body] and (OFFICE_OF[body], Level(place.level)) in register.needed)
    ]


def terms_ending(unit: Unit, on: date | None = None, within: timedelta = SOON) -> list[Turn]:
    """List the terms at and below a unit that run out soon after a day (today), or have run out by the register
    while their holder goes on. One whose office is handed over on the day after is left out. Two queries.
    """
    register, day = Register(), on or clock.today()
    terms = (
        Appointment.objects.filter(Q(until=None) | Q(until__gte=day), unit__path__startswith=unit.path)
        .filter(Q(unit__until=None) | Q(unit__until__gte=day), user__is_active=True)
        .select_related("user", "unit")
        .order_by("unit__path", "office", "id")
    )
    begun, followers = [], Counter[tuple[int, str, str, date]]()
    for each in terms:
        followers[each.unit_id, each.office, each.body, each.since] += 1
        if each.since <= day:
            begun.append(each)
    found = []
    for each in begun:
        office, level = Office(each.office), Level(each.unit.level)
        ends_on = each.until or register.turn_end(office, level, each.since)
        if ends_on is None or ends_on > day + within:
            continue
        following = (each.unit_id, each.office, each.body, ends_on + DAY)
        if followers[following]:
            followers[following] -= 1  # one who follows takes over from one
        else:
            found.append(Turn(each, register.title(office, level), ends_on))
    return sorted(found, key=lambda turn: turn.ends_on)


def body_of(appointment: Appointment) -> Body | None:
    """Give the body in which an appointment seats its holder: as written, or the only one that its office has."""
    if appointment.body:
        return Body(appointment.body)
    bodies = BODIES.get(Office(appointment.office), ())
    return bodies[0] if len(bodies) == 1 else None


def months_later(day: date, months: int) -> date:
    """Give the same day some months later, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _lasting(unit: Unit, levels: Iterable[str], day: date) -> QuerySet[Unit]:
    """Give the units of some levels at and below one that are there on a day."""
    there = Unit.objects.filter(standing_on(day), path__startswith=unit.path, level__in=list(levels))
    return there.order_by("path")


def _held(unit: Unit, offices: Iterable[str], day: date) -> QuerySet[Appointment]:
    """Give the appointments to some offices at and below a unit that hold on a day."""
    found = Appointment.objects.filter(
        in_force(day), office__in=list(offices), unit__path__startswith=unit.path
    )
    return found.select_related("user").order_by("unit__path", "id")


def _no_party_members(unit: Unit, offices: Iterable[str], day: date) -> set[int | None]:
    """Give the users in some offices who are residents, and no party members."""
    residents = Resident.objects.filter(user__in=_held(unit, offices, day).order_by().values("user_id"))
    return set(residents.filter(is_party_member=False).values_list("user_id", flat=True))


def _gaps_by(
    rule: OfficeRule, place: Unit, holders: list[Appointment], strangers: set[int | None]
) -> Iterable[Gap]:
    office = Office(rule.office)
    if rule.is_needed and not holders:
        yield Gap(place, office, rule.title, Lack.VACANT)
    if rule.party_only:
        for each in holders:
            if each.user_id in strangers:
                yield Gap(place, office, rule.title, Lack.NO_PARTY_MEMBER, each.user.name)


def _shortages(least: dict[Capacity, int], seats: list[Seat]) -> Iterable[Shortage]:
    seated = Counter(seat.capacity for seat in seats)
    for capacity, count in least.items():
        if seated[capacity] < count:
            yield Shortage(capacity, count, seated[capacity])
