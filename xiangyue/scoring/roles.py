"""Whom a catalogue's row names: who brings its deeds, and who verifies them (RULES "the assessor fixed per item").

A text that is exactly what this scheme's register, or tables elsewhere, call an office is a rule; any other text is a
remark for people. An office that could not do it anyway (评议小组 as 核实人: a body, which decides) is a remark too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.people.models import Level
from xiangyue.people.offices import Act, Office, offices_that_grant
from xiangyue.people.permissions import Held
from xiangyue.people.register import Register
from xiangyue.scoring.facts import KINDS
from xiangyue.scoring.models import ScoringRules, Source

# Who brings without any office, or by whichever office records so.
_SOURCES: Final[dict[str, Source]] = {
    **dict.fromkeys(("邻居", "邻里", "左邻右舍"), Source.NEIGHBOUR),
    **dict.fromkeys(
        ("本人", "农户", "户主", "村民", "个人", "家庭", "农户本人", "村民本人", "自己"), Source.SELF
    ),
    **dict.fromkeys(("村干部", "干部"), Source.CADRE),
}
_MORE_WORDS: Final[dict[Office, tuple[str, ...]]] = {
    Office.INFORMATION_ADMINISTRATOR: ("信息管理员", "信息员", "积分信息员", "积分管理员"),
    Office.VILLAGE_SECRETARY: ("村党组织书记", "村支书", "村书记", "村党支部书记"),
    Office.FIRST_SECRETARY: ("第一书记", "驻村第一书记"),
    Office.WORK_TEAM: ("驻村工作队", "驻村工作队员", "工作队"),
    Office.GROUP_LEADER: ("联户组长", "包户党员"),
}
_STAGES: Final[dict[Stage, Office]] = {
    Stage.GRID_LEADER: Office.GRID_LEADER,
    Stage.GROUP_LEADER: Office.GROUP_LEADER,
    Stage.ADMINISTRATOR: Office.INFORMATION_ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Role:
    """An office, as a text names it. places: the office at a level, or at any. sources: by which it may be brought."""

    name: str
    places: frozenset[tuple[Office, Level | None]] = frozenset()
    sources: frozenset[Source] = frozenset()

    @property
    def offices(self) -> frozenset[Office]:
        return frozenset(office for office, _level in self.places)

    def is_held(self, held: Iterable[Held], path: str) -> bool:
        """Tell whether one of the offices that somebody holds is this one, over the unit with a path."""
        return any(
            self.fits(one.office, Level(one.unit.level)) and path.startswith(one.unit.path) for one in held
        )

    def fits(self, office: Office, level: Level) -> bool:
        return (office, level) in self.places or (office, None) in self.places


class Roles:
    """What texts mean in this scheme, and whom its way of a deed asks for; read once, in two queries."""

    def __init__(self) -> None:
        self._rules = ScoringRules.objects.get()
        register = Register()
        self._titles: dict[str, set[tuple[Office, Level | None]]] = {}
        self._register = register
        for office in Office:
            for level in Level:
                if rule := register.rule(office, level):
                    self._titles.setdefault(rule.title, set()).add((office, level))
        self._known: dict[tuple[str, Act], Role | None] = {}

    @property
    def judging_level(self) -> Level:
        return Level(self._rules.judging_level)

    def bringer(self, text: str) -> Role | None:
        """Give who brings, as a text names it (申报人); None for a remark."""
        return self._role(text, Act.BRING_DEEDS)

    def verifier(self, text: str) -> Role | None:
        """Give who verifies: the judging unit's own leader where the scheme's way says so, or as a text names it
        (核实人); None where everyone does who may."""
        if Stage.GRID_LEADER.value in self._rules.stages:
            return self._of_stage(Stage.GRID_LEADER)
        return self._role(text, Act.VERIFY_DEEDS)

    @property
    def deducts(self) -> Role | None:
        """Who alone brings deductions, where the scheme has them come one way only (DOMAIN §3: changshan)."""
        text = self._rules.deductions_through
        stage = Stage(text) if text else None
        return self._of_stage(stage) if stage in _STAGES else None

    def _of_stage(self, stage: Stage) -> Role:
        """Give the office of a stage. The judging unit's own grid leader, none of those of a grid below it."""
        office = _STAGES[stage]
        level = self.judging_level if stage is Stage.GRID_LEADER else None
        title = self._register.title(office, level or self._lowest(office))
        return Role(title, frozenset({(office, level)}))

    def _lowest(self, office: Office) -> Level:
        return next((level for level in reversed(Level) if self._register.rule(office, level)), Level.VILLAGE)

    def _role(self, text: str, act: Act) -> Role | None:
        name = text.strip()
        if (name, act) not in self._known:
            self._known[name, act] = self._read(name, offices_that_grant(act))
        return self._known[name, act]

    def _read(self, name: str, able: Collection[Office]) -> Role | None:
        titled = self._titles.get(name) or {(office, None) for office in _called(name)}
        places = frozenset(place for place in titled if place[0] in able)
        sources = {_SOURCES[name]} if name in _SOURCES else set()
        if any(office is Office.GROUP_LEADER for office, _level in places):
            sources.add(Source.GROUP)  # the information administrator enters what groups report
        return Role(name, places, frozenset(sources)) if places or sources else None


def _called(name: str) -> set[Office]:
    """Give the offices that tables call so."""
    return {office for office in Office if name in (*KINDS.get(office, ()), *_MORE_WORDS.get(office, ()))}
