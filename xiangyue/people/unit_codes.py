"""Short parts of the codes of units below the village: `440783104220-3` for 第三网格."""

import re
from collections.abc import Sequence

_ORDINAL = re.compile(r"第?([0-9]+|[一二三四五六七八九十]+)")
_DIGITS = "零一二三四五六七八九"


def short_parts(names: Sequence[str], there: Sequence[str]) -> list[str]:
    """Give each new unit the number that its name has, if it has one that is free, or else the next one.

    there: codes of the units beside them.
    """
    used = {code.rsplit("-", 1)[-1] for code in there}
    shorts: dict[str, str] = {}
    for name in names:
        number = str(ordinal(name) or "")
        if number and number not in used:
            shorts[name] = number
            used.add(number)
    following = 1
    for name in names:
        while name not in shorts:
            if str(following) not in used:
                shorts[name] = str(following)
                used.add(str(following))
            following += 1
    return [shorts[name] for name in names]


def ordinal(name: str) -> int | None:
    """Read the number at the beginning of a name, up to 99: 3 of 第三网格, 12 of 12组, 21 of 二十一组."""
    match = _ORDINAL.match(name)
    if not match:
        return None
    text = match[1]
    if text.isdigit():
        return int(text) if len(text) <= 2 else None
    tens, ten, units = text.rpartition("十")
    if "十" in tens or len(tens) > 1 or len(units) > 1:
        return None
    return (_DIGITS.index(tens or "一") * 10 if ten else 0) + (_DIGITS.index(units) if units else 0)
