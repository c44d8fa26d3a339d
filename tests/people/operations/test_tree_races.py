"""Where two changes of the tree meet. Where a lock is what keeps them apart, the test also takes it away."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.database import Place, copied, inside
from tests.people.cast import RESIDENTS, resident
from tests.people.tree import LATER, ON
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Appointment, Household, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import appointments, households, reorganising, successions, units
from xiangyue.people.operations.appointments import appoint, end_appointment
from xiangyue.people.operations.cards import issue_card, open_with_card
from xiangyue.people.operations.households import merge_households, move_household, split_household
from xiangyue.people.operations.reorganising import merge_villages, move_unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.operations.units import NewUnit, add_unit, create_units
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import CardUnknown
from xiangyue.people.roster_form import roster_workbook
from xiangyue.people.tree_refusals import HouseholdLeft, JustMoved, NumberTaken, UnitEnded
from xiangyue.users.operations import create_user

TOWN = "440783104"


@dataclass(frozen=True)
class Pair:
    """Two villages of the test's own: 018, 004 and 103 in the north, 001 in the south, 002 in a third."""

    north: Unit
    south: Unit
    third: Unit

    def household(self, number: str) -> Household:
        return Household.objects.get(number=number, village__in=[self.north, self.south])

    def part(self, short: str) -> Unit:
        return Unit.objects.get(code=f"{self.north.code}-{short}")

    def merged(self, into: Unit | None = None) -> Any:
        with clock.as_of(LATER):
            return merge_villages(actor=SYSTEM, from_id=self.north.pk, into_id=(into or self.south).pk, on=ON)

    def moved_grid(self) -> Any:
        with clock.as_of(LATER):
            return move_unit(actor=SYSTEM, unit_id=self.part("3").pk, to_id=self.south.pk, on=ON)

    def moved_household(self, number: str, short: str) -> Any:
        with clock.as_of(LATER):
            return move_household(
                actor=SYSTEM, household_id=self.household(number).pk, unit_id=self.part(short).pk, on=ON
            )

    def stranded(self) -> int:
        """Count the households that live in a unit that has ended, or in another village than their unit's."""
        villages = (self.north, self.south, self.third)
        living = Household.objects.filter(left_on=None, village__in=villages).select_related(
            "unit", "village"
        )
        return sum(each.unit.until is not None or not each.village.contains(each.unit) for each in living)

    def lost_units(self) -> int:
        """Count the units that go on below a village that has ended."""
        self.north.refresh_from_db()
        below = Unit.objects.filter(path__startswith=self.north.path, until=None)
        return below.count() if self.north.until else 0


@pytest.fixture(scope="module")
def course(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """A county with real commits for all races of this file; each takes villages of its own."""
    with django_db_blocker.unblock(), copied() as place:
        yield place


@pytest.fixture
def pair(course: Place, django_db_blocker: Any, today: date) -> Iterator[Pair]:
    with django_db_blocker.unblock(), inside(course):
        number = 300 + 3 * Unit.objects.filter(level=Level.VILLAGE).count()
        new = [
            NewUnit(f"{TOWN}{number + place}", f"青禾{number + place}村", Level.VILLAGE, TOWN)
            for place in range(3)
        ]
        made = Pair(*create_units(divisions=new))
        _fill(made.north, RESIDENTS)
        _fill(made.south, [resident("001", "南一妹", grid="第二网格", group="")])
        _fill(made.third, [resident("002", "南二妹", grid="第二网格", group="")])
        yield made


def _fill(village: Unit, rows: list[Any]) -> None:
    content = roster_workbook(rows, [])
    import_roster(actor=SYSTEM, village_id=village.pk, content=content, name="户册.xlsx")


def unlock_villages(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """Take the villages' lock away: they are read, and nobody waits."""

    def read(found: Any, *, with_key: bool = False) -> list[Unit]:
        paths = {path for each in found for path in paths_to(each)}
        return list(Unit.objects.filter(level=Level.VILLAGE, path__in=paths).order_by("id"))

    for module in modules:
        monkeypatch.setattr(module, "lock_villages", read)


def pause_in(monkeypatch: pytest.MonkeyPatch, module: Any, step: str) -> Pause:
    pause = Pause()
    monkeypatch.setattr(module, step, after(getattr(module, step), pause))
    return pause


def test_two_reorganisations_of_one_village_do_one_after_the_other(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = pause_in(monkeypatch, reorganising, "require_free")
    one, two = meet(pair.merged, lambda: pair.merged(pair.third), pause)
    assert one.households == 3
    assert isinstance(two, UnitEnded)
    assert pair.stranded() == pair.lost_units() == 0


def test_a_grid_moves_while_its_village_is_merged(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = pause_in(monkeypatch, reorganising, "require_free")
    one, two = meet(pair.moved_grid, pair.merged, pause)
    assert (one.households, two.households) == (2, 1)
    assert pair.stranded() == pair.lost_units() == 0
    assert Household.objects.filter(village=pair.south).count() == 4


def test_a_household_moves_while_its_village_is_dissolved(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = pause_in(monkeypatch, reorganising, "require_free")
    one, two = meet(pair.merged, lambda: pair.moved_household("018", "1"), pause)
    assert one.households == 3
    assert isinstance(two, JustMoved)
    assert pair.stranded() == 0


@pytest.mark.parametrize("locked", [True, False])
def test_a_household_moves_into_a_village_that_is_dissolved(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    pause = pause_in(monkeypatch, reorganising, "require_free")
    if not locked:
        unlock_villages(monkeypatch, households)
    one, two = meet(pair.merged, lambda: pair.moved_household("001", "1"), pause)
    assert one.households == 3
    assert isinstance(two, UnitEnded if locked else Household)
    assert pair.stranded() == (0 if locked else 1)


@pytest.mark.parametrize("locked", [True, False])
def test_a_grid_is_added_while_its_village_is_dissolved(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    pause = pause_in(monkeypatch, units, "require_free_name")
    if not locked:
        unlock_villages(monkeypatch, units)
        monkeypatch.setattr(units, "locked_unit", units.known_unit)
    parent = pair.part("3")

    def added() -> Any:
        with clock.as_of(date(2026, 11, 20)):  # before the new order, so that it goes along
            return add_unit(actor=SYSTEM, parent_id=parent.pk, level=Level.GROUP, short="9", name="新联户组")

    one, two = meet(added, pair.merged, pause)
    assert isinstance(one, Unit)
    assert two.households == 3
    assert pair.lost_units() == (0 if locked else 1)


@pytest.mark.parametrize("locked", [True, False])
def test_two_households_split_off_under_one_number(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    source = pair.household("018")
    pause = pause_in(monkeypatch, households, "_free_number")
    if not locked:
        unlock_villages(monkeypatch, households)
        monkeypatch.setattr(households, "_locked_households", lambda actor, known: {source.pk: known[0]})

    def split(name: str) -> Any:
        head = source.residents.get(name=name)
        with clock.as_of(LATER):
            return split_household(
                actor=SYSTEM,
                household_id=source.pk,
                number="019",
                head_id=head.pk,
                on=ON,
                key=secrets.token_hex(4),
            )

    outcomes = meet(lambda: split("麦春芽"), lambda: split("田豆苗"), pause)
    kinds = {type(outcome).__name__ for outcome in outcomes}
    assert kinds == {"Household", NumberTaken.__name__ if locked else "IntegrityError"}


def test_one_household_is_merged_into_two(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = pause_in(monkeypatch, households, "require_free")
    source = pair.household("018")

    def merge(number: str) -> Callable[[], Any]:
        def work() -> Any:
            with clock.as_of(LATER):
                return merge_households(
                    actor=SYSTEM,
                    household_id=source.pk,
                    into_id=pair.household(number).pk,
                    on=ON,
                    key=secrets.token_hex(4),
                )

        return work

    one, two = meet(merge("004"), merge("103"), pause)
    assert one == pair.household("004")
    assert isinstance(two, HouseholdLeft)
    assert one.residents.count() == 4


def test_nobody_is_appointed_at_a_grid_that_is_ending(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    ending, user = pair.part("3"), create_user(login=secrets.token_hex(4), name="晚来的人")
    pause = pause_in(monkeypatch, reorganising, "require_free")

    def appointed() -> Any:
        with clock.as_of(LATER):
            return appoint(
                actor=SYSTEM, user_id=user.pk, office=Office.GRID_LEADER, unit_id=ending.pk, since=LATER
            )

    _one, two = meet(pair.merged, appointed, pause)
    assert isinstance(two, UnitEnded)
    assert not Appointment.objects.filter(user=user).exists()


@pytest.mark.parametrize("locked", [True, False])
def test_an_office_that_is_just_ended_does_not_go_on_at_the_heir(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    user = create_user(login=secrets.token_hex(4), name="要走的人")
    with clock.as_of(date(2026, 11, 20)):
        held = appoint(
            actor=SYSTEM,
            user_id=user.pk,
            office=Office.GRID_LEADER,
            unit_id=pair.part("3").pk,
            since=date(2026, 11, 20),
        )
    pause = pause_in(monkeypatch, appointments, "_end")
    if not locked:
        monkeypatch.setattr(successions, "lock_terms", lambda unit_ids: None)

    def ended() -> Any:
        with clock.as_of(LATER):
            return end_appointment(actor=SYSTEM, appointment_id=held.pk, until=date(2026, 11, 25))

    _one, two = meet(ended, pair.merged, pause)
    assert two.households == 3
    going_on = Appointment.objects.filter(user=user, until=None).count()
    assert going_on == (0 if locked else 1)


def test_the_card_of_a_household_that_is_gone_opens_nothing(pair: Pair) -> None:
    source, into = pair.household("018"), pair.household("004")
    card = issue_card(actor=SYSTEM, household_id=source.pk)
    assert open_with_card(token=card.token, pin=card.pin) == source
    with clock.as_of(LATER):
        merge_households(actor=SYSTEM, household_id=source.pk, into_id=into.pk, on=ON, key="card")
        with pytest.raises(CardUnknown):
            open_with_card(token=card.token, pin=card.pin)
