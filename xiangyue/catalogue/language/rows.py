"""One row of a catalogue's table as an Item of the rules, or as what is wrong with it. Pure."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns, headings, subject_words, words
from xiangyue.catalogue.language.caps import Cap, Limits
from xiangyue.catalogue.language.cells import (
    Cells,
    Place,
    Refusal,
    cells_of,
    check_texts,
)
from xiangyue.catalogue.language.marks import with_marks, without_excluded
from xiangyue.catalogue.language.moving import moved
from xiangyue.catalogue.language.parse import parse_value
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.rates import SHARED_BORDER
from xiangyue.catalogue.language.row_units import alike, with_unit
from xiangyue.catalogue.language.subjects import (
    DIRECTION_WORDS,
    Counted,
)
from xiangyue.catalogue.language.together import FAULT_ONLY
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.model import Evidence, Item, Limit, Multiplier, Sharing, Validity
from xiangyue.catalogue.rules.terms import (
    BadRule,
    Circumstance,
    Counting,
    Direction,
    Layer,
    Side,
    Subject,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import ForGood
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    Discretion,
    Downgrade,
    Event,
    Fixed,
    FromFull,
    Named,
    PerUnit,
    Range,
    Reset,
    StepTable,
    Veto,
    Worth,
)
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row

_SIDES = {Direction.AWARD: Side.AWARD, Direction.DEDUCTION: Side.DEDUCTION}
_DASHED = "dash-as-minus"
_TO_FLOOR = "to-nothing-is-the-floor"
_FIGURE = re.compile("(?:每户|每人)?[0-9.]+分?(?:/户|/人)?")
_EACH_FAULT = re.compile(r"(?<![0-9十第])(?:[1一]次|每次|每回)(?!性)[^，,；;。\n]*[扣减-]")  # 缺1次扣2分


def read_row(row: Row, place: Place, problems: Problems, notes: Problems) -> list[Item]:
    """Give a row's item, or its items where 分值 holds several rules, all with the row's number; or none, with every
    cell that is wrong among the problems."""
    before = len(problems)
    check_texts(row, problems)
    row, excluded = without_excluded(moved(row))
    cells = cells_of(row, problems)
    if len(problems) > before:
        return []
    try:
        return [with_marks(row, item, excluded, notes) for item in _items(row, place, cells, notes)]
    except Refusal as refusal:
        problems.add(row, refusal.header, refusal.code, refusal.text)
    except BadRule as bad:
        text = _("这一行前后矛盾（%(code)s），请看看分值、上限和方向。") % {"code": bad.code}
        problems.add(row, columns.VALUE, "row-contradicts-itself", text)
    return []


def _items(row: Row, place: Place, cells: Cells, notes: Problems) -> list[Item]:
    value = cells.value or _event_by_name(cells)
    if not value.others:
        return [_item(row, place, cells, value, notes)]
    if cells.limits not in (Limits(), Limits((Cap(Counting.TIMES, 1, Window.ONCE),))) or cells.counted.caps:
        raise _over_several()
    if cells.direction in (Direction.BASE, Direction.BOTH):
        raise _differs(row, cells.direction)
    rules = (value, *value.others)
    text = _("这一格写了%(rules)s条，分成了%(rules)s项。") % {"rules": len(rules)}
    notes.add(row, columns.VALUE, "several-rules", text)
    items = [_item(row, place, _alone(cells, one), replace(one, kept=True), notes) for one in rules]
    bare = any(isinstance(one.worth, Event) and _is_event(one.label) for one in value.others)
    if bare and any(item.direction is Direction.AWARD for item in items):
        raise Refusal(columns.VALUE, "two-sides", _("又加分又清零或者取消资格的，请分两行写明各是什么事。"))
    return items


def _over_several() -> Refusal:
    text = _("分值里写了几条，看不出上限管的是每一条，还是几条合起来，请分几行写。")
    return Refusal(columns.LIMITS, "limit-over-several-rules", text)


def _is_event(label: str) -> bool:
    """Whether a rule is named by nothing but its event: 取消评优资格, not 弄虚作假."""
    return any(word in label for word in ("取消", "清零", "归零", "否决", "不得", "扣完", "扣除", "降为"))


def _alone(cells: Cells, one: Value) -> Cells:
    """Give the cells of a row for one of its rules: an event or the other side has a direction of its own."""
    own = one.direction is not None and isinstance(one.worth, Event)
    return replace(cells, direction=None, value=one) if own else replace(cells, value=one)


def _title(row: Row, value: Value) -> str:
    title = _line_of(row, columns.TITLE)
    if not value.label:
        return title
    return f"{title[: 198 - len(value.label)]}（{value.label}）"


def _item(row: Row, place: Place, cells: Cells, value: Value, notes: Problems) -> Item:
    value = _with_discretion(cells, value)
    cells = _within_slot(cells)
    value, subject = with_unit(row, cells, value)
    value = _lasting(cells, value)
    _check_fault(cells, value)
    direction = _direction(row, place, cells, value, notes)
    worth = _worth_for(direction, value, cells, place, row.text(columns.TITLE))
    limits = _limits(cells, value, worth, direction, subject)
    _check_only_once(row, worth, value.sharing, limits)
    _note_guesses(row, value, worth, cells, notes)
    return Item(
        number=place.number,
        title=_title(row, value),
        direction=direction,
        worth=worth,
        category=place.category,
        family=place.family,
        unit=_deed_word(cells, value, worth),
        subject=subject,
        limits=limits,
        minimum=_minimum(cells, value),
        multipliers=_multipliers(cells, value, direction),
        seasons=cells.when.seasons,
        spans=cells.when.spans,
        validity=Validity() if isinstance(worth, Event) else cells.validity,
        only_kinds=cells.who.kinds,
        sharing=_sharing(cells, value),
        rivals=_line_of(row, columns.TITLE)[:60] if value.highest or cells.limits.highest else "",
        evidence=Evidence(text=_said(row, columns.EVIDENCE)),
        brought_by=_said(row, columns.BROUGHT_BY),
        verified_by=_said(row, columns.VERIFIED_BY),
        approved_by=_said(row, columns.APPROVED_BY),
        basis=_said(row, columns.BASIS),
        term=_said(row, columns.TERM),
        repair=_said(row, columns.REPAIR),
        remarks=_remarks(row, value, cells),
    )


def _with_discretion(cells: Cells, value: Value) -> Value:
    """Let 视情节 under 上限 say that the judges write down why they chose. Raises: Refusal where nothing is chosen."""
    if not cells.limits.discretion:
        return value
    if isinstance(value.worth, Fixed | PerUnit):
        text = _("酌情的要写幅度，例如酌情10～50。")
        raise Refusal(columns.LIMITS, "discretion-without-bounds", text)
    if isinstance(value.worth, Range):
        return replace(value, worth=Discretion(value.worth.low, value.worth.high))
    return replace(value, kept=True)


def _within_slot(cells: Cells) -> Cells:
    """Let 每户一次 beside 单位 年 mean once in each year, not once for ever."""
    slot = cells.counted.slot
    if slot is None:
        return cells
    caps = tuple(
        replace(cap, window=slot.window) if cap.window is None and cap.counting is Counting.TIMES else cap
        for cap in cells.limits.caps
    )
    return replace(cells, limits=replace(cells.limits, caps=caps))


def _event_by_name(cells: Cells) -> Value:
    if cells.direction is Direction.RESET:
        return Value(Reset(), Direction.RESET)
    return parse_value("一票否决")


# ---- direction


def _direction(row: Row, place: Place, cells: Cells, value: Value, notes: Problems) -> Direction:
    written, said = cells.direction, value.direction
    if isinstance(value.worth, Event):
        return _of_event(row, value, written)
    if isinstance(value.worth, FromFull):
        return _agreed(row, written, Direction.BASE, Direction.DEDUCTION)
    if isinstance(value.worth, Both):
        if written is Direction.AWARD:
            notes.add(
                row, columns.DIRECTION, "direction-both", _("方向写的是加，分值里有加有扣，按有加有扣算。")
            )
            return Direction.BOTH
        return _agreed(row, written, Direction.BOTH)
    if said is Direction.BASE:
        return _agreed(row, written, Direction.BASE)
    if written in (Direction.RESET, Direction.VETO, Direction.DOWNGRADE):
        raise _differs(row, written)
    if written is None:
        unsure = _DASHED in value.guesses  # 村级-5 may be a minus, or not
        return said if said and not unsure else _by_heading(row, place, notes, unsure=unsure)
    if _DASHED in value.guesses:
        return written
    if said not in (None, written) and not (written is Direction.BASE and said is Direction.AWARD):
        raise _differs(row, written)
    return written


def _check_fault(cells: Cells, value: Value) -> None:
    """See that 每次2分，伤人的扣20分 stands in a row that deducts."""
    if FAULT_ONLY in value.guesses and cells.direction is not Direction.DEDUCTION:
        raise Refusal(columns.VALUE, "two-sides", _("又加又扣的，请写成加5/扣2"))


def _of_event(row: Row, value: Value, written: Direction | None) -> Direction:
    assert value.direction is not None
    events = (Direction.RESET, Direction.DOWNGRADE, Direction.VETO)  # the points say which of them is meant
    return _agreed(row, written, value.direction, Direction.DEDUCTION, *events)


def _agreed(row: Row, written: Direction | None, meant: Direction, *also: Direction) -> Direction:
    if written not in (None, meant, *also):
        raise _differs(row, written)
    return meant


def _differs(row: Row, written: Direction | None) -> Refusal:
    facts = {"direction": DIRECTION_WORDS[written] if written else "", "value": row.text(columns.VALUE)}
    text = _("方向写的是“%(direction)s”，分值写的是“%(value)s”，两样对不上。") % facts
    return Refusal(columns.VALUE, "direction-differs", text)


def _by_heading(row: Row, place: Place, notes: Problems, *, unsure: bool) -> Direction:
    """Add, unless the section or the sheet says that it deducts: 扣分项目. The nearest heading that takes a side
    decides; one that names both (加减分项) decides nothing, and a fault is then no award by itself."""
    title = plain(row.text(columns.TITLE))
    figure = _FIGURE.fullmatch(plain(row.text(columns.VALUE)))
    if figure and headings.is_base(title):
        return Direction.BASE
    if figure and headings.is_base(place.category):
        text = _("板块写的是基础分，看不出是起步就有的还是做到才加的，请在方向一栏写基础或加。")
        raise Refusal(columns.DIRECTION, "direction-missing", text)
    sides = [headings.side(heading) for heading in (place.category, place.family, row.sheet)]
    side = next((side for side in sides if side not in (None, Direction.BOTH)), None)
    if side is Direction.DEDUCTION:
        text = _("没写加还是扣，按所在板块当作扣分。")
        notes.add(row, columns.DIRECTION, "direction-by-heading", text)
        return Direction.DEDUCTION
    dash = bool(plain(row.text(columns.DIRECTION)))
    if unsure or (side is None and (headings.is_fault(title) or dash)):
        text = _("没写加还是扣，请在方向一栏写加或扣。")
        raise Refusal(columns.DIRECTION, "direction-missing", text)
    if side is None and Direction.BOTH in sides:
        text = _("没写加还是扣，所在板块有加有扣，这一项当作加分。")
        notes.add(row, columns.DIRECTION, "direction-assumed", text)
    return Direction.AWARD


def _worth_for(direction: Direction, value: Value, cells: Cells, place: Place, title: str) -> Worth:
    """Give the item's worth. 扣完为止 without full marks is what a scheme's floor does anyway, unless the section
    or the title has points of its own that may be meant: 环境卫生（20分）."""
    worth = value.worth
    if direction is Direction.BOTH and isinstance(worth, Fixed | Range):
        return Both(worth, worth)
    ends = cells.limits.to_nothing or cells.limits.full
    if direction is Direction.BASE and isinstance(worth, Fixed) and ends:
        return FromFull(worth.points)
    to_nothing = (cells.limits.to_nothing or value.to_nothing) and not isinstance(worth, FromFull)
    if to_nothing and (direction is not Direction.DEDUCTION or headings.has_points(place.category, title)):
        text = _("扣完为止的，分值要写满分几分、怎么扣，例如满分10分，每处扣0.5分，扣完为止。")
        raise Refusal(columns.LIMITS, "to-nothing-of-what", text)
    return worth


def _lasting(cells: Cells, value: Value) -> Value:
    """Let 期限 say how long a veto or a lower grade lasts, where 分值 doesn't."""
    row = cells.validity.rows[0]
    if len(cells.validity.rows) > 1 or isinstance(row.term, ForGood):
        return value
    if isinstance(value.worth, Veto) and "veto-without-term" in value.guesses:
        guesses = tuple(guess for guess in value.guesses if guess != "veto-without-term")
        return replace(value, worth=replace(value.worth, term=row.term), guesses=guesses)
    if isinstance(value.worth, Downgrade) and "downgrade-without-term" in value.guesses:
        guesses = tuple(guess for guess in value.guesses if guess != "downgrade-without-term")
        return replace(value, worth=replace(value.worth, term=row.term), guesses=guesses)
    return value


def _sharing(cells: Cells, value: Value) -> Sharing:
    """Join who plays which role (分值) and who receives (对象)."""
    sharing = value.sharing or Sharing()
    return replace(sharing, to=cells.who.receivers) if cells.who.receivers else sharing


def _minimum(cells: Cells, value: Value) -> int:
    if value.least and cells.limits.least and value.least != cells.limits.least:
        text = _("最低几分写了两回，数不一样。")
        raise Refusal(columns.LIMITS, "limit-twice", text)
    return value.least or cells.limits.least


def _multipliers(cells: Cells, value: Value, direction: Direction) -> tuple[Multiplier, ...]:
    """Join the multipliers of both columns; one for the side that the item doesn't have would never work."""
    found = tuple(dict.fromkeys((*value.multipliers, *cells.multipliers, *cells.limits.multipliers)))
    mine = _SIDES.get(direction)
    for one in found:
        if mine is Side.AWARD and one.when is Circumstance.REPEAT:
            text = _("“第二次”“重复”的倍数只用于扣分；加分的请写每年几次、每次几分。")
            raise Refusal(columns.MULTIPLIER, "repeat-of-an-award", text)
        if mine and one.side not in (mine, Side.EACH):
            text = _("倍数写的是加分，这一项是扣分；或者反过来。")
            raise Refusal(columns.MULTIPLIER, "multiplier-side-differs", text)
    return found


def _deed_word(cells: Cells, value: Value, worth: Worth) -> str:
    """Give what one deed is called; where something is counted, the points say of what."""
    if isinstance(worth, PerUnit | Bands | StepTable):
        return Counted().deed
    named = cells.counted.unit.name if cells.counted.unit else cells.counted.deed
    return value.deed if value.deed and named == Counted().deed else named


# ---- limits


def _limits(
    cells: Cells, value: Value, worth: Worth, direction: Direction, subject: Subject
) -> tuple[Limit, ...]:
    slots = [cells.counted.slot] if cells.counted.slot else []
    caps = [*value.caps, *slots, *cells.counted.caps, *cells.limits.caps]
    if cells.limits.full:
        window = cells.counted.slot.window if cells.counted.slot else None
        caps.append(Cap(Counting.POINTS, cells.limits.full, window, layer=Layer.ALL))
    found: list[Limit] = []
    for cap in (_as_quota(cap, worth) for cap in caps):
        settled, _guess = cap.settled(worth)
        limit = replace(settled, side=_side(cap, direction)).limit(subject_words.WHOSE_OF[subject])
        _check_amount(cap, worth)
        if limit not in found:
            found.append(limit)
    _check_once(found)
    return () if isinstance(worth, Event) else tuple(found)


def _as_quota(cap: Cap, worth: Worth) -> Cap:
    """Read 每月评10户 as how many of the village may have it, where points don't go by households."""
    by_head = isinstance(worth, PerUnit | Bands | StepTable) and worth.unit.name in words.HEADS
    if cap.unit is None or cap.unit.name not in ("户", "家", "名") or cap.whose or by_head:
        return cap
    many, rest = divmod(cap.amount, cap.unit.size)
    if rest:
        return cap
    return replace(cap, counting=Counting.TIMES, amount=many, whose=Whose.VILLAGE, unit=None)


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
    if mine is None or not alike(mine, cap.unit):
        text = _("上限按“%(unit)s”算，分值不是按它计的。") % {"unit": cap.unit.name}
        raise Refusal(columns.LIMITS, "limit-unit-differs", text)


def _check_only_once(row: Row, worth: Worth, sharing: Sharing | None, limits: tuple[Limit, ...]) -> None:
    """See that 全勤加10分，缺1次扣2分 isn't for once a year, where only the first fault would be taken; nor is
    安装太阳能加5分；使用电采暖加5分, where who did both would get but one of them."""
    once = [limit for limit in limits if limit.counting is Counting.TIMES and limit.amount == 1]
    faults = any(limit.side is not Side.AWARD for limit in once)
    if faults and isinstance(worth, Both) and _EACH_FAULT.search(plain(row.text(columns.VALUE))):
        text = _("每次都扣的，不能和每年、每月只算一次的加分写在一行，请把加分、扣分分成两行写。")
        raise Refusal(columns.VALUE, "fault-each-time", text)
    if once and isinstance(worth, Named) and sharing is None:
        first, *others = (cell for _name, cell in worth.rows)
        if others and all(other == first for other in others):
            raise _over_several()


def _check_once(limits: list[Limit]) -> None:
    kinds = {(limit.counting, limit.window, limit.whose, limit.layer, limit.side) for limit in limits}
    if len(kinds) < len(limits):
        text = _("同一种上限写了两回，数不一样。")
        raise Refusal(columns.LIMITS, "limit-twice", text)


# ---- texts


def _note_guesses(row: Row, value: Value, worth: Worth, cells: Cells, notes: Problems) -> None:
    told = {
        "limit-per-time": _("上限没写多久算一回，按每次最多这么多算。"),
        "limit-per-year": _("上限没写多久算一回，按一年最多这么多算。"),
        "limit-for-ever": _("上限没写多久算一回，按一直只算这一回。"),
        "veto-without-term": _("一票否决没写期限，按到当年年底算。"),
        "downgrade-without-term": _("降级没写期限，按到当年年底算。"),
        "adding-up-without-window": _("累计没写多久，按一直累计算。"),
        _TO_FLOOR: _("扣完为止没写满分，按每次都扣、扣到积分底线为止算。"),
        SHARED_BORDER: _("数正好在两档交界上的，按上面一档算。"),
        "school-year": _("学年按一年算，学期按半年算，每一段只算一回。"),
        "each-assumed": _("没写“每”，按每有这么多就算一份。"),
        "subject-community": _("对象写的是社区，按社区居民个人算；评的是整个社区的，请写行政村。"),
        "subject-either": _("对象写了个人，也写了家庭，按户算。"),
        "cases-assumed": _("后面的情形没写“再加”，按只算其中一档、不加在一起算。"),
    }
    settled = [cap.settled(worth)[1] for cap in (*cells.counted.caps, *cells.limits.caps)]
    to_floor = [_TO_FLOOR] if not isinstance(worth, FromFull) else []
    said = [*value.guesses, *(to_floor if value.to_nothing else [])]
    if not isinstance(worth, PerUnit) or worth.per == worth.unit.size:
        said = [guess for guess in said if guess != "each-assumed"]
    settled += to_floor if cells.limits.to_nothing else []
    slots = ["school-year"] if cells.counted.school else []
    whom = [cells.who.guess]
    guessed = {columns.VALUE: said, columns.LIMITS: settled, columns.UNIT: slots, columns.SUBJECT: whom}
    for header, guesses in guessed.items():
        for guess in dict.fromkeys(guesses):
            if guess in told:
                notes.add(row, header, guess, told[guess])


def _said(row: Row, header: str) -> str:
    """Give a cell's text; a lone dash stands for nothing."""
    text = row.text(header)
    return "" if blank(text) else text


def _remarks(row: Row, value: Value, cells: Cells) -> str:
    kept = [columns.VALUE] if value.kept else []
    kept += [columns.UNIT] if cells.counted.aside and not cells.counted.caps else []
    kept += [columns.SUBJECT] if cells.who.aside else []
    kept += [columns.LIMITS] if cells.limits.kept else []
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
