from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.web import Visitor, quick_pins, with_card
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.operations.cards import NewCard, issue_card
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture(autouse=True)
def cheap_cards() -> Iterator[None]:
    with quick_pins():
        yield


@pytest.fixture
def visitor(peopled: Jurisdiction) -> Visitor:
    """Somebody without a card, at the address of the cast's county."""
    return Visitor(peopled)


@pytest.fixture
def card(cast: Cast) -> NewCard:
    """The card of 田禾生, household 018."""
    return issue_card(actor=SYSTEM, household_id=cast.household("018").pk)


@pytest.fixture
def villager(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """田禾生, signed in by his card."""
    return with_card(peopled, cast.household("018"))
