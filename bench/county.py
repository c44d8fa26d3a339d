"""A county of any size to measure in: founded like every other, then filled set-based with invented households."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Value
from django_tenants.utils import schema_context

from bench import bare, report
from bench.scale import GRIDS, SHOP, VILLAGE
from bench.tills import Span
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, AccountKind, Book, Cause, Holder
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.people.models import Household, Level, Relation, Resident, Unit
from xiangyue.people.operations.units import NewUnit, create_units
from xiangyue.setup.operations import found_jurisdiction

DIVISION = "440783"  # a county of 270 villages
FUNDS = 10_000_000  # centipoints that each household starts with, so that nobody at a till runs dry

# In the order of their ids into village after village, of each a third into every grid.
HOUSEHOLDS = """
    INSERT INTO people_household (public_id, number, address, tags, joined_on, holder_id, unit_id, village_id)
    SELECT gen_random_uuid(), lpad((door + 1)::text, 4, '0'), '', '{}', %(today)s, holder_id, grid.id, grid.parent_id
    FROM (SELECT holder_id, (ordinality - 1) / %(village)s AS village, (ordinality - 1) %% %(village)s AS door
          FROM unnest(%(holders)s::bigint[]) WITH ORDINALITY AS made (holder_id)) holder
    JOIN (SELECT id, parent_id, row_number() OVER (ORDER BY path) - 1 AS place
          FROM people_unit WHERE level = 'grid') grid
        ON grid.place = village * %(grids)s + door * %(grids)s / %(village)s
"""


@dataclass(frozen=True)
class County:
    """households: how many. holders: the ids under which the ledger knows them.

    villages: ids of those they live in, by code. empty: ids of villages where nobody lives yet.
    shops, issuers: pool accounts where households pay, and which awards come from; one of each for 50 households.
    """

    schema: str
    households: int
    holders: Span
    villages: list[int]
    empty: Iterator[int]
    shops: Span
    issuers: Span

    def __str__(self) -> str:
        return f"{self.households:,} households"


@contextmanager
def a_county(households: int) -> Iterator[County]:
    """Found a county with so many households, in villages of 691, each with funds; take it down afterwards."""
    slug = f"b{households}"
    jurisdiction = found_jurisdiction(
        slug=slug, division_code=DIVISION, preset="cangcheng", host=f"{slug}.localhost"
    )
    with schema_context(jurisdiction.schema_name):
        yield _filled(jurisdiction.schema_name, households)
    jurisdiction.delete(force_drop=True)


def _filled(schema: str, households: int) -> County:
    villages = list(Unit.objects.filter(level=Level.VILLAGE).order_by("path"))
    used = villages[: -(-households // VILLAGE)]
    create_units(
        divisions=[
            NewUnit(f"{village.code}-{number}", f"第{number}网格", Level.GRID, village.code)
            for village in used
            for number in range(1, GRIDS + 1)
        ]
    )
    holders = _span(open_households(count=households))
    _settle_in(holders)
    pools = -(-households // SHOP)
    shops, issuers = _pools(pools, AccountKind.REDEEMED), _pools(pools, AccountKind.ISSUED)
    report.calm("people_household", "people_resident", "ledger_holder", "ledger_account")
    _fund(holders, issuers.first)
    bare.make_tables()
    return County(
        schema=schema,
        households=households,
        holders=holders,
        villages=[village.pk for village in used],
        empty=iter([village.pk for village in villages[len(used) :]]),
        shops=shops,
        issuers=issuers,
    )


def _settle_in(holders: Span) -> None:
    values: dict[str, Any] = {
        "holders": list(range(holders.first, holders.last + 1)),
        "village": VILLAGE,
        "grids": GRIDS,
        "today": clock.today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, values)
    homes = Household.objects.values_list("id", flat=True)
    Resident.objects.bulk_create(
        (Resident(household_id=home, name="田禾生", relation=Relation.HEAD) for home in homes),
        batch_size=5000,
    )


def _pools(count: int, kind: AccountKind) -> Span:
    holders = open_pools(count=count, kinds=[kind])
    return _span(list(Account.objects.filter(holder__in=holders).values_list("id", flat=True)))


def _span(ids: list[int]) -> Span:
    found = Span(min(ids), max(ids))
    assert found.size == len(ids)  # made in one go, so that there is no gap
    return found


def _fund(holders: Span, pool: int) -> None:
    households = Holder.objects.filter(id__range=holders)
    post_lines(
        posting=Posting("funds", Cause.GRANT, 0, SYSTEM, clock.today()),
        pool_id=pool,
        lines=households.values_list("id", "id", Value(FUNDS, output_field=BigIntegerField())),
        book=Book.SPENDABLE,
    )
