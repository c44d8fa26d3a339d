"""One row of a catalogue's table as an Item of the rules, or as what is wrong with it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns, words
from xiangyue.catalogue.language.limits import Cap, Limits
from xiangyue.catalogue.language.parse import (
    NotUnderstood,
    parse_limits,
    parse_multipliers,
    parse_term,
    parse_value,
    parse_when,
)
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.language.subjects import (
    DIRECTION_WORDS,
    Counted,
    Who,
    parse_direction,
    parse_subject,
    parse_unit,
)
from xiangyue.catalogue.language.times import When
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.model import Evidence, Item, Limit, Multiplier, Sharing, Validity
from xiangyue.catalogue.rules.terms import BadRule, Counting, Direction, Layer, Side, Subject, Window
from xiangyue.catalogue.rules.times import ForGood
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    Downgrade,
    Event,
    Fixed,
    FromFull,
    PerUnit,
    Range,
    Reset,
    StepTable,
    Unit,
    Veto,
    Worth,
)
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row

_T = TypeVar("_T")
_DEDUCTING = ("扣分", "减分", "负面", "负向", "失信", "(扣)", "惩戒")
_TOTALS = {"合计", "总计", "小计", "总分", "共计"}
_SIDES = {Direction.AWARD: Side.AWARD, Direction.DEDUCTION: Side.DEDUCTION}
_PERSONAL = (Subject.PERSON, Subject.PARTY_MEMBER)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its catalogue. number: as written, or given."""

    family: str
    category: str
    number: str


class Refusal(Exception):  # noqa: N818 - one cell's, gathered by the row
    """A cell that can't be said in the rules. Carries its column, a stable code and a sentence."""

    def __init__(self, header: str, code: str, text: str) -> None:
        self.header, self.code, self.text = header, code, text
        super().__init__(code)


@dataclass
class _Cells:
    """What the cells of a row say, each by itself."""

    value: Value | None
    direction: Direction | None
    counted: Counted
    limits: Limits
    multipliers: tuple[Multiplier, ...]
    who: Who
    when: When
    validity: Validity


def read_row(row: Row, place: Place, problems: Problems, notes: Problems) -> Item | None:
    """Give a row's item; or None, with every cell that is wrong among the problems."""
    before = len(problems)
    _check_texts(row, problems)
    cells = _cells(row, problems)
    if len(problems) > before:
        return None
    try:
        return _item(row, place, cells, notes)
    except Refusal as refusal:
        problems.add(row, refusal.header, refusal.code, refusal.text)
    except BadRule as bad:
        text = _("这一行前后矛盾（%(code)s），请看看分值、上限和方向。") % {"code": bad.code}
        problems.add(row, columns.VALUE, "row-contradicts-itself", text)
    return None


def _check_texts(row: Row, problems: Problems) -> None:
    title = plain(row.text(columns.TITLE))
    if not title:
        problems.add(row, columns.TITLE, "title-missing", _("没写指标的名称。不是指标的行请删掉。"))
    if title in _TOTALS:
        problems.add(row, columns.TITLE, "row-is-a-total", _("这一行是合计，不是指标，请删掉。"))
    for header, most in columns.LENGTHS.items():
        if len(row.text(header)) > most:
            problems.add(row, header, "too-long", _("最多%(most)s个字。") % {"most": most})


def _cells(row: Row, problems: Problems) -> _Cells:
    def read(header: str, rule: Callable[[str], _T], without: _T) -> _T:
        try:
            return rule(row.text(header))
        except NotUnderstood as unread:
            problems.add(row, header, unread.code, unread.text)
            return without

    direction = read(columns.DIRECTION, parse_direction, None)
    named = direction in (Direction.RESET, Direction.VETO) and not plain(row.text(columns.VALUE))
    return _Cells(
        value=None if named else read(columns.VALUE, parse_value, None),
        direction=direction,
        counted=read(columns.UNIT, parse_unit, Counted()),
        limits=read(columns.LIMITS, parse_limits, Limits()),
        multipliers=read(columns.MULTIPLIER, parse_multipliers, ()),
        who=read(columns.SUBJECT, parse_subject, Who()),
        when=read(columns.SEASON, parse_when, When()),
        validity=read(columns.TERM, parse_term, Validity()),
    )


def _item(row: Row, place: Place, cells: _Cells, notes: Problems) -> Item:
    value = cells.value or _event_by_name(cells)
    value, subject = _with_unit(row, cells, value)
    value = _lasting(cells, value)
    direction = _direction(row, place, cells, value, notes)
    worth = _worth_for(direction, value, cells)
    limits = _limits(cells, value, worth, direction, subject)
    _note_guesses(row, value, cells, notes)
    return Item(
        number=place.number,
        title=_line_of(row, columns.TITLE),
        direction=direction,
        worth=worth,
        category=place.category,
        family=place.family,
        unit=cells.counted.unit.name if cells.counted.unit else cells.counted.deed,
        subject=subject,
        limits=limits,
        minimum=cells.limits.least,
        multipliers=value.multipliers + cells.multipliers,
        seasons=cells.when.seasons,
        spans=cells.when.spans,
        validity=Validity() if isinstance(worth, Event) else cells.validity,
        only_kinds=cells.who.kinds,
        sharing=value.sharing or (Sharing(to=cells.who.receivers) if cells.who.receivers else Sharing()),
        rivals=_line_of(row, columns.TITLE)[:60] if value.highest or cells.limits.highest else "",
        evidence=Evidence(text=row.text(columns.EVIDENCE)),
        brought_by=row.text(columns.BROUGHT_BY),
        verified_by=row.text(columns.VERIFIED_BY),
        approved_by=row.text(columns.APPROVED_BY),
        basis=row.text(columns.BASIS),
        term=row.text(columns.TERM),
        repair=row.text(columns.REPAIR),
        remarks=_remarks(row, value, cells),
    )


def _event_by_name(cells: _Cells) -> Value:
    if cells.direction is Direction.RESET:
        return Value(Reset(), Direction.RESET)
    return parse_value("一票否决")


# ---- direction


def _direction(row: Row, place: Place, cells: _Cells, value: Value, notes: Problems) -> Direction:
    written, said = cells.direction, value.direction
    if isinstance(value.worth, Event):
        return _of_event(row, value, written)
    if isinstance(value.worth, FromFull):
        return _agreed(row, written, Direction.BASE, Direction.DEDUCTION)
    if isinstance(value.worth, Both):
        return _agreed(row, written, Direction.BOTH)
    if said is Direction.BASE:
        return _agreed(row, written, Direction.BASE)
    if written in (Direction.RESET, Direction.VETO, Direction.DOWNGRADE):
        raise _differs(row, written)
    if written is None:
        return said or _by_heading(row, place, notes)
    if said not in (None, written) and not (written is Direction.BASE and said is Direction.AWARD):
        raise _differs(row, written)
    return written


def _of_event(row: Row, value: Value, written: Direction | None) -> Direction:
    assert value.direction is not None
    return _agreed(row, written, value.direction, Direction.DEDUCTION)


def _agreed(row: Row, written: Direction | None, meant: Direction, *also: Direction) -> Direction:
    if written not in (None, meant, *also):
        raise _differs(row, written)
    return meant


def _differs(row: Row, written: Direction | None) -> Refusal:
    facts = {"direction": DIRECTION_WORDS[written] if written else "", "value": row.text(columns.VALUE)}
    text = _("方向写的是“%(direction)s”，分值写的是“%(value)s”，两样对不上。") % facts
    return Refusal(columns.VALUE, "direction-differs", text)


def _by_heading(row: Row, place: Place, notes: Problems) -> Direction:
    """Add, unless the sheet or the section says that it deducts: 扣分项目."""
    headings = plain(f"{row.sheet} {place.family} {place.category}")
    if not any(word in headings for word in _DEDUCTING):
        return Direction.AWARD
    text = _("没写加还是扣，按所在板块当作扣分。")
    notes.add(row, columns.DIRECTION, "direction-by-heading", text)
    return Direction.DEDUCTION


def _worth_for(direction: Direction, value: Value, cells: _Cells) -> Worth:
    worth = value.worth
    if direction is Direction.BOTH and isinstance(worth, Fixed | Range):
        return Both(worth, worth)
    ends = cells.limits.to_nothing or cells.limits.full
    if direction is Direction.BASE and isinstance(worth, Fixed) and ends:
        return FromFull(worth.points)
    if cells.limits.to_nothing and not isinstance(worth, FromFull):
        text = _("扣完为止的，分值要写满分几分、怎么扣，例如满分10分，每处扣0.5分，扣完为止。")
        raise Refusal(columns.LIMITS, "to-nothing-of-what", text)
    return worth


def _lasting(cells: _Cells, value: Value) -> Value:
    """Let 期限 say how long a veto or a lower grade lasts, where 分值 doesn't."""
    row = cells.validity.rows[0]
    if len(cells.validity.rows) > 1 or isinstance(row.term, ForGood):
        return value
    if isinstance(value.worth, Veto) and "veto-without-term" in value.guesses:
        guesses = tuple(guess for guess in value.guesses if guess != "veto-without-term")
        return replace(value, worth=replace(value.worth, term=row.term), guesses=guesses)
    if isinstance(value.worth, Downgrade) and value.worth.term is None:
        return replace(value, worth=replace(value.worth, term=row.term))
    return value


# ---- unit and subject


def _with_unit(row: Row, cells: _Cells, value: Value) -> tuple[Value, Subject]:
    """Let 单位 say what the points are for, where 分值 says only how many."""
    subject = cells.who.subject or _subject_of(value)
    value = _per_head(value, subject)
    unit, counted = cells.counted.unit, cells.counted
    if counted.converted:
        return _converted(row, counted, value), subject
    if unit is None:
        if plain(row.text(columns.UNIT)) and counted.slot is None and isinstance(value.worth, PerUnit):
            raise _units_differ(row, value.worth)
        return value, subject
    if isinstance(value.worth, PerUnit | Bands | StepTable):
        mine = value.worth.unit
        if not _alike(mine, unit):
            raise _units_differ(row, value.worth)
        return value, subject
    if _is_the_subject(unit.name, subject):
        return value, subject
    if not isinstance(value.worth, Fixed):
        text = _("按量计分的，每%(unit)s只能写一个分值。") % {"unit": unit.name}
        raise Refusal(columns.UNIT, "range-per-unit", text)
    if unit.measure in words.MONEY_OR_TIME and unit.size != 60:
        text = _("看不出是每多少%(unit)s几分，请在分值里写明，例如每100%(unit)s1。") % {"unit": unit.name}
        raise Refusal(columns.UNIT, "unit-ambiguous", text)
    return replace(value, worth=PerUnit(unit, unit.size, value.worth.points, whole=False)), subject


def _subject_of(value: Value) -> Subject:
    return Subject.PERSON if value.whose and value.whose.value == "person" else Subject.HOUSEHOLD


def _per_head(value: Value, subject: Subject) -> Value:
    """Read 每人每次5分 for a household as five for every person who came."""
    personal = value.whose is not None and value.whose.value == "person"
    slots = [cap for cap in value.caps if cap.whose is value.whose]
    if not personal or subject in _PERSONAL or slots or not isinstance(value.worth, Fixed):
        return value
    return replace(value, worth=PerUnit(Unit("人次"), 100, value.worth.points, whole=False))


def _is_the_subject(name: str, subject: Subject) -> bool:
    if subject in _PERSONAL:
        return name in ("人", "名", "位", "人次")
    return subject is Subject.HOUSEHOLD and name in ("户", "家", "户次")


def _units_differ(row: Row, worth: PerUnit | Bands | StepTable) -> Refusal:
    facts = {"per": worth.unit.name, "unit": row.text(columns.UNIT)}
    text = _("分值按“%(per)s”计，单位写的是“%(unit)s”，两样对不上。") % facts
    return Refusal(columns.UNIT, "unit-differs", text)


def _converted(row: Row, counted: Counted, value: Value) -> Value:
    """Find the rule by which an amount was turned into points in the title: 捐款1万元以上的，每1000元加1分.

    The points beside it are then the most that one deed can bring.
    """
    if counted.unit is None or not isinstance(value.worth, Fixed | Range):
        return value
    try:
        rule = parse_value(row.text(columns.TITLE))
    except NotUnderstood:
        rule = value
    if not isinstance(rule.worth, PerUnit | Bands) or rule.worth.unit.measure is not counted.unit.measure:
        text = _("看不出按什么折算，请在分值里写明，例如每100元1，每次最高10分。")
        raise Refusal(columns.UNIT, "unit-ambiguous", text)
    most = value.worth.points if isinstance(value.worth, Fixed) else value.worth.high
    caps = (*value.caps, *rule.caps, Cap(Counting.POINTS, most, Window.TIME))
    return replace(value, worth=rule.worth, caps=caps, direction=value.direction or rule.direction)


# ---- limits


def _limits(
    cells: _Cells, value: Value, worth: Worth, direction: Direction, subject: Subject
) -> tuple[Limit, ...]:
    caps = [*value.caps, *([cells.counted.slot] if cells.counted.slot else []), *cells.limits.caps]
    if cells.limits.full:
        window = cells.counted.slot.window if cells.counted.slot else None
        caps.append(Cap(Counting.POINTS, cells.limits.full, window, layer=Layer.ALL))
    found: list[Limit] = []
    for cap in caps:
        limit = replace(cap, side=_side(cap, direction)).limit(words.WHOSE_OF[subject])
        _check_amount(cap, worth)
        if limit not in found:
            found.append(limit)
    _check_once(found)
    return () if isinstance(worth, Event) else tuple(found)


def _side(cap: Cap, direction: Direction) -> Side:
    mine = _SIDES.get(direction)
    if mine is None or cap.side is Side.EACH:
        return cap.side
    if cap.side is not mine:
        text = _("上限写的是加分，这一项是扣分；或者反过来。")
        raise Refusal(columns.LIMITS, "limit-side-differs", text)
    return Side.EACH


def _check_amount(cap: Cap, worth: Worth) -> None:
    if cap.unit is None:
        return
    mine = worth.unit if isinstance(worth, PerUnit | Bands | StepTable) else None
    if mine is None or not _alike(mine, cap.unit):
        text = _("上限按“%(unit)s”算，分值不是按它计的。") % {"unit": cap.unit.name}
        raise Refusal(columns.LIMITS, "limit-unit-differs", text)


def _alike(counted: Unit, named: Unit) -> bool:
    """Whether a unit is the one that points are counted by: 小时 and 分钟, 个 and 个烟头."""
    if counted.measure is not named.measure:
        return False
    return counted.measure in words.MONEY_OR_TIME or counted.name.startswith(named.name)


def _check_once(limits: list[Limit]) -> None:
    kinds = {(limit.counting, limit.window, limit.whose, limit.layer, limit.side) for limit in limits}
    if len(kinds) < len(limits):
        text = _("同一种上限写了两回，数不一样。")
        raise Refusal(columns.LIMITS, "limit-twice", text)


# ---- texts


def _note_guesses(row: Row, value: Value, cells: _Cells, notes: Problems) -> None:
    told = {
        "limit-without-window": _("上限没写多久算一回，按一直只能这么多算。"),
        "veto-without-term": _("一票否决没写期限，按到当年年底算。"),
        "adding-up-without-window": _("累计没写多久，按一直累计算。"),
    }
    open_ended = any(cap.window is None for cap in cells.limits.caps)
    for guess in dict.fromkeys((*value.guesses, *(["limit-without-window"] if open_ended else []))):
        header = columns.LIMITS if guess not in value.guesses else columns.VALUE
        notes.add(row, header, guess, told[guess])


def _remarks(row: Row, value: Value, cells: _Cells) -> str:
    kept = [columns.VALUE] if value.kept else []
    kept += [columns.UNIT] if cells.counted.aside else []
    kept += [columns.SUBJECT] if cells.who.aside else []
    parts = [row.text(columns.REMARKS)]
    parts += [f"{header}：{_line_of(row, header)}" for header in kept]
    parts += [
        f"{header}：{cell.text}"
        for header, cell in row.cells.items()
        if header not in columns.HEADERS and cell.text
    ]
    return "\n".join(filter(None, parts))


def _line_of(row: Row, header: str) -> str:
    """Give a cell's text as one line: people break titles to make them fit."""
    return "".join(part.strip() for part in row.text(header).splitlines())
