import pytest

from tests.ledger.book import Book, posting
from xiangyue.kernel import clock
from xiangyue.ledger.models import Batch
from xiangyue.ledger.operations.batches import claim, require_same_input, require_unused
from xiangyue.ledger.refusals import KeyReused


def test_a_key_is_claimed_once_and_known_by_its_input(book: Book) -> None:
    batch_id = claim(posting("now"), "a" * 64)
    assert batch_id is not None
    assert claim(posting("now"), "a" * 64) is None
    assert require_same_input("now", "a" * 64) == Batch.objects.get(id=batch_id)
    for again in (claim, lambda _posting, text: require_same_input("now", text)):
        with pytest.raises(KeyReused) as caught:
            again(posting("now"), "b" * 64)
        assert str(caught.value) == "这一笔（now）已经办过，但内容和上次不一样。没有再记一次，请核对。"


def test_a_batch_is_posted_at_the_time_of_the_clock(book: Book) -> None:
    claim(posting("now"), "a" * 64)
    assert clock.local_day(Batch.objects.get(key="now").posted_at) == clock.today()


def test_an_unused_key_is_nobodys(book: Book) -> None:
    require_unused("now")
    claim(posting("now"), "a" * 64)
    with pytest.raises(KeyReused):
        require_unused("now")
