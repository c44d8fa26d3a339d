"""Refusals: how the system says no.

A refusal is an expected answer, not a fault. It has a stable code for machines, one Chinese sentence for people,
and the facts that the sentence names. Operations raise refusals; each face turns them into words in one place
(a page, a 422 fragment, a line on the terminal, a JSON object).
"""

from typing import Any, ClassVar

from django.conf import settings
from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818 - it is the domain's word, and not an error
    """The request can't be granted as it stands; nothing was changed.

    code: stable, kebab-case, unique in the whole system; part of the public interface.
    message: gettext_lazy source text with named placeholders, each filled from the facts given.
    field: the name of the input that has to change, where one has.
    """

    code: ClassVar[str]
    message: ClassVar[str | Promise]
    field: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        return _text(self.message) % self.facts

    def as_dict(self) -> dict[str, Any]:
        """Give the refusal as plain data: code, text, the field if one is named, and the facts as strings."""
        facts = {
            name: value if isinstance(value, int | str | None) else str(value)
            for name, value in self.facts.items()
        }
        return {"code": self.code, "text": str(self), "field": self.field, "facts": facts}


def _text(message: str | Promise) -> str:
    # The embedded database is started before there are settings, and must be able to say what is wrong.
    if isinstance(message, Promise) and not settings.configured:
        return str(message._args[0])  # type: ignore[attr-defined]
    return str(message)
