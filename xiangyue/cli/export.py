"""The command that takes a county's whole data out in open formats."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, progress
from xiangyue.setup.export import export_county, exported_models


@click.command(help=str(gettext_lazy("把一个辖区的全部数据导出成CSV表格，装在一个ZIP里")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--files/--no-files", default=True, help=str(gettext_lazy("要不要带上照片和文件（默认带）")))
@click.option("--reason", default="", metavar="TEXT", help=str(gettext_lazy("为什么导出，记在办事记录里")))
@in_county
def export(work: Work, file: Path, files: bool, reason: str) -> None:
    with progress(_("正在导出"), total=len(exported_models())) as advance:
        report = export_county(
            actor=work.actor,
            jurisdiction=work.jurisdiction,
            target=file,
            with_files=files,
            reason=reason,
            advance=advance,
        )
    facts = {
        "file": str(report.target),
        "tables": report.rows,
        "files": report.files,
        "missing_files": list(report.missing),
    }
    done = _("导出好了：%(file)s，%(tables)s张表，%(rows)s行，%(files)s个文件。里面有个人信息，请收好。")
    lost = _("有%(count)s个文件找不到内容，名单在datapackage.json里。") if report.missing else ""
    words = facts | {"tables": len(report.rows), "rows": sum(report.rows.values())}
    work.answer(facts, done % words, lost % {"count": len(report.missing)} if lost else "")
