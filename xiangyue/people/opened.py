"""Which household a card opens: asked for each page of a card's session, so that its statement is written out."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

from xiangyue.kernel.prepared import Prepared
from xiangyue.people.models import Household, Unit

_OPENED = """
    SELECT {household}, {unit}, {village}
    FROM people_card card
    JOIN people_household household ON household.id = card.household_id
    JOIN people_unit unit ON unit.id = household.unit_id
    JOIN people_unit village ON village.id = household.village_id
    WHERE card.id = %(card)s AND card.revoked_at IS NULL
"""


def household_of_card(card_id: int) -> Household | None:
    """Give the household that a card opens, with its unit and village; None once the card is revoked. One query."""
    rows = _statement().rows({"card": card_id})
    if not rows:
        return None
    values = iter(rows[0])
    household: Household = _made(Household, values)
    household.unit, household.village = _made(Unit, values), _made(Unit, values)
    return household


def _made(model: type[Model], values: Iterator[Any]) -> Any:
    """Make a row of a model of as many of the values as it has columns."""
    names = [attname for attname, _column in _names(model)]
    return model.from_db(connection.alias, names, list(islice(values, len(names))))


@cache
def _names(model: type[Model]) -> list[tuple[str, str | None]]:
    """Name a model's attributes and columns. None of theirs has to be converted when it is read."""
    return [(field.attname, field.column) for field in model._meta.concrete_fields]


@cache
def _statement() -> Prepared:
    def columns(model: type[Model], alias: str) -> str:
        return ", ".join(f'{alias}."{column}"' for _attname, column in _names(model))

    places = {"unit": columns(Unit, "unit"), "village": columns(Unit, "village")}
    text = _OPENED.format(household=columns(Household, "household"), **places)
    return Prepared("household_of_card", text, {"card": "bigint"})
