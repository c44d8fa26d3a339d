"""A process of its own, working on a database that a test has started: `found`, `post CHUNKS` or `look CHUNKS`.

It posts chunk by chunk, each in a transaction of its own, as a settlement does, and seals now and then. Nobody tells
it that it, or its database, will be killed.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date

import django

COUNTY, DAY = "killed", date(2026, 11, 2)
HOUSEHOLDS = 100
AMOUNTS = (500, -120, 30)  # of each household in each chunk, in centipoints
LINES = HOUSEHOLDS * len(AMOUNTS)
SEALED_EVERY = 3  # chunks


def found() -> None:
    """Make the tables, a county and its households."""
    from xiangyue.ledger.models import AccountKind
    from xiangyue.ledger.operations.opening import common_pool, open_households
    from xiangyue.setup.operations import found_jurisdiction
    from xiangyue.tenancy.upgrades import upgrade_shared

    upgrade_shared()
    found_jurisdiction(slug=COUNTY, division_code="440783104", preset="cangcheng", host=f"{COUNTY}.localhost")
    with county():
        common_pool(kind=AccountKind.ISSUED)
        open_households(count=HOUSEHOLDS, floor=-1000, redeem_floor=0)


def post(chunks: int) -> None:
    """Post every chunk that is not posted yet; say so after each one."""
    from tests.ledger.book import posting
    from xiangyue.ledger.models import AccountKind
    from xiangyue.ledger.operations.opening import common_pool
    from xiangyue.ledger.operations.posting import post_lines
    from xiangyue.ledger.operations.sealing import seal_next

    with county():
        pool = common_pool(kind=AccountKind.ISSUED)
        for chunk in range(chunks):
            post_lines(posting=posting(key(chunk)), pool_id=pool, lines=lines_of(chunk))
            say(str(chunk))
            if chunk % SEALED_EVERY == 0:
                seal_next()
        while seal_next():
            pass


def look(chunks: int) -> None:
    """Say which chunks are there whole, and whatever is not as it has to be, as it all was at one moment."""
    from django.db import connection, transaction

    from tests.ledger.book import ledger_faults
    from xiangyue.ledger.models import Batch, Unsealed

    with county(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        batches = dict(Batch.objects.values_list("key", "id"))
        done = [chunk for chunk in range(chunks) if key(chunk) in batches]
        wrong = [chunk for chunk in done if written(batches[key(chunk)]) != asked(chunk)]
        told = {
            "done": done,
            "wrong": wrong,
            "others": len(batches) - len(done),
            "unsealed": Unsealed.objects.count(),
            "wrong balances": wrong_balances(done),
            "faults": [str(fault) for fault in ledger_faults()],
        }
    say(json.dumps(told))


def lines_of(chunk: int) -> list[tuple[int, int, int]]:
    """Give a chunk's (line, holder, centipoints); a line's number stands nowhere else."""
    amounts = [(holder, amount) for holder in holders() for amount in AMOUNTS]
    return [
        (chunk * LINES + place, holder, amount) for place, (holder, amount) in enumerate(amounts, start=1)
    ]


def asked(chunk: int) -> Counter[tuple[int, int, int]]:
    return Counter(lines_of(chunk))


def written(batch_id: int) -> Counter[tuple[int, int, int]]:
    """Give a batch's transfers as the lines that they stand for."""
    from xiangyue.ledger.models import Transfer

    rows = Transfer.objects.filter(batch=batch_id).select_related("debit", "credit")
    return Counter(
        (row.line, row.credit.holder_id, row.amount)
        if row.credit_id > 0
        else (row.line, row.debit.holder_id, -row.amount)
        for row in rows
    )


def wrong_balances(done: list[int]) -> list[int]:
    """Give the holders whose balances are not what the chunks that are done come to."""
    from xiangyue.ledger.queries import balances_of

    due = sum(AMOUNTS) * len(done)
    return [
        holder
        for holder, found in balances_of(holders()).items()
        if (found.honour, found.spendable, found.arrears) != (due, due, 0)
    ]


def holders() -> list[int]:
    from xiangyue.ledger.models import Account, AccountKind

    points = Account.objects.filter(kind=AccountKind.POINTS).order_by("id")
    return list(points.values_list("holder_id", flat=True))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def key(chunk: int) -> str:
    return f"chunk:{chunk}"


def county() -> ExitStack:
    from django_tenants.utils import schema_context

    from xiangyue.kernel import clock
    from xiangyue.tenancy.queries import jurisdiction_by_slug

    inside = ExitStack()
    inside.enter_context(clock.as_of(DAY))
    inside.enter_context(schema_context(jurisdiction_by_slug(COUNTY).schema_name))
    return inside


def main(work: str, *numbers: str) -> None:
    django.setup()
    works: dict[str, Callable[..., None]] = {"found": found, "post": post, "look": look}
    works[work](*map(int, numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
