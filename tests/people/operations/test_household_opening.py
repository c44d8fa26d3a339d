from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.families import HEAD, SPOUSE, WRITTEN, called, families, names, open_one
from tests.people.tree import (
    LATER,
    NORTH,
    ON,
    close,
    grid,
    points,
    rows,
    unit,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import (
    Household,
    Relation,
)
from xiangyue.people.operations.households import (
    change_head,
    describe_household,
    open_household,
)
from xiangyue.people.private_refusals import BadResidentName, ResidentRepeated
from xiangyue.people.queries import household_heads
from xiangyue.people.refusals import NotAVillage, UnknownUnit
from xiangyue.people.tree_refusals import (
    BadAddress,
    BadNumber,
    BadTag,
    ChangedSince,
    DayAhead,
    NumberTaken,
    OneHead,
    SensitiveTag,
    UnknownMember,
)
from xiangyue.records.models import LoggedAct

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def households() -> dict[str, Household]:
    return families()


# Opening


def test_a_household_is_opened(households: dict[str, Household], admin: Actor) -> None:
    with clock.as_of(LATER):
        made = open_household(
            actor=admin,
            unit_id=grid(unit(NORTH), "第一网格").pk,
            number=" 201 ",
            members=[HEAD, SPOUSE],
            address=" 四巷1号 ",
            tags=["党员户", " 军属", "党员户"],
            on=ON,
        )
    assert (made.number, made.address, made.tags, made.joined_on) == (
        "201",
        "四巷1号",
        ["党员户", "军属"],
        ON,
    )
    assert names(made) == ["谷满仓", "桃红柳"]
    assert household_heads([made.pk]) == {made.pk: "谷满仓"}
    assert points(made) == (0, 0)
    assert LoggedAct.objects.filter(act="open", subject="household", subject_id=made.pk).exists()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"unit_id": 0}, UnknownUnit),
        ({"number": "018"}, NumberTaken),
        ({"number": "  "}, BadNumber),
        ({"number": "0" * 21}, BadNumber),
        ({"members": [SPOUSE]}, OneHead),
        ({"members": []}, OneHead),
        ({"members": [HEAD, {**SPOUSE, "relation": Relation.HEAD}]}, OneHead),
        ({"members": [HEAD, {**SPOUSE, "name": " "}]}, BadResidentName),
        ({"members": [HEAD, {**HEAD, "relation": Relation.OTHER}]}, ResidentRepeated),
        ({"address": "巷" * 121}, BadAddress),
        ({"tags": [" "]}, BadTag),
        ({"tags": ["标" * 21]}, BadTag),
        ({"tags": ["党员户", "低保户"]}, SensitiveTag),
        ({"on": LATER + timedelta(1)}, DayAhead),
        ({"on": date(2026, 11, 1)}, ChangedSince),
    ],
)
def test_a_household_that_does_not_fit_is_not_opened(
    households: dict[str, Household], change: dict[str, Any], refusal: type[Refusal]
) -> None:
    before = rows(*WRITTEN)
    with pytest.raises(refusal):
        open_one(**change)
    assert rows(*WRITTEN) == before
    open_one()


def test_a_household_lies_in_a_village(households: dict[str, Household]) -> None:
    with pytest.raises(NotAVillage):
        open_one(unit_id=unit("440783104").pk)


def test_the_number_of_one_that_has_left_is_free(households: dict[str, Household]) -> None:
    close(households["004"])
    assert open_one(number="004").number == "004"


# Describing


def test_a_head_changes(households: dict[str, Household]) -> None:
    household = households["018"]
    change_head(
        actor=SYSTEM, household_id=household.pk, head_id=called("麦春芽").pk, former_head_as=Relation.SPOUSE
    )
    assert household_heads([household.pk]) == {household.pk: "麦春芽"}
    assert called("田禾生").relation == Relation.SPOUSE
    before = LoggedAct.objects.count()
    change_head(actor=SYSTEM, household_id=household.pk, head_id=called("麦春芽").pk)
    assert LoggedAct.objects.count() == before
    with pytest.raises(UnknownMember):
        change_head(actor=SYSTEM, household_id=household.pk, head_id=called("麦穗香").pk)
    with pytest.raises(OneHead):
        change_head(
            actor=SYSTEM, household_id=household.pk, head_id=called("田禾生").pk, former_head_as=Relation.HEAD
        )


def test_address_and_tags_change_each_by_itself(households: dict[str, Household]) -> None:
    household = households["018"]
    describe_household(actor=SYSTEM, household_id=household.pk, tags=["种植大户"])
    describe_household(actor=SYSTEM, household_id=household.pk, address=" 六巷1号 ")
    household.refresh_from_db()
    assert (household.address, household.tags) == ("六巷1号", ["种植大户"])
    describe_household(actor=SYSTEM, household_id=household.pk, tags=[], address="")
    household.refresh_from_db()
    assert (household.address, household.tags) == ("", [])


@pytest.mark.parametrize("tag", ["低保户", "大病", "残疾人家庭"])
def test_a_tag_never_tells_of_poverty_or_illness(households: dict[str, Household], tag: str) -> None:
    with pytest.raises(SensitiveTag):
        describe_household(actor=SYSTEM, household_id=households["018"].pk, tags=[tag])
