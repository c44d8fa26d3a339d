import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import MEASURES
from tests.tenancy.embedded_world import prepared_folder

CHECKOUT = Path(__file__).resolve().parents[2]
RATIO = re.compile(r" bare +[\d,.]+(/s| s| ms) +\d+\.\d\d (of|x) bare")


def bench(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_every_measure_prints_its_ratio_and_nothing_is_left_behind() -> None:
    with prepared_folder() as folder:
        done = bench(folder, "--tiny")
        assert done.returncode == 0, done.stderr
        assert list(folder.iterdir()) == []
    before, *lines, after = done.stdout.splitlines()
    assert "PostgreSQL" in before
    assert "load average" in after
    assert {re.split(r"\W", line)[0] for line in lines} == set(MEASURES)
    assert all(RATIO.search(line) for line in lines), done.stdout


@pytest.mark.slow
def test_the_slow_commit_reaches_every_session() -> None:
    with prepared_folder() as folder:
        done = bench(folder, "notice", "--tiny", "--slow-commit")
    assert done.returncode == 0, done.stderr
    before, line, _after = done.stdout.splitlines()
    assert "2 ms more for each commit" in before
    assert line.startswith("notice")


def test_an_unknown_name_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = bench(tmp_path, "speed")
    assert done.returncode == 2
    assert "There are spend, post" in done.stderr
    assert list(tmp_path.iterdir()) == []
