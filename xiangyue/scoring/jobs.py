"""What the worker does for scoring: posting notices whose deadline has passed, reminding of what is due."""

from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.scoring.operations.escalating import escalate_objections
from xiangyue.scoring.operations.reminding import remind_county
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.tenancy.jobs import every_few_minutes


def settle_county() -> None:
    """Settle everything that is due in the county whose schema is entered."""
    settle_due(actor=SYSTEM, unit_id=Unit.objects.get(parent=None).pk)


def remind() -> None:
    """Remind the county whose schema is entered of what is due; each matter twice at the most."""
    remind_county()


def escalate_county() -> None:
    """Pass on what was not answered in time, in the county whose schema is entered; once a day does something."""
    escalate_objections(actor=SYSTEM)


every_few_minutes("settle", settle_county, minutes=5)
every_few_minutes("remind", remind, minutes=30)
every_few_minutes("escalate", escalate_county, minutes=30)
