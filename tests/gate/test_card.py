"""The door of a card, as `views.card` answers it."""

import re
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.web import Visitor, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.operations.cards import LOCK, MAX_TRIES, NewCard, issue_card, revoke_card
from xiangyue.tenancy.models import Jurisdiction


def answers(visitor: Visitor, path: str, pin: str) -> tuple[int, str]:
    """Give what a card's address answers to a PIN, without the form's token, which is always new."""
    response = visitor.post(path, {"pin": pin})
    page = response.content.decode().replace(path, "/card/…/")
    return response.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def wrong(card: NewCard) -> str:
    return f"{(int(card.pin) + 1) % 1_000_000:06d}"


def test_a_card_asks_for_the_pin_and_says_nothing_else(visitor: Visitor, cast: Cast, card: NewCard) -> None:
    response = visitor.get(card.address)
    page = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert 'name="pin" type="password"' in page
    assert "018" not in re.sub(r"<[^>]+>", "", page)
    assert told_names(page) == []
    assert page.count("<input") == visitor.read("/card/never-was/").count("<input")


def test_the_right_pin_opens_the_households_pages(visitor: Visitor, card: NewCard) -> None:
    assert "田禾生家" in visitor.show(card).read("/my/home/")


def test_a_wrong_pin_is_counted_and_not_kept(visitor: Visitor, cast: Cast, card: NewCard) -> None:
    status, page = answers(visitor, card.address, wrong(card))
    assert status == 422
    assert "密码不对，还能试4次" in page
    assert wrong(card) not in page
    assert told_names(page) == []
    assert visitor.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"


def test_too_many_wrong_pins_lock_the_door_for_a_while(visitor: Visitor, cast: Cast, card: NewCard) -> None:
    for _try in range(MAX_TRIES - 1):
        visitor.post(card.address, {"pin": wrong(card)})
    assert answers(visitor, card.address, wrong(card))[0] == 429
    status, page = answers(visitor, card.address, card.pin)
    assert status == 429
    assert "先锁上了" in page
    assert re.search(r"12:1\d</span>以后再试", page)
    assert told_names(page) == []
    with clock.as_of(clock.now() + LOCK + timedelta(minutes=1)):
        assert visitor.post(card.address, {"pin": card.pin})["Location"] == "/my/home/"


def test_a_revoked_card_and_one_that_never_was_get_the_same_answer(
    visitor: Visitor, cast: Cast, card: NewCard
) -> None:
    revoke_card(actor=SYSTEM, household_id=cast.household("018").pk)
    revoked = answers(visitor, card.address, card.pin)
    assert revoked == answers(visitor, "/card/never-was/", card.pin)
    assert revoked[0] == 404
    assert "这张卡不能用" in revoked[1]


@pytest.mark.parametrize("pin", ["", " ", "六个八", "9" * 100_000])
def test_what_is_no_pin_is_a_wrong_one(visitor: Visitor, card: NewCard, pin: str) -> None:
    assert answers(visitor, card.address, pin)[0] == 422


def test_a_card_of_another_county_opens_nothing_here(
    founded: Jurisdiction, cast: Cast, card: NewCard
) -> None:
    assert Visitor(founded).post(card.address, {"pin": card.pin}).status_code == 404


def test_a_session_begins_anew_at_the_door(visitor: Visitor, cast: Cast, card: NewCard) -> None:
    visitor.show(card)
    first = visitor.cookies["session"].value
    neighbours = issue_card(actor=SYSTEM, household_id=cast.household("004").pk)
    assert visitor.show(neighbours).cookies["session"].value != first
    assert "麦穗香家" in visitor.read("/my/home/")
    visitor.cookies["session"] = first
    assert visitor.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"


def test_a_session_ends_after_two_hours(villager: Visitor) -> None:
    cookie = villager.cookies["session"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (7200, True, "Lax")
