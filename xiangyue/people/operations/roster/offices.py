"""The second sheet of a roster: who holds which office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people import roster_form as form
from xiangyue.people.models import Appointment
from xiangyue.people.offices import Office
from xiangyue.people.operations.roster.places import Names, Tree
from xiangyue.people.operations.roster.staging import rows_of, run
from xiangyue.people.queries import LABEL_JOINT
from xiangyue.people.roster_cells import Finding, name_of, not_offered, number_of, too_long, wrong_name
from xiangyue.people.roster_reading import LENGTHS, day_of, one_line
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, Table
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

_LOGIN_LENGTH: Final = 60

# Where the named people are: in the file, or (with an update) in households that the county has.
FIND: Final = """
    WITH asked AS (
        SELECT * FROM unnest(%(villages)s::bigint[], %(numbers)s::text[], %(names)s::text[]) WITH ORDINALITY
            AS asked (village_id, number, name, place)
    ),
    written AS (
        SELECT asked.place, min(row.line) AS line
        FROM asked JOIN roster_place place USING (village_id)
        JOIN roster_home home ON home.place = place.place AND home.number = asked.number
        LEFT JOIN roster_row row ON row.home = home.home AND row.name = asked.name
        GROUP BY asked.place
    )
    SELECT asked.place, written.place IS NOT NULL OR there.id IS NOT NULL, written.line, resident.id, signing.id,
        signing.login
    FROM asked LEFT JOIN written USING (place)
    LEFT JOIN people_household there ON %(is_update)s AND there.village_id = asked.village_id
        AND there.number = asked.number AND there.left_on IS NULL
    LEFT JOIN roster_pair pair ON pair.line = written.line
    LEFT JOIN LATERAL (
        SELECT resident.id, resident.user_id FROM people_resident resident
        WHERE resident.id = pair.resident_id OR (pair.resident_id IS NULL AND written.line IS NULL
            AND resident.household_id = there.id AND resident.name = asked.name AND resident.left_on IS NULL)
        ORDER BY resident.id LIMIT 1
    ) resident ON true
    LEFT JOIN users_user signing ON signing.id = resident.user_id
    ORDER BY asked.place
"""
LINK: Final = """
    UPDATE people_resident resident SET user_id = made.user_id
    FROM unnest(%(users)s::bigint[], %(residents)s::bigint[], %(lines)s::int[]) AS made (user_id, resident_id, line)
    LEFT JOIN roster_row row ON row.line = made.line
    LEFT JOIN roster_settled settled ON settled.home = row.home
    WHERE CASE WHEN made.resident_id IS NOT NULL THEN resident.id = made.resident_id
        ELSE resident.household_id = settled.household_id AND resident.name = row.name AND resident.left_on IS NULL
    END
"""

Person = tuple[str, str, str]  # village's code, household number, name; staff have no number


@dataclass
class NewAppointment:
    """An appointment to be. village: code. number: of the person's household, empty for staff who are no villagers.

    unit: names of the unit on the way down; None where it is not known, and () for the roster's own unit.
    line, resident_id, user: where the person is in the file, whom the county knows, and with whom they sign in.
    """

    row: Row
    village: str
    number: str
    name: str
    office: Office | None
    unit_name: str
    since: date | None
    login: str
    unit: Names | None = None
    line: int | None = None
    resident_id: int | None = None
    user_id: int | None = None
    is_held: bool = False

    @property
    def person(self) -> Person:
        """Who it is, as far as a roster tells people apart."""
        return self.village if self.number else "", self.number, self.name


@dataclass
class Offices:
    """Reads, checks and writes the appointments of a roster. is_update: those that are held already are no fault."""

    tree: Tree
    problems: Problems
    is_update: bool
    found: list[NewAppointment] = field(default_factory=list)

    def read(self, table: Table | None) -> tuple[str, ...]:
        """Read the sheet, if there is one; give the headers that nobody asked for. Raises: as `Table.require`."""
        if table is None:
            return ()
        table.require((form.NAME, form.OFFICE))
        self.found = [self._read(row) for row in table.rows]
        known = {column.header for column in form.all_appointment_columns()}
        return tuple(header for header in table.headers if header not in known)

    def check(self, new_units: Iterable[Names]) -> None:
        """Check people, units and logins against the file and the county."""
        if not self.found:
            return
        self._check_people()
        self._check_places(new_units)
        self._check_logins()
        if self.is_update:
            self._find_held()

    def write(self) -> None:
        """Create users for those who have none, link them to their residents, and let the terms begin."""
        new = [each for each in self.found if not each.is_held]
        users: dict[Person, int] = {}
        for each in new:
            if each.user_id is None and each.person not in users:
                users[each.person] = create_user(login=each.login, name=each.name).pk
        villagers = {each.person: each for each in new if each.number and each.person in users}
        facts = {
            "users": [users[person] for person in villagers],
            "residents": [each.resident_id for each in villagers.values()],
            "lines": [each.line for each in villagers.values()],
        }
        if villagers:
            run(LINK, facts)
        Appointment.objects.bulk_create(
            Appointment(
                user_id=each.user_id or users[each.person],
                office=each.office,
                unit_id=self._unit_id(each.unit),
                since=each.since,
            )
            for each in new
            if each.office and each.since and each.unit is not None  # `check` saw to it
        )

    def _unit_id(self, names: Names) -> int:
        return self.tree.units[names].id if names else self.tree.unit.pk

    def _read(self, row: Row) -> NewAppointment:
        name = name_of(row.text(form.NAME))
        login = "".join(row.text(form.LOGIN).split())
        self._note(row, form.NAME, wrong_name(name, LENGTHS[form.NAME]))
        if len(login) > _LOGIN_LENGTH:
            self._note(row, form.LOGIN, too_long(_LOGIN_LENGTH))
        offices = form.office_labels()
        office = offices.get(row.text(form.OFFICE))
        if office is None:
            self._note(row, form.OFFICE, not_offered("office", row.text(form.OFFICE), offices))
        since = day_of(row.text(form.SINCE), whole=True) if row.text(form.SINCE) else clock.today()
        if since is None:
            message = _("看不出是哪天。请写2026-11-01这样。")
            self._note(row, form.SINCE, Finding("since-unreadable", message))
        number = number_of(row.text(form.NUMBER))
        unit_name = one_line(row.text(form.UNIT))
        return NewAppointment(row, self._village(row), number, name, office, unit_name, since, login)

    def _village(self, row: Row) -> str:
        text = number_of(row.text(form.VILLAGE)) or self.tree.scope(()).only
        if text and text not in self.tree.villages:
            message = _("这里没有代码是“%(code)s”的村。请写村的官方代码，12位数字。") % {"code": text}
            self._note(row, form.VILLAGE, Finding("village-unknown", message))
            return ""
        if not text and row.text(form.NUMBER):
            message = _("没有写是哪个村。请写村的官方代码，12位数字。")
            self._note(row, form.VILLAGE, Finding("village-empty", message))
        return text

    def _check_people(self) -> None:
        """Check that appointed villagers stand in the roster, and are appointed to nothing twice."""
        asked = [each for each in self.found if each.number and each.village]
        facts = {
            "villages": [self.tree.villages[each.village].pk for each in asked],
            "numbers": [each.number for each in asked],
            "names": [each.name for each in asked],
            "is_update": self.is_update,
        }
        for each, row in zip(asked, rows_of(FIND, facts) if asked else (), strict=True):
            _place, is_there, each.line, each.resident_id, each.user_id, login = row
            told = {"number": each.number, "name": each.name}
            if not is_there:
                text = _("户册里没有%(number)s户。不是本村的人，户号就空着。") % told
                self._note(each.row, form.NUMBER, Finding("household-not-found", text))
            elif each.name and each.line is None and each.resident_id is None:
                text = _("户册上%(number)s户没有叫%(name)s的人。") % told
                self._note(each.row, form.NAME, Finding("resident-not-found", text))
            if login:
                self._check_own_login(each, login)
        seen: set[tuple[Person, str | None, str, str]] = set()
        for each in self.found:
            key = (each.person, each.office, each.village, each.unit_name)
            if each.office and key in seen:
                finding = Finding("appointment-repeated", _("这个任职前面已经写过了。"))
                self._note(each.row, form.OFFICE, finding)
            seen.add(key)

    def _check_own_login(self, each: NewAppointment, login: str) -> None:
        if each.login and each.login != login:
            text = _("%(name)s登录用的名字是“%(login)s”，这里要一样，或者空着。")
            finding = Finding("login-differs", text % {"name": each.name, "login": login})
            self._note(each.row, form.LOGIN, finding)
        each.login = login

    def _check_places(self, new_units: Iterable[Names]) -> None:
        places = self._places([*self.tree.units, *new_units])
        for each in self.found:
            offered = places.get(each.village, {})
            each.unit = offered.get(each.unit_name)
            if each.unit is not None:
                continue
            shown = "、".join(name for name in list(offered)[:20] if name)
            text = _("本村没有这个单位。可以填：%(places)s；管全村就空着。") % {"places": shown}
            if not each.village:
                text = _("没有写村的，这里写镇或县的代码，或者空着：管的是导入的整个单位。")
            self._note(each.row, form.UNIT, Finding("unit-unknown", text))

    def _places(self, known: Iterable[Names]) -> Mapping[str, dict[str, Names]]:
        """Give what may be written as the unit of an appointment, by village: a grid, 第三网格·第二联户组."""
        places: dict[str, dict[str, Names]] = {"": {"": ()}}  # of no village: towns by their codes
        for code, village in self.tree.villages.items():
            places[code] = {"": (code,), village.name: (code,)}
        for names in known:
            if len(names) > 1:
                places[names[0]][LABEL_JOINT.join(names[1:])] = names
        return places

    def _check_logins(self) -> None:
        """Check that every person has one login, and every login one person, among those there already too."""
        for each in self.found:
            each.login = each.login or each.name
        there = {
            user.login: user for user in User.objects.filter(login__in={each.login for each in self.found})
        }
        login_of: dict[Person, str] = {}
        person_of: dict[str, Person] = {}
        for each in self.found:
            if not each.name:
                continue
            user = there.get(each.login)
            if user and self.is_update and not each.number and user.name == each.name and user.is_active:
                each.user_id = user.pk
            if user and each.user_id != user.pk:
                text = _("登录名“%(login)s”已经有人用了。请换一个，例如加上户号。") % {"login": each.login}
                self._note(each.row, form.LOGIN, Finding("login-taken", text))
            elif login_of.setdefault(each.person, each.login) != each.login:
                text = _("%(name)s前面写的登录名是“%(login)s”，这里要一样。")
                text %= {"name": each.name, "login": login_of[each.person]}
                self._note(each.row, form.LOGIN, Finding("login-differs", text))
            elif person_of.setdefault(each.login, each.person) != each.person:
                text = _("登录名“%(login)s”前面已经给了另一个人。请换一个，例如加上户号。") % {
                    "login": each.login
                }
                self._note(each.row, form.LOGIN, Finding("login-repeated", text))

    def _find_held(self) -> None:
        """Find the appointments that are in force already, or to come."""
        users = {each.user_id for each in self.found if each.user_id}
        held = Appointment.objects.filter(Q(until=None) | Q(until__gte=clock.today()), user_id__in=users)
        terms = set(held.values_list("user_id", "office", "unit_id"))
        for each in self.found:
            known = each.unit == () or each.unit in self.tree.units
            if each.user_id and each.office and each.unit is not None and known:
                each.is_held = (each.user_id, each.office.value, self._unit_id(each.unit)) in terms

    def _note(self, row: Row, header: str, finding: Finding | None) -> None:
        if finding:
            self.problems.add(row, header, finding.code, finding.text)


def offices_of(found: Sequence[NewAppointment]) -> list[NewAppointment]:
    """Give the appointments that an import makes."""
    return [each for each in found if each.office and not each.is_held]
