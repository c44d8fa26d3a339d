"""Who acts. Every operation is told, every logged act names it, every permission is asked about it."""

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"  # a person who signed in, or for whom a command acts (`--as`)
    CARD = "card"  # a household, by its card and PIN
    SYSTEM = "system"  # a job, or the founding of a jurisdiction


ACTOR_KINDS = [(kind.value, kind.value) for kind in ActorKind]  # choices of a column


@dataclass(frozen=True)
class Actor:
    """Who acts, and as what. id: the user's or the household's, 0 for the system itself.

    office, place: the office, and the id of its unit, by which a permission was given (`people.permissions.require`);
    the action log keeps them. They don't make somebody else of who acts.
    """

    kind: ActorKind
    id: int
    office: str = field(default="", compare=False)
    place: int | None = field(default=None, compare=False)

    @classmethod
    def user(cls, user_id: int) -> "Actor":
        return cls(ActorKind.USER, user_id)

    @classmethod
    def card(cls, household_id: int) -> "Actor":
        return cls(ActorKind.CARD, household_id)

    @property
    def user_id(self) -> int | None:
        return self.id if self.kind is ActorKind.USER else None


SYSTEM = Actor(ActorKind.SYSTEM, 0)
