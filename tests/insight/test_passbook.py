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
from tests.ledger.book import queries_of
from xiangyue.insight.passbook import Passbook, line_name, passbook
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_awards
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Unit
from xiangyue.people.queries import household_by_number
from xiangyue.redemption.models import Good, Shop
from xiangyue.redemption.operations import redeem
from xiangyue.scoring.models import (
    Decision,
    Deed,
    NoticeLine,
    NoticeTotal,
    Objection,
    Settlement,
    Share,
)
from xiangyue.scoring.operations.objections import dismiss_objection
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.queries import notice_of


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
    assert newest.category_index == released.share.deed.indicator.category.position
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
    owing = Household.objects.get(holder__accounts__kind="arrears", holder__accounts__balance=-500)
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
        assert pending.category_index == deed.indicator.category.position
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


def test_the_rank_is_that_of_the_newest_edition(month: Unit) -> None:
    newest = notice_of(month, OCTOBER)
    assert newest.edition == 2
    totals = NoticeTotal.objects.filter(household__number=RELEASED)
    assert book_of(month, RELEASED).rank == totals.get(sheet__notice=newest).rank
    totals.filter(sheet__notice=newest).update(rank=77)
    totals.exclude(sheet__notice=newest).update(rank=66)
    assert book_of(month, RELEASED).rank == 77


def test_a_household_of_a_village_without_a_notice_has_an_empty_book(month: Unit) -> None:
    elsewhere = Unit.objects.get(code="440783104221")
    (stranger,) = Household.objects.filter(number="038")
    Household.objects.filter(id=stranger.pk).update(village=elsewhere)
    book = book_of(elsewhere, "038")
    assert (book.pending, book.posted, book.rank, book.pending_points) == ([], [], None, 0)


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
    assert queries_of(lambda: passbook(long)) == queries_of(lambda: passbook(short))


def fill(village: Unit, household: Household, *, posted: int, pending: int, orders: int) -> None:
    """Give a household lines, posted and pending, of 50 points each, and let it buy soap."""
    sheet = first_line(village, RELEASED).sheet
    for part, count in ((household.pk * 2, pending), (household.pk * 2 + 1, posted)):
        lines = notice_lines(household, sheet.pk, part, count)
        if part % 2:
            settlement = Settlement.objects.create(sheet=sheet, part=part, settled_at=clock.now())
            assert village.holder_id
            post_awards(
                posting=Posting(f"fill:{part}", Cause.SETTLEMENT, settlement.pk, SYSTEM, clock.today()),
                issuer_id=village.holder_id,
                lines=NoticeLine.objects.filter(id__in=lines).values_list(
                    "id", "household__holder_id", "points"
                ),
            )
    for number in range(orders):
        redeem(
            actor=actor("仓有余"),
            shop_id=Shop.objects.get().pk,
            household_id=household.pk,
            quantities={Good.objects.earliest("id").pk: 1},
            key=f"fill:{household.pk}:{number}",
        )


def notice_lines(household: Household, sheet_id: int, part: int, count: int) -> list[int]:
    """Put copies of some decided deed on notice; give the lines' ids."""
    decision = Decision.objects.select_related("share__deed").earliest("id")
    deed = decision.share.deed
    kept = {
        field.attname: getattr(deed, field.attname)
        for field in Deed._meta.concrete_fields
        if field.name not in ("id", "public_id", "key")
    }
    deeds = Deed.objects.bulk_create(Deed(**kept, key=f"{part}:{number}") for number in range(count))
    shares = Share.objects.bulk_create(
        Share(deed=each, household=household, points=5000, sentence="因为。") for each in deeds
    )
    lines = NoticeLine.objects.bulk_create(
        NoticeLine(
            sheet_id=sheet_id,
            share=share,
            household=household,
            number=part * 1000 + number,
            points=5000,
            deadline=HUNG,
            part=part,
        )
        for number, share in enumerate(shares)
    )
    return [line.pk for line in lines]
