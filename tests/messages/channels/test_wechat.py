"""Template messages, sent to a server on this machine that gives out tokens as WeChat does."""

import time
from dataclasses import replace

import pytest

from tests.messages.vendors import APP_ID, SECRET, Vendor
from xiangyue.messages.channels import NotSent
from xiangyue.messages.channels import wechat as channel
from xiangyue.messages.channels.wechat import TemplateMessage, WeChat

NEWS = TemplateMessage(
    openid="oExample",
    template="ngqIpbwh8bUf",
    data={"thing1": "有一条变动"},
    link="https://a.cn/my/",
    key="county_a:7",
)


@pytest.fixture
def account(wechat: Vendor) -> WeChat:
    return WeChat(APP_ID, SECRET, wechat.endpoint)


def refused(account: WeChat) -> NotSent:
    with pytest.raises(NotSent) as caught:
        account(NEWS)
    return caught.value


def paths(wechat: Vendor) -> list[str]:
    return [heard.path.rpartition("/")[2] for heard in wechat.heard]


def test_what_is_sent(account: WeChat, wechat: Vendor) -> None:
    account(NEWS)
    token, sent = wechat.heard
    assert token.json["force_refresh"] is False
    assert sent.query == {"access_token": "token-1"}
    assert sent.json == {
        "touser": "oExample",
        "template_id": "ngqIpbwh8bUf",
        "url": "https://a.cn/my/",
        "client_msg_id": "county_a:7",
        "data": {"thing1": {"value": "有一条变动"}},
    }


def test_a_token_is_kept_while_it_lasts(
    account: WeChat, wechat: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(NEWS)
    account(replace(NEWS, key="county_a:8"))
    assert paths(wechat) == ["stable_token", "send", "send"]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 7200 - channel.EARLY)
    account(NEWS)
    assert paths(wechat)[3:] == ["stable_token", "send"]


def test_a_token_that_somebody_else_renewed_is_asked_for_anew_once(account: WeChat, wechat: Vendor) -> None:
    account(NEWS)
    wechat.tokens = 5  # token-1 is over
    account(NEWS)
    assert paths(wechat) == ["stable_token", "send", "send", "stable_token", "send"]
    assert wechat.heard[-2].json["force_refresh"] is True
    wechat.answers = [(200, {"errcode": 40001})] * 2
    answer = refused(account)
    assert (answer.code, answer.again) == ("40001", False)


def test_accounts_do_not_share_tokens(account: WeChat, wechat: Vendor) -> None:
    account(NEWS)
    answer = refused(replace(account, secret="another"))
    assert (answer.code, answer.again) == ("40125", False)


@pytest.mark.parametrize(
    ("code", "again"),
    [
        (-1, True),
        (45009, True),
        (45011, True),
        (43004, False),
        (40003, False),
        (40037, False),
        (43101, False),
    ],
)
def test_documented_errors(account: WeChat, wechat: Vendor, code: int, again: bool) -> None:
    wechat.answers = [(200, {"errcode": code, "errmsg": "oExample"})]
    answer = refused(account)
    assert (answer.code, answer.again) == (str(code), again)


def test_an_answer_that_says_nothing(account: WeChat, wechat: Vendor) -> None:
    wechat.answers = [(200, {"errcode": "?"})]
    assert refused(account).code == "answer-unreadable"
