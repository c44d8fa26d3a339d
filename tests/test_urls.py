"""Who gets what at every address: the permission table, and the rules that every answer keeps.

Staff have no pages yet: a villager comes by card, everybody else is an outsider.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_tenants.utils import schema_context

from tests.cast import Cast
from tests.people.cast import small_village
from tests.scoring.cast import RUBBISH, a_deed, noticed
from tests.web import NOBODYS_HOST, Visitor, quick_pins, sheet_of, told_names, told_phones, with_card
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.people.operations.cards import issue_card
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.tenancy.models import Jurisdiction

# A number is the answer's status; an address is where a redirect leads. The card is that of a third household; the
# objection is the villager's. `stranger`: signed in by card in another county. `nowhere`: the host is nobody's.
TABLE = """
address            method  outsider   villager   neighbour  stranger   nowhere
gate:front         GET     200        200        200        200        200
gate:front         POST    405        405        405        405        405
gate:places        GET     200        200        200        200        200
gate:notice        GET     200        200        200        200        404
gate:notice-data   GET     200        200        200        200        404
gate:notice-print  GET     200        200        200        200        404
gate:card          GET     200        200        200        200        404
gate:card          PUT     405        405        405        405        405
gate:look          GET     405        405        405        405        405
gate:look          POST    /          /          /          /          /
set_language       GET     /          /          /          /          /
set_language       POST    /          /          /          /          /
phone:home         GET     /          200        200        /          /
phone:home         POST    405        405        405        405        405
phone:ledger       GET     /          200        200        /          /
phone:object       GET     /          200        200        /          /
phone:object       POST    /          422        422        /          /
phone:objected     GET     /          200        404        /          /
phone:sign-out     GET     405        405        405        405        405
gate:card          POST    /my/home/  /my/home/  /my/home/  /my/home/  404
phone:sign-out     POST    /          /          /          /          /
"""
(_address, _method, *ACTORS), *ROWS = (line.split() for line in TABLE.strip().splitlines())
PUBLIC = {"gate:front", "gate:places", "gate:notice", "gate:notice-data", "gate:notice-print", "gate:card"}
# Nothing but our own style sheets, pictures and forms; "data:" is for icons compiled into a style sheet.
POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
INLINE = re.compile(r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
REMOTE = re.compile(r"""<(?:link|script|img|iframe|form)\b[^>]*(?:src|href|action)=["']?(?:https?:)?//""")


@dataclass(frozen=True)
class Place:
    """The cast's county with something at each address. pin: what its card asks for."""

    addresses: dict[str, list[str]]
    pin: str
    visitors: dict[str, Visitor]


@pytest.fixture
def place(cast: Cast, peopled: Jurisdiction, founded: Jurisdiction) -> Iterator[Place]:
    with quick_pins():
        notice = noticed(
            cast.village, a_deed(cast.village, "018", "004"), a_deed(cast.village, "050", of=RUBBISH)
        )
        sheet = sheet_of(cast, "018")
        objection = lodge_objection(
            actor=cast.villager,
            target=sheet.totals.get(number="018"),
            household_id=cast.villager.id,
            text="少记了",
            key="k",
        )
        card = issue_card(actor=SYSTEM, household_id=cast.household("050").pk)
        sheets = [(notice.public_id, position) for position in (1, 2, 3)]
        parameters: dict[str, list[tuple[object, ...]]] = {
            "gate:notice": [*sheets],
            "gate:notice-data": [*sheets],
            "gate:notice-print": [(*sheet, paper) for sheet in sheets for paper in ("a3", "a4")],
            "gate:card": [(card.token,)],
            "phone:objected": [(objection.public_id,)],
        }
        addresses = {
            name: [reverse(name, args=args) for args in parameters.get(name, [()])] for name, *_rest in ROWS
        }
        visitors = {
            "outsider": Visitor(peopled),
            "villager": with_card(peopled, cast.household("018")),
            "neighbour": with_card(peopled, cast.household("004")),
            "stranger": stranger(founded, peopled),
            "nowhere": Visitor(peopled, NOBODYS_HOST),
        }
        visitors["nowhere"].cookies["session"] = visitors["villager"].cookies["session"].value
        yield Place(addresses, card.pin, visitors)


def stranger(founded: Jurisdiction, peopled: Jurisdiction) -> Visitor:
    """Somebody with a session of the other county, at the address of this one."""
    with schema_context(founded.schema_name):
        household = small_village(Unit.objects.get(code="440783104220"))["018"]
        theirs = with_card(founded, household).cookies["session"].value
    visitor = Visitor(peopled)
    visitor.cookies["session"] = theirs
    return visitor


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
    return got, response.content.decode(), dict(response.headers)


def test_every_address_is_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) == {name for name, *_rest in ROWS}


def test_everybody_gets_what_the_table_says(place: Place) -> None:
    wrong = {}
    for name, method, *expected in ROWS:
        for actor, status in zip(ACTORS, expected, strict=True):
            for path in place.addresses[name]:
                got, text, headers = answer(place.visitors[actor], method, path, place.pin)
                told = told_names(text) + told_phones(text) if is_public(name, actor) else []
                if got != status or told or broken_rules(text, headers):
                    wrong[f"{actor} {method} {path}"] = (got, told, broken_rules(text, headers))
    assert wrong == {}


def is_public(name: str, actor: str) -> bool:
    """Tell whether an answer may name nobody. Who is signed in finds the own head's name on a notice."""
    return name in PUBLIC and (name != "gate:notice" or actor not in ("villager", "neighbour"))


def broken_rules(text: str, headers: dict[str, str]) -> list[str]:
    """Name the rules that an answer breaks, whatever it says."""
    kept = {
        "policy": set(headers["Content-Security-Policy"].split("; ")) == POLICY,
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
