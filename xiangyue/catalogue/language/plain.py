"""Text as a reader sees it: without differences of width, kinds of dash, idle blanks. Pure.

Not NFKC: that turns ① into 1 and m² into m2, so that figures appear which nobody wrote.
"""

import re

_SIGNS = {
    "\u3000": " ", "\u00a0": " ", "\t": " ",
    "\N{MINUS SIGN}": "-", "\N{SMALL HYPHEN-MINUS}": "-", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "—", "\N{EN DASH}": "—", "\N{HORIZONTAL BAR}": "—",
    "\N{BOX DRAWINGS LIGHT HORIZONTAL}": "—", "\N{WAVE DASH}": "~", "\N{TILDE OPERATOR}": "~",
    "\N{SWUNG DASH}": "~", "\N{SMALL PLUS SIGN}": "+", "\N{DIVISION SLASH}": "/", "\N{FRACTION SLASH}": "/",
    "〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "［": "(", "］": ")",
    "“": "「", "”": "」", "『": "「", "』": "」", "‘": "「", "’": "」", "≦": "≤", "≧": "≥",
    "㎡": "平方米", "㎥": "立方米", "㎏": "公斤", "㎞": "公里",
}  # fmt: skip
_SPELLINGS = {
    "m²": "平方米",
    "m³": "立方米",
    "平方m": "平方米",
    "kg": "公斤",
    "KG": "公斤",
    "Kg": "公斤",
    "km": "公里",
    "ml": "毫升",
    "ML": "毫升",
    "mL": "毫升",
}


_DOTS = re.compile(r"(?<=[户人分次年月场天处])[·•・](?=[年月季次户人周天日场学])")  # 10分/户·年


def plain(text: str) -> str:
    """Give a text without the differences that a reader doesn't see.

    A blank between two figures stays: "5 10" must not become 510. Line breaks stay. Dashes become one of three:
    "-", "—" and "~".
    """
    for spelling, word in _SPELLINGS.items():
        text = text.replace(spelling, word)
    text = _DOTS.sub("/", text)
    text = "".join(map(_narrow, text.replace("\r\n", "\n").replace("\r", "\n")))
    text = text.replace("~~", "~").replace("——", "—")
    return "\n".join(filter(None, map(_tight, text.split("\n"))))


def blank(text: str) -> bool:
    """Whether a cell says nothing: it is empty, or a lone dash or stroke stands for empty."""
    return plain(text).strip("-—~/") == ""


def unwrapped(text: str) -> str:
    """Give a text without brackets that enclose all of it: （5分）."""
    inner = plain(text)
    while inner.startswith("(") and inner.endswith(")") and _closes_last(inner):
        inner = inner[1:-1]
    return inner


def _closes_last(text: str) -> bool:
    open_now = 0
    for at, character in enumerate(text):
        open_now += (character == "(") - (character == ")")
        if not open_now:
            return at == len(text) - 1
    return False


def depth(text: str) -> int:
    """Give how many brackets stand within each other at most."""
    deepest = open_now = 0
    for character in plain(text):
        open_now += (character == "(") - (character == ")")
        deepest = max(deepest, open_now)
    return deepest


def _narrow(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character == "，":  # it never stands between thousands, as "," may
        return character
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return character


def _tight(line: str) -> str:
    """Drop blanks, except between two figures or signs of figures."""
    parts = line.split()
    tight = ""
    for part in parts:
        apart = tight and _is_figure(tight[-1]) and _is_figure(part[0])
        tight += f" {part}" if apart else part
    return tight


def _is_figure(character: str) -> bool:
    return character in "0123456789."
