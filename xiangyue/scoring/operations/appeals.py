"""Appeals (申诉): correcting what is posted already, by an opposite posting that names the first (冲正)."""

from collections.abc import Iterable
from itertools import takewhile

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import Batch, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import UnknownBatch, UnknownLine
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near
from xiangyue.records.operations import log_act
from xiangyue.scoring.refusals import OwnHousehold


class ReversalReason(models.TextChoices):
    """Why something is reversed: a code, since the ledger holds no text of people's."""

    APPEAL = "appeal", _("申诉成立")
    WRONG_HOUSEHOLD = "wrong-household", _("记错了户")
    WRONG_POINTS = "wrong-points", _("记错了分")
    POSTED_TWICE = "posted-twice", _("记重了")
    NOT_TRUE = "not-true", _("没有这回事")
    TILL_ERROR = "till-error", _("柜台弄错了")


@transaction.atomic
def reverse_posting(
    *, actor: Actor, batch_id: int, line: int | None, reason: ReversalReason, key: str
) -> Batch:
    """Undo a batch, or one line of it; give the batch that does. Goods of an order stay where they are.

    Whoever may settle where all households that it touches live may do it, but nobody in the matter of their own.
    The same key and input reverses once.
    Raises: UnknownBatch, UnknownLine, NotAllowed, OwnHousehold; what `ledger.reverse` raises.
    """
    # As the ledger does: whoever reverses the same batch waits here, so that it is logged once.
    if not Batch.objects.select_for_update(no_key=True).filter(id=batch_id).exists():
        raise UnknownBatch(batch=batch_id)
    transfers = Transfer.objects.filter(batch=batch_id, **({} if line is None else {"line": line}))
    touched = _households(transfers.values_list("debit__holder_id", "credit__holder_id"))
    if line is not None and not transfers.exists():
        raise UnknownLine(line=line)
    actor = _require_may(actor, touched)
    is_new = not Batch.objects.filter(key=key).exists()
    batch = reverse(
        posting=Posting(key, Cause.REVERSAL, batch_id, actor, clock.today(), reason=reason),
        lines=None if line is None else [line],
    )
    if is_new:
        log_act(actor=actor, act="reverse", subject="batch", subject_ids=[batch.pk], reason=reason)
    return batch


def _households(holders: Iterable[tuple[int, int]]) -> list[Household]:
    ids = {holder_id for pair in holders for holder_id in pair}
    return list(Household.objects.filter(holder_id__in=ids).select_related("unit").order_by("id"))


def _require_may(actor: Actor, touched: list[Household]) -> Actor:
    if {household.pk for household in touched} & households_near(actor):
        raise OwnHousehold
    return require(actor, Act.SETTLE, _unit_above([household.unit for household in touched]))


def _unit_above(units: list[Unit]) -> Unit:
    """Give the lowest unit that contains all of these; the root if there are none."""
    codes = zip(*(unit.path.strip("/").split("/") for unit in units), strict=False)
    shared = [of_level[0] for of_level in takewhile(lambda of_level: len(set(of_level)) == 1, codes)]
    return Unit.objects.get(**({"code": shared[-1]} if shared else {"parent": None}))
