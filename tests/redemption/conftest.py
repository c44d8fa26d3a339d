import pytest

from tests.cast import Cast
from tests.redemption.shop import Counter


@pytest.fixture
def counter(cast: Cast) -> Counter:
    return Counter.open(cast)
