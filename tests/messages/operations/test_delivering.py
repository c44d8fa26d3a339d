"""What waits is sent at least once, each marked by itself, and never at night."""

import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.messages.cast import at, give_phone, known_news, posted, sms_by, wechat_by
from tests.messages.vendors import Vendor
from tests.scoring.races import Pause, after, meet
from xiangyue.kernel import clock
from xiangyue.messages.channels import http
from xiangyue.messages.models import ChannelSetting, Delivery, Message, ShownText
from xiangyue.messages.models import Vendor as By
from xiangyue.messages.news import News
from xiangyue.messages.operations import delivering, notifying
from xiangyue.messages.operations.delivering import MAX_TRIES, deliver_due
from xiangyue.messages.operations.notifying import notify
from xiangyue.messages.queries import delivery_counts, failed_deliveries
from xiangyue.records.operations import pause_after

PHONE, OTHER = "19900000001", "19900000002"


@pytest.fixture(autouse=True)
def news() -> Iterator[None]:
    with known_news():
        yield


@pytest.fixture
def reachable(cast: Cast, aliyun: Vendor) -> Cast:
    """Both the villager's and the neighbour's households have a mobile; the county sends by a vendor here."""
    sms_by(aliyun)
    give_phone("田禾生", PHONE)
    give_phone("麦穗香", OTHER)
    return cast


def tell(cast: Cast, *numbers: str, key: str = "k") -> None:
    notify(news=[posted(cast.household(number)) for number in numbers], key=key)


def states() -> list[tuple[str, int, str]]:
    return list(Delivery.objects.order_by("id").values_list("state", "tries", "error"))


def test_what_waits_is_sent(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018", "004")
    assert deliver_due() == 2
    assert sorted(heard.query["PhoneNumbers"] for heard in aliyun.heard) == [PHONE, OTHER]
    assert {heard.query["TemplateCode"] for heard in aliyun.heard} == {"SMS_2"}
    assert states() == [("sent", 1, ""), ("sent", 1, "")]
    assert deliver_due() == 0


def test_an_sms_says_nothing_of_what_it_is_about(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018")
    deliver_due()
    (heard,) = aliyun.heard
    assert set(heard.query) == {"PhoneNumbers", "SignName", "TemplateCode", "OutId"}
    assert len(heard.query["OutId"]) == 32


def test_nothing_rings_at_night(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018")
    with clock.as_of(at(21)):
        assert deliver_due() == 0
    with clock.as_of(at(7, day=3)):
        assert deliver_due() == 1
    assert len(aliyun.heard) == 1


def test_throttling_is_tried_again_under_the_same_key(reachable: Cast, aliyun: Vendor) -> None:
    aliyun.answers = [(200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"})]
    tell(reachable, "018")
    assert deliver_due() == 1
    assert states() == [("queued", 1, "isv.BUSINESS_LIMIT_CONTROL")]
    assert deliver_due() == 0  # not so soon
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_due() == 1
    assert states() == [("sent", 2, "")]
    first, second = (heard.query["OutId"] for heard in aliyun.heard)
    assert first == second


def test_what_the_vendor_will_never_take_fails_by_name(
    reachable: Cast, aliyun: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    aliyun.answers = [(200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"})]
    tell(reachable, "018")
    deliver_due()
    assert states() == [("failed", 1, "isv.MOBILE_NUMBER_ILLEGAL")]
    assert [each.message.household_id for each in failed_deliveries()] == [reachable.household("018").pk]
    counts = delivery_counts()
    assert (counts.waiting, counts.sent, counts.failed) == (0, 0, 1)
    assert counts.failures == [("sms", "isv.MOBILE_NUMBER_ILLEGAL", 1)]
    assert "failed after 1 tries: isv.MOBILE_NUMBER_ILLEGAL" in caplog.text
    assert PHONE not in caplog.text


def test_tries_are_bounded(reachable: Cast, aliyun: Vendor) -> None:
    aliyun.usual = {"Code": "isp.SYSTEM_ERROR"}
    tell(reachable, "018")
    for tries in range(1, MAX_TRIES + 1):
        with clock.as_of(at(8, day=2 + tries)):
            assert deliver_due() == 1
    assert states() == [("failed", MAX_TRIES, "isp.SYSTEM_ERROR")]
    assert len(aliyun.heard) == MAX_TRIES


def test_a_vendor_that_is_down_is_left_alone(
    reachable: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", (1.0, 0.1))
    aliyun.sleeps = 0.4
    tell(reachable, "018", "004")
    assert deliver_due() == 1
    assert states() == [("queued", 1, "timeout"), ("queued", 0, "")]
    aliyun.sleeps = 0.0
    with clock.as_of(clock.now() + delivering.DOWN):
        assert deliver_due() == 2
    assert [state for state, _tries, _error in states()] == ["sent", "sent"]


def test_a_household_without_a_number_is_no_fault(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    give_phone("田禾生", "0750-1234567")
    tell(cast, "018")
    assert deliver_due() == 1
    assert states() == [("no_address", 1, "")]
    assert delivery_counts().failed == 0
    assert aliyun.heard == []


def test_news_that_comes_while_one_is_sent_is_told_of_too(
    reachable: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(reachable, "018", key="1")
    plain = delivering._finish

    def finish(one: Any, *rest: Any) -> None:
        if len(aliyun.heard) == 1:
            tell(reachable, "018", key="2")
        plain(one, *rest)

    monkeypatch.setattr(delivering, "_finish", finish)
    deliver_due()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.tries, waiting.message) == ("queued", 0, Message.objects.latest("id"))
    deliver_due()
    first, second = (heard.query["OutId"] for heard in aliyun.heard)
    assert first != second
    assert states() == [("sent", 1, "")]


def test_a_channel_that_was_given_up_meanwhile(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018")
    ChannelSetting.objects.all().delete()
    deliver_due()
    assert states() == [("failed", 1, "not-configured")]


def test_the_console_shows_news_too(reachable: Cast, aliyun: Vendor) -> None:
    ChannelSetting.objects.update(vendor=By.CONSOLE, templates={})
    tell(reachable, "018")
    assert deliver_due() == 1
    assert (ShownText.objects.count(), aliyun.heard) == (1, [])


def test_wechat_goes_to_who_follows(cast: Cast, wechat: Vendor) -> None:
    wechat_by(wechat)
    secretary = cast.user("柳成荫")
    SocialAccount.objects.create(user=secretary, provider="wechat", uid="oSecretary")
    notify(news=[posted(cast.household("018"))], key="1")
    notify(news=[News("test-posted", {"points": 1, "on": "2026-11-02"}, user=secretary.pk)], key="2")
    assert deliver_due() == 2
    sent = [heard.json for heard in wechat.heard if heard.path.endswith("/send")]
    assert [one["touser"] for one in sent] == ["oSecretary"]
    assert sent[0]["data"] == {
        "thing1": {"value": "有一条变动，请进来看"},
        "time2": {"value": "2026-11-02 12:00"},
    }
    assert sent[0]["url"] == "https://example.cn/my/messages/"
    assert sorted(state for state, _tries, _error in states()) == ["no_address", "sent"]


def test_one_who_follows_no_more_is_told_otherwise(cast: Cast, wechat: Vendor) -> None:
    wechat_by(wechat)
    secretary = cast.user("柳成荫")
    SocialAccount.objects.create(user=secretary, provider="wechat", uid="oSecretary")
    wechat.answers = [(200, {"errcode": 43004})]
    notify(news=[News("test-posted", {"points": 1, "on": "2026-11-02"}, user=secretary.pk)], key="2")
    deliver_due()
    assert states() == [("failed", 1, "43004")]


def test_what_killed_its_worker_at_the_last_try_is_given_up(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018")
    Delivery.objects.update(tries=MAX_TRIES)
    assert deliver_due() == 0
    assert states() == [("failed", MAX_TRIES, "worker-lost")]
    assert aliyun.heard == []


def test_some_are_claimed_at_a_time(reachable: Cast, aliyun: Vendor) -> None:
    tell(reachable, "018", "004")
    assert (deliver_due(limit=1), deliver_due(limit=1), deliver_due(limit=1)) == (1, 1, 0)


def test_finding_numbers_costs_the_same_for_many(reachable: Cast, aliyun: Vendor) -> None:
    """Beside its request, each delivery costs one statement."""
    tell(reachable, "018", key="1")
    with CaptureQueriesContext(connection) as one:
        deliver_due()
    tell(reachable, "018", "004", key="2")
    with CaptureQueriesContext(connection) as two:
        deliver_due()
    assert len(two) == len(one) + 1


# For real: workers that are killed, or meet


@pytest.mark.slow
def test_a_worker_killed_before_the_mark_sends_again_under_the_same_key(
    committed_cast: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sms_by(aliyun)
    give_phone("田禾生", PHONE)
    tell(committed_cast, "018")
    connection.close()  # the child must not share it
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(delivering, "_finish", lambda *_facts: os.kill(os.getpid(), signal.SIGKILL))
        deliver_due()
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert states() == [("queued", 1, "")]
    assert deliver_due() == 0
    with clock.as_of(clock.now() + pause_after(1)):
        assert deliver_due() == 1
    assert states() == [("sent", 2, "")]
    first, second = (heard.query["OutId"] for heard in aliyun.heard)
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_workers_never_claim_the_same(
    committed_cast: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """The second comes while the first has claimed and not committed. Without the lock it waits, and sends again."""
    sms_by(aliyun)
    give_phone("田禾生", PHONE)
    tell(committed_cast, "018")
    pause = Pause()
    if not is_locked:
        monkeypatch.setattr(delivering, "CLAIM", delivering.CLAIM.replace("FOR UPDATE SKIP LOCKED", ""))
        monkeypatch.setattr(
            delivering, "CLAIM", delivering.CLAIM.replace("AND next_at <= %(now)s", "AND next_at <= next_at")
        )

    def claim() -> int:
        with transaction.atomic():
            found = delivering._claim("sms", 10)  # type: ignore[arg-type]
            after(lambda: None, pause)()
            return len(found)

    first, second = meet(claim, claim, pause)
    assert (first, second) == ((1, 0) if is_locked else (1, 1))


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_news_that_is_not_committed_yet_is_waited_for(
    committed_cast: Cast, aliyun: Vendor, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """A delivery that such news has joined is not claimed before; else nothing would be left to tell of it."""
    sms_by(aliyun)
    give_phone("田禾生", PHONE)
    tell(committed_cast, "018", key="1")
    if not is_locked:
        joins = "DO UPDATE SET message_id = excluded.message_id"
        assert joins in notifying.WRITE
        monkeypatch.setattr(notifying, "WRITE", notifying.WRITE.replace(joins, "DO NOTHING"))
    pause = Pause()

    def more() -> None:
        with transaction.atomic():
            tell(committed_cast, "018", key="2")
            after(lambda: None, pause)()

    _none, tried = meet(more, deliver_due, pause)
    if is_locked:
        assert tried == 0
        assert deliver_due() == 1
        assert Delivery.objects.get().message == Message.objects.latest("id")
    else:
        assert (tried, deliver_due()) == (1, 0)
        assert Delivery.objects.get().message != Message.objects.latest("id")
