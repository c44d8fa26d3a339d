"""Every write on the action log, stored files and the outbox."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django_tenants.utils import schema_context

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.records import storage
from xiangyue.records.kinds import JPEG, kind_of
from xiangyue.records.models import LoggedAct, OutboxMessage, StoredFile
from xiangyue.records.photos import encode_anew
from xiangyue.records.refusals import FileTooLarge
from xiangyue.tenancy.schemas import current_schema

logger = logging.getLogger(__name__)

FILE_LIMIT = 20 * 1024 * 1024
MAX_ATTEMPTS = 12  # over some twenty hours
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
HOUSEHOLD: Final = "household"  # as whose card one acts


@dataclass(frozen=True)
class Message:
    """News as its consumer gets it. attempt: 1 the first time; with a later one the news may have had its effect."""

    id: int
    topic: str
    payload: dict[str, Any]
    attempt: int

    @property
    def key(self) -> str:
        """A name of the message that no other county's has: by it whoever is outside can tell a repeat."""
        return f"{current_schema()}:{self.id}"


Consumer = Callable[[Message], None]
_consumers: dict[str, Consumer] = {}


def log_act(
    *,
    actor: Actor,
    act: str,
    subject: str,
    subject_ids: Iterable[int],
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    on_behalf_of: int | None = None,
) -> None:
    """Write one line of the action log for each row that an operation changed, in the operation's transaction.

    As what: the office that the actor's permission came from (`people.permissions.require`); a card, as its household.
    """
    at = clock.now()
    acted_as, place = (HOUSEHOLD, actor.id) if actor.kind is ActorKind.CARD else (actor.office, actor.place)
    LoggedAct.objects.bulk_create(
        LoggedAct(
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            acted_as=acted_as,
            acted_as_id=place,
            on_behalf_of=on_behalf_of,
            act=act,
            subject=subject,
            subject_id=subject_id,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
        )
        for subject_id in subject_ids
    )


def store_file(*, name: str, content: bytes) -> StoredFile:
    """Keep a file's bytes and give its row; the same bytes again give the same row.

    What it is, is told by its bytes (`kinds`). A photo is encoded anew (`photos`), so that the stored bytes are others.
    Raises: FileTooLarge, FileEmpty, FileTypeRefused, FileUnpacksTooLarge, PhotoTooLarge, PhotoUnreadable.
    """
    if len(content) > FILE_LIMIT:
        raise FileTooLarge(name=name, megabytes=len(content) >> 20, limit=FILE_LIMIT >> 20)
    received = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(received_sha256=received, erased_at=None).first()
    if known and storage.is_kept(known.sha256):  # a restored database may have lost its files
        return known
    kind = kind_of(content, name)
    facts: dict[str, Any] = {"name": _plain_name(name), "received_sha256": received}
    if not kind.photo_format:
        return _store(content, None, facts | {"media_type": kind.media_type})
    photo = encode_anew(content, name, kind.photo_format)
    facts |= {"media_type": JPEG.media_type, "width": photo.width, "height": photo.height}
    facts |= {"taken_at": photo.taken_at}
    return _store(photo.content, photo.thumbnail, facts)


@transaction.atomic(savepoint=False)  # a row without its bytes must never be committed
def _store(content: bytes, thumbnail: bytes | None, facts: dict[str, Any]) -> StoredFile:
    """Write the row, then the bytes, then commit: where a row is seen, its bytes are there.

    The row comes first, since `sweep_files` and `drop_erased` lock rows before they remove bytes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    facts |= {"size": len(content), "stored_at": clock.now()}
    StoredFile.objects.bulk_create([StoredFile(sha256=sha256, **facts)], ignore_conflicts=True)
    stored = StoredFile.objects.select_for_update(no_key=True).get(sha256=sha256)
    if stored.erased_at:  # somebody brings again what was erased
        for name, value in (facts | {"erased_at": None}).items():
            setattr(stored, name, value)
        stored.save()
    storage.keep(sha256, content, thumbnail)
    return stored


@transaction.atomic
def erase_files(*, actor: Actor, file_ids: Sequence[int], reason: str = "") -> int:
    """Take away stored files' names, and their bytes on commit; rows stay, since deeds and minutes name them.

    Whoever else handed in the same bytes loses them too. Gives how many there were.
    """
    files = StoredFile.objects.select_for_update(no_key=True).filter(id__in=file_ids, erased_at=None)
    ids = list(files.order_by("id").values_list("id", flat=True))
    StoredFile.objects.filter(id__in=ids).update(
        name="", received_sha256="", taken_at=None, erased_at=clock.now()
    )
    log_act(actor=actor, act="erase", subject="file", subject_ids=ids, reason=reason)
    schema = current_schema()
    transaction.on_commit(lambda: drop_erased(schema=schema), robust=True)
    return len(ids)


def drop_erased(*, schema: str) -> int:
    """Remove the bytes of a county's erased files; give how many. Done once more by the worker, should it fail."""
    with schema_context(schema):
        waiting = StoredFile.objects.exclude(erased_at=None).filter(size__gt=0)
        ids = list(waiting.order_by("id").values_list("id", flat=True))
        return sum(_drop_erased(file_id) for file_id in ids)


@transaction.atomic
def _drop_erased(file_id: int) -> bool:
    files = StoredFile.objects.select_for_update(no_key=True).filter(id=file_id, size__gt=0)
    file = files.exclude(erased_at=None).first()
    if file is None:  # somebody has brought it again meanwhile
        return False
    storage.drop(file.sha256)
    StoredFile.objects.filter(id=file_id).update(size=0)
    return True


def sweep_files() -> int:
    """Remove bytes that no row stands for: their transaction was undone, or its writer killed. Give how many.

    They may hold a whole village, and nobody would ever find them to erase them.
    """
    storage.drop_drafts(current_schema())
    kept = set(storage.hashes_of(current_schema()))
    if not kept - _known_hashes():
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:  # whoever is storing just now ends first, and nobody begins
            cursor.execute("LOCK TABLE records_storedfile IN SHARE ROW EXCLUSIVE MODE")
        strays = kept - _known_hashes()
        for sha256 in strays:
            storage.drop(sha256)
    return len(strays)


def _known_hashes() -> set[str]:
    there = StoredFile.objects.filter(Q(erased_at=None) | Q(size__gt=0))
    return set(there.values_list("sha256", flat=True))


def send(*, topic: str, payload: dict[str, Any]) -> None:
    """Put news into the outbox; it is delivered only if the surrounding transaction commits.

    A topic that nobody consumes leaves no row: rooms tell their news without knowing who listens.
    """
    if topic in _consumers:
        at = clock.now()
        OutboxMessage.objects.create(topic=topic, payload=payload, written_at=at, next_at=at)


def consume(topic: str, consumer: Consumer) -> None:
    """Register what is done with a topic's news.

    It may be called more than once for one message. What it writes into the county's tables is written once all the
    same, since it commits together with the delivery; what it does outside it must do under the message's key.
    """
    _consumers[topic] = consumer


def deliver_waiting(*, limit: int = 500) -> int:
    """Hand waiting messages to their consumers, oldest first; give how many were delivered.

    A message and what its consumer writes commit together. One that fails stays, and is tried again after ever
    longer pauses, MAX_ATTEMPTS times; several workers share the work without meeting.
    """
    due = OutboxMessage.objects.filter(
        delivered_at=None, attempts__lt=MAX_ATTEMPTS, next_at__lte=clock.now(), topic__in=list(_consumers)
    )
    delivered = 0
    for message_id in list(due.order_by("id").values_list("id", flat=True)[:limit]):
        message = _claim(message_id)
        delivered += message is not None and _deliver(message)
    return delivered


@transaction.atomic
def redeliver(*, actor: Actor, message_ids: Sequence[int]) -> int:
    """Let messages that were given up be tried again from the start; give how many. The cause should be mended."""
    now = clock.now()
    waiting = OutboxMessage.objects.filter(
        id__in=message_ids, delivered_at=None, attempts__gte=MAX_ATTEMPTS, next_at__lte=now
    )
    found = sorted(waiting.select_for_update().values_list("id", flat=True))
    OutboxMessage.objects.filter(id__in=found).update(attempts=0, next_at=now)
    log_act(actor=actor, act="redeliver", subject="message", subject_ids=found)
    return len(found)


@transaction.atomic
def _claim(message_id: int) -> Message | None:
    """Count an attempt before it is made, and keep other workers off until its pause is over.

    A message that kills its worker would otherwise be the first in line for ever.
    """
    now = clock.now()
    row = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(id=message_id, delivered_at=None, attempts__lt=MAX_ATTEMPTS, next_at__lte=now)
        .first()
    )
    if row is None:
        return None
    row.attempts += 1
    row.next_at = now + pause_after(row.attempts)
    row.save(update_fields=["attempts", "next_at"])
    return Message(row.pk, row.topic, row.payload, row.attempts)


def pause_after(attempts: int) -> timedelta:
    """Give how long a message waits after so many attempts: 1, 2, 4 … minutes, at most six hours."""
    return min(FIRST_PAUSE * (1 << attempts - 1), LONGEST_PAUSE)


def _deliver(message: Message) -> bool:
    rows = OutboxMessage.objects.filter(id=message.id, delivered_at=None, attempts=message.attempt)
    try:
        with transaction.atomic():
            if not rows.select_for_update(skip_locked=True).exists():
                return False  # it took us longer than the pause, and another worker has it
            _consumers[message.topic](message)
            rows.update(delivered_at=clock.now(), failure="")
            return True
    except Exception as problem:  # whatever a consumer raises, the others' messages still go out
        _note_failure(message, problem, clock.now())
        return False


def _note_failure(message: Message, problem: Exception, at: datetime) -> None:
    rows = OutboxMessage.objects.filter(id=message.id, delivered_at=None, attempts=message.attempt)
    rows.update(failure=type(problem).__name__[:100])
    if message.attempt < MAX_ATTEMPTS:
        logger.exception("outbox message %s (%s) was not delivered", message.key, message.topic)
        return
    rows.update(next_at=at)  # nobody tries it any more: it is a dead letter from now on
    logger.error(
        "outbox message %s (%s) is given up after %s attempts",
        message.key,
        message.topic,
        message.attempt,
        exc_info=problem,
    )


def _plain_name(name: str) -> str:
    """Keep of a name what can be shown: no folders, nothing unprintable."""
    plain = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable())
    return Path(plain).name[:200]
