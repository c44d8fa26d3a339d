"""What the catalogue has to know of shares: what was said when they were brought, and what is known of their people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.facts import Facts, Where
from xiangyue.catalogue.rules.terms import Level as AwardLevel
from xiangyue.catalogue.rules.terms import Severity, Side, Trait
from xiangyue.people.ages import birthday, is_child
from xiangyue.people.models import Appointment, Capacity, Household, Level, Resident, Sex, Unit
from xiangyue.people.offices import Office
from xiangyue.scoring.models import Share

OLD = 60
CADRE: Final = "村干部"
# What tables call those who hold an office, or sit somewhere for somebody (`only_kinds`, multipliers of a kind).
KINDS: Final[dict[str, tuple[str, ...]]] = {
    Office.VILLAGE_SECRETARY: (CADRE, "书记", "村两委", "两委成员", "两委干部", "村两委干部"),
    Office.LEADING_GROUP: (CADRE,),
    Capacity.TWO_COMMITTEES: (CADRE, "村两委", "两委成员", "两委干部", "村两委干部"),
    Office.GRID_LEADER: ("网格长", "网格员"),
    Office.GROUP_LEADER: ("联户长", "中心户长", "组长", "小组长", "村民小组长"),
    Office.FIRST_SECRETARY: ("驻村干部",),
    Office.WORK_TEAM: ("驻村干部",),
}
Term = tuple[str, date, date | None]  # of an office or a capacity, from a day to a day


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of a share when it was brought; what its indicator doesn't ask for is left out.

    proposed, part: centipoints, magnitudes. amount: in base units of the indicator's unit. like: the indicator that
    the case is scored like. See `catalogue.rules.facts.Facts`.
    """

    proposed: int | None = None
    amount: int | None = None
    level: AwardLevel | None = None
    rank: int | None = None
    severity: Severity | None = None
    row: str = ""
    scores: tuple[int, ...] = ()
    reason: str = ""
    side: Side | None = None
    like: Indicator | None = None
    faulty: bool = False
    role: str = ""
    part: int | None = None


NOTHING: Final = Given()


@dataclass(frozen=True)
class People:
    """What is known of some households and their people, read for all of them together.

    members: by household. terms: of offices by user. paths: of units by id. units: (id, level) by path.
    """

    members: Mapping[int, int]
    terms: Mapping[int, Sequence[Term]]
    paths: Mapping[int, str]
    units: Mapping[str, tuple[int, str]]

    def where(self, household: Household, resident_id: int | None, fact: str = "") -> Where:
        """Say whose a share is, by ids."""
        by_level = {level: pk for path, (pk, level) in self.units.items() if self._is_above(path, household)}
        return Where(
            household=household.pk,
            person=resident_id,
            group=by_level.get(Level.GROUP),
            grid=by_level.get(Level.GRID, by_level.get(Level.MICRO_GRID)),
            village=household.village_id,
            fact=fact,
        )

    def traits(self, resident: Resident | None, day: date) -> frozenset[Trait]:
        """Give what is known of a person on a day; of a household as such, nothing."""
        if resident is None:
            return frozenset()
        holds = {
            Trait.PARTY_MEMBER: resident.is_party_member,
            Trait.CADRE: CADRE in self._offices(resident, day),
            Trait.MINOR: resident.born is not None and is_child(resident.born, day),
            Trait.ABSENT: resident.lives_elsewhere,
            Trait.DECEASED: resident.died_on is not None and resident.died_on < day,
            Trait.MOVED: resident.died_on is None and resident.left_on is not None and resident.left_on < day,
        }
        return frozenset(trait for trait, is_so in holds.items() if is_so)

    def kinds(self, household: Household, resident: Resident | None, day: date) -> frozenset[str]:
        """Give the kinds of subject, as tables call them: the household's tags, and what a person is or holds."""
        kinds = set(household.tags)
        if resident is not None:
            kinds |= self._offices(resident, day)
            if resident.born is not None:
                kinds |= {"老人", "老年人"} if birthday(resident.born, OLD) <= day else set()
                kinds |= {"儿童", "青少年"} if is_child(resident.born, day) else set()
            kinds |= {"妇女"} if resident.sex == Sex.FEMALE else set()
        return frozenset(kinds)

    def _offices(self, resident: Resident, day: date) -> set[str]:
        held = self.terms.get(resident.user_id or 0, ())
        lasting = [name for name, since, until in held if since <= day and (until is None or day <= until)]
        return {kind for name in lasting for kind in KINDS.get(name, ())}

    def _is_above(self, path: str, household: Household) -> bool:
        return self.paths[household.unit_id].startswith(path)


def people_of(households: Collection[Household]) -> People:
    """Read what is known of some households and their people, in four queries."""
    ids = {household.pk for household in households}
    alive = Household.objects.filter(pk__in=ids).annotate(
        count=Count("residents", filter=Q(residents__left_on=None))
    )
    paths = dict(Unit.objects.filter(pk__in={each.unit_id for each in households}).values_list("pk", "path"))
    above = {path[: end + 1] for path in paths.values() for end in _ends(path)}
    units = Unit.objects.filter(path__in=above).values_list("path", "pk", "level")
    terms: dict[int, list[Term]] = {}
    users = Resident.objects.filter(household_id__in=ids, user__isnull=False).values("user_id")
    held = Appointment.objects.filter(user_id__in=users)
    for user_id, office, capacity, since, until in held.values_list(
        "user_id", "office", "capacity", "since", "until"
    ):
        terms.setdefault(user_id, []).extend(((office, since, until), (capacity, since, until)))
    return People(
        members=dict(alive.values_list("pk", "count")),
        terms=terms,
        paths=paths,
        units={path: (pk, level) for path, pk, level in units},
    )


def facts_of(
    given: Given,
    day: date,
    household: Household,
    resident: Resident | None,
    people: People,
    activity: str = "",
) -> Facts:
    """Put together what is known of a share by itself, before what happened earlier is looked at."""
    return Facts(
        day=day,
        amount=given.amount,
        level=given.level,
        rank=given.rank,
        severity=given.severity,
        row=given.row,
        chosen=given.proposed,
        scores=given.scores,
        reason=given.reason,
        side=given.side,
        like=given.like.item if given.like else None,
        faulty=given.faulty,
        activity=activity,
        traits=people.traits(resident, day),
        kinds=people.kinds(household, resident, day),
        members=max(1, people.members.get(household.pk, 1)),
        role=given.role,
    )


def given_of(share: Share) -> Given:
    """Give what was said of a share, as it is kept."""
    return Given(
        proposed=share.proposed,
        amount=share.amount,
        level=AwardLevel(share.level) if share.level else None,
        rank=share.rank,
        severity=Severity(share.severity) if share.severity else None,
        row=share.row,
        scores=tuple(share.scores),
        reason=share.reason,
        side=Side(share.side) if share.side else None,
        like=share.like,
        faulty=share.faulty,
        role=share.role,
        part=share.part,
    )


def columns_of(given: Given) -> dict[str, object]:
    """Give the columns in which a share keeps what was said of it."""
    return {
        "proposed": given.proposed,
        "amount": given.amount,
        "level": given.level.value if given.level else "",
        "rank": given.rank,
        "severity": given.severity.value if given.severity else "",
        "row": given.row,
        "scores": list(given.scores),
        "reason": given.reason,
        "side": given.side.value if given.side else "",
        "like": given.like,
        "faulty": given.faulty,
        "role": given.role,
        "part": given.part,
    }


def _ends(path: str) -> list[int]:
    return [place for place, letter in enumerate(path) if letter == "/" and place]
