"""What a preset says: a scheme's rules, and what it needs beside them, as its TOML file has it (docs/presets.md).

The fields stand as the file's keys stand. Points are centipoints and money is fen; the file writes points and yuan.
"""

from dataclasses import dataclass, field
from enum import Enum

from xiangyue.catalogue.rules.scheme import Scheme, Stage
from xiangyue.catalogue.rules.terms import Bar, Subject, Window, demand
from xiangyue.catalogue.rules.times import ForGood, Term
from xiangyue.people.models import Body, Level
from xiangyue.people.offices import Office
from xiangyue.people.operations.register import RegisteredOffice, RegisteredSeat


class Goods(Enum):
    """Kinds of what a points shop gives."""

    DAILY = "daily"
    FARMING = "farming"
    SCHOOL = "school"
    SPECIAL = "special"
    SERVICE = "service"


class ShopMode(Enum):
    """Who runs a points shop."""

    MARKET = "market"
    MIXED = "mixed"
    COLLECTIVE = "collective"
    SPONSORED = "sponsored"
    OPERATOR = "operator"


class ShopPlace(Enum):
    """Where points are redeemed."""

    ROOM = "room"
    IDLE_HOUSE = "idle_house"
    CONTAINER = "container"
    VEHICLE = "vehicle"


class Partner(Enum):
    """Who else takes points, or gives something for them."""

    BANK = "bank"
    TELECOM = "telecom"
    FILLING_STATION = "filling_station"
    SUPPLY_COOP = "supply_coop"
    MERCHANT = "merchant"


class Figure(Enum):
    """By what groups are compared."""

    TOTAL = "total"
    AVERAGE = "average"


class HonourKind(Enum):
    """How an honour is shown."""

    TITLE = "title"
    STAR = "star"
    PLAQUE = "plaque"
    BOARD = "board"


class Effect(Enum):
    """What a consequence does: bars something for a term, makes a reward smaller, or only shows a colour."""

    BAR = "bar"
    LESS = "less"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what happens. None: not at fixed times (redeemed), or not at all."""

    scored: Window = Window.MONTH
    noticed: Window = Window.MONTH
    redeemed: Window | None = None
    compared: Window | None = None
    ranked: Window | None = Window.YEAR
    reviewed: Window | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """Words of the place. board: at the head of the notice board. point: how points are called in a sentence (积分,
    山药豆). card, shop: the household's card and the shop. bodies: what the place calls its bodies."""

    board: str
    point: str = "积分"
    card: str = "积分卡"
    shop: str = "积分超市"
    bodies: dict[Body, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shops:
    """What is redeemed, where and by whom. only_these: other kinds of goods are not allowed at all."""

    goods: tuple[Goods, ...] = (Goods.DAILY,)
    only_these: bool = False
    modes: tuple[ShopMode, ...] = (ShopMode.COLLECTIVE,)
    places: tuple[ShopPlace, ...] = (ShopPlace.ROOM,)
    partners: tuple[Partner, ...] = ()

    def __post_init__(self) -> None:
        demand(bool(self.goods and self.modes and self.places), "shops-without-anything")


@dataclass(frozen=True, slots=True)
class Fund:
    """Where the money comes from. per_household: fen per household and year, None where nothing is set."""

    sources: tuple[str, ...] = ()
    per_household: int | None = None


@dataclass(frozen=True, slots=True)
class Medal:
    """A band of the comparison: the best so many per cent that no band above it holds, and what they get."""

    name: str
    up_to: int
    points: int = 0

    def __post_init__(self) -> None:
        demand(0 < self.up_to <= 100, "percent-out-of-bounds")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units compared with each other by their households' points (DOMAIN §6). confirmed_by: the stage that does.

    Points of a medal go to the unit and are divided equally among its households.
    """

    levels: tuple[Level, ...]
    window: Window
    medals: tuple[Medal, ...]
    figure: Figure = Figure.TOTAL
    confirmed_by: Stage = Stage.MEETING

    def __post_init__(self) -> None:
        demand(bool(self.levels), "comparison-of-nothing")
        bounds = [medal.up_to for medal in self.medals]
        demand(bool(bounds) and bounds == sorted(set(bounds)), "medals-not-rising")


@dataclass(frozen=True, slots=True)
class Leaders:
    """Whose points are in part their own and in part the average of the households in their care, in per cent."""

    offices: tuple[Office, ...]
    own: int = 50

    def __post_init__(self) -> None:
        demand(bool(self.offices), "leaders-of-nothing")
        demand(0 < self.own < 100, "percent-out-of-bounds")


@dataclass(frozen=True, slots=True)
class Honour:
    """A title, star, plaque or board. points: of the window from which on it is given; best: so many per cent of
    the best; None for what is given by decision alone. term: how long it is held."""

    name: str
    kind: HonourKind
    subject: Subject = Subject.HOUSEHOLD
    points: int | None = None
    best: int | None = None
    window: Window = Window.YEAR
    term: Term | None = None
    text: str = ""

    def __post_init__(self) -> None:
        demand(self.best is None or 0 < self.best <= 100, "percent-out-of-bounds")


@dataclass(frozen=True, slots=True)
class Sanction:
    """A consequence (后果) beside points. CONDUCT: basis, term and repair are never left out; none begins by itself.

    reason: for what. bars: of Effect.BAR. percent: by how much a reward is smaller, of Effect.LESS. approvals: how
    many have to agree. public: shown outside the household; off unless the county says otherwise.
    """

    name: str
    effect: Effect
    reason: str
    term: Term
    basis: str
    repair: str
    bars: frozenset[Bar] = frozenset()
    percent: int = 0
    approvals: int = 2
    public: bool = False

    def __post_init__(self) -> None:
        demand(bool(self.basis.strip() and self.repair.strip()), "sanction-without-grounds")
        demand(not isinstance(self.term, ForGood), "sanction-without-end")
        demand(bool(self.bars) == (self.effect is Effect.BAR), "sanction-of-what")
        demand(bool(self.percent) == (self.effect is Effect.LESS), "sanction-of-what")
        demand(0 <= self.percent <= 100, "percent-out-of-bounds")
        demand(1 <= self.approvals <= 3, "approvals-out-of-bounds")
        demand(not self.public or self.approvals >= 2, "sanction-shown-by-one")


@dataclass(frozen=True)
class Preset:
    """One ready scheme.

    key: the name of its file. admit_at_founding: whether every judging unit issues points from the first day, or
    joins step by step. retention_years: how long data is kept after somebody has left. steps: what each stage of
    scheme.way is at the place. deductions_through: the one stage that may bring a deduction, where there is one.
    catalogue: the table in the form that RULES describes. source: the TOML file as it was written.
    """

    name: str
    summary: str
    judging_level: Level
    quorum_percent: int
    admit_at_founding: bool
    catalogue_name: str
    catalogue_file: str
    texts: Texts
    offices: tuple[RegisteredOffice, ...]
    seats: tuple[RegisteredSeat, ...]
    keeps_id_numbers: bool = False
    retention_years: int = 3
    deductions_through: Stage | None = None
    rhythm: Rhythm = Rhythm()
    shops: Shops = Shops()
    fund: Fund = Fund()
    steps: dict[Stage, str] = field(default_factory=dict)
    comparison: Comparison | None = None
    leaders: Leaders | None = None
    scheme: Scheme = field(default_factory=Scheme)
    honours: tuple[Honour, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    key: str = ""
    catalogue: bytes = field(default=b"", repr=False)
    source: bytes = field(default=b"", compare=False, repr=False)

    def __post_init__(self) -> None:
        texts = (self.name, self.summary, self.catalogue_name, self.texts.board)
        demand(all(text.strip() == text != "" for text in texts), "preset-text-empty")
        demand(0 < self.quorum_percent <= 100, "quorum-out-of-bounds")
        demand(1 <= self.retention_years <= 30, "retention-out-of-bounds")
        demand(bool(self.offices), "no-offices")

    @property
    def notice_days(self) -> int:
        return self.scheme.way.notice_days

    @property
    def unit_word(self) -> str:
        """What a point is called."""
        return self.scheme.account
