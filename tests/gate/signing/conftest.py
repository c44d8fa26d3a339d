"""A phone that gets its codes, and people who sign in by them."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.cast import Cast
from tests.web import Visitor
from xiangyue.messages import sms
from xiangyue.people.operations.phones import verify_phone
from xiangyue.tenancy.models import Jurisdiction

PHONE = "19900000018"
CODES = dict[str, str]


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> CODES:
    """The last code that was sent to each phone."""
    codes: CODES = {}

    def send_code(*, phone: str, code: str) -> None:
        codes[phone] = code

    monkeypatch.setattr(sms, "send_code", send_code)
    return codes


@pytest.fixture
def visitor(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(peopled)


@pytest.fixture
def known(cast: Cast) -> str:
    """The number by which 柳成荫, the grid leader, signs in."""
    verify_phone(user=cast.user("柳成荫"), phone=PHONE)
    return PHONE
