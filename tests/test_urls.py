"""Who gets what at every address (`address_table`), and the rules that every answer keeps."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.address_place import Place, a_place
from tests.address_table import ACTORS, PLACES, ROWS
from tests.cast import Cast
from tests.web import told_names, told_phones
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui.files import HARMLESS

PUBLIC = {
    "gate:front",
    "gate:places",
    "gate:notice",
    "gate:notice-data",
    "gate:notice-check",
    "gate:notice-print",
    "gate:open",
    "gate:rules",
    "gate:rule",
    "gate:card",
}
# Nothing but our own style sheets, pictures and forms; "data:" is for icons compiled into a style sheet.
POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
INLINE = re.compile(  # JSON in a script element is data; nothing runs it
    r"""\sstyle\s*=|<style|<script(?![^>]*(?:\ssrc=|\stype="application/json"))|\son[a-z]+\s*=|javascript:""",
    re.IGNORECASE,
)
REMOTE = re.compile(r"""<(?:link|script|img|iframe|form)\b[^>]*(?:src|href|action)=["']?(?:https?:)?//""")


@pytest.fixture
def place(cast: Cast, peopled: Jurisdiction, founded: Jurisdiction) -> Iterator[Place]:
    with a_place(cast, peopled, founded) as there:
        yield there


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Yield the name of every address, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


def answer(client: Client, method: str, path: str, pin: str) -> tuple[str, str, dict[str, str]]:
    """Give an answer as the table writes it, with its text and its headers."""
    response = client.generic(method, path, f"pin={pin}", content_type="application/x-www-form-urlencoded")
    got = response["Location"] if response.status_code == 302 else str(response.status_code)
    got = PLACES.get(got if "done=" in got else got.split("?")[0], got)
    content = b"".join(response) if response.streaming else response.content
    return got, content.decode(errors="replace"), dict(response.headers)  # a workbook is no text


def test_every_address_is_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) == {name for name, *_rest in ROWS}


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_gets_what_the_table_says(place: Place, actor: str) -> None:
    wrong = {}
    for name, method, *expected in ROWS:
        for path in place.addresses[name]:
            got, text, headers = answer(place.visitors[actor], method, path, place.pin)
            told = told_names(text) + told_phones(text) if is_public(name, actor) else []
            if got != expected[ACTORS.index(actor)] or told or broken_rules(text, headers):
                wrong[f"{method} {path}"] = (got, told, broken_rules(text, headers))
    assert wrong == {}


def is_public(name: str, actor: str) -> bool:
    """Tell whether an answer may name nobody. Who is signed in finds the own head's name on a notice."""
    return name in PUBLIC and (
        name != "gate:notice" or actor in ("outsider", "stranger", "nowhere", "newcomer")
    )


def broken_rules(text: str, headers: dict[str, str]) -> list[str]:
    """Name the rules that an answer breaks, whatever it says."""
    kept = {
        "policy": headers["Content-Security-Policy"] == HARMLESS
        or set(headers["Content-Security-Policy"].split("; ")) == POLICY,
        "sniffing": headers["X-Content-Type-Options"] == "nosniff",
        "referrer": headers["Referrer-Policy"] == "same-origin",
        "opener": headers["Cross-Origin-Opener-Policy"] == "same-origin",
        "inline": not INLINE.search(text),
        "remote": not REMOTE.search(text),
    }
    return [rule for rule, is_kept in kept.items() if not is_kept]


def test_a_form_of_another_site_changes_nothing(place: Place) -> None:
    paths = {path for name, method, *_rest in ROWS if method == "POST" for path in place.addresses[name]}
    for actor in ("outsider", "villager"):
        visitor = place.visitors[actor]
        visitor.handler.enforce_csrf_checks = True
        for path in paths:
            got, text, headers = answer(visitor, "POST", path, place.pin)
            assert got == "403", path
            assert "刚才填的没有交上去" in text
            assert broken_rules(text, headers) == []
    assert "田禾生家" in place.visitors["villager"].read("/my/home/")


def test_what_is_not_there_says_so(place: Place) -> None:
    for visitor in place.visitors.values():
        got, text, headers = answer(visitor, "GET", "/nothing/", "")
        assert got == "404"
        assert "没有找到这一页" in text
        assert broken_rules(text, headers) == []
