"""Masking of names on public pages and prints (CONDUCT "Masking", LOOK §3 rule 10)."""

STAR = "\N{FULLWIDTH ASTERISK}"


def mask_name(name: str) -> str:
    """Hide the middle of a name: 田禾生 -> 田＊生, 田禾 -> 田＊. Masks collide, so the household number goes beside."""
    if len(name) <= 1:
        return STAR
    return name[0] + STAR + (name[-1] if len(name) > 2 else "")
