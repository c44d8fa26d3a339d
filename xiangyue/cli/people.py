"""Commands for households, their cards, and offices."""

from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.cli.options import village_option
from xiangyue.kernel import clock
from xiangyue.people.models import Appointment, Household, Sex
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.appointments import appoint, end_appointment
from xiangyue.people.operations.cards import issue_card, revoke_card
from xiangyue.people.permissions import require
from xiangyue.people.queries import (
    appointments_below,
    household_by_number,
    households_in,
    leaf_labels,
    unit_by_code,
    village_by_code,
)
from xiangyue.users.queries import user_by_login

number_argument = click.argument("number")
unit_option = click.option(
    "--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位，写代码"))
)


@click.group(help=str(gettext_lazy("农户：一户一档")))
def household() -> None:
    pass


@household.command("list", help=str(gettext_lazy("列出一个村的农户")))
@village_option
@in_county
def list_households(work: Work, village: str) -> None:
    unit = village_by_code(village)
    require(work.actor, Act.READ_HOUSEHOLDS, unit)
    rows = [
        {
            "number": line.household.number,
            "head": line.head,
            "unit": line.label,
            "residents": line.residents,
            "party_members": line.party_members,
        }
        for line in households_in(unit)
    ]
    columns = (_("户号"), _("户主"), _("网格和联户组"), _("人数"), _("党员"))
    title = _("%(village)s　%(count)s户") % {"village": unit.name, "count": len(rows)}
    shown = table(title, columns, (row.values() for row in rows))
    work.answer({"village": unit.code, "households": rows}, shown)


@household.command(help=str(gettext_lazy("看一户：有哪些人")))
@number_argument
@village_option
@in_county
def show(work: Work, number: str, village: str) -> None:
    found = household_by_number(village=village_by_code(village), number=number)
    require(work.actor, Act.READ_HOUSEHOLDS, found.unit)
    facts = _household_facts(found)
    columns = (_("姓名"), _("性别"), _("出生"), _("户主"), _("党员"))
    rows = [
        (
            each["name"],
            Sex(each["sex"]).label if each["sex"] else "",
            each["born"] or "",
            "✓" if each["head"] else "",
            "✓" if each["party_member"] else "",
        )
        for each in facts["residents"]
    ]
    title = "　".join(filter(None, (found.number, facts["unit"], found.address)))
    work.answer(facts, table(title, columns, rows))


def _household_facts(found: Household) -> dict[str, Any]:
    return {
        "number": found.number,
        "id": found.public_id,
        "village": found.village.code,
        "unit": leaf_labels(found.unit)[found.unit_id],
        "address": found.address,
        "joined_on": found.joined_on,
        "residents": [
            {
                "name": resident.name,
                "sex": resident.sex,
                "born": resident.born,
                "head": resident.is_head,
                "party_member": resident.is_party_member,
            }
            for resident in found.residents.all()
        ],
    }


@click.group(help=str(gettext_lazy("农户的卡：没有手机也能看账、兑换")))
def card() -> None:
    pass


@card.command(help=str(gettext_lazy("给一户发卡，旧卡随即作废；密码只显示这一次")))
@number_argument
@village_option
@in_county
def issue(work: Work, number: str, village: str) -> None:
    found = household_by_number(village=village_by_code(village), number=number)
    made = issue_card(actor=work.actor, household_id=found.pk)
    facts = {"number": found.number, "address": made.address, "pin": made.pin}
    work.answer(
        facts,
        _("%(number)s户的卡：%(address)s") % facts,
        _("密码：%(pin)s。请当面交给这一户，以后查不到。") % facts,
    )


@card.command(help=str(gettext_lazy("作废一户的卡")))
@number_argument
@village_option
@in_county
def revoke(work: Work, number: str, village: str) -> None:
    found = household_by_number(village=village_by_code(village), number=number)
    revoke_card(actor=work.actor, household_id=found.pk)
    facts = {"number": found.number}
    work.answer(facts, _("%(number)s户的卡作废了。") % facts)


@click.group(help=str(gettext_lazy("任职：谁在哪里担任什么职务")))
def office() -> None:
    pass


@office.command("list", help=str(gettext_lazy("列出一个单位和它下面的任职")))
@unit_option
@in_county
def list_offices(work: Work, code: str) -> None:
    unit = unit_by_code(code)
    require(work.actor, Act.READ_HOUSEHOLDS, unit)
    labels = leaf_labels(unit)
    rows = [_appointment_facts(each, labels[each.unit_id]) for each in appointments_below(unit)]
    columns = (_("编号"), _("姓名"), _("登录名"), _("职务"), _("单位"), _("起"), _("止"))
    shown = [
        (
            row["id"],
            row["name"],
            row["login"],
            Office(row["office"]).label,
            row["unit_name"],
            row["since"],
            row["until"] or "",
        )
        for row in rows
    ]
    work.answer({"unit": code, "appointments": rows}, table(unit.name, columns, shown))


@office.command("appoint", help=str(gettext_lazy("任命：WHO是登录名")))
@click.argument("who")
@click.option(
    "--office",
    "title",
    required=True,
    type=click.Choice([each.value for each in Office]),
    help=str(gettext_lazy("什么职务")),
)
@unit_option
@click.option("--since", type=DAY, help=str(gettext_lazy("从哪天起，不写就是今天")))
@click.option("--until", type=DAY, help=str(gettext_lazy("到哪天为止，不写就一直担任")))
@in_county
def appoint_(work: Work, who: str, title: str, code: str, since: date | None, until: date | None) -> None:
    unit = unit_by_code(code)
    made = appoint(
        actor=work.actor,
        user_id=user_by_login(who).pk,
        office=Office(title),
        unit_id=unit.pk,
        since=since or clock.today(),
        until=until,
    )
    facts = _appointment_facts(made, leaf_labels(unit)[unit.pk])
    words = {**facts, "office": Office(title).label}
    work.answer(facts, _("%(name)s从%(since)s起是%(unit_name)s的%(office)s。") % words)


@office.command(help=str(gettext_lazy("免职：ID是office list里的编号")))
@click.argument("appointment_id", metavar="ID", type=int)
@click.option("--until", type=DAY, help=str(gettext_lazy("最后一天是哪天，不写就是今天")))
@in_county
def end(work: Work, appointment_id: int, until: date | None) -> None:
    ended = end_appointment(actor=work.actor, appointment_id=appointment_id, until=until or clock.today())
    facts = _appointment_facts(ended, leaf_labels(ended.unit)[ended.unit_id])
    words = {**facts, "office": Office(ended.office).label}
    work.answer(facts, _("%(name)s担任%(unit_name)s的%(office)s，到%(until)s为止。") % words)


def _appointment_facts(appointment: Appointment, unit_label: str) -> dict[str, Any]:
    return {
        "id": appointment.pk,
        "name": appointment.user.name,
        "login": appointment.user.login,
        "office": appointment.office,
        "unit": appointment.unit.code,
        "unit_name": unit_label,
        "since": appointment.since,
        "until": appointment.until,
    }
