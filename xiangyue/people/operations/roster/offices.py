"""The second sheet of a roster: who holds which office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people import roster_form as form
from xiangyue.people.models import Appointment, Level, Unit
from xiangyue.people.operations.following import enroll
from xiangyue.people.operations.roster.places import Names, Tree
from xiangyue.people.operations.roster.staging import rows_of, run
from xiangyue.people.operations.roster.terms import NewAppointment, Person, check_terms
from xiangyue.people.operations.units import require_standing
from xiangyue.people.queries import LABEL_JOINT
from xiangyue.people.roster_cells import Finding, name_of, not_offered, number_of, too_long, wrong_name
from xiangyue.people.roster_reading import LENGTHS, day_of, one_line
from xiangyue.people.roster_refusals import RosterCollided
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, Table
from xiangyue.users.models import User
from xiangyue.users.operations import create_users

_LOGIN_LENGTH: Final = 60

# Where the named people are: in the file, or (with an update) in households that the county has; and in which unit
# these lie.
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
    SELECT asked.place, written.place IS NOT NULL OR there.id IS NOT NULL,
        CASE WHEN written.place IS NULL THEN lives.path END, written.line, resident.id, signing.id, signing.login
    FROM asked LEFT JOIN written USING (place)
    LEFT JOIN people_household there ON %(is_update)s AND there.village_id = asked.village_id
        AND there.number = asked.number AND there.left_on IS NULL
    LEFT JOIN people_unit lives ON lives.id = there.unit_id
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
# Two of one name in one household have ID numbers that tell them apart. Whoever got a user in the meantime keeps it.
LINK: Final = """
    WITH made AS (
        SELECT * FROM unnest(%(users)s::bigint[], %(residents)s::bigint[], %(lines)s::int[])
            AS made (user_id, resident_id, line)
    ),
    bound AS (
        SELECT user_id, resident_id FROM made WHERE resident_id IS NOT NULL
        UNION ALL
        SELECT made.user_id, resident.id
        FROM made JOIN roster_row row ON row.line = made.line
        JOIN roster_settled settled ON settled.home = row.home
        JOIN people_resident resident ON resident.household_id = settled.household_id
            AND resident.name = row.name AND resident.id_index IS NOT DISTINCT FROM row.id_index
            AND resident.left_on IS NULL
        WHERE made.resident_id IS NULL
    )
    UPDATE people_resident resident SET user_id = bound.user_id
    FROM bound
    WHERE resident.id = bound.resident_id AND resident.user_id IS NULL AND resident.left_on IS NULL
"""


@dataclass
class Offices:
    """Reads, checks and writes the appointments of a roster.

    levels: what the columns of grid and group stand for. is_update: those that are held already are no fault.
    """

    tree: Tree
    levels: Sequence[Level]
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

    def villages(self) -> set[str]:
        """Give the codes of the villages where somebody is appointed; they are locked with those of the people."""
        return {each.village for each in self.found if each.village}

    def lock_above(self) -> None:
        """Lock the units above villages where somebody is appointed; all others are kept by their villages' locks.

        Raises: UnitEnded.
        """
        wanted = {("", each.unit_name) if each.unit_name else () for each in self.found if each.village == ""}
        known = [self._unit_id(names) for names in wanted if not names or names in self.tree.units]
        if known:
            for unit in Unit.objects.select_for_update(no_key=True).filter(pk__in=known).order_by("pk"):
                require_standing(unit)

    def check(self, new_units: Iterable[Names]) -> None:
        """Check people, units, logins and terms against the file and the county."""
        if not self.found:
            return
        self._check_people()
        self._check_places(new_units)
        self._check_logins()
        self._lock_users()
        check_terms(self.found, self.tree, self.levels, self.problems)

    def write(self) -> None:
        """Create users for those who have none, link them to their residents, and let the terms begin.

        Raises: LoginTaken, RosterCollided.
        """
        new = [each for each in self.found if not each.is_held]
        wanted: dict[Person, NewAppointment] = {}
        for each in new:
            if each.user_id is None:
                wanted.setdefault(each.person, each)
        made = create_users(names={each.login: each.name for each in wanted.values()})
        users = {person: made[each.login] for person, each in wanted.items()}
        villagers = [each for each in wanted.values() if each.number]
        facts = {
            "users": [users[each.person] for each in villagers],
            "residents": [each.resident_id for each in villagers],
            "lines": [each.line for each in villagers],
        }
        if villagers and run(LINK, facts) != len(villagers):
            raise RosterCollided
        enroll([users[each.person] for each in villagers])
        Appointment.objects.bulk_create(
            Appointment(
                user_id=each.user_id or users[each.person],
                office=each.term.office,
                unit_id=self._unit_id(each.unit or ()),
                body=each.term.body or "",
                since=each.term.since,
                until=each.term.until,
            )
            for each in new
            if each.term  # `check` saw to it
        )

    def _lock_users(self) -> None:
        """Let nobody else appoint or switch off those who are users already until the transaction ends."""
        known = {each.user_id for each in self.found if each.user_id}
        if not known:
            return
        users = User.objects.select_for_update(no_key=True).filter(pk__in=known).order_by("pk")
        is_active = dict(users.values_list("pk", "is_active"))
        for each in self.found:
            each.is_off = each.user_id is not None and not is_active[each.user_id]

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

    def _village(self, row: Row) -> str | None:
        text = number_of(row.text(form.VILLAGE)) or self.tree.scope(()).only
        if text and text not in self.tree.villages:
            message = _("这里没有代码是“%(code)s”的村。请写村的官方代码，12位数字。") % {"code": text}
            self._note(row, form.VILLAGE, Finding("village-unknown", message))
            return None
        if not text and row.text(form.NUMBER):
            message = _("没有写是哪个村。请写村的官方代码，12位数字。")
            self._note(row, form.VILLAGE, Finding("village-empty", message))
            return None
        return text

    def _check_people(self) -> None:
        """Check that appointed villagers stand in the roster, and may be given a user."""
        asked = [(each, each.village) for each in self.found if each.number and each.village]
        facts = {
            "villages": [self.tree.villages[village].pk for _each, village in asked],
            "numbers": [each.number for each, _village in asked],
            "names": [each.name for each, _village in asked],
            "is_update": self.is_update,
        }
        for (each, _village), row in zip(asked, rows_of(FIND, facts) if asked else (), strict=True):
            _place, is_there, path, each.line, each.resident_id, each.user_id, login = row
            told = {"number": each.number, "name": each.name}
            if not is_there:
                text = _("户册里没有%(number)s户。不是本村的人，户号就空着。") % told
                self._note(each.row, form.NUMBER, Finding("household-not-found", text))
            elif each.name and each.line is None and each.resident_id is None:
                text = _("户册上%(number)s户没有叫%(name)s的人。") % told
                self._note(each.row, form.NAME, Finding("resident-not-found", text))
            elif path and not each.user_id and not path.startswith(self.tree.unit.path):
                # Whoever lives elsewhere may be appointed here, but is given a login only where they live.
                text = _("%(number)s户现在住在别的网格，%(name)s还没有登录名。请先由村里给他一个。") % told
                self._note(each.row, form.NUMBER, Finding("household-outside", text))
            if login:
                self._check_own_login(each, login)

    def _check_own_login(self, each: NewAppointment, login: str) -> None:
        if each.login and each.login != login:
            text = _("%(name)s登录用的名字是“%(login)s”，这里要一样，或者空着。")
            finding = Finding("login-differs", text % {"name": each.name, "login": login})
            self._note(each.row, form.LOGIN, finding)
        each.login = login

    def _check_places(self, new_units: Iterable[Names]) -> None:
        places = self._places([*self.tree.units, *new_units])
        for each in self.found:
            if each.village is None:
                continue
            offered = places.get(each.village, {})
            each.unit = offered.get(each.unit_name)
            if each.unit is None:
                self._note(each.row, form.UNIT, self._no_place(each.village, offered))

    def _no_place(self, village: str, offered: Mapping[str, Names]) -> Finding:
        """Say what may be written as the unit."""
        told = {"places": "、".join(name for name in list(offered)[:20] if name), "unit": self.tree.unit.name}
        if not village:
            text = _("没有写村的，这里写镇或县的代码，或者空着：管的是导入的整个单位。")
        elif "" in offered:
            text = _("本村没有这个单位。可以填：%(places)s；管全村就空着。")
        else:
            text = _("这次只导入%(unit)s，任职也只能在它里面。可以填：%(places)s。")
        return Finding("unit-unknown" if "" in offered else "unit-outside", text % told)

    def _places(self, known: Iterable[Names]) -> Mapping[str, dict[str, Names]]:
        """Give what may be written as the unit of an appointment, by village: a grid, 第三网格·第二联户组.

        Only what lies at or below the roster's own unit: elsewhere whoever imports it may have no say.
        """
        places: dict[str, dict[str, Names]] = {"": {"": ()}}  # of no village: towns by their codes
        for code, village in self.tree.villages.items():
            is_inside = self.tree.is_inside((code,))
            places[code] = {"": (code,), village.name: (code,)} if is_inside else {}
        for names in known:
            if len(names) > 1 and self.tree.is_inside(names):
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
            if user and self.is_update and not each.number and user.name == each.name:
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

    def _note(self, row: Row, header: str, finding: Finding | None) -> None:
        if finding:
            self.problems.add(row, header, finding.code, finding.text)


def offices_of(found: Sequence[NewAppointment]) -> list[NewAppointment]:
    """Give the appointments that an import makes."""
    return [each for each in found if each.term and not each.is_held]
