"""The demo is loaded once, the same from the same seed, and leaves something waiting for everyone."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from tests.setup.demo.conftest import HOUSEHOLDS, SLUG
from xiangyue.auditor.audit import audit
from xiangyue.people.models import Household, Unit
from xiangyue.people.register import compositions, gaps
from xiangyue.requests.queries import nearest_contact
from xiangyue.scoring.models import (
    Deed,
    DeedState,
    Inspection,
    Notice,
    Objection,
    ObjectionState,
    Remark,
)
from xiangyue.setup.demo import loading
from xiangyue.setup.demo.digest import public_digest
from xiangyue.setup.demo.places import Place
from xiangyue.setup.demo.refusals import UnknownPlace
from xiangyue.tenancy.models import Jurisdiction


class Undone(Exception):  # noqa: N818 - nothing went wrong
    pass


def a_run(seed: int) -> str:
    """Load the demo, give the digest of what it made public, and undo all of it."""
    digest = ""
    try:
        with transaction.atomic():
            loading.load_demo(seed=seed)
            with schema_context(f"county_{SLUG}"):
                digest = public_digest()
            raise Undone
    except Undone:
        return digest


@pytest.mark.slow
def test_the_present_month_has_something_for_everyone_and_a_second_demo_changes_nothing(
    small: Place, saturday: date
) -> None:
    steps: list[int] = []
    (loaded,) = loading.load_demo(advance=steps.append)
    assert (loaded.slug, loaded.is_new, loaded.households) == (SLUG, True, HOUSEHOLDS)
    assert steps == sorted(steps)
    assert steps[-1] == loading.STEPS
    with schema_context(f"county_{SLUG}"):
        before = public_digest()
        village = Unit.objects.get(code=small.villages[0].code)
        assert (gaps(village), [each.words for each in compositions(village) if not each.is_complete]) == (
            [],
            [],
        )
        regular, special = Notice.objects.get(special=0), Notice.objects.get(special=1)
        assert regular.issued_on == saturday.replace(day=20)
        assert regular.deadline >= saturday
        assert special.issued_on == saturday
        assert Objection.objects.filter(state=ObjectionState.OPEN).exists()
        assert Remark.objects.filter(holds=True, answered_at=None).count() == 1
        assert Inspection.objects.filter(closed_at=None).count() == 1
        states = set(Deed.objects.values_list("state", flat=True))
        assert {DeedState.SUBMITTED, DeedState.RETURNED, DeedState.VERIFIED, DeedState.APPROVED} <= states
        assert nearest_contact(Household.objects.get(number="006").unit)
        assert list(audit()) == []
    (again,) = loading.load_demo(seed=7)
    assert again == replace(loaded, is_new=False)
    with schema_context(f"county_{SLUG}"):
        assert public_digest() == before


@pytest.mark.slow
def test_the_same_seed_on_the_same_day_makes_the_same_public(small: Place) -> None:
    assert a_run(1) == a_run(1) != ""


def test_what_is_no_place_of_the_demo_is_refused_before_anything_is_made(small: Place) -> None:
    with pytest.raises(UnknownPlace):
        loading.load_demo(only=["桃花源"])
    assert not Jurisdiction.objects.filter(slug=SLUG).exists()
