"""Limits as a warning: what deeds would be worth today, before anybody brings them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import a_deed, a_meeting, approve, bring, capped, verified
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, Share, Source
from xiangyue.scoring.operations.foreseeing import Foreseen, foresee
from xiangyue.scoring.preparing import NewDeed
from xiangyue.scoring.refusals import DayInFuture, IndicatorNotInForce

DAY = date(2026, 10, 12)


@pytest.fixture
def rules(cast: Cast) -> Cast:
    capped(cast.village)
    return cast


def ahead(cast: Cast, *deeds: NewDeed) -> list[Foreseen]:
    return foresee(actor=cast.clerk, deeds=deeds, source=Source.SHEET)


def sweeping(cast: Cast, day: int, number: str = "018") -> NewDeed:
    """Five points, four times a month."""
    return a_deed(cast.village, number, of="大扫除", day=date(2026, 10, day))


def test_what_limits_would_cut_is_told(rules: Cast) -> None:
    """Three are decided; of three more one counts."""
    approve(a_meeting(rules.village), verified(*(sweeping(rules, day) for day in (1, 2, 3))))
    found = ahead(rules, *(sweeping(rules, day) for day in (5, 6, 7)))
    assert [(each.asked, each.points, each.is_cut) for each in found] == [
        (500, 500, False),
        (500, 0, True),
        (500, 0, True),
    ]
    assert "满了" in found[1].sentence
    assert "本月" in found[1].sentence
    assert found[0].share.household.number == "018"
    assert [each.points for each in ahead(rules, sweeping(rules, 5, "004"))] == [500]


def test_it_tells_what_the_meeting_will_say(rules: Cast) -> None:
    """The same deeds, foreseen and then decided."""
    village = rules.village
    deeds = [
        *(sweeping(rules, day) for day in (1, 2, 3, 4, 5)),
        *(a_deed(village, "018", "004", of="修路", day=date(2026, 10, day), amount=600) for day in (6, 7, 8)),
        *(
            a_deed(village, "018", of="垃圾分类", day=date(2026, 10, day), proposed=400)
            for day in (9, 10, 11)
        ),
    ]
    told = [(each.points, each.asked, each.sentence) for each in ahead(rules, *deeds)]
    shares = verified(*deeds)
    decided = approve(a_meeting(village), shares)
    assert told == [(share.points, share.asked, share.sentence) for share in decided]
    assert any(points != asked for points, asked, _sentence in told)


def test_where_the_meeting_says_how_much_nothing_is_foreseen(rules: Cast) -> None:
    """A range without points, and a gift that is talked about; what stands beside them is foreseen all the same."""
    deeds = [
        a_deed(rules.village, "018", of="垃圾分类"),
        a_deed(rules.village, "018", of="捐物"),
        a_deed(rules.village, "018", of="捐物", proposed=3000),
    ]
    assert [(each.points, each.is_cut, each.sentence != "") for each in ahead(rules, *deeds)] == [
        (None, False, False),
        (None, False, False),
        (3000, False, True),
    ]


def test_nothing_is_written(rules: Cast) -> None:
    logged = LoggedAct.objects.count()
    with CaptureQueriesContext(connection) as caught:
        assert ahead(rules, sweeping(rules, 5), a_deed(rules.village, "018", "004", of="大扫除"))
    assert all(query["sql"].lstrip().startswith("SELECT") for query in caught)
    assert not Deed.objects.exists()
    assert not Share.objects.exists()
    assert LoggedAct.objects.count() == logged


def test_what_was_brought_before_is_not_counted_twice(rules: Cast) -> None:
    new = sweeping(rules, 5)
    bring(SYSTEM, new)
    assert ahead(rules, new) == []
    assert len(ahead(rules, new, sweeping(rules, 6))) == 1
    assert ahead(rules) == []


def test_only_who_may_bring_it_foresees_it(rules: Cast) -> None:
    """The answer tells what a household has earned."""
    for by in (rules.neighbour, rules.supervisor, rules.outsider, rules.other_grid_leader):
        with pytest.raises(NotAllowed):
            foresee(actor=by, deeds=[sweeping(rules, 5)], source=Source.SHEET)
    (own,) = foresee(actor=rules.villager, deeds=[sweeping(rules, 5)], source=Source.SELF)
    assert own.points == 500


def test_what_could_not_be_brought_is_refused(rules: Cast) -> None:
    with pytest.raises(DayInFuture):
        ahead(rules, a_deed(rules.village, "018", of="大扫除", day=date(2026, 11, 3)))
    old = NewDeed("k", sweeping(rules, 5).indicator, date(2026, 1, 20), sweeping(rules, 5).shares)
    with pytest.raises(IndicatorNotInForce):
        ahead(rules, old)


def test_foreseeing_many_costs_what_foreseeing_few_costs(
    rules: Cast, django_assert_max_num_queries: Any
) -> None:
    village = rules.village
    approve(a_meeting(village), verified(*(sweeping(rules, day) for day in (1, 2, 3))))

    def some(times: int) -> list[NewDeed]:
        kinds = [("大扫除", {}), ("修路", {"amount": 60}), ("捐物", {})]
        return [
            a_deed(village, number, of=of, day=DAY, **given)  # type: ignore[arg-type]
            for number in ("018", "001", "045")
            for of, given in kinds
            for _time in range(times)
        ]

    few, many = some(1), some(8)
    with CaptureQueriesContext(connection) as counted:
        ahead(rules, *few)
    with django_assert_max_num_queries(len(counted)):
        assert len(ahead(rules, *many)) == 72
