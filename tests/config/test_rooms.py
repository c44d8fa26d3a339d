"""What import-linter cannot see: foreign keys between rooms run down its list, and lead back up nowhere."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def layers() -> list[list[str]]:
    """Give the rooms of import-linter's list, top first, those of one layer together."""
    contracts: list[dict[str, Any]] = tomllib.loads(PROJECT.read_text())["tool"]["importlinter"]["contracts"]
    (rooms,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip(" ()") for room in layer.split("|")] for layer in rooms]


DEPTH = {room: depth for depth, layer in enumerate(layers()) for room in layer}


def room_of(model: Any) -> str:
    package, _dot, rest = str(model.__module__).partition(".")
    return rest.partition(".")[0] if package == "xiangyue" else package


def relations() -> Iterator[Any]:
    """Yield every relation that a model of ours declares."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("xiangyue."):
            fields = (*model._meta.local_fields, *model._meta.local_many_to_many)
            yield from (field for field in fields if field.is_relation)


def between_rooms() -> list[Any]:
    return [field for field in relations() if room_of(field.model) != room_of(field.related_model)]


def named(field: Any) -> str:
    return str(field)


def test_there_are_relations_between_rooms() -> None:
    assert len(between_rooms()) > 20


@pytest.mark.parametrize("field", between_rooms(), ids=named)
def test_a_relation_points_down(field: Any) -> None:
    below = room_of(field.related_model)
    assert below in DEPTH or below == "django_tenants", below
    assert DEPTH[room_of(field.model)] < DEPTH.get(below, len(DEPTH))


@pytest.mark.parametrize("field", between_rooms(), ids=named)
def test_no_accessor_leads_back_up(field: Any) -> None:
    related_name = field.remote_field.related_name or ""
    assert related_name.endswith("+")


def test_nothing_points_anywhere_by_a_name_in_a_row() -> None:
    generic = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("xiangyue.")
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert generic == []


def test_every_room_with_models_is_on_the_list() -> None:
    assert {room_of(model) for model in apps.get_models()} - {"allauth", "django", "procrastinate"} <= set(
        DEPTH
    )
