"""Each of the five jurisdictions runs its own rhythm over a quarter: one judging unit of fourteen households."""

import pytest
from django.db.models import Count

from tests.rhythm.conftest import Founding
from tests.rhythm.lives import holds_its_rhythm, meetings, sundays
from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Appointment, Body, Household, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import Attendance, Confirmation, Deed, NoticeLine, Share, Source
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.source_refusals import DeductionsElsewhere
from xiangyue.setup.demo.cast import cast_of

pytestmark = pytest.mark.slow

JULY, AUGUST, SEPTEMBER = Period(2026, 7), Period(2026, 8), Period(2026, 9)


def holders(office: Office, unit: Unit) -> set[int]:
    return set(Appointment.objects.filter(office=office, unit=unit).values_list("user_id", flat=True))


def test_cangcheng_scores_weekly_notices_monthly_and_redeems_at_the_quarters_end(founding: Founding) -> None:
    lived = founding.settled("cangcheng", first=JULY, months=3)
    with lived.inside() as unit:
        lived.live()
        holds_its_rhythm(lived, unit)
        for period in (JULY, AUGUST, SEPTEMBER):
            held = meetings(unit, period)
            assert [meeting.held_on for meeting in held] == sundays(period)
            assert [meeting.round for meeting in held] == list(range(1, len(held) + 1))
        assert not meetings(unit, JULY, Body.ASSEMBLY)
        days = set(Order.objects.values_list("sold_on", flat=True))
        assert days
        assert all(day in SEPTEMBER and day.day > 20 for day in days)


def test_guyuan_confirms_weekly_rounds_in_the_assembly_before_the_months_notice(founding: Founding) -> None:
    lived = founding.settled("guyuan", first=JULY, months=3)
    with lived.inside() as unit:
        lived.live()
        holds_its_rhythm(lived, unit)
        for period in (JULY, AUGUST, SEPTEMBER):
            assert [meeting.held_on for meeting in meetings(unit, period)] == sundays(period)
            (assembly,) = meetings(unit, period, Body.ASSEMBLY)
            assert sundays(period)[-1] < assembly.held_on <= period.next().first.replace(day=3)
            voters = set(assembly.attendances.filter(observes=False).values_list("user_id", flat=True))
            assert voters <= holders(Office.COUNCIL_MEMBER, unit)
        hung = NoticeLine.objects.values("share")
        assert Confirmation.objects.filter(decision__share__in=hung, is_confirmed=False).count() == 0
        confirmed = Confirmation.objects.filter(is_confirmed=True).values_list("decision__share", flat=True)
        assert set(confirmed) == set(NoticeLine.objects.values_list("share", flat=True))


def test_changshan_audits_by_the_village_grid_leader_and_deducts_through_nobody_else(
    founding: Founding,
) -> None:
    lived = founding.settled("changshan", first=JULY, months=3)
    with lived.inside() as unit:
        lived.live()
        holds_its_rhythm(lived, unit)
        leaders = holders(Office.GRID_LEADER, unit)
        clerks = holders(Office.INFORMATION_ADMINISTRATOR, unit)
        assert set(Share.objects.values_list("verified_by", flat=True)) <= leaders
        reported = Deed.objects.filter(source=Source.GROUP)
        assert set(reported.values_list("brought_by_id", flat=True)) == clerks
        deducted = Deed.objects.filter(shares__points__lt=0)
        assert set() < set(deducted.values_list("brought_by_id", flat=True)) <= leaders
        assert [len(meetings(unit, period)) for period in lived.life.periods] == [1, 1, 1]
        with clock.as_of(lived.after()), pytest.raises(DeductionsElsewhere):
            deduct_by_the_micro_grid(unit)


def deduct_by_the_micro_grid(unit: Unit) -> None:
    """A micro-grid leader records a deduction."""
    leader, homes = next(iter(cast_of(unit).leaders().items()))
    indicator = find_indicator(rules_in_force(unit, clock.today()), "11.2")
    deed = NewDeed("micro", indicator, clock.today(), (NewShare(homes[0]),), "门前")
    bring_deeds(actor=leader, deeds=[deed], source=Source.LEADER)


def test_xihaians_grid_villages_judge_and_neighbours_recommend(founding: Founding) -> None:
    lived = founding.settled("xihaian", first=JULY, months=3)
    with lived.inside() as unit:
        assert unit.level == Level.GRID_VILLAGE
        lived.live()
        holds_its_rhythm(lived, unit)
        assert set(Deed.objects.values_list("unit", flat=True)) == {unit.pk}
        assert set(Household.objects.values_list("village__level", flat=True)) == {Level.VILLAGE}
        for period in (JULY, AUGUST, SEPTEMBER):
            (meeting,) = meetings(unit, period)
            voters = set(meeting.attendances.filter(observes=False).values_list("user_id", flat=True))
            assert voters <= holders(Office.COMMITTEE_MEMBER, unit)
        sources = set(Deed.objects.values_list("source", flat=True))
        assert {Source.SELF, Source.NEIGHBOUR, Source.LEADER, Source.INSPECTION} <= sources


def test_qingchengs_cadres_record_what_many_do_and_notables_watch(founding: Founding) -> None:
    lived = founding.settled("qingcheng", first=JULY, months=3)
    with lived.inside() as unit:
        lived.live()
        holds_its_rhythm(lived, unit)
        recorded = Deed.objects.filter(source=Source.CADRE).annotate(households=Count("shares__household"))
        assert recorded.filter(households__gte=3).count() >= 3
        for period in (JULY, AUGUST, SEPTEMBER):
            (meeting,) = meetings(unit, period)
            assert meeting.held_on == period.next().first.replace(day=3)
            watching = Attendance.objects.filter(meeting=meeting, observes=True)
            assert set(watching.values_list("user_id", flat=True)) & holders(Office.SUPERVISOR, unit)
        months = {Period.of(day) for day in Order.objects.values_list("sold_on", flat=True)}
        assert len(months) > 1  # whenever there are points
