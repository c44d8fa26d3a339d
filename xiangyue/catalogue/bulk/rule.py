"""What is handed to the judging beside the shares. Pure."""

from dataclasses import dataclass
from datetime import date

from xiangyue.catalogue.rules.model import Item, Limit


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of an item, and the limits of its category and scheme beside it (`Scheme.limits_beside`)."""

    item: Item
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """What occurs among the shares and what is held.

    items: under which shares stand; beside: that are named as like items, or held. days: of all. steady: no household
    changes its size among the shares.
    """

    items: frozenset[int]
    beside: frozenset[int]
    days: tuple[date, ...]
    steady: bool

    @property
    def keys(self) -> list[int]:
        return sorted(self.items | self.beside)
