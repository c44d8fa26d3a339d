"""Jurisdictions of the demo, small and of a test's own, rolled back afterwards; their files are taken away."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from django_tenants.utils import schema_context

from tests.rhythm.lives import Lived
from xiangyue.kernel.periods import Period
from xiangyue.records import storage
from xiangyue.setup.demo.life import Life, before
from xiangyue.setup.demo.places import PLACES
from xiangyue.setup.demo.settling import found_place, settle_in


@dataclass
class Founding:
    """Founds a small jurisdiction of the demo and settles its people, a month before they begin to live."""

    schemas: list[str] = field(default_factory=list)

    def settled(self, slug: str, *, first: Period, months: int, households: int = 14) -> Lived:
        # Beside the counties of other tests, one of which is called as a scheme is.
        place = replace(PLACES[slug].small(households), slug=f"{slug}life")
        on = before(first, 1).first
        jurisdiction = found_place(place, on=on)
        self.schemas.append(jurisdiction.schema_name)
        with schema_context(jurisdiction.schema_name):
            settle_in(place, on=on, seed=1)
        return Lived(jurisdiction, Life(place, 1, first, months))


@pytest.fixture
def founding(db: None) -> Iterator[Founding]:
    made = Founding()
    yield made
    for schema in made.schemas:
        storage.drop_all(schema)
