"""Points by amount: batches, bands and steps. Pure.

each    = (每 | 每满) [verb number | number] unit
bands   = row {sep row} [分段计算]                 row = stretch [sep] each [sign] points [按比例]
steps   = [年度累计] row {sep row}
          row = (满 | 超过) quantity cell | quantity 以上 cell | quantity 以下 cell | from-to cell
stretch = quantity - quantity | 超过 quantity 至 quantity | quantity 以上 | quantity 以下
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import (
    base,
    is_goods,
    named_unit,
    noun,
    noun_part,
    quantity,
    sign,
    some_points,
    unit,
)
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import BadRule, Measure, Window
from xiangyue.catalogue.rules.worth import YUAN, Band, Bands, Step, StepTable, Unit

SHARED_BORDER = "border-shared"  # what lies on the border of two rows belongs to the upper one


@dataclass(frozen=True, slots=True)
class Batch:
    """What 每 counts. per: base units of one batch. whole: only full ones count. bare: it is one unit. counted: the
    number one was written (每1户), so that it isn't the subject itself (每户)."""

    unit: Unit
    per: int
    whole: bool
    bare: bool
    counted: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Amounts from `low` to `high`, in base units. open: above `low`, not from it. under: below `high`, not up to
    it. low_said, high_said: the text says that this border belongs to it (及以上, (含)以下). None: no end there."""

    unit: Unit
    low: int | None
    high: int | None
    open: bool = False
    under: bool = False
    low_said: bool = False
    high_said: bool = False


def each(reader: Reader) -> Batch:
    """Take 每小时, 每满500元, 每50个烟头, 每参加一次. Raises: NotFitting."""
    if reader.accept(words.RELATIVE):
        reader.misfit("batch-relative", relative())
    if (found := reader.attempt(_each_of)) is not None:
        return found
    full = reader.expect(words.EACH) in words.EACH_FULL or bool(reader.accept({"满"}))
    if (found := reader.attempt(lambda r: counted(r, full=full))) is not None:
        return found
    if not "".join(reader.several(_verb_part)):
        raise NotFitting
    full = full or bool(reader.accept({"满"})) or _lasts(reader)
    reader.kept = True
    if not _lasts(reader) and (reader.next is None or reader.next.kind is not Kind.NUMBER):
        reader.misfit("unit-unknown", _("“每”后面没写数和单位，例如每50个、每100元、每参加一次"))
    return counted(reader, full=full)


def relative() -> str:
    return _("没写从多少算起，请写成几档，例如满10小时2分、满20小时5分")


def _each_of(reader: Reader) -> Batch:
    """Take 每人, 每项, 每场活动, 每户农户: words in which 每 and its unit are one. Raises: NotFitting."""
    word = reader.expect(words.WHOSE.keys() | words.LAYERS.keys() | words.WINDOWS.keys())
    name, window = word.removeprefix("每"), words.WINDOWS.get(word)
    first = next((length for length in range(len(name), 0, -1) if name[:length] in words.COUNTED), 0)
    if name == word or not first or window not in (None, Window.DAY, Window.ACTIVITY):
        raise NotFitting
    found, _factor = named_unit(reader, name + (reader.attempt(noun) or ""))
    return Batch(found, found.size, whole=False, bare=True)


def _lasts(reader: Reader) -> bool:
    """Whether 一个月, 一年 follow behind what was done (每拖欠一个月): full ones count."""
    behind = [token.text for token in reader.tokens[reader.at : reader.at + 2]]
    return (len(behind) == 2 and behind[1] in words.LASTING) or behind[:1] in (["一年"], ["一个月"])


def _verb_part(reader: Reader) -> str:
    reader.accept({"增加"})
    return reader.accept(words.KINDS | {"本村", "村"}) or noun_part(reader)


def counted(reader: Reader, *, full: bool) -> Batch:
    """Take what stands behind 每: 2小时, 个烟头. full: only full batches count. Raises: NotFitting."""
    one_lasting = full and reader.next is not None and reader.next.text in words.ONE_LASTING
    if one_lasting or (reader.next is not None and reader.next.kind is Kind.NUMBER):
        per, found = quantity(reader, fraction=True, lasting=full)
        if reader.attempt(other_units):
            reader.kept = True
        whole = full or per != found.size
        if per == 0:
            raise NotFitting
        return Batch(found, per, whole, bare=per == found.size and not full, counted=True)
    found, factor = unit(reader)
    if reader.attempt(other_units):
        reader.kept = True
    per = base(reader, Fraction(factor), found)
    return Batch(found, per, full or factor > 1, bare=factor == 1 and not full)


def other_units(reader: Reader) -> bool:
    """Take the （瓶、袋） of 每30个（瓶、袋）: other words for what is counted. Raises: NotFitting."""
    reader.expect({"("})
    reader.expect(words.COUNTED)
    while reader.accept({"、", "/", "或"}):
        reader.expect(words.COUNTED)
    reader.expect({")"})
    return True


def adding_up(reader: Reader) -> Window | None:
    """Take 年度累计 and the like: the window in which quantities add up. Without one it is for ever."""
    if word := reader.accept(words.ADDED_UP):
        return words.ADDED_UP[word]
    if reader.accept({"累计"}):
        reader.guesses += ("adding-up-without-window",)
        return Window.ONCE
    return None


def pro_rata(reader: Reader) -> bool:
    """Take 不满的按比例. Raises: NotFitting."""
    reader.accept(words.SEPARATORS)
    reader.expect(words.PRO_RATA)
    return True


# ---- bands


def bands(reader: Reader) -> Bands:
    """Take points at rates that change with the amount. Raises: NotFitting."""
    rows = [_band(reader)]
    while (row := reader.attempt(_next_band)) is not None:
        rows.append(row)
    by_parts = bool(reader.attempt(_by_parts))
    batched = {batch.unit for _stretch, batch, _points in rows}
    stretches = _same_unit(reader, [stretch for stretch, _batch, _points in rows], batched)
    found = []
    for stretch, (_s, batch, given) in zip(stretches, rows, strict=True):
        if batch.unit.measure is not stretch.unit.measure or not _alike(batch.unit, stretch.unit):
            raise NotFitting
        found.append(Band(_above(stretch), _up_to(stretch), batch.per, given, batch.whole))
    said = {stretch.high for stretch in stretches if stretch.high_said}
    found.sort(key=lambda band: band.above)
    try:
        return Bands(stretches[0].unit, tuple(_joined(reader, found, stretches[0].unit, said)), by_parts)
    except BadRule:
        reader.misfit("bands-overlap", _("几档的数量重叠了，或者没写到头"))


def _joined(reader: Reader, found: list[Band], of: Unit, said: Collection[int | None]) -> list[Band]:
    """Let bands meet: 1001元以上 goes on from 1000元. Of 100—1000 and 1000—5000 the upper one gets the border,
    unless the lower one says that it does."""
    joined = found[:1]
    for upper in found[1:]:
        lower, above = joined[-1], upper.above
        if lower.up_to is not None and above == lower.up_to - 1 and lower.up_to in said:
            above = lower.up_to
        elif lower.up_to is not None and above == lower.up_to - 1:
            joined[-1] = replace(lower, up_to=above)
            reader.guesses += () if SHARED_BORDER in reader.guesses else (SHARED_BORDER,)
        elif lower.up_to is not None and above == lower.up_to + of.size - 1:
            above = lower.up_to
        joined.append(replace(upper, above=above))
    return joined


def _next_band(reader: Reader) -> tuple[_Stretch, Batch, int]:
    reader.expect(words.SEPARATORS)
    return _band(reader)


def _band(reader: Reader) -> tuple[_Stretch, Batch, int]:
    if reader.attempt(_verb):
        reader.kept = True
    stretch = _stretch(reader)
    reader.accept({"的"})
    reader.accept(words.SEPARATORS)
    batch = each(reader)
    reader.accept(words.SEPARATORS)
    sign(reader)
    given = some_points(reader)
    if reader.attempt(pro_rata):
        batch = Batch(batch.unit, batch.per, whole=False, bare=False)
    return stretch, batch, given


def _verb(reader: Reader) -> bool:
    if not "".join(reader.several(noun_part)):
        raise NotFitting
    return True


def _by_parts(reader: Reader) -> bool:
    reader.accept(words.SEPARATORS)
    reader.expect(words.BY_PARTS)
    return True


def _up_to(stretch: _Stretch) -> int | None:
    return stretch.high - 1 if stretch.under and stretch.high else stretch.high


def _above(stretch: _Stretch) -> int:
    """Give the bound above which a stretch begins: 1001—5000元 goes on from 1000元, 100—1000元 begins at 100."""
    if stretch.low is None:
        return 0
    if stretch.open:
        return stretch.low
    whole, rest = divmod(stretch.low, stretch.unit.size)
    if not rest and whole % 10 == 1 and whole > 1 and stretch.high is not None:
        return stretch.low - stretch.unit.size
    return max(stretch.low - 1, 0)


# ---- steps


def steps(reader: Reader) -> StepTable:
    """Take points that jump at certain amounts. Raises: NotFitting."""
    if reader.attempt(_verb):
        reader.kept = True
    over = adding_up(reader)
    rows = [_step(reader)]
    while (row := reader.attempt(_next_step)) is not None:
        rows.append(row)
    read = [token.text for token in reader.tokens[: reader.at]]
    stated = "满" in read and "的" not in read  # 捐款满1000元的 are those who gave so much
    if len(rows) == 1 and over is None and stated and _goes_on(rows[0][0], read):
        raise NotFitting  # 满1小时1分, 满10斤1分 are for every so many
    stretches = _same_unit(reader, [stretch for stretch, _points in rows])
    table = sorted(
        zip(stretches, (given for _s, given in rows), strict=True), key=lambda row: row[0].low or 0
    )
    table = _with_borders(reader, table)
    _check_steps(reader, [stretch for stretch, _points in table])
    try:
        found = tuple(Step(stretch.low or 0, given) for stretch, given in table)
        return StepTable(stretches[0].unit, found, table[-1][0].open, over)
    except BadRule:
        reader.misfit("steps-not-rising", _("几档的数量要从小到大，不能有两档一样"))


def _goes_on(of: _Stretch, read: list[str]) -> bool:
    """Whether 满 so many is meant for every so many: one hour, and goods; money given may be a threshold."""
    if of.unit.name == "元" and read[0] != "满":
        return False
    return (is_goods(of.unit) or of.low == of.unit.size) and of.high is None and not of.open


def _with_borders(reader: Reader, table: list[tuple[_Stretch, int]]) -> list[tuple[_Stretch, int]]:
    """Give borders that two rows share to the upper one, or to the lower one where only that says so."""
    found = table[:1]
    for upper, given in table[1:]:
        lower = found[-1][0]
        if upper.low is not None and upper.low == lower.high and not lower.under and not upper.open:
            if lower.high_said and upper.low_said:
                reader.misfit("steps-with-gaps", _("几档之间有空当，或者重叠了"))
            if lower.high_said:
                upper = replace(upper, open=True)
            elif not upper.low_said and SHARED_BORDER not in reader.guesses:
                reader.guesses += (SHARED_BORDER,)
        found.append((upper, given))
    return found


def _check_steps(reader: Reader, stretches: list[_Stretch]) -> None:
    opens = {stretch.open for stretch in stretches if stretch.low}
    if len(opens) > 1:
        raise NotFitting
    if stretches[-1].high is not None:
        reader.misfit("steps-without-end", _("最后一档没写以上，看不出再多的怎么算，例如10小时以上5分"))
    for lower, upper in pairwise(stretches):
        if lower.high is None or upper.low is None:
            continue
        size = 0 if lower.unit.measure is Measure.MINUTES or lower.under or upper.open else lower.unit.size
        if not 0 <= upper.low - lower.high <= size or (lower.under and upper.open):
            reader.misfit("steps-with-gaps", _("几档之间有空当，或者重叠了"))


def _next_step(reader: Reader) -> tuple[_Stretch, int]:
    reader.accept(words.SEPARATORS | words.SLASH)
    return _step(reader)


def _step(reader: Reader) -> tuple[_Stretch, int]:
    if reader.attempt(_verb):
        reader.kept = True
    stretch = _stretch(reader)
    if reader.attempt(_verb):
        reader.kept = True
    reader.accept({"的"})
    reader.accept({"，", ","})
    sign(reader)
    return stretch, some_points(reader)


# ---- stretches


def _stretch(reader: Reader) -> _Stretch:
    for rule in (_beyond, _under, _from_to, _bounded):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _beyond(reader: Reader) -> _Stretch:
    """Take 满10小时, 超过10小时, 超过100元至1000元."""
    word = reader.accept(words.BEYOND)
    is_open = bool(word)
    if not is_open:
        reader.expect(words.FULL)
    low, found = quantity(reader, fraction=True, lasting=True)
    if word == "超" and low == found.size:
        reader.misfit("batch-relative", relative())  # 超一桌扣2分 is for every one
    if reader.accept(words.AND_ABOVE):
        return _Stretch(found, low, None, is_open)
    if reader.accept(words.DASHES):
        high, other = quantity(reader, fraction=True, lasting=True)
        if other != found:
            raise NotFitting
        return _Stretch(found, low, high, is_open)
    return _Stretch(found, low, None, is_open)


def _under(reader: Reader) -> _Stretch:
    reader.expect(words.UNDER)
    high, found = quantity(reader)
    return _Stretch(found, None, high, under=True)


def _from_to(reader: Reader) -> _Stretch:
    low = reader.number()
    written = reader.attempt(unit)
    within, beyond = reader.accept({"(含)"}), reader.accept({"(不含)"})
    reader.expect(words.DASHES)
    high, found = quantity(reader)
    up_to, under = reader.accept({"(含)"}), reader.accept({"(不含)"})
    mine, factor = written or (found, 1)
    if not _alike(mine, found):
        raise NotFitting
    start = base(reader, low * factor, mine)
    if start >= high:
        reader.misfit("range-backwards", _("幅度要从小写到大"))
    return _Stretch(found, start, high, bool(beyond), bool(under), bool(within), bool(up_to))


def _bounded(reader: Reader) -> _Stretch:
    """Take 10小时以上, 99元以下."""
    amount, found = quantity(reader)
    said = bool(reader.accept({"(含)"}))
    if reader.accept(words.NOT_BELOW):
        return _Stretch(found, None, amount, under=True)
    if word := reader.accept(words.BELOW):
        return _Stretch(found, None, amount, high_said=said or word in words.INCLUDED)
    if reader.accept(words.NOT_INCLUDED):
        return _Stretch(found, amount, None, open=True)
    word = reader.expect(words.AND_ABOVE)
    return _Stretch(found, amount, None, low_said=said or word in words.INCLUDED)


def _alike(one: Unit, other: Unit) -> bool:
    """Whether two units may stand in one table: 元 and 万元 may, 个 and 件 may not."""
    if one.measure is not other.measure:
        return False
    nouns = one.name.startswith(other.name) or other.name.startswith(one.name)  # 5人就业, 6-10人
    return nouns or one.measure in words.MONEY_OR_TIME


def _same_unit(reader: Reader, stretches: list[_Stretch], also: Collection[Unit] = ()) -> list[_Stretch]:
    first = stretches[0].unit
    if not all(_alike(stretch.unit, first) for stretch in stretches):
        reader.misfit("units-differ", _("几档的单位不一样"))
    if first.measure is Measure.HUNDREDTHS:
        shortest = min((stretch.unit for stretch in stretches), key=lambda unit: len(unit.name))
        return [replace(one, unit=shortest) for one in stretches]
    mixed = any(unit != first for unit in (*also, *(stretch.unit for stretch in stretches)))
    common = YUAN if mixed and first.measure is YUAN.measure else first
    return [replace(one, unit=common) for one in stretches]
