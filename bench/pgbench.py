"""PostgreSQL's own load generator, which comes with the server: many clients send one statement again and again."""

import os
import re
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import program

CLIENTS, THREADS = 32, 2
_PER_SECOND = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_COUNT = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
# Columns of its log: which of its client's transactions it was, and its microseconds, waiting for its turn included.
_NUMBER, _TIME = 1, 2
# A session's first transactions read the catalogue and plan anew each time; after five the plan is kept. Tills keep
# their sessions, so that these few, which are more than one in a hundred of a short run, don't count.
_WARM = 10


@dataclass(frozen=True)
class Run:
    """count: of transactions. per_second: without connecting. times: of each in microseconds, of a run at a rate."""

    count: int
    per_second: float
    times: list[int]

    @property
    def slowest(self) -> float:
        """The 99th percentile in milliseconds."""
        return statistics.quantiles(self.times, n=100)[-1] / 1000


def pgbench(
    script: str,
    *,
    schema: str,
    seconds: int,
    prepared: bool = True,
    options: str = "",
    rate: int | None = None,
) -> Run:
    """Run a script from 32 clients. prepared: plan once a session, not at each execution.

    rate: transactions a second, all clients together; None for as many as go. options: settings of the sessions.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "script.sql")
        file.write_text(script, encoding="utf-8")
        command = [str(program.installed() / "pgbench"), "--no-vacuum", "--file", str(file)]
        command += [f"--client={CLIENTS}", f"--jobs={THREADS}", f"--time={seconds}"]
        command += [f"--protocol={'prepared' if prepared else 'simple'}"]
        # Writing each transaction down would slow those that go as fast as they can.
        command += [f"--rate={rate}", "--log", f"--log-prefix={folder}/log"] if rate else []
        done = subprocess.run(
            command, env=_environment(schema, options), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return Run(
            count=int(_found(_COUNT, done.stdout)),
            per_second=float(_found(_PER_SECOND, done.stdout)),
            times=_times(Path(folder)),
        )


def _environment(schema: str, options: str) -> dict[str, str]:
    dsn = embedded.locate().dsn()
    return os.environ | {
        "LC_ALL": "C",
        "PGHOST": dsn["host"],
        "PGPORT": str(dsn["port"]),
        "PGUSER": dsn["user"],
        "PGPASSWORD": dsn["password"],
        "PGDATABASE": dsn["dbname"],
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {options} -c search_path={schema}",
    }


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise RuntimeError(text)
    return match[1]


def _times(folder: Path) -> list[int]:
    logs = [file.read_text(encoding="ascii") for file in folder.glob("log.*")]
    lines = [line.split() for log in logs for line in log.splitlines()]
    return [int(columns[_TIME]) for columns in lines if int(columns[_NUMBER]) > _WARM]
