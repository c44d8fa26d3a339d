"""Points for amounts that are reached, or gone beyond. Pure.

reached = amount [sign] cell sep amount [sign] cell {sep …}     amount = [text] [每] quantity | 全天
beyond  = [text] (quantity (以内 | 以上) | 不超过 quantity) [sep] 每超 quantity [sign] points
"""

from itertools import pairwise

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import cell, noun_part, quantity, sign, some_points, unit
from xiangyue.catalogue.language.leads import Draft
from xiangyue.catalogue.language.rates import counted
from xiangyue.catalogue.language.several import is_piece
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import Measure
from xiangyue.catalogue.rules.worth import Band, Bands, Fixed, PerUnit, Step, StepTable, Unit, Worth

_PAST = {"每超过", "每超出", "每超", "每增加", "每增", "每多"}
_AT_MOST = {"不超过", "不高于", "不多于", "控制在"}
_TIMES = {"分钟", "小时", "天", "工日", "个工", "工"}

_Row = tuple[int, Unit, int]


def reached(reader: Reader, draft: Draft) -> Worth:
    """Take 200毫升加5分，400毫升加10分: the highest amount that was reached counts; but 半天1分，全天2分 is one for
    every half day, and 1小时1分，半天3分 are two rules, of which the higher counts. Raises: NotFitting."""
    rows = [_row(reader)]
    while (row := reader.attempt(_next_row)) is not None:
        rows.append(row)
    if any(of.name == "工日" for _amount, of, _points in rows):
        rows = [(amount, Unit("工日") if of.name == "天" else of, given) for amount, of, given in rows]
    units = list(dict.fromkeys(of for _amount, of, _points in rows))
    first, *others = [_of_one_unit(sorted(row for row in rows if row[1] == of)) for of in units]
    if len(rows) < 2 or (others and not {of.name for of in units} <= _TIMES):
        raise NotFitting
    draft.others += [Draft(worth, label=label) for alike in (first[1:], *others) for worth, label in alike]
    if others:
        draft.label = first[0][1]
        for one in (draft, *draft.others):
            one.highest = True
    return first[0][0]


def _of_one_unit(rows: list[_Row]) -> list[tuple[Worth, str]]:
    """Give the rules of rows with one unit, and what each is about. Raises: NotFitting."""
    smallest, of, points = rows[0]
    label = f"按{of.name}"
    if 2 * smallest == of.size:
        if all(amount % smallest == 0 and given * smallest == points * amount for amount, _of, given in rows):
            return [(PerUnit(of, smallest, points, whole=True), label)]
        if [amount for amount, _of, _given in rows] != [smallest, of.size]:
            raise NotFitting
        return [(PerUnit(of, of.size, rows[1][2], whole=True), label), (Fixed(points), f"半{of.name}")]
    if len(rows) == 1 and smallest == of.size and (is_piece(of) or of.name in words.MEASURED):
        return [(PerUnit(of, of.size, points, whole=False), label)]
    rising = all(low[0] < high[0] and low[2] < high[2] for low, high in pairwise(rows))
    if len(rows) < 2 or not rising or (of.measure is Measure.HUNDREDTHS and is_piece(of)):
        raise NotFitting
    return [(StepTable(of, tuple(Step(amount, given) for amount, _of, given in rows)), label)]


def _next_row(reader: Reader) -> _Row:
    reader.expect(words.SEPARATORS)
    return _row(reader)


def _row(reader: Reader) -> _Row:
    return reader.attempt(_row_behind) or _row_before(reader)


def _row_behind(reader: Reader) -> _Row:
    """Take the 10分/天 of 10分/天，半天5分. Raises: NotFitting."""
    sign(reader)
    given = cell(reader)
    reader.expect(words.SLASH)
    reader.accept({"每"})
    if not isinstance(given, Fixed):
        raise NotFitting
    if reader.next is not None and reader.next.kind is Kind.NUMBER:
        amount, of = quantity(reader)
        return amount, of, given.points
    of, factor = (Unit("天"), 1) if reader.accept({"天", "日"}) else unit(reader)
    return of.size * factor, of, given.points


def _row_before(reader: Reader) -> _Row:
    if (found := reader.attempt(_whole_day)) is None:
        if "".join(reader.several(noun_part)):
            reader.kept = True
        reader.accept({"每", "每个"})
        found = reader.attempt(_whole_day) or _each_day(reader)
    amount, of = found
    reader.accept({"的"})
    reader.accept({"，", ","})
    sign(reader)
    given = cell(reader)
    if not isinstance(given, Fixed) or not amount:
        raise NotFitting
    return amount, of, given.points


def _whole_day(reader: Reader) -> tuple[int, Unit]:
    reader.expect(words.WHOLE_DAYS)
    return 100, Unit("天")


def _each_day(reader: Reader) -> tuple[int, Unit]:
    if reader.accept({"每天", "每日"}):
        return 100, Unit("天")
    if (
        reader.next is not None
        and reader.tokens[reader.at - 1].text == "每"
        and reader.next.text in words.COUNTED
    ):
        batch = counted(reader, full=False)
        return batch.per, batch.unit
    return quantity(reader, lasting=True)


def beyond(reader: Reader, draft: Draft) -> Worth:
    """Take 10桌以内，每超1桌扣2分: what goes beyond counts. Raises: NotFitting."""
    if "".join(reader.several(noun_part)):
        reader.kept = True
    stated = reader.accept(_AT_MOST | words.BEYOND)
    bound, of = quantity(reader)
    if not stated:
        reader.expect(words.BELOW | words.AND_ABOVE)
    reader.accept({"的"})
    reader.accept({"，", ",", "；", ";"})
    reader.expect(_PAST)
    batch = counted(reader, full=False)
    reader.accept({"，", ","})
    sign(reader)
    given = some_points(reader)
    if batch.unit != of or not bound:
        raise NotFitting
    return Bands(of, (Band(bound, None, batch.per, given, batch.whole),), by_parts=True)
