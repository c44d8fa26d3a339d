"""Who is deducted by the rule itself, whatever its words: kinds of people, relatives, minors. Pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from xiangyue.catalogue.guards import clauses
from xiangyue.catalogue.guards.finding import Finding, Weight, found
from xiangyue.catalogue.guards.reading import folded, sides_of
from xiangyue.catalogue.guards.vocabulary import CHILD, FAITH, ILL, PEOPLE_NAMES, POOR
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.local import largest_of
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Circumstance, Direction, Receiver, Side
from xiangyue.catalogue.rules.worth import Both, ByKind, Plain

_PROTECTED = re.compile(
    f"{CHILD}|{POOR}|{ILL}|{PEOPLE_NAMES}|{FAITH}|贫困|低保|五保|特困|困难|老年|老人|孤寡|孕"
)
_RELATIVES = (Receiver.PARENTS, Receiver.SPOUSE, Receiver.CHILDREN, Receiver.MEMBERS)


def kinds_deducted(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """Nobody is deducted, or deducted more, for being a child, poor, ill, old, of a people or a faith."""
    if Side.DEDUCTION not in sides_of(item):
        return
    for kind in sorted(item.only_kinds):
        if _is_protected(kind):
            yield found(clauses.KINDS, Weight.REFUSED, field=columns.SUBJECT, item=item, words=kind)
    for multiplier in item.multipliers:
        doubles = multiplier.when is Circumstance.KIND and multiplier.factor > 100
        if doubles and multiplier.side is not Side.AWARD and _is_protected(multiplier.kind):
            yield found(
                clauses.KINDS, Weight.REFUSED, field=columns.MULTIPLIER, item=item, words=multiplier.kind
            )
    for kind in _deducted_more(item):
        yield found(clauses.KINDS, Weight.REFUSED, field=columns.VALUE, item=item, words=kind)


def relatives_charged(item: Item, scheme: Scheme) -> Iterator[Finding]:
    """What one did is not charged to relatives. The head answers for the household, with a basis."""
    if Side.DEDUCTION not in sides_of(item):
        return
    names = {
        Receiver.PARENTS: _("父母"),
        Receiver.SPOUSE: _("配偶"),
        Receiver.CHILDREN: _("子女"),
        Receiver.MEMBERS: _("全家每个人"),
    }
    charged = _("、").join(names[who] for who in _RELATIVES if who in item.sharing.to)
    if charged:
        yield found(clauses.KIN_CHARGED, Weight.REFUSED, field=columns.SUBJECT, item=item, words=charged)


def _is_protected(kind: str) -> bool:
    return bool(_PROTECTED.search(folded(kind).text))


def _deducted_more(item: Item) -> Iterator[str]:
    """Name the protected kinds that a table by kind deducts more than others."""
    worth = item.worth.deduction if isinstance(item.worth, Both) else item.worth
    if not isinstance(worth, ByKind):
        return
    plains = [*(plain for _kind, plain in worth.rows), *([worth.other] if worth.other is not None else [])]
    least = min(map(_most, plains))
    for kind, plain in worth.rows:
        alone = len(plains) == 1
        if _is_protected(kind) and (alone or _most(plain) > least):
            yield kind


def _most(plain: Plain) -> float:
    most = largest_of(Item("0", "0", Direction.DEDUCTION, plain))
    return float("inf") if most is None else most
