"""Settlement is killed with SIGKILL in the middle, again and again, and run to its end: every part is posted once.

A real command in a process of its own works on the run's database; nothing is told that it will be killed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.conf import settings

from tests.scoring.cast import AFTER, a_deed, balance, committee_of, noticed, populate
from xiangyue.auditor.audit import audit
from xiangyue.ledger.models import Batch, Cause, Transfer
from xiangyue.people.models import Unit
from xiangyue.scoring.models import Notice, NoticeLine, Settlement
from xiangyue.tenancy.models import Jurisdiction

GRIDS, HOUSEHOLDS = 20, 64  # each grid's sheet settles in a part of its own
PATIENCE = 60  # seconds that a command may take on a busy machine
VILLAGES = ("440783104220", "440783104222")


def database_url() -> str:
    """Name the run's own database, as a command reads it from its environment."""
    own = {name: quote(str(value), safe="") for name, value in settings.DATABASES["default"].items()}
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**own)


@contextmanager
def settling(county: Jurisdiction, village: Unit) -> Iterator["subprocess.Popen[bytes]"]:
    """Start `xiangyue notice settle` for a village on the day after the deadline."""
    command = [sys.executable, "-m", "xiangyue", "--as-of", AFTER.isoformat(), "notice", "settle"]
    child = subprocess.Popen(
        [*command, "--county", county.slug, "--unit", village.code],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait(PATIENCE)


def parts_done(village: Unit) -> int:
    return Settlement.objects.filter(sheet__notice__unit=village).count()


def wait_for(village: Unit, parts: int, child: "subprocess.Popen[bytes]") -> float:
    """Wait until so many parts are committed, or the command has ended; give the moment."""
    until = time.monotonic() + PATIENCE
    while parts_done(village) < parts and child.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.002)
    return time.monotonic()


def noticed_village(code: str) -> tuple[Unit, Notice, list[str]]:
    village = Unit.objects.get(code=code)
    numbers = populate(village, households=HOUSEHOLDS, grids=GRIDS)
    deeds = [a_deed(village, number, of=of) for number in numbers for of in ("1.1", "1.2", "1.2")]
    return village, noticed(village, *deeds, committee=committee_of(village)), numbers


def seconds_of_a_part(county: Jurisdiction, village: Unit) -> float:
    """Settle a village undisturbed; give how long one of its parts took."""
    with settling(county, village) as child:
        first = wait_for(village, 1, child)
        last = wait_for(village, GRIDS, child)
        assert child.wait(PATIENCE) == 0
    return (last - first) / (GRIDS - 1)


def kill_within(seconds: float, county: Jurisdiction, village: Unit) -> int:
    """Kill a settlement at any moment so long after its first part; give how many parts are done then."""
    with settling(county, village) as child:
        wait_for(village, parts_done(village) + 1, child)
        time.sleep(random.uniform(0, seconds))
        child.send_signal(signal.SIGKILL)
        child.wait(PATIENCE)
    assert list(audit()) == []
    return parts_done(village)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, pytest.param(10, marks=pytest.mark.faults)])
def test_a_killed_settlement_posts_every_part_once(committed: Jurisdiction, kills: int) -> None:
    measured, _notice, _numbers = noticed_village(VILLAGES[0])
    part = seconds_of_a_part(committed, measured)
    village, notice, numbers = noticed_village(VILLAGES[1])

    left = [0]
    for kills_left in range(kills, 0, -1):  # each within its share of what is left to do
        left.append(kill_within(part * (GRIDS - left[-1]) / kills_left, committed, village))
    assert any(0 < done < GRIDS for done in left), left
    with settling(committed, village) as child:
        assert child.wait(PATIENCE) == 0

    assert parts_done(village) == GRIDS
    settled = Settlement.objects.filter(sheet__notice=notice)
    assert settled.values("batch").distinct().count() == GRIDS
    assert Batch.objects.filter(cause=Cause.SETTLEMENT, cause_id__in=settled.values("id")).count() == GRIDS
    lines = NoticeLine.objects.filter(sheet__notice=notice)
    honour = Transfer.objects.filter(line__in=lines.values("id"), credit__kind="points")
    assert sorted(honour.values_list("line", flat=True)) == sorted(lines.values_list("id", flat=True))
    assert {balance(village, number).honour for number in numbers} == {2000}
    assert {balance(village, number).spendable for number in numbers} == {2000}
    assert list(audit()) == []
