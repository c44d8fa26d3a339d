"""Commands for the ledger: statements and where lines come from, the auditor, corrections, opening balances."""

import re
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.auditor.audit import audit
from xiangyue.cli.common import FAULTS, Work, in_county, progress, table, write_new
from xiangyue.cli.ledger_proofs import check, days, prove, seal
from xiangyue.cli.ledger_words import trace_in_words
from xiangyue.cli.options import key_option, village_option
from xiangyue.cli.sheet_problems import problems_listed
from xiangyue.insight.passbook import Passbook, line_name, passbook
from xiangyue.insight.trace import trace as trace_line
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Batch, Cause
from xiangyue.ledger.queries import coming_expiries
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.openings_form import openings_template
from xiangyue.people.operations.openings import import_openings
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, household_heads, village_by_code
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting

_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{16,64})")
_LINE = re.compile(r"([0-9]{1,18})(?::([0-9]{1,18}))?")


@click.group(help=str(gettext_lazy("积分账：对账单、来龙去脉、核账、封存和证明、冲正、期初")))
def ledger() -> None:
    pass


for command in (prove, check, seal, days):
    ledger.add_command(command)


@ledger.command(help=str(gettext_lazy("一户的对账单：每一分从哪里来、到哪里去")))
@village_option
@click.argument("number")
@in_county
def statement(work: Work, village: str, number: str) -> None:
    household = household_by_number(village=village_by_code(village), number=number)
    require(work.actor, Act.READ_HOUSEHOLDS, household.unit)
    book, expiring = passbook(household), coming_expiries(household.holder_id)
    facts = _facts(household, book)
    facts["expiring"] = [{"last_day": day, "points": points} for day, points in expiring]
    notes = [
        _("有%(points)s分最晚%(day)s用，过了就作废") % {"points": format_points(points), "day": day}
        for day, points in expiring
    ]
    head, *tables = _words(household, book)
    work.answer(facts, head, *_owed_and_held(book), *notes, *tables)


@ledger.command(help=str(gettext_lazy("核账：从头重算，把不对的都列出来；没有话说就是全对")))
@click.option(
    "--anchor",
    metavar="NUMBER:DIGEST",
    help=str(gettext_lazy("公布过的一次封存：第几次和它的码（至少前16位），改过的链只有这样查得出")),
)
@in_county
def verify(work: Work, anchor: str | None) -> None:
    published = _anchor(anchor)
    with progress(_("正在核账")):
        faults = list(audit(published))
    rows = [(fault.meaning, fault.subject, fault.id, fault.detail) for fault in faults]
    shown = table(_("有%(count)s处不对") % {"count": len(faults)}, (_("哪里不对"), "", "", ""), rows)
    work.answer({"faults": [fault.as_dict() for fault in faults]}, *([shown] if faults else []))
    if faults:
        sys.exit(FAULTS)


@ledger.command(help=str(gettext_lazy("一条账的来龙去脉：为什么有，后来用到哪里；写成 笔:条，对账单上有")))
@click.argument("line", metavar="BATCH:LINE")
@in_county
def trace(work: Work, line: str) -> None:
    batch, number = _line(line)
    if number is None:
        raise click.BadParameter(line, param_hint="BATCH:LINE")
    found = trace_line(batch, number)
    concerned = Household.objects.filter(id__in=found.households).select_related("unit")
    for unit in [household.unit for household in concerned] or [Unit.objects.get(parent=None)]:
        require(work.actor, Act.READ_HOUSEHOLDS, unit)
    work.answer(found.as_dict(), *trace_in_words(found))


@ledger.command(help=str(gettext_lazy("冲正一笔账，或者其中一条：另记一笔相反的，原来的不动")))
@click.argument("line", metavar="BATCH[:LINE]")
@click.option(
    "--reason",
    required=True,
    type=click.Choice(ReversalReason.values),
    help=str(gettext_lazy("为什么")),
)
@key_option
@in_county
def reverse(work: Work, line: str, reason: str, key: str | None) -> None:
    batch, number = _line(line)
    done = reverse_posting(
        actor=work.actor,
        batch_id=batch,
        line=number,
        reason=ReversalReason(reason),
        key=key or f"reverse:{line}:{reason}",
    )
    facts = {"batch": done.pk, "reversed": batch, "lines": done.transfers.count(), "reason": reason}
    is_order = Batch.objects.filter(id=batch, cause=Cause.ORDER).exists()
    goods = _("货没有动：退回来的货，请另外进货。") if is_order else ""
    work.answer(facts, _("冲正了%(lines)s条，是第%(batch)s笔。") % facts, goods)


@ledger.command("open", help=str(gettext_lazy("导入期初积分；有一处不对就整份不存")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@village_option
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只试一遍，什么都不存")))
@key_option
@in_county
def open_(work: Work, file: Path, village: str, dry_run: bool, key: str | None) -> None:
    unit = village_by_code(village)
    with problems_listed(as_json=work.as_json):
        report = import_openings(
            actor=work.actor,
            village_id=unit.pk,
            content=file.read_bytes(),
            name=file.name,
            key=key,
            dry_run=dry_run,
        )
    words = {"village": report.village, "households": report.households}
    words |= {"honour": format_points(report.honour), "spendable": format_points(report.spendable)}
    columns = {"columns": "、".join(report.ignored)}
    work.answer(
        report.as_dict(),
        _("没有用到的列：%(columns)s") % columns if report.ignored else "",
        _("%(village)s：%(households)s户，荣誉积分%(honour)s分，可用积分%(spendable)s分。") % words,
        _("这是试导，什么都没有存。") if dry_run else _("期初积分记好了。"),
    )


@ledger.command("opening-form", help=str(gettext_lazy("写一份期初积分表，村里的户已经填好")))
@village_option
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=str(gettext_lazy("写到哪个文件")),
)
@in_county
def opening_form(work: Work, village: str, out: Path) -> None:
    unit = village_by_code(village)
    require(work.actor, Act.READ_HOUSEHOLDS, unit)
    write_new(out, openings_template(unit))
    facts = {"file": str(out)}
    work.answer(facts, _("写好了：%(file)s。填法在“填表说明”那一张。") % facts)


def _anchor(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    match = _ANCHOR.fullmatch("".join(text.split()).lower())
    if match is None:
        raise click.BadParameter(text, param_hint="--anchor")
    return int(match[1]), match[2]


def _line(text: str) -> tuple[int, int | None]:
    """Read `12:58`, or `12` for the whole batch. Raises: BadParameter."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise click.BadParameter(text, param_hint="BATCH:LINE")
    return int(match[1]), int(match[2]) if match[2] else None


def _facts(household: Household, book: Passbook) -> dict[str, object]:
    return {
        "household": household.number,
        "balances": asdict(book.balances),
        "pending": [
            {"line": line_name(line.line), "title": line.title, "points": line.points, "held": line.held}
            for line in book.pending
        ],
        "posted": [asdict(line) for line in book.posted],
    }


def _words(household: Household, book: Passbook) -> list[RenderableType]:
    head = household_heads([household.pk]).get(household.pk, "")
    lines: list[RenderableType] = [
        _("%(number)s号户 %(head)s：可兑换%(redeemable)s分，累计荣誉%(honour)s分")
        % {
            "number": household.number,
            "head": head,
            "redeemable": format_points(book.balances.redeemable),
            "honour": format_points(book.balances.honour),
        }
    ]
    if book.pending:
        rows = [
            (line_name(line.line), line.title, format_points(line.points, signed=True), _mark(line.held))
            for line in book.pending
        ]
        lines.append(table(_("公示中，还没入账"), (_("哪一条"), _("事项"), _("分"), ""), rows))
    posted = [
        (
            line.day,
            f"{line.batch_id}:{line.line}",
            line.title,
            line.sentence or line.detail,
            format_points(line.points, signed=True),
            format_points(line.after),
        )
        for line in book.posted
    ]
    lines.append(
        table(_("已入账"), (_("日期"), _("哪一笔"), _("事项"), _("为什么"), _("分"), _("余")), posted)
    )
    return lines


def _owed_and_held(book: Passbook) -> list[str]:
    owed = _("还欠%(points)s分，以后得分先补上") % {"points": format_points(book.balances.arrears)}
    held = _("给订单留着%(points)s分，兑付或者取消以前不能用") % {"points": format_points(book.balances.held)}
    return [owed if book.balances.arrears else "", held if book.balances.held else ""]


def _mark(held: bool) -> str:
    return _("有异议，先不入账") if held else ""
