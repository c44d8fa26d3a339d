"""A catalogue's item (指标, one version of an indicator) with all that RULES lets it say. Pure.

The parts live in their own modules and are gathered here: `terms` (words), `times` (spans and terms), `worth`
(value forms). What holds for the whole scheme (base, floors, balances, grades) is in `scheme`.
Everything is frozen and checked when it is made; what contradicts itself raises BadRule with a code.
"""

from dataclasses import dataclass
from typing import get_args

from xiangyue.catalogue.rules.terms import (
    MOST,
    MOST_FACTOR,
    MOST_TIMES,
    Balance,
    Circumstance,
    Counting,
    Direction,
    Layer,
    Level,
    Proof,
    Receiver,
    Side,
    Split,
    Subject,
    Trait,
    Whose,
    Window,
    demand,
)
from xiangyue.catalogue.rules.times import ForGood, Span, Term
from xiangyue.catalogue.rules.worth import (
    MOST_AMOUNT,
    MOST_ROWS,
    UNIT_LENGTH,
    Both,
    ByAnalogy,
    ByKind,
    Cell,
    Downgrade,
    FromFull,
    Plain,
    Reset,
    Veto,
    Worth,
)

Rank = tuple[int, ...]
_LAYERS, _WINDOWS, _COUNTINGS, _WHOSE, _SIDES = (
    tuple(words) for words in (Layer, Window, Counting, Whose, Side)
)
_FORMS = {
    Direction.AWARD: (*get_args(Plain), ByKind, ByAnalogy),
    Direction.DEDUCTION: (*get_args(Plain), ByKind, ByAnalogy),
    Direction.BOTH: (Both, ByAnalogy),
    Direction.BASE: (*get_args(Plain), ByKind, FromFull),
    Direction.RESET: (Reset,),
    Direction.DOWNGRADE: (Downgrade,),
    Direction.VETO: (Veto,),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that counts (上限).

    amount: times, centipoints, or base units of the item's quantity, as `counting` says. A slot (这一项两个月评
    一次) is one time in its window. whose: whose deeds count together; beyond the household it is a quota (每组
    每年1户), and in points over all items a budget. layer: which items count together. side: which side is
    limited; EACH limits awards and deductions each apart.

    What counts a category together belongs to the Category, what counts everything together to the Scheme; where
    an item's own row says so (本类每月10分), it cuts that item's deeds by what the others have counted too.
    """

    counting: Counting
    amount: int
    window: Window
    whose: Whose = Whose.HOUSEHOLD
    layer: Layer = Layer.ITEM
    side: Side = Side.EACH

    def __post_init__(self) -> None:
        most = {Counting.TIMES: MOST_TIMES, Counting.POINTS: MOST, Counting.AMOUNT: MOST_AMOUNT}[
            self.counting
        ]
        if self.whose not in (Whose.PERSON, Whose.HOUSEHOLD, Whose.FAMILY_MEMBER):
            most *= 1_000_000  # a county's budget
        demand(0 < self.amount <= most, "limit-out-of-bounds", str(self.amount))
        demand(self.counting is not Counting.TIMES or self.window is not Window.TIME, "times-per-time")
        demand(self.counting is not Counting.AMOUNT or self.layer is Layer.ITEM, "amount-over-items")

    @property
    def shared(self) -> bool:
        """Whether other households' deeds count too: a quota or a budget."""
        return self.whose in (Whose.GROUP, Whose.GRID, Whose.VILLAGE, Whose.EVERYONE)

    @property
    def rank(self) -> Rank:
        """Its place in the order of clamping, and its kind: two limits of one rank are versions of each other.

        Item, category, household; then what is shared with others. In each the narrow windows first, in a window
        times before points and a person's before the household's.
        """
        places = (_LAYERS, _WINDOWS, _COUNTINGS, _WHOSE, _SIDES)
        words = (self.layer, self.window, self.counting, self.whose, self.side)
        return (int(self.shared), *(order.index(word) for order, word in zip(places, words, strict=True)))


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Multiplies the points where a circumstance holds. factor: in hundredths, 200 is double.

    kind: the subject's kind, for Circumstance.KIND alone. side: where it works.
    """

    when: Circumstance
    factor: int
    side: Side = Side.EACH
    kind: str = ""

    def __post_init__(self) -> None:
        demand(0 < self.factor <= MOST_FACTOR, "factor-out-of-bounds", str(self.factor))
        demand(self.factor != 100, "factor-of-one")
        demand(bool(self.kind) == (self.when is Circumstance.KIND), "multiplier-kind")


@dataclass(frozen=True, slots=True)
class Season:
    """Within a span other points hold: a factor in hundredths (农忙×1.5 is 150), or a worth of their own.

    Of an item's seasons the first that holds the day counts. name: as the village calls it (农忙).
    """

    span: Span
    name: str = ""
    factor: int = 100
    worth: Plain | None = None

    def __post_init__(self) -> None:
        demand(0 < self.factor <= MOST_FACTOR, "factor-out-of-bounds", str(self.factor))
        demand((self.worth is None) != (self.factor == 100), "season-changes-what")


@dataclass(frozen=True, slots=True)
class RolePoints:
    """What one role gets or loses where an event counts differently for several people (书记5、主任3)."""

    role: str
    worth: Cell

    def __post_init__(self) -> None:
        demand(0 < len(self.role) <= 60, "role-name")


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who gets a deed's points, and how they are divided.

    to: beside or instead of the doer: {DOER, PARENTS} is 本人和父母, {HEAD} charges the head of the household,
    {PARENTS, SPOUSE, CHILDREN} is 加给亲属. roles: for Split.BY_ROLE alone; they stand in for the item's worth.
    """

    split: Split = Split.EACH
    to: frozenset[Receiver] = frozenset({Receiver.DOER})
    roles: tuple[RolePoints, ...] = ()

    def __post_init__(self) -> None:
        demand(bool(self.to), "nobody-receives")
        demand(bool(self.roles) == (self.split is Split.BY_ROLE), "sharing-roles")
        demand(len(self.roles) <= MOST_ROWS, "table-rows")
        demand(len({row.role for row in self.roles}) == len(self.roles), "row-twice")


@dataclass(frozen=True, slots=True)
class ValidityRow:
    """How long an entry counts that is no larger than `up_to` centipoints (a magnitude) and of the level.

    None: of any size, of any level.
    """

    term: Term
    up_to: int | None = None
    level: Level | None = None

    def __post_init__(self) -> None:
        demand(self.up_to is None or 0 < self.up_to <= MOST, "points-out-of-bounds")


@dataclass(frozen=True, slots=True)
class Validity:
    """How long an entry counts; the first row that fits it says so, and without one it counts for good."""

    rows: tuple[ValidityRow, ...] = (ValidityRow(ForGood()),)

    def __post_init__(self) -> None:
        demand(0 < len(self.rows) <= MOST_ROWS, "table-rows")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that it happened. text: as the village wrote it. Nothing demanded is allowed (CONDUCT "No burden")."""

    proofs: frozenset[Proof] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class FramePoints:
    """The points that the frame gives an item where a village has changed them."""

    worth: Worth
    roles: tuple[RolePoints, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One version of an indicator.

    unit: what one deed is called where nothing is counted (每次, 每项). minimum: what an award is raised to at
    least, centipoints; 0 for none. spans: when the item applies at all; empty means always, so that a temporary
    item has one. only_kinds: kinds of subject that it is for (贫困户); empty means all. excluded: who stays
    outside. credits: which balances an award goes to. rivals: name of a group of items under which the same fact
    counts once, by the highest. local: added by the village within the frame's bounds. frame: what the frame says of
    an item whose points the village changed; None of all others. median_of: how many judges score, their median
    counts; 1 is a meeting's one figure. brought_by to remarks: as the village wrote them.
    """

    number: str
    title: str
    direction: Direction
    worth: Worth
    category: str = ""
    family: str = ""
    unit: str = "次"
    subject: Subject = Subject.HOUSEHOLD
    limits: tuple[Limit, ...] = ()
    minimum: int = 0
    multipliers: tuple[Multiplier, ...] = ()
    seasons: tuple[Season, ...] = ()
    spans: tuple[Span, ...] = ()
    validity: Validity = Validity()
    only_kinds: frozenset[str] = frozenset()
    excluded: frozenset[Trait] = frozenset()
    sharing: Sharing = Sharing()
    credits: frozenset[Balance] = frozenset({Balance.SPENDABLE, Balance.HONOUR})
    rivals: str = ""
    local: bool = False
    frame: FramePoints | None = None
    median_of: int = 1
    evidence: Evidence = Evidence()
    brought_by: str = ""
    verified_by: str = ""
    approved_by: str = ""
    basis: str = ""
    term: str = ""
    repair: str = ""
    remarks: str = ""

    def __post_init__(self) -> None:
        demand(0 < len(self.title) <= 200 and len(self.number) <= 20, "item-title", self.title)
        demand(0 < len(self.unit) <= UNIT_LENGTH, "unit-name", self.unit)
        demand(isinstance(self.worth, _FORMS[self.direction]), "form-does-not-fit-direction")
        demand(0 <= self.minimum <= MOST, "points-out-of-bounds")
        demand(0 < self.median_of <= 99 and self.median_of % 2 == 1, "even-judges")
        demand(bool(self.credits), "credits-nothing")
        rules = {(rule.when, rule.kind, rule.side) for rule in self.multipliers}
        demand(len(rules) == len(self.multipliers), "multiplier-twice")
        one_form = self.direction is not Direction.BOTH and not isinstance(self.worth, ByAnalogy)
        if not one_form or self.sharing.split is Split.BY_ROLE:
            demand(all(season.worth is None for season in self.seasons), "season-of-two-sides")
        self._check_events()
        _no_limit_twice(self.limits)

    def _check_events(self) -> None:
        if self.direction in (Direction.RESET, Direction.DOWNGRADE, Direction.VETO):
            plain = not (self.limits or self.minimum or self.multipliers or self.seasons or self.rivals)
            demand(plain, "event-has-no-points")
        if self.direction is Direction.DEDUCTION:
            demand(not self.minimum, "minimum-of-a-deduction")


@dataclass(frozen=True, slots=True)
class Category:
    """A grouping of items (板块) and what holds for them together.

    limits: of Layer.CATEGORY. base: full marks that every subject starts a `window` with, from which the section
    only deducts, never below zero (五项各10分，只扣不加，扣完为止); None for a section without. score: the type of
    score that it feeds (信用分), where a scheme has several.
    """

    name: str
    family: str = ""
    limits: tuple[Limit, ...] = ()
    base: int | None = None
    window: Window = Window.YEAR
    score: str = ""

    def __post_init__(self) -> None:
        demand(all(limit.layer is Layer.CATEGORY for limit in self.limits), "limit-of-another-layer")
        demand(self.base is None or 0 < self.base <= MOST, "points-out-of-bounds")
        demand(self.window not in (Window.TIME, Window.ACTIVITY), "base-without-window")
        _no_limit_twice(self.all_limits)

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """The limits, and the one that follows from full marks: no more is deducted than there was."""
        if self.base is None:
            return self.limits
        full = Limit(Counting.POINTS, self.base, self.window, Whose.HOUSEHOLD, Layer.CATEGORY, Side.DEDUCTION)
        return (*self.limits, full)


def _no_limit_twice(limits: tuple[Limit, ...]) -> None:
    demand(len({limit.rank for limit in limits}) == len(limits), "limit-twice")
