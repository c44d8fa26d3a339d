"""Commands for rosters: the form to fill in, and taking it over."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.cli.common import Work, answer, in_county, json_option, table, write_new
from xiangyue.cli.options import village_option
from xiangyue.cli.sheet_problems import problems_listed
from xiangyue.people.operations.roster import RosterReport, import_roster
from xiangyue.people.queries import village_by_code
from xiangyue.people.roster_form import roster_template


@click.group(help=str(gettext_lazy("户册：下载空表，导入填好的表")))
def roster() -> None:
    pass


@roster.command(help=str(gettext_lazy("写一份空的户册表，用Excel或WPS填；不用数据库")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def template(file: Path, *, as_json: bool) -> None:
    write_new(file, roster_template())
    facts = {"file": str(file)}
    answer(facts, _("写好了：%(file)s。填法在“填表说明”那一张。") % facts, as_json=as_json)


@roster.command("import", help=str(gettext_lazy("导入一个村的户册和任职；有一处不对就整份不存")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@village_option
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只试一遍，什么都不存")))
@in_county
def import_(work: Work, file: Path, village: str, dry_run: bool) -> None:
    unit = village_by_code(village)
    with problems_listed(as_json=work.as_json):
        report = import_roster(
            actor=work.actor,
            village_id=unit.pk,
            content=file.read_bytes(),
            name=file.name,
            dry_run=dry_run,
        )
    work.answer(report.as_dict(), *_told(report))


def _told(report: RosterReport) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if report.appointments:
        columns = (_("姓名"), _("登录名"), _("职务"), _("单位"))
        rows = [(each.name, each.login, each.office, each.unit) for each in report.appointments]
        lines.append(table(_("任职"), columns, rows))
    if report.units:
        lines.append(_("新建的网格和联户组：%(units)s") % {"units": "、".join(report.units)})
    if report.ignored:
        lines.append(_("没有用到的列：%(columns)s") % {"columns": "、".join(report.ignored)})
    lines.append(
        _("%(village)s：%(households)s户，%(residents)s人，党员%(party_members)s人。") % report.as_dict()
    )
    lines.append(_("这是试导，什么都没有存。") if report.dry_run else _("户册导入好了。"))
    return lines
