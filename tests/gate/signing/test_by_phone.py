"""Signing in by phone and code, and coming for the first time."""

from tests.cast import Cast
from tests.gate.signing.conftest import CODES, PHONE
from tests.web import Visitor
from xiangyue.people.operations.phones import phone_of, user_by_phone
from xiangyue.users.models import User

OTHER = "19900000019"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_signs_in(visitor: Visitor, known: str, sent: CODES) -> None:
    asked = visitor.post("/sign-in/", {"phone": "199 0000-0018"})
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/code/")
    page = visitor.read("/sign-in/code/")
    assert "填验证码" in page
    assert sent[known] not in page
    came = visitor.post("/sign-in/code/", {"code": sent[known]})
    assert (came.status_code, came["Location"]) == (302, "/arrive/")
    assert visitor.get("/arrive/")["Location"] == "/my/home/"
    assert "柳成荫" in visitor.read("/my/who/")


def test_a_wrong_code_is_refused_and_the_third_ends_it(visitor: Visitor, known: str, sent: CODES) -> None:
    visitor.post("/sign-in/", {"phone": known})
    for _try in range(2):
        refused = visitor.post("/sign-in/code/", {"code": wrong(sent[known])})
        assert refused.status_code == 422
        assert "验证码不对" in refused.content.decode()
    assert visitor.post("/sign-in/code/", {"code": wrong(sent[known])})["Location"] == "/sign-in/"
    assert visitor.post("/sign-in/code/", {"code": sent[known]})["Location"] == "/sign-in/"
    assert visitor.get("/my/who/")["Location"] == "/sign-in/?next=/my/who/"


def test_a_code_is_good_once(visitor: Visitor, known: str, sent: CODES) -> None:
    visitor.post("/sign-in/", {"phone": known})
    assert visitor.post("/sign-in/code/", {"code": sent[known]})["Location"] == "/arrive/"
    visitor.post("/my/sign-out/")
    assert visitor.post("/sign-in/code/", {"code": sent[known]})["Location"] == "/sign-in/"


def test_a_number_that_nobody_has_is_told_the_same(visitor: Visitor, known: str, sent: CODES) -> None:
    pages = []
    for number in (OTHER, known):
        asked = visitor.post("/sign-in/", {"phone": number})
        assert (asked.status_code, asked["Location"]) == (302, "/sign-in/code/")
        pages.append(visitor.read("/sign-in/code/").replace(number, "号码"))
        visitor.cookies.clear()
    assert list(sent) == [known]
    assert _without_tokens(pages[0]) == _without_tokens(pages[1])


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_nobody_is_sent_a_code_a_second_time_at_once(visitor: Visitor, known: str, sent: CODES) -> None:
    visitor.post("/sign-in/", {"phone": known})
    sent.clear()
    again = Visitor(visitor.jurisdiction).post("/sign-in/", {"phone": known})
    assert again.status_code == 422
    assert "过一会儿再来" in again.content.decode()
    assert sent == {}


def test_what_is_no_mobile_is_refused_and_kept(visitor: Visitor, sent: CODES) -> None:
    for number in ("12345", "0750-1234567", "电话"):
        refused = visitor.post("/sign-in/", {"phone": number})
        assert refused.status_code == 422
        assert "手机号要写11位数字" in refused.content.decode()
        assert f'value="{number}"' in refused.content.decode()
    assert sent == {}


def test_who_comes_for_the_first_time_is_nobodys_member_yet(visitor: Visitor, sent: CODES) -> None:
    began = visitor.post("/sign-in/first/", {"name": "新芽儿", "phone": OTHER})
    assert (began.status_code, began["Location"]) == (302, "/sign-in/first/code/")
    assert user_by_phone(OTHER) is None  # not before they have shown that it is theirs
    came = visitor.post("/sign-in/first/code/", {"code": sent[OTHER]})
    assert (came.status_code, came["Location"]) == (302, "/arrive/")
    assert visitor.get("/arrive/")["Location"] == "/my/who/"
    assert "还不知道您是哪一户" in visitor.read("/my/who/")
    assert visitor.get("/my/home/")["Location"] == "/my/who/"
    user = user_by_phone(OTHER)
    assert user is not None
    assert (user.name, phone_of(user), OTHER.encode() in bytes(user.phone or b"")) == (
        "新芽儿",
        (OTHER, True),
        False,
    )


def test_whoever_signs_up_with_anothers_number_gets_nothing(
    cast: Cast, visitor: Visitor, known: str, sent: CODES
) -> None:
    before = User.objects.count()
    began = visitor.post("/sign-in/first/", {"name": "冒名者", "phone": known})
    assert (began.status_code, began["Location"]) == (302, "/sign-in/first/code/")
    assert sent == {}
    assert visitor.post("/sign-in/first/code/", {"code": "000000"}).status_code == 422
    assert (user_by_phone(PHONE), User.objects.count()) == (cast.user("柳成荫"), before)


def test_who_is_switched_off_is_sent_nothing(cast: Cast, visitor: Visitor, known: str, sent: CODES) -> None:
    User.objects.filter(login="柳成荫").update(is_active=False)
    assert visitor.post("/sign-in/", {"phone": known})["Location"] == "/sign-in/code/"
    assert sent == {}


def test_one_is_led_back_to_what_one_wanted(visitor: Visitor, known: str, sent: CODES) -> None:
    door = visitor.get("/my/ledger/")["Location"]
    assert door == "/sign-in/?next=/my/ledger/"
    code = visitor.post(door, {"phone": known, "next": "/my/ledger/"})["Location"]
    came = visitor.post(code, {"code": sent[known], "next": "/my/ledger/"})
    assert came["Location"] == "/my/ledger/"
    away = visitor.post("/sign-in/?next=https://elsewhere.example/", {"phone": known})
    assert "elsewhere" not in away["Location"]
