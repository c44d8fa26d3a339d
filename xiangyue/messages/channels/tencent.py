"""Tencent Cloud's SMS: 2021-01-11 SendSms, signed as TC3-HMAC-SHA256 (签名方法 v3)."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from requests import Session

from xiangyue.kernel import clock
from xiangyue.messages.channels import NotSent, Sms
from xiangyue.messages.channels.http import ask

ENDPOINT: Final = "https://sms.tencentcloudapi.com"
SERVICE, ACTION, VERSION = "sms", "SendSms", "2021-01-11"
REGION: Final = "ap-guangzhou"
ALGORITHM: Final = "TC3-HMAC-SHA256"
CONTENT_TYPE: Final = "application/json; charset=utf-8"

_AGAIN: Final = ("LimitExceeded", "RequestLimitExceeded", "InternalError", "ResourceInsufficient")
_AGAIN_TOO: Final = frozenset({"FailedOperation.InsufficientBalanceInSmsPackage"})


@dataclass(frozen=True)
class Tencent:
    """A county's account. app: the SdkAppId."""

    key_id: str
    secret: str
    app: str
    sign: str
    region: str = REGION
    endpoint: str = ENDPOINT
    session: Session = field(default_factory=Session, repr=False, compare=False)

    def __call__(self, sms: Sms) -> None:
        """Send an SMS. Raises: NotSent."""
        asked = {
            "PhoneNumberSet": [f"+86{sms.phone}"],
            "SmsSdkAppId": self.app,
            "SignName": self.sign,
            "TemplateId": sms.template,
            "TemplateParamSet": list(sms.params.values()),
            "SessionContext": sms.key,
        }
        body = json.dumps(asked, ensure_ascii=False).encode()
        host = urlsplit(self.endpoint).netloc
        at = int(clock.outside().timestamp())  # the vendor compares it with its own clock
        headers = {
            "Authorization": authorization(
                key_id=self.key_id,
                secret=self.secret,
                service=SERVICE,
                host=host,
                action=ACTION,
                body=body,
                at=at,
            ),
            "Content-Type": CONTENT_TYPE,
            "Host": host,
            "X-TC-Action": ACTION,
            "X-TC-Timestamp": str(at),
            "X-TC-Version": VERSION,
            "X-TC-Region": self.region,
        }
        code = _code(ask(self.session, self.endpoint, body=body, headers=headers))
        if code != "Ok":
            raise NotSent(code, again=code.startswith(_AGAIN) or code in _AGAIN_TOO)


def _code(found: dict[str, Any]) -> str:
    """Give what became of the one number, or the fault of the whole request."""
    response = found.get("Response")
    if isinstance(response, dict):
        if "Error" in response:
            return str(response["Error"].get("Code", "answer-unreadable"))
        states = response.get("SendStatusSet")
        if states:
            return str(states[0].get("Code", "answer-unreadable"))
    return "answer-unreadable"


def authorization(
    *, key_id: str, secret: str, service: str, host: str, action: str, body: bytes, at: int
) -> str:
    """Give the header that signs a request. at: seconds since 1970."""
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    names = "content-type;host;x-tc-action"
    lines = f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    request = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    text = "\n".join((ALGORITHM, str(at), scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
