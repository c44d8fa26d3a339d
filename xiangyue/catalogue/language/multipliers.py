"""The small language of 倍数: when points are multiplied (党员双倍扣, 首月×2, 重复发生加倍). Pure.

multiplier  = who {、 who} [side] factor [side]              side = [仅] (扣分 | 加分 | 加扣分) [时 | 项]
factor      = 加倍 | 双倍 | 减半 | [按] number 倍 | × number
"""

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier
from xiangyue.catalogue.rules.terms import MOST_FACTOR, Circumstance, Side


def multipliers(reader: Reader) -> tuple[Multiplier, ...]:
    """Take what multiplies points; several circumstances may share a factor. Raises: NotFitting."""
    whens = [_when(reader)]
    while reader.attempt(_and_when_follows):
        whens.append(_when(reader))
    reader.accept({"的"})
    bracket = reader.accept({"("})
    side = reader.attempt(_side)
    times = factor(reader)
    if bracket:
        side = side or reader.attempt(_side)
        reader.expect({")"})
    side = side or reader.attempt(_side) or reader.attempt(_side_behind) or Side.EACH
    return tuple(Multiplier(when, times, side, kind) for when, kind in whens)


def _when(reader: Reader) -> tuple[Circumstance, str]:
    reader.accept({"是"})
    if word := reader.accept(words.CIRCUMSTANCES):
        return words.CIRCUMSTANCES[word], ""
    if word := reader.accept(words.KINDS | subject_words.HOUSEHOLD_KINDS | subject_words.PERSON_KINDS):
        return Circumstance.KIND, word
    quoted = reader.accept_kind(Kind.QUOTED)
    if quoted is None or len(quoted.text) > 60:
        raise NotFitting
    return Circumstance.KIND, quoted.text


def _and_when_follows(reader: Reader) -> bool:
    reader.expect({"、", "和", "及", "，", ","})
    if reader.next is None or reader.next.text not in words.CIRCUMSTANCES:
        raise NotFitting
    return True


def _side(reader: Reader) -> Side:
    """Take 扣分, 仅扣分, 扣分时, 扣分项的, 加扣分均."""
    reader.accept(words.ONLY_SIDE)
    side = words.FACTOR_SIDES[reader.expect(words.FACTOR_SIDES)]
    for _n in range(2):
        reader.accept({"时", "项", "的", "均", "都", "部分"})
    return side


def _side_behind(reader: Reader) -> Side:
    """Take （仅扣分） and ，仅限扣分."""
    if reader.accept({"("}):
        side = _side(reader)
        reader.expect({")"})
        return side
    reader.expect({"，", ","})
    if reader.next is None or reader.next.text not in words.ONLY_SIDE:
        raise NotFitting
    return _side(reader)


def factor(reader: Reader) -> int:
    """Take 双倍, ×1.5, 按2倍, in hundredths. Raises: NotFitting."""
    reader.accept({"按", "=", ":", "为", "给予"})
    if word := reader.accept(words.FACTORS):
        return words.FACTORS[word]
    crossed = reader.accept(words.TIMES_SIGNS)
    exact = reader.number() * 100
    if not (reader.accept(words.FACTOR_ENDS) or crossed):
        raise NotFitting
    if exact.denominator != 1 or not 0 < exact <= MOST_FACTOR or exact == 100:
        raise NotFitting
    return int(exact)
