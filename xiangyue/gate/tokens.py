"""Tokens of forms, as Django's `CsrfViewMiddleware` checks them, for pages that are handed out without it.

A visitor's secret stands in a cookie; a form carries it under a mask that is drawn for each page, so that no page holds
the same characters twice. Django draws both by single choices, which takes longer than handing a kept page out; here
they are drawn in one go, from the same source and as evenly. A test posts with them.
"""

import os
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_CHARACTERS: Final = CSRF_ALLOWED_CHARS
_COUNT: Final = len(_CHARACTERS)
_EVEN: Final = 256 - 256 % _COUNT  # bytes above would make some characters likelier
_PLACES: Final = {character: place for place, character in enumerate(_CHARACTERS)}
_TWICE: Final = _CHARACTERS * 2  # so that a sum of two places needs no division


def secret_of(request: HttpRequest) -> str:
    """Give a visitor's secret, or a new one where the cookie is missing or is none that we gave."""
    known = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    is_ours = len(known) == CSRF_SECRET_LENGTH and known.isascii() and known.isalnum()
    return known if is_ours else "".join([_CHARACTERS[place] for place in _drawn()])


def token_of(secret: str) -> str:
    """Mask a secret anew for one page."""
    mask = _drawn()
    hidden = [_TWICE[_PLACES[character] + place] for character, place in zip(secret, mask, strict=True)]
    return "".join([_CHARACTERS[place] for place in mask]) + "".join(hidden)


def keep_secret(response: HttpResponse, secret: str) -> None:
    """Let the visitor's phone keep the secret, as Django does; its age is enough, without a date to write."""
    response.cookies[settings.CSRF_COOKIE_NAME] = secret
    response.cookies[settings.CSRF_COOKIE_NAME].update(
        {
            "max-age": str(settings.CSRF_COOKIE_AGE),
            "path": settings.CSRF_COOKIE_PATH,
            "samesite": settings.CSRF_COOKIE_SAMESITE,
            "secure": "yes" if settings.CSRF_COOKIE_SECURE else "",
            "httponly": "yes" if settings.CSRF_COOKIE_HTTPONLY else "",
        }
    )


def _drawn() -> list[int]:
    """Draw places of characters, each as likely as any other."""
    found: list[int] = []
    while len(found) < CSRF_SECRET_LENGTH:
        found += [byte % _COUNT for byte in os.urandom(2 * CSRF_SECRET_LENGTH) if byte < _EVEN]
    return found[:CSRF_SECRET_LENGTH]
