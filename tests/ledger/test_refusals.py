"""Every way in which the ledger says no: one row each. None of them leaves a trace."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.ledger.book import Book, points_of, posting, reversal
from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger import refusals
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause, Hold, Holder, Transfer
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.expiring import Carry, clear
from xiangyue.ledger.operations.holding import post_hold, void_hold
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.opening import open_households, set_floors
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import (
    AlreadyReversed,
    AmountIsZero,
    AmountNotPositive,
    CarryOutOfRange,
    CurrencyMixed,
    FloorsCrossed,
    HasOpenHolds,
    HoldEnded,
    HoldEndsInThePast,
    IsReversal,
    KeyReused,
    KeyTooLong,
    MoreThanHeld,
    MoreThanThere,
    NoAccount,
    NoReason,
    NoSuchAccount,
    NotEnoughPoints,
    SameHolder,
    UnknownBatch,
    UnknownHold,
    UnknownLine,
)


@dataclass(frozen=True)
class World:
    """A household with 400 points, 20 of them held; another one without any, and one that is closed."""

    book: Book
    household: int
    other: int
    closed: int
    held: int
    voided: int
    posted: int
    reversed: int
    reversal: int

    def split(self, from_id: int, to_id: int, spendable: int, key: str = "now") -> object:
        asked = posting(key, Cause.SPLIT)
        return split_points(posting=asked, from_id=from_id, to_id=to_id, spendable=spendable, honour=0)

    def close(self, holder_id: int) -> object:
        asked = posting("now", Cause.CLOSING)
        return close_holder(posting=asked, holder_id=holder_id, pool_id=self.book.left_id)

    def clear(self, key: str, carry: Carry) -> object:
        asked = posting(key, Cause.CLEARING)
        return clear(posting=asked, pool_id=self.book.cleared_id, holder_ids=[self.household], carry=carry)

    def reverse(self, batch_id: int, lines: list[int] | None = None, reason: str = "wrong") -> object:
        return reverse(posting=reversal("now", batch_id, reason), lines=lines)

    def pay_held(self, hold_id: int, amount: int | None = None, key: str = "now") -> object:
        return post_hold(posting=posting(key, Cause.ORDER), hold_id=hold_id, amount=amount)

    def move(self, *given: Leg, key: str = "now") -> object:
        return transfer(posting=posting(key, Cause.FUNDING), legs=given)


@pytest.fixture
def world(book: Book) -> World:
    household, other, closed = book.household(50_000), book.household(), book.household()
    posted = book.posted("posted", (household, 100), (other, -100), (other, 100)).pk
    book.pay("paid", household, 10_100)
    wrong = book.posted("wrong", (household, 100)).pk
    undone = reverse(posting=reversal("reversed", wrong)).pk
    close_holder(posting=posting("closed", Cause.CLOSING), holder_id=closed, pool_id=book.left_id)
    voided = book.hold("voided", household, 500).pk
    void_hold(hold_id=voided)
    held = book.hold("held", household, 2000).pk
    return World(book, household, other, closed, held, voided, posted, wrong, undone)


def stranger() -> int:
    return Holder.objects.create().pk


def hours(world: World) -> Leg:
    (holder_id,) = open_households(count=1, kinds=[AccountKind.HOURS])
    account = Account.objects.get(holder=holder_id).pk
    return Leg(points_of(world.household).pk, account, 100)


AGAIN = "这一笔（%s）已经办过，但内容和上次不一样。没有再记一次，请核对。"
CROSSED = "可用积分的下限不能高于0，也不能高于不可兑换的基础分。"
NO_POINTS = "这位持有者没有“积分”账户，或者已经销户。"

TABLE: list[tuple[type[Refusal], Callable[[World], object], str]] = [
    (KeyTooLong, lambda w: posting("k" * 121), "这一笔的编号太长，最多120个字。"),
    (KeyReused, lambda w: w.book.post("posted", (w.household, 999)), AGAIN % "posted"),
    (KeyReused, lambda w: w.book.post("posted", (w.household, 0)), AGAIN % "posted"),
    (KeyReused, lambda w: w.book.pay("paid", w.household, 999), AGAIN % "paid"),
    (KeyReused, lambda w: w.book.hold("held", w.household, 999), AGAIN % "held"),
    (KeyReused, lambda w: w.pay_held(w.held, key="paid"), AGAIN % "paid"),
    (KeyReused, lambda w: w.split(w.household, w.other, 100, key="paid"), AGAIN % "paid"),
    (KeyReused, lambda w: w.clear("paid", Carry()), AGAIN % "paid"),
    (KeyReused, lambda w: w.move(Leg(w.book.issued_id, w.book.left_id, 1), key="paid"), AGAIN % "paid"),
    (
        NotEnoughPoints,
        lambda w: w.book.pay("now", w.household, 38_050),
        "分不够：要380.5分，能兑换的只有380分。",
    ),
    (
        NotEnoughPoints,
        lambda w: w.book.hold("now", w.household, 38_050),
        "分不够：要380.5分，能兑换的只有380分。",
    ),
    (
        NotEnoughPoints,
        lambda w: w.move(Leg(points_of(w.household).pk, w.book.till_id, 38_050)),
        "分不够：要380.5分，能兑换的只有380分。",
    ),
    (NotEnoughPoints, lambda w: w.book.pay("now", w.closed, 1), "分不够：要0.01分，能兑换的只有0分。"),
    (
        NoAccount,
        lambda w: w.book.award("now", w.closed, 100),
        "有1户还没有积分账户，或者已经销户，一笔也没有记。",
    ),
    (
        NoAccount,
        lambda w: w.book.post("now", (w.household, 100), (stranger(), 100), (stranger(), -100)),
        "有2户还没有积分账户，或者已经销户，一笔也没有记。",
    ),
    (
        NoAccount,
        lambda w: w.book.post("now", (w.household, 100), (w.closed, 100)),
        "有1户还没有积分账户，或者已经销户，一笔也没有记。",
    ),
    (
        NoAccount,
        lambda w: w.move(Leg(w.book.issued_id, points_of(w.closed).pk, 100)),
        "有1户还没有积分账户，或者已经销户，一笔也没有记。",
    ),
    (AmountIsZero, lambda w: w.book.award("now", w.household, 0), "加分或扣分，分数不能是0。"),
    (AmountNotPositive, lambda w: w.book.pay("now", w.household, 0), "分数要大于0。"),
    (AmountNotPositive, lambda w: w.book.hold("now", w.household, -1), "分数要大于0。"),
    (AmountNotPositive, lambda w: w.pay_held(w.held, 0), "分数要大于0。"),
    (AmountNotPositive, lambda w: w.move(), "分数要大于0。"),
    (
        FloorsCrossed,
        lambda w: set_floors(holder_ids=[w.household], floor=-100, redeem_floor=-200),
        CROSSED,
    ),
    (
        FloorsCrossed,
        lambda _: open_households(count=1, floor=1),
        CROSSED,
    ),
    (NoSuchAccount, lambda w: w.book.pay("now", stranger(), 100), NO_POINTS),
    (NoSuchAccount, lambda w: w.book.hold("now", stranger(), 100), NO_POINTS),
    (NoSuchAccount, lambda w: w.split(w.household, w.closed, 100), NO_POINTS),
    (NoSuchAccount, lambda w: w.close(stranger()), NO_POINTS),
    (CurrencyMixed, lambda w: w.move(hours(w)), "两个账户记的不是同一样东西，不能互转。"),
    (UnknownHold, lambda w: w.pay_held(0), "没有这一笔预留。"),
    (UnknownHold, lambda _: void_hold(hold_id=0), "没有这一笔预留。"),
    (HoldEnded, lambda w: w.pay_held(w.voided), "这一笔预留已取消，不能再动。"),
    (
        HoldEndsInThePast,
        lambda w: w.book.hold("now", w.household, 100, clock.now()),
        "预留的到期时间已经过了。",
    ),
    (MoreThanHeld, lambda w: w.pay_held(w.held, 2001), "只预留了20分，不能记20.01分。"),
    (HasOpenHolds, lambda w: w.close(w.household), "这一户还有20分预留着，先兑付或取消，再办。"),
    (
        SameHolder,
        lambda w: w.move(Leg(w.book.issued_id, w.book.issued_id, 100)),
        "转出和转入是同一户。",
    ),
    (
        SameHolder,
        lambda w: merge_points(posting=posting("now", Cause.MERGE), from_id=w.other, to_id=w.other),
        "转出和转入是同一户。",
    ),
    (MoreThanThere, lambda w: w.split(w.household, w.other, 38_001), "要转出380.01分，只有380分。"),
    (UnknownBatch, lambda w: w.reverse(0), "没有这一笔账：0。"),
    (UnknownLine, lambda w: w.reverse(w.posted, [2, 4]), "这一笔账里没有第4条。"),
    (AlreadyReversed, lambda w: w.reverse(w.reversed), "第1条已经冲正过，不能再冲。"),
    (IsReversal, lambda w: w.reverse(w.reversal), "这一笔本身就是冲正，不能再冲正；要恢复，请另记一笔。"),
    (NoReason, lambda w: w.reverse(w.posted, reason=""), "请写明原因。"),
    (
        CarryOutOfRange,
        lambda w: w.clear("now", Carry(percent=101)),
        "结转比例要在0到100之间，保留的分不能是负数。",
    ),
]


def traces() -> tuple[object, ...]:
    rows = (model.objects.order_by("pk").values_list() for model in (Batch, Transfer, Hold))
    accounts = Account.objects.exclude(kind=AccountKind.HOURS).order_by("pk").values_list()
    return [list(each) for each in rows], list(accounts)


@pytest.mark.parametrize(
    ("refusal", "attempt", "sentence"),
    TABLE,
    ids=[f"{place}-{row[0].code}" for place, row in enumerate(TABLE)],
)
def test_the_ledger_says_no(
    world: World, refusal: type[Refusal], attempt: Callable[[World], object], sentence: str
) -> None:
    before = traces()
    with pytest.raises(refusal) as caught:
        attempt(world)
    assert str(caught.value) == sentence
    assert traces() == before


def test_the_table_has_every_refusal_of_the_ledger() -> None:
    known = {each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)}
    assert {refusal for refusal, _attempt, _sentence in TABLE} == known - {Refusal}


def test_each_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in {row[0] for row in TABLE}]
    assert len(set(codes)) == len(codes)
