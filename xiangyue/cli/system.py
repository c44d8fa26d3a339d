"""Commands for the installation itself: doctor, upgrade, and the example village."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import FAULTS, answer, connected, progress, table
from xiangyue.messages.health import deliveries
from xiangyue.records.health import outboxes
from xiangyue.setup.example import STEPS, copy_example_files, load_example
from xiangyue.tenancy.health import examine
from xiangyue.tenancy.upgrades import upgrade_all


@click.command(help=str(gettext_lazy("看看一切是不是正常，不正常就说怎么办")))
@connected
def doctor(*, as_json: bool) -> None:
    findings = list(examine())
    if all(one.is_right or not one.serious for one in findings):  # there are tables to look into
        findings += [*outboxes(), *deliveries()]
    marks = [_("好") if one.is_right else _("要修") if one.serious else _("注意") for one in findings]
    rows = [(mark, one.name, one.detail, one.advice) for mark, one in zip(marks, findings, strict=True)]
    facts = [
        {"name": one.name, "detail": one.detail, "advice": one.advice, "right": one.is_right}
        for one in findings
    ]
    answer({"findings": facts}, table("", ("", "", "", ""), rows), as_json=as_json)
    if any(one.serious and not one.is_right for one in findings):
        sys.exit(FAULTS)


@click.command(help=str(gettext_lazy("换了新版本以后，升级数据表")))
@connected
def upgrade(*, as_json: bool) -> None:
    with progress(_("正在升级")) as advance:
        done = []
        for schema in upgrade_all():
            done.append(schema)
            advance(len(done))
    answer({"schemas": done}, _("升级好了。"), as_json=as_json)


@click.group(help=str(gettext_lazy("示例村：看看乡约是怎么用的")))
def example() -> None:
    pass


@example.command("load", help=str(gettext_lazy("建一个示例辖区，过完一个月；已经有了就不动")))
@connected
def load(*, as_json: bool) -> None:
    with progress(_("正在准备示例村"), total=STEPS) as advance:
        loaded = load_example(advance=advance)
    line = _("示例村准备好了。") if loaded.is_new else _("示例村已经在了，数据没有动。")
    cards = [_("示例户的卡：%(path)s　密码 %(pin)s") % card for card in loaded.cards]
    answer(
        {"county": loaded.slug, "new": loaded.is_new, "cards": loaded.cards}, line, *cards, as_json=as_json
    )


@example.command("files", help=str(gettext_lazy("把示例用的表格写到一个目录里")))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def files(folder: Path, *, as_json: bool) -> None:
    written = copy_example_files(folder)
    names = "、".join(path.name for path in written)
    answer(
        {"files": [str(path) for path in written]}, _("写好了：%(names)s") % {"names": names}, as_json=as_json
    )
