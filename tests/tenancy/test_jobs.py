import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import connection
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from tests.tenancy.twins import rows
from xiangyue.kernel.actors import SYSTEM
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import log_act
from xiangyue.tenancy.jobs import every_few_minutes, revive_stalled
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.schemas import current_schema

SEEN: list[str] = []


def note() -> None:
    SEEN.append(current_schema())
    log_act(actor=SYSTEM, act="noted", subject="test", subject_ids=[1])


every_few_minutes("test-note", note, minutes=3)


@pytest.fixture
def seen(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> Iterator[list[str]]:
    """The schemas in which the job has run."""
    SEEN.clear()
    yield SEEN
    SEEN.clear()


def task(name: str) -> "Task[..., object, ...]":
    return app.tasks[f"test-note.{name}"]


def queued() -> list[str]:
    waiting = rows(
        "SELECT args::text FROM public.procrastinate_jobs WHERE task_name LIKE 'test-note%%' ORDER BY id"
    )
    return [json.loads(arguments)["schema"] for (arguments,) in waiting]


def noted(schema: str) -> int:
    with schema_context(schema):
        return LoggedAct.objects.filter(act="noted").count()


def test_a_job_runs_in_the_county_that_it_is_told(seen: list[str]) -> None:
    task("county")(schema="county_peopled")
    assert seen == ["county_peopled"]
    assert (noted("county_peopled"), noted("county_cangcheng")) == (1, 0)
    assert current_schema() == "public"


def test_a_county_that_was_removed_meanwhile_has_no_work_left(seen: list[str]) -> None:
    task("county")(schema="county_gone")
    assert seen == []


def test_a_job_is_queued_for_every_county(seen: list[str]) -> None:
    task("all")(timestamp=0)
    assert queued() == list(Jurisdiction.objects.values_list("schema_name", flat=True))
    assert {"county_cangcheng", "county_peopled"} <= set(queued())


def test_a_county_that_waits_already_is_not_queued_twice_and_holds_up_no_other(seen: list[str]) -> None:
    task("all")(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.procrastinate_jobs WHERE args->>'schema' = 'county_peopled'")
    task("all")(timestamp=1)
    assert sorted(queued()) == sorted(Jurisdiction.objects.values_list("schema_name", flat=True))


def test_two_jobs_of_one_county_never_run_at_once(seen: list[str]) -> None:
    task("all")(timestamp=0)
    locks = rows("SELECT lock FROM public.procrastinate_jobs WHERE task_name LIKE 'test-note%%' ORDER BY id")
    assert locks == [(f"test-note:{schema}",) for schema in queued()]


def test_the_product_settles_and_delivers_by_itself() -> None:
    every = {name for name in app.tasks if name.endswith(".all")}
    assert {"settle.all", "outbox.all"} <= every
    crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert (crons["settle.all"], crons["outbox.all"], crons["test-note.all"]) == (
        "*/5 * * * *",
        "*/1 * * * *",
        "*/3 * * * *",
    )


def killed_while_doing(schema: str, *, silent: timedelta) -> int:
    """Leave what a worker leaves that was killed in the middle of a county's job; give the job's id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [datetime.now(UTC) - silent],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO public.procrastinate_jobs"
            " (queue_name, task_name, args, lock, queueing_lock, status, worker_id)"
            " VALUES ('default', 'test-note.county', %s, %s, %s, 'doing', %s) RETURNING id",
            [json.dumps({"schema": schema}), f"test-note:{schema}", f"test-note:{schema}", worker],
        )
        return int(cursor.fetchone()[0])


def statuses() -> list[tuple[int, str]]:
    return [
        (job, status)
        for job, status in rows(
            "SELECT id, status::text FROM public.procrastinate_jobs"
            " WHERE task_name LIKE 'test-note%%' ORDER BY id"
        )
    ]


@pytest.mark.parametrize(("silent", "revived"), [(10, 0), (45, 1)])
def test_what_a_killed_worker_was_doing_is_queued_anew(seen: list[str], silent: int, revived: int) -> None:
    job = killed_while_doing("county_peopled", silent=timedelta(seconds=silent))
    assert async_to_sync(revive_stalled)() == revived
    assert statuses() == [(job, "todo" if revived else "doing")]


def test_where_another_waits_in_its_place_it_is_dropped(seen: list[str]) -> None:
    killed = killed_while_doing("county_peopled", silent=timedelta(minutes=5))
    task("all")(timestamp=0)
    waiting = [job for job, _status in statuses() if job != killed]
    assert async_to_sync(revive_stalled)() == 1
    assert statuses() == [(job, "todo") for job in waiting]
    assert queued().count("county_peopled") == 1


@pytest.mark.slow
def test_a_real_worker_does_the_work(committed: Jurisdiction) -> None:
    """From the queue in `public`, in a thread with a connection of its own."""
    SEEN.clear()
    schema = committed.schema_name
    with schema_context("public"):
        # A queue of its own: the periodic jobs that a worker also queues would write into the other tests' counties.
        task("county").configure(queue="test", lock=schema).batch_defer({"schema": schema})
        call_command("procrastinate", "worker", queues=["test"], listen_notify=False, wait=False)
        done = rows("SELECT status::text FROM public.procrastinate_jobs WHERE queue_name = 'test'")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.procrastinate_jobs")
    assert (SEEN, noted(schema)) == ([schema], 1)
    assert done == [("succeeded",)]
