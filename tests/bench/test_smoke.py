import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import MEASURES

CHECKOUT = Path(__file__).resolve().parents[2]
RATIO = re.compile(r"bare +[\d,.]+(?:/s|  ?s|  ?ms) +\d+\.\d\d (?:of|x) bare")


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
def test_every_benchmark_prints_its_ratio_and_nothing_is_left_behind(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    done = bench(folder, "--tiny")
    assert done.returncode == 0, done.stderr
    _facts, *lines, _facts_after = done.stdout.splitlines()
    assert {line.split()[0].rstrip(",") for line in lines} == set(MEASURES)
    assert all(RATIO.search(line) for line in lines), done.stdout
    assert list(folder.glob("xiangyue-bench-*")) == []
