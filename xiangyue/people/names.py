"""Names as they are spelt: the plain letters by which people look for each other on a keyboard."""

import functools
import unicodedata
from typing import Final

PINYIN_LENGTH: Final = 200  # of Resident.pinyin
INITIALS_LENGTH: Final = 60  # of Resident.initials

# Surnames that are read otherwise than the character commonly is: what pypinyin can't know of one character.
_SURNAMES: Final = {
    "乐": "yue",
    "乜": "nie",
    "仇": "qiu",
    "佴": "nai",
    "便": "pian",
    "区": "ou",
    "单": "shan",
    "卜": "bu",
    "句": "gou",
    "召": "shao",
    "员": "yun",
    "折": "she",
    "曾": "zeng",
    "朴": "piao",
    "查": "zha",
    "洗": "xian",
    "盖": "ge",
    "祭": "zhai",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "缪": "miao",
    "翟": "zhai",
    "能": "nai",
    "薄": "bo",
    "藏": "zang",
    "覃": "qin",
    "角": "jue",
    "解": "xie",
    "贠": "yun",
    "郇": "xun",
    "都": "du",
    "重": "chong",
    "阚": "kan",
    "隗": "wei",
    "颉": "xie",
    "黑": "he",
}

# Compound surnames of which a character is read otherwise than it commonly is.
_COMPOUND: Final = {
    "万俟": ("mo", "qi"),
    "中行": ("zhong", "hang"),
    "乐正": ("yue", "zheng"),
    "尉迟": ("yu", "chi"),
    "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"),
}

# In given names these are hardly ever read as they commonly are: 长春, 长林; 曾华.
_GIVEN: Final = {"长": "chang", "曾": "zeng"}


def pinyin_of(name: str) -> tuple[str, str]:
    """Spell a name in lower-case letters without tones, ü as v, and give its initials: 吕禾生 -> lvhesheng, lhs.

    A character that nobody's list knows gives nothing; Latin letters and figures pass through, an initial a word.
    """
    syllables = _syllables(name.strip())
    letters, initials = "".join(syllables), "".join(syllable[0] for syllable in syllables)
    return letters[:PINYIN_LENGTH], initials[:INITIALS_LENGTH]


def _syllables(name: str) -> list[str]:
    compound = _COMPOUND.get(name[:2]) if len(name) > 2 else None
    if compound:
        return [*compound, *_plain(name[2:])]
    surname = _SURNAMES.get(name[:1]) if len(name) > 1 else None
    return [surname, *_plain(name[1:])] if surname else _plain(name)


def _plain(text: str) -> list[str]:
    """Spell each character by its common reading, and keep each Latin word as one syllable."""
    syllables: list[str] = []
    in_word = False
    for character in text:
        spelt, is_latin = _spelt(character)
        if is_latin and in_word:
            syllables[-1] += spelt
        elif spelt:
            syllables.append(spelt)
        in_word = is_latin
    return syllables


def _is_chinese(character: str) -> bool:
    return character >= "\u2e80" and not unicodedata.normalize("NFKC", character).isascii()


@functools.cache
def _spelt(character: str) -> tuple[str, bool]:
    """Spell one character, and tell whether it is Latin; nothing for what is no letter, or is in no list."""
    if not _is_chinese(character):
        plain = unicodedata.normalize("NFKD", character).lower().replace("u\u0308", "v")
        letters = "".join(each for each in plain if each.isascii() and each.isalnum())
        return letters, bool(letters)
    if character in _GIVEN:
        return _GIVEN[character], False
    # Its tables take a third of a second, which most commands don't need.
    from pypinyin import Style, lazy_pinyin

    spelt = "".join(lazy_pinyin(character, style=Style.NORMAL, errors="ignore"))
    return (spelt if spelt.isascii() and spelt.isalpha() else ""), False
