"""Loading the demo: each jurisdiction is founded, then lives, in a transaction of its own."""

import json
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household, Unit
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.queries import household_by_number
from xiangyue.scoring.models import Deed
from xiangyue.setup.demo.apart import live_apart
from xiangyue.setup.demo.life import Life, before
from xiangyue.setup.demo.places import PLACES, Place
from xiangyue.setup.demo.refusals import UnknownPlace
from xiangyue.setup.demo.settling import administrator, found_place, settle_in
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.upgrades import upgrade_shared

MONTHS: Final = 6  # that are lived through before the present one
SEED: Final = 1
STEPS: Final = MONTHS + 4  # of one jurisdiction: settled, the months with the present one, arranged, cards
SHOWN: Final = "006"  # the household of each village whose card is shown

Card = dict[str, str]


@dataclass(frozen=True)
class Loaded:
    """A jurisdiction of the demo, as found or made. cards: of the households that are shown, with their PINs."""

    slug: str
    name: str
    host: str
    is_new: bool
    households: int
    deeds: int
    cards: list[Card] = field(default_factory=list)


def load_demo(
    *,
    only: Collection[str] = (),
    seed: int = SEED,
    processes: int = 1,
    advance: Callable[[int], None] = lambda steps: None,
) -> list[Loaded]:
    """Make the jurisdictions of the demo that are not there yet; those where people live stay as they are.

    only: slugs; all five without any. processes: how many jurisdictions live at the same time, each in a process of its
    own. advance: told how many steps are done, of STEPS for each jurisdiction.
    Raises: UnknownPlace; as `found_jurisdiction`.
    """
    unknown = sorted(set(only) - set(PLACES))
    if unknown:
        raise UnknownPlace(slug=unknown[0], slugs="、".join(PLACES))
    upgrade_shared()
    places = [place for place in PLACES.values() if not only or place.slug in only]
    today = clock.today()
    founded_on = before(Period.of(today), MONTHS + 1).first
    empty = [place for place in places if not is_lived_in(place, founded_on)]
    done = STEPS * (len(places) - len(empty))  # steps before the jurisdiction at hand

    def tell(steps: int) -> None:
        advance(done + steps)

    if processes > 1 and len(empty) > 1:
        largest_first = sorted(empty, key=lambda place: -place.households)
        live_apart([place.slug for place in largest_first], seed, today, processes, tell)
    else:
        for place in empty:
            live_in(place, seed, today, tell)
            done += STEPS
    return [told_of(place, is_new=place in empty) for place in places]


def live_in(place: Place, seed: int, today: date, advance: Callable[[int], None] = lambda step: None) -> None:
    """Settle people in a founded jurisdiction where nobody lives, and live up to a day; whole or not at all."""
    first = before(Period.of(today), MONTHS)
    jurisdiction = Jurisdiction.objects.get(slug=place.slug)
    with schema_context(jurisdiction.schema_name), transaction.atomic():
        settle_in(place, on=before(first, 1).first, seed=seed)
        advance(1)
        life = Life(place, seed, first, MONTHS + 1, today)
        for done, _period in enumerate(life.live(today), start=2):
            advance(min(done, STEPS - 2))
        life.arrange_present()
        advance(STEPS - 1)
        with clock.as_of(today):
            cards = [_card(village.code) for village in place.villages]
    _keep_cards(place, cards)
    advance(STEPS)


def is_lived_in(place: Place, founded_on: date) -> bool:
    """Found the jurisdiction on a day if there is none of its slug; tell whether anybody lives there.

    Where one of the same place, scheme and name on this machine is empty, a demo was killed before anybody moved in.
    """
    there = Jurisdiction.objects.filter(slug=place.slug).first()
    if there is None:
        found_place(place, on=founded_on)
        return False
    if (there.division_code, there.preset) != (place.division, place.preset):
        return True
    with schema_context(there.schema_name):
        return Household.objects.exists()


def _card(code: str) -> Card:
    village = Unit.objects.get(code=code)
    household = household_by_number(village=village, number=SHOWN)
    card = issue_card(actor=administrator(), household_id=household.pk)
    return {"village": village.name, "household": SHOWN, "path": card.address, "pin": card.pin}


def told_of(place: Place, *, is_new: bool) -> Loaded:
    """Tell what there is of a jurisdiction of the demo."""
    jurisdiction = Jurisdiction.objects.get(slug=place.slug)
    with schema_context(jurisdiction.schema_name):
        households, deeds = Household.objects.filter(left_on=None).count(), Deed.objects.count()
    return Loaded(
        slug=jurisdiction.slug,
        name=jurisdiction.name,
        host=place.host,
        is_new=is_new,
        households=households,
        deeds=deeds,
        cards=_kept_cards(place),
    )


def cards_file(place: Place) -> Path:
    """Give where the cards of a jurisdiction are kept."""
    return Path(settings.HOME) / f"demo-cards-{place.slug}.json"


def _keep_cards(place: Place, cards: list[Card]) -> None:
    """Keep the invented households' PINs, which are stored nowhere else, so that every start can show them."""
    target = os.open(cards_file(place), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(target, "w", encoding="utf-8") as file:
        json.dump(cards, file, ensure_ascii=False)


def _kept_cards(place: Place) -> list[Card]:
    try:
        kept: Any = json.loads(cards_file(place).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return list(kept)
