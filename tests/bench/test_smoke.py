import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.__main__ import MEASURES
from tests.tenancy.embedded_world import prepared_folder

CHECKOUT = Path(__file__).resolve().parents[2]
RATIO = re.compile(r" (bare|keyed|many|stored|first) +[\d,.]+(/s| s| ms) +\d+\.\d\d x \1")
GOALS = {
    "settle": 1,
    "seal": 1,
    "verify": 1,
    "post": 1,
    "wait": 2,
    "spend": 3,
    "award": 3,
    "roster": 2,
    "judge": 1,
    "notice": 1,
    "pages": 2,
    "search": 26,  # each way of searching, in a county and in a village
    "export": 1,
}  # how many lines name one


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
    names = [re.split(r"\W", line)[0] for line in lines]
    assert list(dict.fromkeys(names)) == list(MEASURES)
    assert all(RATIO.search(line) for line in lines), done.stdout
    judged = [
        name for name, line in zip(names, lines, strict=True) if re.search(r"goal .+: (met|missed)", line)
    ]
    assert Counter(judged) == GOALS
    assert [line for line in lines if line.endswith("faults: none")] == [lines[names.index("verify")]]


@pytest.mark.slow
def test_the_slow_commit_reaches_every_session() -> None:
    with prepared_folder() as folder:
        done = bench(folder, "notice", "--tiny", "--slow-commit")
    assert done.returncode == 0, done.stderr
    before, line, _after = done.stdout.splitlines()
    assert "2 ms more for each commit" in before
    assert line.startswith("notice")


@pytest.mark.slow
def test_one_may_choose_the_counties_and_the_order_is_ours() -> None:
    with prepared_folder() as folder:
        done = bench(folder, "post", "settle", "--tiny", "--county", "20", "--county", "40")
    assert done.returncode == 0, done.stderr
    found = [re.match(r"(\w+) +(\d+) households", line) for line in done.stdout.splitlines()[1:-1]]
    assert [match.groups() for match in found if match] == [
        ("settle", "20"),
        ("post", "20"),
        ("settle", "40"),
        ("post", "40"),
    ]


def test_a_county_that_no_division_could_hold_is_refused(tmp_path: Path) -> None:
    done = bench(tmp_path, "spend", "--county", "2000000")
    assert done.returncode == 2
    assert "2,000,000 households?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = bench(tmp_path, "speed")
    assert done.returncode == 2
    assert "There are settle, seal" in done.stderr
    assert list(tmp_path.iterdir()) == []
