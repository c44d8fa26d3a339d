"""What the worker does for requests: passing on complaints that were not answered in time."""

from xiangyue.kernel.actors import SYSTEM
from xiangyue.requests.operations import pass_on_overdue
from xiangyue.tenancy.jobs import every_few_minutes


def pass_on_county() -> None:
    """Pass on what was not answered in time, in the county whose schema is entered; once a day does something."""
    pass_on_overdue(actor=SYSTEM)


every_few_minutes("complaints", pass_on_county, minutes=30)
