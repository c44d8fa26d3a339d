"""Short ways of objecting, for tests."""

from collections.abc import Sequence

from tests.cast import Cast
from tests.scoring.cast import (
    actor,
    household,
)
from xiangyue.kernel.actors import Actor
from xiangyue.scoring.models import (
    Notice,
    Objection,
    ObjectionKind,
    ObjectionState,
    ObjectionWay,
)
from xiangyue.scoring.operations.objections import (
    Target,
    admit_objection,
    dismiss_objection,
    lodge_objection,
    uphold_objection,
)

OPEN, UPHELD, DISMISSED = ObjectionState.OPEN, ObjectionState.UPHELD, ObjectionState.DISMISSED
SUPERVISOR, OFFICIAL = "竹有节", "云帆远"


def lodge(
    cast: Cast,
    target: Target,
    *,
    by: Actor | None = None,
    of: str = "018",
    text: str = "那天我去了",
    key: str = "",
    way: ObjectionWay | None = None,
    is_named: bool = False,
    kind: ObjectionKind | None = None,
    photos: Sequence[tuple[str, bytes]] = (),
) -> Objection:
    """Object for a household; it does so itself by its card unless somebody else is named."""
    of_household = household(cast.village, of)
    return lodge_objection(
        actor=by or Actor.card(of_household.pk),
        target=target,
        household_id=of_household.pk,
        text=text,
        key=key or f"{target.pk}:{of}:{type(target).__name__}",
        way=way,
        is_named=is_named,
        kind=kind,
        photos=photos,
    )


def dismiss(objection: Objection, *, by: str = SUPERVISOR) -> Objection:
    return dismiss_objection(actor=actor(by), objection_id=objection.pk, answer="签到表上没有")


def admit(objection: Objection, *, by: str = SUPERVISOR) -> Objection:
    return admit_objection(actor=actor(by), objection_id=objection.pk)


def uphold(objection: Objection, corrections: dict[int, int], *, by: str = SUPERVISOR) -> Notice:
    answered, edition = uphold_objection(
        actor=actor(by), objection_id=objection.pk, answer="确实记错了", corrections=corrections
    )
    assert answered.state == UPHELD
    return edition
