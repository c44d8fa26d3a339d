"""Running a job in every county. The queue lies in `public`; each job is told the schema that it has to enter."""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

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


async def revive_stalled() -> int:
    """Queue anew what a worker was doing when it was killed; give how many jobs.

    Such a job would hold its county's lock for ever. Where another one waits in its place already, it is dropped:
    every job finds by itself what is left to do. A worker counts as killed when it has been silent for half a minute.
    """
    manager, revived = app.job_manager, 0
    for job in await manager.get_stalled_jobs():
        assert job.id is not None  # it comes from the database
        if await _waits(job.queueing_lock):
            await manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)
        else:
            await manager.retry_job(job)
        revived += 1
    return revived


async def _waits(queueing_lock: str | None) -> bool:
    if queueing_lock is None:
        return False
    found = await app.job_manager.list_jobs_async(queueing_lock=queueing_lock, status=Status.TODO.value)
    return bool(list(found))


@app.periodic(cron="* * * * *")
@app.task(name="jobs.revive", queueing_lock="jobs.revive")
async def revive(timestamp: int) -> None:
    """Look once a minute for what a killed worker has left."""
    await revive_stalled()
