"""Alibaba Cloud's SMS: Dysmsapi 2017-05-25 SendSms, signed as ACS3-HMAC-SHA256 (V3 版本请求体 & 签名机制)."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from requests import Session

from xiangyue.kernel import clock
from xiangyue.messages.channels import NotSent, Sms
from xiangyue.messages.channels.http import ask

ENDPOINT: Final = "https://dysmsapi.aliyuncs.com"
ACTION, VERSION = "SendSms", "2017-05-25"
ALGORITHM: Final = "ACS3-HMAC-SHA256"

# Throttling, and what the operator may mend meanwhile (a paid-up account); everything else stays as it is.
_AGAIN: Final = frozenset(
    {
        "isv.BUSINESS_LIMIT_CONTROL",
        "isv.DAY_LIMIT_CONTROL",
        "isv.MONTH_LIMIT_CONTROL",
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isp.SYSTEM_ERROR",
        "isp.GATEWAY_ERROR",
        "InternalError",
        "ServiceUnavailable",
        "SignatureNonceUsed",
    }
)


@dataclass(frozen=True)
class Aliyun:
    """A county's account."""

    key_id: str
    secret: str
    sign: str
    endpoint: str = ENDPOINT
    session: Session = field(default_factory=Session, repr=False, compare=False)

    def __call__(self, sms: Sms) -> None:
        """Send an SMS. Raises: NotSent."""
        query = canonical_query(
            {
                "PhoneNumbers": sms.phone,
                "SignName": self.sign,
                "TemplateCode": sms.template,
                "OutId": sms.key,
            }
            | ({"TemplateParam": json.dumps(sms.params, ensure_ascii=False)} if sms.params else {})
        )
        headers = signed(
            key_id=self.key_id,
            secret=self.secret,
            host=urlsplit(self.endpoint).netloc,
            query=query,
            action=ACTION,
            version=VERSION,
            at=clock.outside(),  # the vendor compares it with its own clock
            nonce=secrets.token_hex(16),
        )
        found = ask(self.session, f"{self.endpoint}/?{query}", body=b"", headers=headers)
        code = str(found.get("Code", ""))
        if code != "OK":
            raise NotSent(code or "answer-unreadable", again=code in _AGAIN or code.startswith("Throttling"))


def canonical_query(params: dict[str, str]) -> str:
    """Write parameters as they are signed: sorted, RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(params[name], safe='~')}" for name in sorted(params))


def signed(
    *, key_id: str, secret: str, host: str, query: str, action: str, version: str, at: datetime, nonce: str
) -> dict[str, str]:
    """Give the headers of a signed request without a body."""
    body_hash = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": body_hash,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join(("POST", "/", query, lines, names, body_hash))
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), text.encode(), "sha256").hex()
    told = f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers | {"Authorization": told}
