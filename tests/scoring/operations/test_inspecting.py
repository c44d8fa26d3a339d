"""Inspection rounds: who scores whom, what the round's end brings, and two who do it at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import COMMITTEE, Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.scoring.cast import a_meeting, actor, approve, indicator, somebody
from tests.scoring.races import Pause, after, meet
from xiangyue.catalogue.rules.refusals import PointsNotAllowed
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.operations.households import move_household
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import paths_to
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, DeedState, Inspection, InspectionScore, ScoringRules, Source
from xiangyue.scoring.operations import inspecting
from xiangyue.scoring.operations.inspecting import (
    close_inspection,
    open_inspection,
    score_household,
    score_households,
    withdraw_score,
)
from xiangyue.scoring.refusals import (
    DayInFuture,
    IndicatorNotInForce,
    NameTooLong,
    NotAJudgingUnit,
    OwnHousehold,
)
from xiangyue.scoring.rounds import NewScore, shares_of
from xiangyue.scoring.source_refusals import (
    DeductionsElsewhere,
    HouseholdOutside,
    InspectionClosed,
    NotForInspection,
    NothingScored,
    NotScored,
    ScoredTwice,
    TooFewJudges,
    TooManyJudges,
    UnknownInspection,
)

DAY = date(2026, 10, 20)
RULES = (
    {"编号": "1", "指标": "庭院检查", "分值": "1-10"},
    {"编号": "2", "指标": "美丽庭院", "分值": "1-10"},
    {"编号": "3", "指标": "修路", "分值": "每小时2"},
    {"编号": "4", "指标": "获奖", "分值": "村级5/镇级10"},
    {"编号": "5", "指标": "有加有扣", "分值": "加3/扣2", "方向": "加扣", **LAWFUL},
    {"编号": "6", "指标": "乱堆乱放", "分值": "扣1-5", **LAWFUL},
)  # fmt: skip
ONE, OTHER, THIRD = COMMITTEE[0], COMMITTEE[1], COMMITTEE[2]
GRID_LEADER = "桑叶青"


@pytest.fixture
def rules(cast: Cast) -> Cast:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    median = indicator(cast.village, "2", DAY)
    median.rule = {**median.rule, "median_of": 3}
    median.save(update_fields=["rule"])
    return cast


def opened(
    cast: Cast,
    number: str = "1",
    *,
    by: Actor | None = None,
    unit: Unit | None = None,
    key: str = "k",
    **facts: Any,
) -> Inspection:
    given = {"day": DAY, "name": "十月庭院检查", **facts}
    return open_inspection(
        actor=by or cast.clerk,
        unit_id=(unit or cast.village).pk,
        indicator_id=indicator(cast.village, number, DAY).pk,
        key=key,
        **given,
    )


def grid_of(cast: Cast, number: str) -> Unit:
    return Unit.objects.get(path__in=paths_to(cast.household(number).unit), level=Level.GRID)


def scored(
    cast: Cast, round_: Inspection, login: str, number: str, points: int, note: str = ""
) -> InspectionScore:
    return score_household(
        actor=somebody(cast.village, login),
        inspection_id=round_.pk,
        household_id=cast.household(number).pk,
        points=points,
        note=note,
    )


# Opening


@pytest.mark.parametrize(
    ("login", "refused"),
    [("茶山青", None), ("柳成荫", None), (GRID_LEADER, NotAllowed), (ONE, NotAllowed), ("card 018", NotAllowed),
     ("竹有节", NotAllowed), ("system", NotAllowed)],
)  # fmt: skip
def test_who_opens_a_round_through_the_village(
    rules: Cast, login: str, refused: type[Refusal] | None
) -> None:
    by = somebody(rules.village, login)
    if refused:
        with pytest.raises(refused):
            opened(rules, by=by)
        assert not Inspection.objects.exists()
        return
    made = opened(rules, by=by)
    assert (made.opened_by_id, made.unit, made.closed_at) == (by.id, rules.village, None)
    assert LoggedAct.objects.get(subject="inspection", act="open").subject_id == made.pk


def test_a_grid_s_leader_opens_one_through_the_grid(rules: Cast) -> None:
    made = opened(rules, by=rules.grid_leader, unit=grid_of(rules, "018"))
    assert made.unit.level == Level.GRID


def test_the_same_key_opens_one_round(rules: Cast) -> None:
    assert opened(rules).pk == opened(rules).pk
    assert LoggedAct.objects.filter(subject="inspection").count() == 1


@pytest.mark.parametrize(
    ("number", "facts", "refused"),
    [
        ("3", {}, NotForInspection),
        ("4", {}, NotForInspection),
        ("5", {}, NotForInspection),
        ("1", {"day": clock.today() + timedelta(3650)}, DayInFuture),
        ("1", {"name": "查" * 61}, NameTooLong),
        ("1", {"day": date(2026, 1, 20)}, IndicatorNotInForce),
    ],
)
def test_what_no_round_can_be_opened_for(
    rules: Cast, number: str, facts: dict[str, Any], refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        opened(rules, number, **facts)


def test_a_round_stays_in_one_judging_unit(rules: Cast) -> None:
    ScoringRules.objects.update(judging_level=Level.GRID)
    with pytest.raises(NotAJudgingUnit):
        opened(rules)
    assert opened(rules, unit=grid_of(rules, "018"), by=rules.grid_leader)


def test_a_round_of_deductions_is_opened_by_those_who_deduct(rules: Cast) -> None:
    assert opened(rules, "6", key="before")
    ScoringRules.objects.update(deductions_through="grid_leader")
    with pytest.raises(DeductionsElsewhere):
        opened(rules, "6")


# Scoring


@pytest.mark.parametrize(
    ("login", "number", "refused"),
    [
        (ONE, "018", None),
        (GRID_LEADER, "018", None),
        (GRID_LEADER, "001", NotAllowed),
        (GRID_LEADER, "013", OwnHousehold),
        (ONE, "030", OwnHousehold),
        ("柳成荫", "052", OwnHousehold),
        ("竹有节", "018", NotAllowed),
        ("明镜台", "018", NotAllowed),
        ("card 004", "018", NotAllowed),
        ("过路人", "018", NotAllowed),
    ],
)
def test_who_scores_whom(rules: Cast, login: str, number: str, refused: type[Refusal] | None) -> None:
    """Who judges, or brings deeds there; supervisors never score, and nobody their own household."""
    round_ = opened(rules)
    if refused:
        with pytest.raises(refused):
            scored(rules, round_, login, number, 500)
        assert not InspectionScore.objects.exists()
        return
    kept = scored(rules, round_, login, number, 500, " 干净 ")
    assert (kept.points, kept.note, kept.household.number) == (500, "干净", number)
    logged = LoggedAct.objects.get(subject="inspection-score")
    assert (logged.act, logged.from_state, logged.to_state) == ("score", "", "5")


@pytest.mark.parametrize(
    ("points", "fits"), [(99, False), (100, True), (1000, True), (1001, False), (-1, False)]
)
def test_a_score_keeps_within_the_indicator(rules: Cast, points: int, fits: bool) -> None:
    for number in ("1", "2"):
        round_ = opened(rules, number, key=number)
        if fits:
            assert scored(rules, round_, ONE, "018", points)
            continue
        with pytest.raises(PointsNotAllowed):
            scored(rules, round_, ONE, "018", points)


def test_a_judge_s_later_score_replaces_the_earlier_one(rules: Cast) -> None:
    round_ = opened(rules)
    first = scored(rules, round_, ONE, "018", 500)
    again = scored(rules, round_, ONE, "018", 800)
    assert (again.pk, InspectionScore.objects.get().points) == (first.pk, 800)
    logged = LoggedAct.objects.filter(subject="inspection-score").order_by("id")
    told = [(one.act, one.from_state, one.to_state) for one in logged]
    assert told == [("score", "", "5"), ("score-again", "5", "8")]


def test_a_judge_takes_a_score_back(rules: Cast) -> None:
    round_, home = opened(rules), rules.household("018")
    scored(rules, round_, ONE, "018", 500)
    with pytest.raises(NotScored):
        withdraw_score(actor=actor(OTHER), inspection_id=round_.pk, household_id=home.pk)
    withdraw_score(actor=actor(ONE), inspection_id=round_.pk, household_id=home.pk)
    assert not InspectionScore.objects.exists()
    assert LoggedAct.objects.get(act="withdraw").from_state == "5"


def test_only_households_of_the_round_are_scored(rules: Cast) -> None:
    round_ = opened(rules, unit=grid_of(rules, "018"), by=rules.grid_leader)
    with pytest.raises(HouseholdOutside):
        scored(rules, round_, ONE, "001", 500)
    assert scored(rules, round_, ONE, "004", 500)


def test_others_scores_are_entered_by_who_brings_deeds_all_or_none(rules: Cast) -> None:
    round_, homes = opened(rules), [rules.household(number) for number in ("018", "004")]
    judges = [rules.user(login).pk for login in (ONE, OTHER)]
    scores = [NewScore(judge, home, 700) for judge in judges for home in homes]
    for by in (actor(ONE), rules.villager):
        with pytest.raises(NotAllowed):
            score_households(actor=by, inspection_id=round_.pk, scores=scores)
    with pytest.raises(ScoredTwice):
        score_households(actor=rules.clerk, inspection_id=round_.pk, scores=[*scores, scores[0]])
    stranger = NewScore(rules.supervisor.id, homes[0], 700)
    with pytest.raises(NotAllowed):
        score_households(actor=rules.clerk, inspection_id=round_.pk, scores=[*scores, stranger])
    assert not InspectionScore.objects.exists()
    assert len(score_households(actor=rules.clerk, inspection_id=round_.pk, scores=scores)) == 4
    assert InspectionScore.objects.filter(judge__in=judges).count() == 4


def test_scoring_many_costs_what_scoring_few_costs(rules: Cast, django_assert_num_queries: Any) -> None:
    round_, judge = opened(rules), rules.user(ONE).pk
    homes = list(
        Household.objects.filter(village=rules.village).select_related("unit").order_by("number")[:25]
    )

    def enter(some: list[Household]) -> None:
        scores = [NewScore(judge, home, 700) for home in some]
        score_households(actor=rules.clerk, inspection_id=round_.pk, scores=scores)

    with CaptureQueriesContext(connection) as counted:
        enter(homes[:2])
    with django_assert_num_queries(len(counted)):
        enter(homes[2:])


# Closing


def test_the_end_of_a_round_brings_one_deed(rules: Cast) -> None:
    round_ = opened(rules)
    for number, points in (("018", 800), ("004", 100), ("001", 500)):
        scored(rules, round_, ONE, number, points, "院子干净" if points > 100 else "")
    deed = close_inspection(actor=rules.secretary, inspection_id=round_.pk)
    assert (deed.source, deed.day, deed.description, deed.unit) == (
        Source.INSPECTION, DAY, "十月庭院检查", rules.village,
    )  # fmt: skip
    rows = deed.shares.order_by("household__number")
    assert list(rows.values_list("household__number", "proposed", "scores", "reason")) == [
        ("001", 500, [], "院子干净"),
        ("004", 100, [], ""),
        ("018", 800, [], "院子干净"),
    ]
    assert deed.state == DeedState.VERIFIED  # the secretary's own record
    assert close_inspection(actor=rules.clerk, inspection_id=round_.pk) == deed
    assert Deed.objects.count() == 1
    with pytest.raises(InspectionClosed):
        scored(rules, round_, ONE, "018", 900)
    with pytest.raises(InspectionClosed):
        withdraw_score(actor=actor(ONE), inspection_id=round_.pk, household_id=rules.household("018").pk)


def test_the_median_of_three_judges_counts(rules: Cast) -> None:
    round_ = opened(rules, "2")
    for login, points in zip((ONE, OTHER, GRID_LEADER), (200, 900, 600), strict=True):
        scored(rules, round_, login, "018", points)
    deed = close_inspection(actor=rules.secretary, inspection_id=round_.pk)
    share = deed.shares.get()
    assert (sorted(share.scores), share.proposed) == ([200, 600, 900], None)
    (decided,) = approve(a_meeting(rules.village), [share], by=THIRD)
    assert decided.points == 600


def test_households_that_too_few_scored_keep_a_round_open(rules: Cast) -> None:
    round_ = opened(rules, "2")
    for login in (ONE, OTHER, GRID_LEADER):
        scored(rules, round_, login, "018", 500)
    scored(rules, round_, ONE, "004", 500)
    with pytest.raises(TooFewJudges) as caught:
        close_inspection(actor=rules.clerk, inspection_id=round_.pk)
    assert caught.value.facts == {"title": "美丽庭院", "wanted": 3, "numbers": "004"}
    deed = close_inspection(actor=rules.clerk, inspection_id=round_.pk, leave_out=True)
    assert [share.household.number for share in deed.shares.all()] == ["018"]


def test_several_figures_where_one_counts_are_no_mean(rules: Cast) -> None:
    round_ = opened(rules)
    for login in (ONE, OTHER):
        scored(rules, round_, login, "018", 500)
    for leave_out in (False, True):
        with pytest.raises(TooManyJudges) as caught:
            close_inspection(actor=rules.clerk, inspection_id=round_.pk, leave_out=leave_out)
    assert caught.value.facts["numbers"] == "018"
    withdraw_score(actor=actor(OTHER), inspection_id=round_.pk, household_id=rules.household("018").pk)
    assert close_inspection(actor=rules.clerk, inspection_id=round_.pk)


def test_a_round_without_scores_does_not_end(rules: Cast) -> None:
    round_ = opened(rules)
    with pytest.raises(NothingScored):
        close_inspection(actor=rules.clerk, inspection_id=round_.pk)
    with pytest.raises(UnknownInspection):
        close_inspection(actor=rules.clerk, inspection_id=0)
    assert Inspection.objects.get().closed_at is None


def test_only_who_may_bring_ends_a_round(rules: Cast) -> None:
    round_ = opened(rules)
    scored(rules, round_, ONE, "018", 500)
    for by in (actor(ONE), rules.villager, rules.supervisor, rules.grid_leader):
        scored(rules, round_, ONE, "001", 500)
        with pytest.raises(NotAllowed):
            close_inspection(actor=by, inspection_id=round_.pk)
    assert not Deed.objects.exists()


def test_who_has_moved_away_meanwhile_is_left_out(rules: Cast) -> None:
    round_, elsewhere = opened(rules), Unit.objects.get(code="440783104220")
    for number in ("018", "004"):
        scored(rules, round_, ONE, number, 500)
    with clock.as_of(date(2026, 12, 1)):
        move_household(actor=SYSTEM, household_id=rules.household("018").pk, unit_id=elsewhere.pk)
        deed = close_inspection(actor=rules.clerk, inspection_id=round_.pk)
    assert [share.household.number for share in deed.shares.all()] == ["004"]


# At once


def race_round(racers: Cast, key: str) -> Inspection:
    """A round in the county of the races, under an indicator of its catalogue for which judges give a figure."""
    made = open_inspection(
        actor=racers.clerk,
        unit_id=racers.village.pk,
        indicator_id=indicator(racers.village, "垃圾分类", clock.today()).pk,
        day=clock.today(),
        name=key,
        key=key,
    )
    scored(racers, made, ONE, "018", 300)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_a_score_that_comes_while_a_round_ends_is_refused(
    racers: Cast, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Without the round's row locked, a score is taken that no deed has."""
    round_, pause = race_round(racers, f"race-score-{locked}"), Pause()
    monkeypatch.setattr(inspecting, "shares_of", after(shares_of, pause))
    if not locked:
        monkeypatch.setattr(inspecting, "_locked", unlocked)
    closed, late = meet(
        lambda: close_inspection(actor=racers.clerk, inspection_id=round_.pk),
        lambda: scored(racers, round_, ONE, "004", 300),
        pause,
    )
    assert isinstance(closed, Deed)
    assert isinstance(late, InspectionClosed if locked else InspectionScore)


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_a_round_that_two_end_at_once_ends_once(
    racers: Cast, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Without the lock the second closes it too: one deed all the same, by its key, and two lines in the log."""
    round_, pause = race_round(racers, f"race-close-{locked}"), Pause()
    monkeypatch.setattr(inspecting, "shares_of", after(shares_of, pause))
    if not locked:
        monkeypatch.setattr(inspecting, "_locked", unlocked)
    both = meet(
        lambda: close_inspection(actor=racers.clerk, inspection_id=round_.pk),
        lambda: close_inspection(actor=racers.secretary, inspection_id=round_.pk),
        pause,
    )
    assert len({deed.pk for deed in both}) == 1
    ends = LoggedAct.objects.filter(subject="inspection", act="close", subject_id=round_.pk)
    assert ends.count() == (1 if locked else 2)


def unlocked(inspection_id: int, *, closed: bool = False) -> Inspection:
    """Give a round as `_locked` does, but for the lock."""
    found = Inspection.objects.select_related(
        "unit", "indicator__category", "indicator__catalogue__unit"
    ).get(id=inspection_id)
    if found.closed_at and not closed:
        raise InspectionClosed
    return found


def test_a_note_is_a_line(rules: Cast) -> None:
    round_ = opened(rules)
    with pytest.raises(NameTooLong) as caught:
        scored(rules, round_, ONE, "018", 500, note="净" * 201)
    assert caught.value.facts["most"] == 200
    assert scored(rules, round_, ONE, "018", 500, note="净" * 200).note == "净" * 200
