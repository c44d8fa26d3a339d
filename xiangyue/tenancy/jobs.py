"""Running a job in every county. The queue lies in `public`; each job is told the schema that it has to enter."""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xiangyue.tenancy.models import Jurisdiction

Work = Callable[[], None]


def every_few_minutes(name: str, work: Work, *, minutes: int) -> None:
    """Register work that is done in each county again and again. One county's fault stops no other.

    A county's job is queued once at the most, and never runs twice at the same time.
    """

    @app.task(name=f"{name}.county")
    def in_county(schema: str) -> None:
        if Jurisdiction.objects.filter(schema_name=schema).exists():  # it may have been removed meanwhile
            with schema_context(schema):
                work()

    @app.periodic(cron=f"*/{minutes} * * * *")
    @app.task(name=f"{name}.all", queueing_lock=f"{name}.all")
    def in_all(timestamp: int) -> None:
        for schema in Jurisdiction.objects.values_list("schema_name", flat=True):
            lock = f"{name}:{schema}"
            # Where one waits already, the other counties' turns come all the same.
            with suppress(AlreadyEnqueued), transaction.atomic():
                in_county.configure(lock=lock, queueing_lock=lock).batch_defer({"schema": schema})
