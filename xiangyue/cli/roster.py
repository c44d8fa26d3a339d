"""Commands for rosters: the form to fill in, taking it over, and writing it out again."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.cli.common import Work, answer, in_county, json_option, table, write_new
from xiangyue.cli.sheet_problems import problems_listed
from xiangyue.people.models import Unit
from xiangyue.people.operations.roster import Change, Mode, RosterReport, import_rosters
from xiangyue.people.queries import unit_by_code, village_by_code
from xiangyue.people.roster_export import export_roster
from xiangyue.people.roster_form import roster_template

SHOWN = 50  # changes; `--json` has more of them

place_options = (
    click.option("--village", metavar="CODE", help=str(gettext_lazy("哪个村（官方代码）"))),
    click.option("--unit", metavar="CODE", help=str(gettext_lazy("哪个单位，例如整个县、整个镇（代码）"))),
)


@click.group(help=str(gettext_lazy("户册：下载空表，导入填好的表，导出")))
def roster() -> None:
    pass


@roster.command(help=str(gettext_lazy("写一份空的户册表，用Excel或WPS填；不用数据库")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def template(file: Path, *, as_json: bool) -> None:
    write_new(file, roster_template())
    facts = {"file": str(file)}
    answer(facts, _("写好了：%(file)s。填法在“填表说明”那一张。") % facts, as_json=as_json)


@roster.command(
    "import", help=str(gettext_lazy("导入户册和任职：一个村的，或者整个县的；有一处不对就整份不存"))
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@place_options[0]
@place_options[1]
@click.option("--update", is_flag=True, help=str(gettext_lazy("按户号更新已经有的户；不写就只收新户")))
@click.option(
    "--missing-leave",
    is_flag=True,
    help=str(gettext_lazy("更新时，表里有的户、没写的人，算今天迁出；不写就只提醒")),
)
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只试一遍，什么都不存")))
@in_county
def import_(
    work: Work,
    file: Path,
    village: str | None,
    unit: str | None,
    update: bool,
    missing_leave: bool,
    dry_run: bool,
) -> None:
    if missing_leave and not update:
        raise click.UsageError(_("“--missing-leave”要和“--update”一起用。"))
    place = _place(village, unit)
    with problems_listed(as_json=work.as_json):
        report = import_rosters(
            actor=work.actor,
            unit_id=place.pk,
            content=file.read_bytes(),
            name=file.name,
            mode=Mode.UPDATE if update else Mode.NEW,
            missing_leave=missing_leave,
            dry_run=dry_run,
        )
    work.answer(report.as_dict(), *_told(report))


@roster.command(help=str(gettext_lazy("导出户册和任职，改了可以再导入")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@place_options[0]
@place_options[1]
@click.option("--private", is_flag=True, help=str(gettext_lazy("连身份证号和电话一起导出，要记录在案")))
@in_county
def export(work: Work, file: Path, village: str | None, unit: str | None, private: bool) -> None:
    place = _place(village, unit)
    write_new(file, export_roster(actor=work.actor, unit_id=place.pk, with_private=private))
    facts = {"file": str(file), "unit": place.code}
    work.answer(facts, _("写好了：%(file)s。") % facts)


def _place(village: str | None, unit: str | None) -> Unit:
    if (village is None) == (unit is None):
        raise click.UsageError(_("“--village”和“--unit”要写一个，也只能写一个。"))
    return village_by_code(village) if village is not None else unit_by_code(unit or "")


def _told(report: RosterReport) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if report.appointments:
        columns = (_("姓名"), _("登录名"), _("职务"), _("单位"))
        rows = [(each.name, each.login, each.office, each.unit) for each in report.appointments]
        lines.append(table(_("任职"), columns, rows))
    if report.changes:
        headings = (_("村"), _("户号"), _("姓名"), _("怎么变"), _("原来"), _("现在"))
        shown = [
            (each.village, each.number, each.name, _kind(each, report), each.old, each.new)
            for each in report.changes[:SHOWN]
        ]
        made = table(_("变化"), headings, shown)
        if len(report.changes) > SHOWN:
            made.caption = _("还有%(more)s处没有列出来") % {"more": len(report.changes) - SHOWN}
        lines.append(made)
    if report.units:
        lines.append(_("新建的网格和联户组：%(units)s") % {"units": "、".join(report.units)})
    if report.ignored:
        lines.append(_("没有用到的列：%(columns)s") % {"columns": "、".join(report.ignored)})
    lines.append(
        _("%(village)s：%(households)s户，%(residents)s人，党员%(party_members)s人。") % report.as_dict()
    )
    counts = report.as_dict()["counts"]
    told = _(
        "新户%(new_households)s户，新人%(new_residents)s人；改动%(changed_households)s户、%(changed_residents)s人。"
    )
    lines.append(_("和现在的户册一样，什么也没有变。") if report.changes_nothing else told % counts)
    if report.counts.missing:
        text = _("表里没写的%(missing)s人迁出。") if report.left else _("表里没写的%(missing)s人，没有动。")
        lines.append(text % counts)
    lines.append(_("这是试导，什么都没有存。") if report.dry_run else _("户册导入好了。"))
    return lines


def _kind(change: Change, report: RosterReport) -> str:
    match change.kind:
        case "new-household":
            return _("新户")
        case "new-resident":
            return _("新人")
        case "missing":
            return _("迁出") if report.left else _("表里没写")
        case _:
            return change.header
