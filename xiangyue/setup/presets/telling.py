"""A preset in plain sentences, as one tells it to somebody who has to decide whether it suits the place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.utils.translation import gettext as _

from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.language.writing import written_limits, written_span, written_term
from xiangyue.catalogue.rules.model import Item, Limit, Validity, ValidityRow
from xiangyue.catalogue.rules.tariffs import change_text
from xiangyue.catalogue.rules.terms import Circumstance, Direction
from xiangyue.catalogue.rules.times import Term
from xiangyue.catalogue.rules.worth import CaseByCase
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Body
from xiangyue.setup.presets import words
from xiangyue.setup.presets.model import Honour, Preset, Sanction


@dataclass(frozen=True)
class Section:
    """One category of a preset's catalogue, with how many items it has."""

    family: str
    category: str
    items: int


@dataclass(frozen=True)
class Chapter:
    """A part of a scheme's plan, with what it says about it."""

    title: str
    sentences: tuple[str, ...]


def chapters(preset: Preset) -> list[Chapter]:
    """Tell a scheme as its plan is published to villagers: without the items, which the catalogue itself tells."""
    found = (
        (_("积分怎么记"), _points(preset)),
        (_("怎么评、多久一次"), _way(preset)),
        (_("谁来评"), _people(preset)),
        (_("各组怎么比"), _groups(preset)),
        (_("怎么兑换"), _shops(preset)),
        (_("荣誉和后果"), _later(preset)),
    )
    told = (Chapter(title, tuple(sentences)) for title, sentences in found)
    return [chapter for chapter in told if chapter.sentences]


def sections(items: Iterable[Item]) -> list[Section]:
    """Count the items of each category, in the order of the table."""
    counted = Counter((item.family, item.category) for item in items)
    return [Section(family, category, count) for (family, category), count in counted.items()]


def sentences(preset: Preset) -> list[str]:
    """Tell a preset."""
    items = check_file(preset.catalogue, preset.catalogue_file).items
    parts = (
        _catalogue(items),
        _points(preset),
        _way(preset),
        _people(preset),
        _groups(preset),
        _shops(preset),
    )
    return [preset.summary, *(text for part in parts for text in part), *_later(preset)]


def _catalogue(items: list[Item]) -> Iterator[str]:
    listed = []
    found = sections(items)
    for family in dict.fromkeys(section.family for section in found):
        counts = "、".join(
            _("%(category)s%(items)s项") % {"category": one.category, "items": one.items}
            for one in found
            if one.family == family
        )
        listed.append(
            _("%(family)s（%(counts)s）") % {"family": family, "counts": counts} if family else counts
        )
    yield _("细则一共%(items)s项：%(listed)s。") % {"items": len(items), "listed": "；".join(listed)}
    kinds = {
        _("扣分的%(count)s项"): sum(item.direction is Direction.DEDUCTION for item in items),
        _("有加有扣的%(count)s项"): sum(item.direction is Direction.BOTH for item in items),
        _("一事一议的%(count)s项"): sum(item.worth == CaseByCase() for item in items),
        _("党员加倍的%(count)s项"): sum(_doubles(item, Circumstance.PARTY_MEMBER) for item in items),
        _("分值随农忙农闲变的%(count)s项"): sum(bool(item.seasons) for item in items),
        _("只在一段时间里用的%(count)s项"): sum(bool(item.spans) for item in items),
    }
    if told := "、".join(text % {"count": count} for text, count in kinds.items() if count):
        yield _("其中%(kinds)s。") % {"kinds": told}


def _doubles(item: Item, when: Circumstance) -> bool:
    return any(multiplier.when is when for multiplier in item.multipliers)


def _points(preset: Preset) -> Iterator[str]:
    scheme = preset.scheme
    unit = {"unit": preset.unit_word}
    if scheme.base:
        facts = {**unit, "points": format_points(scheme.base.points)}
        yield _("一开始每户有%(points)s%(unit)s。") % facts
        if not scheme.base.redeemable:
            yield _("开始的%(points)s%(unit)s不能兑换，超过的才能。") % facts
    if scheme.floor is None:
        yield _("可以扣成负数。")
    else:
        yield _("最低扣到%(points)s%(unit)s。") % {**unit, "points": format_points(scheme.floor)}
    for category in scheme.categories:
        if category.limits:
            facts = {"category": category.name, "limits": _limits(category.limits)}
            yield _("板块“%(category)s”合起来：%(limits)s。") % facts
    if scheme.limits:
        yield _("所有指标合起来：%(limits)s。") % {"limits": _limits(scheme.limits)}
    if scores := list(dict.fromkeys(category.score for category in scheme.categories if category.score)):
        yield _("%(scores)s合成%(unit)s。") % {**unit, "scores": "、".join(scores)}
    yield from _clearing(preset)
    yield from _local(preset)


def _limits(limits: Iterable[Limit]) -> str:
    return written_limits(tuple(limits)).replace("所有指标", "").replace("本类", "")


def _clearing(preset: Preset) -> Iterator[str]:
    clearing = preset.scheme.clearing
    if clearing is None:
        yield _("积分长期有效，不清零。")
        return
    days = "、".join(_("%(month)s月%(day)s日") % {"month": month, "day": day} for month, day in clearing.days)
    when = [_("每年%(days)s") % {"days": days}] if days else []
    when += [_("每次兑换以后")] if clearing.after_redemption else []
    yield _("%(when)s清零，荣誉积分不清。") % {"when": _("，").join(when)}


def _local(preset: Preset) -> Iterator[str]:
    bounds = preset.scheme.local
    parts = [
        text % {"count": count}
        for text, count in (
            (_("加分最多%(count)s项"), bounds.awards),
            (_("扣分最多%(count)s项"), bounds.deductions),
        )
        if count is not None
    ]
    parts += (
        [_("每项最多%(points)s分") % {"points": format_points(bounds.most)}]
        if bounds.most is not None
        else []
    )
    parts += [_("只能在%(names)s") % {"names": "、".join(sorted(bounds.purposes))}] if bounds.purposes else []
    if parts:
        yield _("村里可以自己加指标：%(parts)s。") % {"parts": "，".join(parts)}
    for change in bounds.changes:
        facts = {"number": change.number, "category": change.category, "bounds": change_text(change)}
        if change.number:
            yield _("村里可以改第%(number)s项的分：%(bounds)s。") % facts
        elif change.category:
            yield _("村里可以改板块“%(category)s”的分：%(bounds)s。") % facts
        else:
            yield _("村里可以改细则里的分：%(bounds)s。") % facts


def _way(preset: Preset) -> Iterator[str]:
    rhythm = preset.rhythm
    steps = (
        (_("%(window)s评分"), rhythm.scored),
        (_("%(window)s公示"), rhythm.noticed),
        (_("%(window)s兑换"), rhythm.redeemed),
        (_("%(window)s评比"), rhythm.compared),
        (_("%(window)s排名"), rhythm.ranked),
        (_("%(window)s修订细则"), rhythm.reviewed),
    )
    told = "，".join(text % {"window": words.window(window)} for text, window in steps if window)
    yield _("%(rhythm)s。") % {"rhythm": told}
    way = preset.scheme.way
    for position, stage in enumerate(way.stages, start=1):
        facts = {"position": position, "step": preset.steps.get(stage) or words.stage(stage)}
        yield _("第%(position)s步：%(step)s。") % facts
    facts = {"notice": way.notice_days, "objection": way.objection_days}
    yield _("公示%(notice)s天，有异议的%(objection)s个工作日里答复。") % facts
    if preset.deductions_through:
        yield _("扣分只能经过这一步：%(stage)s。") % {"stage": words.stage(preset.deductions_through)}


def _people(preset: Preset) -> Iterator[str]:
    facts = {"level": preset.judging_level.label, "percent": preset.quorum_percent}
    yield _("在%(level)s评议，到会%(percent)s%%才算数。") % facts
    if preset.admit_at_founding:
        yield _("各评议单位一开始就能发积分。")
    else:
        yield _("评议单位分批加入：试点、示范、验收，验收以后才发积分。")
    for body, seats in groupby(preset.seats, lambda seat: seat.body):
        least = "、".join(
            _("%(capacity)s%(least)s人") % {"capacity": seat.capacity.label, "least": seat.least}
            for seat in seats
        )
        yield _("%(body)s至少要有%(least)s。") % {"body": _body(preset, body), "least": least}
    titles = "、".join(dict.fromkeys(office.title for office in preset.offices))
    yield _("职务：%(titles)s。") % {"titles": titles}


def _body(preset: Preset, body: Body) -> str:
    return preset.texts.bodies.get(body) or str(body.label)


def _groups(preset: Preset) -> Iterator[str]:
    if compared := preset.comparison:
        medals = "、".join(
            _("前%(up_to)s%%是%(name)s（奖%(points)s）")
            % {"up_to": medal.up_to, "name": medal.name, "points": format_points(medal.points)}
            for medal in compared.medals
        )
        facts = {
            "window": words.window(compared.window),
            "levels": "、".join(str(level.label) for level in compared.levels),
            "figure": words.figure(compared.figure),
            "medals": medals,
        }
        yield _("%(window)s在%(levels)s之间按%(figure)s评比：%(medals)s，奖分由各户平分。") % facts
    if leaders := preset.leaders:
        shares = {
            "titles": "、".join(
                dict.fromkeys(one.title for one in preset.offices if one.office in leaders.offices)
            ),
            "own": leaders.own,
            "rest": 100 - leaders.own,
        }
        yield _("%(titles)s的分：自己的占%(own)s%%，所管农户的平均分占%(rest)s%%。") % shares


def _shops(preset: Preset) -> Iterator[str]:
    shops, scheme = preset.shops, preset.scheme
    unit = {"unit": preset.unit_word}
    if scheme.rate:
        yield _("1%(unit)s换%(yuan)s元的货。") % {**unit, "yuan": format_points(scheme.rate.fen)}
    facts = {"shop": preset.texts.shop, "goods": "、".join(map(words.goods, shops.goods))}
    only = _("%(shop)s只换%(goods)s。") if shops.only_these else _("%(shop)s换%(goods)s。")
    yield only % facts
    facts = {
        "modes": "、".join(map(words.mode, shops.modes)),
        "places": "、".join(map(words.place, shops.places)),
    }
    yield _("办店：%(modes)s；地方：%(places)s。") % facts
    if scheme.door.windows:
        spans = "、".join(map(written_span, scheme.door.windows))
        yield _("开放兑换的日子：%(spans)s。") % {"spans": spans}
    if shops.partners:
        yield _("共建单位：%(partners)s。") % {"partners": "、".join(map(words.partner, shops.partners))}
    for benefit in scheme.benefits:
        facts = {**unit, "points": format_points(benefit.least), "name": benefit.name}
        yield _("满%(points)s%(unit)s：%(name)s，不花积分。") % facts
    if scheme.cards:
        yield _("会员卡：%(cards)s。") % {"cards": "、".join(row.name for row in scheme.cards.rows)}
    if preset.fund.sources:
        yield _("钱从哪里来：%(sources)s。") % {"sources": "、".join(preset.fund.sources)}
    if preset.fund.per_household:
        yield _("每户每年平均%(yuan)s元。") % {"yuan": format_points(preset.fund.per_household)}


def _later(preset: Preset) -> Iterator[str]:
    yield from map(partial(_honour, preset), preset.honours)
    yield from map(_sanction, preset.sanctions)


def _honour(preset: Preset, honour: Honour) -> str:
    parts = [words.window(honour.window)]
    if honour.points is not None:
        parts.append(_("%(points)s分以上") % {"points": format_points(honour.points)})
    if honour.best is not None:
        parts.append(_("前%(best)s%%") % {"best": honour.best})
    if honour.term:
        parts.append(_("管%(term)s") % {"term": _term(honour.term)})
    facts = {"kind": words.honour_kind(honour.kind), "name": honour.name, "parts": "，".join(parts)}
    return _("荣誉“%(name)s”（%(kind)s）：%(parts)s。") % facts


def _sanction(sanction: Sanction) -> str:
    facts = {
        "name": sanction.name,
        "reason": sanction.reason,
        "term": _term(sanction.term),
        "basis": sanction.basis,
        "repair": sanction.repair,
        "approvals": sanction.approvals,
    }
    return (
        _(
            "后果“%(name)s”：%(reason)s的，%(approvals)s个人同意才算，期限%(term)s，依据%(basis)s；%(repair)s。"
        )
        % facts
    )


def _term(term: Term) -> str:
    return written_term(Validity((ValidityRow(term),)))
