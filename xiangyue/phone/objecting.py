"""Objecting, in words: what a household can object to, and how far what it objected to has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.insight.passbook import line_name, pending_of
from xiangyue.kernel import clock
from xiangyue.kernel.masking import STAR
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.queries import paths_to
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.queries import acts_upon
from xiangyue.scoring.instances import OFFICES, ORDER, instance_on, is_overdue
from xiangyue.scoring.models import (
    Instance,
    Notice,
    NoticeLine,
    NoticeTotal,
    Objection,
    ObjectionKind,
    ObjectionState,
    ObjectionWay,
)
from xiangyue.scoring.objection_queries import corrections_of
from xiangyue.scoring.operations.objections import Target
from xiangyue.scoring.queries import newest_notices, same_family
from xiangyue.ui.board import sheet_url, with_query

KINDS: Mapping[type[Target], str] = {NoticeLine: "line", NoticeTotal: "total", Notice: "notice"}
MOST_DIGITS = 18  # of a row's number
BADGES = {ObjectionState.OPEN: "gold", ObjectionState.UPHELD: "green", ObjectionState.DISMISSED: ""}


@dataclass(frozen=True)
class Option:
    """Something that can be objected to until a day. points: signed centipoints, None for a whole notice.

    where: 第10期第58条. rule: 细则3.21, of an own line.
    """

    target: Target
    title: str
    detail: str
    points: int | None
    deadline: date
    where: str = ""
    rule: str = ""

    @property
    def kinds(self) -> list[dict[str, str]]:
        """What may be wrong with it, as chips."""
        is_line = isinstance(self.target, NoticeLine)
        kinds = ObjectionKind if is_line else (ObjectionKind.POINTS, ObjectionKind.OTHER)
        return [{"value": kind.value, "name": str(kind.label)} for kind in kinds]

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


def option_of(household: Household, value: str) -> Option | None:
    """Give what a link or a form means: one of the household's own options, or somebody else's line that hangs in its
    village, in the words that the board has for it; None where that can't be objected to (any more)."""
    for option in options_of(household):
        if option.value == value:
            return option
    return _others_line(household, value)


def _others_line(household: Household, value: str) -> Option | None:
    kind, _dash, number = value.partition("-")
    if kind != KINDS[NoticeLine] or not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    current = NoticeLine.objects.filter(
        pk=int(number),
        replacement=None,
        deadline__gte=clock.today(),
        sheet__notice__unit__in=_above(household),
    ).exclude(household=household)
    line = current.select_related("sheet__notice").first()
    if (
        line is None
        or Objection.objects.filter(household=household, state=ObjectionState.OPEN, line=line).exists()
    ):
        return None
    row = NoticeTotal.objects.filter(sheet=line.sheet_id, household=line.household_id).first()
    facts = {"name": row.masked_name if row else STAR, "number": row.number if row else ""}
    title = _("%(name)s家　%(number)s号") % facts
    return Option(line, title, _("别家的一条"), line.points, line.deadline, line_name(line))


def _above(household: Household) -> QuerySet[Unit]:
    """Give the units whose notices hang for a household: its village, or the grid village where it lives."""
    return Unit.objects.filter(path__in=paths_to(household.unit))


def _lines(household: Household) -> Iterator[Option]:
    for pending in pending_of(household):
        if pending.line.deadline >= clock.today():
            number = pending.line.share.deed.indicator.number
            yield Option(
                pending.line,
                pending.title,
                pending.detail,
                pending.points,
                pending.line.deadline,
                line_name(pending.line),
                _("细则%(number)s") % {"number": number} if number else "",
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
    related = ("line__share__deed__indicator", "line__sheet__notice", "total", "sheet__notice")
    return [
        {
            "title": _("异议：%(about)s") % {"about": _named(each)},
            "detail": waits_for(each),
            "badge": each.get_state_display(),
            "badge_class": BADGES[ObjectionState(each.state)],
            "url": reverse("phone:objected", args=[each.public_id]),
        }
        for each in found.select_related(*related).order_by("-id")
    ]


def _named(objection: Objection) -> str:
    """Name what is objected to in a list, where several may be of others."""
    line = objection.line
    if line and line.household_id != objection.household_id:
        return line_name(line)
    return title_of(objection)


def title_of(objection: Objection) -> str:
    """Name what is objected to: the matter, the month's total, or the whole notice.

    Of somebody else's line only which it is: what it was for is told to its own household alone.
    """
    if objection.line:
        is_own = objection.line.household_id == objection.household_id
        return objection.line.share.deed.indicator.title if is_own else _("别家的一条")
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
        "where": line_name(objection.line) if objection.line else "",
        "kind": objection.get_kind_display(),
        "text": objection.text,
        "photos": [
            {
                "url": reverse("phone:objected-photo", args=[objection.public_id, place]),
                "small_url": reverse("phone:objected-photo-small", args=[objection.public_id, place]),
            }
            for place, _photo in enumerate(photos_of(objection), start=1)
        ],
        "is_open": is_open,
        "is_to_all": objection.is_to_all,
        "is_admitted": objection.admitted_at is not None,
        "is_named": objection.is_named,
        "on_behalf": "" if objection.way == ObjectionWay.CARD else objection.get_way_display(),
        "badge": objection.get_state_display(),
        "badge_class": BADGES[ObjectionState(objection.state)],
        "waits_for": waits_for(objection) if is_open else "",
        "steps": _steps(objection),
        "history": _history(objection),
        "answer": objection.answer,
        "corrections": corrections_of([objection]).get(objection.pk, []),
        "edition": objection.edition
        and {"number": objection.edition.edition, "url": _edition_url(objection)},
        "complain_url": _complain_url(objection) if objection.state == ObjectionState.DISMISSED else "",
    }


def photos_of(objection: Objection) -> list[StoredFile]:
    """Give the photos that show an objection, in the order in which they are numbered; erased ones too."""
    return [shown.file for shown in objection.evidence.select_related("file").order_by("id")]


def _edition_url(objection: Objection) -> str:
    """Give the paper of the edition that corrected it: the one that took the objected sheet's place."""
    assert objection.edition
    sheets = objection.edition.sheets
    found = sheets.filter(unit=objection.sheet.unit_id).values_list("position", flat=True).first()
    return sheet_url(objection.edition, found or 1)


def _complain_url(objection: Objection) -> str:
    """Give where one complains about the level that answered, so that the one above it looks again."""
    level = Level.TOWN if objection.instance == Instance.TOWN else Level.VILLAGE
    unit = Unit.objects.filter(path__in=paths_to(objection.sheet.notice.unit), level=level).first()
    return with_query(reverse("gate:complain"), unit=unit.code if unit else "")


def _history(objection: Objection) -> list[dict[str, object]]:
    """Tell what became of an objection, day by day: who had it when, and who answered it."""
    acts = acts_upon("objection", [objection.pk])
    return [
        {"day": clock.local_day(act.at), "text": text}
        for act in reversed(acts)
        if (text := _told(objection, act))
    ]


def _told(objection: Objection, act: LoggedAct) -> str:
    first = Instance.SUPERVISION if objection.is_to_all else Instance.VILLAGE
    if act.act == "lodge":
        return _("您提了异议，%(who)s收下了") % {"who": first.label}
    if act.act == "escalate":
        moved = {"before": Instance(act.from_state).label, "who": Instance(act.to_state).label}
        return _("%(before)s没有按时答复，转给%(who)s") % moved
    if act.act == "admit":
        return _("监督小组受理了")
    if act.act == "answer":
        told = {"who": _answerer(act), "state": str(ObjectionState(act.to_state).label)}
        return _("%(who)s答复了：%(state)s") % told
    return ""


def _answerer(act: LoggedAct) -> str:
    """Name the instance whose office answered; one above may answer before its turn."""
    for instance, office in OFFICES.items():
        if act.acted_as == office:
            return str(instance.label)
    return _("负责答复的人")


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


def lodged_already(household: Household, key: str) -> Objection | None:
    """Give what a form has lodged before; its target is no option any more by then."""
    return Objection.objects.filter(household=household, key=key).first()
