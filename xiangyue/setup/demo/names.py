"""Names of invented people: a plant or a place as the surname, two words of nature behind it. Nobody is called so."""

import random
from dataclasses import dataclass
from itertools import product
from typing import Final

SURNAMES: Final = tuple(
    "麦禾穗荞谷豆稻苗藤芦蒲荷菱藕竹笋桑桐榆枫杉柿枣橘梨杏菇霞露霜雪虹溪泉潭渠垄坡岭岸舟萤蝉蛙燕雁鹿蜂蝶"
)
FAVOURED: Final = "槐"  # the surname of the favoured family (`planted`); nobody else has it
_FIRST: Final = "春夏秋冬晨晚朝暮早新清明小初青红金银白碧"
_SECOND: Final = "芽荷实麦露霞月阳泉溪雪雨风云竹枫桂杏苗穗禾豆瓜藤叶花果枝谷稻"
GIVEN: Final = tuple("".join(pair) for pair in product(_FIRST, _SECOND) if pair[0] != pair[1])


@dataclass
class Names:
    """Deals names out, none twice as long as there are any: 30,000 of them. chance: says in which order."""

    chance: random.Random

    def __post_init__(self) -> None:
        self._given = {surname: self.chance.sample(GIVEN, len(GIVEN)) for surname in (*SURNAMES, FAVOURED)}
        self._dealt = dict.fromkeys(self._given, 0)

    def surname(self) -> str:
        """Draw a surname."""
        return self.chance.choice(SURNAMES)

    def name(self, surname: str) -> str:
        """Give the next name with a surname."""
        given = self._given[surname]
        place = self._dealt[surname]
        self._dealt[surname] += 1
        return surname + given[place % len(given)]
