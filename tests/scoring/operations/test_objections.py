import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.cast import Cast
from tests.people.cast import small_village
from tests.scoring.cast import (
    AFTER,
    DEADLINE,
    LABOUR,
    OCTOBER,
    PERIOD,
    a_deed,
    a_meeting,
    approve,
    bring,
    noticed,
    october,
    settled,
    somebody,
    standing,
)
from tests.scoring.objecting import DISMISSED, OFFICIAL, OPEN, UPHELD, admit, dismiss, lodge, uphold
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Unit
from xiangyue.people.permissions import NotAllowed
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage, StoredFile
from xiangyue.records.refusals import NotAPhoto
from xiangyue.scoring.models import (
    Decision,
    DeedState,
    Notice,
    Objection,
    ObjectionKind,
    ObjectionState,
    ObjectionWay,
    Source,
)
from xiangyue.scoring.objection_queries import Correction, corrections_of, listed_objections
from xiangyue.scoring.objection_refusals import (
    JudgedByActor,
    NotByCard,
)
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import (
    Target,
    dismiss_objection,
    lines_touched_by,
    lodge_objection,
    uphold_objection,
)
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.queries import line_of, total_of
from xiangyue.scoring.refusals import (
    AlreadyAnswered,
    BroughtByActor,
    CorrectionMissing,
    CorrectionOutside,
    DeadlinePassed,
    NotOfVillage,
    OwnHousehold,
    ReasonMissing,
    TooManyPhotos,
    UnknownObjection,
)

EMPTY = "440783104220"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return october(cast.village)


# Lodging

LODGING: list[tuple[str, str, type[Refusal] | None]] = [
    ("card 018", "018", None),
    ("card 004", "018", NotAllowed),
    ("仓有余", "045", None),
    ("仓有余", "018", NotAllowed),
    ("桑叶青", "018", None),
    ("桑叶青", "013", None),
    ("桑叶青", "001", NotAllowed),
    ("柳成荫", "018", None),
    ("竹有节", "018", None),
    ("云帆远", "018", None),
    ("茶山青", "018", NotAllowed),
    ("松如海", "018", NotAllowed),
    ("过路人", "018", NotAllowed),
    ("system", "018", None),
]


@pytest.mark.parametrize(("who", "of", "refused"), LODGING)
@pytest.mark.parametrize("kind", ["line", "total", "whole"])
def test_who_may_object_for_whom(
    cast: Cast, notice: Notice, who: str, of: str, refused: type[Refusal] | None, kind: str
) -> None:
    """To whatever hangs there, one's neighbour's line too; for a household only itself, or who has an office there."""
    by = somebody(cast.village, who)
    targets: dict[str, Target] = {
        "line": line_of(notice, 2),
        "total": total_of(notice, "004"),
        "whole": notice,
    }
    target = targets[kind]
    if refused:
        with pytest.raises(refused):
            lodge(cast, target, by=by, of=of)
        assert not Objection.objects.exists()
        return
    objection = lodge(cast, target, by=by, of=of, text=" 那天我去了 ")
    objection.refresh_from_db()
    assert (objection.state, objection.text, objection.household.number) == (OPEN, "那天我去了", of)
    assert (objection.lodged_by_kind, objection.lodged_by_id) == (by.kind, by.id)
    assert (objection.line, objection.total) == (
        target if kind == "line" else None,
        target if kind == "total" else None,
    )
    assert objection.is_to_all == (kind == "whole")
    logged = LoggedAct.objects.get(act="lodge", subject_id=objection.pk)
    own = who.startswith("card") or (who, of) in {("仓有余", "045"), ("桑叶青", "013")}
    assert logged.on_behalf_of == (None if own else objection.household_id)
    assert (objection.way, objection.is_named) == ("card" if own else "paper", False)


def test_nobody_objects_from_another_village(cast: Cast, notice: Notice) -> None:
    stranger = small_village(Unit.objects.get(code=EMPTY))["018"]
    for by in (Actor.card(stranger.pk), cast.town_official, SYSTEM):
        with pytest.raises(NotOfVillage):
            lodge_objection(
                actor=by, target=line_of(notice, 1), household_id=stranger.pk, text="不对", key="k"
            )


def issued_with(cast: Cast, by: Actor, source: Source) -> Notice:
    """A notice on which 018 has a line that somebody brought, born verified or vouched for by the system."""
    (deed,) = bring(by, a_deed(cast.village, "018", of=LABOUR), source=source)
    if deed.state == DeedState.SUBMITTED:
        verify_deeds(actor=SYSTEM, deed_ids=[deed.pk])
    approve(a_meeting(cast.village), deed.shares.all())
    return issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)


@pytest.mark.parametrize("kind", ["line", "total", "whole"])
def test_nobody_writes_down_for_another_an_objection_to_their_own_record(cast: Cast, kind: str) -> None:
    """The grid leader recorded it; the villager, or the secretary for the villager, objects."""
    notice = issued_with(cast, cast.grid_leader, Source.LEADER)
    targets: dict[str, Target] = {
        "line": line_of(notice, 1),
        "total": total_of(notice, "018"),
        "whole": notice,
    }
    target = targets[kind]
    with pytest.raises(BroughtByActor):
        lodge(cast, target, by=cast.grid_leader)
    assert lodge(cast, target, by=cast.secretary, key="a")
    assert lodge(cast, target, key="b")


def test_a_household_may_object_to_what_it_brought_itself(cast: Cast) -> None:
    """Eight points where it had asked for more."""
    notice = issued_with(cast, cast.villager, Source.SELF)
    assert lodge(cast, line_of(notice, 1))


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_objection_says_what_is_wrong(cast: Cast, notice: Notice, text: str) -> None:
    with pytest.raises(ReasonMissing):
        lodge(cast, line_of(notice, 1), text=text)


@pytest.mark.parametrize("kind", ObjectionKind)
def test_what_a_tap_says_needs_no_words(cast: Cast, notice: Notice, kind: ObjectionKind) -> None:
    if kind is ObjectionKind.OTHER:
        with pytest.raises(ReasonMissing):
            lodge(cast, line_of(notice, 1), text=" ", kind=kind)
        assert lodge(cast, line_of(notice, 1), text="别的事", kind=kind).kind == kind
        return
    objection = lodge(cast, line_of(notice, 1), text="", kind=kind)
    assert (objection.kind, objection.text) == (kind, "")


def a_photo(red: int) -> tuple[str, bytes]:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), (red, 0, 0)).save(kept, "JPEG")
    return (f"{red}.jpg", kept.getvalue())


def test_photos_show_an_objection(cast: Cast, notice: Notice) -> None:
    """Three at most, each once, and nothing but photos; what is refused keeps none."""
    line, three = line_of(notice, 1), [a_photo(red) for red in (10, 120, 250)]
    kept = StoredFile.objects.count()
    with pytest.raises(TooManyPhotos) as caught:
        lodge(cast, line, photos=[*three, a_photo(60)])
    assert caught.value.facts == {"most": 3}
    with pytest.raises(NotAPhoto):
        lodge(cast, line, photos=[three[0], ("说明.txt", "那天清走了".encode())])
    with clock.as_of(AFTER), pytest.raises(DeadlinePassed):
        lodge(cast, line, photos=three)
    assert StoredFile.objects.count() == kept
    objection = lodge(cast, line, photos=[*three[:2], three[0]])
    assert objection.evidence.count() == 2
    assert lodge(cast, line, photos=three).evidence.count() == 2  # the same key once more


@pytest.mark.parametrize("kind", ["line", "total", "whole"])
@pytest.mark.parametrize("record", ["verified", "decided"])
def test_nobody_writes_down_for_another_an_objection_to_what_they_judged(
    cast: Cast, kind: str, record: str
) -> None:
    """Who vouched for it, or recorded what was decided; anybody else with an office may, and the household."""
    (deed,) = bring(Actor.card(cast.household("018").pk), a_deed(cast.village, "018"), source=Source.SELF)
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    approve(a_meeting(cast.village), deed.shares.all(), by="松如海")
    notice = issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    judge = cast.grid_leader if record == "verified" else cast.secretary
    if record == "decided":
        Decision.objects.update(decided_by=judge.id)
    targets: dict[str, Target] = {
        "line": line_of(notice, 1),
        "total": total_of(notice, "018"),
        "whole": notice,
    }
    if kind == "whole":  # on a village's whole month everybody with an office has worked
        assert lodge(cast, targets[kind], by=judge)
        return
    with pytest.raises(JudgedByActor):
        lodge(cast, targets[kind], by=judge)
    other = cast.secretary if record == "verified" else cast.grid_leader
    if record == "verified":
        assert lodge(cast, targets[kind], by=other, key="a")
    assert lodge(cast, targets[kind], key="b")  # the household itself always may


@pytest.mark.parametrize("kind", ["line", "total", "empty total", "whole"])
def test_the_deadline_is_the_last_day(cast: Cast, notice: Notice, kind: str) -> None:
    targets: dict[str, Target] = {
        "line": line_of(notice, 5),
        "total": total_of(notice, "018"),
        "empty total": total_of(notice, "027"),
        "whole": notice,
    }
    target = targets[kind]
    with clock.as_of(AFTER), pytest.raises(DeadlinePassed) as caught:
        lodge(cast, target)
    assert caught.value.facts == {"deadline": DEADLINE}
    with clock.as_of(DEADLINE):
        assert lodge(cast, target)


def test_the_same_key_gives_the_same_objection_and_only_to_whom_it_belongs(
    cast: Cast, notice: Notice
) -> None:
    line = line_of(notice, 5)
    first = lodge(cast, line, key="k")
    assert lodge(cast, line, key="k", text="再说一遍") == first
    with clock.as_of(AFTER):
        assert lodge(cast, line, key="k") == first
    with pytest.raises(NotAllowed):
        lodge(cast, line, key="k", by=cast.neighbour)
    assert (Objection.objects.count(), Objection.objects.get().text) == (1, "那天我去了")


def test_what_is_posted_is_not_objected_to_whatever_the_clock_says(cast: Cast, notice: Notice) -> None:
    """Another machine's clock is ahead, and it has settled already."""
    settled(cast.village, on=AFTER)
    for target in (line_of(notice, 5), total_of(notice, "018"), notice):
        with clock.as_of(DEADLINE), pytest.raises(DeadlinePassed):
            lodge(cast, target)


def test_it_is_kept_how_an_objection_came_in_and_whether_one_may_be_named(cast: Cast, notice: Notice) -> None:
    line = line_of(notice, 5)
    for way in ObjectionWay:
        facts: dict[str, Any] = {"by": cast.secretary, "way": way, "key": way.value}
        if way is ObjectionWay.CARD:
            with pytest.raises(NotByCard):
                lodge(cast, line, **facts)
        else:
            assert lodge(cast, line, **facts).way == way
    assert lodge(cast, line, is_named=True, key="named").is_named


def test_who_listens_hears_of_an_objection_and_its_answer(
    cast: Cast, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = ("objection-lodged", "objection-admitted", "objection-answered")
    for topic in topics:
        monkeypatch.setitem(records._consumers, topic, lambda payload: None)
    objection = lodge(cast, notice)
    admit(objection)
    dismiss(objection)
    told = OutboxMessage.objects.filter(topic__in=topics).order_by("id").values_list("topic", "payload")
    assert list(told) == [(topic, {"objection": objection.pk}) for topic in topics]


def test_an_objection_touches_its_line_or_its_household_s_lines(cast: Cast, notice: Notice) -> None:
    to_line, to_total = lodge(cast, line_of(notice, 2)), lodge(cast, total_of(notice, "004"))
    assert [line.number for line in lines_touched_by(to_line)] == [2]
    assert [line.number for line in lines_touched_by(to_total)] == [2, 3]
    assert [line.number for line in lines_touched_by(lodge(cast, notice))] == [1, 2, 3, 4, 5, 6, 7]


# Answering

ANSWERING: list[tuple[str, type[Refusal] | None]] = [
    ("竹有节", None),
    ("云帆远", None),
    ("柳成荫", None),
    ("桑叶青", NotAllowed),
    ("松如海", NotAllowed),
    ("茶山青", NotAllowed),
    ("明镜台", NotAllowed),
    ("admin", NotAllowed),
    ("过路人", NotAllowed),
]


@pytest.mark.parametrize(("login", "refused"), ANSWERING)
@pytest.mark.parametrize("state", [DISMISSED, UPHELD])
def test_who_answers(
    cast: Cast, notice: Notice, login: str, refused: type[Refusal] | None, state: ObjectionState
) -> None:
    objection = lodge(cast, line_of(notice, 5))

    def answer() -> None:
        if state == DISMISSED:
            dismiss(objection, by=login)
        else:
            uphold(objection, {5: 0}, by=login)

    if refused:
        with pytest.raises(refused):
            answer()
        objection.refresh_from_db()
        assert (objection.state, objection.answer) == (OPEN, "")
        return
    answer()
    objection.refresh_from_db()
    assert (objection.state, objection.answered_by, bool(objection.answer)) == (state, cast.user(login), True)
    logged = LoggedAct.objects.get(act="answer", subject_id=objection.pk)
    assert (logged.from_state, logged.to_state) == (OPEN, state)


@pytest.mark.parametrize(
    ("of", "number", "kind"),
    [("023", 5, "line"), ("018", 1, "line"), ("018", 1, "total"), ("018", 2, "total")],
)
def test_nobody_answers_what_concerns_their_household(cast: Cast, of: str, number: int, kind: str) -> None:
    """The supervisor's household is 023: it objects, or its line or total is objected to."""
    deeds = [a_deed(cast.village, "023")] if number == 1 else []
    notice = noticed(cast.village, *deeds, *(a_deed(cast.village, "018") for _ in range(5)))
    target: Target = total_of(notice, "023") if kind == "total" else line_of(notice, number)
    objection = lodge(cast, target, of=of)
    with pytest.raises(OwnHousehold):
        dismiss(objection)
    assert dismiss(objection, by=OFFICIAL).state == DISMISSED


def test_nobody_answers_what_they_brought_or_wrote_down(cast: Cast) -> None:
    notice = issued_with(cast, cast.supervisor, Source.NEIGHBOUR)
    brought = lodge(cast, line_of(notice, 1))
    wrote = lodge(cast, total_of(notice, "004"), by=cast.supervisor, of="004")
    for objection in (brought, wrote):
        with pytest.raises(BroughtByActor):
            dismiss(objection)
        assert dismiss(objection, by=OFFICIAL).state == DISMISSED


def test_an_answer_says_why(cast: Cast, notice: Notice) -> None:
    objection = lodge(cast, line_of(notice, 5))
    with pytest.raises(ReasonMissing):
        dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer=" ")
    with pytest.raises(ReasonMissing):
        uphold_objection(actor=cast.supervisor, objection_id=objection.pk, answer="", corrections={5: 0})
    with pytest.raises(UnknownObjection):
        dismiss_objection(actor=cast.supervisor, objection_id=0, answer="没有")


def test_an_objection_is_answered_once(cast: Cast, notice: Notice) -> None:
    for answered in (lodge(cast, line_of(notice, 5)), lodge(cast, line_of(notice, 6))):
        if answered.line and answered.line.number == 5:
            dismiss(answered)
        else:
            uphold(answered, {6: 0})
        with pytest.raises(AlreadyAnswered):
            dismiss(answered)
        with pytest.raises(AlreadyAnswered):
            uphold(answered, {5: 100})
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "corrections", "refused"),
    [
        ("line", {}, CorrectionMissing),
        ("line", {2: -1000}, CorrectionOutside),
        ("line", {3: 0}, CorrectionOutside),
        ("line", {2: 0, 3: 0}, CorrectionOutside),
        ("line", {99: 0}, CorrectionOutside),
        ("total", {2: 0, 3: 1500}, CorrectionOutside),
        ("total", {1: 0}, CorrectionOutside),
        ("line", {2: 0}, None),
        ("total", {2: 0}, None),
        ("total", {2: -500, 3: 0}, None),
    ],
)
def test_corrections_change_what_the_objection_is_about(
    cast: Cast, notice: Notice, kind: str, corrections: dict[int, int], refused: type[Refusal] | None
) -> None:
    objection = lodge(cast, line_of(notice, 2) if kind == "line" else total_of(notice, "004"))
    if refused:
        with pytest.raises(refused):
            uphold(objection, corrections)
        objection.refresh_from_db()
        assert (objection.state, Notice.objects.count()) == (OPEN, 1)
        return
    edition = uphold(objection, corrections)
    expected = [(n, of, corrections.get(n, points)) for n, of, points in OCTOBER]
    assert standing(edition) == expected


def test_who_listens_hears_of_the_new_edition(
    cast: Cast, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(records._consumers, "notice-issued", lambda payload: None)
    edition = uphold(lodge(cast, line_of(notice, 5)), {5: 0})
    told = OutboxMessage.objects.filter(topic="notice-issued").latest("id")
    assert told.payload == {"notice": edition.pk}
    logged = LoggedAct.objects.filter(act="issue", subject="notice").order_by("id")[1]
    assert (logged.subject_id, logged.reason) == (edition.pk, "确实记错了")


def test_what_was_corrected_is_told_with_the_outcome(
    cast: Cast, notice: Notice, django_assert_num_queries: Any
) -> None:
    """Two objections to one line are upheld, one after the other: each with what it changed."""
    first, second = (lodge(cast, line_of(notice, 5), of=of) for of in ("018", "004"))
    third = lodge(cast, total_of(notice, "004"))
    uphold(first, {5: 1000})
    uphold(second, {5: 500})
    uphold(third, {2: 0, 3: 500})
    answered = list(Objection.objects.order_by("id"))
    with django_assert_num_queries(1):
        corrections = corrections_of(answered)
    assert corrections == {
        first.pk: [Correction(5, 1500, 1000)],
        second.pk: [Correction(5, 1000, 500)],
        third.pk: [Correction(2, -1000, 0), Correction(3, 1500, 500)],
    }
    assert corrections_of([]) == {}


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("云帆远", True),
        ("system", True),
        ("柳成荫", False),
        ("竹有节", False),
        ("桑叶青", False),
        ("admin", False),
    ],
)
def test_the_village_is_not_told_who_objects_unless_they_allow_it(
    cast: Cast, notice: Notice, login: str, told: bool
) -> None:
    lodge(cast, line_of(notice, 5))
    lodge(cast, line_of(notice, 5), of="004", is_named=True)
    lodge(cast, notice, by=cast.secretary, way=ObjectionWay.PHONE, key="phone")
    listed = listed_objections(notice, somebody(cast.village, login))
    assert [one.objector for one in listed] == ["018" if told else "", "004", "018" if told else ""]
    assert [(one.by, one.objection.way) for one in listed] == [
        ("", "card"),
        ("", "card"),
        ("柳成荫", "phone"),
    ]


def test_a_list_of_objections_costs_the_same_for_one_and_for_many(cast: Cast, notice: Notice) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            listed_objections(notice, cast.secretary)
        return len(caught)

    uphold(lodge(cast, line_of(notice, 1), by=cast.secretary), {1: 0})
    once = cost()
    for number in range(2, 8):
        uphold(lodge(cast, line_of(notice, number), by=cast.secretary), {number: 0})
    assert cost() == once
