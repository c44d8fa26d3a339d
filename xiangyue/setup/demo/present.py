"""The present month of the demo, as everyone finds it: half of it reviewed, and something waiting for everyone.

A notice hangs since yesterday, an objection to it waits, a supervisor holds a line of it; an urgent good deed hangs
out by itself; an inspection round is half way; deeds wait to be vouched for, one was returned, others wait for the
meeting.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count

from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.kernel import clock
from xiangyue.people.models import Body
from xiangyue.people.offices import Office
from xiangyue.people.person import households_near
from xiangyue.scoring.models import Deed, DeedState, Share, Source, Verdict
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.review import return_deed, verifiable_by, verify_deeds
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.operations.supervising import remark
from xiangyue.scoring.queries import confirms_by_assembly, current_lines, decidable_by, notice_of
from xiangyue.setup.demo.days import DAY
from xiangyue.setup.demo.month import UnitMonth
from xiangyue.setup.demo.picture import NAME, picture
from xiangyue.setup.demo.saying import given_for, subject_of

URGENT_NUMBER: Final = 90  # of the meeting that decides the urgent deed
URGENT: Final = "下大雨的夜里，把困在河滩上的人背了回来"
WHY_URGENT: Final = "救人的好事，大家都等着看到"
WHY_RETURNED: Final = "请补一张照片，写清楚在哪一段路"
DOUBT: Final = "值班表上少一个签名，请村里查一下"


@dataclass(frozen=True)
class Present:
    """A judging unit's present month and the one before it, whose notice is open. shows: has everything to show.

    Others have only the deeds that wait.
    """

    month: UnitMonth
    before: UnitMonth
    today: date
    shows: bool

    def arrange(self) -> None:
        """Bring the month to where it is today, after all that the rhythm has done of it."""
        with clock.as_of(self.today):
            self._bring_the_rest()
            if not self.shows:
                return
            self._return_one()
            if self.month.customs.inspected:
                self.month.rounds().begun(self.today)
            self._hang_urgent(self._urgent())
            self._hold_a_line()

    def _bring_the_rest(self) -> None:
        """Bring what was done since deeds were brought last; half of it has been vouched for."""
        brought = [day for each in self.month.days.rounds for day in each.brought if day <= self.today]
        first = max(brought) + DAY if brought else self.month.days.first
        self.month.bring(first, self.today, verified=False)
        leader = self.month.vouchers()[0]
        deed_ids = verifiable_by(leader, self.month.unit)[1::2]
        if deed_ids:
            verify_deeds(actor=leader, deed_ids=deed_ids)

    def _return_one(self) -> None:
        """Send one deed back, for something that is missing."""
        waiting = Deed.objects.filter(unit=self.month.unit, state=DeedState.SUBMITTED).annotate(
            households=Count("shares")
        )
        for deed in waiting.filter(households=1).order_by("id"):
            for actor in self.month.vouchers():
                if deed.pk in verifiable_by(actor, self.month.unit):
                    return_deed(actor=actor, deed_id=deed.pk, reason=WHY_RETURNED)
                    return

    def _urgent(self) -> Share:
        """Bring, verify and decide the good deed that can't wait."""
        month, cast = self.month, self.month.cast()
        indicator = find_indicator(rules_in_force(month.unit, self.today), month.customs.urgent)
        near = households_near(month.secretary())
        members = ((home, cast.members.get(home.pk, [])) for home in cast.households if home.pk not in near)
        home, doer = next(
            (home, doer)
            for home, people in members
            if (doer := subject_of(indicator, people, self.today.year, month.chance)) and not doer.user_id
        )
        share = NewShare(home, doer, given_for(indicator, None, 0.5, month.chance))
        new = NewDeed(f"{month.name}:urgent", indicator, self.today, (share,), URGENT)
        clerk = cast.one(Office.INFORMATION_ADMINISTRATOR)
        (deed,) = bring_deeds(actor=clerk, deeds=[new], source=Source.SHEET, evidence=[(NAME, picture())])
        for actor in month.vouchers():
            if deed.pk in verifiable_by(actor, month.unit):
                verify_deeds(actor=actor, deed_ids=[deed.pk])
        share_row = deed.shares.get()
        self._decide(share_row)
        return share_row

    def _decide(self, share: Share) -> None:
        meeting, present = self.month.hold(Body.EVALUATION, self.today, URGENT_NUMBER)
        recorder = next(each for each in present if share.pk in decidable_by(each, self.month.unit))
        ruling = Ruling(share.pk, Verdict.APPROVE)
        decide_deeds(actor=recorder, meeting_id=meeting.pk, rulings=[ruling])
        if confirms_by_assembly():
            self.month.confirm(self.today, URGENT_NUMBER, doubted=0)

    def _hang_urgent(self, share: Share) -> None:
        issue_special(
            actor=self.month.secretary(),
            unit_id=self.month.unit.pk,
            period=self.month.period,
            share_ids=[share.pk],
            reason=WHY_URGENT,
        )

    def _hold_a_line(self) -> None:
        """Let a supervisor hold one line of the open notice until it is answered."""
        lines = current_lines(notice_of(self.before.unit, self.before.period)).filter(points__gt=0)
        supervisor = self.before.cast().all(Office.SUPERVISOR)[0]
        near = households_near(supervisor)
        line = next(each for each in lines if each.household_id not in near)
        remark(
            actor=supervisor,
            share_id=line.share_id,
            text=DOUBT,
            holds=True,
            key=f"{self.before.name}:remark",
        )
