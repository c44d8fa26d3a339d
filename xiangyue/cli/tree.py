"""Commands for the tree of units: its parts, re-organisation on a date, and joining the scheme."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.cli import households
from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.kernel import clock
from xiangyue.people.history import joining_on, living_in, tree_on
from xiangyue.people.models import Joining, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import step_joining
from xiangyue.people.operations.reorganising import (
    NewPart,
    Reorganisation,
    merge_villages,
    move_unit,
    redraw_grids,
)
from xiangyue.people.operations.units import add_unit, end_unit, rename_unit
from xiangyue.people.permissions import require
from xiangyue.people.queries import paths_to, unit_by_code, village_by_code
from xiangyue.people.refusals import UnknownHousehold, UnknownUnit

__all__ = ["standing", "unit"]

standing = households.standing
Command = Callable[..., Any]

BELOW_VILLAGE = [Level.GRID_VILLAGE, Level.GRID, Level.MICRO_GRID, Level.GROUP]
STEPS = [Joining.PILOT, Joining.DEMONSTRATION, Joining.ADMITTED]

code_argument = click.argument("code")
on_option = click.option(
    "--on", type=DAY, help=str(gettext_lazy("新安排的第一天，不写就是今天；可以往前写，不能往后写"))
)
prefix_option = click.option(
    "--prefix",
    default="",
    metavar="TEXT",
    help=str(gettext_lazy("户号有重的，加在划过来的户号前面，例如“北-”")),
)
dry_run_option = click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只看会怎样，什么都不改")))


@click.group(help=str(gettext_lazy("组织单元：网格和联户组，并村、划转、加入积分制")))
def unit() -> None:
    pass


@unit.command("list", help=str(gettext_lazy("列出一个单位和它下面的各级")))
@code_argument
@click.option("--on", type=DAY, help=str(gettext_lazy("看哪一天，不写就是今天")))
@in_county
def list_(work: Work, code: str, on: date | None) -> None:
    top, day = unit_by_code(code), on or clock.today()
    require(work.actor, Act.READ_HOUSEHOLDS, top)
    depth = len(paths_to(top))
    rows = [_unit_facts(each) | {"depth": len(paths_to(each)) - depth} for each in tree_on(top, day)]
    columns = (_("名称"), _("代码"), _("级别"), _("加入"), _("起"), _("止"))
    shown = [
        (
            "　" * row["depth"] + row["name"],
            row["code"],
            Level(row["level"]).label,
            "" if row["joining"] == Joining.OUTSIDE else Joining(row["joining"]).label,
            row["since"],
            row["until"] or "",
        )
        for row in rows
    ]
    title = _("%(unit)s　%(day)s") % {"unit": top.name, "day": day}
    work.answer({"unit": code, "on": day, "units": rows}, table(title, columns, shown))


@unit.command(help=str(gettext_lazy("在村或它的下级里设一个单位；PARENT是上级的代码")))
@click.argument("parent")
@click.option(
    "--level",
    required=True,
    type=click.Choice([each.value for each in BELOW_VILLAGE]),
    help=str(gettext_lazy("哪一级：网格村、网格、微网格、联户小组")),
)
@click.option(
    "--short", required=True, metavar="TEXT", help=str(gettext_lazy("编号，接在上级代码后面，例如3"))
)
@click.option("--name", required=True, metavar="TEXT", help=str(gettext_lazy("名称，例如第三网格")))
@in_county
def add(work: Work, parent: str, level: str, short: str, name: str) -> None:
    made = add_unit(
        actor=work.actor, parent_id=unit_by_code(parent).pk, level=Level(level), short=short, name=name
    )
    facts = _unit_facts(made)
    work.answer(facts, _("设好了：%(name)s（%(code)s）。") % facts)


@unit.command(help=str(gettext_lazy("给单位改名；代码不变")))
@code_argument
@click.argument("name")
@in_county
def rename(work: Work, code: str, name: str) -> None:
    facts = _unit_facts(rename_unit(actor=work.actor, unit_id=unit_by_code(code).pk, name=name))
    work.answer(facts, _("%(code)s现在叫%(name)s。") % facts)


@unit.command(help=str(gettext_lazy("撤一个没有人住、下面没有单位的单位；那里的任职一起结束")))
@code_argument
@on_option
@in_county
def end(work: Work, code: str, on: date | None) -> None:
    facts = _unit_facts(end_unit(actor=work.actor, unit_id=unit_by_code(code).pk, on=on))
    work.answer(facts, _("%(name)s撤了，最后一天是%(until)s。") % facts)


@unit.command(help=str(gettext_lazy("并村：FROM的网格和农户都归INTO；账和历史不动")))
@click.argument("source", metavar="FROM")
@click.argument("into", metavar="INTO")
@on_option
@prefix_option
@dry_run_option
@in_county
def merge(work: Work, source: str, into: str, on: date | None, prefix: str, dry_run: bool) -> None:
    report = merge_villages(
        actor=work.actor,
        from_id=village_by_code(source).pk,
        into_id=village_by_code(into).pk,
        on=on or clock.today(),
        prefix=prefix,
        dry_run=dry_run,
    )
    work.answer(report.as_dict(), *_told(report))


@unit.command(help=str(gettext_lazy("把一个网格连同下级划到TO（别的村，或者本村别的单位）")))
@code_argument
@click.argument("to")
@on_option
@prefix_option
@dry_run_option
@in_county
def move(work: Work, code: str, to: str, on: date | None, prefix: str, dry_run: bool) -> None:
    report = move_unit(
        actor=work.actor,
        unit_id=unit_by_code(code).pk,
        to_id=unit_by_code(to).pk,
        on=on or clock.today(),
        prefix=prefix,
        dry_run=dry_run,
    )
    work.answer(report.as_dict(), *_told(report))


@unit.command(help=str(gettext_lazy("重划一个村的网格：设新的，撤旧的，各户归到哪里")))
@click.argument("village")
@click.option("--new", "new", multiple=True, metavar="NAME", help=str(gettext_lazy("新设一个网格，写名称")))
@click.option(
    "--end", "ending", multiple=True, metavar="CODE", help=str(gettext_lazy("撤一个网格，连同下级"))
)
@click.option(
    "--all",
    "wholes",
    multiple=True,
    metavar="CODE=WHERE",
    help=str(gettext_lazy("一个单位的户都归到哪里：新网格的名称，或者单位的代码")),
)
@click.option(
    "--put",
    "puts",
    multiple=True,
    metavar="NUMBER=WHERE",
    help=str(gettext_lazy("一户归到哪里，比 --all 优先")),
)
@on_option
@dry_run_option
@in_county
def redraw(
    work: Work,
    village: str,
    new: tuple[str, ...],
    ending: tuple[str, ...],
    wholes: tuple[str, ...],
    puts: tuple[str, ...],
    on: date | None,
    dry_run: bool,
) -> None:
    place = village_by_code(village)
    report = redraw_grids(
        actor=work.actor,
        village_id=place.pk,
        on=on or clock.today(),
        moves=_moves(place, set(new), _pairs(wholes, "--all"), _pairs(puts, "--put")),
        new=[NewPart(name, name) for name in new],
        ending=[unit_by_code(code).pk for code in ending],
        dry_run=dry_run,
    )
    work.answer(report.as_dict(), *_told(report))


@unit.command(help=str(gettext_lazy("评议单位加入积分制：先试点，再示范，验收；验收过的改回示范就是暂停")))
@code_argument
@click.argument("step", type=click.Choice([each.value for each in STEPS]))
@click.option(
    "--basis", required=True, metavar="TEXT", help=str(gettext_lazy("依据：验收纪要、决定，或者暂停的原因"))
)
@on_option
@in_county
def join(work: Work, code: str, step: str, basis: str, on: date | None) -> None:
    found = unit_by_code(code)
    made = step_joining(actor=work.actor, unit_id=found.pk, joining=Joining(step), basis=basis, on=on)
    before = joining_on(found, made.since - timedelta(days=1))
    facts = {
        "unit": code,
        "name": found.name,
        "joining": made.joining,
        "before": before.joining if before else Joining.OUTSIDE.value,
        "since": made.since,
        "basis": made.basis,
    }
    words = facts | {"joining": Joining(made.joining).label}
    work.answer(facts, _("%(name)s从%(since)s起是“%(joining)s”。依据：%(basis)s") % words)


def _unit_facts(each: Unit) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "level": each.level,
        "joining": each.joining,
        "since": each.since,
        "until": each.until,
    }


def _pairs(written: Iterable[str], option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in written:
        left, equals, right = text.partition("=")
        if not (left and equals and right):
            raise click.BadParameter(text, param_hint=option)
        pairs.append((left.strip(), right.strip()))
    return pairs


def _moves(
    village: Unit, new: set[str], wholes: Iterable[tuple[str, str]], puts: Iterable[tuple[str, str]]
) -> dict[int, int | str]:
    """Give where each household goes, as it was written. Raises: UnknownUnit, UnknownHousehold."""
    living = living_in(village)
    moves: dict[int, int | str] = {}
    for code, where in wholes:
        part = unit_by_code(code)
        if not village.contains(part):
            raise UnknownUnit(unit=code)
        home = _home(where, new)
        moves |= {pk: home for pk, unit_path in living.values() if unit_path.startswith(part.path)}
    for number, where in puts:
        if number not in living:
            raise UnknownHousehold(number=number, village=village.name)
        moves[living[number][0]] = _home(where, new)
    return moves


def _home(where: str, new: set[str]) -> int | str:
    return where if where in new else unit_by_code(where).pk


def _told(report: Reorganisation) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if report.ended:
        rows = [(each.name, each.code, each.new_name, each.new_code) for each in report.ended]
        lines.append(table(_("要撤的单位"), (_("名称"), _("代码"), _("归到"), _("新代码")), rows))
    if report.begun:
        shown = "、".join(f"{name}（{code}）" for code, name in report.begun)
        lines.append(_("新设的单位：%(units)s") % {"units": shown})
    if report.renumbered:
        shown = "、".join(f"{old}→{new}" for old, new in report.renumbered)
        lines.append(_("改的户号：%(numbers)s") % {"numbers": shown})
    lines.append(
        _(
            "从%(on)s起：%(households)s户换了单位；结束任职%(offices_ended)s个，"
            "其中%(offices_continued)s个在新单位接着担任。"
        )
        % report.as_dict()
    )
    if not report.receiver_admitted:
        lines.append(_("%(into_unit)s还没有验收，划过去的户要等验收以后才能发分。") % report.as_dict())
    lines.append(_("这是预览，什么都没有改。") if report.dry_run else _("办好了，以前的账和记录都没有动。"))
    return lines
