"""The run's own database, made before Django reads its settings (loaded by `-p tests.server`).

One embedded server in a temporary home for the whole run; each worker of xdist has a database of its own there, and
a folder for files.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

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
    if IS_WORKER:  # counties of one name in two workers' databases keep their files apart
        settings.HOME = Path(os.environ["XIANGYUE_HOME"], os.environ["PYTEST_XDIST_WORKER"])
        settings.HOME.mkdir(exist_ok=True)
    else:
        from xiangyue.tenancy import embedded

        embedded.start(embedded.locate())


def pytest_unconfigure() -> None:
    if not IS_WORKER:
        from xiangyue.tenancy import embedded

        embedded.stop(embedded.locate())
        shutil.rmtree(os.environ["XIANGYUE_HOME"], ignore_errors=True)
