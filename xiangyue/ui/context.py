"""What every page knows about how its reader wants it to look (LOOK §8).

Kept in cookies of this device, so that public pages follow it too; `gate:look` sets them. Works without JavaScript.
"""

from typing import TypedDict

from django.http import HttpRequest

SIZE_COOKIE = "size"
CONTRAST_COOKIE = "contrast"


class Look(TypedDict):
    """size: normal or large (大字版). contrast: normal or high."""

    size: str
    contrast: str


def look(request: HttpRequest) -> dict[str, Look]:
    """Add `look` to a page's context. Anything in the cookies that we did not write counts as normal."""
    large = request.COOKIES.get(SIZE_COOKIE) == "large"
    high = request.COOKIES.get(CONTRAST_COOKIE) == "high"
    return {"look": {"size": "large" if large else "normal", "contrast": "high" if high else "normal"}}
