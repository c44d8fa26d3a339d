"""Words for what a limit, a quota or a budget cut: 本月这一项已记2次，满了. Pure."""

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.judgement import ByForm, ByLimit, Judgement
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.tariffs import amount_text
from xiangyue.catalogue.rules.terms import Counting, Layer, Side, Subject, Whose, Window
from xiangyue.catalogue.rules.worth import Bands, PerUnit, StepTable, Unit
from xiangyue.kernel.points import format_points

_PIECES = Unit("件")


def cut_text(cut: ByLimit, judgement: Judgement) -> str:
    """Say which limit cut, how large it is, and what counted in its window before."""
    limit = cut.limit
    if limit.counting is Counting.AMOUNT:
        return _amount_cut(cut, _unit_of(judgement))
    if limit.window is Window.TIME:
        return _("一次最多%(most)s") % {"most": _most_text(limit, cut.cap)}
    facts = {
        "where": _where_text(limit, judgement.item),
        "most": _most_text(limit, cut.cap),
        "before": _most_text(limit, cut.before),
    }
    if limit.shared and judgement.side is Side.AWARD:
        return _shared_cut(cut, facts)
    if limit.whose is Whose.FAMILY_MEMBER:
        facts |= {"each": _most_text(limit, limit.amount), "members": str(cut.cap // limit.amount)}
        text = _("%(where)s每口人最多%(each)s，%(members)s口人是%(most)s") % facts
    elif limit.window is Window.ONCE and limit.counting is Counting.TIMES and cut.cap == 1:
        return _("%(where)s只记一次，以前记过了") % facts
    elif cut.before >= cut.cap:
        return _("%(where)s已记%(before)s，满了") % facts
    else:
        text = _("%(where)s最多%(most)s") % facts
    return text + (_("，已记%(before)s") % facts if cut.before else "")


def _shared_cut(cut: ByLimit, facts: dict[str, str]) -> str:
    if cut.limit.counting is Counting.TIMES:
        return _("%(where)s只有%(amount)s个名额，已经用完") % (facts | {"amount": str(cut.cap)})
    if cut.before >= cut.cap:
        return _("%(where)s能发的%(most)s已经发完") % facts
    return _("%(where)s一共能发%(most)s") % facts + (_("，已发%(before)s") % facts if cut.before else "")


def _amount_cut(cut: ByLimit, unit: Unit) -> str:
    facts = {
        "window": _window_text(cut.limit.window),
        "most": amount_text(unit, cut.cap),
        "before": amount_text(unit, cut.before),
        "asked": amount_text(unit, cut.asked),
    }
    if cut.before:
        return _("报了%(asked)s，%(window)s最多算%(most)s，已算%(before)s") % facts
    return _("报了%(asked)s，%(window)s最多算%(most)s") % facts


def _unit_of(judgement: Judgement) -> Unit:
    leaf = next((note.leaf for note in judgement.notes if isinstance(note, ByForm)), None)
    return leaf.unit if isinstance(leaf, PerUnit | Bands | StepTable) else _PIECES


def _most_text(limit: Limit, amount: int) -> str:
    if limit.counting is Counting.TIMES:
        return _("%(times)s次") % {"times": amount}
    return _("%(points)s分") % {"points": format_points(amount)}


def _where_text(limit: Limit, item: Item) -> str:
    """Say in what the limit counts: 本月全户这一项."""
    facts = {
        "window": _window_text(limit.window),
        "whose": _whose_text(limit.whose, item.subject),
        "what": _what_text(limit, item.category),
    }
    if limit.window is Window.ONCE and limit.counting is Counting.TIMES and limit.amount == 1:
        return _("%(what)s%(whose)s") % facts
    return _("%(window)s%(whose)s%(what)s") % facts


def _whose_text(whose: Whose, subject: Subject) -> str:
    if whose is Whose.PERSON:
        return "" if subject in (Subject.PERSON, Subject.PARTY_MEMBER) else _("本人")
    if whose is Whose.HOUSEHOLD:
        return "" if subject is Subject.HOUSEHOLD else _("全户")
    return {
        Whose.FAMILY_MEMBER: "",
        Whose.GROUP: _("本组"),
        Whose.GRID: _("本网格"),
        Whose.VILLAGE: _("本村"),
        Whose.EVERYONE: _("各村合起来"),
    }[whose]


def _what_text(limit: Limit, category: str) -> str:
    if limit.layer is Layer.ITEM:
        return _("这一项")
    if limit.layer is Layer.CATEGORY:
        return _("“%(category)s”这一块") % {"category": category}
    return "" if limit.shared else _("各项加起来")


def _window_text(window: Window) -> str:
    return {
        Window.TIME: _("一次"),
        Window.ACTIVITY: _("这次活动"),
        Window.DAY: _("当天"),
        Window.WEEK: _("本周"),
        Window.MONTH: _("本月"),
        Window.TWO_MONTHS: _("这两个月"),
        Window.QUARTER: _("本季"),
        Window.HALF_YEAR: _("这半年"),
        Window.YEAR: _("本年"),
        Window.ONCE: _("总共"),
    }[window]
