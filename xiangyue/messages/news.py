"""How news becomes messages: rooms above say who is told what of a topic's news, and this room writes and sends it.

A room sends its news by the outbox (`records.operations.send`) and knows nothing of messages. In its AppConfig it
registers the kinds of news (`templates.register`) and, for each topic, a teller: that is given the outbox's payload
when it is delivered, after the transaction that made it, and gives everybody who is told, in a number of queries that
does not grow with how many they are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from xiangyue.records import operations as records
from xiangyue.records.models import OutboxMessage


@dataclass(frozen=True)
class News:
    """What one household, or one user, is told. facts: for the template's text; ids, codes, figures and days only.

    about: tells apart what one recipient is told of in one go (two deeds that are returned at once).
    """

    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    household: int | None = None
    user: int | None = None
    about: str = ""


Teller = Callable[[dict[str, Any]], Iterable[News]]


def tell(topic: str, teller: Teller) -> None:
    """Register who is told what of a topic's news. A repeated delivery of the outbox tells nobody twice.

    Messages bear the moment at which the news was made, however late the worker is.
    """
    from xiangyue.messages.operations.notifying import notify  # which takes what is defined here

    def consume(message: records.Message) -> None:
        made_at = OutboxMessage.objects.values_list("written_at", flat=True).get(id=message.id)
        notify(news=teller(message.payload), key=f"{topic}:{message.id}", at=made_at)

    records.consume(topic, consume)
