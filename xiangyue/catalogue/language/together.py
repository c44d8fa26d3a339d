"""What clauses of one cell make together: one rule with several cases, or several rules. Pure.

Cases of one rule exclude each other and give plain points: 公开不全的扣0.5分，未公开的扣1分. Clauses that count
different things (每头5分，每只1分), that come on top of others (再加1分) or that clear points beside taking some are
rules of their own: the row then becomes several items.
"""

from dataclasses import replace
from itertools import pairwise

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.caps import Cap
from xiangyue.catalogue.language.clauses import OTHERWISE, WHO, Clause, all_clauses
from xiangyue.catalogue.language.leads import Draft
from xiangyue.catalogue.language.several import is_piece
from xiangyue.catalogue.language.tokens import NotFitting, Reader
from xiangyue.catalogue.rules.terms import Counting, Direction, Window
from xiangyue.catalogue.rules.worth import Both, Cell, Discretion, Event, Fixed, Named, PerUnit, Range, Worth

FAULT_ONLY = "fault-by-its-case"  # 每次2分，伤人的扣20分: it deducts if the row says so
# How a text begins that says by itself whether the deed was done.
_DONE = (
    *words.AWARD_LABELS, "全", "按", "获", "评为", "被评为", "通过", "成功", "签", "当月", "当年", "未", "不", "无",
    "迟到", "早退", "缺", "入选", "担任", "缴", "自愿", "带头",
)  # fmt: skip
_PRAISE = ("全勤", "全年无", "无一", "按时", "按期", "达标", "合格", "优秀", "良好")
# How a text begins whose points are fewer than usual without coming on top of them.
_LESSER = (
    "自行", "限期内", "轻微", "代", "委托", "请人", "请假", "迟到", "早退", "提名", "入围", "未",
    "不", "没", "部分", "仅", "只",
)  # fmt: skip


def clauses(reader: Reader, draft: Draft) -> Worth:
    """Take clauses as one rule, or as one rule and further ones for the draft. Raises: NotFitting."""
    found = all_clauses(reader)
    found = _multiplied(found)
    given = [one for one in found if one.given is not None]
    if not given or len({one.text for one in found}) < len(found):
        raise NotFitting
    reader.kept = True
    given = _said_once(reader, given)
    if len(given) == 1:
        if given[0].text == OTHERWISE and len(found) == 1:
            raise NotFitting
        return _alone(draft, given[0], found)
    if any(one.text.startswith(tuple(words.FIRST_TIME | words.NEXT_TIMES)) for one in given):
        raise NotFitting
    if _one_rule(given):
        return _cases(reader, draft, given)
    if (sides := _sides_by_unit(given)) is not None:
        draft.direction, reader.signs = Direction.BOTH, ()
        return sides
    return _apart(reader, draft, given)


def _multiplied(found: list[Clause]) -> list[Clause]:
    """Give 限期未改的加倍 the points that it multiplies: the plain ones before it. Raises: NotFitting."""
    if not any(one.factor for one in found):
        return found
    first = found[0]
    if first.text != OTHERWISE or not isinstance(first.given, Fixed):
        raise NotFitting
    if any(one.factor and any(who in one.text for who in WHO) for one in found):
        raise NotFitting  # 党员加倍 is about who it was
    points = first.given.points
    return [
        replace(
            one, given=Fixed(points * one.factor // 100), side=first.side, batch=first.batch, slot=first.slot
        )
        if one.factor and not points * one.factor % 100
        else one
        for one in found
    ]


def _said_once(reader: Reader, given: list[Clause]) -> list[Clause]:
    """Let later clauses have what only the first one says: 被采纳的每条2分，未采纳的0.5分; 扣10分，不改的20分."""
    first = given[0]
    added = {one.side for one in given if one.added}
    if len(added) == 1 and {one.side for one in given if not one.added} == {None}:
        given = [replace(one, side=one.side or next(iter(added))) for one in given]
        first = given[0]
    sides = {one.side for one in given if isinstance(one.given, Cell)}
    if first.text == OTHERWISE and sides == {None, Direction.AWARD}:
        given = [replace(one, side=Direction.AWARD) if isinstance(one.given, Cell) else one for one in given]
        first = given[0]
    if first.text == OTHERWISE and sides == {None, Direction.DEDUCTION} and first.side is None:
        reader.guesses += (FAULT_ONLY,)
        given = [
            replace(one, side=Direction.DEDUCTION) if isinstance(one.given, Cell) else one for one in given
        ]
        first = given[0]
    if first.side and all(one.side in (None, first.side) for one in given):
        given = [replace(one, side=first.side) if isinstance(one.given, Cell) else one for one in given]
    elif any(one.side is Direction.DEDUCTION for one in given):
        praised = [one.side is None and (one.granted or one.text.startswith(_PRAISE)) for one in given]
        given = [
            replace(one, side=Direction.AWARD) if good else one
            for one, good in zip(given, praised, strict=True)
        ]
    bare = first.batch is not None and first.batch.bare and is_piece(first.batch.unit)
    if (
        bare
        and first.batch
        and first.batch.unit.name not in words.HEADS - words.TIMES
        and all(
            not one.added and not one.once and one.batch is None and isinstance(one.given, Cell)
            for one in given[1:]
        )
    ):
        given = [replace(one, batch=first.batch) for one in given]
    rhythm = first.text == OTHERWISE or first.text[0] == "每"  # 每月检查合格加2分，不合格扣2分
    if {one.slot for one in given[1:]} == {None} and first.slot and rhythm:
        given = [first, *(replace(one, slot=first.slot) for one in given[1:])]
    return given


def _alone(draft: Draft, one: Clause, found: list[Clause]) -> Worth:
    if (len(found) > 1 and found[0] is not one and found[0].text != one.text) or any(
        who in one.text for who in WHO
    ):
        raise NotFitting
    told = one.side is not None or one.batch is not None or one.slot is not None or one.once
    if not isinstance(one.given, Event) and not told and len(found) == 1 and not one.text.startswith(_DONE):
        raise NotFitting
    _slots(draft, [one])
    return _worth(draft, one)


def _worth(draft: Draft, one: Clause) -> Worth:
    """Give what one clause is worth by itself. Raises: NotFitting."""
    assert one.given is not None
    if one.batch is None:
        return one.given
    head = one.batch.bare and not one.batch.counted and one.batch.unit.name in words.HEADS
    draft.per_head = head and one.text == OTHERWISE
    if isinstance(one.given, Fixed):
        whole = one.batch.whole
        return PerUnit(one.batch.unit, one.batch.per, one.given.points, whole)
    if not is_piece(one.batch.unit) or not one.batch.bare:
        raise NotFitting
    draft.deed = one.batch.unit.name
    return one.given


def _slots(draft: Draft, clauses_of: list[Clause]) -> None:
    """Keep how often all of them may give points. Raises: NotFitting if they differ."""
    said = {
        (one.slot, one.once) for one in clauses_of if isinstance(one.given, Fixed) or one.slot or one.once
    }
    if len(said) > 1:
        raise NotFitting
    for slot, once in said:
        if slot is not None:
            draft.caps.append(Cap(Counting.TIMES, 1, slot))
        if once:
            draft.caps.append(Cap(Counting.TIMES, 1, Window.ONCE))


# ---- cases of one rule


def _one_rule(given: list[Clause]) -> bool:
    """Whether clauses are cases of one rule: plain points for the same deed, none on top of another."""
    if any(one.added or isinstance(one.given, Event) for one in given):
        return False
    if len({one.deed for one in given}) > 1:
        return False
    if len({(one.slot, one.once) for one in given if isinstance(one.given, Fixed)}) > 1:
        return False
    return all(one.batch is None or (one.batch.bare and is_piece(one.batch.unit)) for one in given)


def _cases(reader: Reader, draft: Draft, given: list[Clause]) -> Worth:
    if given[0].text == OTHERWISE:
        _check_order(reader, given)
    _slots(draft, given)
    draft.deed = given[0].deed.name if given[0].deed else ""
    sides = {one.side for one in given}
    if None in sides and len(sides) > 1:
        reader.misfit("two-sides", _("有的加、有的扣，请给每一档都写明加还是扣，例如合格加5分、不合格扣5分"))
    rows = [(one.side, one.text, one.given) for one in given if isinstance(one.given, Cell)]
    if len(sides) == 1:
        return Named(tuple((text, found) for _side, text, found in rows))
    draft.direction = Direction.BOTH
    reader.signs = ()
    award, deduction = (
        [(text, found) for mine, text, found in rows if mine is side]
        for side in (Direction.AWARD, Direction.DEDUCTION)
    )
    one_of = [listed[0][1] if len(listed) == 1 else Named(tuple(listed)) for listed in (award, deduction)]
    return Both(one_of[0], one_of[1])


def _check_order(reader: Reader, given: list[Clause]) -> None:
    """See that points rise from the plain ones on, so that one case counts and not all; or that a case says that it
    is the lesser one. Raises: NotFitting."""
    if len({one.side for one in given}) > 1:
        raise NotFitting
    taken = [_bounds(one) for one in given]
    lesser = all(one.text.startswith(_LESSER) for one in given[1:])
    if not (all(lower[1] < upper[0] for lower, upper in pairwise(taken)) or lesser):
        raise NotFitting
    if given[0].side is not Direction.DEDUCTION:
        reader.guesses += ("cases-assumed",)


def _bounds(one: Clause) -> tuple[int, int]:
    """Give the least and the most that a clause can bring. Raises: NotFitting."""
    if isinstance(one.given, Fixed):
        return one.given.points, one.given.points
    if isinstance(one.given, Range | Discretion):
        return one.given.low, one.given.high
    raise NotFitting


def _sides_by_unit(given: list[Clause]) -> Both | None:
    """Give 全家参保加10分，未参保每人扣2分: two sides, of which each counts something else."""
    sides = {one.side: one for one in given if isinstance(one.given, Fixed) and not one.added}
    award, deduction = sides.get(Direction.AWARD), sides.get(Direction.DEDUCTION)
    if len(given) != 2 or award is None or deduction is None or award.deed == deduction.deed:
        return None
    if any(one.slot or one.once for one in given):
        return None
    found = [_worth(Draft(), one) for one in (award, deduction)]
    return Both(*(side for side in found if isinstance(side, Fixed | PerUnit)))


# ---- rules of their own


def _apart(reader: Reader, draft: Draft, given: list[Clause]) -> Worth:
    """Make rules of their own of clauses; those for the same unit as the plain points count only by the highest."""
    sides = {one.side for one in given if isinstance(one.given, Cell)}
    if None in sides and len(sides) > 1:
        reader.misfit("two-sides", _("有的加、有的扣，请给每一档都写明加还是扣，例如合格加5分、不合格扣5分"))
    first, *others = given
    if FAULT_ONLY in reader.guesses and any(isinstance(one.given, Cell) and not one.added for one in others):
        raise NotFitting  # 10分，缺1项扣2分: the first may be full marks
    _check_apart(first, others)
    for one in others:
        further = Draft(label=one.text, direction=one.side)
        _slots(further, [one])
        further.worth = _worth(further, one)
        draft.others.append(further)
    if first.text != OTHERWISE:
        draft.label = first.text
    draft.highest = first.text == OTHERWISE and any(_is_case_of(first, one) for one in others)
    for further, one in zip(draft.others, others, strict=True):
        further.highest = draft.highest and _is_case_of(first, one)
    _slots(draft, [first])
    draft.direction = first.side
    reader.signs = ()
    return _worth(draft, first)


def _is_case_of(first: Clause, one: Clause) -> bool:
    return not one.added and isinstance(one.given, Cell) and first.batch == one.batch


def _check_apart(first: Clause, others: list[Clause]) -> None:
    """Refuse what may be one rule or several. Raises: NotFitting."""
    if first.added:
        raise NotFitting
    counting = first.batch is not None
    for one in others:
        if not isinstance(one.given, Cell):
            continue
        if one.added:
            if one.side is not None and first.side not in (None, one.side):
                raise NotFitting
            continue
        if one.batch is None and counting and not _is_a_person(one, first):
            raise NotFitting  # 旱地每亩10分，水田20分 may be 20 for each, or for all
        counting = counting or one.batch is not None
        if (
            first.text == OTHERWISE
            and one.batch is None
            and first.slot is None
            and not _is_a_person(one, first)
        ):
            raise NotFitting  # 加2分；经常性开展工作，加1分 may be two cases or a sum
        if first.text == OTHERWISE and first.side and one.side is not first.side:
            raise NotFitting  # 每次加2分，造成事故的扣5分 is about something else than the title


def _is_a_person(one: Clause, first: Clause) -> bool:
    """Whether a case is somebody by himself beside points for each person: 演员每人每场3分，组织者5分."""
    heads = first.batch is not None and first.batch.unit.name in words.HEADS
    return heads and one.text.endswith(("者", "人", "员", "长"))
