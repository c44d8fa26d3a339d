"""WeChat's official accounts: template messages (message/template/send), under a stable access token.

`stable_token` gives every process the same token while it lasts, so that none takes it away from another.
"""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Final

from requests import Session

from xiangyue.messages.channels import NotSent
from xiangyue.messages.channels.http import ask

HEADERS: Final = {"Content-Type": "application/json; charset=utf-8"}
EARLY: Final = 300.0  # seconds before its end from which a token is asked for anew
OK: Final = 0
TOKEN_OVER: Final = frozenset({40001, 40014, 42001})  # invalid, illegal, expired
# Busy; too often in a minute; the day's quota; the token's quotas.
AGAIN: Final = frozenset({-1, 45009, 45011, 45035, 50002})

_tokens: dict[
    tuple[str, str, str], tuple[str, float]
] = {}  # by endpoint, app and secret: a token and its end


@dataclass(frozen=True)
class TemplateMessage:
    """One message to one follower. data: values by the template's fields. key: one of a key is shown in ten minutes."""

    openid: str
    template: str
    data: dict[str, str]
    link: str
    key: str


@dataclass(frozen=True)
class WeChat:
    """A county's official account."""

    app_id: str
    secret: str
    endpoint: str
    session: Session = field(default_factory=Session, repr=False, compare=False)

    def __call__(self, message: TemplateMessage) -> None:
        """Send a message; a token that WeChat holds for over is asked for anew, once. Raises: NotSent."""
        code = self._send(message, self._token())
        if code in TOKEN_OVER:
            _tokens.pop(self._known_by, None)
            code = self._send(message, self._token(is_forced=True))
        if code != OK:
            raise NotSent(str(code), again=code in AGAIN)

    @property
    def _known_by(self) -> tuple[str, str, str]:
        return self.endpoint, self.app_id, self.secret

    def _send(self, message: TemplateMessage, token: str) -> int:
        asked = {
            "touser": message.openid,
            "template_id": message.template,
            "data": {name: {"value": value} for name, value in message.data.items()},
            "client_msg_id": message.key,
        } | ({"url": message.link} if message.link else {})
        found = self._ask(f"/cgi-bin/message/template/send?access_token={token}", asked)
        return _code(found)

    def _token(self, *, is_forced: bool = False) -> str:
        """Give an access token, from memory while it lasts. Raises: NotSent."""
        token, end = _tokens.get(self._known_by, ("", 0.0))
        if token and time.monotonic() < end - EARLY:
            return token
        asked = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret,
            "force_refresh": is_forced,
        }
        found = self._ask("/cgi-bin/stable_token", asked)
        if not found.get("access_token"):
            code = _code(found)
            raise NotSent(str(code), again=code in AGAIN)
        token = str(found["access_token"])
        _tokens[self._known_by] = token, time.monotonic() + float(found.get("expires_in", 0))
        return token

    def _ask(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(asked, ensure_ascii=False).encode()
        return ask(self.session, self.endpoint + path, body=body, headers=HEADERS)


def _code(found: dict[str, Any]) -> int:
    code = found.get("errcode", OK)
    if isinstance(code, int):
        return code
    raise NotSent("answer-unreadable", again=True)
