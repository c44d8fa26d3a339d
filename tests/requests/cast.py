"""Who answers complaints in the tests: the cast's village lies in 苍城镇, which is the top of this county's tree."""

from dataclasses import dataclass
from typing import Any

from tests.cast import TODAY, Cast
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.requests.models import Complaint, ComplaintKind
from xiangyue.requests.operations import lodge_complaint, new_token
from xiangyue.users.operations import create_user


@dataclass(frozen=True)
class Offices:
    """The levels of the tree, and who sits in the leading group at its top (谋全局)."""

    cast: Cast
    town: Unit
    grid: Unit
    leader: Actor

    @classmethod
    def filled(cls, cast: Cast) -> "Offices":
        town = Unit.objects.get(parent=None)
        leader = create_user(login="谋全局", name="谋全局")
        appoint(actor=SYSTEM, user_id=leader.pk, office=Office.LEADING_GROUP, unit_id=town.pk, since=TODAY)
        grid = cast.household("018").unit.parent
        assert grid
        return cls(cast, town, grid, Actor.user(leader.pk))

    @property
    def village(self) -> Unit:
        return self.cast.village

    def complain(self, about: Unit | None = None, **facts: Any) -> Complaint:
        """Complain about the village, or another unit, without a name."""
        given: dict[str, Any] = {
            "actor": None,
            "unit_id": (about or self.village).pk,
            "kind": ComplaintKind.STAFF,
            "text": "叫我们都去装软件",
            "token": new_token(),
        }
        return lodge_complaint(**{**given, **facts})
