import pytest

from tests.cast import Cast
from tests.web import Visitor
from xiangyue.people.operations.cards import NewCard
from xiangyue.people.operations.wishes import set_reading


def test_the_look_is_kept_on_this_device(visitor: Visitor, cast: Cast) -> None:
    response = visitor.post("/look/", {"size": "large", "contrast": "high", "next": "/places/"})
    assert response["Location"] == "/places/"
    assert 'data-size="large" data-contrast="high"' in visitor.read("/")
    visitor.post("/look/", {"size": "normal", "contrast": "normal"})
    assert "data-size" not in visitor.read("/")
    cookie = visitor.cookies["size"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_look_that_we_do_not_know_is_not_kept(visitor: Visitor, cast: Cast) -> None:
    response = visitor.post("/look/", {"size": "huge", "contrast": '"><script>'})
    assert response.cookies.keys() == set()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", ""],
)
@pytest.mark.parametrize(
    ("switch", "chosen"), [("/look/", {"size": "large"}), ("/language/setlang/", {"language": "en"})]
)
def test_a_switch_leads_nowhere_else(
    visitor: Visitor, cast: Cast, switch: str, chosen: dict[str, str], elsewhere: str
) -> None:
    response = visitor.post(switch, {**chosen, "next": elsewhere})
    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize("back", ["/?page=2", "abc", "?order=number"])
def test_a_switch_leads_back_to_where_one_was(visitor: Visitor, cast: Cast, back: str) -> None:
    assert visitor.post("/look/", {"size": "large", "next": back})["Location"] == back


def test_the_language_changes_by_choice(visitor: Visitor, cast: Cast) -> None:
    assert visitor.post("/language/setlang/", {"language": "en", "next": "/"})["Location"] == "/"
    assert '<html lang="en"' in visitor.read("/")
    visitor.post("/language/setlang/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-CN"' in visitor.read("/")


def test_a_device_takes_on_how_the_account_wants_its_pages(
    visitor: Visitor, cast: Cast, card: NewCard
) -> None:
    home = cast.household("018").pk
    visitor.show(card)
    assert "data-size" not in visitor.read("/my/home/")  # who wished nothing keeps what the device has
    set_reading(actor=cast.villager, household_id=home, is_large=True, language="zh-hant")
    visitor.show(card)
    page = visitor.read("/my/home/")
    assert 'data-size="large"' in page
    assert '<html lang="zh-TW"' in page
