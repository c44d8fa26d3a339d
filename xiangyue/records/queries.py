"""Reads on the action log and the outbox. Each is one query, however much it finds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.records.operations import MAX_ATTEMPTS
from xiangyue.users.models import User

PAGE = 100


def acts_upon(
    subject: str, subject_ids: Collection[int], *, before: int | None = None, limit: int = PAGE
) -> list[LoggedAct]:
    """Give what was done to some rows, the last first. before: the id of the last line of the page before."""
    lines = LoggedAct.objects.filter(subject=subject, subject_id__in=list(subject_ids))
    return _page(lines, before, limit)


def acts_of(actor: Actor, *, before: int | None = None, limit: int = PAGE) -> list[LoggedAct]:
    """Give what somebody did, the last first."""
    return _page(LoggedAct.objects.filter(actor_kind=actor.kind, actor_id=actor.id), before, limit)


def acts_on(day: date, *, before: int | None = None, limit: int = PAGE) -> list[LoggedAct]:
    """Give what was done on a day where the villages are, the last first."""
    first = datetime.combine(day, time.min, clock.ZONE)
    return _page(LoggedAct.objects.filter(at__gte=first, at__lt=first + timedelta(days=1)), before, limit)


def names_of_actors(lines: Sequence[LoggedAct]) -> dict[int, str]:
    """Give the names of the users among those who acted, by their ids. The log itself names nobody."""
    ids = {line.actor_id for line in lines if line.actor_kind == ActorKind.USER}
    return dict(User.objects.filter(id__in=ids).values_list("id", "name"))


@dataclass(frozen=True)
class OutboxState:
    """How the outbox stands. waiting: not delivered yet, dead letters left out. failing: of them, those that failed
    before. dead: given up. oldest: since when the oldest that waits does.
    """

    waiting: int
    failing: int
    dead: int
    oldest: datetime | None


def outbox_state() -> OutboxState:
    """Count what the outbox holds, in one query."""
    given_up = _given_up()
    counts = OutboxMessage.objects.filter(delivered_at=None).aggregate(
        waiting=Count("id", filter=~given_up),
        failing=Count("id", filter=~given_up & ~Q(failure="")),
        dead=Count("id", filter=given_up),
        oldest=Min("written_at", filter=~given_up),
    )
    return OutboxState(**counts)


def dead_letters(*, limit: int = PAGE) -> list[OutboxMessage]:
    """Give the messages that were given up, oldest first. `redeliver` has them tried again."""
    return list(OutboxMessage.objects.filter(_given_up(), delivered_at=None).order_by("id")[:limit])


def _given_up() -> Q:
    # While the last attempt is under way it is no dead letter yet; one whose worker died is, when the pause is over.
    return Q(attempts__gte=MAX_ATTEMPTS, next_at__lte=clock.now())


def _page(lines: QuerySet[LoggedAct], before: int | None, limit: int) -> list[LoggedAct]:
    if before is not None:
        lines = lines.filter(id__lt=before)
    return list(lines.order_by("-id")[:limit])
