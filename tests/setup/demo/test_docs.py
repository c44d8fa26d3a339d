"""docs/demo.md names people who are in the demo, and the households that there are."""

import random
import re

import pytest

from tests.docs.guide import DOCS
from xiangyue.people.offices import Office
from xiangyue.setup import presets
from xiangyue.setup.demo.families import Settlers
from xiangyue.setup.demo.loading import SEED
from xiangyue.setup.demo.offices import Offices
from xiangyue.setup.demo.places import PLACES

PAGES = ("demo.md", "demo.zh.md")
NAMED = (
    Office.VILLAGE_SECRETARY,
    Office.GRID_LEADER,
    Office.INFORMATION_ADMINISTRATOR,
    Office.SUPERVISOR,
    Office.SHOPKEEPER,
)


def logins(slug: str) -> list[str]:
    """Give the first holder of each office in the first village, of the seed that is used unless another is named."""
    place = PLACES[slug]
    settlers = Settlers(place, 2026, random.Random(f"{SEED} {slug}"))
    people = list(settlers.people())
    holders = Offices(place, presets.load(place.preset), settlers.names, 2026).appoint_all(people)
    here = [each for each in holders if each.village == place.villages[0].code]
    return [next(each.login for each in here if each.office is office) for office in NAMED]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("slug", PLACES)
def test_the_page_names_who_can_sign_in(page: str, slug: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"| `{slug}` | `admin` |"))
    assert re.findall(r"`([^`]+)`", row) == [slug, "admin", *logins(slug)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("slug", PLACES)
def test_the_page_counts_the_households(page: str, slug: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    row = next(
        line for line in text.splitlines() if line.startswith(f"| `{slug}` | ") and "`admin`" not in line
    )
    assert str(PLACES[slug].households) in row
