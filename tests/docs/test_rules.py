"""The page of rules names a test for each of them, and is up to date."""

from importlib import import_module
from typing import Any

rules: Any = import_module("tools.rules")


def test_the_page_is_up_to_date() -> None:
    assert rules.PAGE.read_text(encoding="utf-8") == rules.written(list(rules.collected()))


def test_every_section_has_its_tests() -> None:
    assert {each.section for each in rules.collected()} == set(rules.ORDER)
