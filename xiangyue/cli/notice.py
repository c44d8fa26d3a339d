"""Commands for notices and settlement."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.objection import special_option
from xiangyue.cli.options import period_option, village_option
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.people.queries import unit_by_code
from xiangyue.scoring.models import Notice, NoticeSheet
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.queries import current_lines, figures_of, notice_of
from xiangyue.scoring.rules import judging_unit_by_code


@click.group(help=str(gettext_lazy("公示：张榜、查看、期满入账")))
def notice() -> None:
    pass


@notice.command(help=str(gettext_lazy("张榜公示一个月评定的事项")))
@village_option
@period_option
@in_county
def issue(work: Work, village: str, period: str) -> None:
    unit = judging_unit_by_code(village)
    issued = issue_notice(actor=work.actor, unit_id=unit.pk, period=Period.parse(period))
    _show(work, issued)


@notice.command(help=str(gettext_lazy("专项公示：急着表扬的好事先张榜，不等月底")))
@village_option
@period_option
@click.option(
    "--share",
    "shares",
    type=int,
    multiple=True,
    required=True,
    metavar="NUMBER",
    help=str(gettext_lazy("哪几号份额（`deed list --state approved` 里的号），可以写几个")),
)
@click.option("--reason", required=True, help=str(gettext_lazy("为什么要先公示；只存档，不张榜")))
@in_county
def special(work: Work, village: str, period: str, shares: tuple[int, ...], reason: str) -> None:
    unit = judging_unit_by_code(village)
    issued = issue_special(
        actor=work.actor, unit_id=unit.pk, period=Period.parse(period), share_ids=shares, reason=reason
    )
    _show(work, issued)


@notice.command(help=str(gettext_lazy("看一期公示：期限、合计、每张榜的校验码")))
@village_option
@period_option
@special_option
@click.option("--edition", type=int, help=str(gettext_lazy("第几版，默认最新")))
@click.option("--lines", "with_lines", is_flag=True, help=str(gettext_lazy("连每一条也列出来")))
@in_county
def show(work: Work, village: str, period: str, special: int, edition: int | None, with_lines: bool) -> None:
    noticed = notice_of(unit_by_code(village), Period.parse(period), edition, special=special)
    _show(work, noticed, with_lines=with_lines)


@notice.command(help=str(gettext_lazy("期满入账：没有异议的记进积分账，可以重复办")))
@click.option("--unit", required=True, metavar="CODE", help=str(gettext_lazy("哪个村、镇或县")))
@in_county
def settle(work: Work, unit: str) -> None:
    report = settle_due(actor=work.actor, unit_id=unit_by_code(unit).pk)
    facts = {
        "parts": report.parts,
        "lines": report.lines,
        "points": format_points(report.points, signed=True),
        "held": report.held,
        "batches": report.batches,
    }
    line = _("入账%(lines)s条，共%(points)s分。") if report.lines else _("没有到期要入账的。")
    held = _("有异议、先不入账的%(held)s条。") % facts if report.held else ""
    work.answer(facts, line % facts, held)


def _show(work: Work, noticed: Notice, *, with_lines: bool = False) -> None:
    figures = figures_of([noticed])[noticed.pk]
    sheets = list(NoticeSheet.objects.filter(notice=noticed).select_related("unit"))
    facts = {
        "notice": noticed.public_id,
        "unit": noticed.unit.name,
        "period": noticed.period,
        "special": noticed.special,
        "reason": noticed.reason,
        "edition": noticed.edition,
        "issued_on": noticed.issued_on,
        "deadline": noticed.deadline,
        "households": figures.households,
        "plus": format_points(figures.plus),
        "minus": format_points(figures.minus),
        "objections": figures.objections,
        "digest": noticed.digest,
        "sheets": [
            {"sheet": sheet.unit.name, "code": check_code(sheet.digest), "digest": sheet.digest}
            for sheet in sheets
        ],
    }
    head = _("%(unit)s%(period)s公示，第%(edition)s版，%(issued_on)s至%(deadline)s可以提异议") % facts
    if noticed.special:
        head = (
            _(
                "%(unit)s%(period)s第%(special)s次专项公示，第%(edition)s版，%(issued_on)s至%(deadline)s可以提异议"
            )
            % facts
        )
    sums = _("%(households)s户，加%(plus)s分，扣%(minus)s分，异议%(objections)s件") % facts
    codes = table("", (_("榜"), _("校验码")), [(s.unit.name, grouped(check_code(s.digest))) for s in sheets])
    lines = list(_lines(noticed)) if with_lines else []
    if with_lines:
        facts["lines"] = lines
    shown = [table(_("每一条"), (_("条"), _("户号"), _("分"), _("指标")), (row.values() for row in lines))]
    work.answer(facts, head, sums, codes, *(shown if with_lines else ()))


def _lines(noticed: Notice) -> list[dict[str, object]]:
    rows = current_lines(noticed).select_related("household", "share__deed__indicator")
    return [
        {
            "line": line.number,
            "household": line.household.number,
            "points": format_points(line.points, signed=True),
            "indicator": line.share.deed.indicator.title,
        }
        for line in rows
    ]
