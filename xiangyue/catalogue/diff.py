"""What differs between two catalogues, item by item (对照). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiangyue.catalogue.export import cells_of
from xiangyue.catalogue.rules.model import Item


@dataclass(frozen=True)
class Changed:
    """An item that both have, and differ about. cells: by header, as the old and the new table write it."""

    old: Item
    new: Item
    cells: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """What the new catalogue has more, what it has no longer, and what it says otherwise; in the tables' order."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[Changed, ...]

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed)


def difference(old: Iterable[Item], new: Iterable[Item]) -> Difference:
    """Compare two catalogues. Items are the same by their number; a row that only moved is no change."""
    before = {item.number: item for item in old}
    after = {item.number: item for item in new}
    pairs = [(before[number], item) for number, item in after.items() if number in before]
    changed = [Changed(mine, theirs, _cells(mine, theirs)) for mine, theirs in pairs if mine != theirs]
    return Difference(
        added=tuple(item for number, item in after.items() if number not in before),
        removed=tuple(item for number, item in before.items() if number not in after),
        changed=tuple(each for each in changed if each.cells),
    )


def _cells(old: Item, new: Item) -> dict[str, tuple[str, str]]:
    before, after = cells_of(old), cells_of(new)
    return {header: (before[header], after[header]) for header in before if before[header] != after[header]}
