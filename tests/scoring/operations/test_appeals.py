import pytest

from tests.cast import Cast
from tests.ledger.book import ledger_faults, posting
from tests.scoring.cast import balance, october, settled
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause, Transfer
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.moving import transfer
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.ledger.queries import pool_id
from xiangyue.ledger.refusals import AlreadyReversed, IsReversal, KeyReused, UnknownBatch, UnknownLine
from xiangyue.people.models import Relation, Resident
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import NoticeLine
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting
from xiangyue.scoring.refusals import OwnHousehold

TWICE = ReversalReason.POSTED_TWICE


@pytest.fixture
def line(cast: Cast) -> NoticeLine:
    """The first line of household 018 on a settled notice: 15 points."""
    notice = october(cast.village)
    settled(cast.village)
    return NoticeLine.objects.get(sheet__notice=notice, number=5)


@pytest.fixture
def batch(line: NoticeLine) -> Batch:
    return Transfer.objects.select_related("batch").get(line=line.pk).batch


def test_one_line_is_taken_back_and_logged(cast: Cast, line: NoticeLine, batch: Batch) -> None:
    done = reverse_posting(
        actor=cast.secretary, batch_id=batch.pk, line=line.pk, reason=ReversalReason.APPEAL, key="k"
    )
    assert (done.cause, done.cause_id, done.reason) == (Cause.REVERSAL, batch.pk, "appeal")
    found = balance(cast.village, "018")
    assert (found.honour, found.spendable) == (800, 800)
    logged = LoggedAct.objects.get(act="reverse")
    assert (logged.subject, logged.subject_id, logged.reason) == ("batch", done.pk, "appeal")
    assert logged.actor_id == cast.secretary.id
    assert ledger_faults() == []


def test_the_same_key_reverses_and_logs_once(cast: Cast, line: NoticeLine, batch: Batch) -> None:
    done, again = (
        reverse_posting(actor=cast.secretary, batch_id=batch.pk, line=line.pk, reason=TWICE, key="k")
        for _ in range(2)
    )
    assert done == again
    assert LoggedAct.objects.filter(act="reverse").count() == 1
    with pytest.raises(KeyReused):
        reverse_posting(actor=SYSTEM, batch_id=batch.pk, line=line.pk, reason=ReversalReason.APPEAL, key="k")
    with pytest.raises(AlreadyReversed):
        reverse_posting(actor=SYSTEM, batch_id=batch.pk, line=line.pk, reason=TWICE, key="other")
    with pytest.raises(IsReversal):
        reverse_posting(actor=SYSTEM, batch_id=done.pk, line=None, reason=TWICE, key="third")


def test_a_whole_batch_is_taken_back(cast: Cast, batch: Batch) -> None:
    reverse_posting(actor=cast.administrator, batch_id=batch.pk, line=None, reason=TWICE, key="k")
    assert balance(cast.village, "018").honour == 0
    assert Transfer.objects.filter(batch__cause=Cause.REVERSAL).count() == batch.transfers.count()


def test_only_who_may_settle_there_may_reverse(cast: Cast, line: NoticeLine, batch: Batch) -> None:
    for actor in (cast.grid_leader, cast.auditor, cast.supervisor, cast.neighbour, cast.outsider):
        with pytest.raises(NotAllowed):
            reverse_posting(actor=actor, batch_id=batch.pk, line=line.pk, reason=TWICE, key="k")
    assert not Batch.objects.filter(cause=Cause.REVERSAL).exists()


def test_nobody_reverses_what_is_their_own(cast: Cast, line: NoticeLine, batch: Batch) -> None:
    own = cast.household("018")
    Resident.objects.filter(user_id=cast.secretary.id).update(household=own, relation=Relation.OTHER)
    for number in (line.pk, None):
        with pytest.raises(OwnHousehold):
            reverse_posting(actor=cast.secretary, batch_id=batch.pk, line=number, reason=TWICE, key="k")


def test_what_is_not_there_is_not_reversed(cast: Cast, batch: Batch) -> None:
    with pytest.raises(UnknownBatch):
        reverse_posting(actor=SYSTEM, batch_id=10**9, line=None, reason=TWICE, key="k")
    with pytest.raises(UnknownLine):
        reverse_posting(actor=SYSTEM, batch_id=batch.pk, line=10**9, reason=TWICE, key="k")


def test_between_pools_it_is_for_whoever_may_settle_everywhere(cast: Cast) -> None:
    (holder,) = open_pools(count=1, kinds=[AccountKind.FUND, AccountKind.PAID])
    fund, paid = (pool_id(holder, kind) for kind in (AccountKind.FUND, AccountKind.PAID))
    currency = Account.objects.get(pk=fund).currency
    legs = [Leg(fund, paid, 100, currency=AccountKind.FUND.currency)]
    done = transfer(posting=posting("fund", Cause.FUNDING), legs=legs)
    assert currency == "CNY"
    with pytest.raises(NotAllowed):
        reverse_posting(actor=cast.secretary, batch_id=done.pk, line=1, reason=TWICE, key="k")
    reverse_posting(actor=cast.administrator, batch_id=done.pk, line=1, reason=TWICE, key="k")
