"""Keeps some tests on one worker of xdist (loaded by `-p tests.together`).

Those in a browser, along a guide, about the example or about the same two months share what took long to make; those
with fifty tills would be more than the server has connections for, were there two such crowds at once.

xdist's own `--dist loadgroup` writes groups into the names of tests, which pytest 9 no longer lets it do.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

TOGETHER = {
    "tests/e2e/": "browser",
    "tests/ledger/races/test_tills.py": "tills",
    "tests/docs/test_month.py": "month",
    "tests/docs/test_presets.py": "presets",
    "tests/setup/test_example.py": "example",
    "tests/auditor/": "two months",
    "tests/insight/": "two months",
}


class Together(LoadGroupScheduling):  # type: ignore[misc]
    """All tests that belong together are one piece of work, the largest first; any other is its own."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for place, name in TOGETHER.items() if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)
