"""Commands for the committee's meetings."""

from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.cli.options import key_option, numbered, period_option, village_option
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.models import Body
from xiangyue.scoring.models import Attendance, Call, Decision, DeedState, Verdict
from xiangyue.scoring.operations.calling import call_meeting, cancel_call
from xiangyue.scoring.operations.confirming import Refused, confirm_decisions
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.small_matters import decide_small
from xiangyue.scoring.queries import decidable_by, newest_meeting, shares_in_state, unconfirmed
from xiangyue.scoring.rules import judging_unit_by_code
from xiangyue.users.queries import user_by_login

assembly_option = click.option(
    "--assembly", is_flag=True, help=str(gettext_lazy("开的是村民代表会议，确认评定"))
)


@click.group(help=str(gettext_lazy("评议会：谁到了会，定了什么")))
def meeting() -> None:
    pass


@meeting.command(help=str(gettext_lazy("召集：定下哪天、在哪里开")))
@village_option
@period_option
@click.option("--day", type=DAY, required=True, help=str(gettext_lazy("哪天开")))
@click.option("--place", default="", help=str(gettext_lazy("在哪里开")))
@assembly_option
@key_option
@in_county
def call(
    work: Work, village: str, period: str, day: date, place: str, assembly: bool, key: str | None
) -> None:
    unit, body = judging_unit_by_code(village), _body(assembly)
    # Called anew after it was cancelled, it is another call.
    cancelled = Call.objects.filter(unit=unit, body=body, day=day).exclude(cancelled_at=None).count()
    called = call_meeting(
        actor=work.actor,
        unit_id=unit.pk,
        period=Period.parse(period),
        day=day,
        place=place,
        body=body,
        key=key or f"call:{unit.code}:{body}:{day}:{cancelled}",
    )
    facts = {"call": called.pk, "day": called.day, "place": called.place, "body": body.label}
    work.answer(facts, _("第%(call)s次召集：%(day)s开%(body)s。") % facts)


@meeting.command(help=str(gettext_lazy("取消召集")))
@click.argument("number", type=int)
@click.option("--reason", default="", help=str(gettext_lazy("为什么")))
@in_county
def cancel(work: Work, number: int, reason: str) -> None:
    called = cancel_call(actor=work.actor, call_id=number, reason=reason)
    facts = {"call": called.pk, "day": called.day}
    work.answer(facts, _("%(day)s的会取消了。") % facts)


@meeting.command(help=str(gettext_lazy("开会：记下到会的人")))
@village_option
@period_option
@click.option("--on", "held_on", type=DAY, help=str(gettext_lazy("哪天开的，默认今天")))
@click.option("--attend", required=True, metavar="LOGINS", help=str(gettext_lazy("到会的人，用逗号隔开")))
@click.option("--observe", default="", metavar="LOGINS", help=str(gettext_lazy("列席的监督员，用逗号隔开")))
@assembly_option
@click.option("--minutes", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@in_county
def hold(
    work: Work,
    village: str,
    period: str,
    held_on: date | None,
    attend: str,
    observe: str,
    assembly: bool,
    minutes: Path | None,
    key: str | None,
) -> None:
    unit, month, body = judging_unit_by_code(village), Period.parse(period), _body(assembly)
    day, kind = held_on or clock.today(), "assembly" if assembly else "meeting"
    held = hold_meeting(
        actor=work.actor,
        unit_id=unit.pk,
        period=month,
        held_on=day,
        attendee_ids=_users(attend),
        observer_ids=_users(observe),
        body=body,
        minutes=(minutes.name, minutes.read_bytes()) if minutes else None,
        key=key or f"{kind}:{unit.code}:{month}:{day}",
    )
    # Of a meeting that was recorded before, what stands there.
    present = Attendance.objects.filter(meeting=held, observes=False).count()
    facts = {"meeting": held.pk, "round": held.round, "present": present, "members": held.members}
    told = _("第%(meeting)s次代表会议：代表%(members)s人，到会%(present)s人。") if assembly else ""
    work.answer(facts, (told or _("第%(meeting)s次评议会：委员%(members)s人，到会%(present)s人。")) % facts)


@meeting.command(help=str(gettext_lazy("定事项：自己家的、自己报的，要由别人来定")))
@village_option
@period_option
@click.option("--all", "every", is_flag=True, help=str(gettext_lazy("我能定的，全部通过")))
@click.option("--approve", metavar="SHARE[=POINTS]", multiple=True, help=str(gettext_lazy("通过")))
@click.option("--adjust", metavar="SHARE=POINTS", multiple=True, help=str(gettext_lazy("调整分值")))
@click.option("--reject", metavar="SHARE", type=int, multiple=True, help=str(gettext_lazy("不通过")))
@click.option("--reason", default="", help=str(gettext_lazy("调整或不通过的理由")))
@click.option("--against", type=click.IntRange(min=0), default=0, help=str(gettext_lazy("反对票数")))
@in_county
def decide(
    work: Work,
    village: str,
    period: str,
    every: bool,
    approve: tuple[str, ...],
    adjust: tuple[str, ...],
    reject: tuple[int, ...],
    reason: str,
    against: int,
) -> None:
    unit = judging_unit_by_code(village)
    held = newest_meeting(unit, Period.parse(period))
    rulings = [_ruling(*numbered(text, "--approve"), Verdict.APPROVE, "", against) for text in approve]
    rulings += [_ruling(*numbered(text, "--adjust"), Verdict.ADJUST, reason, against) for text in adjust]
    rulings += [Ruling(share, Verdict.REJECT, reason=reason, votes_against=against) for share in reject]
    if every:
        named = {ruling.share_id for ruling in rulings}
        rulings += [
            Ruling(share, Verdict.APPROVE, votes_against=against)
            for share in decidable_by(work.actor, unit)
            if share not in named
        ]
    decisions = decide_deeds(actor=work.actor, meeting_id=held.pk, rulings=rulings)
    left = shares_in_state(unit, DeedState.VERIFIED).filter(decision=None).count()
    told = [_facts(one) for one in decisions]
    facts = {"decided": len(decisions), "left": left, "decisions": told}
    rows = [(row["household"], row["points"], row["sentence"]) for row in told]
    lines = [table(_("定了%(decided)s条") % facts, (_("户号"), _("分"), _("说明")), rows)]
    left_over = _("还有%(left)s条没有定：要回避的，由别的委员来定。") % facts if left else ""
    work.answer(facts, *lines, left_over)


@meeting.command(help=str(gettext_lazy("定小事：细则写明由您这个职务定的，不用开会")))
@village_option
@period_option
@click.option("--approve", metavar="SHARE[=POINTS]", multiple=True, help=str(gettext_lazy("通过")))
@click.option("--reject", metavar="SHARE", type=int, multiple=True, help=str(gettext_lazy("不通过")))
@click.option("--reason", default="", help=str(gettext_lazy("不通过的理由")))
@in_county
def small(
    work: Work, village: str, period: str, approve: tuple[str, ...], reject: tuple[int, ...], reason: str
) -> None:
    rulings = [_ruling(*numbered(text, "--approve"), Verdict.APPROVE, "", 0) for text in approve]
    rulings += [Ruling(share, Verdict.REJECT, reason=reason) for share in reject]
    unit = judging_unit_by_code(village)
    made = decide_small(actor=work.actor, unit_id=unit.pk, period=Period.parse(period), rulings=rulings)
    told = [_facts(one) for one in made]
    facts = {"decided": len(made), "decisions": told}
    rows = [(row["household"], row["points"], row["sentence"]) for row in told]
    work.answer(facts, table(_("定了%(decided)s条") % facts, (_("户号"), _("分"), _("说明")), rows))


@meeting.command(help=str(gettext_lazy("村民代表会议确认评定：没有点名的全部确认")))
@village_option
@period_option
@click.option("--refuse", metavar="SHARE", type=int, multiple=True, help=str(gettext_lazy("不确认的")))
@click.option("--reason", default="", help=str(gettext_lazy("不确认的理由")))
@click.option(
    "--against", type=click.IntRange(min=0), default=0, help=str(gettext_lazy("反对整张单子的票数"))
)
@in_county
def confirm(
    work: Work, village: str, period: str, refuse: tuple[int, ...], reason: str, against: int
) -> None:
    unit, month = judging_unit_by_code(village), Period.parse(period)
    held = newest_meeting(unit, month, Body.ASSEMBLY)
    made = confirm_decisions(
        actor=work.actor,
        meeting_id=held.pk,
        refusals=[Refused(share, reason) for share in refuse],
        votes_against=against,
    )
    confirmed = sum(one.is_confirmed for one in made)
    left = unconfirmed(unit, month).count()
    facts = {"confirmed": confirmed, "refused": len(made) - confirmed, "left": left}
    left_over = _("还有%(left)s条没有确认：要回避的，由别的代表来记。") % facts if left else ""
    work.answer(facts, _("确认了%(confirmed)s条，不确认%(refused)s条。") % facts, left_over)


def _body(assembly: bool) -> Body:
    return Body.ASSEMBLY if assembly else Body.EVALUATION


def _users(logins: str) -> list[int]:
    named = [login.strip() for login in logins.replace("，", ",").split(",")]
    return [user_by_login(login).pk for login in named if login]


def _ruling(share: int, points: str, verdict: Verdict, reason: str, against: int) -> Ruling:
    return Ruling(share, verdict, parse_points(points) if points else None, reason, against)


def _facts(decision: Decision) -> dict[str, object]:
    share = decision.share
    return {
        "share": share.pk,
        "household": share.household.number,
        "verdict": decision.verdict,
        "points": format_points(share.points or 0, signed=True),
        "votes_for": decision.votes_for,
        "votes_against": decision.votes_against,
        "recused": decision.recused,
        "sentence": share.sentence,
    }
