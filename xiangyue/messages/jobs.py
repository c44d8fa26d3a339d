"""What the worker does for messages: sending what waits, and forgetting what is old."""

from xiangyue.messages.operations.delivering import deliver_due
from xiangyue.messages.operations.forgetting import forget_old
from xiangyue.tenancy.jobs import every_few_minutes


def deliver_county() -> None:
    """Send everything whose time has come in the county whose schema is entered."""
    while deliver_due():
        pass


def forget() -> None:
    """Forget what is old in the county whose schema is entered."""
    forget_old()


every_few_minutes("messages", deliver_county, minutes=1)
every_few_minutes("messages-terms", forget, minutes=30)
