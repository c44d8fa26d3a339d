"""The way that a household's deed goes in this scheme: which steps, who does each, and when it was or should be done.

The steps are those of the state machine, as far as the scheme has them; days come from `rhythm`, from what was called,
and from what happened. What is done later is told by the day by which it should be done at the latest.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.db.models import Q

from xiangyue.catalogue.models import Indicator
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Appointment, Body, Household, Level, Unit
from xiangyue.people.offices import Act, Office, offices_that_grant
from xiangyue.people.person import households_near_users
from xiangyue.people.queries import in_force, paths_to
from xiangyue.people.register import Register
from xiangyue.scoring.models import Call, Deed, DeedState, Rhythm, ScoringRules, Share, Source
from xiangyue.scoring.own_deeds import OwnDeed, OwnShare, posts_on
from xiangyue.scoring.permissions import brought_by
from xiangyue.scoring.places import judging_units
from xiangyue.scoring.queries import confirms_by_assembly
from xiangyue.scoring.rhythm import VERIFY_WITHIN, assembly_due, meeting_due, notice_due
from xiangyue.scoring.roles import Roles
from xiangyue.scoring.states import DeedAct


class StepName(Enum):
    """Steps of a deed's way, in their order."""

    BROUGHT = "brought"
    VERIFY = "verify"
    DECIDE = "decide"
    CONFIRM = "confirm"
    NOTICE = "notice"
    POST = "post"


@dataclass(frozen=True)
class Step:
    """One step. day: on which it was done; else the last day for it, or None where none can be told.

    is_fixed: something is called or hung for that day, so that it is not merely the last one. until: the last day of a
    notice. title, names: of the office, and of whoever holds it and may do it, or did it.
    """

    name: StepName
    done: bool
    day: date | None
    is_fixed: bool = False
    until: date | None = None
    title: str = ""
    names: tuple[str, ...] = ()

    def is_overdue(self, today: date) -> bool:
        return not self.done and self.day is not None and self.day < today


@dataclass(frozen=True)
class Verifiers:
    """Who verifies for a household. title: of the office; names: of those who hold it there and may."""

    title: str
    names: tuple[str, ...]


def way_of(own: OwnDeed, household: Household) -> list[Step]:
    """Give the steps of a household's deed; of one that ended, those that it went. In a constant number of queries."""
    rules = ScoringRules.objects.get()
    steps = [Step(StepName.BROUGHT, True, own.brought_on)]
    steps.append(_verify_step(own, household))
    decide, period = _decide_step(own, rules, verified=steps[-1])
    steps.append(decide)
    if confirms_by_assembly():
        steps.append(_confirm_step(own, period))
    hung = own.line
    if hung:
        sheet = hung.sheet
        steps.append(Step(StepName.NOTICE, True, sheet.issued_on, is_fixed=True, until=hung.deadline))
        done = all(each.posted for each in own.shares if each.line)
        steps.append(Step(StepName.POST, done, posts_on(hung), is_fixed=True))
        return steps
    by = notice_due(period)
    last = by + timedelta(days=rules.notice_days - 1)
    steps.append(Step(StepName.NOTICE, False, by, until=last))
    steps.append(Step(StepName.POST, False, last + timedelta(days=1)))
    return steps


def way_ahead(*, actor: Actor, indicator: Indicator, household: Household) -> list[Step]:
    """Give the steps of what a household would declare today; nothing is written."""
    deed = Deed(
        unit=judging_units({household.unit_id})[household.unit_id],
        indicator=indicator,
        day=clock.today(),
        source=Source.SELF,
        brought_by_kind=actor.kind,
        brought_by_id=actor.id,
        state=DeedState.SUBMITTED,
        submitted_at=clock.now(),
    )
    share = OwnShare(Share(deed=deed, household=household), None, False, False, None)
    return way_of(OwnDeed(deed, (share,), ()), household)


def verifiers_of(deed: Deed, household: Household) -> Verifiers:
    """Say who verifies a deed's share of a household: the office that is named, or the nearest that may.

    Whoever is of the household, near to it, or brought the deed, is left out; where nobody is left of those who are
    named, whoever verifies by an office at the judging unit or above does it for them (`vouching`).
    """
    roles, register = Roles(), Register()
    role = roles.verifier(deed.indicator.item.verified_by)
    held = _able(deed, household)
    named = [each for each in held if role is None or role.fits(each.office, each.level)]
    standing_in = [each for each in held if deed.unit.path.startswith(each.path)]
    able = named or standing_in
    if not able:
        return Verifiers(role.name if role else str(Office.GRID_LEADER.label), ())
    nearest = max(able, key=lambda each: len(each.path))
    names = [each.name for each in able if (each.office, each.path) == (nearest.office, nearest.path)]
    return Verifiers(register.title(nearest.office, nearest.level), tuple(dict.fromkeys(names)))


@dataclass(frozen=True)
class _Holder:
    office: Office
    level: Level
    path: str
    name: str


def _able(deed: Deed, household: Household) -> list[_Holder]:
    """Give who holds an office that verifies over a household, and need not leave it to others."""
    lasting = Q(unit__until=None) | Q(unit__until__gte=clock.today())
    held = list(
        Appointment.objects.filter(
            in_force(),
            lasting,
            office__in=offices_that_grant(Act.VERIFY_DEEDS),
            unit__path__in=paths_to(household.unit),
        )
        .select_related("unit", "user")
        .order_by("-unit__path", "id")
    )
    near = households_near_users({each.user_id for each in held})
    return [
        _Holder(Office(each.office), Level(each.unit.level), each.unit.path, each.user.name)
        for each in held
        if household.pk not in near.get(each.user_id, ())
        and not brought_by(Actor.user(each.user_id), deed, near.get(each.user_id, set()))
    ]


def _verify_step(own: OwnDeed, household: Household) -> Step:
    vouched = [each.share.verified_by for each in own.shares]
    if all(vouched) and own.deed.state != DeedState.RETURNED:
        act = own.last(DeedAct.VERIFY, "bring")
        day = clock.local_day(act.at) if act else own.brought_on
        names = dict.fromkeys(user.name for user in vouched if user)
        return Step(StepName.VERIFY, True, day, title="", names=tuple(names))
    who = verifiers_of(own.deed, household)
    return Step(StepName.VERIFY, False, own.brought_on + VERIFY_WITHIN, title=who.title, names=who.names)


def _decide_step(own: OwnDeed, rules: ScoringRules, *, verified: Step) -> tuple[Step, Period]:
    """Give the step, and the period on whose notice it will stand: as decided or called, or by the meeting's day."""
    decisions = [
        decision for each in own.shares if (decision := getattr(each.share, "decision", None)) is not None
    ]
    if decisions and len(decisions) == len(own.shares):
        last = max(decisions, key=lambda decision: decision.decided_at)
        day = last.meeting.held_on if last.meeting else clock.local_day(last.decided_at)
        return Step(StepName.DECIDE, True, day, is_fixed=True), Period.parse(last.period)
    called = _called(own.deed.unit) if verified.done else None  # what is not verified may miss it
    if called:
        return Step(StepName.DECIDE, False, called.day, is_fixed=True), Period.parse(called.period)
    rhythm = Rhythm(rules.scored)
    due = meeting_due(own.brought_on, rhythm)
    if not verified.done and verified.day and due < verified.day:
        due = meeting_due(verified.day, rhythm)
    if due < clock.today():  # it was carried on to the next meeting
        due = meeting_due(clock.today(), rhythm)
    month = Period.of(due)
    period = month if rhythm is Rhythm.WEEK else Period.of(month.first - timedelta(days=1))
    return Step(StepName.DECIDE, False, due), period


def _called(unit: Unit) -> Call | None:
    """Give the committee's next meeting that is called."""
    waiting = Call.objects.filter(unit=unit, body=Body.EVALUATION, cancelled_at=None, meeting=None)
    return waiting.filter(day__gte=clock.today()).order_by("day", "id").first()


def _confirm_step(own: OwnDeed, period: Period) -> Step:
    found = [
        confirmation
        for each in own.shares
        if (confirmation := getattr(getattr(each.share, "decision", None), "confirmation", None)) is not None
    ]
    if found and len(found) == len(own.shares):
        return Step(StepName.CONFIRM, True, clock.local_day(max(each.recorded_at for each in found)))
    return Step(StepName.CONFIRM, False, assembly_due(period))
