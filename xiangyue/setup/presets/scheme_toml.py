"""A preset as TOML and back: what the classes of `rules` and of `model` say, in the forms that people write.

Reading collects every fault of a file by its key; a file is taken whole or not at all.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from inspect import isclass
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import tomli_w
from cattrs import BaseValidationError, Converter
from cattrs.errors import (
    AttributeValidationNote,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from django.utils.translation import gettext as _

from xiangyue.catalogue.codec import new_converter
from xiangyue.catalogue.rules.balances import Base, Clearing
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.model import Category
from xiangyue.catalogue.rules.redeeming import Benefit, Bundle, Rate
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.standing import Grade, Threshold
from xiangyue.catalogue.rules.terms import BadRule, Layer
from xiangyue.catalogue.rules.times import Span, Term
from xiangyue.setup.presets import forms
from xiangyue.setup.presets.bad_rules import sentence
from xiangyue.setup.presets.forms import Form, Wrong
from xiangyue.setup.presets.model import Fund, Honour, Medal, Preset
from xiangyue.setup.presets.refusals import Fault

_OUTSIDE: Final = ("key", "catalogue", "source")  # of Preset: not in the file
_FORMS: Final[dict[type, dict[str, Form]]] = {
    Base: {"points": forms.POINTS},
    Category: {"base": forms.POINTS, "limits": forms.limits(Layer.CATEGORY)},
    Clearing: {"days": forms.DAYS},
    Threshold: {"below": forms.POINTS},
    Grade: {"above": forms.POINTS},
    LocalBounds: {"most": forms.POINTS},
    PointBounds: {"low": forms.POINTS, "high": forms.POINTS, "by": forms.POINTS},
    Bundle: {"price": forms.POINTS},
    Benefit: {"least": forms.POINTS},
    Fund: {"per_household": forms.YUAN},
    Honour: {"points": forms.POINTS},
    Medal: {"points": forms.POINTS},
    Scheme: {"floor": forms.FLOOR, "limits": forms.limits(Layer.ALL), "gift_ratios": forms.RATIOS},
    Preset: {"offices": forms.OFFICES, "seats": forms.SEATS},
}
_BY_TYPE: Final = {Term: forms.TERM, Span: forms.SPAN, Rate: forms.RATE}
_MAY_LACK: Final[dict[type, str]] = {Grade: "above"}  # what TOML can't write: nothing
_PLAIN: Final = {str: forms.read_text, int: forms.read_whole, bool: forms.read_switch}
_WHERE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


class Faulty(Exception):  # noqa: N818 - it carries faults
    """A TOML file is no preset. faults: all that are found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(len(faults))


def read(source: bytes, file: str) -> Preset:
    """Read a preset's TOML file; its table is none of this. Raises: Faulty."""
    try:
        facts = tomllib.loads(source.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        text = _("文件的编码不对，请存成UTF-8。")
        raise Faulty([Fault(file, "", "not-utf8", text)]) from None
    except tomllib.TOMLDecodeError as broken:
        raise Faulty([Fault(file, "", "toml-broken", _broken(broken))]) from None
    try:
        preset: Preset = preset_converter().structure(facts, Preset)
    except Exception as error:  # whatever a value may be, it is told where it stands
        raise Faulty([Fault(file, key, code, text) for key, code, text in _faults(error, "")]) from error
    return preset


def document(preset: Preset) -> dict[str, Any]:
    """Give a preset as its file has it: plain values only, what has its usual value left out."""
    written: dict[str, Any] = preset_converter().unstructure(preset)
    return written


def dump(preset: Preset) -> str:
    """Write a preset's TOML file."""
    return tomli_w.dumps(document(preset))


@cache
def preset_converter() -> Converter:
    """Give the converter: that of the rules, with the forms that people write."""
    converter = new_converter()
    for plain, rule in _PLAIN.items():
        converter.register_structure_hook(plain, _plain_or_word(rule))
    converter.register_structure_hook_func(_is_enum, lambda value, words: forms.read_word(words, value))
    converter.register_structure_hook_factory(_is_list, lambda kind: _list_of(converter, kind))
    converter.register_structure_hook_factory(is_dataclass, lambda kind: _structure(converter, kind))
    converter.register_unstructure_hook_factory(is_dataclass, lambda kind: _unstructure(converter, kind))
    for kind, form in _BY_TYPE.items():
        _register(converter, kind, form)
    return converter


# ---- hooks


def _register(converter: Converter, kind: Any, form: Form) -> None:
    """Let a type, or a union of types, be written in a form, and be absent where it may be."""
    meant = _parts(kind)

    def is_it(other: Any) -> bool:
        return _parts(other) - {NoneType} == meant

    def read_it(value: Any, other: Any) -> Any:
        return None if value is None and NoneType in _parts(other) else form.read(value)

    converter.register_structure_hook_func(is_it, read_it)
    converter.register_unstructure_hook_func(is_it, lambda rule: None if rule is None else form.write(rule))


def _parts(kind: Any) -> set[Any]:
    return set(get_args(kind)) if get_origin(kind) in (Union, UnionType) else {kind}


def _structure(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    own: dict[str, Any] = {
        name: override(struct_hook=_ignoring_type(form.read)) for name, form in _FORMS.get(kind, {}).items()
    }
    outside: dict[str, Any] = {name: override(omit=True) for name in _OUTSIDE} if kind is Preset else {}
    make = make_dict_structure_fn(kind, converter, **own, **outside)
    lacking = {_MAY_LACK[kind]: None} if kind in _MAY_LACK else {}

    def read_it(value: Any, _kind: Any) -> Any:
        return make({**lacking, **forms.table(value)}, kind)

    return read_it


def _unstructure(converter: Converter, kind: Any) -> Callable[[Any], dict[str, Any]]:
    own: dict[str, Any] = {
        name: override(unstruct_hook=form.write) for name, form in _FORMS.get(kind, {}).items()
    }
    outside: dict[str, Any] = {name: override(omit=True) for name in _OUTSIDE} if kind is Preset else {}
    make = make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True, **own, **outside)

    def write_it(rule: Any) -> dict[str, Any]:
        return {name: value for name, value in make(rule).items() if value is not None}

    return write_it


def _list_of(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """Read a list as a tuple or a set; cattrs would take a word for a list of its letters."""
    made, element = get_origin(kind), get_args(kind)[0]

    def read_it(value: Any, _kind: Any) -> Any:
        found, errors = [], []
        for position, each in enumerate(forms.listed(value), start=1):
            try:
                found.append(converter.structure(each, element))
            except Exception as error:  # gathered, and told where it stands
                error.add_note(IterableValidationNote("", position, element))
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, kind)
        return made(found)

    return read_it


def _plain_or_word(rule: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """Read a plain value; words that are texts to Python too (Level) are still words."""
    return lambda value, kind: forms.read_word(kind, value) if _is_enum(kind) else rule(value)


def _ignoring_type(rule: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _kind: rule(value)


def _is_enum(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, Enum)


def _is_list(kind: Any) -> bool:
    args = get_args(kind)
    return get_origin(kind) is frozenset or (get_origin(kind) is tuple and len(args) == 2 and args[1] is ...)


# ---- faults


def _faults(error: BaseException, path: str) -> Iterator[tuple[str, str, str]]:
    """Give every fault behind an error as key, code and sentence."""
    match error:
        case BaseValidationError():
            for each in error.exceptions:
                yield from _faults(each, path + _step(each, path))
        case ForbiddenExtraKeysError():
            known = [field.name for field in fields(error.cl) if field.name not in _OUTSIDE]
            for name in sorted(error.extra_fields):
                wrong = forms.unknown_key(name, known)
                yield f"{path}.{name}".lstrip("."), wrong.code, wrong.text
        case KeyError():
            yield path, "key-missing", _("少了这一项，要写。")
        case Wrong():
            yield path + error.key, error.code, error.text
        case forms.Several():
            for wrong in error.wrongs:
                yield path + wrong.key, wrong.code, wrong.text
        case BadRule():
            yield path, error.code, sentence(error)
        case _:
            text = _("这里写的用不上（%(cause)s）。") % {"cause": error}
            yield path, "value-not-understood", text


def _step(error: BaseException, path: str) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return f".{note.name}" if path else note.name
    return ""


def _broken(error: tomllib.TOMLDecodeError) -> str:
    place = _WHERE.search(str(error))
    if place is None:
        return _("文件没有写完，引号、方括号要成对。")
    facts = {"line": place[1], "column": place[2]}
    return _("第%(line)s行第%(column)s个字附近写得不对：看看引号、等号、方括号、逗号。") % facts
