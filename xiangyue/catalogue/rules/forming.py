"""Words for what a value form gave: 每小时2分，2.5小时合5分. Pure."""

from dataclasses import replace

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.forms import by_amount, rounded
from xiangyue.catalogue.rules.judgement import ByForm, Judgement
from xiangyue.catalogue.rules.tariffs import amount_text, batch_text, cell_text, row_text, tariff
from xiangyue.catalogue.rules.terms import Side
from xiangyue.catalogue.rules.worth import (
    Bands,
    Cell,
    Fixed,
    PerUnit,
    StepTable,
)
from xiangyue.kernel.points import format_points


def form_text(note: ByForm, judgement: Judgement) -> str:
    """Say what the form gives by itself, and what it gave for these facts."""
    side = judgement.side
    if note.full is not None:
        return _full_text(note, judgement)
    return _chosen_by(note) + _leaf_text(note, side, judgement.item.unit)


def _chosen_by(note: ByForm) -> str:
    """Say what chose the form: the like item, the kind of subject."""
    text = _("比照“%(title)s”，") % {"title": note.like} if note.like else ""
    return text + note.kind


def _leaf_text(note: ByForm, side: Side, unit: str) -> str:
    leaf, takes = note.leaf, side is Side.DEDUCTION
    assert leaf is not None
    if isinstance(leaf, PerUnit):
        return tariff(leaf, side) + _("，") + _counted(leaf, note)
    if isinstance(leaf, Bands):
        return _bands_text(leaf, note, side)
    if isinstance(leaf, StepTable):
        return _steps_text(leaf, note)
    if note.row is not None or note.role:
        name = note.role or (row_text(note.row) if note.row else "")
        return name + cell_text(leaf, takes) + _given(leaf, note)
    return tariff(leaf, side, unit) + _given(leaf, note)


def _given(leaf: Cell, note: ByForm) -> str:
    """Say what the judges gave, where they had a choice."""
    if isinstance(leaf, Fixed):
        return ""
    points = format_points(note.points)
    if not note.scores:
        return _("，这次评%(points)s分") % {"points": points}
    listed = _("、").join(_("%(points)s分") % {"points": format_points(score)} for score in note.scores)
    return _("，评了%(scores)s，取中间的%(points)s分") % {"scores": listed, "points": points}


def _counted(leaf: PerUnit, note: ByForm) -> str:
    amount, facts = note.amount or 0, {"points": format_points(note.points)}
    total = amount + (note.earlier if leaf.over else 0)
    facts |= {"amount": amount_text(leaf.unit, amount), "total": amount_text(leaf.unit, total)}
    if leaf.over and note.earlier:
        facts["batch"] = batch_text(leaf.unit, leaf.per)
        if leaf.whole:
            return _("加上前面的一共%(total)s，满%(batch)s才算，这次合%(points)s分") % facts
        return _("加上前面的一共%(total)s，这次%(amount)s合%(points)s分") % facts
    if leaf.whole and total % leaf.per:
        facts["batch"] = amount_text(leaf.unit, leaf.per)
        return _("%(amount)s，满%(batch)s才算，合%(points)s分") % facts
    return _("%(amount)s合%(points)s分") % facts


def _bands_text(leaf: Bands, note: ByForm, side: Side) -> str:
    amount = note.amount or 0
    facts = {"amount": amount_text(leaf.unit, amount), "points": format_points(note.points)}
    if not leaf.by_parts:
        for band in leaf.bands:
            if band.above < amount and (band.up_to is None or amount <= band.up_to):
                rate = tariff(PerUnit(leaf.unit, band.per, band.points, band.whole), side)
                return _("%(amount)s这一段%(rate)s，合%(points)s分") % (facts | {"rate": rate})
        return _("%(amount)s不在计分的范围里，合%(points)s分") % facts
    text = _("按%(unit)s分段算，") % {"unit": leaf.unit.name}
    if note.earlier:
        facts["total"] = amount_text(leaf.unit, amount + note.earlier)
        return text + _("加上前面的一共%(total)s，这次%(amount)s合%(points)s分") % facts
    return text + _("%(amount)s合%(points)s分") % facts


def _steps_text(leaf: StepTable, note: ByForm) -> str:
    amount, earlier = note.amount or 0, note.earlier if leaf.over else 0
    total = amount + earlier
    before = rounded(by_amount(leaf, earlier))
    reached = [step for step in leaf.steps if step.start < total or (step.start == total and not leaf.open)]
    facts = {"total": amount_text(leaf.unit, total), "points": format_points(note.points)}
    if not reached:
        first = amount_text(leaf.unit, leaf.steps[0].start)
        return _("%(total)s，还没到%(first)s这一档") % (facts | {"first": first})
    facts |= {
        "step": amount_text(leaf.unit, reached[-1].start),
        "worth": format_points(reached[-1].points),
        "before": format_points(before),
    }
    if before:
        return _("加上前面的一共%(total)s，到了%(step)s这一档，该有%(worth)s分，前面已得%(before)s分") % facts
    return _("%(total)s，到了%(step)s这一档，合%(points)s分") % facts


def _full_text(note: ByForm, judgement: Judgement) -> str:
    assert note.full is not None
    full = {"points": format_points(note.full)}
    got = {"points": format_points(note.points)}
    text = _("满分%(points)s分") % full
    if note.leaf is None:
        return text + (_("，没有扣分") if note.points == note.full else _("，评得%(points)s分") % got)
    taken = _leaf_text(replace(note, points=note.taken), Side.DEDUCTION, judgement.item.unit)
    if not note.points:
        return text + _("，%(fault)s，扣完为止") % {"fault": taken}
    return text + _("，%(fault)s，剩%(points)s分") % (got | {"fault": taken})
