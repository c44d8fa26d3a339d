"""Two at once on one catalogue or in one unit: what the locks keep in order, and what happens without them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.catalogue.cast import drafted
from tests.scoring.races import Pause, after, meet
from xiangyue.catalogue.models import Catalogue, State, Vote
from xiangyue.catalogue.operations import deliberating, enacting, reviewing
from xiangyue.catalogue.operations.deliberating import Count, answer, deliberate, record_vote, say
from xiangyue.catalogue.operations.enacting import clear_question, enact
from xiangyue.catalogue.operations.reviewing import record_review
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import log_act
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.operations import create_user

pytestmark = pytest.mark.slow
OPEN, CLOSE, VOTED = date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 11)
COUNT = Count(VOTED, eligible=62, present=41, votes_for=38, votes_against=3)
MINUTES = ("会议记录.txt", "逐条念过，举手表决。".encode())


@pytest.fixture
def unit(committed: Jurisdiction) -> Unit:
    """A village of a county with real commits."""
    return Unit.objects.get(code="440783104220")


@pytest.fixture
def secretary(unit: Unit) -> Actor:
    """Who may say something of a draft there."""
    user = create_user(login="支书", name="柳成荫")
    appoint(
        actor=SYSTEM,
        user_id=user.pk,
        office=Office.VILLAGE_SECRETARY,
        unit_id=unit.pk,
        since=date(2026, 1, 1),
    )
    return Actor.user(user.pk)


def unlocked_row(catalogue_id: int) -> Catalogue:
    return Catalogue.objects.select_related("unit").get(pk=catalogue_id)


def unlocked(actor: Actor, catalogue_id: int) -> tuple[Actor, Catalogue]:
    return actor, unlocked_row(catalogue_id)


def without_unit_s(actor: Actor, catalogue_id: int) -> tuple[Actor, Catalogue]:
    return actor, deliberating.locked_row(catalogue_id)


def names(outcomes: tuple[Any, Any]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


def at(day: date, work: Callable[[], Any]) -> Callable[[], Any]:
    def then() -> Any:
        with clock.as_of(day):
            return work()

    return then


def two_enacted(unit: Unit, on: date, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    first, second = (drafted(SYSTEM, unit).pk for _ in range(2))
    pause = Pause()
    with monkeypatch.context() as patch:
        patch.setattr(enacting, "_supersede", after(enacting._supersede, pause))
        return names(
            meet(
                lambda: enact(actor=SYSTEM, catalogue_id=first, on=on),
                lambda: enact(actor=SYSTEM, catalogue_id=second, on=on),
                pause,
            )
        )


def test_a_unit_s_lock_keeps_two_of_its_drafts_in_order(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert two_enacted(unit, date(2027, 1, 1), monkeypatch) == ["Catalogue", "NotAfterPresent"]
    monkeypatch.setattr(enacting, "locked_catalogue", without_unit_s)  # taken away
    assert two_enacted(unit, date(2027, 2, 1), monkeypatch) == ["Catalogue", "IntegrityError"]


def said_while_voting(unit: Unit, by: Actor, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], str, int]:
    draft = drafted(SYSTEM, unit)
    with clock.as_of(OPEN):
        deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=CLOSE)
    pause = Pause()
    with monkeypatch.context() as patch:
        patch.setattr(deliberating, "_text", after(deliberating._text, pause))
        outcomes = meet(
            at(CLOSE, lambda: say(actor=by, catalogue_id=draft.pk, text="五分太少", key="k")),
            at(VOTED, lambda: record_vote(actor=SYSTEM, catalogue_id=draft.pk, count=COUNT, minutes=MINUTES)),
            pause,
        )
    draft.refresh_from_db()
    return names(outcomes), draft.state, draft.feedback.filter(answered_at=None).count()


def test_a_catalogue_s_lock_lets_the_vote_wait_for_who_is_just_speaking(
    unit: Unit, secretary: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = said_while_voting(unit, secretary, monkeypatch)
    assert found == (["Feedback", "FeedbackOpen"], State.DELIBERATED, 1)
    monkeypatch.setattr(deliberating, "locked_row", unlocked_row)  # taken away
    assert said_while_voting(unit, secretary, monkeypatch) == (["Feedback", "Vote"], State.ADOPTED, 1)


def answered_twice(unit: Unit, by: Actor, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    draft = drafted(SYSTEM, unit)
    with clock.as_of(OPEN):
        deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=CLOSE)
        said = say(actor=by, catalogue_id=draft.pk, text="五分太少", key="k")
    pause = Pause()
    with monkeypatch.context() as patch:
        patch.setattr(deliberating, "_text", after(deliberating._text, pause))
        outcomes = meet(
            lambda: answer(actor=SYSTEM, feedback_id=said.pk, text="改成八分"),
            lambda: answer(actor=SYSTEM, feedback_id=said.pk, text="不改"),
            pause,
        )
    return names(outcomes), LoggedAct.objects.filter(act="answer", subject_id=said.pk).count()


def test_the_locks_let_the_second_answer_find_the_first(
    unit: Unit, secretary: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered_twice(unit, secretary, monkeypatch) == (["Feedback", "AlreadyAnswered"], 1)
    monkeypatch.setattr(deliberating, "locked_catalogue", unlocked)  # taken away: one of them is lost
    assert answered_twice(unit, secretary, monkeypatch) == (["Feedback", "Feedback"], 2)


def voted_twice(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    draft = drafted(SYSTEM, unit)
    pause = Pause()

    def vote() -> Vote:
        return record_vote(actor=SYSTEM, catalogue_id=draft.pk, count=COUNT, minutes=MINUTES)

    with monkeypatch.context() as patch:
        patch.setattr(deliberating, "_check_count", after(deliberating._check_count, pause))
        outcomes = meet(at(VOTED, vote), at(VOTED, vote), pause)
    return names(outcomes), draft.votes.count()


def test_the_locks_let_the_second_vote_find_the_first(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert voted_twice(unit, monkeypatch) == (["Vote", "NotADraft"], 1)
    monkeypatch.setattr(deliberating, "locked_catalogue", unlocked)  # taken away
    assert voted_twice(unit, monkeypatch) == (["Vote", "Vote"], 2)


def reviewed_twice(unit: Unit, on: date, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    catalogue = drafted(SYSTEM, unit)
    enact(actor=SYSTEM, catalogue_id=catalogue.pk, on=on)
    pause = Pause()

    def review() -> Any:
        facts: dict[str, Any] = {"day": OPEN, "held_on": OPEN, "findings": "都用上了"}
        return record_review(actor=SYSTEM, catalogue_id=catalogue.pk, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(reviewing, "log_act", after(log_act, pause))
        return names(meet(at(OPEN, review), at(OPEN, review), pause))


def test_the_locks_let_the_second_review_be_refused_in_words(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reviewed_twice(unit, date(2027, 3, 1), monkeypatch) == ["Review", "AlreadyReviewed"]
    monkeypatch.setattr(reviewing, "locked_catalogue", unlocked)  # taken away
    assert reviewed_twice(unit, date(2027, 4, 1), monkeypatch) == ["Review", "IntegrityError"]


def cleared_twice(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    draft = drafted(SYSTEM, unit, {"编号": "3", "指标": "首次登录小程序", "分值": "5"})
    pause = Pause()

    def clear() -> Any:
        facts: dict[str, Any] = {"number": "3", "code": "installs", "reason": "不登录也能挣分"}
        return clear_question(actor=SYSTEM, catalogue_id=draft.pk, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(enacting, "log_act", after(log_act, pause))
        return names(meet(clear, clear, pause))


def test_a_catalogue_s_lock_lets_the_second_clearance_be_refused_in_words(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cleared_twice(unit, monkeypatch) == ["Clearance", "AlreadyCleared"]
    monkeypatch.setattr(enacting, "locked_row", unlocked_row)  # taken away
    assert cleared_twice(unit, monkeypatch) == ["Clearance", "IntegrityError"]
