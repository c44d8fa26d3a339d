"""What the worker does for scoring: posting notices whose deadline has passed."""

from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.tenancy.jobs import every_few_minutes


def settle_county() -> None:
    """Settle everything that is due in the county whose schema is entered."""
    settle_due(actor=SYSTEM, unit_id=Unit.objects.get(parent=None).pk)


every_few_minutes("settle", settle_county, minutes=5)
