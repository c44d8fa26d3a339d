"""An import is killed with SIGKILL at any moment, and so is its database: the file is there whole, or not at all.

All on a server of the test's own. As a command, `import KILL` or `look KILLS`, it is the process that is killed.
"""

import json
import random
import sys
import time
from typing import Any

import pytest

from tests.faults.killing import PATIENCE, ended, kill_database, working
from tests.faults.posting_life import county, say
from tests.faults.test_posting_killed import server as server
from xiangyue.tenancy.embedded import Server

HOUSEHOLDS = 400
VILLAGE = "440783104220"

IMPORT = "tests.faults.test_import_killed"


def killed(own: Server, victim: str, number: int, seconds: float) -> None:
    """Kill an import, or its database, within the time that one takes."""
    with working(own, IMPORT, "import", str(number)) as child:
        assert child.stdout
        assert child.stdout.readline() == "begun\n"
        time.sleep(random.uniform(0, seconds))
        if victim == "process":
            child.kill()
            child.wait(PATIENCE)
            return
        kill_database(own)
        child.communicate(timeout=PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.faults)])
@pytest.mark.parametrize("victim", ["process", "database"])
def test_a_killed_import_stores_everything_or_nothing(server: Server, victim: str, kills: int) -> None:
    seconds = float(ended(server, IMPORT, "import", "0").splitlines()[-1])
    for number in range(1, kills + 1):
        killed(server, victim, number, 1.1 * seconds)
    told: dict[str, Any] = json.loads(ended(server, IMPORT, "look", str(kills)))
    assert set(told["households"]) <= {0, HOUSEHOLDS}
    assert told["residents"] == [2 * count for count in told["households"]]
    done = sum(count > 0 for count in told["households"])
    whole = {"holders": done * HOUSEHOLDS, "accounts": done * HOUSEHOLDS, "logged": done, "files": done}
    assert {name: told[name] for name in whole} == whole
    for number, count in enumerate(told["households"]):
        if not count:  # the same file once more, and it is there
            ended(server, IMPORT, "import", str(number))
    told = json.loads(ended(server, IMPORT, "look", str(kills)))
    assert told["households"] == [HOUSEHOLDS] * (kills + 1)
    assert told["units"] == 4


def import_one(number: int) -> None:
    """Import a file of its own for each kill; say when it begins, and how long it took."""
    from tests.people.cast import resident
    from xiangyue.kernel.actors import SYSTEM
    from xiangyue.people.models import Unit
    from xiangyue.people.operations.roster import import_roster
    from xiangyue.people.roster_form import roster_workbook

    rows = [
        resident(f"{number}-{home}", name, relation, grid=f"第{home % 3 + 1}网格", group="")
        for home in range(HOUSEHOLDS)
        for name, relation in (("田禾生", "户主"), ("麦春芽", "配偶"))
    ]
    content = roster_workbook(rows)
    with county():
        village = Unit.objects.get(code=VILLAGE)
        say("begun")
        begun = time.monotonic()
        import_roster(actor=SYSTEM, village_id=village.pk, content=content, name=f"{number}.xlsx")
        say(str(time.monotonic() - begun))


def look(kills: int) -> None:
    """Say how much of each file is there, and what came along with them."""
    from xiangyue.ledger.models import Account, Holder
    from xiangyue.people.models import Household, Resident, Unit
    from xiangyue.records.models import LoggedAct, StoredFile

    with county():
        village = Unit.objects.get(code=VILLAGE)
        homes = Household.objects.filter(village=village)
        numbers = range(kills + 1)
        told = {
            "households": [homes.filter(number__startswith=f"{number}-").count() for number in numbers],
            "residents": [
                Resident.objects.filter(household__number__startswith=f"{number}-").count()
                for number in numbers
            ],
            "holders": Holder.objects.filter(id__in=homes.values("holder_id")).count(),
            "accounts": Account.objects.filter(holder_id__in=homes.values("holder_id")).count(),
            "logged": LoggedAct.objects.filter(act="import").count(),
            "files": StoredFile.objects.filter(name__in=[f"{number}.xlsx" for number in numbers]).count(),
            "units": Unit.objects.filter(path__startswith=village.path).count(),
        }
    say(json.dumps(told))


if __name__ == "__main__":
    import django

    django.setup()
    {"import": import_one, "look": look}[sys.argv[1]](int(sys.argv[2]))
