"""What the cells of a roster mean as texts: numbers, names and choices, as they are stored, or a finding."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

_CJK: Final = "\u2e80"
# What stands where a character was lost on the way, or a formula or a mask where a name should be.
_LOST: Final = re.compile(r"[\ufffd?？□■*＊#=<>\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SPECIAL: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell: a stable code, and a sentence that says what would be right."""

    code: str
    text: str


def copied(text: str) -> str:
    """Write a text for COPY."""
    return text.translate(_SPECIAL)


def number_of(text: str) -> str:
    """Read a household's number: full-width digits become plain ones, blanks go."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def name_of(text: str) -> str:
    """Read a name. Forms pad names of two characters with a blank, 田　禾, which is no part of them."""
    words = text.split()
    return "".join(words) if any(word > _CJK for word in words) else " ".join(words)


def wrong_name(name: str, limit: int) -> Finding | None:
    """Find what is wrong with a name: none at all, too long, or with marks that stand for a lost character."""
    if not name:
        return Finding("name-empty", _("没有写姓名。"))
    if len(name) > limit:
        return too_long(limit)
    lost = _LOST.search(name)
    if lost is None:
        return None
    shown = lost[0] if lost[0].isprintable() else f"U+{ord(lost[0]):04X}"
    text = _("名字里有认不出的字“%(character)s”。生僻字请用输入法重新输入。")
    return Finding("name-unreadable", text % {"character": shown})


def too_long(limit: int) -> Finding:
    """Say that a text is longer than what is kept."""
    return Finding("too-long", _("太长了，最多%(limit)s个字。") % {"limit": limit})


def not_offered(code: str, text: str, choices: Mapping[str, object]) -> Finding:
    """Say that a text is none of the choices, or that one has to be made."""
    shown = {"choices": "、".join(choices)}
    if text:
        return Finding(f"{code}-unknown", _("不认识。可以填：%(choices)s。") % shown)
    return Finding(f"{code}-empty", _("没有填。可以填：%(choices)s。") % shown)
