"""A month of invented deeds for a judging unit: what is done, by whom, and what is said of it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xiangyue.catalogue.queries import indicators_of, rules_in_force
from xiangyue.catalogue.rules.worth import Range
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household
from xiangyue.people.offices import Office
from xiangyue.scoring.models import Source
from xiangyue.scoring.operations.bringing import NewDeed, NewShare
from xiangyue.setup.demo.cast import Cast
from xiangyue.setup.demo.customs import Alone, Customs, Together
from xiangyue.setup.demo.planted import EXTRA_DEEDS, Bias
from xiangyue.setup.demo.saying import given_for, is_of_people, subject_of, zeal_of

BUSY: Final = (2, 5)  # days of a week, from its first
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Planned:
    """A deed to be brought by somebody in some way."""

    source: Source
    actor: Actor
    deed: NewDeed


@dataclass
class Month:
    """Plans a month. first, last: days of its deeds. name: of the month, for the keys of the deeds."""

    cast: Cast
    customs: Customs
    bias: Bias
    first: date
    last: date
    name: str
    seed: int

    def __post_init__(self) -> None:
        unit = self.cast.unit
        self.chance = random.Random(f"{self.seed} {unit.code} {self.name}")  # noqa: S311 - a demo, not a secret
        self.indicators = {
            indicator.number: indicator
            for indicator in indicators_of(*rules_in_force(unit, self.last).catalogues)
        }
        self.leader_of = {home.pk: leader for leader, homes in self.cast.leaders().items() for home in homes}
        self.zeal = {home.pk: zeal_of(self.seed, home) for home in self.cast.households}
        self.count = 0

    def deeds(self) -> list[Planned]:
        """Give everything that is brought, in the order of the days."""
        found = [each for custom in self.customs.together for each in self._together(custom)]
        found += [each for custom in self.customs.alone for each in self._alone(custom)]
        found += self._favours()
        return sorted(found, key=lambda each: (each.deed.day, each.deed.key))

    def _together(self, custom: Together) -> Iterator[Planned]:
        if custom.each:
            day = self.first + timedelta(days=BUSY[-1])
            while day <= self.last:
                yield from self._event(custom, day)
                day += WEEK
        else:
            days = (self.last - self.first).days
            offset = days * (custom.day - 1) // 30
            yield from self._event(custom, self.first + timedelta(days=offset - offset % 7 + BUSY[-1]))

    def _event(self, custom: Together, day: date) -> Iterator[Planned]:
        """Plan one event: each grid's by its leader where leaders bring it, else one deed for all."""
        came = [home for home in self.cast.households if self._comes(home, custom.share)]
        if custom.by is not Source.LEADER:
            yield from self._planned(custom.number, day, came, custom.note, custom.by, amount=custom.amount)
            return
        for leader in dict.fromkeys(self.leader_of.values()):
            theirs = [home for home in came if self.leader_of.get(home.pk) == leader]
            yield from self._planned(custom.number, day, theirs, custom.note, custom.by, amount=custom.amount)

    def _comes(self, home: Household, share: int) -> bool:
        chance = share / 100 * self.zeal[home.pk] * self.bias.takes_part()
        return self.chance.random() < chance

    def _alone(self, custom: Alone) -> Iterator[Planned]:
        expected = custom.per_100 * len(self.cast.households) / 100
        expected *= 1 if custom.fault else self.bias.takes_part()
        count = int(expected) + (self.chance.random() < expected % 1)
        for home in self._drawn(count, custom):
            amount = self._amount(custom)
            by = custom.by
            yield from self._planned(custom.number, self._day(), [home], custom.note, by, amount=amount)

    def _drawn(self, count: int, custom: Alone) -> list[Household]:
        """Draw households: for what is good, the more zealous the likelier; the favoured family is never at fault."""
        homes = [
            home for home in self.cast.households if not (custom.fault and self.bias.is_favoured(home.number))
        ]
        weights = [1 - self.zeal[home.pk] / 2 if custom.fault else self.zeal[home.pk] for home in homes]
        return self.chance.choices(homes, weights, k=count) if homes else []

    def _day(self) -> date:
        """Draw a day: people get round to things on some days of the week."""
        days = (self.last - self.first).days
        return self.first + timedelta(days=self.chance.choice([n for n in range(days + 1) if n % 7 in BUSY]))

    def _amount(self, custom: Alone) -> int | None:
        if custom.amounts is None:
            return None
        low, high, step = custom.amounts
        return self.chance.randrange(low, high + 1, step)

    def _favours(self) -> Iterator[Planned]:
        """Plan what one grid leader brings beside for the favoured family."""
        wide = [
            custom
            for custom in self.customs.alone
            if isinstance(self.indicators[custom.number].item.worth, Range) and not custom.fault
        ]
        for home in self.cast.households:
            if not wide or not self.bias.is_favoured(home.number):
                continue
            for _extra in range(EXTRA_DEEDS):
                yield from self._planned(wide[0].number, self._day(), [home], wide[0].note, Source.LEADER)

    def _planned(
        self,
        number: str,
        day: date,
        homes: Sequence[Household],
        note: str,
        source: Source,
        *,
        amount: int | None = None,
    ) -> Iterator[Planned]:
        """Plan a deed, unless nobody is left whom the item may concern."""
        indicator = self.indicators[number]
        shares = []
        for home in homes:
            members = self.cast.members.get(home.pk, [])
            subject = subject_of(indicator, members, day.year, self.chance)
            if subject is None and is_of_people(indicator):
                continue
            given = given_for(indicator, amount, self._lean(home, source), self.chance)
            shares.append(NewShare(home, subject if is_of_people(indicator) else None, given))
        if not shares:
            return
        self.count += 1
        key = f"demo:{self.cast.unit.code}:{self.name}:{self.count:04d}"
        actor = self._bringer(source, homes[0])
        yield Planned(source, actor, NewDeed(key, indicator, day, tuple(shares), note))

    def _lean(self, home: Household, source: Source) -> float:
        """Give where in a range the points lie that whoever brings it asks for."""
        lean = self.chance.triangular(0, 1, 0.6)
        part = home.unit.parent.name if home.unit.parent else ""
        return self.bias.lean(lean, home.number, part) if source is Source.LEADER else lean

    def _bringer(self, source: Source, home: Household) -> Actor:
        """Give who brings a deed about a household in some way."""
        if source is Source.SELF:
            return Actor.card(home.pk)
        if source is Source.NEIGHBOUR:
            others = [each for each in self.cast.households if each.pk != home.pk]
            return Actor.card(self.chance.choice(others).pk)
        if source is Source.LEADER:
            return self._leader(home)
        if source is Source.CADRE:
            cadres = self.cast.all(Office.WORK_TEAM) or self.cast.all(Office.VILLAGE_SECRETARY)
            return cadres[0]
        return self.cast.one(Office.INFORMATION_ADMINISTRATOR)

    def _leader(self, home: Household) -> Actor:
        """Give the household's grid leader; where the unit has leaders of its own, one who is not of the household."""
        own = [each.user_id for each in self.cast.members.get(home.pk, [])]
        for leader in self.cast.own_leaders():
            if leader.user_id not in own:
                return leader
        return self.leader_of[home.pk]
