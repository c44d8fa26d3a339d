"""Commands for seals and proofs: what hangs on the wall, and how anybody checks that their lines are in it."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.auditor import checker
from xiangyue.cli.common import FAULTS, Work, answer, in_county, json_option, table, write_new
from xiangyue.cli.options import village_option
from xiangyue.insight.proofs import household_proof
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.ledger.models import Seal
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, village_by_code
from xiangyue.scoring.operations.settlement import seal_ledger


@click.command(help=str(gettext_lazy("写一户的证明：每一条账都在公布过的封存里，拿到哪里都能核对")))
@village_option
@click.argument("number")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=str(gettext_lazy("写到哪个文件，不写就打在屏幕上")),
)
@in_county
def prove(work: Work, village: str, number: str, out: Path | None) -> None:
    household = household_by_number(village=village_by_code(village), number=number)
    require(work.actor, Act.READ_HOUSEHOLDS, household.unit)
    proof = household_proof(household.holder_id)
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    write_new(out, f"{text}\n".encode())
    codes = {seal["day"]: seal["digest"] for seal in proof["seals"]}  # of a day's seals the last one stays
    facts = {"file": str(out), "lines": len(proof["lines"]), "unsealed": proof["unsealed"], "days": codes}
    told = _("写好了：%(file)s。%(lines)s条在封存里，还没封存的%(unsealed)s条。") % facts
    work.answer(facts, told, _code_table(codes))


@click.command(help=str(gettext_lazy("核对一份证明；不用数据库，也不用辖区")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--anchor", metavar="CODE", help=str(gettext_lazy("墙上的码，至少前16位；要有一天是它")))
@json_option
def check(file: Path, anchor: str | None, *, as_json: bool) -> None:
    try:
        found, facts = checker.check(json.loads(file.read_bytes()), anchor)
    except (OSError, *checker.GARBAGE):
        raise click.UsageError(_("%(file)s不是积分证明，读不了。") % {"file": file}) from None
    faults = [{"code": code, "where": where} for code, where in found]
    rows = [(where, checker.NAMES[code], code) for code, where in found]
    lines: list[RenderableType] = [
        _("核对了%(lines)s条；还没封存、没有核对的%(unsealed)s条。") % facts,
        _code_table(facts["days"]),
        table(_("有%(count)s处不对") % {"count": len(faults)}, ("", _("哪里不对"), ""), rows)
        if faults
        else _("全都对得上。上面的码，请和墙上的比一比。"),
    ]
    answer({"faults": faults, **facts}, *lines, as_json=as_json)
    if faults:
        sys.exit(FAULTS)


@click.command(help=str(gettext_lazy("封存：把还没封存的账封起来，和前一次连上")))
@in_county
def seal(work: Work) -> None:
    made = [_seal_facts(each) for each in seal_ledger(actor=work.actor)]
    rows = [(each["seal"], each["batches"], each["transfers"], each["code"]) for each in made]
    shown = table("", (_("第几次"), _("几笔"), _("几条"), _("校验码")), rows)
    work.answer({"seals": made}, shown if made else _("没有要封存的。"))


@click.command(help=str(gettext_lazy("每天末次封存的校验码，就是墙上的那个")))
@click.option(
    "--last", type=click.IntRange(min=1), default=30, show_default=True, help=str(gettext_lazy("最近几天"))
)
@in_county
def days(work: Work, last: int) -> None:
    by_day = Seal.objects.values("day").annotate(
        seal=Max("number"), seals=Count("id"), batches=Sum("batches"), transfers=Sum("transfers")
    )
    found = list(by_day.order_by("-day")[:last])
    digests = dict(
        Seal.objects.filter(number__in=[each["seal"] for each in found]).values_list("number", "digest")
    )
    facts = [
        {**each, "code": grouped(check_code(digests[each["seal"]])), "digest": digests[each["seal"]]}
        for each in found
    ]
    columns = ("day", "code", "seal", "seals", "batches", "transfers")
    heads = (_("日期"), _("校验码"), _("末次是第几次"), _("封了几次"), _("几笔"), _("几条"))
    shown = table("", heads, ([each[name] for name in columns] for each in facts))
    work.answer({"days": facts}, shown if facts else _("还没有封存过。"))


def _seal_facts(made: Seal) -> dict[str, Any]:
    return {
        "seal": made.number,
        "day": made.day,
        "batches": made.batches,
        "transfers": made.transfers,
        "code": grouped(check_code(made.digest)),
        "digest": made.digest,
    }


def _code_table(codes: dict[str, str]) -> RenderableType:
    rows = [(day, grouped(check_code(digest))) for day, digest in codes.items()]
    return table("", (_("日期"), _("校验码")), rows)
