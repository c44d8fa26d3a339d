"""The run's own database, made before Django reads its settings (loaded by `-p tests.server`).

One embedded server in a temporary home for the whole run; workers of xdist inherit the home and have a database each.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# Playwright keeps an event loop in the worker that drives the browser; Django would take every later test for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if not IS_WORKER:
    os.environ["XIANGYUE_HOME"] = tempfile.mkdtemp(prefix="xiangyue-tests-")
    Path(os.environ["XIANGYUE_HOME"]).chmod(0o755)  # as root, the server's own account has to reach it
    os.environ["XIANGYUE_SECRET_KEY"] = "tests only"
    os.environ.pop("DATABASE_URL", None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    if not IS_WORKER:
        from xiangyue.tenancy import embedded

        embedded.start(embedded.locate())


def pytest_unconfigure() -> None:
    if not IS_WORKER:
        from xiangyue.tenancy import embedded

        embedded.stop(embedded.locate())
        shutil.rmtree(os.environ["XIANGYUE_HOME"], ignore_errors=True)
