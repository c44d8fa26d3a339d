"""What holds for a whole scheme beside its items: limits, base, balances, grades, redemption, the way. Pure data."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from xiangyue.catalogue.rules.balances import Base, Clearing, GiftRatio
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.model import Category, Item, Limit
from xiangyue.catalogue.rules.redeeming import Benefit, Bundle, Door, Rate
from xiangyue.catalogue.rules.standing import Grades, Threshold
from xiangyue.catalogue.rules.terms import Layer, Trait, demand

SATURDAY = 5


class Together(Enum):
    """What makes people one household."""

    REGISTER = "register"
    LIVING = "living"
    EITHER = "either"


class Stage(Enum):
    """A stage on a deed's way to being decided (DOMAIN §3)."""

    SELF = "self"
    PEERS = "peers"
    GROUP_LEADER = "group_leader"
    COMMITTEES = "committees"
    MEETING = "meeting"
    ASSEMBLY = "assembly"
    ADMINISTRATOR = "administrator"
    GRID_LEADER = "grid_leader"
    WORKING_GROUP = "working_group"
    TOWN = "town"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Way:
    """How deeds are decided. notice_days: of the calendar; objection_days: working days in which an objection is
    answered, the entry marked meanwhile where `marked`. strike_days: in which a resident may have an own award
    struck. forwarded: events elsewhere go to the home village."""

    stages: tuple[Stage, ...] = (Stage.SELF, Stage.PEERS, Stage.MEETING, Stage.NOTICE)
    notice_days: int = 5
    objection_days: int = 5
    marked: bool = True
    strike_days: int = 0
    forwarded: bool = False

    def __post_init__(self) -> None:
        demand(bool(self.stages) and len(set(self.stages)) == len(self.stages), "stages")
        demand(3 <= self.notice_days <= 15, "notice-days")  # DOMAIN §3
        demand(0 < self.objection_days <= 60 and 0 <= self.strike_days <= 60, "days-out-of-bounds")

    def may_strike(self, entered: date, day: date) -> bool:
        """Whether a resident may still have an award struck that was entered on a day."""
        return entered <= day < entered + timedelta(days=self.strike_days)

    def answer_by(self, objected: date, holidays: frozenset[date] = frozenset()) -> date:
        """Give the last day to answer an objection: working days after it, without weekends and holidays."""
        day, left = objected, self.objection_days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY and day not in holidays
        return day


@dataclass(frozen=True, slots=True)
class Scheme:
    """All that a catalogue says beside its items.

    account: what a point is called (分, 山药豆). limits: of Layer.ALL: a household's caps, budgets on what may be
    issued. floor: below which no balance goes, None where it may be negative. gift_ratios: by kind of subject, ""
    for everyone else. excluded: who is outside of every item (`narrowed`).
    """

    account: str = "分"
    categories: tuple[Category, ...] = ()
    limits: tuple[Limit, ...] = ()
    base: Base | None = None
    floor: int | None = 0
    clearing: Clearing | None = None
    gift_ratios: tuple[tuple[str, GiftRatio], ...] = ()
    excluded: frozenset[Trait] = frozenset()
    household: Together = Together.EITHER
    grades: Grades | None = None
    thresholds: tuple[Threshold, ...] = ()
    local: LocalBounds = field(default_factory=LocalBounds)
    way: Way = Way()
    rate: Rate | None = None
    bundles: tuple[Bundle, ...] = ()
    door: Door = field(default_factory=Door)
    benefits: tuple[Benefit, ...] = ()
    cards: Grades | None = None

    def __post_init__(self) -> None:
        demand(all(limit.layer is Layer.ALL for limit in self.limits), "limit-of-another-layer")
        demand(len({limit.rank for limit in self.limits}) == len(self.limits), "limit-twice")
        names = [(category.family, category.name) for category in self.categories]
        demand(len(set(names)) == len(names), "category-twice")

    def limits_beside(self, item: Item) -> tuple[Limit, ...]:
        """Give the limits that hold for an item beside its own: its category's, then the scheme's."""
        own = [
            category
            for category in self.categories
            if (category.family, category.name) == (item.family, item.category)
        ]
        return (*(limit for category in own for limit in category.all_limits), *self.limits)

    def narrowed(self, item: Item) -> Item:
        """Give an item with those outside whom the scheme leaves outside of everything."""
        return replace(item, excluded=item.excluded | self.excluded) if self.excluded else item

    def gift_ratio(self, kinds: frozenset[str]) -> GiftRatio | None:
        """Give the ratio for a subject of these kinds; the first that fits."""
        return next((ratio for kind, ratio in self.gift_ratios if not kind or kind in kinds), None)
