"""Writing messages, and queueing their deliveries: once to each, in one statement."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.messages.cast import FREE, QUIET, at, known_news, posted, sms_by, wechat_by
from tests.messages.vendors import Vendor
from xiangyue.kernel import clock
from xiangyue.messages.models import Delivery, Message, Preference
from xiangyue.messages.models import Vendor as By
from xiangyue.messages.news import News
from xiangyue.messages.operations.notifying import notify
from xiangyue.messages.refusals import UnknownTemplate
from xiangyue.people.models import Household


@pytest.fixture(autouse=True)
def news(cast: Cast) -> Iterator[None]:
    with known_news():
        yield


def queued() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(state="queued").order_by("recipient", "channel")
    return list(rows.values_list("recipient", "channel"))


def test_news_is_written_once_to_each(cast: Cast) -> None:
    one, other = cast.household("018"), cast.household("004")
    assert notify(news=[posted(one, 800), posted(other, -200)], key="settled:1") == 2
    assert notify(news=[posted(one, 800), posted(other, -200)], key="settled:1") == 0
    assert notify(news=[posted(one, 100)], key="settled:2") == 1
    told = Message.objects.order_by("id").values_list("household_id", "facts", "key")
    assert list(told) == [
        (
            min(one.pk, other.pk),
            {"points": 800 if one.pk < other.pk else -200, "on": "2026-11-06"},
            "settled:1",
        ),
        (
            max(one.pk, other.pk),
            {"points": -200 if one.pk < other.pk else 800, "on": "2026-11-06"},
            "settled:1",
        ),
        (one.pk, {"points": 100, "on": "2026-11-06"}, "settled:2"),
    ]


def test_one_may_be_told_of_two_things_at_once(cast: Cast) -> None:
    one = cast.household("018")
    news = [
        posted(one, 100, about="share:1"),
        posted(one, 200, about="share:2"),
        posted(one, 300, about="share:2"),
    ]
    assert notify(news=news, key="k") == 2
    assert sorted(Message.objects.values_list("key", flat=True)) == ["k/share:1", "k/share:2"]


def test_a_user_is_told_as_such(cast: Cast) -> None:
    assert cast.secretary.user_id is not None
    assert notify(news=[News(QUIET.code, user=cast.secretary.user_id)], key="k") == 1
    assert Message.objects.get().user_id == cast.secretary.user_id


def test_a_message_is_for_exactly_one(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(news=[News(QUIET.code)], key="k")
    both = News(QUIET.code, household=cast.household("018").pk, user=cast.secretary.user_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(news=[both], key="k")


def test_nothing_is_said_of_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert notify(news=[], key="k") == 0


def test_unknown_news_is_refused(cast: Cast) -> None:
    with pytest.raises(UnknownTemplate) as caught:
        notify(news=[News("no-such", household=cast.household("018").pk)], key="k")
    assert caught.value.facts == {"template": "no-such"}
    assert not Message.objects.exists()


def test_what_the_county_does_not_send_by_is_not_queued(cast: Cast, aliyun: Vendor, wechat: Vendor) -> None:
    household = cast.household("018")
    notify(news=[posted(household)], key="1")
    assert queued() == []
    setting = sms_by(aliyun, templates={"code": "SMS_1"})  # no text for news
    notify(news=[posted(household)], key="2")
    assert queued() == []
    setting.delete()
    sms_by(aliyun)
    wechat_by(wechat)
    notify(news=[posted(household)], key="3")
    assert queued() == [(f"household:{household.pk}", "sms"), (f"household:{household.pk}", "wechat")]


def test_codes_that_are_only_shown_bring_no_news(cast: Cast, settings: Any) -> None:
    settings.SMS_FALLBACK = By.CONSOLE
    notify(news=[posted(cast.household("018"))], key="1")
    assert queued() == []


def test_some_news_stays_in_the_app(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    household = cast.household("018").pk
    notify(news=[News(QUIET.code, household=household)], key="1")
    assert queued() == []
    notify(news=[News(QUIET.code, household=household), posted(household, about="x")], key="2")
    assert queued() == [(f"household:{household}", "sms")]


def test_what_comes_to_everybody_costs_no_sms(cast: Cast, aliyun: Vendor, wechat: Vendor) -> None:
    sms_by(aliyun)
    wechat_by(wechat)
    household = cast.household("018").pk
    notify(news=[News(FREE.code, {"on": "2026-11-06"}, household=household)], key="1")
    assert queued() == [(f"household:{household}", "wechat")]


def test_a_household_says_by_what(cast: Cast, aliyun: Vendor, wechat: Vendor) -> None:
    sms_by(aliyun)
    wechat_by(wechat)
    one, other = cast.household("018"), cast.household("004")
    Preference.objects.create(household=one, sms=False)
    Preference.objects.create(household=other, sms=False, wechat=False)
    notify(news=[posted(one), posted(other)], key="1")
    assert queued() == [(f"household:{one.pk}", "wechat")]
    assert Message.objects.count() == 2


def test_one_delivery_waits_for_each_and_tells_of_the_last(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    household = cast.household("018")
    notify(news=[posted(household)], key="1")
    notify(news=[posted(household), posted(household, about="x"), posted(cast.household("004"))], key="2")
    last = Message.objects.filter(household=household).latest("id")
    waiting = Delivery.objects.get(recipient=f"household:{household.pk}")
    assert waiting.message == last
    assert Delivery.objects.count() == 2
    Delivery.objects.update(state="sent", done_at=clock.now())
    notify(news=[posted(household)], key="2")  # nothing new
    assert queued() == []
    notify(news=[posted(household)], key="3")
    assert queued() == [(f"household:{household.pk}", "sms")]


def test_no_phone_rings_at_night(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    with clock.as_of(at(22, 15)):
        notify(news=[posted(cast.household("018"))], key="1")
    assert Delivery.objects.get().next_at == at(7, day=3)


def test_many_cost_what_one_costs(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    ids = list(Household.objects.values_list("id", flat=True))
    with CaptureQueriesContext(connection) as one:
        notify(news=[posted(ids[0])], key="1")
    with CaptureQueriesContext(connection) as many:
        notify(news=[posted(each, about=str(n)) for n in range(50) for each in ids], key="2")
    assert len(one) == len(many)
    assert Message.objects.filter(key__startswith="2/").count() == 50 * len(ids)
    assert Delivery.objects.count() == len(ids)
