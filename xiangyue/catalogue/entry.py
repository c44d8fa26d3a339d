"""What people write about a deed, as the facts that its indicator asks for: 2.5 小时, 镇级, 扣. Pure.

Raises refusals that name what would be understood.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.rules.judgement import Row
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.refusals import AmountMissing, AmountNotCounted, RowMissing, SideMissing
from xiangyue.catalogue.rules.tariffs import row_text, table_rows
from xiangyue.catalogue.rules.terms import Side
from xiangyue.catalogue.rules.worth import (
    MOST_AMOUNT,
    Bands,
    Both,
    ByKind,
    Cell,
    FromFull,
    PerUnit,
    StepTable,
    Table,
    Unit,
    Worth,
)

_SIDES = {"加": Side.AWARD, "奖": Side.AWARD, "扣": Side.DEDUCTION, "减": Side.DEDUCTION}


def unit_of(item: Item) -> Unit | None:
    """Give the unit by which an item counts, if it counts something."""
    for worth in _parts_of(item.worth):
        if isinstance(worth, PerUnit | Bands | StepTable):
            return worth.unit
    return None


def amount_in(item: Item, text: str) -> int:
    """Read how much of what an item counts: 2.5 (hours) is 150 minutes. Raises: AmountNotCounted, AmountMissing."""
    unit = unit_of(item)
    if unit is None:
        raise AmountNotCounted(title=item.title)
    try:
        exact = Decimal(plain(text).removesuffix(unit.name).replace(",", "")) * unit.size
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or not 0 < exact <= MOST_AMOUNT or exact % 1:
        raise AmountMissing(title=item.title, unit=unit.name)
    return int(exact)


def rows_of(item: Item, side: Side = Side.EACH) -> list[tuple[Row, Cell]]:
    """Give the rows of an item's tables with what each is worth; of one side alone, where it has two."""
    worth = item.worth
    if isinstance(worth, Both) and side is not Side.EACH:
        worth = worth.award if side is Side.AWARD else worth.deduction
    return [pair for part in _parts_of(worth) if isinstance(part, Table) for pair in table_rows(part)]


def row_in(item: Item, text: str) -> Row:
    """Read which row of an item's table is meant: 镇级, 一等奖, 情节严重. Raises: RowMissing, naming the rows."""
    rows = [row for row, _cell in rows_of(item)]
    wanted = plain(text)
    for row in rows:
        if wanted in _names_of(row):
            return row
    raise RowMissing(
        title=item.title, rows="、".join(dict.fromkeys(map(row_text, rows))) or _("这一项不分档")
    )


def side_in(item: Item, text: str) -> Side:
    """Read whether an item with two sides awards or deducts: 加, 扣. Raises: SideMissing."""
    side = _SIDES.get(plain(text)[:1])
    if side is None:
        raise SideMissing(title=item.title)
    return side


def _names_of(row: Row) -> set[str]:
    """Give how people call a row: 情节严重 is also 严重, 一等奖 also 一等."""
    name = plain(row_text(row))
    return {name, name.removeprefix("情节"), name.removesuffix("奖"), name.removesuffix("级")}


def _parts_of(worth: Worth) -> Iterator[Worth]:
    """Give a worth and all that it is made of."""
    yield worth
    if isinstance(worth, Both):
        yield from _parts_of(worth.award)
        yield from _parts_of(worth.deduction)
    elif isinstance(worth, ByKind):
        for _kind, plain_worth in worth.rows:
            yield from _parts_of(plain_worth)
        if worth.other is not None:
            yield from _parts_of(worth.other)
    elif isinstance(worth, FromFull) and worth.fault is not None:
        yield from _parts_of(worth.fault)
