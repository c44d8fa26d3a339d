"""Cutting text into tokens, and going through them from left to right. Pure.

A token is a number (figures or Chinese numerals), a word of the grammar (the longest that fits: 一次性, not 一 and
次), a quotation 「…」, or whatever lies between. The grammar's functions accept or demand tokens; one that finds
nothing to its liking raises NotFitting, and `attempt` then goes back to where it began.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import NoReturn, TypeVar

from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.rules.terms import Direction

LONGEST = 4_000  # characters; longer texts are no cell of this language
DEEPEST = 20  # brackets within brackets

_T = TypeVar("_T")
_FIGURES = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NOT_CUT = {
    "每组": "每组织",
    "每人": "每人民",
    "每户": "每户主",
    "每村": "每村民",
}  # 每组织一次 has no group in it
_SCHOOLS = re.compile(
    r"985(?=[高院大校的工]|等(?![奖功])|[、/和]?211)|211(?=[高院大校的工]|等(?![奖功])|[、/和]?985)"
)  # universities, and no figures
_OF_UNITS = "元克米瓦"  # 5千克 are five of 千克, 1万元 is one of 万元


class Kind(Enum):
    NUMBER = auto()
    WORD = auto()
    QUOTED = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text. value: what a number says."""

    kind: Kind
    text: str
    value: Fraction = Fraction(0)


class NotFitting(Exception):  # noqa: N818 - caught inside the package
    """Here the tokens don't follow the grammar; something else may fit."""


class Lexer:
    """Cuts text by the words of one grammar."""

    def __init__(self, *words: Iterable[str]) -> None:
        by_first: dict[str, list[str]] = {}
        for word in sorted({word for group in words for word in group}, key=len, reverse=True):
            by_first.setdefault(word[0], []).append(word)
        self._by_first = by_first

    def tokens(self, text: str) -> list[Token]:
        """Cut a text, after making it plain; characters that belong to nothing are kept together."""
        text, at = plain(text), 0
        found: list[Token] = []
        while at < len(text):
            token = self._token(text, at)
            at += len(token.text) + (2 if token.kind is Kind.QUOTED else 0)
            if token.kind is Kind.TEXT and found and found[-1].kind is Kind.TEXT:
                token = Token(Kind.TEXT, found.pop().text + token.text)
            found.append(token)
        return found

    def _token(self, text: str, at: int) -> Token:
        if school := _SCHOOLS.match(text, at):
            return Token(Kind.WORD, school[0])
        if figures := _FIGURES.match(text, at):
            return _scaled(text, at, figures[0])
        if text[at] == "「" and (end := text.find("」", at)) > at + 1:
            return Token(Kind.QUOTED, text[at + 1 : end])
        for word in self._by_first.get(text[at], ()):
            if text.startswith(word, at) and not text.startswith(_NOT_CUT.get(word, "\n\n"), at):
                return Token(Kind.WORD, word)
        if numeral := _numeral(text, at):
            return numeral
        return Token(Kind.TEXT, text[at])


def _scaled(text: str, at: int, figures: str) -> Token:
    """Read figures, and what 万, 千 or 百 behind them says."""
    value, end = Fraction(figures.replace(",", "")), at + len(figures)
    scale = text[end : end + 1]
    if scale in ("百", "千", "万") and text[end + 1 : end + 2] not in tuple(_OF_UNITS):
        return Token(Kind.NUMBER, figures + scale, value * _TENS[scale])
    return Token(Kind.NUMBER, figures, value)


def _numeral(text: str, at: int) -> Token | None:
    """Read the longest well-formed Chinese numeral that begins here (十二, 一百零五, 半), if one does."""
    if text[at] == "半":
        return Token(Kind.NUMBER, "半", Fraction(1, 2))
    total, digit, end = 0, -1, at  # digit: the last one that no scale followed yet, or -1
    ceiling = 100_000  # every next ten, hundred … must be smaller than the last one
    while end < len(text):
        character = text[end]
        if character in _DIGITS:
            after_gap = ceiling <= 10 or digit == 0 or ceiling == 100_000 or character in "零〇"
            if digit > 0 or not (after_gap or text[end + 1 : end + 2] in tuple(_TENS)):
                break  # 三五 are two numbers; 一千五 is 1,500 to some
            digit = _DIGITS[character]
        elif character in _TENS and text[end + 1 : end + 2] not in tuple(_OF_UNITS):
            scale = _TENS[character]
            if scale >= ceiling or (digit < 1 and (scale != 10 or end > at)):
                break
            total += max(digit, 1) * scale
            digit, ceiling = -1, scale
        else:
            break
        end += 1
    return Token(Kind.NUMBER, text[at:end], Fraction(total + max(digit, 0))) if end > at else None


class Reader:
    """Goes through tokens.

    kept: whether an aside was read that the rule has no place for (每捐款100元: 捐款). signs: those read so far.
    guesses: codes of what was not said and taken as usual.
    reason: why the reading that got furthest failed, as code and clause, if that is known.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.furthest = 0
        self.kept = False
        self.signs: tuple[Direction, ...] = ()
        self.guesses: tuple[str, ...] = ()
        self.reason: tuple[str, str] | None = None
        self._reason_at = -1

    def attempt(self, rule: Callable[["Reader"], _T]) -> _T | None:
        """Follow a rule, or go back and give None where it doesn't fit. Rules never give None themselves."""
        at, kept, signs, guesses = self.at, self.kept, self.signs, self.guesses
        try:
            return rule(self)
        except NotFitting:
            self.at, self.kept, self.signs, self.guesses = at, kept, signs, guesses
            return None

    def skip_to(self, at: int) -> None:
        """Take everything up to a token."""
        self.at = at
        self.furthest = max(self.furthest, at)

    def restart(self) -> None:
        """Forget all that was read, to read it in another way."""
        self.at, self.kept, self.signs, self.guesses = 0, False, (), ()

    def misfit(self, code: str, reason: str) -> NoReturn:
        """Say why this reading fails; told if no other fits. Raises: NotFitting."""
        if self.at >= self._reason_at:
            self.reason, self._reason_at = (code, reason), self.at
        raise NotFitting

    def quietly(self, rule: Callable[["Reader"], _T]) -> _T | None:
        """Attempt a rule whose failure explains nothing."""
        reason, at, furthest = self.reason, self._reason_at, self.furthest
        found = self.attempt(rule)
        if found is None:
            self.reason, self._reason_at, self.furthest = reason, at, furthest
        return found

    def several(self, rule: Callable[["Reader"], _T]) -> Iterator[_T]:
        """Follow a rule as often as it fits."""
        while not self.done and (found := self.attempt(rule)) is not None:
            yield found

    def accept(self, words: Collection[str]) -> str | None:
        """Take the next token if it is one of these words."""
        token = self.next
        if token is None or token.kind is not Kind.WORD or token.text not in words:
            return None
        return self._take().text

    def expect(self, words: Collection[str]) -> str:
        """Take one of these words. Raises: NotFitting."""
        word = self.accept(words)
        if word is None:
            raise NotFitting
        return word

    def accept_kind(self, kind: Kind) -> Token | None:
        """Take the next token if it is of a kind."""
        token = self.next
        return self._take() if token is not None and token.kind is kind else None

    def number(self) -> Fraction:
        """Take a number. Raises: NotFitting."""
        token = self.accept_kind(Kind.NUMBER)
        if token is None:
            raise NotFitting
        return token.value

    def end(self) -> None:
        """Demand that nothing is left. Raises: NotFitting."""
        if not self.done:
            raise NotFitting

    @property
    def next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    @property
    def rest(self) -> str:
        """What no rule could take."""
        return "".join(token.text for token in self.tokens[self.furthest :])

    def _take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        self.furthest = max(self.furthest, self.at)
        return token
