"""Commands for inspection rounds: opening, scoring, closing."""

from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.cli.common import DAY, Work, in_county, write_new
from xiangyue.cli.options import household_option, key_option, village_option
from xiangyue.cli.sheet_problems import problems_listed
from xiangyue.kernel import clock
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.queries import unit_by_code
from xiangyue.scoring.inspection_sheet import inspection_form, read_scores
from xiangyue.scoring.operations.inspecting import (
    close_inspection,
    open_inspection,
    score_household,
    score_households,
    withdraw_score,
)
from xiangyue.scoring.places import household_below
from xiangyue.scoring.queries import inspection_by_id
from xiangyue.users.queries import user_by_login

_number = click.argument("inspection_id", metavar="INSPECTION", type=int)


@click.group(help=str(gettext_lazy("检查评分：几个人挨户评分，收尾时报成一件事")))
def inspection() -> None:
    pass


@inspection.command("open", help=str(gettext_lazy("开始一次检查")))
@click.option("--unit", required=True, metavar="CODE", help=str(gettext_lazy("查哪个村、哪个网格（代码）")))
@click.option("--indicator", required=True, help=str(gettext_lazy("细则里的编号或名称")))
@click.option("--day", type=DAY, help=str(gettext_lazy("哪天查的，默认今天")))
@click.option("--name", default="", help=str(gettext_lazy("叫什么，例如 十月庭院检查")))
@key_option
@in_county
def begin(work: Work, unit: str, indicator: str, day: date | None, name: str, key: str | None) -> None:
    place, inspected_on = unit_by_code(unit), day or clock.today()
    applied = find_indicator(rules_in_force(place, inspected_on), indicator)
    opened = open_inspection(
        actor=work.actor,
        unit_id=place.pk,
        indicator_id=applied.pk,
        day=inspected_on,
        name=name,
        key=key or f"inspection:{place.code}:{applied.pk}:{inspected_on}",
    )
    facts = {"inspection": opened.pk, "name": opened.name, "judges": applied.item.median_of}
    work.answer(facts, _("第%(inspection)s次检查“%(name)s”开始了，每户要%(judges)s个人评分。") % facts)


@inspection.command(help=str(gettext_lazy("给一户评分；再评一次，以后一次为准")))
@_number
@village_option
@household_option
@click.option("--points", help=str(gettext_lazy("评几分")))
@click.option("--withdraw", is_flag=True, help=str(gettext_lazy("不评这一户了")))
@click.option("--note", default="", help=str(gettext_lazy("为什么评这么多")))
@in_county
def score(
    work: Work,
    inspection_id: int,
    village: str,
    household: str,
    points: str | None,
    withdraw: bool,
    note: str,
) -> None:
    of = household_below(unit_by_code(village), household)
    if withdraw == bool(points):
        raise click.UsageError(_("请写 --points 或者 --withdraw，只写一个。"))
    if withdraw:
        withdraw_score(actor=work.actor, inspection_id=inspection_id, household_id=of.pk)
        work.answer({"household": of.number}, _("%(number)s号户，您的评分取消了。") % {"number": of.number})
        return
    kept = score_household(
        actor=work.actor,
        inspection_id=inspection_id,
        household_id=of.pk,
        points=abs(parse_points(points or "")),
        note=note,
    )
    facts = {"household": of.number, "points": format_points(kept.points)}
    work.answer(facts, _("%(household)s号户，评了%(points)s分。") % facts)


@inspection.command(help=str(gettext_lazy("写出一张评分表，一户一行，一个评分人一列")))
@_number
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--judge", "judges", multiple=True, required=True, metavar="LOGIN", help=str(gettext_lazy("谁评分"))
)
@in_county
def template(work: Work, inspection_id: int, file: Path, judges: tuple[str, ...]) -> None:
    opened = inspection_by_id(inspection_id, actor=work.actor)
    write_new(file, inspection_form(opened, [user_by_login(login) for login in judges]))
    work.answer({"file": str(file)}, _("写好了：%(file)s") % {"file": file})


@inspection.command("import", help=str(gettext_lazy("从表格导入评分，要么全进，要么一个不进")))
@_number
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_county
def import_scores(work: Work, inspection_id: int, file: Path) -> None:
    opened = inspection_by_id(inspection_id, actor=work.actor)
    with problems_listed(as_json=work.as_json):
        scores = read_scores(opened, file.read_bytes(), file.name)
    kept = score_households(actor=work.actor, inspection_id=opened.pk, scores=scores)
    facts = {"scores": len(kept), "households": len({each.household_id for each in kept})}
    work.answer(facts, _("记下了%(households)s户、%(scores)s个评分。") % facts)


@inspection.command(help=str(gettext_lazy("收尾：评够了的户，报成一件事")))
@_number
@click.option("--leave-out", is_flag=True, help=str(gettext_lazy("没有评够人数的户，不算")))
@in_county
def close(work: Work, inspection_id: int, leave_out: bool) -> None:
    brought = close_inspection(actor=work.actor, inspection_id=inspection_id, leave_out=leave_out)
    facts = {"deed": brought.pk, "shares": brought.shares.count(), "words": brought.get_state_display()}
    work.answer(facts, _("报上了，第%(deed)s号，%(shares)s户，%(words)s。") % facts)
