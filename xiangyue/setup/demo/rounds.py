"""Inspection rounds of the demo: a grid leader goes from door to door and gives each household a figure."""

import random
from dataclasses import dataclass
from datetime import date

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT
from xiangyue.people.models import Household
from xiangyue.people.person import households_near
from xiangyue.scoring.models import Inspection
from xiangyue.scoring.operations.inspecting import close_inspection, open_inspection, score_households
from xiangyue.scoring.rounds import NewScore
from xiangyue.setup.demo.cast import Cast
from xiangyue.setup.demo.planted import Bias
from xiangyue.setup.demo.saying import bounds_of

NOTES = ("柴草码得齐", "鸡圈也扫了", "门前还有点砖头", "院里种了花")


@dataclass(frozen=True)
class Rounds:
    """Goes through the grids of a judging unit under one item. number: the item's. name: for the keys."""

    cast: Cast
    number: str
    bias: Bias
    name: str
    chance: random.Random

    def whole(self, on: date) -> None:
        """Inspect every grid and end the round."""
        for leader, homes in self.cast.leaders().items():
            inspection = self._open(leader, homes, on)
            self._score(inspection, leader, homes)
            close_inspection(actor=leader, inspection_id=inspection.pk)

    def begun(self, on: date) -> None:
        """Begin a round in the first grid, and leave it half way."""
        leader, homes = next(iter(self.cast.leaders().items()))
        inspection = self._open(leader, homes, on)
        self._score(inspection, leader, homes[: max(1, len(homes) // 2)])

    def _open(self, leader: Actor, homes: list[Household], on: date) -> Inspection:
        grid = homes[0].unit.parent or self.cast.unit
        place = grid if self.cast.unit.contains(grid) else self.cast.unit
        return open_inspection(
            actor=leader,
            unit_id=place.pk,
            indicator_id=self._indicator(on).pk,
            day=on,
            name=f"{on.month}月入户检查",
            key=f"{self.name}:inspection:{on}:{place.code}",
        )

    def _score(self, inspection: Inspection, leader: Actor, homes: list[Household]) -> None:
        own = households_near(leader)
        scores = [
            NewScore(leader.id, home, self._points(inspection.indicator, home), self.chance.choice(NOTES))
            for home in homes
            if home.pk not in own
        ]
        score_households(actor=leader, inspection_id=inspection.pk, scores=scores)

    def _points(self, indicator: Indicator, home: Household) -> int:
        part = home.unit.parent.name if home.unit.parent else ""
        lean = self.bias.lean(self.chance.triangular(0, 1, 0.6), home.number, part)
        low, high = bounds_of(indicator)
        steps = (high - low) // CENTIPOINTS_PER_POINT
        return low + round(lean * steps) * CENTIPOINTS_PER_POINT

    def _indicator(self, on: date) -> Indicator:
        return find_indicator(rules_in_force(self.cast.unit, on), self.number)
