import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.auditor.month import CORRECTED, OCTOBER, RELEASED, SETTLED, first_line
from tests.cast import Cast
from tests.ledger.book import queries_of
from tests.redemption.shop import NOODLES, Counter
from xiangyue.insight.proofs import transfers_of
from xiangyue.insight.trace import SHOWN, Opened, Settled, Sold, Trace, trace
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.ids import check_code
from xiangyue.ledger.models import Account, AccountKind, Batch, Book, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.expiring import expire_points
from xiangyue.ledger.operations.moving import split_points
from xiangyue.ledger.operations.opening import common_pool
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import lots_of, pool_id
from xiangyue.ledger.refusals import UnknownBatch, UnknownLine
from xiangyue.people.models import Household, Unit
from xiangyue.people.openings_form import openings_workbook
from xiangyue.people.operations.openings import import_openings
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import Evidence, NoticeLine
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting

DAY = date(2026, 11, 2)


def traced(line: NoticeLine) -> Trace:
    """Trace the posting of a notice line."""
    found = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    return trace(found.batch_id, found.line)


# Back


def test_a_settled_line_leads_to_notice_deed_rule_and_decision(month: Unit) -> None:
    line = first_line(month, RELEASED)
    found = traced(line)
    share, deed = line.share, line.share.deed
    assert (found.cause, found.day, found.amount, found.book) == (
        Cause.SETTLEMENT,
        SETTLED,
        line.points,
        Book.BOTH,
    )
    assert (found.credit.number, found.credit.name, found.credit.kind) == (RELEASED, month.name, "points")
    assert (found.debit.number, found.debit.name, found.debit.kind) == ("", month.name, "issued")
    why = found.why
    assert isinstance(why, Settled)
    assert (why.unit, why.period, why.edition, why.sheet) == (
        month.name,
        str(OCTOBER),
        line.sheet.notice.edition,
        line.sheet.position,
    )
    assert (why.line, why.points, why.name) == (line.number, line.points, f"第10期第{line.number}条")
    assert why.sheet_code == check_code(line.sheet.digest)
    assert (why.deed, why.deed_day, why.sentence) == (deed.pk, deed.day, share.sentence)
    assert (why.indicator, why.title) == (deed.indicator.number, deed.indicator.title)
    assert why.rule.startswith("每")
    assert (why.catalogue, why.in_force_from) == (
        deed.indicator.catalogue.name,
        deed.indicator.catalogue.in_force_from,
    )
    decision = why.decision
    assert decision
    meeting = share.decision.meeting
    assert meeting
    assert (decision.meeting, decision.held_on) == (meeting.pk, meeting.held_on)
    assert decision.present == meeting.attendances.count() > 0
    assert decision.decided_by == share.decision.decided_by.name
    assert (found.title, found.detail) == (deed.indicator.title, why.name)
    assert found.households == (line.household_id,)


def test_evidence_is_named_by_name_and_digest(month: Unit) -> None:
    line = first_line(month, RELEASED)
    files = [store_file(name=f"{n}.jpg", content=n.encode()) for n in ("甲", "乙")]
    for file in files:
        Evidence.objects.create(deed=line.share.deed, file=file)
    why = traced(line).why
    assert isinstance(why, Settled)
    assert why.evidence == tuple((file.name, file.sha256) for file in files)


def test_a_corrected_line_says_what_it_was_before(month: Unit) -> None:
    line = first_line(month, CORRECTED)
    why = traced(line).why
    assert isinstance(why, Settled)
    assert line.replaces
    assert (why.edition, why.points, why.replaced) == (2, line.points, line.replaces.points)


def test_an_order_leads_to_its_goods(month: Unit) -> None:
    order = Order.objects.filter(household__number=RELEASED).earliest("id")
    assert order.batch_id
    found = trace(order.batch_id, order.pk)
    assert found.why == Sold(str(order.public_id), order.shop.name, order.sold_on, order.total, "洗衣液2千克")
    assert (found.debit.number, found.credit.name, found.credit.kind) == (
        RELEASED,
        order.shop.name,
        "redeemed",
    )
    assert (found.uses, found.left, found.by) == ((), None, "仓有余")


def test_an_opening_leads_to_its_file(cast: Cast) -> None:
    report = open_with(cast, [("018", "", "7", "5", "")])
    found = trace(report.batches[1], cast.household("018").pk)
    file = StoredFile.objects.get(pk=report.file)
    assert found.why == Opened(file.pk, "期初.xlsx", file.sha256, DAY)
    assert (found.debit.kind, found.left) == ("opening", 500)
    honour = trace(report.batches[0], cast.household("018").pk)
    assert (honour.book, honour.amount, honour.left, honour.uses) == (Book.HONOUR, 700, None, ())


def test_a_reversal_leads_to_what_it_reverses_and_back(month: Unit) -> None:
    line = first_line(month, RELEASED)
    first = traced(line)
    done = reverse_posting(
        actor=SYSTEM, batch_id=first.batch_id, line=first.line, reason=ReversalReason.APPEAL, key="k"
    )
    found = trace(done.pk, line.pk)
    assert found.reverses
    assert (found.reverses.batch_id, found.reverses.line) == (first.batch_id, first.line)
    assert isinstance(found.reverses.why, Settled)
    assert found.reverses.reversed_by == (done.pk, line.pk)
    assert (found.reason, found.why, found.left, found.by) == ("appeal", None, None, "系统")
    assert found.title == f"冲正：{line.share.deed.indicator.title}"
    assert (found.reverses.uses, found.reverses.left) == ((), None)
    again = trace(first.batch_id, first.line)
    assert again.reversed_by == (done.pk, line.pk)


def test_what_moved_between_households_names_both(cast: Cast) -> None:
    open_with(cast, [("018", "", "7", "5", "")])
    first, second = cast.household("018"), cast.household("004")
    posting = Posting("split", Cause.SPLIT, 1, SYSTEM, DAY)
    moved = split_points(
        posting=posting, from_id=first.holder_id, to_id=second.holder_id, spendable=300, honour=0
    )
    assert moved
    found = trace(moved.pk, 1)
    assert (found.debit.number, found.credit.number) == ("018", "004")
    assert found.households == tuple(sorted((first.pk, second.pk)))
    assert (found.title, found.detail, found.why) == ("分户", "和018号户", None)


def test_every_line_of_a_ledgers_life_can_be_traced(month: Unit) -> None:
    """Whatever its cause is, in words and as plain data."""
    newest: dict[str, Transfer] = {}
    for transfer in Transfer.objects.select_related("batch").order_by("batch_id", "line"):
        newest[f"{transfer.batch.cause} {transfer.book} {transfer.currency}"] = transfer
    assert {key.split()[0] for key in newest} >= set(Cause.values) - {"merge", "closing"}
    for transfer in newest.values():
        found = trace(transfer.batch_id, transfer.line)
        assert found.title
        json.dumps(found.as_dict(), default=str)


def test_what_is_not_there_is_refused(month: Unit) -> None:
    first = Batch.objects.earliest("id")
    with pytest.raises(UnknownLine):
        trace(first.pk, 10**9)
    with pytest.raises(UnknownBatch):
        trace(10**9, 1)


# Forward


def open_with(cast: Cast, rows: list[tuple[str, ...]]) -> Any:
    return import_openings(
        actor=SYSTEM, village_id=cast.village.pk, content=openings_workbook(rows), name="期初.xlsx"
    )


class Purse:
    """A household whose credits and debits are made one by one, each named by a letter."""

    def __init__(self, cast: Cast) -> None:
        self.counter = Counter.open(cast)
        self.household = cast.household("018")
        assert cast.village.holder_id
        self.pool = pool_id(cast.village.holder_id, AccountKind.ISSUED)
        self.account = Account.objects.get(holder=self.household.holder_id, kind=AccountKind.POINTS).pk
        self.names: dict[tuple[int, int], str] = {}

    def credit(self, name: str, amount: int, last: date | None = None) -> None:
        posting = Posting(f"x:{name}", Cause.GRANT, 1, SYSTEM, clock.today(), expires_on=last)
        batch = post_lines(
            posting=posting,
            pool_id=self.pool,
            lines=[(1, self.household.holder_id, amount)],
            book=Book.SPENDABLE,
        )
        assert batch
        self.names[batch.pk, 1] = name

    def buy(self, name: str, bags: int) -> None:
        """Noodles at 30 points."""
        order = self.counter.sell("018", {self.counter.noodles: bags}, key=name).order
        assert order.batch_id
        self.names[order.batch_id, order.pk] = name

    def uses(self, name: str) -> dict[str, int]:
        found = self.trace(name)
        return {self.names[use.batch_id, use.line]: use.amount for use in found.uses}

    def trace(self, name: str) -> Trace:
        (place,) = (place for place, known in self.names.items() if known == name)
        return trace(*place)


@pytest.fixture
def purse(cast: Cast) -> Purse:
    return Purse(cast)


def test_first_in_is_first_out(purse: Purse) -> None:
    for name in "ABC":
        purse.credit(name, 4000)
    purse.buy("one", 2)
    purse.buy("two", 1)
    assert [purse.uses(name) for name in "ABC"] == [{"one": 4000}, {"one": 2000, "two": 2000}, {"two": 1000}]
    assert [purse.trace(name).left for name in "ABC"] == [0, 0, 3000]
    (use,) = purse.trace("A").uses
    assert (use.title, use.detail, use.day) == ("兑换 挂面礼包×2", purse.counter.shop.name, DAY)


def test_what_expires_first_is_used_first(purse: Purse) -> None:
    purse.credit("never", 3000)
    purse.credit("late", 3000, date(2027, 12, 31))
    purse.credit("soon", 3000, date(2026, 12, 31))
    purse.buy("one", 1)
    purse.buy("two", 1)
    assert [purse.uses(name) for name in ("soon", "late", "never")] == [{"one": 3000}, {"two": 3000}, {}]
    left = {name: purse.trace(name).left for name in ("soon", "late", "never")}
    assert lots_of([purse.account])[purse.account] == [(None, 3000)]
    assert left == {"soon": 0, "late": 0, "never": 3000}


def test_what_runs_out_is_a_use_too(purse: Purse) -> None:
    purse.credit("soon", 3000, date(2026, 12, 31))
    purse.credit("never", 1000)
    with clock.as_of(date(2027, 1, 1)):
        (batch,) = expire_points(actor=SYSTEM, pool_id=common_pool(kind=AccountKind.EXPIRED))
    (use,) = purse.trace("soon").uses
    assert (use.batch_id, use.amount, use.title) == (batch.pk, 3000, "积分到期")
    assert (purse.uses("never"), purse.trace("never").left) == ({}, 1000)


def test_what_was_taken_back_counts_no_more(purse: Purse) -> None:
    for name in "AB":
        purse.credit(name, 4000)
    purse.buy("one", 1)
    purse.buy("two", 1)
    assert purse.uses("B") == {"two": 2000}
    undo(purse, "one")
    assert [purse.uses(name) for name in "AB"] == [{"two": 3000}, {}]
    undo(purse, "A")
    assert [purse.uses(name) for name in "AB"] == [{}, {"two": 3000}]
    assert (purse.trace("A").left, purse.trace("B").left) == (None, 1000)


def undo(purse: Purse, name: str) -> None:
    (place,) = (place for place, known in purse.names.items() if known == name)
    batch, line = place
    reverse_posting(
        actor=SYSTEM, batch_id=batch, line=line, reason=ReversalReason.TILL_ERROR, key=f"undo:{name}"
    )


def test_many_uses_are_summed_and_the_first_shown(purse: Purse) -> None:
    purse.credit("A", 100_000)
    purse.counter.receive(replace(NOODLES, quantity=30), key="more")
    for number in range(SHOWN + 3):
        purse.buy(f"{number}", 1)
    found = purse.trace("A")
    assert (len(found.uses), found.use_count, found.used) == (SHOWN, SHOWN + 3, (SHOWN + 3) * 3000)
    assert found.left == 100_000 - found.used


def test_left_is_what_the_ledger_says_is_left(month: Unit) -> None:
    """Over all credits of a household, by last day of use, after two months of everything."""
    for household in Household.objects.filter(number__in=(RELEASED, CORRECTED, "038")):
        account = Account.objects.get(holder=household.holder_id, kind=AccountKind.POINTS)
        left: dict[date | None, int] = {}
        for transfer in transfers_of(account.pk):
            found = trace(transfer.batch_id, transfer.line)
            if transfer.credit_id == account.pk and found.left:
                left[transfer.expires_on] = left.get(transfer.expires_on, 0) + found.left
        assert left == dict(lots_of([account.pk]).get(account.pk, []))


@pytest.mark.parametrize("which", ["A", "one"])
def test_much_history_costs_as_many_queries_as_little(purse: Purse, which: str) -> None:
    purse.credit("A", 100_000)
    purse.counter.receive(replace(NOODLES, quantity=30), key="more")
    purse.buy("one", 1)
    little = queries_of(lambda: purse.trace(which))
    for number in range(25):
        purse.credit(f"c{number}", 100)
        purse.buy(f"b{number}", 1)
    assert queries_of(lambda: purse.trace(which)) == little
    assert little < 20
