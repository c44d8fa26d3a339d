"""The quarterly review of a catalogue (每季修订)."""

from datetime import date

from django.db import transaction

from xiangyue.catalogue.models import Review, State
from xiangyue.catalogue.operations.deliberating import locked_catalogue
from xiangyue.catalogue.refusals import AlreadyReviewed, DayNotYet, NotInForce, TextMissing
from xiangyue.catalogue.rules.terms import Window
from xiangyue.catalogue.rules.times import window_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.records.operations import log_act, store_file

FINDINGS_LENGTH = 5_000


@transaction.atomic
def record_review(
    *,
    actor: Actor,
    catalogue_id: int,
    day: date,
    held_on: date,
    findings: str,
    minutes: tuple[str, bytes] | None = None,
) -> Review:
    """Record what a quarter's review found. day: any of the quarter. held_on: of the meeting, today or before.

    Raises: UnknownCatalogue, NotAllowed, NotInForce, DayNotYet, AlreadyReviewed, TextMissing.
    """
    actor, catalogue = locked_catalogue(actor, catalogue_id)
    if catalogue.state not in (State.IN_FORCE, State.SUPERSEDED):
        raise NotInForce(catalogue=catalogue.name, state=catalogue.get_state_display())
    first, _last = window_of(Window.QUARTER, day)
    if held_on > clock.today() or first > clock.today():
        raise DayNotYet(on=max(held_on, first))
    if catalogue.reviews.filter(quarter=first).exists():
        raise AlreadyReviewed(catalogue=catalogue.name, quarter=first)
    findings = findings.strip()
    if not 0 < len(findings) <= FINDINGS_LENGTH:
        raise TextMissing(most=FINDINGS_LENGTH)
    review = Review.objects.create(
        catalogue=catalogue,
        quarter=first,
        held_on=held_on,
        findings=findings,
        minutes=store_file(name=minutes[0], content=minutes[1]) if minutes else None,
    )
    log_act(actor=actor, act="review_catalogue", subject="catalogue", subject_ids=[catalogue.pk])
    return review
