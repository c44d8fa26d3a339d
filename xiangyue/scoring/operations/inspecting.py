"""Inspection rounds (检查评分): judges go from household to household, and the round's end brings one deed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import rules_in_force
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.judging import side_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import hold_villages, known_unit
from xiangyue.people.permissions import NotAllowed, require
from xiangyue.people.queries import paths_to
from xiangyue.records.operations import log_act
from xiangyue.scoring.models import Deed, Inspection, InspectionScore, Source
from xiangyue.scoring.operations.bringing import NewDeed, bring_deeds
from xiangyue.scoring.places import judging_units
from xiangyue.scoring.preparing import NAME_LENGTH
from xiangyue.scoring.refusals import DayInFuture, IndicatorNotInForce, NameTooLong
from xiangyue.scoring.rounds import NewScore, Round, require_for_inspection, scores_in_force, shares_of
from xiangyue.scoring.rules import judging_unit_by_code
from xiangyue.scoring.source_refusals import (
    InspectionClosed,
    NotScored,
    ScoredTwice,
    UnknownInspection,
)
from xiangyue.scoring.sources import Claim, require_may_enter


@transaction.atomic
def open_inspection(
    *, actor: Actor, unit_id: int, indicator_id: int, day: date, name: str, key: str
) -> Inspection:
    """Open a round through a unit's households under one indicator. The same key gives the same round.

    The unit is a judging unit, or lies in one. Who opens it may bring its deed.
    Raises: UnknownUnit, NotAllowed, NotBySource, NotTheNamedBringer, DeductionsElsewhere, DayInFuture, NameTooLong,
    NotForInspection, NotAJudgingUnit, IndicatorNotInForce, NoCatalogueInForce.
    """
    unit = known_unit(unit_id)
    if actor.kind is not ActorKind.USER:
        raise NotAllowed(act=Source.INSPECTION.label, unit=unit.name)
    indicator = Indicator.objects.select_related("category", "catalogue__unit").get(id=indicator_id)
    require_for_inspection(indicator)
    claim = Claim(indicator, side_of(indicator.item, Facts(day=day)), {unit.path})
    actor = require_may_enter(actor, Source.INSPECTION, unit, claim)
    if day > clock.today():
        raise DayInFuture(day=day)
    if len(name) > NAME_LENGTH:
        raise NameTooLong(text=f"{name[:20]}…", most=NAME_LENGTH)
    judging = judging_unit_by_code(judging_units({unit.pk})[unit.pk].code)
    if not rules_in_force(judging, day).holds(indicator):
        raise IndicatorNotInForce(title=indicator.title, unit=judging.name, day=day)
    made, is_new = Inspection.objects.get_or_create(
        key=key,
        defaults={
            "unit": unit,
            "indicator": indicator,
            "day": day,
            "name": name.strip() or indicator.title[:NAME_LENGTH],
            "opened_by_id": actor.id,
        },
    )
    if is_new:
        log_act(actor=actor, act="open", subject="inspection", subject_ids=[made.pk])
    return made


def score_household(
    *, actor: Actor, inspection_id: int, household_id: int, points: int, note: str = ""
) -> InspectionScore:
    """Keep what one judge found at one household; the same judge's later figure replaces the earlier one.

    points: centipoints, a magnitude. Raises: as `score_households`.
    """
    household = Household.objects.select_related("unit").get(id=household_id)
    score = NewScore(actor.id, household, points, note.strip())
    (kept,) = score_households(actor=actor, inspection_id=inspection_id, scores=[score])
    return kept


@transaction.atomic
def score_households(
    *, actor: Actor, inspection_id: int, scores: Sequence[NewScore]
) -> list[InspectionScore]:
    """Keep judges' scores, all or none; what the same judge said before is replaced, and the log keeps what it was.

    A judge scores for themselves; who enters others' scores from paper may bring deeds there. Nobody scores their own
    household or a near relative's.
    Raises: UnknownInspection, InspectionClosed, NotAllowed, ScoredTwice, HouseholdOutside, OwnHousehold, NameTooLong;
    the refusals of `catalogue.rules` for points out of bounds.
    """
    inspection = _locked(inspection_id)
    judges = {score.judge_id for score in scores}
    if actor.kind is not ActorKind.SYSTEM and judges != {actor.user_id}:
        actor = require(actor, Act.BRING_DEEDS, inspection.unit)
    _require_once(scores)
    scoring = Round(inspection, judges, {score.household for score in scores})
    for score in scores:
        scoring.require(score)
    before = scores_in_force(inspection, scores)
    rows = [
        InspectionScore(
            inspection=inspection,
            household=score.household,
            judge_id=score.judge_id,
            points=score.points,
            note=score.note,
            scored_at=clock.now(),
        )
        for score in scores
    ]
    InspectionScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["inspection", "household", "judge"],
        update_fields=["points", "note", "scored_at"],
    )
    now = scores_in_force(inspection, scores)
    kept = [now[score.household.pk, score.judge_id] for score in scores]
    _log_scores(actor, kept, before)
    return kept


@transaction.atomic
def withdraw_score(*, actor: Actor, inspection_id: int, household_id: int) -> None:
    """Take back one's own score of a household, as long as the round is open; the log keeps what it was.

    Raises: UnknownInspection, InspectionClosed, NotScored.
    """
    inspection = _locked(inspection_id)
    found = inspection.scores.filter(household=household_id, judge=actor.user_id).first()
    if found is None:
        raise NotScored
    log_act(
        actor=actor,
        act="withdraw",
        subject="inspection-score",
        subject_ids=[found.pk],
        from_state=format_points(found.points),
    )
    found.delete()


@transaction.atomic
def close_inspection(*, actor: Actor, inspection_id: int, leave_out: bool = False) -> Deed:
    """End a round: bring one deed with a share for each household that enough judges scored, with their scores.

    How many that are, and that their median counts, is the indicator's to say. A round that is closed gives its deed.
    leave_out: households that too few scored get nothing, instead of keeping the round open.
    Raises: UnknownInspection, TooFewJudges, TooManyJudges, NothingScored; as `bring_deeds`.
    """
    place = Inspection.objects.filter(id=inspection_id).values_list("unit", flat=True)
    hold_villages(_villages(place))
    inspection = _locked(inspection_id, closed=True)
    key = f"inspection:{inspection.pk}"
    if inspection.closed_at:
        return Deed.objects.get(key=key)
    new = NewDeed(
        key=key,
        indicator=inspection.indicator,
        day=inspection.day,
        shares=shares_of(inspection, leave_out=leave_out),
        description=inspection.name,
        activity=inspection.name,
    )
    (deed,) = bring_deeds(actor=actor, deeds=[new], source=Source.INSPECTION)
    inspection.closed_at = clock.now()
    inspection.save(update_fields=["closed_at"])
    actor = _as_bringer(actor, inspection)
    log_act(actor=actor, act="close", subject="inspection", subject_ids=[inspection.pk])
    return deed


def _locked(inspection_id: int, *, closed: bool = False) -> Inspection:
    """Give a round, locked against scoring and closing until the transaction ends.

    Raises: UnknownInspection; InspectionClosed unless a closed one will do.
    """
    rows = Inspection.objects.select_for_update(of=("self",), no_key=True)
    related = ("unit", "indicator__category", "indicator__catalogue__unit")
    found = rows.select_related(*related).filter(id=inspection_id).first()
    if found is None:
        raise UnknownInspection(inspection=inspection_id)
    if found.closed_at and not closed:
        raise InspectionClosed
    return found


def _villages(unit_ids: Collection[int]) -> set[int]:
    """Give the villages above some units: they are locked before rounds are."""
    paths = {path for unit in Unit.objects.filter(id__in=unit_ids) for path in paths_to(unit)}
    return set(Unit.objects.filter(path__in=paths, level=Level.VILLAGE).values_list("id", flat=True))


def _as_bringer(actor: Actor, inspection: Inspection) -> Actor:
    return actor if actor.kind is ActorKind.SYSTEM else require(actor, Act.BRING_DEEDS, inspection.unit)


def _require_once(scores: Sequence[NewScore]) -> None:
    seen = set()
    for score in scores:
        if (score.judge_id, score.household.pk) in seen:
            raise ScoredTwice(number=score.household.number)
        seen.add((score.judge_id, score.household.pk))


def _log_scores(
    actor: Actor, kept: Sequence[InspectionScore], before: Mapping[tuple[int, int], InspectionScore]
) -> None:
    """Log each score, with what the same judge said before."""
    changed: dict[tuple[str, str], list[int]] = {}
    for score in kept:
        old = before.get((score.household_id, score.judge_id))
        was = format_points(old.points) if old else ""
        changed.setdefault((was, format_points(score.points)), []).append(score.pk)
    for (was, now), ids in changed.items():
        act = "score-again" if was else "score"
        log_act(
            actor=actor, act=act, subject="inspection-score", subject_ids=ids, from_state=was, to_state=now
        )
