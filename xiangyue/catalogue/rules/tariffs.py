"""Value forms, rows and amounts in a few plain words: 每小时2分, 村级5分、镇级10分, 第1名. Pure."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.judgement import Row
from xiangyue.catalogue.rules.terms import (
    Direction,
    Layer,
    Level,
    Measure,
    RankStyle,
    Severity,
    Side,
    Window,
)
from xiangyue.catalogue.rules.worth import (
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
    Range,
    Ranks,
    Reset,
    Severities,
    StepTable,
    Table,
    Unit,
    Veto,
    Worth,
)
from xiangyue.kernel.points import format_points

TIME = "次"
_NUMERALS = "零一二三四五六七八九十"
_DECIMALS = 6


def tariff(worth: Worth, direction: Direction | Side, unit: str = TIME) -> str:
    """Say in a few words what a form gives or takes: 每次8分, 每50个扣1分, 一事一议.

    unit: what one deed is called where nothing is counted.
    """
    takes = direction in (Direction.DEDUCTION, Side.DEDUCTION)
    match worth:
        case Fixed(points):
            return _each(unit, format_points(points), takes)
        case Range(low, high):
            return _each(unit, bounds_text(low, high), takes)
        case Discretion(low, high):
            text = _("酌情扣%(points)s分") if takes else _("酌情%(points)s分")
            return text % {"points": bounds_text(low, high)}
        case CaseByCase():
            return _("一事一议")
        case PerUnit():
            return _each(batch_text(worth.unit, worth.per), format_points(worth.points), takes)
        case Bands():
            return _("按%(unit)s分段计分") % {"unit": worth.unit.name}
        case StepTable():
            return _("按%(unit)s分档计分") % {"unit": worth.unit.name}
        case Levels() | Ranks() | LevelRanks() | Severities() | Named():
            return _table(worth, takes)
        case _:
            return _compound(worth, direction, unit)


def bounds_text(low: int, high: int) -> str:
    """Write bounds in centipoints as on the wall: `5`, `1～10` (LOOK §3)."""
    return format_points(low) if low == high else f"{format_points(low)}～{format_points(high)}"


def change_text(bounds: PointBounds) -> str:
    """Say how far a village may move points: 只能改到4～8分，上下最多差20%."""
    parts = []
    if bounds.low is not None and bounds.high is not None:
        parts.append(_("只能改到%(points)s分") % {"points": bounds_text(bounds.low, bounds.high)})
    elif bounds.low is not None:
        parts.append(_("不能少于%(points)s分") % {"points": format_points(bounds.low)})
    elif bounds.high is not None:
        parts.append(_("不能多于%(points)s分") % {"points": format_points(bounds.high)})
    if bounds.by is not None:
        parts.append(_("上下最多差%(points)s分") % {"points": format_points(bounds.by)})
    if bounds.percent is not None:
        parts.append(_("上下最多差%(percent)s%%") % {"percent": bounds.percent})
    return _("，").join(parts)


def amount_text(unit: Unit, amount: int) -> str:
    """Write an amount in base units as people say it: 2.5小时, 1小时40分钟, 1,200元."""
    exact = Fraction(amount, unit.size)
    if unit.measure is not Measure.MINUTES or exact.denominator <= 2:
        return figure(exact) + unit.name
    whole, rest = divmod(amount, unit.size)
    minutes = _("%(minutes)s分钟") % {"minutes": rest}
    return f"{whole:,}{unit.name}{minutes}" if whole else minutes


def batch_text(unit: Unit, per: int) -> str:
    """Write what one batch is, to stand behind 每: 小时, 50个, 100元."""
    return unit.name if per == unit.size else amount_text(unit, per)


def figure(exact: Fraction) -> str:
    """Write a figure with six decimals at most, without idle zeros: 1,234.5."""
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    text = f"{whole:,.{_DECIMALS}f}"
    return text.rstrip("0").rstrip(".")


def figure_of_factor(factor: int) -> str:
    """Write a factor in hundredths: 200 -> "2", 150 -> "1.5"."""
    return figure(Fraction(factor, 100))


def row_text(row: Row) -> str:
    """Name a row of a table: 村级, 第1名, 省级一等奖, 情节较重."""
    if row.name:
        return row.name
    parts = []
    if row.level is not None:
        parts.append(level_text(row.level))
    if row.rank is not None:
        parts.append(_rank_text(row.rank, row.style))
    if row.severity is not None:
        parts.append(_severity_text(row.severity))
    return "".join(parts)


def scope_text(reset: Reset) -> str:
    """Name the points that a reset clears: 积分, 当年的积分, 这个板块的积分."""
    when = {
        Window.MONTH: _("当月的积分"),
        Window.QUARTER: _("当季的积分"),
        Window.HALF_YEAR: _("这半年的积分"),
        Window.YEAR: _("当年的积分"),
        Window.ONCE: _("积分"),
    }[reset.window]
    if reset.what is not Layer.CATEGORY:
        return when
    return _("这个板块的积分") if reset.window is Window.ONCE else _("这个板块%(points)s") % {"points": when}


def level_text(level: Level) -> str:
    return {
        Level.SCHOOL: _("校级"),
        Level.VILLAGE: _("村级"),
        Level.TOWN: _("镇级"),
        Level.COUNTY_OFFICE: _("县级部门"),
        Level.COUNTY: _("县级"),
        Level.CITY_OFFICE: _("市级部门"),
        Level.CITY: _("市级"),
        Level.PROVINCE_OFFICE: _("省级部门"),
        Level.PROVINCE: _("省级"),
        Level.NATION_OFFICE: _("国家部门"),
        Level.NATION: _("国家级"),
    }[level]


def _rank_text(rank: int, style: RankStyle) -> str:
    if style is RankStyle.PLACE:
        return _("第%(rank)s名") % {"rank": rank}
    numeral = _NUMERALS[rank] if rank < len(_NUMERALS) else str(rank)
    text = {
        RankStyle.PRIZE: _("%(rank)s等奖"),
        RankStyle.MERIT: _("%(rank)s等功"),
        RankStyle.GRADE: _("%(rank)s级"),
    }[style]
    return text % {"rank": numeral}


def _severity_text(severity: Severity) -> str:
    return {
        Severity.COMMON: _("情节一般"),
        Severity.SERIOUS: _("情节较重"),
        Severity.GRAVE: _("情节严重"),
        Severity.EXTREME: _("情节特别严重"),
    }[severity]


def _each(unit: str, points: str, takes: bool) -> str:
    facts = {"unit": unit, "points": points}
    if takes:
        return _("每%(unit)s扣%(points)s分") % facts
    return _("每%(unit)s%(points)s分") % facts


def cell_text(worth: Cell, takes: bool) -> str:
    """Say what a row of a table gives, to stand behind the row's name: 20分, 扣10～20分."""
    if isinstance(worth, CaseByCase):
        return _("一事一议")
    low, high = (worth.points, worth.points) if isinstance(worth, Fixed) else (worth.low, worth.high)
    text = _("扣%(points)s分") if takes else _("%(points)s分")
    return text % {"points": bounds_text(low, high)}


def _table(worth: Table, takes: bool) -> str:
    return "、".join(row_text(row) + cell_text(cell, takes) for row, cell in table_rows(worth))


def table_rows(worth: Table) -> list[tuple[Row, Cell]]:
    """Give every row of a table with what it is worth."""
    match worth:
        case Levels(rows):
            return [(Row(level=level), cell) for level, cell in rows]
        case Ranks(rows, style):
            return [(Row(rank=rank, style=style), cell) for rank, cell in rows]
        case Severities(rows, names):
            named = names or ("",) * len(rows)
            return [
                (Row(severity=grave, name=name), cell)
                for (grave, cell), name in zip(rows, named, strict=True)
            ]
        case Named(rows):
            return [(Row(name=name), cell) for name, cell in rows]
        case LevelRanks(rows, style):
            return [
                (Row(level=level, rank=rank, style=style), cell)
                for level, cells in rows
                for rank, cell in enumerate(cells, start=1)
            ]


def _compound(worth: Worth, direction: Direction | Side, unit: str) -> str:
    match worth:
        case FromFull(full, fault):
            text = _("满分%(points)s分") % {"points": format_points(full)}
            return text if fault is None else text + _("，") + tariff(fault, Side.DEDUCTION, unit)
        case ByKind(rows, other):
            parts = [f"{kind}{tariff(plain, direction, unit)}" for kind, plain in rows]
            if other is not None:
                parts.append(_("其他%(tariff)s") % {"tariff": tariff(other, direction, unit)})
            return "、".join(parts)
        case Both(award, deduction):
            return tariff(award, Side.AWARD, unit) + "、" + tariff(deduction, Side.DEDUCTION, unit)
        case ByAnalogy(like):
            return _("比照第%(number)s项") % {"number": like} if like else _("比照相近的一项")
        case Reset(to=to):
            facts = {"scope": scope_text(worth), "points": format_points(to)}
            return _("%(scope)s退到%(points)s分") % facts if to else _("%(scope)s清零") % facts
        case Veto():
            return _("一票否决")
        case Downgrade(to, steps):
            return _("降为%(grade)s") % {"grade": to} if to else _("降%(steps)s级") % {"steps": steps}
    raise AssertionError(worth)
