"""All guards over a whole catalogue: what stands in the way of putting it in force (CONDUCT). Pure.

REFUSED and what is MISSING can't be cleared by anybody; a QUESTION is, by a county reviewer's written reason.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from xiangyue.catalogue.guards import clauses, grounds, persons, schemes
from xiangyue.catalogue.guards.finding import Finding, ItemGuard, SchemeGuard
from xiangyue.catalogue.guards.lists import WORD_GUARDS
from xiangyue.catalogue.guards.reading import HEADINGS
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme

ITEM_GUARDS: Final[tuple[ItemGuard, ...]] = (
    *WORD_GUARDS,
    persons.kinds_deducted,
    persons.relatives_charged,
    grounds.basis,
    grounds.term,
    grounds.repair,
    grounds.event_basis,
    grounds.event_term,
)
SCHEME_GUARDS: Final[tuple[SchemeGuard, ...]] = (
    schemes.thresholds,
    schemes.floor,
    schemes.exclusion,
    schemes.notice,
    schemes.second_person,
    schemes.benefits,
    schemes.grade_names,
    schemes.account,
    schemes.photos,
)


def findings(
    items: Iterable[Item],
    scheme: Scheme,
    *,
    item_guards: Iterable[ItemGuard] = ITEM_GUARDS,
    scheme_guards: Iterable[SchemeGuard] = SCHEME_GUARDS,
) -> list[Finding]:
    """Give all that the guards find: item by item as they stand, then what holds for the scheme.

    What a heading says is found once, at the first item under it.
    """
    listed, item_guards = list(items), list(item_guards)
    of_items = (
        each
        for item in listed
        for each in _net_last(found for guard in item_guards for found in guard(item, scheme))
    )
    of_scheme = (each for guard in scheme_guards for each in guard(scheme, listed))
    return list(_headings_once(chain(of_items, of_scheme)))


def _net_last(several: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what only the widest net asks about where a guard has said more of the same column."""
    listed = list(several)
    said = {each.field for each in listed if each.code != clauses.OTHER.code}
    return (each for each in listed if each.code != clauses.OTHER.code or each.field not in said)


def _headings_once(several: Iterable[Finding]) -> Iterator[Finding]:
    seen = set()
    for each in several:
        if each.item is not None and each.field in HEADINGS:
            key = (each.code, each.field, each.item.family, each.item.category)
            if key in seen:
                continue
            seen.add(key)
        yield each
