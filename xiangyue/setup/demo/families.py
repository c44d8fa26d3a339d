"""The households of the demo and their people. The same seed gives the same people, in the same order."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xiangyue.setup.demo.names import FAVOURED, Names
from xiangyue.setup.demo.places import Place, Village

ORDINALS: Final = "一二三四五六七八九十"
CLAN: Final = range(52, 57)  # doors of the favoured family, in one group; none of them holds an office
PHONES: Final = 10_000  # 199 0000 0000 to 199 0000 9999, which nobody is called by
ADULT: Final = 18


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as the roster has them. village: its code. part, group: names of the units. place: in the household,
    0 is the head. serial: counts heads through the jurisdiction."""

    village: str
    number: str
    part: str
    group: str
    name: str
    relation: str
    sex: str
    born: str
    place: int
    serial: int
    party: bool = False
    elsewhere: bool = False

    @property
    def phone(self) -> str:
        return "" if self.place else f"1990000{self.serial % PHONES:04d}"

    @property
    def address(self) -> str:
        return "" if self.place else f"{self.part}{int(self.number)}号"

    def is_adult(self, year: int) -> bool:
        return year - int(self.born[:4]) > ADULT

    def row(self) -> tuple[str, ...]:
        """Give the row of the roster, in the order of `roster_form.RESIDENT_COLUMNS` without ID numbers."""
        where = (self.village, self.number, self.part, self.group)
        party, away = ("是" if yes else "" for yes in (self.party, self.elsewhere))
        return (
            *where, self.name, self.relation, self.sex, self.born, self.phone, party, away, "", self.address
        )  # fmt: skip


@dataclass
class Settlers:
    """Deals households into the villages of a place. year: from which ages are counted."""

    place: Place
    year: int
    chance: random.Random
    names: Names = field(init=False)
    serial: int = 0

    def __post_init__(self) -> None:
        self.names = Names(self.chance)

    def people(self) -> Iterator[Person]:
        """Yield everybody, household by household."""
        for village in self.place.villages:
            yield from self._village(village)

    def _village(self, village: Village) -> Iterator[Person]:
        door = 0
        for part, households in enumerate(village.parts):
            for place in range(households):
                door += 1
                clan = village.shows == "favoured" and door in CLAN
                yield from self._household(village, door, part, place, clan=clan)

    def _household(
        self, village: Village, door: int, part: int, place: int, *, clan: bool
    ) -> Iterator[Person]:
        group, within = divmod(place, self.place.group)
        where = (
            village.code,
            f"{door:03d}",
            f"第{ordinal(part + 1)}{self.place.part}",
            group_name(group + 1),
        )
        surname = FAVOURED if clan else self.names.surname()
        for position, (name, relation, sex, born) in enumerate(self._family(surname)):
            yield Person(
                *where, name, relation, sex, born, position, self.serial,
                # A group's leader is of its first household; where the scheme asks for party members, they are one.
                party=position == 0 and (within == 0 or self.chance.random() < 0.07),
                elsewhere=position > 0 and relation == "子女" and self.chance.random() < 0.15,
            )  # fmt: skip
        self.serial += 1

    def _family(self, surname: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield name, relation, sex and birth of a household's people, the head first."""
        chance = self.chance
        age, sex = chance.randint(31, 74), chance.choice("男男女")
        yield self.names.name(surname), "户主", sex, self._day(age)
        if chance.random() < 0.8:
            other = "女" if sex == "男" else "男"
            yield self.names.name(self.names.surname()), "配偶", other, self._day(age + chance.randint(-4, 3))
        for _child in range(chance.choice((0, 0, 1, 1, 2)) if age < 62 else 0):
            born = self.year - age + chance.randint(24, 29)
            yield self.names.name(surname), "子女", chance.choice("男女"), str(born)
        if age < 50 and chance.random() < 0.5:
            born = self.year - age - chance.randint(22, 27)
            yield self.names.name(surname), "父母", chance.choice("男女"), str(born)

    def _day(self, age: int) -> str:
        return f"{self.year - age}-{self.chance.randint(1, 12):02d}-{self.chance.randint(1, 28):02d}"


def ordinal(number: int) -> str:
    """Write 1 to 99 as a Chinese numeral: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{ORDINALS[tens - 1]}十") + (
        ORDINALS[ones - 1] if ones else ""
    )


def group_name(number: int) -> str:
    """Name a group of households."""
    return f"第{ordinal(number)}联户组"
