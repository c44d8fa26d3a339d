"""What the worker does for the records: delivering the outbox."""

from xiangyue.records.operations import deliver_waiting
from xiangyue.tenancy.jobs import every_few_minutes


def deliver_county() -> None:
    """Deliver everything that waits in the outbox of the county whose schema is entered."""
    while deliver_waiting():
        pass


every_few_minutes("outbox", deliver_county, minutes=1)
