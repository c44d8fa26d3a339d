"""Commands for objections: lodging, admitting, answering, passing on."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.options import household_option, key_option, numbered, period_option, village_option
from xiangyue.kernel.ids import digest
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.queries import household_by_number, village_of
from xiangyue.scoring.models import Instance, ObjectionState, ObjectionWay
from xiangyue.scoring.objection_queries import Correction, Listed, listed_objections
from xiangyue.scoring.operations.escalating import escalate_objections
from xiangyue.scoring.operations.objections import (
    Target,
    admit_objection,
    dismiss_objection,
    lodge_objection,
    uphold_objection,
)
from xiangyue.scoring.queries import line_of, notice_of, total_of
from xiangyue.scoring.rules import judging_unit_by_code

special_option = click.option(
    "--special",
    type=int,
    default=0,
    metavar="NUMBER",
    help=str(gettext_lazy("第几次专项公示，不写就是每月的公示")),
)
WAYS = [ObjectionWay.PHONE.value, ObjectionWay.PAPER.value, ObjectionWay.PERSON.value]


@click.group(help=str(gettext_lazy("异议：对公示有意见")))
def objection() -> None:
    pass


@objection.command(help=str(gettext_lazy("提异议：对一条、一户的合计，或者整期公示")))
@village_option
@period_option
@special_option
@household_option
@click.option("--line", type=int, metavar="NUMBER", help=str(gettext_lazy("第几条")))
@click.option("--total", metavar="NUMBER", help=str(gettext_lazy("哪一户的合计（户号）")))
@click.option("--whole", is_flag=True, help=str(gettext_lazy("整期公示；监督小组受理以后，整期先不入账")))
@click.option(
    "--way", type=click.Choice(WAYS), help=str(gettext_lazy("替别人记的，是怎么提的，默认是纸上写的"))
)
@click.option("--named", is_flag=True, help=str(gettext_lazy("可以让村里知道是谁提的")))
@click.option("--text", required=True, help=str(gettext_lazy("哪里不对")))
@key_option
@in_county
def lodge(
    work: Work,
    village: str,
    period: str,
    special: int,
    household: str,
    line: int | None,
    total: str | None,
    whole: bool,
    way: str | None,
    named: bool,
    text: str,
    key: str | None,
) -> None:
    unit = judging_unit_by_code(village)
    noticed = notice_of(unit, Period.parse(period), special=special)
    if [line is not None, total is not None, whole].count(True) != 1:
        raise click.UsageError(_("--line、--total 和 --whole，写一个。"))
    target: Target = noticed
    if line is not None:
        target = line_of(noticed, line)
    elif total is not None:
        target = total_of(noticed, total)
    lodged = lodge_objection(
        actor=work.actor,
        target=target,
        household_id=household_by_number(village=village_of(unit), number=household).pk,
        text=text,
        way=ObjectionWay(way) if way else None,
        is_named=named,
        # The same words about the same thing are one objection; other words are never lost.
        key=key or f"objection:{noticed.public_id}:{household}:{digest([line, total, text])[:16]}",
    )
    facts = {
        "objection": lodged.pk,
        "state": lodged.state,
        "instance": lodged.instance,
        "answer_by": lodged.answer_by,
    }
    words = {"number": lodged.pk, "who": lodged.get_instance_display(), "day": lodged.answer_by}
    if whole:
        received = _("收到了，第%(number)s件异议。受理以后，整期先不入账。") % words
    else:
        received = _("收到了，第%(number)s件异议。答复以前，这一条先不入账。") % words
    work.answer(facts, received, _("%(who)s%(day)s以前答复") % words)


@objection.command("list", help=str(gettext_lazy("列出一期公示的异议，谁在哪天以前答复，改了什么")))
@village_option
@period_option
@special_option
@in_county
def list_all(work: Work, village: str, period: str, special: int) -> None:
    noticed = notice_of(judging_unit_by_code(village), Period.parse(period), special=special)
    listed = listed_objections(noticed, work.actor)
    columns = (_("号"), _("对什么"), _("谁提的"), _("怎么提的"), _("状态"), _("意见"), _("答复"), _("改了"))
    shown = [
        (
            one.objection.pk,
            _about(one),
            one.objector or "—",
            _way(one),
            _state(one),
            _said(one),
            one.objection.answer,
            "，".join(map(_correction, one.corrections)),
        )
        for one in listed
    ]
    late = sum(one.overdue for one in listed)
    told = _("镇里有%(count)s件过了期限还没有答复。") % {"count": late} if late else ""
    facts = {"objections": [_facts(one) for one in listed], "overdue": late}
    work.answer(facts, table(_("异议"), columns, shown), told)


@objection.command(help=str(gettext_lazy("受理对整期公示的异议，整期先不入账；不受理就答复不成立")))
@click.argument("number", type=int)
@in_county
def admit(work: Work, number: int) -> None:
    admitted = admit_objection(actor=work.actor, objection_id=number)
    facts = {"objection": admitted.pk, "admitted_at": admitted.admitted_at, "answer_by": admitted.answer_by}
    work.answer(facts, _("受理了。答复以前，这一期还没入账的，都先不入账。"))


@objection.command(help=str(gettext_lazy("答复：意见成立就改分、出更正版；不成立就说明理由")))
@click.argument("number", type=int)
@click.option(
    "--uphold", "correct", metavar="LINE=POINTS", multiple=True, help=str(gettext_lazy("改成多少分"))
)
@click.option("--dismiss", is_flag=True, help=str(gettext_lazy("意见不成立")))
@click.option("--text", required=True, help=str(gettext_lazy("答复和理由")))
@in_county
def reply(work: Work, number: int, correct: tuple[str, ...], dismiss: bool, text: str) -> None:
    if dismiss == bool(correct):
        raise click.UsageError(_("--uphold 和 --dismiss，选一个。"))
    if dismiss:
        answered = dismiss_objection(actor=work.actor, objection_id=number, answer=text)
        work.answer({"objection": answered.pk, "state": answered.state}, _("答复了：意见不成立。"))
        return
    pairs = [numbered(text, "--uphold") for text in correct]
    corrections = {line: parse_points(points) for line, points in pairs}
    answered, edition = uphold_objection(
        actor=work.actor, objection_id=number, answer=text, corrections=corrections
    )
    facts = {"objection": answered.pk, "state": answered.state, "edition": edition.edition}
    work.answer(facts, _("答复了：意见成立，出了第%(edition)s版公示。") % facts)


@objection.command(help=str(gettext_lazy("过了期限没有答复的，转给上一级；后台任务自己也会办")))
@in_county
def escalate(work: Work) -> None:
    done = escalate_objections(actor=work.actor)
    facts = {
        "supervision": done.moved[Instance.SUPERVISION],
        "town": done.moved[Instance.TOWN],
        "overdue": done.overdue,
    }
    line = _("转给监督小组%(supervision)s件，转给镇里%(town)s件。") % facts
    late = _("镇里有%(overdue)s件过了期限还没有答复。") % facts if done.overdue else ""
    work.answer(facts, line, late)


def _facts(one: Listed) -> dict[str, object]:
    lodged = one.objection
    return {
        "objection": lodged.pk,
        "line": lodged.line.number if lodged.line else None,
        "total": lodged.total.number if lodged.total else None,
        "whole": lodged.is_to_all,
        "admitted": lodged.admitted_at is not None,
        "objector": one.objector,
        "way": lodged.way,
        "by": one.by,
        "state": lodged.state,
        "words": lodged.get_state_display(),
        "instance": lodged.instance,
        "answer_by": lodged.answer_by,
        "overdue": one.overdue,
        "kind": lodged.kind,
        "text": lodged.text,
        "answer": lodged.answer,
        "corrections": [
            {
                "line": each.line,
                "before": format_points(each.before, signed=True),
                "after": format_points(each.after, signed=True),
            }
            for each in one.corrections
        ],
    }


def _about(one: Listed) -> str:
    lodged = one.objection
    if lodged.line:
        return _("第%(number)s条") % {"number": lodged.line.number}
    if lodged.total:
        return _("%(number)s号户合计") % {"number": lodged.total.number}
    return _("整期，已受理") if lodged.admitted_at else _("整期")


def _said(one: Listed) -> str:
    """Give what was tapped and what was written; either may be missing."""
    return "：".join(filter(None, (one.objection.get_kind_display(), one.objection.text)))


def _way(one: Listed) -> str:
    way = one.objection.get_way_display()
    return _("%(way)s，%(by)s代办") % {"way": way, "by": one.by} if one.by else way


def _state(one: Listed) -> str:
    lodged = one.objection
    if lodged.state != ObjectionState.OPEN:
        return lodged.get_state_display()
    facts = {"who": lodged.get_instance_display(), "day": lodged.answer_by}
    return (_("%(who)s%(day)s就该答复，过期了") if one.overdue else _("%(who)s%(day)s以前答复")) % facts


def _correction(correction: Correction) -> str:
    return _("第%(line)s条 %(before)s→%(after)s") % {
        "line": correction.line,
        "before": format_points(correction.before, signed=True),
        "after": format_points(correction.after, signed=True),
    }
