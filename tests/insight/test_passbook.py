from datetime import date, timedelta

import pytest

from tests.auditor.month import (
    CORRECTED,
    DISPUTED,
    HUNG,
    OCTOBER,
    RELEASED,
    SEPTEMBER,
    SETTLED,
    actor,
    first_line,
)
from tests.cast import Cast
from tests.insight.filling import fill
from tests.ledger.book import queries_of
from xiangyue.insight.passbook import Passbook, line_name, passbook
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import AccountKind, Batch, Book, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.expiring import Carry, clear, expire_points
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points
from xiangyue.ledger.operations.opening import common_pool
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.queries import balances_of, pool_id
from xiangyue.people.models import Household, Unit
from xiangyue.people.openings_form import openings_workbook
from xiangyue.people.operations.openings import import_openings
from xiangyue.people.queries import household_by_number
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import (
    Objection,
)
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting
from xiangyue.scoring.operations.objections import dismiss_objection
from xiangyue.scoring.operations.settlement import settle_due


def book_of(village: Unit, number: str) -> Passbook:
    return passbook(household_by_number(village=village, number=number))


def test_every_posted_line_says_why_and_what_was_left(month: Unit) -> None:
    book = book_of(month, RELEASED)
    assert book.household.number == RELEASED
    released = first_line(month, RELEASED)
    newest = book.posted[0]
    assert (newest.day, newest.kind, newest.points) == (SETTLED, "gain", released.points)
    assert newest.title == released.share.deed.indicator.title
    assert newest.detail == line_name(released) == f"第10期第{released.number}条"
    assert newest.sentence == released.share.sentence != ""
    category = released.share.deed.indicator.category
    assert (newest.category, newest.category_index) == (category.name, category.position)
    assert (
        newest.after
        == book.balances.spendable
        == balances_of([book.household.holder_id])[book.household.holder_id].spendable
    )


def test_what_was_left_is_the_sum_of_the_lines_so_far(month: Unit) -> None:
    book = book_of(month, RELEASED)
    left = 0
    for line in reversed(book.posted):
        left += line.points
        assert line.after == left
    assert left == book.balances.spendable
    assert [line.day for line in book.posted] == sorted((line.day for line in book.posted), reverse=True)


def test_a_redemption_says_what_was_got_and_where(month: Unit) -> None:
    (spent,) = (line for line in book_of(month, RELEASED).posted if line.kind == "spend")
    assert (spent.title, spent.detail, spent.sentence) == ("兑换 洗衣液2千克", "大罗村积分超市", "")
    assert (spent.day, spent.points) == (date(2026, 10, 10), -2000)


def test_a_deduction_is_a_loss_in_full_even_if_it_is_owed(month: Unit) -> None:
    owing = Household.objects.get(holder__accounts__arrears=500)
    book = passbook(owing)
    loss = next(line for line in book.posted if line.kind == "loss")
    assert loss.points == -1000
    assert (book.balances.arrears, book.balances.spendable, loss.after) == (500, 0, 0)


def test_a_corrected_line_stands_once_as_it_was_corrected(month: Unit) -> None:
    corrected = first_line(month, CORRECTED)
    assert corrected.replaces
    book = book_of(month, CORRECTED)
    (line,) = (line for line in book.posted if line.detail == line_name(corrected))
    assert line.points == corrected.points == corrected.replaces.points + 500
    assert book.pending == []


def test_what_is_objected_to_is_pending_and_held(month: Unit) -> None:
    book = book_of(month, DISPUTED)
    assert book.pending
    for pending in book.pending:
        deed = pending.line.share.deed
        assert pending.held
        assert (pending.title, pending.points) == (deed.indicator.title, pending.line.points)
        assert pending.sentence == pending.line.share.sentence != ""
        category = deed.indicator.category
        assert (pending.category, pending.category_index) == (category.name, category.position)
        assert pending.posts_on == HUNG + timedelta(days=5)
    assert book.pending_points == sum(line.points for line in book.pending)
    noticed = {line_name(pending.line) for pending in book.pending}
    assert noticed.isdisjoint(line.detail for line in book.posted)


def test_once_it_is_answered_it_is_no_longer_held_and_then_posted(month: Unit) -> None:
    pending = len(book_of(month, DISPUTED).pending)
    posted = len(book_of(month, DISPUTED).posted)
    objection = Objection.objects.get(state="open")
    dismiss_objection(actor=actor("竹有节"), objection_id=objection.pk, answer="没有记错")
    book = book_of(month, DISPUTED)
    assert [line.held for line in book.pending] == [False] * pending
    settle_due(actor=actor("柳成荫"), unit_id=month.pk)
    book = book_of(month, DISPUTED)
    assert (len(book.pending), len(book.posted)) == (0, posted + pending)


def test_a_pending_line_says_what_happened_when_and_who_did_it(month: Unit) -> None:
    pending = book_of(month, DISPUTED).pending[0]
    share = pending.line.share
    assert share.resident
    parts = [f"{share.deed.day.month}月{share.deed.day.day}日", share.resident.name, share.deed.description]
    assert pending.detail == "，".join(part for part in parts if part)


def test_a_household_of_a_village_without_a_notice_has_an_empty_book(month: Unit) -> None:
    elsewhere = Unit.objects.get(code="440783104221")
    (stranger,) = Household.objects.filter(number="038")
    Household.objects.filter(id=stranger.pk).update(village=elsewhere)
    book = book_of(elsewhere, "038")
    assert (book.pending, book.posted, book.pending_points) == ([], [], 0)


@pytest.mark.parametrize("period", [SEPTEMBER, OCTOBER])
def test_lines_are_named_by_month_and_number(month: Unit, period: Period) -> None:
    line = first_line(month, RELEASED, period)
    assert line_name(line) == f"第{period.month}期第{line.number}条"


def test_a_hundred_lines_cost_as_many_queries_as_one(month: Unit) -> None:
    short, long = (Household.objects.get(number=number) for number in ("038", "049"))
    fill(month, short, posted=1, pending=1, orders=1)
    fill(month, long, posted=100, pending=100, orders=10)
    books = passbook(short), passbook(long)
    assert (len(books[0].posted), len(books[0].pending)) == (2, 1)
    assert (len(books[1].posted) > 110, len(books[1].pending)) == (True, 100)
    assert queries_of(lambda: passbook(long).posted) == queries_of(lambda: passbook(short).posted)
    assert queries_of(lambda: passbook(long)) == queries_of(lambda: passbook(short))


# What else moves points


def posted(household: Household) -> list[tuple[str, str, int, int, int]]:
    return [
        (line.title, line.detail, line.points, line.honour, line.after) for line in passbook(household).posted
    ]


def posting_for(cause: Cause, key: str = "one") -> Posting:
    return Posting(f"{cause}:{key}", cause, 1, SYSTEM, clock.today())


def give(
    cast: Cast, cause: Cause, amount: int, book: Book, *, number: str = "018", last: date | None = None
) -> Batch:
    assert cast.village.holder_id
    posting = Posting(f"{cause}:{amount}:{book}", cause, 1, SYSTEM, clock.today(), expires_on=last)
    done = post_lines(
        posting=posting,
        pool_id=pool_id(cast.village.holder_id, AccountKind.ISSUED),
        lines=[(1, cast.household(number).holder_id, amount)],
        book=book,
    )
    assert done
    return done


def test_an_opening_is_told_book_by_book(cast: Cast) -> None:
    content = openings_workbook([("018", "", "120.5", "20", "")])
    import_openings(actor=SYSTEM, village_id=cast.village.pk, content=content, name="期初.xlsx")
    assert posted(cast.household("018")) == [
        ("以前的积分", "用这套系统以前攒下的", 2000, 0, 2000),
        ("以前的积分", "用这套系统以前攒下的　荣誉积分+120.5分", 0, 12_050, 0),
    ]
    assert {line.kind for line in passbook(cast.household("018")).posted} == {"other"}


def test_what_runs_out_and_what_is_cleared_say_so(cast: Cast) -> None:
    give(cast, Cause.GRANT, 1000, Book.SPENDABLE, last=date(2026, 11, 30))
    give(cast, Cause.GRANT, 500, Book.BOTH)
    expired, cleared = (common_pool(kind=kind) for kind in (AccountKind.EXPIRED, AccountKind.CLEARED))
    with clock.as_of(date(2026, 12, 1)):
        expire_points(actor=SYSTEM, pool_id=expired)
    holder = cast.household("018").holder_id
    clear(posting=posting_for(Cause.CLEARING), pool_id=cleared, holder_ids=[holder], carry=Carry())
    assert posted(cast.household("018")) == [
        ("积分清零", "按方案清零，荣誉积分不变", -500, 0, 0),
        ("积分到期", "过了使用期限，没有用完", -1000, 0, 500),
        ("基础分", "按方案给每户的", 500, 500, 1500),
        ("基础分", "按方案给每户的", 1000, 0, 1000),
    ]


def test_what_moves_between_households_is_one_line_that_names_the_other(cast: Cast) -> None:
    """However many lots it takes."""
    first, second, third = (cast.household(number) for number in ("018", "004", "013"))
    for amount in (1000, 2000):
        give(cast, Cause.GRANT, amount, Book.BOTH, last=date(2026, 12, amount // 100))
    split = posting_for(Cause.SPLIT)
    split_points(posting=split, from_id=first.holder_id, to_id=second.holder_id, spendable=2500, honour=500)
    merge_points(posting=posting_for(Cause.MERGE), from_id=second.holder_id, to_id=third.holder_id)
    assert posted(first)[0] == ("分户", "和004号户　荣誉积分−5分", -2500, -500, 500)
    assert posted(second) == [
        ("并户", "和013号户　荣誉积分−5分", -2500, -500, 0),
        ("分户", "和018号户　荣誉积分+5分", 2500, 500, 2500),
    ]
    assert posted(third) == [("并户", "和004号户　荣誉积分+5分", 2500, 500, 2500)]


def test_a_closed_household_says_what_was_left(cast: Cast) -> None:
    give(cast, Cause.GRANT, 1000, Book.BOTH)
    left = common_pool(kind=AccountKind.LEFT)
    close_holder(posting=posting_for(Cause.CLOSING), holder_id=cast.household("018").holder_id, pool_id=left)
    assert posted(cast.household("018"))[0] == ("销户", "销户时剩下的", -1000, -1000, 0)


def test_a_reversal_names_what_it_takes_back_and_why(month: Unit) -> None:
    line = first_line(month, RELEASED)
    order = Order.objects.filter(household__number=RELEASED).earliest("id")
    settled = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    assert order.batch_id
    for batch, number in ((settled.batch_id, line.pk), (order.batch_id, order.pk)):
        reverse_posting(
            actor=SYSTEM, batch_id=batch, line=number, reason=ReversalReason.APPEAL, key=f"undo:{batch}"
        )
    sold, taken = passbook(line.household).posted[:2]
    title = line.share.deed.indicator.title
    assert (taken.title, taken.points, taken.honour) == (f"冲正：{title}", -line.points, -line.points)
    assert taken.detail == f"{line_name(line)}　撤回11月8日记的这一笔：申诉成立"
    assert (taken.kind, taken.sentence) == ("other", "")
    assert (sold.title, sold.points, sold.honour) == ("冲正：兑换 洗衣液2千克", order.total, 0)
    assert sold.detail == "大罗村积分超市　撤回10月10日记的这一笔：申诉成立"


def test_a_reason_of_another_age_is_told_as_it_is(cast: Cast) -> None:
    batch = give(cast, Cause.GRANT, 1000, Book.BOTH)
    reverse(posting=Posting("k", Cause.REVERSAL, batch.pk, SYSTEM, clock.today(), reason="slip"))
    assert posted(cast.household("018"))[0][:2] == (
        "冲正：基础分",
        "按方案给每户的　撤回11月2日记的这一笔：slip",
    )


def test_a_hundred_lines_of_every_kind_cost_as_many_queries_as_one(month: Unit) -> None:
    """What was moved, split and reversed is looked up at once too."""
    assert month.holder_id
    pool = pool_id(month.holder_id, AccountKind.ISSUED)
    numbers = ("038", "049", "050")
    short, long, other = (Household.objects.get(village=month, number=number) for number in numbers)
    for household, count in ((short, 1), (long, 40)):
        fill(month, household, posted=count, pending=1, orders=1)
        for number in range(count):
            key = f"{household.pk}:{number}"
            batch = post_lines(
                posting=posting_for(Cause.GRANT, key), pool_id=pool, lines=[(1, household.holder_id, 500)]
            )
            assert batch
            posting = Posting(f"r:{key}", Cause.REVERSAL, batch.pk, SYSTEM, clock.today(), reason="appeal")
            reverse(posting=posting)
            ends = {"from_id": household.holder_id, "to_id": other.holder_id}
            split_points(posting=posting_for(Cause.SPLIT, key), **ends, spendable=100, honour=100)
    assert len(passbook(long).posted) > 4 * 39 > len(passbook(short).posted)
    assert queries_of(lambda: passbook(long).posted) == queries_of(lambda: passbook(short).posted)
