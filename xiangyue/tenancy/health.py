"""Is everything as it must be? What `doctor` checks, and what to do where it isn't."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.tenancy.refusals import DatabaseUnreachable, NoDatabaseYet, TablesBehind
from xiangyue.tenancy.upgrades import behind

MIN_POSTGRES = 150000
MIN_FREE_BYTES = 1 << 30
MAX_CLOCK_DIFFERENCE = 5.0
WORKER_SILENT_SECONDS = 60.0
QUEUE_LATE_SECONDS = 3600.0
QUEUE = """
SELECT count(*) FILTER (WHERE job.status = 'todo'), count(*) FILTER (WHERE job.status = 'doing'),
    count(*) FILTER (WHERE job.status = 'failed'),
    min(coalesce(job.scheduled_at, queued.at))
        FILTER (WHERE job.status = 'todo' AND coalesce(job.scheduled_at, %(now)s) <= %(now)s)
FROM public.procrastinate_jobs job
LEFT JOIN LATERAL (
    SELECT min(event.at) AS at FROM public.procrastinate_events event
    WHERE event.job_id = job.id AND event.type = 'deferred'
) queued ON true
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. advice: what to do, empty if it is right. serious: it must be mended."""

    name: str
    detail: str
    advice: str = ""
    serious: bool = True

    @property
    def is_right(self) -> bool:
        return not self.advice


def examine() -> Iterator[Finding]:
    """Look at folders, database, tables, clock and worker, one after the other; what fails stops none of the rest."""
    yield _folder(Path(settings.HOME))
    try:
        yield _version()
        yield _tables()
        yield _clock()
        yield _worker()
        yield _queue()
    except DatabaseError as error:
        advice = _("数据库连不上。看看它是不是开着，DATABASE_URL 对不对。")
        yield Finding(_("数据库"), str(error).strip(), advice)


def refusal_behind(error: DatabaseError) -> Refusal | None:
    """Give what to say to the operator who can mend what an error comes from; None where the fault is ours."""
    if isinstance(error, OperationalError) and not getattr(error.__cause__, "sqlstate", None):
        return DatabaseUnreachable(cause=str(error).strip().partition("\n")[0])  # no server has answered
    if isinstance(error, ProgrammingError) and (late := behind()):
        is_begun = _has_table("tenancy_jurisdiction")
        return TablesBehind(schemas="、".join(late)) if is_begun else NoDatabaseYet()
    return None


def _folder(home: Path) -> Finding:
    name = _("数据目录")
    if not os.access(home, os.W_OK):
        return Finding(name, str(home), _("这个目录不能写。请改权限，或者用 XIANGYUE_HOME 换一个。"))
    free = shutil.disk_usage(home).free
    detail = _("%(home)s，还剩%(free)s兆") % {"home": home, "free": free >> 20}
    return Finding(name, detail, _("磁盘快满了，请腾出地方。") if free < MIN_FREE_BYTES else "")


def _version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')::int")
        version, number = cursor.fetchone()
    return Finding(
        _("数据库"),
        f"PostgreSQL {version}",
        _("版本太旧，请用 PostgreSQL 15 或更新的。") if number < MIN_POSTGRES else "",
    )


def _tables() -> Finding:
    name = _("数据表")
    late = behind()
    if late:
        return Finding(name, "、".join(late), _("还没有升级完。请运行：xiangyue upgrade"))
    return Finding(name, _("都是新的"))


def _clock() -> Finding:
    """Compare our clock with the server's; nobody but the doctor asks the database for the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    detail = _("今天是%(today)s，和数据库差%(seconds)s秒") % {
        "today": clock.today(),
        "seconds": f"{difference:.1f}",
    }
    advice = _("两台机器的钟对不上，请打开自动对时。") if difference > MAX_CLOCK_DIFFERENCE else ""
    return Finding(_("时钟"), detail, advice)


def _worker() -> Finding:
    name = _("后台任务")
    heartbeat = None
    if _has_table("procrastinate_workers"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(last_heartbeat) FROM public.procrastinate_workers")
            heartbeat = cursor.fetchone()[0]
    silent = (datetime.now(UTC) - heartbeat).total_seconds() if heartbeat else None
    if silent is None or silent > WORKER_SILENT_SECONDS:
        advice = _("没有在跑。到期的公示不会自己入账。请运行 xiangyue serve 或 xiangyue worker。")
        return Finding(name, "—", advice, serious=False)
    return Finding(name, _("在跑"))


def _queue() -> Finding:
    """Tell what the workers have before them; how many jobs are stuck, and what failed and is not tried again."""
    name, now = _("任务队列"), datetime.now(UTC)
    if not _has_table("procrastinate_jobs"):
        return Finding(name, "—")
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, {"now": now})
        waiting, doing, failed, oldest = cursor.fetchone()
    facts = {"waiting": waiting, "doing": doing, "failed": failed}
    detail = _("等着%(waiting)s件，正在办%(doing)s件，没办成%(failed)s件") % facts
    if oldest is not None and (now - oldest).total_seconds() > QUEUE_LATE_SECONDS:
        told = _("有任务从%(since)s等到现在。请看看 xiangyue serve 或 xiangyue worker 是不是开着。")
        advice = told % {"since": clock.local_day(oldest)}
        return Finding(name, detail, advice, serious=False)
    advice = _("没办成的，原因在后台任务的日志里；到下一个时间会再办。") if failed else ""
    return Finding(name, detail, advice, serious=False)


def _has_table(name: str) -> bool:
    """Tell whether a shared table is there at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{name}"])
        return bool(cursor.fetchone()[0])
