import pytest
from django.db import IntegrityError, transaction

from tests.ledger.book import queries_of
from xiangyue.ledger.models import HOUSEHOLD_KINDS, Account, AccountKind
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.queries import Balances, balances_of
from xiangyue.tenancy.models import Jurisdiction


def test_each_household_has_three_accounts_with_nothing_in_them(county: Jurisdiction) -> None:
    holders = open_households(count=3)
    assert len(set(holders)) == 3
    for holder in holders:
        accounts = Account.objects.filter(holder=holder)
        assert set(accounts.values_list("kind", "balance")) == {(kind, 0) for kind in HOUSEHOLD_KINDS}
    assert balances_of(holders) == dict.fromkeys(holders, Balances(0, 0, 0, 0))


def test_floors_are_those_of_what_can_be_spent_alone(county: Jurisdiction) -> None:
    (holder,) = open_households(count=1, floor=-500, redeem_floor=200)
    floors = Account.objects.filter(holder=holder).values_list("kind", "floor", "redeem_floor")
    assert set(floors) == {("honour", 0, 0), ("spendable", -500, 200), ("arrears", 0, 0)}


def test_pools_keep_no_balance(county: Jurisdiction) -> None:
    kinds = [AccountKind.ISSUED_HONOUR, AccountKind.ISSUED_SPENDABLE]
    for holder in open_pools(count=2, kinds=kinds):
        accounts = Account.objects.filter(holder=holder)
        assert set(accounts.values_list("kind", "balance")) == {(kind, None) for kind in kinds}


def test_a_whole_roster_costs_as_many_queries_as_one_household(county: Jurisdiction) -> None:
    assert queries_of(lambda: open_households(count=1)) == queries_of(lambda: open_households(count=1000))


def test_what_can_not_be_redeemed_is_never_below_the_floor(county: Jurisdiction) -> None:
    with pytest.raises(IntegrityError, match="redeem_floor_above_floor"), transaction.atomic():
        open_households(count=1, floor=-200, redeem_floor=-500)
    assert not Account.objects.filter(floor=-200).exists()
