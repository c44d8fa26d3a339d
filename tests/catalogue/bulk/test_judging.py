"""That the bulk judging says of every share what the pure functions say."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.bulk.filling import fill_held, fill_shares, judged_purely
from tests.catalogue.bulk.months import Month, months
from tests.catalogue.rules.items import award, shared
from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.judging import judge_in_bulk
from xiangyue.catalogue.bulk.reading import judgements_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.rules.clamping import Held
from xiangyue.catalogue.rules.judgement import ByForm, ByMultiplier, BySeason, BySharing, Judgement
from xiangyue.catalogue.rules.model import Limit
from xiangyue.catalogue.rules.sets import held_of, judge_set
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.terms import Counting, Window
from xiangyue.catalogue.rules.worth import HOUR, PerUnit
from xiangyue.tenancy.models import Jurisdiction

ANYHOW: Any = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def judged_in_bulk(
    month: Month, held: list[Held], *, summed: bool = False
) -> tuple[dict[int, Judgement], dict[int, str]]:
    tables.open_tables()
    fill_shares(month.shares, month.keys, month.likes)
    fill_held(held, month.rules, summed=summed)
    judge_in_bulk(month.rules)
    refused = dict(tables.rows_of("SELECT id, code FROM judge_refused"))
    return judgements_of(month.rules, month.keys), refused


def assert_equal(month: Month, batch: int, *, summed: bool) -> None:
    """Judge everything from a batch on in the database, and compare with the pure functions."""
    earlier = [share for share in month.shares if share.batch < batch]
    later = [share for share in month.shares if share.batch >= batch]
    before, _codes = judged_purely(replace(month, shares=earlier))
    held = [held_of(share, before[share.id]) for share in earlier if share.id in before]
    now = replace(month, shares=later)
    expected, codes = judged_purely(now, held)
    with transaction.atomic():
        found, refused = judged_in_bulk(now, held, summed=summed)
        assert refused == codes
        assert found == expected
        assert judge_set([share for share in later if share.id in expected], held) == expected
        assert_figures(expected)
        transaction.set_rollback(True)


def assert_figures(expected: dict[int, Judgement]) -> None:
    """The steps that the database went by itself are those that the notes tell."""
    rows = tables.named_rows_of("SELECT * FROM judge_result")
    assert len(rows) == len(expected)
    for row in rows:
        judgement = expected[row["id"]]
        assert (row["points"], row["before_limits"]) == (judgement.points, judgement.before_limits)
        seen: dict[type, Any] = {type(note): note for note in judgement.notes}
        if form := seen.get(ByForm):
            assert (row["form"], row["amount"], row["asked"]) == (
                form.points,
                judgement.amount,
                abs(judgement.before_limits),
            )
        if season := seen.get(BySeason):
            assert judgement.item.seasons[row["season"] - 1] == season.season
            assert (row["form"] if row["seasonal"] is None else row["seasonal"]) == season.points
        if shared := seen.get(BySharing):
            whole = next(row[name] for name in ("of_deed", "seasonal", "form") if row[name] is not None)
            assert whole == shared.total
            assert (whole if row["part"] is None else row["part"]) == shared.points
        assert ByMultiplier not in seen or judgement.item.multipliers


@settings(max_examples=100, **ANYHOW)
@given(month=months(), batch=st.integers(1, 3), summed=st.booleans())
def test_the_database_says_what_the_pure_functions_say(
    county: Jurisdiction, month: Month, batch: int, summed: bool
) -> None:
    assert_equal(month, batch, summed=summed)


@pytest.mark.faults
@settings(max_examples=1000, **ANYHOW)
@given(month=months(), batch=st.integers(1, 3), summed=st.booleans())
def test_the_database_says_what_the_pure_functions_say_a_thousand_times(
    county: Jurisdiction, month: Month, batch: int, summed: bool
) -> None:
    assert_equal(month, batch, summed=summed)


@settings(max_examples=10, **ANYHOW)
@given(month=months(most=20))
def test_a_villager_is_told_the_same_sentence(county: Jurisdiction, month: Month) -> None:
    expected, _codes = judged_purely(month)
    with transaction.atomic():
        found, _refused = judged_in_bulk(month, [])
        assert {id: tell(judgement) for id, judgement in found.items()} == {
            id: tell(judgement) for id, judgement in expected.items()
        }
        transaction.set_rollback(True)


def test_what_cannot_be_judged_for_its_amount_leaves_its_amount_to_those_behind_it(
    county: Jurisdiction,
) -> None:
    """Each of the first three asks for other points than its amount gives, given that those before it don't count."""
    an_hour = Limit(Counting.AMOUNT, 60, Window.MONTH)
    item = award(PerUnit(HOUR, 60, 600, whole=False, over=Window.MONTH), limits=(an_hour,))
    chosen = [7, 8, 100, None, None]
    shares = [shared(item, id=id, amount=40, chosen=points) for id, points in enumerate(chosen)]
    month = Month({1: Rule(item)}, shares, dict.fromkeys(range(5), 1), {})
    found, refused = judged_in_bulk(month, [])
    assert (found, refused) == judged_purely(month)
    assert refused == dict.fromkeys((0, 1, 2), "points-not-allowed")
    assert [found[id].points for id in (3, 4)] == [400, 200]
