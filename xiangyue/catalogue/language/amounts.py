"""Points, signs and quantities: the parts of which the other grammars are made. Pure.

cell      = case [bounds] | [酌情] [sign] (most points | least points | points [dash [sign] points] [以内 | 起])
points    = number [分]
quantity  = number unit
unit      = 小时 | 元 | 亩 | 个 [noun] …
"""

from fractions import Fraction

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, unit_words, words
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import MOST, Direction, Measure
from xiangyue.catalogue.rules.worth import (
    MOST_AMOUNT,
    UNIT_LENGTH,
    CaseByCase,
    Cell,
    Discretion,
    Fixed,
    Range,
    Unit,
)
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT, format_points

_NOUN_LENGTH = 10


def sign(reader: Reader) -> Direction | None:
    """Take what says add, deduct or neither, if anything does; the reader remembers it."""
    while reader.accept(words.NEUTRAL):
        pass
    direction = None
    if reader.accept(words.GAINS):
        direction = Direction.AWARD
    elif reader.accept(words.LOSSES):
        direction = Direction.DEDUCTION
        reader.accept(words.MINUS_SIGNS)  # 扣-5分
    elif reader.accept(words.MINUS_SIGNS):
        direction = Direction.DEDUCTION
    while direction and reader.accept(words.NEUTRAL):
        pass
    if direction:
        reader.signs += (direction,)
    return direction


def points(reader: Reader) -> int:
    """Take points, as centipoints; 0 is possible. Raises: NotFitting."""
    exact = reader.number() * CENTIPOINTS_PER_POINT
    if exact > MOST:
        reader.misfit("points-too-large", _("分值太大，最多%(most)s分") % {"most": format_points(MOST)})
    if exact.denominator != 1:
        reader.misfit("points-too-fine", _("分值最多两位小数"))
    reader.accept(words.POINTS)
    if reader.accept({"奖励", "的奖励"}):
        reader.signs += (Direction.AWARD,)
    return int(exact)


def some_points(reader: Reader) -> int:
    """Take points that are more than nothing. Raises: NotFitting."""
    found = points(reader)
    if found == 0:
        reader.misfit("points-zero", _("分值不能是0"))
    return found


def cell(reader: Reader) -> Cell:
    """Take one figure, range or free choice of points. Raises: NotFitting."""
    if reader.accept(words.CASE):
        return _case(reader)
    looked_at = reader.quietly(depending)
    free = bool(looked_at or reader.accept(words.DISCRETION))
    if free:
        reader.accept(words.DISCRETION)
    minus = reader.next is not None and reader.next.text in words.MINUS_SIGNS
    said = sign(reader)
    free = free or bool(reader.accept(words.DISCRETION))
    reader.accept(words.POINT_NAMES)
    if free and (reader.next is None or reader.next.kind is not Kind.NUMBER):
        granted = reader.accept(words.POINTS | words.GRANTING)
        if looked_at and not granted and not said and reader.done:
            raise NotFitting  # 按实际情况 doesn't say that the meeting decides
        return bounds(reader)
    if reader.accept(words.AT_MOST):
        return _up_to_most(reader, some_points(reader))
    if reader.accept(words.AT_LEAST):
        said = said or sign(reader)
        return _from_least(reader, some_points(reader))
    first = points(reader)
    if reader.accept(words.DASHES):
        return _range(reader, first, said, symbol=minus, free=free)
    return _figure(reader, first, free=free)


def _figure(reader: Reader, first: int, *, free: bool) -> Cell:
    if first == 0:
        reader.misfit("points-zero", _("分值不能是0"))
    if reader.accept(words.AT_MOST_AFTER):
        return CaseByCase(None, first)
    if reader.accept(words.AT_LEAST_AFTER):
        return _from_least(reader, first)
    if free:
        reader.misfit("discretion-without-bounds", _("酌情的要写幅度，例如酌情10～50"))
    return Fixed(first)


def depending(reader: Reader) -> str:
    """Take 根据贡献大小: what the judges look at. Raises: NotFitting."""
    reader.expect(words.DEPENDING)
    if reader.next is None or reader.next.text in words.SAME_KIND:
        raise NotFitting
    found = "".join(reader.several(noun_part))
    if not found or any(word in found for word in words.ELSEWHERE):
        raise NotFitting
    reader.kept = True
    return found


def _from_least(reader: Reader, low: int) -> Cell:
    """Take what follows 最低5分: nothing, or ，最高20分. The judges then choose between them."""
    high = reader.attempt(_most)
    return CaseByCase(low, None) if high is None else _between(reader, low, high)


def _up_to_most(reader: Reader, high: int) -> Cell:
    low = reader.attempt(_least)
    return CaseByCase(None, high) if low is None else _between(reader, low, high)


def _between(reader: Reader, low: int, high: int) -> Cell:
    if low >= high:
        reader.misfit("range-backwards", _("幅度要从小写到大"))
    return Range(low, high)


def _case(reader: Reader) -> CaseByCase:
    sign(reader)
    reader.accept(words.POINTS)
    return reader.attempt(_case_between) or bounds(reader)


def _case_between(reader: Reader) -> CaseByCase:
    """Take the ，5～50分 of 一事一议，5～50分. Raises: NotFitting."""
    reader.expect(words.SEPARATORS)
    sign(reader)
    low = some_points(reader)
    reader.expect(words.DASHES)
    high = some_points(reader)
    if low >= high:
        raise NotFitting
    return CaseByCase(low, high)


def bounds(reader: Reader) -> CaseByCase:
    """Take ，最低5分，最高20分 behind what is decided for each case; neither need be there."""
    low = reader.attempt(_least)
    high = reader.attempt(_most)
    if low and high and low > high:
        reader.misfit("range-backwards", _("幅度要从小写到大"))
    return CaseByCase(low, high)


def _least(reader: Reader) -> int:
    reader.accept(words.SEPARATORS)
    reader.expect(words.AT_LEAST)
    return some_points(reader)


def _most(reader: Reader) -> int:
    reader.accept(words.SEPARATORS)
    reader.expect(words.AT_MOST)
    return some_points(reader)


def _range(reader: Reader, first: int, said: Direction | None, *, symbol: bool, free: bool) -> Cell:
    again = sign(reader)
    last = points(reader)
    if again not in (None, said):
        reader.misfit("two-sides", _("又加又扣的，请写成加5/扣2"))
    if symbol and again is None:
        reader.misfit("range-ambiguous", _("看不出是扣几分到几分，还是从负数到正数；请写成扣5～10"))
    low, high = sorted((first, last))
    # −5～−1 runs upwards, as −1～−5 does in the eyes of who writes it; 10～1 is a slip.
    if first == last or (first > last and again is None):
        reader.misfit("range-backwards", _("幅度要从小写到大"))
    if low == 0:
        return CaseByCase(None, high)
    return Discretion(low, high) if free else Range(low, high)


def unit(reader: Reader) -> tuple[Unit, int]:
    """Take a unit; give it and how many of it the word means (百元 is 100 of 元). Raises: NotFitting."""
    if word := reader.accept(words.UNITS):
        if reader.attempt(noun):
            reader.kept = True
        return words.UNITS[word]
    name = reader.expect(words.COUNTED)
    said = reader.attempt(noun) or ""
    if name in ("次", "回") and said:
        reader.kept, said = True, ""  # 一次学习 is one time
    return named_unit(reader, name + said)


def named_unit(reader: Reader, name: str) -> tuple[Unit, int]:
    """Give the unit of a name that is counted in pieces. Raises: NotFitting."""
    if len(name) > UNIT_LENGTH:
        raise NotFitting
    return Unit(words.SAME_UNITS.get(name, name)), 1


def is_goods(of: Unit) -> bool:
    """Whether it is money or goods, whose amount may be any: 100元1分 and 10斤1分 go on with 200元, 20斤; of hours,
    days, persons and fields so many may be a threshold."""
    if of.measure is Measure.FEN:
        return of.name == "元"
    name = next((of.name[:n] for n in range(len(of.name), 0, -1) if of.name[:n] in words.COUNTED), "")
    return name in unit_words.GOODS


def quantity(reader: Reader, *, fraction: bool = False, lasting: bool = False) -> tuple[int, Unit]:
    """Take a number of units, in base units. fraction: whether it may be one (1/3小时). lasting: whether it may be of
    months or years (满6个月), which elsewhere are windows. Raises: NotFitting."""
    if lasting and (word := reader.accept(words.ONE_LASTING)):
        return 100, Unit(words.ONE_LASTING[word])
    many = _fraction(reader) if fraction else reader.number()
    if lasting and (word := reader.accept(words.LASTING)):
        of = Unit(words.LASTING[word])
        return base(reader, many, of), of
    if reader.next is not None and reader.next.kind is Kind.TEXT:
        found, factor = named_unit(reader, noun(reader))
    else:
        found, factor = unit(reader)
    return base(reader, many * factor, found), found


def base(reader: Reader, many: Fraction, of: Unit) -> int:
    """Give a number of units in base units. Raises: NotFitting."""
    exact = many * of.size
    if exact.denominator != 1 or not 0 <= exact <= MOST_AMOUNT:
        reader.misfit("amount-not-countable", _("“%(unit)s”前面的数太细或者太大") % {"unit": of.name})
    return int(exact)


def _fraction(reader: Reader) -> Fraction:
    many = reader.number()
    below = reader.attempt(_below)
    return many / below if below else many


def _below(reader: Reader) -> Fraction:
    reader.expect(words.SLASH)
    below = reader.number()
    if not below:
        raise NotFitting
    return below


def noun(reader: Reader) -> str:
    """Take what a measure word measures: 个烟头, 篇新闻稿件. Raises: NotFitting."""
    found = "".join(reader.several(_noun_part))
    if not found or len(found) > _NOUN_LENGTH or not found.isalpha() or found[-1] in "少多":
        raise NotFitting
    return found


def _noun_part(reader: Reader) -> str:
    return reader.accept(words.KINDS | subject_words.HOUSEHOLD_KINDS) or noun_part(reader)


def noun_part(reader: Reader) -> str:
    """Take a piece of free text: no number, and no word that means something elsewhere. Raises: NotFitting."""
    if token := reader.accept_kind(Kind.TEXT):
        return token.text
    structure = reader.next is not None and reader.next.text in words.STRUCTURE
    if reader.next is None or (structure and not (_begins_noun(reader) or _goes_to(reader))):
        raise NotFitting
    token = reader.accept_kind(Kind.WORD)
    if token is None:
        raise NotFitting
    return token.text


def _goes_to(reader: Reader) -> bool:
    """Whether 到 says where somebody goes (到镇上访), and not up to how many."""
    around = reader.tokens[max(reader.at - 1, 0) : reader.at + 2]
    said = reader.tokens[reader.at].text == "到" and reader.at + 1 < len(reader.tokens)
    points = words.POINTS | words.COUNTED | words.UNITS.keys()
    before = reader.tokens[reader.at - 1].text if reader.at else ""
    return said and before not in points and all(token.kind is not Kind.NUMBER for token in around)


def _begins_noun(reader: Reader) -> bool:
    """Whether a word for a stretch of time only begins a noun: 年销售额, 月工资, 日均."""
    behind = reader.tokens[reader.at + 1 : reader.at + 2]
    return (
        reader.tokens[reader.at].text in {"年", "月", "日"} and bool(behind) and behind[0].kind is Kind.TEXT
    )
