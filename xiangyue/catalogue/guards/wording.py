"""How a list of words becomes a guard. Pure.

The lists themselves are data (`wordlists`); here is only how one is read: on which side of the account it matters,
in which columns, and what standing beside the words says that something else is meant (近处的否定).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xiangyue.catalogue.guards.finding import Clause, Finding, Weight, found
from xiangyue.catalogue.guards.reading import HEADINGS, Folded, folded, sides_of, texts_of
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Side

CONTENT = frozenset({columns.TITLE, columns.VALUE, columns.SUBJECT, columns.REMARKS, *HEADINGS})
EVERYWHERE = CONTENT | {columns.TERM, columns.REPAIR, columns.SEASON, columns.EVIDENCE}
_LOOK_BACK, _LOOK_AHEAD = 24, 16
_SENTENCE = re.compile(r"[。;!?]")
_STRENGTH = [Weight.REFUSED, Weight.MISSING, Weight.QUESTION]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of a list. All are regular expressions over folded text.

    said: the words. side: on which side of the account they matter; EACH for a consequence, which is unlawful
    wherever it stands. before, after, within: what, standing right before, right after or inside the words, says
    that something else is meant; before and after don't look beyond the sentence. under: what a heading says so
    that something else is meant. fields: the columns looked into.
    """

    said: str
    side: Side = Side.EACH
    weight: Weight = Weight.REFUSED
    before: str = ""
    after: str = ""
    within: str = ""
    under: str = ""
    fields: frozenset[str] = CONTENT


@dataclass(frozen=True, slots=True)
class WordGuard:
    """Finds a clause's words in an item's texts: one finding a column, the heaviest.

    A heading only says what the section is about: words that matter on one side alone raise a question there.
    """

    clause: Clause
    words: tuple[Words, ...]

    @property
    def code(self) -> str:
        return self.clause.code

    def __call__(self, item: Item, scheme: Scheme) -> Iterator[Finding]:
        sides = sides_of(item)
        headings = folded(f"{item.family};{item.category}").text
        lines = [
            line
            for line in self.words
            if (line.side is Side.EACH or line.side in sides)
            and not (line.under and _compiled(line.under).search(headings))
        ]
        for header, written in texts_of(item):
            if not written:
                continue
            text = folded(written)
            hits = [
                (_weight(line, header), words)
                for line in lines
                if header in line.fields and (words := seek(line, text))
            ]
            if hits:
                weight, words = min(hits, key=lambda hit: _STRENGTH.index(hit[0]))
                yield found(self.clause, weight, field=header, item=item, words=words)


def seek(line: Words, text: Folded) -> str:
    """Find a line's words where they mean what the line is about; "" where they don't occur."""
    for match in _compiled(line.said).finditer(text.text):
        if not _means_something_else(line, match):
            return text.words(match.start(), match.end())
    return ""


def _weight(line: Words, header: str) -> Weight:
    return Weight.QUESTION if header in HEADINGS and line.side is not Side.EACH else line.weight


def _means_something_else(line: Words, match: re.Match[str]) -> bool:
    text = match.string
    head = _SENTENCE.split(text[max(0, match.start() - _LOOK_BACK) : match.start()])[-1]
    tail = _SENTENCE.split(text[match.end() : match.end() + _LOOK_AHEAD])[0]
    return (
        bool(line.before and _compiled(f"(?:{line.before})$").search(head))
        or bool(line.after and _compiled(line.after).match(tail))
        or bool(line.within and _compiled(line.within).search(match[0]))
    )


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
