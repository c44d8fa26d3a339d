"""What `doctor` says of the counties' SMS and WeChat messages: what was not sent, and why."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from xiangyue.messages.models import Channel
from xiangyue.messages.queries import DeliveryCounts, delivery_counts
from xiangyue.tenancy.health import Finding
from xiangyue.tenancy.models import Jurisdiction

NAMED = 3  # how many reasons are named


def deliveries() -> Iterator[Finding]:
    """Look at each county's deliveries of the last seven days, in two queries each."""
    for jurisdiction in Jurisdiction.objects.order_by("slug"):
        with schema_context(jurisdiction.schema_name):
            counts = delivery_counts()
        facts = {"waiting": counts.waiting, "sent": counts.sent, "failed": counts.failed}
        detail = _("等着发%(waiting)s条，七天里发出%(sent)s条，没发成%(failed)s条") % facts
        name = _("%(county)s的短信和微信") % {"county": jurisdiction.slug}
        yield Finding(name, detail, _advice(counts, jurisdiction.slug), serious=False)


def _advice(counts: DeliveryCounts, slug: str) -> str:
    if counts.failures:
        reasons = "、".join(
            f"{Channel(channel).label} {code}（{count}）" for channel, code, count in counts.failures[:NAMED]
        )
        told = _("没发成的原因：%(reasons)s。看看：xiangyue message failed --county %(county)s")
        return told % {"reasons": reasons, "county": slug}
    if counts.late:
        return _("有%(late)s条等了一个多小时。看看后台任务是不是开着。") % {"late": counts.late}
    return ""
