"""What `doctor` says of the counties' outboxes: news that nobody could take is seen, not lost."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from xiangyue.records.queries import outbox_state
from xiangyue.tenancy.health import Finding
from xiangyue.tenancy.models import Jurisdiction


def outboxes() -> Iterator[Finding]:
    """Look at each county's outbox, in one query each."""
    for jurisdiction in Jurisdiction.objects.order_by("slug"):
        with schema_context(jurisdiction.schema_name):
            state = outbox_state()
        facts = {"waiting": state.waiting, "failing": state.failing, "dead": state.dead}
        detail = _("等着送%(waiting)s条，送过没成%(failing)s条，不再送%(dead)s条") % facts
        advice = _("有消息送了多次都没成，不再送了。看看日志里的原因。") if state.dead else ""
        name = _("%(county)s的消息") % {"county": jurisdiction.slug}
        yield Finding(name, detail, advice, serious=False)
