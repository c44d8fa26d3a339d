"""The landing page of a machine that runs the example: as whom one may try it, and what was sent to nobody's phone."""

from pathlib import Path

import pytest
from django_tenants.utils import schema_context
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.web import Visitor
from xiangyue.messages import sms
from xiangyue.people.models import Unit
from xiangyue.people.operations.cards import open_with_card
from xiangyue.setup import example
from xiangyue.setup.example import people
from xiangyue.setup.example.people import Shown, kept_shown, make_shown
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture
def shown(cast: Cast, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    """The cast's village with the example's people, where the example would be."""
    monkeypatch.setattr(people, "_file", lambda: tmp_path / people.FILE)
    monkeypatch.setattr(example, "SLUG", "peopled")
    settings.SHOWS_EXAMPLE, settings.SMS_FALLBACK = True, "console"
    return make_shown(Unit.objects.get(pk=cast.village.pk), cast.administrator)


def test_everybody_is_listed_with_what_lets_them_in(shown: list[Shown], visitor: Visitor) -> None:
    page = visitor.read("/places/")
    for each in shown:
        assert each.name in page
        assert each.title in page
        assert (each.pin or each.password) in page
    assert kept_shown() == shown
    assert people._file().stat().st_mode & 0o777 == 0o600


def test_the_cards_and_passwords_open(shown: list[Shown], visitor: Visitor) -> None:
    by_card, by_password = shown[0], next(each for each in shown if each.login)
    token = by_card.path.removeprefix("/card/").rstrip("/")
    assert open_with_card(token=token, pin=by_card.pin).number == "018"
    answer = visitor.post(
        "/sign-in/password/", {"login": by_password.login, "password": by_password.password}
    )
    assert answer["Location"] == "/arrive/"


def test_what_was_sent_to_nobodys_phone_is_shown(
    shown: list[Shown], visitor: Visitor, peopled: Jurisdiction
) -> None:
    with schema_context(peopled.schema_name):
        sms.send_code(phone="19900000018", code="482913")
    page = visitor.read("/places/")
    assert "482913" in page
    assert "19900000018" not in page


def test_no_other_machine_tells_anything(shown: list[Shown], visitor: Visitor, settings: Settings) -> None:
    settings.SHOWS_EXAMPLE = False
    page = visitor.read("/places/")
    assert "试一试" not in page
    assert not any((each.pin or each.password) in page for each in shown)


def test_without_an_example_there_is_nobody_to_try(shown: list[Shown], visitor: Visitor) -> None:
    people._file().unlink()
    assert kept_shown() == []
    assert "密码" not in visitor.read("/places/")
