"""Vendors on this machine: they check a request's signature by the documented rules, and answer what they are told."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

ALIYUN_OK = {"Code": "OK", "Message": "OK", "BizId": "9006197469364984^0", "RequestId": "A90E4451"}
TENCENT_OK = {
    "Response": {
        "SendStatusSet": [
            {"SerialNo": "5000:1", "PhoneNumber": "+86", "Fee": 1, "Code": "Ok", "Message": "send success"}
        ],
        "RequestId": "a0aabda6",
    }
}
WECHAT_OK = {"errcode": 0, "errmsg": "ok", "msgid": 200228332}


@dataclass(frozen=True)
class Heard:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = tuple[int, Any]  # a status, and an object or raw bytes
Check = Callable[["Vendor", Heard], Any | None]


class Vendor(ThreadingHTTPServer):
    """Keeps what it hears; answers as `answers` say, then `usual`; `check` may object before."""

    daemon_threads = True

    def __init__(self, check: Check, usual: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Speaker)
        self.check, self.usual = check, usual
        self.heard: list[Heard] = []
        self.answers: list[Answer] = []
        self.sleeps = 0.0
        self.tokens = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Speaker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Vendor

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(
            parts.path,
            dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {},
            headers,
            body,
        )
        self.server.heard.append(heard)
        if self.server.sleeps:
            time.sleep(self.server.sleeps)
        objection = self.server.check(self.server, heard)
        status, said = 200, objection or self.server.usual
        if objection is None and self.server.answers:
            status, said = self.server.answers.pop(0)
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running(vendor: Vendor) -> Iterator[Vendor]:
    thread = threading.Thread(target=vendor.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        vendor.shutdown()
        vendor.server_close()
        thread.join()


KEY_ID, SECRET = "LTAI5tExample", "not-a-real-secret"
APP_ID = "wx0000000000000000"


def aliyun() -> Vendor:
    return Vendor(_check_aliyun, ALIYUN_OK)


def tencent() -> Vendor:
    return Vendor(_check_tencent, TENCENT_OK)


def wechat() -> Vendor:
    return Vendor(_check_wechat, WECHAT_OK)


def _check_aliyun(vendor: Vendor, heard: Heard) -> Any | None:
    """V3 版本请求体 & 签名机制: the signature is computed anew from what came over the wire."""
    told = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})",
        heard.headers.get("authorization", ""),
    )
    if not told:
        return {"Code": "MissingAuthorization"}
    if told[1] != KEY_ID:
        return {"Code": "InvalidAccessKeyId.NotFound"}
    names = told[2].split(";")
    needed = {name for name in heard.headers if name.startswith("x-acs-")} | {"host"}
    if names != sorted(names) or not needed <= set(names):
        return {"Code": "IncompleteSignature"}
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
        for name, value in sorted(heard.query.items())
    )
    lines = "".join(f"{name}:{heard.headers[name].strip()}\n" for name in names)
    content = hashlib.sha256(heard.body).hexdigest()
    if heard.headers["x-acs-content-sha256"] != content:
        return {"Code": "InvalidContentSha256"}
    request = "\n".join(["POST", heard.path, query, lines, told[2], content])
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
    if hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest() != told[3]:
        return {"Code": "SignatureDoesNotMatch"}
    if (heard.headers["x-acs-action"], heard.headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
        return {"Code": "InvalidAction.NotFound"}
    if len(heard.headers["x-acs-signature-nonce"]) < 16:
        return {"Code": "InvalidNonce"}
    return None


def _check_tencent(vendor: Vendor, heard: Heard) -> Any | None:
    """签名方法 v3."""
    told = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/sms/tc3_request, SignedHeaders=([^,]+), "
        r"Signature=([0-9a-f]{64})",
        heard.headers.get("authorization", ""),
    )
    if not told:
        return _tencent_error("AuthFailure.InvalidAuthorization")
    if told[1] != KEY_ID:
        return _tencent_error("AuthFailure.SecretIdNotFound")
    stamp = heard.headers["x-tc-timestamp"]
    if abs(int(stamp) - time.time()) > 300 or time.strftime("%Y-%m-%d", time.gmtime(int(stamp))) != told[2]:
        return _tencent_error("AuthFailure.SignatureExpire")
    lines = "".join(f"{name}:{heard.headers[name].strip().lower()}\n" for name in told[3].split(";"))
    request = "\n".join(["POST", "/", "", lines, told[3], hashlib.sha256(heard.body).hexdigest()])
    scope = f"{told[2]}/sms/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = b"TC3" + SECRET.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != told[4]:
        return _tencent_error("AuthFailure.SignatureFailure")
    if (heard.headers["x-tc-action"], heard.headers["x-tc-version"]) != ("SendSms", "2021-01-11"):
        return _tencent_error("InvalidAction")
    return None


def _tencent_error(code: str) -> Any:
    return {"Response": {"Error": {"Code": code, "Message": code}, "RequestId": "ed93f3cb"}}


def tencent_status(code: str) -> Any:
    return {
        "Response": {
            "SendStatusSet": [{"SerialNo": "", "Code": code, "Message": code}],
            "RequestId": "a0aabda6",
        }
    }


def tencent_error(code: str) -> Any:
    return _tencent_error(code)


def _check_wechat(vendor: Vendor, heard: Heard) -> Any | None:
    """A token for whoever knows the secret; a message for whoever has the last token."""
    if heard.path == "/cgi-bin/stable_token":
        asked = heard.json
        if (asked["grant_type"], asked["appid"], asked["secret"]) != ("client_credential", APP_ID, SECRET):
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        vendor.tokens += vendor.tokens == 0 or asked["force_refresh"]
        return {"access_token": f"token-{vendor.tokens}", "expires_in": 7200}
    if heard.path != "/cgi-bin/message/template/send":
        return {"errcode": 404}
    if heard.query.get("access_token") != f"token-{vendor.tokens}":
        return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
    return None
