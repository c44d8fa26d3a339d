"""Objecting, in words: what a household can object to, and how far what it objected to has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.insight.passbook import line_name, passbook
from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household
from xiangyue.scoring.instances import ORDER, instance_on, is_overdue
from xiangyue.scoring.models import (
    Instance,
    Notice,
    NoticeLine,
    NoticeTotal,
    Objection,
    ObjectionState,
    ObjectionWay,
)
from xiangyue.scoring.objection_queries import corrections_of
from xiangyue.scoring.operations.objections import Target
from xiangyue.scoring.queries import newest_notices, same_family

KINDS: Mapping[type[Target], str] = {NoticeLine: "line", NoticeTotal: "total", Notice: "notice"}
BADGES = {ObjectionState.OPEN: "gold", ObjectionState.UPHELD: "green", ObjectionState.DISMISSED: ""}


@dataclass(frozen=True)
class Option:
    """Something that can be objected to until a day. points: signed centipoints, None for a whole notice.

    where: 第10期第58条.
    """

    target: Target
    title: str
    detail: str
    points: int | None
    deadline: date
    where: str = ""

    @property
    def value(self) -> str:
        """How the form names it; only a household's own options are ever looked up by it."""
        return f"{KINDS[type(self.target)]}-{self.target.pk}"


def options_of(household: Household) -> list[Option]:
    """Give what the household can object to today: its lines, then its totals, then whole notices.

    Totals and notices as long as all their lines are open. What it objects to already is left out.
    """
    objections = Objection.objects.filter(household=household, state=ObjectionState.OPEN)
    lodged = list(objections.select_related("sheet__notice", "line", "total").order_by("id"))
    options = [*_lines(household), *_totals(household), *_notices(household)]
    taken = {_about(_target(one), one.sheet.notice) for one in lodged}
    return [option for option in options if _about(option.target, _notice_of(option.target)) not in taken]


def _lines(household: Household) -> Iterator[Option]:
    for pending in passbook(household).pending:
        if pending.line.deadline >= clock.today():
            where = line_name(pending.line)
            yield Option(
                pending.line, pending.title, pending.detail, pending.points, pending.line.deadline, where
            )


def _totals(household: Household) -> Iterator[Option]:
    today = clock.today()
    lapsed = NoticeLine.objects.filter(
        same_family("sheet__notice__", "sheet__notice__"),
        household=household,
        replacement=None,
        deadline__lt=today,
    )
    totals = NoticeTotal.objects.filter(
        ~Exists(lapsed),
        household=household,
        sheet__notice__in=newest_notices(household.village),
        sheet__deadline__gte=today,
    ).select_related("sheet__notice")
    for total in totals:
        title = _("%(month)s月合计") % {"month": Period.parse(total.sheet.notice.period).month}
        detail = _("整个月的都不对，或者漏了该记的")
        yield Option(total, title, detail, total.net, total.sheet.deadline)


def _notices(household: Household) -> Iterator[Option]:
    """Give the notices on which the household stands itself: of its own grid village, where there are several."""
    today = clock.today()
    own = NoticeTotal.objects.filter(sheet__notice=OuterRef("pk"), household=household)
    for notice in newest_notices(household.village).filter(Exists(own), deadline__gte=today):
        facts = {"month": Period.parse(notice.period).month, "special": notice.special}
        title = _("%(month)s月整期公示") if not notice.special else _("%(month)s月第%(special)s次专项公示")
        detail = _("不是哪一户的事，是整个榜有问题；监督小组先看要不要受理")
        yield Option(notice, title % facts, detail, None, notice.deadline)


def _target(objection: Objection) -> Target:
    return objection.line or objection.total or objection.sheet.notice


def _notice_of(target: Target) -> Notice:
    return target if isinstance(target, Notice) else target.sheet.notice


def _about(target: Target, notice: Notice) -> tuple[int, str, int, str, int]:
    """Name what is objected to, the same in all editions."""
    number = 0
    if isinstance(target, NoticeLine):
        number = target.number
    elif isinstance(target, NoticeTotal):
        number = target.household_id
    return (notice.unit_id, notice.period, notice.special, KINDS[type(target)], number)


def objections_in_progress(household: Household) -> list[dict[str, str]]:
    """Give the household's open objections as lines of its first page: who has to answer, and until when."""
    found = Objection.objects.filter(household=household, state=ObjectionState.OPEN)
    related = ("line__share__deed__indicator", "total", "sheet__notice")
    return [
        {
            "title": _("异议：%(about)s") % {"about": title_of(each)},
            "detail": waits_for(each),
            "badge": each.get_state_display(),
            "badge_class": BADGES[ObjectionState(each.state)],
            "url": reverse("phone:objected", args=[each.public_id]),
        }
        for each in found.select_related(*related).order_by("-id")
    ]


def title_of(objection: Objection) -> str:
    """Name what is objected to: the matter, the month's total, or the whole notice."""
    if objection.line:
        return objection.line.share.deed.indicator.title
    return _("整个月的合计") if objection.total else _("整期公示")


def waits_for(objection: Objection) -> str:
    """Say who has to answer an open objection, and until when."""
    day = objection.answer_by
    facts = {
        "who": Instance(objection.instance).label,
        "next": instance_on(objection, clock.today()).label,
        "month": day.month,
        "day": day.day,
    }
    if is_overdue(objection, clock.today()):
        return _("%(who)s%(month)s月%(day)s日就该答复，还没有答复，可以去催") % facts
    if facts["next"] != facts["who"]:
        return _("%(who)s到%(month)s月%(day)s日没有答复，转给%(next)s") % facts
    return _("%(who)s%(month)s月%(day)s日以前答复") % facts


def progress_of(objection: Objection) -> dict[str, Any]:
    """Describe how far an objection has come, as `phone/object_done.html` documents it."""
    is_open = objection.state == ObjectionState.OPEN
    return {
        "about": title_of(objection),
        "text": objection.text,
        "is_open": is_open,
        "is_to_all": objection.is_to_all,
        "is_admitted": objection.admitted_at is not None,
        "is_named": objection.is_named,
        "on_behalf": "" if objection.way == ObjectionWay.CARD else objection.get_way_display(),
        "badge": objection.get_state_display(),
        "badge_class": BADGES[ObjectionState(objection.state)],
        "waits_for": waits_for(objection) if is_open else "",
        "steps": _steps(objection),
        "answer": objection.answer,
        "corrections": corrections_of([objection]).get(objection.pk, []),
    }


def _steps(objection: Objection) -> Sequence[Mapping[str, str]]:
    """Give the instances and where the objection stands: done, now or todo. A whole notice begins above the village."""
    order = ORDER[1:] if objection.is_to_all else ORDER
    is_open = objection.state == ObjectionState.OPEN
    now = order.index(instance_on(objection, clock.today()) if is_open else Instance(objection.instance))
    return [
        {
            "name": str(instance.label),
            "state": "done" if place < now else "todo" if place > now else "now" if is_open else "done",
        }
        for place, instance in enumerate(order)
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
