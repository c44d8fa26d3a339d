"""Masking of names on public pages and prints (CONDUCT "Masking", LOOK §3 rule 10)."""

from typing import Final

STAR = "\N{FULLWIDTH ASTERISK}"

# What `mask_name` gives, for many rows of one statement; {name}: a column, which may be null.
MASKED_SQL: Final = f"""
    CASE WHEN coalesce(char_length({{name}}), 0) < 2 THEN '{STAR}'
         ELSE left({{name}}, 1) || '{STAR}' || CASE WHEN char_length({{name}}) > 2 THEN right({{name}}, 1) ELSE '' END
    END
"""


def mask_name(name: str) -> str:
    """Hide the middle of a name: 田禾生 -> 田＊生, 田禾 -> 田＊. Masks collide, so the household number goes beside."""
    if len(name) <= 1:
        return STAR
    return name[0] + STAR + (name[-1] if len(name) > 2 else "")
