"""Commands for the life of a catalogue: what people say of a draft, the vote, what hinders it, putting it in force."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.operations.deliberating import Count, answer, deliberate, record_vote, say
from xiangyue.catalogue.operations.enacting import clear_question, enact, what_hinders
from xiangyue.catalogue.operations.reviewing import record_review
from xiangyue.catalogue.queries import feedback_of, newest_draft, rules_in_force
from xiangyue.catalogue.refusals import finding_as_dict
from xiangyue.catalogue.rules.terms import Window
from xiangyue.catalogue.rules.times import window_of
from xiangyue.cli.catalogue import FILE, catalogue, facts_of, hindrance_table, unit_option
from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.cli.options import key_option
from xiangyue.insight.use import use_of
from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.points import format_points
from xiangyue.people.queries import unit_by_code

minutes_option = click.option("--minutes", type=FILE, help=str(gettext_lazy("会议记录")))


@catalogue.command("deliberate", help=str(gettext_lazy("把草案拿给大家看，征求意见")))
@unit_option
@click.option("--until", type=DAY, required=True, help=str(gettext_lazy("征求到哪一天，那一天也算")))
@in_county
def deliberate_(work: Work, code: str, until: date) -> None:
    draft = deliberate(actor=work.actor, catalogue_id=newest_draft(unit_by_code(code)).pk, until=until)
    facts = {**facts_of(draft), "until": until}
    work.answer(facts, _("《%(name)s》征求意见到%(until)s。") % facts)


@catalogue.command("say", help=str(gettext_lazy("对征求意见的草案提一条意见")))
@click.argument("text")
@unit_option
@click.option(
    "--indicator", "number", default="", metavar="NUMBER", help=str(gettext_lazy("说的是哪一项，写编号"))
)
@key_option
@in_county
def say_(work: Work, text: str, code: str, number: str, key: str | None) -> None:
    draft = newest_draft(unit_by_code(code))
    said = say(actor=work.actor, catalogue_id=draft.pk, text=text, number=number, key=key or str(public_id()))
    work.answer({"feedback": said.pk}, _("记下了，第%(feedback)s号意见。") % {"feedback": said.pk})


@catalogue.command(help=str(gettext_lazy("列出对草案的意见和答复")))
@unit_option
@in_county
def feedback(work: Work, code: str) -> None:
    draft = newest_draft(unit_by_code(code))
    rows = [
        {
            "feedback": said.pk,
            "indicator": said.number,
            "household": said.household.number if said.household else "",
            "text": said.text,
            "answer": said.answer,
        }
        for said in feedback_of(draft, actor=work.actor)
    ]
    columns = (_("第几号"), _("指标"), _("户号"), _("意见"), _("答复"))
    shown = table("", columns, (row.values() for row in rows))
    work.answer({**facts_of(draft), "feedback": rows}, shown if rows else _("还没有人提意见。"))


@catalogue.command("answer", help=str(gettext_lazy("答复一条意见")))
@click.argument("feedback_id", type=int, metavar="ID")
@click.argument("text")
@in_county
def answer_(work: Work, feedback_id: int, text: str) -> None:
    said = answer(actor=work.actor, feedback_id=feedback_id, text=text)
    work.answer({"feedback": said.pk}, _("第%(feedback)s号意见答复了。") % {"feedback": said.pk})


@catalogue.command(help=str(gettext_lazy("记下表决结果；到会的人过半数赞成才算通过")))
@unit_option
@click.option("--held-on", type=DAY, help=str(gettext_lazy("哪天开的会，不写就是今天")))
@click.option("--eligible", type=int, required=True, help=str(gettext_lazy("应到几人")))
@click.option("--for", "votes_for", type=int, required=True, help=str(gettext_lazy("赞成几票")))
@click.option("--against", type=int, default=0, help=str(gettext_lazy("反对几票")))
@click.option("--abstained", type=int, default=0, help=str(gettext_lazy("弃权几票")))
@click.option("--minutes", type=FILE, required=True, help=str(gettext_lazy("会议记录")))
@in_county
def vote(
    work: Work,
    code: str,
    held_on: date | None,
    eligible: int,
    votes_for: int,
    against: int,
    abstained: int,
    minutes: Path,
) -> None:
    draft = newest_draft(unit_by_code(code))
    present = votes_for + against + abstained
    count = Count(held_on or clock.today(), eligible, present, votes_for, against, abstained)
    held = record_vote(
        actor=work.actor, catalogue_id=draft.pk, count=count, minutes=(minutes.name, minutes.read_bytes())
    )
    facts = {
        **facts_of(draft),
        "vote": held.pk,
        "carried": held.carried,
        "for": votes_for,
        "present": present,
    }
    line = _("《%(name)s》表决通过：到会%(present)s人，赞成%(for)s人。")
    if not held.carried:
        line = _("《%(name)s》没有通过：到会%(present)s人，赞成%(for)s人，没有过半数。")
    work.answer(facts, line % facts)


@catalogue.command(help=str(gettext_lazy("草案里有哪些地方不能施行，按哪一条，可以改成什么")))
@unit_option
@in_county
def hindrances(work: Work, code: str) -> None:
    draft = newest_draft(unit_by_code(code))
    found = what_hinders(draft)
    facts = {**facts_of(draft), "hindrances": [finding_as_dict(each) for each in found]}
    nothing = _("《%(name)s》没有不能施行的地方。") % facts
    work.answer(facts, *(hindrance_table(found) or [nothing]))


@catalogue.command(help=str(gettext_lazy("县里审核：字面有疑问的一项，写明理由放行；法定权利放不了")))
@unit_option
@click.option("--indicator", "number", default="", metavar="NUMBER", help=str(gettext_lazy("哪一项，写编号")))
@click.option("--code", "question", required=True, help=str(gettext_lazy("疑问的代号")))
@click.option("--reason", required=True, help=str(gettext_lazy("为什么可以")))
@in_county
def clear(work: Work, code: str, number: str, question: str, reason: str) -> None:
    draft = newest_draft(unit_by_code(code))
    cleared = clear_question(
        actor=work.actor, catalogue_id=draft.pk, number=number, code=question, reason=reason
    )
    facts = {**facts_of(draft), "number": number, "code": question, "clearance": cleared.pk}
    work.answer(facts, _("第%(number)s项的疑问放行了，理由记下了。") % facts)


@catalogue.command("enact", help=str(gettext_lazy("把表决通过的草案从某一天起施行")))
@unit_option
@click.option("--on", "on", type=DAY, required=True, help=str(gettext_lazy("从哪一天起")))
@in_county
def enact_(work: Work, code: str, on: date) -> None:
    draft = newest_draft(unit_by_code(code))
    facts = facts_of(enact(actor=work.actor, catalogue_id=draft.pk, on=on))
    work.answer(facts, _("《%(name)s》从%(in_force_from)s起在%(unit_name)s施行。") % facts)


@catalogue.command(help=str(gettext_lazy("一季里每一项用了多少：没人用的、用得太多的，一看就知道")))
@unit_option
@click.option("--quarter", type=DAY, required=True, help=str(gettext_lazy("哪一季，写其中任何一天")))
@in_county
def use(work: Work, code: str, quarter: date) -> None:
    first, last = window_of(Window.QUARTER, quarter)
    used = use_of(unit_by_code(code), first, min(last, clock.today()))
    columns = (_("编号"), _("板块"), _("指标"), _("几件"), _("几户"), _("加"), _("扣"), _("最近一次"))
    rows = [
        (
            each.number,
            each.category,
            each.title,
            each.deeds,
            each.households,
            format_points(each.plus),
            format_points(each.minus),
            each.last or "—",
        )
        for each in used
    ]
    idle = sum(not each.shares for each in used)
    line = _("%(all)s项里有%(idle)s项没有人用过。") % {"all": len(used), "idle": idle}
    facts = {"first": first, "last": last, "unused": idle, "indicators": [asdict(each) for each in used]}
    work.answer(facts, table("", columns, rows), line)


@catalogue.command(help=str(gettext_lazy("记下一季一次的复查")))
@unit_option
@click.option("--quarter", type=DAY, required=True, help=str(gettext_lazy("哪一季，写其中任何一天")))
@click.option("--held-on", type=DAY, help=str(gettext_lazy("哪天开的会，不写就是今天")))
@click.option("--findings", required=True, help=str(gettext_lazy("复查说了什么")))
@minutes_option
@in_county
def review(
    work: Work, code: str, quarter: date, held_on: date | None, findings: str, minutes: Path | None
) -> None:
    found = rules_in_force(unit_by_code(code), quarter).catalogues[-1]
    made = record_review(
        actor=work.actor,
        catalogue_id=found.pk,
        day=quarter,
        held_on=held_on or clock.today(),
        findings=findings,
        minutes=(minutes.name, minutes.read_bytes()) if minutes else None,
    )
    facts = {**facts_of(found), "review": made.pk, "quarter": made.quarter}
    work.answer(facts, _("《%(name)s》从%(quarter)s起这一季的复查记下了。") % facts)
