"""Several 每 in a row: 每人每小时, 每户每亩, 每处每次, 每亩每年. Pure."""

from dataclasses import dataclass, replace

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.rates import Batch, each
from xiangyue.catalogue.language.tokens import NotFitting, Reader
from xiangyue.catalogue.rules.terms import Measure, Whose, Window
from xiangyue.catalogue.rules.worth import Unit

WHOSE_PREFIXES = {word for word in words.WHOSE if word[0] == "每" or word.startswith("家庭")} - {"家庭"}
_TIMES = {"次", "回"}


@dataclass(frozen=True, slots=True)
class Several:
    """What several 每 count: pieces of what, for each of whom, and how often each may count."""

    batch: Batch
    whose: Whose | None
    slots: tuple[Window, ...]


def is_piece(of: Unit) -> bool:
    """Whether one of it is a deed by itself: 条, 件, 处; of 小时 and 亩 there is more or less."""
    return of.measure is Measure.HUNDREDTHS and of.name not in words.BY_AMOUNT


def several_each(reader: Reader) -> Several:
    """Take 每人每小时, 每户每亩, 每处每次, 每亩每年: whose, what is counted, how often. Raises: NotFitting."""
    start = reader.at
    parts = list(reader.several(_one_each))
    people = [part for part in parts if isinstance(part, Whose)]
    slots = tuple(part for part in parts if isinstance(part, Window))
    batches = [part for part in parts if isinstance(part, Batch)]
    if len(parts) < 2 or not batches or len(people) > 1 or len(slots) > 1:
        raise NotFitting
    batch = _last_of(batches)
    name = batch.unit.name
    if name in _TIMES and slots:
        raise NotFitting
    if people == [Whose.PERSON] and name == "天":
        raise NotFitting  # 每人每天 is a unit of its own
    if slots and name[0] in words.HEADS:
        raise NotFitting  # 每名家庭成员每季度 says whose it is, and how often
    if name in words.HEADS and "每次" in (token.text for token in reader.tokens[start : reader.at]):
        raise NotFitting  # 每次每人 says whose deed it is
    return Several(replace(batch, counted=True), people[0] if people else None, slots)


def _last_of(batches: list[Batch]) -> Batch:
    """Give what is counted: in 每项每例 every single case, in 每处每次 every place. Raises: NotFitting."""
    counted = [batch for batch in batches if batch.unit.name not in _TIMES] or batches
    happening = words.EVENTS | words.HAPPENINGS
    if len(counted) > 1 and not {batch.unit.name for batch in counted} <= happening:
        raise NotFitting
    return counted[-1]


def _one_each(reader: Reader) -> Whose | Window | Batch:
    if reader.next is None or reader.next.text[0] != "每":
        raise NotFitting
    if reader.next.text in WHOSE_PREFIXES and len(reader.tokens) > reader.at + 1:
        follows = reader.tokens[reader.at + 1]
        if follows.text[0] == "每" and words.WHOSE[reader.next.text] in (Whose.PERSON, Whose.HOUSEHOLD):
            return words.WHOSE[reader.expect(WHOSE_PREFIXES)]
    if reader.next.text in words.WINDOWS and words.WINDOWS[reader.next.text] in words.SLOT_WINDOWS:
        return words.WINDOWS[reader.expect(words.WINDOWS)]
    if reader.accept({"每次", "每一次", "每回"}):
        return Batch(Unit("次"), 100, whole=False, bare=True)
    found = each(reader)
    if not found.bare:
        raise NotFitting
    return found
