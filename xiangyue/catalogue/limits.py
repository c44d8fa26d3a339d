"""The small language of 上限: how often or how much an indicator counts (RULES "Excel and CSV form"). Pure.

limits  = 不限 | limit {(；|、|，) limit}
limit   = {每户|每人 | window | 最多 …} (number [次|分] | 一次性)
window  = 每次 | 每天 | 每周 | 每月 | 每季 | 每年 | 终身 …
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.refusals import LimitNotUnderstood
from xiangyue.catalogue.terms import Measure, Subject, Window
from xiangyue.catalogue.tokens import NotFitting, Reader, Vocabulary
from xiangyue.catalogue.values import centipoints
from xiangyue.kernel.points import format_points

MOST_TIMES = 10_000

_NONE = {"不限", "无上限", "不设上限", "无"}
_ONCE = {"一次性"}
_WINDOWS = {  # the first word of each is what is written out
    Window.TIME: ("每次", "单次"),
    Window.DAY: ("每天", "每日", "当天", "当日"),
    Window.WEEK: ("每周", "每星期", "当周"),
    Window.MONTH: ("每月", "每个月", "月度", "当月"),
    Window.QUARTER: ("每季", "每季度", "季度", "当季"),
    Window.YEAR: ("每年", "每年度", "年度", "全年", "当年"),
    Window.ONCE: ("终身",),
}
_SCOPES = {
    Subject.HOUSEHOLD: ("每户", "户"),
    Subject.PERSON: ("每人", "每个人", "每名村民", "个人"),
}
_WINDOW_OF = {word: window for window, words in _WINDOWS.items() for word in words}
_SCOPE_OF = {word: scope for scope, words in _SCOPES.items() for word in words}
_MOST = {"最多", "最高", "至多", "不超过", "限", "只限", "累计", "合计", "封顶", "上限", "计", "为", ":"}
_CLOSING = {"封顶", "为限", "以内"}
_TIMES, _POINTS = {"次"}, {"分"}
_SEPARATORS = {";", "、", ",", "。"}
_WORDS = Vocabulary(
    _NONE, _ONCE, _WINDOW_OF, _SCOPE_OF, _MOST, _CLOSING, _TIMES, _POINTS, _SEPARATORS
)  # fmt: skip

UNDERSTOOD = gettext_lazy("每月2次、每季10分、年度40、一次性、每户每月40分、不限；几条之间用“；”隔开")


@dataclass(frozen=True)
class Limit:
    """The most that counts in a window. amount: times, or centipoints. scope: whose deeds count together."""

    window: Window
    measure: Measure
    amount: int
    scope: Subject


def parse_limits(text: str, subject: Subject) -> tuple[Limit, ...]:
    """Read 上限 as a village writes it; an empty text sets no limit.

    subject: whom the indicator scores, and so for whom a limit counts that names neither 每户 nor 每人.
    Raises: LimitNotUnderstood, which says what would be understood.
    """
    reader = Reader(_WORDS.tokens(text.replace("\n", ";")))
    try:
        return _limits(reader, subject)
    except NotFitting as unfit:
        reason = unfit.reason or _stuck(reader)
        raise LimitNotUnderstood(text=text, reason=reason, forms=UNDERSTOOD) from None


def format_limits(limits: tuple[Limit, ...]) -> str:
    """Write limits as parse_limits reads them."""
    return "；".join(format_limit(limit) for limit in limits)


def format_limit(limit: Limit) -> str:
    """Write one limit in full: `每户每月40分`. This is the language of files, whoever reads the screen."""
    scope = _SCOPES[limit.scope][0]
    if limit.window is Window.ONCE and limit.measure is Measure.TIMES and limit.amount == 1:
        return f"{scope}一次性"
    amount = f"{limit.amount}次" if limit.measure is Measure.TIMES else f"{format_points(limit.amount)}分"
    return f"{scope}{_WINDOWS[limit.window][0]}{amount}"


def _limits(reader: Reader, subject: Subject) -> tuple[Limit, ...]:
    if reader.done or reader.accept(_NONE):
        reader.end()
        return ()
    found = [_limit(reader, subject)]
    while reader.accept(_SEPARATORS):
        if not reader.done:
            found.append(_limit(reader, subject))
    reader.end()
    kinds = [(limit.window, limit.measure, limit.scope) for limit in found]
    if len(set(kinds)) < len(kinds):
        raise NotFitting(_("同一种上限写了两回"))
    return tuple(found)


def _limit(reader: Reader, subject: Subject) -> Limit:
    window: Window | None = None
    scope: Subject | None = None
    while not reader.done:
        if scope is None and (word := reader.accept(_SCOPE_OF)):
            scope = _SCOPE_OF[word]
        elif window is None and (word := reader.accept(_WINDOW_OF)):
            window = _WINDOW_OF[word]
        elif window is None and reader.accept(_ONCE):
            return Limit(Window.ONCE, Measure.TIMES, 1, scope or subject)
        elif not reader.accept(_MOST):
            break
    amount = reader.number()
    if window is None:
        raise NotFitting(_("没写多久算一回，例如每月、每季、每年"))
    measure, counted = _amount(reader, amount)
    reader.accept(_CLOSING)
    if window is Window.TIME and measure is Measure.TIMES:
        raise NotFitting(_("每次的上限只能写几分，例如每次10分"))
    return Limit(window, measure, counted, scope or subject)


def _amount(reader: Reader, amount: Decimal) -> tuple[Measure, int]:
    if not reader.accept(_TIMES):
        reader.accept(_POINTS)
        return Measure.POINTS, centipoints(amount)
    if amount != int(amount) or not 1 <= amount <= MOST_TIMES:
        raise NotFitting(_("次数要写从1到%(most)s的整数") % {"most": MOST_TIMES})
    return Measure.TIMES, int(amount)


def _stuck(reader: Reader) -> str:
    return _("从“%(rest)s”起看不懂") % {"rest": reader.rest} if reader.rest else _("话没说完")
