"""Commands that change households, and say how they stand; those that show them are in `people.py`."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.cli.options import key_option, village_option
from xiangyue.cli.people import household, number_argument
from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Relation, Standing
from xiangyue.people.offices import Act
from xiangyue.people.operations.households import (
    change_head,
    close_household,
    describe_household,
    merge_households,
    move_household,
    open_household,
    split_household,
)
from xiangyue.people.operations.residents import Facts
from xiangyue.people.operations.standings import give_standing, lift_standing, standings_on
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, resident_named, unit_by_code, village_by_code
from xiangyue.people.refusals import UnknownResident

Command = Callable[..., Any]

on_option = click.option(
    "--on", type=DAY, help=str(gettext_lazy("从哪天起，不写就是今天；可以往前写，不能往后写"))
)
head_option = click.option("--head", required=True, metavar="NAME", help=str(gettext_lazy("户主的姓名")))
member_option = click.option(
    "--member",
    "members",
    multiple=True,
    metavar="NAME=RELATION",
    help=str(gettext_lazy("一个人和户主的关系：spouse配偶、child子女、parent父母、other其他")),
)
unit_option = click.option("--unit", "code", metavar="CODE", help=str(gettext_lazy("住在哪个单位，写代码")))


@household.command("open", help=str(gettext_lazy("立一户：新户号、户主和家里的人")))
@number_argument
@click.option("--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("住在哪个单位，写代码")))
@head_option
@member_option
@click.option("--address", default="", metavar="TEXT", help=str(gettext_lazy("地址")))
@click.option("--tag", "tags", multiple=True, metavar="TEXT", help=str(gettext_lazy("标签，可以写几个")))
@on_option
@in_county
def open_(
    work: Work,
    number: str,
    code: str,
    head: str,
    members: tuple[str, ...],
    address: str,
    tags: tuple[str, ...],
    on: date | None,
) -> None:
    people = [Facts(name=head, relation=Relation.HEAD)]
    people += [Facts(name=name, relation=relation) for name, relation in _relations(members)]
    made = open_household(
        actor=work.actor,
        unit_id=unit_by_code(code).pk,
        number=number,
        members=people,
        address=address,
        tags=tags,
        on=on,
    )
    facts = _facts(made)
    work.answer(facts, _("%(number)s户立好了，从%(joined_on)s起。") % facts)


@household.command(help=str(gettext_lazy("分户：一些人分出去另立一户，分也按写的分")))
@number_argument
@village_option
@click.option("--new", "new_number", required=True, metavar="NUMBER", help=str(gettext_lazy("分出去的户号")))
@head_option
@member_option
@unit_option
@click.option("--address", metavar="TEXT", help=str(gettext_lazy("地址，不写就和原来一样")))
@click.option("--spendable", default="0", metavar="POINTS", help=str(gettext_lazy("分给新户多少可用积分")))
@click.option("--honour", default="0", metavar="POINTS", help=str(gettext_lazy("分给新户多少荣誉积分")))
@on_option
@key_option
@in_county
def split(
    work: Work,
    number: str,
    village: str,
    new_number: str,
    head: str,
    members: tuple[str, ...],
    code: str | None,
    address: str | None,
    spendable: str,
    honour: str,
    on: date | None,
    key: str | None,
) -> None:
    source, relations = _found(number, village), dict(_relations(members))
    people = {name: _leaving(source, name, new_number) for name in (head, *relations)}
    made = split_household(
        actor=work.actor,
        household_id=source.pk,
        number=new_number,
        head_id=people[head],
        member_ids=list(people.values()),
        relations={people[name]: relation for name, relation in relations.items()},
        unit_id=unit_by_code(code).pk if code else None,
        address=address,
        on=on,
        spendable=parse_points(spendable),
        honour=parse_points(honour),
        key=key or str(public_id()),
    )
    facts = {"from": _facts(source), "made": _facts(made)}
    words = {"number": source.number, "new": made.number, "on": made.joined_on}
    lines = [_points_line(source), _points_line(made)]
    work.answer(facts, _("%(number)s户从%(on)s起分出%(new)s户。") % words, *lines)


@household.command(help=str(gettext_lazy("并户：人和分都归另一户，这一户到此为止")))
@number_argument
@village_option
@click.option("--into", required=True, metavar="NUMBER", help=str(gettext_lazy("并到哪一户")))
@click.option("--into-village", metavar="CODE", help=str(gettext_lazy("那一户在哪个村，不写就是同一个村")))
@on_option
@key_option
@in_county
def merge(
    work: Work,
    number: str,
    village: str,
    into: str,
    into_village: str | None,
    on: date | None,
    key: str | None,
) -> None:
    source, target = _found(number, village), _found(into, into_village or village)
    merge_households(
        actor=work.actor, household_id=source.pk, into_id=target.pk, on=on, key=key or str(public_id())
    )
    source.refresh_from_db()
    facts = {"from": _facts(source), "into": _facts(target)}
    words = {"number": source.number, "into": target.number, "left_on": source.left_on}
    told = _("%(number)s户并到%(into)s户，最后一天是%(left_on)s；它的卡作废了。") % words
    work.answer(facts, told, _points_line(target))


@household.command(help=str(gettext_lazy("一户搬到别的网格或别的村；分和卡跟着走")))
@number_argument
@village_option
@click.option("--to", required=True, metavar="CODE", help=str(gettext_lazy("搬到哪个单位，写代码")))
@click.option("--number", "new_number", metavar="NUMBER", help=str(gettext_lazy("新户号，不写就不变")))
@on_option
@in_county
def move(work: Work, number: str, village: str, to: str, new_number: str | None, on: date | None) -> None:
    place = unit_by_code(to)
    moved = move_household(
        actor=work.actor,
        household_id=_found(number, village).pk,
        unit_id=place.pk,
        number=new_number,
        on=on,
    )
    facts = _facts(moved)
    words = {"old": number, "place": place.name, "number": moved.number}
    work.answer(facts, _("%(old)s户现在在%(place)s，户号是%(number)s。") % words)


@household.command(help=str(gettext_lazy("销户：搬走了或者没有人了；剩下的分归公")))
@number_argument
@village_option
@on_option
@key_option
@in_county
def close(work: Work, number: str, village: str, on: date | None, key: str | None) -> None:
    closed = close_household(
        actor=work.actor, household_id=_found(number, village).pk, on=on, key=key or str(public_id())
    )
    facts = _facts(closed)
    work.answer(facts, _("%(number)s户销户了，最后一天是%(left_on)s；它的卡作废了。") % facts)


@household.command(help=str(gettext_lazy("换户主")))
@number_argument
@village_option
@head_option
@click.option(
    "--former",
    default=Relation.OTHER.value,
    show_default=True,
    type=click.Choice([each.value for each in Relation if each != Relation.HEAD]),
    help=str(gettext_lazy("原来的户主和新户主是什么关系")),
)
@in_county
def head(work: Work, number: str, village: str, head: str, former: str) -> None:
    found = _found(number, village)
    require(work.actor, Act.MANAGE_PEOPLE, found.unit)  # before it is told who is of the household
    new = resident_named(found, head)
    change_head(actor=work.actor, household_id=found.pk, head_id=new.pk, former_head_as=Relation(former))
    facts = _facts(found) | {"head": new.name}
    work.answer(facts, _("%(number)s户的户主现在是%(head)s。") % facts)


@household.command(help=str(gettext_lazy("改地址和标签；没有写的不动")))
@number_argument
@village_option
@click.option("--address", metavar="TEXT", help=str(gettext_lazy("地址")))
@click.option(
    "--tag", "tags", multiple=True, metavar="TEXT", help=str(gettext_lazy("标签，写了就换掉原来的"))
)
@click.option("--no-tags", is_flag=True, help=str(gettext_lazy("去掉所有标签")))
@in_county
def edit(
    work: Work, number: str, village: str, address: str | None, tags: tuple[str, ...], no_tags: bool
) -> None:
    changed = describe_household(
        actor=work.actor,
        household_id=_found(number, village).pk,
        address=address,
        tags=tags if tags or no_tags else None,
    )
    facts = _facts(changed)
    words = facts | {"tags": "、".join(changed.tags) or _("没有")}
    work.answer(facts, _("%(number)s户：地址%(address)s，标签%(tags)s。") % words)


@click.group(help=str(gettext_lazy("红榜和黄牌：有依据，有期限，到期自动解除")))
def standing() -> None:
    pass


@standing.command("list", help=str(gettext_lazy("看一户现在有哪些")))
@number_argument
@village_option
@click.option("--on", type=DAY, help=str(gettext_lazy("看哪一天，不写就是今天")))
@in_county
def list_(work: Work, number: str, village: str, on: date | None) -> None:
    found = _found(number, village)
    require(work.actor, Act.READ_HOUSEHOLDS, found.unit)
    rows = [_standing_facts(each) for each in standings_on([found.pk], on)]
    columns = (_("编号"), _("名称"), _("起"), _("止"), _("依据"))
    shown = [(row["id"], row["name"], row["since"], row["until"] or _("长期"), row["basis"]) for row in rows]
    title = _("%(number)s户") % {"number": found.number}
    work.answer({"number": found.number, "standings": rows}, table(title, columns, shown))


@standing.command(help=str(gettext_lazy("给一户上红榜或黄牌；黄牌要写期限")))
@number_argument
@village_option
@click.option("--name", required=True, metavar="TEXT", help=str(gettext_lazy("名称，例如红榜")))
@click.option("--honour/--penalty", "is_honour", required=True, help=str(gettext_lazy("是荣誉还是处分")))
@click.option(
    "--basis", required=True, metavar="TEXT", help=str(gettext_lazy("依据：法律，或者村规民约和日期"))
)
@click.option("--since", type=DAY, help=str(gettext_lazy("从哪天起，不写就是今天")))
@click.option("--until", type=DAY, help=str(gettext_lazy("最后一天；荣誉可以不写")))
@in_county
def give(
    work: Work,
    number: str,
    village: str,
    name: str,
    is_honour: bool,
    basis: str,
    since: date | None,
    until: date | None,
) -> None:
    made = give_standing(
        actor=work.actor,
        household_id=_found(number, village).pk,
        name=name,
        is_honour=is_honour,
        basis=basis,
        since=since or clock.today(),
        until=until,
    )
    facts = _standing_facts(made) | {"number": number}
    words = facts | {"until": made.until or _("长期")}
    work.answer(facts, _("%(number)s户：%(name)s，从%(since)s到%(until)s。") % words)


@standing.command(help=str(gettext_lazy("提前解除：ID是standing list里的编号")))
@click.argument("standing_id", metavar="ID", type=int)
@click.option("--on", type=DAY, help=str(gettext_lazy("从哪天起不算，不写就是今天")))
@in_county
def lift(work: Work, standing_id: int, on: date | None) -> None:
    facts = _standing_facts(lift_standing(actor=work.actor, standing_id=standing_id, on=on))
    work.answer(facts, _("“%(name)s”从%(ended_on)s起解除了。") % facts)


def _found(number: str, village: str) -> Household:
    return household_by_number(village=village_by_code(village), number=number)


def _leaving(source: Household, name: str, number: str) -> int:
    """Find who is to leave a household; asked a second time, they are in the one that they have made already."""
    try:
        return resident_named(source, name).pk
    except UnknownResident:
        made = Household.objects.filter(village=source.village, number=number.strip(), left_on=None).first()
        if made is None:
            raise
        return resident_named(made, name).pk


def _relations(members: Iterable[str]) -> list[tuple[str, Relation]]:
    relations = []
    for text in members:
        name, _equals, relation = text.partition("=")
        if relation not in Relation.values or relation == Relation.HEAD or not name.strip():
            raise click.BadParameter(text, param_hint="--member")
        relations.append((name.strip(), Relation(relation)))
    return relations


def _facts(found: Household) -> dict[str, Any]:
    balances = balances_of([found.holder_id])[found.holder_id]
    return {
        "number": found.number,
        "id": found.public_id,
        "village": found.village.code,
        "unit": found.unit.code,
        "address": found.address,
        "tags": found.tags,
        "joined_on": found.joined_on,
        "left_on": found.left_on,
        "honour": balances.honour,
        "spendable": balances.spendable,
    }


def _points_line(found: Household) -> str:
    balances = balances_of([found.holder_id])[found.holder_id]
    words = {
        "number": found.number,
        "spendable": format_points(balances.spendable),
        "honour": format_points(balances.honour),
    }
    return _("%(number)s户：可用积分%(spendable)s，荣誉积分%(honour)s。") % words


def _standing_facts(each: Standing) -> dict[str, Any]:
    return {
        "id": each.pk,
        "name": each.name,
        "honour": each.is_honour,
        "basis": each.basis,
        "since": each.since,
        "until": each.until,
        "ended_on": each.ended_on,
    }
