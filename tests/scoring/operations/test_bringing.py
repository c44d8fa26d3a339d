from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.people.cast import small_village
from tests.records.samples import picture, xlsx
from tests.scoring.cast import (
    DAY,
    LABOUR,
    a_deed,
    a_meeting,
    approve,
    bring,
    capped,
    household,
    indicator,
    somebody,
    two_people,
    verified,
)
from tests.scoring.races import Never, Pause, after, meet
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.catalogue.queries import indicators_of, newest_draft
from xiangyue.catalogue.refusals import NoCatalogueInForce
from xiangyue.catalogue.rules.refusals import AmountMissing, AmountNotCounted, PointsNotAllowed
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Level, Relation, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.households import close_household, move_household
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import paths_to, unit_by_code
from xiangyue.people.refusals import UnknownResident
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.refusals import FileTooLarge
from xiangyue.scoring import proofs
from xiangyue.scoring.models import Deed, DeedState, Evidence, ScoringRules, Share, Source
from xiangyue.scoring.operations import bringing
from xiangyue.scoring.operations.bringing import (
    NewDeed,
    NewShare,
    bring_deeds,
    resubmit_deed,
    withdraw_deed,
)
from xiangyue.scoring.operations.review import return_deed
from xiangyue.scoring.refusals import (
    DayInFuture,
    HouseholdMoved,
    IndicatorNotInForce,
    NameTooLong,
    NoShares,
    NotTheBringer,
    OwnHousehold,
    PartlyDecided,
    SeveralVillages,
    ShareRepeated,
    UnknownDeed,
    WrongState,
)
from xiangyue.scoring.source_refusals import NotBySource
from xiangyue.scoring.sources import require_may_bring

PHOTO = picture()
SUBMITTED, VERIFIED = DeedState.SUBMITTED, DeedState.VERIFIED
SELF, NEIGHBOUR, LEADER, SHEET = Source.SELF, Source.NEIGHBOUR, Source.LEADER, Source.SHEET
CADRE = Source.CADRE

# Who (a login, or a household's card) brings for which household, how, and what comes of it.
BRINGING: list[tuple[str, str, Source, DeedState | type[Refusal]]] = [
    ("card 018", "018", SELF, SUBMITTED),
    ("card 018", "004", SELF, NotAllowed),
    ("card 018", "004", NEIGHBOUR, SUBMITTED),
    ("card 018", "018", NEIGHBOUR, OwnHousehold),
    ("card 018", "018", LEADER, NotAllowed),
    ("card 018", "018", SHEET, NotAllowed),
    ("仓有余", "045", SELF, SUBMITTED),
    ("仓有余", "018", SELF, NotAllowed),
    ("仓有余", "018", NEIGHBOUR, SUBMITTED),
    ("仓有余", "018", LEADER, NotAllowed),
    ("茶山青", "018", SHEET, SUBMITTED),
    ("茶山青", "018", LEADER, NotBySource),
    ("茶山青", "008", SHEET, SUBMITTED),
    ("桑叶青", "018", LEADER, VERIFIED),
    ("桑叶青", "018", SHEET, VERIFIED),
    ("桑叶青", "018", NEIGHBOUR, SUBMITTED),
    ("桑叶青", "001", LEADER, NotAllowed),
    ("桑叶青", "013", LEADER, SUBMITTED),
    ("桑叶青", "013", SELF, SUBMITTED),
    ("柳成荫", "001", CADRE, VERIFIED),
    ("柳成荫", "052", CADRE, SUBMITTED),
    ("柳成荫", "052", LEADER, NotBySource),
    ("松如海", "018", LEADER, NotAllowed),
    ("竹有节", "018", LEADER, NotAllowed),
    ("云帆远", "018", LEADER, NotAllowed),
    ("云帆远", "018", NEIGHBOUR, NotAllowed),
    ("明镜台", "018", SHEET, NotAllowed),
    ("admin", "018", LEADER, NotAllowed),
    ("过路人", "018", LEADER, NotAllowed),
    ("过路人", "018", NEIGHBOUR, NotAllowed),
    ("过路人", "018", SELF, NotAllowed),
    ("system", "018", SHEET, SUBMITTED),
]


def photo(content: bytes = PHOTO, name: str = "清渠.jpg") -> tuple[str, bytes]:
    return name, content


@pytest.mark.parametrize(("who", "number", "source", "outcome"), BRINGING)
def test_who_may_bring_what_for_whom(
    cast: Cast, who: str, number: str, source: Source, outcome: DeedState | type[Refusal]
) -> None:
    by, new = somebody(cast.village, who), a_deed(cast.village, number, note="清渠")
    if isinstance(outcome, type):
        with pytest.raises(outcome):
            bring(by, new, source=source)
        assert not Deed.objects.exists()
        return
    (deed,) = bring(by, new, source=source)
    deed.refresh_from_db()
    assert (deed.state, deed.source, deed.unit, deed.day) == (outcome, source, cast.village, DAY)
    assert (deed.brought_by_kind, deed.brought_by_id, deed.description) == (by.kind, by.id, "清渠")
    share = deed.shares.get()
    assert share.household.number == number
    assert share.verified_by_id == (by.user_id if outcome == VERIFIED else None)
    logged = LoggedAct.objects.get(subject="deed", subject_id=deed.pk)
    assert (logged.act, logged.actor_id, logged.to_state) == ("bring", by.id, outcome)


def test_a_neighbour_is_of_the_same_village(cast: Cast) -> None:
    elsewhere = small_village(Unit.objects.get(code="440783104220"))["018"]
    with pytest.raises(NotAllowed):
        bring(Actor.card(elsewhere.pk), a_deed(cast.village, "018"), source=NEIGHBOUR)


def test_in_a_shared_deed_each_share_is_vouched_for_by_itself(cast: Cast) -> None:
    """The grid leader's own household is among them: somebody else has to vouch for that share."""
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018", "013"), source=LEADER)
    vouched = deed.shares.order_by("id").values_list("household__number", "verified_by")
    assert (deed.state, list(vouched)) == (SUBMITTED, [("018", cast.grid_leader.id), ("013", None)])
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018", "004"), source=LEADER)
    assert (deed.state, deed.shares.count()) == (VERIFIED, 2)


def test_one_foreign_household_keeps_everything_out(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        bring(cast.grid_leader, a_deed(cast.village, "018"), a_deed(cast.village, "004", "001"))
    assert not Deed.objects.exists()


@pytest.mark.parametrize(("later", "refused"), [(0, False), (1, True)])
def test_nothing_is_brought_before_it_happened(cast: Cast, later: int, refused: bool) -> None:
    new = a_deed(cast.village, "018", day=clock.today() + timedelta(later))
    if not refused:
        assert bring(SYSTEM, new)
        return
    with pytest.raises(DayInFuture) as caught:
        bring(SYSTEM, a_deed(cast.village, "004"), new)
    assert caught.value.field == "day"
    assert not Deed.objects.exists()


def test_a_deed_is_somebodys(cast: Cast) -> None:
    with pytest.raises(NoShares):
        bring(SYSTEM, a_deed(cast.village))


def test_the_same_key_brings_nothing_new(cast: Cast) -> None:
    new = a_deed(cast.village, "018")
    (first,) = bring(cast.clerk, new)
    other, again = bring(cast.clerk, a_deed(cast.village, "004"), new)
    assert (again.pk, other.shares.get().household.number) == (first.pk, "004")
    assert (Deed.objects.count(), Share.objects.count()) == (2, 2)
    assert LoggedAct.objects.filter(subject="deed", act="bring").count() == 2


def test_the_same_key_still_answers_when_the_deed_has_moved_on(cast: Cast) -> None:
    new = a_deed(cast.village, "018")
    (first,) = bring(cast.clerk, new)
    withdraw_deed(actor=cast.clerk, deed_id=first.pk)
    (again,) = bring(cast.clerk, new)
    assert (again.pk, again.state) == (first.pk, DeedState.WITHDRAWN)


def test_evidence_is_kept_once_and_shown_with_each_deed(cast: Cast) -> None:
    deeds = bring_deeds(
        actor=cast.clerk,
        deeds=[a_deed(cast.village, "018"), a_deed(cast.village, "004")],
        source=SHEET,
        evidence=[photo(), photo(xlsx(), "签到.xlsx"), photo(name="又一次.jpg")],
    )
    for deed in deeds:
        names = Evidence.objects.filter(deed=deed).order_by("file__name").values_list("file__name", flat=True)
        assert list(names) == ["清渠.jpg", "签到.xlsx"]
    file = StoredFile.objects.get(name="清渠.jpg")
    assert (file.media_type, file.is_photo) == ("image/jpeg", True)


def test_evidence_that_is_too_large_keeps_the_deed_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "FILE_LIMIT", 4)
    with pytest.raises(FileTooLarge):
        bring_deeds(actor=cast.clerk, deeds=[a_deed(cast.village, "018")], source=SHEET, evidence=[photo()])
    assert not Deed.objects.exists()


@pytest.mark.parametrize(
    ("of", "proposed", "amount", "refused"),
    [
        ("大扫除", None, None, None),
        ("大扫除", 500, None, None),
        ("大扫除", 600, None, PointsNotAllowed),
        ("大扫除", None, 200, AmountNotCounted),
        ("垃圾分类", None, None, None),
        ("垃圾分类", 200, None, None),
        ("垃圾分类", 199, None, PointsNotAllowed),
        ("垃圾分类", 501, None, PointsNotAllowed),
        ("垃圾分类", -300, None, PointsNotAllowed),
        ("垃圾分类", None, 200, AmountNotCounted),
        ("修路", None, 250, None),
        ("修路", None, None, AmountMissing),
        ("修路", None, 0, AmountMissing),
        ("捐物", None, None, None),
        ("捐物", 3000, None, None),
        ("捐物", None, 100, AmountNotCounted),
    ],
)
def test_what_is_proposed_must_be_possible(
    cast: Cast, of: str, proposed: int | None, amount: int | None, refused: type[Refusal] | None
) -> None:
    """What could never be approved is not accepted; where the meeting sets the points, nothing is demanded."""
    capped(cast.village)
    new = a_deed(cast.village, "018", of=of, proposed=proposed, amount=amount)
    if refused:
        with pytest.raises(refused):
            bring(SYSTEM, new)
        return
    (deed,) = bring(SYSTEM, new)
    share = deed.shares.get()
    assert (share.proposed, share.amount, share.points) == (proposed, amount, None)


def test_only_what_is_in_force_on_the_day_counts(cast: Cast) -> None:
    """Neither a draft's indicator, nor that of the old or the new version, nor that of the rules above."""
    village, old = cast.village, cast.catalogue
    draft = import_catalogue(
        actor=SYSTEM,
        unit_id=village.pk,
        content=b"\xe6\x8c\x87\xe6\xa0\x87,\xe5\x88\x86\xe5\x80\xbc\nx,5",
        name="a.csv",
    )
    assert draft.catalogue_id
    (drafted,) = indicators_of(newest_draft(village))
    above = indicator(Unit.objects.get(code="440783104"), "1.2")
    new = capped(village, on=date(2026, 10, 15))
    before, after = date(2026, 10, 14), date(2026, 10, 15)
    (of_old, *_), (of_new, *_) = indicators_of(old), indicators_of(new)
    for found, day, allowed in [
        (drafted, after, False),
        (above, after, False),
        (of_old, before, True),
        (of_old, after, False),
        (of_new, before, False),
        (of_new, after, True),
    ]:
        deed = replace(a_deed(village, "018", of="1", day=day), indicator=found)
        if allowed:
            assert bring(SYSTEM, deed)
        else:
            with pytest.raises(IndicatorNotInForce):
                bring(SYSTEM, deed)


def test_before_there_were_rules_nothing_counts(cast: Cast) -> None:
    with pytest.raises(NoCatalogueInForce):
        bring(SYSTEM, replace(a_deed(cast.village, "018"), day=date(2025, 12, 31)))


def test_a_person_is_of_the_household(cast: Cast) -> None:
    here, there = household(cast.village, "018"), household(cast.village, "004")
    stranger = Resident.objects.get(household=there, relation=Relation.HEAD)
    found = indicator(cast.village, LABOUR)
    with pytest.raises(UnknownResident):
        bring(SYSTEM, NewDeed("k", found, DAY, [NewShare(here, resident=stranger)]))
    (deed,) = bring(SYSTEM, NewDeed("k", found, DAY, [NewShare(there, resident=stranger)]))
    assert deed.shares.get().resident == stranger


def test_nobody_has_two_shares_in_one_deed(cast: Cast) -> None:
    with pytest.raises(ShareRepeated) as caught:
        bring(SYSTEM, a_deed(cast.village, "004", "018", "018"))
    assert caught.value.facts == {"number": "018"}
    found = indicator(cast.village, LABOUR)
    shares = [NewShare(person.household, resident=person) for person in two_people(cast.village)]
    assert bring(SYSTEM, NewDeed("k", found, DAY, shares))
    with pytest.raises(ShareRepeated):
        bring(SYSTEM, NewDeed("l", found, DAY, [*shares, shares[0]]))


def test_a_deed_is_decided_in_one_village(cast: Cast) -> None:
    elsewhere = small_village(Unit.objects.get(code="440783104220"))["018"]
    new = a_deed(cast.village, "018")
    with pytest.raises(SeveralVillages):
        bring(SYSTEM, replace(new, shares=[*new.shares, NewShare(elsewhere)]))


def test_bringing_many_costs_what_bringing_few_costs(cast: Cast, django_assert_max_num_queries: Any) -> None:
    numbers = ["001", "018", "026", "045", "052"]
    few = [a_deed(cast.village, number) for number in numbers]
    many = [a_deed(cast.village, number) for number in numbers * 12]
    with CaptureQueriesContext(connection) as counted:
        bring(cast.clerk, *few)
    with django_assert_max_num_queries(len(counted)):
        bring(cast.clerk, *many)


@pytest.mark.slow
@pytest.mark.parametrize("retried", [True, False])
def test_who_taps_twice_at_once_brings_once(
    racers: Cast, monkeypatch: pytest.MonkeyPatch, retried: bool
) -> None:
    """Both taps have looked before either writes. Without the second look, one of them is a fault."""
    new, pause = a_deed(racers.village, "018"), Pause()
    villager = racers.villager
    monkeypatch.setattr(bringing, "require_may_bring", after(require_may_bring, pause))
    if not retried:
        monkeypatch.setattr(bringing, "IntegrityError", Never)
    first, second = meet(
        lambda: bring(villager, new, source=SELF), lambda: bring(villager, new, source=SELF), pause
    )
    deed = Deed.objects.get(key=new.key)
    assert second == [deed]
    if retried:
        assert first == [deed]
    else:
        assert isinstance(first, IntegrityError)


@pytest.mark.slow
def test_whose_photos_take_long_keeps_nobody_waiting(racers: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other tap has no photo and comes in between; what the first one stored is undone with it."""
    new, pause, villager = a_deed(racers.village, "018"), Pause(), racers.villager
    monkeypatch.setattr(proofs, "store_file", after(records.store_file, pause))
    stored = StoredFile.objects.count()
    first, second = meet(
        lambda: bring_deeds(actor=villager, deeds=[new], source=SELF, evidence=[photo(picture(31, 17))]),
        lambda: bring(villager, new, source=SELF),
        pause,
    )
    assert first == second == [Deed.objects.get(key=new.key)]
    assert not Evidence.objects.filter(deed__key=new.key).exists()
    assert StoredFile.objects.count() == stored
    assert records.sweep_files() == 1


# Taking back and bringing again


def test_who_brought_takes_back(cast: Cast) -> None:
    (deed,) = bring(cast.villager, a_deed(cast.village, "018"), source=SELF)
    for other in (cast.neighbour, cast.secretary, cast.grid_leader, Actor.user(cast.villager.id)):
        with pytest.raises(NotTheBringer):
            withdraw_deed(actor=other, deed_id=deed.pk)
    withdraw_deed(actor=cast.villager, deed_id=deed.pk, reason="记错了")
    deed.refresh_from_db()
    assert deed.state == DeedState.WITHDRAWN
    logged = LoggedAct.objects.get(act="withdraw", subject_id=deed.pk)
    assert (logged.actor_kind, logged.from_state, logged.reason) == ("card", "submitted", "记错了")
    with pytest.raises(WrongState):
        withdraw_deed(actor=cast.villager, deed_id=deed.pk)


def test_what_is_not_there_is_not_taken_back(cast: Cast) -> None:
    with pytest.raises(UnknownDeed):
        withdraw_deed(actor=cast.villager, deed_id=0)
    with pytest.raises(UnknownDeed):
        resubmit_deed(actor=cast.villager, deed_id=0, description="")


def test_a_returned_deed_is_brought_again_and_needs_a_new_voucher(cast: Cast) -> None:
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018"), source=LEADER)
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="缺照片")
    with pytest.raises(NotTheBringer):
        resubmit_deed(actor=cast.secretary, deed_id=deed.pk, description="补了")
    resubmit_deed(actor=cast.grid_leader, deed_id=deed.pk, description="补了照片")
    deed.refresh_from_db()
    assert (deed.state, deed.description, deed.shares.get().verified_by) == (SUBMITTED, "补了照片", None)
    with pytest.raises(WrongState):
        resubmit_deed(actor=cast.grid_leader, deed_id=deed.pk, description="再补")


def test_what_is_decided_is_not_taken_back(cast: Cast) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    approve(a_meeting(cast.village), [share])
    with pytest.raises(WrongState):
        withdraw_deed(actor=SYSTEM, deed_id=share.deed_id)


def test_what_is_decided_in_part_is_not_taken_back(cast: Cast) -> None:
    """Its decided share goes on notice, whatever becomes of the rest."""
    share, _other = verified(a_deed(cast.village, "018", "004"))
    approve(a_meeting(cast.village), [share])
    with pytest.raises(PartlyDecided):
        withdraw_deed(actor=SYSTEM, deed_id=share.deed_id)
    assert Deed.objects.get().state == VERIFIED


def test_a_household_that_has_ended_earns_nothing_more(cast: Cast) -> None:
    deeds = a_deed(cast.village, "004"), a_deed(cast.village, "018")
    with clock.as_of(date(2026, 12, 1)):
        close_household(actor=SYSTEM, household_id=cast.household("018").pk, key="close")
        with pytest.raises(HouseholdMoved) as caught:
            bring(SYSTEM, *deeds)
    assert str(caught.value) == "018户已经销户、并户，或者刚刚划到别的村。请再看一遍，重新报。"
    assert not Deed.objects.exists()


def test_a_household_that_moved_away_meanwhile_is_asked_for_again(cast: Cast) -> None:
    new, elsewhere = a_deed(cast.village, "018"), unit_by_code("440783104220")
    with clock.as_of(date(2026, 12, 1)):
        move_household(actor=SYSTEM, household_id=cast.household("018").pk, unit_id=elsewhere.pk)
        with pytest.raises(HouseholdMoved):
            bring(SYSTEM, new)
    assert not Deed.objects.exists()


def test_an_act_is_judged_by_the_catalogue_of_the_village_of_that_day(cast: Cast) -> None:
    """Who moved brings an act from before: the old village's rules count, and the new village decides."""
    day, elsewhere, moving = clock.today(), unit_by_code("440783104220"), cast.household("018").pk
    with clock.as_of(date(2026, 12, 1)):
        move_household(actor=SYSTEM, household_id=moving, unit_id=elsewhere.pk)
        home = Household.objects.get(pk=moving)
        old = replace(a_deed(cast.village, "004", day=day), key="moved", shares=[NewShare(home)])
        (deed,) = bring(SYSTEM, old)
        assert (deed.unit, deed.indicator.catalogue.unit) == (elsewhere, cast.village)
        with pytest.raises(IndicatorNotInForce):  # acts of today are judged by the new village's rules
            bring(SYSTEM, replace(old, key="today", day=clock.today()))


def test_the_log_says_in_which_office_it_was_brought(cast: Cast) -> None:
    bring(cast.clerk, a_deed(cast.village, "018"))
    log = LoggedAct.objects.get(subject="deed", act="bring")
    assert (log.actor_id, log.acted_as, log.acted_as_id) == (
        cast.clerk.id,
        Office.INFORMATION_ADMINISTRATOR,
        cast.village.pk,
    )
    card = Actor.card(cast.household("018").pk)
    bring(card, a_deed(cast.village, "018"), source=SELF)
    log = LoggedAct.objects.filter(subject="deed", act="bring").latest("id")
    assert (log.acted_as, log.acted_as_id) == ("household", card.id)


@pytest.mark.parametrize(("activity", "fact"), [("渡" * 61, ""), ("", "渡" * 61)])
def test_a_name_that_has_no_room_is_refused(cast: Cast, activity: str, fact: str) -> None:
    new = a_deed(cast.village, "018")
    bring(SYSTEM, replace(new, key="fits", activity=activity[:60], fact=fact[:60]))
    with pytest.raises(NameTooLong):
        bring(SYSTEM, replace(new, key="long", activity=activity, fact=fact))
    assert not Deed.objects.filter(key="long").exists()


# In whose judging unit


def test_a_deed_is_of_the_judging_unit_above_its_household(cast: Cast) -> None:
    """Where grid villages judge, the village they lie in does not (xihaian)."""
    ScoringRules.objects.update(judging_level=Level.GRID)
    home = cast.household("018")
    grid = Unit.objects.get(path__in=paths_to(home.unit), level=Level.GRID)
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018", "004"))
    assert deed.unit == grid
    with pytest.raises(SeveralVillages):
        bring(cast.clerk, a_deed(cast.village, "018", "001"))


def test_where_there_is_no_judging_unit_the_village_is(cast: Cast) -> None:
    ScoringRules.objects.update(judging_level=Level.MICRO_GRID)
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018"))
    assert deed.unit == cast.village
