"""Who is told what of scoring's news (`messages.news`). A deduction's reason is read on the household's own page only.

What a message says are figures, days and titles of the catalogue; what people wrote to each other stands where it was
written, behind the page that the message leads to.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy

from xiangyue.kernel.actors import ActorKind
from xiangyue.messages import templates
from xiangyue.messages.news import News, tell
from xiangyue.messages.of_people import nearest_with
from xiangyue.messages.templates import FOR_FREE, Template, Words
from xiangyue.messages.words import day, month, signed
from xiangyue.people.models import Appointment, Body, Unit
from xiangyue.people.offices import Act, offices_that_grant
from xiangyue.people.queries import in_force, users_in_body
from xiangyue.scoring.instances import OFFICES
from xiangyue.scoring.models import (
    Call,
    Deed,
    DeedState,
    HeldLine,
    Instance,
    Notice,
    NoticeLine,
    NoticeTotal,
    Objection,
    ObjectionState,
    Remark,
    Reminder,
    Settlement,
    Source,
)
from xiangyue.scoring.rhythm import Matter

Payload = dict[str, Any]
DEEDS: Final = "deeds-turned-down"  # the topic that `states.advance` sends


def matter(code: str) -> str:
    """Say what is due."""
    return str(Matter(code).label)


def body(code: str) -> str:
    """Say who meets."""
    return str(Body(code).label)


def instance(code: str) -> str:
    """Say who has to answer."""
    return str(Instance(code).label)


POINTS: Final[Mapping[str, Words]] = {"points": signed, "until": day, "period": month}
TEMPLATES: Final = (
    Template(
        "deed-returned",
        gettext_lazy("有一件退回来了"),
        gettext_lazy("%(day)s的“%(title)s”退回来了，还要补充。缺什么，里面写着。"),
        {"day": day},
    ),
    Template(
        "deed-rejected",
        gettext_lazy("有一件没通过"),
        gettext_lazy("%(day)s的“%(title)s”没有通过。为什么，里面写着。"),
        {"day": day},
    ),
    Template(
        "notice-hung",
        gettext_lazy("您家的分张榜了"),
        gettext_lazy("%(period)s您家%(points)s分，正在公示。不对的话，%(until)s前可以提异议。"),
        POINTS,
        FOR_FREE,
    ),
    Template(
        "notice-hung-minus",
        gettext_lazy("您家的分张榜了"),
        gettext_lazy("%(period)s您家%(points)s分，里面有扣分，正在公示。不对的话，%(until)s前可以提异议。"),
        POINTS,
    ),
    Template(
        "line-corrected",
        gettext_lazy("榜上您家有一条改了"),
        gettext_lazy("第%(number)s条从%(before)s分改成%(points)s分。不对的话，%(until)s前可以提异议。"),
        {**POINTS, "before": signed},
    ),
    Template(
        "points-posted",
        gettext_lazy("积分入账了"),
        gettext_lazy("%(period)s的%(points)s分记进您家的账了。"),
        POINTS,
        FOR_FREE,
    ),
    Template(
        "objection-admitted",
        gettext_lazy("您提的异议受理了"),
        gettext_lazy("整张榜先不入账，等查清楚了答复您。"),
    ),
    Template(
        "objection-passed-on",
        gettext_lazy("您提的异议转上去了"),
        gettext_lazy("没有按时答复，转给%(instance)s了，%(until)s前答复您。"),
        {"instance": instance, "until": day},
    ),
    Template(
        "objection-upheld", gettext_lazy("您提的异议成立"), gettext_lazy("榜上改过了。怎么答复的，里面写着。")
    ),
    Template(
        "objection-dismissed", gettext_lazy("您提的异议有答复了"), gettext_lazy("没有改。为什么，里面写着。")
    ),
    Template(
        "objection-to-answer",
        gettext_lazy("有异议等您答复"),
        gettext_lazy("%(unit)s有%(count)s件异议，请在%(until)s前答复。"),
        {"until": day},
    ),
    Template(
        "remark-to-answer", gettext_lazy("有监督意见等您答复"), gettext_lazy("%(unit)s的监督员提了意见。")
    ),
    Template("remark-answered", gettext_lazy("您的监督意见有答复了"), gettext_lazy("怎么答复的，里面写着。")),
    Template(
        "meeting-called",
        gettext_lazy("请您来开会"),
        gettext_lazy("%(unit)s%(body)s%(day)s开会，议%(period)s的事。"),
        {"body": body, "day": day, "period": month},
    ),
    Template(
        "meeting-cancelled",
        gettext_lazy("会不开了"),
        gettext_lazy("%(unit)s%(body)s原定%(day)s的会不开了。"),
        {"body": body, "day": day, "period": month},
    ),
    Template(
        "due-soon",
        gettext_lazy("有一件事快到期了"),
        gettext_lazy("%(unit)s：%(matter)s，%(until)s到期。"),
        {"matter": matter, "until": day},
    ),
    Template(
        "overdue",
        gettext_lazy("有一件事过期了"),
        gettext_lazy("%(unit)s：%(matter)s，%(until)s就该办了。"),
        {"matter": matter, "until": day},
    ),
)

# Whose turn it is when something is due.
_ACTS: Final = {
    Matter.VERIFY: Act.VERIFY_DEEDS,
    Matter.MEETING: Act.HOLD_MEETINGS,
    Matter.ASSEMBLY: Act.HOLD_MEETINGS,
    Matter.NOTICE: Act.ISSUE_NOTICES,
    Matter.OBJECTION: Act.ANSWER_OBJECTIONS,
    Matter.REMARK: Act.ISSUE_NOTICES,
    Matter.SETTLE: Act.SETTLE,
}


def register() -> None:
    """Register the kinds of news, and who is told what of each topic."""
    templates.register(*TEMPLATES)
    tell(DEEDS, deeds_turned_down)
    tell("notice-issued", notice_issued)
    tell("notice-settled", notice_settled)
    tell("objection-lodged", objection_lodged)
    tell("objection-admitted", objection_admitted)
    tell("objections-escalated", objections_escalated)
    tell("objection-answered", objection_answered)
    tell("remark-made", remark_made)
    tell("remark-answered", remark_answered)
    tell("meeting-called", meeting_called)
    tell("meeting-cancelled", meeting_cancelled)
    tell("due", due)


def deeds_turned_down(payload: Payload) -> Iterator[News]:
    """Tell whoever brought them: the household, for its own and on its behalf; otherwise the person who did."""
    deeds = (
        Deed.objects.filter(id__in=payload["deeds"]).select_related("indicator").prefetch_related("shares")
    )
    template = "deed-returned" if payload["state"] == DeedState.RETURNED else "deed-rejected"
    for deed in deeds.order_by("id"):
        facts = {"deed": str(deed.public_id), "title": deed.indicator.title, "day": deed.day.isoformat()}
        about = f"deed:{deed.pk}"
        if deed.source == Source.SELF:
            for household in {share.household_id for share in deed.shares.all()}:
                yield News(template, facts, household=household, about=about)
        elif deed.brought_by_kind == ActorKind.CARD:
            yield News(template, facts, household=deed.brought_by_id, about=about)
        elif deed.brought_by_kind == ActorKind.USER:
            yield News(template, facts, user=deed.brought_by_id, about=about)


def notice_issued(payload: Payload) -> Iterator[News]:
    """Tell each household that something of it hangs: its total, or in a later edition each line that was changed."""
    notice = Notice.objects.get(id=payload["notice"])
    return _lines_corrected(notice) if notice.edition > 1 else _totals_hung(notice)


def _totals_hung(notice: Notice) -> Iterator[News]:
    totals = NoticeTotal.objects.filter(sheet__notice=notice).exclude(plus=0, minus=0)
    rows = totals.values_list("household_id", "plus", "minus", "sheet__deadline", "sheet__position")
    for household, plus, minus, deadline, position in rows.order_by("id"):
        facts = {
            "notice": str(notice.public_id),
            "position": position,
            "period": notice.period,
            "points": plus - minus,
            "until": deadline.isoformat(),
        }
        yield News("notice-hung-minus" if minus else "notice-hung", facts, household=household)


def _lines_corrected(notice: Notice) -> Iterator[News]:
    lines = NoticeLine.objects.filter(sheet__notice=notice, replaces__isnull=False).order_by("number")
    for line in lines.select_related("replaces", "sheet"):
        assert line.replaces is not None
        facts = {
            "notice": str(notice.public_id),
            "position": line.sheet.position,
            "line": line.pk,
            "number": line.number,
            "before": line.replaces.points,
            "points": line.points,
            "until": line.deadline.isoformat(),
        }
        yield News("line-corrected", facts, household=line.household_id, about=f"line:{line.pk}")


def notice_settled(payload: Payload) -> Iterator[News]:
    """Tell each household what of it was posted: of a part, or of what had been held and was released."""
    settlement = Settlement.objects.select_related("sheet__notice").get(id=payload["settlement"])
    batch = payload["batch"]
    if batch is None:
        return
    if settlement.batch_id == batch:
        held = HeldLine.objects.filter(settlement=settlement).values("line")
        lines = NoticeLine.objects.filter(sheet=settlement.sheet_id, part=settlement.part).exclude(
            id__in=held
        )
    else:
        lines = NoticeLine.objects.filter(held__release=batch)
    posted = lines.values("household_id").annotate(sum=Sum("points")).order_by("household_id")
    period = settlement.sheet.notice.period
    for household, points in posted.values_list("household_id", "sum"):
        yield News("points-posted", {"period": period, "points": points}, household=household)


def objection_lodged(payload: Payload) -> Iterator[News]:
    """Tell who has to answer it; of whom it comes, nothing."""
    return _to_answer([payload["objection"]])


def objections_escalated(payload: Payload) -> Iterator[News]:
    """Tell who has to answer now, and those who wait for it."""
    yield from _to_answer(payload["objections"])
    for objection in Objection.objects.filter(id__in=payload["objections"]).order_by("id"):
        facts = {
            "objection": str(objection.public_id),
            "instance": payload["instance"],
            "until": objection.answer_by.isoformat(),
        }
        about = f"objection:{objection.pk}"
        yield News("objection-passed-on", facts, household=objection.household_id, about=about)


def _to_answer(ids: Iterable[int]) -> Iterator[News]:
    """Tell, once for each unit and instance, those who hold its office nearest to the unit; in two queries."""
    open_ones = Objection.objects.filter(id__in=list(ids), state=ObjectionState.OPEN)
    waiting: dict[tuple[int, str], list[Objection]] = {}
    for objection in open_ones.select_related("sheet__notice__unit").order_by("id"):
        waiting.setdefault((objection.sheet.notice.unit_id, objection.instance), []).append(objection)
    holders = _holders([OFFICES[Instance(instance)] for _unit, instance in waiting])
    for (_unit_id, instance), objections in waiting.items():
        unit = objections[0].sheet.notice.unit
        until = min(objection.answer_by for objection in objections)
        facts = {"unit": unit.name, "count": len(objections), "until": until.isoformat()}
        for user in _nearest(holders, OFFICES[Instance(instance)], unit):
            yield News("objection-to-answer", facts, user=user, about=f"{unit.pk}:{instance}")


def _holders(offices: Iterable[str]) -> list[tuple[str, str, int]]:
    """Give who holds some offices anywhere: office, path and user."""
    held = Appointment.objects.filter(in_force(), office__in=set(offices), unit__until=None)
    return list(held.values_list("office", "unit__path", "user_id"))


def _nearest(holders: Iterable[tuple[str, str, int]], office: str, unit: Unit) -> list[int]:
    above = [(path, user) for held, path, user in holders if held == office and unit.path.startswith(path)]
    nearest = max((path for path, _user in above), key=len, default="")
    return sorted({user for path, user in above if path == nearest})


def objection_admitted(payload: Payload) -> Iterator[News]:
    """Tell who objected to a whole notice that it is looked into."""
    return _to_objector(payload, {ObjectionState.OPEN: "objection-admitted"})


def objection_answered(payload: Payload) -> Iterator[News]:
    """Tell who objected what came of it; the answer stands on its page."""
    kinds = {
        ObjectionState.UPHELD: "objection-upheld",
        ObjectionState.DISMISSED: "objection-dismissed",
    }
    return _to_objector(payload, kinds)


def _to_objector(payload: Payload, kinds: dict[ObjectionState, str]) -> Iterator[News]:
    for objection in Objection.objects.filter(id=payload["objection"], state__in=kinds):
        template = kinds[ObjectionState(objection.state)]
        yield News(template, {"objection": str(objection.public_id)}, household=objection.household_id)


def remark_made(payload: Payload) -> Iterator[News]:
    """Tell who hangs out notices there, since they answer it."""
    for remark in Remark.objects.filter(id=payload["remark"]).select_related("share__deed__unit"):
        unit = remark.share.deed.unit
        for user in nearest_with(Act.ISSUE_NOTICES, unit):
            yield News("remark-to-answer", {"remark": remark.pk, "unit": unit.name}, user=user)


def remark_answered(payload: Payload) -> Iterator[News]:
    """Tell the supervisor who made it."""
    for remark in Remark.objects.filter(id=payload["remark"]):
        yield News("remark-answered", {"remark": remark.pk}, user=remark.made_by_id)


def meeting_called(payload: Payload) -> Iterator[News]:
    """Tell the members of the body that meets; not if it was cancelled meanwhile."""
    return _of_call(Call.objects.filter(id=payload["call"], cancelled_at=None), "meeting-called")


def meeting_cancelled(payload: Payload) -> Iterator[News]:
    """Tell the members of the body that does not meet."""
    return _of_call(Call.objects.filter(id=payload["call"]), "meeting-cancelled")


def _of_call(calls: Any, template: str) -> Iterator[News]:
    for call in calls.select_related("unit"):
        facts = {
            "call": call.pk,
            "unit": call.unit.name,
            "body": call.body,
            "day": call.day.isoformat(),
            "period": call.period,
        }
        for user in users_in_body(Body(call.body), call.unit):
            yield News(template, facts, user=user.pk)


def due(payload: Payload) -> Iterator[News]:
    """Remind those whose turn it is, at the judging unit or, where deeds wait to be verified, below it."""
    for reminder in Reminder.objects.filter(id=payload["reminder"]).select_related("unit"):
        facts = {
            "unit": reminder.unit.name,
            "matter": reminder.matter,
            "until": reminder.due.isoformat(),
        }
        for user in _whose_turn(Matter(reminder.matter), reminder.unit):
            yield News("overdue" if reminder.overdue else "due-soon", facts, user=user)


def _whose_turn(matter: Matter, unit: Unit) -> list[int]:
    act = _ACTS.get(matter)
    if act is None:  # what the whole county does on its days is in the calendar
        return []
    if matter is not Matter.VERIFY:
        return nearest_with(act, unit)
    offices = offices_that_grant(act)
    below = Appointment.objects.filter(in_force(), office__in=offices, unit__path__startswith=unit.path)
    return sorted(set(below.annotate(whose=F("user_id")).values_list("whose", flat=True)))
