"""What is said of an invented deed: of whom it is, and what its item asks for."""

import random
from typing import Final

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.forms import choices
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import Side, Subject
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    CaseByCase,
    Cell,
    Discretion,
    Fixed,
    PerUnit,
    Range,
    Table,
)
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT
from xiangyue.people.models import Household, Resident
from xiangyue.scoring.facts import Given

GROWN: Final = 18  # years; of minors the demo tells nothing
CASE_BY_CASE: Final = 20 * CENTIPOINTS_PER_POINT  # at most, where a table leaves the points to the meeting
YELLOW: Final = 0.15  # of stars that may be red or yellow


def zeal_of(seed: int, home: Household) -> float:
    """Give how readily a household takes part, from 0.3 to 1.7; the average is about 1."""
    chance = random.Random(f"{seed} {home.village.code} {home.number}")  # noqa: S311 - a demo, not a secret
    return 0.3 + 1.4 * chance.random()


def subject_of(
    indicator: Indicator, members: list[Resident], year: int, chance: random.Random
) -> Resident | None:
    """Choose of whom a deed is: nobody of the household fits, then nobody; a household's own deed has none either."""
    present = [
        each for each in members if each.born and year - each.born.year > GROWN and not each.lives_elsewhere
    ]
    if indicator.item.subject is Subject.PARTY_MEMBER:
        present = [each for each in present if each.is_party_member]
    return chance.choice(present) if present else None


def is_of_people(indicator: Indicator) -> bool:
    """Tell whether a deed under the item is somebody's own, and not their household's."""
    return indicator.item.subject in (Subject.PERSON, Subject.PARTY_MEMBER)


def given_for(indicator: Indicator, amount: int | None, lean: float, chance: random.Random) -> Given:
    """Say what the item asks for. lean: where between the least and the most the points lie, from 0 to 1."""
    worth, side = indicator.item.worth, None
    if isinstance(worth, Both):
        side = Side.DEDUCTION if chance.random() < YELLOW else Side.AWARD
        worth = worth.deduction if side is Side.DEDUCTION else worth.award
    if isinstance(worth, PerUnit | Bands):
        return Given(amount=amount, side=side)
    if isinstance(worth, Table):
        rows = table_rows(worth)
        row, cell = rows[min(len(rows) - 1, int(abs(chance.gauss(0, 0.9))))]  # mostly the first ones
        return Given(
            proposed=_asked(cell, lean),
            level=row.level,
            rank=row.rank,
            severity=row.severity,
            row=row.name,
            side=side,
        )
    if isinstance(worth, Fixed | Range | Discretion | CaseByCase):
        reason = "商量过，大家没有意见" if isinstance(worth, Discretion) else ""
        return Given(proposed=_asked(worth, lean), reason=reason, side=side)
    return Given(side=side)


def _asked(cell: Cell, lean: float) -> int | None:
    """Give the points that are asked for, whole ones; None where there is nothing to choose."""
    if isinstance(cell, Fixed):
        return None
    low, high = choices(cell)
    if isinstance(cell, CaseByCase):
        low, high = max(low, CENTIPOINTS_PER_POINT), min(high, CASE_BY_CASE)
    steps = (high - low) // CENTIPOINTS_PER_POINT
    return low + round(lean * steps) * CENTIPOINTS_PER_POINT


def bounds_of(indicator: Indicator) -> tuple[int, int]:
    """Give the least and the most centipoints of an item that gives one figure."""
    worth = indicator.item.worth
    assert isinstance(worth, Fixed | Range | Discretion | CaseByCase)  # else it is not inspected
    return choices(worth)
