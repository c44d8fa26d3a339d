"""Who takes back, or brings again, what a household declared: whoever acts for it, whichever way they came in."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.people.members import member_of
from tests.records.samples import picture
from tests.scoring.cast import a_deed, bring
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Resident
from xiangyue.people.operations.helping import begin_helping
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.scoring import proofs
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.operations.bringing import bring_deeds, may_change, resubmit_deed, withdraw_deed
from xiangyue.scoring.operations.review import return_deed, verify_deeds
from xiangyue.scoring.preparing import MOST_EVIDENCE, NAME_LENGTH, NOTE_LENGTH
from xiangyue.scoring.refusals import BroughtByActor, NotTheBringer, TooManyPhotos, WrongState
from xiangyue.scoring.source_refusals import DescriptionTooLong


@pytest.fixture
def member(cast: Cast) -> Actor:
    """田禾生, signed in by his own phone."""
    actor = member_of(cast.household("018"), "田禾生")
    Resident.objects.filter(household=cast.household("018"), name="田禾生").update(user_id=actor.id)
    return actor


def declared(cast: Cast, by: Actor, number: str = "018") -> Deed:
    (deed,) = bring(by, a_deed(cast.village, number), source=Source.SELF)
    return deed


def who(cast: Cast, member: Actor) -> dict[str, Actor]:
    return {"card": cast.villager, "member": member, "leader": cast.grid_leader, "clerk": cast.clerk}


@pytest.mark.parametrize("brings", ["card", "member", "leader"])
@pytest.mark.parametrize("takes", ["card", "member", "leader", "clerk"])
def test_whoever_may_declare_for_the_household_takes_it_back(
    cast: Cast, member: Actor, brings: str, takes: str
) -> None:
    people = who(cast, member)
    deed = declared(cast, people[brings])
    if takes in ("leader", "clerk") and takes != brings:
        assert not may_change(people[takes], deed)  # before the household's pages are open to them
        begin_helping(actor=people[takes], household_id=cast.household("018").pk)
    assert may_change(people[takes], deed)
    withdraw_deed(actor=people[takes], deed_id=deed.pk)
    deed.refresh_from_db()
    logged = LoggedAct.objects.get(act="withdraw", subject="deed", subject_id=deed.pk)
    on_behalf = takes in ("leader", "clerk")
    assert deed.state == "withdrawn"
    assert logged.on_behalf_of == (cast.household("018").pk if on_behalf else None)


@pytest.mark.parametrize(
    "name", ["neighbour", "outsider", "other_grid_leader", "supervisor", "town_official"]
)
def test_nobody_else_does(cast: Cast, name: str) -> None:
    deed, actor = declared(cast, cast.villager), getattr(cast, name)
    assert not may_change(actor, deed)
    with pytest.raises(NotTheBringer):
        withdraw_deed(actor=actor, deed_id=deed.pk)


def test_a_record_of_somebody_else_is_theirs(cast: Cast, member: Actor) -> None:
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018"), source=Source.LEADER)
    for actor in (cast.villager, member, cast.clerk):
        with pytest.raises(NotTheBringer):
            withdraw_deed(actor=actor, deed_id=deed.pk)


def test_who_brings_it_again_on_behalf_does_not_vouch_for_it(cast: Cast) -> None:
    deed = declared(cast, cast.villager)
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="写清楚")
    begin_helping(actor=cast.grid_leader, household_id=cast.household("018").pk)
    resubmit_deed(actor=cast.grid_leader, deed_id=deed.pk, description="在村口")
    deed.refresh_from_db()
    assert (deed.brought_by_id, deed.is_on_behalf, deed.description) == (cast.grid_leader.id, True, "在村口")
    with pytest.raises(BroughtByActor):
        verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])


def test_who_brought_it_on_behalf_does_not_vouch_for_what_the_household_brought_again(cast: Cast) -> None:
    deed = declared(cast, cast.grid_leader)
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="写清楚")
    resubmit_deed(actor=cast.villager, deed_id=deed.pk, description="在村口")
    with pytest.raises(BroughtByActor):
        verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])


def test_more_than_whoever_verifies_will_read_is_refused(cast: Cast) -> None:
    photos = [(f"{place}.jpg", picture()) for place in range(MOST_EVIDENCE + 1)]
    new = a_deed(cast.village, "018", note="长" * (NAME_LENGTH + NOTE_LENGTH + 2))
    with pytest.raises(DescriptionTooLong):
        bring(cast.villager, new, source=Source.SELF)
    with pytest.raises(TooManyPhotos):
        bring_deeds(
            actor=cast.villager, deeds=[a_deed(cast.village, "018")], source=Source.SELF, evidence=photos
        )
    assert not Deed.objects.exists()
    (deed,) = bring(cast.villager, a_deed(cast.village, "018"), source=Source.SELF)
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="说清楚")
    with pytest.raises(DescriptionTooLong):
        resubmit_deed(actor=cast.villager, deed_id=deed.pk, description="长" * (NOTE_LENGTH + 1))
    with pytest.raises(TooManyPhotos):
        resubmit_deed(actor=cast.villager, deed_id=deed.pk, description="好", evidence=photos)
    deed.refresh_from_db()
    assert (deed.state, deed.description) == ("returned", "")


def test_what_comes_again_has_its_days_from_then(cast: Cast) -> None:
    (deed,) = bring(cast.villager, a_deed(cast.village, "018"), source=Source.SELF)
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="说清楚")
    first, later = deed.submitted_at, clock.now() + timedelta(days=6)
    with clock.as_of(later):
        again = resubmit_deed(actor=cast.villager, deed_id=deed.pk, description="帮着收麦")
    assert again.submitted_at - first > timedelta(days=5)


@pytest.mark.slow
def test_whose_photos_take_long_keeps_nobody_waiting(racers: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one of the household sends photos, another one takes it back: the first hears so, and leaves no file."""
    deed, pause, villager = declared(racers, racers.villager), Pause(), racers.villager
    return_deed(actor=racers.grid_leader, deed_id=deed.pk, reason="要照片")
    monkeypatch.setattr(proofs, "store_file", after(records.store_file, pause))
    stored = StoredFile.objects.count()
    first, second = meet(
        lambda: resubmit_deed(
            actor=villager, deed_id=deed.pk, description="补上", evidence=[("活.jpg", picture(29, 17))]
        ),
        lambda: withdraw_deed(actor=villager, deed_id=deed.pk),
        pause,
    )
    assert isinstance(first, WrongState)
    assert second == deed
    assert StoredFile.objects.count() == stored
    assert records.sweep_files() == 1
