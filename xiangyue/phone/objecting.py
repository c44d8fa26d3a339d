"""What a household can object to, in words: its own lines on notice, and its total of the month."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from xiangyue.insight.passbook import line_name, passbook
from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household
from xiangyue.scoring.models import NoticeLine, NoticeTotal, Objection
from xiangyue.scoring.queries import newest_notices


@dataclass(frozen=True)
class Option:
    """Something that can be objected to until a day. points: signed centipoints. where: 第10期第58条."""

    target: NoticeLine | NoticeTotal
    title: str
    detail: str
    points: int
    deadline: date
    where: str = ""

    @property
    def value(self) -> str:
        """How the form names it; only a household's own options are ever looked up by it."""
        kind = "line" if isinstance(self.target, NoticeLine) else "total"
        return f"{kind}-{self.target.pk}"


def options_of(household: Household) -> list[Option]:
    """Give what the household can object to today, single lines first; a total as long as all its lines are open."""
    today = clock.today()
    lines = [
        Option(
            pending.line,
            pending.title,
            pending.detail,
            pending.points,
            pending.line.deadline,
            line_name(pending.line),
        )
        for pending in passbook(household).pending
        if pending.line.deadline >= today and not pending.held
    ]
    lapsed = NoticeLine.objects.filter(
        household=household,
        replacement=None,
        deadline__lt=today,
        sheet__notice__unit=OuterRef("sheet__notice__unit"),
        sheet__notice__period=OuterRef("sheet__notice__period"),
    )
    totals = NoticeTotal.objects.filter(
        ~Exists(lapsed),
        household=household,
        sheet__notice__in=newest_notices(household.village),
        sheet__deadline__gte=today,
    ).select_related("sheet__notice")
    return lines + [
        Option(
            total,
            _("%(month)s月合计") % {"month": Period.parse(total.sheet.notice.period).month},
            _("整个月的都不对，或者漏了该记的"),
            total.net,
            total.sheet.deadline,
        )
        for total in totals
    ]


def form_key(household: Household, number: str) -> str:
    """Give the key of what a form with its own number is to lodge, so that sending it twice counts once.

    A number that we did not draw counts as a new form's.
    """
    try:
        own = UUID(number)
    except ValueError:
        own = public_id()
    return f"page:{household.pk}:{own}"


def lodged_already(household: Household, key: str) -> Objection | None:
    """Give what a form has lodged before; its target is no option any more by then."""
    return Objection.objects.filter(household=household, key=key).first()
