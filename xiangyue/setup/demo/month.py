"""One judging unit's month, by the operations that everyone uses: bring, verify, meet, confirm, hang out, settle.

Each step happens on its day, as whoever's step it is.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Final

from xiangyue.catalogue.rules.worth import Range
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT
from xiangyue.people.models import Body, Unit
from xiangyue.people.offices import Office
from xiangyue.people.person import households_near
from xiangyue.scoring.models import Deed, DeedState, Meeting, Rhythm, ScoringRules, Share, Source, Verdict
from xiangyue.scoring.operations.bringing import NewDeed, bring_deeds, withdraw_deed
from xiangyue.scoring.operations.calling import call_meeting
from xiangyue.scoring.operations.confirming import Refused, confirm_decisions
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.review import verifiable_by, verify_deeds
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.permissions import is_recused
from xiangyue.scoring.proofs import lacking
from xiangyue.scoring.queries import (
    confirms_by_assembly,
    decidable_by,
    notice_of,
    shares_in_state,
    unconfirmed,
)
from xiangyue.setup.demo.cast import Cast, cast_of
from xiangyue.setup.demo.customs import CUSTOMS
from xiangyue.setup.demo.days import DAY, Days
from xiangyue.setup.demo.deeds import Month, Planned
from xiangyue.setup.demo.doubts import Doubts
from xiangyue.setup.demo.picture import NAME, picture
from xiangyue.setup.demo.places import Place
from xiangyue.setup.demo.planted import Bias
from xiangyue.setup.demo.rounds import Rounds

INSPECTED: Final = 3  # in every so many months there is an inspection round
CALLED: Final = 3 * DAY  # before a meeting
REJECTED, ADJUSTED, AGAINST, UNCONFIRMED = 0.012, 0.02, 0.05, 0.004  # of shares
WHY_REJECTED: Final = ("签到表上没有名字", "和上一件是同一回事", "证明材料看不清，没有补上")
WHY_ADJUSTED: Final = "和同样的事比了比，大家定的"
WHY_UNCONFIRMED: Final = "代表们说没有这回事，先不给分"


@dataclass(frozen=True)
class Step:
    """Something that somebody does on a day."""

    day: date
    do: Callable[[], None]


@dataclass
class UnitMonth:
    """A judging unit's way through one period. at: how far the demo's months have gone, from 0 to 1.

    hangs_on: the day of the notice, where it is not the usual one.
    """

    place: Place
    unit: Unit
    period: Period
    seed: int
    at: float = 0.0
    hangs_on: date | None = None
    days: Days = field(init=False)
    _casts: dict[date, Cast] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        rules = ScoringRules.objects.get()
        self.days = Days(self.period, rules.scored == Rhythm.WEEK, self.hangs_on)
        self.notice_days = rules.notice_days
        self.chance = random.Random(f"{self.seed} {self.unit.code} {self.period} way")  # noqa: S311 - a demo
        shows = next(each.shows for each in self.place.villages if self.unit.code.startswith(each.code))
        self.bias = Bias(shows, self.at)
        self.customs = CUSTOMS[self.place.preset]
        self.name = f"demo:{self.unit.code}:{self.period}"

    def steps(self) -> Iterator[Step]:
        """Give what is done for the period, each on its day."""
        days = self.days
        for number, each in enumerate(days.rounds, start=1):
            if not days.weekly:  # else everybody knows when it is
                yield Step(each.meets - CALLED, partial(self.call, Body.EVALUATION, each.meets, number))
            since = each.first
            for day in each.brought:
                yield Step(day, partial(self.bring, since, day))
                since = day + DAY
            yield Step(each.meets, partial(self.meet, each.meets, number))
        if self.customs.inspected and not self.period.month % INSPECTED:
            yield Step(days.inspection, partial(self.rounds().whole, days.inspection))
        if confirms_by_assembly():
            yield Step(days.assembly - CALLED, partial(self.call, Body.ASSEMBLY, days.assembly, 1))
            yield Step(days.assembly, partial(self.confirm, days.assembly))
        yield Step(days.notice, self.publish)
        yield Step(days.notice + DAY, self.object)
        yield Step(days.notice + 2 * DAY, self.answer)
        # The lines of a correction hang as long as the first ones did.
        for day in (days.notice + self.notice_days * DAY, days.notice + (2 * self.notice_days + 1) * DAY):
            yield Step(day, self.settle)

    def cast(self) -> Cast:
        """Give who acts in the unit today; read once a day."""
        today = clock.today()
        if today not in self._casts:
            self._casts = {today: cast_of(self.unit)}
        return self._casts[today]

    @cached_property
    def planned(self) -> list[Planned]:
        """What is brought for the period."""
        customs, days = CUSTOMS[self.place.preset], self.days
        month = Month(self.cast(), customs, self.bias, days.first, days.last, str(self.period), self.seed)
        return month.deeds()

    def rounds(self) -> Rounds:
        """Give the unit's inspection rounds of this month."""
        return Rounds(self.cast(), self.customs.inspected, self.bias, self.name, self.chance)

    def call(self, body: Body, on: date, number: int) -> None:
        """Call a body to a meeting."""
        call_meeting(
            actor=self.secretary(),
            unit_id=self.unit.pk,
            period=self.period,
            day=on,
            body=body,
            place="村委会",
            key=f"{self.name}:{body}:{number}",
        )

    def bring(self, first: date, last: date, *, verified: bool = True) -> None:
        """Bring what was done on some days, everyone theirs, and let those vouch whose step it is."""
        by: dict[tuple[Source, Actor, bool], list[NewDeed]] = {}
        for each in self.planned:
            if first <= each.deed.day <= last:
                item = each.deed.indicator.item
                shows = bool(lacking(item, (), each.deed.description))
                by.setdefault((each.source, each.actor, shows), []).append(each.deed)
        for (source, actor, shows), deeds in by.items():
            evidence = [(NAME, picture())] if shows else []
            bring_deeds(actor=actor, deeds=deeds, source=source, evidence=evidence)
        if verified:
            self.verify()

    def verify(self) -> None:
        """Let the leaders vouch, and the secretary for what is left, the leaders' own.

        What concerns all of them, as when the leader's family recommends the secretary's, is taken back.
        """
        for actor in self.vouchers():
            deed_ids = verifiable_by(actor, self.unit)
            if deed_ids:
                verify_deeds(actor=actor, deed_ids=deed_ids)
        for deed in Deed.objects.filter(unit=self.unit, state=DeedState.SUBMITTED).order_by("id"):
            bringer = Actor(ActorKind(deed.brought_by_kind), deed.brought_by_id)
            withdraw_deed(actor=bringer, deed_id=deed.pk, reason="村里能核实的人都要回避")

    def vouchers(self) -> list[Actor]:
        """Give those whose step it is to vouch, in their order."""
        cast = self.cast()
        return list(dict.fromkeys([*cast.own_leaders(), *cast.leaders(), cast.one(Office.VILLAGE_SECRETARY)]))

    def meet(self, on: date, number: int) -> None:
        """Hold the committee's meeting, and decide all that waits for it."""
        meeting, present = self.hold(Body.EVALUATION, on, number)
        waiting = shares_in_state(self.unit, DeedState.VERIFIED).filter(decision=None)
        for actor in present:  # the next one decides what this one has to leave to others
            if waiting.exists():
                self._decide(actor, meeting, len(present))

    def confirm(self, on: date, number: int = 1, doubted: float = UNCONFIRMED) -> None:
        """Let the assembly confirm what was decided. doubted: how much of it is not confirmed."""
        meeting, present = self.hold(Body.ASSEMBLY, on, number)
        for place, actor in enumerate(present):
            near = households_near(actor)
            waiting = [
                each.share
                for each in unconfirmed(self.unit, self.period)
                if not is_recused(actor, each.share, near)
            ]
            doubtful = [each for each in waiting if not place and self.chance.random() < doubted]
            refusals = [Refused(share.pk, WHY_UNCONFIRMED) for share in doubtful]
            if waiting:
                confirm_decisions(actor=actor, meeting_id=meeting.pk, refusals=refusals)

    def publish(self) -> None:
        """Hang the period's notice out."""
        issue_notice(actor=self.secretary(), unit_id=self.unit.pk, period=self.period)

    def object(self) -> None:
        """Let households object."""
        Doubts(self.cast(), notice_of(self.unit, self.period), self.name, self.chance).lodge()

    def answer(self) -> None:
        """Let supervisors answer all objections to the notice."""
        Doubts(self.cast(), notice_of(self.unit, self.period), self.name, self.chance).answer()

    def settle(self) -> None:
        """Post what is due."""
        settle_due(actor=self.secretary(), unit_id=self.unit.pk)

    def secretary(self) -> Actor:
        """Give who calls meetings and hangs notices out."""
        return self.cast().one(Office.VILLAGE_SECRETARY)

    def hold(self, body: Body, on: date, number: int) -> tuple[Meeting, list[Actor]]:
        """Open the record of a body's meeting; give it with those who came."""
        cast = self.cast()
        office = Office.COMMITTEE_MEMBER if body is Body.EVALUATION else Office.COUNCIL_MEMBER
        present = self._present(cast.all(office, body))
        meeting = hold_meeting(
            actor=cast.one(Office.VILLAGE_SECRETARY),
            unit_id=self.unit.pk,
            period=self.period,
            held_on=on,
            attendee_ids=[each.id for each in present],
            observer_ids=[cast.all(Office.SUPERVISOR)[0].id],
            body=body,
            minutes=("会议记录.txt", f"{self.unit.name}　{on}　到会{len(present)}人".encode()),
            key=f"{self.name}:{body}:{number}",
        )
        return meeting, present

    def _present(self, members: Sequence[Actor]) -> list[Actor]:
        """Draw who comes: at least a quorum, mostly more."""
        least = -(-len(members) * ScoringRules.objects.get().quorum_percent // 100)
        count = self.chance.randint(least, len(members))
        return [members[place] for place in sorted(self.chance.sample(range(len(members)), count))]

    def _decide(self, actor: Actor, meeting: Meeting, present: int) -> None:
        share_ids = decidable_by(actor, self.unit)
        if not share_ids:
            return
        shares = Share.objects.select_related("deed__indicator__category", "deed__indicator__catalogue")
        found = shares.in_bulk(share_ids)
        rulings = [self._ruling(found[share_id], present) for share_id in share_ids]
        decide_deeds(actor=actor, meeting_id=meeting.pk, rulings=rulings)

    def _ruling(self, share: Share, present: int) -> Ruling:
        fate = self.chance.random()
        if fate < REJECTED:
            why = self.chance.choice(WHY_REJECTED)
            return Ruling(share.pk, Verdict.REJECT, reason=why, votes_against=0)
        adjusts = fate < REJECTED + ADJUSTED and bool(share.proposed)
        worth = share.deed.indicator.item.worth if adjusts else None
        if isinstance(worth, Range) and share.proposed:
            points = max(worth.low, share.proposed - CENTIPOINTS_PER_POINT)
            if points != share.proposed:
                return Ruling(share.pk, Verdict.ADJUST, points=points, reason=WHY_ADJUSTED)
        against = int(present >= 5 and self.chance.random() < AGAINST)
        return Ruling(share.pk, Verdict.APPROVE, votes_against=against)
