"""Who holds which office in the demo: everything that the preset's register needs, filled from the invented people.

Supervisors are chosen first and hold nothing else. Others are taken from those who have nothing yet, as long as there
are any, so that few have to leave a decision to others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from xiangyue.people import roster_form as form
from xiangyue.people.models import Body, Capacity, Level
from xiangyue.people.offices import Office
from xiangyue.people.queries import LABEL_JOINT
from xiangyue.people.register import OFFICE_OF
from xiangyue.setup.demo.families import Person
from xiangyue.setup.demo.names import Names
from xiangyue.setup.demo.places import Place
from xiangyue.setup.presets.model import Preset

LEAST: Final = {Body.EVALUATION: 7, Body.SUPERVISION: 3}  # members, where the seats ask for fewer
# Held in every demo where the register has them, needed or not; staff, who live elsewhere.
AT_ROOT: Final = (
    Office.LEADING_GROUP,
    Office.DEPARTMENT,
    Office.AUDITOR,
    Office.BANK_OFFICER,
    Office.OPERATOR,
)
AT_TOWN: Final = (Office.TOWN_OFFICIAL,)
AT_VILLAGE: Final = (Office.WORK_TEAM,)
ROOTS: Final = {4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN}  # by digits of the code
OLD: Final = 60
TURNS: Final = 6  # so many leaders follow one another where an office is held by turns
Seat = tuple[Body, Capacity]


@dataclass
class Holder:
    """Somebody with an office. person: None for staff. village: code, "" for an office above villages.

    unit: label of the unit below the village, "" for all of it; above villages a town's code, "" for the root.
    seats: in bodies, for whom. turn: how many others hold the office before, in turns of the register's length.
    login: with which they sign in, where it is not the name.
    """

    office: Office
    name: str
    village: str
    unit: str = ""
    person: Person | None = None
    seats: list[Seat] = field(default_factory=list)
    turn: int = 0
    login: str = ""

    def row(self, label: str, since: str) -> tuple[str, ...]:
        """Give the row of the roster, in the order of `roster_form.all_appointment_columns`."""
        number = self.person.number if self.person else ""
        return self.village, number, self.name, label, self.unit, since, self.login


class Pool:
    """The grown-ups of a village or a part of it, household by household, those without an office first."""

    def __init__(self, people: Iterable[Person], year: int, taken: set[str]) -> None:
        self.people = sorted(
            (each for each in people if each.is_adult(year) and not each.elsewhere),
            key=lambda each: (each.place, each.number),
        )
        self.year, self.taken = year, taken

    def take(
        self, count: int, fits: Callable[[Person], bool] = lambda _each: True, besides: Sequence[str] = ()
    ) -> list[Person]:
        """Take people for an office; whoever has none comes first. besides: names that can't be taken."""
        fitting = [each for each in self.people if each.name not in besides and fits(each)]
        found = sorted(fitting, key=lambda each: each.name in self.taken)[:count]
        self.taken.update(each.name for each in found)
        return found

    def old(self, each: Person) -> bool:
        return self.year - int(each.born[:4]) >= OLD


class Offices:
    """Appoints people of a place as its preset demands. year: from which ages are counted."""

    def __init__(self, place: Place, preset: Preset, names: Names, year: int) -> None:
        self.place, self.preset, self.names, self.year = place, preset, names, year
        self.holders: list[Holder] = []  # of the village at hand
        self._known = {(each.office, each.level): each for each in preset.offices}
        self._least: dict[Body, list[tuple[Capacity, int]]] = defaultdict(list)
        for seat in preset.seats:
            self._least[seat.body].append((seat.capacity, seat.least))
        self._taken: set[str] = set()
        self._never: list[str] = []  # supervisors, who hold nothing else

    def appoint_all(self, people: Iterable[Person]) -> list[Holder]:
        """Appoint everyone: above the villages, then village by village, in the order of the people."""
        self._above()
        found = self.holders
        for village, living in groupby(people, lambda each: each.village):
            self.holders, self._never = [], []
            self._village(village, list(living))
            found += self.holders
        _give_logins(found)
        return found

    def _above(self) -> None:
        root = ROOTS[len(self.place.division)]
        for office in AT_ROOT:
            if (office, root) in self._known:
                self._staff(office, "", "")
        towns = dict.fromkeys(village.code[:9] for village in self.place.villages)
        for town in towns:
            for office in AT_TOWN:
                self._staff(office, "", "" if root is Level.TOWN else town)

    def _village(self, village: str, people: list[Person]) -> None:
        level = Level.VILLAGE
        pool = Pool(people, self.year, self._taken)
        if self._needs(Office.SUPERVISOR, level):
            others = (each for each in people if not each.party)  # party members lead groups
            self._body(Body.SUPERVISION, village, "", Pool(others, self.year, self._taken))
            self._never = [each.name for each in self.holders]
        (secretary,) = pool.take(1, lambda each: each.party and each.place == 0, self._never)
        self._hold(Office.VILLAGE_SECRETARY, village, "", secretary)
        for office in AT_VILLAGE:
            if self._needs(office, level):
                self._staff(office, village, "")
        if self._needs(
            Office.GRID_LEADER, level
        ):  # usually the secretary, and one more for the secretary's own
            self._hold(Office.GRID_LEADER, village, "", secretary)
            self._one(Office.GRID_LEADER, village, "", pool)
        parts: dict[str, list[Person]] = defaultdict(list)
        groups: dict[str, list[Person]] = defaultdict(list)
        for each in people:
            parts[each.part].append(each)
            groups[f"{each.part}{LABEL_JOINT}{each.group}"].append(each)
        for unit, living in parts.items():
            self._part(village, unit, Pool(living, self.year, self._taken))
        for unit, living in groups.items():
            self._group(village, unit, Pool(living, self.year, self._taken))
        self._offices(village, "", pool, level)
        if (Office.SHOPKEEPER, level) in self._known and self.place.has_shop:
            self._one(Office.SHOPKEEPER, village, "", pool)

    def _part(self, village: str, unit: str, pool: Pool) -> None:
        level = self.place.levels[0]
        rule = self._known.get((Office.GRID_LEADER, level))
        turns = TURNS if rule and rule.turn_months else 1
        if rule:
            for turn, each in enumerate(pool.take(turns, lambda each: each.place == 0, self._never)):
                self._hold(Office.GRID_LEADER, village, unit, each, turn=turn)
        self._offices(village, unit, pool, level)

    def _group(self, village: str, unit: str, pool: Pool) -> None:
        rule = self._known.get((Office.GROUP_LEADER, self.place.levels[1]))
        if rule:
            fits = (lambda each: each.party) if rule.party_only else (lambda _each: True)
            for each in pool.take(1, fits, self._never):
                self._hold(Office.GROUP_LEADER, village, unit, each)

    def _offices(self, village: str, unit: str, pool: Pool, level: Level) -> None:
        """Fill what any judging unit needs, at the level where the scheme has it."""
        if self._needs(Office.INFORMATION_ADMINISTRATOR, level):
            self._one(Office.INFORMATION_ADMINISTRATOR, village, unit, pool)
        if self._needs(Office.COMMITTEE_MEMBER, level):
            self._body(Body.EVALUATION, village, unit, pool)
        if self._needs(Office.COUNCIL_MEMBER, level):
            for body, office in OFFICE_OF.items():
                if office is Office.COUNCIL_MEMBER and self._least[body]:
                    self._body(body, village, unit, pool)

    def _body(self, body: Body, village: str, unit: str, pool: Pool) -> None:
        """Seat a body: so many of each capacity as it must have, filled up with households' representatives."""
        seats = [capacity for capacity, least in self._least[body] for _seat in range(least)]
        seats += [Capacity.HOUSEHOLDS] * (LEAST.get(body, 0) - len(seats))
        seated: list[str] = []
        for capacity in seats:
            for name, person in self._candidate(capacity, pool, seated):
                seated.append(name)
                self._seat(body, capacity, village, unit, name, person)

    def _candidate(
        self, capacity: Capacity, pool: Pool, seated: Sequence[str]
    ) -> Iterator[tuple[str, Person | None]]:
        """Give who may sit for a capacity: at most one."""
        besides = [*self._never, *seated]
        office = {Capacity.TWO_COMMITTEES: Office.VILLAGE_SECRETARY, Capacity.GRID_LEADER: Office.GRID_LEADER}
        office |= {Capacity.WORK_TEAM: Office.WORK_TEAM}
        for each in self.holders:
            if each.office is office.get(capacity) and each.name not in besides:
                yield each.name, each.person
                return
        fits: dict[Capacity, Callable[[Person], bool]] = {
            Capacity.PARTY_MEMBER: lambda each: each.party,
            Capacity.NOTABLE: pool.old,
        }
        found = pool.take(1, fits.get(capacity, lambda each: each.place < 2), besides) or pool.take(
            1, besides=besides
        )
        for person in found:
            yield person.name, person

    def _seat(
        self, body: Body, capacity: Capacity, village: str, unit: str, name: str, person: Person | None
    ) -> None:
        office = OFFICE_OF[body]
        for each in self.holders:
            if (each.office, each.unit, each.name) == (office, unit, name):
                each.seats.append((body, capacity))
                return
        self.holders.append(Holder(office, name, village, unit, person, [(body, capacity)]))

    def _needs(self, office: Office, level: Level) -> bool:
        rule = self._known.get((office, level))
        return rule is not None and rule.is_needed

    def _one(self, office: Office, village: str, unit: str, pool: Pool) -> None:
        held = [each.name for each in self.holders if (each.office, each.unit) == (office, unit)]
        for each in pool.take(1, lambda each: each.place == 0, [*self._never, *held]):
            self._hold(office, village, unit, each)

    def _hold(self, office: Office, village: str, unit: str, person: Person, turn: int = 0) -> None:
        self.holders.append(Holder(office, person.name, village, unit, person, turn=turn))

    def _staff(self, office: Office, village: str, unit: str) -> None:
        self.holders.append(Holder(office, self.names.name(self.names.surname()), village, unit))


def _give_logins(holders: Iterable[Holder]) -> None:
    """Let everybody sign in by their name; in a whole county, names come again, with a number behind."""
    people: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in holders:
        who = (each.village, each.person.number) if each.person else ("", "")
        if who not in people[each.name]:
            people[each.name].append(who)
        place = people[each.name].index(who)
        each.login = f"{each.name}{place + 1}" if place else each.name


def labels() -> dict[Office, str]:
    """Give the offices' names as a roster writes them."""
    return {office: label for label, office in form.office_labels().items()}
