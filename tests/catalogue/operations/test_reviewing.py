"""The quarterly review."""

from datetime import date
from typing import Any

import pytest

from tests.catalogue.cast import drafted, in_force
from xiangyue.catalogue.models import Review
from xiangyue.catalogue.operations.reviewing import record_review
from xiangyue.catalogue.refusals import AlreadyReviewed, DayNotYet, NotInForce, TextMissing
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.refusals import NotAllowed

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 20)


def test_a_quarter_is_reviewed_once(admin: Actor, village: Unit) -> None:
    rules = in_force(admin, village, JULY)
    facts: dict[str, Any] = {"catalogue_id": rules.pk, "day": AUGUST, "held_on": clock.today()}
    with pytest.raises(NotAllowed):
        record_review(actor=Actor.card(1), findings="没有人用的两项", **facts)
    with pytest.raises(TextMissing):
        record_review(actor=admin, findings=" ", **facts)
    made = record_review(actor=admin, findings="没有人用的两项", minutes=("记录.txt", b"x"), **facts)
    assert (made.quarter, made.findings) == (JULY, "没有人用的两项")
    with pytest.raises(AlreadyReviewed):
        record_review(actor=admin, findings="又看了一遍", **facts)
    assert Review.objects.count() == 1


def test_only_what_was_in_force_and_has_begun(admin: Actor, village: Unit) -> None:
    draft = drafted(admin, village)
    today = clock.today()
    with pytest.raises(NotInForce):
        record_review(actor=admin, catalogue_id=draft.pk, day=AUGUST, held_on=today, findings="甲")
    rules = in_force(admin, village, JULY)
    for day, held_on in ((date(2099, 1, 1), today), (AUGUST, date(2099, 1, 1))):
        with pytest.raises(DayNotYet):
            record_review(actor=admin, catalogue_id=rules.pk, day=day, held_on=held_on, findings="甲")
