"""Other points for an item of the frame, within the bounds that the frame sets (DOMAIN §4 "Inheritance"). Pure.

A change says points and nothing else: unit, caps, people, evidence, term and words are the frame's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

from xiangyue.catalogue.rules.figures import points_in, shape_of
from xiangyue.catalogue.rules.model import FramePoints, Item
from xiangyue.catalogue.rules.terms import MOST, demand

MOST_PERCENT: Final = 100
_NO_SAY: Final = ("number", "title", "local", "frame", "worth", "sharing")


@dataclass(frozen=True, slots=True)
class PointBounds:
    """How far a village may move the points of the frame's items; every bound that is given holds.

    number: of the one item that is meant; category (and family, where several have a category of that name): of the
    items that are; all of them empty: every item. low, high: between which centipoints they stay, both included.
    by: how many centipoints, percent: how many hundredths of the frame's points they may go up or down.
    """

    number: str = ""
    category: str = ""
    family: str = ""
    low: int | None = None
    high: int | None = None
    by: int | None = None
    percent: int | None = None

    def __post_init__(self) -> None:
        demand(not (self.number and self.category), "change-of-what")
        demand(bool(self.category) or not self.family, "change-of-what")
        demand((self.low, self.high, self.by, self.percent) != (None,) * 4, "change-without-bound")
        for bound in (self.low, self.high, self.by):
            demand(bound is None or 0 < bound <= MOST, "points-out-of-bounds")
        demand(self.low is None or self.high is None or self.low <= self.high, "range-backwards")
        demand(self.percent is None or 0 < self.percent <= MOST_PERCENT, "change-percent")

    @property
    def whom(self) -> tuple[str, str, str]:
        """What they are about."""
        return self.number, self.category, self.family

    def meant(self, item: Item) -> bool:
        """Tell whether an item is among those that they are about."""
        if self.number:
            return self.number == item.number
        return (self.category in ("", item.category)) and (self.family in ("", item.family))

    def allows(self, frame: int, points: int) -> bool:
        """Tell whether points may stand where the frame has others."""
        moved = abs(points - frame)
        return (
            (self.low is None or self.low <= points)
            and (self.high is None or points <= self.high)
            and (self.by is None or moved <= self.by)
            and (self.percent is None or moved * 100 <= frame * self.percent)
        )


def bounds_on(item: Item, several: Iterable[PointBounds]) -> PointBounds | None:
    """Give the bounds that hold for an item: of those about it, the narrowest; None where it can't be changed."""
    about = [bounds for bounds in several if bounds.meant(item)]
    return max(about, key=lambda bounds: [bool(word) for word in bounds.whom], default=None)


def changed(frame: Item, item: Item) -> Item:
    """Give the frame's item with the points of another, and all else its own."""
    roles = replace(frame.sharing, roles=item.sharing.roles)
    points = FramePoints(frame.worth, frame.sharing.roles)
    return replace(frame, worth=item.worth, sharing=roles, local=False, frame=points)


def same_points(frame: Item, item: Item) -> bool:
    """Tell whether an item says the same points as the frame's."""
    return (frame.worth, frame.sharing.roles) == (item.worth, item.sharing.roles)


def said_otherwise(frame: Item, item: Item, blank: Item) -> Iterator[str]:
    """Name the fields in which an item contradicts the frame's, but for the points. blank: what saying nothing gives.

    worth: it counts something else, or otherwise.
    """
    if shape_of((frame.worth, frame.sharing.roles)) != shape_of((item.worth, item.sharing.roles)):
        yield "worth"
    said, above, silent = item.sharing, frame.sharing, blank.sharing
    if said.split not in (above.split, silent.split) or said.to not in (above.to, silent.to):
        yield "sharing"
    for field in fields(Item):
        if field.name in _NO_SAY:
            continue
        mine = getattr(item, field.name)
        if mine != getattr(frame, field.name) and mine != getattr(blank, field.name):
            yield field.name


def beyond_change(item: Item, several: Iterable[PointBounds]) -> str | None:
    """Say what keeps a changed item from standing beside the frame; None where nothing does.

    points-not-changeable: the frame lets nobody change it, or it has no points; changes-more-than-points: it says
    otherwise what is counted, not only how much; points-changed-too-far.
    """
    assert item.frame is not None
    bounds = bounds_on(item, several)
    before = (item.frame.worth, item.frame.roles)
    after = (item.worth, item.sharing.roles)
    pairs = list(zip(points_in(before), points_in(after), strict=False))
    if bounds is None or not pairs:
        return "points-not-changeable"
    if shape_of(before) != shape_of(after):
        return "changes-more-than-points"
    if not all(_allowed(bounds, frame, points) for frame, points in pairs):
        return "points-changed-too-far"
    return None


def _allowed(bounds: PointBounds, frame: int | None, points: int | None) -> bool:
    if frame is None or points is None:
        return frame is points
    return frame == points or bounds.allows(frame, points)
