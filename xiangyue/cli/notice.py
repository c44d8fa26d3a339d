"""Commands for notices, objections and settlement."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.options import household_option, key_option, numbered, period_option, village_option
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.queries import household_by_number, unit_by_code, village_by_code
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import (
    dismiss_objection,
    lodge_objection,
    uphold_objection,
)
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.queries import (
    current_lines,
    figures_of,
    line_of,
    notice_of,
    objections_to,
    total_of,
)


@click.group(help=str(gettext_lazy("公示：张榜、查看、期满入账")))
def notice() -> None:
    pass


@notice.command(help=str(gettext_lazy("张榜公示一个月评定的事项")))
@village_option
@period_option
@in_county
def issue(work: Work, village: str, period: str) -> None:
    unit = village_by_code(village)
    issued = issue_notice(actor=work.actor, unit_id=unit.pk, period=Period.parse(period))
    _show(work, issued)


@notice.command(help=str(gettext_lazy("看一期公示：期限、合计、每张榜的校验码")))
@village_option
@period_option
@click.option("--edition", type=int, help=str(gettext_lazy("第几版，默认最新")))
@click.option("--lines", "with_lines", is_flag=True, help=str(gettext_lazy("连每一条也列出来")))
@in_county
def show(work: Work, village: str, period: str, edition: int | None, with_lines: bool) -> None:
    _show(work, notice_of(village_by_code(village), Period.parse(period), edition), with_lines=with_lines)


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


@click.group(help=str(gettext_lazy("异议：对公示有意见")))
def objection() -> None:
    pass


@objection.command(help=str(gettext_lazy("提异议：对一条，或者对一户的合计")))
@village_option
@period_option
@household_option
@click.option("--line", type=int, metavar="NUMBER", help=str(gettext_lazy("第几条")))
@click.option("--total", metavar="NUMBER", help=str(gettext_lazy("哪一户的合计（户号）")))
@click.option("--text", required=True, help=str(gettext_lazy("哪里不对")))
@key_option
@in_county
def lodge(
    work: Work,
    village: str,
    period: str,
    household: str,
    line: int | None,
    total: str | None,
    text: str,
    key: str | None,
) -> None:
    unit = village_by_code(village)
    noticed = notice_of(unit, Period.parse(period))
    if (line is None) == (total is None):
        raise click.UsageError(_("--line 和 --total，写一个。"))
    target: NoticeLine | NoticeTotal = (
        line_of(noticed, line) if line is not None else total_of(noticed, total or "")
    )
    lodged = lodge_objection(
        actor=work.actor,
        target=target,
        household_id=household_by_number(village=unit, number=household).pk,
        text=text,
        key=key or f"objection:{noticed.public_id}:{household}:{line}:{total}",
    )
    work.answer(
        {"objection": lodged.pk, "state": lodged.state},
        _("收到了，第%(number)s件异议。答复以前，这一条先不入账。") % {"number": lodged.pk},
    )


@objection.command("list", help=str(gettext_lazy("列出一期公示的异议")))
@village_option
@period_option
@in_county
def list_all(work: Work, village: str, period: str) -> None:
    noticed = notice_of(village_by_code(village), Period.parse(period))
    rows = [
        {
            "objection": one.pk,
            "line": one.line.number if one.line else None,
            "total": one.total.number if one.total else None,
            "state": one.state,
            "words": one.get_state_display(),
            "text": one.text,
            "answer": one.answer,
        }
        for one in objections_to(noticed)
    ]
    columns = (_("号"), _("对哪条"), _("对哪户"), _("状态"), _("意见"), _("答复"))
    shown = [
        (row["objection"], row["line"] or "—", row["total"] or "—", row["words"], row["text"], row["answer"])
        for row in rows
    ]
    work.answer({"objections": rows}, table(_("异议"), columns, shown))


@objection.command(help=str(gettext_lazy("答复：意见成立就改分、出更正版；不成立就说明理由")))
@click.argument("number", type=int)
@click.option(
    "--uphold", "correct", metavar="LINE=POINTS", multiple=True, help=str(gettext_lazy("改成多少分"))
)
@click.option("--dismiss", is_flag=True, help=str(gettext_lazy("意见不成立")))
@click.option("--text", required=True, help=str(gettext_lazy("答复和理由")))
@in_county
def reply(work: Work, number: int, correct: tuple[str, ...], dismiss: bool, text: str) -> None:
    if dismiss == bool(correct):
        raise click.UsageError(_("--uphold 和 --dismiss，选一个。"))
    if dismiss:
        answered = dismiss_objection(actor=work.actor, objection_id=number, answer=text)
        work.answer({"objection": answered.pk, "state": answered.state}, _("答复了：意见不成立。"))
        return
    pairs = [numbered(text, "--uphold") for text in correct]
    corrections = {line: parse_points(points) for line, points in pairs}
    answered, edition = uphold_objection(
        actor=work.actor, objection_id=number, answer=text, corrections=corrections
    )
    facts = {"objection": answered.pk, "state": answered.state, "edition": edition.edition}
    work.answer(facts, _("答复了：意见成立，出了第%(edition)s版公示。") % facts)


def _show(work: Work, noticed: Notice, *, with_lines: bool = False) -> None:
    figures = figures_of([noticed])[noticed.pk]
    sheets = list(NoticeSheet.objects.filter(notice=noticed).select_related("unit"))
    facts = {
        "notice": noticed.public_id,
        "unit": noticed.unit.name,
        "period": noticed.period,
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
