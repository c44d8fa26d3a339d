from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.book import ledger_faults, queries_of
from tests.people.cast import somebody, user_called
from tests.people.families import HEAD, WRITTEN, called, families, names, open_one
from tests.people.tree import (
    EVE,
    LATER,
    NORTH,
    ON,
    actor_called,
    close,
    give,
    grid,
    points,
    rows,
    south,
    unit,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Account, Batch, Cause, Transfer
from xiangyue.ledger.refusals import HasOpenHolds, KeyReused, MoreThanThere
from xiangyue.people.history import membership_on, place_on
from xiangyue.people.models import (
    Appointment,
    Card,
    Consent,
    Household,
    Mentorship,
    Relation,
    Resident,
)
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations import departures
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.operations.households import (
    change_head,
    describe_household,
    merge_households,
    move_household,
    open_household,
    split_household,
)
from xiangyue.people.permissions import NotAllowed, may
from xiangyue.people.private_refusals import ResidentRepeated
from xiangyue.people.queries import household_heads, households_in
from xiangyue.people.refusals import NotAVillage, UnknownHousehold, UnknownUnit
from xiangyue.people.tree_refusals import (
    AlreadyThere,
    BadAddress,
    ChangedSince,
    DayAhead,
    HeadStays,
    HouseholdLeft,
    NobodyStays,
    NumberTaken,
    OneHead,
    SameHousehold,
    UnitEnded,
    UnknownMember,
)

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def households() -> dict[str, Household]:
    return families()


def split(source: Household, **other: Any) -> Household:
    """Let 麦春芽 and 田豆苗 leave 018, with 5 of its 15 points."""
    wanted: dict[str, Any] = {
        "actor": SYSTEM,
        "household_id": source.pk,
        "number": "018甲",
        "head_id": called("麦春芽").pk,
        "member_ids": [called("田豆苗").pk],
        "relations": {called("田豆苗").pk: Relation.CHILD},
        "on": ON,
        "spendable": 500,
        "honour": 300,
        "key": "split",
    }
    with clock.as_of(LATER):
        return split_household(**(wanted | other))


def merge(source: Household, into: Household, **other: Any) -> Household:
    wanted: dict[str, Any] = {
        "actor": SYSTEM,
        "household_id": source.pk,
        "into_id": into.pk,
        "on": ON,
        "key": "merge",
    }
    with clock.as_of(LATER):
        return merge_households(**(wanted | other))


def move(household: Household, code: str, **other: Any) -> Household:
    wanted: dict[str, Any] = {
        "actor": SYSTEM,
        "household_id": household.pk,
        "unit_id": unit(code).pk,
        "on": ON,
    }
    with clock.as_of(LATER):
        return move_household(**(wanted | other))


# Splitting


def test_a_household_splits(households: dict[str, Household]) -> None:
    source = households["018"]
    made = split(source)
    assert (made.number, made.village_id, made.unit_id, made.joined_on) == (
        *("018甲", source.village_id, source.unit_id, ON),
    )
    assert (names(source), names(made)) == (["田禾生"], ["麦春芽", "田豆苗"])
    assert household_heads([source.pk, made.pk]) == {source.pk: "田禾生", made.pk: "麦春芽"}
    assert (points(source), points(made)) == ((1200, 1000), (300, 500))
    assert ledger_faults() == []
    assert [each.household.number for each in households_in(unit(NORTH))] == ["004", "018", "018甲", "103"]


def test_history_is_right_before_and_after_a_split(households: dict[str, Household]) -> None:
    source = households["018"]
    before = rows(Transfer, Batch), rows(Appointment)
    made = split(source)
    sprout = called("田豆苗")
    then, now = membership_on(sprout, EVE), membership_on(sprout, ON)
    assert then
    assert (then.household_id, then.relation) == (source.pk, Relation.CHILD)
    assert now
    assert (now.household_id, now.relation) == (made.pk, Relation.CHILD)
    bud = membership_on(called("麦春芽"), EVE)
    assert bud
    assert (bud.household_id, bud.relation) == (source.pk, Relation.SPOUSE)
    assert place_on(made, EVE) is None
    posted = Batch.objects.exclude(cause=Cause.SPLIT).values_list("pk", flat=True)
    assert (rows(Transfer, batch__in=posted) + rows(Batch, pk__in=posted), rows(Appointment)) == before


def test_the_same_split_is_made_once(households: dict[str, Household]) -> None:
    made = split(households["018"])
    before = rows(*WRITTEN)
    assert split(households["018"]) == made
    for change in ({"spendable": 600}, {"number": "099"}):
        with pytest.raises(KeyReused):
            split(households["018"], **change)
    with pytest.raises(KeyReused):
        split(households["004"])
    assert rows(*WRITTEN) == before


def test_it_may_go_elsewhere_and_without_points(households: dict[str, Household]) -> None:
    first = grid(unit(NORTH), "第一网格")
    made = split(households["018"], unit_id=first.pk, address="五巷2号", spendable=0, honour=0)
    assert (made.unit, made.address, points(made)) == (first, "五巷2号", (0, 0))
    assert not Batch.objects.filter(cause=Cause.SPLIT).exists()
    with pytest.raises(UnknownMember):  # nothing was posted that could tell; nothing happens twice either
        split(households["018"], unit_id=first.pk, spendable=0, honour=0)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"household_id": 0}, UnknownHousehold),
        ({"unit_id": -1}, UnknownUnit),
        ({"number": "004"}, NumberTaken),
        ({"spendable": 1501}, MoreThanThere),
        ({"honour": 1501}, MoreThanThere),
        ({"spendable": -1}, MoreThanThere),
        ({"on": LATER + timedelta(1)}, DayAhead),
        ({"on": date(2026, 11, 2)}, ChangedSince),
        ({"head_id": 0}, UnknownMember),
        ({"address": "巷" * 121}, BadAddress),
    ],
)
def test_a_split_that_can_not_be_is_refused(
    households: dict[str, Household], change: dict[str, Any], refusal: type[Refusal]
) -> None:
    before = rows(*WRITTEN)
    with pytest.raises(refusal):
        split(households["018"], **change)
    assert rows(*WRITTEN) == before


def test_both_households_keep_people_and_a_head(households: dict[str, Household]) -> None:
    head, bud, sprout = called("田禾生").pk, called("麦春芽").pk, called("田豆苗").pk
    with pytest.raises(HeadStays):
        split(households["018"], head_id=head, member_ids=[sprout])
    with pytest.raises(NobodyStays):
        split(households["018"], head_id=bud, member_ids=[head, sprout])
    with pytest.raises(OneHead):
        split(households["018"], relations={sprout: Relation.HEAD})
    with pytest.raises(UnknownMember):
        split(households["018"], member_ids=[called("麦穗香").pk])
    with clock.as_of(LATER):
        change_head(actor=SYSTEM, household_id=households["018"].pk, head_id=bud)
    made = split(households["018"], head_id=head, member_ids=[sprout], relations={})
    assert household_heads([made.pk, households["018"].pk]) == {
        made.pk: "田禾生",
        households["018"].pk: "麦春芽",
    }


# Merging


def test_a_household_merges_into_another(households: dict[str, Household]) -> None:
    source, target = households["018"], households["004"]
    give(target, 200)
    users = rows(Appointment)
    assert merge(source, target, relations={called("田豆苗").pk: Relation.CHILD}) == target
    source.refresh_from_db()
    assert (source.left_on, source.successor) == (EVE, target)
    assert (names(source), names(target)) == ([], ["田禾生", "麦春芽", "田豆苗", "麦穗香"])
    assert called("田禾生").relation == Relation.OTHER
    assert household_heads([target.pk]) == {target.pk: "麦穗香"}
    assert points(target) == (1700, 1700)
    assert points(source) == (0, 0)
    assert ledger_faults() == []
    assert rows(Appointment) == users
    then = membership_on(called("田禾生"), EVE)
    assert then
    assert (then.household_id, then.relation) == (source.pk, Relation.HEAD)
    place = place_on(source, EVE)
    assert place
    assert place.number == "018"
    assert place_on(source, ON) is None


def test_a_merger_is_made_once_and_its_key_serves_no_other(households: dict[str, Household]) -> None:
    merge(households["018"], households["004"])
    before = rows(*WRITTEN)
    assert merge(households["018"], households["004"]) == households["004"]
    assert rows(*WRITTEN) == before
    with pytest.raises(HouseholdLeft):
        merge(households["018"], households["103"])
    with pytest.raises(HouseholdLeft):
        merge(households["103"], households["018"])
    with pytest.raises(KeyReused):
        merge(households["004"], households["103"], on=ON + timedelta(1))


def test_two_of_one_name_are_not_put_together(households: dict[str, Household]) -> None:
    Resident.objects.filter(name="麦穗香").update(name="田豆苗")
    with pytest.raises(ResidentRepeated):
        merge(households["018"], households["004"])


def test_a_household_is_not_merged_with_itself(households: dict[str, Household]) -> None:
    with pytest.raises(SameHousehold):
        merge(households["018"], households["018"])
    with pytest.raises(UnknownHousehold):
        merge(households["018"], Household(pk=0))


def test_promised_points_have_to_be_settled_first(households: dict[str, Household]) -> None:
    Account.objects.filter(holder=households["018"].holder_id).update(held=100)
    before = rows(*WRITTEN)
    for work in list[Callable[[], object]](
        (lambda: merge(households["018"], households["004"]), lambda: close(households["018"]))
    ):
        with pytest.raises(HasOpenHolds):
            work()
    assert rows(*WRITTEN) == before


# Closing


def test_a_household_closes(households: dict[str, Household]) -> None:
    household = households["018"]
    issue_card(actor=SYSTEM, household_id=household.pk)
    Consent.objects.create(
        household=household,
        receiver="青禾银行",
        purpose="授信参考",
        given_at=clock.now(),
        given_by_kind="card",
        given_by_id=household.pk,
        until=date(2027, 12, 31),
    )
    Mentorship.objects.create(household=household, mentor=user_called("榆钱多"), since=date(2026, 11, 5))
    close(household)
    household.refresh_from_db()
    assert (household.left_on, household.successor) == (EVE, None)
    assert points(household) == (0, 0)
    assert ledger_faults() == []
    assert not Card.objects.filter(household=household, revoked_at=None).exists()
    assert not Consent.objects.filter(household=household, withdrawn_at=None).exists()
    assert Mentorship.objects.get(household=household).until == EVE
    assert set(Resident.objects.filter(household=household).values_list("left_on", flat=True)) == {EVE}
    assert household_heads([household.pk]) == {household.pk: "田禾生"}
    assert [each.household.number for each in households_in(unit(NORTH))] == ["004", "103"]


def test_closing_again_changes_nothing(households: dict[str, Household]) -> None:
    close(households["018"])
    before = rows(*WRITTEN)
    close(households["018"])
    assert rows(*WRITTEN) == before
    merge(households["004"], households["103"])
    with pytest.raises(HouseholdLeft):
        close(households["004"])


def test_what_has_closed_is_not_touched_any_more(households: dict[str, Household]) -> None:
    close(households["018"])
    first = grid(unit(NORTH), "第一网格")
    for work in list[Callable[[], object]](
        (
            lambda: split(households["018"]),
            lambda: move(households["018"], first.code),
            lambda: describe_household(actor=SYSTEM, household_id=households["018"].pk, address=""),
            lambda: change_head(actor=SYSTEM, household_id=households["018"].pk, head_id=called("麦春芽").pk),
        )
    ):
        with pytest.raises(HouseholdLeft):
            work()


@pytest.mark.parametrize(
    ("on", "refusal"), [(LATER + timedelta(1), DayAhead), (date(2026, 11, 2), ChangedSince)]
)
def test_the_day_has_to_lie_after_the_last_change(
    households: dict[str, Household], on: date, refusal: type[Refusal]
) -> None:
    for work in list[Callable[[], object]](
        (
            lambda: merge(households["018"], households["004"], on=on),
            lambda: close(households["018"], on=on),
            lambda: move(households["018"], f"{NORTH}-1", on=on),
        )
    ):
        with pytest.raises(refusal):
            work()


def test_a_room_above_may_object_to_the_end_of_a_household(
    households: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[departures.Departure] = []

    class Busy(Refusal):
        code = "test-busy"
        message = "还没办完。"

    def object_(departure: departures.Departure) -> None:
        heard.append(departure)
        raise Busy

    monkeypatch.setattr(departures, "_objectors", [object_])
    before = rows(*WRITTEN)
    for work in list[Callable[[], object]](
        (lambda: merge(households["018"], households["004"]), lambda: close(households["018"]))
    ):
        with pytest.raises(Busy):
            work()
    assert rows(*WRITTEN) == before
    assert [each.households for each in heard] == [{households["018"].pk}] * 2
    assert [each.to_village_id for each in heard] == [None, None]


# Moving


def test_a_household_moves_within_its_village(households: dict[str, Household]) -> None:
    household = households["018"]
    moved = move(household, f"{NORTH}-1")
    assert (moved.number, moved.unit.code, moved.village) == ("018", f"{NORTH}-1", household.village)
    leader, old, new = actor_called("穗香"), household.unit, moved.unit
    then, now = place_on(household, EVE), place_on(household, ON)
    assert then
    assert now
    assert (then.unit_id, now.unit_id) == (old.pk, new.pk)
    assert may(
        leader, Act.VERIFY_DEEDS, old, on=ON
    )  # the office stays where it is; the household is elsewhere
    assert not may(leader, Act.VERIFY_DEEDS, new, on=ON)
    assert points(household) == (1500, 1500)


def test_a_household_moves_to_another_village(households: dict[str, Household]) -> None:
    into = south("018", grid="第二网格")
    home = grid(into, "第二网格")
    with pytest.raises(NumberTaken):
        move(households["018"], home.code)
    moved = move(households["018"], home.code, number="018北")
    assert (moved.number, moved.village, moved.holder_id) == ("018北", into, households["018"].holder_id)
    assert names(moved) == ["田禾生", "麦春芽", "田豆苗"]
    assert points(moved) == (1500, 1500)
    assert ledger_faults() == []


def test_only_its_number_may_change(households: dict[str, Household]) -> None:
    household = households["018"]
    assert move(household, household.unit.code, number="300").number == "300"
    then = place_on(household, EVE)
    assert then
    assert then.number == "018"


def test_who_moves_twice_has_lived_in_between(households: dict[str, Household]) -> None:
    household, home = households["018"], households["018"].unit
    move(household, f"{NORTH}-1")
    with pytest.raises(ChangedSince) as refused:
        move(household, home.code)
    assert refused.value.facts["first"] == ON + timedelta(1)
    move(household, home.code, on=ON + timedelta(1))
    places = [place_on(household, day) for day in (EVE, ON, ON + timedelta(1))]
    assert [place.unit_id for place in places if place] == [home.pk, unit(f"{NORTH}-1").pk, home.pk]


def test_a_move_to_nowhere_is_refused(households: dict[str, Household]) -> None:
    household = households["018"]
    with pytest.raises(AlreadyThere):
        move(household, household.unit.code)
    with pytest.raises(NotAVillage):
        move(household, "440783104")
    first = grid(unit(NORTH), "第一网格")
    first.until = EVE
    first.save()
    with pytest.raises(UnitEnded):
        move(household, first.code)


def test_only_who_manages_people_does_any_of_this(households: dict[str, Household]) -> None:
    secretary = actor_called("榆钱多")
    south("001", grid="第二网格")
    elsewhere = somebody(Office.ADMINISTRATOR, unit(NORTH), login="北管")
    pk, other = households["018"].pk, households["004"].pk
    first = grid(unit(NORTH), "第一网格").pk
    before = rows(*WRITTEN)
    for work in list[Callable[[], object]](
        (
            lambda: open_household(actor=secretary, unit_id=first, number="9", members=[HEAD]),
            lambda: split(households["018"], actor=secretary),
            lambda: merge(households["018"], households["004"], actor=secretary),
            lambda: close(households["018"], actor=secretary),
            lambda: move(households["018"], f"{NORTH}-1", actor=secretary),
            lambda: change_head(actor=secretary, household_id=pk, head_id=called("麦春芽").pk),
            lambda: describe_household(actor=secretary, household_id=other, address=""),
            lambda: move(households["018"], "440783104222-2", actor=elsewhere),
        )
    ):
        with pytest.raises(NotAllowed):
            work()
    assert rows(*WRITTEN) == before


def test_a_large_family_costs_hardly_more_than_a_small_one(households: dict[str, Household]) -> None:
    large = open_one(number="300", on=date(2026, 11, 20))
    Resident.objects.bulk_create(
        Resident(household=large, name=f"谷{'一二三四五六七八'[place]}", relation=Relation.CHILD)
        for place in range(8)
    )
    small = queries_of(lambda: merge(households["103"], households["004"], key="small"))
    assert queries_of(lambda: merge(large, households["018"], key="large")) <= small + 3
