"""What is told of who doesn't do it: no points, or some taken. Pure.

nothing = text (不得分 | 不扣分 | 不计 …)
else    = [每次] cell [/次] sep text 扣 cell [/次]
"""

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import cell
from xiangyue.catalogue.language.clauses import WHO, batch_behind, clause
from xiangyue.catalogue.language.leads import Draft
from xiangyue.catalogue.language.tokens import NotFitting, Reader
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.worth import Both, Cell, Worth

_OMITTED = ("不", "未", "没", "无故", "缺", "请假", "旷", "迟到", "早退", "逾期")


def nothing(reader: Reader) -> bool:
    """Take the 未分类不得分, （迟到早退不计） behind points: who doesn't do it gets none. Raises: NotFitting."""
    one = clause(reader)
    spared = reader.tokens[reader.at - 1].text in ("不扣分", "不扣", "免扣", "免于扣分")
    if (
        one.given is not None
        or one.factor
        or not (spared or any(word in one.text for word in "不未没无逾超缺差迟早"))
    ):
        raise NotFitting
    if any(who in one.text for who in WHO):
        raise NotFitting
    reader.kept = True
    return True


def otherwise(reader: Reader, draft: Draft) -> Worth:
    """Take 2分/次，缺席扣1分/次: the points of the title's deed, and what its omission takes. Raises: NotFitting."""
    before = len(reader.signs)
    each_time = reader.accept({"每次", "单次"})
    award = cell(reader)
    behind = reader.attempt(batch_behind)
    if set(reader.signs[before:]) - {Direction.AWARD} or not (
        each_time or (behind and behind.unit.name in words.TIMES)
    ):
        raise NotFitting
    reader.expect(words.SEPARATORS)
    other = clause(reader)
    if not other.text.startswith(_OMITTED) or any(word in other.text for word in "改纠悔"):
        raise NotFitting  # 每次10分，态度恶劣的扣20分 is about one fault
    taken = other.given
    if other.side is not Direction.DEDUCTION or not isinstance(taken, Cell) or other.batch is not None:
        raise NotFitting
    reader.kept = True
    reader.signs = ()
    draft.direction = Direction.BOTH
    return Both(award, taken)
