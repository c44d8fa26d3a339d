"""Importing what households had collected before (期初): whole or not at all, once, and before anything else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import Account, AccountKind, Batch, Book, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.opening import add_accounts, common_pool
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import pool_id
from xiangyue.ledger.refusals import KeyReused
from xiangyue.people import openings_form as form
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.openings_form import NewOpening, read_openings
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_heads
from xiangyue.people.refusals import NoOpenings, NotAVillage
from xiangyue.records.operations import log_act, store_file
from xiangyue.sheets.problems import Problems


@dataclass(frozen=True)
class OpeningsReport:
    """What an import did, or would do. honour, spendable: centipoints of all households together.

    batches: by which it was posted. file: the id of the stored sheet; None when nothing was stored. ignored: headers
    that nobody asked for.
    """

    village: str
    households: int
    honour: int
    spendable: int
    batches: tuple[int, ...]
    file: int | None
    ignored: tuple[str, ...]
    dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class _Opening:
    """One book's lines: what is to be posted under which key."""

    book: Book
    key: str
    lines: list[tuple[int, int, int]]


@transaction.atomic
def import_openings(
    *,
    actor: Actor,
    village_id: int,
    content: bytes,
    name: str,
    key: str | None = None,
    dry_run: bool = False,
) -> OpeningsReport:
    """Post what a village's households start with, from a sheet (`openings_form`).

    The same rows again, or the same key with them, post once and answer the same. A household that anything was
    posted to is refused. dry_run: check everything, give the same report, and store nothing.
    Raises: UnknownUnit, NotAVillage, NotAllowed; SheetRefused with every problem; what `read_openings` raises;
    NoOpenings, KeyReused, FileTooLarge.
    """
    village = locked_unit(village_id)
    actor = require(actor, Act.MANAGE_PEOPLE, village)
    if village.level != Level.VILLAGE:
        raise NotAVillage(unit=village.code, name=village.name)
    problems = Problems()
    openings = read_openings(content, name, problems=problems)
    known = _households(village, openings.rows)
    _check_households(village, openings.rows, known, problems)
    filled = [row for row in openings.rows if not row.is_empty]
    books = _books(village, key, filled, known)
    posted = _posted(books)
    if posted is None:
        _check_untouched(filled, known, problems)
    problems.raise_if_any()
    if not filled:
        raise NoOpenings(name=name)
    file_id = posted
    batches: tuple[int, ...] = ()
    if posted is not None:
        batches = _post(actor, village, books, posted)
    elif not dry_run:
        file_id = store_file(name=name, content=content).pk
        batches = _post(actor, village, books, file_id)
        log_act(
            actor=actor,
            act="open",
            subject="unit",
            subject_ids=[village.pk],
            reason=f"file:{file_id}",
        )
    return OpeningsReport(
        village=village.name,
        households=len(filled),
        honour=sum(row.honour for row in filled),
        spendable=sum(row.spendable for row in filled),
        batches=batches,
        file=file_id,
        ignored=openings.ignored,
        dry_run=dry_run,
    )


def _households(village: Unit, rows: Iterable[NewOpening]) -> dict[str, Household]:
    there = Household.objects.filter(village=village, left_on=None, number__in={row.number for row in rows})
    return {each.number: each for each in there}


def _check_households(
    village: Unit, rows: Iterable[NewOpening], known: Mapping[str, Household], problems: Problems
) -> None:
    heads = household_heads(each.pk for each in known.values())
    points = Account.objects.filter(
        kind=AccountKind.POINTS, holder_id__in=[h.holder_id for h in known.values()]
    )
    closed = dict(points.exclude(closed_on=None).values_list("holder_id", "closed_on"))
    for row in rows:
        household = known.get(row.number)
        if household is None:
            text = _("%(village)s没有%(number)s户。") % {"village": village.name, "number": row.number}
            if row.number:
                problems.add(row.row, form.NUMBER, "household-not-found", text)
        elif household.holder_id in closed:
            text = _("%(number)s户在%(day)s已经销户。")
            facts = {"number": row.number, "day": closed[household.holder_id]}
            problems.add(row.row, form.NUMBER, "household-closed", text % facts)
        elif row.head and row.head != "".join(heads.get(household.pk, "").split()):
            text = _("户册上%(number)s户的户主是%(head)s。请看看是不是串行了。")
            facts = {"number": row.number, "head": heads.get(household.pk, "")}
            problems.add(row.row, form.HEAD, "head-differs", text % facts)


def _check_untouched(
    filled: Iterable[NewOpening], known: Mapping[str, Household], problems: Problems
) -> None:
    """Note the households that something was posted to already: an opening comes before anything else."""
    accounts = Account.objects.filter(holder_id__in=[each.holder_id for each in known.values()])
    # Whoever is posting to one of them at this moment is waited for, and then seen.
    locked = accounts.filter(id__gt=0).select_for_update(no_key=True).order_by("id")
    holder_of = dict(locked.values_list("id", "holder_id"))
    touched = {
        holder_of[account]
        for side in ("debit_id", "credit_id")
        for account in Transfer.objects.filter(**{f"{side}__in": holder_of, f"{side}__gt": 0})
        .values_list(side, flat=True)
        .distinct()
    }
    for row in filled:
        if row.number in known and known[row.number].holder_id in touched:
            text = _("%(number)s户已经有积分账了，不能再记期初。") % {"number": row.number}
            problems.add(row.row, form.NUMBER, "household-has-postings", text)


def _books(
    village: Unit, key: str | None, filled: Iterable[NewOpening], known: Mapping[str, Household]
) -> list[_Opening]:
    """Give what is to be posted to each book, in the order of the households' ids."""
    there = (row for row in filled if row.number in known)
    rows = sorted((known[row.number].pk, row.honour, row.spendable) for row in there)
    stem = f"opening:{village.code}:{key or digest(rows)}"
    return [
        _Opening(Book.HONOUR, f"{stem}:honour", [(pk, pk, honour) for pk, honour, _rest in rows if honour]),
        _Opening(Book.SPENDABLE, f"{stem}:spendable", [(pk, pk, spare) for pk, _h, spare in rows if spare]),
    ]


def _posted(books: Sequence[_Opening]) -> int | None:
    """Give the file of an import that was posted under these keys before. Raises: KeyReused for other books."""
    found = dict(Batch.objects.filter(key__in=[each.key for each in books]).values_list("key", "cause_id"))
    if found and found.keys() != {each.key for each in books if each.lines}:
        raise KeyReused(key=books[0].key)
    return next(iter(found.values()), None)


def _post(actor: Actor, village: Unit, books: Iterable[_Opening], file_id: int) -> tuple[int, ...]:
    pool = _pool(village)
    batches = [
        post_lines(
            posting=Posting(each.key, Cause.OPENING, file_id, actor, clock.today()),
            pool_id=pool,
            lines=each.lines,
            owners=Household.objects.values_list("id", "holder_id"),
            book=each.book,
        )
        for each in books
        if each.lines
    ]
    return tuple(batch.pk for batch in batches if batch)


def _pool(village: Unit) -> int:
    """Give the account that openings come from: the village's own where it issues points, else the county's."""
    if village.holder_id is None:
        return common_pool(kind=AccountKind.OPENING)
    if not Account.objects.filter(holder_id=village.holder_id, kind=AccountKind.OPENING).exists():
        add_accounts(holder_ids=[village.holder_id], kinds=[AccountKind.OPENING])
    return pool_id(village.holder_id, AccountKind.OPENING)
