"""What was done, what was handed in, what has to be told: the action log, stored files and the outbox."""

from pathlib import PurePath

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import ActorKind
from xiangyue.records.kinds import ENDINGS


class LoggedAct(models.Model):
    """One line of the action log: who did what to which row, as what, and why. Ids and codes only (DOMAIN §5).

    acted_as, acted_as_id: as what they acted: an office's code and its unit, or "household" and the household whose
    member (or card) it was; empty where the operation did not say.
    on_behalf_of: the household for which a grid worker acted (代办), if any.
    reason: what the actor wrote; text, so it can be corrected or erased without touching the ledger.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField()
    acted_as = models.CharField(max_length=30, blank=True)
    acted_as_id = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("subject", "subject_id")),
            models.Index(fields=("actor_kind", "actor_id", "id"), name="log_by_actor"),
            models.Index(
                fields=("on_behalf_of", "id"), condition=Q(on_behalf_of__isnull=False), name="log_on_behalf"
            ),
            # Moments come in the order of the rows, so that a few pages of this serve years of them.
            BrinIndex(fields=("at",), name="log_by_day", pages_per_range=16),
        )


class StoredFile(models.Model):
    """A file that someone handed in: evidence, minutes, an imported sheet. Its bytes lie outside the web root.

    sha256, size: of the bytes as they are stored; the same bytes are stored once.
    received_sha256: of the bytes as they came in. Photos are encoded anew, so that the two differ; the same photo
    once more is known by it.
    name: as its bringer called it; never a part of a path.
    taken_at: when a photo says it was taken; whatever else its camera wrote into it is dropped.
    width, height: of a photo as it is stored; None for everything else. A photo has a thumbnail beside it.
    erased_at: since then the name is empty; the row stays since deeds name it. Its size is 0 once the bytes are gone.
    """

    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sha256",), name="the_same_bytes_once"),)
        indexes = (models.Index(fields=("received_sha256",), name="file_as_received"),)

    @property
    def is_photo(self) -> bool:
        return self.width is not None

    @property
    def download_name(self) -> str:
        """The name under which it is handed out: its own, with the ending that its bytes deserve."""
        ending = ENDINGS.get(self.media_type, ".bin")
        plain = "".join(sign for sign in self.name if sign.isprintable())
        return (PurePath(plain).stem or self.sha256[:16]) + ending


class PhotoDraft(models.Model):
    """That somebody laid down a photo for a form that is not sent yet (`drafts`): counted, and forgotten after a day.

    owner: of the draft, as its bytes are called by.
    """

    owner = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("owner", "at")), models.Index(fields=("at",)))


class OutboxMessage(models.Model):
    """News for a room above, written in the transaction that made it and delivered at least once after it.

    attempts: deliveries begun, a crashed one too. next_at: not tried before, and then again; a message that is
    delivered to nobody although its attempts are used up is a dead letter (queries.dead_letters).
    failure: the kind of fault that the last attempt ended with; its words might name somebody.
    """

    topic = models.CharField(max_length=60)
    payload = models.JSONField()  # ids and codes only
    written_at = models.DateTimeField()
    next_at = models.DateTimeField(default=clock.now)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = (models.Index(fields=("id",), condition=Q(delivered_at=None), name="outbox_waiting"),)
