"""Signing in by WeChat, before a stub that answers as its documentation says (网页授权, snsapi_base)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.web import Visitor
from xiangyue.messages.models import Channel, ChannelSetting, Vendor
from xiangyue.people.private import keys
from xiangyue.users.models import User

APP, SECRET, OPENID = "wx0000example", "not-a-real-secret", "o-example-openid"


class Stub(BaseHTTPRequestHandler):
    """https://api.weixin.qq.com/sns/oauth2/access_token: a code is good once."""

    codes: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        known = urlsplit(self.path).path == "/sns/oauth2/access_token"
        right = known and (asked["appid"], asked["secret"]) == (APP, SECRET)
        if right and asked["grant_type"] == "authorization_code" and asked["code"] in self.codes:
            self.codes.remove(asked["code"])
            answer = {"access_token": "t", "expires_in": 7200, "openid": OPENID, "scope": "snsapi_base"}
        else:
            answer = {"errcode": 40029, "errmsg": "invalid code"}
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")  # as WeChat does
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def wechat(cast: Cast, settings: Settings) -> Iterator[type[Stub]]:
    ChannelSetting.objects.create(
        channel=Channel.WECHAT, vendor=Vendor.WECHAT, app=APP, secret=keys().seal(SECRET)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.WECHAT_API = f"http://127.0.0.1:{server.server_port}"
    yield Stub
    server.shutdown()
    thread.join()
    server.server_close()


def away(visitor: Visitor) -> dict[str, str]:
    """Go to WeChat; give what it is asked."""
    left = visitor.post("/sign-in/wechat/")
    address = urlsplit(left["Location"])
    assert (left.status_code, address.netloc, address.path) == (
        302,
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
    )
    assert address.fragment == "wechat_redirect"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def back(visitor: Visitor, state: str, code: str) -> str:
    response = visitor.get("/sign-in/wechat/back/", {"code": code, "state": state})
    return str(response["Location"]) if response.status_code == 302 else str(response.status_code)


def test_one_comes_by_wechat_and_is_known_the_next_time(visitor: Visitor, wechat: type[Stub]) -> None:
    assert "用微信登录" in visitor.read("/sign-in/")
    before = User.objects.count()
    for _time in range(2):
        asked = away(visitor)
        assert (asked["appid"], asked["scope"], asked["response_type"]) == (APP, "snsapi_base", "code")
        assert SECRET not in str(asked)
        wechat.codes.add("c")
        assert back(visitor, asked["state"], "c") == "/arrive/"
        assert "还不知道您是哪一户" in visitor.read("/my/who/")
        visitor.post("/my/sign-out/")
    assert User.objects.count() == before + 1
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("wechat", OPENID, {"openid": OPENID})


def test_a_code_that_wechat_does_not_know_signs_nobody_in(visitor: Visitor, wechat: type[Stub]) -> None:
    state = away(visitor)["state"]
    assert back(visitor, state, "guessed") == "401"
    assert visitor.get("/my/who/")["Location"] == "/sign-in/?next=/my/who/"
    assert not SocialAccount.objects.exists()


def test_a_state_that_is_not_ours_signs_nobody_in(visitor: Visitor, wechat: type[Stub]) -> None:
    away(visitor)
    wechat.codes.add("c")
    assert back(visitor, "guessed", "c") == "401"
    assert wechat.codes == {"c"}  # it was not even asked
    wechat.codes.clear()
    assert visitor.get("/my/who/").status_code == 302


def test_a_place_without_an_account_offers_none(visitor: Visitor, cast: Cast) -> None:
    assert "微信" not in visitor.read("/sign-in/")
    assert visitor.get("/sign-in/wechat/").status_code == 404
