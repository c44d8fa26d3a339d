"""What every refusal of the package keeps to: a code of its own, one sentence, and the facts that it names."""

import ast
import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import xiangyue
from xiangyue.kernel.points import NotPoints
from xiangyue.kernel.refusals import Refusal

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.walk_packages(xiangyue.__path__, "xiangyue.")]
    return [
        importlib.import_module(name)
        for name in names
        if not name.endswith((".__main__", ".wsgi")) and ".migrations" not in name
    ]


def subclasses(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for found in of.__subclasses__():
        if found.__module__.startswith("xiangyue."):
            yield found
        yield from subclasses(found)


@cache
def refusals() -> list[type[Refusal]]:
    assert modules()  # only what is imported is known
    return sorted(set(subclasses(Refusal)), key=lambda found: found.code)


def placeholders(refusal: type[Refusal]) -> set[str]:
    return set(PLACEHOLDER.findall(str(refusal.message)))


def given_facts() -> Iterator[tuple[str, type[Refusal], set[str]]]:
    """Give every place in the package where a refusal is made, and the names of the facts that it gets there."""
    for module in modules():
        assert module.__file__
        tree = ast.parse(Path(module.__file__).read_text())
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                made, facts = _refusal(module, node.func), {each.arg for each in node.keywords}
            elif isinstance(node, ast.Raise) and node.exc and id(node.exc) not in called:
                made, facts = _refusal(module, node.exc), set()
            else:
                continue
            if made and None not in facts:
                yield f"{module.__name__}:{node.lineno}", made, {fact for fact in facts if fact}


def _refusal(module: ModuleType, name: ast.expr) -> type[Refusal] | None:
    found = getattr(module, name.id, None) if isinstance(name, ast.Name) else None
    return found if isinstance(found, type) and issubclass(found, Refusal) else None


def test_codes_are_kebab_case_and_nobody_elses() -> None:
    codes = Counter(refusal.code for refusal in refusals())
    assert len(codes) > 50
    assert [code for code, count in codes.items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_each_says_a_sentence_that_can_be_translated() -> None:
    for refusal in refusals():
        assert isinstance(refusal.message, Promise), refusal
        facts = {name: f"⟨{name}⟩" for name in placeholders(refusal)}
        sentence = str(refusal.message) % facts  # fails on a stray % and on a placeholder without a name
        assert sentence
        assert all(fact in sentence for fact in facts.values()), refusal


def test_each_place_gives_the_facts_that_the_sentence_names() -> None:
    places = list(given_facts())
    assert len(places) > 100
    missing = {
        (place, name)
        for place, refusal, facts in places
        if refusal.__init__ is Refusal.__init__  # one that counts what it carries gives its facts itself
        for name in placeholders(refusal) - facts
    }
    assert missing == set()


class Sample(Refusal):
    code = "sample"
    message = _("%(count)s户，%(day)s")
    field = "day"


def test_a_refusal_is_plain_data() -> None:
    plain = Sample(count=3, day=date(2026, 11, 2), what=_("入账"), whose=None).as_dict()
    assert json.loads(json.dumps(plain)) == {
        "code": "sample",
        "text": "3户，2026-11-02",
        "field": "day",
        "facts": {"count": 3, "day": "2026-11-02", "what": "入账", "whose": None},
    }


@pytest.mark.parametrize("text", ["50%", "%(text)s", "%d", "{text}"])
def test_what_people_typed_is_said_as_it_was(text: str) -> None:
    assert str(NotPoints(text=text)) == f"“{text}”不是分值。请写数字，最多两位小数，例如 5 或 0.5。"


def test_a_refusal_without_a_field_names_none() -> None:
    class Bare(Refusal):
        code = "bare"
        message = "不行。"

    bare: Any = Bare()
    assert bare.as_dict() == {"code": "bare", "text": "不行。", "field": None, "facts": {}}
