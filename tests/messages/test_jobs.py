from collections.abc import Iterator

import pytest
from procrastinate.contrib.django import app

from tests.cast import Cast
from tests.messages.cast import give_phone, known_news, posted, sms_by
from tests.messages.vendors import Vendor
from xiangyue.messages import jobs
from xiangyue.messages.models import Delivery
from xiangyue.messages.operations import delivering
from xiangyue.messages.operations.notifying import notify


@pytest.fixture(autouse=True)
def news() -> Iterator[None]:
    with known_news():
        yield


def test_all_that_waits_is_sent(cast: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    sms_by(aliyun)
    for name, phone in (("田禾生", "19900000001"), ("麦穗香", "19900000002")):
        give_phone(name, phone)
    notify(news=[posted(cast.household("018")), posted(cast.household("004"))], key="k")
    plain = delivering._deliver_sms
    monkeypatch.setattr(delivering, "_deliver_sms", lambda _limit: plain(1))
    jobs.deliver_county()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert len(aliyun.heard) == 2


def test_both_are_done_again_and_again(cast: Cast) -> None:
    assert {"messages.all", "messages-terms.all"} <= set(app.tasks)
    jobs.forget()
