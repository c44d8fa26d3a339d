from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.scoring.cast import RUBBISH, SWEEPING, a_deed, noticed
from tests.web import Visitor, quick_pins, with_card
from xiangyue.scoring.models import Notice
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture(autouse=True)
def cheap_cards() -> Iterator[None]:
    with quick_pins():
        yield


@pytest.fixture
def villager(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """田禾生 of household 018, signed in by his card."""
    return with_card(peopled, cast.household("018"))


@pytest.fixture
def neighbour(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """麦穗香 of household 004, signed in by her card."""
    return with_card(peopled, cast.household("004"))


@pytest.fixture
def outsider(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """Somebody without a card."""
    return Visitor(peopled)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """Two gains and a loss of 018, and a gain of 004, on notice until 2026-11-06."""
    return noticed(
        cast.village,
        a_deed(cast.village, "018", "004"),
        a_deed(cast.village, "018", of=SWEEPING, note="清扫河边"),
        a_deed(cast.village, "018", of=RUBBISH),
    )
