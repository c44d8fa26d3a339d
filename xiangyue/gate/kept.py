"""Public pages kept as they were drawn, for a few seconds: a whole county opens them on one evening.

A notice says the same to everybody who is not signed in, in the same language, type and contrast. So it is drawn about
once in a few seconds by each worker, and handed out from its memory, before jurisdictions, sessions and views, and
without the database. A page is never kept for, nor given to, somebody with a session; each visitor's forms get a token
of their own.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xiangyue.gate.tokens import keep_secret, secret_of, token_of
from xiangyue.kernel import clock
from xiangyue.ui.context import look

SECONDS: Final = 5.0  # how old a page may be; settings.PUBLIC_PAGES_KEPT_SECONDS says otherwise
MOST_BYTES: Final = 32 * 1024 * 1024  # of a worker's memory; what was drawn longest ago goes first
LONGEST_PATH: Final = 300
KEPT: Final = (HTTPStatus.OK, HTTPStatus.GONE)
MARK: Final = "may_be_kept"
TOKEN: Final = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+(?=")')

View = TypeVar("View", bound=Callable[..., HttpResponse])
Key = tuple[str, ...]


def kept(view: View) -> View:
    """Let what a public view answers be kept: it is the same for everybody who is not signed in."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        response = view(request, *args, **rest)
        setattr(response, MARK, True)
        return response

    return answer  # type: ignore[return-value]  # the same arguments, the same answer


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it was drawn, cut where each visitor's own token stands. at: by the monotonic clock."""

    pieces: list[bytes]
    status: int
    headers: dict[str, str]
    at: float

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))


@dataclass
class Pages:
    """What one worker keeps."""

    drawn: OrderedDict[Key, Drawn] = field(default_factory=OrderedDict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    drawing: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _place in range(64))
    )

    def fresh(self, key: Key, seconds: float) -> Drawn | None:
        """Give a page that is not too old."""
        found = self.drawn.get(key)
        return found if found and time.monotonic() - found.at < seconds else None

    def keep(self, key: Key, page: Drawn) -> None:
        with self.lock:
            self._drop(key)
            self.drawn[key] = page
            self.size += page.size
            while self.size > MOST_BYTES:
                self._drop(next(iter(self.drawn)))

    def forget(self) -> None:
        with self.lock:
            self.drawn.clear()
            self.size = 0

    def _drop(self, key: Key) -> None:
        before = self.drawn.pop(key, None)
        self.size -= before.size if before else 0


PAGES: Final = Pages()


class KeptPagesMiddleware:
    """Hand out kept pages; stands before all others, so that a page is kept with all that they add to it.

    Whose a page is, the host says (`JurisdictionMiddleware`): it is a part of the page's name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds: float = getattr(settings, "PUBLIC_PAGES_KEPT_SECONDS", SECONDS)
        if not seconds or not _is_anybodys(request):
            return self.get_response(request)
        key = _key(request)
        page = PAGES.fresh(key, seconds)
        if page:
            return _handed_out(request, page)
        if key not in PAGES.drawn:
            return self._draw(request, key)
        # Who comes while a page is drawn anew waits for it, instead of drawing it too.
        with PAGES.drawing[hash(key) % len(PAGES.drawing)]:
            page = PAGES.fresh(key, seconds)
            return _handed_out(request, page) if page else self._draw(request, key)

    def _draw(self, request: HttpRequest, key: Key) -> HttpResponse:
        response = self.get_response(request)
        own = {settings.CSRF_COOKIE_NAME}
        if (
            getattr(response, MARK, False)
            and response.status_code in KEPT
            and own.issuperset(response.cookies)
        ):
            PAGES.keep(key, _drawn(response))
        return response


def _is_anybodys(request: HttpRequest) -> bool:
    """Tell whether a page may be the same for all: it is asked for by somebody without a session, and only read."""
    return (
        request.method == "GET"
        and "HTTP_HOST" in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.path) + len(request.META.get("QUERY_STRING", "")) <= LONGEST_PATH
    )


def _key(request: HttpRequest) -> Key:
    """Name a page with all that it depends on: whose it is, where it is called, and how its reader wants it."""
    chosen = look(request)["look"]
    return (
        request.scheme or "",
        request.META["HTTP_HOST"],
        request.path,
        request.META.get("QUERY_STRING", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")[:20],
        chosen["size"],
        chosen["contrast"],
        clock.today().isoformat(),
    )


def _drawn(response: HttpResponse) -> Drawn:
    return Drawn(
        TOKEN.split(response.content), response.status_code, dict(response.headers), time.monotonic()
    )


def _handed_out(request: HttpRequest, page: Drawn) -> HttpResponse:
    if len(page.pieces) == 1:
        return HttpResponse(page.pieces[0], status=page.status, headers=page.headers)
    secret = secret_of(request)
    body = token_of(secret).encode().join(page.pieces)  # all tokens are equally long, and so is the page
    response = HttpResponse(body, status=page.status, headers=page.headers)
    keep_secret(response, secret)
    return response
