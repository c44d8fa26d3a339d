from datetime import timedelta

import pytest
from django.db import DataError
from django.db.models import Case, F, Value, When

from tests.ledger.book import (
    DAY,
    Book,
    Line,
    balances,
    derived,
    ledger_faults,
    legs,
    lines,
    points_of,
    posting,
    queries_of,
)
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause, Currency, Holder, Transfer, Unsealed
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.moving import close_holder
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import pool_id
from xiangyue.ledger.refusals import KeyReused, NoAccount

LAST = DAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("before", "amounts", "after"),
    [
        # (honour, spendable, arrears); floor −300
        pytest.param([], [500], (500, 500, 0), id="an award counts for honour and can be spent"),
        pytest.param([500], [-200], (300, 300, 0), id="a deduction takes both"),
        pytest.param([500], [-700], (-200, -200, 0), id="down to the floor"),
        pytest.param([500], [-800], (-300, -300, 0), id="to the floor itself"),
        pytest.param([500], [-900], (-400, -300, 100), id="below the floor it is owed"),
        pytest.param([-1000], [-50], (-1050, -300, 750), id="and what is owed adds up"),
        pytest.param([-1000], [200], (-800, -300, 500), id="an award pays what is owed first"),
        pytest.param([-1000], [700], (-300, -300, 0), id="all of it"),
        pytest.param([-1000], [900], (-100, -100, 0), id="and the rest can be spent"),
        pytest.param([], [-1], (-1, -1, 0), id="one hundredth of a point"),
        pytest.param([], [100, 200, 300], (600, 600, 0), id="several awards"),
        pytest.param([], [-100, -200, -300], (-600, -300, 300), id="several deductions"),
        pytest.param([], [-400, 100], (-300, -300, 0), id="awards come first, whatever the order"),
        pytest.param([-500], [-200, 300, -50, 100], (-350, -300, 50), id="owed, repaid, owed again"),
        pytest.param([-1000], [300, 300, 300], (-100, -100, 0), id="three awards repay together"),
        pytest.param([], [0, 500, 0], (500, 500, 0), id="a line of nothing changes nothing"),
    ],
)
def test_what_lines_do_to_a_household(
    book: Book, before: list[int], amounts: list[int], after: tuple[int, int, int]
) -> None:
    household = book.household(floor=-300, redeem_floor=0)
    for number, amount in enumerate(before):
        book.post(f"before:{number}", (household, amount))
    book.post("now", *((household, amount) for amount in amounts))
    assert balances(household) == after
    assert ledger_faults() == []


def test_each_line_is_one_transfer_whatever_the_balances_are(book: Book) -> None:
    household, owing = book.household(200), book.household()
    book.post("owed", (owing, -150))
    batch = book.post(
        "now",
        *((household, -150), (household, -100), (owing, 200), (household, 30), (owing, -60), (owing, 0)),
        expires_on=LAST,
    )
    issued, one, other = book.issued_id, points_of(household).pk, points_of(owing).pk
    assert legs(batch) == [
        (1, one, issued, 150, "both", None),
        (2, one, issued, 100, "both", None),
        (3, issued, other, 200, "both", LAST),
        (4, issued, one, 30, "both", LAST),
        (5, other, issued, 60, "both", None),
    ]
    assert (balances(household), balances(owing)) == ((-20, 0, 20), (-10, 0, 10))


@pytest.mark.parametrize(
    ("into", "after"),
    [
        (Books.BOTH, (1300, 1300, 0)),
        (Books.SPENDABLE, (1000, 1300, 0)),
        (Books.HONOUR, (1300, 1000, 0)),
    ],
)
def test_a_line_counts_in_the_books_that_are_asked_for(
    book: Book, into: Books, after: tuple[int, int, int]
) -> None:
    household = book.household(1000)
    batch = post_lines(
        posting=posting("now", Cause.GRANT), pool_id=book.issued_id, lines=[(9, household, 300)], book=into
    )
    assert legs(batch) == [(9, book.issued_id, points_of(household).pk, 300, into, None)]
    assert balances(household) == after
    assert ledger_faults() == []


def test_hours_are_posted_as_hours(book: Book) -> None:
    (household,) = open_households(count=1, kinds=[AccountKind.POINTS, AccountKind.HOURS])
    (pool,) = open_pools(count=1, kinds=[AccountKind.SERVED])
    served = pool_id(pool, AccountKind.SERVED)
    batch = post_lines(
        posting=posting("now", Cause.SERVICE),
        pool_id=served,
        lines=[(1, household, 90)],
        kind=AccountKind.HOURS,
        book=Books.SPENDABLE,
    )
    hours = Account.objects.get(holder=household, kind=AccountKind.HOURS)
    assert legs(batch) == [(1, served, hours.pk, 90, "spendable", None)]
    assert Transfer.objects.get(batch=batch).currency == Currency.HOUR
    assert (hours.balance, balances(household)) == (90, (0, 0, 0))


def test_a_batch_says_for_what_by_whom_and_when(book: Book) -> None:
    batch = book.posted("now", (book.household(), 500))
    asked = posting("now")
    assert (batch.key, batch.cause, batch.cause_id, batch.day) == ("now", Cause.SETTLEMENT, 1, asked.day)
    assert (batch.actor_kind, batch.actor_id) == (asked.actor.kind, asked.actor.id)
    assert len(batch.input_hash) == 64
    assert Unsealed.objects.filter(batch_id=batch.pk).count() == 1


def test_lines_that_are_all_zero_post_nothing(book: Book) -> None:
    household = book.household()
    before = Batch.objects.count()
    assert book.post("zero", (household, 0), (household, 0)) is None
    assert book.post("none") is None
    assert (
        post_lines(
            posting=posting("empty"),
            pool_id=book.issued_id,
            lines=Line.objects.none().values_list("id", "holder_id", "amount"),
        )
        is None
    )
    assert Batch.objects.count() == before


def test_the_same_key_posts_once_and_gives_the_same_batch(book: Book) -> None:
    household, other = book.household(), book.household()
    first = book.post("now", (household, 500), (other, -300))
    assert first
    assert book.post("now", (household, 500), (other, -300)) == first
    assert balances(household) == (500, 500, 0)
    assert balances(other) == (-300, 0, 300)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param([(0, 501), (1, -300)], id="another amount"),
        pytest.param([(0, 500), (1, 300)], id="another sign"),
        pytest.param([(1, 500), (0, -300)], id="other households"),
        pytest.param([(1, -300), (0, 500)], id="other lines"),
        pytest.param([(0, 500)], id="a line less"),
        pytest.param([(0, 500), (1, -300), (1, 1)], id="a line more"),
        pytest.param([(0, 500), (1, -300), (1, 0)], id="a line more, of nothing"),
        pytest.param([(0, 0), (1, 0)], id="nothing"),
        pytest.param([], id="no lines"),
    ],
)
def test_the_same_key_with_other_lines_is_refused(book: Book, changed: list[tuple[int, int]]) -> None:
    households = book.household(), book.household()
    book.post("now", (households[0], 500), (households[1], -300))
    transfers = Transfer.objects.count()
    with pytest.raises(KeyReused):
        book.post("now", *((households[place], amount) for place, amount in changed))
    assert Transfer.objects.count() == transfers
    assert [balances(household) for household in households] == [(500, 500, 0), (-300, 0, 300)]


@pytest.mark.parametrize("change", ["line", "pool", "book", "last day"])
def test_the_same_points_otherwise_are_other_input(book: Book, change: str) -> None:
    household = book.household()
    book.post("now", (household, 500))
    before = derived()
    with pytest.raises(KeyReused):
        post_lines(
            posting=posting("now", expires_on=LAST if change == "last day" else None),
            pool_id=book.left_id if change == "pool" else book.issued_id,
            lines=[(2 if change == "line" else 1, household, 500)],
            book=Books.HONOUR if change == "book" else Books.BOTH,
        )
    assert derived() == before


def test_a_list_and_a_query_of_the_same_lines_are_the_same_input(book: Book) -> None:
    household = book.household()
    batch = book.posted("now", (household, 500), (household, -200))
    again = [(2, household, -200), (1, household, 500)]  # in whatever order
    assert post_lines(posting=posting("now"), pool_id=book.issued_id, lines=again) == batch
    assert balances(household) == (300, 300, 0)


def test_lines_may_name_owners_of_their_own(book: Book) -> None:
    """As scoring names households, of which the ledger knows nothing but the holders."""
    first, second = book.household(), book.household()
    owners = Holder.objects.filter(id__in=[first, second]).annotate(owner=F("id") * -1)
    batch = post_lines(
        posting=posting("now"),
        pool_id=book.issued_id,
        lines=[(5, -first, 500), (6, -second, -200), (7, -first, 30)],
        owners=owners.values_list("owner", "id"),
    )
    assert [line for line, *_rest in legs(batch)] == [5, 6, 7]
    assert (balances(first), balances(second)) == ((530, 530, 0), (-200, 0, 200))


def test_a_closed_household_gets_nothing_and_nobody_else_either(book: Book) -> None:
    closed, other = book.household(), book.household()
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=closed, pool_id=book.left_id)
    with pytest.raises(NoAccount) as caught:
        book.post("now", (other, 100), (closed, 100))
    assert caught.value.facts == {"count": 1}
    assert balances(other) == (0, 0, 0)
    assert not Batch.objects.filter(key="now").exists()


def test_a_batch_is_posted_whole_or_not_at_all(book: Book) -> None:
    household, overflowing = book.household(100), book.household(100)
    before = Transfer.objects.count(), Batch.objects.count(), derived()
    with pytest.raises(DataError):  # in the very last step, when the batch and its legs are written
        book.post("now", (household, 500), (overflowing, 2**63 - 1))
    assert (Transfer.objects.count(), Batch.objects.count(), derived()) == before


def test_households_do_not_touch_each_other(book: Book) -> None:
    rich, poor, untouched = book.household(1000), book.household(), book.household(700)
    book.post("now", (poor, -300), (rich, -300), (poor, 100), (rich, 50))
    assert (balances(rich), balances(poor)) == ((750, 750, 0), (-200, 0, 200))
    assert balances(untouched) == (700, 700, 0)


def test_any_query_can_be_posted(book: Book) -> None:
    """With parameters, conditions and an order of its own: it stands inside the statements as it is."""
    first, second, third = (book.household() for _ in range(3))
    chosen = Holder.objects.filter(id__in=[first, second, third]).exclude(id=third).order_by("-public_id")
    query = chosen.annotate(
        line=F("id") + Value(1), amount=Case(When(id=first, then=Value(500)), default=Value(-200))
    ).values_list("line", "id", "amount")
    batch = post_lines(posting=posting("now"), pool_id=book.issued_id, lines=query)
    assert {line for line, *_rest in legs(batch)} == {first + 1, second + 1}
    assert [balances(each) for each in (first, second, third)] == [(500, 500, 0), (-200, 0, 200), (0, 0, 0)]


def test_posting_many_lines_costs_as_many_queries_as_one(book: Book) -> None:
    def post(key: str, households: list[int]) -> int:
        query = lines(*((household, 100) for household in households))
        return queries_of(lambda: post_lines(posting=posting(key), pool_id=book.issued_id, lines=query))

    assert post("one", [book.household()]) == post("many", [book.household() for _ in range(50)])
