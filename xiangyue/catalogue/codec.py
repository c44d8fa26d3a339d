"""Rules as JSON: what the database keeps of items and schemes (DATABASE "Written once").

The classes of `catalogue.rules` say what there is; here stands only how a union is told apart (by `form`, the name of
the class) and that what has its usual value is left out. Reading checks again all that the classes check.
"""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

from cattrs import Converter

from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme

FORM: Final = "form"


def item_to_json(item: Item) -> dict[str, Any]:
    """Give an item as JSON."""
    return _write(item)


def item_from_json(data: dict[str, Any]) -> Item:
    """Give the item back. Raises: BadRule, or what cattrs raises for what is no item."""
    return rules_converter().structure(data, Item)


def scheme_to_json(scheme: Scheme) -> dict[str, Any]:
    """Give what holds for a whole scheme as JSON."""
    return _write(scheme)


def scheme_from_json(data: dict[str, Any]) -> Scheme:
    """Give the scheme back. Raises: as `item_from_json`."""
    return rules_converter().structure(data, Scheme)


def new_converter() -> Converter:
    """Make a converter of rules, to which a caller may add hooks of its own."""
    converter = Converter(omit_if_default=True, forbid_extra_keys=True)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _class: date.fromisoformat(text))
    converter.register_unstructure_hook_factory(_is_set, lambda _class: _sorted_by(converter))
    converter.register_unstructure_hook_factory(_is_union, lambda _union: _tagged(converter))
    converter.register_structure_hook_factory(_is_union, lambda union: _of_union(converter, union))
    return converter


@cache
def rules_converter() -> Converter:
    """Give the converter of what the database keeps."""
    return new_converter()


def _write(rule: Item | Scheme) -> dict[str, Any]:
    written: dict[str, Any] = rules_converter().unstructure(rule)
    return written


def _is_set(kind: Any) -> bool:
    return get_origin(kind) is frozenset


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and sum(map(is_dataclass, get_args(kind))) > 1


def _sorted_by(converter: Converter) -> Callable[[frozenset[Any]], list[Any]]:
    """Write a set in one order, so that the same rule is always written the same."""
    return lambda words: sorted(converter.unstructure(word) for word in words)


def _tagged(converter: Converter) -> Callable[[Any], Any]:
    def write(rule: Any) -> Any:
        return None if rule is None else {FORM: type(rule).__name__, **converter.unstructure(rule)}

    return write


def _of_union(converter: Converter, union: Any) -> Callable[[Any, Any], Any]:
    forms = {part.__name__: part for part in get_args(union) if part is not NoneType}

    def read(data: Any, _union: Any) -> Any:
        if data is None and NoneType in get_args(union):
            return None
        facts = dict(data)
        return converter.structure(facts, forms[facts.pop(FORM)])

    return read
