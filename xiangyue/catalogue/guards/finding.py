"""What a guard finds in a catalogue. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme


class Weight(Enum):
    """What a finding means for putting in force, from the heaviest.

    REFUSED: never, whoever agrees. MISSING: not until the catalogue is completed. QUESTION: not until a county
    reviewer has looked and written down why it is lawful.
    """

    REFUSED = "refused"
    MISSING = "missing"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Clause:
    """What a guard rests on.

    code: stable, kebab-case. name: what is protected, in a word or two. source: the row of CONDUCT and the law.
    reason: one plain sentence, may name %(words)s. instead: what is lawful, and does more good. absent: the reason
    where nothing at all was written.
    """

    code: str
    name: str | Promise
    source: str | Promise
    reason: str | Promise
    instead: str | Promise
    absent: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands in the way of putting a catalogue in force.

    code: stable, kebab-case. clause: the row of CONDUCT and the law, for people. item: None where it is the scheme.
    field: header of the column (rules in `language.columns`), or the part of the scheme. words: the very words
    found, "" where something is missing. reason, instead: each one plain sentence.
    """

    code: str
    clause: str
    item: Item | None
    field: str
    words: str
    reason: str
    instead: str
    weight: Weight


ItemGuard = Callable[[Item, Scheme], Iterator[Finding]]
SchemeGuard = Callable[[Scheme, Sequence[Item]], Iterator[Finding]]


def found(
    clause: Clause, weight: Weight, *, field: str, item: Item | None = None, words: str = ""
) -> Finding:
    """Make a finding of a clause. A question asks instead of telling."""
    reason = str(clause.reason if words or not clause.absent else clause.absent)
    if weight is Weight.QUESTION and words:
        reason = _("“%(words)s”可能碰到“%(name)s”这一条，也可能没有，请县里审核的人看过，写明理由。")
    return Finding(
        code=clause.code,
        clause=str(clause.source),
        item=item,
        field=field,
        words=words,
        reason=reason % {"words": words, "name": clause.name},
        instead=str(clause.instead),
        weight=weight,
    )
