from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.ledger.book import queries_of
from tests.people.tree import (
    EVE,
    LATER,
    NORTH,
    ON,
    actor_called,
    crowd,
    grid,
    north,
    rows,
    south,
    unit,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.history import heirs_of, place_on
from xiangyue.people.models import (
    Appointment,
    FormerPlace,
    Household,
    JoiningStep,
    Level,
    Unit,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations.reorganising import (
    NewPart,
    Reorganisation,
    redraw_grids,
)
from xiangyue.people.permissions import may
from xiangyue.people.queries import households_in
from xiangyue.people.refusals import LevelNotBelow, UnitNameTaken, UnknownUnit
from xiangyue.people.tree_refusals import (
    DayAhead,
    HouseholdsNotHere,
    HouseholdsUnplaced,
    IntoItself,
    PlaceEnding,
)
from xiangyue.records.models import LoggedAct

pytestmark = pytest.mark.usefixtures("county")

WRITTEN = (Unit, Household, FormerPlace, Appointment, JoiningStep, LoggedAct)


def redraw(village: Unit, moves: Mapping[int, int | str], **other: Any) -> Reorganisation:
    wanted: dict[str, Any] = {"village_id": village.pk, "on": ON, "moves": moves}
    with clock.as_of(LATER):
        return redraw_grids(actor=SYSTEM, **(wanted | other))


def test_grids_are_redrawn(village: Unit) -> None:
    households = north()
    numbers = {number: household.pk for number, household in households.items()}
    first, third = grid(village, "第一网格"), grid(village, "第三网格")
    report = redraw(
        village,
        {numbers["018"]: "east", numbers["004"]: first.pk, numbers["103"]: "yard"},
        new=[NewPart("east", "第三网格"), NewPart("yard", "大院", Level.GROUP, "east")],
        ending=[third.pk],
    )
    assert [(each.household.number, each.label) for each in households_in(village)] == [
        ("004", "第一网格"),
        ("018", "第三网格"),
        ("103", "第三网格·大院"),
    ]
    assert report.begun == ((f"{NORTH}-2", "第三网格"), (f"{NORTH}-2-1", "大院"))
    third.refresh_from_db()
    assert (third.until, third.successor) == (EVE, None)
    assert heirs_of(unit(f"{NORTH}-3-2")) == [grid(village, "第三网格")]
    leader = actor_called("穗香")
    assert may(leader, Act.VERIFY_DEEDS, third, on=EVE)
    assert not may(leader, Act.VERIFY_DEEDS, grid(village, "第三网格"), on=ON)
    then = place_on(households["018"], EVE)
    assert then
    assert (then.number, then.village_id) == ("018", village.pk)
    first.refresh_from_db()
    assert first.until is None


def test_who_stays_in_their_unit_is_not_moved(village: Unit) -> None:
    households = north()
    first = grid(village, "第一网格")
    report = redraw(village, {households["103"].pk: first.pk})
    assert report.households == 0
    assert not FormerPlace.objects.exists()


def test_a_redrawing_with_a_gap_is_refused(village: Unit) -> None:
    households = north()
    elsewhere = south("001", grid="第二网格")
    third, first = grid(village, "第三网格"), grid(village, "第一网格")
    one, other = households["018"].pk, households["004"].pk
    stranger = Household.objects.get(village=elsewhere).pk
    before = rows(*WRITTEN)
    attempts: list[tuple[dict[int, int | str], dict[str, Any], type[Refusal]]] = [
        ({one: first.pk}, {"ending": [third.pk]}, HouseholdsUnplaced),
        ({one: first.pk, other: third.pk}, {"ending": [third.pk]}, PlaceEnding),
        ({stranger: first.pk}, {}, HouseholdsNotHere),
        ({0: first.pk}, {}, HouseholdsNotHere),
        ({one: "nowhere"}, {}, UnknownUnit),
        ({one: grid(elsewhere, "第二网格").pk}, {}, UnknownUnit),
        ({one: first.pk}, {"ending": [village.pk]}, IntoItself),
        ({one: first.pk}, {"ending": [0]}, UnknownUnit),
        ({one: "new"}, {"new": [NewPart("new", "第一网格")]}, UnitNameTaken),
        ({one: "new"}, {"new": [NewPart("new", "东片", Level.TOWN)]}, LevelNotBelow),
        ({one: first.pk}, {"on": LATER + timedelta(1)}, DayAhead),
    ]
    for moves, more, refusal in attempts:
        with pytest.raises(refusal):
            redraw(village, moves, **more)
    assert rows(*WRITTEN) == before


def test_a_large_redrawing_costs_the_statements_of_a_small_one(village: Unit) -> None:
    counts = []
    for source, size in [(village, 6), (unit("440783104223"), 120)]:
        living = crowd(source, size)
        moves = {each.pk: "new" for each in living}
        ending = list(Unit.objects.filter(parent=source).values_list("id", flat=True))
        work: dict[str, Any] = {"new": [NewPart("new", "合并网格")], "ending": ending}
        counts.append(queries_of(lambda: redraw(source, moves, **work)))  # noqa: B023
    assert counts[0] == counts[1]
