"""Who answers complaints in the tests: the cast's village lies in 苍城镇, which is the top of this county's tree."""

import pytest

from tests.cast import Cast
from tests.requests.cast import Offices


@pytest.fixture
def offices(cast: Cast) -> Offices:
    return Offices.filled(cast)
