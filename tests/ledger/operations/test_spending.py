import pytest

from tests.ledger.book import DAY, Book, balances, derived, ledger_faults, points_of, posting, queries_of
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, Batch, Cause, Transfer
from xiangyue.ledger.operations.moving import close_holder
from xiangyue.ledger.operations.spending import spend
from xiangyue.ledger.refusals import AmountNotPositive, KeyReused, NoSuchAccount, NotEnoughPoints


def test_what_is_spent_moves_from_the_household_to_the_till(book: Book) -> None:
    household = book.household(1000)
    spent = book.pay("now", household, 300)
    assert spent.redeemable == 700
    assert balances(household) == (1000, 700, 0)  # honour is never spent
    transfer = Transfer.objects.get(batch=spent.batch_id)
    assert transfer.debit_id == points_of(household).pk
    assert (transfer.credit_id, transfer.amount, transfer.line) == (book.till_id, 300, 1)
    batch = Batch.objects.get(id=spent.batch_id)
    assert (batch.key, batch.cause, batch.cause_id, batch.day) == ("now", Cause.ORDER, 1, DAY)
    assert (batch.actor_kind, batch.actor_id) == (SYSTEM.kind, SYSTEM.id)
    assert ledger_faults() == []


def test_all_can_be_spent_and_then_nothing(book: Book) -> None:
    household = book.household(1000)
    assert book.pay("all", household, 1000).redeemable == 0
    with pytest.raises(NotEnoughPoints):
        book.pay("more", household, 1)
    assert balances(household) == (1000, 0, 0)


@pytest.mark.parametrize(
    ("balance", "floor", "redeem_floor", "redeemable"),
    [
        (1000, 0, 400, 600),  # base points stay
        (1000, -500, 0, 1000),  # what deductions may go below, redemptions may not
        (1000, -500, -500, 1500),
        (1000, -500, -200, 1200),
    ],
)
def test_the_floor_of_redemption_holds_to_the_last_hundredth(
    book: Book, balance: int, floor: int, redeem_floor: int, redeemable: int
) -> None:
    household = book.household(balance, floor=floor, redeem_floor=redeem_floor)
    with pytest.raises(NotEnoughPoints) as caught:
        book.pay("too much", household, redeemable + 1)
    assert str(caught.value) == (f"分不够：要{redeemable // 100}.01分，能兑换的只有{redeemable // 100}分。")
    assert book.pay("just enough", household, redeemable).redeemable == 0
    assert balances(household)[1] == redeem_floor


def test_who_is_below_what_can_be_redeemed_can_redeem_nothing(book: Book) -> None:
    household = book.household(1000, redeem_floor=800)
    spent = book.pay("before", household, 200)
    book.post("deduction", (household, -500))
    with pytest.raises(NotEnoughPoints) as caught:
        book.pay("now", household, 1)
    assert str(caught.value) == "分不够：要0.01分，能兑换的只有0分。"
    again = book.pay("before", household, 200)
    assert (again.batch_id, again.redeemable) == (spent.batch_id, 0)


@pytest.mark.parametrize("amount", [0, -1, -1000])
def test_only_what_is_more_than_nothing_can_be_spent(book: Book, amount: int) -> None:
    household = book.household(1000)
    with pytest.raises(AmountNotPositive):
        book.pay("now", household, amount)
    assert balances(household) == (1000, 1000, 0)


def test_the_same_key_spends_once(book: Book) -> None:
    household = book.household(1000)
    first = book.pay("now", household, 300)
    assert book.pay("now", household, 300) == first
    assert balances(household) == (1000, 700, 0)
    assert ledger_faults() == []


def test_the_same_key_spends_once_even_if_the_rest_would_not_be_enough(book: Book) -> None:
    household = book.household(1000)
    first = book.pay("now", household, 700)
    assert book.pay("now", household, 700) == first
    assert balances(household) == (1000, 300, 0)


@pytest.mark.parametrize("change", ["amount", "holder", "pool", "cause", "a posting's key"])
def test_the_same_key_with_other_input_is_refused(book: Book, change: str) -> None:
    household, other = book.household(1000), book.household(1000)
    book.pay("now", household, 300)
    before = derived()
    with pytest.raises(KeyReused):
        spend(
            posting=posting(
                f"start:{other}" if change == "a posting's key" else "now",
                Cause.ORDER,
                2 if change == "cause" else 1,
            ),
            holder_id=other if change == "holder" else household,
            pool_id=Book.open().till_id if change == "pool" else book.till_id,
            amount=301 if change == "amount" else 300,
        )
    assert {account: derived()[account] for account in before} == before


def test_a_refused_sale_leaves_its_key_free(book: Book) -> None:
    household = book.household(100)
    with pytest.raises(NotEnoughPoints):
        book.pay("now", household, 300)
    assert not Batch.objects.filter(key="now").exists()
    book.post("award", (household, 200))
    assert book.pay("now", household, 300).redeemable == 0


def test_what_is_owed_does_not_keep_from_spending_what_is_there(book: Book) -> None:
    household = book.household(floor=0)
    book.post("owed", (household, -500))
    book.post("repaid", (household, 800))
    assert balances(household) == (300, 300, 0)
    assert book.pay("now", household, 300).redeemable == 0


def test_what_is_held_can_not_be_spent(book: Book) -> None:
    household = book.household(1000, redeem_floor=100)
    book.hold("held", household, 600)
    with pytest.raises(NotEnoughPoints) as caught:
        book.pay("too much", household, 301)
    assert caught.value.facts == {"needed": "3.01", "redeemable": "3"}
    assert book.pay("now", household, 300).redeemable == 0
    assert (points_of(household).balance, points_of(household).held) == (700, 600)
    assert ledger_faults() == []


def test_a_holder_without_points_has_nothing_to_spend(book: Book) -> None:
    shop = Account.objects.get(id=book.till_id).holder_id
    with pytest.raises(NoSuchAccount):
        book.pay("now", shop, 100)
    assert not Batch.objects.filter(key="now").exists()


def test_a_closed_household_spends_nothing_not_even_on_credit(book: Book) -> None:
    household = book.household(1000, floor=-500, redeem_floor=-500)
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=household, pool_id=book.left_id)
    with pytest.raises(NotEnoughPoints):
        book.pay("now", household, 1)
    assert balances(household) == (0, 0, 0)


def test_a_sale_is_one_statement(book: Book) -> None:
    household = book.household(1000)
    assert (
        queries_of(lambda: book.pay("now", household, 100)) == 3
    )  # beside it only the savepoint's begin and end
