"""Two months in the example's village, with what the example leaves out: objections, corrections, and all that a
ledger can live through besides (tests/auditor/life.py), sealed day by day.

After them September is settled and partly spent. Of October, whose notice was hung on 2026-11-01: one line was held
and released, one was corrected by a second edition, one household's total is objected to still. What was posted
in November no seal holds yet.
"""

from datetime import date, timedelta
from functools import cache

from django_tenants.utils import schema_context

from tests.auditor.life import Life
from tests.cast import found
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.people.queries import household_by_number
from xiangyue.scoring.models import NoticeLine, NoticeTotal, Objection
from xiangyue.scoring.operations.objections import dismiss_objection, lodge_objection, uphold_objection
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.queries import current_lines, notice_of, total_of
from xiangyue.setup import example
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.queries import user_by_login

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
HUNG = date(2026, 11, 1)
SETTLED = HUNG + timedelta(days=7)
END = SETTLED + timedelta(days=1)
RELEASED, CORRECTED, DISPUTED = "018", "004", "052"  # households, by what happens to them in October
OTHERS = ("038", "049")  # of whom tests of other rooms count the lines


@cache
def lived_through() -> Jurisdiction:
    """Found a county and take its village through both months, for good; once for all tests of a worker."""
    with clock.as_of(SEPTEMBER.first):
        county = found("twomonths")
    with schema_context(county.schema_name):
        village = Unit.objects.get(code=example.VILLAGE)
        with clock.as_of(SEPTEMBER.first):
            example._people_and_rules(village)
        example._judge(village, SEPTEMBER, meets_on=OCTOBER.first)
        example._notice(village, SEPTEMBER, on=date(2026, 10, 2))
        example._settle(village, on=date(2026, 10, 8))
        example._redeem(village, on=date(2026, 10, 10))
        Life(village, leave_alone=(RELEASED, CORRECTED, DISPUTED, *OTHERS)).live()
        example._judge(village, OCTOBER, meets_on=HUNG)
        example._notice(village, OCTOBER, on=HUNG)
        _object_and_settle(village)
    return county


def _object_and_settle(village: Unit) -> None:
    supervisor, secretary = actor("竹有节"), actor("柳成荫")
    with clock.as_of(HUNG + timedelta(days=1)):
        dismissed = _object(village, first_line(village, RELEASED), RELEASED)
        corrected = first_line(village, CORRECTED)
        upheld = _object(village, corrected, CORRECTED)
        _object(village, total_of(notice_of(village, OCTOBER), DISPUTED), DISPUTED)
        uphold_objection(
            actor=supervisor,
            objection_id=upheld.pk,
            answer="记少了",
            corrections={corrected.number: corrected.points + 500},
        )
    with clock.as_of(SETTLED):
        settle_due(actor=secretary, unit_id=village.pk)
        dismiss_objection(actor=supervisor, objection_id=dismissed.pk, answer="查过了，没有记错")
        settle_due(actor=secretary, unit_id=village.pk)


def _object(village: Unit, target: NoticeLine | NoticeTotal, number: str) -> Objection:
    household = household_by_number(village=village, number=number)
    return lodge_objection(
        actor=Actor.card(household.pk),
        target=target,
        household_id=household.pk,
        text="不对",
        key=f"no:{number}",
    )


def first_line(village: Unit, number: str, period: Period = OCTOBER) -> NoticeLine:
    """Give a household's first line that stands in a period's notice."""
    return current_lines(notice_of(village, period)).filter(household__number=number)[0]


def actor(login: str) -> Actor:
    return Actor.user(user_by_login(login).pk)
