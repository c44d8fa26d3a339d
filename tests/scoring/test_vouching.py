"""Who may vouch: whom the scheme's way names, whom an indicator's row names, and who stands in for them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.people.cast import somebody
from tests.scoring.cast import RUBBISH, a_deed, bring
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Kin, Level, OfficeRule, Relation, Resident
from xiangyue.people.offices import Office
from xiangyue.people.operations.relations import register_kin
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, DeedState, ScoringRules, Source
from xiangyue.scoring.operations.review import reject_deed, return_deed, verifiable_by, verify_deeds
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold
from xiangyue.scoring.roles import Roles
from xiangyue.scoring.source_refusals import DeductionsElsewhere, NotTheNamedVerifier

DAY = date(2026, 10, 20)
RULES = (
    {"编号": "1", "指标": "扫雪", "分值": "5", "核实人": "网格员"},
    {"编号": "2", "指标": "调解", "分值": "5", "核实人": "评议小组"},
    {"编号": "3", "指标": "乱倒垃圾", "分值": "扣5", **LAWFUL},
    {"编号": "4", "指标": "清渠", "分值": "5", "核实人": "中心户长"},
)  # fmt: skip


@pytest.fixture
def village_leader(cast: Cast) -> Actor:
    """谷有余, the village's own grid leader, in a scheme whose way leads through them (changshan)."""
    ScoringRules.objects.update(
        stages=["group_leader", "administrator", "grid_leader", "working_group", "notice"],
        deductions_through="grid_leader",
    )
    return leader_of(cast, "谷有余")


def leader_of(cast: Cast, login: str) -> Actor:
    """Appoint a grid leader at the village itself."""
    titled = {"title": "村级网格长"}
    OfficeRule.objects.get_or_create(office=Office.GRID_LEADER, level=Level.VILLAGE, defaults=titled)
    return somebody(Office.GRID_LEADER, cast.village, login=login, since=date(2026, 1, 1))


@pytest.fixture
def rules(cast: Cast) -> Cast:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    return cast


def brought(cast: Cast, number: str = "018", of: str = "参加公共劳动", by: Actor | None = None) -> Deed:
    (deed,) = bring(by or cast.clerk, a_deed(cast.village, number, of=of, day=DAY))
    return deed


def refused(by: Actor, deed: Deed, refusal: type[Refusal]) -> None:
    """It is refused to vouch for a deed, to send it back and to end it; nobody's list has it."""
    with pytest.raises(refusal):
        verify_deeds(actor=by, deed_ids=[deed.pk])
    for send_away in (return_deed, reject_deed):
        with pytest.raises(refusal):
            send_away(actor=by, deed_id=deed.pk, reason="没看见")
    assert deed.pk not in verifiable_by(by, deed.unit)
    deed.refresh_from_db()
    assert deed.state == DeedState.SUBMITTED


def vouched(by: Actor, deed: Deed) -> None:
    assert deed.pk in verifiable_by(by, deed.unit)
    verify_deeds(actor=by, deed_ids=[deed.pk])
    deed.refresh_from_db()
    assert (deed.state, deed.shares.get().verified_by_id) == (DeedState.VERIFIED, by.id)


def lives_in(cast: Cast, user: Actor, number: str) -> None:
    """Let a user be the head of a household."""
    head = Resident.objects.filter(household=cast.household(number), relation=Relation.HEAD)
    head.update(user=user.id)


# The judging unit's own leader, where the way of a deed leads through them


def test_only_the_judging_unit_s_own_leader_vouches_there(cast: Cast, village_leader: Actor) -> None:
    deed = brought(cast)
    refused(cast.grid_leader, deed, NotTheNamedVerifier)
    refused(cast.secretary, deed, NotTheNamedVerifier)
    refused(cast.other_grid_leader, deed, NotAllowed)
    vouched(village_leader, deed)
    log = LoggedAct.objects.get(act="vouch")
    assert (log.acted_as, log.acted_as_id) == (Office.GRID_LEADER, cast.village.pk)


def test_who_is_named_is_said(cast: Cast, village_leader: Actor) -> None:
    with pytest.raises(NotTheNamedVerifier) as caught:
        verify_deeds(actor=cast.grid_leader, deed_ids=[brought(cast).pk])
    assert str(caught.value) == "“参加公共劳动”由村级网格长来核实。"


@pytest.mark.parametrize("near", ["own", "kin", "brought"])
def test_where_they_have_to_leave_it_the_village_stands_in(
    cast: Cast, village_leader: Actor, near: str
) -> None:
    """The secretary, whose office is at the judging unit; never the grid's leader below."""
    if near == "own":
        lives_in(cast, village_leader, "018")
    elif near == "kin":
        lives_in(cast, village_leader, "004")
        heads = [
            Resident.objects.get(household=cast.household(number), relation=Relation.HEAD)
            for number in ("004", "018")
        ]
        register_kin(actor=SYSTEM, resident_id=heads[0].pk, other_id=heads[1].pk, kin=Kin.SIBLING)
    deed = brought(cast, by=village_leader if near == "brought" else cast.clerk)
    if near == "brought":
        Deed.objects.update(state=DeedState.SUBMITTED)
        deed.shares.update(verified_by=None)
    refused(village_leader, deed, BroughtByActor if near == "brought" else OwnHousehold)
    refused(cast.grid_leader, deed, NotTheNamedVerifier)
    vouched(cast.secretary, deed)


def test_one_of_two_leaders_who_can_is_enough(cast: Cast, village_leader: Actor) -> None:
    lives_in(cast, village_leader, "018")
    other = leader_of(cast, "麦有余")
    deed = brought(cast)
    refused(cast.secretary, deed, NotTheNamedVerifier)
    vouched(other, deed)


def test_where_there_is_none_the_village_stands_in(cast: Cast) -> None:
    ScoringRules.objects.update(stages=["grid_leader"])
    deed = brought(cast)
    refused(cast.grid_leader, deed, NotTheNamedVerifier)
    vouched(cast.secretary, deed)


def test_only_their_own_record_is_born_verified(cast: Cast, village_leader: Actor) -> None:
    for by, state in [(cast.grid_leader, DeedState.SUBMITTED), (village_leader, DeedState.VERIFIED)]:
        (deed,) = bring(by, a_deed(cast.village, "018"), source=Source.LEADER)
        assert deed.state == state
    (deed,) = bring(cast.secretary, a_deed(cast.village, "018"), source=Source.CADRE)
    assert deed.state == DeedState.SUBMITTED


def test_deductions_come_through_them_alone(cast: Cast, village_leader: Actor) -> None:
    for by, source in [
        (cast.grid_leader, Source.LEADER),
        (cast.secretary, Source.CADRE),
        (cast.clerk, Source.SHEET),
        (cast.clerk, Source.GROUP),
        (cast.villager, Source.SELF),
        (cast.grid_leader, Source.SELF),
    ]:
        with pytest.raises(DeductionsElsewhere):
            bring(by, a_deed(cast.village, "018", of=RUBBISH), source=source)
    assert not Deed.objects.exists()
    (deed,) = bring(village_leader, a_deed(cast.village, "018", of=RUBBISH), source=Source.LEADER)
    assert (deed.state, deed.shares.get().verified_by_id) == (DeedState.VERIFIED, village_leader.id)
    assert bring(cast.clerk, a_deed(cast.village, "018"), source=Source.GROUP)


def test_a_deduction_that_was_brought_before_is_vouched_for_by_them_alone(
    cast: Cast, village_leader: Actor
) -> None:
    (deed,) = bring(SYSTEM, a_deed(cast.village, "018", of=RUBBISH, day=DAY))
    refused(cast.grid_leader, deed, NotTheNamedVerifier)
    refused(cast.secretary, deed, NotTheNamedVerifier)
    vouched(village_leader, deed)


# Whom an indicator's row names


def test_who_is_named_in_the_row_vouches(rules: Cast) -> None:
    deed = brought(rules, of="扫雪")
    refused(rules.secretary, deed, NotTheNamedVerifier)
    vouched(rules.grid_leader, deed)


def test_for_the_leader_s_own_household_the_village_stands_in(rules: Cast) -> None:
    deed = brought(rules, "013", of="扫雪")
    refused(rules.grid_leader, deed, OwnHousehold)
    vouched(rules.secretary, deed)


@pytest.mark.parametrize("of", ["调解", "清渠", "乱倒垃圾"])
def test_whom_no_office_answers_to_is_a_remark(rules: Cast, of: str) -> None:
    """评议小组 is a body, which decides; 中心户长 (a group leader) verifies nothing here; and nobody may be named."""
    vouched(rules.secretary, brought(rules, of=of))
    vouched(rules.grid_leader, brought(rules, of=of))


def test_the_scheme_s_own_titles_come_before_other_places_words(rules: Cast) -> None:
    roles = Roles()
    role = roles.verifier("网格员")
    assert role is not None
    assert role.places == {(Office.GRID_LEADER, Level.GRID)}
    elsewhere = roles.verifier("网格长")
    assert elsewhere is not None
    assert elsewhere.places == {(Office.GRID_LEADER, None)}
    assert roles.verifier("") is None


# Nobody vouches for what they brought


def test_nobody_vouches_for_what_they_brought(cast: Cast) -> None:
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018", day=DAY), source=Source.SELF)
    assert deed.is_on_behalf
    refused(cast.grid_leader, deed, BroughtByActor)
    vouched(cast.secretary, deed)


def test_nobody_vouches_for_what_their_household_recommended(cast: Cast) -> None:
    """The card of the grid leader's own household recommends a neighbour."""
    card = Actor.card(cast.household("013").pk)
    (deed,) = bring(card, a_deed(cast.village, "018", day=DAY), source=Source.NEIGHBOUR)
    refused(cast.grid_leader, deed, BroughtByActor)
    vouched(cast.secretary, deed)


# What it costs


@pytest.mark.parametrize("stage", ["", "grid_leader"])
def test_vouching_costs_the_same_for_few_and_for_many(
    rules: Cast, django_assert_num_queries: Any, stage: str
) -> None:
    """Several indicators, grids and households; with those who stand in, and without."""
    ScoringRules.objects.update(stages=[stage] if stage else [])
    if stage:
        lives_in(rules, leader_of(rules, "谷有余"), "018")
    by = rules.secretary

    def some(times: int) -> list[int]:
        deeds = [
            a_deed(rules.village, number, of=of, day=DAY)
            for number in ("018", "013")
            for of in ("扫雪", "调解")
            for _time in range(times)
        ]
        return [deed.pk for deed in bring(rules.clerk, *deeds)]

    few, many = some(1), some(15)
    with CaptureQueriesContext(connection) as listed:
        expected = set(verifiable_by(by, rules.village))
    with django_assert_num_queries(len(listed)):
        assert set(verifiable_by(by, rules.village)) == expected
    mine = [deed for deed in few if deed in expected]
    with CaptureQueriesContext(connection) as counted:
        verify_deeds(actor=by, deed_ids=mine)
    rest = [deed for deed in many if deed in expected]
    assert len(rest) > len(mine) > 0
    with django_assert_num_queries(len(counted)):
        verify_deeds(actor=by, deed_ids=rest)
    assert clock.today() > DAY


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [
        ("", "茶山青 桑叶青 柳成荫"),
        ("meeting", "茶山青 桑叶青 柳成荫"),
        ("administrator", "茶山青"),
        ("grid_leader", ""),
    ],
)
def test_through_whom_deductions_come_is_the_scheme_s(cast: Cast, stage: str, allowed: str) -> None:
    """A stage that decides anyway asks for nobody; the grid's leader is not the village's."""
    ScoringRules.objects.update(deductions_through=stage)
    for login in ("茶山青", "桑叶青", "柳成荫"):
        new = a_deed(cast.village, "018", of=RUBBISH)
        if login in allowed:
            assert bring(cast.actor(login), new)
            continue
        with pytest.raises(DeductionsElsewhere):
            bring(cast.actor(login), new)
    assert bring(SYSTEM, a_deed(cast.village, "018", of=RUBBISH))
