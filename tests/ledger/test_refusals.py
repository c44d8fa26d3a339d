"""Every way in which the ledger says no: one row each. None of them leaves a trace."""

from collections.abc import Callable

import pytest

from tests.ledger.book import Book, derived
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger import refusals
from xiangyue.ledger.models import Batch, Holder, Transfer
from xiangyue.ledger.refusals import AmountNotPositive, KeyReused, NoAccount, NotEnoughPoints

Attempt = Callable[[Book, int], object]

TABLE: list[tuple[type[Refusal], Attempt, str]] = [
    (
        KeyReused,
        lambda book, household: book.post("posted", (household, 999)),
        "这一笔（posted）已经办过，但内容和上次不一样。没有再记一次，请核对。",
    ),
    (
        KeyReused,
        lambda book, household: book.post("posted", (household, 0)),
        "这一笔（posted）已经办过，但内容和上次不一样。没有再记一次，请核对。",
    ),
    (
        KeyReused,
        lambda book, household: book.pay("paid", household, 999),
        "这一笔（paid）已经办过，但内容和上次不一样。没有再记一次，请核对。",
    ),
    (
        NotEnoughPoints,
        lambda book, household: book.pay("now", household, 40_050),
        "分不够：要400.5分，能兑换的只有400分。",
    ),
    (
        NoAccount,
        lambda book, household: book.post("now", (household, 100), (stranger(), 100), (stranger(), -100)),
        "有2户还没有积分账户，一笔也没有记。",
    ),
    (
        NoAccount,
        lambda book, household: book.post("now", (stranger(), 0)),
        "有1户还没有积分账户，一笔也没有记。",
    ),
    (AmountNotPositive, lambda book, household: book.pay("now", household, 0), "兑换的分数要大于0。"),
]


def stranger() -> int:
    return Holder.objects.create().pk


@pytest.mark.parametrize(("refusal", "attempt", "sentence"), TABLE)
def test_the_ledger_says_no(book: Book, refusal: type[Refusal], attempt: Attempt, sentence: str) -> None:
    household = book.household(50_000)
    book.post("posted", (household, 100))
    book.pay("paid", household, 10_100)
    before = derived(), Batch.objects.count(), Transfer.objects.count()
    with pytest.raises(refusal) as caught:
        attempt(book, household)
    assert str(caught.value) == sentence
    assert (derived(), Batch.objects.count(), Transfer.objects.count()) == before


def test_the_table_has_every_refusal_of_the_ledger() -> None:
    known = {each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)}
    assert {refusal for refusal, _attempt, _sentence in TABLE} == known - {Refusal}
