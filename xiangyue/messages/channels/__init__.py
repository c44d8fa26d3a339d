"""What carries a message out of the house. Each file speaks one vendor's documented interface, and knows nothing else.

A channel is called with plain values only, and touches no table (the console excepted, which keeps what it shows).
"""

from dataclasses import dataclass
from typing import Protocol


class NotSent(Exception):  # noqa: N818 - an answer of the vendor's
    """The vendor did not take it. code: the vendor's, or ours (timeout, unreachable, http-503, answer-unreadable).

    again: the same may succeed later. down: the vendor itself can't be reached, so that others need not be tried now.
    The phone number and the text stand in neither.
    """

    def __init__(self, code: str, *, again: bool, down: bool = False) -> None:
        self.code = code[:100]
        self.again = again
        self.down = down
        super().__init__(self.code)


@dataclass(frozen=True)
class Sms:
    """One SMS. phone: a mobile's 11 digits. template, params: the vendor's code, and its variables in their order.

    key: names this sending; the vendor gives it back in receipts, so that a repeat can be told.
    """

    phone: str
    template: str
    params: dict[str, str]
    key: str


class SmsSender(Protocol):
    """Sends an SMS, or raises NotSent."""

    def __call__(self, sms: Sms) -> None: ...
