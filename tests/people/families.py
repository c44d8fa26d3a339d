"""What the tests of households share: one of three people with points, two of one, and who comes new."""

from datetime import date
from typing import Any

from tests.people.tree import LATER, NORTH, give, grid, north, unit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, Batch, Transfer
from xiangyue.people.models import (
    Card,
    FormerHousehold,
    FormerPlace,
    Household,
    Relation,
    Resident,
)
from xiangyue.people.operations.households import open_household
from xiangyue.people.operations.residents import Facts
from xiangyue.records.models import LoggedAct

WRITTEN = (Household, Resident, FormerHousehold, FormerPlace, Account, Batch, Transfer, Card, LoggedAct)
HEAD = Facts(name="谷满仓", relation=Relation.HEAD, sex="M", born=date(1980, 5, 1), is_party_member=True)
SPOUSE = Facts(name="桃红柳", relation=Relation.SPOUSE)


def families() -> dict[str, Household]:
    """Make 018 with 田禾生, 麦春芽, 田豆苗; 004 with 麦穗香; 103 with 榆钱多; 018 has 15 points."""
    made = north()
    give(made["018"], 1500)
    return made


def called(name: str) -> Resident:
    return Resident.objects.get(name=name)


def names(household: Household) -> list[str]:
    there = Resident.objects.filter(household=household, left_on=None)
    return list(there.order_by("id").values_list("name", flat=True))


def open_one(**other: Any) -> Household:
    wanted: dict[str, Any] = {
        "unit_id": grid(unit(NORTH), "第一网格").pk,
        "number": "201",
        "members": [HEAD, SPOUSE],
    }
    with clock.as_of(LATER):
        return open_household(actor=SYSTEM, **(wanted | other))
