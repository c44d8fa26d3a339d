"""Importing a village's roster: whole or not at all, in as many statements for a large one as for a small."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.operations.opening import open_households
from xiangyue.people import roster_form as form
from xiangyue.people.models import Appointment, Household, Level, Relation, Resident, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import BATCH, locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.queries import LABEL_JOINT, units_below
from xiangyue.people.refusals import NotAVillage
from xiangyue.people.roster_reading import NewAppointment, NewHousehold, Roster, read_roster
from xiangyue.people.unit_codes import short_parts
from xiangyue.records.operations import log_act, store_file
from xiangyue.sheets.problems import Problems
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

LEAF_LEVELS: Final = (Level.GRID, Level.GROUP)

Names = tuple[str, ...]  # of the units from just below the village down: ("第三网格", "第二联户组")
Person = tuple[str, str]  # household number (or nothing) and name


@dataclass(frozen=True)
class NewOffice:
    """One appointment of a roster, in words."""

    name: str
    login: str
    office: str
    unit: str


@dataclass(frozen=True)
class RosterReport:
    """What an import did, or would do.

    units: labels of the grids and groups that were not there before. ignored: headers that nobody asked for.
    """

    village: str
    households: int
    residents: int
    party_members: int
    units: tuple[str, ...]
    appointments: tuple[NewOffice, ...]
    ignored: tuple[str, ...]
    dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return asdict(self)


@transaction.atomic
def import_roster(
    *,
    actor: Actor,
    village_id: int,
    content: bytes,
    name: str,
    leaf_levels: tuple[Level, ...] = LEAF_LEVELS,
    dry_run: bool = False,
) -> RosterReport:
    """Take over a village's households, residents, grids and appointments from a sheet (`roster_form`).

    leaf_levels: what the columns 网格 and 联户组 stand for in this scheme. Units are found by name, or made.
    dry_run: check everything, give the same report, and store nothing.
    Raises: UnknownUnit, NotAVillage, NotAllowed; SheetRefused with every problem; what `read_roster` raises;
    FileTooLarge; LoginTaken, if another import was quicker.
    """
    village = locked_unit(village_id)
    require(actor, Act.MANAGE_PEOPLE, village)
    if village.level != Level.VILLAGE:
        raise NotAVillage(unit=village.code, name=village.name)
    problems = Problems()
    roster = read_roster(content, name, leaf_levels=leaf_levels, problems=problems)
    units = _units_by_names(village)
    new_units = _new_units(roster, units)
    places = _places(village, [*units, *new_units])
    _check_numbers(village, roster.households, problems)
    _check_people(roster, problems)
    _check_places(roster.appointments, places, problems)
    _check_logins(roster.appointments, problems)
    problems.raise_if_any()
    if not dry_run:
        _write(village, roster, units | _create_units(village, units, new_units, leaf_levels), places)
        stored = store_file(name=name, content=content)
        log_act(
            actor=actor, act="import", subject="unit", subject_ids=[village.pk], reason=f"file:{stored.pk}"
        )
    return _report(village, roster, new_units, dry_run)


def _report(village: Unit, roster: Roster, new_units: list[Names], dry_run: bool) -> RosterReport:
    residents = [resident for household in roster.households for resident in household.residents]
    return RosterReport(
        village=village.name,
        households=len(roster.households),
        residents=len(residents),
        party_members=sum(resident.is_party_member for resident in residents),
        units=tuple(LABEL_JOINT.join(names) for names in new_units),
        appointments=tuple(
            NewOffice(each.name, each.login, str(each.office.label), each.unit_name or village.name)
            for each in roster.appointments
            if each.office
        ),
        ignored=roster.ignored,
        dry_run=dry_run,
    )


def _units_by_names(village: Unit) -> dict[Names, Unit]:
    """Give the units below a village by their names on the way down; the village itself by no names."""
    found: dict[Names, Unit] = {}
    names_of: dict[int, Names] = {}
    for unit in units_below(village):
        above = names_of.get(unit.parent_id) if unit.parent_id else None
        names_of[unit.pk] = () if above is None else (*above, unit.name)
        found[names_of[unit.pk]] = unit
    return found


def _new_units(roster: Roster, units: dict[Names, Unit]) -> list[Names]:
    """Give the names of units that households lie in and that are not there yet, in the sheet's order."""
    wanted = {
        household.unit_names[:depth]: None
        for household in roster.households
        for depth in range(1, len(household.unit_names) + 1)
    }
    return [names for names in wanted if names not in units]


def _places(village: Unit, known: Iterable[Names]) -> dict[str, Names]:
    """Give what may be written as the unit of an appointment: the village, a grid, 第三网格·第二联户组."""
    return {"": (), village.name: ()} | {LABEL_JOINT.join(names): names for names in known if names}


def _check_numbers(village: Unit, households: list[NewHousehold], problems: Problems) -> None:
    numbers = [household.number for household in households]
    there = Household.objects.filter(village=village, number__in=numbers)
    taken = set(there.values_list("number", flat=True))
    for household in households:
        if household.number in taken:
            text = _("%(village)s已经有%(number)s户了。") % {
                "village": village.name,
                "number": household.number,
            }
            problems.add(household.row, form.NUMBER, "number-taken", text)


def _check_people(roster: Roster, problems: Problems) -> None:
    """Check that appointed villagers stand in the roster, and are appointed to nothing twice."""
    people = {(each.number, one.name) for each in roster.households for one in each.residents}
    numbers = {number for number, _name in people}
    seen: set[tuple[Person, str | None, str]] = set()
    for each in roster.appointments:
        if each.number and each.number not in numbers:
            text = _("户册里没有%(number)s户。不是本村的人，户号就空着。") % {"number": each.number}
            problems.add(each.row, form.NUMBER, "household-not-found", text)
        elif each.number and each.name and each.person not in people:
            text = _("户册上%(number)s户没有叫%(name)s的人。") % {"number": each.number, "name": each.name}
            problems.add(each.row, form.NAME, "resident-not-found", text)
        key = (each.person, each.office, each.unit_name)
        if each.office and key in seen:
            problems.add(each.row, form.OFFICE, "appointment-repeated", _("这个任职前面已经写过了。"))
        seen.add(key)


def _check_places(appointments: list[NewAppointment], places: dict[str, Names], problems: Problems) -> None:
    for each in appointments:
        if each.unit_name not in places:
            text = _("本村没有这个单位。可以填：%(places)s；管全村就空着。")
            text %= {"places": "、".join(place for place in places if place)}
            problems.add(each.row, form.UNIT, "unit-unknown", text)


def _check_logins(appointments: list[NewAppointment], problems: Problems) -> None:
    """Check that every person has one login, and every login one person, among those there already too."""
    taken = set(
        User.objects.filter(login__in={each.login for each in appointments}).values_list("login", flat=True)
    )
    login_of: dict[Person, str] = {}
    person_of: dict[str, Person] = {}
    for each in appointments:
        if not each.name:
            continue
        if each.login in taken:
            text = _("登录名“%(login)s”已经有人用了。请换一个，例如加上户号。") % {"login": each.login}
            problems.add(each.row, form.LOGIN, "login-taken", text)
        elif login_of.setdefault(each.person, each.login) != each.login:
            text = _("%(name)s前面写的登录名是“%(login)s”，这里要一样。")
            text %= {"name": each.name, "login": login_of[each.person]}
            problems.add(each.row, form.LOGIN, "login-differs", text)
        elif person_of.setdefault(each.login, each.person) != each.person:
            text = _("登录名“%(login)s”前面已经给了另一个人。请换一个，例如加上户号。") % {
                "login": each.login
            }
            problems.add(each.row, form.LOGIN, "login-repeated", text)


def _create_units(
    village: Unit, units: dict[Names, Unit], new: list[Names], levels: Sequence[Level]
) -> dict[Names, Unit]:
    """Create units level by level, so that parents have ids before their children need them."""
    made: dict[Names, Unit] = {}
    for depth, level in enumerate(levels, 1):
        rows = []
        for parent_names, names in _by_parent(names for names in new if len(names) == depth).items():
            parent = units.get(parent_names) or made[parent_names]
            there = [unit.code for key, unit in units.items() if key and key[:-1] == parent_names]
            for short, key in zip(short_parts([each[-1] for each in names], there), names, strict=True):
                code = f"{parent.code}-{short}"
                path = f"{parent.path}{code}/"
                rows.append((key, Unit(parent=parent, level=level, code=code, name=key[-1], path=path)))
        Unit.objects.bulk_create([unit for _key, unit in rows], batch_size=BATCH)
        made |= dict(rows)
    return made


def _by_parent(names: Iterable[Names]) -> dict[Names, list[Names]]:
    grouped: dict[Names, list[Names]] = {}
    for each in names:
        grouped.setdefault(each[:-1], []).append(each)
    return grouped


def _write(village: Unit, roster: Roster, units: dict[Names, Unit], places: dict[str, Names]) -> None:
    users = _create_users(roster.appointments)
    households = _create_households(village, roster.households, units)
    Resident.objects.bulk_create(
        (
            Resident(
                household=household,
                name=resident.name,
                sex=resident.sex,
                born=resident.born,
                relation=resident.relation or Relation.OTHER,  # unread ones were refused before
                is_party_member=resident.is_party_member,
                user=users.get((new.number, resident.name)),
            )
            for new, household in zip(roster.households, households, strict=True)
            for resident in new.residents
        ),
        batch_size=BATCH,
    )
    Appointment.objects.bulk_create(
        Appointment(
            user=users[each.person], office=each.office, unit=units[places[each.unit_name]], since=each.since
        )
        for each in roster.appointments
        if each.office and each.since  # read_roster saw to it
    )


def _create_users(appointments: list[NewAppointment]) -> dict[Person, User]:
    """Create those who hold offices; they are few."""
    logins = {each.person: each.login for each in appointments}
    return {person: create_user(login=login, name=person[1]) for person, login in logins.items()}


def _create_households(village: Unit, new: list[NewHousehold], units: dict[Names, Unit]) -> list[Household]:
    today = clock.today()
    return Household.objects.bulk_create(
        (
            Household(
                unit=units[household.unit_names],
                village=village,
                number=household.number,
                address=household.address,
                holder_id=holder_id,
                joined_on=today,
            )
            for household, holder_id in zip(new, open_households(count=len(new)), strict=True)
        ),
        batch_size=BATCH,
    )
