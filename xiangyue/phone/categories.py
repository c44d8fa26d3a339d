"""How categories of a catalogue look: six colours and icons serve any number of them, in a fixed order (LOOK §2)."""

from typing import Final

ICONS: Final = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")


def colour_of(position: int) -> int:
    """Give the index of a category's colour, 1 to 6. position: as the catalogue counts, from 1."""
    return (position - 1) % len(ICONS) + 1


def icon_of(position: int) -> str:
    return ICONS[colour_of(position) - 1]
