"""What `doctor` says of deliveries."""

from datetime import timedelta

from xiangyue.kernel import clock
from xiangyue.messages.health import deliveries
from xiangyue.messages.models import Delivery, Message
from xiangyue.tenancy.health import Finding
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.queries import user_by_login


def found(county: Jurisdiction) -> Finding:
    (finding,) = [each for each in deliveries() if each.name.startswith(county.slug)]
    return finding


def deliver(state: str, error: str = "", days: int = 0, channel: str = "sms") -> None:
    at = clock.now() - timedelta(days=days)
    message = Message.objects.create(
        user=user_by_login("admin"), template="t", key=str(Message.objects.count()), at=at
    )
    Delivery.objects.create(
        message=message,
        recipient=f"user:{Message.objects.count()}",
        channel=channel,
        state=state,
        queued_at=at,
        next_at=at,
        done_at=None if state == "queued" else at,
        error=error,
    )


def test_what_failed_is_named(county: Jurisdiction) -> None:
    assert found(county).is_right
    deliver("sent")
    deliver("queued")
    deliver("no_address")
    deliver("failed", "isv.MOBILE_NUMBER_ILLEGAL", days=8)
    finding = found(county)
    assert finding.is_right
    assert finding.detail == "等着发1条，七天里发出1条，没发成0条"
    for _ in range(2):
        deliver("failed", "isv.SMS_SIGNATURE_ILLEGAL")
    deliver("failed", "43004", channel="wechat")
    finding = found(county)
    assert not finding.serious
    assert finding.advice == (
        "没发成的原因：短信 isv.SMS_SIGNATURE_ILLEGAL（2）、微信 43004（1）。"
        "看看：xiangyue message failed --county cangcheng"
    )


def test_what_waits_long_is_told(county: Jurisdiction) -> None:
    deliver("queued", days=1)
    assert found(county).advice == "有1条等了一个多小时。看看后台任务是不是开着。"
