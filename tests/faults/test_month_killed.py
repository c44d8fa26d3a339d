"""A month is hung out and settled while whoever does it is killed with SIGKILL: the process that issues the notices,
as the web server's do, the worker that settles them, the database below both. Nothing is lost, nothing happens twice,
and the next start finishes.

All on a server of the test's own, since the run's one serves other tests.
"""

import json
import random
import subprocess
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import psycopg
import pytest

from tests.faults.killing import PATIENCE, ended, kill_database, working
from tests.faults.month_life import COUNTY, GRIDS, HOUSEHOLDS, VILLAGES
from tests.tenancy.embedded_world import prepared_folder
from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server

LIFE = "tests.faults.month_life"
WORKER = ("xiangyue", "worker")
EARNING = HOUSEHOLDS - 4  # all but the committee
LINES, PARTS = 2 * EARNING, VILLAGES * GRIDS


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with a county in it whose villages have decided a month, for this test alone."""
    with prepared_folder() as folder:
        own = embedded.locate(folder / "home")
        embedded.start(own)
        ended(own, LIFE, "found")
        yield own


def count(server: Server, table: str) -> int:
    with psycopg.connect(**server.dsn()) as connection:
        row = connection.execute(f"SELECT count(*) FROM county_{COUNTY}.{table}").fetchone()
    assert row
    return int(row[0])


def look(server: Server) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(ended(server, LIFE, "look"))
    return told


def wait_for_more(server: Server, table: str, child: "subprocess.Popen[str]") -> int:
    """Wait until a process has written a row more than there were; give how many there are."""
    before, end = count(server, table), time.monotonic() + PATIENCE
    while (now := count(server, table)) <= before:
        assert child.poll() is None, child.communicate(timeout=PATIENCE)
        assert time.monotonic() < end
        time.sleep(0.002)
    return now


def kill(server: Server, child: "subprocess.Popen[str]", victim: str) -> None:
    if victim == "database":
        kill_database(server)
    child.kill()  # whoever lost its database ends, or is ended by whoever looks after it
    child.wait(PATIENCE)


def killed_while_issuing(server: Server, victim: str) -> int:
    """Hang out notices, and kill somebody a moment after the next one; give how many hang, each whole."""
    with working(server, LIFE, "issue") as child:
        wait_for_more(server, "scoring_notice", child)
        time.sleep(random.uniform(0, 0.02))
        kill(server, child, victim)
    told = look(server)
    assert (told["lines"], told["totals"], told["faults"]) == ([LINES], [HOUSEHOLDS], [])
    return int(told["notices"])


def killed_while_settling(server: Server, victim: str) -> int:
    """Let a worker settle, and kill somebody a moment after the next part; give how many parts are settled."""
    ended(server, LIFE, "settle")
    with working(server, *WORKER) as child:
        wait_for_more(server, "scoring_settlement", child)
        time.sleep(random.uniform(0, 0.05))
        kill(server, child, victim)
    ended(server, LIFE, "age")
    told = look(server)
    assert (told["parts"], told["faults"]) == (told["batches"], [])
    return int(told["parts"])


def run_to_the_end(server: Server) -> None:
    """Start once more what was killed: first the one that issues, then a worker, which nobody tells to do anything."""
    ended(server, LIFE, "issue")
    assert look(server)["notices"] == VILLAGES
    ended(server, LIFE, "settle")
    with working(server, *WORKER) as child:
        end = time.monotonic() + PATIENCE
        while count(server, "scoring_settlement") < PARTS:
            assert child.poll() is None, child.communicate(timeout=PATIENCE)
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("issuing", "settling"), [(1, 2), pytest.param(6, 14, marks=pytest.mark.faults)])
def test_a_killed_month_is_hung_out_and_settled_once(server: Server, issuing: int, settling: int) -> None:
    hung = [0]
    for victim in islice(cycle(["process", "database"]), issuing):
        if hung[-1] < VILLAGES:
            hung.append(killed_while_issuing(server, victim))
    assert hung == sorted(hung)
    assert any(0 < done < VILLAGES for done in hung), hung
    ended(server, LIFE, "issue")

    settled = [0]
    for victim in islice(cycle(["worker", "database"]), settling):
        if settled[-1] < PARTS:
            settled.append(killed_while_settling(server, victim))
    assert settled == sorted(settled)
    assert any(0 < done < PARTS for done in settled), settled

    run_to_the_end(server)
    assert look(server) == {
        "notices": VILLAGES,
        "lines": [LINES],
        "totals": [HOUSEHOLDS],
        "parts": PARTS,
        "batches": PARTS,
        "balances": {"1500": EARNING * VILLAGES, "0": 4 * VILLAGES},
        "faults": [],
    }
