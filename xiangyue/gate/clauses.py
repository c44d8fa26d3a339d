"""Indicators in plain words for everybody to read: what one gets, how often, for whom, and what it used to be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.diff import difference
from xiangyue.catalogue.export import cells_of
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.models import Indicator, State
from xiangyue.catalogue.queries import indicators_of, rules_in_force
from xiangyue.catalogue.refusals import NoCatalogueInForce
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.gate.asking import matter_of
from xiangyue.gate.plan import points_text
from xiangyue.gate.villages import is_called
from xiangyue.kernel import clock
from xiangyue.people.models import Unit

LONGEST_QUESTION: Final = 40
MOST_FOUND: Final = 30
JUDGED_BY: Final = (State.IN_FORCE, State.SUPERSEDED)


@dataclass(frozen=True)
class Clause:
    """An indicator as a list shows it. points: 每次8分. takes: whether it is a deduction."""

    indicator: Indicator
    points: str
    detail: str
    takes: bool


@dataclass(frozen=True)
class Chapter:
    """A category with its clauses, in the catalogue's order."""

    family: str
    name: str
    position: int
    clauses: Sequence[Clause]


def indicators_for(village: Unit) -> list[Indicator]:
    """Give what judges a village's acts of today, in its order; nothing where none is in force. Three queries."""
    try:
        rules = rules_in_force(village, clock.today())
    except NoCatalogueInForce:
        return []
    return [each for each in indicators_of(*rules.catalogues) if rules.holds(each)]


def chapters_of(indicators: Iterable[Indicator]) -> list[Chapter]:
    """Group indicators by category."""
    found: dict[tuple[str, str], list[Clause]] = {}
    for indicator in indicators:
        key = (indicator.category.family, indicator.category.name)
        found.setdefault(key, []).append(clause_of(indicator))
    return [
        Chapter(family, name, position, clauses)
        for position, ((family, name), clauses) in enumerate(found.items(), start=1)
    ]


def clause_of(indicator: Indicator) -> Clause:
    item = indicator.item
    limits = cells_of(item)[columns.LIMITS]
    return Clause(indicator, points_text(item), limits, item.direction is Direction.DEDUCTION)


def asked_for(indicators: Iterable[Indicator], question: str) -> tuple[list[Clause], bool]:
    """Find what somebody asks for, in words or letters; and whether it says just that, or only something alike.

    What is meant stands in a title, a category's name or a remark, or is its pinyin or initials; where nothing does,
    those come that have most pairs of characters in common with the question.
    """
    wanted = plain(matter_of(question[:LONGEST_QUESTION]))
    if not wanted:
        return [], True
    known = [(each, plain(_text_of(each))) for each in indicators]
    exact = [each for each, text in known if wanted in text or is_called(plain(each.title), wanted)]
    if exact:
        return [clause_of(each) for each in exact[:MOST_FOUND]], True
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    alike = [(sum(pair in text for pair in pairs), each) for each, text in known]
    best = sorted((each for each in alike if each[0]), key=lambda each: -each[0])
    return [clause_of(each) for _count, each in best[:MOST_FOUND]], False


def _text_of(indicator: Indicator) -> str:
    item = indicator.item
    return f"{item.number} {item.title} {item.category} {item.family} {cells_of(item)[columns.REMARKS]}"


def facts_of(item: Item) -> list[tuple[str, str]]:
    """Tell all that an item says, each with what it is about, in the words of its table."""
    cells = cells_of(item)
    words = {
        columns.LIMITS: _("最多"),
        columns.MULTIPLIER: _("加倍"),
        columns.SUBJECT: _("算给谁"),
        columns.SEASON: _("什么时候"),
        columns.EVIDENCE: _("要什么证明"),
        columns.BROUGHT_BY: _("谁来报"),
        columns.VERIFIED_BY: _("谁来核实"),
        columns.APPROVED_BY: _("谁来评"),
        columns.TERM: _("管多久"),
        columns.BASIS: _("依据"),
        columns.REPAIR: _("怎么改正"),
        columns.REMARKS: _("说明"),
    }
    value = cells[columns.VALUE]  # bands and steps, of which the few words above only say that they are
    points = [(_("分值"), value)] if value and value not in points_text(item) else []
    return points + [(name, cells[header]) for header, name in words.items() if cells[header]]


@dataclass(frozen=True)
class Version:
    """An indicator as it was from a day.

    changes: what differs from the version before: what it is about, before, after; empty for the first. is_now: it
    judges today.
    """

    since: date
    catalogue: str
    points: str
    changes: Sequence[tuple[str, str, str]]
    is_now: bool


def history_of(indicator: Indicator) -> list[Version]:
    """Give an indicator's versions, the newest first: what its unit called by this number in each of its catalogues.

    As far back as it was the same matter: a number that went to another title in another category began anew.
    """
    own = indicator.catalogue
    versions = list(
        Indicator.objects.filter(
            number=indicator.number,
            catalogue__unit=own.unit_id,
            catalogue__is_local=own.is_local,
            catalogue__state__in=JUDGED_BY,
        )
        .select_related("category", "catalogue__unit")
        .order_by("catalogue__in_force_from", "catalogue_id")
    )
    for place in range(len(versions) - 1, 0, -1):
        if not _same_matter(versions[place - 1].item, versions[place].item):
            versions = versions[place:]
            break
    told = [
        Version(
            each.catalogue.in_force_from or clock.today(),
            each.catalogue.name,
            points_text(each.item),
            _differences(before, each),
            each.catalogue.holds_on(clock.today()),
        )
        for before, each in zip([None, *versions[:-1]], versions, strict=True)
    ]
    return told[::-1]


def _same_matter(before: Item, after: Item) -> bool:
    same_category = (before.family, before.category) == (after.family, after.category)
    return same_category or plain(before.title) == plain(after.title)


def _differences(before: Indicator | None, after: Indicator) -> list[tuple[str, str, str]]:
    if before is None:
        return []
    changed = difference([before.item], [after.item]).changed
    return [(header, old, new) for each in changed for header, (old, new) in each.cells.items()]


def rule_context(indicator: Indicator) -> dict[str, Any]:
    """Describe one indicator, as `gate/rule.html` documents it."""
    item = indicator.item
    return {
        "clause": clause_of(indicator),
        "facts": facts_of(item),
        "versions": history_of(indicator),
        "frame_points": points_text(indicator.changes.item) if indicator.changes else "",
        "is_now": indicator.catalogue.holds_on(clock.today()),
        "unit_name": indicator.catalogue.unit.name,
    }
