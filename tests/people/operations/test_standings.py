from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.book import queries_of
from tests.people.tree import actor_called, north
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Standing
from xiangyue.people.operations.standings import give_standing, lift_standing, standings_on
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.people.tree_refusals import (
    BadStandingName,
    BasisMissing,
    DayAhead,
    HouseholdLeft,
    PenaltyNeedsEnd,
    StandingBackwards,
    StandingHolds,
    StandingOver,
    UnknownStanding,
)
from xiangyue.records.models import LoggedAct

pytestmark = pytest.mark.usefixtures("county")

TODAY, END = date(2026, 11, 2), date(2027, 1, 31)
BASIS = "示例：村规民约第八条（2026年3月1日通过）"
DAY = timedelta(1)


@pytest.fixture
def household() -> Household:
    return north()["018"]


def give(household: Household, **other: Any) -> Standing:
    wanted: dict[str, Any] = {
        "actor": SYSTEM,
        "household_id": household.pk,
        "name": "黄牌",
        "is_honour": False,
        "basis": BASIS,
        "since": TODAY,
        "until": END,
    }
    return give_standing(**(wanted | other))


def holding(household: Household, day: date) -> list[str]:
    return [standing.name for standing in standings_on([household.pk], day)]


def test_a_penalty_holds_for_its_term_and_ends_by_itself(household: Household) -> None:
    standing = give(household)
    assert [holding(household, day) for day in (TODAY - DAY, TODAY, END, END + DAY)] == [
        [],
        ["黄牌"],
        ["黄牌"],
        [],
    ]
    assert LoggedAct.objects.filter(act="give", subject="standing", subject_id=standing.pk).exists()


def test_an_honour_may_last(household: Household) -> None:
    give(household, name="红榜", is_honour=True, until=None)
    assert holding(household, date(2036, 1, 1)) == ["红榜"]


def test_it_is_lifted_early(household: Household) -> None:
    standing = give(household)
    with clock.as_of(TODAY + 9 * DAY):
        lift_standing(actor=SYSTEM, standing_id=standing.pk)
        assert holding(household, TODAY + 8 * DAY) == ["黄牌"]
        assert holding(household, TODAY + 9 * DAY) == []
        with pytest.raises(StandingOver) as refused:
            lift_standing(actor=SYSTEM, standing_id=standing.pk)
        assert refused.value.facts["last"] == TODAY + 8 * DAY
        give(household, since=TODAY + 9 * DAY)


def test_what_is_over_or_to_come_is_not_lifted(household: Household) -> None:
    standing = give(household)
    with pytest.raises(DayAhead):
        lift_standing(actor=SYSTEM, standing_id=standing.pk, on=TODAY + DAY)
    with pytest.raises(UnknownStanding):
        lift_standing(actor=SYSTEM, standing_id=0)
    with clock.as_of(END + DAY), pytest.raises(StandingOver):
        lift_standing(actor=SYSTEM, standing_id=standing.pk)


def test_one_that_was_called_off_before_it_began_never_held(household: Household) -> None:
    standing = give(household, since=TODAY + 5 * DAY)
    lift_standing(actor=SYSTEM, standing_id=standing.pk)
    assert holding(household, TODAY + 5 * DAY) == []
    give(household, since=TODAY + 5 * DAY)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"household_id": 0}, UnknownHousehold),
        ({"name": " "}, BadStandingName),
        ({"name": "黄" * 41}, BadStandingName),
        ({"basis": "  "}, BasisMissing),
        ({"basis": "据" * 201}, BasisMissing),
        ({"until": None}, PenaltyNeedsEnd),
        ({"until": TODAY - DAY}, StandingBackwards),
    ],
)
def test_one_without_basis_or_term_is_refused(
    household: Household, change: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        give(household, **change)
    assert not Standing.objects.exists()


def test_one_of_a_name_holds_at_a_time(household: Household) -> None:
    give(household)
    for change in ({}, {"since": END, "until": END + DAY}, {"since": TODAY - DAY, "until": TODAY}):
        with pytest.raises(StandingHolds):
            give(household, **change)
    give(household, since=END + DAY, until=END + 9 * DAY)
    give(household, name="红榜", is_honour=True, until=None)
    with pytest.raises(StandingHolds):
        give(household, name="红榜", is_honour=True, since=END, until=None)


def test_a_household_that_is_gone_gets_none(household: Household) -> None:
    household.left_on = TODAY
    household.save()
    with pytest.raises(HouseholdLeft):
        give(household)


def test_only_who_manages_people_gives_or_lifts(household: Household) -> None:
    standing = give(household)
    with pytest.raises(NotAllowed):
        give(household, actor=actor_called("榆钱多"), name="红榜")
    with pytest.raises(NotAllowed):
        lift_standing(actor=actor_called("榆钱多"), standing_id=standing.pk)


def test_many_households_are_asked_about_in_one_query(household: Household) -> None:
    ids = list(Household.objects.values_list("id", flat=True))
    for pk in ids:
        give(household, household_id=pk)
    assert queries_of(lambda: list(standings_on(ids))) == 1
    assert [each.household_id for each in standings_on(ids)] == sorted(ids)
