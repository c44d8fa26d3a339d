"""Commands for catalogues: checking a table, bringing it in, taking it out, comparing, listing."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.catalogue.diff import Difference, difference
from xiangyue.catalogue.entry import unit_of
from xiangyue.catalogue.export import subject_text, workbook
from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Finding, Weight
from xiangyue.catalogue.language.report import check_file, report_as_json
from xiangyue.catalogue.language.writing import written_limits
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.operations.importing import CatalogueReport, import_catalogue
from xiangyue.catalogue.queries import (
    catalogue_by_id,
    indicators_of,
    lapsed_changes,
    newest_draft,
    own_catalogue,
    present_and_draft,
    rules_in_force,
)
from xiangyue.catalogue.refusals import finding_as_dict, told
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.tariffs import tariff
from xiangyue.cli.common import DAY, REFUSED, Work, answer, in_county, json_option, refuse, table, write_new
from xiangyue.cli.sheet_problems import problem_table, problems_listed
from xiangyue.kernel import clock
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.queries import unit_by_code
from xiangyue.sheets.problems import Problem

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
unit_option = click.option(
    "--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位，写代码"))
)


@click.group(help=str(gettext_lazy("积分细则：哪些事加分、扣分，各是多少")))
def catalogue() -> None:
    pass


@catalogue.command(help=str(gettext_lazy("看一份细则表能不能导入；不用数据库，什么都不存")))
@click.argument("file", type=FILE)
@json_option
def check(file: Path, *, as_json: bool) -> None:
    try:
        report = check_file(file.read_bytes(), file.name)
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    hindering = findings(report.items, Scheme())
    facts = report_as_json(report) | {"hindrances": [finding_as_dict(each) for each in hindering]}
    line = _("看懂%(structured)s项，一事一议%(case_by_case)s项，不能用%(refused)s行。") % facts
    tables = [*_problems(_("要改的地方"), report.refusals), *_problems(_("请留意"), report.warnings)]
    answer(facts, *tables, *hindrance_table(hindering), line, as_json=as_json)
    if facts["refused"]:
        raise click.exceptions.Exit(REFUSED)


@catalogue.command(help=str(gettext_lazy("写出一张空的细则表，填好再导入")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def template(file: Path, *, as_json: bool) -> None:
    write_new(file, workbook())
    answer({"file": str(file)}, _("写好了：%(file)s") % {"file": file}, as_json=as_json)


@catalogue.command("import", help=str(gettext_lazy("把一份细则表导入成草案")))
@click.argument("file", type=FILE)
@unit_option
@click.option(
    "--local", is_flag=True, help=str(gettext_lazy("只是本地自己添的几项、改了分的几项，其余照上面的细则"))
)
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只试一遍，什么都不存")))
@in_county
def import_(work: Work, file: Path, code: str, local: bool, dry_run: bool) -> None:
    unit = unit_by_code(code)
    with problems_listed(as_json=work.as_json):
        report = import_catalogue(
            actor=work.actor,
            unit_id=unit.pk,
            content=file.read_bytes(),
            name=file.name,
            is_local=local,
            dry_run=dry_run,
        )
    work.answer(asdict(report), *_problems(_("请留意"), report.warnings), _told(report))


@catalogue.command(help=str(gettext_lazy("把细则写成表，改好再导入；不写草案就是施行中的")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@unit_option
@click.option("--draft", is_flag=True, help=str(gettext_lazy("最近导入、还没施行的那一份")))
@click.option("--local", is_flag=True, help=str(gettext_lazy("只写本地自己添的几项、改了分的几项")))
@in_county
def export(work: Work, file: Path, code: str, draft: bool, local: bool) -> None:
    unit = unit_by_code(code)
    if draft:
        found = newest_draft(unit)
    else:
        today = clock.today()
        found = own_catalogue(unit, today) if local else rules_in_force(unit, today).frame
    items = [indicator.item for indicator in indicators_of(found)]
    write_new(file, workbook(items))
    facts = {**facts_of(found), "file": str(file), "indicators": len(items)}
    work.answer(facts, _("写好了：%(file)s，《%(name)s》%(indicators)s项。") % facts)


@catalogue.command(help=str(gettext_lazy("列出某一天施行的细则")))
@unit_option
@click.option("--on", "on", type=DAY, help=str(gettext_lazy("哪一天，不写就是今天")))
@in_county
def show(work: Work, code: str, on: date | None) -> None:
    found = rules_in_force(unit_by_code(code), on or clock.today())
    rows = [_row(indicator) for indicator in indicators_of(*found.catalogues)]
    columns = (_("编号"), _("板块"), _("指标"), _("分值"), _("上限"), _("对象"))
    facts = facts_of(found.frame)
    title = _("%(unit_name)s　《%(name)s》　从%(in_force_from)s起") % facts
    shown = table(title, columns, (row.values() for row in rows))
    own = [facts_of(each) for each in found.own]
    lines = [_("其中%(unit_name)s自己的《%(name)s》，从%(in_force_from)s起") % each for each in own]
    lapsed = lapsed_changes(found)
    if lapsed:
        lines.append(
            _("有%(count)s项改的是以前那份细则的分，已经不算了；要改，照现在的重新导入。") % {"count": lapsed}
        )
    work.answer({**facts, "own": own, "lapsed": lapsed, "indicators": rows}, shown, *lines)


@catalogue.command(help=str(gettext_lazy("草案和施行中的细则哪里不一样")))
@unit_option
@click.option(
    "--with", "other", type=int, metavar="ID", help=str(gettext_lazy("和第几号细则比，不写就是施行中的"))
)
@in_county
def diff(work: Work, code: str, other: int | None) -> None:
    unit = unit_by_code(code)
    new = newest_draft(unit)
    before, after = ((catalogue_by_id(other),), (new,)) if other else present_and_draft(new)
    found = difference(_items(*before), _items(*after))
    facts = {"old": facts_of(before[0]), "new": facts_of(new), **_difference_facts(found)}
    columns = (_("编号"), _("指标"), _("栏"), _("原来"), _("现在"))
    shown = table("", columns, _difference_rows(found))
    line = _("添%(added)s项，去%(removed)s项，改%(changed)s项。") % {
        "added": len(found.added),
        "removed": len(found.removed),
        "changed": len(found.changed),
    }
    work.answer(facts, *([] if found.is_none else [shown]), line)


def facts_of(found: Catalogue) -> dict[str, Any]:
    """Give what identifies a catalogue, for people and machines."""
    return {
        "catalogue": found.pk,
        "name": found.name,
        "unit": found.unit.code,
        "unit_name": found.unit.name,
        "state": found.state,
        "is_local": found.is_local,
        "in_force_from": found.in_force_from,
        "in_force_until": found.in_force_until,
    }


def hindrance_table(found: Iterable[Finding]) -> list[RenderableType]:
    """Tell what keeps a catalogue from being put in force, by which clause, and what would be lawful."""
    kinds = {Weight.REFUSED: _("不能写"), Weight.MISSING: _("没写全"), Weight.QUESTION: _("请审核")}
    rows = [(kinds[each.weight], each.code, told(each)) for each in found]
    return [table(_("施行以前要改的地方"), (_("怎么办"), _("代号"), _("哪里")), rows)] if rows else []


def _problems(title: str, problems: Iterable[Problem]) -> list[RenderableType]:
    listed = list(problems)
    return [problem_table(title, listed)] if listed else []


def _told(report: CatalogueReport) -> str:
    facts = asdict(report)
    if report.catalogue_id is None:
        return _("能导入：%(categories)s个板块，%(indicators)s项指标。这次只是试，什么都没存。") % facts
    return _("导入了草案：%(categories)s个板块，%(indicators)s项指标。表决通过、施行以后才算数。") % facts


def _row(indicator: Indicator) -> dict[str, Any]:
    item = indicator.item
    points = tariff(item.worth, item.direction, item.unit)
    frame = tariff(item.frame.worth, item.direction, item.unit) if item.frame else ""
    return {
        "number": item.number,
        "category": item.category,
        "title": item.title,
        "points": _("%(points)s（上面定的是%(frame)s）") % {"points": points, "frame": frame}
        if frame
        else points,
        "limits": written_limits(item.limits, unit_of(item)),
        "subject": subject_text(item),
    }


def _items(*found: Catalogue) -> list[Item]:
    return [indicator.item for indicator in indicators_of(*found)]


def _difference_facts(found: Difference) -> dict[str, Any]:
    def named(items: Iterable[Item]) -> list[dict[str, str]]:
        return [{"number": item.number, "title": item.title} for item in items]

    changed = [
        {"number": each.new.number, "title": each.new.title, "cells": each.cells} for each in found.changed
    ]
    return {"added": named(found.added), "removed": named(found.removed), "changed": changed}


def _difference_rows(found: Difference) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (item.number, item.title, "", _("没有"), _("添了")) for item in found.added
    ]
    rows += [(item.number, item.title, "", _("有"), _("去掉了")) for item in found.removed]
    for each in found.changed:
        rows += [
            (each.new.number, each.new.title, header, old or "—", new or "—")
            for header, (old, new) in each.cells.items()
        ]
    return rows
