"""Commands for who acts for a household: members, claims, codes, help on its behalf, what it asks for."""

from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.options import household_option, village_option
from xiangyue.cli.people import household, number_argument
from xiangyue.cli.tree import unit
from xiangyue.kernel import clock
from xiangyue.people.memberships import claims_below, members_of, requests_below, visits_to
from xiangyue.people.models import (
    Binding,
    Household,
    HouseholdRequest,
    MembershipClaim,
    RequestState,
    Topic,
    Wanted,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations import claims, helping, memberships, wishes
from xiangyue.people.operations.cards import new_code
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, resident_named, unit_by_code, village_by_code

unit_option = click.option(
    "--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位，写代码"))
)
claim_argument = click.argument("claim_id", metavar="ID", type=int)
request_argument = click.argument("request_id", metavar="ID", type=int)


@click.group(help=str(gettext_lazy("成员：谁用自己的手机替哪一户办事")))
def member() -> None:
    pass


@member.command("list", help=str(gettext_lazy("列出一户的成员")))
@number_argument
@village_option
@in_county
def list_members(work: Work, number: str, village: str) -> None:
    found = _found(number, village)
    require(work.actor, Act.READ_HOUSEHOLDS, found.unit)
    rows: list[dict[str, Any]] = [
        {
            "id": each.pk,
            "login": each.user.login,
            "name": each.user.name,
            "resident": each.resident.name if each.resident else "",
            "how": each.how,
            "since": each.since,
            "may_redeem": each.may_redeem,
        }
        for each in members_of(found)
    ]
    columns = ("ID", _("登录名"), _("姓名"), _("是家里的谁"), _("怎么加入的"), _("从哪天"), _("能兑换"))
    shown = (
        (*list(row.values())[:4], Binding(row["how"]).label, row["since"], "✓" if row["may_redeem"] else "")
        for row in rows
    )
    work.answer({"number": found.number, "members": rows}, table("", columns, shown))


@member.command("claims", help=str(gettext_lazy("列出等确认的申请：谁说自己是哪一户的")))
@unit_option
@in_county
def list_claims(work: Work, code: str) -> None:
    unit = unit_by_code(code)
    require(work.actor, Act.CONFIRM_MEMBERS, unit)
    rows: list[dict[str, Any]] = [
        {
            "id": each.pk,
            "village": each.household.village.name,
            "number": each.household.number,
            "name": each.name,
            "login": each.user.login,
            "made_at": each.made_at,
        }
        for each in claims_below(unit)
    ]
    columns = ("ID", _("村"), _("户号"), _("自己写的名字"), _("登录名"), _("哪天申请的"))
    shown = ((*list(row.values())[:5], clock.local_day(row["made_at"])) for row in rows)
    work.answer({"claims": rows}, table("", columns, shown))


@member.command(help=str(gettext_lazy("申请加入一户：说自己是哪一户的谁（--as 是申请的人）")))
@village_option
@household_option
@click.option("--name", required=True, help=str(gettext_lazy("户册上的名字")))
@in_county
def claim(work: Work, village: str, household: str, name: str) -> None:
    found = _found(household, village)
    made = claims.claim_membership(actor=work.actor, household_id=found.pk, name=name)
    facts = {"id": made.pk, "number": found.number}
    work.answer(facts, _("申请好了，编号%(id)s。等网格员或者村干部确认。") % facts)


@member.command(help=str(gettext_lazy("确认申请的人就是这一户的，从现在起他能替这一户办事")))
@claim_argument
@click.option("--resident", metavar="NAME", help=str(gettext_lazy("是家里的谁；不写就是住在别处的亲属")))
@in_county
def confirm(work: Work, claim_id: int, resident: str | None) -> None:
    asked = MembershipClaim.objects.filter(id=claim_id).select_related("household__unit").first()
    resident_id = None
    if asked and resident:
        require(work.actor, Act.CONFIRM_MEMBERS, asked.household.unit)
        resident_id = resident_named(asked.household, resident).pk
    made = claims.confirm_claim(actor=work.actor, claim_id=claim_id, resident_id=resident_id)
    facts = {"membership": made.pk, "number": made.household.number, "login": made.user.login}
    work.answer(facts, _("确认了，“%(login)s”能替%(number)s户办事了。") % facts)


@member.command(help=str(gettext_lazy("不确认，写明为什么；申请的人看得到")))
@claim_argument
@click.option("--reason", required=True, help=str(gettext_lazy("为什么")))
@in_county
def decline(work: Work, claim_id: int, reason: str) -> None:
    claims.decline_claim(actor=work.actor, claim_id=claim_id, reason=reason)
    work.answer({"declined": claim_id}, _("答复了：没有确认。"))


@member.command(help=str(gettext_lazy("收回自己的申请")))
@claim_argument
@in_county
def withdraw(work: Work, claim_id: int) -> None:
    claims.withdraw_claim(actor=work.actor, claim_id=claim_id)
    work.answer({"withdrawn": claim_id}, _("收回了。"))


@member.command(help=str(gettext_lazy("给一户一个新的绑定码：再绑一部手机，用一次就作废；旧的随即作废")))
@number_argument
@village_option
@in_county
def code(work: Work, number: str, village: str) -> None:
    found = _found(number, village)
    facts = {"number": found.number, "code": new_code(actor=work.actor, household_id=found.pk)}
    work.answer(facts, _("%(number)s户的绑定码：%(code)s。请当面交给这一户，以后查不到。") % facts)


@member.command(help=str(gettext_lazy("用绑定码加入一户（--as 是加入的人）")))
@village_option
@household_option
@click.option("--code", "code_", prompt=str(gettext_lazy("绑定码")), help=str(gettext_lazy("八位的绑定码")))
@click.option("--name", default="", help=str(gettext_lazy("是家里的谁；不写就是住在别处的亲属")))
@in_county
def bind(work: Work, village: str, household: str, code_: str, name: str) -> None:
    made = memberships.bind_with_code(
        actor=work.actor, code=code_, village_id=village_by_code(village).pk, number=household, name=name
    )
    facts = {"membership": made.pk, "number": made.household.number}
    work.answer(facts, _("加入了%(number)s户。") % facts)


@member.command(help=str(gettext_lazy("解除一个成员：从现在起他不能再替这一户办事")))
@click.argument("membership_id", metavar="ID", type=int)
@in_county
def end(work: Work, membership_id: int) -> None:
    ended = memberships.end_membership(actor=work.actor, membership_id=membership_id)
    facts = {"membership": ended.pk, "number": ended.household.number, "name": ended.user.name}
    work.answer(facts, _("%(name)s不能再替%(number)s户办事了。") % facts)


@member.command(help=str(gettext_lazy("定一个成员能不能出示积分码、兑换：只能这一户自己定")))
@click.argument("membership_id", metavar="ID", type=int)
@click.option("--may/--may-not", default=True, help=str(gettext_lazy("能，还是不能")))
@in_county
def redeem(work: Work, membership_id: int, may: bool) -> None:
    done = memberships.set_redeeming(actor=work.actor, membership_id=membership_id, may_redeem=may)
    told = _("能兑换了。") if done.may_redeem else _("不能兑换了。")
    work.answer({"membership": done.pk, "may_redeem": done.may_redeem}, told)


@household.command("help", help=str(gettext_lazy("开始替一户代办（--as 是代办的人），这一户看得到")))
@number_argument
@village_option
@click.option("--reason", default="", metavar="TEXT", help=str(gettext_lazy("办什么事")))
@in_county
def begin_help(work: Work, number: str, village: str, reason: str) -> None:
    found = _found(number, village)
    visit = helping.begin_helping(actor=work.actor, household_id=found.pk, reason=reason)
    facts = {"visit": visit.pk, "number": found.number, "allowed": visit.allowed_at is not None}
    told = _("替%(number)s户代办开始了，编号%(visit)s，两小时里有效。")
    waits = _("%(number)s户要先同意。已经问了，编号%(visit)s。")
    work.answer(facts, (told if visit.allowed_at else waits) % facts)


@household.command("help-end", help=str(gettext_lazy("结束代办：ID是代办的编号")))
@click.argument("visit_id", metavar="ID", type=int)
@in_county
def end_help(work: Work, visit_id: int) -> None:
    helping.end_helping(actor=work.actor, visit_id=visit_id)
    work.answer({"visit": visit_id}, _("代办结束了。"))


@household.command("helped", help=str(gettext_lazy("谁替一户代办过，什么时候")))
@number_argument
@village_option
@in_county
def helped(work: Work, number: str, village: str) -> None:
    found = _found(number, village)
    require(work.actor, Act.READ_HOUSEHOLDS, found.unit)
    rows: list[dict[str, Any]] = [
        {
            "id": each.pk,
            "helper": each.helper.name,
            "reason": each.reason,
            "asked_at": each.asked_at,
            "allowed_at": each.allowed_at,
            "ended_at": each.ended_at,
        }
        for each in visits_to(found)
    ]
    columns = ("ID", _("谁"), _("办什么事"), _("什么时候来的"), _("同意了"), _("结束了"))
    shown = (
        (
            *(row["id"], row["helper"], row["reason"]),
            f"{row['asked_at'].astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
            "✓" if row["allowed_at"] else "",
            "✓" if row["ended_at"] else "",
        )
        for row in rows
    )
    work.answer({"number": found.number, "visits": rows}, table("", columns, shown))


@household.command("requests", help=str(gettext_lazy("列出各户等办理的请求：更正资料、补发积分卡")))
@unit_option
@in_county
def list_requests(work: Work, code: str) -> None:
    unit = unit_by_code(code)
    require(work.actor, Act.MANAGE_PEOPLE, unit)
    rows = [_request_facts(each) for each in requests_below(unit)]
    columns = ("ID", _("村"), _("户号"), _("要什么"), _("关于什么"), _("怎么说的"), _("最晚哪天答复"))
    shown = (
        (
            *(row["id"], row["village"], row["number"], Wanted(row["wanted"]).label),
            *(Topic(row["topic"]).label if row["topic"] else "", row["text"], row["answer_by"]),
        )
        for row in rows
    )
    work.answer({"requests": rows}, table("", columns, shown))


@household.command("request", help=str(gettext_lazy("请求更正一户的资料：本户的人办，或者代办（--as）")))
@number_argument
@village_option
@click.option("--topic", type=click.Choice(Topic.values), required=True, help=str(gettext_lazy("关于什么")))
@click.option("--text", required=True, metavar="TEXT", help=str(gettext_lazy("哪里不对，应该是什么")))
@in_county
def ask(work: Work, number: str, village: str, topic: str, text: str) -> None:
    found = _found(number, village)
    made = wishes.request_correction(actor=work.actor, household_id=found.pk, what=Topic(topic), text=text)
    facts = {"request": made.pk, "answer_by": made.answer_by}
    work.answer(facts, _("记下了，编号%(request)s，%(answer_by)s以前答复。") % facts)


@household.command("answer", help=str(gettext_lazy("答复一户的请求；这一户看得到")))
@request_argument
@click.option("--done/--declined", "is_done", required=True, help=str(gettext_lazy("办好了，还是没有办")))
@click.option("--text", required=True, metavar="TEXT", help=str(gettext_lazy("怎么办的，或者为什么没有办")))
@in_county
def answer_one(work: Work, request_id: int, is_done: bool, text: str) -> None:
    done = wishes.answer_request(actor=work.actor, request_id=request_id, is_done=is_done, answer=text)
    facts = {"request": done.pk, "state": done.state}
    work.answer(facts, _("答复了：%(state)s。") % {"state": RequestState(done.state).label})


@unit.command("rank", help=str(gettext_lazy("定一个村要不要公开给农户排名")))
@click.argument("code", metavar="CODE")
@click.option("--yes/--no", "is_ranked", required=True, help=str(gettext_lazy("排，还是不排")))
@in_county
def rank_village(work: Work, code: str, is_ranked: bool) -> None:
    done = wishes.set_village_ranking(
        actor=work.actor, village_id=village_by_code(code).pk, is_ranked=is_ranked
    )
    told = _("%(village)s公开排名。") if done.is_ranked else _("%(village)s不公开排名了。")
    work.answer({"village": done.code, "ranked": done.is_ranked}, told % {"village": done.name})


def _found(number: str, village: str) -> Household:
    return household_by_number(village=village_by_code(village), number=number)


def _request_facts(each: HouseholdRequest) -> dict[str, Any]:
    return {
        "id": each.pk,
        "village": each.household.village.name,
        "number": each.household.number,
        "wanted": each.wanted,
        "topic": each.topic,
        "text": each.text,
        "made_at": each.made_at,
        "answer_by": each.answer_by,
        "on_behalf": each.is_on_behalf,
    }
