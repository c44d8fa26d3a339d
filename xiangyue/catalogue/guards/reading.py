"""An item's texts as the guards read them: written differently, they say the same. Pure.

A guard looks for words, so whoever writes 取 消 低 保, ＡＰＰ or 取消低保資格 means what 取消低保资格 means. What it
finds is given back as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xiangyue.catalogue.guards.traditional import SIMPLIFIED
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction, Side
from xiangyue.catalogue.rules.worth import Both, ByKind, FromFull, Named, Severities, Worth

HEADINGS = (columns.FAMILY, columns.CATEGORY)
DEDUCTING = (
    Direction.DEDUCTION,
    Direction.BOTH,
    Direction.RESET,
    Direction.DOWNGRADE,
    Direction.VETO,
)
_DECORATION = frozenset("·•‧∙*_^`~-—–―‐‑−“”‘’「」『』〝〞\"'【】〖〗《》〈〉#|\\")
_UNSEEN = ("Cf", "Cc", "Mn", "Zs", "Zl", "Zp")
_NEW_SENTENCE = re.compile(r"\s*(?:[^\s:：,，。]{1,6}[:：]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）.、．])")
_PICKED_APART = re.compile(r"[一-龥]([,、/.])(?:[一-龥]\1){2,}[一-龥](?![一-龥])")
_END_OF_SENTENCE = "。；;！!？?：:"


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without differences of width, script, blanks and ornament. places: of each character in `written`."""

    text: str
    places: tuple[int, ...]
    written: str

    def words(self, start: int, end: int) -> str:
        """Give the words between two places of the folded text, as they were written."""
        return " ".join(self.written[self.places[start] : self.places[end - 1] + 1].split())


@lru_cache(maxsize=4096)
def folded(written: str) -> Folded:
    """Fold a text. A line that only breaks off goes on in the next; a list's lines stay apart."""
    text: list[str] = []
    places: list[int] = []
    for place, character in enumerate(written):
        seen = _line_end(written, place) if character == "\n" else _fold(character)
        text.extend(seen)
        places.extend([place] * len(seen))
    return _put_together(Folded("".join(text), tuple(places), written))


def _put_together(text: Folded) -> Folded:
    """Drop what stands between single characters: 取/消/低/保."""
    dropped = {
        place
        for match in _PICKED_APART.finditer(text.text)
        for place in range(match.start(), match.end())
        if text.text[place] == match[1]
    }
    if not dropped:
        return text
    kept = [place for place in range(len(text.text)) if place not in dropped]
    return Folded(
        "".join(text.text[place] for place in kept),
        tuple(text.places[place] for place in kept),
        text.written,
    )


def _line_end(written: str, place: int) -> str:
    ended = written[:place].rstrip().endswith(tuple(_END_OF_SENTENCE))
    return "。" if ended or _NEW_SENTENCE.match(written, place + 1) else ""


def _fold(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    return "".join(
        SIMPLIFIED.get(each, each)
        for each in plain
        if each not in _DECORATION and unicodedata.category(each) not in _UNSEEN
    )


def sides_of(item: Item) -> frozenset[Side]:
    """Give what an item does to people: awards, deducts, or both. What takes a grade or a right away deducts."""
    if item.direction is Direction.BOTH:
        return frozenset({Side.AWARD, Side.DEDUCTION})
    return frozenset({Side.DEDUCTION if item.direction in DEDUCTING else Side.AWARD})


def texts_of(item: Item) -> Iterator[tuple[str, str]]:
    """Give all that a village wrote freely about an item, with the column it stands in.

    Kinds of people are no words to search in; `persons` looks at them.
    """
    yield columns.FAMILY, item.family
    yield columns.CATEGORY, item.category
    yield columns.TITLE, item.title
    yield columns.VALUE, "。".join(_names(item.worth))
    yield columns.SUBJECT, "。".join(row.role for row in item.sharing.roles)
    yield columns.EVIDENCE, item.evidence.text
    yield columns.SEASON, "。".join(season.name for season in item.seasons)
    yield columns.TERM, item.term
    yield columns.BASIS, item.basis
    yield columns.REPAIR, item.repair
    yield columns.REMARKS, item.remarks


def _names(worth: Worth) -> Iterator[str]:
    """Give the cases that a worth names in the village's own words."""
    match worth:
        case Named(named):
            yield from (name for name, _cell in named)
        case Severities():
            yield from worth.names
        case ByKind(rows, other):
            for _kind, plain in rows:
                yield from _names(plain)
            if other is not None:
                yield from _names(other)
        case Both(award, deduction):
            yield from _names(award)
            yield from _names(deduction)
        case FromFull(_, fault) if fault is not None:
            yield from _names(fault)
