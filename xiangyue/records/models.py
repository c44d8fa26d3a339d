"""What was done, what was handed in, what has to be told: the action log, stored files and the outbox."""

from django.db import models
from django.db.models import Q

from xiangyue.kernel.actors import ActorKind


class LoggedAct(models.Model):
    """One line of the action log: who did what to which row, and why. Ids and codes only (DOMAIN §5).

    on_behalf_of: the household for which a grid worker acted (代办), if any.
    reason: what the actor wrote; text, so it can be corrected or erased without touching the ledger.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField()
    on_behalf_of = models.BigIntegerField(null=True)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("subject", "subject_id")),)


class StoredFile(models.Model):
    """A file that someone handed in: evidence, minutes, an imported sheet. Its bytes lie outside the web root.

    sha256: of the bytes; the same bytes are stored once.
    """

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sha256",), name="the_same_bytes_once"),)


class OutboxMessage(models.Model):
    """News for a room above, written in the transaction that made it and delivered at least once after it."""

    topic = models.CharField(max_length=60)
    payload = models.JSONField()  # ids and codes only
    written_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("id",), condition=Q(delivered_at=None), name="outbox_waiting"),)
