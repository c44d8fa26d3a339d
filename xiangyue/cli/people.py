"""Commands for households and their cards; those for offices are in `offices.py`."""

from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.options import village_option
from xiangyue.people.models import Household, Sex
from xiangyue.people.offices import Act
from xiangyue.people.operations.cards import issue_card, revoke_card
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, households_in, leaf_labels, village_by_code

number_argument = click.argument("number")


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


@card.command(help=str(gettext_lazy("给一户发卡，旧卡随即作废；密码和绑定码只显示这一次")))
@number_argument
@village_option
@in_county
def issue(work: Work, number: str, village: str) -> None:
    found = household_by_number(village=village_by_code(village), number=number)
    made = issue_card(actor=work.actor, household_id=found.pk)
    facts = {
        "number": found.number,
        "address": made.address,
        "pin": made.pin,
        "till_pin": made.till_pin,
        "code": made.code,
    }
    work.answer(
        facts,
        _("%(number)s户的卡：%(address)s") % facts,
        _("登录密码：%(pin)s；兑换密码：%(till_pin)s。请当面交给这一户，以后查不到。") % facts,
        _("绑定码：%(code)s。这一户用它把账绑到手机上，用一次就作废。") % facts,
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
