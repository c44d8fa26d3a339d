"""The run's own database, made before Django reads its settings (loaded by `-p tests.server`).

One embedded server in a temporary home for the whole run; each worker of xdist has a database of its own there, and
a folder for files (tests.database). It is thrown away afterwards, so it need not survive a power cut and does not wait
for the disk; tests in which a database is killed start a server of their own, which does.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# Playwright keeps an event loop in the worker that drives the browser; Django would take every later test for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Some machines keep no compiled modules; the hundreds of processes that tests start would each compile the product.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if not IS_WORKER:
    os.environ["XIANGYUE_HOME"] = tempfile.mkdtemp(prefix="xiangyue-tests-")
    Path(os.environ["XIANGYUE_HOME"]).chmod(0o755)  # as root, the server's own account has to reach it
    os.environ["XIANGYUE_SECRET_KEY"] = "tests only"
    os.environ.pop("DATABASE_URL", None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    if IS_WORKER:  # counties of one name in two workers' databases keep their files apart
        settings.HOME = Path(os.environ["XIANGYUE_HOME"], os.environ["PYTEST_XDIST_WORKER"])
        settings.HOME.mkdir(exist_ok=True)
    else:
        from xiangyue.tenancy import embedded

        embedded.start(embedded.locate())
        with psycopg.connect(**embedded.locate().dsn(), autocommit=True) as server:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                server.execute(f"ALTER SYSTEM SET {setting} = off")
            server.execute("SELECT pg_reload_conf()")


def pytest_unconfigure() -> None:
    if not IS_WORKER:
        from xiangyue.tenancy import embedded

        embedded.stop(embedded.locate())
        shutil.rmtree(os.environ["XIANGYUE_HOME"], ignore_errors=True)
