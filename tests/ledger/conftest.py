import pytest

from tests.ledger.book import Book
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture
def book(county: Jurisdiction) -> Book:
    return Book.open()
