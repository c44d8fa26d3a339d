"""Points that somebody decides, or that grow when a fault comes again. Pure.

decided    = 由 who (评定 | 研究决定 …) [后 加分] [("(" cell ")" | sep cell) | bounds]
escalating = 首次 taken sep 再次 taken
"""

from fractions import Fraction

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.amounts import bounds, cell, noun_part, sign
from xiangyue.catalogue.language.leads import Draft
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier
from xiangyue.catalogue.rules.terms import Circumstance, Direction, Side
from xiangyue.catalogue.rules.worth import CaseByCase, Cell, Discretion, Fixed, Range, Worth


def decided(reader: Reader, draft: Draft) -> Worth:
    """Take 由村两委研究决定: each case by itself, and who decides it."""
    reader.accept({"由"})
    decided_by(reader)
    found = reader.attempt(_chosen_between) or bounds(reader)
    reader.end()
    return found


def _chosen_between(reader: Reader) -> Range | Discretion | CaseByCase:
    """Take the ，5-20分 of 由村委会评定，5-20分, or in brackets. Raises: NotFitting."""
    found = reader.attempt(_in_brackets)
    if found is None:
        reader.expect(words.SEPARATORS)
        found = cell(reader)
    if not isinstance(found, Range | Discretion | CaseByCase):
        raise NotFitting
    return found


def _in_brackets(reader: Reader) -> Cell:
    """Take the （50～200分） of 由村民代表会议评定（50～200分）. Raises: NotFitting."""
    reader.expect({"("})
    found = cell(reader)
    reader.expect({")"})
    return found


def decided_by(reader: Reader) -> None:
    """Take who decides (村两委 …), and that they do. Raises: NotFitting."""
    ends = [n for n in range(reader.at, len(reader.tokens)) if reader.tokens[n].text in words.DECIDED]
    while ends and reader.at < ends[-1] and reader.tokens[reader.at].text in words.DECIDED | words.POINTS:
        reader.skip_to(reader.at + 1)  # 积分评定小组研究确定
    who = "".join(reader.several(_decider))
    if not who:
        raise NotFitting
    reader.expect(words.DECIDED | {word for word in words.CASE if word.endswith("决定")})
    if reader.accept({"后"}):
        reader.expect(words.GRANTING)
    reader.kept = True


def _decider(reader: Reader) -> str:
    people = words.KINDS | subject_words.PERSON_KINDS | words.ROLES | words.WHOSE.keys()
    if quoted := reader.accept_kind(Kind.QUOTED):
        return quoted.text
    return reader.accept(people | {"、", "和", "及"}) or noun_part(reader)


def escalating(reader: Reader, draft: Draft) -> Worth:
    """Take 首次扣2分，再次扣4分: what is taken, and how much more for a repeated fault."""
    reader.expect(words.FIRST_TIME)
    first = _taken(reader)
    reader.expect(words.SEPARATORS)
    if reader.next is None or reader.next.text not in words.NEXT_TIMES:
        raise NotFitting
    reader.accept(words.NEXT_TIMES)
    factor = Fraction(100 * _taken(reader).points, first.points)
    reader.end()
    if factor.denominator != 1 or factor <= 100:
        raise NotFitting
    if reader.signs and set(reader.signs) != {Direction.DEDUCTION}:
        raise NotFitting
    draft.multipliers.append(Multiplier(Circumstance.REPEAT, int(factor), Side.EACH))
    return first


def _taken(reader: Reader) -> Fixed:
    sign(reader)
    found = cell(reader)
    if not isinstance(found, Fixed):
        raise NotFitting
    return found
