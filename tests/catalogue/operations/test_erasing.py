"""What a person said of a draft is given to them, and erased with them."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.catalogue.cast import drafted
from xiangyue.catalogue.models import Catalogue, Feedback
from xiangyue.catalogue.operations.deliberating import deliberate, say
from xiangyue.catalogue.operations.erasing import kept_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.masking import STAR
from xiangyue.people.models import Resident
from xiangyue.people.operations.erasing import erase_resident
from xiangyue.users.operations import create_user

OPEN = date(2026, 10, 1)


@pytest.fixture
def asked(cast: Cast) -> Catalogue:
    draft = drafted(SYSTEM, cast.village)
    with clock.as_of(OPEN):
        return deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=clock.today())


@pytest.fixture
def speaker(cast: Cast) -> Resident:
    """Somebody of household 018 who signs in."""
    resident = Resident.objects.get(household=cast.household("018"), name="田禾生")
    resident.user = create_user(login="heshengtian", name=resident.name)
    resident.save()
    return resident


def test_what_was_said_is_given_and_erased(cast: Cast, asked: Catalogue, speaker: Resident) -> None:
    assert speaker.user is not None
    text = f"{speaker.name}家觉得五分太少"
    with clock.as_of(OPEN):
        said = say(actor=Actor.user(speaker.user.pk), catalogue_id=asked.pk, text=text, number="", key="k")
    (section,) = kept_of(speaker)
    assert [(row["catalogue"], row["text"]) for row in section.rows] == [(asked.name, text)]
    erase_resident(actor=SYSTEM, resident_id=speaker.pk)
    said = Feedback.objects.get(pk=said.pk)
    assert said.text == f"{STAR}家觉得五分太少"
