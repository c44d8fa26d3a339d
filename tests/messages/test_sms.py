"""One interface before all vendors, and codes to sign in with."""

import logging
from typing import Any

import pytest
from django.db import connection

from tests.messages.vendors import KEY_ID, SECRET, Vendor, tencent_status
from xiangyue.kernel import clock
from xiangyue.messages.models import Channel, ChannelSetting, ShownText
from xiangyue.messages.models import Vendor as By
from xiangyue.messages.queries import shown_texts
from xiangyue.messages.refusals import NoMobile, SmsFailed, SmsLater, SmsNotConfigured
from xiangyue.messages.sms import send_code, send_known, send_sms, send_unknown
from xiangyue.people.private import keys
from xiangyue.tenancy.models import Jurisdiction

PHONE = "199 0000-0001"


@pytest.fixture(autouse=True)
def inside(county: Jurisdiction, settings: Any) -> None:
    settings.SMS_FALLBACK = ""


def use(vendor: Vendor, by: By, **more: Any) -> ChannelSetting:
    return ChannelSetting.objects.create(
        channel=Channel.SMS,
        vendor=by,
        key_id=KEY_ID,
        secret=keys().seal(SECRET),
        app="1400006666",
        sign="乡约",
        endpoint=vendor.endpoint,
        **{"templates": {"code": "SMS_1", "news": "SMS_2"}} | more,
    )


def test_the_countys_setting_says_who_sends(aliyun: Vendor, tencent: Vendor) -> None:
    setting = use(aliyun, By.ALIYUN)
    send_code(phone=PHONE, code="042917")
    assert aliyun.heard[0].query["PhoneNumbers"] == "19900000001"
    assert aliyun.heard[0].query["TemplateParam"] == '{"code": "042917"}'
    setting.delete()
    use(tencent, By.TENCENT)
    send_code(phone=PHONE, code="042918")
    assert tencent.heard[0].json["TemplateParamSet"] == ["042918"]
    assert len(aliyun.heard) == 1


def test_a_county_without_a_setting_sends_none(settings: Any) -> None:
    with pytest.raises(SmsNotConfigured):
        send_code(phone=PHONE, code="042917")
    with pytest.raises(SmsNotConfigured):
        send_unknown(phone=PHONE)
    settings.SMS_FALLBACK = "console"
    send_code(phone=PHONE, code="042917")
    assert [text.phone for text in shown_texts()] == ["199****0001"]


def test_a_text_that_is_not_approved_is_not_sent(aliyun: Vendor) -> None:
    use(aliyun, By.ALIYUN, templates={"news": "SMS_2"})
    with pytest.raises(SmsNotConfigured):
        send_code(phone=PHONE, code="042917")


@pytest.mark.parametrize("send", [send_unknown, send_known])
def test_a_county_may_do_without_the_texts_to_strangers(aliyun: Vendor, send: Any) -> None:
    setting = use(aliyun, By.ALIYUN)
    send(phone=PHONE)
    assert aliyun.heard == []
    setting.templates |= {"unknown": "SMS_3", "known": "SMS_3"}
    setting.save()
    send(phone=PHONE)
    assert aliyun.heard[0].query["TemplateCode"] == "SMS_3"


@pytest.mark.parametrize("phone", ["0750-1234567", "1990000000", "", "12000000000"])
def test_what_is_no_mobile_gets_none(aliyun: Vendor, phone: str) -> None:
    use(aliyun, By.ALIYUN)
    with pytest.raises(NoMobile) as caught:
        send_code(phone=phone, code="042917")
    assert phone not in str(caught.value) or not phone
    assert aliyun.heard == []


def test_refusals_say_whether_it_may_pass(tencent: Vendor) -> None:
    use(tencent, By.TENCENT)
    tencent.answers = [
        (200, tencent_status("LimitExceeded.PhoneNumberThirtySecondLimit")),
        (200, tencent_status("InvalidParameterValue.IncorrectPhoneNumber")),
    ]
    with pytest.raises(SmsLater) as later:
        send_code(phone=PHONE, code="042917")
    with pytest.raises(SmsFailed) as failed:
        send_code(phone=PHONE, code="042917")
    assert later.value.facts == {"reason": "LimitExceeded.PhoneNumberThirtySecondLimit"}
    assert failed.value.facts == {"reason": "InvalidParameterValue.IncorrectPhoneNumber"}


def test_each_sending_has_a_key(aliyun: Vendor) -> None:
    use(aliyun, By.ALIYUN)
    send_sms(phone=PHONE, template="news", params={}, key="county_a:7")
    send_sms(phone=PHONE, template="news", params={})
    send_sms(phone=PHONE, template="news", params={})
    named, second, third = (heard.query["OutId"] for heard in aliyun.heard)
    assert named == "county_a:7"
    assert second != third


def test_neither_code_nor_number_is_kept_or_logged(aliyun: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    use(aliyun, By.ALIYUN)
    aliyun.answers = [(200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"})]
    with pytest.raises(SmsLater):
        send_code(phone=PHONE, code="042917")
    send_code(phone=PHONE, code="042917")
    assert not ShownText.objects.exists()
    assert "0001" not in caplog.text
    assert "042917" not in caplog.text


def test_the_console_shows_a_line_and_keeps_it_sealed_for_a_day(
    aliyun: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    use(aliyun, By.CONSOLE)
    caplog.set_level(logging.INFO, "xiangyue.messages.channels.console")
    send_code(phone=PHONE, code="042917")
    assert "SMS to 199****0001: 登录用的验证码是042917" in caplog.text
    (shown,) = shown_texts()
    assert (shown.phone, shown.text) == ("199****0001", "登录用的验证码是042917，5分钟内有效。不要告诉别人。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, text FROM messages_showntext")
        raw = b"".join(map(bytes, cursor.fetchone()))
    assert b"19900000001" not in raw
    assert b"042917" not in raw
    with clock.as_of(clock.today().replace(day=4)):
        send_code(phone=PHONE, code="111222")
        assert [text.text[:11] for text in shown_texts()] == ["登录用的验证码是111"]
    assert aliyun.heard == []
