import pytest

from tests.ledger.book import DAY, Book, balances, derived, ledger_faults, legs, points_of, posting
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, Batch, Cause, Unsealed
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.batches import Leg, claim, posted_before, write_legs
from xiangyue.ledger.refusals import KeyReused


def test_a_key_is_claimed_once_and_known_by_its_input(book: Book) -> None:
    assert posted_before("now", "a" * 64) is None
    batch, is_new = claim(posting("now"), "a" * 64)
    assert (is_new, batch) == (True, Batch.objects.get(key="now"))
    assert claim(posting("now"), "a" * 64) == (batch, False)
    assert posted_before("now", "a" * 64) == batch
    for again in (claim, lambda _posting, text: posted_before("now", text)):
        with pytest.raises(KeyReused) as caught:
            again(posting("now"), "b" * 64)
        assert str(caught.value) == "这一笔（now）已经办过，但内容和上次不一样。没有再记一次，请核对。"


def test_a_batch_says_for_what_by_whom_and_when(book: Book) -> None:
    batch, _is_new = claim(posting("now", Cause.CLEARING, 7, reason="end-of-year"), "a" * 64)
    assert (batch.key, batch.input_hash, batch.cause, batch.cause_id) == ("now", "a" * 64, Cause.CLEARING, 7)
    assert (batch.reason, batch.actor_kind, batch.actor_id) == ("end-of-year", SYSTEM.kind, SYSTEM.id)
    assert batch.day == DAY
    assert clock.local_day(batch.posted_at) == clock.today()
    assert Batch.objects.filter(
        **{name: value for name, value in vars(batch).items() if name != "_state"}
    ).exists()


def test_what_is_claimed_waits_for_a_seal(book: Book) -> None:
    batch, _is_new = claim(posting("now"), "a" * 64)
    claim(posting("now"), "a" * 64)
    assert list(Unsealed.objects.values_list("batch_id", flat=True)) == [batch.pk]


@pytest.mark.parametrize(
    ("before", "moves", "after"),
    [
        # (balance, arrears, honour); floor −300, 200 of 500 held
        pytest.param((500, 0, 500), [(100, Books.BOTH)], (600, 0, 600), id="in both books"),
        pytest.param((500, 0, 500), [(100, Books.SPENDABLE)], (600, 0, 500), id="in one"),
        pytest.param((500, 0, 500), [(100, Books.HONOUR)], (500, 0, 600), id="in the other"),
        pytest.param((500, 0, 500), [(-600, Books.BOTH)], (-100, 0, -100), id="down to floor and holds"),
        pytest.param((500, 0, 500), [(-601, Books.BOTH)], (-100, 1, -101), id="below it is owed"),
        pytest.param((-100, 70, 0), [(50, Books.SPENDABLE)], (-100, 20, 0), id="repaid first"),
        pytest.param((-100, 70, 0), [(90, Books.SPENDABLE)], (-80, 0, 0), id="and the rest is there"),
        pytest.param((500, 0, 500), [(-900, Books.BOTH), (400, Books.BOTH)], (0, 0, 0), id="as one sum"),
        pytest.param((500, 0, 500), [(-50, Books.HONOUR), (-60, Books.SPENDABLE)], (440, 0, 450), id="apart"),
    ],
)
def test_what_a_batch_does_to_a_balance(
    book: Book,
    before: tuple[int, int, int],
    moves: list[tuple[int, Books]],
    after: tuple[int, int, int],
) -> None:
    account = points_of(book.household())
    balance, arrears, honour = before
    same = {"floor": -300, "held": 200}
    Account.objects.filter(id=account.pk).update(balance=balance, arrears=arrears, honour=honour, **same)
    batch, _is_new = claim(posting("now"), "a" * 64)
    ends = {True: (book.issued_id, account.pk), False: (account.pk, book.issued_id)}
    write_legs(batch, [Leg(*ends[amount > 0], abs(amount), into) for amount, into in moves])
    account.refresh_from_db()
    assert (account.balance, account.arrears, account.honour) == after
    assert (account.floor, account.held) == (-300, 200)


def test_legs_are_numbered_and_written_as_they_are_given(book: Book) -> None:
    one, other = points_of(book.household(500)), points_of(book.household())
    batch, _is_new = claim(posting("now", Cause.SPLIT), "a" * 64)
    write_legs(
        batch,
        [
            Leg(one.pk, other.pk, 300, expires_on=DAY),
            Leg(one.pk, book.left_id, 100, Books.HONOUR),
            Leg(book.issued_id, book.left_id, 5, Books.BOTH),
        ],
    )
    assert legs(batch) == [
        (1, one.pk, other.pk, 300, "spendable", DAY),
        (2, one.pk, book.left_id, 100, "honour", None),
        (3, book.issued_id, book.left_id, 5, "both", None),
    ]
    assert (balances(one.holder_id), balances(other.holder_id)) == ((400, 200, 0), (0, 300, 0))
    assert derived()[book.left_id] == (5, 105)
    assert ledger_faults() == []
