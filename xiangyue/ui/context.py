"""What every page knows about how its reader wants it to look (LOOK §8).

Kept in cookies of this device, so that public pages follow it too; `gate:look` sets them. Works without JavaScript.
"""

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from xiangyue.people.models import Reading
from xiangyue.people.queries import head_name

SIZE_COOKIE = "size"
CONTRAST_COOKIE = "contrast"
YEAR = 60 * 60 * 24 * 365  # seconds


class Look(TypedDict):
    """size: normal or large (大字版). contrast: normal or high."""

    size: str
    contrast: str


def look(request: HttpRequest) -> dict[str, Look]:
    """Add `look` to a page's context. Anything in the cookies that we did not write counts as normal."""
    large = request.COOKIES.get(SIZE_COOKIE) == "large"
    high = request.COOKIES.get(CONTRAST_COOKIE) == "high"
    return {"look": {"size": "large" if large else "normal", "contrast": "high" if high else "normal"}}


def behalf(request: HttpRequest) -> dict[str, str]:
    """Add `on_behalf_of` to a household's page while somebody acts for it: its head's name (LOOK §8 代办)."""
    visit = getattr(request, "visit", None)
    if visit is None or not visit.is_on_behalf:
        return {}
    household = visit.household
    return {"on_behalf_of": head_name(household)}


def dress(request: HttpRequest, response: HttpResponseBase, reading: Reading) -> None:
    """Let this device show pages as the account that came in wants them; one that wants nothing keeps the device's."""
    if reading.pk is None:
        return
    wanted = {SIZE_COOKIE: "large" if reading.is_large else "normal"}
    if reading.language:
        wanted[settings.LANGUAGE_COOKIE_NAME] = reading.language
    for name, value in wanted.items():
        keep_on_device(request, response, name, value)


def keep_on_device(request: HttpRequest, response: HttpResponseBase, cookie: str, value: str) -> None:
    """Let this device keep for a year how its reader wants pages to look."""
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
