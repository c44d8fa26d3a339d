"""Commands for one resident: finding, correcting, what is kept of them and who read it, erasing, what ties them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.cli.common import DAY, Work, in_county, table, write_new
from xiangyue.cli.options import household_option, village_option
from xiangyue.kernel import clock
from xiangyue.people.models import Gift, Hardship, Kin, Relation, Resident, Sex
from xiangyue.people.offices import Act
from xiangyue.people.operations import circumstances, consents, erasing, relations, residents
from xiangyue.people.permissions import require
from xiangyue.people.person import acts_shown, as_data, as_workbook, cell, due_below, resident_by_id
from xiangyue.people.queries import household_by_number, unit_by_code, village_by_code
from xiangyue.people.search import search
from xiangyue.users.queries import user_by_login

Command = Callable[..., Any]

resident_argument = click.argument("resident_id", metavar="ID", type=int)
reason_option = click.option("--reason", required=True, metavar="TEXT", help=str(gettext_lazy("为什么")))
on_option = click.option("--on", type=DAY, help=str(gettext_lazy("哪一天，不写就是今天")))
until_option = click.option("--until", type=DAY, help=str(gettext_lazy("最后一天，不写就是今天")))


def facts_options(command: Command) -> Command:
    """Add the options for what is known of a resident."""
    options = (
        click.option("--name", metavar="TEXT", help=str(gettext_lazy("姓名"))),
        click.option("--sex", type=click.Choice(Sex.values), help=str(gettext_lazy("性别：F女，M男"))),
        click.option("--born", type=DAY, help=str(gettext_lazy("出生日期；小孩只留年份"))),
        click.option(
            "--relation", type=click.Choice(Relation.values), help=str(gettext_lazy("与户主的关系"))
        ),
        click.option(
            "--party/--no-party", "is_party_member", default=None, help=str(gettext_lazy("是不是党员"))
        ),
        click.option(
            "--elsewhere/--here", "lives_elsewhere", default=None, help=str(gettext_lazy("是不是住在外地"))
        ),
        click.option("--phone", metavar="NUMBER", help=str(gettext_lazy("电话；写成空的就是不留了"))),
        click.option(
            "--id-number",
            metavar="NUMBER",
            help=str(gettext_lazy("身份证号；方案不收就不能写，写成空的就是不留了")),
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(help=str(gettext_lazy("村民：查找、更正、离开、删除，亲属、包户、贡献、同意书")))
def resident() -> None:
    pass


@resident.command(help=str(gettext_lazy("查找：姓名、拼音、户号，电话或身份证的后四位")))
@click.argument("text")
@click.option("--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("在哪个单位里找")))
@click.option("--gone", is_flag=True, help=str(gettext_lazy("销了户、不在了的也找")))
@in_county
def find(work: Work, text: str, code: str, gone: bool) -> None:
    found = search(actor=work.actor, unit=unit_by_code(code), text=text, with_gone=gone)
    columns = ("ID", _("姓名"), _("户主"), _("村"), _("户号"), _("网格和联户组"), _("离开日期"))
    rows = [
        (
            each.resident or "",
            each.name,
            "✓" if each.is_head else "",
            each.village,
            each.number,
            each.label,
            each.left_on or "",
        )
        for each in found.lines
    ]
    facts = {"found": [vars(each) for each in found.lines], "more": found.has_more}
    more = _("还有没列出来的，请多写几个字。") if found.has_more else ""
    work.answer(facts, table("", columns, rows), more)


@resident.command(help=str(gettext_lazy("添一个人：出生、嫁娶、迁入")))
@village_option
@household_option
@facts_options
@click.option("--reason", default="", metavar="TEXT", help=str(gettext_lazy("为什么")))
@in_county
def add(work: Work, village: str, household: str, reason: str, **given: Any) -> None:
    home = household_by_number(village=village_by_code(village), number=household)
    facts = _given(given)
    made = residents.add_resident(actor=work.actor, household_id=home.pk, facts=facts, reason=reason)
    _told(work, made, _("%(name)s添到%(number)s户了，编号%(id)s。"))


@resident.command(help=str(gettext_lazy("更正一个人的资料：只写要改的")))
@resident_argument
@facts_options
@reason_option
@in_county
def correct(work: Work, resident_id: int, reason: str, **given: Any) -> None:
    facts = _given(given)
    corrected = residents.correct_resident(
        actor=work.actor, resident_id=resident_id, facts=facts, reason=reason
    )
    _told(work, corrected, _("%(name)s（%(number)s户）的资料更正了。"))


@resident.command(help=str(gettext_lazy("记下一个人去世了")))
@resident_argument
@on_option
@in_county
def died(work: Work, resident_id: int, on: date | None) -> None:
    gone = residents.record_death(actor=work.actor, resident_id=resident_id, on=on or clock.today())
    _told(work, gone, _("记下了：%(name)s（%(number)s户）去世，%(left_on)s起不在册。"))


@resident.command(help=str(gettext_lazy("记下一个人迁走了；只是在外地打工的不算")))
@resident_argument
@on_option
@in_county
def left(work: Work, resident_id: int, on: date | None) -> None:
    gone = residents.record_departure(actor=work.actor, resident_id=resident_id, on=on or clock.today())
    _told(work, gone, _("记下了：%(name)s（%(number)s户）%(left_on)s迁走。"))


@resident.command(help=str(gettext_lazy("恢复：去世或者迁走记错了，或者人回来了")))
@resident_argument
@reason_option
@in_county
def back(work: Work, resident_id: int, reason: str) -> None:
    there = residents.take_back(actor=work.actor, resident_id=resident_id, reason=reason)
    _told(work, there, _("%(name)s又在%(number)s户的册上了。"))


@resident.command(help=str(gettext_lazy("把存下的这个人的全部资料拿出来，给本人")))
@resident_argument
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help=str(gettext_lazy("写成xlsx")))
@in_county
def show(work: Work, resident_id: int, file: Path | None) -> None:
    sections = residents.take_out(actor=work.actor, resident_id=resident_id)
    if file:
        write_new(file, as_workbook(sections))
        work.answer({"file": str(file)}, _("写好了：%(file)s。") % {"file": file})
        return
    shown: list[RenderableType] = [
        table(
            each.title,
            list(each.headers.values()),
            [[cell(row.get(field)) for field in each.headers] for row in each.rows],
        )
        for each in sections
        if each.rows
    ]
    work.answer(as_data(sections), *shown)


@resident.command(help=str(gettext_lazy("谁看过、改过这个人的资料")))
@resident_argument
@in_county
def readers(work: Work, resident_id: int) -> None:
    acts = acts_shown(actor=work.actor, resident_id=resident_id)
    columns = (_("时间"), _("谁"), _("做了什么"), _("对什么"), _("理由"))
    work.answer({"acts": acts}, table("", columns, [row.values() for row in acts]))


@resident.command(help=str(gettext_lazy("删除一个人的资料，删了就找不回来；积分账和公示不变")))
@resident_argument
@click.option("--error", is_flag=True, help=str(gettext_lazy("本来就登记错了")))
@click.option("--yes", is_flag=True, help=str(gettext_lazy("不再问一遍")))
@in_county
def erase(work: Work, resident_id: int, error: bool, yes: bool) -> None:
    found = resident_by_id(resident_id)
    require(work.actor, Act.MANAGE_PEOPLE, found.household.unit)
    if not yes:
        question = _("%(name)s（%(number)s户）的资料删了就找不回来。要删吗？")
        click.confirm(question % {"name": found.name, "number": found.household.number}, abort=True, err=True)
    ground = erasing.Ground.ERROR if error else erasing.Ground.REQUEST
    erasing.erase_resident(actor=work.actor, resident_id=resident_id, ground=ground)
    work.answer({"erased": resident_id}, _("编号%(id)s的资料删除了。") % {"id": resident_id})


@resident.command(help=str(gettext_lazy("保存期满、就要删除资料的人")))
@click.option("--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("在哪个单位里找")))
@in_county
def due(work: Work, code: str) -> None:
    rows = [
        (each.pk, each.name, each.household.village.name, each.household.number, each.left_on or "")
        for each in due_below(actor=work.actor, unit=unit_by_code(code))
    ]
    columns = ("ID", _("姓名"), _("村"), _("户号"), _("离开日期"))
    facts = {"due": [{"id": row[0], "village": row[2], "number": row[3], "left_on": row[4]} for row in rows]}
    work.answer(facts, table("", columns, rows))


@resident.command(help=str(gettext_lazy("登记近亲属：OTHER是ID的什么人")))
@resident_argument
@click.argument("other_id", metavar="OTHER", type=int)
@click.option("--kin", type=click.Choice(Kin.values), required=True, help=str(gettext_lazy("什么关系")))
@in_county
def kin(work: Work, resident_id: int, other_id: int, kin: str) -> None:
    made = relations.register_kin(actor=work.actor, resident_id=resident_id, other_id=other_id, kin=Kin(kin))
    work.answer({"kinship": made.pk}, _("登记好了，编号%(id)s。评议时两家互相回避。") % {"id": made.pk})


@resident.command("kin-end", help=str(gettext_lazy("结束近亲属关系：ID是登记时的编号")))
@click.argument("kinship_id", metavar="ID", type=int)
@until_option
@reason_option
@in_county
def kin_end(work: Work, kinship_id: int, until: date | None, reason: str) -> None:
    day = until or clock.today()
    ended = relations.end_kin(actor=work.actor, kinship_id=kinship_id, until=day, reason=reason)
    work.answer({"kinship": ended.pk, "until": day}, _("到%(until)s为止。") % {"until": day})


@resident.command(help=str(gettext_lazy("定一个党员或者干部包一户")))
@click.argument("who")
@village_option
@household_option
@in_county
def mentor(work: Work, who: str, village: str, household: str) -> None:
    home = household_by_number(village=village_by_code(village), number=household)
    user = user_by_login(who)
    made = relations.assign_mentor(actor=work.actor, household_id=home.pk, user_id=user.pk)
    told = _("%(name)s包%(number)s户，编号%(id)s。") % {
        "name": user.name,
        "number": home.number,
        "id": made.pk,
    }
    work.answer({"mentorship": made.pk}, told)


@resident.command("mentor-end", help=str(gettext_lazy("不再包这一户：ID是包户的编号")))
@click.argument("mentorship_id", metavar="ID", type=int)
@until_option
@in_county
def mentor_end(work: Work, mentorship_id: int, until: date | None) -> None:
    day = until or clock.today()
    ended = relations.end_mentorship(actor=work.actor, mentorship_id=mentorship_id, until=day)
    work.answer({"mentorship": ended.pk, "until": day}, _("到%(until)s为止。") % {"until": day})


@resident.command(help=str(gettext_lazy("记下一个人给村里的贡献")))
@resident_argument
@click.option("--gift", type=click.Choice(Gift.values), required=True, help=str(gettext_lazy("种类")))
@click.option("--what", required=True, metavar="TEXT", help=str(gettext_lazy("贡献了什么")))
@click.option("--fen", type=int, help=str(gettext_lazy("钱款多少分（100分是1元）")))
@on_option
@in_county
def gave(work: Work, resident_id: int, gift: str, what: str, fen: int | None, on: date | None) -> None:
    made = relations.record_contribution(
        actor=work.actor,
        resident_id=resident_id,
        gift=Gift(gift),
        what=what,
        given_on=on or clock.today(),
        fen=fen,
    )
    work.answer({"contribution": made.pk}, _("记下了，编号%(id)s。") % {"id": made.pk})


@resident.command("gave-strike", help=str(gettext_lazy("去掉记错的贡献：ID是贡献的编号")))
@click.argument("contribution_id", metavar="ID", type=int)
@reason_option
@in_county
def gave_strike(work: Work, contribution_id: int, reason: str) -> None:
    relations.strike_contribution(actor=work.actor, contribution_id=contribution_id, reason=reason)
    work.answer({"struck": contribution_id}, _("去掉了。"))


@resident.command(help=str(gettext_lazy("看一个人的困难情况；每看一次都会记下来")))
@resident_argument
@in_county
def hardships(work: Work, resident_id: int) -> None:
    found = circumstances.read_circumstances(actor=work.actor, resident_id=resident_id)
    columns = ("ID", _("困难情况"), _("说明"), _("从哪天"), _("到哪天"))
    rows = [(each.id, each.hardship.label, each.note, each.since, each.until or "") for each in found]
    work.answer({"hardships": [vars(each) for each in found]}, table("", columns, rows))


@resident.command(help=str(gettext_lazy("记下一个人的困难情况，加密存放")))
@resident_argument
@click.option("--kind", type=click.Choice(Hardship.values), required=True, help=str(gettext_lazy("哪一种")))
@click.option("--note", default="", metavar="TEXT", help=str(gettext_lazy("说明")))
@in_county
def hardship(work: Work, resident_id: int, kind: str, note: str) -> None:
    made = circumstances.record_circumstance(
        actor=work.actor, resident_id=resident_id, hardship=Hardship(kind), note=note
    )
    work.answer({"hardship": made.pk}, _("记下了，编号%(id)s。") % {"id": made.pk})


@resident.command("hardship-end", help=str(gettext_lazy("困难情况结束了：ID是它的编号")))
@click.argument("circumstance_id", metavar="ID", type=int)
@until_option
@in_county
def hardship_end(work: Work, circumstance_id: int, until: date | None) -> None:
    day = until or clock.today()
    circumstances.end_circumstance(actor=work.actor, circumstance_id=circumstance_id, until=day)
    work.answer({"hardship": circumstance_id, "until": day}, _("到%(until)s为止。") % {"until": day})


@resident.command(help=str(gettext_lazy("同意把本户积分给别人看：只能本户的人自己办（--as）")))
@village_option
@household_option
@click.option("--receiver", required=True, metavar="TEXT", help=str(gettext_lazy("给谁")))
@click.option("--purpose", required=True, metavar="TEXT", help=str(gettext_lazy("做什么用")))
@click.option("--until", type=DAY, required=True, help=str(gettext_lazy("到哪天为止")))
@in_county
def consent(work: Work, village: str, household: str, receiver: str, purpose: str, until: date) -> None:
    home = household_by_number(village=village_by_code(village), number=household)
    made = consents.give_consent(
        actor=work.actor, household_id=home.pk, receiver=receiver, purpose=purpose, until=until
    )
    facts = {"consent": made.pk, "receiver": made.receiver, "until": made.until}
    work.answer(
        facts, _("记下了，编号%(consent)s：同意给%(receiver)s，到%(until)s为止，随时可以收回。") % facts
    )


@resident.command("consent-withdraw", help=str(gettext_lazy("收回同意：只能本户的人自己办（--as）")))
@click.argument("consent_id", metavar="ID", type=int)
@in_county
def consent_withdraw(work: Work, consent_id: int) -> None:
    consents.withdraw_consent(actor=work.actor, consent_id=consent_id)
    work.answer({"withdrawn": consent_id}, _("收回了，从现在起对方看不到了。"))


def _given(options: dict[str, Any]) -> residents.Facts:
    facts = {name: value for name, value in options.items() if value is not None}
    if not facts:
        raise click.UsageError(_("请至少写一项资料。"))
    if "relation" in facts:
        facts["relation"] = Relation(facts["relation"])
    return cast("residents.Facts", facts)


def _told(work: Work, changed: Resident, words: str) -> None:
    facts = {
        "id": changed.pk,
        "name": changed.name,
        "number": changed.household.number,
        "left_on": changed.left_on,
    }
    work.answer(facts, words % facts)
