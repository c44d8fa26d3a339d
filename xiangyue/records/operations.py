"""Every write on the action log, stored files and the outbox."""

import hashlib
import logging
import mimetypes
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.records.models import LoggedAct, OutboxMessage, StoredFile
from xiangyue.records.refusals import FileTooLarge
from xiangyue.tenancy.schemas import current_schema

logger = logging.getLogger(__name__)

FILE_LIMIT = 20 * 1024 * 1024
MAX_ATTEMPTS = 12

Consumer = Callable[[dict[str, Any]], None]
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
    """Write one line of the action log for each row that an operation changed, in the operation's transaction."""
    at = clock.now()
    LoggedAct.objects.bulk_create(
        LoggedAct(
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
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

    Raises: FileTooLarge.
    """
    if len(content) > FILE_LIMIT:
        raise FileTooLarge(name=name, megabytes=len(content) >> 20, limit=FILE_LIMIT >> 20)
    sha256 = hashlib.sha256(content).hexdigest()
    _write_bytes(file_path(sha256), content)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": Path(name).name[:200],
            "media_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "size": len(content),
            "stored_at": clock.now(),
        },
    )
    return stored


def file_path(sha256: str) -> Path:
    """Give the place of a file's bytes. Each county has a folder of its own."""
    return Path(str(settings.HOME), "files", current_schema(), sha256[:2], sha256)


def send(*, topic: str, payload: dict[str, Any]) -> None:
    """Put news into the outbox; it is delivered only if the surrounding transaction commits.

    A topic that nobody consumes leaves no row: rooms tell their news without knowing who listens.
    """
    if topic in _consumers:
        OutboxMessage.objects.create(topic=topic, payload=payload, written_at=clock.now())


def consume(topic: str, consumer: Consumer) -> None:
    """Register what is done with a topic's news. It may be called more than once for one message."""
    _consumers[topic] = consumer


def deliver_waiting(*, limit: int = 500) -> int:
    """Hand waiting messages to their consumers, oldest first; give how many were delivered.

    A message and what its consumer writes commit together. One that fails stays, and is tried a bounded number
    of times; several workers share the work without meeting.
    """
    waiting = OutboxMessage.objects.filter(
        delivered_at=None, attempts__lt=MAX_ATTEMPTS, topic__in=list(_consumers)
    )
    delivered = 0
    for message_id in list(waiting.order_by("id").values_list("id", flat=True)[:limit]):
        delivered += _deliver(message_id)
    return delivered


def _deliver(message_id: int) -> int:
    try:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(id=message_id, delivered_at=None)
                .first()
            )
            if message is None:
                return 0
            _consumers[message.topic](message.payload)
            OutboxMessage.objects.filter(id=message_id).update(delivered_at=clock.now())
            return 1
    except Exception:  # whatever a consumer raises, the others' messages still go out
        logger.exception("outbox message %s was not delivered", message_id)
        OutboxMessage.objects.filter(id=message_id).update(attempts=F("attempts") + 1)
        return 0


def _write_bytes(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
