"""A household's own deeds in words: what each waits for, what became of it, and who did what on its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.insight.passbook import line_name
from xiangyue.kernel import clock
from xiangyue.kernel.actors import ActorKind
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.register import Register
from xiangyue.phone.declaring import look_of
from xiangyue.records.models import LoggedAct
from xiangyue.records.queries import names_of_actors
from xiangyue.scoring.judging import sentence_of
from xiangyue.scoring.models import Deed, DeedState, Share, Source
from xiangyue.scoring.operations.bringing import declared_for
from xiangyue.scoring.operations.foreseeing import foresee_brought
from xiangyue.scoring.own_deeds import OwnDeed, Stand
from xiangyue.scoring.queries import confirms_by_assembly
from xiangyue.scoring.states import DeedAct
from xiangyue.scoring.way import Step, StepName, way_of
from xiangyue.ui.templatetags.xiangyue_ui import day as day_text

ON_THE_WAY: Final = (DeedState.SUBMITTED, DeedState.RETURNED, DeedState.VERIFIED, DeedState.JUDGED)
BADGES: Final = {
    DeedState.SUBMITTED: "gold",
    DeedState.RETURNED: "red",
    DeedState.VERIFIED: "blue",
    DeedState.JUDGED: "blue",
    DeedState.APPROVED: "blue",
}
STANDS: Final = {Stand.NOTICED: "gold", Stand.POSTED: "green", Stand.ENDED: ""}
MOST: Final = 5
LONGEST_NAME: Final = 10  # of whoever decides, as the catalogue's row names them; what is longer is a remark


def deeds_in_progress(household: Household) -> list[dict[str, str]]:
    """Give the newest deeds of a household that are not decided yet, with what each waits for."""
    shares = (
        Share.objects.filter(household=household, deed__state__in=ON_THE_WAY)
        .select_related("deed__indicator")
        .order_by("-deed__submitted_at", "-id")[:MOST]
    )
    waits = {
        DeedState.SUBMITTED: _("等网格员核实"),
        DeedState.RETURNED: _("退回来了，请补充"),
        DeedState.VERIFIED: _("等评议会评定"),
        DeedState.JUDGED: _("等村民代表会议确认"),
    }
    deeds = {share.deed_id: share.deed for share in shares}
    return [
        {
            "title": deed.indicator.title,
            "detail": _("%(month)s月%(day)s日，%(waits)s")
            % {"month": deed.day.month, "day": deed.day.day, "waits": waits[DeedState(deed.state)]},
            "badge": str(deed.get_state_display()),
            "badge_class": BADGES[DeedState(deed.state)],
            "url": reverse("phone:deed", args=[deed.public_id]),
        }
        for deed in deeds.values()
    ]


def stand_tabs(chosen: Stand | None) -> list[dict[str, object]]:
    """Give what one may look at, as links: all deeds, or those of one stand."""
    tabs = [{"name": _("全部"), "url": "?", "is_current": chosen is None}]
    return tabs + [
        {
            "name": str(stand.label),
            "url": f"?{urlencode({'stand': stand.value})}",
            "is_current": stand is chosen,
        }
        for stand in Stand
    ]


def deed_lines(own_deeds: Iterable[OwnDeed]) -> list[dict[str, object]]:
    """Give deeds as lines of a list, with what has to be known of each at once."""
    return [
        {
            "title": own.deed.indicator.title,
            "detail": _("，").join(filter(None, (day_text(own.deed.day), people_of(own)))),
            "reason": _told_at_once(own),
            "points": own.points,
            "url": reverse("phone:deed", args=[own.deed.public_id]),
            **badge_of(own),
            **look_of(own.deed.indicator),
        }
        for own in own_deeds
    ]


def badge_of(own: OwnDeed) -> dict[str, str]:
    """Give the word for where a deed is, and its colour."""
    state = DeedState(own.deed.state)
    if own.stand in (Stand.NOTICED, Stand.POSTED):
        return {"badge": str(own.stand.label), "badge_class": STANDS[own.stand]}
    if own.stand is Stand.ENDED:
        word = state.label if state is DeedState.WITHDRAWN else DeedState.REJECTED.label
        return {"badge": str(word), "badge_class": ""}
    if state is DeedState.APPROVED:
        return {"badge": _("等张榜"), "badge_class": BADGES[state]}
    return {"badge": str(state.label), "badge_class": BADGES[state]}


def people_of(own: OwnDeed) -> str:
    """Name who of the household has a share."""
    return _("、").join(names_of(own))


def names_of(own: OwnDeed) -> list[str]:
    return [each.share.resident.name for each in own.shares if each.share.resident]


def _told_at_once(own: OwnDeed) -> str:
    if own.stand is Stand.RETURNED:
        return _("要补充：%(reason)s") % {"reason": own.reason}
    if own.stand is Stand.ENDED:
        return own.reason
    if any(each.held for each in own.shares):
        return _("有异议，先不入账")
    cut = [each for each in own.shares if each.is_cut]
    lost = sum(abs(each.share.asked or 0) - abs(each.share.points or 0) for each in cut)
    return _("到了上限，少记%(points)s分") % {"points": format_points(lost)} if lost > 0 else ""


def deed_words(own: OwnDeed, household: Household) -> dict[str, Any]:
    """Describe a deed of a household with its way, as `phone/deed.html` documents it."""
    deed, line, who = own.deed, own.line, actors_of(own.acts)
    expected, ahead = _expected(own)
    bring = own.last("bring")
    return {
        "title": deed.indicator.title,
        "number": deed.pk,
        "day": deed.day,
        "people": people_of(own),
        "names": names_of(own),
        "description": deed.description,
        "brought": _brought_text(deed, household, who.get(bring.pk, "") if bring else ""),
        "is_on_behalf": deed.is_on_behalf,
        "points": own.points,
        "expected": expected,
        "sentences": ahead or _sentences(own),
        "line_name": line_name(line) if line else "",
        "reason": own.reason,
        "reason_by": _reason_by(own, who),
        "stand": own.stand.value,
        "is_held": any(each.held for each in own.shares),
        **badge_of(own),
        **look_of(deed.indicator),
        "steps": _steps(own, household, who),
    }


def _sentences(own: OwnDeed) -> list[str]:
    said = (each.share.sentence for each in own.shares if each.refused is None)
    return list(dict.fromkeys(sentence for sentence in said if sentence))


def _expected(own: OwnDeed) -> tuple[str, list[str]]:
    """Say what a deed that is not decided would bring as things stand, and why; nothing of others."""
    if own.stand not in (Stand.WAITING, Stand.RETURNED) or own.points is not None:
        return "", []
    judged = foresee_brought(own.deed)
    mine = [judged[each.share.pk] for each in own.shares if each.share.pk in judged]
    if not mine:
        return "", []
    points = sum(judgement.points for judgement in mine)
    return format_points(points, signed=True), list(dict.fromkeys(map(sentence_of, mine)))


def actors_of(acts: Sequence[LoggedAct]) -> Mapping[int, str]:
    """Name who did some acts, with the office that they did it by, by the acts' ids; three queries.

    A household's own acts, and the system's, are left out.
    """
    names = names_of_actors(acts)
    levels = dict(
        Unit.objects.filter(pk__in={each.acted_as_id or 0 for each in acts}).values_list("pk", "level")
    )
    register = Register()
    found = {}
    for each in acts:
        if each.actor_kind != ActorKind.USER:
            continue
        title, level = "", levels.get(each.acted_as_id or 0)
        if each.acted_as in Office.values and level:
            title = register.title(Office(each.acted_as), Level(level))
        found[each.pk] = title + names.get(each.actor_id, "")
    return found


def _brought_text(deed: Deed, household: Household, who: str) -> str:
    """Say who brought a deed. Which neighbour recommended it stays with whoever verifies."""
    if deed.source == Source.SELF:
        if declared_for(deed) != household.pk:
            return _("一起做的人家报的")
        if not deed.is_on_behalf:
            return _("自己报的")
        return _("%(who)s代办的") % {"who": who}
    source = str(deed.get_source_display())
    return f"{source}　{who}" if who and deed.source != Source.NEIGHBOUR else source


def _reason_by(own: OwnDeed, who: Mapping[int, str]) -> str:
    if any(each.refused is not None for each in own.shares):
        return ""
    act = own.last(DeedAct.RETURN, DeedAct.REJECT)
    return who.get(act.pk, "") if act else ""


def _steps(own: OwnDeed, household: Household, who: Mapping[int, str]) -> list[dict[str, str]]:
    """Tell the steps of a deed: done, now, todo; of one that was sent back or ended, what happened to it."""
    steps = way_of(own, household)
    told = step_lines([_with_office(step, own, who) for step in steps], own.deed.indicator.item.approved_by)
    if own.stand not in (Stand.RETURNED, Stand.ENDED):
        return told
    done = [line for line, step in zip(told, steps, strict=True) if step.done]
    act = own.last(DeedAct.RETURN, DeedAct.REJECT, DeedAct.WITHDRAW)
    if act is None:
        return done
    text = {
        DeedAct.RETURN: _("%(who)s退回来了，请补充"),
        DeedAct.WITHDRAW: _("撤回了"),
        DeedAct.REJECT: _("%(who)s说不能记"),
    }[DeedAct(act.act)] % {"who": who.get(act.pk, "")}
    return [*done, {"day": day_text(clock.local_day(act.at)), "text": text, "state": "now"}]


def _with_office(step: Step, own: OwnDeed, who: Mapping[int, str]) -> Step:
    """Give the step of whoever verified with the office by which it was done, where the log has it."""
    act = own.last(DeedAct.VERIFY)
    named = who.get(act.pk, "") if act else ""
    if step.name is not StepName.VERIFY or not step.done or len(step.names) != 1:
        return step
    return replace(step, title=named.removesuffix(step.names[0])) if named.endswith(step.names[0]) else step


def step_lines(steps: Sequence[Step], approved_by: str) -> list[dict[str, str]]:
    """Tell steps in words. approved_by: who decides, as the indicator's row names them."""
    now = next((step for step in steps if not step.done), None)
    today = clock.today()
    lines = []
    for step in steps:
        state = "done" if step.done else "now" if step is now else "todo"
        day = _step_day(step, late=step is now and step.is_overdue(today))
        lines.append({"day": day, "text": _step_text(step, approved_by), "state": state})
    return lines


def _step_day(step: Step, *, late: bool) -> str:
    if step.day is None:
        return ""
    if step.until and step.is_fixed:
        return _("%(first)s至%(last)s") % {
            "first": day_text(step.day),
            "last": _last_day(step.day, step.until),
        }
    if step.done or step.is_fixed:
        return day_text(step.day)
    if late:
        return _("该在%(day)s以前，可以去催") % {"day": day_text(step.day)}
    return _("%(day)s以前") % {"day": day_text(step.day)}


def _last_day(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return _("%(day)s日") % {"day": last.day}
    return day_text(last)


def _step_text(step: Step, approved_by: str) -> str:
    facts = {"who": step.title + _("、").join(step.names), "committee": committee_name(approved_by)}
    todo = {
        StepName.BROUGHT: _("报上了"),
        StepName.VERIFY: _("%(who)s核实"),
        StepName.DECIDE: _("%(committee)s评定"),
        StepName.CONFIRM: _("村民代表会议确认"),
        StepName.NOTICE: _("张榜公示"),
        StepName.POST: _("没有异议就入账，可以兑换"),
    }
    done = {
        StepName.BROUGHT: _("报上了"),
        StepName.VERIFY: _("%(who)s核实了"),
        StepName.DECIDE: _("%(committee)s评定了"),
        StepName.CONFIRM: _("村民代表会议确认了"),
        StepName.NOTICE: _("张榜公示"),
        StepName.POST: _("入账了，可以兑换"),
    }
    return (done if step.done else todo)[step.name] % facts


def committee_name(approved_by: str) -> str:
    """Name who decides, as the indicator's row does, as far as it is a name; where an assembly confirms, the row names
    that."""
    name = approved_by.replace(",", "，").split("，")[0].strip()
    if not name or len(name) > LONGEST_NAME or confirms_by_assembly():
        return _("评议会")
    return name


def ahead_text(steps: Sequence[Step], approved_by: str) -> str:
    """Say in one sentence who does what with what is declared now, and when it would be posted."""
    verify = next(step for step in steps if step.name is StepName.VERIFY)
    post = steps[-1]
    facts = {
        "who": verify.title + _("、").join(verify.names),
        "committee": committee_name(approved_by),
        "day": day_text(post.day) if post.day else "",
    }
    if any(step.name is StepName.CONFIRM for step in steps):
        return (
            _("%(who)s核实后，%(committee)s评定，村民代表会议确认。公示没有异议，最晚%(day)s入账。") % facts
        )
    return _("%(who)s核实后，%(committee)s评定。公示没有异议，最晚%(day)s入账。") % facts
