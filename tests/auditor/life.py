"""What a ledger lives through in a month besides settlements and sales: a roll of the ledger's operations.

Most of it happens to holders of their own, behind whom nobody stands: the ledger knows no people.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import F

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, AccountKind, Book, Cause, Currency, Hold, Transfer
from xiangyue.ledger.operations.batches import Leg, Posting
from xiangyue.ledger.operations.expiring import Carry, clear, expire_points
from xiangyue.ledger.operations.holding import expire_holds, hold, post_hold, void_hold
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Household, Unit
from xiangyue.records.models import StoredFile
from xiangyue.redemption.models import Good, Order, OrderLine, Shop, StockMove

OPENED = date(2026, 10, 11)
HOLDS_END = clock.noon(date(2026, 10, 13))
FIRST_LAST_DAY, SECOND_LAST_DAY = date(2026, 10, 20), date(2026, 10, 25)
POOLS = (
    AccountKind.OPENING,
    AccountKind.EXPIRED,
    AccountKind.CLEARED,
    AccountKind.LEFT,
    AccountKind.SERVED,
    AccountKind.FUND,
    AccountKind.PAID,
)


class Life:
    """The holders and pools that it happens to, by what happens to them."""

    def __init__(self, village: Unit, *, leave_alone: Sequence[str]) -> None:
        assert village.holder_id
        self.shop = Shop.objects.get()
        self.till = pool_id(self.shop.holder_id, AccountKind.REDEEMED)
        self.issued = pool_id(village.holder_id, AccountKind.ISSUED)
        (pools,) = open_pools(count=1, kinds=POOLS)
        self.pool = {kind: pool_id(pools, kind) for kind in POOLS}
        kinds = (AccountKind.POINTS, AccountKind.HOURS)
        opened = open_households(count=7, kinds=kinds, redeem_floor=500)
        self.keeper, self.losing, self.undone, self.new, self.merged, self.gone, self.reset = opened
        self.opened = opened
        points = Account.objects.filter(kind=AccountKind.POINTS, balance__gte=2500)
        households = Household.objects.exclude(number__in=leave_alone)
        self.buyer, self.corrected = households.filter(holder__in=points.values("holder"))[:2]

    def live(self) -> None:
        """Take the ledger from OPENED to the end of the month; what happens last is left without a seal."""
        for day, happening in (
            (OPENED, self._open),
            (date(2026, 10, 12), self._hold),
            (date(2026, 10, 14), expire_holds),
            (date(2026, 10, 21), self._expire),
            (date(2026, 10, 22), self._reverse),
            (date(2026, 10, 23), self._move),
            (date(2026, 10, 26), self._expire),
            (date(2026, 10, 30), self._clear),
        ):
            with clock.as_of(day):
                happening()
                seal_all()

    def _open(self) -> None:
        file = StoredFile.objects.earliest("id").pk
        for book in (Book.SPENDABLE, Book.HONOUR):
            self._post(Cause.OPENING, file, self.pool[AccountKind.OPENING], 10_000, book, FIRST_LAST_DAY)
        self._post(Cause.GRANT, 1, self.issued, 3000, Book.SPENDABLE, SECOND_LAST_DAY)
        self._post(Cause.GRANT, 2, self.issued, 1500, Book.SPENDABLE, None)

    def _post(
        self, cause: Cause, cause_id: int, pool: int, amount: int, book: Book, last: date | None
    ) -> None:
        posting = Posting(
            f"{cause}:{cause_id}:{book}", cause, cause_id, SYSTEM, clock.today(), expires_on=last
        )
        lines = [(number, holder, amount) for number, holder in enumerate(self.opened, start=1)]
        post_lines(posting=posting, pool_id=pool, lines=lines, book=book)

    def _hold(self) -> None:
        """Four are held: one until long after, one to be voided, one to expire, one that is paid in part."""
        for key, ends in (
            ("kept", clock.noon(date(2026, 12, 1))),
            ("voided", HOLDS_END),
            ("expired", HOLDS_END),
        ):
            posting = self._posting(f"hold:{key}", Cause.ORDER, 0)
            hold(posting=posting, holder_id=self.keeper, pool_id=self.till, amount=700, ends_at=ends)
        void_hold(hold_id=Hold.objects.get(key="life:hold:voided").pk)
        order = self._order(Good.objects.earliest("id"))
        held = hold(
            posting=self._posting("hold:order", Cause.ORDER, order.pk),
            holder_id=self.buyer.holder_id,
            pool_id=self.till,
            amount=order.total + 100,
            ends_at=HOLDS_END,
        )
        posting = self._posting("paid", Cause.ORDER, order.pk)
        order.batch = post_hold(posting=posting, hold_id=held.pk, amount=order.total)
        order.save()

    def _order(self, good: Good) -> Order:
        order = Order.objects.create(
            shop=self.shop,
            household=self.buyer,
            total=good.price,
            sold_on=clock.today(),
            sold_at=clock.now(),
            sold_by_kind=SYSTEM.kind,
            sold_by_id=SYSTEM.id,
            key="reserved",
            input_hash="",
        )
        OrderLine.objects.create(order=order, good=good, quantity=1, price=good.price)
        StockMove.objects.create(good=good, change=-1, order=order, at=clock.now(), key="reserved")
        Good.objects.filter(id=good.pk).update(stock=F("stock") - 1)
        return order

    def _expire(self) -> None:
        expire_points(actor=SYSTEM, pool_id=self.pool[AccountKind.EXPIRED])

    def _reverse(self) -> None:
        """Undo a settled line, a grant that went on since, and an expiry, which the next one takes again."""
        self._undo(Cause.SETTLEMENT, credit__holder=self.corrected.holder_id)
        split_points(
            posting=self._posting("split", Cause.SPLIT),
            from_id=self.undone,
            to_id=self.new,
            spendable=4500,
            honour=1000,
        )
        self._undo(Cause.GRANT, credit__holder=self.undone)
        self._undo(Cause.EXPIRY, debit__holder=self.losing)

    def _undo(self, cause: Cause, **which: int) -> None:
        first = Transfer.objects.filter(batch__cause=cause, **which).earliest("batch", "line")
        posting = self._posting(f"undo:{cause}", Cause.REVERSAL, first.batch_id, "wrong-household")
        reverse(posting=posting, lines=[first.line])

    def _move(self) -> None:
        merge_points(posting=self._posting("merge", Cause.MERGE), from_id=self.merged, to_id=self.new)
        left = self.pool[AccountKind.LEFT]
        close_holder(posting=self._posting("close", Cause.CLOSING), holder_id=self.gone, pool_id=left)
        hours = Account.objects.get(holder_id=self.keeper, kind=AccountKind.HOURS).pk
        served = Leg(self.pool[AccountKind.SERVED], hours, 90, currency=Currency.HOUR)
        transfer(posting=self._posting("served", Cause.SERVICE), legs=[served])
        paid = Leg(self.pool[AccountKind.FUND], self.pool[AccountKind.PAID], 12_000, currency=Currency.CNY)
        transfer(posting=self._posting("paid from the fund", Cause.FUNDING), legs=[paid])

    def _clear(self) -> None:
        clear(
            posting=self._posting("clear", Cause.CLEARING),
            pool_id=self.pool[AccountKind.CLEARED],
            holder_ids=[self.reset],
            carry=Carry(percent=50),
        )

    def _posting(self, key: str, cause: Cause, cause_id: int = 0, reason: str = "") -> Posting:
        return Posting(f"life:{key}", cause, cause_id, SYSTEM, clock.today(), reason)
