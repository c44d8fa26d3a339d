"""What each indicator was used for."""

from datetime import date
from typing import Any

from tests.cast import Cast
from tests.scoring.cast import a_deed, a_meeting, approve, verified
from xiangyue.catalogue.queries import indicators_of
from xiangyue.insight.use import use_of

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


def test_every_indicator_is_listed_with_what_it_was_used_for(cast: Cast) -> None:
    deeds = [
        a_deed(cast.village, "018", "004", of="参加公共劳动", day=date(2026, 10, 3)),
        a_deed(cast.village, "018", of="参加公共劳动", day=date(2026, 10, 9)),
        a_deed(cast.village, "018", of="参加公共劳动", day=date(2026, 9, 30)),
        a_deed(cast.village, "018", of="乱堆垃圾不整治", day=date(2026, 10, 5)),
    ]
    approve(a_meeting(cast.village), verified(*deeds))
    used = {use.title: use for use in use_of(cast.village, FIRST, LAST)}
    assert list(used) == [indicator.title for indicator in indicators_of(cast.catalogue)]
    labour, litter, party = used["参加公共劳动"], used["乱堆垃圾不整治"], used["党日活动签到"]
    assert (labour.deeds, labour.shares, labour.households, labour.plus) == (2, 3, 2, 2400)
    assert (labour.last, labour.minus, labour.rejected) == (date(2026, 10, 9), 0, 0)
    assert (litter.deeds, litter.plus, litter.minus) == (1, 0, 1000)
    assert (party.deeds, party.households, party.last) == (0, 0, None)


def test_it_costs_the_same_for_few_and_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    deeds = [a_deed(cast.village, "018", of="参加公共劳动") for _ in range(9)]
    approve(a_meeting(cast.village), verified(*deeds))
    with django_assert_num_queries(3):
        assert sum(use.shares for use in use_of(cast.village, FIRST, LAST)) == 9
