"""One way to ask a vendor: a short time, no redirects, and nothing of what was asked in any log or error."""

import logging
from typing import Any, Final

from requests import RequestException, Session, Timeout

from xiangyue.messages.channels import NotSent

TIMEOUT: Final = (5.0, 10.0)  # seconds to connect, and to answer
TOO_MANY, FAULT = 429, 500

# Numbers and tokens stand in addresses, which urllib3 would write down.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


def ask(session: Session, url: str, *, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Post to a vendor and give the JSON object that it answers with, whatever its status.

    Raises: NotSent (timeout, unreachable, http-…, answer-unreadable), all of which may pass.
    """
    try:
        answer = session.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except Timeout:
        raise NotSent("timeout", again=True, down=True) from None  # its words would name the address
    except RequestException:
        raise NotSent("unreachable", again=True, down=True) from None
    try:
        found = answer.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    if answer.ok:
        raise NotSent("answer-unreadable", again=True) from None
    status = answer.status_code
    raise NotSent(f"http-{status}", again=status == TOO_MANY or status >= FAULT, down=status >= FAULT)
