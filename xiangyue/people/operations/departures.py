"""Who is asked, and who is told, when households leave a village, end, or a unit ends.

Rooms above know what is in flight there: decided deeds that are not posted, a notice that hangs, an open objection.
They register here what they have against a departure, and what of theirs goes along with it; this room knows
neither. Both are called in the departure's transaction, with its units and households locked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xiangyue.kernel.actors import Actor


@dataclass(frozen=True)
class Departure:
    """What leaves. ending: ids of units that end. households: ids of those that go to another village, or end.

    from_village_id: None where the unit that ends lies in no village. to_village_id: None where nothing goes on
    elsewhere: the households end, or are merged into others.
    """

    ending: frozenset[int] = frozenset()
    households: frozenset[int] = frozenset()
    from_village_id: int | None = None
    to_village_id: int | None = None


Objector = Callable[[Departure], None]
Follower = Callable[[Actor, Departure], None]

_objectors: list[Objector] = []
_followers: list[Follower] = []


def object_by(objector: Objector) -> None:
    """Register what raises a Refusal when something in flight forbids a departure."""
    if objector not in _objectors:
        _objectors.append(objector)


def follow_by(follower: Follower) -> None:
    """Register what takes along that which goes with a departure."""
    if follower not in _followers:
        _followers.append(follower)


def require_free(departure: Departure) -> None:
    """Ask every room whether something in flight stands against a departure. Raises: what they raise."""
    for objector in _objectors:
        objector(departure)


def follow(actor: Actor, departure: Departure) -> None:
    """Let every room take along what goes with a departure that has been written."""
    for follower in _followers:
        follower(actor, departure)
