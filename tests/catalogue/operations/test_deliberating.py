"""What villagers say of a draft, the answers, and the vote."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.catalogue.cast import drafted
from xiangyue.catalogue.models import Catalogue, Feedback, State, Vote
from xiangyue.catalogue.operations.deliberating import Count, answer, deliberate, record_vote, say
from xiangyue.catalogue.queries import feedback_of
from xiangyue.catalogue.refusals import (
    AlreadyAnswered,
    DeliberationOver,
    EmptyCatalogue,
    FeedbackOpen,
    NotADraft,
    NotDeliberated,
    TextMissing,
    TooEarlyToVote,
    UnknownFeedback,
    UnknownIndicator,
    VotesDoNotAddUp,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.refusals import NotAllowed
from xiangyue.records.models import LoggedAct

OPEN, CLOSE, VOTED = date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 11)
COUNT = Count(VOTED, eligible=62, present=41, votes_for=38, votes_against=1, abstained=2)
MINUTES = ("会议记录.txt", "逐条念过，举手表决。".encode())


@pytest.fixture
def draft(cast: Cast) -> Catalogue:
    return drafted(SYSTEM, cast.village, {"编号": "1", "指标": "扫雪", "分值": "5"})


@pytest.fixture
def asked(cast: Cast, draft: Catalogue) -> Catalogue:
    """A draft about which the village is being asked."""
    with clock.as_of(OPEN):
        return deliberate(actor=cast.administrator, catalogue_id=draft.pk, until=CLOSE)


def said(by: Actor, draft: Catalogue, text: str = "五分太少", key: str = "k", number: str = "") -> Feedback:
    with clock.as_of(CLOSE):
        return say(actor=by, catalogue_id=draft.pk, text=text, number=number, key=key)


def test_the_village_is_asked_until_a_day(asked: Catalogue) -> None:
    asked.refresh_from_db()
    assert (asked.state, asked.feedback_until) == (State.DELIBERATED, CLOSE)
    logged = LoggedAct.objects.filter(subject="catalogue", act="deliberate_catalogue")
    assert list(logged.values_list("from_state", "to_state")) == [("draft", "deliberated")]


def test_the_term_may_be_prolonged_but_not_lie_in_the_past(cast: Cast, asked: Catalogue) -> None:
    with clock.as_of(VOTED):
        with pytest.raises(DeliberationOver):
            deliberate(actor=cast.administrator, catalogue_id=asked.pk, until=CLOSE)
        later = deliberate(actor=cast.administrator, catalogue_id=asked.pk, until=VOTED)
    assert later.feedback_until == VOTED


def test_a_household_says_what_it_thinks_once(cast: Cast, asked: Catalogue) -> None:
    first = said(cast.villager, asked, number="1")
    assert said(cast.villager, asked, "再说一遍").pk == first.pk
    assert (first.household, first.number, first.text) == (cast.household("018"), "1", "五分太少")
    assert [each.pk for each in feedback_of(asked, actor=cast.administrator)] == [first.pk]
    with pytest.raises(NotAllowed):
        feedback_of(asked, actor=cast.villager)


def test_another_s_key_is_another_s(cast: Cast, asked: Catalogue) -> None:
    mine = said(cast.villager, asked)
    theirs = said(cast.neighbour, asked, "太多了")
    assert (mine.text, theirs.text) == ("五分太少", "太多了")
    other = drafted(SYSTEM, cast.village, {"编号": "1", "指标": "扫雪", "分值": "6"})
    with clock.as_of(OPEN):
        deliberate(actor=SYSTEM, catalogue_id=other.pk, until=CLOSE)
    assert said(cast.villager, other).catalogue == other


def test_who_is_of_no_household_there_says_nothing(cast: Cast, asked: Catalogue) -> None:
    for stranger in (cast.outsider, Actor.card(987_654)):
        with pytest.raises(NotAllowed):
            said(stranger, asked)
    assert not Feedback.objects.filter(said_by_id=cast.outsider.id).exists()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"text": "  "}, TextMissing),
        ({"text": "长" * 2001}, TextMissing),
        ({"number": "7"}, UnknownIndicator),
    ],
)
def test_what_can_t_be_taken_down(
    cast: Cast, asked: Catalogue, facts: dict[str, str], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        said(cast.villager, asked, **facts)
    assert not Feedback.objects.exists()


def test_only_while_it_is_asked(cast: Cast, draft: Catalogue) -> None:
    with pytest.raises(NotDeliberated):
        said(cast.villager, draft)
    with clock.as_of(OPEN):
        deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=CLOSE)
    with clock.as_of(VOTED), pytest.raises(DeliberationOver):
        say(actor=cast.villager, catalogue_id=draft.pk, text="晚了", key="k")


def test_an_answer_is_given_once(cast: Cast, asked: Catalogue) -> None:
    one = said(cast.villager, asked)
    with pytest.raises(NotAllowed):
        answer(actor=cast.neighbour, feedback_id=one.pk, text="不少了")
    answered = answer(actor=cast.administrator, feedback_id=one.pk, text="改成八分")
    assert (answered.answer, answered.answered_by_id) == ("改成八分", cast.administrator.id)
    with pytest.raises(AlreadyAnswered):
        answer(actor=cast.administrator, feedback_id=one.pk, text="又改了")
    with pytest.raises(UnknownFeedback):
        answer(actor=cast.administrator, feedback_id=987_654, text="没有")


def vote(draft: Catalogue, count: Count = COUNT, on: date = VOTED) -> Vote:
    with clock.as_of(on):
        return record_vote(actor=SYSTEM, catalogue_id=draft.pk, count=count, minutes=MINUTES)


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "carried"),
    [(38, 1, True), (21, 18, True), (20, 20, False), (1, 40, False)],
)
def test_more_than_half_of_those_there_adopt_it(
    draft: Catalogue, votes_for: int, votes_against: int, carried: bool
) -> None:
    abstained = 41 - votes_for - votes_against
    held = vote(draft, replace(COUNT, votes_for=votes_for, votes_against=votes_against, abstained=abstained))
    draft.refresh_from_db()
    assert (held.carried, draft.state) == (carried, State.ADOPTED if carried else State.DRAFT)
    assert (draft.minutes == held.minutes) is carried


@pytest.mark.parametrize(
    "wrong",
    [
        {"present": 40}, {"present": 63, "votes_for": 60}, {"votes_for": 39}, {"votes_against": -1, "votes_for": 40},
        {"present": 0, "votes_for": 0, "votes_against": 0, "abstained": 0},
    ],
)  # fmt: skip
def test_votes_add_up(draft: Catalogue, wrong: dict[str, Any]) -> None:
    with pytest.raises(VotesDoNotAddUp):
        vote(draft, replace(COUNT, **wrong))
    assert not Vote.objects.exists()


def test_a_vote_waits_for_the_end_and_for_every_answer(cast: Cast, asked: Catalogue) -> None:
    one = said(cast.villager, asked)
    for on in (CLOSE, VOTED + timedelta(days=1)):
        with pytest.raises(TooEarlyToVote):
            vote(asked, replace(COUNT, held_on=on))
    with pytest.raises(FeedbackOpen):
        vote(asked)
    answer(actor=cast.administrator, feedback_id=one.pk, text="改成八分")
    assert vote(asked).carried


def test_nobody_votes_twice_or_on_nothing(cast: Cast, draft: Catalogue) -> None:
    vote(draft)
    with pytest.raises(NotADraft):
        vote(draft)
    with pytest.raises(NotADraft), clock.as_of(OPEN):
        deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=CLOSE)
    empty = Catalogue.objects.create(unit=cast.village, name="空的")
    with pytest.raises(EmptyCatalogue):
        vote(empty)
