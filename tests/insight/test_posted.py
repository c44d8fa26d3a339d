"""Pages of whole months, single things, and years of what is posted."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection

from tests.auditor.month import DISPUTED, RELEASED, SETTLED, first_line
from tests.cast import Cast
from tests.insight.filling import fill
from tests.ledger.book import queries_of
from xiangyue.insight.passbook import passbook
from xiangyue.insight.posted import (
    LEAST_ON_PAGE,
    Page,
    PostedLine,
    all_posted,
    page_of,
    posted_in,
    posted_thing,
    years_of,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import AccountKind, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.moving import split_points
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Household, Unit
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting

# What a household's month brought, cost and bought, without a word of ours.
MONTH = """
    SELECT coalesce(sum(transfer.amount) FILTER (WHERE batch.cause = 'settlement' AND credit_id = account.id), 0),
           -coalesce(sum(transfer.amount) FILTER (WHERE batch.cause = 'settlement' AND debit_id = account.id), 0),
           -coalesce(sum(transfer.amount) FILTER (WHERE batch.cause = 'order'), 0)
    FROM ledger_transfer transfer JOIN ledger_batch batch ON batch.id = transfer.batch_id
    JOIN ledger_account account ON account.id IN (transfer.credit_id, transfer.debit_id)
    WHERE account.holder_id = %s AND account.kind = 'points' AND batch.day BETWEEN %s AND %s
"""


@pytest.fixture
def years(month: Unit) -> Household:
    """038 earned three lines in 2026, then twenty in each of twelve months, and bought soap once in each of these."""
    household = Household.objects.get(village=month, number="038")
    fill(month, household, posted=3, series=99)
    for number in range(12):
        with clock.as_of(date(2027 + number // 6, number % 6 * 2 + 1, 15)):
            fill(month, household, posted=20, orders=1, series=number)
    return household


def leafed(household: Household, kind: str = "all") -> Iterator[Page]:
    """Yield all pages, from the newest to the oldest."""
    page = page_of(household, kind=kind)
    yield page
    while page.older:
        page = page_of(household, kind=kind, before=page.older)
        yield page


def lines_of(*pages: Page) -> list[PostedLine]:
    return [line for page in pages for month in page.months for line in month.lines]


def test_all_pages_together_are_the_whole_book(years: Household) -> None:
    pages = list(leafed(years))
    assert len(pages) > 5
    assert lines_of(*pages) == all_posted(years) == passbook(years).posted
    for page in pages[:-1]:
        assert LEAST_ON_PAGE <= len(lines_of(page)) <= LEAST_ON_PAGE + 21
    assert pages[0].newer is None
    assert pages[-1].older is None


def test_one_leafs_back_the_way_one_came(years: Household) -> None:
    pages = list(leafed(years))
    for newer, older in pairwise(pages):
        assert older.newer
        assert page_of(years, after=older.newer) == newer


def test_a_page_holds_whole_months_with_their_sums(month: Unit, years: Household) -> None:
    for household in (years, household_of(month, RELEASED), household_of(month, DISPUTED)):
        for each in (found for page in leafed(household) for found in page.months):
            with connection.cursor() as cursor:
                cursor.execute(MONTH, [household.holder_id, each.period.first, each.period.last])
                assert (each.gain, each.loss, each.spend) == cursor.fetchone()
            assert all(line.day in each.period for line in each.lines)


def household_of(village: Unit, number: str) -> Household:
    return Household.objects.get(village=village, number=number)


@pytest.mark.parametrize("kind", ["gain", "loss", "spend", "other"])
def test_a_sifted_book_is_leafed_without_empty_pages(years: Household, kind: str) -> None:
    pages = list(leafed(years, kind))
    assert lines_of(*pages) == [line for line in all_posted(years) if line.kind == kind]
    assert all(page.months for page in pages) or len(pages) == 1
    shown = {found.period: found for page in pages for found in page.months}
    whole = {found.period: found for page in leafed(years) for found in page.months}
    for period, found in shown.items():
        assert (found.gain, found.spend) == (whole[period].gain, whole[period].spend)


def test_beyond_either_end_there_is_nothing(years: Household) -> None:
    assert page_of(years, before=Period(2020, 1)) == page_of(years, after=Period(2040, 1)) == Page()


def test_a_page_of_ten_years_costs_as_many_queries_as_one_line(month: Unit, years: Household) -> None:
    short = household_of(month, "049")
    fill(month, short, posted=1, orders=1)
    assert len(lines_of(page_of(short))) < len(lines_of(page_of(years)))
    assert queries_of(lambda: page_of(years)) == queries_of(lambda: page_of(short))


def test_what_was_taken_back_says_so(month: Unit) -> None:
    line = first_line(month, RELEASED)
    settled = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    assert not any(each.undone for each in all_posted(line.household))
    reverse_posting(
        actor=SYSTEM, batch_id=settled.batch_id, line=line.pk, reason=ReversalReason.APPEAL, key="undo"
    )
    undone = [each for each in all_posted(line.household) if each.undone]
    assert [(each.batch_id, each.line) for each in undone] == [(settled.batch_id, line.pk)]


# One thing


def test_a_thing_is_found_by_any_of_its_transfers_and_by_its_own_household_alone(cast: Cast) -> None:
    first, second, third = (cast.household(number) for number in ("018", "004", "013"))
    assert cast.village.holder_id
    pool = pool_id(cast.village.holder_id, AccountKind.ISSUED)
    for key, last in (("a", date(2026, 12, 1)), ("b", date(2026, 12, 2))):
        posting = Posting(key, Cause.GRANT, 1, SYSTEM, clock.today(), expires_on=last)
        post_lines(posting=posting, pool_id=pool, lines=[(1, first.holder_id, 1000)])
    split = split_points(
        posting=Posting("split", Cause.SPLIT, 1, SYSTEM, clock.today()),
        from_id=first.holder_id,
        to_id=second.holder_id,
        spendable=1500,
        honour=500,
    )
    assert split
    lots = list(split.transfers.values_list("line", flat=True))
    assert len(lots) > 1
    (whole,) = (line for line in all_posted(first) if line.batch_id == split.pk)
    assert {posted_thing(first, split.pk, lot) for lot in lots} == {whole}
    assert (whole.points, whole.after) == (-1500, 500)
    assert posted_thing(second, split.pk, lots[0]) in all_posted(second)
    assert posted_thing(third, split.pk, lots[0]) is None
    assert posted_thing(first, split.pk, 10**30) is posted_thing(first, 10**30, 1) is None


def test_every_line_of_a_book_is_found_as_it_stands_there(month: Unit) -> None:
    for number in (RELEASED, DISPUTED):
        household = household_of(month, number)
        for line in all_posted(household):
            assert posted_thing(household, line.batch_id, line.line) == line


# Years


def test_the_years_together_are_the_whole_book(years: Household) -> None:
    found = years_of(years)
    assert found == sorted({line.day.year for line in all_posted(years)}, reverse=True)
    assert len(found) == 3
    assert [line for year in found for line in posted_in(years, year)] == all_posted(years)
    assert SETTLED.year in found
    assert posted_in(years, 1999) == []
