"""A process of its own, working on a database that a test has started: `found`, `issue`, `settle` or `look`.

Villages whose committees have decided: `issue` hangs out their notices one after another, as their secretaries do in
the web server's processes; `settle` queues the county's settlement, for a worker; `look` tells how it all stands.
Nobody tells anyone that they, or their database, will be killed.
"""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:  # Django is not set up when this is read
    from xiangyue.people.models import Unit

COUNTY, TOWN = "killed", "440783104"
VILLAGES, HOUSEHOLDS, GRIDS = 12, 40, 5
ISSUED = date(2026, 11, 2)


def found() -> None:
    """Make the tables, a county and its villages, each with a month that its committee has decided."""
    from tests.scoring.cast import a_deed, a_meeting, approve, committee_of, populate, verified
    from xiangyue.setup.operations import found_jurisdiction
    from xiangyue.tenancy.upgrades import upgrade_shared

    upgrade_shared()
    found_jurisdiction(slug=COUNTY, division_code=TOWN, preset="cangcheng", host=f"{COUNTY}.localhost")
    with county():
        for village in villages():
            numbers = populate(village, households=HOUSEHOLDS, grids=GRIDS)
            deeds = [a_deed(village, number, of=of) for number in numbers for of in ("1.1", "1.2")]
            committee = committee_of(village)
            approve(a_meeting(village, committee), verified(*deeds), by=committee[0])


def issue() -> None:
    """Hang out what has not been hung out; say so after each village."""
    from tests.scoring.cast import PERIOD
    from xiangyue.kernel.actors import SYSTEM
    from xiangyue.scoring.models import Notice
    from xiangyue.scoring.operations.notices import issue_notice

    with county():
        for village in villages():
            if not Notice.objects.filter(unit=village).exists():
                issue_notice(actor=SYSTEM, unit_id=village.pk, period=PERIOD)
                say(village.code)


def settle() -> None:
    """Queue the settlement of the county."""
    from procrastinate.contrib.django import app

    app.tasks["settle.all"](timestamp=0)


def age() -> None:
    """Let the workers that were killed have been silent for a minute, so that nobody has to wait for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )


def look() -> None:
    """Say how it stands, as it all was at one moment."""
    from django.db import connection, transaction

    from xiangyue.auditor.audit import audit
    from xiangyue.ledger.models import Batch, Cause
    from xiangyue.scoring.models import Notice, NoticeLine, NoticeTotal, Settlement

    with county(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        notices = list(Notice.objects.values_list("id", flat=True))
        told = {
            "notices": len(notices),
            "lines": sorted({NoticeLine.objects.filter(sheet__notice=one).count() for one in notices}),
            "totals": sorted({NoticeTotal.objects.filter(sheet__notice=one).count() for one in notices}),
            "parts": Settlement.objects.count(),
            "batches": Batch.objects.filter(cause=Cause.SETTLEMENT).count(),
            "balances": honours(),
            "faults": [str(fault) for fault in audit()],
        }
    say(json.dumps(told))


def honours() -> dict[str, int]:
    """Give how many households have how much honour."""
    from collections import Counter

    from xiangyue.ledger.queries import balances_of
    from xiangyue.people.models import Household

    found = balances_of(list(Household.objects.values_list("holder_id", flat=True)))
    return {str(honour): count for honour, count in Counter(one.honour for one in found.values()).items()}


def villages() -> "list[Unit]":
    from xiangyue.people.models import Level, Unit

    return list(Unit.objects.filter(level=Level.VILLAGE).order_by("code")[:VILLAGES])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def county() -> ExitStack:
    from django_tenants.utils import schema_context

    from xiangyue.kernel import clock
    from xiangyue.tenancy.queries import jurisdiction_by_slug

    inside = ExitStack()
    inside.enter_context(clock.as_of(ISSUED))
    inside.enter_context(schema_context(jurisdiction_by_slug(COUNTY).schema_name))
    return inside


def main(work: str) -> None:
    django.setup()
    works: dict[str, Callable[[], None]] = {
        "found": found, "issue": issue, "settle": settle, "age": age, "look": look
    }  # fmt: skip
    works[work]()


if __name__ == "__main__":
    main(sys.argv[1])
