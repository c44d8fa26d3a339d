"""Keeps some tests on one worker of xdist (loaded by `-p tests.together`).

Those in a browser, along a guide, or about the example share what took long to make; those with fifty tills would be
more than the server has connections for, were there two such crowds at once.

xdist's own `--dist loadgroup` writes groups into the names of tests, which pytest 9 no longer lets it do.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

PLACES = (
    "tests/e2e/",
    "tests/ledger/races/test_tills.py",
    "tests/docs/test_month.py",
    "tests/docs/test_presets.py",
    "tests/setup/test_example.py",
    "tests/insight/test_passbook.py",
)


class Together(LoadGroupScheduling):  # type: ignore[misc]
    """All tests of one of the places are one piece of work, the largest first; any other is its own."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in PLACES if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)
