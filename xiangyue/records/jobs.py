"""What the worker does for the records: delivering the outbox, and removing bytes that nobody may keep."""

from datetime import date

from xiangyue.kernel import clock
from xiangyue.records.drafts import forget_counted
from xiangyue.records.operations import deliver_waiting, drop_erased, sweep_files
from xiangyue.tenancy.jobs import every_few_minutes
from xiangyue.tenancy.schemas import current_schema

_swept_on: dict[str, date] = {}  # by schema


def deliver_county() -> None:
    """Deliver everything that waits in the outbox of the county whose schema is entered."""
    while deliver_waiting():
        pass


def tidy_files() -> None:
    """Remove erased files' bytes in the county whose schema is entered, and once a day and worker what is of no use."""
    schema = current_schema()
    drop_erased(schema=schema)
    if _swept_on.get(schema) != clock.today():  # it lists all files
        sweep_files()
        forget_counted()
        _swept_on[schema] = clock.today()


every_few_minutes("outbox", deliver_county, minutes=1)
every_few_minutes("files", tidy_files, minutes=30)
