"""The first page's sums, beside the passbook that reads every line."""

from datetime import date
from functools import partial

import pytest

from tests.auditor.month import CORRECTED, OCTOBER, RELEASED
from tests.ledger.book import queries_of
from xiangyue.insight.front_page import front_page
from xiangyue.insight.passbook import newest_period, passbook
from xiangyue.kernel import clock
from xiangyue.messages.queries import unread_count
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.queries import household_heads, leaf_labels
from xiangyue.phone.objecting import objections_in_progress
from xiangyue.phone.progress import deeds_in_progress
from xiangyue.scoring.models import NoticeTotal
from xiangyue.scoring.queries import notice_of


def households(village: Unit) -> list[Household]:
    return list(Household.objects.filter(village=village).select_related("unit", "village"))


def test_it_says_the_same_as_the_passbook(month: Unit) -> None:
    found = households(month)
    heads, labels = household_heads([each.pk for each in found]), leaf_labels(month)
    assert {RELEASED, CORRECTED} <= {each.number for each in found}
    for household in found:
        page, book = front_page(household), passbook(household)
        assert page.balances == book.balances, household.number
        assert (page.pending, page.pending_period) == (book.pending_points, newest_period(book.pending))
        assert page.has_objections == bool(objections_in_progress(household))
        assert page.has_deeds == bool(deeds_in_progress(household))
        assert page.unread == unread_count(household_id=household.pk)
        assert (page.head, page.place) == (heads[household.pk], labels[household.unit_id])


def test_it_takes_two_queries_whatever_there_is(month: Unit) -> None:
    front_page(households(month)[0])  # plans its statements
    counts = {queries_of(partial(front_page, each)) for each in households(month)}
    assert counts == {2}


def test_the_rank_is_that_of_the_newest_edition(month: Unit) -> None:
    newest = notice_of(month, OCTOBER)
    assert newest.edition == 2
    ranks = dict(NoticeTotal.objects.filter(sheet__notice=newest).values_list("household", "rank"))
    found = {each.pk: front_page(each).rank for each in households(month)}
    assert found == {pk: ranks.get(pk) for pk in found}
    assert len(set(found.values())) > 2
    of_one = NoticeTotal.objects.filter(household__number=RELEASED)
    of_one.filter(sheet__notice=newest).update(rank=77)
    of_one.exclude(sheet__notice=newest).update(rank=66)
    (household,) = (each for each in households(month) if each.number == RELEASED)
    assert front_page(household).rank == 77


def test_a_household_without_a_head_goes_by_its_number(month: Unit) -> None:
    household = households(month)[0]
    Resident.objects.filter(household=household).update(relation="other")
    assert front_page(household).head == household.number


@pytest.mark.parametrize(("day", "hangs"), [(date(2026, 11, 20), True), (date(2027, 12, 1), False)])
def test_notices_leave_it_as_they_leave_the_board(month: Unit, day: date, hangs: bool) -> None:
    household = households(month)[0]
    with clock.as_of(day):
        page = front_page(household)
    assert bool(page.notices) == hangs
    assert all(each.is_open is False for each in page.notices)
