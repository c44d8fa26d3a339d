"""Alibaba Cloud's interface, spoken to a server on this machine that checks the signature itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.messages.vendors import KEY_ID, SECRET, Vendor
from xiangyue.messages.channels import NotSent, Sms
from xiangyue.messages.channels.aliyun import Aliyun, canonical_query, signed

CODE = Sms(phone="19900000001", template="SMS_154950909", params={"code": "042917"}, key="county_a:7")


@pytest.fixture
def account(aliyun: Vendor) -> Aliyun:
    return Aliyun(KEY_ID, SECRET, "乡约 & 联和", aliyun.endpoint)


def refused(account: Aliyun, sms: Sms = CODE) -> NotSent:
    with pytest.raises(NotSent) as caught:
        account(sms)
    return caught.value


def test_the_signature_is_that_of_the_documentations_example() -> None:
    query = canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = signed(
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        host="ecs.cn-shanghai.aliyuncs.com",
        query=query,
        action="RunInstances",
        version="2014-05-26",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
        "x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_what_is_sent(account: Aliyun, aliyun: Vendor) -> None:
    account(CODE)
    (heard,) = aliyun.heard
    assert heard.query == {
        "PhoneNumbers": "19900000001",
        "SignName": "乡约 & 联和",
        "TemplateCode": "SMS_154950909",
        "TemplateParam": '{"code": "042917"}',
        "OutId": "county_a:7",
    }
    assert json.loads(heard.query["TemplateParam"]) == {"code": "042917"}
    assert heard.body == b""


def test_a_template_without_variables_gets_none(account: Aliyun, aliyun: Vendor) -> None:
    account(replace(CODE, params={}))
    assert "TemplateParam" not in aliyun.heard[0].query


def test_each_request_has_a_nonce_of_its_own(account: Aliyun, aliyun: Vendor) -> None:
    account(CODE)
    account(CODE)
    first, second = (heard.headers["x-acs-signature-nonce"] for heard in aliyun.heard)
    assert first != second


def test_a_wrong_secret_or_key_fails_for_good(account: Aliyun) -> None:
    wrong = refused(replace(account, secret="another"))
    assert (wrong.code, wrong.again) == ("SignatureDoesNotMatch", False)
    assert refused(replace(account, key_id="LTAI0")).code == "InvalidAccessKeyId.NotFound"


@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", True),
        ("isv.DAY_LIMIT_CONTROL", True),
        ("isv.AMOUNT_NOT_ENOUGH", True),
        ("isp.SYSTEM_ERROR", True),
        ("Throttling.User", True),
        ("isv.MOBILE_NUMBER_ILLEGAL", False),
        ("isv.SMS_TEMPLATE_ILLEGAL", False),
        ("isv.SMS_SIGNATURE_ILLEGAL", False),
        ("isp.RAM_PERMISSION_DENY", False),
    ],
)
def test_documented_errors(account: Aliyun, aliyun: Vendor, code: str, again: bool) -> None:
    aliyun.answers = [(200, {"Code": code, "Message": "19900000001"})]
    answer = refused(account)
    assert (answer.code, answer.again, answer.down) == (code, again, False)
    assert "1990" not in str(answer)


def test_errors_come_with_a_status_too(account: Aliyun, aliyun: Vendor) -> None:
    aliyun.answers = [(400, {"Code": "InvalidTimeStamp.Expired"}), (503, {"Code": "ServiceUnavailable"})]
    assert refused(account).code == "InvalidTimeStamp.Expired"
    assert refused(account).again
