"""The small language of 上限: how often or how much counts (RULES "Excel and CSV form"). Pure.

limits  = 不限 | limit {(；|、|，|且) limit}
limit   = {whose | window | layer | 最多 …} (一次性 | amount [封顶]) {"/" (window | whose)}
window  = 每次 | 每场活动 | 每天 | 每周 | 每月 | 每两个月 | 每季 | 每半年 | 每年 | 终身 …
whose   = 每人 | 每户 | 家庭成员 | 每组 | 每网格 | 全村
layer   = 本项 | 本类 | 所有指标
amount  = number (次 | 分 | 小时 … | 户, of a quota)
"""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import limit_words, subject_words, words
from xiangyue.catalogue.language.amounts import depending, noun, noun_part, quantity, some_points
from xiangyue.catalogue.language.caps import SHARED, Cap, Limits
from xiangyue.catalogue.language.multipliers import multipliers
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import MOST_TIMES, Counting, Layer, Side, Whose, Window
from xiangyue.catalogue.rules.worth import (
    Unit,
)

_SINGLE = (Whose.PERSON, Whose.HOUSEHOLD)
_MONTHS = {1: Window.MONTH, 2: Window.TWO_MONTHS, 3: Window.QUARTER, 6: Window.HALF_YEAR, 12: Window.YEAR}


@dataclass(slots=True)
class _Part:
    """A limit while it is being read. bounded: whether a word like 最多 was there."""

    window: Window | None = None
    whose: Whose | None = None
    layer: Layer | None = None
    side: Side | None = None
    bounded: bool = False

    def cap(self, counting: Counting, amount: int, of: Unit | None = None) -> Cap:
        layer, side = self.layer or Layer.ITEM, self.side or Side.EACH
        return Cap(counting, amount, self.window, self.whose, layer, side, of)


def limits(reader: Reader) -> Limits:
    """Take all of 上限. Raises: NotFitting."""
    if reader.accept({"无"}) or (len(reader.tokens) == 1 and reader.accept(limit_words.UNLIMITED)):
        reader.end()
        return Limits()
    found = _clause(reader)
    while reader.accept(words.SEPARATORS):
        while reader.accept(words.SEPARATORS):
            pass
        if not reader.done:
            found = _merged(found, _clause(reader))
    reader.end()
    kinds = [(one.counting, one.window, one.whose, one.layer, one.side) for one in found.caps]
    if len(set(kinds)) < len(kinds):
        reader.misfit("limit-twice", _("同一种上限写了两回"))
    return found


def _merged(one: Limits, other: Limits) -> Limits:
    return Limits(
        one.caps + other.caps,
        one.least or other.least,
        one.to_nothing or other.to_nothing,
        one.full or other.full,
        one.highest or other.highest,
        one.multipliers + other.multipliers,
        one.discretion or other.discretion,
        one.kept or other.kept,
    )


def _clause(reader: Reader) -> Limits:
    for rule in (
        _least,
        _full,
        _words_only,
        _unlimited,
        _down,
        _slot,
        _multiplied,
        _freely,
        _decided,
        _note,
        _of_named,
    ):
        if (found := reader.attempt(rule)) is not None:
            return found
    return Limits((cap(reader),))


def _of_named(reader: Reader) -> Limits:
    """See that 捐款每年最多加40分 is over all rows of that name, which nothing shows. Raises: NotFitting."""
    reader.accept(words.LEVELS)
    if not "".join(reader.several(noun_part)) or reader.quietly(cap) is None:
        raise NotFitting
    reader.misfit(
        "limit-of-named-things",
        _("看不出前面写的管哪几行；只管这一行的请写每年40分，整个板块合起来的请写本类每年40分"),
    )


def _least(reader: Reader) -> Limits:
    return Limits(least=least(reader))


def least(reader: Reader) -> int:
    """Take 每次最低5分, the minimum award, as centipoints. Raises: NotFitting."""
    reader.accept({"每次", "单次"})
    reader.expect(words.AT_LEAST)
    reader.accept(words.GAINS)
    return some_points(reader)


def _multiplied(reader: Reader) -> Limits:
    """Take 第二次起加倍, 党员双倍扣: they stand here as often as under 倍数. Raises: NotFitting."""
    return Limits(multipliers=multipliers(reader))


def _freely(reader: Reader) -> Limits:
    """Take 视情节轻重, 视价值大小: what the judges look at. Raises: NotFitting."""
    if not reader.accept(words.DISCRETION):
        depending(reader)
    if reader.next is not None and reader.next.text not in words.SEPARATORS:
        raise NotFitting
    return Limits(discretion=True)


def _decided(reader: Reader) -> Limits:
    """Take 由评议小组评定, 经公安机关认定: who decides, which stands under 审批 too. Raises: NotFitting."""
    reader.expect({"由", "经"})
    while reader.next is not None and reader.next.text not in words.DECIDED:
        if (
            reader.next.kind is Kind.NUMBER
            or reader.next.text in words.SEPARATORS | words.MOST - words.RHYTHMS
        ):
            raise NotFitting
        reader.skip_to(reader.at + 1)
    reader.expect(words.DECIDED)
    return Limits(kept=True)


def _note(reader: Reader) -> Limits:
    """Take 照价赔偿: what goes beside the points. Raises: NotFitting."""
    text = "".join(token.text for token in reader.tokens[reader.at :])
    spared = text.endswith(("不扣", "不扣分", "免扣", "不予扣分"))  # 限期拆除的不扣: who it isn't taken from
    stated = spared or text.endswith(("为准", "为依据")) or text.startswith(("参照", "凭"))
    if not (stated or text.startswith(subject_words.NOTE_STARTS)) or text.startswith("经常"):
        raise NotFitting
    if stated and not any(token.kind is Kind.NUMBER for token in reader.tokens[reader.at :]):
        reader.skip_to(len(reader.tokens))
    while reader.next is not None and reader.next.text not in words.SEPARATORS:
        if reader.next.kind is Kind.NUMBER or reader.next.text in words.STRUCTURE - words.KINDS:
            raise NotFitting
        reader.skip_to(reader.at + 1)
    return Limits(kept=True)


def _full(reader: Reader) -> Limits:
    reader.expect({"满分", "总分", "全表满分"})
    return Limits(full=some_points(reader))


def _words_only(reader: Reader) -> Limits:
    if reader.accept(limit_words.TO_NOTHING):
        return Limits(to_nothing=True)
    same = reader.attempt(same_thing)
    if not (same and reader.attempt(_just_once)):
        reader.expect(limit_words.HIGHEST | limit_words.NO_ADDING)
        reader.accept(limit_words.HIGHEST | limit_words.NO_ADDING)  # 就高加分不累计
    return Limits(highest=True)


def _unlimited(reader: Reader) -> Limits:
    """Take the 可累计 of 可累计，每年最多50分. Raises: NotFitting."""
    reader.expect(limit_words.UNLIMITED - {"无"})
    if reader.next is not None and reader.next.text not in words.SEPARATORS:
        raise NotFitting
    return Limits()


def _just_once(reader: Reader) -> bool:
    """Take the 只计一次 of 同一奖项只计一次: it isn't given again for the same. Raises: NotFitting."""
    reader.expect(words.MOST)
    if reader.number() != 1:
        raise NotFitting
    reader.expect({"次", "回"})
    return True


def same_thing(reader: Reader) -> bool:
    """Take 同一事项, 同一称号, 同一人同一年度获多项荣誉的. Raises: NotFitting."""
    if reader.accept(limit_words.SAME_THING):
        return True
    if reader.accept({"重复", "多次", "多项", "同时"}):
        reader.attempt(noun)
        return True
    if reader.next is None or not reader.next.text.startswith("同"):
        raise NotFitting
    reader.skip_to(reader.at + 1)
    if reader.next is not None and reader.next.text == "一":
        reader.skip_to(reader.at + 1)
    while reader.next is not None and reader.next.text not in limit_words.HIGHEST | limit_words.NO_ADDING:
        if reader.next.kind is Kind.NUMBER or reader.next.text in words.MOST | {"；", ";"}:
            raise NotFitting
        reader.skip_to(reader.at + 1)
    return True


def _down(reader: Reader) -> Limits:
    """Take 扣完10分为止."""
    reader.expect({"扣完"})
    most = some_points(reader)
    reader.expect({"为止", "止"})
    return Limits((Cap(Counting.POINTS, most, side=Side.DEDUCTION),))


def _slot(reader: Reader) -> Limits:
    """Take 家庭成员每季度: once in each."""
    part = _Part()
    reader.accept({"按", "按照"})
    for _found in reader.several(lambda r: _qualified(r, part)):
        pass
    if reader.attempt(_rhythm) or reader.accept(words.RHYTHMS | {"计", "记"}):
        part.bounded = False
    if reader.next is not None and reader.next.text not in words.SEPARATORS:
        raise NotFitting
    if part.window is Window.TIME and not part.bounded:
        return Limits()
    if part.window not in words.SLOT_WINDOWS or part.bounded:
        raise NotFitting
    return Limits((part.cap(Counting.TIMES, 1),))


def _rhythm(reader: Reader) -> bool:
    """Take the 一评 of 每月一评, the 评比一次 of 每季评比一次. Raises: NotFitting."""
    said = reader.accept(words.RHYTHMS)
    if reader.number() != 1:
        raise NotFitting
    if not reader.accept(words.RHYTHMS) and not (said and reader.accept({"次"})):
        raise NotFitting
    return True


def cap(reader: Reader) -> Cap:
    """Take one limit. Raises: NotFitting."""
    part = _Part()
    for _found in reader.several(lambda r: _qualified(r, part)):
        pass
    if reader.accept(words.ONCE):
        return _once(reader, part)
    found = _amount(reader, part)
    while reader.attempt(lambda r: _behind(r, part)):
        pass
    if found.counting is Counting.TIMES:
        reader.accept({"一次"})
    part.bounded = bool(reader.accept(words.CLOSING)) or part.bounded
    return _checked(reader, part, replace(found, window=part.window, whose=part.whose))


def _once(reader: Reader, part: _Part) -> Cap:
    yearly = reader.tokens[reader.at - 1].text.endswith("/年") or part.window is Window.YEAR
    if part.window not in (None, Window.YEAR) or part.bounded:
        raise NotFitting
    part.window = Window.YEAR if yearly else Window.ONCE
    return part.cap(Counting.TIMES, 1)


def _qualified(reader: Reader, part: _Part) -> bool:
    """Take one word that says when, whose, over what, or how. Raises: NotFitting."""
    if not any(rule(reader, part) for rule in (_says_when, _says_whose, _says_side, _says_how)):
        raise NotFitting
    return True


def _says_when(reader: Reader, part: _Part) -> bool:
    if part.window is not None:
        return False
    if (found := reader.attempt(window)) is not None:
        part.window = found
        reader.accept({"内"})
    elif word := reader.accept(words.ADDED_UP):
        part.window, part.bounded = words.ADDED_UP[word], True
    elif reader.quietly(_one_time):
        part.window = Window.TIME
    elif reader.quietly(_each_event):
        part.window = Window.ACTIVITY
    return part.window is not None


def _says_whose(reader: Reader, part: _Part) -> bool:
    if part.whose is None and (word := reader.accept(words.WHOSE)):
        part.whose = words.WHOSE[word]
        return True
    if part.layer is None and (word := reader.accept(words.LAYERS)):
        part.layer = words.LAYERS[word]
        return True
    return False


def _says_side(reader: Reader, part: _Part) -> bool:
    if part.side is not None:
        return False
    if word := reader.accept(words.CAP_GAINS | words.CAP_LOSSES):
        part.side = Side.AWARD if word in words.CAP_GAINS else Side.DEDUCTION
        part.bounded = True
    elif word := reader.accept(words.SIDES):
        part.side = words.SIDES[word]
    elif part.bounded and (word := reader.accept(words.SIDE_SIGNS)):
        part.side = words.SIDE_SIGNS[word]
    return part.side is not None


def _says_how(reader: Reader, part: _Part) -> bool:
    if reader.accept(words.MOST) or (part.layer and reader.accept({"满分"})):
        part.bounded = True
        return True
    if reader.quietly(_points_behind_window) or (part.window and reader.quietly(_given_so_often)):
        return True
    return part.bounded and bool(reader.accept(words.NEUTRAL))


def _given_so_often(reader: Reader) -> bool:
    """Take the 奖励 of 每年奖励一次, the 以 of 每年以3次为限. Raises: NotFitting."""
    if reader.next is None or reader.next.text not in {"奖励", "奖", "给", "享受", "以", "给予"}:
        raise NotFitting
    reader.skip_to(reader.at + 1)
    ahead = reader.tokens[reader.at : reader.at + 2]
    if len(ahead) < 2 or ahead[0].kind is not Kind.NUMBER or ahead[1].text not in words.TIMES:
        raise NotFitting
    return True


def _each_event(reader: Reader) -> bool:
    """Take the 每场 of 每场不超过9分, the 每期 of a course. Raises: NotFitting."""
    reader.expect({"每"})
    reader.expect({"场", "场次", "期", "届"})
    if reader.next is None or reader.next.text not in words.AT_MOST:
        raise NotFitting
    return True


def _one_time(reader: Reader) -> bool:
    """Take the 一次 of 一次最多加10分. Raises: NotFitting."""
    if reader.number() != 1:
        raise NotFitting
    reader.expect({"次"})
    if reader.next is None or reader.next.text not in words.AT_MOST:
        raise NotFitting
    return True


def _points_behind_window(reader: Reader) -> bool:
    """Take the 积分 of 每月积分不超过10分."""
    reader.expect(words.POINT_NAMES)
    if reader.next is None or reader.next.text not in words.MOST:
        raise NotFitting
    return True


def window(reader: Reader) -> Window:
    """Take a stretch of time: a word for it, or a number of months. Raises: NotFitting."""
    if word := reader.accept(words.WINDOWS):
        return words.WINDOWS[word]
    each = reader.accept({"每"})
    many = reader.number()
    word = reader.expect(words.PERIOD_UNITS)
    if word in ("月", "季", "季度", "日") and not each:
        raise NotFitting  # 2月 is February
    if word in ("次",) or many.denominator != 1:
        raise NotFitting
    if many == 1 and not words.PERIOD_UNITS[word]:
        return Window.WEEK if word in ("周", "星期", "个星期") else Window.DAY
    found = _MONTHS.get(int(many) * words.PERIOD_UNITS[word])
    if found is None:
        reader.misfit("window-not-sayable", _("周期只能是天、周、月、两个月、季、半年、年"))
    return found


def _amount(reader: Reader, part: _Part) -> Cap:
    if found := reader.attempt(lambda r: _first_few(r, part)):
        return found
    if found := reader.attempt(lambda r: _times(r, part)):
        return found
    if found := reader.attempt(lambda r: _measured(r, part)):
        return found
    return part.cap(Counting.POINTS, some_points(reader))


def _times(reader: Reader, part: _Part) -> Cap:
    many = reader.number()
    places = reader.tokens[reader.at - 2].text if reader.at > 1 else ""
    if places in {"名额", "限额"} and part.whose is None:
        part.whose = Whose.VILLAGE
    quota = part.whose in SHARED or _shared_behind(reader)
    reader.expect(words.TIMES | words.QUOTA if quota else words.TIMES)
    if reader.attempt(noun):
        raise NotFitting  # 111个烟头 is an amount
    if many.denominator != 1 or not 1 <= many <= MOST_TIMES:
        reader.misfit("times-not-whole", _("次数要写从1到%(most)s的整数") % {"most": MOST_TIMES})
    return part.cap(Counting.TIMES, int(many))


def _first_few(reader: Reader, part: _Part) -> Cap:
    """Take the 前三名 of 每季度前三名: so many in the village may have it. Raises: NotFitting."""
    reader.expect(words.FIRST_FEW)
    many = reader.number()
    reader.expect({"名", "户", "位"})
    if many.denominator != 1 or not 1 <= many <= MOST_TIMES or part.whose not in (None, *SHARED):
        raise NotFitting
    part.whose, part.bounded = part.whose or Whose.VILLAGE, True
    return part.cap(Counting.TIMES, int(many))


def _shared_behind(reader: Reader) -> bool:
    """Whether a quota's group follows: 1户/组/年."""
    behind = [token.text for token in reader.tokens[reader.at + 1 :]]
    return any(words.WHOSE.get(text) in SHARED for text in behind)


def _measured(reader: Reader, part: _Part) -> Cap:
    amount, found = quantity(reader, fraction=True)
    if not amount or found.name in words.TIMES:
        raise NotFitting
    return part.cap(Counting.AMOUNT, amount, found)


def _behind(reader: Reader, part: _Part) -> bool:
    """Take what stands behind a slash: 2次/月, 40分/户/月, 2小时/次, 1次/2个月."""
    reader.expect(words.SLASH)
    reader.accept({"每"})
    if part.window is None and reader.accept({"次", "场次"}):
        part.window = Window.TIME
    elif part.window is None and reader.accept({"天", "日"}):
        part.window = Window.DAY
    elif part.window is None and (found := reader.attempt(_window_behind)):
        part.window = found
    elif part.whose is None and (word := reader.accept(words.WHOSE)):
        part.whose = words.WHOSE[word]
    else:
        raise NotFitting
    return True


def _window_behind(reader: Reader) -> Window:
    if word := reader.accept(words.WINDOWS):
        return words.WINDOWS[word]
    many = reader.number()
    months = words.PERIOD_UNITS[reader.expect(words.PERIOD_UNITS)]
    found = _MONTHS.get(int(many) * months) if many.denominator == 1 else None
    if found is None:
        raise NotFitting
    return found


def _checked(reader: Reader, part: _Part, found: Cap) -> Cap:
    for_each = found.counting is Counting.TIMES and found.amount == 1 and found.whose in _SINGLE  # 每户一次
    for_each = for_each or (found.counting is Counting.TIMES and found.whose in SHARED)  # 每组2户
    if found.window is None and (not (part.bounded or for_each) or found.counting is Counting.AMOUNT):
        reader.misfit("limit-without-window", _("没写多久算一回，例如每月、每季、每年"))
    if found.window is Window.TIME and found.counting is Counting.TIMES:
        reader.misfit("limit-times-per-time", _("每次的上限只能写几分或多少，例如每次10分、每次2小时"))
    if found.counting is Counting.AMOUNT and found.layer is not Layer.ITEM:
        reader.misfit("limit-amount-over-items", _("几项合起来的上限要写几分或几次"))
    return found
