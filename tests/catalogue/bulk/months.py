"""Random catalogues with every form, and random months under them: catalogues drawn, shares dealt from a seed.

A share takes hundreds of draws that hypothesis would have to keep apart; a seed and a number of shares are two.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.catalogue.rules.test_sets import bands, fixed, limits, multipliers, per_hour, small, tables
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.forms import by_amount, choices, rounded
from xiangyue.catalogue.rules.judging import worth_of
from xiangyue.catalogue.rules.model import Item, Multiplier, RolePoints, Season, Sharing
from xiangyue.catalogue.rules.sets import Share
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Direction,
    Layer,
    Level,
    Severity,
    Side,
    Split,
    Subject,
    Trait,
)
from xiangyue.catalogue.rules.times import Dates, Lasting, Span, Yearly
from xiangyue.catalogue.rules.worth import (
    YUAN,
    Band,
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    FromFull,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Plain,
    Range,
    Ranks,
    Reset,
    Severities,
    StepTable,
    Table,
    Veto,
)
from xiangyue.kernel.refusals import Refusal

KINDS = ("贫困户", "光荣户", "军属")
ROLES = ("书记", "主任")
NAMES = ("考上本科", "考上专科")
FIRST = date(2026, 9, 1)

cells = st.one_of(
    fixed,
    st.just(Range(1, 5000)),
    st.just(Discretion(10, 900)),
    st.builds(CaseByCase, st.sampled_from([None, 1, 800]), st.sampled_from([None, 800, 2000])),
)
table_forms: st.SearchStrategy[Table] = st.one_of(
    st.builds(lambda one, other: Levels(((Level.VILLAGE, one), (Level.COUNTY, other))), cells, cells),
    st.builds(lambda one, other: Ranks(((1, one), (2, other))), cells, cells),
    st.builds(
        lambda one, other: LevelRanks(((Level.VILLAGE, (one,)), (Level.COUNTY, (other, one)))), cells, cells
    ),
    st.builds(lambda one, other: Severities(((Severity.COMMON, one), (Severity.GRAVE, other))), cells, cells),
    st.builds(lambda one, other: Named(((NAMES[0], one), (NAMES[1], other))), cells, cells),
)
whole_bands = st.builds(
    lambda per, worth, parts: Bands(
        YUAN,
        (Band(0, 300, per, worth, False), Band(400, 800, per + 7, worth), Band(800, None, 3, 1, False)),
        parts,
    ),
    st.integers(1, 200),
    small,
    st.booleans(),
)
quantities = st.one_of(per_hour, bands, whole_bands, tables)
plain: st.SearchStrategy[Plain] = st.one_of(cells, quantities, quantities, table_forms)
by_kind = st.builds(
    lambda one, other, rest: ByKind(((KINDS[0], one), (KINDS[1], other)), rest),
    plain,
    plain,
    st.none() | plain,
)
full_marks = st.builds(FromFull, st.integers(1000, 5000), st.none() | plain)
events = st.one_of(
    st.builds(Reset, st.just(Layer.ALL), st.sampled_from([0, 1000]), st.sampled_from([None, 600])),
    st.just(Veto(Lasting(years=1))),
    st.just(Downgrade(steps=1)),
)
any_multipliers = st.lists(
    st.one_of(
        st.builds(
            Multiplier,
            st.sampled_from([when for when in Circumstance if when is not Circumstance.KIND]),
            st.sampled_from([33, 150, 200]),
            st.sampled_from(Side),
        ),
        st.builds(
            Multiplier,
            st.just(Circumstance.KIND),
            st.sampled_from([50, 125]),
            st.sampled_from(Side),
            st.sampled_from(KINDS),
        ),
    ),
    max_size=4,
    unique_by=lambda rule: (rule.when, rule.kind, rule.side),
).map(tuple)
spans: st.SearchStrategy[Span] = st.sampled_from(
    [Yearly((10, 1), (11, 15)), Yearly((11, 20), (9, 10)), Dates(date(2026, 9, 20), None), Dates(None, FIRST)]
)


@st.composite
def seasons(draw: st.DrawFn, own_worth: bool) -> tuple[Season, ...]:
    found = [Season(draw(spans), "农忙", draw(st.sampled_from([33, 150])))]
    if own_worth:
        found.insert(draw(st.integers(0, 1)), Season(draw(spans), "冬闲", worth=draw(plain)))
    return tuple(found[: draw(st.integers(0, 2))])


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    direction = draw(st.sampled_from([Direction.AWARD, Direction.DEDUCTION, Direction.BOTH, *Direction]))
    title, category = f"第{number}项", draw(st.sampled_from(["环境", "家风"]))
    if direction in (Direction.RESET, Direction.VETO, Direction.DOWNGRADE):
        event = draw(events)
        kind = {Reset: Direction.RESET, Veto: Direction.VETO, Downgrade: Direction.DOWNGRADE}[type(event)]
        return Item(str(number), title, kind, event, category=category)
    forms: Any = st.one_of(plain, by_kind, st.just(ByAnalogy(draw(st.sampled_from(["", "", "0"])))))
    if direction is Direction.BASE:
        forms = st.one_of(plain, by_kind, full_marks)
    if direction is Direction.BOTH:
        forms = st.one_of(st.builds(Both, plain, st.one_of(plain, by_kind)), st.just(ByAnalogy()))
    worth, split = draw(forms), draw(st.sampled_from([Split.EACH, *Split]))
    roles = tuple(RolePoints(role, draw(cells)) for role in ROLES) if split is Split.BY_ROLE else ()
    one_form = direction is not Direction.BOTH and not isinstance(worth, ByAnalogy) and not roles
    return Item(
        str(number),
        title,
        direction,
        worth,
        category=category,
        subject=draw(st.sampled_from([Subject.PERSON, Subject.HOUSEHOLD])),
        limits=draw(limits(draw(st.sampled_from([Layer.ITEM, Layer.ITEM, *Layer])))),
        minimum=0 if direction is Direction.DEDUCTION else draw(st.sampled_from([0, 0, 500])),
        multipliers=draw(st.one_of(multipliers, any_multipliers)),
        seasons=draw(seasons(one_form)),
        spans=draw(st.sampled_from([(), (), (Yearly((9, 1), (11, 30)),)])),
        only_kinds=frozenset(draw(st.sampled_from([(), (), KINDS[:2]]))),
        excluded=frozenset(draw(st.sampled_from([(), (), (Trait.STUDENT, Trait.ABSENT)]))),
        sharing=Sharing(split, roles=roles),
        rivals=draw(st.sampled_from(["", "同一件"])),
        median_of=draw(st.sampled_from([1, 1, 3])),
    )


@dataclass(frozen=True)
class Month:
    """rules: the catalogue by keys. shares: of one month or so. keys: under which rule each share stands, by its id;
    likes: of its like item, if any."""

    rules: dict[int, Rule]
    shares: list[Share]
    keys: dict[int, int]
    likes: dict[int, int]


@st.composite
def months(draw: st.DrawFn, most: int = 60) -> Month:
    """A random catalogue, some of its items in two versions, and shares under it."""
    catalogue = [draw(items(number)) for number in range(draw(st.integers(1, 5)))]
    catalogue += [draw(items(number)) for number in draw(st.lists(st.integers(0, 2), max_size=2))]
    by_category = {name: draw(limits(Layer.CATEGORY)) for name in ("环境", "家风")}
    everywhere = draw(limits(Layer.ALL))
    rules = {
        100 + place: Rule(item, (*by_category[item.category], *everywhere))
        for place, item in enumerate(catalogue)
    }
    dealer = Dealer(Random(draw(st.integers(0, 2**32))), rules, steady=draw(st.booleans()))
    return dealer.month(min(most, draw(st.sampled_from([0, 1, 2, 3, 5, 8, 13, 21, 40, 60, 60, 60]))))


def _may_be_like(item: Item) -> bool:
    scored = item.direction in (Direction.AWARD, Direction.DEDUCTION, Direction.BOTH)
    return scored and not isinstance(item.worth, ByAnalogy)


class Dealer:
    """Deals shares whose facts mostly fit their item, and now and then don't."""

    def __init__(self, random: Random, rules: dict[int, Rule], *, steady: bool) -> None:
        self.random, self.rules, self.steady = random, rules, steady
        self.spoilt = random.choice([0.0, 0.1, 0.1, 0.5])
        items = {key: rule.item for key, rule in rules.items()}
        self.alike = [key for key, item in items.items() if _may_be_like(item)] or list(rules)

    def month(self, count: int) -> Month:
        month = Month(self.rules, [], {}, {})
        for id in range(count):
            key = self.random.choice(list(self.rules))
            like = self.random.choice(self.alike if self.random.random() < 0.9 else [None, *self.rules])
            month.keys[id] = key
            if like is not None:
                month.likes[id] = like
            rule = self.rules[key]
            facts = self.facts(rule.item, None if like is None else self.rules[like].item)
            batch = self.random.randint(1, 3)
            month.shares.append(Share(batch, id, rule.item, facts, self.where(), rule.limits))
        return month

    def where(self) -> Where:
        household, pick = self.random.randint(1, 3), self.random.choice
        person = pick([None, 10 * household, 10 * household, 10 * household + 1, 99])
        return Where(
            household, person, pick([None, 1, 2]), pick([1, 2]), pick([None, 1, 1, 2]), pick(["", "奖状"])
        )

    def facts(self, item: Item, like: Item | None) -> Facts:
        random, pick = self.random, self.random.choice
        participants = random.randint(1, 3)
        known: dict[str, Any] = {
            "side": pick([Side.AWARD, Side.DEDUCTION]),
            "kinds": frozenset(random.sample(KINDS, pick([0, 1, 1, 2]))),
            "traits": frozenset({pick(list(Trait))} if random.random() < 0.4 else ()),
            "repeated": pick([True, False]),
            "began": pick([None, date(2026, 9, 20), date(2026, 8, 31)]),
            "members": 3 if self.steady else random.randint(1, 4),
            "activity": pick(["", "清淤", "植树"]),
            "balance": 4000,
            "participants": participants,
            "place": random.randrange(participants),
            "like": like,
            "faulty": pick([True, False]),
            "corrected": pick([True, False]),
            "role": pick(ROLES),
            "level": pick([Level.VILLAGE, Level.COUNTY]),
            "rank": 1,
            "severity": pick([Severity.COMMON, Severity.GRAVE]),
            "row": pick(NAMES),
            "reason": "大家都看见了",
        }
        day = FIRST + timedelta(days=random.randint(0, 100))
        known |= self.figures(item, Facts(day, **known))
        if random.random() < self.spoilt:
            known |= self.spoiling()
        return Facts(day, **known)

    def figures(self, item: Item, facts: Facts) -> dict[str, Any]:
        """Give the amount or the points that the item's form asks for with these facts."""
        try:
            worth = worth_of(item, facts)
        except Refusal:
            return {}
        if isinstance(worth, FromFull):
            if worth.fault is None:
                return {"chosen": self.random.choice([None, self.random.randint(0, worth.full)])}
            worth = worth.fault if facts.faulty else Fixed(1)
        if isinstance(worth, ByKind):
            worth = next((form for kind, form in worth.rows if kind in facts.kinds), worth.other or Fixed(1))
        if isinstance(worth, PerUnit | Bands | StepTable):
            amount = self.random.randint(1, 1000)
            return {"amount": amount} | self.parts(facts, rounded(by_amount(worth, amount)))
        if isinstance(worth, Table):
            worth = table_rows(worth)[0][1]
        if not isinstance(worth, Fixed | Range | Discretion | CaseByCase):
            return {}
        low, high = choices(worth)
        points = self.random.randint(low, min(high, 3000)) if low < high else low
        scores = tuple(self.random.randint(low, max(low, min(high, 900))) for _ in range(item.median_of))
        given = {"chosen": None if low == high else points, "scores": scores}
        return given | self.parts(facts, points)

    def parts(self, facts: Facts, total: int) -> dict[str, Any]:
        """Divide points as a meeting does that doesn't think of seasons."""
        cuts = sorted(self.random.randint(0, total) for _ in range(facts.participants - 1))
        ends = [0, *cuts, total]
        return {"parts": tuple(later - earlier for earlier, later in pairwise(ends))}

    def spoiling(self) -> dict[str, Any]:
        random = self.random
        facts: dict[str, Any] = {
            "side": None, "like": None, "chosen": random.choice([None, 7, 9000]), "amount": random.choice([None, 77]),
            "level": None, "severity": Severity.EXTREME, "row": "", "role": "", "balance": None, "reason": " ",
            "scores": (1, 2), "parts": (), "kinds": frozenset(), "traits": frozenset({Trait.STUDENT}),
        }  # fmt: skip
        return dict(random.sample(list(facts.items()), random.randint(1, 3)))
