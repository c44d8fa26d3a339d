"""Where an import meets somebody else. Where a lock keeps them apart, the test also takes it away."""

import secrets
from datetime import date
from typing import Any

import pytest

from tests.people.cast import Cells, appointment, resident
from tests.people.operations.test_roster_county import office
from tests.people.operations.test_roster_faults import ID
from tests.people.operations.test_tree_races import TOWN, Pair, course, pair, pause_in
from tests.people.test_roster_reading import full
from tests.people.tree import LATER, ON
from tests.scoring.races import meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Appointment, Level, PeopleRules, Relation, Resident, Unit
from xiangyue.people.office_refusals import OfficesClash
from xiangyue.people.offices import Office
from xiangyue.people.operations import residents, units
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.residents import Facts, add_resident
from xiangyue.people.operations.roster import Mode, RosterReport, changes, import_rosters, offices
from xiangyue.people.operations.units import end_unit
from xiangyue.people.private_refusals import ResidentRepeated
from xiangyue.people.roster_form import full_workbook, roster_workbook
from xiangyue.people.roster_refusals import RosterCollided
from xiangyue.people.tree_refusals import UnitEnded
from xiangyue.users.operations import create_user

__all__ = ["course", "pair"]


def updated(unit: Unit, content: bytes) -> RosterReport:
    return import_rosters(actor=SYSTEM, unit_id=unit.pk, content=content, name="户册.xlsx", mode=Mode.UPDATE)


def book(rows: list[Cells], *terms: Cells) -> bytes:
    return roster_workbook(rows, list(terms))


@pytest.mark.parametrize("locked", [True, False])
def test_nobody_is_taken_in_while_their_household_is_compared(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    home = pair.household("018")
    pause = pause_in(monkeypatch, changes, "compare")
    if not locked:
        monkeypatch.setattr(changes, "LOCK_HOMES", "SELECT 1")
    content = book([resident("018", "田禾生"), resident("018", "石榴红", "子女")])
    taken = Facts(name="石榴红", relation=Relation.CHILD)
    one, two = meet(
        lambda: updated(pair.north, content),
        lambda: add_resident(actor=SYSTEM, household_id=home.pk, facts=taken),
        pause,
    )
    assert one.counts.new_residents == 1
    assert isinstance(two, ResidentRepeated if locked else Resident)
    assert home.residents.filter(name="石榴红", left_on=None).count() == (1 if locked else 2)


@pytest.mark.parametrize("locked", [True, False])
def test_nobody_is_appointed_to_what_clashes_meanwhile(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    town, login = Unit.objects.get(code=TOWN), secrets.token_hex(4)
    user = create_user(login=login, name=login)
    pause = pause_in(monkeypatch, offices, "check_terms")
    if not locked:
        monkeypatch.setattr(offices.Offices, "_lock_users", lambda self: None)
    content = book([resident("018", "田禾生")], appointment("", login, "评议委员"))

    def audits() -> Any:
        return appoint(
            actor=SYSTEM,
            user_id=user.pk,
            office=Office.AUDITOR,
            unit_id=town.pk,
            since=date(2026, 11, 2),
        )

    one, two = meet(lambda: updated(pair.north, content), audits, pause)
    assert len(one.appointments) == 1
    assert isinstance(two, OfficesClash if locked else Appointment)
    assert Appointment.objects.filter(user=user).count() == (1 if locked else 2)


@pytest.mark.parametrize("locked", [True, False])
def test_nobody_is_appointed_in_a_town_that_is_ending(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    root, login = Unit.objects.get(code=TOWN), secrets.token_hex(4)
    code = f"T{login}"
    ending = Unit.objects.create(
        parent=root, level=Level.TOWN, code=code, name="空镇", path=f"{root.path}{code}/"
    )
    pause = pause_in(monkeypatch, units, "require_free")
    if not locked:
        monkeypatch.setattr(offices.Offices, "lock_above", lambda self: None)
    content = full_workbook(
        [full("018", "田禾生", 村=pair.north.code)], [office("", "", login, "镇干部", code)]
    )

    def ended() -> Any:
        with clock.as_of(LATER):
            return end_unit(actor=SYSTEM, unit_id=ending.pk, on=ON)

    def imported() -> Any:
        with clock.as_of(LATER):
            return updated(root, content)

    one, two = meet(ended, imported, pause)
    assert one.until is not None
    assert isinstance(two, UnitEnded if locked else RosterReport)
    assert Appointment.objects.filter(unit=ending).exists() is not locked


def test_an_id_number_that_another_registers_in_the_same_moment(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    PeopleRules.objects.update(keeps_id_numbers=True)
    home = pair.household("001")
    pause = pause_in(monkeypatch, residents, "_save")
    taken = Facts(name="石榴红", relation=Relation.CHILD, id_number=ID)
    one, two = meet(
        lambda: add_resident(actor=SYSTEM, household_id=home.pk, facts=taken),
        lambda: updated(pair.north, full_workbook([full("301", "秋满仓", 身份证号=ID)])),
        pause,
    )
    assert isinstance(one, Resident)
    assert isinstance(two, RosterCollided)
    assert not Resident.objects.filter(name="秋满仓").exists()
