"""Staff: name or phone and password, and the second factor that is demanded of county and town offices."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.cast import Cast
from tests.web import Visitor
from xiangyue.people.private import keys
from xiangyue.users.models import User
from xiangyue.users.operations import set_password

PASSWORD = "麦子熟了要赶紧收割1"
IN = "/sign-in/password/"


@pytest.fixture
def leader(cast: Cast) -> str:
    set_password(user=cast.user("柳成荫"), password=PASSWORD)
    return "柳成荫"


@pytest.fixture
def official(cast: Cast) -> str:
    """Whoever holds an office of the town."""
    user = User.objects.get(id=cast.town_official.id)
    set_password(user=user, password=PASSWORD)
    return user.login


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def activate(visitor: Visitor) -> tuple[str, str]:
    """Say one's password again, and set an authenticator up; give its secret, and the code that was used."""
    assert visitor.get("/sign-in/second/app/")["Location"].startswith("/sign-in/again/")
    assert visitor.post("/sign-in/again/", {"password": "不是这一个呀呀呀"}).status_code == 422
    assert visitor.post("/sign-in/again/", {"password": PASSWORD}).status_code == 302
    page = visitor.read("/sign-in/second/app/")
    secret = re.search(r'<p class="digest">([A-Z2-7]+)</p>', page)
    assert secret
    code = code_of(secret[1])
    assert visitor.post("/sign-in/second/app/", {"code": code}).status_code == 302
    return secret[1], code


def test_by_name_and_by_phone(visitor: Visitor, leader: str, known: str) -> None:
    for login in (leader, known, " 199 0000 0018 "):
        came = visitor.post(IN, {"login": login, "password": PASSWORD})
        assert (came.status_code, came["Location"]) == (302, "/arrive/")
        assert visitor.get("/arrive/")["Location"] == "/my/home/"
        visitor.post("/my/sign-out/")


def test_a_wrong_one_says_the_same_of_everybody(visitor: Visitor, leader: str) -> None:
    told = []
    for login in (leader, "没有这个人"):
        refused = visitor.post(IN, {"login": login, "password": "不对的密码呀呀呀"})
        assert refused.status_code == 422
        told.append(re.findall(r'role="alert">.*?<span>(.*?)</span>', refused.content.decode()))
        assert PASSWORD not in refused.content.decode()
    assert told == [["名字或密码不对。"], ["名字或密码不对。"]]


def test_five_wrong_ones_lock_the_name_for_a_while(visitor: Visitor, leader: str) -> None:
    for _try in range(5):
        visitor.post(IN, {"login": leader, "password": "不对的密码呀呀呀"})
    locked = visitor.post(IN, {"login": leader, "password": PASSWORD})
    assert locked.status_code == 422
    assert "试的次数多了" in locked.content.decode()
    assert visitor.get("/my/who/").status_code == 302


def test_a_town_official_is_led_to_the_second_factor(visitor: Visitor, official: str) -> None:
    assert visitor.post(IN, {"login": official, "password": PASSWORD})["Location"] == "/arrive/"
    assert visitor.get("/arrive/")["Location"] == "/sign-in/second/"
    assert "第二道锁" in visitor.read("/sign-in/second/")
    secret, _used = activate(visitor)
    assert visitor.get("/arrive/")["Location"] == "/my/who/"
    code = code_of(secret)
    for expected in (302, 422):  # a code is good once
        visitor.post("/my/sign-out/")
        asked = visitor.post(IN, {"login": official, "password": PASSWORD})
        assert asked["Location"] == "/sign-in/second/show/"
        assert visitor.get("/my/who/")["Location"] == "/sign-in/?next=/my/who/"
        assert visitor.post("/sign-in/second/show/", {"code": code}).status_code == expected


def test_the_secret_is_sealed(visitor: Visitor, official: str) -> None:
    visitor.post(IN, {"login": official, "password": PASSWORD})
    secret, _used = activate(visitor)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert keys().open(bytes.fromhex(kept)) == secret


def test_recovery_codes_are_good_once(visitor: Visitor, official: str) -> None:
    visitor.post(IN, {"login": official, "password": PASSWORD})
    activate(visitor)
    page = visitor.read("/sign-in/second/codes/")
    codes = re.findall(r'<li class="digest">([0-9a-f]+)</li>', page)
    assert len(codes) == 10
    for expected in (302, 422):
        visitor.post("/my/sign-out/")
        visitor.post(IN, {"login": official, "password": PASSWORD})
        assert visitor.post("/sign-in/second/show/", {"code": codes[0]}).status_code == expected


def test_one_sees_where_one_is_signed_in_and_ends_the_others(
    visitor: Visitor, leader: str, peopled: object
) -> None:
    elsewhere = Visitor(visitor.jurisdiction)
    for phone in (elsewhere, visitor):
        phone.post(IN, {"login": leader, "password": PASSWORD})
    assert visitor.read("/sign-in/sessions/").count("登录</p>") == 2
    visitor.post("/sign-in/sessions/")
    assert elsewhere.get("/my/who/")["Location"] == "/sign-in/?next=/my/who/"
    assert visitor.get("/my/who/").status_code == 200


def test_a_new_password_signs_everybody_else_out(visitor: Visitor, leader: str) -> None:
    elsewhere = Visitor(visitor.jurisdiction)
    for phone in (elsewhere, visitor):
        phone.post(IN, {"login": leader, "password": PASSWORD})
    weak = {"oldpassword": PASSWORD, "password1": "password12", "password2": "password12"}
    assert visitor.post("/sign-in/new-password/", weak).status_code == 422
    new = "谷子黄了也要快收割2"
    good = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert visitor.post("/sign-in/new-password/", good).status_code == 302
    assert elsewhere.get("/my/who/")["Location"] == "/sign-in/?next=/my/who/"
    fresh = Visitor(visitor.jurisdiction)
    assert fresh.post(IN, {"login": leader, "password": PASSWORD}).status_code == 422
    assert fresh.post(IN, {"login": leader, "password": new}).status_code == 302
