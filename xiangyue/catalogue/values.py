"""The small language of 分值: what people write for an indicator's points (RULES "Excel and CSV form"). Pure.

    value    = 一事一议 | [酌情] [每 unit] [sign] points | 酌情 [sign]
    points   = number [分] [dash [sign] number [分]] [(每 | /) unit]
    sign     = + | - | 加 | 扣 | 记 …

Step tables, batches, multiples, resets and vetoes are recognised, and refused by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.refusals import ValueNotUnderstood
from xiangyue.catalogue.terms import Direction, Form
from xiangyue.catalogue.tokens import Kind, NotFitting, Reader, Token, Vocabulary
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT, MINUS, format_points

MOST = 1_000_000 * CENTIPOINTS_PER_POINT  # no published catalogue comes near; a slip of the keyboard does
TIME = "次"
UNIT_LENGTH = 20
PERIODS = {
    "天", "日", "周", "星期", "月", "个月", "双月", "季", "季度", "半年", "年", "年度", "全年",
    "一次性", "一次性/年",
}  # fmt: skip

_CASE = {"一事一议", "一事一评"}
_DISCRETION = {"酌情", "视情", "视情况"}
_GAINS = {"+", "加", "加分", "奖", "奖励"}
_LOSSES = {"-", MINUS, "扣", "扣分", "减", "减分", "扣除"}
_NEUTRAL = {"记", "计", "得"}
_SIGNS = _GAINS | _LOSSES | _NEUTRAL
_DASHES = {"-", MINUS, "~", "\N{WAVE DASH}", "\N{EN DASH}", "\N{EM DASH}", "至", "到"}
_EACH, _SLASH, _POINTS = {"每"}, {"/"}, {"分"}
_SEPARATORS = {"/", "、", ",", ";"}
_STARTS = {None, *_SEPARATORS}
_BOTH = {"±", "加减", "加扣"}
_RESETS = {"清零", "归零"}
_VETOES = {"否决", "一票否决"}
_DOWNGRADES = {"降级", "降档", "降星"}
_MULTIPLES = {"倍", "双倍", "加倍", "翻倍", "减半", "×", "*", "%"}
_CEILINGS = {"最多", "最高", "不超过", "封顶", "以内", "以下", "上限", "≤"}
_DATES = {"年", "月", "日"}
_WORDS = Vocabulary(
    _CASE, _DISCRETION, _SIGNS, _DASHES, _EACH, _SLASH, _POINTS, _SEPARATORS, _BOTH,
    _RESETS, _VETOES, _DOWNGRADES, _MULTIPLES, _CEILINGS, _DATES,
)  # fmt: skip

_SPLIT_SIDES = gettext_lazy("既加又扣的，请拆成两行，一行写加，一行写扣")
UNDERSTOOD = gettext_lazy("5、加5分、扣2分、1～10、每小时2、酌情10～50、一事一议")


@dataclass(frozen=True)
class Value:
    """What 分值 says. minimum, maximum: centipoints, positive, the same twice unless the form is a range.

    per: what is counted, if the text says so (每小时2). direction: if the text says so (扣2分).
    """

    form: Form
    minimum: int | None = None
    maximum: int | None = None
    per: str = ""
    direction: Direction | None = None


def parse_value(text: str) -> Value:
    """Read 分值 as a village writes it. Raises: ValueNotUnderstood, which says what would be understood."""
    tokens = _WORDS.tokens(text)
    reader = Reader(tokens)
    try:
        value = _value(reader)
        reader.end()
    except NotFitting as unfit:
        reason = _named(tokens) or unfit.reason or _stuck(reader)
        raise ValueNotUnderstood(text=text, reason=reason, forms=UNDERSTOOD) from None
    return value


def format_value(value: Value) -> str:
    """Write a value as parse_value reads it, without its direction."""
    if value.minimum is None or value.maximum is None:
        return "一事一议"
    if value.form is Form.RANGE:
        return format_range(value.minimum, value.maximum)
    amount = format_points(value.minimum)
    return f"每{value.per}{amount}" if value.form is Form.PER_UNIT else amount


def format_range(minimum: int, maximum: int) -> str:
    """Write a range of centipoints as on the wall: `1～10` (LOOK §3)."""
    return f"{format_points(minimum)}～{format_points(maximum)}"


def _value(reader: Reader) -> Value:
    if reader.accept(_CASE):
        return Value(Form.CASE_BY_CASE)
    discretion = reader.accept(_DISCRETION)
    per = _unit_before(reader) if reader.accept(_EACH) else ""
    direction = _direction(reader)
    if discretion and not per and reader.done:
        return Value(Form.CASE_BY_CASE, direction=direction)
    low, high = _points(reader, direction)
    per = per or _unit_after(reader)
    if discretion and low == high:
        raise NotFitting(_("酌情的要写幅度，例如酌情10～50"))
    if per in ("", TIME):
        return Value(Form.FIXED if low == high else Form.RANGE, low, high, per, direction)
    if low != high:
        raise NotFitting(_("按量计分的，每%(unit)s只能写一个分值，不能写幅度") % {"unit": per})
    return Value(Form.PER_UNIT, low, high, per, direction)


def _unit_before(reader: Reader) -> str:
    if reader.accept_number() not in (None, 1):  # 每一小时 is 每小时, 每100元 is a batch
        raise NotFitting
    unit = _unit(reader.text_until(_SIGNS))
    if unit != TIME and reader.accept(_NEUTRAL):  # 每登记 must not become 每登
        raise NotFitting(_("“每%(unit)s”后面请直接写分值，例如每小时2") % {"unit": unit})
    reader.accept(_NEUTRAL)
    return unit


def _unit_after(reader: Reader) -> str:
    slash, each = reader.accept(_SLASH), reader.accept(_EACH)
    return _unit(reader.text_until(_SIGNS)) if slash or each else ""


def _unit(text: str) -> str:
    if text in PERIODS:
        raise NotFitting(_("多久记一回要写在“上限”一栏，例如分值写5，上限写每月1次"))
    if not text.isalpha() or len(text) > UNIT_LENGTH:
        raise NotFitting
    return text


def _points(reader: Reader, direction: Direction | None) -> tuple[int, int]:
    first = centipoints(reader.number())
    reader.accept(_POINTS)
    if not reader.accept(_DASHES):
        return first, first
    again = _direction(reader)
    if again not in (None, direction):
        raise NotFitting(str(_SPLIT_SIDES))
    last = centipoints(reader.number())
    reader.accept(_POINTS)
    low, high = sorted((first, last))
    # -5～-1 runs upwards, as -1～-5 does in the eyes of who writes it; 10～1 is a slip.
    if first >= last and not (again and first > last):
        raise NotFitting(_("幅度要从小写到大"))
    return low, high


def _direction(reader: Reader) -> Direction | None:
    sign = reader.accept(_SIGNS)
    if sign in _LOSSES:
        return Direction.DEDUCTION
    return Direction.AWARD if sign in _GAINS else None


def centipoints(points: Decimal) -> int:
    """Turn points that somebody wrote into centipoints. Raises: NotFitting with the reason."""
    exact = points * CENTIPOINTS_PER_POINT
    if exact > MOST:
        raise NotFitting(_("分值太大，最多%(most)s分") % {"most": format_points(MOST)})
    if exact != int(exact):
        raise NotFitting(_("分值最多两位小数"))
    if exact == 0:
        raise NotFitting(_("分值不能是0"))
    return int(exact)


def _stuck(reader: Reader) -> str:
    if not reader.tokens:
        return _("这一格是空的")
    return _("从“%(rest)s”起看不懂") % {"rest": reader.rest} if reader.rest else _("话没说完")


# What real catalogues contain and this grammar doesn't (RULES "What real catalogues contain"): known by name,
# so that the village learns why, and what to write instead. Asked in this order, only when the grammar fails.
_Test = Callable[[list[Token]], bool]


def _has(words: set[str]) -> _Test:
    return lambda tokens: any(token.kind is Kind.WORD and token.text in words for token in tokens)


def _numbers(tokens: list[Token]) -> int:
    return sum(token.kind is Kind.NUMBER for token in tokens)


def _is_date(tokens: list[Token]) -> bool:
    words = [token.text for token in tokens if token.kind is not Kind.NUMBER]
    if _numbers(tokens) < 2 or not words:
        return False
    return set(words) <= _DATES or (tokens[0].value > 1900 and words[:2] in (["-", "-"], ["/", "/"]))


def _has_two_sides(tokens: list[Token]) -> bool:
    previous = (None, *(token.text for token in tokens))
    starts = {token.text for before, token in zip(previous, tokens, strict=False) if before in _STARTS}
    return bool(starts & _GAINS and starts & _LOSSES) or _has(_BOTH)(tokens)


def _is_batch(tokens: list[Token]) -> bool:
    return any(each.text in _EACH and amount.kind is Kind.NUMBER for each, amount in pairwise(tokens))


def _is_step_table(tokens: list[Token]) -> bool:
    return _numbers(tokens) >= 2 and _has(_SEPARATORS)(tokens)


_NAMED: tuple[tuple[_Test, str | Promise], ...] = (
    (_is_date, gettext_lazy("这像是日期：表格软件常把1-10改成日期，请把这一格设成文本，或写成1～10")),
    (_has(_RESETS), gettext_lazy("清零不能施行；要扣分请写扣几分，要逐件商量请写一事一议")),
    (_has(_VETOES), gettext_lazy("一票否决不能施行；要扣分请写扣几分，要逐件商量请写一事一议")),
    (_has(_DOWNGRADES), gettext_lazy("降级不能施行；要扣分请写扣几分，要逐件商量请写一事一议")),
    (_has_two_sides, _SPLIT_SIDES),
    (_has(_MULTIPLES), gettext_lazy("倍数和百分比不能施行；请直接写分值，要逐件商量请写一事一议")),
    (_is_batch, gettext_lazy("按一批多少计分不能施行；请折成每一个单位几分，或写成一事一议")),
    (_is_step_table, gettext_lazy("一格里写了几档；请一档写一行，或写成一事一议")),
    (_has(_CEILINGS), gettext_lazy("最多几分要写在“上限”一栏，或写成幅度，例如1～10")),
)


def _named(tokens: list[Token]) -> str:
    return next((str(reason) for test, reason in _NAMED if test(tokens)), "")
