"""Commands for the ledger: a household's statement, and the auditor."""

import sys
from dataclasses import asdict

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import RenderableType

from xiangyue.auditor.audit import audit
from xiangyue.cli.common import FAULTS, Work, in_county, progress, table
from xiangyue.cli.options import village_option
from xiangyue.insight.passbook import Passbook, line_name, passbook
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Household
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, household_heads, village_by_code


@click.group(help=str(gettext_lazy("积分账：对账单、核账")))
def ledger() -> None:
    pass


@ledger.command(help=str(gettext_lazy("一户的对账单：每一分从哪里来、到哪里去")))
@village_option
@click.argument("number")
@in_county
def statement(work: Work, village: str, number: str) -> None:
    household = household_by_number(village=village_by_code(village), number=number)
    require(work.actor, Act.READ_HOUSEHOLDS, household.unit)
    book = passbook(household)
    work.answer(_facts(household, book), *_words(household, book))


@ledger.command(help=str(gettext_lazy("核账：从头重算，把不对的都列出来；没有话说就是全对")))
@in_county
def verify(work: Work) -> None:
    with progress(_("正在核账")):
        faults = list(audit())
    rows = [(fault.meaning, fault.subject, fault.id, fault.detail) for fault in faults]
    shown = table(_("有%(count)s处不对") % {"count": len(faults)}, (_("哪里不对"), "", "", ""), rows)
    work.answer({"faults": [fault.as_dict() for fault in faults]}, *([shown] if faults else []))
    if faults:
        sys.exit(FAULTS)


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
    if book.balances.arrears:
        lines.append(_("还欠%(points)s分，以后得分先补上") % {"points": format_points(book.balances.arrears)})
    if book.pending:
        rows = [
            (line_name(line.line), line.title, format_points(line.points, signed=True), _mark(line.held))
            for line in book.pending
        ]
        lines.append(table(_("公示中，还没入账"), (_("哪一条"), _("事项"), _("分"), ""), rows))
    posted = [
        (
            line.day,
            line.title,
            line.sentence or line.detail,
            format_points(line.points, signed=True),
            format_points(line.after),
        )
        for line in book.posted
    ]
    lines.append(table(_("已入账"), (_("日期"), _("事项"), _("为什么"), _("分"), _("余")), posted))
    return lines


def _mark(held: bool) -> str:
    return _("有异议，先不入账") if held else ""
