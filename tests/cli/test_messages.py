"""Commands for SMS and WeChat messages, against vendors on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount

from tests.cast import Cast
from tests.cli.terminal import facts, refusal, run, told
from tests.messages.cast import give_phone, known_news, posted, sms_by
from tests.messages.vendors import (
    APP_ID,
    KEY_ID,
    SECRET,
    Vendor,
    aliyun,
    running,
    tencent,
    tencent_status,
    wechat,
)
from xiangyue.messages.models import ChannelSetting
from xiangyue.messages.operations.delivering import deliver_due
from xiangyue.messages.operations.notifying import notify
from xiangyue.people.private import keys

HERE = ("--county", "peopled")
PHONE = "19900000001"


@pytest.fixture(autouse=True)
def news(cast: Cast) -> Iterator[None]:
    with known_news():
        yield


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running(tencent()) as one:
        yield one


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    return file


def by_tencent(vendor: Vendor, secret: Path, *more: str) -> str:
    account = ("--vendor", "tencent", "--key-id", KEY_ID, "--app", "1400006666", "--sign", "乡约")
    templates = ("--template", "code=1110", "--template", "news=1111")
    return told(
        *("message", "sms", *HERE, *account, *templates),
        *("--endpoint", vendor.endpoint, "--secret-file", secret, *more),
    )


def test_sms_are_configured_shown_and_tried(vendor: Vendor, secret: Path) -> None:
    assert "短信和微信都还没有接上。" in told("message", "show", *HERE)
    assert by_tencent(vendor, secret) == "短信的设置改好了：腾讯云。\n"
    kept = ChannelSetting.objects.get()
    assert kept.secret is not None
    assert keys().open(kept.secret) == SECRET
    shown = told("message", "show", *HERE)
    assert "腾讯云" in shown
    assert "code=1110、news=1111" in shown
    assert SECRET not in shown + str(facts("message", "show", *HERE))
    assert "短信交出去了" in told("message", "test", *HERE, "--sms", PHONE)
    assert vendor.heard[0].json["TemplateId"] == "1111"


def test_a_try_tells_what_the_vendor_said(vendor: Vendor, secret: Path) -> None:
    assert refusal("message", "test", *HERE, "--sms", PHONE)["code"] == "sms-not-configured"
    by_tencent(vendor, secret)
    vendor.answers = [(200, tencent_status("FailedOperation.SignatureIncorrectOrUnapproved"))] * 2
    refused = refusal("message", "test", *HERE, "--sms", PHONE)
    assert (refused["code"], "FailedOperation.SignatureIncorrectOrUnapproved" in refused["text"]) == (
        "sms-not-taken",
        True,
    )
    assert refusal("message", "test", *HERE, "--sms", "0750-1234567")["code"] == "sms-no-mobile"
    assert refusal("message", "test", *HERE, "--sms", PHONE, "--as", "柳成荫")["code"] == "not-allowed"
    assert run("message", "test", *HERE).exit_code == 2
    assert run("message", "test", *HERE, "--sms", PHONE, "--wechat", "admin").exit_code == 2


def test_without_a_text_for_news_a_code_that_opens_nothing_is_tried(vendor: Vendor, secret: Path) -> None:
    by_tencent(vendor, secret)
    ChannelSetting.objects.update(templates={"code": "1110"})
    assert facts("message", "test", *HERE, "--sms", PHONE) == {"sent": "sms", "template": "code"}
    assert vendor.heard[0].json["TemplateParamSet"] == ["000000"]


def test_a_secret_is_asked_for_and_never_shown(vendor: Vendor) -> None:
    words = (
        "message",
        "sms",
        *HERE,
        "--vendor",
        "aliyun",
        "--key-id",
        KEY_ID,
        "--sign",
        "乡约",
        "--template",
        "code=SMS_1",
    )
    asked = run(*words, typed=f"{SECRET}\n")
    assert asked.exit_code == 0, asked.output
    assert SECRET not in asked.output
    kept = ChannelSetting.objects.get()
    assert run(*words, typed="\n").exit_code == 0
    again = ChannelSetting.objects.get()
    assert again.secret is not None
    assert kept.secret is not None
    assert keys().open(again.secret) == keys().open(kept.secret) == SECRET


def test_what_is_missing_is_named(secret: Path) -> None:
    words = ("message", "sms", *HERE, "--vendor", "aliyun", "--sign", "乡约", "--secret-file", secret)
    assert refusal(*words)["facts"] == {"name": "key_id"}
    assert run(*words, "--template", "code").exit_code == 2


def test_wechat_is_configured_and_tried(cast: Cast, secret: Path) -> None:
    assert refusal("message", "test", *HERE, "--wechat", "柳成荫")["code"] == "wechat-not-configured"
    with running(wechat()) as account:
        where = ("--endpoint", account.endpoint, "--secret-file", secret)
        words = (
            "message",
            "wechat",
            *HERE,
            "--app-id",
            APP_ID,
            "--template",
            "TM_1",
            "--field",
            "thing1=what",
        )
        assert told(*words, *where) == "公众号接上了。\n"
        assert refusal("message", "test", *HERE, "--wechat", "柳成荫")["code"] == "wechat-no-follower"
        SocialAccount.objects.create(user=cast.user("柳成荫"), provider="wechat", uid="oSecretary")
        assert "微信消息交出去了" in told("message", "test", *HERE, "--wechat", "柳成荫")
        assert account.heard[-1].json["touser"] == "oSecretary"
        account.answers = [(200, {"errcode": 43004})] * 2
        assert refusal("message", "test", *HERE, "--wechat", "柳成荫")["facts"] == {"reason": "43004"}


def test_a_channel_is_given_up(vendor: Vendor, secret: Path) -> None:
    assert told("message", "off", *HERE, "sms") == "本来就没有用短信发。\n"
    by_tencent(vendor, secret)
    assert told("message", "off", *HERE, "sms") == "以后不用短信发了。\n"
    assert not ChannelSetting.objects.exists()


def test_quiet_hours() -> None:
    assert told("message", "quiet", *HERE, "22:00", "06:30") == "22:00到06:30不发短信和微信，验证码除外。\n"
    assert facts("message", "show", *HERE)["quiet"] == {"from": "22:00", "until": "06:30"}
    assert run("message", "quiet", *HERE, "25:00", "06:30").exit_code == 2


def test_what_was_not_sent_is_listed_with_its_reason(cast: Cast) -> None:
    assert told("message", "failed", *HERE) == "没有发不成的。\n"
    with running(aliyun()) as one:
        sms_by(one)
        one.answers = [(200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"})]
        give_phone("田禾生", PHONE)
        notify(news=[posted(cast.household("018"))], key="k")
        deliver_due()
    listed = told("message", "failed", *HERE)
    assert "isv.MOBILE_NUMBER_ILLEGAL" in "".join(listed.split())
    assert PHONE not in listed
    (one_,) = facts("message", "failed", *HERE)["failed"]
    assert one_["error"] == "isv.MOBILE_NUMBER_ILLEGAL"
    assert (one_["recipient"], one_["tries"]) == (f"household:{cast.household('018').pk}", 1)
    assert "message failed" in told("doctor")


def test_what_the_console_showed(cast: Cast) -> None:
    assert told("message", "shown", *HERE) == "还没有。\n"
    assert told("message", "sms", *HERE, "--vendor", "console") == "短信的设置改好了：本机显示。\n"
    told("message", "test", *HERE, "--sms", PHONE)
    (one,) = facts("message", "shown", *HERE)["shown"]
    assert (one["phone"], one["text"]) == ("199****0001", "您家有一条变动，请进来看。")
    assert "199****0001" in told("message", "shown", *HERE)
