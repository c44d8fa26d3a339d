"""Keeps the tests in a browser on one worker of xdist (loaded by `-p tests.together`), since they share one product.

xdist's own `--dist loadgroup` writes groups into the names of tests, which pytest 9 no longer lets it do.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

FOLDER = "tests/e2e/"


class BrowserTogether(LoadGroupScheduling):  # type: ignore[misc]
    """All tests of the folder are one piece of work, the largest and therefore the first; any other is its own."""

    def _split_scope(self, nodeid: str) -> str:
        return FOLDER if nodeid.startswith(FOLDER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTogether:
    return BrowserTogether(config, log)
