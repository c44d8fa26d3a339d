"""The simple ways in which 分值 begins: a figure, points by unit, points by period, a table. Pure.

amount   = [sign] (每 … | period) [sep] cell [按比例] | cell ("/" | 每) (unit | window | whose)
period   = [每人 | 每户 | 家庭成员] (每次 | 每月 | 每季度 …)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import subject_words, words
from xiangyue.catalogue.language.amounts import cell, is_goods, noun_part, quantity, sign, unit
from xiangyue.catalogue.language.caps import Cap
from xiangyue.catalogue.language.conditions import condition, is_narrowing, once
from xiangyue.catalogue.language.limits import window
from xiangyue.catalogue.language.rates import Batch, adding_up, bands, each, other_units, pro_rata, steps
from xiangyue.catalogue.language.several import WHOSE_PREFIXES, is_piece, several_each
from xiangyue.catalogue.language.tables import table
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Multiplier, Sharing
from xiangyue.catalogue.rules.terms import Counting, Direction, Whose, Window
from xiangyue.catalogue.rules.worth import (
    CaseByCase,
    Cell,
    Discretion,
    Fixed,
    PerUnit,
    Range,
    Unit,
    Worth,
)

_SINGLE = {"次", "回"}


@dataclass(slots=True)
class Draft:
    """A value while it is being read. others: further rules that stand in the same cell; label: what each is about."""

    worth: Worth | None = None
    direction: Direction | None = None
    caps: list[Cap] = field(default_factory=list)
    multipliers: list[Multiplier] = field(default_factory=list)
    sharing: Sharing | None = None
    whose: Whose | None = None
    least: int = 0
    per_head: bool = False
    to_nothing: bool = False
    highest: bool = False
    deed: str = ""
    label: str = ""
    others: list["Draft"] = field(default_factory=list)


Lead = Callable[[Reader, Draft], Worth]


def free(reader: Reader, draft: Draft) -> Worth:
    """Take one figure or range, or what each case decides."""
    if word := reader.accept(words.ONCE - {"一次性/年"}):
        draft.caps.append(Cap(Counting.TIMES, 1, Window.ONCE))
        if word.endswith(("加分", "奖励")):
            reader.signs += (Direction.AWARD,)
        return cell(reader)
    if reader.attempt(lambda r: _prefixed_period(r, draft)):
        reader.accept({"，", ","})
    if reader.attempt(_each_party):
        reader.kept = True
    if (stated := reader.attempt(_stated)) is not None:
        return stated
    found = cell(reader)
    if draft.caps and isinstance(found, CaseByCase) and found.high is not None:
        raise NotFitting  # 每月最多10分 is a limit
    return found


def _each_party(reader: Reader) -> bool:
    """Take the 双方各 of 双方各扣5分: every one of them is a deed of its own. Raises: NotFitting."""
    reader.expect(words.PARTIES)
    if reader.next is None or reader.next.text[0] not in "各均都分":
        raise NotFitting
    reader.accept({"都", "分别"})
    return True


def _stated(reader: Reader) -> Cell:
    """Take 按10计分, 按每次5分计算."""
    reader.expect(words.BY_POINTS)
    reader.accept({"每次", "单次"})
    found = cell(reader)
    if not reader.accept(words.POINTS_ENDS) and not reader.done:
        raise NotFitting
    return found


def _prefixed_period(reader: Reader, draft: Draft) -> bool:
    sign(reader)
    apply(draft, *period(reader))
    return True


def apply(draft: Draft, whose: Whose | None, when: Window) -> None:
    draft.whose = whose or draft.whose
    if when is not Window.TIME:
        draft.caps.append(Cap(Counting.TIMES, 1, when, whose))


def period(reader: Reader) -> tuple[Whose | None, Window]:
    """Take 每次, 每月, 每人每次, 每户每月, 家庭成员每季度: when and for whom the points come."""
    whose, when = None, None
    for _n in range(2):
        if whose is None and (word := reader.accept(WHOSE_PREFIXES)):
            whose = words.WHOSE[word]
        elif when is None and (found := reader.attempt(_each_window)):
            when = found
    if when is None or (when is Window.DAY and whose in (None, Whose.PERSON)):
        raise NotFitting  # 每天, 每人 and 每人每天 are units
    if when is Window.ACTIVITY or when is Window.ONCE:
        raise NotFitting
    return whose, when


def _each_window(reader: Reader) -> Window:
    if reader.next is None or reader.next.text[0] not in "每单当一":
        raise NotFitting
    stated = reader.next.text[0] != "一"
    if reader.next.text in {"一季度", "一季"}:
        raise NotFitting  # that may be the first one
    found = window(reader)
    if not stated and (
        reader.next is None or reader.next.text not in words.GAINS | words.LOSSES | words.NEUTRAL
    ):
        raise NotFitting  # 一季度, 一年以上
    return found


def amount(reader: Reader, draft: Draft) -> Worth:
    """Take points for every so many units; what is done may stand before them (志愿服务每小时2分)."""
    if reader.attempt(_done_before_each):
        reader.kept = True
    sign(reader)
    over = adding_up(reader)
    several = reader.attempt(several_each)
    batch = several.batch if several else _batch_before(reader)
    if several:
        draft.whose = several.whose or draft.whose
        draft.caps += [Cap(Counting.TIMES, 1, slot, several.whose) for slot in several.slots]
    draft.per_head = _is_head(reader, batch)
    if reader.attempt(_where_it_holds):
        reader.kept = True
    reader.accept({"，", ","})
    found = _times(reader, draft, batch, cell(reader), over)
    if draft.whose is None and reader.attempt(_slashed_person):
        draft.whose = Whose.PERSON
    reader.attempt(lambda r: _slashed_slot(r, draft))
    return found


def _slashed_person(reader: Reader) -> bool:
    """Take the /人 of 每晚2分/人. Raises: NotFitting."""
    reader.expect(words.SLASH)
    reader.accept({"每"})
    reader.expect({"人", "每人"})
    return True


def _where_it_holds(reader: Reader) -> bool:
    """Take the 并成活的 of 每植1棵并成活的加1分. Raises: NotFitting."""
    reader.accept({"并", "且", "并且"})
    if is_narrowing(condition(reader)):
        raise NotFitting
    reader.expect({"的", "者"})
    return True


def _done_before_each(reader: Reader) -> str:
    reader.accept(words.BY_POINTS)
    found = condition(reader)
    if reader.next is None or reader.next.text[0] not in "每累年当历":
        raise NotFitting
    return found


def conditioned(reader: Reader, draft: Draft) -> Worth:
    """Take 未参加的，扣5分: one condition, and the points that it adds or takes."""
    if reader.next is None or reader.next.text in words.DEPENDING:
        raise NotFitting
    found = condition(reader)
    if found.endswith(_TURNING) or is_narrowing(found):
        raise NotFitting  # 不扣5分, 少加2分 say something else
    reader.accept({"的", "者"})
    reader.accept({"，", ",", ":", "并", "并且"})
    reader.quietly(once)
    reader.kept = True
    before = len(reader.signs)
    granted = reader.next is not None and reader.next.text in _GRANTED
    given = cell(reader)
    if len(reader.signs) == before and not granted:
        raise NotFitting
    return given


_GRANTED = {"得", "记", "计", "积", "可得", "得分"}
_TURNING = (
    "不",
    "未",
    "无",
    "没",
    "没有",
    "再",
    "予",
    "少",
    "多",
    "免",
    "可",
    "才",
    "外",
    "再次",
    "首次",
    "次",
)


def _is_head(reader: Reader, batch: Batch) -> bool:
    return batch.bare and not batch.counted and not reader.kept and batch.unit.name in words.HEADS


def amount_behind(reader: Reader, draft: Draft) -> Worth:
    """Take 2分/小时, 1～5/项, 10分/户/月, 2分每小时."""
    found = cell(reader)
    if reader.attempt(lambda r: _slashed_period(r, draft)):
        return found
    batch = reader.attempt(_batch_behind) or _batch_slashed(reader)
    draft.per_head = _is_head(reader, batch)
    if reader.attempt(lambda r: _slashed_slot(r, draft)):
        draft.per_head = False
    elif is_piece(batch.unit) and reader.attempt(_slashed_person):
        reader.kept = True
    return _times(reader, draft, batch, found, None)


def _slashed_period(reader: Reader, draft: Draft) -> bool:
    """Take /次, /次/人, /月, /户/月, /人次."""
    whose, when = None, None
    while reader.accept(words.SLASH):
        reader.accept({"每"})
        if whose is None and (word := reader.accept(words.WHOSE)):
            whose = words.WHOSE[word]
        elif when is None and reader.accept(_SINGLE if whose is None else words.TIMES):
            when = Window.TIME
        elif when is None and (word := reader.accept(words.WINDOWS)):
            when = words.WINDOWS[word]
        else:
            raise NotFitting
    if when is None or when in (Window.ONCE, Window.ACTIVITY) or (when is Window.DAY and whose is None):
        raise NotFitting
    apply(draft, whose, when)
    return True


def _slashed_slot(reader: Reader, draft: Draft) -> bool:
    """Take the /年 of 10分/块/年. Raises: NotFitting."""
    reader.expect(words.SLASH)
    reader.accept({"每"})
    slot = words.WINDOWS[reader.expect(words.WINDOWS)]
    if slot not in words.SLOT_WINDOWS:
        raise NotFitting
    draft.caps.append(Cap(Counting.TIMES, 1, slot))
    return True


def _batch_before(reader: Reader) -> Batch:
    if found := reader.attempt(_exchanged):
        return found
    if found := reader.attempt(unit_of_one):
        return found
    if found := reader.attempt(_person_days):
        return found
    return each(reader)


def unit_of_one(reader: Reader) -> Batch:
    """Take 发现一处, 一次, 参加1次: one of what happens, without 每; more than one would be ambiguous.

    Raises: NotFitting.
    """
    aside = reader.attempt(verb)
    full = bool(reader.accept({"满"}))
    if full and any(token.text == "满" for token in reader.tokens[reader.at :]):
        raise NotFitting  # 满10小时2分、满20小时5分 are steps
    many, goods = quantity(reader)
    if aside and full and goods.name == "元":
        raise NotFitting  # 捐款满1000元10分 are those who gave so much
    found, more = _happening(goods)
    half = many * 2 == found.size and found.name in words.MEASURED and _says_half(reader)
    if many != found.size and _rest_is_nothing(reader, found):
        return Batch(found, many, whole=True, bare=False, counted=True)
    if full and not (many == found.size and _counts_alone(found)) and not is_goods(goods):
        raise NotFitting
    plainly = reader.next is None or reader.next.text != "的"  # 捐款100元的 may be those who gave so much
    if plainly and is_goods(goods) and many and (full or many != found.size or not _counts_alone(found)):
        reader.guesses += ("each-assumed",)
        reader.kept = reader.kept or bool(aside)
        return Batch(goods, many, whole=True, bare=False, counted=True)
    if (many != found.size or not _counts_alone(found)) and not half:
        if reader.done:
            raise NotFitting
        reader.misfit(
            "batch-without-each", _("看不出是每多少几分，还是到多少才给；请写成每2小时1分，或满2小时1分")
        )
    if aside or more:
        reader.kept = True
    return Batch(found, many, whole=half or full, bare=not (half or full))


def _rest_is_nothing(reader: Reader, found: Unit) -> bool:
    """Whether 不足100元不计 follows, so that 100元计1分 can only mean every 100元."""
    rest = reader.tokens[reader.at :]
    under = next((n for n, token in enumerate(rest) if token.text in words.UNDER), len(rest))
    told = [token.text for token in rest[under + 1 : under + 4]]
    return len(told) == 3 and told[1] == found.name and told[2] in words.NOT_COUNTED | words.NO_POINTS


def _exchanged(reader: Reader) -> Batch:
    """Take 20个换: so many of them for the points that follow, and so on. Raises: NotFitting."""
    many, found = quantity(reader)
    reader.expect(words.EXCHANGING | {"="})
    if not many:
        raise NotFitting
    return Batch(found, many, whole=True, bare=False, counted=True)


def _says_half(reader: Reader) -> bool:
    return any(token.text == "半" for token in reader.tokens[max(reader.at - 2, 0) : reader.at])


def _happening(found: Unit) -> tuple[Unit, bool]:
    """Part 处 from 处不合格; say whether anything was left over."""
    for length in range(len(found.name) - 1, 0, -1):
        if found.name[:length] in words.EVENTS | words.HAPPENINGS:
            return Unit(words.SAME_UNITS.get(found.name[:length], found.name[:length])), True
    return found, False


def _counts_alone(found: Unit) -> bool:
    """Whether one of it can only mean every one: 1次, 一处, 1小时, 1亩; but 1元 and 1万元 may be a threshold."""
    known = found.name in words.COUNTED | words.MEASURED or found.name[0] in words.COUNTED
    return known and (is_piece(found) or found.name in words.MEASURED)


def each_time(reader: Reader) -> Batch:
    """Take 每次, 每发现一次, 一次, 每2次: how many occasions count as one. Raises: NotFitting."""
    if reader.accept({"每次", "每一次", "每回", "单次"}) or reader.attempt(_each_occasion):
        return Batch(Unit("次"), 100, whole=False, bare=True)
    batch = reader.attempt(unit_of_one) or each(reader)
    if batch.unit.name not in _SINGLE:
        raise NotFitting
    return batch


def _each_occasion(reader: Reader) -> bool:
    """Take 每有一次, 每发现一次, whatever was done then. Raises: NotFitting."""
    reader.expect(words.EACH - words.EACH_FULL)
    reader.accept({"发现", "出现", "发生", "有"})
    if reader.number() != 1:
        raise NotFitting
    reader.expect(_SINGLE)
    return True


def verb(reader: Reader) -> str:
    found = ""
    while reader.next is not None and reader.next.kind is not Kind.NUMBER and reader.next.text != "满":
        found += noun_part(reader)
    if not found:
        raise NotFitting
    return found


_DAYS = {"每天", "每日", "每一天"}


def _person_days(reader: Reader) -> Batch:
    """Take 每人每天, and 每人小时, as a unit."""
    if reader.accept(subject_words.PERSON_HOURS):
        return Batch(Unit("人小时"), 100, whole=False, bare=True)
    whose = words.WHOSE[reader.expect(WHOSE_PREFIXES)]
    reader.expect(_DAYS)
    if whose is not Whose.PERSON:
        raise NotFitting
    return Batch(Unit("人天"), 100, whole=False, bare=True)


def _batch_behind(reader: Reader) -> Batch:
    return reader.attempt(_person_days) or each(reader)


def _slashed_person_unit(reader: Reader) -> Unit:
    """Take the 人/天 of 5分/人/天. Raises: NotFitting."""
    reader.expect({"人", "每人"})
    reader.expect(words.SLASH)
    reader.accept({"每"})
    token = reader.next
    name = words.SAME_UNITS.get(token.text, token.text) if token is not None else ""
    if f"人{name}" not in words.COUNTED:
        raise NotFitting
    reader.skip_to(reader.at + 1)
    return Unit(f"人{name}")


def _batch_slashed(reader: Reader) -> Batch:
    reader.expect(words.SLASH)
    reader.accept({"每"})
    if reader.next is not None and reader.next.kind is Kind.NUMBER:
        if reader.tokens[reader.at - 2].text not in words.POINTS:
            reader.misfit("figures-without-labels", _("几个数之间没写各是哪一档，请写成村级5/镇级10/县级20"))
        per, found = quantity(reader)
        if not per:
            raise NotFitting
        return Batch(found, per, whole=per != found.size, bare=False)
    if reader.accept({"天", "日"}):
        return Batch(Unit("天"), 100, whole=False, bare=True)
    if (of_persons := reader.attempt(_slashed_person_unit)) is not None:
        return Batch(of_persons, 100, whole=False, bare=True)
    found, factor = unit(reader)
    if reader.attempt(other_units):
        reader.kept = True
    return Batch(found, found.size * factor, whole=factor > 1, bare=factor == 1)


def _times(reader: Reader, draft: Draft, batch: Batch, found: Cell, over: Window | None) -> Worth:
    """Make points by unit; by single times the points stay what they are.

    Between bounds the judges choose for each piece by itself: 每条加5～10分 makes a deed of every 条.
    """
    if batch.bare and over is None and batch.unit.name in _SINGLE:
        return found
    if not isinstance(found, Fixed):
        if batch.bare and over is None and is_piece(batch.unit) and isinstance(found, Range | Discretion):
            draft.deed = batch.unit.name
            draft.per_head = False
            return found
        reader.misfit(
            "range-per-unit",
            _("按量计分的，每%(unit)s只能写一个分值，不能写幅度") % {"unit": batch.unit.name},
        )
    whole = batch.whole and not reader.attempt(pro_rata)
    return PerUnit(batch.unit, batch.per, found.points, whole, over)


def a_table(reader: Reader, draft: Draft) -> Worth:
    found = table(reader)
    draft.sharing = found.sharing
    _deed_behind(reader, draft)
    if found.side is Direction.BOTH:
        draft.direction = Direction.BOTH
    elif found.side:
        reader.signs = (found.side,)
    return found.worth


def _deed_behind(reader: Reader, draft: Draft) -> None:
    """See what one deed of a table is called (村级2分/条、镇级5分/条), or how often it gives points (10分/年).

    Raises: NotFitting if its rows differ.
    """
    read = reader.tokens[: reader.at]
    said = [
        unit.text
        for slash, unit in pairwise(read)
        if slash.text in words.SLASH
        and unit.kind is Kind.WORD
        and unit.text in words.COUNTED | words.WINDOWS.keys()
        and unit.text not in words.LEVELS
    ]
    if len(set(said)) > 1:
        raise NotFitting
    if said and words.WINDOWS.get(said[0]) in words.SLOT_WINDOWS:
        draft.caps.append(Cap(Counting.TIMES, 1, words.WINDOWS[said[0]]))
    elif said and said[0] not in _SINGLE:
        draft.deed = said[0]


def some_bands(reader: Reader, draft: Draft) -> Worth:
    return bands(reader)


def some_steps(reader: Reader, draft: Draft) -> Worth:
    return steps(reader)
