"""Tokens of the small languages in which people write 分值 and 上限 (`values.py`, `limits.py`). Pure.

Text is first made plain (NFKC: full-width digits and signs become narrow ones), then cut into numbers, the
words that the grammar knows, and whatever lies between them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)"
_NUMERAL = r"(?P<numeral>[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_IDLE_SPACE = re.compile(r"(?<!\d) | (?!\d)")


class Kind(Enum):
    NUMBER = auto()
    WORD = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Token:
    """One piece of a text. value: what a number says."""

    kind: Kind
    text: str
    value: Decimal = Decimal(0)


class NotFitting(Exception):  # noqa: N818 - caught inside the room and turned into a refusal with a name
    """The tokens don't follow the grammar. reason: what is wrong, for people, if it is known."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(reason)


def plain(text: str) -> str:
    """Give a text without the differences that a reader doesn't see: width of characters, spaces.

    A space between two figures stays: "5 10" must not become 510.
    """
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    return _IDLE_SPACE.sub("", spaced)


class Vocabulary:
    """The words of one grammar. Where several fit, the longest is meant: 一次性, not 一 and 次."""

    def __init__(self, *words: Iterable[str]) -> None:
        known = sorted({word for group in words for word in group}, key=len, reverse=True)
        vocabulary = "|".join(map(re.escape, known))
        self._token = re.compile(f"{_NUMBER}|(?P<word>{vocabulary})|{_NUMERAL}|(?P<text>.)")

    def tokens(self, text: str) -> list[Token]:
        """Cut a text into tokens; characters that belong to no number and no word are kept together."""
        found: list[Token] = []
        for match in self._token.finditer(plain(text)):
            token = _token(match)
            if token.kind is Kind.TEXT and found and found[-1].kind is Kind.TEXT:
                token = Token(Kind.TEXT, found.pop().text + token.text)
            found.append(token)
        return found


class Reader:
    """Goes through tokens from left to right. A grammar is a set of functions that accept or demand."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0

    def accept(self, words: Collection[str]) -> str | None:
        """Take the next token if it is one of these words."""
        if self.done or self._next.kind is not Kind.WORD or self._next.text not in words:
            return None
        return self._take().text

    def accept_number(self) -> Decimal | None:
        """Take the next token if it is a number."""
        return None if self.done or self._next.kind is not Kind.NUMBER else self._take().value

    def number(self) -> Decimal:
        """Take a number. Raises: NotFitting."""
        value = self.accept_number()
        if value is None:
            raise NotFitting
        return value

    def text_until(self, words: Collection[str] = ()) -> str:
        """Take everything up to the next number, or the next of these words, as one text."""
        taken = ""
        while not self.done and self._next.kind is not Kind.NUMBER and self._next.text not in words:
            taken += self._take().text
        return taken

    def end(self) -> None:
        """Demand that nothing is left. Raises: NotFitting."""
        if not self.done:
            raise NotFitting

    @property
    def done(self) -> bool:
        return self.position >= len(self.tokens)

    @property
    def rest(self) -> str:
        """What has not been taken yet."""
        return "".join(token.text for token in self.tokens[self.position :])

    @property
    def _next(self) -> Token:
        return self.tokens[self.position]

    def _take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]


def _token(match: re.Match[str]) -> Token:
    text = match[0]
    if match["number"]:
        return Token(Kind.NUMBER, text, Decimal(text.replace(",", "")))
    if match["numeral"]:
        return Token(Kind.NUMBER, text, Decimal(_numeral(text)))
    return Token(Kind.WORD if match["word"] else Kind.TEXT, text)


def _numeral(text: str) -> int:
    """Read a Chinese numeral from 一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS[ones] if ones else 0)
