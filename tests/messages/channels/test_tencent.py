"""Tencent Cloud's interface, spoken to a server on this machine that checks the signature itself."""

from dataclasses import replace

import pytest

from tests.messages.vendors import KEY_ID, SECRET, Vendor, tencent_error, tencent_status
from xiangyue.messages.channels import NotSent, Sms
from xiangyue.messages.channels.tencent import Tencent, authorization

CODE = Sms(phone="19900000001", template="1110", params={"code": "042917"}, key="county_a:7")


@pytest.fixture
def account(tencent: Vendor) -> Tencent:
    return Tencent(KEY_ID, SECRET, "1400006666", "乡约", endpoint=tencent.endpoint)


def refused(account: Tencent) -> NotSent:
    with pytest.raises(NotSent) as caught:
        account(CODE)
    return caught.value


def test_the_signature_is_that_of_the_documentations_example() -> None:
    """Its key and secret are printed there as stars."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    header = authorization(
        key_id="AKID" + "*" * 32,
        secret="*" * 32,
        service="cvm",
        host="cvm.tencentcloudapi.com",
        action="DescribeInstances",
        body=body,
        at=1551113065,
    )
    assert header == (
        "TC3-HMAC-SHA256 Credential=AKID********************************/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


def test_what_is_sent(account: Tencent, tencent: Vendor) -> None:
    account(CODE)
    (heard,) = tencent.heard
    assert heard.json == {
        "PhoneNumberSet": ["+8619900000001"],
        "SmsSdkAppId": "1400006666",
        "SignName": "乡约",
        "TemplateId": "1110",
        "TemplateParamSet": ["042917"],
        "SessionContext": "county_a:7",
    }
    assert heard.headers["x-tc-region"] == "ap-guangzhou"


def test_a_wrong_secret_or_key_fails_for_good(account: Tencent) -> None:
    wrong = refused(replace(account, secret="another"))
    assert (wrong.code, wrong.again) == ("AuthFailure.SignatureFailure", False)
    assert refused(replace(account, key_id="AKID0")).code == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", True),
        ("LimitExceeded.PhoneNumberDailyLimit", True),
        ("FailedOperation.InsufficientBalanceInSmsPackage", True),
        ("InternalError.Timeout", True),
        ("InvalidParameterValue.IncorrectPhoneNumber", False),
        ("FailedOperation.TemplateIncorrectOrUnapproved", False),
        ("FailedOperation.PhoneNumberInBlacklist", False),
    ],
)
def test_documented_errors_of_a_number(account: Tencent, tencent: Vendor, code: str, again: bool) -> None:
    tencent.answers = [(200, tencent_status(code))]
    answer = refused(account)
    assert (answer.code, answer.again, answer.down) == (code, again, False)


def test_errors_of_the_whole_request(account: Tencent, tencent: Vendor) -> None:
    tencent.answers = [
        (200, tencent_error("RequestLimitExceeded")),
        (200, {"Response": {"RequestId": "a"}}),
        (200, {}),
    ]
    first, second, third = refused(account), refused(account), refused(account)
    assert (first.code, first.again) == ("RequestLimitExceeded", True)
    assert second.code == third.code == "answer-unreadable"
