"""The demo in small: one jurisdiction of a few households, whatever the machine's own demo would be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from xiangyue.kernel import clock
from xiangyue.records import storage
from xiangyue.setup.demo import loading
from xiangyue.setup.demo.places import PLACES, Place

SATURDAY = date(2026, 11, 21)
SLUG, HOUSEHOLDS = "demoguyuan", 24


@pytest.fixture
def saturday() -> Iterator[date]:
    with clock.as_of(SATURDAY):
        yield SATURDAY


@pytest.fixture
def small(db: None, saturday: date, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Place]:
    """The demo is one judging unit of guyuan, the scheme with the longest way, and lives through one month."""
    place = replace(PLACES["guyuan"].small(HOUSEHOLDS), slug=SLUG)
    monkeypatch.setattr(loading, "PLACES", {SLUG: place})
    monkeypatch.setattr(loading, "MONTHS", 1)
    monkeypatch.setattr(loading, "cards_file", lambda place: tmp_path / f"{place.slug}.json")
    yield place
    storage.drop_all(f"county_{SLUG}")
