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
from xiangyue.people.queries import village_by_code
from xiangyue.scoring.models import Attendance, Decision, DeedState, Verdict
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.queries import decidable_by, newest_meeting, shares_in_state
from xiangyue.users.queries import user_by_login


@click.group(help=str(gettext_lazy("评议会：谁到了会，定了什么")))
def meeting() -> None:
    pass


@meeting.command(help=str(gettext_lazy("开会：记下到会的人")))
@village_option
@period_option
@click.option("--on", "held_on", type=DAY, help=str(gettext_lazy("哪天开的，默认今天")))
@click.option("--attend", required=True, metavar="LOGINS", help=str(gettext_lazy("到会的人，用逗号隔开")))
@click.option("--minutes", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@in_county
def hold(
    work: Work,
    village: str,
    period: str,
    held_on: date | None,
    attend: str,
    minutes: Path | None,
    key: str | None,
) -> None:
    unit, month = village_by_code(village), Period.parse(period)
    logins = [login.strip() for login in attend.replace("，", ",").split(",") if login.strip()]
    day = held_on or clock.today()
    held = hold_meeting(
        actor=work.actor,
        unit_id=unit.pk,
        period=month,
        held_on=day,
        attendee_ids=[user_by_login(login).pk for login in logins],
        minutes=(minutes.name, minutes.read_bytes()) if minutes else None,
        key=key or f"meeting:{unit.code}:{month}:{day}",
    )
    # Of a meeting that was recorded before, what stands there.
    present = Attendance.objects.filter(meeting=held).count()
    facts = {"meeting": held.pk, "present": present, "members": held.members}
    work.answer(facts, _("第%(meeting)s次评议会：委员%(members)s人，到会%(present)s人。") % facts)


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
    unit = village_by_code(village)
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
