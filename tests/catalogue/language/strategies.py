"""Random rules that the language can say."""

from dataclasses import replace

from hypothesis import strategies as st

from xiangyue.catalogue.language import words
from xiangyue.catalogue.rules.terms import (
    MOST,
    Bar,
    Circumstance,
    Layer,
    Level,
    RankStyle,
    Severity,
    Side,
    Window,
)
from xiangyue.catalogue.rules.times import Dates, ForGood, Lasting, ToYearEnd, UntilCorrected, Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    MINUTE,
    RESET_WINDOWS,
    TEN_THOUSAND_YUAN,
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
    Range,
    Ranks,
    Reset,
    Severities,
    Step,
    StepTable,
    Unit,
    Veto,
)

points = st.integers(1, MOST) | st.integers(1, 5000)
names = st.text(alphabet="考上本科评优秀参加一十户每月分加扣、3/a", min_size=1, max_size=12)
bounds = st.lists(points, min_size=2, max_size=2, unique=True).map(sorted)
fixed = st.builds(Fixed, points)
cells = (
    fixed
    | bounds.map(lambda pair: Range(*pair))
    | bounds.map(lambda pair: Discretion(*pair))
    | st.builds(CaseByCase)
    | bounds.map(lambda pair: CaseByCase(*pair))
    | points.map(lambda low: CaseByCase(low, None))
    | points.map(lambda high: CaseByCase(None, high))
    | points.map(lambda both: CaseByCase(both, both))
)
counted = st.sampled_from(sorted(words.COUNTED - {"次", "回"} - words.SAME_UNITS.keys())).map(Unit)
nouns = st.sampled_from(
    ["个烟头", "公斤废旧电池", "篇新闻稿件", "亩土地", "户农户", "人次", "条线索", "人天"]
).map(Unit)
units = st.sampled_from([HOUR, MINUTE, YUAN, TEN_THOUSAND_YUAN, Unit("亩")]) | counted | nouns
adding = st.sampled_from([None, *words.ADDING_UP])
sizes = (
    st.integers(1, 10**9)
    | st.integers(1, 200).map(lambda n: n * 60)
    | st.integers(1, 200).map(lambda n: n * 100)
)


@st.composite
def per_units(draw: st.DrawFn) -> PerUnit:
    unit = draw(units)
    per = draw(st.just(unit.size) | sizes)
    return PerUnit(unit, per, draw(points), draw(st.booleans()), draw(adding))


@st.composite
def band_tables(draw: st.DrawFn) -> Bands:
    ends = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=5, unique=True).map(sorted))
    found = []
    for index, above in enumerate(ends):
        last = index == len(ends) - 1
        up_to = None if last and draw(st.booleans()) else (above + 7 if last else ends[index + 1])
        found.append(Band(above, up_to, draw(sizes), draw(points), draw(st.booleans())))
    return Bands(draw(units), tuple(found), draw(st.booleans()))


@st.composite
def step_tables(draw: st.DrawFn) -> StepTable:
    over = draw(adding)
    starts = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=6, unique=True).map(sorted))
    given = draw(st.lists(points, min_size=len(starts), max_size=len(starts)))
    if over:
        given = sorted(given)
    rows = tuple(Step(start, one) for start, one in zip(starts, given, strict=True))
    return StepTable(draw(units), rows, draw(st.booleans()), over)


@st.composite
def level_tables(draw: st.DrawFn) -> Levels:
    chosen = draw(st.sets(st.sampled_from(Level), min_size=1))
    return Levels(tuple((level, draw(cells)) for level in Level if level in chosen))


@st.composite
def rank_tables(draw: st.DrawFn) -> Ranks:
    chosen = sorted(draw(st.sets(st.integers(1, 1000), min_size=1, max_size=6)))
    return Ranks(tuple((rank, draw(cells)) for rank in chosen), draw(st.sampled_from(RankStyle)))


@st.composite
def level_rank_tables(draw: st.DrawFn) -> LevelRanks:
    chosen = draw(st.sets(st.sampled_from(Level), min_size=1))
    rows = [
        (level, tuple(draw(st.lists(cells, min_size=1, max_size=4)))) for level in Level if level in chosen
    ]
    return LevelRanks(tuple(rows), draw(st.sampled_from(RankStyle)))


@st.composite
def severity_tables(draw: st.DrawFn) -> Severities:
    if draw(st.booleans()):
        chosen = draw(st.sets(st.sampled_from(Severity), min_size=1))
        return Severities(tuple((grade, draw(cells)) for grade in Severity if grade in chosen))
    own = draw(
        st.sampled_from(
            [
                ("轻微", "一般", "严重"),
                ("轻微", "较重"),
                ("一般", "较重", "恶劣"),
                ("较轻", "一般", "较重", "严重"),
            ]
        )
    )
    return Severities(tuple((grade, draw(cells)) for grade, _name in zip(Severity, own, strict=False)), own)


@st.composite
def named_tables(draw: st.DrawFn) -> Named:
    chosen = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    return Named(tuple((name, draw(cells)) for name in chosen))


tables = level_tables() | rank_tables() | level_rank_tables() | severity_tables() | named_tables()
plain_worths = cells | per_units() | band_tables() | step_tables() | tables


@st.composite
def kind_tables(draw: st.DrawFn) -> ByKind:
    chosen = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    other = draw(st.none() | plain_worths)
    return ByKind(tuple((kind, draw(plain_worths)) for kind in chosen), other)


days = st.dates().filter(lambda day: 1901 < day.year < 2199)
yearly = st.tuples(days, days).map(lambda two: Yearly((two[0].month, two[0].day), (two[1].month, two[1].day)))
dates = (
    st.tuples(days, days).map(lambda two: Dates(min(two), max(two)))
    | days.map(lambda day: Dates(day, None))
    | days.map(lambda day: Dates(None, day))
)
spans = yearly | dates
terms = (
    st.builds(Lasting, st.integers(1, 900), st.integers(0, 30), st.integers(0, 30))
    | st.builds(ToYearEnd, st.integers(0, 100), st.booleans())
    | st.just(UntilCorrected())
    | st.just(ForGood())
)
ending = terms.filter(lambda term: term != ForGood())
events = (
    st.builds(
        Reset,
        st.sampled_from([Layer.ALL, Layer.CATEGORY]),
        st.just(0) | points,
        st.none() | points,
        st.sampled_from(RESET_WINDOWS),
    )
    | st.builds(
        Veto,
        ending,
        st.sets(st.sampled_from(Bar), min_size=1).map(frozenset),
    )
    | st.builds(Downgrade, names, st.just(0), ending)
    | st.builds(Downgrade, st.just(""), st.integers(1, 50), ending)
)
# Of full marks every occasion takes its points; elsewhere 每次 is what one deed is, and no unit.
occasions = st.builds(
    PerUnit, st.just(Unit("次")), st.integers(1, 20).map(lambda n: 100 * n), points, st.booleans()
).map(lambda worth: replace(worth, whole=worth.whole or worth.per > 100))
sides = plain_worths | kind_tables()
worths = (
    plain_worths
    | kind_tables()
    | st.builds(Both, sides, sides)
    | st.builds(FromFull, points, st.none() | plain_worths | occasions)
    | st.builds(ByAnalogy, st.just("") | st.text(alphabet="0123456789A-", min_size=1, max_size=8))
    | events
)
circumstances = st.sampled_from(Circumstance)
factors = st.integers(1, 10_000).filter(lambda factor: factor != 100)
side_words = st.sampled_from(Side)
windows = st.sampled_from(Window)
