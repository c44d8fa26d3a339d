"""What may be scored in an inspection round, by whom, and what comes of the scores."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction, Split
from xiangyue.catalogue.rules.worth import CaseByCase, Discretion, Fixed, FromFull, Range
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import Held, NotAllowed, offices_at
from xiangyue.people.person import households_near_users
from xiangyue.scoring.facts import Given, People, people_of
from xiangyue.scoring.judging import require_possible
from xiangyue.scoring.models import Inspection, InspectionScore
from xiangyue.scoring.preparing import NewShare
from xiangyue.scoring.receiving import ALONE
from xiangyue.scoring.refusals import NameTooLong, OwnHousehold
from xiangyue.scoring.source_refusals import (
    HouseholdOutside,
    NotForInspection,
    NothingScored,
    TooFewJudges,
    TooManyJudges,
)

# By either one may be a judge: the committee scores what it will decide, and who is responsible what they see.
_JUDGING: Final = (Act.JUDGE, Act.BRING_DEEDS)
_NAMED_MOST: Final = 20  # households in a refusal
_NOTE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class NewScore:
    """What a judge found at a household. points: centipoints, a magnitude. note: a word why."""

    judge_id: int
    household: Household
    points: int
    note: str = ""


class Round:
    """An open round, and what is asked about some judges and households; read once.

    One or two queries for each judge, of whom there are a handful; none for each household.
    """

    def __init__(
        self, inspection: Inspection, judge_ids: Collection[int], households: Collection[Household]
    ) -> None:
        self.inspection, self.item = inspection, inspection.indicator.item
        self._people: People = people_of(households)
        self._near = households_near_users(judge_ids)
        self._offices = {judge: _offices_of(judge, inspection.unit) for judge in judge_ids}

    def is_judge(self, judge_id: int) -> bool:
        """Tell whether somebody may score anywhere in this round."""
        return bool(self._offices[judge_id])

    def require(self, score: NewScore) -> None:
        """Refuse a score that can't count.

        Raises: HouseholdOutside, NotAllowed, OwnHousehold, NameTooLong; the refusals of `catalogue.rules` for points
        out of bounds.
        """
        household, unit = score.household, self.inspection.unit
        if household.left_on or not household.unit.path.startswith(unit.path):
            raise HouseholdOutside(number=household.number, unit=unit.name)
        above = [
            one for one in self._offices[score.judge_id] if household.unit.path.startswith(one.unit.path)
        ]
        if not above:
            raise NotAllowed(act=Act.JUDGE.label, unit=household.unit.name)
        if household.pk in self._near.get(score.judge_id, set()):
            raise OwnHousehold
        if len(score.note) > _NOTE_LENGTH:
            raise NameTooLong(text=f"{score.note[:20]}…", most=_NOTE_LENGTH)
        given = given_of_scores(self.item, [score.points], [score.note], whole=True)
        require_possible(self.inspection.indicator, self.inspection.day, household, None, given, self._people)


def require_for_inspection(indicator: Indicator) -> None:
    """Refuse an indicator under which a household can't be given one figure. Raises: NotForInspection."""
    item = indicator.item
    one_figure = isinstance(item.worth, Fixed | Range | Discretion | CaseByCase) or (
        isinstance(item.worth, FromFull) and item.worth.fault is None and item.median_of == 1
    )
    plain = item.direction is not Direction.BOTH and item.sharing.split is Split.EACH
    if not (one_figure and plain and item.sharing.to == ALONE):
        raise NotForInspection(title=item.title)


def given_of_scores(item: Item, points: Sequence[int], notes: Iterable[str], *, whole: bool = False) -> Given:
    """Put judges' figures together as the indicator asks for them: one figure, or those whose median counts.

    whole: one judge's figure, looked at as if all had given the same.
    """
    reason = "；".join(dict.fromkeys(filter(None, map(str.strip, notes))))
    if item.median_of == 1:
        return Given(proposed=points[0], reason=reason)
    return Given(scores=tuple(points) * (item.median_of if whole else 1), reason=reason)


def shares_of(inspection: Inspection, *, leave_out: bool) -> list[NewShare]:
    """Give a share for each household that enough judges scored, and that still lives there.

    leave_out: households that too few scored are left out, instead of keeping the round open.
    Raises: TooManyJudges, TooFewJudges, NothingScored.
    """
    item = inspection.indicator.item
    scored: dict[Household, list[InspectionScore]] = {}
    there = inspection.scores.filter(
        household__left_on=None, household__unit__path__startswith=inspection.unit.path
    )
    for score in there.select_related("household__unit").order_by("household__number", "judge_id"):
        scored.setdefault(score.household, []).append(score)
    wanted = item.median_of
    _require_enough(TooManyJudges, item, [home for home, found in scored.items() if len(found) > wanted])
    if not leave_out:
        _require_enough(TooFewJudges, item, [home for home, found in scored.items() if len(found) < wanted])
    shares = [
        NewShare(home, given=given_of_scores(item, [s.points for s in found], [s.note for s in found]))
        for home, found in scored.items()
        if len(found) == wanted
    ]
    if not shares:
        raise NothingScored
    return shares


def scores_in_force(
    inspection: Inspection, scores: Iterable[NewScore]
) -> Mapping[tuple[int, int], InspectionScore]:
    """Give what judges said before of the same households, by household and judge."""
    homes = {score.household.pk for score in scores}
    rows = inspection.scores.filter(household__in=homes)
    return {(row.household_id, row.judge_id): row for row in rows}


def _require_enough(
    refusal: type[TooManyJudges] | type[TooFewJudges], item: Item, households: Sequence[Household]
) -> None:
    if households:
        numbers = "、".join(household.number for household in households[:_NAMED_MOST])
        more = "…" if len(households) > _NAMED_MOST else ""
        raise refusal(title=item.title, wanted=item.median_of, numbers=numbers + more)


def _offices_of(judge_id: int, unit: Unit) -> list[Held]:
    judge = Actor(ActorKind.USER, judge_id)
    return [one for act in _JUDGING for one in offices_at(judge, act, unit)]
