"""Commands for catalogues."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.catalogue.arithmetic import tariff
from xiangyue.catalogue.limits import format_limits
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.operations import CatalogueReport, enact, import_catalogue
from xiangyue.catalogue.queries import catalogue_in_force, indicators_of, newest_draft, rule_of
from xiangyue.catalogue.table import Reading, read_catalogue
from xiangyue.cli.common import DAY, REFUSED, Work, answer, in_county, json_option, refuse, table
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
        reading = read_catalogue(file.read_bytes(), file.name)
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    facts = _checked(reading)
    line = _("看懂%(structured)s项，一事一议%(case_by_case)s项，不能用%(refused)s行。") % facts
    tables = [
        *_problems(_("要改的地方"), reading.problems.in_order()),
        *_problems(_("请留意"), reading.warnings),
    ]
    answer(facts, *tables, line, as_json=as_json)
    if facts["refused"]:
        raise click.exceptions.Exit(REFUSED)


@catalogue.command("import", help=str(gettext_lazy("把一份细则表导入成草案")))
@click.argument("file", type=FILE)
@unit_option
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只试一遍，什么都不存")))
@in_county
def import_(work: Work, file: Path, code: str, dry_run: bool) -> None:
    unit = unit_by_code(code)
    with problems_listed(as_json=work.as_json):
        report = import_catalogue(
            actor=work.actor, unit_id=unit.pk, content=file.read_bytes(), name=file.name, dry_run=dry_run
        )
    work.answer(asdict(report), *_problems(_("请留意"), report.warnings), _told(report))


@catalogue.command("enact", help=str(gettext_lazy("把最近导入的草案从某一天起施行")))
@unit_option
@click.option("--on", "on", type=DAY, required=True, help=str(gettext_lazy("从哪一天起")))
@click.option("--minutes", type=FILE, help=str(gettext_lazy("评议会的会议记录")))
@in_county
def enact_(work: Work, code: str, on: date, minutes: Path | None) -> None:
    draft = newest_draft(unit_by_code(code))
    enacted = enact(
        actor=work.actor,
        catalogue_id=draft.pk,
        on=on,
        minutes=minutes.read_bytes() if minutes else None,
        minutes_name=minutes.name if minutes else "",
    )
    facts = _facts(enacted)
    work.answer(facts, _("《%(name)s》从%(in_force_from)s起在%(unit_name)s施行。") % facts)


@catalogue.command(help=str(gettext_lazy("列出某一天施行的细则")))
@unit_option
@click.option("--on", "on", type=DAY, help=str(gettext_lazy("哪一天，不写就是今天")))
@in_county
def show(work: Work, code: str, on: date | None) -> None:
    found = catalogue_in_force(unit_by_code(code), on or clock.today())
    rows = [_row(indicator) for indicator in indicators_of(found)]
    columns = (_("编号"), _("板块"), _("指标"), _("分值"), _("上限"), _("对象"))
    facts = _facts(found)
    title = _("%(unit_name)s　《%(name)s》　从%(in_force_from)s起") % facts
    shown = table(title, columns, (row.values() for row in rows))
    work.answer({**facts, "indicators": rows}, shown)


def _checked(reading: Reading) -> dict[str, Any]:
    problems = reading.problems.in_order()
    return {
        "structured": len(reading.lines) - reading.case_by_case,
        "case_by_case": reading.case_by_case,
        "refused": len({(problem.sheet, problem.row) for problem in problems}),
        "refusals": [_refusal(problem) for problem in problems],
        "warnings": [_refusal(warning) for warning in reading.warnings],
    }


def _refusal(problem: Problem) -> dict[str, Any]:
    facts = asdict(problem)
    facts["reason"] = facts.pop("text")
    return facts


def _problems(title: str, problems: Iterable[Problem]) -> list[RenderableType]:
    listed = list(problems)
    return [problem_table(title, listed)] if listed else []


def _told(report: CatalogueReport) -> str:
    facts = asdict(report)
    if report.catalogue_id is None:
        return _("能导入：%(categories)s个板块，%(indicators)s项指标。这次只是试，什么都没存。") % facts
    return _("导入了草案：%(categories)s个板块，%(indicators)s项指标。施行以后才算数。") % facts


def _facts(found: Catalogue) -> dict[str, Any]:
    return {
        "catalogue": found.pk,
        "name": found.name,
        "unit": found.unit.code,
        "unit_name": found.unit.name,
        "state": found.state,
        "in_force_from": found.in_force_from,
        "in_force_until": found.in_force_until,
    }


def _row(indicator: Indicator) -> dict[str, Any]:
    rule = rule_of(indicator)
    return {
        "number": rule.number,
        "category": indicator.category.name,
        "title": rule.title,
        "points": tariff(rule),
        "limits": format_limits(rule.limits),
        "subject": indicator.get_subject_display(),
    }
