"""Choosing what to declare, in words: the catalogue's categories and indicators, what each gives, why not today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.catalogue.entry import rows_of, unit_of
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.language.writing import written_span
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import indicators_of, rules_in_force
from xiangyue.catalogue.refusals import NoCatalogueInForce
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.refusals import KindNotMeant, NotApplicableThen, SubjectExcluded
from xiangyue.catalogue.rules.tariffs import amount_text, bounds_text, figure_of_factor, tariff
from xiangyue.catalogue.rules.terms import Counting, Layer, Side, Split, Whose, Window
from xiangyue.catalogue.rules.worth import Both, Discretion, Fixed, PerUnit, Range, Worth
from xiangyue.kernel import clock
from xiangyue.kernel.points import format_points
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.people.names import pinyin_of
from xiangyue.phone.categories import colour_of, icon_of
from xiangyue.scoring.operations.offering import Offer, is_declarable, is_of_people
from xiangyue.scoring.source_refusals import NotTheNamedBringer

MOST_FOUND: Final = 30  # what one looks through; whoever gets more writes more
MOST_TYPED: Final = 40
# Of a title the first character is no surname, which would be read otherwise; a common one goes before it.
_SURNAME, _SPELT = "田", "tian"


@dataclass(frozen=True)
class Choice:
    """A category with the indicators that may be declared at all. position: among these categories, from 1."""

    name: str
    position: int
    indicators: Sequence[Indicator]

    @property
    def look(self) -> dict[str, object]:
        return look_of(self.indicators[0])


def choices_for(household: Household) -> list[Choice]:
    """Give the categories of what judges a household's acts of today, in the catalogue's order.

    Without deductions, starting marks and events, which nobody declares. Empty where no catalogue is in force.
    """
    try:
        rules = rules_in_force(household.unit, clock.today())
    except NoCatalogueInForce:
        return []
    found: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in indicators_of(*rules.catalogues):
        if rules.holds(indicator) and is_declarable(indicator.item):
            found.setdefault((indicator.category.family, indicator.category.name), []).append(indicator)
    return [
        Choice(name, position, indicators)
        for position, ((_family, name), indicators) in enumerate(found.items(), start=1)
    ]


def searched(choices: Iterable[Choice], text: str) -> list[Indicator]:
    """Give the indicators in whose title or category's name a text stands: characters, pinyin, or its initials."""
    typed = plain(text[:MOST_TYPED])
    if not typed:
        return []
    letters = typed.lower() if typed.isascii() and typed.isalnum() else ""
    found = [
        indicator
        for choice in choices
        for indicator in choice.indicators
        if typed in plain(indicator.title)
        or typed in plain(choice.name)
        or (letters and _is_spelt(indicator.title, letters))
    ]
    return found[:MOST_FOUND]


def _is_spelt(title: str, letters: str) -> bool:
    whole, initials = pinyin_of(_SURNAME + title)
    return letters in whole.removeprefix(_SPELT) or letters in initials[1:]


def category_tabs(choices: Sequence[Choice], chosen: Choice | None) -> list[dict[str, object]]:
    """Give the categories as links."""
    return [
        {
            "name": choice.name,
            "url": f"?{urlencode({'category': choice.position})}",
            "is_current": choice is chosen,
            **choice.look,
        }
        for choice in choices
    ]


def offer_rows(offers: Iterable[Offer]) -> list[dict[str, str]]:
    """Give indicators as lines: what each gives, and where it can't be declared today, why."""
    return [
        {
            "title": offer.indicator.title,
            "detail": _("，").join(worth_texts(offer.indicator.item)),
            "figure": figure_of(offer.indicator.item),
            "why": why_not(offer),
            "url": reverse("phone:declare-form", args=[offer.indicator.pk]) if offer.is_open else "",
        }
        for offer in offers
    ]


def why_not(offer: Offer) -> str:
    """Say in a few words why something can't be declared today; nothing where it can."""
    return offer.full or (_short(offer.refusal, offer.indicator.item) if offer.refusal else "")


def _short(refusal: Refusal, item: Item) -> str:
    """Say a refusal beside the title that its own sentence repeats."""
    match refusal:
        case NotTheNamedBringer():
            return _("由%(who)s来报，不用自己报") % refusal.facts
        case NotApplicableThen():
            return _("现在不在时候：%(when)s") % {"when": _("；").join(map(written_span, item.spans))}
        case KindNotMeant():
            return _("只评%(kinds)s") % refusal.facts
        case SubjectExcluded():
            return _("不评%(trait)s") % refusal.facts
    return str(refusal)


def award_of(item: Item) -> Worth:
    """Give what a declared item may bring: the awarding side, where it has two."""
    return item.worth.award if isinstance(item.worth, Both) else item.worth


def figure_of(item: Item) -> str:
    """Give an item's points as a figure with its sign, +6 or +1～10; empty where there is no one figure."""
    worth, cells = award_of(item), [cell for _row, cell in rows_of(item, Side.AWARD)]
    if isinstance(worth, PerUnit):
        cells = [Fixed(worth.points)]
    elif isinstance(worth, Fixed | Range | Discretion):
        cells = [worth]
    bounds: list[int] = []
    for cell in cells:
        if isinstance(cell, Fixed):
            bounds.append(cell.points)
        elif isinstance(cell, Range | Discretion):
            bounds += [cell.low, cell.high]
    return f"+{bounds_text(min(bounds), max(bounds))}" if bounds else ""


def worth_texts(item: Item) -> Iterator[str]:
    """Say in a few words what an item gives, how it is divided, how much at most, and what the season does."""
    text = tariff(award_of(item), Side.AWARD, item.unit)
    each = (
        is_of_people(item) and item.sharing.split is Split.EACH and isinstance(award_of(item), Fixed | Range)
    )
    yield _("每人%(tariff)s") % {"tariff": text} if each else text
    if item.sharing.split is Split.EQUAL:
        yield _("一起做的平分")
    elif item.sharing.split is Split.GIVEN:
        yield _("一起做的商量着分")
    yield from (cap_text(limit, item) for limit in item.limits)
    yield from _season_text(item, clock.today())


def _season_text(item: Item, today: date) -> Iterator[str]:
    for season in item.seasons:
        if today in season.span:
            name = season.name or _("这段时间")
            if season.worth is None:
                facts = {"season": name, "factor": figure_of_factor(season.factor)}
                yield _("%(season)s按%(factor)s倍算") % facts
            else:
                facts = {"season": name, "tariff": tariff(season.worth, Side.AWARD, item.unit)}
                yield _("%(season)s%(tariff)s") % facts
            return


def cap_text(limit: Limit, item: Item) -> str:
    """Say a limit in a few words: 每月最多4次, 全户每月最多20分, 只记一次."""
    what = _("这一类") if limit.layer is Layer.CATEGORY else ""
    if limit.window is Window.ONCE and limit.counting is Counting.TIMES and limit.amount == 1:
        return what + _whose_text(limit, item) + _("只记一次")
    facts = {
        "what": what,
        "whose": _whose_text(limit, item),
        "window": _window_text(limit.window),
        "most": _most_text(limit, item),
    }
    return _("%(what)s%(whose)s%(window)s最多%(most)s") % facts


def _most_text(limit: Limit, item: Item) -> str:
    if limit.counting is Counting.TIMES:
        return _("%(times)s次") % {"times": limit.amount}
    if limit.counting is Counting.POINTS:
        return _("%(points)s分") % {"points": format_points(limit.amount)}
    unit = unit_of(item)
    return amount_text(unit, limit.amount) if unit else str(limit.amount)


def _whose_text(limit: Limit, item: Item) -> str:
    if limit.whose is Whose.HOUSEHOLD:
        return _("全户") if is_of_people(item) else ""
    return {
        Whose.PERSON: "" if is_of_people(item) else _("每人"),
        Whose.FAMILY_MEMBER: _("每口人"),
        Whose.GROUP: _("全组"),
        Whose.GRID: _("全网格"),
        Whose.VILLAGE: _("全村"),
        Whose.EVERYONE: _("各村合起来"),
    }[limit.whose]


def _window_text(window: Window) -> str:
    return {
        Window.TIME: _("每次"),
        Window.ACTIVITY: _("每次活动"),
        Window.DAY: _("每天"),
        Window.WEEK: _("每周"),
        Window.MONTH: _("每月"),
        Window.TWO_MONTHS: _("每两个月"),
        Window.QUARTER: _("每季"),
        Window.HALF_YEAR: _("每半年"),
        Window.YEAR: _("每年"),
        Window.ONCE: _("总共"),
    }[window]


def look_of(indicator: Indicator) -> dict[str, object]:
    """Give the colour and the icon of an indicator's category, as the ledger shows it."""
    category = indicator.category
    return {
        "category_index": colour_of(category.position),
        "icon": icon_of(category.name, category.position),
    }


def indicator_card(indicator: Indicator) -> dict[str, object]:
    """Give what stands at the head of the form: what is declared, and what it gives."""
    return {
        "title": indicator.title,
        "category": indicator.category.name,
        "worth": _("，").join(worth_texts(indicator.item)),
        **look_of(indicator),
    }
