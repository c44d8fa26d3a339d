"""What the small language says, written as it is read back: parse(written(x)) == x. Pure.

This is the language of files, whoever reads the screen: it is Chinese and isn't translated.
"""

from fractions import Fraction

from xiangyue.catalogue.language import event_words, words
from xiangyue.catalogue.language.amounts import is_goods
from xiangyue.catalogue.rules.model import Limit, Multiplier, Season, Sharing, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import Circumstance, Counting, Layer, RankStyle, Side, Split, Window
from xiangyue.catalogue.rules.times import (
    Dates,
    ForGood,
    Lasting,
    Span,
    Term,
    ToYearEnd,
    UntilCorrected,
    Yearly,
)
from xiangyue.catalogue.rules.worth import (
    Band,
    Bands,
    Both,
    ByAnalogy,
    ByKind,
    CaseByCase,
    Cell,
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
    Step,
    StepTable,
    Unit,
    Veto,
    Worth,
)
from xiangyue.kernel.points import format_points

_SEVERITY_WORDS = {severity: word for word, severity in words.PLAIN_SEVERITIES.items()}
_NUMERALS = "零一二三四五六七八九十"


def written(worth: Worth, sign: str = "") -> str:
    """Write a worth as parse_value reads it. sign: 加 or 扣, put before each of its points."""
    match worth:
        case Fixed() | Range() | Discretion() | CaseByCase():
            return _cell(worth, sign)
        case PerUnit() | Bands() | StepTable():
            return _by_amount(worth, sign)
        case Levels() | Ranks() | LevelRanks() | Severities() | Named():
            return _table(worth, sign)
        case FromFull(full, fault):
            lost = f"，{written(fault, '扣')}，扣完为止" if fault else ""
            return f"满分{format_points(full)}分{lost}"
        case ByKind(rows, other):
            listed = [*((_quoted(kind), row) for kind, row in rows), *([("其他", other)] if other else [])]
            return "按对象：" + "；".join(f"{kind}：{_inner(row, sign)}" for kind, row in listed)
        case Both(award, deduction):
            return f"加{_side(award)}/扣{_side(deduction)}"
        case ByAnalogy(like):
            return f"参照「{like}」" if like else "参照同类"
        case Reset() | Veto() | Downgrade():
            return _event(worth)


def written_sharing(sharing: Sharing) -> str:
    """Write how a deed's points are divided, to stand behind the worth: ，平分. Roles stand in the worth itself."""
    return {Split.EQUAL: "，平分", Split.GIVEN: "，按贡献分"}.get(sharing.split, "")


def written_limits(limits: tuple[Limit, ...], unit: Unit | None = None) -> str:
    """Write limits as parse_limits reads them. unit: of the item's quantity, for limits on amounts."""
    return "；".join(_limit(limit, unit) for limit in limits)


def written_multipliers(multipliers: tuple[Multiplier, ...]) -> str:
    """Write multipliers as parse_multipliers reads them."""
    return "；".join(map(_multiplier, multipliers))


def written_when(spans: tuple[Span, ...], seasons: tuple[Season, ...]) -> str:
    """Write spans and seasons as parse_when reads them."""
    return "；".join([*map(written_span, spans), *map(_season, seasons)])


def written_term(validity: Validity) -> str:
    """Write how long an entry counts as parse_term reads it."""
    return "；".join(map(_validity_row, validity.rows))


# ---- cells


def _cell(cell: Cell, sign: str) -> str:
    match cell:
        case Fixed(points):
            return sign + format_points(points)
        case Range(low, high):
            return f"{sign}{format_points(low)}～{format_points(high)}"
        case Discretion(low, high):
            return f"酌情{sign}{format_points(low)}～{format_points(high)}"
        case CaseByCase(low, high):
            least = f"最少{format_points(low)}分" if low else ""
            most = f"最多{format_points(high)}分" if high else ""
            return f"一事一议{sign}{least}{most}"


# ---- amounts


def _by_amount(worth: PerUnit | Bands | StepTable, sign: str) -> str:
    over = words.ADDING_UP[worth.over] if worth.over else ""
    match worth:
        case PerUnit(unit, per, points, whole):
            each, rest = _each(unit, per, whole=whole)
            return f"{over}{each}{sign}{format_points(points)}{rest}"
        case Bands(unit, bands, by_parts):
            rows = "；".join(_band(unit, band, sign) for band in bands)
            return rows + ("；分段计算" if by_parts else "")
        case StepTable(unit, steps, is_open):
            start = "超过" if is_open else "达到" if _may_go_on(unit, steps) else "满"
            return over + "、".join(
                f"{start}{_amount(step.start, unit)}{sign}{format_points(step.points)}" for step in steps
            )


def _may_go_on(unit: Unit, steps: tuple[Step, ...]) -> bool:
    """Whether 满 so many would be read as every so many: 满1小时1, 满10斤1."""
    return len(steps) == 1 and (is_goods(unit) or steps[0].start == unit.size)


def _each(unit: Unit, per: int, *, whole: bool) -> tuple[str, str]:
    """Give what stands before the points and what behind them: only full batches count unless it is one unit."""
    if per == unit.size:
        once = words.WINDOWS.get(f"每{unit.name}") is Window.TIME and unit.name not in words.TIMES
        apart = unit.name in words.HEADS or once  # 每批 is also a word for each time
        one = "每满1" if whole else "每1" if apart else "每"
        return one + unit.name, ""
    number = Fraction(per, unit.size)
    return f"每{_number(number)}{unit.name}", "" if whole else "，不满的按比例"


def _band(unit: Unit, band: Band, sign: str) -> str:
    end = "" if band.up_to is None else f"至{_amount(band.up_to, unit)}"
    each, rest = _each(unit, band.per, whole=band.whole)
    return f"超过{_amount(band.above, unit)}{end}，{each}{sign}{format_points(band.points)}{rest}"


def _amount(amount: int, unit: Unit) -> str:
    return _number(Fraction(amount, unit.size)) + unit.name


def _number(number: Fraction) -> str:
    """Write an exact number: as a decimal if it has an end, else as a fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, 7):
        scaled = number * 10**places
        if scaled.denominator == 1:
            whole, rest = divmod(scaled.numerator, 10**places)
            return f"{whole}.{rest:0{places}d}"
    return f"{number.numerator}/{number.denominator}"


# ---- tables


def _table(worth: Levels | Ranks | LevelRanks | Severities | Named, sign: str) -> str:
    match worth:
        case Levels(rows):
            listed = [(words.LEVEL_WORDS[level], cell) for level, cell in rows]
        case Ranks(ranks, style):
            listed = [(_rank(rank, style), cell) for rank, cell in ranks]
        case LevelRanks(levels, style):
            return "、".join(
                words.LEVEL_WORDS[level] + _rank(1, style) + "/".join(_cell(cell, sign) for cell in cells)
                for level, cells in levels
            )
        case Severities(grades, names):
            own = names or tuple(_SEVERITY_WORDS[grade] for grade, _found in grades)
            listed = [(name, cell) for name, (_grade, cell) in zip(own, grades, strict=True)]
        case Named(cases):
            # Roles (书记、主任) are written bare, and so read back with who has them; any other name is quoted.
            bare = all(name in words.ROLES for name, _found in cases)
            listed = [(name if bare else _quoted(name), cell) for name, cell in cases]
    return "、".join(label + _cell(cell, sign) for label, cell in listed)


def _rank(rank: int, style: RankStyle) -> str:
    number = _NUMERALS[rank] if style is not RankStyle.PLACE and rank <= 10 else str(rank)
    return words.STYLE_WORDS[style].format(number)


def _quoted(name: str) -> str:
    return f"「{name}」"


def _side(side: Plain | ByKind) -> str:
    return _cell(side, "") if isinstance(side, Fixed | Range) else f"（{written(side)}）"


def _inner(worth: Plain, sign: str) -> str:
    return _cell(worth, sign) if isinstance(worth, Fixed | Range) else f"（{written(worth, sign)}）"


# ---- events


def _event(event: Reset | Veto | Downgrade) -> str:
    match event:
        case Reset(what, to, repaired, window):
            scope = ("" if what is Layer.ALL else "本类") + event_words.RESET_WORDS[window]
            main = f"{scope}清至{format_points(to)}分" if to else f"{scope}清零"
            return main + (f"，改正后扣{format_points(repaired)}分" if repaired else "")
        case Veto(term, bars):
            taken = "、".join(word for bar, word in event_words.BAR_WORDS.items() if bar in bars)
            return f"一票否决（{_term(term)}），取消{taken}"
        case Downgrade(to, steps, term):
            main = f"降{steps}级" if steps else f"降为{_quoted(to)}"
            return f"{main}（{_term(term)}）"


# ---- limits and multipliers


def _limit(limit: Limit, unit: Unit | None) -> str:
    whose, layer = words.WHOSE_WORDS[limit.whose], words.LAYER_WORDS[limit.layer]
    side = {Side.EACH: "", Side.AWARD: "加分", Side.DEDUCTION: "扣分"}[limit.side]
    if limit.counting is Counting.TIMES and limit.window is Window.ONCE and limit.amount == 1:
        return f"{whose}{layer}{side}一次性"
    if limit.counting is Counting.TIMES:
        amount = f"{limit.amount}次"
    elif limit.counting is Counting.POINTS:
        amount = f"{format_points(limit.amount)}分"
    else:
        assert unit is not None
        amount = _amount(limit.amount, unit)
    return f"{whose}{layer}{words.WINDOW_WORDS[limit.window]}{side}{amount}"


def _multiplier(multiplier: Multiplier) -> str:
    who = (
        _quoted(multiplier.kind)
        if multiplier.when is Circumstance.KIND
        else words.CIRCUMSTANCE_WORDS[multiplier.when]
    )
    side = {Side.EACH: "", Side.AWARD: "加分", Side.DEDUCTION: "扣分"}[multiplier.side]
    return f"{who}×{_number(Fraction(multiplier.factor, 100))}{side}"


# ---- times


def written_span(span: Span) -> str:
    """Write one stretch of time as parse_when reads it."""
    match span:
        case Yearly(first, last):
            return f"{first[0]}月{first[1]}日至{last[0]}月{last[1]}日"
        case Dates(first, None):
            assert first is not None
            return f"{first.year}年{first.month}月{first.day}日起"
        case Dates(None, last):
            assert last is not None
            return f"{last.year}年{last.month}月{last.day}日止"
        case Dates(first, last):
            assert first is not None
            assert last is not None
            start = f"{first.year}年{first.month}月{first.day}日"
            return f"{start}至{last.year}年{last.month}月{last.day}日"


def _season(season: Season) -> str:
    name = _quoted(season.name) if season.name else ""
    stretch = f"{name}（{written_span(season.span)}）"
    if season.worth is None:
        return f"{stretch}×{_number(Fraction(season.factor, 100))}"
    return f"{stretch}：{written(season.worth).replace('；', '，')}"


def _validity_row(row: ValidityRow) -> str:
    level = words.LEVEL_WORDS[row.level] if row.level else ""
    size = f"{format_points(row.up_to)}分以下" if row.up_to else ""
    return level + size + _term(row.term)


def _term(term: Term) -> str:
    match term:
        case Lasting(days, months, years):
            parts = ((years, "年"), (months, "个月"), (days, "天"))
            return "".join(f"{many}{unit}" for many, unit in parts if many)
        case ToYearEnd(years, unless_corrected):
            main = {0: "当年", 1: "当年和次年"}.get(years, f"第{years + 1}年年底")
            return main + ("未改正顺延" if unless_corrected else "")
        case UntilCorrected():
            return "改正为止"
        case ForGood():
            return "长期"
