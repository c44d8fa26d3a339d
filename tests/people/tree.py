"""What the tests of the tree share: two villages with people, a day of re-organising, and what must not change."""

from datetime import date
from typing import Any

from django.db import models

from tests.people.cast import resident, small_village
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import AccountKind, Cause
from xiangyue.ledger.operations.awarding import award
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.queries import balances_of, pool_id
from xiangyue.people.models import Household, Unit
from xiangyue.people.operations.households import close_household
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.roster_form import roster_workbook
from xiangyue.users.models import User

ON = date(2026, 12, 1)  # the first day of the new order; everything was there on 2026-11-02
EVE = date(2026, 11, 30)
LATER = date(2026, 12, 8)
NORTH, SOUTH = "440783104220", "440783104222"  # 大罗村, which is merged into the other


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def grid(village: Unit, name: str) -> Unit:
    """Give a unit of a village that goes on, by its name."""
    return Unit.objects.get(path__startswith=village.path, name=name, until=None)


def north() -> dict[str, Household]:
    """Fill 大罗村 with the small roster: 018 and 004 in groups of 第三网格, 103 in 第一网格."""
    return small_village(unit(NORTH))


def south(*numbers: str, grid: str = "第一网格") -> Unit:
    """Fill the other village with households of one person, in one grid."""
    village = unit(SOUTH)
    names = [f"南{'一二三四五六七八九十'[place]}妹" for place in range(len(numbers))]
    rows = [resident(number, name, grid=grid, group="") for number, name in zip(numbers, names, strict=True)]
    content = roster_workbook(rows, [])
    import_roster(actor=SYSTEM, village_id=village.pk, content=content, name="户册.xlsx")
    return village


def crowd(village: Unit, count: int, *, grids: int = 2) -> list[Household]:
    """Fill a village with many households."""
    rows = [
        resident(f"{place:04d}", f"青{'禾苗穗粒'[place % 4]}", grid=f"第{place % grids + 1}网格", group="")
        for place in range(1, count + 1)
    ]
    content = roster_workbook(rows, [])
    import_roster(actor=SYSTEM, village_id=village.pk, content=content, name="户册.xlsx")
    return list(Household.objects.filter(village=village).order_by("id"))


def give(household: Household, centipoints: int) -> None:
    """Award points to a household from its village's pool."""
    issuer = household.village.holder_id
    assert issuer is not None
    award(
        posting=Posting(
            f"start:{household.pk}:{centipoints}", Cause.SETTLEMENT, 1, SYSTEM, date(2026, 11, 20)
        ),
        holder_id=household.holder_id,
        pool_id=pool_id(issuer, AccountKind.ISSUED),
        amount=centipoints,
    )


def close(household: Household, **other: Any) -> Household:
    """Close a household on the first day of the new order, a week later."""
    wanted: dict[str, Any] = {"actor": SYSTEM, "household_id": household.pk, "on": ON, "key": "close"}
    with clock.as_of(LATER):
        return close_household(**(wanted | other))


def points(household: Household) -> tuple[int, int]:
    """Give (honour, spendable) in centipoints."""
    found = balances_of([household.holder_id])[household.holder_id]
    return found.honour, found.spendable


def actor_called(login: str) -> Actor:
    return Actor.user(User.objects.get(login=login).pk)


def rows(*kinds: type[models.Model], **only: Any) -> list[dict[str, Any]]:
    """Give all rows of these tables as they stand, or those that fit."""
    return [row for kind in kinds for row in kind._default_manager.filter(**only).order_by("pk").values()]
