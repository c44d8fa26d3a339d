import pytest
from django.db import DataError
from django.db.models import Case, F, Value, When

from tests.ledger.book import Book, balances, derived, ledger_faults, lines, posting, queries_of
from xiangyue.ledger.models import Batch, Cause, Holder, Transfer
from xiangyue.ledger.operations.posting import post_awards
from xiangyue.ledger.refusals import KeyReused


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


def legs(batch: Batch | None) -> list[tuple[int, str, str, int]]:
    """Give (line, from, to, centipoints) of a batch."""
    rows = Transfer.objects.filter(batch=batch).order_by("line", "debit__kind", "credit__kind")
    return list(rows.values_list("line", "debit__kind", "credit__kind", "amount"))


def test_each_line_names_what_it_moved(book: Book) -> None:
    household = book.household(200)
    owing = book.household()
    book.post("owed", (owing, -150))
    batch = book.post(
        "now", (household, -150), (household, -100), (owing, 200), (household, 30), (owing, -60)
    )
    assert legs(batch) == [
        (1, "honour", "issued_honour", 150),
        (1, "spendable", "issued_spendable", 150),
        (2, "arrears", "issued_spendable", 20),
        (2, "honour", "issued_honour", 100),
        (2, "spendable", "issued_spendable", 80),  # 200 + 30 − 150 was left
        (3, "issued_honour", "honour", 200),
        (3, "issued_spendable", "arrears", 150),
        (3, "issued_spendable", "spendable", 50),
        (4, "issued_honour", "honour", 30),
        (4, "issued_spendable", "spendable", 30),
        (5, "arrears", "issued_spendable", 10),
        (5, "honour", "issued_honour", 60),
        (5, "spendable", "issued_spendable", 50),
    ]


def test_deductions_take_in_the_order_of_their_lines(book: Book) -> None:
    household = book.household(100)
    batch = book.post("now", (household, -70), (household, -70), (household, -70))
    taken = [(line, amount) for line, debit, _credit, amount in legs(batch) if debit == "spendable"]
    owed = [(line, amount) for line, debit, _credit, amount in legs(batch) if debit == "arrears"]
    assert taken == [(1, 70), (2, 30)]
    assert owed == [(2, 40), (3, 70)]


def test_a_batch_says_for_what_by_whom_and_when(book: Book) -> None:
    batch = book.post("now", (book.household(), 500))
    assert batch
    asked = posting("now")
    assert (batch.key, batch.cause, batch.cause_id, batch.day) == ("now", Cause.SETTLEMENT, 1, asked.day)
    assert (batch.actor_kind, batch.actor_id) == (asked.actor.kind, asked.actor.id)
    assert len(batch.input_hash) == 64


def test_lines_that_are_all_zero_post_nothing(book: Book) -> None:
    household = book.household()
    before = Batch.objects.count()
    assert book.post("zero", (household, 0), (household, 0)) is None
    assert book.post("none") is None
    assert post_awards(posting=posting("empty"), issuer_id=book.issuer_id, lines=lines().none()) is None
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


def test_the_same_points_for_another_line_are_other_input(book: Book) -> None:
    household = book.household()
    book.post("now", (household, 500))
    other = lines((household, 500), first=2)
    with pytest.raises(KeyReused):
        post_awards(posting=posting("now"), issuer_id=book.issuer_id, lines=other)


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
    batch = post_awards(posting=posting("now"), issuer_id=book.issuer_id, lines=query)
    assert {line for line, *_rest in legs(batch)} == {first + 1, second + 1}
    assert [balances(each) for each in (first, second, third)] == [(500, 500, 0), (-200, 0, 200), (0, 0, 0)]


def test_posting_many_lines_costs_as_many_queries_as_one(book: Book) -> None:
    def post(key: str, households: list[int]) -> int:
        query = lines(*((household, 100) for household in households))
        return queries_of(lambda: post_awards(posting=posting(key), issuer_id=book.issuer_id, lines=query))

    assert post("one", [book.household()]) == post("many", [book.household() for _ in range(50)])
