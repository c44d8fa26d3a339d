"""Commands for jurisdictions."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import schema_context

from xiangyue.cli.common import answer, connected, progress, table
from xiangyue.people.queries import tree_counts
from xiangyue.setup import divisions
from xiangyue.setup.operations import found_jurisdiction, remove_jurisdiction
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.queries import jurisdiction_by_slug
from xiangyue.tenancy.upgrades import upgrade_shared


@click.group(help=str(gettext_lazy("辖区：一个县、区、镇或者市，各有各的数据")))
def county() -> None:
    pass


@county.command(help=str(gettext_lazy("设一个辖区：建库、建组织树、套用方案")))
@click.argument("slug")
@click.option("--division", required=True, metavar="CODE", help=str(gettext_lazy("官方区划代码")))
@click.option("--preset", required=True, help=str(gettext_lazy("用哪个现成方案，或者自己的.toml文件")))
@click.option("--host", required=True, help=str(gettext_lazy("用哪个网址打开")))
@connected
def add(slug: str, division: str, preset: str, host: str, *, as_json: bool) -> None:
    with progress(_("正在建库和组织树")):
        upgrade_shared()
        jurisdiction = found_jurisdiction(slug=slug, division_code=division, preset=preset, host=host)
    with schema_context(jurisdiction.schema_name):
        counts = tree_counts()
    facts = {"slug": slug, "name": jurisdiction.name, "division": division, "host": host, "units": counts}
    line = _("建好了：%(name)s，%(units)s个组织单元，网址 %(host)s，管理员登录名 admin。") % {
        "name": divisions.full_name(division),
        "units": sum(counts.values()),
        "host": host,
    }
    answer(facts, line, as_json=as_json)


@county.command("list", help=str(gettext_lazy("列出所有辖区")))
@connected
def list_all(*, as_json: bool) -> None:
    rows = [
        {
            "slug": jurisdiction.slug,
            "name": jurisdiction.name,
            "division": jurisdiction.division_code,
            "preset": jurisdiction.preset,
            "hosts": [domain.domain for domain in jurisdiction.domains.all()],
            "founded_on": jurisdiction.founded_on,
        }
        for jurisdiction in Jurisdiction.objects.prefetch_related("domains")
    ]
    columns = (_("简称"), _("名称"), _("区划代码"), _("方案"), _("网址"), _("设立日期"))
    shown = [(*list(row.values())[:4], "、".join(row["hosts"]), row["founded_on"]) for row in rows]
    answer({"counties": rows}, table(_("辖区"), columns, shown), as_json=as_json)


@county.command(help=str(gettext_lazy("撤一个辖区：先存档，再删除")))
@click.argument("slug")
@click.option("--archive", type=click.Path(path_type=Path), help=str(gettext_lazy("存档放哪里")))
@click.option("--yes", is_flag=True, help=str(gettext_lazy("不再问一遍")))
@connected
def remove(slug: str, archive: Path | None, yes: bool, *, as_json: bool) -> None:
    jurisdiction = jurisdiction_by_slug(slug)
    if not yes:
        question = _("%(name)s的户册、流水和公示都会删除（先存档）。输入它的简称 %(slug)s 确认")
        typed = click.prompt(question % {"name": jurisdiction.name, "slug": slug}, err=True)
        if typed != slug:
            raise click.Abort
    with progress(_("正在存档")):
        kept = remove_jurisdiction(slug=slug, archive=archive)
    facts = {"slug": slug, "archive": str(kept)}
    answer(facts, _("已经删除。存档在 %(archive)s。") % facts, as_json=as_json)
