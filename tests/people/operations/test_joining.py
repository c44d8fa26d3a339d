from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.book import queries_of
from tests.people.tree import actor_called, grid, north
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Account
from xiangyue.people.history import joining_on
from xiangyue.people.models import Joining, JoiningStep, Level, Unit
from xiangyue.people.operations.joining import FOUNDING, NEXT, admit_all, require_admitted, step_joining
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import UnknownUnit
from xiangyue.people.tree_refusals import (
    BasisMissing,
    ChangedSince,
    DayAhead,
    JoiningNotNext,
    NotAdmitted,
    NotAJudgingUnit,
    UnitEnded,
)
from xiangyue.records.models import LoggedAct

TODAY = date(2026, 11, 2)
DAY = timedelta(1)
BASIS = "2026年11月验收会议纪要"


@pytest.fixture
def outside(village: Unit) -> Unit:
    """大罗村 as if the scheme had not reached it yet."""
    JoiningStep.objects.filter(unit=village).delete()
    Unit.objects.filter(pk=village.pk).update(joining=Joining.OUTSIDE, holder=None)
    village.refresh_from_db()
    return village


def step(unit: Unit, joining: Joining, day: date = TODAY, **other: Any) -> JoiningStep:
    wanted: dict[str, Any] = {"actor": SYSTEM, "unit_id": unit.pk, "joining": joining, "basis": BASIS}
    with clock.as_of(day):
        return step_joining(**(wanted | other))


def admitted(unit: Unit) -> bool:
    unit.refresh_from_db()
    try:
        require_admitted(unit)
    except NotAdmitted:
        return False
    return True


def test_a_founded_county_is_admitted_where_its_preset_says_so(village: Unit) -> None:
    found = JoiningStep.objects.get(unit=village)
    assert (found.joining, found.basis, found.since) == (Joining.ADMITTED, FOUNDING, TODAY)
    assert admitted(village)
    assert JoiningStep.objects.count() == 13
    assert not Unit.objects.exclude(level=Level.VILLAGE).exclude(joining=Joining.OUTSIDE).exists()


def test_a_village_joins_step_by_step(outside: Unit, admin: Actor) -> None:
    assert not admitted(outside)
    for place, joining in enumerate([Joining.PILOT, Joining.DEMONSTRATION, Joining.ADMITTED]):
        assert not Account.objects.filter(holder=outside.holder_id).exists()
        made = step(outside, joining, TODAY + place * DAY, actor=admin)
        assert (made.since, made.basis) == (TODAY + place * DAY, BASIS)
        assert admitted(outside) is (joining == Joining.ADMITTED)
    assert list(Account.objects.filter(holder=outside.holder_id).values_list("kind", flat=True)) == ["issued"]
    steps = [joining_on(outside, TODAY + place * DAY) for place in range(-1, 3)]
    assert [found and found.joining for found in steps] == [
        None,
        Joining.PILOT,
        Joining.DEMONSTRATION,
        Joining.ADMITTED,
    ]
    logged = LoggedAct.objects.filter(act="join", subject="unit", subject_id=outside.pk, actor_id=admin.id)
    assert list(logged.order_by("id").values_list("from_state", "to_state")) == [
        ("outside", "pilot"),
        ("pilot", "demonstration"),
        ("demonstration", "admitted"),
    ]


def test_an_admitted_village_is_suspended_and_admitted_again(village: Unit) -> None:
    holder = village.holder_id
    step(village, Joining.DEMONSTRATION, TODAY + DAY, basis="示例：三个月没有公示")
    assert not admitted(village)
    step(village, Joining.ADMITTED, TODAY + 2 * DAY)
    assert admitted(village)
    assert village.holder_id == holder  # its pools, and what they issued, stay


@pytest.mark.parametrize("now", Joining)
@pytest.mark.parametrize("wanted", Joining)
def test_no_step_is_left_out(outside: Unit, now: Joining, wanted: Joining) -> None:
    Unit.objects.filter(pk=outside.pk).update(joining=now)
    if wanted in NEXT[now]:
        assert step(outside, wanted).joining == wanted
        return
    with pytest.raises(JoiningNotNext):
        step(outside, wanted)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"unit_id": 0}, UnknownUnit),
        ({"basis": "  "}, BasisMissing),
        ({"basis": "据" * 201}, BasisMissing),
        ({"on": TODAY + DAY}, DayAhead),
        ({"on": TODAY - DAY}, ChangedSince),
    ],
)
def test_a_step_without_basis_or_on_a_wrong_day_is_refused(
    outside: Unit, change: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        step(outside, Joining.PILOT, **change)
    assert not admitted(outside)


def test_one_step_a_day(outside: Unit) -> None:
    step(outside, Joining.PILOT)
    with pytest.raises(ChangedSince):
        step(outside, Joining.DEMONSTRATION)


def test_only_what_judges_joins(village: Unit) -> None:
    north()
    third, town = grid(village, "第三网格"), Unit.objects.get(code="440783104")
    for unit in (third, town):
        with pytest.raises(NotAJudgingUnit):
            step(unit, Joining.PILOT)


def test_what_has_ended_does_not_join(outside: Unit) -> None:
    outside.until = TODAY
    outside.save()
    with pytest.raises(UnitEnded):
        step(outside, Joining.PILOT, TODAY + DAY)


def test_only_who_manages_people_lets_a_village_join(outside: Unit) -> None:
    north()
    with pytest.raises(NotAllowed):
        step(outside, Joining.PILOT, actor=actor_called("榆钱多"))


def test_a_whole_level_is_admitted_at_once(village: Unit, outside: Unit) -> None:
    assert admit_all(actor=SYSTEM, level=Level.VILLAGE) == 1
    assert admitted(outside)
    assert outside.holder_id
    assert admit_all(actor=SYSTEM, level=Level.VILLAGE) == 0
    Unit.objects.filter(pk=outside.pk).update(joining=Joining.DEMONSTRATION)
    assert admit_all(actor=SYSTEM, level=Level.VILLAGE) == 0  # who was suspended stays so
    assert not admitted(outside)


def test_many_are_admitted_in_as_many_statements_as_few(village: Unit) -> None:
    def reset(*units: Unit) -> None:
        pks = [unit.pk for unit in units]
        JoiningStep.objects.filter(unit__in=pks).delete()
        Unit.objects.filter(pk__in=pks).update(joining=Joining.OUTSIDE, holder=None)

    counts = []
    for size in (2, 12):
        reset(*Unit.objects.filter(level=Level.VILLAGE)[:size])
        counts.append(queries_of(lambda: admit_all(actor=SYSTEM, level=Level.VILLAGE)))
    assert counts[0] == counts[1]
