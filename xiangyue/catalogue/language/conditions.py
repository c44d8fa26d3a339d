"""Words that say what was done, before the points for it: 连续三个月被评为清洁户. Pure."""

from xiangyue.catalogue.language import words
from xiangyue.catalogue.language.amounts import noun_part
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader


def condition(reader: Reader) -> str:
    """Take words that say what was done: 迟到或早退, 连续三个月被评为清洁户. Raises: NotFitting."""
    found = ""
    while (part := reader.quietly(_condition_part)) is not None:
        found += part
    if not found or found[-1] in "、或和及":
        raise NotFitting
    return found


def _condition_part(reader: Reader) -> str:
    if reader.accept({"连续"}):
        many = reader.number()
        return f"连续{many}{reader.expect(words.PERIOD_UNITS)}"
    if word := reader.accept({"或", "或者", "、", "和", "及"}):
        return word
    if quoted := reader.accept_kind(Kind.QUOTED):
        return f"「{quoted.text}」"
    return noun_part(reader)


def is_narrowing(text: str) -> bool:
    """Whether a text says for whom or for what the points are not: 除公职人员外, 不含节假日."""
    excepted = text.startswith("除") and text.endswith(("外", "外的"))  # 除草 and 除雪 are work
    deadline = text.startswith(("限期", "限时"))
    narrowing = text.startswith(("不含", "不包括", "仅", "限", "只", "否则")) and not deadline
    return excepted or "除外" in text or narrowing


def once(reader: Reader) -> bool:
    """Take 每次, 一次, 1次 behind what was done. Raises: NotFitting."""
    if reader.accept({"每次", "单次", "每一次"}):
        return True
    reader.accept({"每"})
    if reader.number() != 1:
        raise NotFitting
    reader.expect({"次", "回"})
    return True
