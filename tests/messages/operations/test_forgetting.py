from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.messages.cast import known_news, posted, sms_by
from tests.messages.vendors import Vendor
from xiangyue.kernel import clock
from xiangyue.messages.models import Delivery, Message
from xiangyue.messages.operations.forgetting import DELIVERIES_KEPT, MESSAGES_KEPT, forget_old
from xiangyue.messages.operations.notifying import notify


@pytest.fixture(autouse=True)
def news() -> Iterator[None]:
    with known_news():
        yield


def test_what_is_old_goes(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    notify(news=[posted(cast.household("018")), posted(cast.household("004"))], key="k")
    first = Delivery.objects.order_by("id")[0]
    first.state, first.done_at = "sent", clock.now()
    first.save()
    assert forget_old() == (0, 0)
    with clock.as_of(clock.now() + DELIVERIES_KEPT + timedelta(days=1)):
        assert forget_old() == (1, 0)  # what still waits is kept
    with clock.as_of(clock.now() + MESSAGES_KEPT + timedelta(days=1)):
        assert forget_old() == (0, 2)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
