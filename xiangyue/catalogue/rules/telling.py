"""One plain sentence that tells a villager how the points came about, with every step. Pure.

The sentence is Chinese in the source and goes through gettext; it names no person and no reason.
"""

from datetime import date

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.cutting import cut_text
from xiangyue.catalogue.rules.forming import form_text
from xiangyue.catalogue.rules.judgement import (
    ByEvent,
    ByForm,
    ByLimit,
    ByMinimum,
    ByMultiplier,
    ByReset,
    ByRival,
    BySeason,
    BySharing,
    Judgement,
    Note,
)
from xiangyue.catalogue.rules.model import Validity
from xiangyue.catalogue.rules.tariffs import figure_of_factor, scope_text, tariff
from xiangyue.catalogue.rules.terms import Balance, Bar, Circumstance, Direction, Side, Split
from xiangyue.catalogue.rules.times import ForGood, Term, ToYearEnd, UntilCorrected, last_day
from xiangyue.catalogue.rules.validity import term_of
from xiangyue.catalogue.rules.worth import Downgrade, Veto
from xiangyue.kernel.points import format_points


def tell(judgement: Judgement) -> str:
    """Tell in one sentence what a share is worth and why.

    A case scored by analogy names the like item; what has a term says until when it counts.
    """
    parts = [_note_text(note, judgement) for note in judgement.notes]
    head = _("%(title)s，%(step)s") % {"title": judgement.item.title, "step": parts[0]}
    steps = _("；").join([head, *parts[1:]])
    return _("，").join(filter(None, (steps, _outcome(judgement), _lasting(judgement)))) + _("。")


def _note_text(note: Note, judgement: Judgement) -> str:
    match note:
        case ByForm():
            return form_text(note, judgement) + _changed_text(judgement)
        case BySeason():
            return _season_text(note)
        case ByMultiplier():
            return _multiplier_text(note)
        case BySharing():
            return _sharing_text(note)
        case ByMinimum(points):
            return _("每次最少%(points)s分，补到%(points)s分") % {"points": format_points(points)}
        case ByRival():
            return _rival_text(note, judgement.side)
        case ByLimit():
            return cut_text(note, judgement)
        case ByReset():
            return _reset_text(note)
        case ByEvent(event):
            return _event_text(event)


def _changed_text(judgement: Judgement) -> str:
    """Say what the frame gives, where the village changed its points and the change is what counted."""
    item = judgement.item
    by_season = any(isinstance(note, BySeason) and note.season.worth for note in judgement.notes)
    if item.frame is None or by_season:
        return ""
    return _("（本地改过，上面定的是%(frame)s）") % {
        "frame": tariff(item.frame.worth, item.direction, item.unit)
    }


def _season_text(note: BySeason) -> str:
    name = note.season.name or _("这段时间")
    if note.season.worth is not None:
        return _("%(season)s另有标准，就按这个算") % {"season": name}
    facts = {
        "season": name,
        "factor": figure_of_factor(note.season.factor),
        "points": format_points(note.points),
    }
    return _("%(season)s按%(factor)s倍算，是%(points)s分") % facts


def _multiplier_text(note: ByMultiplier) -> str:
    multiplier = note.multiplier
    facts = {"factor": figure_of_factor(multiplier.factor), "points": format_points(note.points)}
    if multiplier.when is Circumstance.KIND:
        facts["kind"] = multiplier.kind
        return _("%(kind)s按%(factor)s倍算，是%(points)s分") % facts
    text = {
        Circumstance.PARTY_MEMBER: _("党员按%(factor)s倍算，是%(points)s分"),
        Circumstance.CADRE: _("村干部按%(factor)s倍算，是%(points)s分"),
        Circumstance.REPEAT: _("有效期内又犯，按%(factor)s倍算，是%(points)s分"),
        Circumstance.FIRST_MONTH: _("头一个月按%(factor)s倍算，是%(points)s分"),
    }[multiplier.when]
    return text % facts


def _sharing_text(note: BySharing) -> str:
    facts = {
        "total": format_points(note.total),
        "participants": note.participants,
        "points": format_points(note.points),
    }
    if note.split is Split.EQUAL:
        return _("一共%(total)s分，%(participants)s个参加的平分，这里分到%(points)s分") % facts
    return _("一共%(total)s分，大家商量着分，这里分到%(points)s分") % facts


def _rival_text(note: ByRival, side: Side) -> str:
    """Say which rule counts where several fit. `best` is what another one asked for, whether a limit cut it or not."""
    facts = {"best": format_points(note.best), "points": format_points(note.points)}
    if side is Side.DEDUCTION:
        if not note.points:
            return _("同一件事只算扣得最多的一条，另一条已经算了扣%(best)s分，这条不再扣") % facts
        return _("同一件事只算扣得最多的一条，另一条已经算了扣%(best)s分，这条只补扣%(points)s分") % facts
    if not note.points:
        return _("同一件事只算分最高的一条，另一条已经算了%(best)s分，这条不再加") % facts
    return _("同一件事只算分最高的一条，另一条已经算了%(best)s分，这条只补差的%(points)s分") % facts


def _reset_text(note: ByReset) -> str:
    if note.repaired:
        return _("本该清零，已经改正了，改为扣%(points)s分") % {"points": format_points(note.points)}
    facts = {
        "scope": scope_text(note.reset),
        "balance": format_points(note.balance),
        "to": format_points(note.reset.to),
    }
    if note.reset.to:
        return _("%(scope)s原有%(balance)s分，退到%(to)s分") % facts
    return _("%(scope)s原有%(balance)s分，全部清零") % facts


def _event_text(event: Veto | Downgrade) -> str:
    if isinstance(event, Downgrade):
        if event.to:
            return _("等级直接定为%(grade)s，不看分数") % {"grade": event.to}
        return _("等级降%(steps)s级，不看分数") % {"steps": event.steps}
    bars = {
        Bar.REDEMPTION: _("不能兑换"),
        Bar.HONOURS: _("不参加评优"),
        Bar.RANKING: _("不参加排名"),
        Bar.SCHEME: _("不参加积分"),
    }
    listed = _("、").join(text for bar, text in bars.items() if bar in event.bars)
    return _("一票否决，%(bars)s") % {"bars": listed}


def _outcome(judgement: Judgement) -> str:
    if any(isinstance(note, ByEvent) for note in judgement.notes):
        return ""
    facts = {"points": format_points(abs(judgement.points))}
    if judgement.side is Side.DEDUCTION:
        return _("这次扣%(points)s分") % facts if judgement.points else _("这次不扣分")
    if not judgement.points:
        return _("这次不加分")
    if judgement.item.direction is Direction.BASE:
        return _("这次记%(points)s分") % facts
    credits = judgement.item.credits
    if credits == {Balance.HONOUR}:
        return _("这次加荣誉积分%(points)s分") % facts
    if credits == {Balance.GIFTED}:
        return _("这次加赠予积分%(points)s分") % facts
    return _("这次加%(points)s分") % facts


def _lasting(judgement: Judgement) -> str:
    """Say until when it counts, where the item says so."""
    item = judgement.item
    if item.validity == Validity() and not isinstance(item.worth, Veto | Downgrade):
        return ""
    if not judgement.points and not isinstance(item.worth, Veto | Downgrade):
        return ""
    row = next((note.row for note in judgement.notes if isinstance(note, ByForm)), None)
    return _term_text(term_of(item, judgement.points, row.level if row else None), judgement.day)


def _term_text(term: Term, day: date) -> str:
    if isinstance(term, UntilCorrected):
        return _("改正以前一直有效")
    if isinstance(term, ForGood):
        return _("长期有效")
    fixed = ToYearEnd(term.years) if isinstance(term, ToYearEnd) else term
    last = last_day(fixed, day)
    assert last is not None
    facts = {"year": last.year, "month": last.month, "day": last.day}
    if isinstance(term, ToYearEnd) and term.unless_corrected:
        return _("到%(year)s年%(month)s月%(day)s日有效，没改正的往后顺延") % facts
    return _("到%(year)s年%(month)s月%(day)s日有效") % facts
