"""Objections to the whole notice, which hold it once they are admitted."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    OCTOBER,
    PERIOD,
    a_deed,
    a_meeting,
    approve,
    noticed,
    october,
    settled,
    somebody,
    standing,
    verified,
)
from tests.scoring.objecting import (
    DISMISSED,
    OFFICIAL,
    admit,
    dismiss,
    lodge,
    uphold,
)
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Batch
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import (
    Notice,
    NoticeLine,
)
from xiangyue.scoring.objection_refusals import (
    IssuedByActor,
    LinePosted,
    NotAdmittedYet,
    NothingToHold,
    NotToAll,
    PassedOn,
)
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import (
    Target,
    admit_objection,
    lines_touched_by,
)
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.queries import current_lines, held_back, line_of, notice_of, total_of
from xiangyue.scoring.refusals import (
    AlreadyAnswered,
    BroughtByActor,
    CorrectionMissing,
    CorrectionOutside,
    OwnHousehold,
    UnknownObjection,
)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return october(cast.village)


def test_who_hung_the_notice_out_writes_down_nobody_s_objection_to_the_whole_of_it(cast: Cast) -> None:
    approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    notice = issue_notice(actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD)
    with pytest.raises(IssuedByActor):
        lodge(cast, notice, by=cast.secretary)
    assert lodge(cast, notice, by=cast.supervisor, key="a")
    assert lodge(cast, line_of(notice, 1), by=cast.secretary, key="b")


def test_a_whole_notice_goes_to_the_supervision_group_from_the_start(cast: Cast, notice: Notice) -> None:
    """It is the village's own work that is objected to."""
    to_line, to_all = lodge(cast, line_of(notice, 5)), lodge(cast, notice)
    assert [each.instance for each in (to_line, to_all)] == ["village", "supervision"]
    assert {each.answer_by for each in (to_line, to_all)} == {date(2026, 11, 9)}  # five working days
    with pytest.raises(PassedOn):
        dismiss(to_all, by="柳成荫")


ADMITTING: list[tuple[str, type[Refusal] | None]] = [
    ("竹有节", None),
    ("system", None),
    ("云帆远", NotAllowed),
    ("柳成荫", NotAllowed),
    ("admin", NotAllowed),
    ("过路人", NotAllowed),
    ("card 004", NotAllowed),
]


@pytest.mark.parametrize(("who", "refused"), ADMITTING)
def test_the_supervision_group_admits(
    cast: Cast, notice: Notice, who: str, refused: type[Refusal] | None
) -> None:
    objection, by = lodge(cast, notice), somebody(cast.village, who)
    if refused:
        with pytest.raises(refused):
            admit_objection(actor=by, objection_id=objection.pk)
        assert not held_back(current_lines(notice)).exists()
        return
    admitted = admit_objection(actor=by, objection_id=objection.pk)
    assert admitted.admitted_at
    assert admitted.admitted_by_id == by.user_id
    again = admit_objection(actor=by, objection_id=objection.pk)
    assert again.admitted_at == admitted.admitted_at
    assert LoggedAct.objects.filter(act="admit", subject_id=objection.pk).count() == 1


def test_what_the_group_let_lie_the_town_admits(cast: Cast, notice: Notice) -> None:
    """The worker may have been down: whose turn it is goes by the day."""
    objection = lodge(cast, notice)
    with clock.as_of(objection.answer_by + timedelta(days=1)):
        with pytest.raises(NotAllowed):
            admit(objection)
        assert admit(objection, by=OFFICIAL).admitted_by == cast.user(OFFICIAL)


def test_only_an_open_objection_to_a_whole_notice_is_admitted(cast: Cast, notice: Notice) -> None:
    with pytest.raises(UnknownObjection):
        admit_objection(actor=cast.supervisor, objection_id=0)
    with pytest.raises(NotToAll):
        admit(lodge(cast, line_of(notice, 5)))
    objection = lodge(cast, notice)
    dismiss(objection)
    with pytest.raises(AlreadyAnswered):
        admit(objection)


def test_nobody_admits_what_their_household_wants_or_what_they_wrote_down(cast: Cast, notice: Notice) -> None:
    own, wrote = lodge(cast, notice, of="023"), lodge(cast, notice, by=cast.supervisor)
    with pytest.raises(OwnHousehold):
        admit(own)
    with pytest.raises(BroughtByActor):
        admit(wrote)


def test_until_it_is_admitted_it_holds_nothing_and_then_everything(cast: Cast, notice: Notice) -> None:
    lodge(cast, notice)
    assert not held_back(current_lines(notice)).exists()
    admitted = lodge(cast, notice, of="004")
    admit(admitted)
    assert held_back(current_lines(notice)).count() == len(OCTOBER)
    assert settled(cast.village).held == len(OCTOBER)
    assert not Batch.objects.exists()
    dismiss(admitted, by=OFFICIAL)
    assert settled(cast.village).lines == len(OCTOBER)
    assert list(audit()) == []


def test_what_was_settled_before_is_not_held_and_not_corrected_on_the_notice(
    cast: Cast, notice: Notice
) -> None:
    """Lodged on the last day, admitted after the settlement, while one line is still held by somebody else."""
    to_line = lodge(cast, line_of(notice, 5), of="004")
    objection, other = lodge(cast, notice), lodge(cast, notice, of="013")
    settled(cast.village)
    admit(objection)
    with pytest.raises(LinePosted):
        uphold(objection, {2: 0})
    edition = uphold(objection, {5: 0})
    assert line_of(edition, 5).points == 0
    dismiss(to_line)
    assert settled(cast.village, on=date(2026, 11, 30)).lines == 1
    with pytest.raises(NothingToHold):
        admit(other)
    assert dismiss(other).state == DISMISSED
    assert list(audit()) == []


def test_a_whole_notice_is_corrected_wherever_it_was_wrong(cast: Cast, notice: Notice) -> None:
    objection = lodge(cast, notice)
    with pytest.raises(NotAdmittedYet):
        uphold(objection, {1: 0})
    admit(objection)
    with pytest.raises(CorrectionOutside):
        uphold(objection, {8: 0})
    with pytest.raises(CorrectionMissing):
        uphold(objection, {})
    with clock.as_of(date(2026, 11, 4)):
        edition = uphold(objection, {1: 0, 5: 1000})
    corrected = {1: 0, 5: 1000}
    assert standing(edition) == [(n, of, corrected.get(n, points)) for n, of, points in OCTOBER]
    assert settled(cast.village).lines == 5  # nothing else is held any more
    assert settled(cast.village, on=date(2026, 11, 20)).lines == 2
    assert list(audit()) == []


def test_what_one_corrects_of_a_whole_notice_is_not_one_s_own(cast: Cast) -> None:
    """Everyone in the village is on it; the supervisor leaves their own line to the town."""
    notice = noticed(cast.village, a_deed(cast.village, "018"), a_deed(cast.village, "023"))
    objection = lodge(cast, notice)
    admit(objection)
    number = {line.household.number: line.number for line in current_lines(notice)}
    with pytest.raises(OwnHousehold):
        uphold(objection, {number["023"]: 0})
    uphold(objection, {number["018"]: 0})


@pytest.mark.parametrize("kind", ["line", "total", "whole"])
@pytest.mark.parametrize("of", ["regular", "special"])
def test_an_objection_holds_its_own_notice_and_no_other_of_the_month(cast: Cast, kind: str, of: str) -> None:
    """The same numbers and the same household, on the month's notice and on a special one."""
    shares = approve(a_meeting(cast.village), verified(*(a_deed(cast.village, "018") for _time in range(3))))
    facts: dict[str, Any] = {"actor": SYSTEM, "unit_id": cast.village.pk, "period": PERIOD}
    special = issue_special(**facts, share_ids=[shares[0].pk], reason="抢险")
    regular = issue_notice(**facts)
    notice = regular if of == "regular" else special
    targets: dict[str, Target] = {
        "line": line_of(notice, 1),
        "total": total_of(notice, "018"),
        "whole": notice,
    }
    objection = lodge(cast, targets[kind])
    if kind == "whole":
        admit(objection)
    held = held_back(NoticeLine.objects.all())
    assert {line.sheet.notice for line in held} == {notice}
    assert len(held) == (2 if of == "regular" and kind != "line" else 1)
    numbers = {line.number for line in lines_touched_by(objection)}
    assert numbers == {line.number for line in held}
    uphold(objection, {1: 0})
    assert [notice_of(cast.village, PERIOD, special=n).edition for n in (0, 1)] == [
        2 if of == "regular" else 1,
        2 if of == "special" else 1,
    ]
    assert list(audit()) == []
