from xiangyue.kernel.actors import SYSTEM, Actor, ActorKind


def test_only_a_user_has_a_users_id() -> None:
    assert Actor.user(7).user_id == 7
    assert Actor.card(7).user_id is None
    assert SYSTEM.user_id is None


def test_a_household_and_a_user_of_one_number_are_two_actors() -> None:
    assert Actor.card(7) != Actor.user(7)
    assert (Actor.card(7).kind, Actor.card(7).id) == (ActorKind.CARD, 7)
    assert (SYSTEM.kind, SYSTEM.id) == (ActorKind.SYSTEM, 0)
