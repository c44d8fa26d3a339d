"""The till's command, for a household by its number or by the code that it shows."""

import pytest

from tests.cast import VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run
from tests.redemption.shop import Counter
from xiangyue.redemption.models import Order
from xiangyue.redemption.operations import show_code

HERE = ("--county", "peopled", "--village", VILLAGE, "--shop", "联和村积分超市", "--as", "仓有余")


@pytest.fixture
def counter(cast: Cast) -> Counter:
    counter = Counter.open(cast)
    counter.award("018", 20_000)
    return counter


def test_a_code_is_as_good_as_a_number_once(cast: Cast, counter: Counter) -> None:
    shown = show_code(actor=cast.villager, household_id=cast.villager.id)
    sold = facts("shop", "redeem", *HERE, "--code", shown.token, "挂面礼包")
    assert (sold["total"], sold["redeemable"]) == ("30", "170")
    assert Order.objects.get().household == cast.household("018")
    assert refusal("shop", "redeem", *HERE, "--code", shown.token, "挂面礼包")["code"] == "code-unknown"
    assert Order.objects.count() == 1


def test_digits_do_and_a_number_does(cast: Cast, counter: Counter) -> None:
    shown = show_code(actor=cast.villager, household_id=cast.villager.id)
    facts("shop", "redeem", *HERE, "--code", shown.digits, "挂面礼包")
    facts("shop", "redeem", *HERE, "--household", "018", "挂面礼包")
    assert Order.objects.filter(household=cast.household("018")).count() == 2


def test_a_code_is_not_used_up_by_goods_that_are_not_there(cast: Cast, counter: Counter) -> None:
    shown = show_code(actor=cast.villager, household_id=cast.villager.id)
    refused = refusal("shop", "redeem", *HERE, "--code", shown.token, "火柴")
    assert refused["code"] == "unknown-good"
    assert facts("shop", "redeem", *HERE, "--code", shown.token, "挂面礼包")["total"] == "30"


@pytest.mark.parametrize("whose", [(), ("--household", "018", "--code", "418207")])
def test_one_of_both_is_named(counter: Counter, whose: tuple[str, ...]) -> None:
    assert run("shop", "redeem", *HERE, *whose, "挂面礼包").exit_code == 2
