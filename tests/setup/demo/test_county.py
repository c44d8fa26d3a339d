"""A county's month, set by set: the same statements as for 69,100 households, here for 691."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db.models import F, Sum
from django_tenants.utils import schema_context

from xiangyue.auditor.audit import audit
from xiangyue.people.models import Resident
from xiangyue.records import storage
from xiangyue.scoring.models import Decision, Deed, DeedState, Notice, NoticeLine, Share
from xiangyue.setup.demo.county import STEPS, load_county
from xiangyue.tenancy.models import Jurisdiction

SLUG = "democounty"


@pytest.fixture
def loaded(db: None, saturday: date) -> Iterator[list[int]]:
    steps: list[int] = []
    told = load_county(households=691, slug=SLUG, advance=steps.append)
    assert (told.is_new, told.households, told.deeds) == (True, 691, 5000)
    with schema_context(f"county_{SLUG}"):
        yield steps
    storage.drop_all(f"county_{SLUG}")


def test_a_county_of_that_name_that_is_another_place_stays_empty(county: Jurisdiction) -> None:
    told = load_county(households=1, slug=county.slug)
    assert (told.is_new, told.households) == (False, 0)


@pytest.mark.slow
def test_a_countys_month_is_dealt_judged_and_hung_out(loaded: list[int], saturday: date) -> None:
    assert loaded == list(range(1, STEPS + 1))
    assert not Deed.objects.exclude(state=DeedState.APPROVED).exists()
    assert not Share.objects.filter(sentence="").exists()
    assert Share.objects.exclude(cuts=[]).filter(points__lt=F("asked")).exists()  # limits cut, and say so
    assert Share.objects.filter(points__lt=0).exists()
    own = set(Resident.objects.filter(user__isnull=False).values_list("user_id", "household_id"))
    assert not own & set(Share.objects.values_list("verified_by", "household"))
    assert not own & set(Decision.objects.values_list("decided_by", "share__household"))
    assert Decision.objects.filter(recused__gt=0).exists()
    hung = Notice.objects.values_list("period", "issued_on", "edition")
    assert set(hung) == {("2026-10", saturday.replace(day=20), 1)}
    sums = Share.objects.aggregate(points=Sum("points")), NoticeLine.objects.aggregate(points=Sum("points"))
    assert sums[0] == sums[1]
    assert NoticeLine.objects.count() == Share.objects.count() == 5000
    assert list(audit()) == []
