"""CONDUCT, as far as objections and remarks touch it: each guard, and what would happen without it.

The guard is taken away inside the test; then what must never happen does.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast
from tests.people.cast import small_village
from tests.scoring.cast import LABOUR, PERIOD, RUBBISH, a_deed, a_meeting, approve, bring, household, noticed
from tests.scoring.objecting import SUPERVISOR, admit, dismiss, lodge, uphold
from tests.scoring.operations.test_supervising import answered, remarked
from tests.web import Visitor
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Kin, Resident, Unit
from xiangyue.people.operations.relations import register_kin
from xiangyue.scoring import objection_queries
from xiangyue.scoring.models import DeedState, Notice, Objection, ObjectionWay, Source
from xiangyue.scoring.objection_queries import listed_objections
from xiangyue.scoring.objection_refusals import IssuedByActor, JudgedByActor, NotByCard, OwnRemark, PassedOn
from xiangyue.scoring.operations import objections, supervising
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.queries import line_of
from xiangyue.scoring.refusals import BroughtByActor, NotOfVillage, OwnHousehold
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui import board

Patch = Callable[[pytest.MonkeyPatch], None]


def never(*_args: Any, **_facts: Any) -> bool:
    return False


def nothing(*_args: Any, **_facts: Any) -> None:
    return None


def refused_unless(
    guarded: bool,
    monkeypatch: pytest.MonkeyPatch,
    take_away: Patch,
    refusal: type[Refusal],
    work: Callable[[], Any],
) -> None:
    """Insist that the work is refused, and done where its guard is taken away."""
    if guarded:
        with pytest.raises(refusal):
            work()
        return
    take_away(monkeypatch)
    assert work()


def gone(module: object, name: str, instead: Callable[..., Any]) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(module, name, instead)


guards = pytest.mark.parametrize("guarded", [True, False])


def recorded(cast: Cast, by: Actor, source: Source) -> Notice:
    (deed,) = bring(by, a_deed(cast.village, "018", of=LABOUR), source=source)
    if deed.state == DeedState.SUBMITTED:
        verify_deeds(actor=SYSTEM, deed_ids=[deed.pk])
    approve(a_meeting(cast.village), deed.shares.all())
    return issue_notice(actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD)


def near_to_the_supervisor(cast: Cast, number: str) -> None:
    mine = Resident.objects.get(user_id=cast.supervisor.id)
    theirs = household(cast.village, number).residents.all()[0]
    register_kin(actor=SYSTEM, resident_id=mine.pk, other_id=theirs.pk, kin=Kin.SIBLING)


# Nobody acts too far for another


@guards
def test_nobody_writes_down_an_objection_against_their_own_record(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    notice = recorded(cast, cast.grid_leader, Source.LEADER)
    monkeypatch.setattr(objections, "_judged_by", never)  # what one records oneself is born verified
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "brought_by", never),
        BroughtByActor,
        lambda: lodge(cast, line_of(notice, 1), by=cast.grid_leader),
    )


@guards
def test_nobody_writes_down_an_objection_against_what_they_vouched_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    (deed,) = bring(
        Actor.card(household(cast.village, "018").pk), a_deed(cast.village, "018"), source=Source.SELF
    )
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    approve(a_meeting(cast.village), deed.shares.all())
    notice = issue_notice(actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD)
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "_judged_by", never),
        JudgedByActor,
        lambda: lodge(cast, line_of(notice, 1), by=cast.grid_leader),
    )


@guards
def test_nobody_writes_down_an_objection_against_the_notice_that_they_hung_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    notice = recorded(cast, cast.clerk, Source.SHEET)
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "_has_issued", never),
        IssuedByActor,
        lambda: lodge(cast, notice, by=cast.secretary),
    )


@guards
def test_what_is_written_down_for_another_is_shown_as_such(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """It can't be passed off as the household's own, and the list names who wrote it."""
    notice = recorded(cast, cast.clerk, Source.SHEET)
    with pytest.raises(NotByCard):
        lodge(cast, line_of(notice, 1), by=cast.secretary, way=ObjectionWay.CARD)
    lodge(cast, line_of(notice, 1), by=cast.secretary)
    if not guarded:
        monkeypatch.setattr(objection_queries, "_writers", lambda _found: {})
    assert [one.by for one in listed_objections(notice, cast.supervisor)] == (["柳成荫"] if guarded else [""])


@guards
def test_nobody_from_elsewhere_objects(cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    notice = recorded(cast, cast.clerk, Source.SHEET)
    stranger = small_village(Unit.objects.get(code="440783104220"))["018"]
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "_require_may_lodge", nothing),
        NotOfVillage,
        lambda: objections.lodge_objection(
            actor=Actor.card(stranger.pk),
            target=line_of(notice, 1),
            household_id=stranger.pk,
            text="不对",
            key="k",
        ),
    )


# Fair: recusal, and a second person


@guards
@pytest.mark.parametrize("concern", ["own", "near", "objects", "brought", "wrote"])
@pytest.mark.parametrize("answer", [dismiss, uphold])
def test_nobody_answers_what_concerns_them(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
    concern: str,
    answer: Callable[..., Any],
) -> None:
    """The supervisor's household is 023."""
    of, by = "018", None
    if concern == "brought":
        notice = recorded(cast, cast.supervisor, Source.NEIGHBOUR)
    else:
        notice = noticed(cast.village, a_deed(cast.village, "023" if concern == "own" else "018"))
    if concern == "near":
        near_to_the_supervisor(cast, "018")
    elif concern == "objects":
        of = "023"
    elif concern == "wrote":
        by = cast.supervisor
    objection = lodge(cast, line_of(notice, 1), of=of, by=by)
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "_require_impartial", nothing),
        BroughtByActor if concern in ("brought", "wrote") else OwnHousehold,
        lambda: answer(objection) if answer is dismiss else answer(objection, {1: 0}),
    )


@guards
def test_nobody_admits_what_their_own_household_wants(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    objection = lodge(cast, noticed(cast.village, a_deed(cast.village, "018")), of="023")
    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "_require_impartial", nothing),
        OwnHousehold,
        lambda: admit(objection),
    )


@guards
def test_an_instance_that_was_late_does_not_answer_any_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    objection = lodge(cast, line_of(noticed(cast.village, a_deed(cast.village, "018")), 1))

    def late() -> Objection:
        with clock.as_of(objection.answer_by.replace(day=objection.answer_by.day + 1)):
            return dismiss(objection, by="柳成荫")

    refused_unless(
        guarded,
        monkeypatch,
        gone(objections, "require_instance", lambda actor, _unit, _objection: actor),
        PassedOn,
        late,
    )


@guards
def test_nobody_remarks_on_their_own_household(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    near_to_the_supervisor(cast, "018")
    share = bring(cast.clerk, a_deed(cast.village, "018"))[0].shares.get()
    refused_unless(
        guarded,
        monkeypatch,
        gone(supervising, "require_stranger", nothing),
        OwnHousehold,
        lambda: remarked(share),
    )


@guards
def test_nobody_answers_a_remark_on_what_they_brought(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    share = bring(cast.secretary, a_deed(cast.village, "018"), source=Source.CADRE)[0].shares.get()
    made = remarked(share)
    refused_unless(
        guarded,
        monkeypatch,
        gone(supervising, "require_stranger", nothing),
        BroughtByActor,
        lambda: answered(made),
    )


@guards
def test_nobody_answers_their_own_remark(cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Were a supervisor the secretary at the same time, which nobody may be."""
    share = bring(cast.clerk, a_deed(cast.village, "018"))[0].shares.get()
    made = remarked(share)
    monkeypatch.setattr(supervising, "require", lambda actor, _act, _unit: actor)
    refused_unless(
        guarded,
        monkeypatch,
        gone(supervising, "_require_another", nothing),
        OwnRemark,
        lambda: answered(made, by=SUPERVISOR),
    )


# Private first


@guards
def test_the_village_does_not_learn_who_objects(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018"))
    lodge(cast, line_of(notice, 1), of="004")
    if not guarded:
        monkeypatch.setattr(objection_queries, "_may_know_objectors", lambda _reader, _unit: True)
    for reader in (cast.secretary, cast.supervisor, cast.grid_leader, cast.committee_member):
        told = [one.objector for one in listed_objections(notice, reader)]
        assert told == ([""] if guarded else ["004"])


def pages_of(outsider: Visitor, notice: Notice) -> str:
    return "".join(outsider.read(f"/notice/{notice.public_id}/{position}/") for position in (1, 2, 3))


@guards
def test_a_deduction_is_told_to_its_household_and_is_a_figure_to_everybody_else(
    cast: Cast, peopled: Jurisdiction, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """And no public page shows an objection's words, or a supervisor's."""
    notice = noticed(
        cast.village, a_deed(cast.village, "004", of=RUBBISH, note="门前柴草"), a_deed(cast.village, "018")
    )
    line = line_of(notice, 1)
    lodge(cast, line, of="018", text="早就清走了")
    remarked(line.share, text="再看看")
    if not guarded:
        rows = board.poster_rows

        def with_reason(*of_sheet: Any) -> list[dict[str, object]]:
            shown = rows(*of_sheet)
            return [row | {"masked_name": f"{row['masked_name']} {RUBBISH}"} for row in shown]

        monkeypatch.setattr(board, "poster_rows", with_reason)
    public = pages_of(Visitor(peopled), notice)
    assert (RUBBISH in public) != guarded
    for words in ("门前柴草", "早就清走了", "再看看"):
        assert words not in public
