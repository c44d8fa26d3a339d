import pytest

from tests.cast import Cast
from tests.scoring.cast import a_deed, actor, bring, household
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Kin, Resident
from xiangyue.people.operations.relations import register_kin
from xiangyue.people.person import households_near
from xiangyue.scoring.models import Share, Source
from xiangyue.scoring.permissions import is_recused, require_stranger
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold


def share_of(cast: Cast, by: Actor, number: str, source: Source = Source.SHEET) -> Share:
    (deed,) = bring(by, a_deed(cast.village, number), source=source)
    return deed.shares.get()


@pytest.mark.parametrize(
    ("bringer", "number", "judge", "refused"),
    [
        ("茶山青", "018", "松如海", None),
        ("茶山青", "030", "松如海", OwnHousehold),
        ("柳成荫", "018", "柳成荫", BroughtByActor),
        ("桑叶青", "018", "柳成荫", None),
    ],
)
def test_who_is_concerned_leaves_it_to_others(
    cast: Cast, bringer: str, number: str, judge: str, refused: type[Exception] | None
) -> None:
    share, who = share_of(cast, actor(bringer), number), actor(judge)
    assert is_recused(who, share, households_near(who)) == bool(refused)
    if refused:
        with pytest.raises(refused):
            require_stranger(who, [share])
    else:
        require_stranger(who, [share])


def test_what_ones_household_brought_by_its_card_one_brought(cast: Cast) -> None:
    """松如海's household recommends the neighbour by its card; at the meeting he must leave it to others."""
    card = Actor.card(household(cast.village, "030").pk)
    share, judge = share_of(cast, card, "018", Source.NEIGHBOUR), actor("松如海")
    assert is_recused(judge, share, households_near(judge))
    with pytest.raises(BroughtByActor):
        require_stranger(judge, [share])
    other = actor("柏长青")
    assert not is_recused(other, share, households_near(other))


def test_one_concern_among_many_shares_is_enough(cast: Cast) -> None:
    shares = [share_of(cast, cast.clerk, number) for number in ("018", "004", "030")]
    require_stranger(cast.committee_member, shares[:2])
    with pytest.raises(OwnHousehold):
        require_stranger(cast.committee_member, shares)


def test_the_system_is_of_no_household(cast: Cast) -> None:
    require_stranger(SYSTEM, [share_of(cast, SYSTEM, "018")])


def test_a_near_relative_s_household_is_left_to_others_too(cast: Cast) -> None:
    """As registered, and only while the registration holds; nobody's relatives are guessed."""
    share, judge = share_of(cast, cast.clerk, "018"), actor("柏长青")
    require_stranger(judge, [share])
    mine, theirs = Resident.objects.get(user_id=judge.id), share.household.residents.all()[0]
    register_kin(actor=SYSTEM, resident_id=mine.pk, other_id=theirs.pk, kin=Kin.SIBLING)
    assert is_recused(judge, share, households_near(judge))
    with pytest.raises(OwnHousehold):
        require_stranger(judge, [share])
