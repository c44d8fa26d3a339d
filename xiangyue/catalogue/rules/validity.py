"""How long an entry counts, and how long an event lasts. Pure."""

from datetime import date

from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Level
from xiangyue.catalogue.rules.times import ForGood, Term, last_day
from xiangyue.catalogue.rules.worth import Downgrade, Veto


def term_of(item: Item, points: int, level: Level | None = None) -> Term:
    """Give the term of an entry by its size and level. points: centipoints, signed or not.

    A veto or a downgrade lasts for the term it names itself.
    """
    if isinstance(item.worth, Veto | Downgrade):
        return item.worth.term
    for row in item.validity.rows:
        if (row.up_to is None or abs(points) <= row.up_to) and row.level in (None, level):
            return row.term
    return ForGood()


def counts_on(term: Term, day: date, since: date, corrected: date | None = None) -> bool:
    """Whether what happened on `since` still counts on a day. corrected: when the fault was corrected, if it was."""
    last = last_day(term, since, corrected)
    return since <= day and (last is None or day <= last)
