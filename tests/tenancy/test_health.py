from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from pytest_django.fixtures import Settings

from tests.tenancy.test_upgrades import forget
from xiangyue.tenancy import health
from xiangyue.tenancy.health import Finding, examine, refusal_behind
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.refusals import DatabaseUnreachable, NoDatabaseYet, TablesBehind


@pytest.fixture
def database(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> None:
    """A database in which everything is as it must be, but that no worker runs."""


def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine()}


def worker_seen(ago: timedelta) -> None:
    """Let a worker have told of itself some time ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_workers (last_heartbeat) VALUES (%s)", [datetime.now(UTC) - ago]
        )


def test_all_is_right_but_for_the_worker(database: None) -> None:
    found = findings()
    assert list(found) == ["数据目录", "数据库", "数据表", "时钟", "后台任务", "任务队列"]
    assert [name for name, finding in found.items() if not finding.is_right] == ["后台任务"]
    assert found["数据库"].detail.startswith("PostgreSQL 18")
    assert found["数据表"].detail == "都是新的"
    assert "兆" in found["数据目录"].detail


def test_that_no_worker_runs_is_only_a_remark(database: None) -> None:
    worker = findings()["后台任务"]
    assert not worker.serious
    assert "xiangyue serve" in worker.advice


def test_a_worker_is_known_by_its_heartbeat(database: None) -> None:
    worker_seen(timedelta(seconds=5))
    assert findings()["后台任务"].is_right


def test_a_worker_that_went_silent_is_missed(database: None) -> None:
    worker_seen(timedelta(minutes=5))
    assert not findings()["后台任务"].is_right


def queued(status: str, *, ago: timedelta = timedelta(0)) -> None:
    """Let a job lie in the queue for some time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'settle.county', %s::procrastinate_job_status) RETURNING id",
            [status],
        )
        (job,) = cursor.fetchone()
        at = datetime.now(UTC) - ago
        cursor.execute("UPDATE public.procrastinate_events SET at = %s WHERE job_id = %s", [at, job])


def test_the_queue_is_shown_with_what_waits_and_what_failed(database: None) -> None:
    assert (findings()["任务队列"].detail, findings()["任务队列"].advice) == (
        "等着0件，正在办0件，没办成0件", ""
    )  # fmt: skip
    for status in ("todo", "todo", "doing"):
        queued(status)
    assert findings()["任务队列"].detail == "等着2件，正在办1件，没办成0件"
    assert findings()["任务队列"].is_right
    queued("failed")
    queue = findings()["任务队列"]
    assert (queue.is_right, queue.serious) == (False, False)


@pytest.mark.parametrize(("minutes", "right"), [(59, True), (61, False)])
def test_a_job_that_waits_for_an_hour_is_noticed(database: None, minutes: int, right: bool) -> None:
    queued("todo", ago=timedelta(minutes=minutes))
    assert findings()["任务队列"].is_right is right


def test_tables_that_are_behind_are_named_with_what_to_do(database: None) -> None:
    forget("county_peopled", "redemption")
    tables = findings()["数据表"]
    assert (tables.detail, tables.serious) == ("county_peopled", True)
    assert "xiangyue upgrade" in tables.advice


def test_a_home_that_is_not_there_is_found(database: None, settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "nowhere"
    folder = findings()["数据目录"]
    assert (folder.detail, folder.serious) == (str(tmp_path / "nowhere"), True)
    assert "XIANGYUE_HOME" in folder.advice


def test_a_disk_that_fills_up_is_found(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 1 << 62)
    assert "磁盘快满了" in findings()["数据目录"].advice


def test_an_old_server_is_found(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_POSTGRES", 990000)
    assert "版本太旧" in findings()["数据库"].advice


def test_a_clock_that_differs_is_found(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MAX_CLOCK_DIFFERENCE", -1.0)
    assert "自动对时" in findings()["时钟"].advice


def test_what_fails_stops_no_finding_before_it(database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.tenancy_jurisdiction RENAME COLUMN slug TO snail")
    found = list(examine())
    assert [finding.name for finding in found] == ["数据目录", "数据库", "数据库"]
    assert "slug" in found[-1].detail


# What the operator can mend


def unreachable() -> OperationalError:
    """What Django raises when no server answers."""
    try:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/nothing")
    except psycopg.OperationalError as cause:
        error = OperationalError(str(cause))
        error.__cause__ = cause
        return error
    raise AssertionError("somebody answers on port 1")


def error_of(statement: str) -> DatabaseError:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SAVEPOINT before; {statement}")
    except DatabaseError as error:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO before")
        return error
    raise AssertionError(f"no error: {statement}")


def test_a_server_that_does_not_answer_can_be_mended() -> None:
    refusal = refusal_behind(unreachable())
    assert isinstance(refusal, DatabaseUnreachable)
    assert "Connection refused" in str(refusal)
    assert "\n" not in str(refusal)


def test_a_column_that_is_missing_in_old_tables_can_be_mended(database: None) -> None:
    forget("county_peopled", "redemption")
    refusal = refusal_behind(error_of("SELECT brand_new FROM county_peopled.redemption_shop"))
    assert isinstance(refusal, TablesBehind)
    assert refusal.facts == {"schemas": "county_peopled"}


def test_a_database_that_nobody_has_begun_can_be_mended(database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE public.tenancy_domain, public.tenancy_jurisdiction")
        cursor.execute("DELETE FROM public.django_migrations WHERE app = 'tenancy'")
    refusal = refusal_behind(error_of("SELECT * FROM tenancy_jurisdiction"))
    assert isinstance(refusal, NoDatabaseYet)


def test_a_fault_of_ours_is_not_explained_away(database: None) -> None:
    wrong = error_of("SELECT brand_new FROM county_peopled.redemption_shop")
    assert isinstance(wrong, ProgrammingError)
    assert refusal_behind(wrong) is None
    assert refusal_behind(error_of("SELECT 1/0")) is None
    busy = error_of("SELECT pg_advisory_xact_lock(1); SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    assert isinstance(busy, OperationalError)
    assert refusal_behind(busy) is None
