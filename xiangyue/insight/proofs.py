"""A household's proof: its lines, and what has to be hashed with them to come to a published seal.

The file holds numbers and codes only. `checker.py` reads it anywhere: no database, no network, no xiangyue.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Max, Q, QuerySet

from xiangyue.insight.refusals import NothingSealed
from xiangyue.ledger.merkle import above, batch_text, leaf, moment, transfer_text
from xiangyue.ledger.models import Batch, Seal, SealedBatch, Transfer
from xiangyue.ledger.operations.sealing import COLUMNS
from xiangyue.ledger.queries import points_account

FORMAT = "xiangyue-proof-1"


@dataclass(frozen=True)
class Sealed:
    """In which seal a batch is. day_*: of the day's last seal, whose digest is what is published for the day."""

    number: int
    digest: str
    day: date
    day_number: int
    day_digest: str


Path = list[list[str]]  # from leaf to root: on which side the other half lies ("left", "right"), and its hash


def household_proof(holder_id: int, year: int | None = None) -> dict[str, Any]:
    """Prove all sealed lines of a household's points account, or those of a year. Raises: NothingSealed."""
    account = points_account(holder_id)
    return proof_of(account.pk, transfers_of(account.pk, year))


def seals_of(batch_ids: Collection[int]) -> dict[int, Sealed]:
    """Give in which seal each of some batches is, by the batch's id; what waits is left out. In two queries."""
    found = {
        each.batch_id: each.seal
        for each in SealedBatch.objects.filter(batch__in=batch_ids).select_related("seal")
    }
    in_days = Seal.objects.filter(day__in={seal.day for seal in found.values()})
    last = {seal.day: seal for seal in _last_of_days(in_days)}
    return {
        batch_id: Sealed(seal.number, seal.digest, seal.day, last[seal.day].number, last[seal.day].digest)
        for batch_id, seal in found.items()
    }


def daily_seals(until: date, days: int) -> list[Seal]:
    """Give the last seal of each of some days up to one, the newest first; in one query. Days without one are left out.

    What is published for a day is its digest, which stays once the day is over.
    """
    return list(_last_of_days(Seal.objects.filter(day__gt=until - timedelta(days=days), day__lte=until)))


def _last_of_days(seals: QuerySet[Seal]) -> QuerySet[Seal]:
    return seals.order_by("-day", "-number").distinct("day")


def proof_of(account_id: int, transfers: Iterable[Transfer]) -> dict[str, Any]:
    """Prove transfers: each with its way to the seal, and the seals of these days up to each day's last one.

    What no seal holds yet is counted as `unsealed`. Raises: NothingSealed.
    """
    of_batches = {batch: list(lines) for batch, lines in groupby(transfers, key=attrgetter("batch"))}
    sealed = SealedBatch.objects.select_related("seal").in_bulk([batch.pk for batch in of_batches])
    if not sealed:
        raise NothingSealed
    in_seal = _paths_in_seals(sealed.values())
    provable = {batch: chosen for batch, chosen in of_batches.items() if batch.pk in sealed}
    return {
        "format": FORMAT,
        "account": account_id,
        "lines": [
            line | {"batch_in_seal": in_seal[batch.pk], "seal": sealed[batch.pk].seal.number}
            for batch, line in _in_batches(provable)
        ],
        "seals": [_seal_facts(seal) for seal in _chains({each.seal for each in sealed.values()})],
        "unsealed": sum(len(chosen) for batch, chosen in of_batches.items() if batch.pk not in sealed),
    }


def transfers_of(account_id: int, year: int | None = None) -> list[Transfer]:
    """Give a household account's transfers, oldest first, each with its batch; all of them, or those of a year."""
    # Written so that the indexes, which hold households only, are used.
    touched = Q(debit_id=account_id, debit_id__gt=0) | Q(credit_id=account_id, credit_id__gt=0)
    if year is not None:
        touched &= Q(batch__day__range=(date(year, 1, 1), date(year, 12, 31)))
    return list(Transfer.objects.filter(touched).select_related("batch").order_by("batch_id", "line"))


def _in_batches(chosen: Mapping[Batch, list[Transfer]]) -> Iterator[tuple[Batch, dict[str, Any]]]:
    """Give each chosen line with its way to its batch's root, by batch. The batches' rows are streamed."""
    batches = {batch.pk: batch for batch in chosen}
    rows = Transfer.objects.filter(batch_id__in=batches).order_by("batch_id", "line").values_list(*COLUMNS)
    for batch_id, of_batch in groupby(rows.iterator(chunk_size=10_000), key=itemgetter(0)):
        batch = batches[batch_id]
        for line in _in_batch(batch, chosen[batch], of_batch):
            yield batch, line


def _in_batch(
    batch: Batch, chosen: list[Transfer], rows: Iterable[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    texts = {row[1]: transfer_text(*row) for row in rows}
    head = batch_text(batch)
    places = {line: place for place, line in enumerate(texts, start=1)}
    leaves = [leaf(text.encode()) for text in (head, *texts.values())]
    paths = _paths_of(leaves, [0, *(places[transfer.line] for transfer in chosen)])
    for transfer in chosen:
        yield {
            "transfer": texts[transfer.line],
            "batch": head,
            "batch_in_batch": paths[0],
            "transfer_in_batch": paths[places[transfer.line]],
        }


def _paths_in_seals(wanted: Iterable[SealedBatch]) -> dict[int, Path]:
    """Give each batch's way to the root of its seal, by batch id."""
    ids = {each.batch_id for each in wanted}
    roots = SealedBatch.objects.filter(seal__in={each.seal_id for each in wanted}).order_by("seal", "batch")
    paths: dict[int, Path] = {}
    for _seal, of_seal in groupby(roots, key=attrgetter("seal_id")):
        found = list(of_seal)
        leaves = [leaf(bytes.fromhex(each.root)) for each in found]
        mine = {place: each.batch_id for place, each in enumerate(found) if each.batch_id in ids}
        paths |= {mine[place]: path for place, path in _paths_of(leaves, mine).items()}
    return paths


def _paths_of(level: Sequence[bytes], places: Iterable[int]) -> dict[int, Path]:
    """Give for each place what has to be hashed with that leaf, one after another, to come to the root."""
    paths: dict[int, Path] = {place: [] for place in places}
    height = 0
    while len(level) > 1:
        for place, path in paths.items():
            here = place >> height
            other = here ^ 1
            if other < len(level):
                path.append(["left" if other < here else "right", level[other].hex()])
        level = above(level)
        height += 1
    return paths


def _chains(needed: set[Seal]) -> list[Seal]:
    """Give the seals from the first that is needed of each day up to that day's last, whose code is published."""
    numbers: set[int] = set()
    for day, last in (
        Seal.objects.filter(day__in={seal.day for seal in needed}).values_list("day").annotate(Max("number"))
    ):
        numbers |= {*range(min(seal.number for seal in needed if seal.day == day), last + 1)}
    return list(Seal.objects.filter(number__in=numbers).order_by("number"))


def _seal_facts(seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number,
        "previous": seal.previous,
        "root": seal.root,
        "batches": seal.batches,
        "transfers": seal.transfers,
        "sealed_at": moment(seal.sealed_at),
        "day": seal.day.isoformat(),
        "digest": seal.digest,
    }
